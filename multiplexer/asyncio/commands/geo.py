"""Commands on sorted sets of places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, overload

from ...core.commands.arguments import (
    at_most_one,
    bad_argument,
    choice,
    flag_words,
    non_empty,
    not_negative,
    number,
    positive,
)
from ...core.commands.command import Command
from ...core.commands.command_table import COMMANDS
from ...core.results.common import to_float_or_none
from ...core.results.geo import places_with, positions
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

_GEOADD = COMMANDS["GEOADD"]
_GEODIST = COMMANDS["GEODIST"]
_GEOHASH = COMMANDS["GEOHASH"]
_GEOPOS = COMMANDS["GEOPOS"]
_GEORADIUS = COMMANDS["GEORADIUS"]
_GEORADIUSBYMEMBER = COMMANDS["GEORADIUSBYMEMBER"]
_GEORADIUSBYMEMBER_RO = COMMANDS["GEORADIUSBYMEMBER_RO"]
_GEORADIUS_RO = COMMANDS["GEORADIUS_RO"]
_GEOSEARCH = COMMANDS["GEOSEARCH"]
_GEOSEARCHSTORE = COMMANDS["GEOSEARCHSTORE"]

_UNITS = ("M", "KM", "MI", "FT")


class GeoCommands(CommandSurface[AnyStr]):
    """Typed methods for places. A unit is ``"m"`` (metres, the default), ``"km"``, ``"mi"`` or ``"ft"``."""

    __slots__ = ()

    def geoadd(
        self, name: Key, values: Sequence[Encodable], nx: bool = False, xx: bool = False, ch: bool = False
    ) -> Pending[int]:
        """Add places, or move them.

        Redis command: GEOADD

        Args:
            name: The sorted set.
            values: Longitude, latitude and member in turn.
            nx: Only add members, move none.
            xx: Only move members, add none.
            ch: Count moved members too.

        Returns:
            How many members were added.

        Raises:
            DataError: ``values`` is empty or not made of triples, a coordinate is NaN, or both ``nx`` and ``xx``
                were given.
        """
        at_most_one("GEOADD", nx=nx, xx=xx)
        if len(non_empty("GEOADD", "values", values)) % 3:
            raise bad_argument("GEOADD", "values must be longitude, latitude and member in turn")
        for position in range(0, len(values), 3):
            number("GEOADD", "longitude", values[position])
            number("GEOADD", "latitude", values[position + 1])
        return self._execute(_GEOADD, ("GEOADD", name, *flag_words(nx=nx, xx=xx, ch=ch), *values))

    def geodist(
        self, name: Key, place1: Encodable, place2: Encodable, unit: str | None = None
    ) -> Pending[float | None]:
        """Return the distance between two members, or None where one does not exist.

        Redis command: GEODIST

        Raises:
            DataError: ``unit`` is unknown.
        """
        words: tuple[Encodable, ...] = ("GEODIST", name, place1, place2)
        if unit is not None:
            words = (*words, choice("GEODIST", "unit", unit, _UNITS))
        return self._execute(_GEODIST, words, to_float_or_none)

    def geohash(self, name: Key, *values: Encodable) -> Pending[list[str | None]]:
        """Return the geohash text of members, None for each that does not exist.

        Redis command: GEOHASH

        Raises:
            DataError: No member was given.
        """
        return self._execute(_GEOHASH, ("GEOHASH", name, *non_empty("GEOHASH", "values", values)), decode=True)

    def geopos(self, name: Key, *values: Encodable) -> Pending[list[tuple[float, float] | None]]:
        """Return longitude and latitude of members, None for each that does not exist.

        Redis command: GEOPOS

        Raises:
            DataError: No member was given.
        """
        return self._execute(_GEOPOS, ("GEOPOS", name, *non_empty("GEOPOS", "values", values)), positions)

    @overload
    def geosearch(
        self,
        name: Key,
        member: Encodable | None = None,
        longitude: float | None = None,
        latitude: float | None = None,
        unit: str = "m",
        radius: float | None = None,
        width: float | None = None,
        height: float | None = None,
        sort: str | None = None,
        count: int | None = None,
        any: bool = False,
        withcoord: Literal[False] = False,
        withdist: Literal[False] = False,
        withhash: Literal[False] = False,
        polygon: Sequence[tuple[float, float]] | None = None,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def geosearch(
        self,
        name: Key,
        member: Encodable | None = None,
        longitude: float | None = None,
        latitude: float | None = None,
        unit: str = "m",
        radius: float | None = None,
        width: float | None = None,
        height: float | None = None,
        sort: str | None = None,
        count: int | None = None,
        any: bool = False,
        withcoord: bool = False,
        withdist: bool = False,
        withhash: bool = False,
        polygon: Sequence[tuple[float, float]] | None = None,
    ) -> Pending[list[Any]]: ...

    def geosearch(
        self,
        name: Key,
        member: Encodable | None = None,
        longitude: float | None = None,
        latitude: float | None = None,
        unit: str = "m",
        radius: float | None = None,
        width: float | None = None,
        height: float | None = None,
        sort: str | None = None,
        count: int | None = None,
        any: bool = False,
        withcoord: bool = False,
        withdist: bool = False,
        withhash: bool = False,
        polygon: Sequence[tuple[float, float]] | None = None,
    ) -> Pending[list[Any]]:
        """Return the members within a circle, a rectangle or a polygon.

        Redis command: GEOSEARCH

        Args:
            name: The sorted set.
            member: The member in the middle; or else
            longitude: and
            latitude: of the middle.
            unit: The unit of all lengths, the returned ones included.
            radius: The radius of the circle; or else
            width: and
            height: of the rectangle.
            sort: ``"ASC"`` for the nearest first, ``"DESC"`` for the farthest first.
            count: How many members at most.
            any: Stop looking after ``count`` members, which may then not be the nearest.
            withcoord: Return longitude and latitude too.
            withdist: Return the distance from the middle too.
            withhash: Return the geohash too, as the integer that the server keeps.
            polygon: Instead of middle and shape, longitude and latitude of each corner of a polygon, whose middle
                distances are measured from, in metres (Valkey 9).

        Returns:
            The members, or with any of the last three options lists of the member and, in this order, its distance,
            geohash, and pair of longitude and latitude.

        Raises:
            DataError: Middle or shape is missing, incomplete or given twice, a unit or order is unknown, a number
                is NaN, ``count`` is below one, or ``any`` was given without ``count``.
        """
        area: tuple[Encodable, ...] = _search_area(
            "GEOSEARCH", member, longitude, latitude, unit, radius, width, height, polygon
        )
        words = ("GEOSEARCH", name, *area, *_selection("GEOSEARCH", sort, count, any))
        return self._places(_GEOSEARCH, words, withcoord, withdist, withhash)

    def geosearchstore(
        self,
        dest: Key,
        name: Key,
        member: Encodable | None = None,
        longitude: float | None = None,
        latitude: float | None = None,
        unit: str = "m",
        radius: float | None = None,
        width: float | None = None,
        height: float | None = None,
        sort: str | None = None,
        count: int | None = None,
        any: bool = False,
        storedist: bool = False,
        polygon: Sequence[tuple[float, float]] | None = None,
    ) -> Pending[int]:
        """Store the members within an area as the sorted set ``dest``; else as :meth:`geosearch`.

        Redis command: GEOSEARCHSTORE

        Args:
            dest: The sorted set to make.
            name: The sorted set to look into.
            member: The member in the middle; or else
            longitude: and
            latitude: of the middle.
            unit: The unit of all lengths, the stored ones included.
            radius: The radius of the circle; or else
            width: and
            height: of the rectangle.
            sort: ``"ASC"`` for the nearest first, ``"DESC"`` for the farthest first.
            count: How many members at most.
            any: Stop looking after ``count`` members, which may then not be the nearest.
            storedist: Make each member's score its distance from the middle, instead of its geohash.
            polygon: Instead of middle and shape, longitude and latitude of each corner of a polygon (Valkey 9).

        Returns:
            How many members were stored.

        Raises:
            DataError: As :meth:`geosearch`.
        """
        area: tuple[Encodable, ...] = _search_area(
            "GEOSEARCHSTORE", member, longitude, latitude, unit, radius, width, height, polygon
        )
        words: tuple[Encodable, ...] = (
            "GEOSEARCHSTORE",
            dest,
            name,
            *area,
            *_selection("GEOSEARCHSTORE", sort, count, any),
        )
        return self._execute(_GEOSEARCHSTORE, (*words, "STOREDIST") if storedist else words)

    @overload
    def georadius(
        self,
        name: Key,
        longitude: float,
        latitude: float,
        radius: float,
        unit: str | None = None,
        withdist: Literal[False] = False,
        withcoord: Literal[False] = False,
        withhash: Literal[False] = False,
        count: int | None = None,
        sort: str | None = None,
        store: None = None,
        store_dist: None = None,
        any: bool = False,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def georadius(
        self,
        name: Key,
        longitude: float,
        latitude: float,
        radius: float,
        unit: str | None = None,
        withdist: bool = False,
        withcoord: bool = False,
        withhash: bool = False,
        count: int | None = None,
        sort: str | None = None,
        store: None = None,
        store_dist: None = None,
        any: bool = False,
    ) -> Pending[list[Any]]: ...

    @overload
    def georadius(
        self,
        name: Key,
        longitude: float,
        latitude: float,
        radius: float,
        unit: str | None = None,
        withdist: Literal[False] = False,
        withcoord: Literal[False] = False,
        withhash: Literal[False] = False,
        count: int | None = None,
        sort: str | None = None,
        *,
        store: Key,
        store_dist: None = None,
        any: bool = False,
    ) -> Pending[int]: ...

    @overload
    def georadius(
        self,
        name: Key,
        longitude: float,
        latitude: float,
        radius: float,
        unit: str | None = None,
        withdist: Literal[False] = False,
        withcoord: Literal[False] = False,
        withhash: Literal[False] = False,
        count: int | None = None,
        sort: str | None = None,
        store: None = None,
        *,
        store_dist: Key,
        any: bool = False,
    ) -> Pending[int]: ...

    def georadius(
        self,
        name: Key,
        longitude: float,
        latitude: float,
        radius: float,
        unit: str | None = None,
        withdist: bool = False,
        withcoord: bool = False,
        withhash: bool = False,
        count: int | None = None,
        sort: str | None = None,
        store: Key | None = None,
        store_dist: Key | None = None,
        any: bool = False,
    ) -> Pending[Any]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor.

        Nothing to store sends GEORADIUS_RO, which a replica may answer.

        Redis command: GEORADIUS

        Args:
            name: The sorted set.
            longitude: Longitude of the middle.
            latitude: Latitude of the middle.
            radius: The radius of the circle.
            unit: The unit of all lengths.
            withdist: Return the distance from the middle too.
            withcoord: Return longitude and latitude too.
            withhash: Return the geohash too, as the integer that the server keeps.
            count: How many members at most.
            sort: ``"ASC"`` for the nearest first, ``"DESC"`` for the farthest first.
            store: The sorted set to make of the members, instead of returning them.
            store_dist: As ``store``, with the distance from the middle as each member's score.
            any: Stop looking after ``count`` members, which may then not be the nearest.

        Returns:
            As :meth:`geosearch`; with ``store`` or ``store_dist`` how many members were stored.

        Raises:
            DataError: A unit or order is unknown, a number is NaN, ``count`` is below one, ``any`` was given without
                ``count``, or options contradict each other.
        """
        middle: tuple[Encodable, ...] = (
            number("GEORADIUS", "longitude", longitude),
            number("GEORADIUS", "latitude", latitude),
        )
        circle: tuple[Encodable, ...] = _circle("GEORADIUS", radius, unit)
        words = (name, *middle, *circle, *_selection("GEORADIUS", sort, count, any))
        commands = (_GEORADIUS_RO, _GEORADIUS)
        return self._within_radius(commands, words, withdist, withcoord, withhash, store, store_dist)

    @overload
    def georadiusbymember(
        self,
        name: Key,
        member: Encodable,
        radius: float,
        unit: str | None = None,
        withdist: Literal[False] = False,
        withcoord: Literal[False] = False,
        withhash: Literal[False] = False,
        count: int | None = None,
        sort: str | None = None,
        store: None = None,
        store_dist: None = None,
        any: bool = False,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def georadiusbymember(
        self,
        name: Key,
        member: Encodable,
        radius: float,
        unit: str | None = None,
        withdist: bool = False,
        withcoord: bool = False,
        withhash: bool = False,
        count: int | None = None,
        sort: str | None = None,
        store: None = None,
        store_dist: None = None,
        any: bool = False,
    ) -> Pending[list[Any]]: ...

    @overload
    def georadiusbymember(
        self,
        name: Key,
        member: Encodable,
        radius: float,
        unit: str | None = None,
        withdist: Literal[False] = False,
        withcoord: Literal[False] = False,
        withhash: Literal[False] = False,
        count: int | None = None,
        sort: str | None = None,
        *,
        store: Key,
        store_dist: None = None,
        any: bool = False,
    ) -> Pending[int]: ...

    @overload
    def georadiusbymember(
        self,
        name: Key,
        member: Encodable,
        radius: float,
        unit: str | None = None,
        withdist: Literal[False] = False,
        withcoord: Literal[False] = False,
        withhash: Literal[False] = False,
        count: int | None = None,
        sort: str | None = None,
        store: None = None,
        *,
        store_dist: Key,
        any: bool = False,
    ) -> Pending[int]: ...

    def georadiusbymember(
        self,
        name: Key,
        member: Encodable,
        radius: float,
        unit: str | None = None,
        withdist: bool = False,
        withcoord: bool = False,
        withhash: bool = False,
        count: int | None = None,
        sort: str | None = None,
        store: Key | None = None,
        store_dist: Key | None = None,
        any: bool = False,
    ) -> Pending[Any]:
        """Return or store the members within a circle; :meth:`geosearch` is its successor.

        Nothing to store sends GEORADIUSBYMEMBER_RO, which a replica may answer.

        Redis command: GEORADIUSBYMEMBER

        Args:
            name: The sorted set.
            member: The member in the middle.
            radius: The radius of the circle.
            unit: The unit of all lengths.
            withdist: Return the distance from the middle too.
            withcoord: Return longitude and latitude too.
            withhash: Return the geohash too, as the integer that the server keeps.
            count: How many members at most.
            sort: ``"ASC"`` for the nearest first, ``"DESC"`` for the farthest first.
            store: The sorted set to make of the members, instead of returning them.
            store_dist: As ``store``, with the distance from the middle as each member's score.
            any: Stop looking after ``count`` members, which may then not be the nearest.

        Returns:
            As :meth:`geosearch`; with ``store`` or ``store_dist`` how many members were stored.

        Raises:
            DataError: A unit or order is unknown, a number is NaN, ``count`` is below one, ``any`` was given without
                ``count``, or options contradict each other.
        """
        circle: tuple[Encodable, ...] = _circle("GEORADIUSBYMEMBER", radius, unit)
        words = (name, member, *circle, *_selection("GEORADIUSBYMEMBER", sort, count, any))
        commands = (_GEORADIUSBYMEMBER_RO, _GEORADIUSBYMEMBER)
        return self._within_radius(commands, words, withdist, withcoord, withhash, store, store_dist)

    def _places(
        self, command: Command, words: tuple[Encodable, ...], withcoord: bool, withdist: bool, withhash: bool
    ) -> Pending[list[Any]]:
        if not (withcoord or withdist or withhash):
            return self._execute(command, words)
        flags: tuple[str, ...] = flag_words(withcoord=withcoord, withdist=withdist, withhash=withhash)
        return self._execute(command, (*words, *flags), places_with(withdist, withhash, withcoord))

    def _within_radius(
        self,
        commands: tuple[Command, Command],
        words: tuple[Encodable, ...],
        withdist: bool,
        withcoord: bool,
        withhash: bool,
        store: Key | None,
        store_dist: Key | None,
    ) -> Pending[Any]:
        """Send the command that reads, or the one that stores what it finds."""
        reading, storing = commands
        at_most_one(storing.name, store=store, store_dist=store_dist)
        target: tuple[Encodable, ...]
        if store is not None:
            target = ("STORE", store)
        elif store_dist is not None:
            target = ("STOREDIST", store_dist)
        else:
            return self._places(reading, (reading.name, *words), withcoord, withdist, withhash)
        if withdist or withcoord or withhash:
            raise bad_argument(storing.name, "withdist, withcoord and withhash contradict store and store_dist")
        return self._execute(storing, (storing.name, *words, *target))


def _circle(command: str, radius: float, unit: str | None) -> tuple[Encodable, ...]:
    return (_length(command, "radius", radius), choice(command, "unit", unit or "m", _UNITS))


def _length(command: str, argument: str, value: float) -> float:
    return not_negative(command, argument, number(command, argument, value))


def _selection(command: str, sort: str | None, count: int | None, any_: bool) -> tuple[Encodable, ...]:
    """Which of the places found are returned, and in which order."""
    words: list[Encodable] = []
    if count is not None:
        words += ("COUNT", positive(command, "count", count))
        if any_:
            words.append("ANY")
    elif any_:
        raise bad_argument(command, "any needs count")
    if sort is not None:
        words.append(choice(command, "sort", sort, ("ASC", "DESC")))
    return tuple(words)


def _search_area(
    command: str,
    member: Encodable | None,
    longitude: float | None,
    latitude: float | None,
    unit: str,
    radius: float | None,
    width: float | None,
    height: float | None,
    polygon: Sequence[tuple[float, float]] | None,
) -> tuple[Encodable, ...]:
    """The middle and the shape of a search."""
    if polygon is not None:
        if not (member is longitude is latitude is radius is width is height is None):
            raise bad_argument(command, "polygon contradicts any other middle or shape")
        corners: list[float] = [number(command, "polygon", degree) for corner in polygon for degree in corner]
        return ("BYPOLYGON", len(non_empty(command, "polygon", polygon)), *corners)
    words: list[Encodable] = []
    if member is not None:
        if longitude is not None or latitude is not None:
            raise bad_argument(command, "member contradicts longitude and latitude")
        words += ("FROMMEMBER", member)
    else:
        words += ("FROMLONLAT", *_both(command, "member", longitude=longitude, latitude=latitude))
    if radius is not None:
        if width is not None or height is not None:
            raise bad_argument(command, "radius contradicts width and height")
        words += ("BYRADIUS", _length(command, "radius", radius))
    else:
        sides: tuple[float, ...] = _both(command, "radius", width=width, height=height)
        words += ("BYBOX", *(not_negative(command, "width and height", side) for side in sides))
    words.append(choice(command, "unit", unit, _UNITS))
    return tuple(words)


def _both(command: str, alternative: str, **values: float | None) -> tuple[float, ...]:
    given = [number(command, argument, value) for argument, value in values.items() if value is not None]
    if len(given) < len(values):
        raise bad_argument(command, f"{alternative}, or both {' and '.join(values)}, must be given")
    return tuple(given)
