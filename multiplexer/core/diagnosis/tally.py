"""Counts of what happens seldom: redirections, connections that were lost, timeouts, announcements of servers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Happening(NamedTuple):
    """What is counted.

    Attributes:
        what: ``"lost"``, ``"connect_failed"``, ``"timed_out"``, ``"redirected"``, ``"handed_over"`` or
            ``"maintenance"``.
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
        clock: The driver's.
    """

    def __init__(self, lock: Any, clock: Callable[[], float]) -> None:
        self._lock = lock
        self._clock = clock
        self._counts: dict[Happening, int] = {}
        self._latest: dict[Happening, tuple[float, str]] = {}

    def note(self, what: str, endpoint: Any, kind: str, words: str = "") -> None:
        """Count a happening; of each the latest words are kept."""
        happening = Happening(what, endpoint, kind)
        with self._lock:
            self._counts[happening] = self._counts.get(happening, 0) + 1
            self._latest[happening] = (self._clock(), words)

    def counts(self) -> dict[Happening, int]:
        """Return how often each has happened."""
        return self._counts.copy()

    def status(self, now: float) -> list[dict[str, Any]]:
        """Return each as plain values, the latest first; ``ago`` is in seconds."""
        counts, latest = self._counts.copy(), self._latest.copy()
        listed = sorted(latest.items(), key=lambda item: item[1][0], reverse=True)
        return [
            {
                "what": happening.what,
                "endpoint": str(happening.endpoint),
                "kind": happening.kind,
                "count": counts.get(happening, 0),
                "ago": max(now - at, 0.0),
                "words": words,
            }
            for happening, (at, words) in listed
        ]
