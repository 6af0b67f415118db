"""Switches profiling on and off for one driver."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from ..core.commands.command import Command
from ..core.message import InternalMessage, Message
from ..importing import importing
from ..snapshots import snapshot

if TYPE_CHECKING:
    from ..core.diagnosis.profiling import Profile, ProfiledCommand, Profiler, ProfilingSession


class Profiling:
    """Who wants to know of a driver's commands.

    While nobody does, bridges are of their usual class and know nothing of it.
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
        self._profilers: tuple[Profiler, ...] = ()
        self._refused: dict[Command, ProfiledCommand] = {}

    def add(self, profiler: Profiler) -> None:
        """Ask a profiler about each command from now on."""
        profiled = self._profiled()
        with self._driver.lock:
            self._profilers = (*self._profilers, profiler)
            self._switch(profiled)

    def remove(self, profiler: Profiler) -> None:
        """Ask a profiler no longer."""
        with self._driver.lock:
            self._profilers = tuple(other for other in self._profilers if other is not profiler)
            if not self._profilers:
                self._switch(self._usual)
                self._refused.clear()

    def _switch(self, kind: type[Any]) -> None:
        self._driver.bridge_class = kind
        for bridge in snapshot(self._driver.bridges):
            bridge.__class__ = kind

    def begin(self, message: Message, created: float) -> Profile | None:
        """Follow a message where a session wants it."""
        if isinstance(message, InternalMessage):
            return None
        sessions: list[ProfilingSession] = []
        for profiler in self._profilers:
            session = profiler()
            if session is not None and session not in sessions:
                sessions.append(session)
        if not sessions:
            return None
        with importing:
            from ..core.diagnosis.profiling import Profile  # only now: most are never profiled

        return Profile(sessions, message, created, time() - (monotonic() - created), monotonic, self._refused)
