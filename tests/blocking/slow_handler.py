# Generated from tests/asyncio/slow_handler.py by scripts/generate_blocking.py; change that file instead.
"""A handler that tests hold up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ._world import Event


class SlowHandler:
    """A handler that takes its time with whatever it is called with, until told otherwise.

    Args:
        what: What to remember of each; None for all of it.
    """

    def __init__(self, what: Callable[[Any], Any] | None = None) -> None:
        self._what = what
        self.seen: list[Any] = []
        self.most_at_once = 0
        self.entered = Event()
        self.goes_on = Event()
        self._now = 0

    def handle(self, given: Any) -> None:
        """Take an event or a message."""
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        self.entered.set()
        self.goes_on.wait(60)
        self.seen.append(given if self._what is None else self._what(given))
        self._now -= 1
