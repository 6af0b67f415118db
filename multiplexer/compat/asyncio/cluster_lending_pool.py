"""A cluster's pool's form for a multiplexer that is somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...configuration import EndPoint
from ...core.cluster.topology import Topology
from ...errors import DataError, RedisClusterException, RedisConnectionError
from ...pools.asyncio.cluster_map import ClusterMap
from .connection import ClusterConnectionPool
from .lending_pool import WATCH, LendsConnections

if TYPE_CHECKING:
    from ...asyncio import ConnectionMultiplexer


class _BorrowedMap(ClusterMap):
    """What the multiplexer knows of the cluster."""

    multiplexer: ConnectionMultiplexer

    async def _ask_around(self) -> Topology:
        topology = self.multiplexer._coordinator.guide.topology
        if topology is None:
            raise RedisClusterException("Redis Cluster cannot be connected: the multiplexer has not found a cluster")
        return topology


class ClusterMultiplexerPool(LendsConnections, ClusterConnectionPool):
    """Lends a multiplexer's own connections to those who need one for a while: transactions, subscriptions, MONITOR.

    Args:
        multiplexer: The multiplexer, on a cluster; it is not closed with the pool.
        own: How text is encoded and replies are decoded, and which form results have, as for any pool.

    Raises:
        DataError: ``protocol`` is another than the multiplexer's.
    """

    def __init__(self, multiplexer: ConnectionMultiplexer, **own: Any) -> None:
        options = multiplexer.options
        super().__init__(
            startup_nodes=options.endpoints,
            max_connections=options.max_leases,
            socket_timeout=options.timeout,
            **own,
        )
        seeds, steps = self._map.seeds, self._map.reinitialize_steps
        self._map = _BorrowedMap(seeds, self._make_for_asking, options.address_remap, options.ssl, False, True, steps)
        self._map.multiplexer = multiplexer
        self._lend_from(multiplexer)

    async def _take(self, node: EndPoint) -> Any:
        try:
            server = self._multiplexer.get_server(node)
        except DataError:
            raise RedisConnectionError(f"{node} is no node of the cluster any longer") from None
        connection = self._lend(await server.borrow(WATCH, b""))
        connection.node = node
        return connection
