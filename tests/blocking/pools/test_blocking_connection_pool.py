# Generated from tests/asyncio/pools/test_blocking_connection_pool.py by scripts/generate_blocking.py; change that file instead.
"""The pool that lets its callers wait."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from multiplexer.errors import ConfigurationError, RedisConnectionError
from multiplexer.pools.blocking import BlockingConnectionPool, Connection, LifoQueue
from tests.servers import RealServer

from .._world import Task, gather, sleep, spawn, until
from .using import ask, ask_pool, counts

MakePool = Callable[..., BlockingConnectionPool]


@pytest.fixture
def make_pool(options: dict[str, Any]) -> MakePool:
    return partial(BlockingConnectionPool, **options)


def line_up(pool: BlockingConnectionPool, count: int) -> list[Task[Any]]:
    """Let callers wait for a connection, one after the other."""
    waiting = []
    for number in range(1, count + 1):
        waiting.append(spawn(pool.get_connection))
        until(lambda number=number: len(pool._waiting) == number)  # type: ignore[misc]
    return waiting


def test_its_defaults() -> None:
    pool = BlockingConnectionPool()
    assert (pool.max_connections, pool.timeout, pool.queue_class) == (50, 20, LifoQueue)
    assert pool.connection_class is Connection


def test_more_callers_than_connections(make_pool: MakePool) -> None:
    with make_pool(max_connections=2) as pool:
        gather(*[partial(ask_pool, pool, "INCR", "counter")] * 30)
        assert ask_pool(pool, "GET", "counter") == b"30"
        assert counts(pool) == (2, 2, 0)
        assert sorted(map(id, pool._connections)) == sorted(map(id, pool._available_connections))


def test_first_come_first_served(make_pool: MakePool) -> None:
    with make_pool(max_connections=1) as pool:
        connection = pool.get_connection()
        waiting = line_up(pool, 5)
        assert not pool.can_get_connection()
        for task in waiting:
            assert not task.done()
            pool.release(connection)
            assert task.result() is connection
        pool.release(connection)
        assert counts(pool) == (1, 1, 0)


def test_nobody_is_overtaken(make_pool: MakePool) -> None:
    with make_pool(max_connections=1) as pool:
        connection = pool.get_connection()
        (first,) = line_up(pool, 1)
        pool.release(connection)  # goes from hand to hand, not into the pool
        late = spawn(pool.get_connection)
        assert first.result() is connection
        until(lambda: len(pool._waiting) == 1)
        assert not late.done()
        pool.release(connection)
        assert late.result() is connection
        pool.release(connection)


def test_nothing_comes_free_in_time(make_pool: MakePool) -> None:
    with make_pool(max_connections=1, timeout=0.05) as pool:
        connection = pool.get_connection()
        began = time.monotonic()
        with pytest.raises(RedisConnectionError, match="No connection available: all 1 are in use"):
            pool.get_connection()
        assert 0.04 < time.monotonic() - began < 5
        assert not pool._waiting
        pool.release(connection)
        assert pool.get_connection() is connection
        pool.release(connection)
        assert counts(pool) == (1, 1, 0)


def test_none_is_lost_where_waits_end_as_connections_come(make_pool: MakePool) -> None:
    with make_pool(max_connections=2, timeout=0.002) as pool:

        def use() -> int:
            failed = 0
            for _ in range(20):
                try:
                    connection = pool.get_connection()
                except RedisConnectionError:
                    failed += 1
                    continue
                try:
                    sleep(0.001)
                    assert ask(connection, "PING") == b"PONG"
                finally:
                    pool.release(connection)
            return failed

        failures = sum(gather(*[use] * 8))
        assert 0 < failures < 160
        assert not pool._waiting
        assert counts(pool) == (2, 2, 0)


def test_waiting_for_ever(make_pool: MakePool) -> None:
    with make_pool(max_connections=1, timeout=None) as pool:
        connection = pool.get_connection()
        (waiting,) = line_up(pool, 1)
        pool.release(connection)
        assert waiting.result() is connection
        pool.release(connection)


def test_one_that_owes_a_reply_is_not_handed_on(make_pool: MakePool) -> None:
    with make_pool(max_connections=1) as pool:
        connection = pool.get_connection()
        (waiting,) = line_up(pool, 1)
        connection.send_command("ECHO", "mine")
        pool.release(connection)
        assert waiting.result() is connection
        assert ask(connection, "ECHO", "yours") == b"yours"
        pool.release(connection)


def test_reset_wakes_those_who_wait(make_pool: MakePool) -> None:
    with make_pool(max_connections=1) as pool:
        old = pool.get_connection()
        (waiting,) = line_up(pool, 1)
        pool.reset()
        fresh = waiting.result()
        assert fresh is not old
        assert ask(fresh, "PING") == b"PONG"
        pool.release(old)
        pool.release(fresh)
        assert not old.is_connected
        assert counts(pool) == (1, 1, 0)


def test_a_failing_server_lets_everybody_know(own_server: RealServer) -> None:
    with BlockingConnectionPool(2, host=own_server.host, port=own_server.port) as pool:
        ask_pool(pool, "PING")
        own_server.kill()
        attempts = [spawn(ask_pool, pool, "PING") for _ in range(10)]
        for attempt in attempts:
            with pytest.raises(RedisConnectionError):
                attempt.result()
        created, idle, used = counts(pool)
        assert created == idle <= 2
        assert used == 0


@pytest.mark.parametrize("kind", [queue.Queue, queue.LifoQueue, None])
def test_a_queue_class_of_ones_own(make_pool: MakePool, kind: Any) -> None:
    with make_pool(queue_class=kind) as pool:
        first, second = pool.get_connection(), pool.get_connection()
        for connection in (first, second):
            pool.release(connection)
        assert pool.pool.qsize() == 2
        taken = pool.get_connection()
        assert taken is (first if kind is queue.Queue else second)
        assert counts(pool) == (2, 1, 1)
        pool.release(taken)
        assert pool.pool.qsize() == 2


def test_a_queue_class_of_ones_own_and_idle_times(make_pool: MakePool) -> None:
    with pytest.raises(ConfigurationError, match="max_idle_time"):
        make_pool(queue_class=queue.Queue, max_idle_time=5)


def test_idle_connections_are_closed(make_pool: MakePool) -> None:
    with make_pool(max_connections=2, max_idle_time=0.03, idle_check_interval=0.01) as pool:
        ask_pool(pool, "PING")
        until(lambda: counts(pool) == (0, 0, 0))
        assert ask_pool(pool, "PING") == b"PONG"


def test_a_wrong_timeout() -> None:
    with pytest.raises(ConfigurationError, match="timeout"):
        BlockingConnectionPool(timeout=-1)
