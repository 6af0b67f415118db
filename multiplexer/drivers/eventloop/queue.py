"""A bounded queue between the reader and one subscriber, for tasks."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic
from typing import Any

from ...core.pubsub.overflow import Overflow, make_room
from ...errors import RedisTimeoutError
from .waiting import timeout_at


class Queue:
    """Ordered and bounded; putting never waits. After :meth:`close` what is left can still be taken."""

    def __init__(self, size: int, overflow: Overflow) -> None:
        self._items: deque[Any] = deque()
        self._size = size
        self._overflow = overflow
        self._sleepers: deque[asyncio.Future[None]] = deque()
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

    async def get(self, timeout: float | None = None) -> Any:
        """Return the next item.

        Raises:
            RedisTimeoutError: None came within ``timeout`` seconds.
            StopAsyncIteration: The queue is closed and empty.
        """
        items = self._items
        if not items:
            if timeout is None:
                await self._wait()
            else:
                try:
                    async with timeout_at(monotonic() + timeout):
                        await self._wait()
                except TimeoutError:
                    raise RedisTimeoutError(f"no message came within {timeout} s") from None
        return items.popleft()

    async def _wait(self) -> None:
        """Sleep until there is an item."""
        while not self._items:
            if self._closed:
                raise StopAsyncIteration
            sleeper = asyncio.get_running_loop().create_future()
            self._sleepers.append(sleeper)
            try:
                await sleeper
            except BaseException:
                # Where this one was chosen to be woken, another has to be in its place.
                if sleeper.done() and not sleeper.cancelled() and self._items:
                    self._wake()
                raise

    def _wake(self) -> None:
        while self._sleepers:
            sleeper = self._sleepers.popleft()
            if not sleeper.done():
                sleeper.set_result(None)
                return

    def close(self) -> None:
        """Take nothing more."""
        self._closed = True
        while self._sleepers:
            self._wake()
