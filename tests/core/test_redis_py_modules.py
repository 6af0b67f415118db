"""The modules that redis-py's users import the modules' classes from."""

from __future__ import annotations

import importlib

import pytest

from multiplexer.compat.commands.json.path import Path
from multiplexer.compat.commands.search import field, query
from multiplexer.search import Query, TextField


@pytest.mark.parametrize(
    ("module", "names"),
    [
        ("search.aggregation", "AggregateRequest AggregateResult Asc Cursor Desc Reducer"),
        ("search.dialect", "DEFAULT_DIALECT"),
        ("search.document", "Document"),
        ("search.field", "Field GeoField GeoShapeField NumericField TagField TextField VectorField"),
        ("search.hybrid_query", "HybridQuery HybridSearchQuery HybridVsimQuery"),
        ("search.hybrid_result", "HybridResult HybridCursorResult"),
        ("search.index_definition", "IndexDefinition IndexType"),
        ("search.profile_information", "ProfileInformation"),
        ("search.query", "Filter GeoFilter NumericFilter Query SortbyField"),
        ("search.querystring", "between intersect tags union"),
        ("search.reducers", "avg count first_value tolist"),
        ("search.result", "Result"),
        ("search.suggestion", "Suggestion"),
        ("json.path", "Path"),
        ("bf.info", "BFInfo CFInfo CMSInfo TDigestInfo TopKInfo"),
        ("timeseries.info", "TSInfo"),
    ],
)
def test_names(module: str, names: str) -> None:
    found = importlib.import_module(f"multiplexer.compat.commands.{module}")
    for name in names.split():
        assert hasattr(found, name)


def test_they_are_the_same_classes() -> None:
    assert query.Query is Query
    assert field.TextField is TextField


def test_paths() -> None:
    assert str(Path("$.a")) == Path("$.a").strPath == "$.a"
    assert Path.root_path() == "."
