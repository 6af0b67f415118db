"""A bounded queue between the reader and one subscriber, for threads.

It has no lock: adding to a deque and taking from it are one step each, and who finds it empty sleeps on a lock of
its own. The reader, which may bring hundreds of messages at once, so pays for a wake-up only where somebody sleeps.
"""

from __future__ import annotations

from typing import Any

from ...core.pubsub.overflow import Overflow, make_room
from ...errors import RedisTimeoutError
from .primitives import TIMEOUT_MAX, allocate_lock, deque, monotonic


class Queue:
    """Ordered and bounded; putting never waits. After :meth:`close` what is left can still be taken."""

    def __init__(self, size: int, overflow: Overflow) -> None:
        self._items: deque[Any] = deque()
        self._size = size
        self._overflow = overflow
        self._sleepers: deque[Any] = deque()
        self._closed = False
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Any) -> None:
        """Add an item; where the queue is full the overflow policy decides what is lost."""
        if self._closed:
            return
        items = self._items
        if len(items) >= self._size:
            self.dropped += 1
            if not make_room(items, self._overflow):
                if self._overflow is Overflow.CLOSE:
                    self.close()
                return
        items.append(item)
        if self._sleepers:
            self._wake()

    def get(self, timeout: float | None = None) -> Any:
        """Return the next item.

        Raises:
            RedisTimeoutError: None came within ``timeout`` seconds.
            StopIteration: The queue is closed and empty.
        """
        try:
            return self._items.popleft()
        except IndexError:
            return self._wait(timeout)

    def _wait(self, timeout: float | None) -> Any:
        deadline = None if timeout is None else monotonic() + timeout
        gate = allocate_lock()
        gate.acquire()
        try:
            while True:
                try:
                    self._sleepers.append(gate)
                    # An item may have come, or the end, before the gate could be seen.
                    if not self._items and not self._closed:
                        remaining = TIMEOUT_MAX if deadline is None else min(deadline - monotonic(), TIMEOUT_MAX)
                        gate.acquire(True, max(remaining, 0))
                finally:
                    self._leave(gate)
                try:
                    return self._items.popleft()
                except IndexError:
                    if self._closed:
                        raise StopIteration from None
                    if deadline is not None and monotonic() >= deadline:
                        raise RedisTimeoutError(f"no message came within {timeout} s") from None
                gate = allocate_lock()
                gate.acquire()
        except BaseException:
            self._leave(gate)  # Ctrl-C may have come as it was just leaving
            raise

    def _leave(self, gate: Any) -> None:
        """Sleep no longer. Where this one was chosen to be woken, another may have to be in its place."""
        try:
            self._sleepers.remove(gate)
        except ValueError:
            if self._items:
                self._wake()

    def _wake(self) -> None:
        try:
            self._sleepers.popleft().release()
        except IndexError:  # gone meanwhile
            pass

    def close(self) -> None:
        """Take nothing more."""
        self._closed = True
        while self._sleepers:
            self._wake()
