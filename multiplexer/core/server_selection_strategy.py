"""Where a command goes.

What chooses is a part of its own: :class:`ByRole` among servers of which one is the primary, ``ClusterRoutes`` among
those that share the keys. The guide puts one into the strategy's slots, so that a command calls it with nothing
between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
from .types import Encodable, Payload

Bridge = TypeVar("Bridge", bound=PhysicalBridge)


if TYPE_CHECKING:
    from typing import Protocol

    class Chooser(Protocol[Bridge]):
        """Chooses among servers; what it chooses from is swapped whole, so that no caller needs a lock."""

        @property
        def only(self) -> Bridge | None:
            """The bridge of the only server, which needs no choosing, or None."""

        @property
        def splits(self) -> bool:
            """Whether keys belong to different servers: what holds several of them may have to be taken apart."""

        def select(self, command: Command, options: CallOptions, args: Sequence[Encodable]) -> Bridge:
            """Return the bridge for a command; see :class:`ServerSelectionStrategy`."""

        def select_packed(self, command: Command, options: CallOptions, payload: Payload) -> Bridge:
            """Return the bridge for what was packed."""

        def select_slot(self, command: Command, options: CallOptions, slot: int) -> Bridge:
            """Return the bridge for a command whose slot is known."""

        def is_steady(self, command: Command) -> bool:
            """Whether commands like this one go to the same server until something changes, and not to each in turn."""

        def groups(self, keys: Iterable[Encodable], prefix: bytes) -> list[list[int]]:
            """Return the places of keys, those together that one command may name."""

        def covering(self) -> list[Bridge]:
            """Return the bridges of the servers that together have all keys."""

        def serves(self, bridge: Bridge, slot: int) -> bool:
            """Whether a bridge is where keys of a slot are read; ``NO_SLOT`` where slots do not count."""


class ServerSelectionStrategy(Generic[Bridge]):
    """Chooses among the servers of one multiplexer.

    Attributes:
        on_follow: Called when it follows another chooser, or the same one with another ``only``.
        only: The bridge of the only server, which needs no choosing, or None.
        select: Returns the bridge for a command, given its entry of the command table, the handle's options, and the
            whole command, its name first, without the handle's key prefix. Raises RedisError where it cannot be sent.
        select_packed: The same for what was packed, key prefix and all: a command, or all commands of a unit.
        select_slot: The same for a command whose hash slot is known.
    """

    __slots__ = ("_chooser", "on_follow", "only", "select", "select_packed", "select_slot")

    def __init__(self, chooser: Chooser[Bridge]) -> None:
        self.on_follow: Callable[[], None] | None = None
        self.follow(chooser)

    def follow(self, chooser: Chooser[Bridge]) -> None:
        """Choose by this from now on; also to be called when it has another ``only``."""
        self._chooser = chooser
        self.select: Callable[[Command, CallOptions, Sequence[Any]], Bridge] = chooser.select
        self.select_packed: Callable[[Command, CallOptions, Payload], Bridge] = chooser.select_packed
        self.select_slot: Callable[[Command, CallOptions, int], Bridge] = chooser.select_slot
        self.only: Bridge | None = chooser.only  # last: who finds none finds the others in place
        if self.on_follow is not None:
            self.on_follow()

    def reconfigure(self, read_from: ReadFrom) -> None:
        """Have reads go elsewhere where a handle does not say."""
        chooser: Any = self._chooser
        chooser.read_from = read_from

    @property
    def splits(self) -> bool:
        """Whether keys belong to different servers: what holds several of them may have to be taken apart."""
        return self._chooser.splits

    def is_steady(self, command: Command) -> bool:
        """Whether commands like this one go to the same server until something changes, and not to each in turn."""
        return self._chooser.is_steady(command)

    def groups(self, keys: Iterable[Encodable], prefix: bytes) -> list[list[int]]:
        """Return the places of keys, those together that one command may name.

        Args:
            keys: The keys.
            prefix: What is put before every key.
        """
        return self._chooser.groups(keys, prefix)

    def serves(self, bridge: Bridge, slot: int) -> bool:
        """Whether a bridge is where keys of a slot are read; ``NO_SLOT`` where slots do not count."""
        return self._chooser.serves(bridge, slot)

    def covering(self) -> list[Bridge]:
        """Return the bridges of the servers that together have all keys: the primaries of a cluster, else one.

        Raises:
            RedisConnectionError: No server is known.
        """
        return self._chooser.covering()


class ByRole(Generic[Bridge]):
    """Chooses among servers that have the same keys: writes go to a primary, reads where ``read_from`` says.

    Attributes:
        only: The bridge of the only server, which needs no choosing, or None.
        read_from: Where reads go where a handle does not say.
    """

    __slots__ = ("_elected", "_servers", "_turn", "_zone", "only", "read_from")

    splits = False

    def __init__(self, read_from: ReadFrom = ReadFrom.PRIMARY, zone: str | None = None) -> None:
        self.read_from = read_from
        self._zone = zone
        self._turn = count()
        self._elected: ServerEndPoint[Bridge] | None = None
        self._servers: tuple[ServerEndPoint[Bridge], ...] = ()
        self.only: Bridge | None = None

    def swap(self, servers: tuple[ServerEndPoint[Bridge], ...]) -> None:
        """Take another set of servers; whoever has a strategy follow this has it do so once more."""
        self.only = servers[0].interactive if len(servers) == 1 and len(servers[0].stripes) == 1 else None
        self._servers = servers

    def elect(self, server: ServerEndPoint[Bridge] | None) -> None:
        """Of several primaries take this one, and no other."""
        self._elected = server

    def is_steady(self, command: Command) -> bool:
        """Whether commands like this one go to the same server until something changes: reads may take turns."""
        return not command.read_only

    def groups(self, keys: Iterable[Encodable], prefix: bytes) -> list[list[int]]:
        """Return the places of keys: one command may name them all."""
        return [list(range(len(list(keys))))]

    def serves(self, bridge: Bridge, slot: int) -> bool:
        """Whether a bridge leads to a server that counts: of primaries only the one that takes writes."""
        server = bridge.server
        if server not in self._servers or slot != NO_SLOT:
            return False
        return server.role != "primary" or self._server_for(COMMANDS["SET"], ANY_DATABASE) is server

    def covering(self) -> list[Bridge]:
        """Return the bridge of the server that has all keys.

        Raises:
            RedisConnectionError: There is no server at all.
        """
        return [self.only or self.select(COMMANDS["FLUSHALL"], ANY_DATABASE)]

    def select(self, command: Command, options: CallOptions, args: Sequence[Encodable] = ()) -> Bridge:
        """Return the bridge for a command.

        Commands that may write go to a connected primary; while none is connected they wait in the backlog of a
        known primary, and else of the first server. Reads go where ``read_from`` says; among replicas in turn.

        Raises:
            RedisConnectionError: There is no server at all.
        """
        if self.only is not None:
            return self.only
        server = self._server_for(command, options)
        return server.interactive if len(server.stripes) == 1 else server.bridge_for(_stripe(command, options, args))

    def select_slot(self, command: Command, options: CallOptions, slot: int) -> Bridge:
        """Return the bridge for a command whose first key is in this slot; otherwise as :meth:`select`."""
        if self.only is not None:
            return self.only
        server = self._server_for(command, options)
        return server.interactive if slot < 0 else server.bridge_for(slot)

    def _server_for(self, command: Command, options: CallOptions) -> ServerEndPoint[Bridge]:
        if not self._servers:
            raise RedisConnectionError(f"{command.name} was not sent: no server is known")
        wish = options.read_from or self.read_from
        if not command.read_only or wish is ReadFrom.PRIMARY:
            elected = self._elected
            if elected is not None and elected.role == "primary":
                return elected
            return min(self._servers, key=_unfitness_for_writes)
        return self._for_reading(wish)

    def select_packed(self, command: Command, options: CallOptions, payload: Payload) -> Bridge:
        """Return the bridge for what was packed: a command, or all commands of a unit; otherwise as :meth:`select`."""
        if self.only is not None or all(len(server.stripes) == 1 for server in self._servers):
            return self.select(command, options)
        server = self._server_for(command, options)
        for each, words in commands_of(command, payload):
            stripe = _stripe(each, ANY_DATABASE, words)
            if stripe >= 0:
                return server.bridge_for(stripe)
        return server.interactive

    def _for_reading(self, wish: ReadFrom) -> ServerEndPoint[Bridge]:
        replicas = [server for server in self._servers if server.role == "replica"]
        primaries = [server for server in self._servers if server.role != "replica"]
        if self._elected in primaries:
            primaries = [self._elected]  # the others may have other data
        chosen = choose_reader(wish, primaries, replicas, self._turn, self._zone)
        if chosen is None:
            raise RedisConnectionError("not sent: readFrom=replica and no replica is known")
        return chosen


def _stripe(command: Command, options: CallOptions, args: Sequence[Encodable]) -> int:
    """Return a number by which a command's first key always gets the same connection."""
    positions = command.slot_positions(args)
    return slot_of(options.key_prefix + key_bytes(args[positions[0]])) if positions else NO_SLOT


def _unfitness_for_writes(server: ServerEndPoint[Any]) -> tuple[bool, bool, bool]:
    return (server.role == "replica", not server.is_connected, server.role != "primary")


class _Pinned(Generic[Bridge]):
    """Chooses the same bridge whatever it is for."""

    __slots__ = ("only",)

    splits = False

    def __init__(self, only: Bridge) -> None:
        self.only = only

    def select(self, command: Command, options: CallOptions, args: Sequence[Encodable]) -> Bridge:
        return self.only

    def select_packed(self, command: Command, options: CallOptions, payload: Payload) -> Bridge:
        return self.only

    def select_slot(self, command: Command, options: CallOptions, slot: int) -> Bridge:
        return self.only

    def is_steady(self, command: Command) -> bool:
        return True

    def groups(self, keys: Iterable[Encodable], prefix: bytes) -> list[list[int]]:
        return [list(range(len(list(keys))))]

    def serves(self, bridge: Bridge, slot: int) -> bool:
        return bridge is self.only

    def covering(self) -> list[Bridge]:
        return [self.only]


def pinned_to(bridge: Bridge) -> ServerSelectionStrategy[Bridge]:
    """Make a strategy that sends everything over one bridge."""
    return ServerSelectionStrategy(_Pinned(bridge))
