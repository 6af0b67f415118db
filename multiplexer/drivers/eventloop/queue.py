"""A bounded queue between the reader and one subscriber, for tasks."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from ...core.overflow import Overflow, make_room
from ...errors import RedisTimeoutError


class Queue:
    """Ordered and bounded; putting never waits. After :meth:`close` what is left can still be taken."""

    def __init__(self, size: int, overflow: Overflow) -> None:
        self._items: deque[Any] = deque()
        self._size = size
        self._overflow = overflow
        self._ready = asyncio.Event()
        self._closed = False
        self.dropped = 0

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Any) -> None:
        """Add an item; where the queue is full the overflow policy decides what is lost."""
        if self._closed:
            return
        if len(self._items) >= self._size:
            self.dropped += 1
            if not make_room(self._items, self._overflow):
                self._closed = self._overflow is Overflow.CLOSE
                self._ready.set()
                return
        self._items.append(item)
        self._ready.set()

    async def get(self, timeout: float | None = None) -> Any:
        """Return the next item.

        Raises:
            RedisTimeoutError: None came within ``timeout`` seconds.
            StopAsyncIteration: The queue is closed and empty.
        """
        try:
            async with asyncio.timeout(timeout):
                while not self._items:
                    if self._closed:
                        raise StopAsyncIteration
                    self._ready.clear()
                    await self._ready.wait()
        except TimeoutError:
            raise RedisTimeoutError(f"no message came within {timeout} s") from None
        return self._items.popleft()

    def close(self) -> None:
        """Take nothing more."""
        self._closed = True
        self._ready.set()
