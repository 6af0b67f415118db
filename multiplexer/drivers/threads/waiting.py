"""What threads wait for, without a critical section.

``threading.Event`` holds a lock while Python code runs. A finalizer or signal handler that comes in between, in the
same thread, and sets the event would wait for ever. A bare lock is taken and released in one step each.
"""

from __future__ import annotations

from typing import Any

from .primitives import TIMEOUT_MAX, allocate_lock


class Bell:
    """Wakes the one thread that waits; ringing twice before it has heard is ringing once."""

    __slots__ = ("_silent",)

    def __init__(self) -> None:
        self._silent = allocate_lock()
        self._silent.acquire()

    def ring(self) -> None:
        """Wake the thread, now or when it comes to wait."""
        try:
            self._silent.release()
        except RuntimeError:  # it rings already
            pass

    def rings(self) -> bool:
        """Whether it was rung and nobody has heard."""
        return not self._silent.locked()

    def wait(self, seconds: float) -> bool:
        """Wait until it rings; return False where it did not in time."""
        return self._silent.acquire(True, min(max(seconds, 0), TIMEOUT_MAX))


class Latch:
    """Opens once, for everybody."""

    __slots__ = ("_bell", "_is_open")

    def __init__(self) -> None:
        self._bell = Bell()
        self._is_open = False

    def open(self) -> None:
        """Let everybody through, now and from now on."""
        self._is_open = True
        self._bell.ring()

    def is_open(self) -> bool:
        """Whether it was opened."""
        return self._is_open

    def wait(self, seconds: float) -> bool:
        """Wait until it is open; return False where it is not in time."""
        if not self._is_open and self._bell.wait(seconds):
            self._bell.ring()  # for the next one who waits
        return self._is_open


class Waiter:
    """One caller waiting for something another hands over."""

    __slots__ = ("_locked", "given")

    def __init__(self) -> None:
        self._locked = allocate_lock()
        self._locked.acquire()
        self.given: Any = None

    def give(self, value: Any) -> None:
        """Hand something over; to be called once."""
        self.given = value
        self._locked.release()

    def wait(self, seconds: float | None) -> None:
        """Wait until something was handed over, or time is up."""
        self._locked.acquire(True, TIMEOUT_MAX if seconds is None else min(max(seconds, 0), TIMEOUT_MAX))
