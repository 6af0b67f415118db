# asyncio only
"""Cancelling whoever waits for a lock, or is just being given it, leaves no lock behind."""

from __future__ import annotations

import asyncio

import pytest

from multiplexer.asyncio import Database
from tests.servers import FaultProxy, RealServer

from ._world import until
from .connecting import connect


async def test_cancelled_while_waiting(db: Database[bytes]) -> None:
    async with db.lock("lock", timeout=10) as holder:
        task = asyncio.create_task(db.lock("lock", timeout=10, sleep=0.01).acquire())
        await asyncio.sleep(0.03)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await holder.owned()
    assert await db.get("lock") is None


async def test_cancelled_at_any_moment(db: Database[bytes], server: RealServer) -> None:
    for turns in range(12):
        lock = db.lock("lock", timeout=60)
        task = asyncio.create_task(lock.acquire())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        try:
            assert await task
        except asyncio.CancelledError:
            await db.ping()  # what was sent behind the attempt is done
        else:
            assert await lock.owned()
            await lock.release()
        assert server.command("EXISTS", "lock") == 0, turns


async def test_cancelled_when_taken_and_not_heard(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy) as mux:
            proxy.black_hole("to_client")
            task = asyncio.create_task(mux.get_database().lock("lock", timeout=60).acquire())
            await until(lambda: server.command("EXISTS", "lock") == 1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await until(lambda: server.command("EXISTS", "lock") == 0)
            proxy.reset()  # or closing would wait for the replies that are lost


async def test_cancelled_inside(db: Database[bytes]) -> None:
    entered = asyncio.Event()

    async def work() -> None:
        async with db.lock("lock", timeout=60):
            entered.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(work())
    await entered.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await db.get("lock") is None
