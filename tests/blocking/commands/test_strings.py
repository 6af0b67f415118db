# Generated from tests/asyncio/commands/test_strings.py by scripts/generate_blocking.py; change that file instead.
"""Commands on strings."""

from __future__ import annotations

import datetime
from datetime import timedelta
from functools import partial

import pytest

from multiplexer.errors import DataError, ResponseError, WrongTypeError

from .requirements import requires


def in_an_hour() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC) + timedelta(hours=1)


def test_append(db):
    assert db.append("k", "ab") == 2
    assert db.append("k", b"cd") == 4
    assert db.get("k") == b"abcd"


def test_counting(db):
    assert db.incr("n") == 1
    assert db.incrby("n", 9) == 10
    assert db.decr("n") == 9
    assert db.decrby("n", 10) == -1
    assert db.incr("n", 3) == 2
    assert db.decr("n", 4) == -2


def test_counting_what_is_no_number(db):
    db.set("k", "abc")
    for call, name in (
        (db.incr, "INCR"),
        (db.decr, "DECR"),
        (partial(db.incr, amount=2), "INCRBY"),
        (partial(db.decr, amount=2), "DECRBY"),
    ):
        with pytest.raises(ResponseError, match="not an integer") as caught:
            call("k")
        assert caught.value.command == name
    with pytest.raises(ResponseError, match="not an integer"):
        db.incr("n", 1.0)


def test_incrbyfloat(db):
    result = db.incrbyfloat("n", 2.5)
    assert result == 2.5
    assert isinstance(result, float)
    assert db.incrbyfloat("n") == 3.5
    with pytest.raises(DataError, match=r"INCRBYFLOAT: amount .* NaN"):
        db.incrbyfloat("n", float("nan"))


@requires(valkey=None, redis=(8, 4))
def test_delex_and_digest(db):
    db.set("k", "v")
    digest = db.digest("k")
    assert len(digest) == 16
    assert db.delex("k", ifdne=digest) == 0
    assert db.delex("k", ifeq="other") == 0
    assert db.delex("k", ifdeq=digest) == 1
    assert db.digest("k") is None
    assert db.delex("k") == 0


def test_delex_with_two_conditions(db):
    with pytest.raises(DataError, match="DELEX: ifeq and ifne contradict each other"):
        db.delex("k", ifeq="a", ifne="b")


@requires(valkey=(9, 0), redis=None)
def test_delifeq(db):
    db.set("k", "v")
    assert db.delifeq("k", "other") is False
    assert db.delifeq("k", "v") is True
    assert db.exists("k") == 0


def test_get(db, db_str):
    assert db.get("k") is None
    db.set("k", "wörld")
    assert db.get(b"k") == "wörld".encode()
    assert db_str.get(memoryview(b"k")) == "wörld"


def test_get_of_another_kind(db):
    db.rpush("k", "a")
    with pytest.raises(WrongTypeError):
        db.get("k")


def test_getdel(db):
    db.set("k", "v")
    assert db.getdel("k") == b"v"
    assert db.getdel("k") is None


def test_getex(db):
    db.set("k", "v")
    assert db.getex("k") == b"v"
    assert db.ttl("k") == -1
    assert db.getex("k", ex=100) == b"v"
    assert 0 < db.ttl("k") <= 100
    db.getex("k", persist=True)
    assert db.ttl("k") == -1
    db.getex("k", px=timedelta(seconds=50))
    assert 0 < db.pttl("k") <= 50_000
    db.getex("k", exat=4_000_000_000)
    assert db.expiretime("k") == 4_000_000_000
    db.getex("k", pxat=4_000_000_000_001)
    assert db.pexpiretime("k") == 4_000_000_000_001
    with pytest.raises(DataError, match="GETEX: ex and persist contradict each other"):
        db.getex("k", ex=1, persist=True)


def test_ranges(db):
    db.set("k", "Hello World")
    assert db.getrange("k", 0, 4) == b"Hello"
    assert db.substr("k", -5) == b"World"
    assert db.substr("k", 0, 1) == b"He"
    assert db.setrange("k", 6, "Redis") == 11
    assert db.get("k") == b"Hello Redis"
    assert db.strlen("k") == 11
    assert db.strlen("none") == 0
    with pytest.raises(DataError, match="SETRANGE: offset must not be negative"):
        db.setrange("k", -1, "x")


def test_getset(db):
    assert db.getset("k", "1") is None
    assert db.getset("k", "2") == b"1"


def test_lcs(db, db_str):
    db.mset({"a": "ohmytext", "b": "mynewtext"})
    assert db.lcs("a", "b") == b"mytext"
    assert db.lcs("a", "b", len=True) == 6
    assert db_str.lcs("a", "b", idx=True, minmatchlen=3, withmatchlen=True) == [
        "matches",
        [[[4, 7], [5, 8], 4]],
        "len",
        6,
    ]
    assert db.lcs("a", "b", idx=True)[1] == [[[4, 7], [5, 8]], [[2, 3], [0, 1]]]
    with pytest.raises(DataError, match="LCS: len and idx contradict each other"):
        db.lcs("a", "b", len=True, idx=True)


def test_mget_and_mset(db, db_str):
    assert db.mset({"a": 1, b"b": 2.5}) is True
    assert db.mget("a", "b", "c") == [b"1", b"2.5", None]
    assert db_str.mget(["a", "b"], "c") == ["1", "2.5", None]
    with pytest.raises(DataError, match="MGET: keys must not be empty"):
        db.mget([])
    with pytest.raises(DataError, match="MSET: mapping must not be empty"):
        db.mset({})


@requires(valkey=(9, 1), redis=(8, 4))
def test_msetex(db):
    assert db.msetex({"a": 1, "b": 2}, ex=100) == 1
    assert 0 < db.ttl("b") <= 100
    assert db.msetex({"b": 3, "c": 4}, data_persist_option="NX", px=1000) == 0
    assert db.msetex({"a": 3, "b": 4}, data_persist_option="XX", keepttl=True) == 1
    assert 0 < db.ttl("b") <= 100
    assert db.mget("a", "b", "c") == [b"3", b"4", None]


def test_msetex_with_bad_options(db):
    with pytest.raises(DataError, match="MSETEX: ex and keepttl contradict"):
        db.msetex({"a": 1}, ex=1, keepttl=True)
    with pytest.raises(DataError, match="MSETEX: data_persist_option must be one of NX, XX"):
        db.msetex({"a": 1}, data_persist_option="IF")


def test_msetnx(db):
    assert db.msetnx({"a": 1, "b": 2}) is True
    assert db.msetnx({"b": 3, "c": 4}) is False
    assert db.exists("c") == 0


def test_setex_and_psetex(db):
    assert db.setex("a", timedelta(minutes=1), "v") is True
    assert 0 < db.ttl("a") <= 60
    assert db.psetex("b", 60_000, "v") is True
    assert 0 < db.pttl("b") <= 60_000
    with pytest.raises(DataError, match="SETEX: time must be an int or a timedelta, not float"):
        db.setex("a", 1.5, "v")


def test_setnx(db):
    assert db.setnx("k", "1") is True
    assert db.setnx("k", "2") is False


def test_set(db):
    assert db.set("k", "1") is True
    assert db.set("k", "2", nx=True) is None
    assert db.set("none", "2", xx=True) is None
    assert db.set("k", "2", xx=True) is True
    assert db.get("k") == b"2"


def test_set_in_redis_pys_order_of_arguments(db):
    assert db.set("k", "1", 100, None, True) is True
    assert 0 < db.ttl("k") <= 100
    assert db.set("k", "2", None, None, False, True, True) is True
    assert 0 < db.ttl("k") <= 100


def test_set_with_expiry(db):
    db.set("k", "v", ex=timedelta(hours=1))
    assert 0 < db.ttl("k") <= 3600
    db.set("k", "v", px=5000)
    assert 0 < db.pttl("k") <= 5000
    db.set("k", "w", keepttl=True)
    assert 0 < db.pttl("k") <= 5000
    moment = in_an_hour()
    db.set("k", "v", exat=moment)
    assert db.expiretime("k") == int(moment.timestamp())
    db.set("k", "v", pxat=moment)
    assert db.pexpiretime("k") // 1000 == int(moment.timestamp())
    db.set("k", "v")
    assert db.ttl("k") == -1


def test_set_and_get(db, db_str):
    assert db.set("k", "1", get=True) is None
    assert db.set("k", "OK", get=True) == b"1"
    assert db_str.set("k", "2", get=True, xx=True) == "OK"
    db.delete("k")
    db.rpush("k", "a")
    with pytest.raises(WrongTypeError):
        db.set("k", "3", get=True)


@requires(valkey=(8, 1), redis=(8, 4))
def test_set_if_equal(db):
    db.set("k", "1")
    assert db.set("k", "2", ifeq="3") is None
    assert db.set("k", "2", ifeq="1") is True
    assert db.set("k", "3", ifeq="0", get=True) == b"2"
    assert db.get("k") == b"2"


@requires(valkey=None, redis=(8, 4))
def test_set_on_other_conditions(db):
    db.set("k", "1")
    assert db.set("k", "2", ifne="1") is None
    assert db.set("k", "2", ifdeq=db.digest("k")) is True
    assert db.set("k", "3", ifdne=db.digest("k")) is None


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"nx": True, "xx": True}, "nx and xx contradict each other"),
        ({"ex": 1, "px": 1}, "ex and px contradict each other"),
        ({"ex": 1, "keepttl": True}, "ex and keepttl contradict each other"),
        ({"nx": True, "ifeq": "v"}, "nx and ifeq contradict each other"),
        ({"ifdeq": "0", "ifdne": "0"}, "ifdeq and ifdne contradict each other"),
        ({"ex": 1.5}, "ex must be an int or a timedelta, not float"),
        ({"ex": "soon"}, "ex must be an int or a timedelta, not str"),
        ({"px": True}, "px must be an int or a timedelta, not bool"),
        ({"exat": timedelta(1)}, "exat must be an int or a datetime, not timedelta"),
        ({"pxat": 1.5}, "pxat must be an int or a datetime, not float"),
    ],
)
def test_set_with_bad_options(db, options, problem):
    with pytest.raises(DataError) as caught:
        db.set("k", "v", **options)
    assert str(caught.value) == f"SET: {problem}"
    assert caught.value.command == "SET"
    assert not caught.value.was_sent
    assert db.exists("k") == 0
