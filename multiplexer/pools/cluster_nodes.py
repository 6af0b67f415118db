"""How nodes of a cluster are named, and how a slot's readers are chosen."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

from ..configuration import EndPoint
from ..core.cluster.topology import Node, Shard, Topology
from ..errors import ConfigurationError

#: Where a cluster is looked for unless it is said.
DEFAULT_PORT = 6379


def endpoint_of(node: Any, default_port: int = DEFAULT_PORT) -> EndPoint:
    """Return a node's address.

    Args:
        node: An :class:`EndPoint`, ``"host:port"``, a host and port in a tuple, a dict of ``host`` and ``port``, or
            anything with these attributes.
        default_port: For text without one.

    Raises:
        ConfigurationError: It is none of these, or malformed.
    """
    if isinstance(node, EndPoint):
        return node
    if isinstance(node, str):
        return EndPoint.parse(node, default_port, where="node")
    if isinstance(node, dict):
        node = (node.get("host"), node.get("port"))
    elif not isinstance(node, tuple):
        node = (getattr(node, "host", None), getattr(node, "port", None))
    if len(node) != 2 or None in node:
        raise ConfigurationError("node: expected host and port")
    try:
        return EndPoint(str(node[0]), int(node[1]), where="node")
    except ValueError as error:
        raise ConfigurationError(f"node: {error}") from None


def seeds_of(host: str | None, port: int | str, startup_nodes: Iterable[Any] | None) -> tuple[EndPoint, ...]:
    """Return the addresses to ask first about a cluster.

    Raises:
        ConfigurationError: There is none, or one is malformed.
    """
    nodes = list(startup_nodes or ())
    if host is not None:
        nodes.append((host, port))
    if not nodes:
        raise ConfigurationError("startup_nodes: name at least one node, or host and port")
    return tuple(dict.fromkeys(map(endpoint_of, nodes)))


def readers_of(shard: Shard, nodes: Topology) -> list[EndPoint]:
    """Return a shard's replicas that are held for healthy."""
    known = nodes.nodes
    return [replica for replica in shard.replicas if known.get(replica, _UNKNOWN).is_healthy]


_UNKNOWN = Node(EndPoint("unknown", 1), "", "replica", is_healthy=False)


def asking_order(first: Iterable[EndPoint], then: Iterable[EndPoint], last: EndPoint | None) -> list[EndPoint]:
    """Return the nodes to ask for the topology, in turn.

    Args:
        first: Asked first, in any order: load is to be spread.
        then: Asked where these do not answer.
        last: One that has just failed, and is asked last of all.
    """
    shuffled = list(first)
    random.shuffle(shuffled)
    order = list(dict.fromkeys([*shuffled, *then]))
    if last in order:
        order.remove(last)
        order.append(last)
    return order
