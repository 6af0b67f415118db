"""Watching the commands a server gets."""

from __future__ import annotations

from collections.abc import AsyncIterator
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

        async with mux.get_server().monitor() as monitor:
            async for command in monitor:
                print(command.client, command.words)

    It costs the server a good part of its speed. One task at a time may use it.
    """

    def __init__(self, server: Handle[Any]) -> None:
        self._server = server
        self._lease: Lease | None = None

    async def __aenter__(self) -> Self:
        payload: Payload = self._server.pack_for_lease(_MONITOR, ("MONITOR",))
        lease = await self._server.borrow(_MONITOR, payload)
        try:
            [reply] = await lease.ask(self._server.leased_call(_MONITOR, payload))
            if isinstance(reply, RedisError):
                raise reply
        except BaseException:
            await lease.close()
            raise
        self._lease = lease
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        lease, self._lease = self._lease, None
        if lease is not None:
            await lease.close()

    async def next_command(self, timeout: float | None = None) -> MonitoredCommand:
        """Return the next command.

        Args:
            timeout: Seconds to wait for it; None waits for ever.

        Raises:
            CommandDisabledError: It is used outside of its ``async with`` block.
            RedisTimeoutError: None came in time; the monitor goes on.
            RedisConnectionError: The connection was lost.
        """
        lease = self._lease
        if lease is None:
            raise CommandDisabledError("a monitor works inside its with block only")
        if timeout is not None and not await lease.connection.can_read(timeout):
            raise RedisTimeoutError(f"no command came within {timeout:.3g} s")
        return parse_monitor_line(await lease.push())

    async def __aiter__(self) -> AsyncIterator[MonitoredCommand]:
        while True:
            yield await self.next_command()
