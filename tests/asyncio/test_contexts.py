# asyncio only
"""Context variables of whoever happens to call first do not live on in what the package starts."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Awaitable, Callable
from contextvars import ContextVar

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.pools.asyncio import BlockingConnectionPool, ConnectionPool
from tests.servers import RealServer

from .connecting import connect

variable: ContextVar[object] = ContextVar("variable")


class Request:
    """What a web framework would keep in a context variable."""


async def outlived(act: Callable[[], Awaitable[object]]) -> bool:
    """Do something in a task with a context variable set; return whether its value is kept alive afterwards."""

    async def serve() -> weakref.ref[Request]:
        request = Request()
        variable.set(request)
        await act()
        return weakref.ref(request)

    reference = await asyncio.create_task(serve())
    await asyncio.sleep(0)
    gc.collect()
    return reference() is not None


async def test_connecting_in_a_request(own_server: RealServer) -> None:
    made: list[ConnectionMultiplexer] = []

    async def first() -> None:
        made.append(await connect(own_server))
        await made[0].get_database().set("a", 1)

    assert not await outlived(first)
    await made[0].aclose()


async def test_what_is_started_in_a_request(own_server: RealServer) -> None:
    async with await connect(own_server, timeout=30) as mux:
        db = mux.get_database()
        assert not await outlived(lambda: mux.get_subscriber().subscribe("channel"))
        own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        assert not await outlived(lambda: db.get("a"))  # connects anew, and sets a timer for its deadline


async def test_connections_of_ones_own(server: RealServer) -> None:
    async with await connect(server, timeout=30, lease_above=100_000) as mux:
        db = mux.get_database()
        assert not await outlived(lambda: db.blpop(["nothing"], 0.01))
        assert not await outlived(lambda: db.set("large", b"x" * 8_000_000))


@pytest.mark.parametrize("kind", [ConnectionPool, BlockingConnectionPool])
async def test_connections_of_pools(server: RealServer, kind: type[ConnectionPool]) -> None:
    pool = kind(host="localhost", port=server.port, socket_timeout=30, max_connections=1, max_idle_time=30)

    async def use() -> None:
        connection = await pool.get_connection()
        await connection.send_command("SET", "large", b"x" * 8_000_000)  # more than the socket takes at once
        await connection.read_response()
        await pool.release(connection)

    assert not await outlived(use)
    if kind is BlockingConnectionPool:
        assert not await outlived(lambda: asyncio.gather(use(), use()))  # one waits for the other
    await pool.aclose()


async def test_waiting_for_a_message(own_server: RealServer) -> None:
    async with await connect(own_server) as mux:
        subscription = await mux.get_subscriber().subscribe("channel")

        async def take() -> None:
            waiting = asyncio.ensure_future(subscription.get(timeout=30))
            await asyncio.sleep(0)  # it waits, and has set its timer
            await mux.get_database().publish("channel", "text")
            await waiting

        assert not await outlived(take)


async def test_handlers_do_not_see_the_context_of_another(own_server: RealServer) -> None:
    seen: list[object] = []
    async with await connect(own_server) as mux:
        heard = asyncio.Event()

        async def handler(publication: object) -> None:
            seen.append(variable.get(None))
            heard.set()

        async def subscribe() -> None:
            await mux.get_subscriber().subscribe("channel", handler=handler)

        assert not await outlived(subscribe)
        await mux.get_database().publish("channel", "text")
        await asyncio.wait_for(heard.wait(), 10)
    assert seen == [None]
