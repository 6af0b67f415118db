# Generated from tests/asyncio/commands/test_hashes.py by scripts/generate_blocking.py; change that file instead.
"""Commands on hashes, against real servers."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from multiplexer.errors import DataError, WrongTypeError

from .requirements import requires

expiring_fields = requires(valkey=(9, 0), redis=(7, 4))
setting_with_expiry = requires(valkey=(9, 0), redis=(8, 0))
getting_and_deleting = requires(valkey=(9, 1), redis=(8, 0))
scanning_names = requires(valkey=(8, 0), redis=(7, 4))


def test_hset_and_hget(db: Any) -> None:
    assert db.hset("h", "f", "v") == 1
    assert db.hset("h", b"f", b"w") == 0
    assert db.hget("h", "f") == b"w"
    assert db.hget("h", "nothing") is None
    assert db.hget("nothing", "f") is None


def test_hset_takes_fields_in_three_ways(db: Any) -> None:
    assert db.hset("h", "a", 1, mapping={"b": 2.5, b"c": b"\x00\xff", 4: "d"}, items=["e", "5", "f", 6]) == 6
    assert db.hgetall("h") == {b"a": b"1", b"b": b"2.5", b"c": b"\x00\xff", b"4": b"d", b"e": b"5", b"f": b"6"}
    assert db.hset("h", mapping={"a": 7}) == 0
    assert db.hset("h", items=["g", 8]) == 1
    assert db.hmget("h", "a", "g") == [b"7", b"8"]


def test_empty_values_are_values(db: Any) -> None:
    db.hset("h", "f", "")
    db.hset("h", "", "v")
    db.hset("h", "zero", 0)
    assert db.hgetall("h") == {b"f": b"", b"": b"v", b"zero": b"0"}


def test_hgetall(db: Any) -> None:
    assert db.hgetall("h") == {}
    fields = {b"field-%d" % number: b"%d" % number for number in range(300)}
    db.hset("h", mapping=fields)
    assert db.hgetall("h") == fields


def test_text_handle(db_str: Any) -> None:
    db_str.hset("h", mapping={"ä": "ö", "n": 1})
    assert db_str.hget("h", "ä") == "ö"
    assert db_str.hgetall("h") == {"ä": "ö", "n": "1"}
    assert db_str.hmget("h", ["ä", "nothing"]) == ["ö", None]
    assert sorted(db_str.hkeys("h")) == ["n", "ä"]
    assert sorted(db_str.hvals("h")) == ["1", "ö"]
    assert db_str.hscan("h") == (0, {"ä": "ö", "n": "1"})
    assert db_str.hincrbyfloat("h", "n", 0.5) == 1.5
    assert sorted(db_str.hrandfield("h", 5, withvalues=True)) == ["1.5", "n", "ä", "ö"]


def test_hmget(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2})
    assert db.hmget("h", ["a", "nothing", "b"]) == [b"1", None, b"2"]
    assert db.hmget("h", "b", "a") == [b"2", b"1"]
    assert db.hmget("h", ["b"], "a") == [b"2", b"1"]
    assert db.hmget("nothing", "a") == [None]


def test_hkeys_hvals_and_hlen(db: Any) -> None:
    assert db.hkeys("h") == []
    assert db.hvals("h") == []
    assert db.hlen("h") == 0
    db.hset("h", mapping={"a": 1, "b": 2})
    assert sorted(db.hkeys("h")) == [b"a", b"b"]
    assert sorted(db.hvals("h")) == [b"1", b"2"]
    assert db.hlen("h") == 2


def test_hexists(db: Any) -> None:
    db.hset("h", "f", "v")
    assert db.hexists("h", "f") is True
    assert db.hexists("h", "nothing") is False


def test_hstrlen(db: Any) -> None:
    db.hset("h", "f", "grüße")
    assert db.hstrlen("h", "f") == 7
    assert db.hstrlen("h", "nothing") == 0


def test_hdel(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2, "c": 3})
    assert db.hdel("h", "a", "b", "nothing") == 2
    assert db.hgetall("h") == {b"c": b"3"}


def test_hsetnx(db: Any) -> None:
    assert db.hsetnx("h", "f", 1) == 1
    assert db.hsetnx("h", "f", 2) == 0
    assert db.hget("h", "f") == b"1"


def test_hmset(db: Any) -> None:
    assert db.hmset("h", {"a": 1, "b": 2}) is True
    assert db.hgetall("h") == {b"a": b"1", b"b": b"2"}


def test_hincrby(db: Any) -> None:
    assert db.hincrby("h", "f") == 1
    assert db.hincrby("h", "f", 41) == 42
    assert db.hincrby("h", "f", -2) == 40


def test_hincrbyfloat(db: Any) -> None:
    assert db.hincrbyfloat("h", "f") == 1.0
    total = db.hincrbyfloat("h", "f", 0.25)
    assert total == 1.25
    assert type(total) is float


def test_hrandfield(db: Any) -> None:
    assert db.hrandfield("h") is None
    assert db.hrandfield("h", 2) == []
    assert db.hrandfield("h", 2, withvalues=True) == []
    db.hset("h", mapping={"a": 1, "b": 2})
    assert db.hrandfield("h") in (b"a", b"b")
    assert sorted(db.hrandfield("h", 9)) == [b"a", b"b"]
    assert len(db.hrandfield("h", -9)) == 9
    flat = db.hrandfield("h", 9, withvalues=True)
    assert dict(zip(flat[::2], flat[1::2], strict=True)) == {b"a": b"1", b"b": b"2"}


def test_hscan(db: Any) -> None:
    assert db.hscan("h") == (0, {})
    db.hset("h", mapping={"a1": 1, "a2": 2, "b1": 3})
    assert db.hscan("h", match="a*") == (0, {b"a1": b"1", b"a2": b"2"})


def test_hscan_goes_on_from_its_cursor(db: Any) -> None:
    fields = {b"field-%d" % number: b"%d" % number for number in range(700)}
    db.hset("h", mapping=fields)
    cursor, found = db.hscan("h", 0, count=100)
    assert cursor != 0
    while cursor:
        cursor, page = db.hscan("h", cursor, count=100)
        found.update(page)
    assert found == fields


@scanning_names
def test_hscan_without_values(db: Any) -> None:
    db.hset("h", mapping={"a1": 1, "a2": 2, "b1": 3})
    cursor, fields = db.hscan("h", match="a*", no_values=True)
    assert (cursor, sorted(fields)) == (0, [b"a1", b"a2"])
    assert sorted([field for field in db.hscan_iter("h", no_values=True)]) == [b"a1", b"a2", b"b1"]


def test_hscan_iter(db: Any) -> None:
    assert [pair for pair in db.hscan_iter("h")] == []
    fields = {b"field-%d" % number: b"%d" % number for number in range(700)}
    db.hset("h", mapping=fields)
    assert dict([pair for pair in db.hscan_iter("h", count=50)]) == fields
    assert [pair for pair in db.hscan_iter("h", match="*-699")] == [(b"field-699", b"699")]


@expiring_fields
def test_hexpire_and_httl(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2})
    assert db.hexpire("h", 100, "a", "nothing") == [1, -2]
    seconds, never, missing = db.httl("h", "a", "b", "nothing")
    assert 98 <= seconds <= 100
    assert (never, missing) == (-1, -2)
    (milliseconds,) = db.hpttl("h", "a")
    assert 98_000 <= milliseconds <= 100_000
    assert db.hexpire("h", timedelta(minutes=5), "a") == [1]
    assert 298 <= db.httl("h", "a")[0] <= 300


@expiring_fields
def test_hexpire_under_conditions(db: Any) -> None:
    db.hset("h", "f", 1)
    assert db.hexpire("h", 100, "f", xx=True) == [0]
    assert db.hexpire("h", 100, "f", nx=True) == [1]
    assert db.hexpire("h", 200, "f", nx=True) == [0]
    assert db.hexpire("h", 50, "f", gt=True) == [0]
    assert db.hexpire("h", 200, "f", gt=True) == [1]
    assert db.hexpire("h", 300, "f", lt=True) == [0]
    assert db.hpexpire("h", 50_000, "f", lt=True) == [1]
    assert 48 <= db.httl("h", "f")[0] <= 50


@expiring_fields
def test_hpexpire(db: Any) -> None:
    db.hset("h", "f", 1)
    assert db.hpexpire("h", 90_500, "f") == [1]
    assert 88_000 < db.hpttl("h", "f")[0] <= 90_500
    assert db.hpexpire("h", timedelta(seconds=7), "f") == [1]
    assert 5_000 < db.hpttl("h", "f")[0] <= 7_000


@expiring_fields
def test_an_expired_field_is_gone(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2})
    assert db.hexpireat("h", 1, "a") == [2]
    assert db.hgetall("h") == {b"b": b"2"}


@expiring_fields
def test_hexpireat_and_hexpiretime(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2})
    when = int(time.time()) + 1000
    assert db.hexpireat("h", when, "a") == [1]
    assert db.hexpiretime("h", "a", "b", "nothing") == [when, -1, -2]
    assert db.hexpireat("h", datetime.fromtimestamp(when + 5, UTC), "a") == [1]
    assert db.hexpiretime("h", "a") == [when + 5]


@expiring_fields
def test_hpexpireat_and_hpexpiretime(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2})
    when = int(time.time()) * 1000 + 1_000_123
    assert db.hpexpireat("h", when, "a") == [1]
    assert db.hpexpiretime("h", "a", "b", "nothing") == [when, -1, -2]
    moment = datetime(2100, 1, 1, 0, 0, 0, 77_000, UTC)
    assert db.hpexpireat("h", moment, "a") == [1]
    assert db.hpexpiretime("h", "a") == [4_102_444_800_077]


@expiring_fields
def test_hpersist(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2})
    db.hexpire("h", 100, "a")
    assert db.hpersist("h", "a", "b", "nothing") == [1, -1, -2]
    assert db.httl("h", "a") == [-1]


@setting_with_expiry
def test_hgetex(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2})
    assert db.hgetex("h", "a", "nothing", ex=100) == [b"1", None]
    assert 98 <= db.httl("h", "a")[0] <= 100
    assert db.hgetex("h", "a", px=timedelta(seconds=50)) == [b"1"]
    assert 48 <= db.httl("h", "a")[0] <= 50
    assert db.hgetex("h", "a", persist=True) == [b"1"]
    assert db.httl("h", "a") == [-1]
    assert db.hgetex("h", "a", exat=4_102_444_800) == [b"1"]
    assert db.hexpiretime("h", "a") == [4_102_444_800]
    assert db.hgetex("h", "b", pxat=4_102_444_800_077) == [b"2"]
    assert db.hpexpiretime("h", "b") == [4_102_444_800_077]
    assert db.hgetex("h", "a", "b") == [b"1", b"2"]


@getting_and_deleting
def test_hgetdel(db: Any) -> None:
    db.hset("h", mapping={"a": 1, "b": 2})
    assert db.hgetdel("h", "a", "nothing") == [b"1", None]
    assert db.hgetall("h") == {b"b": b"2"}
    assert db.hgetdel("nothing", "a") == [None]


@setting_with_expiry
def test_hsetex(db: Any) -> None:
    assert db.hsetex("h", "a", 1, mapping={"b": 2}, items=["c", 3], ex=100) == 1
    assert db.hgetall("h") == {b"a": b"1", b"b": b"2", b"c": b"3"}
    assert all(98 <= seconds <= 100 for seconds in db.httl("h", "a", "b", "c"))
    assert db.hsetex("h", "a", 4, keepttl=True) == 1
    assert 98 <= db.httl("h", "a")[0] <= 100
    assert db.hsetex("h", "a", 5) == 1
    assert db.httl("h", "a") == [-1]


@setting_with_expiry
def test_hsetex_under_conditions(db: Any) -> None:
    assert db.hsetex("h", "f", 1, data_persist_option="FXX") == 0
    assert db.hsetex("h", "f", 1, data_persist_option="FNX", px=90_000) == 1
    assert db.hsetex("h", "f", 2, data_persist_option="FNX") == 0
    assert db.hsetex("h", "f", 3, data_persist_option="FXX", exat=datetime(2100, 1, 1, tzinfo=UTC)) == 1
    assert db.hget("h", "f") == b"3"
    assert db.hexpiretime("h", "f") == [4_102_444_800]


@requires(valkey=(9, 1), redis=None)
def test_hsetex_looks_for_the_hash(db: Any) -> None:
    assert db.hsetex("h", "f", 1, xx=True) == 0
    assert db.hsetex("h", "f", 1, nx=True) == 1
    assert db.hsetex("h", "g", 1, nx=True) == 0
    assert db.hsetex("h", "g", 1, xx=True) == 1


def test_wrong_kind_of_value(db: Any) -> None:
    db.set("s", "text")
    with pytest.raises(WrongTypeError):
        db.hget("s", "f")
    with pytest.raises(WrongTypeError):
        db.hgetall("s")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda db: db.hset("h"), "HSET: one of key, mapping and items"),
        (lambda db: db.hset("h", mapping={}), "HSET: one of key, mapping and items"),
        (lambda db: db.hset("h", "f"), "HSET: key and value"),
        (lambda db: db.hset("h", value="v"), "HSET: key and value"),
        (lambda db: db.hset("h", items=["f"]), "HSET: items"),
        (lambda db: db.hset("h", "f", None, {"g": 1}), "HSET: key and value"),
        (lambda db: db.hmset("h", {}), "HMSET: mapping"),
        (lambda db: db.hmget("h", []), "HMGET: keys"),
        (lambda db: db.hdel("h"), "HDEL: keys"),
        (lambda db: db.hincrbyfloat("h", "f", float("nan")), "HINCRBYFLOAT: amount"),
        (lambda db: db.hrandfield("h", withvalues=True), "HRANDFIELD: withvalues"),
        (lambda db: db.hscan("h", count=0), "HSCAN: count"),
        (lambda db: db.hexpire("h", 1), "HEXPIRE: fields"),
        (lambda db: db.hexpire("h", 1, "f", nx=True, xx=True), "HEXPIRE: nx and xx"),
        (lambda db: db.hexpire("h", 1.5, "f"), "HEXPIRE: seconds"),
        (lambda db: db.hpexpire("h", "soon", "f"), "HPEXPIRE: milliseconds"),
        (lambda db: db.hexpireat("h", timedelta(1), "f"), "HEXPIREAT: unix_time_seconds"),
        (lambda db: db.hpexpireat("h", 1, "f", gt=True, lt=True), "HPEXPIREAT: gt and lt"),
        (lambda db: db.hpersist("h"), "HPERSIST: fields"),
        (lambda db: db.httl("h"), "HTTL: fields"),
        (lambda db: db.hpttl("h"), "HPTTL: fields"),
        (lambda db: db.hexpiretime("h"), "HEXPIRETIME: fields"),
        (lambda db: db.hpexpiretime("h"), "HPEXPIRETIME: fields"),
        (lambda db: db.hgetex("h"), "HGETEX: keys"),
        (lambda db: db.hgetex("h", "f", ex=1, px=1), "HGETEX: ex and px"),
        (lambda db: db.hgetex("h", "f", ex=1, persist=True), "HGETEX: ex and persist"),
        (lambda db: db.hgetdel("h"), "HGETDEL: keys"),
        (lambda db: db.hsetex("h"), "HSETEX: one of key, mapping and items"),
        (lambda db: db.hsetex("h", items=["f", 1, "g"]), "HSETEX: items"),
        (lambda db: db.hsetex("h", "f", 1, exat=1, keepttl=True), "HSETEX: exat and keepttl"),
        (lambda db: db.hsetex("h", "f", 1, nx=True, xx=True), "HSETEX: nx and xx"),
        (lambda db: db.hsetex("h", "f", 1, data_persist_option="NOT"), "HSETEX: data_persist_option"),
    ],
)
def test_bad_input_is_refused_at_once(db: Any, call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(db)


def test_a_value_that_cannot_be_sent(db: Any) -> None:
    with pytest.raises(DataError, match="HSET"):
        db.hset("h", mapping={"f": None})
    assert db.hgetall("h") == {}


def test_scan_with_a_bad_count_raises_when_it_starts(db: Any) -> None:
    with pytest.raises(DataError, match="HSCAN: count"):
        [pair for pair in db.hscan_iter("h", count=0)]
