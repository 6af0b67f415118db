"""Where a command goes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any, Generic, TypeVar

from ..configuration import ReadFrom
from ..errors import RedisConnectionError
from .command import Command
from .message import CallOptions, Payload
from .physical_bridge import PhysicalBridge
from .server_endpoint import ServerEndPoint

Bridge = TypeVar("Bridge", bound=PhysicalBridge)


class ServerSelectionStrategy(Generic[Bridge]):
    """Chooses among the servers of one multiplexer.

    The snapshot of servers is an immutable tuple, swapped whole, so that readers need no lock.

    Attributes:
        only: The bridge of the only server, which needs no choosing, or None.
    """

    __slots__ = ("_read_from", "_servers", "_turn", "only")

    def __init__(self, read_from: ReadFrom = ReadFrom.PRIMARY) -> None:
        self._read_from = read_from
        self._turn = count()
        self._servers: tuple[ServerEndPoint[Bridge], ...] = ()
        self.only: Bridge | None = None

    def swap(self, servers: tuple[ServerEndPoint[Bridge], ...]) -> None:
        """Take another set of servers."""
        self.only = servers[0].interactive if len(servers) == 1 else None
        self._servers = servers

    def reconfigure(self, read_from: ReadFrom) -> None:
        """Have reads go elsewhere where a handle does not say."""
        self._read_from = read_from

    def select(self, command: Command, options: CallOptions, args: Sequence[Any] = ()) -> Bridge:
        """Return the bridge for a command.

        Args:
            command: Entry of the command table.
            options: The handle's options.
            args: The whole command, its name first, without the handle's key prefix.

        Commands that may write go to a connected primary; while none is connected they wait in the backlog of a
        known primary, and else of the first server. Reads go where ``read_from`` says; among replicas in turn.

        Raises:
            RedisConnectionError: There is no server at all.
        """
        if self.only is not None:
            return self.only
        if not self._servers:
            raise RedisConnectionError(f"{command.name} was not sent: no server is known")
        wish = options.read_from or self._read_from
        if not command.read_only or wish is ReadFrom.PRIMARY:
            return min(self._servers, key=_unfitness_for_writes).interactive
        return self._for_reading(wish).interactive

    def select_packed(self, command: Command, options: CallOptions, payload: Payload) -> Bridge:
        """Return the bridge for what was packed: a command, or all commands of a unit; otherwise as :meth:`select`."""
        return self.select(command, options)

    def _for_reading(self, wish: ReadFrom) -> ServerEndPoint[Bridge]:
        connected = [server for server in self._servers if server.is_connected] or list(self._servers)
        replicas = [server for server in connected if server.role == "replica"]
        primaries = [server for server in connected if server.role != "replica"]
        if wish is ReadFrom.PREFER_PRIMARY:
            chosen = primaries or replicas
        elif wish is ReadFrom.ANY:
            chosen = connected
        else:
            chosen = replicas or (primaries if wish is ReadFrom.PREFER_REPLICA else [])
        if not chosen:
            raise RedisConnectionError("not sent: readFrom=replica and no replica is known")
        return chosen[next(self._turn) % len(chosen)]


def _unfitness_for_writes(server: ServerEndPoint[Any]) -> tuple[bool, bool, bool]:
    return (server.role == "replica", not server.is_connected, server.role != "primary")


class PinnedStrategy(ServerSelectionStrategy[Bridge]):
    """Sends everything to one server."""

    __slots__ = ()

    def __init__(self, server: ServerEndPoint[Bridge]) -> None:
        super().__init__()
        self.swap((server,))
