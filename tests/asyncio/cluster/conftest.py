"""Fixtures: a multiplexer on a cluster, and what a test does to it while callers are at work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.retry import FullJitterBackoff
from tests.conftest import Target
from tests.servers import RealCluster

#: Makes a multiplexer; by default it knows one node only.
Connect = Callable[..., Awaitable[ConnectionMultiplexer]]

QUICK: dict[str, Any] = {
    "timeout": 10.0,
    "connect_timeout": 2.0,
    "heartbeat_interval": 0.2,
    "reconnect_backoff": FullJitterBackoff(cap=0.2, base=0.01),
}


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes multiplexers, and closes them."""
    async with AsyncExitStack() as stack:

        async def connect(endpoints: str, **changes: Any) -> ConnectionMultiplexer:
            mux = await ConnectionMultiplexer.connect(endpoints, **{**QUICK, **changes})
            return await stack.enter_async_context(mux)

        yield connect


@pytest_asyncio.fixture
async def mux(connect: Connect, cluster: RealCluster, target: Target) -> ConnectionMultiplexer:
    """A multiplexer on the shared cluster, which was told one node."""
    return await connect(cluster.nodes[0].address, protocol=target.protocol)


@pytest_asyncio.fixture
async def db(mux: ConnectionMultiplexer) -> Database[bytes]:
    """Its database."""
    return mux.get_database()
