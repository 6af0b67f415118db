"""What both drivers do alike."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..core.command import Command
from ..core.guard import Guard
from ..core.message import CallOptions, Payload
from ..core.physical_connection import PhysicalConnection
from ..core.resp import is_large, pack, pack_command
from ..core.types import Encodable
from .sockets import Addresses

if TYPE_CHECKING:
    import ssl

    from ..configuration import ConfigurationOptions


class BaseDriver:
    """What every driver keeps for its bridges.

    Attributes:
        options: The configuration.
        addresses: Where names were found that are resolved once for good.
        closed: Whether it was closed.
        on_beat: Called at each heartbeat with the time.
    """

    def __init__(self, options: ConfigurationOptions) -> None:
        self.options = options
        self.addresses: Addresses = {}
        self.closed = False
        self.on_beat: Callable[[float], None] = lambda now: None
        self._context: ssl.SSLContext | None = None

    def make_connection(self, bridge: Any) -> PhysicalConnection:
        """Make the protocol state of a new connection."""
        kind = self.options.connection_class or PhysicalConnection
        connection: PhysicalConnection = kind(
            bridge.counters, lambda push: bridge.listener.pushed(bridge, push), monotonic()
        )
        connection.pushes_are_replies = bridge.kind == "subscription"
        return connection

    def ssl_context(self) -> ssl.SSLContext | None:
        """Return the TLS context, made once, or None without TLS."""
        if self._context is None:
            self._context = self.options.create_ssl_context()
        return self._context


class Packing:
    """Base of the handles' executors: checks and packs commands."""

    __slots__ = ("_guard", "_options", "_plain")

    def __init__(self, guard: Guard, options: CallOptions) -> None:
        self._guard = guard
        self._options = options
        self._plain = guard.is_plain(options)

    def pack(self, command: Command, args: tuple[Encodable, ...]) -> Payload:
        """Check and pack a command.

        Raises:
            CommandDisabledError: It must not be sent here.
            DataError: An argument cannot be sent.
        """
        if command.guarded or not self._plain:
            args = self._guard.prepare(command, args, self._options)
        if command.write and is_large(args):
            return pack(args)
        try:
            return pack_command(args)
        except (TypeError, UnicodeEncodeError):
            return pack(args)  # says what is wrong, or takes what hiredis does not
