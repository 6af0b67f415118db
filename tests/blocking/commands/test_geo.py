# Generated from tests/asyncio/commands/test_geo.py by scripts/generate_blocking.py; change that file instead.
"""Commands on places, against real servers."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.errors import DataError, ResponseError, WrongTypeError

from .requirements import requires

PALERMO = (13.361389, 38.115556, "Palermo")
CATANIA = (15.087269, 37.502669, "Catania")
ROME = (12.496366, 41.902782, "Rome")
NAN = float("nan")


@pytest.fixture
def places(db: Any) -> Any:
    """A database with three places in ``geo``."""
    assert db.geoadd("geo", [*PALERMO, *CATANIA, *ROME]) == 3
    return db


def near(position: Any, place: Any) -> bool:
    """Whether the server's idea of a position is that of a place; it keeps them in 52 bits."""
    return bool(position == pytest.approx(place[:2], abs=1e-5))


def test_geoadd(db: Any) -> None:
    assert db.geoadd("geo", PALERMO) == 1
    assert db.geoadd("geo", [*PALERMO, *CATANIA]) == 1
    moved = (14.0, 38.0, "Palermo")
    assert db.geoadd("geo", moved, nx=True, ch=True) == 0
    assert db.geoadd("geo", moved, xx=True, ch=True) == 1
    assert db.geoadd("geo", ROME, xx=True) == 0
    assert db.geopos("geo", "Rome") == [None]


def test_geodist(places: Any) -> None:
    assert places.geodist("geo", "Palermo", "Catania") == pytest.approx(166274, abs=1)
    assert places.geodist("geo", "Palermo", "Catania", "km") == pytest.approx(166.274, abs=0.01)
    assert places.geodist("geo", "Palermo", "nowhere") is None


def test_geohash(places: Any) -> None:
    assert places.geohash("geo", "Palermo", "nowhere", "Catania") == ["sqc8b49rny0", None, "sqdtr74hyu0"]


def test_geopos(places: Any) -> None:
    palermo, nowhere = places.geopos("geo", "Palermo", "nowhere")
    assert near(palermo, PALERMO)
    assert type(palermo) is tuple
    assert nowhere is None
    assert places.geopos("nothing", "Palermo") == [None]


def test_geosearch_in_a_circle(places: Any) -> None:
    found = places.geosearch("geo", longitude=15, latitude=37, radius=200, unit="km", sort="ASC")
    assert found == [b"Catania", b"Palermo"]
    found = places.geosearch("geo", member="Rome", radius=1, unit="m")
    assert found == [b"Rome"]
    assert places.geosearch("nothing", longitude=0, latitude=0, radius=1) == []


def test_geosearch_around_the_origin(db: Any) -> None:
    db.geoadd("geo", (0, 0, "Null Island"))
    assert db.geosearch("geo", longitude=0, latitude=0, radius=1) == [b"Null Island"]


def test_geosearch_in_a_rectangle(places: Any) -> None:
    found = places.geosearch("geo", member="Palermo", width=400, height=100, unit="KM", sort="desc")
    assert found == [b"Palermo"]
    found = places.geosearch("geo", member="Palermo", width=400, height=400, unit="km", sort="desc")
    assert found == [b"Catania", b"Palermo"]


def test_geosearch_for_some(places: Any) -> None:
    around: dict[str, Any] = {"longitude": 15, "latitude": 37, "radius": 900, "unit": "km"}
    assert places.geosearch("geo", **around, count=1) == [b"Catania"]
    assert len(places.geosearch("geo", **around, count=2, any=True)) == 2


def test_geosearch_with_details(places: Any) -> None:
    around: dict[str, Any] = {"longitude": 15, "latitude": 37, "radius": 200, "unit": "km", "sort": "ASC"}
    catania, palermo = places.geosearch("geo", **around, withcoord=True, withdist=True, withhash=True)
    assert catania[:3] == [b"Catania", 56.4413, 3479447370796909]
    assert near(catania[3], CATANIA)
    assert palermo[:3] == [b"Palermo", 190.4424, 3479099956230698]
    assert near(palermo[3], PALERMO)
    assert places.geosearch("geo", **around, withdist=True) == [[b"Catania", 56.4413], [b"Palermo", 190.4424]]
    ((_, position), _) = places.geosearch("geo", **around, withcoord=True)
    assert near(position, CATANIA)


def test_text_handle(db_str: Any) -> None:
    db_str.geoadd("geo", PALERMO)
    assert db_str.geohash("geo", "Palermo") == ["sqc8b49rny0"]
    assert db_str.geosearch("geo", member="Palermo", radius=1) == ["Palermo"]
    assert db_str.geosearch("geo", member="Palermo", radius=1, withdist=True) == [["Palermo", 0.0]]
    assert near(db_str.geopos("geo", "Palermo")[0], PALERMO)


def test_geosearchstore(places: Any) -> None:
    around: dict[str, Any] = {"longitude": 15, "latitude": 37, "radius": 200, "unit": "km"}
    assert places.geosearchstore("{geo}2", "{geo}1", **around) == 0
    places.geoadd("{geo}1", [*PALERMO, *CATANIA, *ROME])
    assert places.geosearchstore("{geo}2", "{geo}1", **around) == 2
    assert places.zscore("{geo}2", "Catania") == 3479447370796909
    assert places.geosearchstore("{geo}2", "{geo}1", **around, storedist=True, count=1) == 1
    assert places.zscore("{geo}2", "Catania") == pytest.approx(56.4413, abs=1e-3)


def test_georadius(places: Any) -> None:
    assert places.georadius("geo", 15, 37, 200, "km", sort="ASC") == [b"Catania", b"Palermo"]
    assert places.georadius("geo", 13.361389, 38.115556, 100) == [b"Palermo"]
    assert places.georadius("geo", 15, 37, 200, "km", count=1, any=True) in ([b"Catania"], [b"Palermo"])
    (catania,) = places.georadius("geo", 15, 37, 100, "km", withdist=True, withcoord=True, withhash=True)
    assert catania[:3] == [b"Catania", 56.4413, 3479447370796909]
    assert near(catania[3], CATANIA)


def test_georadiusbymember(places: Any) -> None:
    assert places.georadiusbymember("geo", "Palermo", 200, "km", sort="DESC") == [b"Catania", b"Palermo"]
    found = places.georadiusbymember("geo", "Palermo", 200, "km", withdist=True, sort="ASC")
    assert found == [[b"Palermo", 0.0], [b"Catania", 166.2742]]


def test_georadius_that_stores(db: Any) -> None:
    db.geoadd("{geo}1", [*PALERMO, *CATANIA, *ROME])
    assert db.georadius("{geo}1", 15, 37, 200, "km", store="{geo}2") == 2
    assert db.zscore("{geo}2", "Catania") == 3479447370796909
    assert db.georadiusbymember("{geo}1", "Palermo", 200, "km", store_dist="{geo}2") == 2
    assert db.zscore("{geo}2", "Catania") == pytest.approx(166.2742, abs=1e-3)


def test_what_the_server_refuses(places: Any) -> None:
    with pytest.raises(ResponseError):
        places.geoadd("geo", (200, 0, "off the map"))
    with pytest.raises(ResponseError):
        places.geosearch("geo", member="nowhere", radius=1)
    places.set("text", "v")
    with pytest.raises(WrongTypeError):
        places.geopos("text", "Palermo")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda db: db.geoadd("g", []), "GEOADD: values"),
        (lambda db: db.geoadd("g", (1, 2)), "GEOADD: values"),
        (lambda db: db.geoadd("g", (NAN, 2, "m")), "GEOADD: longitude"),
        (lambda db: db.geoadd("g", (1, 2, "m", 3, NAN, "n")), "GEOADD: latitude"),
        (lambda db: db.geoadd("g", PALERMO, nx=True, xx=True), "GEOADD: nx and xx"),
        (lambda db: db.geodist("g", "a", "b", "parsec"), "GEODIST: unit"),
        (lambda db: db.geohash("g"), "GEOHASH: values"),
        (lambda db: db.geopos("g"), "GEOPOS: values"),
        (lambda db: db.geosearch("g", radius=1), "GEOSEARCH: member, or both longitude and latitude"),
        (lambda db: db.geosearch("g", longitude=1, radius=1), "GEOSEARCH: member, or both longitude and latitude"),
        (lambda db: db.geosearch("g", "m", longitude=0, radius=1), "GEOSEARCH: member contradicts"),
        (lambda db: db.geosearch("g", "m"), "GEOSEARCH: radius, or both width and height"),
        (lambda db: db.geosearch("g", "m", width=1), "GEOSEARCH: radius, or both width and height"),
        (lambda db: db.geosearch("g", "m", radius=1, height=0), "GEOSEARCH: radius contradicts"),
        (lambda db: db.geosearch("g", "m", radius=NAN), "GEOSEARCH: radius"),
        (lambda db: db.geosearch("g", "m", radius=1, unit="parsec"), "GEOSEARCH: unit"),
        (lambda db: db.geosearch("g", "m", radius=1, sort="UP"), "GEOSEARCH: sort"),
        (lambda db: db.geosearch("g", "m", radius=1, count=0), "GEOSEARCH: count"),
        (lambda db: db.geosearch("g", "m", radius=1, any=True), "GEOSEARCH: any"),
        (lambda db: db.geosearchstore("d", "g", "m"), "GEOSEARCHSTORE: radius"),
        (lambda db: db.georadius("g", NAN, 0, 1), "GEORADIUS: longitude"),
        (lambda db: db.georadius("g", 0, 0, 1, "parsec"), "GEORADIUS: unit"),
        (lambda db: db.georadius("g", 0, 0, 1, any=True), "GEORADIUS: any"),
        (lambda db: db.georadius("g", 0, 0, 1, sort="UP"), "GEORADIUS: sort"),
        (lambda db: db.georadius("g", 0, 0, 1, store="a", store_dist="b"), "GEORADIUS: store and store_dist"),
        (lambda db: db.georadius("g", 0, 0, 1, withdist=True, store="a"), "GEORADIUS: withdist"),
        (lambda db: db.georadiusbymember("g", "m", NAN), "GEORADIUSBYMEMBER: radius"),
        (lambda db: db.georadiusbymember("g", "m", 1, count=-1), "GEORADIUSBYMEMBER: count"),
    ],
)
def test_bad_input_is_refused_at_once(db: Any, call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(db)


@requires(valkey=(9, 0), redis=None)
def test_within_a_polygon(db: Any) -> None:
    db.geoadd("g", (13.361389, 38.115556, "Palermo", 15.087269, 37.502669, "Catania"))
    triangle = [(13, 38), (14, 39), (14.5, 37)]
    assert db.geosearch("g", polygon=triangle) == [b"Palermo"]
    assert db.geosearch("g", polygon=triangle, withdist=True)[0][0] == b"Palermo"
    assert db.geosearchstore("d", "g", polygon=triangle, storedist=True) == 1
    with pytest.raises(DataError, match="GEOSEARCH: polygon contradicts"):
        db.geosearch("g", member="Palermo", polygon=triangle)
    with pytest.raises(DataError, match="GEOSEARCH: polygon must not be empty"):
        db.geosearch("g", polygon=[])
