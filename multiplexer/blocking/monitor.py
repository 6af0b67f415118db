# Generated from multiplexer/asyncio/monitor.py by scripts/generate_blocking.py; change that file instead.
"""Watching the commands a server gets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

from ..core.commands.command_table import COMMANDS
from ..core.results.monitor import MonitoredCommand, parse_monitor_line
from ..core.types import Payload
from ..errors import CommandDisabledError, RedisError, RedisTimeoutError
from .leases import Lease

if TYPE_CHECKING:
    from .handle import Handle

_MONITOR = COMMANDS["MONITOR"]


class Monitor:
    """Every command a server gets from any client, on a connection of its own::

        with mux.get_server().monitor() as monitor:
            for command in monitor:
                print(command.client, command.words)

    It costs the server a good part of its speed. One task at a time may use it.
    """

    def __init__(self, server: Handle[Any]) -> None:
        self._server = server
        self._lease: Lease | None = None

    def __enter__(self) -> Self:
        payload: Payload = self._server.pack_for_lease(_MONITOR, ("MONITOR",))
        lease = self._server.borrow(_MONITOR, payload)
        try:
            [reply] = lease.ask(self._server.leased_call(_MONITOR, payload))
            if isinstance(reply, RedisError):
                raise reply
        except BaseException:
            lease.close()
            raise
        self._lease = lease
        return self

    def __exit__(self, *exc_info: object) -> None:
        lease, self._lease = self._lease, None
        if lease is not None:
            lease.close()

    def next_command(self, timeout: float | None = None) -> MonitoredCommand:
        """Return the next command.

        Args:
            timeout: Seconds to wait for it; None waits for ever.

        Raises:
            CommandDisabledError: It is used outside of its ``with`` block.
            RedisTimeoutError: None came in time; the monitor goes on.
            RedisConnectionError: The connection was lost.
        """
        lease = self._lease
        if lease is None:
            raise CommandDisabledError("a monitor works inside its with block only")
        if timeout is not None and not lease.connection.can_read(timeout):
            raise RedisTimeoutError(f"no command came within {timeout:.3g} s")
        return parse_monitor_line(lease.push())

    def __iter__(self) -> Iterator[MonitoredCommand]:
        while True:
            yield self.next_command()
