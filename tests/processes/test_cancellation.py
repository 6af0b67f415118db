"""Tasks are cancelled at any moment: what was not sent never is, what was sent keeps its place, others see nothing."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from tests.chance import seeded
from tests.servers import RealServer


@pytest.fixture(params=[2, 3], ids=["resp2", "resp3"])
async def mux(own_server: RealServer, request: pytest.FixtureRequest) -> AsyncIterator[ConnectionMultiplexer]:
    async with await ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port},protocol={request.param}") as mux:
        yield mux


class Caller:
    """A task that calls, and may be cancelled."""

    def __init__(self, mux: ConnectionMultiplexer, name: str) -> None:
        self._mux = mux
        self._db = mux.get_database(decode=True)
        self._name = name
        self.calls = 0
        self.wrong: list[Any] = []

    def _compare(self, got: Any, expected: Any) -> None:
        if got != expected:
            self.wrong.append((got, expected))
        self.calls += 1

    async def run(self) -> None:
        while True:
            word = f"{self._name}-{self.calls}"
            self._compare(await self._db.echo(word), word)
            batch = self._db.batch()
            batch.echo(word)
            batch.echo(word + "!")
            self._compare(await batch.execute(), [word, word + "!"])
            async with self._db.pipeline() as pipeline:
                pipeline.set(self._name, word).get(self._name)
                self._compare(await pipeline.execute(), [True, word])
            large = word + "x" * 70_000
            self._compare(
                await asyncio.gather(self._db.set(self._name, large), self._db.get(self._name)), [True, large]
            )
            async with await self._mux.get_subscriber().subscribe(word) as subscription:
                await self._db.publish(word, word)
                self._compare((await subscription.get(5)).data, word.encode())


@pytest.mark.chance
async def test_cancelled_at_random_moments(mux: ConnectionMultiplexer) -> None:
    choose = seeded("cancellation")
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
    steady = [Caller(mux, f"steady{number}") for number in range(3)]
    running = [asyncio.create_task(caller.run()) for caller in steady]
    cancelled = []
    for number in range(400):
        caller = Caller(mux, f"cancelled{number}")
        cancelled.append(caller)
        task = asyncio.create_task(caller.run())
        for _ in range(choose.randrange(12)):
            await asyncio.sleep(0)
        if number % 4 == 0:
            await asyncio.sleep(choose.uniform(0, 0.004))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    for task in running:
        assert not task.done(), task
        task.cancel()
    await asyncio.wait(running)
    assert [wrong for caller in [*steady, *cancelled] for wrong in caller.wrong] == []
    assert all(caller.calls for caller in steady)
    assert await mux.get_database(decode=True).echo("after") == "after"
    counters = mux.get_counters()[0].interactive
    assert counters.socket_count == 1
    assert (counters.pending_unsent_items, counters.sent_items_awaiting_response) == (0, 0)
    gc.collect()  # what was never retrieved complains now
    assert complaints == []


async def test_what_is_cancelled_before_it_is_sent_never_is(own_server: RealServer, mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    assert await db.set("number", 0)
    own_server.kill()
    while mux.is_connected:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    calls = [db.incr("number") for _ in range(10)]
    batch = db.batch()
    batch.incr("number")
    batch.incr("number")
    unit = asyncio.create_task(batch.execute())
    await asyncio.sleep(0.01)
    for call in calls[1:]:
        call.cancel()
    unit.cancel()
    own_server.restart()
    assert await calls[0] == 1
    with pytest.raises(asyncio.CancelledError):
        await unit
    assert await db.get("number") == b"1"


async def test_a_deadline_of_asyncios_own(own_server: RealServer, mux: ConnectionMultiplexer) -> None:
    """Replies that come after all belong to calls nobody waits for, and to no others."""
    db = mux.get_database(decode=True)
    own_server.pause()
    for number in range(5):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02):
                await asyncio.gather(*[db.echo(f"{number}-{other}") for other in range(20)])
    own_server.resume()
    words = [f"after-{number}" for number in range(50)]
    assert await asyncio.gather(*map(db.echo, words)) == words
