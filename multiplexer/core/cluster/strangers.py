"""Servers that describe another cluster than the one that is known, or none.

A member may be taken out of its cluster and made one of another, at the address it has: what it says then is true, and
not meant for who wanted the first. But all members may also have been replaced behind the names that clients were
told. The two differ in who says so: another cluster takes the place of the known one only where no known member is
left that does not say it, and most of the configured endpoints lead there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from ...configuration import EndPoint
from ...errors import RedisConnectionError
from ...snapshots import snapshot_items
from ..commands.hash_slots import SLOT_COUNT
from ..diagnosis.events import ErrorEvent
from ..logging import logger
from ..physical_bridge import PhysicalBridge
from ..server_endpoint import ServerEndPoint
from ..server_set import ServerSet
from .topology import Node, Shard, Topology

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: Seconds a member is given to be connected before it counts as gone; one that is refused is gone at once.
TIME_TO_CONNECT = 1.0
#: ``source`` of the topology of a server that is in no cluster.
ALONE = "ALONE"


def alone(endpoint: EndPoint) -> Topology:
    """Return what a server that is in no cluster amounts to: it serves every slot."""
    shard = Shard(endpoint, (), ((0, SLOT_COUNT - 1),))
    return Topology({endpoint: Node(endpoint, "", "primary")}, (shard,), [shard] * SLOT_COUNT, source=ALONE)


def is_same(one: Topology, other: Topology) -> bool:
    """Whether two snapshots are of one cluster: they share a member, or do not tell their names."""
    if ALONE in (one.source, other.source):
        return one.source == other.source and one.nodes.keys() == other.nodes.keys()
    names, others = _names(one), _names(other)
    return not names or not others or not names.isdisjoint(others)


def _names(topology: Topology) -> set[str]:
    return {node.id for node in topology.nodes.values() if node.id}


class Strangers(Generic[Bridge]):
    """The strangers of one multiplexer."""

    def __init__(self, servers: ServerSet[Bridge], told: Callable[[ErrorEvent], None]) -> None:
        """Make a register of nobody.

        Args:
            servers: The multiplexer's servers.
            told: Called once for each server that turns out to be a stranger.
        """
        self._servers = servers
        self._told = told
        self._known: set[EndPoint] = set()
        self._said: dict[ServerEndPoint[Bridge], Topology] = {}
        self._sought: dict[EndPoint, float] = {}

    def begin(self) -> None:
        """Forget what was said: everybody is asked anew."""
        self._said = {}

    def is_stranger(self, server: ServerEndPoint[Bridge], topology: Topology, known: Topology | None) -> bool:
        """Whether a server describes another cluster than is known; if so, that is noted.

        Args:
            server: Who was asked.
            topology: What it said.
            known: What counts, or None where nothing is known yet.
        """
        if known is None or known.source == ALONE or not topology.nodes or is_same(known, topology):
            self._known.discard(server.endpoint)
            return False
        self._said[server] = topology
        if server.endpoint not in self._known:
            self._known.add(server.endpoint)
            what = "is in no cluster" if topology.source == ALONE else "belongs to another cluster"
            error = RedisConnectionError(f"{server.endpoint} {what} by now, and is left alone while others may answer")
            logger().warning("%s", error)
            self._told(ErrorEvent("CLUSTER", error))
        return True

    def successor(
        self,
        known: Topology | None,
        seeds: Iterable[EndPoint],
        is_mute: Callable[[ServerEndPoint[Any]], bool],
        now: float,
    ) -> tuple[ServerEndPoint[Bridge], Topology] | None:
        """Return what has taken the place of the known cluster and who said so, or None.

        Args:
            known: What counts until now.
            seeds: The configured endpoints.
            is_mute: Says whether a connected server does not answer.
            now: Time of the driver's clock.
        """
        if known is None:
            return None
        endpoints = list(seeds)
        for server, topology in snapshot_items(self._said):
            witnesses = [seed for seed in endpoints if self._leads_to(seed, topology)]
            if len(witnesses) * 2 <= len(endpoints) or not topology.is_up:
                continue
            if not self._is_anybody_left(known, topology, is_mute, now):
                logger().warning("%s and its like have taken the place of the cluster", server.endpoint)
                self._known.clear()
                self._sought.clear()
                return server, topology
        return None

    def _leads_to(self, endpoint: EndPoint, topology: Topology) -> bool:
        if endpoint in topology.nodes:
            return True
        server = self._servers.get(endpoint)
        return server is not None and self._says(server, topology)

    def _says(self, server: ServerEndPoint[Bridge], topology: Topology) -> bool:
        said = self._said.get(server)
        return said is not None and is_same(said, topology)

    def _is_anybody_left(
        self, known: Topology, topology: Topology, is_mute: Callable[[ServerEndPoint[Any]], bool], now: float
    ) -> bool:
        """Whether a known member does not say it, or has not been sought for long enough to count as gone."""
        is_left = False
        for server in self._servers.add(known.nodes):  # all of them, so that all are sought at the same time
            if not server.is_connected:
                server.connect()
                sought = self._sought.setdefault(server.endpoint, now)
                is_sought = now - max(sought, server.interactive.disconnected_at) >= TIME_TO_CONNECT
                is_left = is_left or not (server.interactive.attempts or is_sought)
            elif not self._says(server, topology) and not is_mute(server):
                self._sought.pop(server.endpoint, None)
                is_left = True
        return is_left
