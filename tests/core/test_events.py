"""Handlers of events."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.core.diagnosis.events import Event


def test_handlers_are_called_later_in_order_until_removed() -> None:
    later: list[tuple[Any, ...]] = []
    event: Event[str] = Event("something", lambda *call: later.append(call))
    first, second = [].append, [].append
    event += first
    event.add(second)
    event.fire("a")
    assert later == [(first, "a"), (second, "a")]
    event -= first
    later.clear()
    event.fire("b")
    assert later == [(second, "b")]
    event.remove(first)  # not there any more: nothing happens
    event.remove(second)
    later.clear()
    event.fire("c")
    assert later == []


def test_a_handler_may_change_the_handlers() -> None:
    called: list[str] = []

    def once(args: str) -> None:
        called.append(args)
        event.remove(once)

    event: Event[str] = Event("something", lambda handler, args: handler(args))
    event.add(once)
    event.add(called.append)
    event.fire("a")
    event.fire("b")
    assert called == ["a", "a", "b"]


def test_what_cannot_be_called_is_refused() -> None:
    event: Event[str] = Event("something", print)
    with pytest.raises(TypeError, match="something: handler must be callable, not NoneType"):
        event += None  # type: ignore[arg-type]
