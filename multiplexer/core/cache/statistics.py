"""What the client-side cache counts."""

from __future__ import annotations

from typing import NamedTuple


class CacheStatistics(NamedTuple):
    """Counts of one multiplexer's cache since it was made, and what it holds now.

    Attributes:
        hits: Calls answered without the server.
        misses: Calls that asked the server for what could be kept.
        coalesced: Calls that waited for another's fetch.
        stored: Replies that were kept.
        evicted: Replies that made room for others.
        refused: Replies too large to be kept.
        invalidated: Replies dropped because the server said that their keys were written.
        overwritten: Replies dropped because of writes of this application.
        bytes: What is held, about.
        entries: How many replies are held.
        tracking: Connections that are told of changes.
        disabled: Why nothing is kept; None where something may be.
    """

    hits: int
    misses: int
    coalesced: int
    stored: int
    evicted: int
    refused: int
    invalidated: int
    overwritten: int
    bytes: int
    entries: int
    tracking: int
    disabled: str | None

    def __str__(self) -> str:
        if self.disabled is not None:
            return f"client cache: nothing is kept: {self.disabled}"
        counts = " ".join(f"{name}={getattr(self, name)}" for name in self._fields if name != "disabled")
        return f"client cache: {counts} hit-rate={self.hit_rate:.3f}"

    @property
    def hit_rate(self) -> float:
        """The part of calls that were answered without the server, from 0 to 1."""
        asked = self.hits + self.misses + self.coalesced
        return self.hits / asked if asked else 0.0
