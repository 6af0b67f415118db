# Generated from tests/asyncio/commands/test_sets.py by scripts/generate_blocking.py; change that file instead.
"""Commands on sets."""

from __future__ import annotations

import pytest

from multiplexer.errors import DataError, WrongTypeError


def test_members(db, db_str):
    assert db.sadd("k", "a", "b", 1) == 3
    assert db.sadd("k", "a") == 0
    assert db.scard("k") == 3
    assert db.smembers("k") == {b"a", b"b", b"1"}
    assert db_str.smembers("k") == {"a", "b", "1"}
    assert db.smembers("none") == set()
    assert db.sismember("k", "a") is True
    assert db.sismember("k", "z") is False
    assert db.smismember("k", "a", "z", 1) == [True, False, True]
    assert db.smismember("k", ["a", "z"]) == [True, False]
    assert db.srem("k", "a", "z") == 1


def test_no_members(db):
    with pytest.raises(DataError, match="SADD: values must not be empty"):
        db.sadd("k")
    with pytest.raises(DataError, match="SREM: values must not be empty"):
        db.srem("k")
    with pytest.raises(DataError, match="SMISMEMBER: values must not be empty"):
        db.smismember("k", [])


def test_another_kind(db):
    db.set("k", "v")
    with pytest.raises(WrongTypeError):
        db.smembers("k")


def test_combining(db):
    db.sadd("a", "1", "2", "3")
    db.sadd("b", "2", "3", "4")
    assert db.sdiff("a", "b") == {b"1"}
    assert db.sinter(["a", "b"]) == {b"2", b"3"}
    assert db.sunion(["a"], "b") == {b"1", b"2", b"3", b"4"}
    assert db.sinter("a", "none") == set()
    assert db.sdiffstore("r", "a", "b") == 1
    assert db.smembers("r") == {b"1"}
    assert db.sinterstore("r", ["a", "b"]) == 2
    assert db.smembers("r") == {b"2", b"3"}
    assert db.sunionstore("r", "a", "b") == 4
    assert db.scard("r") == 4


@pytest.mark.parametrize("name", ["sdiff", "sinter", "sunion"])
def test_combining_nothing(db, name):
    with pytest.raises(DataError, match=f"{name.upper()}: keys must not be empty"):
        getattr(db, name)([])
    with pytest.raises(DataError, match=f"{name.upper()}STORE: keys must not be empty"):
        getattr(db, f"{name}store")("r", [])


def test_sintercard(db):
    db.sadd("a", "1", "2", "3")
    db.sadd("b", "2", "3", "4")
    assert db.sintercard(2, ["a", "b"]) == 2
    assert db.sintercard(2, ["a", "b"], limit=1) == 1
    with pytest.raises(DataError, match="SINTERCARD: numkeys is not the number of keys"):
        db.sintercard(1, ["a", "b"])
    with pytest.raises(DataError, match="SINTERCARD: keys must not be empty"):
        db.sintercard(0, [])
    with pytest.raises(DataError, match="SINTERCARD: limit must not be negative"):
        db.sintercard(1, ["a"], limit=-1)


def test_smove(db):
    db.sadd("a", "1")
    assert db.smove("a", "b", "1") is True
    assert db.smove("a", "b", "1") is False
    assert db.smembers("b") == {b"1"}


def test_at_random(db):
    db.sadd("k", "a", "b", "c")
    assert db.srandmember("k") in {b"a", b"b", b"c"}
    assert set(db.srandmember("k", 5)) == {b"a", b"b", b"c"}
    assert len(db.srandmember("k", -5)) == 5
    assert db.srandmember("none") is None
    assert db.srandmember("none", 2) == []
    popped = db.spop("k")
    rest = db.spop("k", 5)
    assert isinstance(rest, list)
    assert {popped, *rest} == {b"a", b"b", b"c"}
    assert db.spop("k") is None
    assert db.spop("k", 2) == []
    with pytest.raises(DataError, match="SPOP: count must not be negative"):
        db.spop("k", -1)


def test_sscan(db, db_str):
    db.sadd("k", *range(1000))
    cursor, members = db.sscan("k", count=10)
    assert cursor != 0
    assert members
    assert {member for member in db.sscan_iter("k", count=100)} == {b"%d" % i for i in range(1000)}
    assert {member for member in db_str.sscan_iter("k", match="99*")} == {"99", *(f"99{i}" for i in range(10))}
    assert [member for member in db.sscan_iter("none")] == []
    assert db.sscan("none") == (0, [])
    with pytest.raises(DataError, match="SSCAN: count must be at least 1"):
        db.sscan("k", count=0)
    with pytest.raises(DataError, match="SSCAN: cursor must not be negative"):
        db.sscan("k", -1)
