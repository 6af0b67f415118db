"""A client that outlives its event loop, or the process it was made in."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from typing import Any

import pytest

import multiplexer.compat
import multiplexer.compat.asyncio
from multiplexer.errors import RedisConnectionError
from tests.asyncio._world import until
from tests.servers import RealServer


@pytest.mark.parametrize("multiplexed", [False, True])
def test_a_client_used_in_one_event_loop_after_the_other(server: RealServer, multiplexed: bool) -> None:
    client = multiplexer.compat.asyncio.Redis(port=server.port, multiplexed=multiplexed)

    async def use() -> list[Any]:
        await client.set("k", 1)
        async with client.pipeline() as pipe:
            results = await pipe.get("k").execute()
        await client.aclose()
        results.append(await client.get("k"))
        await client.aclose()
        return results

    for _ in range(3):
        assert asyncio.run(use()) == [b"1", b"1"]


@pytest.mark.parametrize("multiplexed", [False, True])
def test_a_client_used_on_both_sides_of_a_fork(server: RealServer, multiplexed: bool) -> None:
    with multiplexer.compat.Redis(port=server.port, multiplexed=multiplexed) as client:
        client.set("k", 1)
        child = os.fork()
        if child == 0:
            ended = 1
            try:
                ended = 0 if client.get("k") == b"1" and client.incr("k") == 2 else 2
            finally:
                os._exit(ended)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        assert client.get("k") == b"2"


def test_forgotten_clients_leave_no_connections(server: RealServer) -> None:
    """An event loop keeps what it reads from, so nothing ends a shared connection by itself."""

    async def forget_some() -> None:
        async with multiplexer.compat.asyncio.Redis(port=server.port) as other:
            for _ in range(5):
                client = multiplexer.compat.asyncio.Redis(port=server.port, client_name="forgotten", multiplexed=True)
                await client.ping()
            del client
            gc.collect()

            async def are_gone() -> bool:
                return not any(each["name"] == "forgotten" for each in await other.client_list())

            await until(are_gone)

    asyncio.run(forget_some())


def test_a_blocking_pool_of_two_event_loops_at_once(server: RealServer) -> None:
    """Whoever waits is woken by a loop in another thread; who waits in vain is told of that loop."""
    pool = multiplexer.compat.asyncio.BlockingConnectionPool(port=server.port, max_connections=1, timeout=None)
    held, waiting, release = threading.Event(), threading.Event(), threading.Event()

    async def hold() -> None:
        connection = await pool.get_connection()
        held.set()
        await asyncio.to_thread(release.wait, 10)
        await pool.release(connection)

    async def wait() -> None:
        pool.timeout = 0.01
        with pytest.raises(RedisConnectionError, match=r"all 1 are in use, 1 of them by other event loops \(1\)"):
            await pool.get_connection()
        pool.timeout = None  # and no timer that would wake it
        connection = asyncio.ensure_future(pool.get_connection())
        await asyncio.sleep(0)
        assert pool._waiting
        waiting.set()
        async with asyncio.timeout(10):
            await pool.release(await connection)
        await pool.aclose()

    thread = threading.Thread(target=asyncio.run, args=(hold(),))
    thread.start()
    try:
        assert held.wait(10)
        releasing = threading.Thread(target=lambda: waiting.wait(10) and release.set())
        releasing.start()
        asyncio.run(wait())
    finally:
        release.set()
        thread.join(10)
        releasing.join(10)
