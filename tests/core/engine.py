"""What the tests of the engine's core share: messages that remember, and a bridge without a driver."""

from __future__ import annotations

from typing import Any

from multiplexer import ConfigurationOptions, EndPoint
from multiplexer.core.call_options import CallOptions, CommandFlags
from multiplexer.core.commands.command_table import COMMANDS, find_command
from multiplexer.core.connection_counters import ConnectionCounters
from multiplexer.core.message import MESSAGE_SLOTS, QUEUED, Message, Unit
from multiplexer.core.physical_bridge import PhysicalBridge
from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.core.types import Payload
from multiplexer.core.wire.resp import pack


class Remembering(Message):
    """A message that keeps every reply it is given; there must never be two."""

    __slots__ = ("forgotten", "replies_given", *MESSAGE_SLOTS)

    def __init__(
        self, *words: Any, database: int = 0, deadline: float = 1e9, flags: CommandFlags = CommandFlags.NONE
    ) -> None:
        self.command = find_command(words)
        self.payload: Payload = pack(words)
        self.options = CallOptions(database=database, flags=flags)
        self.convert = None
        self.deadline = deadline
        self.phase = QUEUED
        self.attempts = 0
        self.sent_at = 0.0
        self.replies_given: list[Any] = []
        self.forgotten = False

    @property
    def reply(self) -> Any:
        """The only reply."""
        assert len(self.replies_given) == 1, self.replies_given
        return self.replies_given[0]

    def finish(self, reply: Any) -> None:
        self.replies_given.append(reply)

    def abandoned(self) -> bool:
        return self.forgotten


class RememberingUnit(Remembering, Unit):
    """Several commands in one message."""

    __slots__ = ("replies", "wanted")

    def __init__(self, *commands: tuple[Any, ...], database: int = 0, deadline: float = 1e9) -> None:
        super().__init__("PING", database=database, deadline=deadline)
        packed = [pack(words) for words in commands]
        parts: list[bytes] = []
        for payload in packed:
            parts += (payload,) if isinstance(payload, bytes) else payload
        self.payload = tuple(parts)
        self.command = COMMANDS["EXEC"]
        self.replies: list[Any] = []
        self.wanted = len(commands)

    def finish(self, reply: Any) -> None:
        super().finish(list(reply) if isinstance(reply, list) else reply)


def connection(
    pushes: list[Any] | None = None, now: float = 0.0, kind: type[PhysicalConnection] = PhysicalConnection
) -> PhysicalConnection:
    """Make a connection whose pushes are collected."""
    return kind(ConnectionCounters("interactive"), [].append if pushes is None else pushes.append, now)


def options(**changes: Any) -> ConfigurationOptions:
    """Make a configuration of one server."""
    return ConfigurationOptions(endpoints=[EndPoint("server", 6379)], **changes)


def bridge(now: float = 0.0, **changes: Any) -> PhysicalBridge:
    """Make a bridge that nothing drives."""
    return PhysicalBridge(EndPoint("server", 6379), "interactive", options(**changes), now)


def established(now: float = 0.0, **changes: Any) -> tuple[PhysicalBridge, PhysicalConnection]:
    """Make a bridge with a connection."""
    made = bridge(now, **changes)
    up = connection(now=now)
    made.established(up, now)
    return made, up


def feed(up: PhysicalConnection, data: bytes, now: float = 1.0) -> None:
    """Let a connection receive some bytes."""
    up.receive(data, len(data), now)
