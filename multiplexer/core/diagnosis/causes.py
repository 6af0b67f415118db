"""Why a call failed, in words and numbers: what turns a timeout into something that can be acted on."""

from __future__ import annotations

from collections.abc import MutableSequence
from typing import TYPE_CHECKING, Any, TypeVar

from ...errors import PHASES, RedisError
from ..call_options import database_of
from ..message import QUEUED, WRITTEN, Message

if TYPE_CHECKING:
    from enum import IntEnum
    from typing import Protocol

    from ...configuration import ConfigurationOptions, EndPoint

    class ExaminedConnection(Protocol):
        """What is looked at of a connection; see :class:`~multiplexer.core.physical_connection.PhysicalConnection`."""

        @property
        def sent(self) -> MutableSequence[Message]: ...
        @property
        def last_read(self) -> float: ...
        @property
        def last_write(self) -> float: ...
        def unfinished_bytes(self) -> int: ...

    class ExaminedBridge(Protocol):
        """What is looked at of a bridge; see :class:`~multiplexer.core.physical_bridge.PhysicalBridge`."""

        @property
        def endpoint(self) -> EndPoint: ...
        @property
        def options(self) -> ConfigurationOptions: ...
        @property
        def state(self) -> IntEnum: ...
        @property
        def connection(self) -> ExaminedConnection | None: ...
        @property
        def backlog(self) -> MutableSequence[Message]: ...
        @property
        def sent_count(self) -> int: ...
        @property
        def ever_established(self) -> bool: ...
        @property
        def disconnected_at(self) -> float: ...
        @property
        def last_error(self) -> BaseException | None: ...
        @property
        def lag(self) -> float: ...


Error = TypeVar("Error", bound=RedisError)

#: A reply of which this many bytes have arrived, without its end, is what others are waiting behind.
LARGE_REPLY = 64 * 1024
#: A heartbeat this late, in seconds, says that this process could not attend to its sockets.
HELD_UP = 0.2


def because(error: BaseException | None) -> str:
    """Return ``" (reason)"``, or nothing."""
    if error is None:
        return ""
    return f" ({str(error) or type(error).__name__})"


def timeout_text(message: Message, bridge: ExaminedBridge, now: float, timeout: float) -> str:
    """Say where the time of a timed-out message went."""
    sent = message.sent_at > 0
    reason = _reason(message, bridge, now, sent, timeout)
    return f"{message.command.name} to {bridge.endpoint} timed out after {timeout:.3g} s and {fate(message)}: {reason}"


def fate(message: Message) -> str:
    """Say whether a message that is given up was ever sent."""
    return "was sent and may have been applied" if message.sent_at > 0 else "was not sent"


def _reason(message: Message, bridge: ExaminedBridge, now: float, sent: bool, timeout: float) -> str:
    connection = bridge.connection
    if bridge.lag > max(HELD_UP, timeout / 2):
        return f"this process was held up: its heartbeat came {bridge.lag:.2f} s late (event loop or GIL blocked)"
    if not sent and not bridge.ever_established:
        return f"never connected{because(bridge.last_error)}"
    if not sent and (connection is None or bridge.state.name != "ESTABLISHED"):
        away = now - bridge.disconnected_at
        return f"it waited in the backlog, disconnected for {away:.2f} s{because(bridge.last_error)}"
    if not sent:
        return f"it waited in the backlog, {len(bridge.backlog)} commands long, behind a slow or full connection"
    if connection is None:
        return f"the connection was lost{because(bridge.last_error)}"
    unfinished = connection.unfinished_bytes()
    if unfinished >= LARGE_REPLY:
        return f"it waits behind a large reply, of which {unfinished} bytes have arrived"
    ahead = _ahead(message, bridge)
    silent = now - connection.last_read
    if silent < timeout / 2:
        return f"the server is slow or far behind: {ahead} commands were ahead of it, last reply {silent:.2f} s ago"
    return f"the server has not answered: nothing was read for {silent:.2f} s, {ahead} commands were ahead of it"


def _ahead(message: Message, bridge: ExaminedBridge) -> int:
    connection = bridge.connection
    try:
        return connection.sent.index(message) if connection is not None else 0
    except (ValueError, RuntimeError):  # answered, or the queue moved while it was searched
        return 0


def describe(
    error: Error, message: Message, bridge: ExaminedBridge, phase: str | None, now: float | None = None
) -> Error:
    """Add command, endpoint, phase and the numbers behind them to an error."""
    error.command = message.command.name
    error.endpoint = str(bridge.endpoint)
    error.phase = phase or PHASES[_phase(message)]
    if bridge.options.include_detail_in_errors:
        error.details = _details(message, bridge, now)
    return error


def _phase(message: Message) -> int:
    # What waits to be sent again was sent before.
    return WRITTEN if message.phase == WRITTEN or message.sent_at > 0 else QUEUED


def _details(message: Message, bridge: ExaminedBridge, now: float | None) -> dict[str, Any]:
    connection = bridge.connection
    details: dict[str, Any] = {
        "state": bridge.state.name.lower(),
        "database": database_of(message.options),
        "backlog": len(bridge.backlog),
        "sent": bridge.sent_count,
        "lag": bridge.lag,
        "attempts": message.attempts,
    }
    if connection is not None and now is not None:
        details["last_read_age"] = now - connection.last_read
        details["last_write_age"] = now - connection.last_write
        details["unfinished_reply_bytes"] = connection.unfinished_bytes()
    return details
