"""What results are made of replies about time series with, under redis-py's names."""

from __future__ import annotations

from typing import Any

from ....core.results import time_series as results
from ..helpers import nativestr

__all__ = [
    "list_to_dict",
    "parse_get",
    "parse_m_get",
    "parse_m_range",
    "parse_n_range",
    "parse_query_labels",
    "parse_range",
]


def list_to_dict(aList: list[Any]) -> dict[str | None, str | None]:
    """Return pairs of names and values as a dict of texts."""
    return {nativestr(name): nativestr(value) for name, value in aList}


def parse_get(response: Any) -> tuple[int, float] | None:
    """Return a sample, None where there is none."""
    return results.newest(response)


def parse_m_get(response: Any) -> list[dict[str, list[Any]]]:
    """Return each series' labels and newest sample."""
    return results.newest_by_key(response)


def parse_range(response: Any, **kwargs: Any) -> list[tuple[Any, ...]]:
    """Return samples."""
    return results.samples(response)


def parse_m_range(response: Any, **kwargs: Any) -> list[dict[str, list[Any]]]:
    """Return each series' labels and samples."""
    return results.samples_by_key(response)


def parse_n_range(response: Any, **kwargs: Any) -> list[list[Any]]:
    """Return times, and the values of several series at each."""
    return results.side_by_side(response)


def parse_query_labels(response: Any, **kwargs: Any) -> set[Any]:
    """Return names and values of labels, each once."""
    return set(response or ())
