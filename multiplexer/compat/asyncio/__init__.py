# asyncio only
"""redis-py's names for asyncio tasks: ``import multiplexer.compat.asyncio as redis``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..backoff import default_backoff
from ..exceptions import (
    AuthenticationError,
    AuthenticationWrongNumberOfArgsError,
    BusyLoadingError,
    ChildDeadlockedError,
    ConnectionError,
    CrossSlotTransactionError,
    DataError,
    InvalidPipelineStack,
    InvalidResponse,
    MaxConnectionsError,
    OutOfMemoryError,
    PubSubError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TimeoutError,
    ValkeyClusterException,
    ValkeyError,
    WatchError,
)
from . import connection, utils
from .connection import (
    BlockingClusterConnectionPool,
    BlockingConnectionPool,
    ClusterConnectionPool,
    Connection,
    ConnectionPool,
    SSLConnection,
    UnixDomainSocketConnection,
)
from .standalone import Redis, StrictRedis, StrictValkey, Valkey
from .utils import from_url

if TYPE_CHECKING:
    from ..typing import Subscription
    from .cluster import RedisCluster, ValkeyCluster
    from .sentinel import Sentinel, SentinelConnectionPool, SentinelManagedConnection, SentinelManagedSSLConnection

__all__ = [
    "AuthenticationError",
    "AuthenticationWrongNumberOfArgsError",
    "BlockingClusterConnectionPool",
    "BlockingConnectionPool",
    "BusyLoadingError",
    "ChildDeadlockedError",
    "ClusterConnectionPool",
    "Connection",
    "ConnectionError",
    "ConnectionPool",
    "CrossSlotTransactionError",
    "DataError",
    "InvalidPipelineStack",
    "InvalidResponse",
    "MaxConnectionsError",
    "OutOfMemoryError",
    "PubSubError",
    "ReadOnlyError",
    "Redis",
    "RedisCluster",
    "RedisClusterException",
    "RedisError",
    "ResponseError",
    "SSLConnection",
    "Sentinel",
    "SentinelConnectionPool",
    "SentinelManagedConnection",
    "SentinelManagedSSLConnection",
    "StrictRedis",
    "StrictValkey",
    "Subscription",
    "TimeoutError",
    "UnixDomainSocketConnection",
    "Valkey",
    "ValkeyCluster",
    "ValkeyClusterException",
    "ValkeyError",
    "WatchError",
    "connection",
    "default_backoff",
    "from_url",
    "utils",
]

#: What is imported when it is first asked for, and from where.
_LATER = {
    "RedisCluster": ".cluster",
    "ValkeyCluster": ".cluster",
    "Sentinel": ".sentinel",
    "SentinelConnectionPool": ".sentinel",
    "SentinelManagedConnection": ".sentinel",
    "SentinelManagedSSLConnection": ".sentinel",
    "Subscription": "..typing",
}
_MODULES = ("client", "cluster", "lock", "retry", "sentinel")


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name], __name__), name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
