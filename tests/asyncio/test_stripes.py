"""Several connections to one server, each key always on the same one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer
from tests.asyncio._world import WORLD, gather, until
from tests.conftest import Target
from tests.servers import RealServer


@pytest_asyncio.fixture
async def mux(server: RealServer, target: Target) -> AsyncIterator[ConnectionMultiplexer]:
    """A multiplexer with three connections to the server."""
    mux = await ConnectionMultiplexer.connect(
        f"{server.host}:{server.port},connectionsPerEndpoint=3", protocol=target.protocol, name="striped"
    )
    yield mux
    await mux.aclose()


async def test_all_connections_are_used(mux: ConnectionMultiplexer, server: RealServer) -> None:
    db = mux.get_database()
    await gather(*[partial(db.set, f"k{number}", number) for number in range(100)])
    assert await gather(*[partial(db.get, f"k{number}") for number in range(100)]) == [
        b"%d" % number for number in range(100)
    ]

    def used() -> bool:
        mine = [client for client in server.clients() if client["name"] == "striped"]
        return len(mine) == 3 and all(client["cmd"] in ("get", "set") for client in mine)

    await until(used)
    [counters] = mux.get_counters()
    assert counters.interactive.socket_count == 3
    assert counters.interactive.operation_count >= 200


async def test_commands_on_a_key_keep_their_order(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    if WORLD == "asyncio":
        await gather(*[partial(db.rpush, f"list{number % 5}", number) for number in range(200)])
    else:
        for number in range(200):
            await db.rpush(f"list{number % 5}", number)
    for which in range(5):
        assert await db.lrange(f"list{which}", 0, -1) == [b"%d" % number for number in range(which, 200, 5)]


async def test_everything_else(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    assert await db.ping()
    assert await db.mset({"a": 1, "b": 2})
    assert await db.mget("a", "b") == [b"1", b"2"]
    assert await db.dbsize() == 2
    prefixed = db.with_options(key_prefix="p:")
    await prefixed.set("a", 3)
    assert await prefixed.get("a") == b"3"
    pipeline = db.pipeline()
    pipeline.incr("a").incr("b").get("a")
    assert await pipeline.execute() == [2, 3, b"2"]
    batch = db.batch()
    batch.ping()
    batch.incr("n")
    assert await batch.execute() == [True, 1]
    subscription = await mux.get_subscriber().subscribe("news")
    await db.publish("news", "hello")
    assert (await subscription.get(5)).data == b"hello"
    assert await mux.get_server().ping()
