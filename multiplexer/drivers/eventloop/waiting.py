"""What tasks wait for."""

from __future__ import annotations

import asyncio
from typing import Any


def timeout_at(deadline: float) -> asyncio.Timeout:
    """Return what ends a block at a deadline; infinity stands for none, which event loops do not take."""
    return asyncio.timeout_at(None if deadline == float("inf") else deadline)


def wake(waiting: asyncio.Future[None]) -> None:
    """Wake up whoever waits, unless that has happened."""
    if not waiting.done():
        waiting.set_result(None)


class Waiter:
    """One caller waiting for something another hands over."""

    __slots__ = ("_future", "_loop", "given")

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._future: asyncio.Future[None] = self._loop.create_future()
        self.given: Any = None

    def give(self, value: Any) -> None:
        """Hand something over; to be called once."""
        self.given = value
        if asyncio._get_running_loop() is self._loop:
            wake(self._future)
        else:  # a future may be touched, and a loop that sleeps be woken up, from its own thread only so
            self._loop.call_soon_threadsafe(wake, self._future)

    async def wait(self, seconds: float | None) -> None:
        """Wait until something was handed over, or time is up."""
        timer = None if seconds is None else self._loop.call_later(seconds, wake, self._future)
        try:
            await self._future
        finally:
            if timer is not None:
                timer.cancel()
