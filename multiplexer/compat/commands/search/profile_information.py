"""How the server went about a query."""

from __future__ import annotations

from ....core.results.search import ProfileInformation

__all__ = ["ProfileInformation"]
