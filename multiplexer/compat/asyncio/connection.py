"""Connections and their pools; a pool may have a multiplexer beside its connections."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from ...errors import ConfigurationError
from ...pools.asyncio import (
    AbstractConnection,
    BaseConnection,
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
    parse_url,
    to_bool,
)
from ...pools.asyncio import BlockingConnectionPool as _BlockingConnectionPool
from ...pools.asyncio import ConnectionPool as _ConnectionPool
from ...pools.asyncio.connection import SENTINEL
from ...pools.urls import URL_QUERY_ARGUMENT_PARSERS
from ..shared_options import multiplexer_options
from ..ssl_context import RedisSSLContext

if True:  # ASYNC
    import asyncio

if TYPE_CHECKING:
    from ...asyncio import ConnectionMultiplexer

__all__ = [
    "SENTINEL",
    "URL_QUERY_ARGUMENT_PARSERS",
    "AbstractConnection",
    "BaseConnection",
    "BlockingConnectionPool",
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


class ConnectionPool(_ConnectionPool):
    """A pool that refuses when all its connections are in use.

    Args:
        multiplexed: Whether clients on this pool send what can be shared over one connection that all of them share,
            and take connections from the pool for the rest only.
        options: Those of :class:`multiplexer.pools.ConnectionPool`.

    Raises:
        ConfigurationError: An option has a value that cannot be, or ``multiplexed`` cannot honour it.
    """

    #: There is none on the client's side; programs ask.
    cache: None = None

    def __init__(
        self,
        connection_class: type[Any] = Connection,
        max_connections: int | None = None,
        *,
        multiplexed: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(connection_class=connection_class, max_connections=max_connections, **options)
        if multiplexed:
            multiplexer_options(self.connection_class, self.connection_kwargs)  # raises now what cannot be
        #: Whether clients share a connection.
        self.is_multiplexed = multiplexed
        self._multiplexers: Any = weakref.WeakKeyDictionary()

    async def get_multiplexer(self) -> ConnectionMultiplexer:
        """Return the multiplexer of a pool made with ``multiplexed=True``; the first call connects it.

        Raises:
            ConfigurationError: The pool is not multiplexed.
        """
        if not self.is_multiplexed:
            raise ConfigurationError("multiplexed: this pool was made without")
        owner = self._owner_of_multiplexer()
        with self._lock:
            known: ConnectionMultiplexer | None = self._multiplexers.get(owner)
            if known is not None:
                return known
            made = self._make_multiplexer()
            self._multiplexers[owner] = made  # kept before it is connected: whoever comes meanwhile shares it
        await made._connect()
        return made

    def _make_multiplexer(self) -> ConnectionMultiplexer:
        from ...asyncio import ConnectionMultiplexer

        return ConnectionMultiplexer(multiplexer_options(self.connection_class, self.connection_kwargs))

    def _owner_of_multiplexer(self) -> Any:
        if True:  # ASYNC
            return asyncio.get_running_loop()  # each event loop has its own
        return self

    async def aclose(self) -> None:
        """Close all connections, those in use and the shared one too; the pool can be used again."""
        await super().aclose()
        if self._multiplexers:
            made = self._multiplexers.pop(self._owner_of_multiplexer(), None)
            if made is not None:
                await made.aclose()


class BlockingConnectionPool(_BlockingConnectionPool, ConnectionPool):
    """A pool whose callers wait while all connections are in use.

    Args:
        options: Those of :class:`multiplexer.pools.BlockingConnectionPool`, and ``multiplexed``.
    """
