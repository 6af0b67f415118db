"""The pool that lets its callers wait."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from multiplexer.errors import ConfigurationError, RedisConnectionError
from multiplexer.pools.asyncio import BlockingConnectionPool, Connection, LifoQueue
from tests.servers import RealServer

from .._world import Task, gather, sleep, spawn, until
from .using import ask, ask_pool, counts

MakePool = Callable[..., BlockingConnectionPool]


@pytest.fixture
def make_pool(options: dict[str, Any]) -> MakePool:
    return partial(BlockingConnectionPool, **options)


async def line_up(pool: BlockingConnectionPool, count: int) -> list[Task[Any]]:
    """Let callers wait for a connection, one after the other."""
    waiting = []
    for number in range(1, count + 1):
        waiting.append(spawn(pool.get_connection))
        await until(lambda number=number: len(pool._waiting) == number)  # type: ignore[misc]
    return waiting


async def test_its_defaults() -> None:
    pool = BlockingConnectionPool()
    assert (pool.max_connections, pool.timeout, pool.queue_class) == (50, 20, LifoQueue)
    assert pool.connection_class is Connection


async def test_more_callers_than_connections(make_pool: MakePool) -> None:
    async with make_pool(max_connections=2) as pool:
        await gather(*[partial(ask_pool, pool, "INCR", "counter")] * 30)
        assert await ask_pool(pool, "GET", "counter") == b"30"
        assert counts(pool) == (2, 2, 0)
        assert sorted(map(id, pool._connections)) == sorted(map(id, pool._available_connections))


async def test_first_come_first_served(make_pool: MakePool) -> None:
    async with make_pool(max_connections=1) as pool:
        connection = await pool.get_connection()
        waiting = await line_up(pool, 5)
        assert not pool.can_get_connection()
        for task in waiting:
            assert not task.done()
            await pool.release(connection)
            assert await task.result() is connection
        await pool.release(connection)
        assert counts(pool) == (1, 1, 0)


async def test_nobody_is_overtaken(make_pool: MakePool) -> None:
    async with make_pool(max_connections=1) as pool:
        connection = await pool.get_connection()
        (first,) = await line_up(pool, 1)
        await pool.release(connection)  # goes from hand to hand, not into the pool
        late = spawn(pool.get_connection)
        assert await first.result() is connection
        await until(lambda: len(pool._waiting) == 1)
        assert not late.done()
        await pool.release(connection)
        assert await late.result() is connection
        await pool.release(connection)


async def test_nothing_comes_free_in_time(make_pool: MakePool) -> None:
    async with make_pool(max_connections=1, timeout=0.05) as pool:
        connection = await pool.get_connection()
        began = time.monotonic()
        with pytest.raises(RedisConnectionError, match="No connection available: all 1 are in use"):
            await pool.get_connection()
        assert 0.04 < time.monotonic() - began < 5
        assert not pool._waiting
        await pool.release(connection)
        assert await pool.get_connection() is connection
        await pool.release(connection)
        assert counts(pool) == (1, 1, 0)


async def test_none_is_lost_where_waits_end_as_connections_come(make_pool: MakePool) -> None:
    async with make_pool(max_connections=2, timeout=0.002) as pool:

        async def use() -> int:
            failed = 0
            for _ in range(20):
                try:
                    connection = await pool.get_connection()
                except RedisConnectionError:
                    failed += 1
                    continue
                try:
                    await sleep(0.001)
                    assert await ask(connection, "PING") == b"PONG"
                finally:
                    await pool.release(connection)
            return failed

        failures = sum(await gather(*[use] * 8))
        assert 0 < failures < 160
        assert not pool._waiting
        assert counts(pool) == (2, 2, 0)


async def test_waiting_for_ever(make_pool: MakePool) -> None:
    async with make_pool(max_connections=1, timeout=None) as pool:
        connection = await pool.get_connection()
        (waiting,) = await line_up(pool, 1)
        await pool.release(connection)
        assert await waiting.result() is connection
        await pool.release(connection)


async def test_one_that_owes_a_reply_is_not_handed_on(make_pool: MakePool) -> None:
    async with make_pool(max_connections=1) as pool:
        connection = await pool.get_connection()
        (waiting,) = await line_up(pool, 1)
        await connection.send_command("ECHO", "mine")
        await pool.release(connection)
        assert await waiting.result() is connection
        assert await ask(connection, "ECHO", "yours") == b"yours"
        await pool.release(connection)


async def test_reset_wakes_those_who_wait(make_pool: MakePool) -> None:
    async with make_pool(max_connections=1) as pool:
        old = await pool.get_connection()
        (waiting,) = await line_up(pool, 1)
        pool.reset()
        fresh = await waiting.result()
        assert fresh is not old
        assert await ask(fresh, "PING") == b"PONG"
        await pool.release(old)
        await pool.release(fresh)
        assert not old.is_connected
        assert counts(pool) == (1, 1, 0)


async def test_a_failing_server_lets_everybody_know(own_server: RealServer) -> None:
    async with BlockingConnectionPool(2, host=own_server.host, port=own_server.port) as pool:
        await ask_pool(pool, "PING")
        own_server.kill()
        attempts = [spawn(ask_pool, pool, "PING") for _ in range(10)]
        for attempt in attempts:
            with pytest.raises(RedisConnectionError):
                await attempt.result()
        created, idle, used = counts(pool)
        assert created == idle <= 2
        assert used == 0


@pytest.mark.parametrize("kind", [queue.Queue, queue.LifoQueue, None])
async def test_a_queue_class_of_ones_own(make_pool: MakePool, kind: Any) -> None:
    async with make_pool(queue_class=kind) as pool:
        first, second = await pool.get_connection(), await pool.get_connection()
        for connection in (first, second):
            await pool.release(connection)
        assert pool.pool.qsize() == 2
        taken = await pool.get_connection()
        assert taken is (first if kind is queue.Queue else second)
        assert counts(pool) == (2, 1, 1)
        await pool.release(taken)
        assert pool.pool.qsize() == 2


async def test_a_queue_class_of_ones_own_and_idle_times(make_pool: MakePool) -> None:
    with pytest.raises(ConfigurationError, match="max_idle_time"):
        make_pool(queue_class=queue.Queue, max_idle_time=5)


async def test_idle_connections_are_closed(make_pool: MakePool) -> None:
    async with make_pool(max_connections=2, max_idle_time=0.03, idle_check_interval=0.01) as pool:
        await ask_pool(pool, "PING")
        await until(lambda: counts(pool) == (0, 0, 0))
        assert await ask_pool(pool, "PING") == b"PONG"


async def test_a_wrong_timeout() -> None:
    with pytest.raises(ConfigurationError, match="timeout"):
        BlockingConnectionPool(timeout=-1)
