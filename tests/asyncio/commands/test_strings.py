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


async def test_append(db):
    assert await db.append("k", "ab") == 2
    assert await db.append("k", b"cd") == 4
    assert await db.get("k") == b"abcd"


async def test_counting(db):
    assert await db.incr("n") == 1
    assert await db.incrby("n", 9) == 10
    assert await db.decr("n") == 9
    assert await db.decrby("n", 10) == -1
    assert await db.incr("n", 3) == 2
    assert await db.decr("n", 4) == -2


async def test_counting_what_is_no_number(db):
    await db.set("k", "abc")
    for call, name in (
        (db.incr, "INCR"),
        (db.decr, "DECR"),
        (partial(db.incr, amount=2), "INCRBY"),
        (partial(db.decr, amount=2), "DECRBY"),
    ):
        with pytest.raises(ResponseError, match="not an integer") as caught:
            await call("k")
        assert caught.value.command == name
    with pytest.raises(ResponseError, match="not an integer"):
        await db.incr("n", 1.0)


async def test_incrbyfloat(db):
    result = await db.incrbyfloat("n", 2.5)
    assert result == 2.5
    assert isinstance(result, float)
    assert await db.incrbyfloat("n") == 3.5
    with pytest.raises(DataError, match=r"INCRBYFLOAT: amount .* NaN"):
        db.incrbyfloat("n", float("nan"))


@requires(valkey=None, redis=(8, 4))
async def test_delex_and_digest(db):
    await db.set("k", "v")
    digest = await db.digest("k")
    assert len(digest) == 16
    assert await db.delex("k", ifdne=digest) == 0
    assert await db.delex("k", ifeq="other") == 0
    assert await db.delex("k", ifdeq=digest) == 1
    assert await db.digest("k") is None
    assert await db.delex("k") == 0


async def test_delex_with_two_conditions(db):
    with pytest.raises(DataError, match="DELEX: ifeq and ifne contradict each other"):
        db.delex("k", ifeq="a", ifne="b")


@requires(valkey=(9, 0), redis=None)
async def test_delifeq(db):
    await db.set("k", "v")
    assert await db.delifeq("k", "other") is False
    assert await db.delifeq("k", "v") is True
    assert await db.exists("k") == 0


async def test_get(db, db_str):
    assert await db.get("k") is None
    await db.set("k", "wörld")
    assert await db.get(b"k") == "wörld".encode()
    assert await db_str.get(memoryview(b"k")) == "wörld"


async def test_get_of_another_kind(db):
    await db.rpush("k", "a")
    with pytest.raises(WrongTypeError):
        await db.get("k")


async def test_getdel(db):
    await db.set("k", "v")
    assert await db.getdel("k") == b"v"
    assert await db.getdel("k") is None


async def test_getex(db):
    await db.set("k", "v")
    assert await db.getex("k") == b"v"
    assert await db.ttl("k") == -1
    assert await db.getex("k", ex=100) == b"v"
    assert 0 < await db.ttl("k") <= 100
    await db.getex("k", persist=True)
    assert await db.ttl("k") == -1
    await db.getex("k", px=timedelta(seconds=50))
    assert 0 < await db.pttl("k") <= 50_000
    await db.getex("k", exat=4_000_000_000)
    assert await db.expiretime("k") == 4_000_000_000
    await db.getex("k", pxat=4_000_000_000_001)
    assert await db.pexpiretime("k") == 4_000_000_000_001
    with pytest.raises(DataError, match="GETEX: ex and persist contradict each other"):
        db.getex("k", ex=1, persist=True)


async def test_ranges(db):
    await db.set("k", "Hello World")
    assert await db.getrange("k", 0, 4) == b"Hello"
    assert await db.substr("k", -5) == b"World"
    assert await db.substr("k", 0, 1) == b"He"
    assert await db.setrange("k", 6, "Redis") == 11
    assert await db.get("k") == b"Hello Redis"
    assert await db.strlen("k") == 11
    assert await db.strlen("none") == 0
    with pytest.raises(DataError, match="SETRANGE: offset must not be negative"):
        db.setrange("k", -1, "x")


async def test_getset(db):
    assert await db.getset("k", "1") is None
    assert await db.getset("k", "2") == b"1"


async def test_lcs(db, db_str):
    await db.mset({"a": "ohmytext", "b": "mynewtext"})
    assert await db.lcs("a", "b") == b"mytext"
    assert await db.lcs("a", "b", len=True) == 6
    assert await db_str.lcs("a", "b", idx=True, minmatchlen=3, withmatchlen=True) == [
        "matches",
        [[[4, 7], [5, 8], 4]],
        "len",
        6,
    ]
    assert (await db.lcs("a", "b", idx=True))[1] == [[[4, 7], [5, 8]], [[2, 3], [0, 1]]]
    with pytest.raises(DataError, match="LCS: len and idx contradict each other"):
        db.lcs("a", "b", len=True, idx=True)


async def test_mget_and_mset(db, db_str):
    assert await db.mset({"a": 1, b"b": 2.5}) is True
    assert await db.mget("a", "b", "c") == [b"1", b"2.5", None]
    assert await db_str.mget(["a", "b"], "c") == ["1", "2.5", None]
    with pytest.raises(DataError, match="MGET: keys must not be empty"):
        db.mget([])
    with pytest.raises(DataError, match="MSET: mapping must not be empty"):
        db.mset({})


@requires(valkey=(9, 1), redis=(8, 4))
async def test_msetex(db):
    assert await db.msetex({"a": 1, "b": 2}, ex=100) == 1
    assert 0 < await db.ttl("b") <= 100
    assert await db.msetex({"b": 3, "c": 4}, data_persist_option="NX", px=1000) == 0
    assert await db.msetex({"a": 3, "b": 4}, data_persist_option="XX", keepttl=True) == 1
    assert 0 < await db.ttl("b") <= 100
    assert await db.mget("a", "b", "c") == [b"3", b"4", None]


async def test_msetex_with_bad_options(db):
    with pytest.raises(DataError, match="MSETEX: ex and keepttl contradict"):
        db.msetex({"a": 1}, ex=1, keepttl=True)
    with pytest.raises(DataError, match="MSETEX: data_persist_option must be one of NX, XX"):
        db.msetex({"a": 1}, data_persist_option="IF")


async def test_msetnx(db):
    assert await db.msetnx({"a": 1, "b": 2}) is True
    assert await db.msetnx({"b": 3, "c": 4}) is False
    assert await db.exists("c") == 0


async def test_setex_and_psetex(db):
    assert await db.setex("a", timedelta(minutes=1), "v") is True
    assert 0 < await db.ttl("a") <= 60
    assert await db.psetex("b", 60_000, "v") is True
    assert 0 < await db.pttl("b") <= 60_000
    with pytest.raises(DataError, match="SETEX: time must be an int or a timedelta, not float"):
        db.setex("a", 1.5, "v")


async def test_setnx(db):
    assert await db.setnx("k", "1") is True
    assert await db.setnx("k", "2") is False


async def test_set(db):
    assert await db.set("k", "1") is True
    assert await db.set("k", "2", nx=True) is None
    assert await db.set("none", "2", xx=True) is None
    assert await db.set("k", "2", xx=True) is True
    assert await db.get("k") == b"2"


async def test_set_in_redis_pys_order_of_arguments(db):
    assert await db.set("k", "1", 100, None, True) is True
    assert 0 < await db.ttl("k") <= 100
    assert await db.set("k", "2", None, None, False, True, True) is True
    assert 0 < await db.ttl("k") <= 100


async def test_set_with_expiry(db):
    await db.set("k", "v", ex=timedelta(hours=1))
    assert 0 < await db.ttl("k") <= 3600
    await db.set("k", "v", px=5000)
    assert 0 < await db.pttl("k") <= 5000
    await db.set("k", "w", keepttl=True)
    assert 0 < await db.pttl("k") <= 5000
    moment = in_an_hour()
    await db.set("k", "v", exat=moment)
    assert await db.expiretime("k") == int(moment.timestamp())
    await db.set("k", "v", pxat=moment)
    assert await db.pexpiretime("k") // 1000 == int(moment.timestamp())
    await db.set("k", "v")
    assert await db.ttl("k") == -1


async def test_set_and_get(db, db_str):
    assert await db.set("k", "1", get=True) is None
    assert await db.set("k", "OK", get=True) == b"1"
    assert await db_str.set("k", "2", get=True, xx=True) == "OK"
    await db.delete("k")
    await db.rpush("k", "a")
    with pytest.raises(WrongTypeError):
        await db.set("k", "3", get=True)


@requires(valkey=(8, 1), redis=(8, 4))
async def test_set_if_equal(db):
    await db.set("k", "1")
    assert await db.set("k", "2", ifeq="3") is None
    assert await db.set("k", "2", ifeq="1") is True
    assert await db.set("k", "3", ifeq="0", get=True) == b"2"
    assert await db.get("k") == b"2"


@requires(valkey=None, redis=(8, 4))
async def test_set_on_other_conditions(db):
    await db.set("k", "1")
    assert await db.set("k", "2", ifne="1") is None
    assert await db.set("k", "2", ifdeq=await db.digest("k")) is True
    assert await db.set("k", "3", ifdne=await db.digest("k")) is None


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
async def test_set_with_bad_options(db, options, problem):
    with pytest.raises(DataError) as caught:
        db.set("k", "v", **options)
    assert str(caught.value) == f"SET: {problem}"
    assert caught.value.command == "SET"
    assert not caught.value.was_sent
    assert await db.exists("k") == 0
