"""What a server is told of subscriptions, and how much of it at once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from multiplexer import EndPoint
from multiplexer.core.physical_connection import SubscriptionMessage
from multiplexer.core.pubsub.feed import SLICE, Feed, in_slices
from multiplexer.core.types import Topic

from .engine import ToldBridge, World

A = EndPoint("server", 6379)


def topics(count: int) -> list[Topic]:
    return [("channel", b"%d" % number) for number in range(count)]


class Told:
    """Takes from a feed, and remembers what that was."""

    def __init__(self) -> None:
        self.feed = Feed()
        self.told: list[tuple[str, list[Topic]]] = []

    def take(self) -> list[tuple[str, list[Topic]]]:
        """Return what is told now."""
        self.told = []
        self.feed.take(self._subscribe, self._unsubscribe)
        return self.told

    def _subscribe(self, some: list[Topic]) -> list[SubscriptionMessage]:
        self.told.append(("subscribe", some))
        return []

    def _unsubscribe(self, some: list[Topic]) -> list[SubscriptionMessage]:
        self.told.append(("unsubscribe", some))
        return []


class TestAFeed:
    def test_tells_in_order(self):
        told, (a, b, c, d) = Told(), topics(4)
        told.feed.add([a, b], True)
        told.feed.add([c], False)
        told.feed.add([d], True)
        assert told.take() == [("subscribe", [a, b]), ("unsubscribe", [c]), ("subscribe", [d])]
        assert told.take() == []

    def test_the_last_wish_counts_and_comes_behind_what_has_come_since(self):
        told, (a, b, c) = Told(), topics(3)
        told.feed.add([a, b, c], True)
        told.feed.add([a], False)
        told.feed.add([b], True)
        assert told.take() == [("subscribe", [b, c]), ("unsubscribe", [a])]

    def test_no_more_than_a_slice_is_under_way(self):
        told, many = Told(), topics(2 * SLICE + 1)
        told.feed.add(many, True)
        assert told.take() == [("subscribe", many[:SLICE])]
        assert told.take() == []
        assert not told.feed.answered(SLICE // 2 - 1)
        assert told.feed.answered(1)
        assert told.take() == [("subscribe", many[SLICE : SLICE + SLICE // 2])]
        assert told.feed.answered(SLICE)
        assert told.take() == [("subscribe", many[SLICE + SLICE // 2 :])]
        assert not told.feed.answered(SLICE)

    def test_slices(self):
        assert [len(some) for some in in_slices(topics(2 * SLICE + 1))] == [SLICE, SLICE, 1]


def listening() -> tuple[World, ToldBridge]:
    """A server whose connection for subscriptions is up."""
    world = World(A)
    world.come_up(A)
    subscribe(world, [("channel", b"first")])
    ear = world.bridge(A, "subscription")
    ear.come_up(world.now)
    confirm_all(world, ear)
    return world, ear


def subscribe(world: World, some: list[Topic]) -> None:
    subscriptions = world.coordinator.subscriptions
    world.coordinator.subscribe(subscriptions.want(some, lambda publication: None))


def confirm_all(world: World, ear: ToldBridge) -> list[int]:
    """Confirm what was asked for until nothing more is; return how many topics were named each time."""
    counts = []
    while True:
        ear.send_backlog()
        if not ear.posted:
            return counts
        counts.append(sum(len(message.awaited) for message in ear.posted))
        for message in list(ear.posted):
            ear.posted.remove(message)
            message.finish(None)
        world.wait()


class TestOneConnection:
    def test_is_told_slice_by_slice(self):
        world, ear = listening()
        many = topics(3 * SLICE)
        subscribe(world, many)
        assert confirm_all(world, ear) == [SLICE, SLICE, SLICE]
        assert world.coordinator.subscriptions.confirmed.issuperset(many)

    def test_is_told_slice_by_slice_after_it_was_lost(self):
        world, ear = listening()
        subscribe(world, topics(3 * SLICE))
        ear.send_backlog()
        ear.go_down(now=world.now)
        world.wait()
        assert not world.coordinator.subscriptions.confirmed
        ear.come_up(world.now)
        assert confirm_all(world, ear) == [SLICE, SLICE, SLICE, 1]
        assert len(world.coordinator.subscriptions.confirmed) == 3 * SLICE + 1

    def test_is_told_the_last_wish(self):
        world, ear = listening()
        many = topics(2 * SLICE)
        subscribe(world, many)
        world.coordinator.unsubscribe(world.coordinator.subscriptions.unwant(many, None))
        subscribe(world, many[-1:])
        assert sum(confirm_all(world, ear)) == SLICE + 2 * SLICE
        assert world.coordinator.subscriptions.confirmed == {("channel", b"first"), many[-1]}


def calls_of(work: Callable[[], object]) -> int:
    """Count the calls that some work comes to, of Python's functions and of others."""
    count = 0

    def note(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def everything(count: int) -> int:
    """Count the calls of subscribing, losing the connection, subscribing again and unsubscribing."""
    world, ear = listening()
    subscriptions, many = world.coordinator.subscriptions, topics(count)

    def work() -> None:
        left: set[Topic] = set()
        subscriptions.await_settled(many, left)
        subscribe(world, many)
        confirm_all(world, ear)
        assert not left
        ear.go_down(now=world.now)
        world.wait()
        ear.come_up(world.now)
        confirm_all(world, ear)
        world.beat()
        assert subscriptions.confirmed.issuperset(many)
        for topic in many:
            world.coordinator.unsubscribe(subscriptions.unwant([topic], None))
        confirm_all(world, ear)

    return calls_of(work)


@pytest.mark.parametrize("count", [4 * SLICE])
def test_twice_as_many_are_twice_the_work(count: int) -> None:
    assert everything(2 * count) < 2.2 * everything(count)
