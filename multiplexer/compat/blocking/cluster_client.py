# Generated from multiplexer/compat/asyncio/cluster_client.py by scripts/generate_blocking.py; change that file instead.
"""redis-py's client for clusters: over connections of its own to the nodes, or over the multiplexer's shared ones.

A client makes pipelines, and a pipeline is a client, as in redis-py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from inspect import signature
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ...configuration import EndPoint
from ...configuration.hidden import hidden, hide_secrets, shown
from ...core.commands.hash_slots import NO_SLOT
from ...core.commands.words import split_words
from ...errors import (
    AskError,
    ClusterDownError,
    ConfigurationError,
    DataError,
    MaxConnectionsError,
    MovedError,
    RedisClusterException,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
    SlotNotCoveredError,
    TryAgainError,
)
from ...importing import importing
from ...pools.options import refuse_options
from ...pools.urls import parse_url
from ...retry import ExponentialWithJitterBackoff, NoBackoff, Retry
from ..machinery.load_balancing import LoadBalancingStrategy
from ..machinery.responses import CALL, ResponseCallbacks, family_of
from .client_options import make_pool
from .cluster_base import BaseClusterClient
from .cluster_commands import TARGET_NODES
from .cluster_nodes import ClusterNode, NodePool, NodesManager
from .connection import (
    BlockingClusterConnectionPool,
    BlockingConnectionPool,
    ClusterConnection,
    ClusterConnectionPool,
    ClusterSSLConnection,
    ConnectionPool,
    SSLConnection,
)
from .shared_lane import StackEntry, annotate_exception
from .standalone import Redis

if TYPE_CHECKING:
    from ..cache import CacheInterface
    from .cluster_lanes import ClusterLanes
    from .cluster_pubsub import ClusterPubSub
    from .monitor import Monitor
    from .scripting import Script

_REFUSED = ("event_dispatcher", "maint_notifications_config")
#: Arguments of a client that a cluster leaves no room for.
_IMPOSSIBLE = ("db", "path", "unix_socket_path", "unix_domain_socket_path")
#: What is tried again by itself, as redis-py does; it may have been run.
_AGAIN = (AskError, TryAgainError, ClusterDownError, SlotNotCoveredError, RedisConnectionError, RedisTimeoutError)


class RedisCluster(BaseClusterClient):
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
        connection_pool_cls, connection_pool_class: The class of the pool to make; of pools for one server
            ``ConnectionPool`` and ``BlockingConnectionPool`` stand for those of clusters.
        max_connections: The most connections there may be; None for what one of ``startup_nodes`` says, or as many as
            needed.
        max_connections_per_node: Whether that counts for each node by itself, as in redis-py.
        multiplexer: Ride this multiplexer's shared connections.
        multiplexed: Make a pool that has a multiplexer, and ride that.
        cache_config: Keep what is read until its server says that it has changed; connections are then shared.
        cache: The same, with a :class:`~multiplexer.compat.cache.DefaultCache` that shows what is kept.
        kwargs: Arguments of :class:`Redis` that describe connections.

    Attributes:
        connection_pool: Where connections come from.
        nodes_manager: The nodes, and who serves which slot.

    Raises:
        ConfigurationError: An argument is not to be had, or has a value that cannot be; the message names it.
        RedisClusterException: No node is named, or an argument leaves no room for a cluster.
    """

    def __init__(
        self,
        host: str | None = None,
        port: int | str = 6379,
        startup_nodes: Iterable[Any] | None = None,
        *,
        cluster_error_retry_attempts: int = 10,
        retry: Retry | None = None,
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
        connection_pool_class: type[Any] | None = None,
        max_connections: int | None = None,
        max_connections_per_node: bool = True,
        multiplexer: Any = None,
        multiplexed: bool = False,
        cache: Any = None,
        cache_config: Any = None,
        **kwargs: Any,
    ) -> None:
        url, kwargs = hidden(url), hide_secrets(kwargs)
        refuse_options({name: kwargs.pop(name, None) for name in _REFUSED}, type(self).__name__)
        kwargs.pop("skip_full_coverage_check", None)  # an older library's, still passed along: there is no such check
        startup_nodes = None if startup_nodes is None else list(startup_nodes)
        strategy = _strategy_of(load_balancing_strategy, read_from_replicas or readonly)
        owned = connection_pool is None
        if multiplexer is not None and (multiplexed or not owned):
            raise DataError("'multiplexer' cannot be passed along with 'connection_pool' or 'multiplexed'")
        caching = _caching_of(cache, cache_config, owned and multiplexer is None)
        if multiplexer is not None:
            connection_pool = _pool_of(multiplexer, host, kwargs)
        elif connection_pool is None:
            connection_pool = self._make_pool(
                {"host": host, "port": port, **({} if url is None else _of_url(url)), **kwargs, **caching},
                _pool_class_of(connection_pool_cls or connection_pool_class),
                startup_nodes=startup_nodes,
                max_connections=max_connections or _most_connections(startup_nodes or ()),
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
        self.retry = retry or Retry(ExponentialWithJitterBackoff(base=0.01, cap=1), cluster_error_retry_attempts)
        self.load_balancing_strategy = strategy
        self.response_callbacks = ResponseCallbacks(family_of(connection_pool.connection_kwargs), is_cluster=True)
        self.nodes_manager = NodesManager(connection_pool, self._client_of)
        self._lanes = _lanes_of(connection_pool, strategy)
        self._begin()

    def _begin(self) -> None:
        """Look at the cluster at once, where that can be waited for."""
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
            raise RedisClusterException(
                "RedisCluster requires at least one node to discover the cluster: host and port, startup_nodes, or url"
            )
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
        # Connections do not try again by themselves: the client does, perhaps at another node.
        return make_pool({**defaults, "retry": Retry(NoBackoff(), 0), **given, "connection_pool_cls": make})

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
        url, kwargs = hidden(url), hide_secrets(kwargs)
        return cls(url=url, **kwargs)

    @shown
    def __repr__(self) -> str:
        kind = type(self)
        return f"<{kind.__module__}.{kind.__name__}({self.connection_pool!r})>"

    def initialize(self) -> Self:
        """Look at the cluster, unless that was done.

        Raises:
            RedisClusterException: No node answers, or what was asked is no cluster.
        """
        self.connection_pool.initialize()
        return self

    def __enter__(self) -> Self:
        return self.initialize()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, unless the pool was somebody else's."""
        if self.auto_close_connection_pool:
            self.connection_pool.close()

    def get_cache(self) -> CacheInterface | None:
        """Return what shows what is kept of what was read; None without ``cache_config``."""
        cache: CacheInterface | None = getattr(self.connection_pool, "cache", None)
        return cache

    def disconnect_connection_pools(self) -> None:
        """Close the connections; they connect again when next used."""
        self.connection_pool.disconnect()

    def _read_by(self, strategy: LoadBalancingStrategy | None) -> None:
        self._lanes = _lanes_of(self.connection_pool, strategy)

    # -- other objects ---------------------------------------------------------------------------------

    def pipeline(self, transaction: Any = None, shard_hint: str | None = None) -> Any:
        """Return a pipeline, which collects commands and sends each node its own together.

        Args:
            transaction: Whether they run between MULTI and EXEC; their keys must then lie in one slot.
            shard_hint: Not to be given.

        Raises:
            RedisClusterException: ``shard_hint`` is.
        """
        if shard_hint:
            raise RedisClusterException("shard_hint is deprecated in cluster mode")
        with importing:
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


class ClusterPipeline(RedisCluster):
    """Collects commands; get it from :meth:`RedisCluster.pipeline`.

    Command methods return the pipeline, :meth:`execute` the results. Commands without keys go to the default node. What
    a node refuses because a slot has moved, and what was lost with a connection, is sent again by itself.

    Args:
        client: The client it is of.

    Attributes:
        command_stack: What was collected, each as its words and its options.
        scripts: The scripts that were collected calls of.
    """

    _collects_commands = True

    def __init__(self, client: RedisCluster) -> None:
        self.client = client
        self.connection_pool = client.connection_pool
        self.auto_close_connection_pool = False
        self.retry = client.retry
        self.load_balancing_strategy = client.load_balancing_strategy
        self.response_callbacks = client.response_callbacks
        self.nodes_manager = client.nodes_manager
        self._lanes = client._lanes
        self.command_stack: list[StackEntry] = []
        self.scripts: set[Script] = set()

    @shown
    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.client!r}: {len(self)} commands>"

    def __len__(self) -> int:
        return len(self.command_stack)

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget everything collected."""
        self.command_stack = []
        self.scripts = set()

    # -- collecting ------------------------------------------------------------------------------------

    def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Collect a command.

        Raises:
            RedisClusterException: It would go to several nodes, or to none that can be told.
        """
        return self.pipeline_execute_command(*args, **kwargs)

    def pipeline_execute_command(self, *args: Any, **options: Any) -> Self:
        """Collect a command.

        Raises:
            RedisClusterException: Its keys lie in several slots.
        """
        call = options.get(CALL)
        if (call is None or not call[0].first_key) and TARGET_NODES not in options:  # there may be several keys
            self._slot(*split_words(args))
        self.command_stack.append((args, options))
        return self

    def _refuse(self, name: str) -> RedisClusterException:
        return RedisClusterException(
            f"method {name}() is not supported outside of transactional context: pipeline(transaction=True)"
        )

    def watch(self, *names: Any) -> Any:
        """Raise RedisClusterException: a transaction can watch, see :meth:`RedisCluster.pipeline`."""
        raise self._refuse("watch")

    def unwatch(self) -> Any:
        """Raise RedisClusterException: a transaction can watch, see :meth:`RedisCluster.pipeline`."""
        raise self._refuse("unwatch")

    def multi(self) -> Any:
        """Raise RedisClusterException: there are transactions, see :meth:`RedisCluster.pipeline`."""
        raise self._refuse("multi")

    def discard(self) -> Any:
        """Raise RedisClusterException: there are transactions, see :meth:`RedisCluster.pipeline`."""
        raise self._refuse("discard")

    def load_scripts(self) -> Any:
        """Raise RedisClusterException: scripts are loaded by themselves."""
        raise RedisClusterException("method load_scripts() is not implemented: scripts are loaded by themselves")

    def script_load_for_pipeline(self, script: Any) -> Any:
        """Raise RedisClusterException: scripts are loaded by themselves."""
        raise RedisClusterException("method script_load_for_pipeline() is not implemented: it is done by itself")

    def _for_keys(self, name: str, keys: Sequence[Any]) -> Self:
        """Collect a command that counts keys: in asyncio one for each slot, with as many results, as redis-py does."""
        groups: Iterable[Sequence[Any]] = [keys]
        for group in groups:
            self.pipeline_execute_command(name, *group)
        return self

    def delete(self, *names: Any) -> Any:
        """Collect a DEL."""
        return self._for_keys("DEL", names)

    def exists(self, *names: Any) -> Any:
        """Collect an EXISTS."""
        return self._for_keys("EXISTS", names)

    def touch(self, *args: Any) -> Any:
        """Collect a TOUCH."""
        return self._for_keys("TOUCH", args)

    def unlink(self, *names: Any) -> Any:
        """Collect an UNLINK."""
        return self._for_keys("UNLINK", names)

    def mget_nonatomic(self, keys: Any, *args: Any) -> Any:
        """Raise RedisClusterException: its results would be several."""
        raise RedisClusterException("mget_nonatomic is not supported in a pipeline: use mget for each slot")

    def mset_nonatomic(self, mapping: Any) -> Any:
        """Collect an MSET for each slot of the keys, whose results are as many."""
        for group in self._by_slot(mapping).values():
            _ = self.mset({key: mapping[key] for key in group})
        return self

    # -- running ---------------------------------------------------------------------------------------

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send everything collected and return the results, in the order of the calls.

        Args:
            raise_on_error: Whether the first error is raised; otherwise errors stand in the place of their results.

        Raises:
            RedisClusterException: It cannot be told where to send a command; nothing was sent.
            RedisError: A command failed, or could not be sent.
        """
        stack, scripts = self.command_stack, self.scripts
        self.command_stack, self.scripts = [], set()
        if not stack:
            return []
        if not self.connection_pool.is_settled:
            self.connection_pool.initialize()
        places = self._by_node(stack)
        for script in scripts:
            script.sha = self.client.execute_command("SCRIPT LOAD", script.script)
        results: list[Any] = [None] * len(stack)
        if self._lanes is not None:
            self._send_shared(stack, places, results)
        else:
            self._send_all(stack, places, results)
        if self._lanes is None:  # which follow redirections themselves
            self._repeat(stack, results)
        for number, result in enumerate(results):
            if isinstance(result, ResponseError):
                annotate_exception(result, number + 1, stack[number][0])
            if raise_on_error and isinstance(result, Exception):
                raise result
        return results

    def _by_node(self, stack: Sequence[StackEntry]) -> dict[EndPoint, list[int]]:
        """Return the places of each node's commands in the stack."""
        places: dict[EndPoint, list[int]] = {}
        for number, (args, options) in enumerate(stack):
            command, words = split_words(args)
            endpoints = self._endpoints(command, words, options.get(TARGET_NODES))
            if len(endpoints) != 1:
                raise RedisClusterException(f"{command.name} is not supported in a pipeline: it is for several nodes")
            places.setdefault(endpoints[0], []).append(number)
        return places

    def _send_shared(
        self, stack: Sequence[StackEntry], places: dict[EndPoint, list[int]], results: list[Any]
    ) -> None:
        """Send what has keys as one batch, and what is for certain nodes beside it."""
        groups: dict[EndPoint | None, list[int]] = {}
        for endpoint, numbers in places.items():
            for number in numbers:
                args, options = stack[number]
                keyed = TARGET_NODES not in options and self._slot(*split_words(args)) != NO_SLOT
                groups.setdefault(None if keyed else endpoint, []).append(number)
        for where, numbers in groups.items():
            entries = [(args, _without_target(options)) for args, options in (stack[number] for number in numbers)]
            replies = self._lanes.execute_stack(self.response_callbacks, entries, where, annotate_exception)
            for number, reply in zip(numbers, replies, strict=True):
                results[number] = reply

    def _send_all(
        self, stack: Sequence[StackEntry], places: dict[EndPoint, list[int]], results: list[Any]
    ) -> None:
        """Send each node its commands, to as many nodes at a time as there are connections to be had."""
        left = dict(places)
        while left:
            held: dict[EndPoint, Any] = {}
            nodes = {endpoint: self.nodes_manager.node_at(endpoint) for endpoint in left}
            own: dict[EndPoint, Any] = {}
            try:
                for endpoint in tuple(left):
                    numbers = left[endpoint]
                    try:
                        connection = nodes[endpoint].take_own()
                        if connection is not None:
                            own[endpoint] = connection
                        else:
                            connection = self._connection(endpoint, bool(held))
                    except MaxConnectionsError:
                        if not held:
                            raise
                        continue  # with its turn, once these were given back
                    except (RedisConnectionError, RedisTimeoutError) as error:
                        _fail(numbers, results, error)
                        del left[endpoint]
                        continue
                    held[endpoint] = connection
                    self._send(connection, stack, left[endpoint], results)
                for endpoint, connection in held.items():
                    self._receive(nodes[endpoint], connection, stack, left.pop(endpoint), results)
            finally:
                for endpoint, connection in held.items():
                    if endpoint in own:
                        nodes[endpoint].give_back_own(connection)
                    else:
                        self.connection_pool.release(connection)

    def _connection(self, endpoint: EndPoint, only_if_free: bool) -> Any:
        """Take a connection; whoever holds one already does not wait for another, or two would wait for each other."""
        pool = self.connection_pool
        if not only_if_free:
            return pool.get_connection_by_node(endpoint)
        connection = pool.get_available_connection(endpoint)
        if not connection.is_reusable():
            pool._prepare(connection)
        return connection

    def _send(
        self, connection: Any, stack: Sequence[StackEntry], numbers: Sequence[int], results: list[Any]
    ) -> None:
        try:
            connection.send_packed_command(connection.pack_commands([stack[number][0] for number in numbers]))
        except (RedisConnectionError, RedisTimeoutError) as error:
            _fail(numbers, results, error)

    def _receive(
        self,
        node: ClusterNode,
        connection: Any,
        stack: Sequence[StackEntry],
        numbers: Sequence[int],
        results: list[Any],
    ) -> None:
        for place, number in enumerate(numbers):
            if isinstance(results[number], RedisError):
                return  # they were not even sent
            args, options = stack[number]
            given = _without_target(options)
            try:
                results[number] = node.parse_response(connection, args[0], **given)
            except ResponseError as error:
                results[number] = error
            except (RedisConnectionError, RedisTimeoutError) as error:
                if connection.is_connected:
                    results[number] = error  # an answer, of a node that is loading
                    continue
                _fail(numbers[place:], results, error)
                self.connection_pool.suspect(node)
                return

    def _repeat(self, stack: Sequence[StackEntry], results: list[Any]) -> None:
        """Send what may succeed elsewhere, or later, again by itself and in order."""
        if any(isinstance(result, MovedError) for result in results):
            self.connection_pool.refresh()
        for number, (args, options) in enumerate(stack):
            if isinstance(results[number], _AGAIN) and not isinstance(results[number], self._FINAL):
                try:
                    results[number] = self.client.execute_command(*args, **options)
                except (RedisError, RedisClusterException) as error:
                    results[number] = error


def _strategy_of(given: LoadBalancingStrategy | None, reads_from_replicas: bool) -> LoadBalancingStrategy | None:
    if given is None:
        return LoadBalancingStrategy.ROUND_ROBIN if reads_from_replicas else None
    if not isinstance(given, LoadBalancingStrategy):
        raise ConfigurationError("load_balancing_strategy: expected a LoadBalancingStrategy")
    return given


def _caching_of(cache: Any, cache_config: Any, makes_pool: bool) -> dict[str, Any]:
    """Return what a pool is to be told of what clients keep."""
    given = {"cache": cache, "cache_config": cache_config}
    wanted = {name: each for name, each in given.items() if each is not None}
    if wanted and not makes_pool:
        raise DataError(f"{next(iter(wanted))!r} cannot be passed along with 'connection_pool' or 'multiplexer'")
    return wanted


def _pool_class_of(given: Any) -> Any:
    """Return the class of a cluster's pool: one for a single server stands for its counterpart."""
    counterparts = {
        None: ClusterConnectionPool,
        ConnectionPool: ClusterConnectionPool,
        BlockingConnectionPool: BlockingClusterConnectionPool,
    }
    return counterparts.get(given, given)


def _most_connections(startup_nodes: Iterable[Any]) -> int | None:
    """Return the most connections to a node that the nodes to ask first speak of."""
    said = [node.max_connections for node in startup_nodes if isinstance(node, ClusterNode) and node.max_connections]
    return max(said, default=None)


def _pool_of(multiplexer: Any, host: str | None, options: dict[str, Any]) -> Any:
    """Make the pool's form of a multiplexer, which describes its connections itself."""
    with importing:
        from .cluster_lending_pool import ClusterMultiplexerPool

    own = ("encoding", "encoding_errors", "decode_responses", "protocol", "legacy_responses")
    others = [name for name in (*options, *(("host",) if host else ())) if name not in own]
    if others:
        raise DataError(f"{others[0]!r} cannot be passed along with 'multiplexer'")
    return ClusterMultiplexerPool(multiplexer, **options)


def _lanes_of(pool: Any, strategy: LoadBalancingStrategy | None) -> ClusterLanes | None:
    """Return the lanes of a pool that has a multiplexer."""
    if getattr(pool, "is_multiplexed", False) is not True:
        return None
    with importing:
        from .cluster_lanes import ClusterLanes

    return ClusterLanes(pool, strategy)


def _of_url(url: str) -> dict[str, Any]:
    options = parse_url(url)
    if options.pop("scheme") == "tls":
        options["ssl"] = True
    return options


def _without_target(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != TARGET_NODES}


def _fail(numbers: Sequence[int], results: list[Any], error: Exception) -> None:
    for number in numbers:
        results[number] = error
