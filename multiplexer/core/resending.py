"""Messages that are sent once more, or elsewhere than at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import RedisConnectionError, RedisError
from .commands.command import Command
from .commands.command_table import find_command
from .message import InternalMessage, Message
from .types import Payload
from .wire.resp import NO_REPLY, Reader

#: Seconds a connection is given to answer what it was sent before it is made anew.
PATIENCE = 1.0


class Rerouted(RedisConnectionError):
    """The server of an unsent message has left, or has another role: the message is to be routed afresh.

    A bridge finishes such messages with this error, which callers never see unless the message belongs on that server.
    """


def reroute(bridge: Any, leaves: Callable[[Message], bool]) -> None:
    """Send elsewhere what waits in a bridge's backlog, and belongs on another by now.

    Args:
        bridge: The bridge.
        leaves: Says whether a message belongs on another. The package's own, and those meant for this very server,
            stay in any case.
    """
    if not bridge.backlog:
        return
    stays: list[Message] = []
    goes: list[Message] = []
    for message in bridge.take_backlog():
        own = isinstance(message, InternalMessage) or message.options.pinned
        (stays if own or not leaves(message) else goes).append(message)
    bridge.backlog.extendleft(reversed(stays))
    bridge.kick()  # it may have been connected meanwhile
    bridge.release((message, Rerouted(f"{message.command.name} is sent elsewhere")) for message in goes)


class Resend(NamedTuple):
    """How to send a message once more.

    Attributes:
        delay: Seconds to wait first.
        bridge: Where to, or None for wherever it belongs by then.
        counts: Whether this counts as one of its attempts: it was sent before, and refused.
    """

    delay: float
    bridge: Any = None
    counts: bool = True

    def prepare(self, message: Message) -> None:
        """Make the message ready."""
        message.restart()
        if not self.counts:
            message.attempts -= 1


def retried(bridge: Any, message: Message, error: RedisError, now: float) -> Resend | None:
    """Return how to try a message once more wherever it belongs by then, or None where that cannot help."""
    delay = bridge.retry_delay(message, error, now)
    return None if delay is None else Resend(delay)


def renew(bridge: Any, driver: Any, clock: Callable[[], float], why: str) -> None:
    """Connect anew, once everything that was sent is answered: another server may answer at the address by now.

    Args:
        bridge: The bridge. What it takes from now on waits for the next connection.
        driver: The multiplexer's driver.
        clock: The driver's clock.
        why: Why the connection is given up.
    """
    connection = bridge.connection
    if connection is None or connection.holding:
        return
    connection.holding = True
    driver.later(0.0, _break_once_idle, driver, bridge, connection, clock() + PATIENCE, clock, why)


def _break_once_idle(
    driver: Any, bridge: Any, connection: Any, deadline: float, clock: Callable[[], float], why: str
) -> None:
    """Give a connection up once everything it was sent is answered, or time is up."""
    if bridge.connection is not connection:
        return
    if connection.sent and clock() < deadline:
        driver.later(0.01, _break_once_idle, driver, bridge, connection, deadline, clock, why)
        return
    bridge.break_connection(connection, RedisConnectionError(why))


def words_of(payload: Payload) -> list[list[bytes]]:
    """Return the words of every command that was packed."""
    # Nobody keeps the words of a message: only what is sent a second time has to be read.
    reader = Reader(notEnoughData=NO_REPLY)
    reader.feed(payload if isinstance(payload, bytes) else b"".join(payload))
    commands = []
    while (words := reader.gets()) is not NO_REPLY:
        commands.append(words)
    return commands


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
