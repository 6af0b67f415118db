"""What is made of a group of documents."""

from __future__ import annotations

from ....core.search.reducers import (
    FieldOnlyReducer,
    avg,
    collect,
    count,
    count_distinct,
    count_distinctish,
    first_value,
    max,
    min,
    quantile,
    random_sample,
    stddev,
    sum,
    tolist,
)

__all__ = [
    "FieldOnlyReducer",
    "avg",
    "collect",
    "count",
    "count_distinct",
    "count_distinctish",
    "first_value",
    "max",
    "min",
    "quantile",
    "random_sample",
    "stddev",
    "sum",
    "tolist",
]
