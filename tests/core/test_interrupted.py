"""Since when topics are interrupted, many at once and each by itself."""

from __future__ import annotations

import tracemalloc
from contextlib import nullcontext

import pytest

from multiplexer.core.pubsub.interrupted import Interrupted
from multiplexer.core.pubsub.subscriptions import Subscriptions
from multiplexer.core.types import Topic

A: Topic = ("channel", b"a")
B: Topic = ("pattern", b"b")
C: Topic = ("shard", b"c")


def test_nothing_is_interrupted_at_first() -> None:
    interrupted = Interrupted()
    assert interrupted == {}
    assert A not in interrupted
    assert interrupted.earliest([A, B]) is None
    interrupted.discard(A)
    interrupted.add_lost(set(), 1.0)
    assert interrupted == {}
    with pytest.raises(KeyError):
        interrupted[A]


def test_what_was_lost_together_leaves_one_by_one() -> None:
    interrupted = Interrupted()
    interrupted.add_lost({A, B}, 2.0)
    interrupted.add_lost({C}, 3.0)
    assert interrupted == {A: 2.0, B: 2.0, C: 3.0}
    assert len(interrupted) == 3
    assert (interrupted.earliest([C, A]), interrupted.earliest((C,))) == (2.0, 3.0)
    interrupted.discard(A)
    assert interrupted == {B: 2.0, C: 3.0}
    interrupted.discard(B)
    assert interrupted == {C: 3.0}
    assert interrupted.earliest([A, B, C]) == 3.0
    interrupted.discard(C)
    assert interrupted == {}


def test_a_topic_is_interrupted_since_the_first_time() -> None:
    interrupted = Interrupted()
    interrupted.add(A, 1.0)
    interrupted.add(A, 2.0)
    interrupted.add_lost({A, B}, 3.0)  # confirmed again, and not taken out yet
    interrupted.add(B, 4.0)
    interrupted.add_lost({B}, 5.0)
    assert interrupted == {A: 1.0, B: 3.0}
    assert interrupted.earliest([B, A]) == 1.0
    interrupted.discard(A)
    interrupted.discard(B)
    assert interrupted == {}


def test_losses_that_nothing_is_left_of_are_let_go() -> None:
    interrupted = Interrupted()
    for number in range(1000):
        interrupted.add_lost({A}, float(number))
        interrupted.discard(A)
    assert not interrupted._losses


def subscribed(places: int, count: int) -> Subscriptions:
    """Subscriptions to so many topics, all confirmed, shared out among places."""
    subscriptions = Subscriptions(nullcontext(), lambda: None, lambda topics: None)
    topics: list[Topic] = [("channel", b"%d" % number) for number in range(count)]
    subscriptions.places = lambda topic: (int(topic[1]) % places,)
    subscriptions.want(topics, lambda publication: None)
    for place in range(places):
        for message in subscriptions.messages(topics[place::places], place):
            message.finish(None)
    assert len(subscriptions.confirmed) == count
    return subscriptions


def test_a_place_of_several_takes_only_its_own_topics_along() -> None:
    subscriptions = subscribed(3, 9)
    subscriptions.lost(1.0, 1)
    assert subscriptions.interrupted == {("channel", b"1"): 1.0, ("channel", b"4"): 1.0, ("channel", b"7"): 1.0}
    assert len(subscriptions.confirmed) == 6
    subscriptions.lost(2.0, 0)
    subscriptions.lost(3.0, 2)
    assert subscriptions.confirmed == set()
    assert sorted(subscriptions.interrupted.values()) == [1.0] * 3 + [2.0] * 3 + [3.0] * 3


def test_the_loss_of_thousands_is_noted_without_looking_at_each() -> None:
    subscriptions = subscribed(1, 16_000)
    tracemalloc.start()
    try:
        subscriptions.lost(1.0, 0)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000
    assert len(subscriptions.interrupted) == 16_000
