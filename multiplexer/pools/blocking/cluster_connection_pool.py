# Generated from multiplexer/pools/asyncio/cluster_connection_pool.py by scripts/generate_blocking.py; change that file instead.
"""Connections to the nodes of a cluster, kept for those who need one of their own for a while."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from typing import Any

from ...configuration import EndPoint
from ...configuration.hidden import hidden, hide_secrets, shown
from ...core.addresses import Remap
from ...core.cluster.redirections import read_redirection
from ...core.cluster.topology import Topology
from ...core.commands.hash_slots import key_bytes, slot_of
from ...errors import AskError, ConfigurationError, MaxConnectionsError, RedisConnectionError, RedisTimeoutError
from ..cluster_nodes import DEFAULT_PORT, endpoint_of, readers_of, seeds_of
from .cluster_connection import ClusterConnection, ClusterSSLConnection
from .cluster_map import ClusterMap
from .connection_pool import ConnectionPool
from .credentials import follow
from .transports import SSLConnection

#: Seconds for connecting, unless ``socket_connect_timeout`` says otherwise: a node that is gone may leave an address
#: behind at which nobody says so.
CONNECT_TIMEOUT = 5.0


class ClusterConnectionPool(ConnectionPool):
    """A pool of connections to the nodes of a cluster, which refuses when all it may have are in use.

    What it promises is what :class:`ConnectionPool` does. The cluster is asked for its nodes when the first connection
    is taken, and again after a node could not be reached; :meth:`redirected` tells the pool of MOVED replies.

    With a limit for the whole cluster, a connection to one node that nobody uses makes room for one to another.

    Args:
        host, port: A node to ask about the cluster.
        startup_nodes: More of them: anything with ``host`` and ``port``, tuples, dicts or ``"host:port"``.
        connection_class: Makes the connections, with ``host`` and ``port`` among its arguments.
        max_connections: The most there may be; None for as many as needed.
        max_connections_per_node: Whether ``max_connections`` counts for each node by itself.
        readonly: Whether replicas may answer reads (:meth:`get_connection_by_slot`).
        require_full_coverage: Whether the pool refuses a cluster in which slots are not served.
        skip_full_coverage_check: The opposite, by another name.
        dynamic_startup_nodes: Whether nodes that were found are asked too when the cluster is looked at again.
        reinitialize_steps: Number of MOVED replies after which it is; 0 for never because of that.
        address_remap: Called with a host and port that the cluster gives; returns those to connect to.
        options: Those of :class:`ConnectionPool` and of the connections.

    Raises:
        ConfigurationError: An option has a value that cannot be, or no node is named.
    """

    def __init__(
        self,
        host: str | None = None,
        port: int | str = DEFAULT_PORT,
        startup_nodes: Iterable[Any] | None = None,
        connection_class: type[Any] = ClusterConnection,
        max_connections: int | None = None,
        max_connections_per_node: bool = False,
        readonly: bool = False,
        *,
        require_full_coverage: bool = False,
        skip_full_coverage_check: bool = False,
        dynamic_startup_nodes: bool = True,
        reinitialize_steps: int = 5,
        address_remap: Remap | None = None,
        **options: Any,
    ) -> None:
        options = hide_secrets(options)
        if not isinstance(max_connections_per_node, bool):
            raise ConfigurationError("max_connections_per_node: expected True or False; max_connections is the number")
        if options.get("db"):
            raise ConfigurationError("db: a cluster has database 0 only")
        if options.get("path"):
            raise ConfigurationError("path: a cluster cannot be reached over a Unix socket")
        options.setdefault("socket_connect_timeout", CONNECT_TIMEOUT)
        if connection_class is SSLConnection:
            connection_class = ClusterSSLConnection
        if readonly:
            options["readonly"] = True
        self.max_connections_per_node = max_connections_per_node
        self.readonly = readonly
        self._map = ClusterMap(
            seeds_of(host, port, startup_nodes),
            self._make_for_asking,
            address_remap,
            issubclass(connection_class, SSLConnection),
            require_full_coverage and not skip_full_coverage_check,
            dynamic_startup_nodes,
            reinitialize_steps,
        )
        super().__init__(connection_class=connection_class, max_connections=max_connections, **options)

    @classmethod
    def from_url(cls, url: str, **kwargs: Any) -> Any:
        """Make a pool for a cluster of which one node is given by URL; see :meth:`ConnectionPool.from_url`."""
        url, kwargs = hidden(url), hide_secrets(kwargs)
        kwargs.setdefault("connection_class", ClusterSSLConnection if _is_tls(url) else ClusterConnection)
        return super().from_url(url, **kwargs)

    def _start_empty(self) -> None:
        super()._start_empty()
        self._created_by_node: Counter[EndPoint] = Counter()

    @shown
    def __repr__(self) -> str:
        with self._lock:
            idle, used = len(self._available_connections), len(self._in_use_connections)
        kind, name = type(self), self.connection_class.__name__
        seeds = ",".join(map(str, self._map.seeds))
        return f"<{kind.__module__}.{kind.__name__}({name}({seeds}), {idle} idle, {used} in use)>"

    # -- the cluster -----------------------------------------------------------------------------------

    @property
    def seeds(self) -> tuple[EndPoint, ...]:
        """The nodes that were named."""
        return self._map.seeds

    @property
    def dynamic_startup_nodes(self) -> bool:
        """Whether nodes that were found are asked too when the cluster is looked at again."""
        return self._map.dynamic

    @property
    def topology(self) -> Topology | None:
        """The cluster as it was last seen; None before the first look."""
        return self._map.topology

    @property
    def is_settled(self) -> bool:
        """Whether the cluster was seen, and no node failed since."""
        return self._map.is_settled

    def initialize(self) -> Topology:
        """Look at the cluster, unless that was done.

        Redis commands: CLUSTER INFO, CLUSTER SLOTS or CLUSTER SHARDS

        Raises:
            RedisClusterException: No node answers, or what was asked is no cluster.
        """
        return self._map.known()

    def refresh(self) -> Topology:
        """Look at the cluster again; who calls it at the same time shares the answer.

        Raises:
            RedisClusterException: No node answers any longer.
        """
        topology = self._map.refresh(self._map.version)
        self._close_strangers(topology)
        return topology

    @property
    def redirections(self) -> int:
        """How many MOVED replies came since the cluster was last looked at."""
        return self._map.redirections

    def allow_replicas(self) -> None:
        """Have replicas answer reads of connections that are made from now on; idle ones are closed."""
        self.readonly = True
        self.connection_kwargs["readonly"] = True
        with self._lock:
            for connection in list(self._available_connections):
                self._discard(connection)

    def suspect(self, node: Any) -> None:
        """Note that a node could not be reached, so that the cluster is looked at before the next use."""
        self._map.suspect(endpoint_of(node))

    def redirected(self, error: AskError, asked: Any) -> EndPoint | None:
        """Take notice of a MOVED reply; for an ASK reply only say where it points.

        Args:
            error: The reply, a :class:`~multiplexer.errors.MovedError` or :class:`~multiplexer.errors.AskError`.
            asked: The node that gave it.

        Returns:
            The node it points to, or which others say it means where it does not tell; None where nobody does.
        """
        redirection = read_redirection(error, endpoint_of(asked), self._map.remap)
        if type(error) is not AskError and self._map.moved(redirection.slot, redirection.endpoint):
            topology = self.refresh()
            if redirection.endpoint is None and redirection.slot >= 0:
                return topology.primary_of(redirection.slot)
        return redirection.endpoint

    def get_primary_node_by_slot(self, slot: int) -> EndPoint:
        """Return the primary that serves a slot; the cluster must be known (:meth:`initialize`).

        Raises:
            SlotNotCoveredError: Nobody serves it.
        """
        primary = self._map.shard_of(slot).primary
        assert primary is not None  # shard_of() has seen to that
        return primary

    def get_replica_nodes_by_slot(self, slot: int) -> list[EndPoint]:
        """Return the healthy replicas of a slot; the cluster must be known.

        Raises:
            SlotNotCoveredError: Nobody serves it.
        """
        topology = self._map.topology
        return [] if topology is None else readers_of(self._map.shard_of(slot), topology)

    def get_node_by_slot(self, slot: int, read_only: bool = False) -> EndPoint:
        """Return the node to ask about a slot; the cluster must be known.

        Args:
            slot: Which.
            read_only: Whether nothing is to be written; any node of the slot will then do where the pool is
                ``readonly``.

        Raises:
            SlotNotCoveredError: Nobody serves it.
        """
        primary = self.get_primary_node_by_slot(slot)
        if read_only and self.readonly:
            return random.choice([primary, *self.get_replica_nodes_by_slot(slot)])
        return primary

    # -- checking out ----------------------------------------------------------------------------------

    def get_connection(self, command_name: str | None = None, *keys: Any, **options: Any) -> Any:
        """Take a connection to the node of a key, or to any primary; it must be given back with :meth:`release`.

        Args:
            command_name: Of no meaning here.
            keys: What is to be read or written; the first one decides.
            options: ``node``: take one to this node.

        Raises:
            MaxConnectionsError: All are in use.
            RedisClusterException: The cluster cannot be looked at.
            RedisConnectionError: The node cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        if options.get("node") is not None:
            return self.get_connection_by_node(options["node"])
        if keys:
            return self.get_connection_by_key(keys[0])
        return self.get_random_connection(primary=True)

    def get_connection_by_key(self, key: Any, read_only: bool = False) -> Any:
        """Take a connection to the node that serves a key; otherwise as :meth:`get_connection_by_slot`."""
        return self.get_connection_by_slot(slot_of(key_bytes(key)), read_only)

    def get_connection_by_slot(self, slot: int, read_only: bool = False) -> Any:
        """Take a connection to the node that serves a slot.

        Args:
            slot: Which.
            read_only: As for :meth:`get_node_by_slot`.

        Raises:
            SlotNotCoveredError: Nobody serves it.
            MaxConnectionsError: All are in use.
            RedisConnectionError: The node cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        self._map.known()
        return self._take(self.get_node_by_slot(slot, read_only))

    def get_random_connection(self, primary: bool = False) -> Any:
        """Take a connection to any node.

        Args:
            primary: Whether it is to be a primary that serves slots.

        Raises:
            MaxConnectionsError: All are in use.
            RedisConnectionError: The node cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        topology = self._map.known()
        return self._take(random.choice((topology.primaries if primary else None) or list(topology.nodes)))

    def get_connection_by_node(self, node: Any) -> Any:
        """Take a connection to a certain node.

        Args:
            node: An endpoint, or anything else with ``host`` and ``port``, a tuple of both, or ``"host:port"``.

        Raises:
            MaxConnectionsError: All are in use.
            RedisConnectionError: The node cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        return self._take(endpoint_of(node))

    def _take(self, node: EndPoint) -> Any:
        connection = self.get_available_connection(node)
        if not connection.is_reusable():
            self._prepare(connection)
        return connection

    def _prepare(self, connection: Any) -> None:
        try:
            super()._prepare(connection)
        except (RedisConnectionError, RedisTimeoutError, OSError):
            self._map.suspect(connection.node)
            raise

    def get_available_connection(self, node: EndPoint | None = None) -> Any:
        """Take a connection to a node as it is, connected or not.

        Args:
            node: Which; by default any that was named as one to ask.

        Raises:
            MaxConnectionsError: All are in use.
        """
        self._checkpid()
        with self._lock:
            return self._take_now(node or self._map.seeds[0])

    def _take_now(self, node: EndPoint) -> Any:
        """Take an idle connection to a node, or make one; to be called under the lock."""
        connection = self._pop_idle_of(node)
        if connection is None:
            connection = self.make_connection(node)
        self._in_use_connections.add(connection)
        return connection

    def _pop_idle_of(self, node: EndPoint) -> Any:
        idle = self._available_connections
        for index in range(len(idle) - 1, -1, -1):  # last in, first out
            if idle[index].node == node:
                return idle.pop(index)
        return None

    def _has_room(self, node: EndPoint) -> bool:
        """Whether there may be one more connection to a node, if need be in the place of an idle one."""
        if self.max_connections_per_node:
            return self._created_by_node[node] < self.max_connections
        return self._created_connections < self.max_connections or bool(self._available_connections)

    def can_get_connection(self, node: Any = None) -> bool:
        """Whether a connection, to a certain node or to any, can be had at once."""
        with self._lock:
            if node is None:
                return bool(self._available_connections) or any(map(self._has_room, self._known_nodes()))
            endpoint = endpoint_of(node)
            return self._has_room(endpoint) or any(each.node == endpoint for each in self._available_connections)

    def _known_nodes(self) -> Iterable[EndPoint]:
        topology = self._map.topology
        return self._map.seeds if topology is None else topology.nodes

    def make_connection(self, node: EndPoint | None = None) -> Any:
        """Make one more connection.

        Args:
            node: Where to; by default a node that was named as one to ask.

        Raises:
            MaxConnectionsError: There are as many as there may be.
        """
        endpoint = node or self._map.seeds[0]
        with self._lock:
            if not self._has_room(endpoint):
                raise MaxConnectionsError(f"Too many connections: {self._all_in_use(endpoint)}")
            if not self.max_connections_per_node and self._created_connections >= self.max_connections:
                self._discard(self._available_connections[0])  # the one unused longest makes room
            connection = self._new(endpoint)
            self._created_connections += 1
            self._created_by_node[endpoint] += 1
        provider = self.connection_kwargs.get("credential_provider")
        if provider is not None:
            follow(provider, self)
        return connection

    def _all_in_use(self, *wanted: Any) -> str:
        where = f" to {wanted[0]}" if self.max_connections_per_node else ""
        return f"all {self.max_connections}{where} are in use{self._by_whom()}"

    def _new(self, node: EndPoint, **changes: Any) -> Any:
        connection = self.connection_class(
            **{**self.connection_kwargs, "host": node.host, "port": node.port, **changes}
        )
        connection.node = node
        return connection

    def _make_for_asking(self, node: EndPoint) -> Any:
        """Make a connection to ask a node about the cluster; the pool does not count it."""
        return self._new(node, retry=None, retry_on_timeout=False, retry_on_error=None)

    # -- giving back -----------------------------------------------------------------------------------

    def _store(self, connection: Any) -> None:
        super()._store(connection)
        topology = self._map.topology
        if topology is not None and connection.node not in topology.nodes:
            self._discard(connection)  # its node has left the cluster

    def _discard(self, connection: Any) -> None:
        """Close an idle connection for good; to be called under the lock."""
        self._available_connections.remove(connection)
        self._uncount(connection)
        self._created_connections -= 1
        connection.drop()

    def _uncount(self, connection: Any) -> None:
        self._created_by_node[connection.node] -= 1
        if not self._created_by_node[connection.node]:
            del self._created_by_node[connection.node]

    def _take_expired(self, before: float) -> list[Any]:
        expired = super()._take_expired(before)
        for connection in expired:
            self._uncount(connection)
        return expired

    def _close_strangers(self, topology: Topology) -> None:
        """Close idle connections to nodes that have left."""
        with self._lock:
            for connection in [each for each in self._available_connections if each.node not in topology.nodes]:
                self._discard(connection)

    # -- all at once -----------------------------------------------------------------------------------

    def reset(self) -> None:
        """Start anew with no connections and no knowledge of the cluster."""
        super().reset()
        self._map.forget()

    def _forget(self) -> None:
        super()._forget()
        self._map.forget()

    def disconnect_node(self, node: Any, inuse_connections: bool = False) -> None:
        """Close the connections to one node; they connect again when next used.

        Args:
            node: Which.
            inuse_connections: Whether to close those in use too.
        """
        endpoint = endpoint_of(node)
        with self._lock:
            connections = [*self._available_connections, *(self._in_use_connections if inuse_connections else ())]
        for connection in connections:
            if connection.node == endpoint:
                connection.disconnect()

    def get_node_connection_count(self, node: Any) -> int:
        """Return how many connections to a node there are, idle ones and those in use."""
        with self._lock:
            return self._created_by_node.get(endpoint_of(node), 0)


def _is_tls(url: str) -> bool:
    return url.lower().startswith(("rediss:", "valkeys:"))
