"""One command on its way: what is sent, who waits for it, and how far it has come.

A message is owned by exactly one place at a time: its bridge's backlog (queued), its connection's list of
sent messages (written), or its caller (answered, dead). Moving it is one atomic ``deque`` operation, so
whoever took it out of a queue knows its fate, and no lock is needed to decide between "sent" and "not sent".
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntFlag
from typing import TYPE_CHECKING, Any, ClassVar

from .command import Command

if TYPE_CHECKING:
    from ..retry import AbstractBackoff
    from .profiling import Profile

CREATED, QUEUED, WRITTEN, ANSWERED, DEAD = range(5)

#: One packed command, or the parts of one whose large values travel without a copy.
Payload = bytes | tuple[bytes, ...]


def size_of(payload: Payload) -> int:
    """Return how many bytes a command has."""
    return len(payload) if isinstance(payload, bytes) else sum(map(len, payload))


class CommandFlags(IntFlag):
    """How a command is to be treated."""

    NONE = 0
    FIRE_AND_FORGET = 1
    """Return None at once; an error surfaces as the ``error_message`` event."""
    NO_REDIRECT = 2
    """Hand MOVED and ASK errors to the caller."""
    RETRY_WRITES = 4
    """Send a write again although it may have been applied, when its connection was lost."""
    NO_RETRY = 8
    """Never send anything twice, not even what was certainly not applied."""


class CallOptions:
    """What a handle fixes for all of its calls. Immutable; a view of a handle holds another one.

    Attributes:
        database: Index of the logical database.
        timeout: Seconds a call may take, or None for the multiplexer's own, which may change while running.
        decode: Whether text comes back as ``str``.
        flags: See :class:`CommandFlags`.
        forget: Whether nobody waits for the replies.
        read_from: Which role may serve reads, or None for the multiplexer's own setting.
        key_prefix: Put before every key and channel, or empty.
        pinned: Whether calls are meant for one particular server, and so are never sent to another.
        retry: Back-off between attempts after a reply that says "not applied", or None for the default.
    """

    __slots__ = ("database", "decode", "flags", "forget", "key_prefix", "pinned", "read_from", "retry", "timeout")

    def __init__(
        self,
        database: int = 0,
        timeout: float | None = None,
        decode: bool = False,
        flags: int = CommandFlags.NONE,
        read_from: Any = None,
        key_prefix: bytes = b"",
        retry: AbstractBackoff | None = None,
        pinned: bool = False,
    ) -> None:
        self.database = database
        self.timeout = timeout
        self.decode = decode
        self.flags = int(flags)  # a plain number: the flags' own operators are slow
        self.forget = bool(flags & CommandFlags.FIRE_AND_FORGET)
        self.read_from = read_from
        self.key_prefix = key_prefix
        self.retry = retry
        self.pinned = pinned

    def replace(self, **changes: Any) -> CallOptions:
        """Return a copy with some fields changed."""
        fields = {name: getattr(self, name) for name in self.__slots__ if name != "forget"}
        return CallOptions(**{**fields, **changes})


# A message that is to follow ASKING says so by its database, because that is what a connection looks at anyway:
# nothing is added to what every other message costs.


def with_asking(options: CallOptions) -> CallOptions:
    """Return options under which ASKING is sent before the message, with nothing in between."""
    return options if is_asking(options) else options.replace(database=-2 - options.database)


def without_asking(options: CallOptions) -> CallOptions:
    """Return the options as they were before :func:`with_asking`."""
    return options.replace(database=-2 - options.database) if is_asking(options) else options


def is_asking(options: CallOptions) -> bool:
    """Whether :func:`with_asking` made these options."""
    return options.database < -1


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
        profile: What follows it while a profiling session runs, and then only.
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
    profile: Profile
    sent_at: float

    #: Whether it takes another number of replies than one.
    multi: ClassVar[bool] = False

    def restart(self) -> None:
        """Make it ready to be sent again."""
        self.attempts += 1
        self.phase = QUEUED

    def finish(self, reply: Any) -> None:
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


class InternalMessage(Message):
    """A message of the package's own: SELECT before a command, the keepalive PING, a step of a conversation."""

    __slots__ = ("reply", "then", *MESSAGE_SLOTS)

    def __init__(
        self,
        command: Command,
        payload: Payload,
        options: CallOptions,
        then: Callable[[Any], None] | None = None,
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

    def finish(self, reply: Any) -> None:
        self.reply = reply
        if self.then is not None:
            self.then(reply)

    def abandoned(self) -> bool:
        return False
