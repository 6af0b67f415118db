"""Switches profiling on and off for one driver."""

from __future__ import annotations

from collections.abc import Callable
from math import log, log1p
from random import random
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from ..core.commands.command import Command
from ..core.message import InternalMessage, Message
from ..errors import DataError
from ..importing import importing
from ..snapshots import snapshot

if TYPE_CHECKING:
    from ..core.diagnosis.profiling import Profile, ProfiledCommand, Profiler, ProfilingSession

_NEVER = 1 << 62


class Profiling:
    """Who wants to know of a driver's commands.

    While nobody does, bridges are of their usual class and know nothing of it.

    Attributes:
        skip: So many commands more that nobody is asked about, as all are content with a part of them. Threads may
            count it down at once, which changes little where chance has its part anyway.
    """

    def __init__(self, driver: Any, usual: type[Any], profiled: Callable[[], type[Any]]) -> None:
        """Prepare profiling.

        Args:
            driver: The driver.
            usual: The class of its bridges.
            profiled: Returns the class they have while somebody wants to know.
        """
        self._driver = driver
        self._usual = usual
        self._profiled = profiled
        self._profilers: tuple[tuple[Profiler, float], ...] = ()
        self._ratio = 1.0  # the largest of theirs
        self.skip = 0
        self._refused: dict[Command, ProfiledCommand] = {}

    def add(self, profiler: Profiler, ratio: float = 1.0) -> None:
        """Ask a profiler about each command from now on, or about such a part of them, chosen by chance.

        Raises:
            DataError: The ratio is not from 0 to 1.
        """
        if not 0 <= ratio <= 1:
            raise DataError("register_profiler: ratio must be from 0 to 1")
        profiled = self._profiled()
        with self._driver.lock:
            self._profilers = (*self._profilers, (profiler, ratio))
            self._choose()
            self._switch(profiled)

    def remove(self, profiler: Profiler) -> None:
        """Ask a profiler no longer."""
        with self._driver.lock:
            self._profilers = tuple(asked for asked in self._profilers if asked[0] is not profiler)
            self._choose()
            if not self._profilers:
                self._switch(self._usual)
                self._refused.clear()

    def _switch(self, kind: type[Any]) -> None:
        self._driver.bridge_class = kind
        for bridge in snapshot(self._driver.bridges):
            bridge.__class__ = kind

    def _choose(self) -> None:
        """Say how many commands there are before the next that is asked about."""
        ratio = self._ratio = max([ratio for _, ratio in self._profilers], default=1.0)
        # How often in a row something does not happen, rather than a throw of the dice for each command.
        if ratio == 1:
            self.skip = 0
        else:
            self.skip = int(min(log(1 - random()) / log1p(-ratio), _NEVER)) if ratio else _NEVER

    def begin(self, message: Message, created: float) -> Profile | None:
        """Follow a message where a session wants it."""
        if isinstance(message, InternalMessage):
            return None
        if self.skip > 0:
            self.skip -= 1
            return None
        highest = self._ratio
        if highest < 1:
            self._choose()
        sessions: list[ProfilingSession] = []
        for profiler, ratio in self._profilers:
            if ratio < highest and random() * highest >= ratio:
                continue
            session = profiler()
            if session is not None and session not in sessions:
                sessions.append(session)
        if not sessions:
            return None
        with importing:
            from ..core.diagnosis.profiling import Profile  # only now: most are never profiled

        return Profile(sessions, message, created, time() - (monotonic() - created), monotonic, self._refused)
