"""What happens to keys, as the server tells it."""

from __future__ import annotations

from multiplexer import KeyspaceNotification
from multiplexer.asyncio import ConnectionMultiplexer
from tests.conftest import Target
from tests.servers import RealServer

from ._world import until
from .connecting import connect


async def test_what_happens_to_keys(own_server: RealServer, target: Target) -> None:
    own_server.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    async with await connect(own_server, protocol=target.protocol, channel_prefix="app:") as mux:
        subscriber = mux.get_subscriber()
        keys = await subscriber.subscribe_keyspace("user:*", database=0)
        events = await subscriber.subscribe_keyevent("del")
        inside = await subscriber.subscribe_keyspace(key_prefix="user:")
        db = mux.get_database()
        await db.set("other", 1)
        await db.set("user:1", 1)
        await mux.get_database(2).set("user:2", 1)
        await db.delete("user:1", "other")
        assert await keys.get(5) == KeyspaceNotification(0, b"user:1", "set")
        assert await keys.get(5) == KeyspaceNotification(0, b"user:1", "del")
        assert [await events.get(5) for _ in range(2)] == [
            KeyspaceNotification(0, b"user:1", "del"),
            KeyspaceNotification(0, b"other", "del"),
        ]
        assert [await inside.get(5) for _ in range(3)] == [
            KeyspaceNotification(0, b"1", "set"),
            KeyspaceNotification(2, b"2", "set"),
            KeyspaceNotification(0, b"1", "del"),
        ]
        async with inside:
            pass
        assert [item async for item in inside] == []


async def test_handlers(mux: ConnectionMultiplexer, server: RealServer) -> None:
    server.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    try:
        seen: list[KeyspaceNotification[bytes]] = []
        await mux.get_subscriber().subscribe_keyevent("expired", key_prefix=b"mine:", handler=seen.append)
        db = mux.get_database()
        await db.set("yours:1", 1, px=5)
        await db.set("mine:1", 1, px=10)
        await until(lambda: db_size(server) == 0)
        await until(lambda: seen == [KeyspaceNotification(0, b"1", "expired")])
    finally:
        server.command("CONFIG", "SET", "notify-keyspace-events", "")


def db_size(server: RealServer) -> int:
    """Return how many keys there are; looking at them makes the server notice what has expired."""
    server.command("EXISTS", "mine:1", "yours:1")
    return server.command("DBSIZE")
