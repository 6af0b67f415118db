# asyncio only
"""A multiplexer belongs to one event loop and says so."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from multiplexer import ConfigurationOptions
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import WrongLoopError
from tests.servers import RealServer

from .connecting import connect


def _elsewhere(call: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run a call in an event loop of its own, in another thread."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(asyncio.run(call()))
        except Exception as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    return results[0]


async def test_calls_from_another_loop(server: RealServer) -> None:
    async with await connect(server) as mux:
        db = mux.get_database()

        async def get() -> Any:
            return await db.get("key")

        async def batch() -> Any:
            collector = db.batch()
            collector.get("key")
            return await collector.execute()

        for call in (get, batch):
            error = _elsewhere(call)
            assert isinstance(error, WrongLoopError)
            assert isinstance(error, RuntimeError)
            assert "for_running_loop" in str(error)
        assert await db.ping()


async def test_calls_from_a_thread_without_a_loop(server: RealServer) -> None:
    async with await connect(server) as mux:
        errors: list[BaseException] = []

        def call() -> None:
            try:
                mux.get_database().get("key")
            except WrongLoopError as error:
                errors.append(error)

        thread = threading.Thread(target=call)
        thread.start()
        thread.join(10)
        assert len(errors) == 1


async def test_each_loop_gets_its_own(server: RealServer) -> None:
    configuration = f"{server.host}:{server.port}"
    mine = await ConnectionMultiplexer.for_running_loop(configuration)

    async def other() -> tuple[bool, bool]:
        mux = await ConnectionMultiplexer.for_running_loop(configuration)
        same = await ConnectionMultiplexer.for_running_loop(configuration) is mux
        await mux.get_database().set("key", "from elsewhere")
        await mux.aclose()
        return mux is mine, same

    assert _elsewhere(other) == (False, True)
    assert await mine.get_database().get("key") == b"from elsewhere"
    assert await ConnectionMultiplexer.for_running_loop(configuration) is mine
    await mine.aclose()


async def test_several_tasks_share_the_loops_multiplexer_from_the_beginning(server: RealServer) -> None:
    configuration = f"{server.host}:{server.port},name=at-once"
    found = await asyncio.gather(*[ConnectionMultiplexer.for_running_loop(configuration) for _ in range(10)])
    assert len(set(map(id, found))) == 1
    assert await found[-1].get_database().ping()
    assert len([client for client in server.clients() if client["name"] == "at-once"]) == 1
    await found[0].aclose()


def test_without_a_loop_there_is_no_multiplexer() -> None:
    with pytest.raises(RuntimeError):
        ConnectionMultiplexer(ConfigurationOptions(endpoints="localhost"))
