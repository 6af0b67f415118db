"""What a query by text and vector found."""

from __future__ import annotations

from ....core.results.search import HybridCursorResult, HybridResult

__all__ = ["HybridCursorResult", "HybridResult"]
