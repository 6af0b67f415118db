# Generated from tests/asyncio/truth/test_closing.py by scripts/generate_blocking.py; change that file instead.
"""Closing lets due replies arrive, fails what comes later, and hangs nobody."""

from __future__ import annotations

import time
from functools import partial

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import MultiplexerClosedError, RedisError
from tests.blocking._world import Event, gather, sleep, spawn, until
from tests.blocking.truth.conftest import Connect
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import SLACK, Ledger


def test_replies_that_are_due_arrive_before_it_closes(
    mux: ConnectionMultiplexer, db: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    proxy.delay(0.1)
    before = proxy.to_server.items
    tasks = [spawn(partial(db.incr, "n")) for _ in range(50)]
    until(lambda: proxy.to_server.items - before >= 50)
    mux.close()
    assert sorted([task.result() for task in tasks]) == list(range(1, 51))


def test_later_calls_say_that_it_is_closed(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    db.ping()
    mux.close()
    with pytest.raises(MultiplexerClosedError) as caught:
        db.incr("n")
    assert not caught.value.was_sent
    batch = db.batch()
    batch.incr("n")
    with pytest.raises(MultiplexerClosedError):
        batch.execute()
    pipeline = db.pipeline()
    pipeline.incr("n")
    with pytest.raises(MultiplexerClosedError):
        pipeline.execute()
    with pytest.raises(RedisError):
        mux.get_subscriber().subscribe("channel")
    assert not mux.is_connected


def test_closing_again_and_at_the_same_time_does_nothing(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    db.ping()
    gather(*[mux.close] * 8)
    mux.close()


@pytest.mark.parametrize("when", range(4))
def test_closing_in_the_midst_of_work_tells_every_caller_the_truth(
    mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer, when: int
) -> None:
    ledger = Ledger("list", 2.0)

    def work(caller: str) -> None:
        for number in range(100_000):
            with ledger.call(caller, number) as token:
                db.rpush("list", token)
            if ledger.errors.get(token) is not None:
                return

    tasks = [spawn(work, f"c{n}") for n in range(16)]
    until(lambda: len(ledger.acknowledged) > 100 * when)
    mux.close()
    for task in tasks:
        task.result()
    assert {type(error) for error in ledger.errors.values()} == {MultiplexerClosedError}
    ledger.check(server.command("LRANGE", "list", 0, -1))
    assert not ledger.unknown, "what was sent was answered"


def test_closing_while_nothing_answers_ends_in_time(connect: Connect, proxy: FaultProxy) -> None:
    mux = connect(timeout=0.4)
    db = mux.get_database()
    db.ping()
    proxy.black_hole()
    ledger = Ledger("hole", 1.0)

    def ask(number: int) -> None:
        with ledger.call(f"c{number}", 0):
            db.with_options(timeout=30.0).incr("n")

    before = proxy.to_server.items
    tasks = [spawn(ask, number) for number in range(8)]
    until(lambda: proxy.to_server.items - before >= 8)
    started = time.monotonic()
    mux.close()
    assert time.monotonic() - started < 0.4 + SLACK
    for task in tasks:
        task.result(1.0)
    assert len(ledger.unknown) == 8
    assert {type(error) for error in ledger.errors.values()} == {MultiplexerClosedError}
    proxy.restore()


def test_closing_while_it_is_disconnected_ends_at_once(mux: ConnectionMultiplexer, proxy: FaultProxy) -> None:
    proxy.refuse()
    proxy.reset()
    until(lambda: not mux.is_connected)
    ledger = Ledger("away", 2.0)

    def ask(number: int) -> None:
        with ledger.call(f"c{number}", 0):
            mux.get_database().incr("n")

    tasks = [spawn(ask, number) for number in range(8)]
    sleep(0.05)
    started = time.monotonic()
    mux.close()
    assert time.monotonic() - started < SLACK
    for task in tasks:
        task.result(1.0)
    assert len(ledger.not_sent) == 8
    assert {type(error) for error in ledger.errors.values()} == {MultiplexerClosedError}


def test_closing_while_it_connects_ends_in_time(proxy: FaultProxy, connect: Connect) -> None:
    proxy.black_hole()
    task = spawn(connect)
    until(lambda: proxy.connections)
    mux = task.result()
    started = time.monotonic()
    mux.close()
    assert time.monotonic() - started < SLACK
    proxy.restore()


def test_callers_that_wait_for_a_place_learn_of_the_closing(connect: Connect, proxy: FaultProxy) -> None:
    mux = connect(max_pending=4, timeout=0.5)
    db = mux.get_database().with_options(timeout=20.0)
    db.ping()
    proxy.black_hole()
    ledger = Ledger("parked", 1.0)

    def ask(number: int) -> None:
        with ledger.call(f"c{number}", 0):
            db.incr("n")

    tasks = [spawn(ask, number) for number in range(16)]
    sleep(0.1)
    mux.close()
    for task in tasks:
        task.result(1.0)
    assert len(ledger.errors) == 16
    assert {type(error) for error in ledger.errors.values()} == {MultiplexerClosedError}
    proxy.restore()


def test_a_handler_may_close(mux: ConnectionMultiplexer, db: Database[bytes], proxy: FaultProxy) -> None:
    closed = Event()

    def close(event: object) -> None:
        mux.close()
        closed.set()

    mux.connection_failed += close
    db.ping()
    proxy.refuse()
    proxy.reset()
    closed.wait(5)
    with pytest.raises(MultiplexerClosedError):
        db.ping()


def test_a_handler_of_messages_may_close(connect: Connect, db: Database[bytes]) -> None:
    mux = connect()
    closed = Event()

    def close(publication: object) -> None:
        mux.close()
        closed.set()

    mux.get_subscriber().subscribe("end", handler=close)
    assert db.publish("end", "now") == 1
    closed.wait(5)
    with pytest.raises(MultiplexerClosedError):
        mux.get_database().ping()


def test_subscriptions_end_with_the_multiplexer(mux: ConnectionMultiplexer) -> None:
    subscription = mux.get_subscriber().subscribe("channel")

    def collect() -> list[object]:
        return [publication for publication in subscription]

    task = spawn(collect)
    sleep(0.02)
    mux.close()
    assert task.result(1.0) == []
