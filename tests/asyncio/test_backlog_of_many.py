# asyncio only
"""However many tasks wait for room, each costs the same. Counted is what is gone through, not time."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import RedisTimeoutError
from tests.servers import ScriptedServer
from tests.truth.ledger import SLACK

from ._world import until
from .connecting import connect
from .lateness import holds_deadline

BOUND = 2_000
TASKS = 20_000
#: How many have deadlines: their errors take a while to make on a busy machine, which says nothing of their order.
HASTY_TASKS = 4_000


class Counting(deque[Any]):
    """A queue that counts how many messages are looked at in passing through it."""

    looked_at = 0

    def __iter__(self) -> Iterator[Any]:
        Counting.looked_at += len(self)
        return super().__iter__()


async def full(server: ScriptedServer, **changes: Any) -> tuple[ConnectionMultiplexer, list[asyncio.Future[Any]]]:
    """Connect, end the connection, and fill the backlog up to its bound; return what waits there."""
    mux = await connect(server, max_pending=BOUND, **changes)
    server.stop_listening()
    server.close_connections()
    await until(lambda: not mux.is_connected)
    bridge: Any = mux._driver.bridges[0]
    bridge.backlog = Counting(bridge.backlog)
    bridge._waiting_for_room = Counting()
    db = mux.get_database()
    queued = [db.incr("n") for _ in range(BOUND)]
    Counting.looked_at = 0
    return mux, queued


async def test_a_task_beyond_the_bound_costs_no_look_at_those_before_it() -> None:
    with ScriptedServer() as server:
        mux, queued = await full(server, timeout=60)
        async with mux:
            waiting = [mux.get_database().incr("n") for _ in range(TASKS)]
            assert Counting.looked_at <= TASKS
            assert mux.get_counters()[0].interactive.responses_awaiting_async_completion == TASKS
            server.start_listening()
            assert await asyncio.gather(*queued, *waiting) == list(range(1, BOUND + TASKS + 1))
            assert Counting.looked_at <= 40 * (BOUND + TASKS)


async def test_tasks_that_are_cancelled_leave_their_place_to_others() -> None:
    with ScriptedServer() as server:
        mux, queued = await full(server, timeout=60)
        async with mux:
            waiting = [mux.get_database().incr("n") for _ in range(TASKS)]
            for call in queued[1:] + waiting[:-1]:
                call.cancel()
            assert Counting.looked_at <= 40 * (BOUND + TASKS)
            server.start_listening()
            assert await asyncio.gather(queued[0], waiting[-1]) == [1, 2]
            assert len(server.commands("INCR")) == 2


async def test_their_deadlines_hold() -> None:
    with ScriptedServer() as server:
        mux, queued = await full(server, timeout=1)
        async with mux:
            late: list[float] = []
            patient = mux.get_database().with_options(timeout=60).incr("n")

            def ended(due: float, call: asyncio.Future[Any]) -> None:
                late.append(time.monotonic() - max(due, made))
                assert isinstance(call.exception(), RedisTimeoutError)

            for number in range(HASTY_TASKS):
                seconds = 1 + number % 100 / 100
                due = time.monotonic() + seconds  # before the call: this process may be held up between the two
                call = mux.get_database().with_options(timeout=seconds).incr("n")
                call.add_done_callback(partial(ended, due))
            made = time.monotonic()  # until now nothing else could run
            Counting.looked_at = 0
            await until(lambda: len(late) == HASTY_TASKS)
            assert min(late) >= -0.01
            assert max(late) < SLACK
            for call in queued:
                with pytest.raises(RedisTimeoutError):
                    await call
            server.start_listening()
            assert await patient == 1


class Long(deque[Any]):
    """A queue that takes long to look through, as one of a hundred thousand does."""

    def __iter__(self) -> Iterator[Any]:
        time.sleep(0.015)
        return super().__iter__()


async def test_deadlines_hold_however_long_it_takes_to_look_for_them() -> None:
    with ScriptedServer() as server:
        mux, queued = await full(server, timeout=60)
        async with mux:
            bridge: Any = mux._driver.bridges[0]
            bridge._waiting_for_room = Long()

            async def call() -> None:
                first, second = (mux.get_database().with_options(timeout=after).incr("n") for after in (0.1, 0.13))
                await asyncio.gather(first, second, return_exceptions=True)

            await holds_deadline(call, 0.13)
            for each in queued:
                each.cancel()
