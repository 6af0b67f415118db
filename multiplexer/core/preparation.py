"""What must be so on a connection before it may carry a message.

Options of a message say that there is something (:func:`~.call_options.prepared`), so nothing of it is on the way of
others. It is looked at when the message is about to be written, and so anew on each connection it comes to: after a
reconnect the server may be another one, and so it may behind a redirection.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from ..errors import NoSuchFieldsetError, RedisError
from ..snapshots import snapshot
from .call_options import ANY_DATABASE
from .commands.command_table import COMMANDS
from .commands.fieldsets import Fieldset
from .message import ANSWERED, InternalMessage, Message
from .physical_connection import PhysicalConnection

_PREPARE, _DISCARD = COMMANDS["HIMPORT PREPARE"], COMMANDS["HIMPORT DISCARD"]


class UnsupportedError(RedisError):
    """The server has not what a message needs, so it was not sent; whoever asked for it has another way."""


class Demand:
    """A message that is sent to servers only that have something.

    Others may not merely refuse it: one that does not know EXEC with conditions stays within MULTI, and so would every
    command behind.
    """

    __slots__ = ("_feature",)

    def __init__(self, feature: str) -> None:
        self._feature = feature

    def lead_in(self, connection: PhysicalConnection, message: Message, small: list[bytes], now: float) -> bool:
        """Return whether the message may be written; where not, it is finished."""
        server: Any = connection.server
        if server is not None and server.features.supports(self._feature):
            return True
        error = UnsupportedError(f"{message.command.name} was not sent: the server has no {self._feature}")
        error.phase = "queued"
        message.phase = ANSWERED
        message.finish(error)
        return False

    def mends(self, connection: PhysicalConnection | None, error: RedisError) -> bool:
        """Nothing that could be done before would help."""
        return False


class Prepares:
    """Has a server told of fields right before a message that names them, unless it has been over this connection."""

    __slots__ = ("_fieldsets", "_refusal", "_sent_again")

    def __init__(self, *fieldsets: Fieldset) -> None:
        self._fieldsets = fieldsets
        self._refusal: RedisError | None = None
        self._sent_again = False

    def lead_in(self, connection: PhysicalConnection, message: Message, small: list[bytes], now: float) -> bool:
        """Put HIMPORT PREPARE before the message where that is needed; it may follow in any case."""
        known = connection.fieldsets
        if known.issuperset(self._fieldsets):
            return True
        for old in snapshot(known):  # the reader may take a refused one out of it meanwhile
            if not old.current:
                known.discard(old)
                own = InternalMessage(_DISCARD, old.discarding, ANY_DATABASE)
                connection.put_before(own, old.discarding, small, now)
        for fieldset in self._fieldsets:
            if fieldset not in known:
                known.add(fieldset)
                own = InternalMessage(_PREPARE, fieldset.preparing, ANY_DATABASE, partial(self._told, known, fieldset))
                connection.put_before(own, fieldset.preparing, small, now)
        return True

    def _told(self, known: set[Any], fieldset: Fieldset, reply: Any) -> None:
        if isinstance(reply, RedisError) and reply.phase is None:  # the server's word, not a lost connection
            self._refusal = reply
            known.discard(fieldset)

    def mends(self, connection: PhysicalConnection | None, error: RedisError) -> bool:
        """Whether the server has forgotten the fields, which is mended by telling it once more."""
        if not isinstance(error, NoSuchFieldsetError):
            return False
        if self._refusal is not None:
            error.__cause__ = self._refusal
            return False
        if connection is None or self._sent_again:
            return False
        self._sent_again = True
        connection.fieldsets.difference_update(self._fieldsets)
        return True
