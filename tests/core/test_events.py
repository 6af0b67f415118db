"""Handlers of events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from multiplexer.core.diagnosis.events import Event, Events

from .engine import AtOnce


class Waiting:
    """A queue that keeps what it is given, with its handler."""

    def __init__(self, handler: Callable[[Any], Any]) -> None:
        self.handler = handler
        self.items: list[Any] = []
        self.put = self.items.append


def test_handlers_are_called_later_in_order_until_removed() -> None:
    queues: list[Waiting] = []

    def make(handler: Callable[[Any], Any]) -> Waiting:
        queues.append(Waiting(handler))
        return queues[-1]

    event: Event[str] = Event("something", Events(make))
    first, second = [].append, [].append
    event += first
    event.add(second)
    event.fire("a")
    assert [(queue.handler, queue.items) for queue in queues] == [(first, ["a"]), (second, ["a"])]
    event -= first
    event.fire("b")
    event.remove(first)  # not there any more: nothing happens
    event.remove(second)
    event.fire("c")
    assert [queue.items for queue in queues] == [["a"], ["a", "b"]]


def test_a_handler_of_several_events_hears_of_them_in_one_order() -> None:
    queues: list[Waiting] = []

    def make(handler: Callable[[Any], Any]) -> Waiting:
        queues.append(Waiting(handler))
        return queues[-1]

    events = Events(make)
    one: Event[int] = Event("one", events)
    other: Event[int] = Event("other", events)
    heard: list[int] = []
    one += heard.append
    other += heard.append
    for number in range(4):
        (one, other)[number % 2].fire(number)
    assert [queue.items for queue in queues] == [[0, 1, 2, 3]]
    one -= heard.append
    other -= heard.append
    one += heard.append
    assert len(queues) == 2  # nothing is kept of a handler that hears nothing


def test_a_handler_may_change_the_handlers() -> None:
    called: list[str] = []

    def once(args: str) -> None:
        called.append(args)
        event.remove(once)

    event: Event[str] = Event("something", Events(AtOnce))
    event.add(once)
    event.add(called.append)
    event.fire("a")
    event.fire("b")
    assert called == ["a", "a", "b"]


def test_what_cannot_be_called_is_refused() -> None:
    event: Event[str] = Event("something", Events(AtOnce))
    with pytest.raises(TypeError, match="something: handler must be callable, not NoneType"):
        event += None  # type: ignore[arg-type]
