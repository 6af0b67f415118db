"""Where commands go in a cluster: one list of bridges, an entry for each hash slot."""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, Generic, NamedTuple, TypeVar

from ...configuration import ReadFrom
from ...errors import DataError, RedisConnectionError, RedisError
from ..call_options import CallOptions
from ..commands.command import Command
from ..commands.hash_slots import NO_SLOT, SLOT_COUNT, by_slot, cross_slot_error, key_bytes, slot_of, slot_of_command
from ..physical_bridge import BridgeState, PhysicalBridge
from ..reading import choose_reader
from ..resending import commands_of
from ..server_endpoint import ServerEndPoint
from ..types import Encodable, Payload

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

_LAST_SLOT = SLOT_COUNT - 1


class ShardServers(NamedTuple):
    """The servers of one shard."""

    primary: ServerEndPoint[Any]
    replicas: tuple[ServerEndPoint[Any], ...]


class ClusterRoutes(Generic[Bridge]):
    """The routes of one multiplexer.

    A new map is installed whole; a slot that has moved is corrected in place, which is one step for every thread.
    """

    __slots__ = (
        "_by_primary",
        "_corrections",
        "_shards",
        "_table",
        "_turn",
        "_zone",
        "primaries",
        "read_from",
        "servers",
    )

    only = None
    splits = True

    def __init__(self, read_from: ReadFrom, zone: str | None) -> None:
        #: Where reads go unless a handle says otherwise.
        self.read_from = read_from
        self._zone = zone
        self._turn = count()
        self._table: list[Bridge | None] = [None] * SLOT_COUNT
        self._shards: list[ShardServers | None] = [None] * SLOT_COUNT
        self._by_primary: dict[ServerEndPoint[Any], ShardServers] = {}
        self._corrections: dict[int, ServerEndPoint[Any]] = {}
        #: Primaries that serve slots.
        self.primaries: tuple[ServerEndPoint[Any], ...] = ()
        #: Every member of the cluster that is known.
        self.servers: tuple[ServerEndPoint[Any], ...] = ()

    # -- the map ---------------------------------------------------------------------------------------

    def install(self, shards: Sequence[tuple[ShardServers, Sequence[tuple[int, int]]]]) -> Iterator[None]:
        """Take another map, slice by slice; it counts once the last one is done.

        Args:
            shards: The servers of each shard, and its ranges of slots.
        """
        table: list[Bridge | None] = [None] * SLOT_COUNT
        owners: list[ShardServers | None] = [None] * SLOT_COUNT
        done = 0
        for shard, ranges in shards:
            primary = shard.primary
            for first, last in ranges:
                if first == last:
                    table[first] = primary.bridge_for(first)
                    owners[first] = shard
                else:
                    table[first : last + 1] = map(primary.bridge_for, range(first, last + 1))
                    owners[first : last + 1] = [shard] * (last + 1 - first)
                done += last + 1 - first
                if done > 1000:
                    done = 0
                    yield
        self._by_primary = {shard.primary: shard for shard, ranges in shards}
        self._shards = owners
        self._table = table
        self._corrections = {}
        self.primaries = tuple(shard.primary for shard, ranges in shards if ranges)

    def correct(self, slot: int, server: ServerEndPoint[Any]) -> None:
        """Note that a slot is served by another primary."""
        shard = self._by_primary.get(server) or ShardServers(server, ())
        self._corrections[slot] = server
        self._shards[slot] = shard
        self._table[slot] = server.bridge_for(slot)

    def corrected(self) -> set[ServerEndPoint[Any]]:
        """Return the servers that slots were found to have moved to since the map was installed."""
        return set(self._corrections.copy().values())

    def primary_of(self, slot: int) -> ServerEndPoint[Any] | None:
        """Return the server that a slot's writes go to."""
        shard = self._shards[slot]
        return None if shard is None else shard.primary

    def wants_replicas(self) -> bool:
        """Whether reads go to replicas unless a handle says otherwise."""
        return self.read_from is not ReadFrom.PRIMARY

    # -- choosing --------------------------------------------------------------------------------------

    def is_steady(self, command: Command) -> bool:
        """Whether commands like this one go to the same server until something changes: a slot's do."""
        return True

    def groups(self, keys: Iterable[Encodable], prefix: bytes) -> list[list[int]]:
        """Return the places of keys, those of one slot together."""
        return by_slot(keys, prefix)

    def covering(self) -> list[Bridge]:
        """Return the bridges of all primaries that serve slots."""
        return [server.interactive for server in self.primaries]

    def select(self, command: Command, options: CallOptions, args: Sequence[Encodable]) -> Bridge:
        """Return the bridge for a command; see ``ServerSelectionStrategy.select``.

        Raises:
            ClusterCrossSlotError: Its keys lie in several slots.
            DataError: It has no key and would see one server's keys only.
            RedisConnectionError: There is no server that will do.
        """
        first = command.first_key
        if first and not options.key_prefix and first < len(args):
            # What slot_of_command() comes to for most commands, without the calls.
            key = args[first]
            if key.__class__ is str:
                key = key.encode()
            elif key.__class__ is not bytes:
                key = key_bytes(key)
            slot = slot_of(key) if b"{" in key else crc_hqx(key, 0) & _LAST_SLOT
        else:
            slot = slot_of_command(command, args, options.key_prefix)
            if slot < 0:
                return self._anywhere(command)
        if command.read_only:
            wish = options.read_from or self.read_from
            if wish is not ReadFrom.PRIMARY:
                return self._reader(command, slot, wish)
        return self._table[slot] or self._anyone(command)

    def select_slot(self, command: Command, options: CallOptions, slot: int) -> Bridge:
        """Return the bridge for a command whose slot is known, or ``NO_SLOT``; otherwise as :meth:`select`.

        That one ends in the same lines, to save every command the call.
        """
        if slot < 0:
            return self._anywhere(command)
        if command.read_only:
            wish = options.read_from or self.read_from
            if wish is not ReadFrom.PRIMARY:
                return self._reader(command, slot, wish)
        return self._table[slot] or self._anyone(command)

    def select_packed(self, command: Command, options: CallOptions, payload: Payload) -> Bridge:
        """Return the bridge for what was packed, key prefix and all; otherwise as :meth:`select`."""
        commands = commands_of(command, payload)
        slot = combined_slot(commands)
        if slot < 0:
            return self._anywhere(commands[0][0])
        wish = options.read_from or self.read_from
        if wish is not ReadFrom.PRIMARY and all(each.read_only for each, _ in commands):
            return self._reader(command, slot, wish)
        return self._table[slot] or self._anyone(command)

    def _reader(self, command: Command, slot: int, wish: ReadFrom) -> Bridge:
        shard = self._shards[slot]
        if shard is None:
            return self._anyone(command)
        for replica in shard.replicas:
            if replica.interactive.state is BridgeState.DISCONNECTED:
                replica.connect()
        server = choose_reader(wish, (shard.primary,), shard.replicas, self._turn, self._zone)
        if server is None:
            raise _refusal(
                command,
                RedisConnectionError(f"{command.name} was not sent: readFrom=replica and slot {slot} has no replica"),
            )
        return server.bridge_for(slot)  # type: ignore[no-any-return]

    def _anywhere(self, command: Command) -> Bridge:
        if command.whole_database:
            text = f"{command.name} was not sent: in a cluster it sees the keys of one server only; use "
            text += "get_database().across_slots(), or get_server(endpoint) for one of them"
            raise _refusal(command, DataError(text))
        return self._anyone(command)

    def _anyone(self, command: Command) -> Bridge:
        """Return any server: for what has no key, and for slots nobody is known to serve, as servers say that best."""
        for servers in (self.primaries, self.servers):
            able = [server for server in servers if server.is_connected]
            if able:
                return able[next(self._turn) % len(able)].interactive  # type: ignore[no-any-return]
        known = self.primaries or self.servers
        if not known:
            # Whoever was configured has described its cluster, in which nobody serves anything.
            text = f"{command.name} was not sent: no server of the cluster serves any slot; they are given to one with "
            text += "CLUSTER ADDSLOTSRANGE 0 16383, or to several by valkey-cli --cluster create"
            raise _refusal(command, RedisConnectionError(text))
        return known[next(self._turn) % len(known)].interactive  # type: ignore[no-any-return]


def combined_slot(commands: Sequence[tuple[Command, Sequence[Encodable]]]) -> int:
    """Return the one slot of several commands, or ``NO_SLOT`` where none has a key.

    Raises:
        ClusterCrossSlotError: Their keys lie in several slots.
    """
    found, first = NO_SLOT, b""
    for command, words in commands:
        slot = slot_of_command(command, words)
        if slot < 0:
            continue
        key = key_bytes(words[command.slot_positions(words)[0]])
        if found < 0:
            found, first = slot, key
        elif slot != found:
            raise cross_slot_error(command.name, first, found, key, slot)
    return found


def _refusal(command: Command, error: RedisError) -> RedisError:
    error.command, error.phase = command.name, "created"
    return error
