"""A port that says nothing, not even that it is none."""

from __future__ import annotations

import socket
import time
from types import TracebackType
from typing import Self

_LONG_ENOUGH = 0.1


class SilentPort:
    """Where connecting goes on for ever: somebody listens, takes no connection, and its queue is full.

    Attributes:
        host, port: Where it is.
    """

    def __init__(self) -> None:
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen(0)
        self.host, self.port = self._listening.getsockname()
        self._queued: list[socket.socket] = []

    def __enter__(self) -> Self:
        deadline = time.monotonic() + 10
        while self._queue_one_more():
            if time.monotonic() > deadline:
                raise RuntimeError("the system queues connections without end")
        return self

    def _queue_one_more(self) -> bool:
        """Connect once more; return False where that takes too long for a queue with room."""
        sock = socket.socket()
        self._queued.append(sock)
        sock.settimeout(_LONG_ENOUGH)
        try:
            sock.connect((self.host, self.port))
        except TimeoutError:
            return False
        return True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sock in (*self._queued, self._listening):
            sock.close()
