# asyncio only
"""What belongs to an event loop ends with it: no connection is left, whatever was forgotten."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.client import Redis
from multiplexer.drivers.eventloop.loops import _closers
from tests.servers import RealServer


@pytest.fixture
def quiet_server(own_server: RealServer) -> Iterator[RealServer]:
    """A server nobody is connected to, neither before nor after."""
    assert own_server.clients() == []
    yield own_server
    deadline = time.monotonic() + 5
    while left := own_server.clients():
        assert time.monotonic() < deadline, left
        time.sleep(0.01)


def test_one_multiplexer_a_loop(quiet_server: RealServer) -> None:
    address = f"{quiet_server.host}:{quiet_server.port}"

    async def use() -> int:
        mux = await ConnectionMultiplexer.for_running_loop(address)
        assert await ConnectionMultiplexer.for_running_loop(address) is mux
        return await mux.get_database().incr("n")

    for number in range(1, 11):
        assert asyncio.run(use()) == number


def test_a_client_that_outlives_its_loops(quiet_server: RealServer) -> None:
    client = Redis(host=quiet_server.host, port=quiet_server.port, multiplexed=True)

    async def use() -> None:
        assert await client.incr("n")

    for _ in range(10):
        asyncio.run(use())


def test_one_that_was_closed_before(quiet_server: RealServer) -> None:
    address = f"{quiet_server.host}:{quiet_server.port}"

    async def use() -> None:
        mux = await ConnectionMultiplexer.for_running_loop(address)
        await mux.aclose()
        other = await ConnectionMultiplexer.for_running_loop(address)
        assert other is not mux
        assert await other.get_database().ping()

    asyncio.run(use())


def test_those_that_are_closed_before_leave_nothing_behind(quiet_server: RealServer) -> None:
    address = f"{quiet_server.host}:{quiet_server.port}"

    async def use() -> None:
        for _ in range(5):
            mux = await ConnectionMultiplexer.for_running_loop(address)
            await mux.aclose()
        del mux
        gc.collect()
        (closer,) = [kept for loop, kept in _closers.items() if loop is asyncio.get_running_loop()]
        assert len(closer.methods) <= 1  # the registry has the last one

    asyncio.run(use())
    assert not _closers


def test_a_forgotten_client_is_collected_before_the_loop_ends(own_server: RealServer) -> None:
    async def use() -> None:
        client = Redis(host=own_server.host, port=own_server.port, multiplexed=True)
        assert await client.ping()
        pool = client.connection_pool
        await pool.aclose()
        del client, pool
        gc.collect()
        await asyncio.sleep(0)
        assert own_server.clients() == []

    asyncio.run(use())
