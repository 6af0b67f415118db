"""redis-py's client for clusters: over connections of its own to the nodes, or over the multiplexer's shared ones."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Generator, Iterable, Sequence
from inspect import signature
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ...configuration import EndPoint
from ...core.commands.command import Command
from ...core.commands.hash_slots import NO_SLOT, slot_of_command
from ...core.commands.words import split_words
from ...errors import (
    AskError,
    AuthenticationError,
    ClusterCrossSlotError,
    ClusterDownError,
    ClusterError,
    ConfigurationError,
    DataError,
    MaxConnectionsError,
    RedisClusterException,
    RedisConnectionError,
    RedisTimeoutError,
    SlotNotCoveredError,
    TryAgainError,
)
from ...importing import importing
from ...pools.options import refuse_options
from ...pools.urls import parse_url
from ...retry import AsyncRetry, ExponentialWithJitterBackoff
from .. import cluster_routing
from ..cluster_routing import NODE_FLAGS, SLOT_ID, TARGETS, merged
from ..load_balancing import LoadBalancingStrategy
from ..responses import CALL, ResponseCallbacks
from .cluster_commands import TARGET_NODES, ClusterCommands
from .cluster_nodes import PRIMARY, REPLICA, ClusterNode, NodePool, NodesManager
from .connection import ClusterConnection, ClusterConnectionPool, ClusterSSLConnection, Encoder, SSLConnection
from .standalone import Redis, _make_pool

if TYPE_CHECKING:
    from .cluster_pubsub import ClusterPubSub
    from .monitor import Monitor

_REFUSED = ("cache", "cache_config", "event_dispatcher", "maint_notifications_config")
#: Arguments of a client that a cluster leaves no room for.
_IMPOSSIBLE = ("db", "path", "unix_socket_path", "unix_domain_socket_path")

#: Longest chain of redirections.
_MOST_REDIRECTIONS = 16
#: Seconds to wait where keys are on their way from one node to another.
_TRY_AGAIN = 0.05
#: Seconds to wait where the cluster says that it is down.
_DOWN = 0.25


class RedisCluster(ClusterCommands):
    """A client of a cluster, in redis-py's form.

    Each command goes to the node that serves its keys, over a connection it has for itself as long as it takes; with
    ``multiplexer=`` or ``multiplexed=True``, over the connection to that node that all callers share. Redirections are
    followed, and where a node was lost or the cluster is down a command is tried again, as ``retry`` says, after a new
    look at the cluster; it may then have been run before.

    Args:
        host, port: A node to ask about the cluster.
        startup_nodes: More of them: :class:`ClusterNode`, tuples, or ``"host:port"``.
        cluster_error_retry_attempts: How often a command is tried again.
        retry: How to try again, and how often.
        require_full_coverage: Whether to refuse a cluster in which slots are not served.
        reinitialize_steps: Number of MOVED replies after which the whole cluster is looked at again.
        read_from_replicas, readonly: Whether reads go to a slot's nodes in turn.
        load_balancing_strategy: How else to choose the node that answers reads.
        dynamic_startup_nodes: Whether nodes that were found are asked too when the cluster is looked at again.
        url: A node by URL, with options.
        address_remap: Called with a host and port that the cluster gives; returns those to connect to.
        connection_pool: Take connections from this pool; of the arguments that describe connections none is then
            looked at.
        connection_pool_cls: The class of the pool to make.
        max_connections: The most connections there may be; None for as many as needed.
        max_connections_per_node: Whether that counts for each node by itself, as in redis-py.
        multiplexer: Ride this multiplexer's shared connections.
        multiplexed: Make a pool that has a multiplexer, and ride that.
        kwargs: Arguments of :class:`Redis` that describe connections.

    Attributes:
        connection_pool: Where connections come from.
        nodes_manager: The nodes, and who serves which slot.

    Raises:
        ConfigurationError: An argument is not to be had, or has a value that cannot be; the message names it.
        RedisClusterException: No node is named, or an argument leaves no room for a cluster.
    """

    ALL_NODES = cluster_routing.ALL_NODES
    PRIMARIES = cluster_routing.PRIMARIES
    REPLICAS = cluster_routing.REPLICAS
    RANDOM = cluster_routing.RANDOM
    DEFAULT_NODE = cluster_routing.DEFAULT_NODE
    NODE_FLAGS = NODE_FLAGS
    RedisClusterRequestTTL = _MOST_REDIRECTIONS
    #: After these a command is tried again.
    ERRORS_ALLOW_RETRY = (RedisConnectionError, RedisTimeoutError, ClusterDownError, SlotNotCoveredError)
    #: After these it is not.
    _FINAL = (MaxConnectionsError, AuthenticationError)

    def __init__(
        self,
        host: str | None = None,
        port: int | str = 6379,
        startup_nodes: Iterable[Any] | None = None,
        *,
        cluster_error_retry_attempts: int = 10,
        retry: AsyncRetry | None = None,
        require_full_coverage: bool = True,
        reinitialize_steps: int = 5,
        read_from_replicas: bool = False,
        readonly: bool = False,
        load_balancing_strategy: LoadBalancingStrategy | None = None,
        dynamic_startup_nodes: bool = True,
        url: str | None = None,
        address_remap: Callable[[tuple[str, int]], tuple[str, int]] | None = None,
        connection_pool: Any = None,
        connection_pool_cls: type[Any] | None = None,
        max_connections: int | None = None,
        max_connections_per_node: bool = True,
        multiplexer: Any = None,
        multiplexed: bool = False,
        **kwargs: Any,
    ) -> None:
        refuse_options({name: kwargs.pop(name, None) for name in _REFUSED}, type(self).__name__)
        kwargs.pop("skip_full_coverage_check", None)  # an older library's, still passed along: there is no such check
        strategy = load_balancing_strategy
        if strategy is None and (read_from_replicas or readonly):
            strategy = LoadBalancingStrategy.ROUND_ROBIN
        if strategy is not None and not isinstance(strategy, LoadBalancingStrategy):
            raise ConfigurationError("load_balancing_strategy: expected a LoadBalancingStrategy")
        owned = connection_pool is None
        if multiplexer is not None and (multiplexed or not owned):
            raise DataError("'multiplexer' cannot be passed along with 'connection_pool' or 'multiplexed'")
        if multiplexer is not None:
            with importing:
                from .cluster_borrowed import ClusterMultiplexerPool

            text = ("encoding", "encoding_errors", "decode_responses")
            others = [name for name in (*kwargs, *(("host",) if host else ())) if name not in text]
            if others:
                raise DataError(f"{others[0]!r} cannot be passed along with 'multiplexer'")
            connection_pool = ClusterMultiplexerPool(multiplexer, **kwargs)
        elif connection_pool is None:
            connection_pool = self._make_pool(
                {"host": host, "port": port, **({} if url is None else _of_url(url)), **kwargs},
                connection_pool_cls or ClusterConnectionPool,
                startup_nodes=startup_nodes,
                max_connections=max_connections,
                max_connections_per_node=max_connections_per_node,
                readonly=strategy is not None,
                require_full_coverage=require_full_coverage,
                dynamic_startup_nodes=dynamic_startup_nodes,
                reinitialize_steps=reinitialize_steps,
                address_remap=address_remap,
                **({"multiplexed": True} if multiplexed else {}),
            )
        self.connection_pool: Any = connection_pool
        self.auto_close_connection_pool = owned
        self.retry = retry or AsyncRetry(ExponentialWithJitterBackoff(base=0.01, cap=1), cluster_error_retry_attempts)
        self.load_balancing_strategy = strategy
        self.response_callbacks = ResponseCallbacks()
        self.nodes_manager = NodesManager(connection_pool, self._client_of)
        self._lanes: Any = None
        if getattr(connection_pool, "is_multiplexed", False):
            with importing:
                from .cluster_shared import ClusterLanes

            self._lanes = ClusterLanes(connection_pool, strategy)
        if True:  # ASYNC
            pass
        else:
            try:
                self.initialize()
            except BaseException:
                self.close()
                raise

    @staticmethod
    def _make_pool(given: dict[str, Any], pool_class: Any, **options: Any) -> Any:
        """Make the pool that a client's arguments describe."""
        for name in _IMPOSSIBLE:
            if given.pop(name, None):
                raise RedisClusterException(f"Argument {name!r} is not possible to use in cluster mode")
        if given["host"] is None and not options["startup_nodes"]:
            raise RedisClusterException("RedisCluster requires at least one node: host and port, or startup_nodes")
        if not given.get("legacy_responses", True):
            raise ConfigurationError("legacy_responses: results always have the form of the older protocol")
        known = signature(Redis.__init__).parameters
        unknown = [name for name in given if name not in known]
        connection_class = given.pop("connection_class", None)
        for name in unknown:
            if name not in ("connection_class", "max_idle_time", "idle_check_interval", "timeout", "queue_class"):
                raise TypeError(f"RedisCluster got an unexpected argument {name!r}")
            if name in given:
                options[name] = given.pop(name)

        def make(max_connections: Any, connection_class: Any, **found: Any) -> Any:
            kind = ClusterSSLConnection if issubclass(connection_class, SSLConnection) else ClusterConnection
            return pool_class(connection_class=own_class or kind, **{**found, **options})

        own_class = connection_class
        defaults = {name: each.default for name, each in known.items()}
        return _make_pool({**defaults, "retry": None, **given, "connection_pool_cls": make})

    # -- making and closing ----------------------------------------------------------------------------

    @classmethod
    def from_url(cls, url: str, **kwargs: Any) -> Self:
        """Make a client for a cluster of which one node is given by URL.

        Args:
            url: ``redis://user:password@host:port?option=value``, or ``rediss://…`` for TLS.
            kwargs: Arguments that the URL does not name.

        Raises:
            ConfigurationError: The URL cannot be understood; the message names the part.
        """
        return cls(url=url, **kwargs)

    def __repr__(self) -> str:
        kind = type(self)
        return f"<{kind.__module__}.{kind.__name__}({self.connection_pool!r})>"

    if True:  # ASYNC

        def __await__(self) -> Generator[Any, None, Self]:
            return self.initialize().__await__()

    async def initialize(self) -> Self:
        """Look at the cluster, unless that was done.

        Raises:
            RedisClusterException: No node answers, or what was asked is no cluster.
        """
        await self.connection_pool.initialize()
        return self

    async def __aenter__(self) -> Self:
        return await self.initialize()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections, unless the pool was somebody else's."""
        if self.auto_close_connection_pool:
            await self.connection_pool.aclose()

    if True:  # ASYNC

        async def close(self) -> None:
            """What :meth:`aclose` does, under its older name."""
            await self.aclose()

    async def disconnect_connection_pools(self) -> None:
        """Close the connections; they connect again when next used."""
        await self.connection_pool.disconnect()

    # -- settings --------------------------------------------------------------------------------------

    @property
    def read_from_replicas(self) -> bool:
        """Whether replicas answer reads."""
        return self.load_balancing_strategy is not None

    def get_encoder(self) -> Encoder:
        encoder: Encoder = self.connection_pool.get_encoder()
        return encoder

    @property
    def encoder(self) -> Encoder:
        """What turns values into bytes and replies into text."""
        return self.get_encoder()

    def get_connection_kwargs(self) -> dict[str, Any]:
        """Return the arguments connections are made with: the pool's own, changes hold for later connections."""
        kwargs: dict[str, Any] = self.connection_pool.connection_kwargs
        return kwargs

    def get_retry(self) -> AsyncRetry:
        """Return how commands are tried again."""
        return self.retry

    def set_retry(self, retry: AsyncRetry) -> None:
        """Set how commands are tried again."""
        self.retry = retry

    # -- nodes -----------------------------------------------------------------------------------------

    def get_nodes(self) -> list[ClusterNode]:
        """Return all nodes."""
        return list(self.nodes_manager.nodes_cache.values())

    def get_primaries(self) -> list[ClusterNode]:
        """Return the primaries."""
        return self.nodes_manager.get_nodes_by_server_type(PRIMARY)

    def get_replicas(self) -> list[ClusterNode]:
        """Return the replicas."""
        return self.nodes_manager.get_nodes_by_server_type(REPLICA)

    def get_node(
        self, host: str | None = None, port: int | None = None, node_name: str | None = None
    ) -> ClusterNode | None:
        """Return a node by its name, or by host and port; None where there is none such."""
        return self.nodes_manager.get_node(host, port, node_name)

    def get_random_node(self) -> ClusterNode:
        """Return any node."""
        return self._nodes_of(self.RANDOM)[0]

    def get_random_primary_node(self) -> ClusterNode:
        """Return any primary."""
        return self.nodes_manager.any_primary()

    def get_node_from_key(self, key: Any, replica: bool = False) -> ClusterNode | None:
        """Return the node that serves a key.

        Args:
            key: The key.
            replica: Whether to return a replica of it; None where there is none.

        Raises:
            SlotNotCoveredError: Nobody serves it.
        """
        slot = self.keyslot(key)
        if not replica:
            return self.nodes_manager.get_node_from_slot(slot)
        replicas = self.connection_pool.get_replica_nodes_by_slot(slot)
        return self.nodes_manager.node_at(replicas[0]) if replicas else None

    def get_default_node(self) -> ClusterNode | None:
        """Return the node that gets what has no key."""
        _ = self.nodes_manager.nodes_cache  # which settles it
        return self.nodes_manager.default_node

    def set_default_node(self, node: ClusterNode | None) -> bool:
        """Set the node that gets what has no key; return whether it is one of the cluster's."""
        if node is None or self.get_node(node_name=node.name) is None:
            return False
        self.nodes_manager.default_node = node
        return True

    replace_default_node = set_default_node

    def get_redis_connection(self, node: ClusterNode) -> Redis:
        """Return a client for one node alone."""
        known = self.nodes_manager.node_at(node.endpoint).redis_connection
        assert known is not None  # nodes of the manager have one
        return known

    def _client_of(self, pool: NodePool) -> Redis:
        client = Redis(connection_pool=pool)
        client.response_callbacks = self.response_callbacks
        return client

    def keyslot(self, key: Any) -> int:
        """Return a key's slot."""
        return self.nodes_manager.keyslot(key, self.get_encoder())

    async def determine_slot(self, *args: Any) -> int | None:
        """Return the slot of a command's keys; None for one without a key, which any node may run.

        Raises:
            RedisClusterException: They lie in several slots.
        """
        slot = self._slot(*split_words(args))
        return None if slot == NO_SLOT else slot

    # -- other objects ---------------------------------------------------------------------------------

    def pipeline(self, transaction: Any = None, shard_hint: str | None = None) -> Any:
        """Return a pipeline, which collects commands and sends each node its own together.

        Args:
            transaction: Whether they run between MULTI and EXEC; their keys must then lie in one slot.
            shard_hint: Of no meaning here.
        """
        with importing:
            from .cluster_pipeline import ClusterPipeline
            from .cluster_transaction import ClusterTransaction

        return ClusterTransaction(self) if transaction else ClusterPipeline(self)

    def pubsub(
        self, node: ClusterNode | None = None, host: str | None = None, port: int | None = None, **kwargs: Any
    ) -> ClusterPubSub:
        """Return an object to subscribe to channels with; it takes connections of its own.

        Args:
            node, host, port: The node to subscribe at; by default that of the first channel's slot.
            kwargs: Those of :class:`PubSub`.
        """
        with importing:
            from .cluster_pubsub import ClusterPubSub

        return ClusterPubSub(self, node, host, port, **kwargs)

    def monitor(self, target_node: ClusterNode | None = None) -> Monitor:
        """Return what shows every command one node is sent; by default the default node."""
        with importing:
            from .monitor import Monitor

        node = target_node or self.get_default_node()
        if node is None:
            raise RedisClusterException("Cluster is not initialized: no node is known")
        return Monitor(NodePool(self.connection_pool, node.endpoint))

    # -- where to --------------------------------------------------------------------------------------

    def _slot(self, command: Command, words: Sequence[Any]) -> int:
        """Return the slot of a command's keys, or ``NO_SLOT``.

        Raises:
            RedisClusterException: They lie in several slots.
        """
        try:
            return slot_of_command(command, words)
        except ClusterCrossSlotError as error:
            raise RedisClusterException(f"{command.name} - all keys must map to the same key slot. {error}") from None

    def _endpoints(self, command: Command, words: Sequence[Any], target_nodes: Any) -> list[EndPoint]:
        """Return the nodes to send a command to."""
        if target_nodes is not None:
            return [node.endpoint for node in self._nodes_of(target_nodes)]
        slot = self._slot(command, words)
        if slot != NO_SLOT:
            return [self.nodes_manager.endpoint_of_slot(slot, self._strategy_for(command))]
        target = TARGETS.get(command.name)
        if target is None or (command.key_specs and target is not self.RANDOM):
            raise RedisClusterException(
                f"No way to dispatch this command to Redis Cluster. Missing key.\n"
                f"You can execute the command by specifying target nodes.\nCommand: {command.name}"
            )
        if target is SLOT_ID:
            return [self.nodes_manager.endpoint_of_slot(_slot_argument(command, words), None)]
        if target is self.RANDOM:
            return [self.nodes_manager.any_primary().endpoint]
        return [node.endpoint for node in self._nodes_of(target)]

    def _strategy_for(self, command: Command) -> LoadBalancingStrategy | None:
        return self.load_balancing_strategy if command.read_only else None

    def _nodes_of(self, target_nodes: Any) -> list[ClusterNode]:
        """Return the nodes that ``target_nodes`` names.

        Raises:
            TypeError: It is nothing that could.
        """
        if isinstance(target_nodes, ClusterNode):
            return [target_nodes]
        if isinstance(target_nodes, dict):
            return list(target_nodes.values())
        if isinstance(target_nodes, list | tuple | set):
            return list(target_nodes)
        if target_nodes not in NODE_FLAGS:
            raise TypeError(
                "target_nodes: expected a ClusterNode, several in a list or as values of a dict, or one of "
                f"{', '.join(sorted(NODE_FLAGS))}; got {target_nodes!r}"
            )
        if target_nodes == self.PRIMARIES:
            return self.get_primaries()
        if target_nodes == self.REPLICAS:
            return self.get_replicas()
        if target_nodes == self.ALL_NODES:
            return self.get_nodes()
        default = self.get_default_node()
        if default is None:
            raise RedisClusterException("no node of the cluster is known")
        return [default if target_nodes == self.DEFAULT_NODE else random.choice(self.get_nodes())]

    # -- commands --------------------------------------------------------------------------------------

    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Send a command and return its result.

        Args:
            args: The command's name and its arguments.
            kwargs: ``target_nodes``: a node, several of them, or one of :attr:`NODE_FLAGS`; what else there is, is
                handed to the command's response callback.

        Returns:
            The result; of several nodes what redis-py makes of it, or a dict of the results by node name.

        Raises:
            RedisClusterException: It cannot be told where to send the command, or its keys lie in several slots.
            DataError: An argument cannot be sent; nothing was.
            ResponseError: The server answered with an error.
            RedisConnectionError: A node cannot be reached, or the connection was lost.
            RedisTimeoutError: The reply did not arrive in time.
            ClusterError: It was redirected again and again.
        """
        targets = kwargs.pop(TARGET_NODES, None)
        call = kwargs.get(CALL)
        command, words = (call[0], args) if call is not None and " " not in call[0].name else split_words(args)
        if self._lanes is not None and targets is None and self._slot(command, words) != NO_SLOT:
            return await self._lanes.execute(self.response_callbacks, args, kwargs)
        if not self.connection_pool.is_settled:
            await self.connection_pool.initialize()
        fixed = targets is not None and not (isinstance(targets, str) and targets in NODE_FLAGS)
        retries = 0 if fixed else self.retry.get_retries()
        failures = 0
        while True:
            try:
                return await self._execute_once(command, args, words, kwargs, targets)
            except self.ERRORS_ALLOW_RETRY as error:
                failures += 1
                if isinstance(error, self._FINAL) or 0 <= retries < failures:
                    raise
                await self._recover(error, failures)

    async def _recover(self, error: Exception, failures: int) -> None:
        """Wait, and look at the cluster again."""
        seconds = max(self.retry._backoff.compute(failures), _DOWN if isinstance(error, ClusterDownError) else 0)
        await asyncio.sleep(seconds)
        try:
            await self.connection_pool.refresh()
        except RedisClusterException:
            if isinstance(error, RedisClusterException):
                raise  # there was nothing else wrong

    async def _execute_once(
        self, command: Command, args: tuple[Any, ...], words: Sequence[Any], options: dict[str, Any], targets: Any
    ) -> Any:
        endpoints = self._endpoints(command, words, targets)
        if len(endpoints) == 1 and command.name not in cluster_routing.MERGES:
            return await self._execute_on(endpoints[0], args, options)
        results = {f"{each.host}:{each.port}": await self._execute_on(each, args, options) for each in endpoints}
        return merged(command.name, results)

    async def _execute_on(self, endpoint: EndPoint, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Send a command to a node, and follow where it points."""
        if self._lanes is not None:
            return await self._lanes.execute_at(endpoint, self.response_callbacks, args, dict(options))
        pool, asking = self.connection_pool, False
        for turn in range(_MOST_REDIRECTIONS):
            connection = await pool.get_connection_by_node(endpoint)
            try:
                if asking:
                    await connection.send_packed_command(connection.pack_commands([("ASKING",), args]))
                    await connection.read_response()
                else:
                    await connection.send_command(*args)
                return await self.parse_response(connection, args[0], **options)
            except AskError as error:
                asking = type(error) is AskError
                endpoint = await pool.redirected(error, endpoint) or endpoint
            except TryAgainError:
                if turn > _MOST_REDIRECTIONS // 2:
                    raise
                await asyncio.sleep(_TRY_AGAIN)
            except (RedisConnectionError, RedisTimeoutError):
                pool.suspect(endpoint)
                raise
            finally:
                await pool.release(connection)
        raise ClusterError("TTL exhausted.")


def _slot_argument(command: Command, words: Sequence[Any]) -> int:
    try:
        return int(words[2])
    except (IndexError, ValueError):
        raise RedisClusterException(f"{command.name}: a slot is missing") from None


def _of_url(url: str) -> dict[str, Any]:
    options = parse_url(url)
    if options.pop("scheme") == "tls":
        options["ssl"] = True
    return options
