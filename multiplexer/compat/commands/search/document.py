"""One document found."""

from __future__ import annotations

from ....core.results.search import Document

__all__ = ["Document"]
