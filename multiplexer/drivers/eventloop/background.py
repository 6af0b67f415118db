"""What goes on beside the callers, for tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextvars import Context
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from .helpers import help_with

if TYPE_CHECKING:
    from .driver import Driver

#: Something that happens, and that can be waited for.
Flag = asyncio.Event
#: Attributes of which every thread has its own; all tasks are in one.
PerThread = SimpleNamespace


def start(driver: Driver, name: str, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
    """Do some work in a task of its own; it ends by itself once the driver is closed."""
    driver.spawn(work(*args), Context()).set_name(name)


async def in_thread(what: str, call: Callable[[float], None], deadline: float) -> None:
    """Make a call that blocks until a deadline at most, in a thread.

    Args:
        what: What it does, for errors.
        call: What to call with the deadline.
        deadline: When it is to return.

    Raises:
        TimeoutError: It did not return before the deadline.
    """
    await help_with(what, deadline, call, deadline)


class Repeater:
    """Makes a call again and again, in a task of its own, until it returns False."""

    def __init__(self, interval: float, call: Callable[[], Awaitable[bool]]) -> None:
        self._interval = interval
        self._call = call
        self._task = asyncio.get_running_loop().create_task(self._run(), context=Context())

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._interval)
            if not await self._call():
                return

    def stop(self) -> None:
        """Make no further call."""
        if not self._task.get_loop().is_closed():
            self._task.cancel()
