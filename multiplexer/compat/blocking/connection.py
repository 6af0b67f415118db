# Generated from multiplexer/compat/asyncio/connection.py by scripts/generate_blocking.py; change that file instead.
"""Connections and their pools; a pool may have a multiplexer beside its connections."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...errors import ConfigurationError, RedisConnectionError
from ...importing import importing
from ...pools.blocking import (
    AbstractConnection,
    BaseConnection,
    ClusterConnection,
    ClusterSSLConnection,
    Connection,
    DefaultParser,
    Encoder,
    HiredisParser,
    HiredisRespSerializer,
    LifoQueue,
    PythonParser,
    PythonRespSerializer,
    SSLConnection,
    UnixDomainSocketConnection,
    to_bool,
)
from ...pools.blocking import BlockingClusterConnectionPool as _BlockingClusterConnectionPool
from ...pools.blocking import BlockingConnectionPool as _BlockingConnectionPool
from ...pools.blocking import ClusterConnectionPool as _ClusterConnectionPool
from ...pools.blocking import ConnectionPool as _ConnectionPool
from ...pools.blocking.connection import SENTINEL
from ...pools.urls import URL_QUERY_ARGUMENT_PARSERS
from ...pools.urls import parse_url as _parse_url
from ..machinery.shared_options import multiplexer_options
from ..machinery.ssl_context import RedisSSLContext

if TYPE_CHECKING:
    from ...blocking import ConnectionMultiplexer
    from ...configuration import ConfigurationOptions
    from ..cache import DefaultCache

__all__ = [
    "SENTINEL",
    "URL_QUERY_ARGUMENT_PARSERS",
    "AbstractConnection",
    "BaseConnection",
    "BlockingClusterConnectionPool",
    "BlockingConnectionPool",
    "ClusterConnection",
    "ClusterConnectionPool",
    "ClusterSSLConnection",
    "Connection",
    "ConnectionPool",
    "DefaultParser",
    "Encoder",
    "HiredisParser",
    "HiredisRespSerializer",
    "LifoQueue",
    "PythonParser",
    "PythonRespSerializer",
    "RedisSSLContext",
    "SSLConnection",
    "UnixDomainSocketConnection",
    "parse_url",
    "to_bool",
]


#: What a URL's scheme stands for, but for TCP.
_KINDS: dict[str, type[AbstractConnection]] = {"tls": SSLConnection, "unix": UnixDomainSocketConnection}


def parse_url(url: str) -> dict[str, Any]:
    """Return the options of a pool that a URL stands for; ``connection_class`` is among them, but for plain TCP.

    Args:
        url: As :meth:`ConnectionPool.from_url` takes it.

    Raises:
        ConfigurationError: A part is malformed; the message names the part.
    """
    options = _parse_url(url)
    kind = _KINDS.get(options.pop("scheme"))
    return options if kind is None else {**options, "connection_class": kind}


class _HasMultiplexer(_ConnectionPool):
    """What pools have in common whose clients may share connections."""

    #: What clients keep of what they read, or None; programs ask.
    cache: DefaultCache | None = None

    @property
    def keeps_replies(self) -> bool:
        """Whether clients keep what they read."""
        return self.cache is not None

    def _may_share(self, multiplexed: bool, cache: Any = None, cache_config: Any = None) -> None:
        """Settle whether clients share connections, and keep what they read.

        Raises:
            ConfigurationError: They are to, and an option asks for what cannot be.
        """
        if cache is not None or cache_config is not None:
            with importing:
                from ..cache import cache_of  # only now: most clients keep nothing

            self.cache = cache_of(cache, cache_config, self.connection_kwargs.get("protocol"))
            multiplexed = True
        if multiplexed:
            self._shared_options()  # raises now what cannot be
        #: Whether clients share a connection.
        self.is_multiplexed = bool(multiplexed)
        self._multiplexers: dict[Any, ConnectionMultiplexer] = {}

    def _shared_options(self) -> ConfigurationOptions:
        """Return the options of a multiplexer that reaches the server as the pool's connections do."""
        return multiplexer_options(self.connection_class, self.connection_kwargs)

    def get_multiplexer(self) -> ConnectionMultiplexer:
        """Return the multiplexer of a pool made with ``multiplexed=True``; the first call connects it.

        Raises:
            ConfigurationError: The pool is not multiplexed.
        """
        if not self.is_multiplexed:
            raise ConfigurationError("multiplexed: this pool was made without")
        with importing:
            from ...drivers.threads.loops import close_with_loop, forget_closed_loops
        owner = self._owner_of_multiplexer()
        with self._lock:
            forget_closed_loops(self._multiplexers)
            known = self._multiplexers.get(owner)
            if known is None or known._closing:
                made = self._make_multiplexer()
                self._multiplexers[owner] = made  # kept before it is connected: whoever comes meanwhile shares it
            else:
                made = known
        if made is known:
            made._join()
            return made
        close_with_loop(made.close)
        made._connect()
        return made

    def _make_multiplexer(self) -> ConnectionMultiplexer:
        with importing:
            from ...blocking import ConnectionMultiplexer

        options = self._shared_options()
        if self.cache is not None:
            options = options.with_changes(client_cache_entries=self.cache.config.get_max_size())
        return ConnectionMultiplexer(options)

    def class_of_unreached(self, cause: RedisConnectionError) -> type[RedisConnectionError]:
        """Return the class of error for a command that found no shared connection, by what went wrong with that."""
        return type(cause)

    def _owner_of_multiplexer(self) -> Any:
        return None

    def disconnect(self, inuse_connections: bool = True) -> None:
        """Close the connections; they connect again when next used.

        Args:
            inuse_connections: Whether to close those in use too, and the shared one. Who uses one gets a
                RedisConnectionError.
        """
        try:
            super().disconnect(inuse_connections)
        finally:
            if self._multiplexers and inuse_connections:
                made = self._multiplexers.pop(self._owner_of_multiplexer(), None)
                if made is not None:
                    made.close()



class ConnectionPool(_HasMultiplexer):
    """A pool that refuses when all its connections are in use.

    Args:
        multiplexed: Whether clients on this pool send what can be shared over one connection that all of them share,
            and take connections from the pool for the rest only.
        cache, cache_config: Have clients keep what they read; they then share a connection.
        options: Those of :class:`multiplexer.pools.ConnectionPool`.

    Raises:
        ConfigurationError: An option has a value that cannot be, or ``multiplexed`` cannot honour it.
    """

    def __init__(
        self,
        connection_class: type[Any] = Connection,
        max_connections: int | None = None,
        *,
        multiplexed: bool = False,
        cache: Any = None,
        cache_config: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(connection_class=connection_class, max_connections=max_connections, **options)
        self._may_share(multiplexed, cache, cache_config)


class BlockingConnectionPool(_BlockingConnectionPool, ConnectionPool):
    """A pool whose callers wait while all connections are in use.

    Args:
        options: Those of :class:`multiplexer.pools.BlockingConnectionPool`, and ``multiplexed``.
    """


class ClusterConnectionPool(_ClusterConnectionPool, _HasMultiplexer):
    """A pool of connections to the nodes of a cluster, which refuses when all it may have are in use.

    Args:
        arguments: Those of :class:`multiplexer.pools.ClusterConnectionPool`, in its order.
        multiplexed: Whether clients on this pool send what can be shared over one connection to each node that all of
            them share, and take connections from the pool for the rest only.
        cache, cache_config: Have clients keep what they read; they then share connections.
        options: The others of :class:`multiplexer.pools.ClusterConnectionPool`.

    Raises:
        ConfigurationError: An option has a value that cannot be, or ``multiplexed`` cannot honour it.
    """

    def __init__(
        self,
        *arguments: Any,
        multiplexed: bool = False,
        cache: Any = None,
        cache_config: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self._may_share(multiplexed, cache, cache_config)

    def _shared_options(self) -> ConfigurationOptions:
        kinds = {ClusterConnection: Connection, ClusterSSLConnection: SSLConnection}
        kind = kinds.get(self.connection_class, self.connection_class)
        # What replicas are for is said by the client; connections to single nodes are all that readonly is for.
        kwargs = {name: value for name, value in self.connection_kwargs.items() if name != "readonly"}
        return multiplexer_options(kind, kwargs, endpoints=self.seeds, address_remap=self._map.remap)


class BlockingClusterConnectionPool(_BlockingClusterConnectionPool, ClusterConnectionPool):
    """A pool of connections to the nodes of a cluster whose callers wait while all it may have are in use.

    Args:
        arguments: Those of :class:`multiplexer.pools.BlockingClusterConnectionPool`, in its order.
        options: The others of it, and ``multiplexed``.
    """
