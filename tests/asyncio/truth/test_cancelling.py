# asyncio only
"""Cancelling never lies: what was not written is never sent, and what was keeps its place among the replies."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import MultiplexerClosedError, RedisConnectionError
from tests.asyncio._world import gather, until
from tests.asyncio.truth.conftest import Connect
from tests.chance import seeded
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import Ledger
from tests.truth.workload import cut_reply, reset, settle, trouble

Send = Callable[[Database[bytes], bytes], Awaitable[object]]


async def one(db: Database[bytes], token: bytes) -> object:
    """Append a token in a command of its own."""
    return await db.rpush("list", token)


async def in_a_batch(db: Database[bytes], token: bytes) -> object:
    """Append it in a batch."""
    batch = db.batch()
    batch.get("k")
    batch.rpush("list", token)
    return await batch.execute()


async def in_a_transaction(db: Database[bytes], token: bytes) -> object:
    """Append it in a transaction."""
    pipeline = db.pipeline()
    pipeline.get("k")
    pipeline.rpush("list", token)
    return await pipeline.execute()


SENDS = [one, in_a_batch, in_a_transaction]


def cancelled(tasks: list[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()


async def ended(tasks: list[asyncio.Task[object]]) -> None:
    """Wait for cancelled tasks, and see that each says so."""
    await asyncio.wait(tasks, timeout=5)
    assert all(task.cancelled() for task in tasks)


@pytest.mark.parametrize("send", SENDS, ids=lambda send: send.__name__)
async def test_what_is_cancelled_while_it_waits_for_a_connection_is_never_sent(
    mux: ConnectionMultiplexer, proxy: FaultProxy, server: RealServer, send: Send
) -> None:
    db = mux.get_database()
    proxy.refuse()
    proxy.reset()
    await until(lambda: not mux.is_connected)
    gone = [asyncio.ensure_future(send(db, b"gone")) for _ in range(10)]
    kept = [asyncio.ensure_future(send(db, b"kept")) for _ in range(10)]
    await asyncio.sleep(0.02)
    cancelled(gone)
    await ended(gone)
    proxy.accept()
    await asyncio.gather(*kept)
    assert server.command("LRANGE", "list", 0, -1) == [b"kept"] * 10


@pytest.mark.parametrize("send", SENDS, ids=lambda send: send.__name__)
async def test_what_is_cancelled_in_the_turn_it_was_issued_is_not_sent_with_the_others(
    db: Database[bytes], proxy: FaultProxy, server: RealServer, send: Send
) -> None:
    await db.ping()
    proxy.black_hole("to_client")
    first = asyncio.ensure_future(send(db, b"first"))  # in flight, so that the others collect
    await asyncio.sleep(0)
    gone = [asyncio.ensure_future(send(db, b"gone")) for _ in range(10)]
    asyncio.get_running_loop().call_soon(cancelled, gone)
    await ended(gone)
    proxy.restore()
    await first
    await db.ping()
    assert server.command("LRANGE", "list", 0, -1) == [b"first"]


@pytest.mark.parametrize("send", SENDS, ids=lambda send: send.__name__)
async def test_what_is_cancelled_after_it_was_written_keeps_its_place(
    db: Database[bytes], proxy: FaultProxy, server: RealServer, send: Send
) -> None:
    await db.ping()
    proxy.delay(0.05, direction="to_client")
    gone = [asyncio.ensure_future(send(db, b"gone")) for _ in range(10)]
    echoes = [asyncio.ensure_future(db.echo(f"{number}")) for number in range(10)]
    await until(lambda: server.command("LLEN", "list") == 10)
    cancelled(gone)
    await ended(gone)
    assert await asyncio.gather(*echoes) == [b"%d" % number for number in range(10)]
    assert await db.echo("end") == b"end"
    assert proxy.connections == 1


async def test_nothing_is_said_of_errors_that_nobody_waits_for_any_more(db: Database[bytes], proxy: FaultProxy) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda loop, context: complaints.append(context))
    await db.ping()
    proxy.black_hole()
    tasks = [asyncio.ensure_future(send(db, b"t")) for send in SENDS for _ in range(5)]
    await asyncio.sleep(0.02)
    cancelled(tasks)
    await ended(tasks)
    proxy.reset()
    proxy.restore()
    assert await db.ping()
    del tasks
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []


@pytest.mark.chance
async def test_cancelling_at_random_moments_through_faults(
    db: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    ledger = Ledger("list", 2.0)
    end = time.monotonic() + 0.8

    async def call(caller: str, number: int, send: Send) -> None:
        with ledger.call(caller, number) as token:
            await send(db, token)

    async def work(caller: str) -> None:
        chance = seeded(caller)
        number = 0
        while time.monotonic() < end:
            task = asyncio.ensure_future(call(caller, number, chance.choice(SENDS)))
            if chance.random() < 0.5:
                await asyncio.sleep(chance.uniform(0, 0.003))
                task.cancel()
            await asyncio.wait([task])
            with suppress(RedisConnectionError):  # lost more often than it is sent again
                assert await db.echo(f"{caller}/{number}") == f"{caller}/{number}".encode()
            number += 1

    with trouble(proxy, (reset, cut_reply), "cancelling"):
        await gather(*[partial(work, f"c{n}") for n in range(16)])
    settle(server, proxy)
    await db.ping()
    ledger.check(server.command("LRANGE", "list", 0, -1))


async def test_a_cancelled_wait_for_a_place_leaves_the_line(connect: Connect, proxy: FaultProxy) -> None:
    mux = await connect(max_pending=2)
    db = mux.get_database()
    await db.ping()
    proxy.black_hole()
    tasks = [asyncio.ensure_future(one(db, b"gone")) for _ in range(10)]
    await asyncio.sleep(0.02)
    cancelled(tasks)
    await ended(tasks)
    proxy.restore()
    assert await asyncio.wait_for(db.echo("next"), 1) == b"next"
    assert await db.llen("list") == 2


async def test_closing_that_is_cancelled_closes_all_the_same(connect: Connect, proxy: FaultProxy) -> None:
    mux = await connect()
    db = mux.get_database()
    await db.ping()
    proxy.black_hole()
    call = asyncio.ensure_future(db.get("k"))
    await asyncio.sleep(0.01)
    closing = asyncio.ensure_future(mux.aclose())
    await asyncio.sleep(0.02)
    closing.cancel()
    await ended([closing])
    await mux.aclose()
    with pytest.raises(MultiplexerClosedError):
        await asyncio.wait_for(call, 1)
    proxy.restore()
    await until(lambda: not proxy.links)


async def test_a_call_made_after_the_others_were_cancelled_is_answered(db: Database[bytes], proxy: FaultProxy) -> None:
    for _ in range(20):
        tasks = [asyncio.ensure_future(one(db, b"t")) for _ in range(50)]
        await asyncio.sleep(0)
        cancelled(tasks)
        assert await db.echo("after") == b"after"
        await ended(tasks)
