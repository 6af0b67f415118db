"""What a query found."""

from __future__ import annotations

from ....core.results.search import Result

__all__ = ["Result"]
