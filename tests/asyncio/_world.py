"""What a test needs from its world, under the same names as the blocking one's module.

Calls are given as callables, never as coroutines: the blocking twin would make them at once, one after the other.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, Generic, TypeVar

__all__ = ["WORLD", "Event", "Task", "gather", "sleep", "spawn", "until"]

WORLD = "asyncio"
T = TypeVar("T")

sleep = asyncio.sleep


class Task(Generic[T]):
    """A call on its way beside the test."""

    def __init__(self, call: Callable[..., Awaitable[T]], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        async def run() -> T:
            return await call(*args, **kwargs)

        self._task = asyncio.create_task(run())

    def done(self) -> bool:
        """Whether it came to its end."""
        return self._task.done()

    async def result(self, timeout: float = 10.0) -> T:
        """Wait for the result, or raise what the call raised.

        Raises:
            TimeoutError: The call takes longer than ``timeout`` seconds more; it goes on.
        """
        finished, _ = await asyncio.wait((self._task,), timeout=timeout)
        if not finished:
            raise TimeoutError(f"still running after {timeout} s")
        return self._task.result()


def spawn(call: Callable[..., Awaitable[T]], *args: Any, **kwargs: Any) -> Task[T]:
    """Start a call beside the test: ``task = spawn(db.blpop, "key", 5)``."""
    return Task(call, args, kwargs)


async def gather(*calls: Callable[[], Awaitable[T]], timeout: float = 30.0) -> list[T]:
    """Make calls at the same time and return their results in order: ``await gather(*[partial(db.incr, "n")] * 100)``.

    Raises:
        TimeoutError: Not all ended within ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    tasks = [spawn(call) for call in calls]
    return [await task.result(max(0.0, deadline - time.monotonic())) for task in tasks]


async def until(condition: Callable[[], Any], timeout: float = 10.0) -> Any:
    """Wait until ``condition()`` (or what it awaits) is true, and return it.

    Raises:
        TimeoutError: It was not within ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while True:
        result = condition()
        if isawaitable(result):
            result = await result
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout} s; last: {result!r}")
        await asyncio.sleep(0.005)


class Event:
    """Something that happens once."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        """Let it happen."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether it happened."""
        return self._event.is_set()

    async def wait(self, timeout: float = 10.0) -> None:
        """Wait until it happened.

        Raises:
            TimeoutError: It did not within ``timeout`` seconds.
        """
        async with asyncio.timeout(timeout):
            await self._event.wait()
