# Generated from tests/asyncio/commands/test_lists.py by scripts/generate_blocking.py; change that file instead.
"""Commands on lists."""

from __future__ import annotations

import pytest

from multiplexer.errors import DataError, ResponseError, WrongTypeError


def test_pushing(db):
    assert db.rpush("k", "b", "c") == 2
    assert db.lpush("k", "a", "0") == 4
    assert db.lrange("k", 0, -1) == [b"0", b"a", b"b", b"c"]
    assert db.llen("k") == 4
    assert db.lpushx("k", 1) == 5
    assert db.rpushx("k", 2.5) == 6
    assert db.lindex("k", 0) == b"1"
    assert db.lindex("k", -1) == b"2.5"
    assert db.lindex("k", 10) is None


def test_pushing_onto_what_does_not_exist(db):
    assert db.lpushx("none", "a") == 0
    assert db.rpushx("none", "a") == 0
    assert db.lrange("none", 0, -1) == []
    assert db.llen("none") == 0


@pytest.mark.parametrize("name", ["lpush", "lpushx", "rpush", "rpushx"])
def test_pushing_nothing(db, name):
    with pytest.raises(DataError, match=f"{name.upper()}: values must not be empty"):
        getattr(db, name)("k")


def test_pushing_onto_another_kind(db):
    db.set("k", "v")
    with pytest.raises(WrongTypeError):
        db.rpush("k", "a")


def test_linsert(db):
    db.rpush("k", "a", "c")
    assert db.linsert("k", "before", "c", "b") == 3
    assert db.linsert("k", "AFTER", "c", "d") == 4
    assert db.linsert("k", "AFTER", "none", "d") == -1
    assert db.linsert("none", "AFTER", "a", "d") == 0
    assert db.lrange("k", 0, -1) == [b"a", b"b", b"c", b"d"]
    with pytest.raises(DataError, match="LINSERT: where must be one of BEFORE, AFTER, not 'IN'"):
        db.linsert("k", "IN", "a", "d")


def test_moving(db):
    db.rpush("a", "1", "2", "3")
    assert db.lmove("a", "b") == b"1"
    assert db.lmove("a", "b", "right", "left") == b"3"
    assert db.rpoplpush("a", "b") == b"2"
    assert db.lrange("b", 0, -1) == [b"2", b"3", b"1"]
    assert db.lmove("a", "b") is None
    assert db.rpoplpush("a", "b") is None
    with pytest.raises(DataError, match="LMOVE: src must be one of LEFT, RIGHT"):
        db.lmove("a", "b", "TOP")
    with pytest.raises(DataError, match="LMOVE: dest must be one of LEFT, RIGHT"):
        db.lmove("a", "b", dest="TOP")


def test_lmpop(db, db_str):
    db.rpush("b", "1", "2", "3")
    assert db.lmpop(2, "a", "b", direction="LEFT") == [b"b", [b"1"]]
    assert db_str.lmpop(1, "b", direction="right", count=5) == ["b", ["3", "2"]]
    assert db.lmpop(1, "b", direction="LEFT") is None
    with pytest.raises(DataError, match="LMPOP: num_keys is not the number of keys"):
        db.lmpop(2, "b", direction="LEFT")
    with pytest.raises(DataError, match="LMPOP: keys must not be empty"):
        db.lmpop(0, direction="LEFT")
    with pytest.raises(DataError, match="LMPOP: direction must be one of LEFT, RIGHT"):
        db.lmpop(1, "b", direction="UP")
    with pytest.raises(DataError, match="LMPOP: count must be at least 1"):
        db.lmpop(1, "b", direction="LEFT", count=0)


def test_popping(db):
    db.rpush("k", "1", "2", "3", "4", "5")
    assert db.lpop("k") == b"1"
    assert db.rpop("k") == b"5"
    assert db.lpop("k", 2) == [b"2", b"3"]
    assert db.rpop("k", 2) == [b"4"]
    assert db.lpop("k") is None
    assert db.rpop("k") is None
    assert db.lpop("k", 2) is None
    assert db.rpop("k", 2) is None
    with pytest.raises(DataError, match="LPOP: count must not be negative"):
        db.lpop("k", -1)
    with pytest.raises(DataError, match="RPOP: count must not be negative"):
        db.rpop("k", -1)


def test_lpos(db):
    db.rpush("k", "a", "b", "a", "c", "a")
    assert db.lpos("k", "a") == 0
    assert db.lpos("k", "a", rank=2) == 2
    assert db.lpos("k", "a", rank=-1) == 4
    assert db.lpos("k", "a", count=2) == [0, 2]
    assert db.lpos("k", "a", count=0, maxlen=3) == [0, 2]
    assert db.lpos("k", "none") is None
    assert db.lpos("k", "none", count=1) == []
    with pytest.raises(DataError, match="LPOS: rank must not be 0"):
        db.lpos("k", "a", rank=0)
    with pytest.raises(DataError, match="LPOS: count must not be negative"):
        db.lpos("k", "a", count=-1)
    with pytest.raises(DataError, match="LPOS: maxlen must not be negative"):
        db.lpos("k", "a", maxlen=-1)


def test_changing(db):
    db.rpush("k", "a", "b", "a", "c", "a")
    assert db.lrem("k", -1, "a") == 1
    assert db.lset("k", 0, "z") is True
    assert db.ltrim("k", 0, 2) is True
    assert db.lrange("k", 0, -1) == [b"z", b"b", b"a"]
    with pytest.raises(ResponseError, match="out of range"):
        db.lset("k", 10, "z")
