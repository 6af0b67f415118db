"""Forks a process that holds pools; ends with code 0 where parent and child both did well.

Arguments: port, what to try (the name of a function below).
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading

import pytest

from multiplexer.errors import RedisConnectionError
from multiplexer.pools import BlockingConnectionPool, Connection, ConnectionPool
from multiplexer.pools.asyncio import ConnectionPool as AsyncioPool

from .forking import check, in_child


def ask(connection: Connection, *command: object) -> object:
    connection.send_command(*command)
    return connection.read_response()


def out_of_the_pool(port: int, kind: type[ConnectionPool] = ConnectionPool) -> None:
    """The parent's connections that are in use stay the parent's; the child's pool starts empty."""
    with kind(host="127.0.0.1", port=port) as pool:
        used, idle = pool.get_connection(), pool.get_connection()
        pool.release(idle)
        used.send_command("ECHO", "parent")

        def child() -> None:
            assert (pool.created_connections, pool._available_connections, pool._in_use_connections) == (0, [], set())
            assert pool.pid == os.getpid()
            with pytest.raises(RedisConnectionError, match="fork"):
                used.read_response()
            pool.release(used)
            own = pool.get_connection()
            assert own not in (used, idle)
            assert ask(own, "ECHO", "child") == b"child"
            pool.release(own)
            assert (pool.created_connections, len(pool._available_connections)) == (1, 1)

        check(in_child(child))
        assert used.read_response() == b"parent"
        assert ask(idle, "CLIENT ID") == idle.client_id
        pool.release(used)
        assert (pool.created_connections, len(pool._available_connections)) == (2, 2)


def out_of_the_waiting_pool(port: int) -> None:
    out_of_the_pool(port, BlockingConnectionPool)


def while_threads_use_it(port: int) -> None:
    """Forks come at any moment, also while another thread holds the pool's lock."""
    with BlockingConnectionPool(2, host="127.0.0.1", port=port) as pool:
        ended = threading.Event()
        failures: list[BaseException] = []

        def use(name: str) -> None:
            number = 0
            try:
                while not ended.is_set():
                    number += 1
                    connection = pool.get_connection()
                    try:
                        assert ask(connection, "ECHO", f"{name}-{number}") == f"{name}-{number}".encode()
                    finally:
                        pool.release(connection)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=use, args=(f"thread{number}",)) for number in range(4)]
        for thread in threads:
            thread.start()

        def child() -> None:
            for _ in range(5):
                connection = pool.get_connection()
                assert ask(connection, "ECHO", "child") == b"child"
                pool.release(connection)

        for _ in range(25):
            check(in_child(child))
        ended.set()
        for thread in threads:
            thread.join(10)
            assert not thread.is_alive()
        assert not failures, failures
        assert pool.created_connections == len(pool._available_connections) <= 2


def idle_times(port: int) -> None:
    """The child's pool closes idle connections too."""
    with ConnectionPool(host="127.0.0.1", port=port, max_idle_time=0.05, idle_check_interval=0.01) as pool:
        pool.release(pool.get_connection())

        def child() -> None:
            pool.release(pool.get_connection())
            while pool.created_connections:
                pass

        check(in_child(child))


def event_loop(port: int) -> None:
    """A child without the loop leaves the parent's connections alone, and can have a loop of its own."""

    async def parent() -> None:
        async with AsyncioPool(host="127.0.0.1", port=port) as pool:
            used, idle = await pool.get_connection(), await pool.get_connection()
            await pool.release(idle)
            await used.send_command("ECHO", "parent")
            pid = in_child(lambda: child(pool))
            await asyncio.to_thread(check, pid)
            assert await used.read_response() == b"parent"
            await idle.send_command("PING")
            assert await idle.read_response() == b"PONG"
            await pool.release(used)

    def child(pool: AsyncioPool) -> None:
        asyncio._set_running_loop(None)
        asyncio.run(use(pool), debug=False)

    async def use(pool: AsyncioPool) -> None:
        assert pool.created_connections == 0
        connection = await pool.get_connection()
        await connection.send_command("PING")
        assert await connection.read_response() == b"PONG"
        await pool.release(connection)
        await pool.aclose()

    asyncio.run(parent(), debug=False)  # it tells of what took long, as a fork may


if __name__ == "__main__":
    globals()[sys.argv[2]](int(sys.argv[1]))
