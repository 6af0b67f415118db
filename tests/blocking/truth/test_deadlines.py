# Generated from tests/asyncio/truth/test_deadlines.py by scripts/generate_blocking.py; change that file instead.
"""No call outlives its deadline, whatever the server and the network do."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import RedisConnectionError, RedisError, RedisTimeoutError
from tests.blocking._world import gather, spawn, until
from tests.blocking.truth.conftest import QUICK, Connect
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import SLACK, Ledger

LONGEST = 0.3
LARGE = b"x" * (8 * 1024 * 1024)


def every_kind_of_call(db: Database[bytes]) -> list[BaseException]:
    """Make calls of every kind at once, each of which must fail in time; return their errors."""

    def failing(call: Callable[[], Any]) -> BaseException:
        started = time.monotonic()
        with pytest.raises(RedisError) as caught:
            call()
        took = time.monotonic() - started
        assert took < LONGEST + SLACK, f"took {took:.2f} s: {caught.value}"
        return caught.value

    batch = db.batch()
    transaction = db.pipeline()
    for number in range(5):
        batch.set("k", number)
        transaction.set("k", number)
    calls: list[Callable[[], Any]] = [
        partial(db.get, "k"),
        partial(db.incr, "n"),
        partial(db.mget, ["a", "b"]),
        partial(db.ping),
        batch.execute,
        transaction.execute,
    ]
    return gather(*[partial(failing, call) for call in calls])


def hole(proxy: FaultProxy) -> None:
    """Swallow everything, both ways."""
    proxy.black_hole()


def hole_to_server(proxy: FaultProxy) -> None:
    """Swallow requests."""
    proxy.black_hole("to_server")


def hole_to_client(proxy: FaultProxy) -> None:
    """Swallow replies."""
    proxy.black_hole("to_client")


def dribble(proxy: FaultProxy) -> None:
    """Deliver replies at three bytes a second."""
    proxy.limit(1, pause=0.3, direction="to_client")


def nobody_there(proxy: FaultProxy) -> None:
    """Refuse connections after ending those there are."""
    proxy.refuse()
    proxy.reset()


def hole_for_handshakes(proxy: FaultProxy) -> None:
    """Take connections, and answer nothing on them."""
    proxy.black_hole("to_client")
    proxy.reset()


@pytest.mark.parametrize(
    "network",
    [hole, hole_to_server, hole_to_client, dribble, nobody_there, hole_for_handshakes],
    ids=lambda network: network.__name__,
)
def test_no_call_outlives_its_deadline(
    db: Database[bytes], proxy: FaultProxy, network: Callable[[FaultProxy], None]
) -> None:
    db.set("k", "v")
    network(proxy)
    every_kind_of_call(db.with_options(timeout=LONGEST))
    proxy.restore()
    proxy.accept()
    assert db.set("k", "w") is True
    assert db.get("k") == b"w"


def test_no_call_outlives_its_deadline_while_the_server_is_stopped(own_server: RealServer) -> None:
    with ConnectionMultiplexer.connect(f"{own_server.host}:{own_server.port}", **QUICK) as mux:
        db = mux.get_database()
        db.set("n", 0)
        own_server.pause()
        try:
            errors = every_kind_of_call(db.with_options(timeout=LONGEST))
        finally:
            own_server.resume()
        assert all(isinstance(error, RedisTimeoutError) for error in errors)
        assert db.incr("n") == 2, "what was sent to the stopped server is applied now, and nothing else is"


@contextmanager
def writes_stalled(proxy: FaultProxy) -> Iterator[None]:
    """Let nothing be taken from the client's socket, so that its buffers fill up."""
    proxy.stall("to_server")
    try:
        yield
    finally:
        proxy.restore()


def test_no_large_write_outlives_its_deadline(db: Database[bytes], proxy: FaultProxy) -> None:
    ledger = Ledger("stalled", LONGEST)
    hasty = db.with_options(timeout=LONGEST)

    def store(number: int) -> None:
        with ledger.call(f"large-{number}", 0):
            hasty.set(f"large-{number}", LARGE)

    def ask(number: int) -> None:
        with ledger.call(f"small-{number}", 0):
            hasty.incr("n")

    with writes_stalled(proxy):
        gather(*[partial(store, n) for n in range(3)], *[partial(ask, n) for n in range(8)])
    assert not ledger.acknowledged
    ledger.check_count(0)
    assert until(partial(succeeds, db))


def succeeds(db: Database[bytes]) -> bool:
    """Say whether the multiplexer works."""
    try:
        return bool(db.ping())
    except RedisError:
        return False


def test_a_silent_peer_is_given_up(connect: Connect, proxy: FaultProxy, server: RealServer) -> None:
    mux = connect(timeout=0.1)
    db = mux.get_database()
    patient = db.with_options(timeout=20)
    patient.set("k", "v")
    proxy.black_hole()
    with pytest.raises(RedisTimeoutError):
        db.get("k")
    until(lambda: proxy.connections > 1, timeout=5)
    proxy.restore()
    assert until(partial(succeeds, db))
    assert patient.get("k") == b"v"


def test_connecting_to_a_black_hole_ends_in_time(proxy: FaultProxy) -> None:
    proxy.black_hole()
    started = time.monotonic()
    with pytest.raises((RedisTimeoutError, RedisConnectionError)):
        ConnectionMultiplexer.connect(
            f"{proxy.host}:{proxy.port}", **{**QUICK, "connect_timeout": 0.2, "abort_connect": True, "connect_retry": 2}
        )
    assert time.monotonic() - started < 0.4 + SLACK
    proxy.restore()


def test_a_call_waits_for_a_place_no_longer_than_its_deadline(connect: Connect, proxy: FaultProxy) -> None:
    mux = connect(max_pending=4)
    db = mux.get_database()
    db.ping()
    proxy.black_hole()
    ledger = Ledger("bounded", LONGEST)
    hasty = db.with_options(timeout=LONGEST)

    def ask(number: int) -> None:
        with ledger.call(f"c{number}", 0):
            hasty.incr("n")

    gather(*[partial(ask, number) for number in range(16)])
    assert not ledger.acknowledged
    assert len(ledger.not_sent) >= 8  # not 12: threads that look at the same moment find the same place free
    proxy.restore()
    db.ping()
    ledger.check_count(int(db.get("n") or 0))


def test_waiting_for_a_place_ends_when_there_is_one(connect: Connect, proxy: FaultProxy) -> None:
    mux = connect(max_pending=4)
    db = mux.get_database()
    proxy.delay(0.01)
    assert sorted(gather(*[partial(db.incr, "n")] * 40)) == list(range(1, 41))


def test_a_timed_out_call_does_not_hold_up_the_next(db: Database[bytes], proxy: FaultProxy) -> None:
    """A caller that gives up while it reads for all leaves the reading to another."""
    hasty = db.with_options(timeout=0.1)
    proxy.black_hole("to_client")
    tasks = [spawn(partial(hasty.echo, f"h{n}")) for n in range(4)]
    patient = [spawn(partial(db.echo, f"p{n}")) for n in range(4)]
    for task in tasks:
        with pytest.raises(RedisTimeoutError):
            task.result()
    proxy.restore()
    assert [task.result(LONGEST + SLACK) for task in patient] == [f"p{n}".encode() for n in range(4)]
