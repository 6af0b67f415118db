# Generated from tests/asyncio/commands/test_hyperloglog.py by scripts/generate_blocking.py; change that file instead.
"""Commands that count distinct elements approximately."""

from __future__ import annotations

import pytest

from multiplexer.errors import DataError, WrongTypeError


def test_hyperloglog(db):
    assert db.pfadd("a", "x", "y", "z") == 1
    assert db.pfadd("a", "x") == 0
    assert db.pfadd("b", "x", 1, 2.5) == 1
    assert db.pfcount("a") == 3
    assert db.pfcount("a", "b") == 5
    assert db.pfmerge("c", "a", "b") is True
    assert db.pfcount("c") == 5


def test_hyperloglog_without_elements(db):
    assert db.pfadd("a") == 1
    assert db.pfcount("a") == 0
    with pytest.raises(DataError, match="PFCOUNT: sources must not be empty"):
        db.pfcount()


def test_hyperloglog_of_another_kind(db):
    db.set("k", "v")
    with pytest.raises(WrongTypeError):
        db.pfadd("k", "x")
