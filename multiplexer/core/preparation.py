"""What must be so on a connection before it may carry a message.

Options of a message say that there is something (:func:`~.call_options.prepared`), so nothing of it is on the way of
others. It is looked at when the message is about to be written, and so anew on each connection it comes to: after a
reconnect the server may be another one, and so it may behind a redirection.
"""

from __future__ import annotations

from typing import Any

from ..errors import RedisError
from .message import ANSWERED, Message
from .physical_connection import PhysicalConnection


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
