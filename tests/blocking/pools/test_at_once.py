# Generated from tests/asyncio/pools/test_at_once.py by scripts/generate_blocking.py; change that file instead.
"""Ten calls at once on a pool of two: eight fail on the one kind of pool, none on the other."""

from __future__ import annotations

from functools import partial
from typing import Any

from multiplexer.errors import MaxConnectionsError
from multiplexer.pools.blocking import BlockingConnectionPool, ConnectionPool

from .._world import Event, gather, spawn, until
from .using import ask, ask_pool, counts


def test_the_pool_that_refuses(options: dict[str, Any]) -> None:
    with ConnectionPool(max_connections=2, **options) as pool:
        leave = Event()
        outcomes: list[str] = []

        def use() -> None:
            try:
                connection = pool.get_connection()
            except MaxConnectionsError:
                outcomes.append("failed")
                return
            outcomes.append("had")
            leave.wait()
            ask(connection, "GET", "fubar")
            pool.release(connection)

        tasks = [spawn(use) for _ in range(10)]
        until(lambda: len(outcomes) == 10)
        leave.set()
        for task in tasks:
            task.result()
        assert sorted(outcomes) == ["failed"] * 8 + ["had"] * 2
        assert counts(pool) == (2, 2, 0)


def test_the_pool_that_lets_wait(options: dict[str, Any]) -> None:
    with BlockingConnectionPool(max_connections=2, **options) as pool:
        ask_pool(pool, "SET", "fubar", 1)
        assert gather(*[partial(ask_pool, pool, "GET", "fubar")] * 10) == [b"1"] * 10
        created, available, in_use = counts(pool)
        assert 1 <= created <= 2  # threads that run one after the other need no second one
        assert (available, in_use) == (created, 0)
