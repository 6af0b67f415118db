"""Containers that others change while they are looked through.

Threads change places where Python code runs. The collector runs some wherever objects are made: finalizers, and what
applications and their tools have it call (``gc.callbacks``). Here it comes each time, and changes what is looked at.
"""

from __future__ import annotations

import gc
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from multiplexer.core.sentinel.directory import Directory
from multiplexer.snapshots import snapshot, snapshot_items

from .engine import Remembering, bridge, established

TIMES = 200
NUMBERS = range(50)


@contextmanager
def changing(change: Callable[[], object]) -> Iterator[None]:
    """Have something changed whenever an object is made that the collector counts."""

    def run(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            change()

    usual = gc.get_threshold()
    gc.callbacks.append(run)
    gc.set_threshold(1)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.callbacks.remove(run)


def look(view: Callable[[], list[Any]], change: Callable[[], object]) -> None:
    with changing(change):
        for _ in range(TIMES):
            assert len(view()) >= len(NUMBERS)


def test_a_deque() -> None:
    shared = deque(NUMBERS)
    look(lambda: snapshot(shared), lambda: shared.append(0))


def test_a_list() -> None:
    shared = list(NUMBERS)
    look(lambda: snapshot(shared), lambda: shared.append(0))


def test_a_set() -> None:
    shared = set(NUMBERS)
    look(lambda: snapshot(shared), lambda: shared.add(len(shared)))


@pytest.mark.parametrize("kind", [dict, OrderedDict])
def test_a_dict(kind: type[dict[int, int]]) -> None:
    shared = kind.fromkeys(NUMBERS, 0)

    def change() -> None:
        if shared.pop(-1, None) is None:  # now there, now not
            shared[-1] = 1

    look(lambda: snapshot(shared), change)
    look(lambda: snapshot(shared.values()), change)
    look(lambda: snapshot_items(shared), change)


def test_what_waits_at_a_bridge() -> None:
    made = bridge()
    made.backlog.extend(Remembering("GET", "key") for _ in NUMBERS)
    late = Remembering("GET", "key")

    def look_at_it() -> list[Any]:
        made.headroom()
        assert made.beat(1.0, 0.0).expired == []
        return [None] * made.snapshot_counters().pending_unsent_items

    look(look_at_it, lambda: made.backlog.append(late))


def test_what_is_under_way_at_a_bridge() -> None:
    made, up = established()
    up.sent.extend(Remembering("GET", "key") for _ in NUMBERS)
    late = Remembering("GET", "key")
    look(lambda: [None] * made.snapshot_counters().sent_items_awaiting_response, lambda: up.sent.append(late))


def test_why_sentinels_gave_no_answer() -> None:
    directory = Directory("service")
    reasons: dict[Any, BaseException] = directory.failures

    class Telling(OSError):
        def __str__(self) -> str:
            reasons[len(reasons)] = OSError()  # another sentinel fails just now
            return "no answer"

    reasons.update({number: Telling() for number in NUMBERS})
    assert str(directory.error()).count("no answer") == len(NUMBERS)
