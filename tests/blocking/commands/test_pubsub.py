# Generated from tests/asyncio/commands/test_pubsub.py by scripts/generate_blocking.py; change that file instead.
"""Publishing, and questions about who listens."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from multiplexer.errors import DataError

from .._world import until


@contextmanager
def listener(server, *commands: str) -> Iterator[socket.socket]:
    """Connect and subscribe without the package's help."""
    with socket.create_connection((server.host, server.port), timeout=10) as connection:
        connection.sendall("".join(f"{command}\r\n" for command in commands).encode())
        yield connection


def test_publish(db):
    assert db.publish("nobody", "hello") == 0
    assert db.spublish("nobody", b"hello") == 0


def test_channels(db, db_str, server):
    with listener(server, "SUBSCRIBE news sport", "PSUBSCRIBE w*"):
        until(lambda: db.pubsub_numpat())
        assert set(db.pubsub_channels()) == {b"news", b"sport"}
        assert db_str.pubsub_channels("n*") == ["news"]
        assert db.pubsub_numsub("news", "none") == [(b"news", 1), (b"none", 0)]
        assert db_str.pubsub_numsub("sport") == [("sport", 1)]
        assert db.pubsub_numpat() == 1
        assert db.publish("news", "hello") == 1
        assert db.publish("weather", 1) == 1
    assert db.pubsub_numsub() == []


def test_received(db, server):
    with listener(server, "SUBSCRIBE news") as connection, connection.makefile("rb") as stream:
        until(lambda: db.publish("news", "hello"))
        lines = [next(stream).strip() for _ in range(13)]
        assert lines[-7:] == [b"*3", b"$7", b"message", b"$4", b"news", b"$5", b"hello"]


def test_shard_channels(db, db_str, server):
    with listener(server, "SSUBSCRIBE news"):
        until(lambda: db.pubsub_shardchannels())
        assert db.pubsub_shardchannels("n*") == [b"news"]
        assert db_str.pubsub_shardnumsub("news", "none") == [("news", 1), ("none", 0)]
        assert db.spublish("news", "hello") == 1
    assert db.pubsub_shardnumsub() == []


def test_publishing_what_cannot_be_sent(db):
    with pytest.raises(DataError):
        db.publish("news", None)
