"""The nodes of a cluster as its client knows them."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ...configuration import EndPoint
from ...configuration.hidden import shown
from ...core.cluster.topology import Topology
from ...core.commands.hash_slots import key_bytes, slot_of
from ...errors import RedisClusterException, SlotNotCoveredError
from ..machinery.load_balancing import LoadBalancer, LoadBalancingStrategy
from ..machinery.responses import with_block_time
from .connection import ClusterConnectionPool, Encoder

if TYPE_CHECKING:
    from ..cache import CacheInterface
    from .standalone import Redis

PRIMARY = "primary"
REPLICA = "replica"


#: Option of :meth:`ClusterNode.execute_command`: the command is for a slot that is on its way to the node.
ASKING = "_asking"


def get_node_name(host: str, port: int | str) -> str:
    """Return what a node is called."""
    return f"{host}:{port}"


class NodePool:
    """A cluster's pool as the pool of one node, or of whichever node serves a slot at the time.

    Args:
        pool: The cluster's.
        node: The node, or None.
        slot: The slot, or None; with neither, any primary will do.
    """

    is_multiplexed = False

    def __init__(self, pool: ClusterConnectionPool, node: EndPoint | None = None, slot: int | None = None) -> None:
        self.pool = pool
        self.node = node
        self.slot = slot

    @shown
    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.node or ''} of {self.pool!r}>"

    @property
    def connection_kwargs(self) -> dict[str, Any]:
        """The arguments of connections."""
        kwargs = self.pool.connection_kwargs
        return kwargs if self.node is None else {**kwargs, "host": self.node.host, "port": self.node.port}

    @property
    def pid(self) -> int:
        """The process the connections belong to."""
        return self.pool.pid

    @property
    def timeout(self) -> float | None:
        """Seconds to wait for a connection; None where nobody waits, or for ever."""
        return getattr(self.pool, "timeout", None)

    @property
    def cache(self) -> CacheInterface | None:
        """What shows what the cluster's clients keep; a node's own client keeps nothing."""
        return self.pool.cache

    def get_encoder(self) -> Encoder:
        """Return what turns values into bytes and replies into text."""
        return self.pool.get_encoder()

    def get_available_connection(self) -> Any:
        """Take a connection to the node as it is, connected or not."""
        return self.pool.get_available_connection(self.node)

    async def get_connection(self, command_name: str | None = None, *keys: Any, **options: Any) -> Any:
        """Take a connection to the node; see :meth:`ClusterConnectionPool.get_connection_by_node`."""
        if self.node is not None:
            return await self.pool.get_connection_by_node(self.node)
        if self.slot is not None:
            return await self.pool.get_connection_by_slot(self.slot)
        return await self.pool.get_random_connection(primary=True)

    async def release(self, connection: Any) -> None:
        """Give a connection back."""
        await self.pool.release(connection)

    def _put_back(self, connection: Any) -> None:
        self.pool._put_back(connection)

    async def disconnect(self, inuse_connections: bool = True) -> None:
        """Close the connections to the node."""
        if self.node is not None:
            await self.pool.disconnect_node(self.node, inuse_connections)

    aclose = disconnect

    def set_retry(self, retry: Any) -> None:
        """Have all connections of the cluster try again as ``retry`` says."""
        self.pool.set_retry(retry)


class ClusterNode:
    """A node of a cluster: one to ask first, or one that was found.

    Args:
        host, port: Where it is.
        server_type: ``"primary"``, ``"replica"``, or None where that is not known.
        redis_connection: A client for it.
        max_connections: The most connections to it; of a node to ask first, to each node, where the client is not told.

    Attributes:
        host, port, server_type, max_connections: As given.
        name: Host and port, as ``host:port``.
    """

    def __init__(
        self,
        host: str,
        port: int | str = 6379,
        server_type: str | None = None,
        redis_connection: Redis | None = None,
        *,
        max_connections: int | None = None,
    ) -> None:
        self.host = host
        self.port = int(port)
        self.name = get_node_name(host, port)
        self.server_type = server_type
        self.max_connections = max_connections
        self._client = redis_connection
        self._make_client: Callable[[], Redis] | None = None
        if True:  # ASYNC
            #: Taken before those of the pool: what programs put in their place for tests.
            self._free: deque[Any] = deque()

    @property
    def endpoint(self) -> EndPoint:
        """Its address."""
        return EndPoint(self.host, self.port)

    @property
    def redis_connection(self) -> Redis | None:
        """A client for this node alone; None for a node that is no cluster client's."""
        if self._client is None and self._make_client is not None:
            self._client = self._make_client()
        return self._client

    def _known_client(self) -> Redis:
        client = self.redis_connection
        if client is None:
            raise RedisClusterException(f"{self.name} is no node of a client")
        return client

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send this node a command over a connection to it, and return its result.

        Args:
            args: The command's name and its arguments.
            options: What is handed to its response callback.

        Raises:
            RedisClusterException: The node is no cluster client's.
            RedisError: The command failed.
        """
        asking = options.pop(ASKING, False)
        pool = self._known_client().connection_pool
        own = self.take_own()
        connection = await pool.get_connection() if own is None else own
        try:
            if getattr(connection, "socket_timeout", None) is not None:  # programs make connections up for tests
                options = with_block_time(args, options)
            if asking:
                await connection.send_packed_command(connection.pack_commands([("ASKING",), args]))
                await connection.read_response()
            else:
                await connection.send_command(*args)
            return await self.parse_response(connection, args[0], **options)
        finally:
            if own is None:
                await pool.release(connection)
            else:
                self.give_back_own(own)

    async def parse_response(self, connection: Any, command: Any, **options: Any) -> Any:
        """Read a reply of this node's; see :meth:`Redis.parse_response`."""
        return await self._known_client().parse_response(connection, command, **options)

    @property
    def has_own(self) -> bool:
        """Whether there is a connection that is taken before the pool's."""
        if True:  # ASYNC
            if self._free:
                return True
        return self._client is not None and self._client.connection is not None

    def take_own(self) -> Any:
        """Return a connection that is taken before the pool's: its client's own, or what stands in; None for none."""
        if True:  # ASYNC
            if self._free:
                return self._free.popleft()
        return None if self._client is None else self._client.connection

    def give_back_own(self, connection: Any) -> None:
        """Give back what :meth:`take_own` returned."""
        if True:  # ASYNC
            if self._client is None or connection is not self._client.connection:
                self._free.append(connection)

    def forget_own(self) -> None:
        """Have another client where this one's own connection was lost: the node may be another by now."""
        if self._make_client is not None and self._client is not None and self._client.connection is not None:
            self._client = None

    if True:  # ASYNC

        def acquire_connection(self) -> Any:
            """Take a connection to this node as it is, connected or not; give it back with :meth:`release`.

            Raises:
                MaxConnectionsError: All are in use.
                RedisClusterException: The node is no cluster client's.
            """
            pool: Any = self._known_client().connection_pool
            own = self.take_own()
            return pool.get_available_connection() if own is None else own

        def release(self, connection: Any) -> None:
            """Give a connection back."""
            pool: Any = self._known_client().connection_pool
            if connection in getattr(pool, "pool", pool)._in_use_connections:
                pool._put_back(connection)
            else:
                self.give_back_own(connection)

    async def disconnect(self) -> None:
        """Close the connections to this node."""
        if self.redis_connection is not None:
            await self.redis_connection.connection_pool.disconnect()

    @shown
    def __repr__(self) -> str:
        return f"<ClusterNode {self.name} {self.server_type or 'unknown'}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ClusterNode) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class NodesManager:
    """The nodes of one cluster, and who serves which slot.

    Attributes:
        default_node: Where goes what has no key; None before the cluster is known.
        read_load_balancer: Chooses who answers reads.
    """

    def __init__(self, pool: ClusterConnectionPool, make_client: Callable[[NodePool], Redis]) -> None:
        self._pool = pool
        self._make_client = make_client
        self._topology: Topology | None = None
        self._nodes: dict[str, ClusterNode] = {}
        self._named = {node.name: node for node in map(self._made, pool.seeds)}
        self.default_node: ClusterNode | None = None
        self.read_load_balancer = LoadBalancer()

    async def initialize(self) -> None:
        """Look at the cluster again.

        Raises:
            RedisClusterException: No node answers.
        """
        await self._pool.refresh()

    # -- nodes -----------------------------------------------------------------------------------------

    @property
    def nodes_cache(self) -> dict[str, ClusterNode]:
        """The nodes by name; empty before the cluster is known."""
        topology = self._pool.topology
        if topology is not self._topology:
            self._follow(topology)
        return self._nodes

    @property
    def startup_nodes(self) -> dict[str, ClusterNode]:
        """The nodes to ask first, by name: those that were found, unless only those that were named are asked."""
        found = self.nodes_cache if self._pool.dynamic_startup_nodes else {}
        return dict(found or self._named)

    def _follow(self, topology: Topology | None) -> None:
        before, nodes = self._nodes, {}
        for endpoint, known in () if topology is None else topology.nodes.items():
            name = get_node_name(endpoint.host, endpoint.port)
            node = before.get(name) or self._made(endpoint)
            node.server_type = known.role
            nodes[name] = node
        self._nodes = nodes
        self._topology = topology
        default = self.default_node
        if default is None or nodes.get(default.name, default).server_type != PRIMARY or default.name not in nodes:
            self.default_node = next((node for node in nodes.values() if node.server_type == PRIMARY), None)

    def _made(self, endpoint: EndPoint) -> ClusterNode:
        node = ClusterNode(endpoint.host, endpoint.port, max_connections=self._pool.max_connections)
        node._make_client = lambda: self._make_client(NodePool(self._pool, endpoint))
        return node

    def get_node(
        self, host: str | None = None, port: int | None = None, node_name: str | None = None
    ) -> ClusterNode | None:
        """Return a node by its name, or by host and port; None where there is none such."""
        if host and port:
            node_name = get_node_name("127.0.0.1" if host == "localhost" else host, port)
            return self.nodes_cache.get(get_node_name(host, port)) or self.nodes_cache.get(node_name)
        return self.nodes_cache.get(node_name) if node_name else None

    def get_nodes_by_server_type(self, server_type: str) -> list[ClusterNode]:
        """Return the nodes of a kind: ``"primary"`` or ``"replica"``."""
        return [node for node in self.nodes_cache.values() if node.server_type == server_type]

    def node_at(self, endpoint: EndPoint) -> ClusterNode:
        """Return the node at an address, known or not."""
        return self.nodes_cache.get(get_node_name(endpoint.host, endpoint.port)) or self._made(endpoint)

    def any_primary(self) -> ClusterNode:
        """Return any primary.

        Raises:
            RedisClusterException: There is none.
        """
        primaries = self.get_nodes_by_server_type(PRIMARY)
        if not primaries:
            raise RedisClusterException("no primary of the cluster is known")
        return random.choice(primaries)

    # -- slots -----------------------------------------------------------------------------------------

    @property
    def slots_cache(self) -> dict[int, list[ClusterNode]]:
        """The nodes of every slot that is served, its primary first."""
        slots: dict[int, list[ClusterNode]] = {}
        for slot in range(16384):
            try:
                primary = self._pool.get_primary_node_by_slot(slot)
            except (SlotNotCoveredError, IndexError):
                continue
            nodes = [primary, *self._pool.get_replica_nodes_by_slot(slot)]
            slots[slot] = [self.node_at(node) for node in nodes]
        return slots

    def get_node_from_slot(
        self,
        slot: int,
        read_from_replicas: bool = False,
        load_balancing_strategy: LoadBalancingStrategy | None = None,
        server_type: str | None = None,
    ) -> ClusterNode:
        """Return the node to ask about a slot.

        Args:
            slot: Which.
            read_from_replicas: Whether replicas take their turn.
            load_balancing_strategy: How else to choose.
            server_type: ``"primary"`` for the primary, whatever else is said.

        Raises:
            SlotNotCoveredError: Nobody serves it.
        """
        return self.node_at(
            self.endpoint_of_slot(
                slot,
                None
                if server_type == PRIMARY
                else load_balancing_strategy or (LoadBalancingStrategy.ROUND_ROBIN if read_from_replicas else None),
            )
        )

    def endpoint_of_slot(self, slot: int, strategy: LoadBalancingStrategy | None) -> EndPoint:
        """Return the address of the node to ask about a slot: the primary's unless there is a strategy.

        Raises:
            SlotNotCoveredError: Nobody serves it.
        """
        primary = self._pool.get_primary_node_by_slot(slot)
        if strategy is None:
            return primary
        return self.read_load_balancer.choose(primary, self._pool.get_replica_nodes_by_slot(slot), strategy)

    @staticmethod
    def keyslot(key: Any, encoder: Encoder) -> int:
        """Return a key's slot."""
        return slot_of(encoder.encode(key) if isinstance(key, str) else key_bytes(key))
