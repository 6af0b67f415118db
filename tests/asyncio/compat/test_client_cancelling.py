# asyncio only
"""Tasks that are cancelled while the façade's client waits: nobody is given the reply of another."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.compat.asyncio import BlockingConnectionPool, Redis
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer

from .._world import until


@pytest.fixture
def proxy(server: RealServer) -> Iterator[FaultProxy]:
    """A proxy before the server under test."""
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


@pytest_asyncio.fixture
async def slow(proxy: FaultProxy, target: Target, multiplexed: bool) -> AsyncIterator[Redis]:
    """A client whose commands take a while; it has one connection of its own, or one that is shared."""
    pool = BlockingConnectionPool(
        1, host=proxy.host, port=proxy.port, protocol=target.protocol, multiplexed=multiplexed
    )
    async with Redis.from_pool(pool) as client:
        await client.mset({"a": "a", "b": "b"})
        proxy.delay(0.01)
        yield client


async def cancelled(proxy: FaultProxy, awaitable: Any, after: float) -> None:
    """Cancel something after a while in which no reply arrives; those there are arrive then."""
    proxy.stall("to_client")
    task = asyncio.ensure_future(awaitable)
    await asyncio.sleep(after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    proxy.restore("to_client")


def untouched(client: Redis) -> bool:
    return not client.connection_pool._in_use_connections


@pytest.mark.parametrize("after", [0, 0.005, 0.012])
async def test_commands(slow: Redis, proxy: FaultProxy, after: float) -> None:
    await cancelled(proxy, slow.get("a"), after)
    assert await slow.get("b") == b"b"
    assert untouched(slow)


@pytest.mark.parametrize("transaction", [True, False])
async def test_pipelines(slow: Redis, proxy: FaultProxy, transaction: bool) -> None:
    await cancelled(proxy, slow.pipeline(transaction).get("a").get("a").execute(), 0.012)
    assert await slow.pipeline(transaction).get("b").execute() == [b"b"]
    assert untouched(slow)


async def test_watching(slow: Redis, proxy: FaultProxy) -> None:
    async with slow.pipeline() as pipe:
        await cancelled(proxy, pipe.watch("a"), 0.005)
    assert untouched(slow)
    async with slow.pipeline() as pipe:
        await pipe.watch("a")
        await cancelled(proxy, pipe.get("a"), 0.005)
    assert untouched(slow)
    async with slow.pipeline() as pipe:
        await pipe.watch("a")
        pipe.multi()
        pipe.set("a", "x")
        assert await pipe.execute() == [True]
    assert await slow.get("a") == b"x"


async def test_blocking_commands(slow: Redis, server: RealServer) -> None:
    task = asyncio.ensure_future(slow.blpop("list", 0))
    await until(lambda: b"blocked_clients:1" in server.command("INFO", "clients"))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: b"blocked_clients:0" in server.command("INFO", "clients"))
    await slow.rpush("list", "element")
    assert await slow.llen("list") == 1
    assert untouched(slow)
