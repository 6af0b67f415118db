"""Remembers what was outstanding when timeouts began to pile up."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ..call_options import database_of

if TYPE_CHECKING:
    from ...errors import RedisError
    from .causes import ExaminedBridge

#: So many outstanding commands at a timeout make a storm.
STORM_THRESHOLD = 15
#: So many of them are written down.
STORM_MESSAGES = 500


class StormLog:
    """The latest storm as text, or None."""

    __slots__ = ("text",)

    def __init__(self) -> None:
        self.text: str | None = None

    def note(self, bridge: ExaminedBridge, error: RedisError) -> None:
        """Look at what is outstanding at the moment of a timeout; keeps the first storm until it is cleared."""
        outstanding = len(bridge.backlog) + bridge.sent_count
        if self.text is not None or outstanding < STORM_THRESHOLD:
            return
        connection = bridge.connection
        lines = [f"{outstanding} commands outstanding at {bridge.endpoint}: {error}"]
        queues = [("queued", bridge.backlog)]
        if connection is not None:
            queues.insert(0, ("sent", connection.sent))
        for phase, queue in queues:
            try:
                messages = list(islice(queue, STORM_MESSAGES + 1 - len(lines)))
            except RuntimeError:  # it moved under the look; the counts above stand
                continue
            lines += [f"  {phase} {message.command.name} db={database_of(message.options)}" for message in messages]
        self.text = "\n".join(lines)

    def clear(self) -> None:
        """Forget the storm, so that the next one is written down."""
        self.text = None
