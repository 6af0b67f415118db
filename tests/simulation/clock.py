"""Virtual time, and chance that follows from a seed, in the places of the real ones.

The package binds names such as ``time.monotonic`` when it is imported, so a process that simulates calls
:func:`install` before anything else, and simulates until it ends.
"""

from __future__ import annotations

import os
import random
import sys
import time

#: The time at which every run begins; no run sees what has happened to the one before.
BEGINNING = 1000.0
#: What the calendar says then, in seconds since the epoch.
CALENDAR = 1_700_000_000.0


class Clock:
    """The time of a simulation.

    Attributes:
        now: Seconds; only ever grows within a run.
    """

    def __init__(self) -> None:
        self.now = BEGINNING
        self._bytes = random.Random(0)

    def begin(self, seed: object) -> None:
        """Begin a run: set the time, and everything that is drawn by chance."""
        self.now = BEGINNING
        self._bytes = random.Random(f"bytes/{seed}")
        random.seed(f"package/{seed}")

    def monotonic(self) -> float:
        """What ``time.monotonic`` is."""
        return self.now

    def time(self) -> float:
        """What ``time.time`` is."""
        return self.now - BEGINNING + CALENDAR

    def urandom(self, size: int) -> bytes:
        """What ``os.urandom`` is."""
        return self._bytes.randbytes(size)


CLOCK = Clock()


def install() -> None:
    """Let this process live in virtual time from here on.

    Raises:
        RuntimeError: The package was imported before, and keeps to the real time.
    """
    if time.monotonic == CLOCK.monotonic:
        return
    if "multiplexer" in sys.modules:
        raise RuntimeError("the package was imported before time was made virtual")
    time.monotonic = CLOCK.monotonic
    time.time = CLOCK.time
    os.urandom = CLOCK.urandom
