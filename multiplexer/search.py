"""What describes indexes and queries of the search engine, for ``db.ft(index)``; names are those of redis-py."""

from __future__ import annotations

from .core.results.search import (
    AggregateResult,
    Document,
    HybridCursorResult,
    HybridResult,
    ProfileInformation,
    Result,
)
from .core.search import querystring, reducers
from .core.search.aggregation import FIELDNAME, AggregateRequest, Asc, Cursor, Desc, Reducer, SortDirection
from .core.search.fields import (
    Field,
    GeoField,
    GeoShapeField,
    IndexDefinition,
    IndexType,
    NumericField,
    TagField,
    TextField,
    VectorField,
)
from .core.search.hybrid import (
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
from .core.search.query import Filter, GeoFilter, NumericFilter, Query, SortbyField
from .core.search.suggestion import Suggestion

__all__ = [
    "FIELDNAME",
    "AggregateRequest",
    "AggregateResult",
    "Asc",
    "CombinationMethods",
    "CombineResultsMethod",
    "Cursor",
    "Desc",
    "Document",
    "Field",
    "Filter",
    "GeoField",
    "GeoFilter",
    "GeoShapeField",
    "HybridCursorQuery",
    "HybridCursorResult",
    "HybridFilter",
    "HybridPostProcessingConfig",
    "HybridQuery",
    "HybridResult",
    "HybridSearchQuery",
    "HybridVsimQuery",
    "IndexDefinition",
    "IndexType",
    "NumericField",
    "NumericFilter",
    "ProfileInformation",
    "Query",
    "Reducer",
    "Result",
    "SortDirection",
    "SortbyField",
    "Suggestion",
    "TagField",
    "TextField",
    "VectorField",
    "VectorSearchMethods",
    "querystring",
    "reducers",
]
