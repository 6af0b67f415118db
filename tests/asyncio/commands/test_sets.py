"""Commands on sets."""

from __future__ import annotations

import pytest

from multiplexer.errors import DataError, WrongTypeError


async def test_members(db, db_str):
    assert await db.sadd("k", "a", "b", 1) == 3
    assert await db.sadd("k", "a") == 0
    assert await db.scard("k") == 3
    assert await db.smembers("k") == {b"a", b"b", b"1"}
    assert await db_str.smembers("k") == {"a", "b", "1"}
    assert await db.smembers("none") == set()
    assert await db.sismember("k", "a") is True
    assert await db.sismember("k", "z") is False
    assert await db.smismember("k", "a", "z", 1) == [True, False, True]
    assert await db.smismember("k", ["a", "z"]) == [True, False]
    assert await db.srem("k", "a", "z") == 1


async def test_no_members(db):
    with pytest.raises(DataError, match="SADD: values must not be empty"):
        db.sadd("k")
    with pytest.raises(DataError, match="SREM: values must not be empty"):
        db.srem("k")
    with pytest.raises(DataError, match="SMISMEMBER: values must not be empty"):
        db.smismember("k", [])


async def test_another_kind(db):
    await db.set("k", "v")
    with pytest.raises(WrongTypeError):
        await db.smembers("k")


async def test_combining(db):
    await db.sadd("a", "1", "2", "3")
    await db.sadd("b", "2", "3", "4")
    assert await db.sdiff("a", "b") == {b"1"}
    assert await db.sinter(["a", "b"]) == {b"2", b"3"}
    assert await db.sunion(["a"], "b") == {b"1", b"2", b"3", b"4"}
    assert await db.sinter("a", "none") == set()
    assert await db.sdiffstore("r", "a", "b") == 1
    assert await db.smembers("r") == {b"1"}
    assert await db.sinterstore("r", ["a", "b"]) == 2
    assert await db.smembers("r") == {b"2", b"3"}
    assert await db.sunionstore("r", "a", "b") == 4
    assert await db.scard("r") == 4


@pytest.mark.parametrize("name", ["sdiff", "sinter", "sunion"])
async def test_combining_nothing(db, name):
    with pytest.raises(DataError, match=f"{name.upper()}: keys must not be empty"):
        getattr(db, name)([])
    with pytest.raises(DataError, match=f"{name.upper()}STORE: keys must not be empty"):
        getattr(db, f"{name}store")("r", [])


async def test_sintercard(db):
    await db.sadd("a", "1", "2", "3")
    await db.sadd("b", "2", "3", "4")
    assert await db.sintercard(2, ["a", "b"]) == 2
    assert await db.sintercard(2, ["a", "b"], limit=1) == 1
    with pytest.raises(DataError, match="SINTERCARD: numkeys is not the number of keys"):
        db.sintercard(1, ["a", "b"])
    with pytest.raises(DataError, match="SINTERCARD: keys must not be empty"):
        db.sintercard(0, [])
    with pytest.raises(DataError, match="SINTERCARD: limit must not be negative"):
        db.sintercard(1, ["a"], limit=-1)


async def test_smove(db):
    await db.sadd("a", "1")
    assert await db.smove("a", "b", "1") is True
    assert await db.smove("a", "b", "1") is False
    assert await db.smembers("b") == {b"1"}


async def test_at_random(db):
    await db.sadd("k", "a", "b", "c")
    assert await db.srandmember("k") in {b"a", b"b", b"c"}
    assert set(await db.srandmember("k", 5)) == {b"a", b"b", b"c"}
    assert len(await db.srandmember("k", -5)) == 5
    assert await db.srandmember("none") is None
    assert await db.srandmember("none", 2) == []
    popped = await db.spop("k")
    rest = await db.spop("k", 5)
    assert isinstance(rest, list)
    assert {popped, *rest} == {b"a", b"b", b"c"}
    assert await db.spop("k") is None
    assert await db.spop("k", 2) == []
    with pytest.raises(DataError, match="SPOP: count must not be negative"):
        db.spop("k", -1)


async def test_sscan(db, db_str):
    await db.sadd("k", *range(1000))
    cursor, members = await db.sscan("k", count=10)
    assert cursor != 0
    assert members
    assert {member async for member in db.sscan_iter("k", count=100)} == {b"%d" % i for i in range(1000)}
    assert {member async for member in db_str.sscan_iter("k", match="99*")} == {"99", *(f"99{i}" for i in range(10))}
    assert [member async for member in db.sscan_iter("none")] == []
    assert await db.sscan("none") == (0, [])
    with pytest.raises(DataError, match="SSCAN: count must be at least 1"):
        db.sscan("k", count=0)
    with pytest.raises(DataError, match="SSCAN: cursor must not be negative"):
        db.sscan("k", -1)
