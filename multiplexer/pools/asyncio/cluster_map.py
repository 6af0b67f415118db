"""What a cluster's pool knows of the cluster, and how it learns it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from ...configuration import EndPoint
from ...core.addresses import Remap
from ...core.cluster.topology import Shard, Topology
from ...core.cluster.topology_replies import ask_for_topology, built
from ...errors import RedisClusterException, RedisError, SlotNotCoveredError
from ..cluster_nodes import asking_order

#: Seconds between two looks at a cluster of which some node could not be reached.
_PATIENCE = 0.25


class ClusterMap:
    """Which node serves which slot.

    Args:
        seeds: Nodes to ask first.
        make_connection: Makes a connection to a node, which is used for one conversation.
        remap: Returns the address to use instead of one the cluster gives, or None.
        tls: Whether the nodes' ports for TLS are the ones to use.
        require_full_coverage: Whether a map with slots that nobody serves is refused.
        dynamic: Whether nodes that were found are asked too when the map is made anew.
        reinitialize_steps: Number of MOVED replies after which it is.

    Attributes:
        topology: What was last learnt, or None.
        version: Grows with each map.
    """

    def __init__(
        self,
        seeds: Sequence[EndPoint],
        make_connection: Callable[[EndPoint], Any],
        remap: Remap | None,
        tls: bool,
        require_full_coverage: bool,
        dynamic: bool,
        reinitialize_steps: int,
    ) -> None:
        self.seeds = tuple(seeds)
        self.require_full_coverage = require_full_coverage
        self.dynamic = dynamic
        self.reinitialize_steps = reinitialize_steps
        self.topology: Topology | None = None
        self.version = 0
        self.remap = remap
        self._make_connection = make_connection
        self._tls = tls
        self._owners: list[Shard | None] = []
        self._moved = 0
        self._failed: EndPoint | None = None
        self._learnt = 0.0
        self.forget()

    def forget(self) -> None:
        """Know nothing any longer; also after a fork, where another thread may have held the lock."""
        self.topology = None
        self._failed = None
        if True:  # ASYNC
            self._locks: dict[Any, asyncio.Lock] = {}
        else:
            self._turn = threading.Lock()  # makes one refresh of many

    def _one_at_a_time(self) -> Any:
        """Return the lock that makes one refresh of many: whoever waits for it finds the work done."""
        if True:  # ASYNC
            loop = asyncio.get_running_loop()
            lock = self._locks.get(loop)
            if lock is None:
                self._locks = {loop: (lock := asyncio.Lock())}  # those of other loops are of no use any longer
            return lock
        return self._turn

    @property
    def is_settled(self) -> bool:
        """Whether there is a map, and no node failed since."""
        return self.topology is not None and self._failed is None

    # -- learning --------------------------------------------------------------------------------------

    async def known(self) -> Topology:
        """Return the map, made if there is none, or if a node could not be reached since it was.

        Raises:
            RedisClusterException: No node answers, or what was asked is no cluster.
        """
        topology = self.topology
        if topology is None:
            return await self.refresh(self.version)
        if self._failed is not None and monotonic() - self._learnt >= _PATIENCE:
            try:
                return await self.refresh(self.version)
            except RedisClusterException:
                self._learnt = monotonic()  # what is known is better than nothing
        return topology

    async def refresh(self, seen: int) -> Topology:
        """Ask the cluster for its topology, unless somebody has since ``seen``, the version known to the caller.

        Raises:
            RedisClusterException: No node answers, or what was asked is no cluster.
        """
        async with self._one_at_a_time():
            if self.topology is None or self.version == seen:
                self._learn(await self._ask_around())
            assert self.topology is not None
            return self.topology

    def _learn(self, topology: Topology) -> None:
        self._owners = list(topology.owners)
        self._learnt = monotonic()
        self._failed = None
        self._moved = 0
        self.topology = topology
        self.version += 1

    async def _ask_around(self) -> Topology:
        """Return what the first node says that sees the whole cluster, or for want of it, the most of it."""
        known = self.topology.nodes if self.topology is not None and self.dynamic else ()
        best: Topology | None = None
        failures: list[str] = []
        for endpoint in asking_order(known, self.seeds, self._failed):
            try:
                topology = await self._ask(endpoint)
            except (RedisError, RedisClusterException) as error:
                failures.append(f"{endpoint}: {error}")
                continue
            if topology.is_up and not topology.gaps():
                return topology
            if best is None or (topology.is_up, topology.covered) > (best.is_up, best.covered):
                best = topology
        if best is None:
            raise RedisClusterException(
                f"Redis Cluster cannot be connected: no node answered as one ({'; '.join(failures)})"
            )
        if self.require_full_coverage and best.gaps():
            raise RedisClusterException(
                f"All slots are not covered: {best.covered} of 16384 are, and require_full_coverage asks for all"
            )
        return best

    async def _ask(self, endpoint: EndPoint) -> Topology:
        connection = self._make_connection(endpoint)
        try:
            await connection.connect()
            reply = await connection._converse(ask_for_topology())
        finally:
            await connection.disconnect()
        topology = built(reply, endpoint, self.remap, self._tls)
        if not topology.nodes:
            raise RedisClusterException("it knows no node of a cluster")
        return topology

    # -- being corrected -------------------------------------------------------------------------------

    @property
    def redirections(self) -> int:
        """How many corrections there were since the map was made."""
        return self._moved

    def suspect(self, endpoint: EndPoint) -> None:
        """Note that a node could not be reached: it may have been replaced."""
        self._failed = endpoint

    def moved(self, slot: int, endpoint: EndPoint | None) -> bool:
        """Note that a slot has another primary.

        Returns:
            Whether the map is to be made anew: after so many corrections, or where the new primary is unknown.
        """
        self._moved += 1
        topology = self.topology
        if topology is None or endpoint is None or not 0 <= slot < len(self._owners):
            return True
        node = topology.nodes.get(endpoint)
        same = next((shard for shard in topology.shards if shard.primary == endpoint), None)
        self._owners[slot] = same or Shard(endpoint, (), ())
        return node is None or bool(self.reinitialize_steps and self._moved % self.reinitialize_steps == 0)

    # -- knowing ---------------------------------------------------------------------------------------

    def shard_of(self, slot: int) -> Shard:
        """Return who serves a slot.

        Raises:
            SlotNotCoveredError: Nobody does.
        """
        shard = self._owners[slot]
        if shard is None or shard.primary is None:
            raise SlotNotCoveredError(f'Slot "{slot}" is not covered by the cluster.')
        return shard
