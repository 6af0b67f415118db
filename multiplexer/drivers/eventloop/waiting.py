"""What tasks wait for."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context
from typing import Any

# Timers are made in empty contexts: one that was cancelled may stay with the loop until its time comes, and with it the
# context variables of whoever was waiting.


@asynccontextmanager
async def timeout_at(deadline: float) -> AsyncIterator[None]:
    """End a block at a deadline; infinity stands for none, which event loops do not take."""
    async with asyncio.timeout(None) as limit:
        if deadline != float("inf"):
            Context().run(limit.reschedule, deadline)
        yield


def running_loop() -> asyncio.AbstractEventLoop:
    """Return the running event loop.

    Raises:
        RuntimeError: None is running, or one of trio's.
    """
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        if not _is_trio():
            raise
    raise RuntimeError(
        "this needs an event loop of asyncio, and trio's is running: use the blocking twin with trio.to_thread.run_sync"
    )


def _is_trio() -> bool:
    trio: Any = sys.modules.get("trio")
    try:
        return trio is not None and bool(trio.lowlevel.current_task())
    except RuntimeError:  # it was imported, and does not run here
        return False


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
            return
        try:  # another loop would not notice, and sleep on
            self._loop.call_soon_threadsafe(wake, self._future, context=Context())
        except RuntimeError:
            pass  # it is closed, and nobody waits

    async def wait(self, seconds: float | None) -> None:
        """Wait until something was handed over, or time is up."""
        timer = None
        if seconds is not None:
            timer = self._loop.call_later(seconds, wake, self._future, context=Context())
        try:
            await self._future
        finally:
            if timer is not None:
                timer.cancel()
