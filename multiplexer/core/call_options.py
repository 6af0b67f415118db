"""What a handle fixes for all of its calls: database, timeout, flags, and where reads may go."""

from __future__ import annotations

from enum import IntFlag
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Protocol

    from ..configuration import ReadFrom
    from ..errors import RedisError
    from ..retry import AbstractBackoff

    class Preparation(Protocol):
        """What has to be done on a connection before it may carry a message."""

        def lead_in(self, connection: Any, message: Any, small: list[bytes], now: float) -> bool:
            """Put before a message what it needs; return whether it may follow, or has been finished with an error."""

        def mends(self, connection: Any, error: RedisError) -> bool:
            """Whether the message may be sent once more after this error, with what it needs put before it anew."""


class CommandFlags(IntFlag):
    """How a command is to be treated."""

    NONE = 0
    FIRE_AND_FORGET = 1
    """Return None at once; an error surfaces as the ``error_message`` event."""
    NO_REDIRECT = 2
    """Hand MOVED and ASK errors to the caller."""
    RETRY_WRITES = 4
    """Send a write again although it may have been applied, when its connection was lost: the same as
    ``retry_up_to=ReplayCategory.ACCUMULATING``."""
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
        travels: Whether what was not sent may go to another deployment, where the handle is a group's.
        retry: Back-off between attempts after a reply that says "not applied", or None for the default.
        retry_up_to: The most harmful ``ReplayCategory`` of what may be sent again although it may have been applied, or
            None for what only reads.
    """

    __slots__ = (
        "database",
        "decode",
        "flags",
        "forget",
        "key_prefix",
        "pinned",
        "read_from",
        "retry",
        "retry_up_to",
        "timeout",
        "travels",
    )

    def __init__(
        self,
        database: int = 0,
        timeout: float | None = None,
        decode: bool = False,
        flags: int = CommandFlags.NONE,
        read_from: ReadFrom | None = None,
        key_prefix: bytes = b"",
        retry: AbstractBackoff | None = None,
        pinned: bool = False,
        travels: bool = False,
        retry_up_to: int | None = None,
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
        self.travels = travels
        self.retry_up_to = retry_up_to

    def replace(self, **changes: Any) -> CallOptions:
        """Return a copy with some fields changed."""
        return CallOptions(**{**_fields(self), **changes})


def _fields(options: CallOptions) -> dict[str, Any]:
    return {name: getattr(options, name) for name in CallOptions.__slots__ if name != "forget"}


#: Options of messages that any database may serve.
ANY_DATABASE = CallOptions(database=-1)

# A message that is to follow ASKING says so by its database, because that is what a connection looks at anyway:
# nothing is added to what every other message costs.


def with_asking(options: CallOptions) -> CallOptions:
    """Return options under which ASKING is sent before the message, with nothing in between."""
    return options if is_asking(options) else options.replace(database=-2 - database_of(options))


def without_asking(options: CallOptions) -> CallOptions:
    """Return the options as they were before :func:`with_asking`."""
    return options.replace(database=-2 - options.database) if is_asking(options) else options


# So does one whose reply is kept, which follows CLIENT CACHING. What is asked for with ASKING is not kept: each of the
# two would come between the other and the command.

_KEPT = 1 << 40


def with_keeping(options: CallOptions) -> CallOptions:
    """Return options under which a connection that is tracked has its server remember what the reply is about."""
    return options.replace(database=_KEPT + options.database)


def is_kept(options: CallOptions) -> bool:
    """Whether :func:`with_keeping` made these options."""
    return options.database >= _KEPT


# So does one that its connection has to be prepared for, whatever it takes; that one may follow ASKING as well.

_PREPARED = 1 << 39


class PreparedOptions(CallOptions):
    """Options of one message, which a connection carries only once it is prepared; see :func:`prepared`."""

    __slots__ = ("preparation",)

    preparation: Preparation

    def replace(self, **changes: Any) -> CallOptions:
        return prepared(super().replace(**changes), self.preparation)


def prepared(options: CallOptions, preparation: Preparation) -> PreparedOptions:
    """Return options under which a connection is prepared right before the message is written."""
    made = PreparedOptions(**_fields(options))
    made.preparation = preparation
    if 0 <= made.database < _PREPARED:
        made.database += _PREPARED
    return made


def database_of(options: CallOptions) -> int:
    """Return the index of the database, whatever else is said by it."""
    database = options.database if options.database >= -1 else -2 - options.database
    if database >= _KEPT:
        return database - _KEPT
    return database - _PREPARED if database >= _PREPARED else database


def is_asking(options: CallOptions) -> bool:
    """Whether :func:`with_asking` made these options."""
    return options.database < -1
