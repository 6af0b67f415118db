"""Messages that are sent once more, or elsewhere than at first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ..errors import ProtocolError, RedisConnectionError
from .commands.command import Command
from .commands.command_table import find_command
from .message import Message
from .types import Payload
from .wire.resp import LARGE, NO_REPLY, Reader

if TYPE_CHECKING:
    from typing import Protocol

    from .connection_counters import ConnectionCounters

    class Refused(Protocol):
        """A bridge whose message was refused or lost."""

        counters: ConnectionCounters

        @property
        def listener(self) -> Any:
            """Knows where the message belongs."""


#: A driver's bridge.
Chosen = TypeVar("Chosen", covariant=True)


class Rerouted(RedisConnectionError):
    """The server of an unsent message has left, or has another role: the message is to be routed afresh.

    A bridge finishes such messages with this error, which callers never see unless the message belongs on that server.
    """


class Resend(NamedTuple, Generic[Chosen]):
    """How to send a message once more. Whoever waits for the message only sees to the delay.

    Attributes:
        delay: Seconds to wait first.
        bridge: Where to, or None for wherever it belongs by then.
        counts: Whether this counts as one of its attempts: it was sent before, and refused.
    """

    delay: float
    bridge: Chosen | None = None
    counts: bool = True

    def prepare(self, message: Message, counters: ConnectionCounters) -> None:
        """Make the message ready, and count it."""
        message.restart()
        if not self.counts:
            message.attempts -= 1
        counters.retried += 1

    def target(self, bridge: Refused, message: Message) -> Chosen:
        """Return the bridge to send the message over, which was refused or lost on another.

        Raises:
            RedisError: There is none.
        """
        target: Chosen = self.bridge or bridge.listener.target(bridge, message)
        return target

    def begin(self, bridge: Refused, message: Message) -> Chosen:
        """Once the delay is over: make the message ready, count it, and return the bridge to send it over.

        Raises:
            RedisError: There is none.
        """
        self.prepare(message, bridge.counters)
        return self.target(bridge, message)


#: Stands for a large value while its command is read, so that the value need not be copied.
_STAND_IN = bytes.fromhex("a1f35c0e9d2b7846e4c81703bb96d25f")


def words_of(payload: Payload) -> list[list[bytes]]:
    """Return the words of every command that was packed; large values are the objects that were sent."""
    # Nobody keeps the words of a message: only what is sent a second time, or counts for the cache, has to be read.
    found = None if isinstance(payload, bytes) else _words_around_large(payload)
    if found is None:
        found, _ = _read([payload] if isinstance(payload, bytes) else payload)
    return found


def _words_around_large(parts: Sequence[bytes]) -> list[list[bytes]] | None:
    """Read what was packed without copying its large values; return None where there are none, or that cannot be."""
    small: list[bytes] = []
    large: list[bytes] = []
    for part in parts:
        if len(part) >= LARGE and small and small[-1].endswith(header := b"$%d\r\n" % len(part)):
            small[-1] = small[-1][: -len(header)] + b"$%d\r\n%b" % (len(_STAND_IN), _STAND_IN)
            large.append(part)
        else:
            small.append(part)
    if not large:
        return None
    try:
        commands, is_whole = _read(small)
    except ProtocolError:  # what looked like the beginning of a value was the end of another
        return None
    places = [(words, place) for words in commands for place, word in enumerate(words) if word == _STAND_IN]
    if not is_whole or len(places) != len(large):
        return None
    for (words, place), value in zip(places, large, strict=True):
        words[place] = value
    return commands


def _read(parts: Sequence[bytes]) -> tuple[list[list[bytes]], bool]:
    """Return the words of each command, and whether nothing is left."""
    reader = Reader(protocolError=ProtocolError, notEnoughData=NO_REPLY)
    reader.feed(parts[0] if len(parts) == 1 else b"".join(parts))
    commands = []
    while (words := reader.gets()) is not NO_REPLY:
        commands.append(words)
    return commands, not reader.has_data()


def commands_of(command: Command, payload: Payload) -> list[tuple[Command, list[bytes]]]:
    """Return what a message holds: its command, or all commands of a unit, each with its words.

    Args:
        command: The message's entry of the command table; a unit's is of its own making.
        payload: What is sent.
    """
    found = words_of(payload)
    if len(found) == 1:
        return [(command, found[0])]
    return [(find_command(words), words) for words in found]
