"""Configuration of Sphinx: ``sphinx-build -W docs docs/_build``."""

from __future__ import annotations

from multiplexer import __version__

project = "multiplexer"
author = "the multiplexer authors"
copyright = author
release = version = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
html_theme = "alabaster"
html_theme_options = {"description": "One connection to Redis or Valkey, shared by everybody"}
