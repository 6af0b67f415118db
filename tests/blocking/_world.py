"""What a test needs from its world, under the same names as the asyncio one's module."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

__all__ = ["WORLD", "Event", "Task", "gather", "sleep", "spawn", "until"]

WORLD = "blocking"
T = TypeVar("T")

sleep = time.sleep


class Task(Generic[T]):
    """A call on its way in a thread of its own."""

    def __init__(self, call: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self._results: list[T] = []
        self._error: BaseException | None = None

        def run() -> None:
            try:
                self._results.append(call(*args, **kwargs))
            except BaseException as error:
                self._error = error

        # A daemon: a call that never ends fails its test, not the whole run.
        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()

    def done(self) -> bool:
        """Whether it came to its end."""
        return not self._thread.is_alive()

    def result(self, timeout: float = 10.0) -> T:
        """Wait for the result, or raise what the call raised.

        Raises:
            TimeoutError: The call takes longer than ``timeout`` seconds more; it goes on.
        """
        self._thread.join(timeout)
        if self._thread.is_alive():
            raise TimeoutError(f"still running after {timeout} s")
        if self._error is not None:
            raise self._error
        return self._results[0]


def spawn(call: Callable[..., T], *args: Any, **kwargs: Any) -> Task[T]:
    """Start a call beside the test: ``task = spawn(db.blpop, "key", 5)``."""
    return Task(call, args, kwargs)


def gather(*calls: Callable[[], T], timeout: float = 30.0) -> list[T]:
    """Make calls at the same time and return their results in order: ``gather(*[partial(db.incr, "n")] * 100)``.

    Raises:
        TimeoutError: Not all ended within ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    tasks = [spawn(call) for call in calls]
    return [task.result(max(0.0, deadline - time.monotonic())) for task in tasks]


def until(condition: Callable[[], Any], timeout: float = 10.0) -> Any:
    """Wait until ``condition()`` is true, and return it.

    Raises:
        TimeoutError: It was not within ``timeout`` seconds.
    """
    deadline = time.monotonic() + timeout
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {timeout} s; last: {result!r}")
        time.sleep(0.005)


class Event:
    """Something that happens once."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Let it happen."""
        self._event.set()

    def is_set(self) -> bool:
        """Whether it happened."""
        return self._event.is_set()

    def wait(self, timeout: float = 10.0) -> None:
        """Wait until it happened.

        Raises:
            TimeoutError: It did not within ``timeout`` seconds.
        """
        if not self._event.wait(timeout):
            raise TimeoutError
