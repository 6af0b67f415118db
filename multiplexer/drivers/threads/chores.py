"""Things to be done later, in a thread that lives while there are any."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from ...core.logging import logger
from ...importing import importing
from .primitives import deque, monotonic, sleep
from .waiting import Bell
from .worker import Worker

_Chore = tuple[float, int, Callable[..., Any], tuple[Any, ...]]


class Chores:
    """Calls things when they are due, one after the other."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._new: deque[_Chore] = deque()
        self._due: Any = ()  # the thread's own; a sorted list once there is something to do
        self._bell = Bell()
        self._stopped = False
        self._worker = Worker("multiplexer-chores", self._step, self._is_done)

    def later(self, seconds: float, call: Callable[..., Any], args: tuple[Any, ...]) -> None:
        """Call something in so many seconds, and not before the time of whoever calls this has come."""
        self._new.append((monotonic() + seconds, next(self._numbers), call, args))
        self._bell.ring()
        self._worker.start()

    def stop(self) -> None:
        """Call nothing any more."""
        self._stopped = True
        self._bell.ring()

    def _step(self) -> bool:
        if not self._due:
            with importing:
                from sortedcontainers import SortedList  # only now: most multiplexers have no chores

            self._due = SortedList()
        due = self._due
        while self._new:
            due.add(self._new.popleft())
        if not due or self._stopped:
            return False
        wait = due[0][0] - monotonic()
        if wait > 0:
            self._bell.wait(wait)
            return True
        _, _, call, args = due.pop(0)
        try:
            call(*args)
        except Exception:
            logger().exception("a chore failed")
        return True

    def _is_done(self) -> bool:
        return self._stopped or not (self._due or self._new)


def run_slices(slices: Iterable[object]) -> None:
    """Do something slice by slice; in between, others may have the interpreter."""
    for _ in slices:
        sleep(0)
