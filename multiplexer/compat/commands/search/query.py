"""A query for documents."""

from __future__ import annotations

from ....core.search.query import Filter, GeoFilter, NumericFilter, Query, SortbyField

__all__ = ["Filter", "GeoFilter", "NumericFilter", "Query", "SortbyField"]
