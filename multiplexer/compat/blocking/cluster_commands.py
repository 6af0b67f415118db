# Generated from multiplexer/compat/asyncio/cluster_commands.py by scripts/generate_blocking.py; change that file instead.
"""Commands that a client of a cluster sends to several nodes, or splits by slots."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import wraps
from inspect import CO_VARARGS, unwrap
from typing import Any

from ...blocking.commands import AdminCommands
from ...core.commands.arguments import flatten
from ...core.commands.command import Command
from ...core.commands.hash_slots import key_bytes, slot_of
from ...core.types import Encodable, Key, Pattern
from ...errors import RedisClusterException
from ..machinery.forms import in_form
from ..machinery.responses import CALL
from .base import BaseClient
from .commands import ConnectionStateCommands
from .redis_commands import RedisCommands

#: Name of the argument that says which nodes a command is for.
TARGET_NODES = "target_nodes"


class TargetedCommands(RedisCommands):
    """The commands of a client, for certain of its nodes.

    Args:
        client: The client.
        nodes: As ``target_nodes`` of its ``execute_command``.
    """

    decr = BaseClient.decr
    incr = BaseClient.incr

    def __init__(self, client: ClusterCommands, nodes: Any) -> None:
        self._client = client
        self._nodes = nodes

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Any:
        args, call = in_form(command, args, convert, decode, self._client.response_callbacks.forms)
        result: Any = self._client.execute_command(*args, **{CALL: call, TARGET_NODES: self._nodes})
        return result

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command to the nodes."""
        return self._client.execute_command(*args, **{TARGET_NODES: self._nodes, **options})


class ClusterCommands(BaseClient):
    """The commands of a cluster's client, where they are not those of any client.

    What concerns servers rather than keys takes ``target_nodes=``, such as ``client.ping(target_nodes="all")``.
    """

    def get_primaries(self) -> list[Any]:
        """Return the primaries."""
        raise NotImplementedError

    def initialize(self) -> Any:
        """Look at the cluster, unless that was done."""
        raise NotImplementedError

    def at(self, target_nodes: Any) -> TargetedCommands:
        """Return the commands for certain nodes: ``client.at("primaries").dbsize()``.

        Args:
            target_nodes: A node, several, or one of ``"all"``, ``"primaries"``, ``"replicas"``, ``"random"`` and
                ``"default-node"``.
        """
        return TargetedCommands(self, target_nodes)

    # -- several slots ---------------------------------------------------------------------------------

    def _by_slot(self, keys: Iterable[Key]) -> dict[int, list[Any]]:
        """Return keys by their slots, each with their order kept."""
        encoder = self.get_encoder()
        slots: dict[int, list[Any]] = {}
        for key in keys:
            slot = slot_of(encoder.encode(key) if isinstance(key, str) else key_bytes(key))
            slots.setdefault(slot, []).append(key)
        return slots

    def _counted(self, name: str, keys: tuple[Key, ...]) -> int:
        """Send a command that counts keys, once for each slot."""
        counts = [self.execute_command(name, *group) for group in self._by_slot(keys).values()]
        return sum(counts)

    def delete(self, *names: Key) -> int:
        """Remove keys, whatever their slots, with one command for each slot; return how many existed.

        Redis command: DEL
        """
        return self._counted("DEL", names) if len(names) > 1 else super().delete(*names)

    def exists(self, *names: Key) -> int:
        """Return how many of some keys exist; otherwise as :meth:`delete`.

        Redis command: EXISTS
        """
        return self._counted("EXISTS", names) if len(names) > 1 else super().exists(*names)

    def touch(self, *args: Key) -> int:
        """Mark keys as used and return how many exist; otherwise as :meth:`delete`.

        Redis command: TOUCH
        """
        return self._counted("TOUCH", args) if len(args) > 1 else super().touch(*args)

    def unlink(self, *names: Key) -> int:
        """Remove keys in the background; otherwise as :meth:`delete`.

        Redis command: UNLINK
        """
        return self._counted("UNLINK", names) if len(names) > 1 else super().unlink(*names)

    def mget_nonatomic(self, keys: Key | Iterable[Key], *args: Key) -> list[Any]:
        """Return the values of keys, whatever their slots, with one command for each slot.

        Redis command: MGET
        """
        names = flatten(keys, args)
        found: dict[Any, Any] = {}
        for group in self._by_slot(names).values():
            found.update(zip(group, self.mget(group), strict=True))
        return [found[name] for name in names]

    def mset_nonatomic(self, mapping: Mapping[Any, Encodable]) -> list[bool]:
        """Set keys, whatever their slots, with one command for each slot; return those commands' results.

        Redis command: MSET
        """
        groups = self._by_slot(mapping).values()
        return [self.mset({key: mapping[key] for key in group}) for group in groups]

    def scan_iter(
        self, match: Pattern | None = None, count: int | None = None, _type: str | None = None, **kwargs: Any
    ) -> Iterator[Any]:
        """Go through the keys of all primaries, or of ``target_nodes``, one node after the other.

        Redis command: SCAN

        Args:
            match: A pattern; only keys that match are returned.
            count: How much work a step is to be, roughly in keys.
            _type: Only keys of this type.
            kwargs: ``target_nodes``.
        """
        self.initialize()
        nodes = kwargs.pop(TARGET_NODES, None)
        for node in self.get_primaries() if nodes is None else self._nodes_of(nodes):
            cursor: Any = 0
            while True:
                page: Any = self.at(node).scan(cursor, match, count, _type, **kwargs)
                cursors, keys = page
                for key in keys:
                    yield key
                [cursor] = cursors.values()
                if not cursor:
                    break

    def _nodes_of(self, target_nodes: Any) -> list[Any]:
        raise NotImplementedError

    # -- one node --------------------------------------------------------------------------------------
    # redis-py puts the node before the command's own arguments, which is not what the base class takes: hence the
    # ignored overrides.

    def cluster_addslots(self, target_node: Any, *slots: Encodable) -> Any:  # type: ignore[override]
        """Have a node serve slots.

        Redis command: CLUSTER ADDSLOTS
        """
        return self.at(target_node).cluster_addslots(*slots)

    def cluster_addslotsrange(self, target_node: Any, *slots: Encodable) -> Any:  # type: ignore[override]
        """Have a node serve ranges of slots.

        Redis command: CLUSTER ADDSLOTSRANGE
        """
        return self.at(target_node).cluster_addslotsrange(*slots)

    def cluster_failover(self, target_node: Any, option: Any = None) -> Any:  # type: ignore[override]
        """Have a replica take its primary's place.

        Redis command: CLUSTER FAILOVER
        """
        return self.at(target_node).cluster_failover(option)

    def cluster_links(self, target_node: Any) -> Any:  # type: ignore[override]
        """Return a node's connections to others.

        Redis command: CLUSTER LINKS
        """
        return self.at(target_node).cluster_links()

    def cluster_meet(self, host: str, port: int, target_nodes: Any = None, cluster_bus_port: int | None = None) -> Any:  # type: ignore[override]
        """Introduce a node to others.

        Redis command: CLUSTER MEET
        """
        if target_nodes is None:
            return super().cluster_meet(host, port, cluster_bus_port)
        return self.at(target_nodes).cluster_meet(host, port, cluster_bus_port)

    def cluster_myid(self, target_node: Any) -> Any:  # type: ignore[override]
        """Return a node's name in the cluster.

        Redis command: CLUSTER MYID
        """
        return self.at(target_node).cluster_myid()

    def cluster_replicate(self, target_nodes: Any, node_id: str) -> Any:  # type: ignore[override]
        """Have a node replicate another.

        Redis command: CLUSTER REPLICATE
        """
        return self.at(target_nodes).cluster_replicate(node_id)

    def cluster_setslot(  # type: ignore[override]
        self, target_node: Any, node_id: str, slot_id: int, state: str
    ) -> Any:
        """Tell a node about a slot.

        Redis command: CLUSTER SETSLOT
        """
        return self.at(target_node).cluster_setslot(node_id, slot_id, state)

    def cluster_delslots(self, *slots: Encodable) -> Any:
        """Have the nodes that serve slots do so no longer.

        Redis command: CLUSTER DELSLOTS
        """
        return self._delete_slots(slots)

    def _delete_slots(self, slots: tuple[Any, ...]) -> list[Any]:
        return [self.execute_command("CLUSTER DELSLOTS", slot) for slot in slots]

    # -- none ------------------------------------------------------------------------------------------

    def replicaof(self, *args: Any, **kwargs: Any) -> Any:
        """Raise RedisClusterException: :meth:`cluster_replicate` does it in a cluster."""
        raise RedisClusterException("REPLICAOF is not supported in cluster mode")

    def slaveof(self, *args: Any, **kwargs: Any) -> Any:
        """Raise RedisClusterException: :meth:`cluster_replicate` does it in a cluster."""
        raise RedisClusterException("SLAVEOF is not supported in cluster mode")

    def swapdb(self, *args: Any, **kwargs: Any) -> Any:
        """Raise RedisClusterException: a cluster has one database."""
        raise RedisClusterException("SWAPDB is not supported in cluster mode")

    def select(self, *args: Any, **kwargs: Any) -> Any:
        """Raise RedisClusterException: a cluster has one database."""
        raise RedisClusterException("SELECT is not supported in cluster mode")


def _targetable(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command's method the argument ``target_nodes``, by name or after its own ones."""
    code = unwrap(method).__code__
    own = None if code.co_flags & CO_VARARGS else code.co_argcount - 1  # without self

    @wraps(method)
    def call(self: ClusterCommands, *args: Any, **kwargs: Any) -> Any:
        if own is not None and len(args) == own + 1:
            *args, kwargs[TARGET_NODES] = args  # type: ignore[assignment]  # a list does as well as a tuple
        if TARGET_NODES not in kwargs:
            return method(self, *args, **kwargs)
        nodes = kwargs.pop(TARGET_NODES)
        return (method if nodes is None else getattr(TargetedCommands, name))(
            self if nodes is None else self.at(nodes), *args, **kwargs
        )

    return call


for _owner in (*AdminCommands.__mro__[1:], ConnectionStateCommands, RedisCommands):
    for _name, _method in tuple(vars(_owner).items()):
        own = _name not in vars(ClusterCommands) and getattr(BaseClient, _name, None) is _method
        if own and not _name.startswith("_") and _name != "execute_command" and callable(_method):
            setattr(ClusterCommands, _name, _targetable(_name, _method))
