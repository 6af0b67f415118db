"""Fixtures: a multiplexer whose network can be made to fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.retry import FullJitterBackoff
from tests.asyncio._world import until
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer
from tests.truth.conservation import unbalanced

#: Makes a multiplexer through the proxy; options over those of :data:`QUICK`.
Connect = Callable[..., Awaitable[ConnectionMultiplexer]]

QUICK: dict[str, Any] = {
    "timeout": 2.0,
    "connect_timeout": 1.0,
    "heartbeat_interval": 0.1,
    "reconnect_backoff": FullJitterBackoff(cap=0.05, base=0.005),
}


@pytest.fixture
def proxy(server: RealServer) -> Iterator[FaultProxy]:
    """The network in front of the server."""
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


@pytest_asyncio.fixture
async def connect(proxy: FaultProxy, target: Target) -> AsyncIterator[Connect]:
    """Makes multiplexers through the proxy, closes them, and sees that their counters add up, before and after."""
    made: list[ConnectionMultiplexer] = []
    async with AsyncExitStack() as stack:

        async def connect(**changes: Any) -> ConnectionMultiplexer:
            options = {"protocol": target.protocol, **QUICK, **changes}
            mux = await ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", **options)
            made.append(mux)
            return await stack.enter_async_context(mux)

        yield connect
        proxy.restore()
        proxy.accept()
        for mux in made:
            await _adds_up(mux, waiting=True)
    for mux in made:
        await _adds_up(mux, waiting=False)


async def _adds_up(mux: ConnectionMultiplexer, waiting: bool) -> None:
    try:
        await until(lambda: not unbalanced(mux.get_counters(), waiting), timeout=2.0)
    except TimeoutError:
        raise AssertionError(unbalanced(mux.get_counters(), waiting)) from None


@pytest_asyncio.fixture
async def mux(connect: Connect) -> ConnectionMultiplexer:
    """A multiplexer through the proxy."""
    return await connect()


@pytest_asyncio.fixture
async def db(mux: ConnectionMultiplexer) -> Database[bytes]:
    """Its default database."""
    return mux.get_database()


@pytest_asyncio.fixture
async def calm(connect: Connect) -> Database[bytes]:
    """A database over whose connection only the test's own goes: no heartbeat asks between, and takes the fault."""
    return (await connect(heartbeat_interval=60.0)).get_database()
