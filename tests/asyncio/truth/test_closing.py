"""Closing lets due replies arrive, fails what comes later, and hangs nobody."""

from __future__ import annotations

import time
from functools import partial

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import MultiplexerClosedError, RedisError
from tests.asyncio._world import Event, gather, sleep, spawn, until
from tests.asyncio.truth.conftest import Connect
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import SLACK, Ledger


async def test_replies_that_are_due_arrive_before_it_closes(
    mux: ConnectionMultiplexer, db: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    proxy.delay(0.1)
    before = proxy.to_server.items
    tasks = [spawn(partial(db.incr, "n")) for _ in range(50)]
    await until(lambda: proxy.to_server.items - before >= 50)
    await mux.aclose()
    assert sorted([await task.result() for task in tasks]) == list(range(1, 51))


async def test_later_calls_say_that_it_is_closed(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    await db.ping()
    await mux.aclose()
    with pytest.raises(MultiplexerClosedError) as caught:
        await db.incr("n")
    assert not caught.value.was_sent
    batch = db.batch()
    batch.incr("n")
    with pytest.raises(MultiplexerClosedError):
        await batch.execute()
    pipeline = db.pipeline()
    pipeline.incr("n")
    with pytest.raises(MultiplexerClosedError):
        await pipeline.execute()
    with pytest.raises(RedisError):
        await mux.get_subscriber().subscribe("channel")
    assert not mux.is_connected


async def test_closing_again_and_at_the_same_time_does_nothing(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    await db.ping()
    await gather(*[mux.aclose] * 8)
    await mux.aclose()


@pytest.mark.parametrize("when", range(4))
async def test_closing_in_the_midst_of_work_tells_every_caller_the_truth(
    mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer, when: int
) -> None:
    ledger = Ledger("list", 2.0)

    async def work(caller: str) -> None:
        for number in range(100_000):
            with ledger.call(caller, number) as token:
                await db.rpush("list", token)
            if ledger.errors.get(token) is not None:
                return

    tasks = [spawn(work, f"c{n}") for n in range(16)]
    await until(lambda: len(ledger.acknowledged) > 100 * when)
    await mux.aclose()
    for task in tasks:
        await task.result()
    assert {type(error) for error in ledger.errors.values()} == {MultiplexerClosedError}
    ledger.check(server.command("LRANGE", "list", 0, -1))
    assert not ledger.unknown, "what was sent was answered"


async def test_closing_while_nothing_answers_ends_in_time(connect: Connect, proxy: FaultProxy) -> None:
    mux = await connect(timeout=0.4)
    db = mux.get_database()
    await db.ping()
    proxy.black_hole()
    ledger = Ledger("hole", 1.0)

    async def ask(number: int) -> None:
        with ledger.call(f"c{number}", 0):
            await db.with_options(timeout=30.0).incr("n")

    before = proxy.to_server.items
    tasks = [spawn(ask, number) for number in range(8)]
    await until(lambda: proxy.to_server.items - before >= 8)
    started = time.monotonic()
    await mux.aclose()
    assert time.monotonic() - started < 0.4 + SLACK
    for task in tasks:
        await task.result(1.0)
    assert len(ledger.unknown) == 8
    assert {type(error) for error in ledger.errors.values()} == {MultiplexerClosedError}
    proxy.restore()


async def test_closing_while_it_is_disconnected_ends_at_once(mux: ConnectionMultiplexer, proxy: FaultProxy) -> None:
    proxy.refuse()
    proxy.reset()
    await until(lambda: not mux.is_connected)
    ledger = Ledger("away", 2.0)

    async def ask(number: int) -> None:
        with ledger.call(f"c{number}", 0):
            await mux.get_database().incr("n")

    tasks = [spawn(ask, number) for number in range(8)]
    await sleep(0.05)
    started = time.monotonic()
    await mux.aclose()
    assert time.monotonic() - started < SLACK
    for task in tasks:
        await task.result(1.0)
    assert len(ledger.not_sent) == 8
    assert {type(error) for error in ledger.errors.values()} == {MultiplexerClosedError}


async def test_closing_while_it_connects_ends_in_time(proxy: FaultProxy, connect: Connect) -> None:
    proxy.black_hole()
    task = spawn(connect)
    await until(lambda: proxy.connections)
    mux = await task.result()
    started = time.monotonic()
    await mux.aclose()
    assert time.monotonic() - started < SLACK
    proxy.restore()


async def test_callers_that_wait_for_a_place_learn_of_the_closing(connect: Connect, proxy: FaultProxy) -> None:
    mux = await connect(max_pending=4, timeout=0.5)
    db = mux.get_database().with_options(timeout=20.0)
    await db.ping()
    proxy.black_hole()
    ledger = Ledger("parked", 1.0)

    async def ask(number: int) -> None:
        with ledger.call(f"c{number}", 0):
            await db.incr("n")

    tasks = [spawn(ask, number) for number in range(16)]
    await sleep(0.1)
    await mux.aclose()
    for task in tasks:
        await task.result(1.0)
    assert len(ledger.errors) == 16
    assert {type(error) for error in ledger.errors.values()} == {MultiplexerClosedError}
    proxy.restore()


async def test_a_handler_may_close(mux: ConnectionMultiplexer, db: Database[bytes], proxy: FaultProxy) -> None:
    closed = Event()

    async def close(event: object) -> None:
        await mux.aclose()
        closed.set()

    mux.connection_failed += close
    await db.ping()
    proxy.refuse()
    proxy.reset()
    await closed.wait(5)
    with pytest.raises(MultiplexerClosedError):
        await db.ping()


async def test_a_handler_of_messages_may_close(connect: Connect, db: Database[bytes]) -> None:
    mux = await connect()
    closed = Event()

    async def close(publication: object) -> None:
        await mux.aclose()
        closed.set()

    await mux.get_subscriber().subscribe("end", handler=close)
    assert await db.publish("end", "now") == 1
    await closed.wait(5)
    with pytest.raises(MultiplexerClosedError):
        await mux.get_database().ping()


async def test_subscriptions_end_with_the_multiplexer(mux: ConnectionMultiplexer) -> None:
    subscription = await mux.get_subscriber().subscribe("channel")

    async def collect() -> list[object]:
        return [publication async for publication in subscription]

    task = spawn(collect)
    await sleep(0.02)
    await mux.aclose()
    assert await task.result(1.0) == []
