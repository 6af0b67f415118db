"""Commands that count distinct elements approximately."""

from __future__ import annotations

import pytest

from multiplexer.errors import DataError, WrongTypeError


async def test_hyperloglog(db):
    assert await db.pfadd("a", "x", "y", "z") == 1
    assert await db.pfadd("a", "x") == 0
    assert await db.pfadd("b", "x", 1, 2.5) == 1
    assert await db.pfcount("a") == 3
    assert await db.pfcount("a", "b") == 5
    assert await db.pfmerge("c", "a", "b") is True
    assert await db.pfcount("c") == 5


async def test_hyperloglog_without_elements(db):
    assert await db.pfadd("a") == 1
    assert await db.pfcount("a") == 0
    with pytest.raises(DataError, match="PFCOUNT: sources must not be empty"):
        db.pfcount()


async def test_hyperloglog_of_another_kind(db):
    await db.set("k", "v")
    with pytest.raises(WrongTypeError):
        await db.pfadd("k", "x")
