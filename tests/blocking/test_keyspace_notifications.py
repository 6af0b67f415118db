# Generated from tests/asyncio/test_keyspace_notifications.py by scripts/generate_blocking.py; change that file instead.
"""What happens to keys, as the server tells it."""

from __future__ import annotations

from multiplexer import KeyspaceNotification
from multiplexer.blocking import ConnectionMultiplexer
from tests.conftest import Target
from tests.servers import RealServer

from ._world import until
from .connecting import connect


def test_what_happens_to_keys(own_server: RealServer, target: Target) -> None:
    own_server.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    with connect(own_server, protocol=target.protocol, channel_prefix="app:") as mux:
        subscriber = mux.get_subscriber()
        keys = subscriber.subscribe_keyspace("user:*", database=0)
        events = subscriber.subscribe_keyevent("del")
        inside = subscriber.subscribe_keyspace(key_prefix="user:")
        db = mux.get_database()
        db.set("other", 1)
        db.set("user:1", 1)
        mux.get_database(2).set("user:2", 1)
        db.delete("user:1", "other")
        assert keys.get(5) == KeyspaceNotification(0, b"user:1", "set")
        assert keys.get(5) == KeyspaceNotification(0, b"user:1", "del")
        assert [events.get(5) for _ in range(2)] == [
            KeyspaceNotification(0, b"user:1", "del"),
            KeyspaceNotification(0, b"other", "del"),
        ]
        assert [inside.get(5) for _ in range(3)] == [
            KeyspaceNotification(0, b"1", "set"),
            KeyspaceNotification(2, b"2", "set"),
            KeyspaceNotification(0, b"1", "del"),
        ]
        with inside:
            pass
        assert [item for item in inside] == []


def test_handlers(mux: ConnectionMultiplexer, server: RealServer) -> None:
    server.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    try:
        seen: list[KeyspaceNotification[bytes]] = []
        mux.get_subscriber().subscribe_keyevent("expired", key_prefix=b"mine:", handler=seen.append)
        db = mux.get_database()
        db.set("yours:1", 1, px=5)
        db.set("mine:1", 1, px=10)
        until(lambda: db_size(server) == 0)
        until(lambda: seen == [KeyspaceNotification(0, b"1", "expired")])
    finally:
        server.command("CONFIG", "SET", "notify-keyspace-events", "")


def db_size(server: RealServer) -> int:
    """Return how many keys there are; looking at them makes the server notice what has expired."""
    server.command("EXISTS", "mine:1", "yours:1")
    return server.command("DBSIZE")
