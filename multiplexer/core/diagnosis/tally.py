"""Counts of what happens seldom: redirections, connections that were lost, announcements of servers."""

from __future__ import annotations

from typing import Any, NamedTuple


class Happening(NamedTuple):
    """What is counted.

    Attributes:
        what: ``"lost"``, ``"connect_failed"``, ``"redirected"``, ``"handed_over"`` or ``"maintenance"``.
        endpoint: Address of the server it happened with.
        kind: The class of the error, ``"MOVED"`` or ``"ASK"``, the kind of connection, or the announcement's first
            word.
    """

    what: str
    endpoint: Any
    kind: str


class Tally:
    """Counts happenings of a multiplexer, never one for each command that goes well.

    Args:
        lock: The driver's: happenings come from any thread.
    """

    def __init__(self, lock: Any) -> None:
        self._lock = lock
        self._counts: dict[Happening, int] = {}

    def note(self, what: str, endpoint: Any, kind: str) -> None:
        """Count a happening."""
        happening = Happening(what, endpoint, kind)
        with self._lock:
            self._counts[happening] = self._counts.get(happening, 0) + 1

    def counts(self) -> dict[Happening, int]:
        """Return how often each has happened."""
        return self._counts.copy()
