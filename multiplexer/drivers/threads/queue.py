"""A bounded queue between the reader and one subscriber, for threads."""

from __future__ import annotations

import threading
from collections import deque
from time import monotonic
from typing import Any

from ...core.overflow import Overflow, make_room
from ...errors import RedisTimeoutError


class Queue:
    """Ordered and bounded; putting never waits. After :meth:`close` what is left can still be taken."""

    def __init__(self, size: int, overflow: Overflow) -> None:
        self._items: deque[Any] = deque()
        self._size = size
        self._overflow = overflow
        self._ready = threading.Condition()
        self._closed = False
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Any) -> None:
        """Add an item; where the queue is full the overflow policy decides what is lost."""
        with self._ready:
            if self._closed:
                return
            if len(self._items) >= self._size:
                self.dropped += 1
                if not make_room(self._items, self._overflow):
                    self._closed = self._overflow is Overflow.CLOSE
                    self._ready.notify_all()
                    return
            self._items.append(item)
            self._ready.notify()

    def get(self, timeout: float | None = None) -> Any:
        """Return the next item.

        Raises:
            RedisTimeoutError: None came within ``timeout`` seconds.
            StopIteration: The queue is closed and empty.
        """
        deadline = None if timeout is None else monotonic() + timeout
        with self._ready:
            while not self._items:
                if self._closed:
                    raise StopIteration
                remaining = None if deadline is None else deadline - monotonic()
                if remaining is not None and remaining <= 0:
                    raise RedisTimeoutError(f"no message came within {timeout} s")
                self._ready.wait(remaining)
            return self._items.popleft()

    def close(self) -> None:
        """Take nothing more."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()
