"""What a scripted server can do instead of simply replying; the table in :mod:`.scripted` shows them all."""

from __future__ import annotations

import threading
from typing import Any

from .wire import Raw


class Usual:
    """The reply a server gives by itself; its one instance is :data:`DEFAULT`."""

    def __repr__(self) -> str:
        return "DEFAULT"


DEFAULT = Usual()

_NOTHING = Raw(b"")


class Close:
    """Send a reply, or only its first bytes, and end the connection."""

    def __init__(self, reply: Any = _NOTHING, *, after_bytes: int | None = None, reset: bool = False) -> None:
        self.reply = reply
        self.after_bytes = after_bytes
        self.reset = reset


class Delay:
    """Send a reply some seconds later."""

    def __init__(self, seconds: float, reply: Any = DEFAULT) -> None:
        self.seconds = seconds
        self.reply = reply


class Hold:
    """Send a reply once an event is set."""

    def __init__(self, event: threading.Event, reply: Any = DEFAULT) -> None:
        self.event = event
        self.reply = reply


class Silence:
    """Send no reply."""


class Pieces:
    """Send bytes as they are, piece by piece: each only once the client has read what was sent before.

    Over a Unix socket, of which Linux tells that.
    """

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = pieces


class Many:
    """Send several replies or pushes, one after the other."""

    def __init__(self, *replies: Any) -> None:
        self.replies = replies


class Sequence:
    """Another reply for each call, whichever connection it comes on; then :data:`DEFAULT`."""

    def __init__(self, *replies: Any) -> None:
        self._replies = iter(replies)
        self._lock = threading.Lock()

    def next(self) -> Any:
        """Return the next reply."""
        with self._lock:
            return next(self._replies, DEFAULT)
