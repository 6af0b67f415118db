"""What is calculated from documents."""

from __future__ import annotations

from ....core.results.search import AggregateResult
from ....core.search.aggregation import FIELDNAME, AggregateRequest, Asc, Cursor, Desc, Reducer, SortDirection

__all__ = ["FIELDNAME", "AggregateRequest", "AggregateResult", "Asc", "Cursor", "Desc", "Reducer", "SortDirection"]
