# asyncio only
"""Whoever makes a value may be cancelled at any time, and whoever waits for it too."""

from __future__ import annotations

import asyncio

import pytest

from multiplexer.asyncio import Database

from ._world import until


async def test_another_takes_the_place_of_one_who_is_cancelled(db: Database[bytes]) -> None:
    called = asyncio.Event()

    async def never() -> bytes:
        called.set()
        await asyncio.Event().wait()
        return b"never"

    first = asyncio.create_task(db.get_or_load("k", loader=never, ttl=60))
    await called.wait()
    others = [asyncio.create_task(db.get_or_load("k", loader=lambda: "made", ttl=60)) for _ in range(5)]
    [load] = db._driver.loads.values()
    await until(lambda: len(load._waiting) == 5)
    others.pop().cancel()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await asyncio.gather(*others) == [b"made"] * 4
    assert db._driver.loads == {}


async def test_one_who_is_cancelled_at_any_time_leaves_no_token(db: Database[bytes]) -> None:
    async def slow() -> str:
        await asyncio.sleep(0.001)
        return "made"

    for turns in range(40):
        await db.delete("k")
        task = asyncio.create_task(db.get_or_load("k", loader=slow, ttl=60, load_timeout=60))
        for _ in range(turns):
            await asyncio.sleep(0.0001)
        task.cancel()
        assert await asyncio.wait_for(db.get_or_load("k", loader=lambda: "made", ttl=60), 5) == b"made"
        await asyncio.gather(task, return_exceptions=True)
