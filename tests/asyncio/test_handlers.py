"""Handlers of messages: in order, bounded, and none in another's way."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import ConnectionEvent, Gap, Overflow, Publication
from multiplexer.asyncio import ConnectionMultiplexer
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


async def test_one_that_never_returns_is_in_nobodys_way(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, protocol=target.protocol) as mux:
            subscriber, stuck, seen = mux.get_subscriber(), SlowHandler(_data), list[bytes]()
            events: list[ConnectionEvent] = []
            mux.connection_failed += events.append
            await subscriber.subscribe("stuck", handler=stuck.handle)
            await subscriber.subscribe("stuck too", handler=stuck.handle)
            await subscriber.subscribe("other", handler=lambda publication: seen.append(publication.data))
            await subscriber.publish("stuck", "x")
            await subscriber.publish("stuck too", "x")
            await stuck.entered.wait()
            for number in range(5):
                await subscriber.publish("other", number)
                await until(lambda number=number: len(seen) == number + 1)  # type: ignore[misc]
            proxy.reset()
            await until(lambda: events)
            await until(lambda: subscriber.is_connected("other"))
            await subscriber.publish("other", "after")
            await until(lambda: seen[-1] == b"after")
            assert stuck.seen == []
            stuck.goes_on.set()
            await until(lambda: len(stuck.seen) == 2)


async def test_coroutine_functions_take_one_message_after_the_other(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    seen: list[int] = []
    now, most = 0, 0

    async def handle(publication: Publication) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        number = int(publication.data)
        await sleep(0.002 if number % 3 else 0)
        seen.append(number)
        now -= 1
        if number % 7 == 0:
            raise RuntimeError("of the handler's own")

    await subscriber.subscribe("news", handler=handle)
    for number in range(100):
        await subscriber.publish("news", number)
    await until(lambda: len(seen) == 100)
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
async def test_what_waits_for_a_slow_one_is_bounded(
    mux: ConnectionMultiplexer, server: RealServer, overflow: Overflow, kept: list[bytes]
) -> None:
    subscriber, slow = mux.get_subscriber(), SlowHandler(_data)
    subscription = await subscriber.subscribe("news", handler=slow.handle, queue_size=3, overflow=overflow)
    marker = await subscriber.subscribe("marker")
    await subscriber.publish("news", 0)
    await slow.entered.wait()
    for number in range(1, 11):
        await subscriber.publish("news", number)
    await subscriber.publish("marker", "all have come")
    await marker.get(5)
    assert subscription.dropped == (1 if overflow is Overflow.CLOSE else 7)
    assert len(subscription._queue) == 3
    slow.goes_on.set()
    await until(lambda: slow.seen == kept)
    ends = overflow is Overflow.CLOSE  # then the server is told, too
    await until(lambda: server.command("PUBSUB", "NUMSUB", "news")[1] == (0 if ends else 1))
    if not ends:
        await subscriber.publish("news", "more")
        await until(lambda: slow.seen[-1] == b"more")
    assert slow.most_at_once == 1


async def test_a_gap_stands_between_the_messages_before_and_after(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, protocol=target.protocol) as mux:
            subscriber, entered, goes_on = mux.get_subscriber(), Event(), Event()
            told: list[object] = []

            async def handle(item: Publication | Gap) -> None:
                entered.set()
                await goes_on.wait(60)
                told.append(item.data if isinstance(item, Publication) else Gap)

            iterated: list[Gap] = []
            await subscriber.subscribe("news", handler=handle, on_gap=handle)
            await subscriber.subscribe("news", on_gap=iterated.append)
            await subscriber.publish("news", "before")
            await entered.wait()
            proxy.reset()
            await until(lambda: iterated)
            await until(lambda: subscriber.is_connected("news"))
            await subscriber.publish("news", "after")
            goes_on.set()
            await until(lambda: len(told) == 3)
            assert told == [b"before", Gap, b"after"]


async def test_what_has_come_is_still_handled_after_the_end(mux: ConnectionMultiplexer) -> None:
    subscriber, slow, other = mux.get_subscriber(), SlowHandler(_data), SlowHandler(_data)
    subscription = await subscriber.subscribe("news", handler=slow.handle)
    await subscriber.subscribe("other", handler=other.handle)
    marker = await subscriber.subscribe("marker")
    for number in range(3):
        await subscriber.publish("news", number)
        await subscriber.publish("other", number)
    await subscriber.publish("marker", "all have come")
    await marker.get(5)
    await slow.entered.wait()
    await other.entered.wait()
    await subscription.unsubscribe()
    await mux.aclose()
    slow.goes_on.set()
    other.goes_on.set()
    await until(lambda: slow.seen == other.seen == [b"0", b"1", b"2"])
    await until(lambda: not _crew(mux))


async def test_thousands_of_them_share_few_threads(mux: ConnectionMultiplexer) -> None:
    subscriber, seen, most = mux.get_subscriber(), list[bytes](), 0
    for number in range(300):
        await subscriber.subscribe(f"news-{number}", handler=lambda publication: seen.append(publication.channel))
    for _ in range(3):
        await gather(*[partial(subscriber.publish, f"news-{number}", "x") for number in range(300)])
        most = max(most, len(_crew(mux)))
    await until(lambda: len(seen) == 900)
    assert most < 30 if WORLD == "blocking" else most == 0
