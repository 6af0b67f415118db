"""Connections that are broken on purpose, each as a fault of the package might break them: a checker that did not find
them would find nothing.
"""

from __future__ import annotations

from collections import deque

from multiplexer.core.message import ANSWERED, InternalMessage, Message
from multiplexer.core.physical_connection import PhysicalConnection

#: One in so many is treated badly.
EVERY = 7


class _Broken(PhysicalConnection):
    """Takes one message at a time, so that each can be treated for itself."""

    __slots__ = ("seen",)

    def put(self, message: Message, now: float) -> bool:
        return False

    def is_due(self) -> bool:
        """Whether it is the turn of one that is treated badly."""
        self.seen = getattr(self, "seen", 0) + 1
        return self.seen % EVERY == 0


class Swapping(_Broken):
    """Gives two callers each other's reply."""

    __slots__ = ()

    def receive(self, data: bytes | bytearray, size: int, now: float) -> None:
        sent = self.sent
        # Of one kind, or the caller would wonder what it was given.
        if len(sent) > 1 and sent[0].command is sent[1].command and not sent[0].multi and self.is_due():
            sent[0], sent[1] = sent[1], sent[0]
        super().receive(data, size, now)


class Doubling(_Broken):
    """Sends a write twice."""

    __slots__ = ()

    def take(self, backlog: deque[Message], now: float, most: int = 1) -> list[bytes]:
        taken = super().take(backlog, now, 1)
        if taken and (message := self.sent[-1]).command.name in ("INCRBY", "RPUSH") and self.is_due():
            self.sent.append(InternalMessage(message.command, message.payload, -1))
            return taken * 2
        return taken


class Dropping(_Broken):
    """Says of a write that it was done, and never sends it."""

    __slots__ = ()

    def take(self, backlog: deque[Message], now: float, most: int = 1) -> list[bytes]:
        while backlog and backlog[0].command.name == "SET" and self.is_due():
            message = backlog.popleft()
            message.phase = ANSWERED
            message.finish(b"OK")
        return super().take(backlog, now, 1)


BROKEN = (Swapping, Doubling, Dropping)
