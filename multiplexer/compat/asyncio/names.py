"""The names that ``import redis`` has in both worlds, those that are there at once."""

from __future__ import annotations

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
    "RedisClusterException",
    "RedisError",
    "ResponseError",
    "SSLConnection",
    "StrictRedis",
    "StrictValkey",
    "TimeoutError",
    "UnixDomainSocketConnection",
    "Valkey",
    "ValkeyClusterException",
    "ValkeyError",
    "WatchError",
    "default_backoff",
    "from_url",
]
