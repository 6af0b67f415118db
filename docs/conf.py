"""Configuration of Sphinx; ``scripts/docs`` builds the pages."""

from __future__ import annotations

from multiplexer import __version__

project = "multiplexer"
author = "the multiplexer authors"
copyright = author
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_heading_anchors = 3
# Attributes stand once: where their class says what they are.
napoleon_use_ivar = True
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_class_signature = "separated"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = f"multiplexer {release}"
html_static_path = ["_static"]
html_css_files = ["wide.css"]
pygments_style = "friendly"
pygments_dark_style = "monokai"
