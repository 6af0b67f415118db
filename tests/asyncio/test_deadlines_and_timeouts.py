# asyncio only
"""``multiplexer.deadline`` beside asyncio's own timeouts and tasks: whichever is shorter ends a call."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

import multiplexer
from multiplexer.drivers import deadlines
from multiplexer.errors import RedisTimeoutError
from tests.servers import Hold, RealServer, ScriptedServer

from .connecting import connect

SHORT, LONG = 0.1, 20.0
#: Seconds that closing waits for what was sent.
BRIEF = 1.0


@pytest.fixture
def hanging() -> Iterator[ScriptedServer]:
    """A server that never answers HGET."""
    stop = threading.Event()
    with ScriptedServer() as server:
        server.on("HGET", Hold(stop))
        yield server
        stop.set()


async def test_the_shorter_of_the_two_ends_a_call(hanging: ScriptedServer) -> None:
    async with await connect(hanging, timeout=BRIEF, heartbeat_interval=60.0) as mux:
        db = mux.get_database().with_options(timeout=LONG)
        for outer, inner in (
            (multiplexer.deadline(SHORT), asyncio.timeout(LONG)),
            (multiplexer.deadline(SHORT), asyncio.timeout(None)),
        ):
            with outer, pytest.raises(RedisTimeoutError):
                async with inner:
                    await db.hget("key", "field")
        with multiplexer.deadline(LONG), pytest.raises(TimeoutError) as caught:
            async with asyncio.timeout(SHORT):
                await db.hget("key", "field")
        assert not isinstance(caught.value, RedisTimeoutError)
        with multiplexer.deadline(LONG), pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.create_task(db.hget("key", "field")), SHORT)
    assert deadlines.active == 0


async def test_tasks_of_a_group_share_it(hanging: ScriptedServer, server: RealServer) -> None:
    async with await connect(hanging, timeout=BRIEF, heartbeat_interval=60.0) as slow, await connect(server) as mux:
        db = slow.get_database().with_options(timeout=LONG)
        with multiplexer.deadline(SHORT):
            outcomes = await asyncio.gather(*[db.hget("key", "field") for _ in range(10)], return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [RedisTimeoutError] * 10

        async def in_group() -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(db.hget("key", "field"))
                group.create_task(asyncio.sleep(LONG))

        with multiplexer.deadline(SHORT), pytest.raises(ExceptionGroup) as caught:
            await in_group()
        assert [type(error) for error in caught.value.exceptions] == [RedisTimeoutError]

        async def elsewhere() -> object:
            return await mux.get_database().get("key")

        task = asyncio.create_task(elsewhere())  # before the block: it knows nothing of it
        with multiplexer.deadline(0):
            assert await task is None


async def test_a_block_that_is_cancelled_leaves_nothing(hanging: ScriptedServer) -> None:
    async with await connect(hanging, timeout=BRIEF, heartbeat_interval=60.0) as mux:

        async def call() -> None:
            with multiplexer.deadline(LONG):
                await mux.get_database().with_options(timeout=LONG).hget("key", "field")

        task = asyncio.create_task(call())
        await asyncio.sleep(0)
        assert deadlines.active == 1
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert deadlines.active == 0
        assert deadlines.left() == float("inf")
