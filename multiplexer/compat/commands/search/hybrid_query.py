"""Queries by text and by vector at once."""

from __future__ import annotations

from ....core.search.hybrid import (
    CombinationMethods,
    CombineResultsMethod,
    HybridCursorQuery,
    HybridFilter,
    HybridPostProcessingConfig,
    HybridQuery,
    HybridSearchQuery,
    HybridVsimQuery,
    VectorSearchMethods,
)

__all__ = [
    "CombinationMethods",
    "CombineResultsMethod",
    "HybridCursorQuery",
    "HybridFilter",
    "HybridPostProcessingConfig",
    "HybridQuery",
    "HybridSearchQuery",
    "HybridVsimQuery",
    "VectorSearchMethods",
]
