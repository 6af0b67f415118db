"""Results of the sorted set commands.

Scores come as text under RESP2 and as doubles under RESP3, and how the text is rounded differs between
servers. They are always turned into floats first, also for a caller's own conversion, which therefore sees
the same everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..types import Number

_Result = TypeVar("_Result")


def scored(reply: list[Any] | None) -> list[tuple[Any, float]]:
    """Members with their scores, from RESP2's flat array, RESP3's pairs, or one bare pair of either."""
    if not reply:
        return []
    if isinstance(reply[0], list):
        return list(map(tuple, reply))
    step = iter(reply)
    return list(zip(step, map(float, step), strict=True))


def scored_with(cast: Callable[[float], object]) -> Callable[[list[Any] | None], list[tuple[Any, Any]]]:
    """Make the converter that gives members with what ``cast`` makes of their scores."""
    if cast is float:
        return scored

    def convert(reply: list[Any] | None) -> list[tuple[Any, Any]]:
        return [(member, cast(score)) for member, score in scored(reply)]

    return convert


def unless_missing(convert: Callable[[Any], _Result]) -> Callable[[Any], _Result | None]:
    """Make the converter that leaves nil as None, where it says that the key does not exist."""
    return lambda reply: None if reply is None else convert(reply)


def scores(reply: list[Number | None]) -> list[float | None]:
    """One score, or None, for each member asked for."""
    return [None if score is None else float(score) for score in reply]


def rank_with_score(cast: Callable[[float], object]) -> Callable[[list[Any] | None], list[Any] | None]:
    """Make the converter of a member's rank and score, which are nil where the member does not exist."""

    def convert(reply: list[Any] | None) -> list[Any] | None:
        return None if reply is None else [reply[0], cast(float(reply[1]))]

    return convert


def popped_from_key(reply: list[Any] | None) -> tuple[Any, list[tuple[Any, float]]] | None:
    """The key that members were taken from and those members with their scores; None where there were none."""
    if reply is None:
        return None
    key, members = reply
    # Pairs under RESP2 too, unlike everywhere else, and there with scores as text.
    return key, [(member, float(score)) for member, score in members]


def popped_member(reply: list[Any] | None) -> tuple[Any, Any, float] | None:
    """The key that a member was taken from, the member and its score; None where there was none."""
    return None if reply is None else (reply[0], reply[1], float(reply[2]))


def scored_page(cast: Callable[[float], object]) -> Callable[[list[Any]], tuple[int, list[tuple[Any, Any]]]]:
    """Make the converter of one page of a scan: the cursor to go on with (0 at the end), members with scores."""
    convert_items = scored_with(cast)

    def convert(reply: list[Any]) -> tuple[int, list[tuple[Any, Any]]]:
        cursor, items = reply
        return int(cursor), convert_items(items)

    return convert
