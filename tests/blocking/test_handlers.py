# Generated from tests/asyncio/test_handlers.py by scripts/generate_blocking.py; change that file instead.
"""Handlers of messages: in order, bounded, and none in another's way."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import ConnectionEvent, Gap, Overflow, Publication
from multiplexer.blocking import ConnectionMultiplexer
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer

from ._world import WORLD, Event, gather, sleep, until
from .connecting import connect
from .slow_handler import SlowHandler


def _data(publication: Publication) -> bytes:
    return publication.data


def _crew(mux: ConnectionMultiplexer) -> list[object]:
    """Return the threads that call handlers."""
    crew: Any = getattr(mux._driver, "crew", None)
    return [] if crew is None else list(crew._threads)


def test_one_that_never_returns_is_in_nobodys_way(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            subscriber, stuck, seen = mux.get_subscriber(), SlowHandler(_data), list[bytes]()
            events: list[ConnectionEvent] = []
            mux.connection_failed += events.append
            subscriber.subscribe("stuck", handler=stuck.handle)
            subscriber.subscribe("stuck too", handler=stuck.handle)
            subscriber.subscribe("other", handler=lambda publication: seen.append(publication.data))
            subscriber.publish("stuck", "x")
            subscriber.publish("stuck too", "x")
            stuck.entered.wait()
            for number in range(5):
                subscriber.publish("other", number)
                until(lambda number=number: len(seen) == number + 1)  # type: ignore[misc]
            proxy.reset()
            until(lambda: events)
            until(lambda: subscriber.is_connected("other"))
            subscriber.publish("other", "after")
            until(lambda: seen[-1] == b"after")
            assert stuck.seen == []
            stuck.goes_on.set()
            until(lambda: len(stuck.seen) == 2)


def test_coroutine_functions_take_one_message_after_the_other(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    seen: list[int] = []
    now, most = 0, 0

    def handle(publication: Publication) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        number = int(publication.data)
        sleep(0.002 if number % 3 else 0)
        seen.append(number)
        now -= 1
        if number % 7 == 0:
            raise RuntimeError("of the handler's own")

    subscriber.subscribe("news", handler=handle)
    for number in range(100):
        subscriber.publish("news", number)
    until(lambda: len(seen) == 100)
    assert seen == list(range(100))
    assert most == 1


@pytest.mark.parametrize(
    ("overflow", "kept"),
    [
        (Overflow.DROP_OLDEST, [b"0", b"8", b"9", b"10"]),
        (Overflow.DROP_NEWEST, [b"0", b"1", b"2", b"3"]),
        (Overflow.CLOSE, [b"0", b"1", b"2", b"3"]),
    ],
)
def test_what_waits_for_a_slow_one_is_bounded(
    mux: ConnectionMultiplexer, server: RealServer, overflow: Overflow, kept: list[bytes]
) -> None:
    subscriber, slow = mux.get_subscriber(), SlowHandler(_data)
    subscription = subscriber.subscribe("news", handler=slow.handle, queue_size=3, overflow=overflow)
    marker = subscriber.subscribe("marker")
    subscriber.publish("news", 0)
    slow.entered.wait()
    for number in range(1, 11):
        subscriber.publish("news", number)
    subscriber.publish("marker", "all have come")
    marker.get(5)
    assert subscription.dropped == (1 if overflow is Overflow.CLOSE else 7)
    assert len(subscription._queue) == 3
    slow.goes_on.set()
    until(lambda: slow.seen == kept)
    ends = overflow is Overflow.CLOSE  # then the server is told, too
    until(lambda: server.command("PUBSUB", "NUMSUB", "news")[1] == (0 if ends else 1))
    if not ends:
        subscriber.publish("news", "more")
        until(lambda: slow.seen[-1] == b"more")
    assert slow.most_at_once == 1


def test_a_gap_stands_between_the_messages_before_and_after(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            subscriber, entered, goes_on = mux.get_subscriber(), Event(), Event()
            told: list[object] = []

            def handle(item: Publication | Gap) -> None:
                entered.set()
                goes_on.wait(60)
                told.append(item.data if isinstance(item, Publication) else Gap)

            iterated: list[Gap] = []
            subscriber.subscribe("news", handler=handle, on_gap=handle)
            subscriber.subscribe("news", on_gap=iterated.append)
            subscriber.publish("news", "before")
            entered.wait()
            proxy.reset()
            until(lambda: iterated)
            until(lambda: subscriber.is_connected("news"))
            subscriber.publish("news", "after")
            goes_on.set()
            until(lambda: len(told) == 3)
            assert told == [b"before", Gap, b"after"]


def test_what_has_come_is_still_handled_after_the_end(mux: ConnectionMultiplexer) -> None:
    subscriber, slow, other = mux.get_subscriber(), SlowHandler(_data), SlowHandler(_data)
    subscription = subscriber.subscribe("news", handler=slow.handle)
    subscriber.subscribe("other", handler=other.handle)
    marker = subscriber.subscribe("marker")
    for number in range(3):
        subscriber.publish("news", number)
        subscriber.publish("other", number)
    subscriber.publish("marker", "all have come")
    marker.get(5)
    slow.entered.wait()
    other.entered.wait()
    subscription.unsubscribe()
    mux.close()
    slow.goes_on.set()
    other.goes_on.set()
    until(lambda: slow.seen == other.seen == [b"0", b"1", b"2"])
    until(lambda: not _crew(mux))


def test_thousands_of_them_share_few_threads(mux: ConnectionMultiplexer) -> None:
    subscriber, seen, most = mux.get_subscriber(), list[bytes](), 0
    for number in range(300):
        subscriber.subscribe(f"news-{number}", handler=lambda publication: seen.append(publication.channel))
    for _ in range(3):
        gather(*[partial(subscriber.publish, f"news-{number}", "x") for number in range(300)])
        most = max(most, len(_crew(mux)))
    until(lambda: len(seen) == 900)
    assert most < 30 if WORLD == "blocking" else most == 0
