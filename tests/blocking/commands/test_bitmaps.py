# Generated from tests/asyncio/commands/test_bitmaps.py by scripts/generate_blocking.py; change that file instead.
"""Commands on strings seen as bits."""

from __future__ import annotations

import pytest

from multiplexer.errors import DataError

from .requirements import requires


def test_single_bits(db):
    assert db.setbit("k", 7, 1) == 0
    assert db.setbit("k", 7, True) == 1
    assert db.getbit("k", 7) == 1
    assert db.getbit("k", 100) == 0
    assert db.setbit("k", 7, 0) == 1
    with pytest.raises(DataError, match="GETBIT: offset must not be negative"):
        db.getbit("k", -1)
    with pytest.raises(DataError, match="SETBIT: offset must not be negative"):
        db.setbit("k", -1, 1)


def test_bitcount(db):
    db.set("k", "foobar")
    assert db.bitcount("k") == 26
    assert db.bitcount("k", 1, 1) == 6
    assert db.bitcount("k", 5, 30, "bit") == 17
    assert db.bitcount("k", 1, -1, "BYTE") == 22
    with pytest.raises(DataError, match="BITCOUNT: start and end must both be given"):
        db.bitcount("k", 1)
    with pytest.raises(DataError, match="BITCOUNT: mode needs start and end"):
        db.bitcount("k", mode="BIT")
    with pytest.raises(DataError, match="BITCOUNT: mode must be one of BYTE, BIT"):
        db.bitcount("k", 1, 2, "NIBBLE")


def test_bitpos(db):
    db.set("k", b"\xff\xf0\x00")
    assert db.bitpos("k", 0) == 12
    assert db.bitpos("k", 1, 2) == -1
    assert db.bitpos("k", 0, 2, -1) == 16
    assert db.bitpos("k", 0, 4, 15, "BIT") == 12
    with pytest.raises(DataError, match="BITPOS: bit must be 0 or 1"):
        db.bitpos("k", 2)
    with pytest.raises(DataError, match="BITPOS: end needs start"):
        db.bitpos("k", 1, end=3)
    with pytest.raises(DataError, match="BITPOS: mode needs start and end"):
        db.bitpos("k", 1, 3, mode="BIT")


def test_bitop(db):
    db.mset({"a": b"\x0f", "b": b"\x3c"})
    assert db.bitop("and", "r", "a", "b") == 1
    assert db.get("r") == b"\x0c"
    db.bitop("OR", "r", "a", "b")
    assert db.get("r") == b"\x3f"
    db.bitop("XOR", "r", "a", "b")
    assert db.get("r") == b"\x33"
    db.bitop("NOT", "r", "a")
    assert db.get("r") == b"\xf0"
    with pytest.raises(DataError, match="BITOP: keys must be exactly one for NOT"):
        db.bitop("NOT", "r", "a", "b")
    with pytest.raises(DataError, match="BITOP: keys must not be empty"):
        db.bitop("AND", "r")
    with pytest.raises(DataError, match="BITOP: operation must be one of AND"):
        db.bitop("NAND", "r", "a")


@requires(valkey=None, redis=(8, 2))
def test_bitop_difference(db):
    db.mset({"a": b"\x0f", "b": b"\x3c"})
    db.bitop("DIFF", "r", "a", "b")
    assert db.get("r") == b"\x03"


def test_bitfield(db):
    field = db.bitfield("k")
    assert field.set("u8", 0, 255).get("u8", 0).incrby("u8", "#0", 1).execute() == [0, 255, 0]
    assert field.incrby("u2", 100, 3).incrby("u2", 100, 1, overflow="SAT").execute() == [3, 3]
    assert field.overflow("fail").incrby("u2", 100, 1).execute() == [None]
    assert field.command == ["BITFIELD", "k"]


def test_bitfield_with_a_default_overflow(db):
    field = db.bitfield("k", default_overflow="FAIL")
    assert field.incrby("u2", 0, 3).incrby("u2", 0, 1).execute() == [3, None]
    assert field.incrby("u2", 0, 1).execute() == [None]
    field.set("u2", 0, 0).reset()
    assert field.get("u2", 0).execute() == [3]
    with pytest.raises(DataError, match="BITFIELD: overflow must be one of WRAP, SAT, FAIL"):
        field.overflow("STOP")
    with pytest.raises(DataError, match="BITFIELD: overflow must be one of"):
        db.bitfield("k", default_overflow="STOP")


def test_bitfield_ro(db):
    db.set("k", b"\x01\x02\x03")
    assert db.bitfield_ro("k", "u8", 0) == [1]
    assert db.bitfield_ro("k", "u8", 0, [("u8", "#1"), ("i16", 8)]) == [1, 2, 515]
