"""A connection that one transaction has to itself, from the first watched key to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..core.commands.command import Command
from ..core.commands.command_table import COMMANDS
from ..core.types import Key, Payload
from ..errors import RedisError
from .leases import Lease

if TYPE_CHECKING:
    from .handle import Handle

_WATCH, _UNWATCH = COMMANDS["WATCH"], COMMANDS["UNWATCH"]


class WatchSession:
    """Watches keys on a leased connection, which it borrows when it first watches and gives back clean.

    Calls from several tasks are made one after the other.
    """

    def __init__(self, database: Handle[Any]) -> None:
        self._database = database
        self._lease: Lease | None = None
        #: Keeps commands of several tasks apart, and the lease from being given back while one is under way.
        self._lock = database.make_lock()
        self._watching = False

    @property
    def is_open(self) -> bool:
        """Whether it has a connection."""
        return self._lease is not None

    async def watch(self, keys: tuple[Key, ...], *asking: Payload) -> list[Any]:
        """Watch keys, besides those watched already, and ask something right after.

        Args:
            keys: What to watch.
            asking: Packed commands to send along.

        Returns:
            The replies to ``asking``; errors stand among them.

        Raises:
            RedisError: There was no connection, it was lost, or the server refused.
        """
        payload = self._database.pack_for_lease(_WATCH, ("WATCH", *keys))
        async with self._lock:
            if self._lease is None:
                self._lease = await self._database.borrow(_WATCH, payload)
            self._watching = True
            first, *replies = await self._ask(_WATCH, [payload, *asking])
        if isinstance(first, RedisError):
            await self.end()
            raise first
        return replies

    async def ask(self, command: Command, payload: Payload, wanted: int = 1, ends_watch: bool = False) -> list[Any]:
        """Send something packed; return the raw replies, errors among them.

        Args:
            command: Table entry that stands for it.
            payload: The packed commands.
            wanted: How many replies there will be.
            ends_watch: Whether the server watches no longer once it has answered.

        Raises:
            RedisError: The connection was lost, or the replies did not arrive in time.
        """
        async with self._lock:
            replies = await self._ask(command, [payload], wanted)
            self._watching = self._watching and not ends_watch
            return replies

    async def _ask(self, command: Command, payloads: list[Payload], wanted: int | None = None) -> list[Any]:
        parts = [part for each in payloads for part in ((each,) if isinstance(each, bytes) else each)]
        call = self._database.leased_call(command, tuple(parts))
        if self._lease is None:
            raise RedisError(f"{command.name} was not sent: the session has ended")
        return await self._lease.ask(call, len(payloads) if wanted is None else wanted)

    async def end(self) -> None:
        """Watch no longer, and give the connection back."""
        async with self._lock:
            lease, self._lease = self._lease, None
            if lease is None:
                return
            try:
                if self._watching and lease.connection.is_connected:
                    payload = self._database.pack_for_lease(_UNWATCH, ("UNWATCH",))
                    await lease.ask(self._database.leased_call(_UNWATCH, payload))
            except RedisError:
                pass  # the connection is lost, and with it what was watched
            finally:
                self._watching = False
                await lease.give_back()
