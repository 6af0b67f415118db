"""Pools where processes fork, tasks are cancelled, threads interrupted and event loops end."""

from __future__ import annotations

import asyncio
import ctypes
import threading
import time
from typing import Any

import pytest

from multiplexer.pools import ConnectionPool
from multiplexer.pools.asyncio import BlockingConnectionPool as AsyncioBlockingPool
from multiplexer.pools.asyncio import ConnectionPool as AsyncioPool
from tests.asyncio._world import until
from tests.chance import seeded
from tests.servers import RealServer

from .running import run

FORKS = ("out_of_the_pool", "out_of_the_waiting_pool", "while_threads_use_it", "idle_times", "event_loop")


@pytest.mark.parametrize("what", FORKS)
def test_parent_and_child_both_keep_working(own_server: RealServer, what: str) -> None:
    outcome = run("pool_forking", own_server.port, what, strict=True)
    assert outcome.errors == ""
    assert outcome.code == 0


async def _ask(connection: Any, *command: Any) -> Any:
    await connection.send_command(*command)
    return await connection.read_response()


async def test_cancelled_between_command_and_reply(own_server: RealServer) -> None:
    async with AsyncioPool(host=own_server.host, port=own_server.port) as pool:
        connection = await pool.get_connection()
        task = asyncio.create_task(_ask(connection, "BLPOP", "list", 0))
        await until(lambda: connection._stream._reader is not None)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not connection.is_connected
        await pool.release(connection)
        assert (pool.created_connections, len(pool._available_connections)) == (1, 1)
        again = await pool.get_connection()
        assert await _ask(again, "ECHO", "mine") == b"mine"
        await pool.release(again)


async def test_cancelled_at_any_moment(own_server: RealServer) -> None:
    async with AsyncioBlockingPool(3, host=own_server.host, port=own_server.port) as pool:
        wrong: list[Any] = []

        async def use(name: str) -> None:
            number = 0
            while True:
                number += 1
                word = f"{name}-{number}".encode()
                connection = await pool.get_connection()
                try:
                    got = await _ask(connection, "ECHO", word)
                    if got != word:
                        wrong.append((got, word))
                finally:
                    await pool.release(connection)

        chance = seeded("pools")
        tasks = [asyncio.create_task(use(f"task{number}")) for number in range(10)]
        for number in range(400):
            await asyncio.sleep(chance.random() * 0.002)
            at = chance.randrange(len(tasks))
            tasks[at].cancel()
            await asyncio.wait(tasks[at : at + 1])
            tasks[at] = asyncio.create_task(use(f"late{number}"))
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert not wrong
        assert not pool._waiting
        assert not pool._in_use_connections
        assert pool.created_connections == len(pool._available_connections) <= 3


async def test_cancelled_as_the_connection_comes(own_server: RealServer) -> None:
    async with AsyncioBlockingPool(1, host=own_server.host, port=own_server.port) as pool:
        connection = await pool.get_connection()
        first, second = (asyncio.create_task(pool.get_connection()) for _ in range(2))
        await until(lambda: len(pool._waiting) == 2)
        await pool.release(connection)  # given to the first, which has not run since
        first.cancel()
        assert await second is connection
        with pytest.raises(asyncio.CancelledError):
            await first
        await pool.release(connection)
        assert (pool.created_connections, len(pool._available_connections)) == (1, 1)


class Interruption(BaseException):
    """Comes in anywhere, as KeyboardInterrupt does."""


def test_interrupted_between_command_and_reply(own_server: RealServer) -> None:
    with ConnectionPool(host=own_server.host, port=own_server.port) as pool:
        connection = pool.get_connection()
        failures: list[BaseException] = []

        def block() -> None:
            try:
                connection.send_command("BLPOP", "list", 0)
                connection.read_response()
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=block)
        thread.start()
        while connection._stream is not None and not connection._stream._receiving:
            time.sleep(0.001)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Interruption))
        thread.join(10)
        assert isinstance(failures[0], Interruption)
        assert not connection.is_connected
        pool.release(connection)
        again = pool.get_connection()
        again.send_command("ECHO", "mine")
        assert again.read_response() == b"mine"
        pool.release(again)


def test_a_pool_outlives_its_event_loop(own_server: RealServer) -> None:
    pool = AsyncioPool(host=own_server.host, port=own_server.port)

    async def use() -> Any:
        connection = await pool.get_connection()
        try:
            return await _ask(connection, "PING")
        finally:
            await pool.release(connection)

    async def use_and_close() -> Any:
        try:
            return await use()
        finally:
            await pool.aclose()

    assert asyncio.run(use()) == b"PONG"
    assert asyncio.run(use_and_close()) == b"PONG"
    assert pool.created_connections == 1
