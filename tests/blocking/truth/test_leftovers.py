# Generated from tests/asyncio/truth/test_leftovers.py by scripts/generate_blocking.py; change that file instead.
"""Nothing is left behind: no thread, task, descriptor, message or connection."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.blocking._world import gather, until
from tests.blocking.truth.conftest import QUICK
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer
from tests.truth import leftovers
from tests.truth.leftovers import Leftovers


@pytest.fixture(autouse=True)
def no_records() -> Iterator[None]:
    """Let no log record, which pytest keeps, hold an error and with it the stack it came from."""
    logger = logging.getLogger("multiplexer")
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def before(proxy: FaultProxy, target: Target) -> Iterator[Leftovers]:
    """What there was before, once everything that is made on first use was made."""
    use(ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", protocol=target.protocol, **QUICK))
    until(lambda: not proxy.links)
    leftovers.wait_for_threads()
    yield leftovers.count()
    proxy.restore()


def nothing_is_left(proxy: FaultProxy, before: Leftovers) -> None:
    """Wait until all is as it was."""
    proxy.restore()
    until(lambda: not proxy.links)
    leftovers.wait_for_threads()
    try:
        until(lambda: not leftovers.count().beyond(before), timeout=3)
    except TimeoutError:
        raise AssertionError(f"left behind: {leftovers.count().beyond(before)}") from None


def use(mux: ConnectionMultiplexer) -> None:
    """Do a little of everything, and close."""
    with mux:
        db = mux.get_database()
        assert db.set("k", "v") is True
        assert gather(*[partial(db.get, "k")] * 8) == [b"v"] * 8
        assert db.with_options(flags=CommandFlags.FIRE_AND_FORGET).set("k", "w") is None
        pipeline = db.pipeline()
        pipeline.incr("n")
        assert len(pipeline.execute()) == 1
        with mux.get_subscriber().subscribe("channel") as subscription:
            assert db.publish("channel", "m") == 1
            assert subscription.get(timeout=2).data == b"m"


def test_nothing_is_left_of_a_multiplexer_that_was_closed(
    proxy: FaultProxy, target: Target, before: Leftovers
) -> None:
    for _ in range(5):
        use(ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", protocol=target.protocol, **QUICK))
    nothing_is_left(proxy, before)


def lose_connections(mux: ConnectionMultiplexer, proxy: FaultProxy) -> None:
    """Lose one connection after the other while callers read, and see that none is kept."""
    db = mux.get_database()
    subscription = mux.get_subscriber().subscribe("channel")
    during = leftovers.count()

    def read() -> None:
        for _ in range(20):
            db.get("k")

    for _ in range(20):
        made = proxy.connections
        proxy.reset()
        gather(*[read] * 4)
        until(lambda made=made: proxy.connections > made and mux.is_connected)  # type: ignore[misc]
    subscription.unsubscribe()
    more = leftovers.count().beyond(during)
    assert more.get("connections", 0) <= 2, f"those that were lost last, and why, may be known still: {more}"
    assert more.get("messages", 0) <= 16, more
    assert more.get("descriptors", 0) <= 6, more


def test_nothing_is_left_of_connections_that_were_lost(
    proxy: FaultProxy, target: Target, before: Leftovers
) -> None:
    address = f"{proxy.host}:{proxy.port}"
    with ConnectionMultiplexer.connect(address, protocol=target.protocol, **QUICK) as mux:
        lose_connections(mux, proxy)
    del mux
    nothing_is_left(proxy, before)


def fail_often(mux: ConnectionMultiplexer, proxy: FaultProxy) -> None:
    """Make calls that time out, sent and unsent."""
    db = mux.get_database().with_options(timeout=0.05)

    def fail(number: int) -> None:
        for _ in range(3):
            try:
                db.set(f"k{number}", b"x" * 30_000)
            except (RedisConnectionError, RedisTimeoutError):
                pass

    proxy.black_hole()
    gather(*[partial(fail, n) for n in range(10)])
    proxy.refuse()
    proxy.reset()
    gather(*[partial(fail, n) for n in range(10)])
    assert mux.get_counters()[0].total_outstanding == 0
    proxy.accept()
    proxy.restore()
    assert until(partial(works, mux))


def works(mux: ConnectionMultiplexer) -> bool:
    """Say whether the multiplexer works."""
    try:
        return bool(mux.get_database().ping())
    except (RedisConnectionError, RedisTimeoutError):
        return False


def test_nothing_is_left_of_calls_that_failed(proxy: FaultProxy, target: Target, before: Leftovers) -> None:
    address = f"{proxy.host}:{proxy.port}"
    with ConnectionMultiplexer.connect(address, protocol=target.protocol, **QUICK) as mux:
        fail_often(mux, proxy)
    del mux
    nothing_is_left(proxy, before)


def close_in_trouble(mux: ConnectionMultiplexer, fault: Callable[[], None], proxy: FaultProxy) -> None:
    """Close after calls that nobody answered."""

    def fail() -> None:
        try:
            mux.get_database().get("k")
        except (RedisConnectionError, RedisTimeoutError):
            pass

    fault()
    proxy.reset()
    gather(*[fail] * 5)
    mux.close()
    proxy.restore()
    proxy.accept()


def test_nothing_is_left_of_a_multiplexer_closed_while_nobody_answers(
    proxy: FaultProxy, target: Target, before: Leftovers
) -> None:
    options = {**QUICK, "timeout": 0.2, "protocol": target.protocol}
    for fault in (proxy.black_hole, proxy.refuse):
        close_in_trouble(
            ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", **options), fault, proxy
        )
    nothing_is_left(proxy, before)


def test_an_idle_multiplexer_keeps_its_number_of_threads(
    proxy: FaultProxy, target: Target, server: RealServer
) -> None:
    mux = ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", protocol=target.protocol, **QUICK)
    db = mux.get_database()
    for _ in range(30):
        gather(*[partial(db.incr, "n")] * 4)
    # The heart; and for a while whoever connected and whoever read when nobody waited.
    assert len(leftovers.own_threads()) <= 3
    mux.close()
    leftovers.wait_for_threads()
