"""Where a command goes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..configuration import ReadFrom
from ..errors import RedisConnectionError
from .call_options import ANY_DATABASE, CallOptions
from .commands.command import Command
from .commands.command_table import COMMANDS
from .commands.hash_slots import NO_SLOT, key_bytes, slot_of
from .physical_bridge import PhysicalBridge
from .reading import choose_reader
from .resending import commands_of
from .server_endpoint import ServerEndPoint
from .types import Payload

if TYPE_CHECKING:
    from .cluster.routes import ClusterRoutes

Bridge = TypeVar("Bridge", bound=PhysicalBridge)


class ServerSelectionStrategy(Generic[Bridge]):
    """Chooses among the servers of one multiplexer.

    The snapshot of servers is an immutable tuple, swapped whole, so that readers need no lock.

    Attributes:
        only: The bridge of the only server, which needs no choosing, or None.
    """

    __slots__ = ("_cluster", "_elected", "_read_from", "_servers", "_turn", "_zone", "only")

    def __init__(self, read_from: ReadFrom = ReadFrom.PRIMARY, zone: str | None = None) -> None:
        self._read_from = read_from
        self._zone = zone
        self._turn = count()
        self._cluster: ClusterRoutes[Bridge] | None = None
        self._elected: ServerEndPoint[Bridge] | None = None
        self._servers: tuple[ServerEndPoint[Bridge], ...] = ()
        self.only: Bridge | None = None

    def swap(self, servers: tuple[ServerEndPoint[Bridge], ...]) -> None:
        """Take another set of servers, outside a cluster."""
        self.only = servers[0].interactive if len(servers) == 1 and len(servers[0].stripes) == 1 else None
        self._servers = servers

    def elect(self, server: ServerEndPoint[Bridge] | None) -> None:
        """Of several primaries take this one, and no other."""
        self._elected = server

    def reconfigure(self, read_from: ReadFrom) -> None:
        """Have reads go elsewhere where a handle does not say."""
        self._read_from = read_from
        if self._cluster is not None:
            self._cluster.read_from = read_from

    def follow(self, routes: ClusterRoutes[Bridge]) -> None:
        """Choose by the slots of a cluster from now on."""
        self._cluster = routes
        self.only = None

    @property
    def in_cluster(self) -> bool:
        """Whether the slots of a cluster decide."""
        return self._cluster is not None

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
        cluster = self._cluster
        if cluster is not None:
            return cluster.select(command, options, args)
        if self.only is not None:
            return self.only
        if not self._servers:
            raise RedisConnectionError(f"{command.name} was not sent: no server is known")
        server = self._server_for(command, options)
        return server.interactive if len(server.stripes) == 1 else server.bridge_for(_stripe(command, options, args))

    def _server_for(self, command: Command, options: CallOptions) -> ServerEndPoint[Bridge]:
        wish = options.read_from or self._read_from
        if not command.read_only or wish is ReadFrom.PRIMARY:
            elected = self._elected
            if elected is not None and elected.role == "primary":
                return elected
            return min(self._servers, key=_unfitness_for_writes)
        return self._for_reading(wish)

    def select_packed(self, command: Command, options: CallOptions, payload: Payload) -> Bridge:
        """Return the bridge for what was packed: a command, or all commands of a unit; otherwise as :meth:`select`."""
        if self._cluster is not None:
            return self._cluster.select_packed(command, options, payload)
        if self.only is not None or all(len(server.stripes) == 1 for server in self._servers):
            return self.select(command, options)
        server = self._server_for(command, options)
        for each, words in commands_of(command, payload):
            stripe = _stripe(each, ANY_DATABASE, words)
            if stripe >= 0:
                return server.bridge_for(stripe)
        return server.interactive

    def primaries(self) -> list[Bridge]:
        """Return the bridges of all primaries; outside a cluster there is one.

        Raises:
            RedisConnectionError: No server is known.
        """
        if self._cluster is not None:
            return [server.interactive for server in self._cluster.primaries]
        return [self.only or self.select(COMMANDS["FLUSHALL"], ANY_DATABASE)]

    def _for_reading(self, wish: ReadFrom) -> ServerEndPoint[Bridge]:
        replicas = [server for server in self._servers if server.role == "replica"]
        primaries = [server for server in self._servers if server.role != "replica"]
        if self._elected in primaries:
            primaries = [self._elected]  # the others may have other data
        chosen = choose_reader(wish, primaries, replicas, self._turn, self._zone)
        if chosen is None:
            raise RedisConnectionError("not sent: readFrom=replica and no replica is known")
        return chosen


def _stripe(command: Command, options: CallOptions, args: Sequence[Any]) -> int:
    """Return a number by which a command's first key always gets the same connection."""
    positions = command.slot_positions(args)
    return slot_of(options.key_prefix + key_bytes(args[positions[0]])) if positions else NO_SLOT


def _unfitness_for_writes(server: ServerEndPoint[Any]) -> tuple[bool, bool, bool]:
    return (server.role == "replica", not server.is_connected, server.role != "primary")


class PinnedStrategy(ServerSelectionStrategy[Bridge]):
    """Sends everything to one server."""

    __slots__ = ()

    def __init__(self, server: ServerEndPoint[Bridge]) -> None:
        super().__init__()
        self.swap((server,))
        self.only = server.interactive


def pinned_to(bridge: Bridge) -> PinnedStrategy[Bridge]:
    """Make a strategy that sends everything to the server of a bridge."""
    return PinnedStrategy(bridge.server)
