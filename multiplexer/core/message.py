"""One command on its way: what is sent, who waits for it, and how far it has come.

A message is owned by exactly one place at a time: its bridge's backlog (queued), its connection's list of
sent messages (written), or its caller (answered, dead). Moving it is one atomic ``deque`` operation, so
whoever took it out of a queue knows its fate, and no lock is needed to decide between "sent" and "not sent".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from ..errors import RedisError
from .call_options import CallOptions
from .commands.command import Command
from .types import Payload, Reply

CREATED, QUEUED, WRITTEN, ANSWERED, DEAD = range(5)

#: Slots every concrete message has. The base has none, so that a driver's message may also be a future.
MESSAGE_SLOTS = ("attempts", "command", "convert", "deadline", "options", "payload", "phase", "profile", "sent_at")


class Message:
    """Base of the drivers' messages.

    Attributes:
        command: Entry of the command table.
        options: The handle's :class:`CallOptions`.
        payload: The packed command.
        convert: Turns the raw reply into the result, or None.
        deadline: Time of the driver's clock after which nobody wants the reply.
        phase: ``CREATED`` to ``DEAD``.
        sent_at: When its bytes were handed to the socket.
        attempts: How often it was sent again.
        profile: The ``Profile`` that follows it while a profiling session runs, and then only.
    """

    if not TYPE_CHECKING:  # the type checker would take it that nothing can be set
        __slots__ = ()

    attempts: int
    command: Command
    convert: Callable[[Any], Any] | None
    deadline: float
    options: CallOptions
    payload: Payload
    phase: int
    profile: Any
    sent_at: float

    #: Whether it takes another number of replies than one.
    multi: ClassVar[bool] = False

    def restart(self) -> None:
        """Make it ready to be sent again."""
        self.attempts += 1
        self.phase = QUEUED

    def finish(self, reply: Reply) -> None:
        """Take the reply, which may be an error object, and wake whoever waits."""
        raise NotImplementedError

    def abandoned(self) -> bool:
        """Whether nobody wants the reply any more."""
        raise NotImplementedError


class Unit(Message):
    """Commands that travel side by side, a batch or ``MULTI`` to ``EXEC``, and share one place in the queues.

    Attributes:
        replies: The raw replies so far.
        wanted: How many there will be.
    """

    if not TYPE_CHECKING:
        __slots__ = ()

    multi = True

    replies: list[Any]
    wanted: int

    def restart(self) -> None:
        super().restart()
        self.replies = []


def commands_in(messages: Iterable[Message]) -> int:
    """Count the commands of messages: a unit has as many as it wants replies."""
    return sum([message.wanted if isinstance(message, Unit) else 1 for message in messages])


if TYPE_CHECKING:

    class Regretting(Protocol):
        """A bridge, as far as a fire-and-forget message is concerned with it."""

        def forgotten_failed(self, message: ForgottenMessage, error: RedisError) -> None: ...


class ForgottenMessage(Message):
    """A fire-and-forget message: its bridge's listener is told of an error.

    Attributes:
        bridge: The bridge it was handed to.
    """

    if not TYPE_CHECKING:
        __slots__ = ()

    bridge: Regretting

    def finish(self, reply: Reply) -> None:
        if isinstance(reply, RedisError):
            self.bridge.forgotten_failed(self, reply)

    def abandoned(self) -> bool:
        return False


class InternalMessage(Message):
    """A message of the package's own: SELECT before a command, the keepalive PING, a step of a conversation."""

    __slots__ = ("reply", "then", *MESSAGE_SLOTS)

    def __init__(
        self,
        command: Command,
        payload: Payload,
        options: CallOptions,
        then: Callable[[Reply], None] | None = None,
        deadline: float = float("inf"),
    ) -> None:
        self.command = command
        self.payload = payload
        self.options = options
        self.then = then
        self.deadline = deadline
        self.convert = None
        self.phase = CREATED
        self.attempts = 0
        self.sent_at = 0.0
        self.reply: Any = None

    def finish(self, reply: Reply) -> None:
        self.reply = reply
        if self.then is not None:
            self.then(reply)

    def abandoned(self) -> bool:
        return False
