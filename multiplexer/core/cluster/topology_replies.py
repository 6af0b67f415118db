"""What servers say of their cluster, and how a snapshot is made of it.

They say it in three dialects: CLUSTER SHARDS, CLUSTER SLOTS and CLUSTER NODES. :func:`ask_for_topology` is the
conversation that gets one of them, :func:`build` turns any of them into a :class:`~.topology.Topology`. Building is a
generator that pauses every thousand ranges or so, so that the largest cluster holds nobody up for long.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ...configuration import EndPoint
from ...errors import RedisError
from ..addresses import Remap, reachable
from ..commands.hash_slots import SLOT_COUNT
from ..handshake.conversation import Step, Steps
from ..shapes import plain_text
from ..types import Number, Reply
from .topology import Node, Range, Shard, Topology, at_once

#: So many entries of a reply are read before :func:`build` pauses.
ENTRIES_PER_SLICE = 250

# -- asking --------------------------------------------------------------------------------------------


class TopologyReply(NamedTuple):
    """What a member answered.

    Attributes:
        source: ``"SHARDS"``, ``"SLOTS"`` or ``"NODES"``.
        reply: Its reply, as it came.
        info: What it said to CLUSTER INFO.
    """

    source: str
    reply: Any
    info: Mapping[str, str]


#: The dialects, the best first. SLOTS alone always names the one owner of a slot and the address clients shall use:
#: SHARDS may list two primaries of one shard for a moment, and NODES does not say which of its addresses is preferred.
#: But SLOTS repeats the whole shard for every range, which in a large cluster comes to megabytes.
SOURCES = ("SLOTS", "SHARDS", "NODES")
SOURCES_OF_LARGE = ("SHARDS", "SLOTS", "NODES")

#: A cluster is large from so many members on.
LARGE_CLUSTER = 100


def ask_for_topology(name: str = "CLUSTER") -> Steps[TopologyReply]:
    """Ask a member for its view of the cluster.

    Args:
        name: What CLUSTER is called, where it was renamed.

    Raises:
        RedisError: It answered none of them; the error is the one about the first.
    """
    step: Step = [(name, "INFO")]
    info = _info((yield step)[0])
    refusal: RedisError | None = None
    for source in SOURCES_OF_LARGE if int(info.get("cluster_known_nodes", 0)) >= LARGE_CLUSTER else SOURCES:
        step = [(name, source)]
        reply = (yield step)[0]
        if not isinstance(reply, RedisError):
            return TopologyReply(source, reply, info)
        refusal = refusal or reply
        if reply.phase is not None or "cluster support disabled" in str(reply):
            break  # the connection is gone, or there is no cluster
    assert refusal is not None
    raise refusal


def _info(reply: Reply) -> dict[str, str]:
    if isinstance(reply, RedisError):
        return {}
    return dict(line.split(":", 1) for line in plain_text(reply).splitlines() if ":" in line)


# -- building ------------------------------------------------------------------------------------------


class _Builder:
    """Collects what a reply says; every dialect ends in the same two kinds of facts: nodes and shards."""

    def __init__(self, asked: EndPoint, remap: Remap | None) -> None:
        self._asked = asked
        self._remap = remap
        self._known: dict[tuple[str, int], EndPoint | None] = {}
        self.nodes: dict[EndPoint, Node] = {}
        self.shards: list[Shard] = []
        self.owners: list[Shard | None] = [None] * SLOT_COUNT
        self.entries = 0  # ranges and nodes since the latest pause

    def is_due(self) -> bool:
        """Whether enough was done to pause."""
        if self.entries < ENTRIES_PER_SLICE:
            return False
        self.entries = 0
        return True

    def endpoint(self, host: object, port: Number | None, *otherwise: object) -> EndPoint | None:
        """Return where to reach a node, or None where that cannot be known.

        Args:
            host: Its preferred name. Nothing (None, or empty) stands for the host that was asked, ``?`` for a name
                the node does not have.
            port: Its port.
            otherwise: Other names, for want of the preferred one.
        """
        name = _name(host)
        if name is None:
            name = next((other for other in map(_name, otherwise) if other), "?")
        if name == "?":
            return None
        place = (name or self._asked.host, int(port or self._asked.port))
        try:
            return self._known[place]
        except KeyError:
            found = self._known[place] = reachable(place, self._remap)
            return found

    def shard(self, primary: EndPoint | None, replicas: Iterable[EndPoint], ranges: Sequence[Range]) -> None:
        """Note a shard and who owns its slots."""
        shard = Shard(primary, tuple(dict.fromkeys(replicas)), tuple(ranges))
        self.shards.append(shard)
        self.entries += len(shard.ranges)
        if primary is not None:
            owners = self.owners
            for first, last in ranges:
                if first == last:
                    owners[first] = shard
                else:
                    owners[first : last + 1] = [shard] * (last + 1 - first)


def build(
    reply: TopologyReply, asked: EndPoint, remap: Remap | None = None, tls: bool = False
) -> Generator[None, None, Topology]:
    """Make a snapshot, in slices: go on with ``next`` until it returns.

    Args:
        reply: What :func:`ask_for_topology` returned.
        asked: Address of the member that answered, for members that do not know their own.
        remap: ``address_remap`` of the configuration.
        tls: Whether clients use TLS, and so the members' ports for it.

    Returns:
        The snapshot. Members that cannot be reached, as they have no known address, are left out.
    """
    builder = _Builder(asked, remap)
    if reply.source == "SHARDS":
        yield from _read_shards(builder, reply.reply, tls)
    elif reply.source == "SLOTS":
        yield from _read_slots(builder, reply.reply)
    else:
        yield from _read_nodes(builder, plain_text(reply.reply), tls)
    info = reply.info
    epoch = info.get("cluster_current_epoch", "")
    return Topology(
        builder.nodes,
        tuple(builder.shards),
        builder.owners,
        int(epoch) if epoch.isdigit() else 0,
        info.get("cluster_state", "ok") == "ok",
        reply.source,
    )


def built(reply: TopologyReply, asked: EndPoint, remap: Remap | None = None, tls: bool = False) -> Topology:
    """Make a snapshot at once; see :func:`build`."""
    return at_once(build(reply, asked, remap, tls))


# CLUSTER SHARDS: maps of slots and nodes, a shard each.


def _read_shards(builder: _Builder, reply: Sequence[Any], tls: bool) -> Iterator[None]:
    for item in reply:
        shard = _fields(item)
        members = [_shard_member(builder, _fields(node), tls) for node in shard.get("nodes", ())]
        known = [node for node in members if node is not None]
        flat = shard.get("slots", ())
        ranges = list(zip(map(int, flat[::2]), map(int, flat[1::2]), strict=False))
        builder.nodes.update((node.endpoint, node) for node in known)
        primaries = sorted((node for node in known if node.role == "primary"), key=lambda node: not node.is_healthy)
        replicas = [node.endpoint for node in known if node.role == "replica" and node.is_healthy]
        if ranges or replicas or primaries:
            builder.shard(primaries[0].endpoint if primaries else None, replicas, ranges)
        builder.entries += len(members)
        if builder.is_due():
            yield


def _shard_member(builder: _Builder, node: Mapping[str, Any], tls: bool) -> Node | None:
    port = (node.get("tls-port") if tls else None) or node.get("port") or node.get("tls-port")
    endpoint = builder.endpoint(node.get("endpoint", ""), port, node.get("hostname"), node.get("ip"))
    if endpoint is None:
        return None
    return Node(
        endpoint,
        plain_text(node.get("id", "")),
        "primary" if plain_text(node.get("role", "")) in ("master", "primary") else "replica",
        plain_text(node.get("health", "online")) == "online",
        plain_text(node.get("availability-zone") or "") or None,
    )


# CLUSTER SLOTS: one entry a range: first and last slot, then the primary, then the replicas.


def _read_slots(builder: _Builder, reply: Sequence[Any]) -> Iterator[None]:
    ranges: dict[Any, list[Range]] = {}
    members: dict[Any, tuple[EndPoint | None, list[EndPoint]]] = {}
    for count, entry in enumerate(reply, 1):
        first, last, *nodes = entry
        if not nodes:
            continue
        primary = nodes[0]
        # The id where there is one (since 4.0), which tells a shard's ranges apart from others' at no cost.
        key = primary[2] if len(primary) > 2 else (primary[0], primary[1])
        found = ranges.get(key)
        if found is None:
            found = ranges[key] = []
            members[key] = _slot_members(builder, nodes)
        found.append((int(first), int(last)))
        if count % ENTRIES_PER_SLICE == 0:
            yield
    for key, (endpoint, replicas) in members.items():
        builder.shard(endpoint, replicas, ranges[key])
        if builder.is_due():
            yield


def _slot_members(builder: _Builder, nodes: Sequence[Sequence[Any]]) -> tuple[EndPoint | None, list[EndPoint]]:
    primary: EndPoint | None = None
    replicas: list[EndPoint] = []
    for index, (host, port, *rest) in enumerate(nodes):
        names = _fields(rest[1]) if len(rest) > 1 else {}
        endpoint = builder.endpoint(host, port, names.get("hostname"), names.get("ip"))
        if endpoint is None:
            continue
        role = "replica" if index else "primary"
        zone = plain_text(names.get("availability-zone") or "") or None
        builder.nodes[endpoint] = Node(endpoint, plain_text(rest[0]) if rest else "", role, True, zone)
        if index:
            replicas.append(endpoint)
        else:
            primary = endpoint
    return primary, replicas


# CLUSTER NODES: one line a node, as in the file servers keep.

_NO_ADDRESS = frozenset(("handshake", "noaddr"))
_FAILED = frozenset(("fail", "fail?"))


def _read_nodes(builder: _Builder, text: str, tls: bool) -> Iterator[None]:
    primaries: dict[str, tuple[EndPoint | None, list[Range]]] = {}
    replicas: dict[str, list[EndPoint]] = {}
    for line in text.splitlines():
        name, address, flag_words, primary, *rest = line.split(" ")
        flags = set(flag_words.split(","))
        if flags & _NO_ADDRESS:
            continue
        endpoint = _node_address(builder, address, tls)
        role = "primary" if flags & {"master", "primary"} else "replica"
        healthy = not flags & _FAILED
        if endpoint is not None:
            builder.nodes[endpoint] = Node(endpoint, name, role, healthy)
        if role == "primary":
            ranges = _node_ranges(rest[4:])
            primaries[name] = (endpoint, ranges)
            builder.entries += len(ranges)
        elif endpoint is not None and healthy:
            replicas.setdefault(primary, []).append(endpoint)
        builder.entries += 1
        if builder.is_due():
            yield
    for name, (endpoint, ranges) in primaries.items():
        builder.shard(endpoint, replicas.get(name, ()), ranges)
        if builder.is_due():
            yield


def _node_address(builder: _Builder, text: str, tls: bool) -> EndPoint | None:
    """Read ``ip:port@bus,hostname,name=value``; the ip may be an IPv6 address, or missing."""
    address, *names = text.split(",")
    host, _, port = address.partition("@")[0].rpartition(":")
    more = dict(name.split("=", 1) for name in names if "=" in name)
    hostname = names[0] if names and "=" not in names[0] else ""
    return builder.endpoint(host or hostname, (more.get("tls-port") if tls else None) or port)


def _node_ranges(words: Iterable[str]) -> list[Range]:
    ranges = []
    for word in words:
        if not word.startswith("["):  # a slot on its way: it is listed as its owner's until it has arrived
            first, _, last = word.partition("-")
            ranges.append((int(first), int(last or first)))
    return ranges


# Shapes: RESP2 writes maps as flat lists, and everything may come as bytes or as str.


def _name(value: object) -> str | None:
    """Return a host's name: ``""`` stands for the host that was asked, None for "it has none"."""
    if value is None:
        return ""
    name = plain_text(value)
    return None if name == "?" else name


def _fields(value: Reply) -> Mapping[str, Any]:
    if isinstance(value, dict):
        return {_FIELDS.get(key) or plain_text(key): each for key, each in value.items()}
    if isinstance(value, list | tuple):
        return {_FIELDS.get(key) or plain_text(key): each for key, each in zip(value[::2], value[1::2], strict=False)}
    return {}


#: Names of fields, decoded once: there are thousands of each in a large cluster.
_FIELDS: dict[object, str] = {
    name.encode(): name
    for name in ("slots", "nodes", "id", "port", "ip", "endpoint", "role", "replication-offset", "health", "hostname")
}
