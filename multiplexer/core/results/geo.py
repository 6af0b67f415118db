"""Results of the geo commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..types import Number


def _coordinates(pair: list[Number]) -> tuple[float, float]:
    return float(pair[0]), float(pair[1])


def positions(reply: list[list[Number] | None]) -> list[tuple[float, float] | None]:
    """Longitude and latitude of each member, None for one that does not exist."""
    return [None if pair is None else _coordinates(pair) for pair in reply]


def places_with(withdist: bool, withhash: bool, withcoord: bool) -> Callable[[list[list[Any]]], list[list[Any]]]:
    """Make the converter of places that were asked for with details.

    Args:
        withdist: The distance follows, a float.
        withhash: Then the geohash as the server keeps it, an integer.
        withcoord: Then longitude and latitude, a pair of floats.
    """
    wanted = ((withdist, float), (withhash, int), (withcoord, _coordinates))
    casts: list[Callable[[Any], Any]] = [cast for given, cast in wanted if given]

    def convert(reply: list[list[Any]]) -> list[list[Any]]:
        return [[place[0], *(cast(detail) for cast, detail in zip(casts, place[1:], strict=True))] for place in reply]

    return convert
