"""redis-py's names for threads: ``import multiplexer.compat as redis``.

That of asyncio tasks is :mod:`multiplexer.compat.asyncio`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import backoff, connection, exceptions, utils
from .backoff import default_backoff
from .blocking.standalone import Redis, StrictRedis, StrictValkey, Valkey
from .connection import (
    BlockingClusterConnectionPool,
    BlockingConnectionPool,
    ClusterConnectionPool,
    Connection,
    ConnectionPool,
    SSLConnection,
    UnixDomainSocketConnection,
)
from .exceptions import (
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
from .machinery.redis_version import VERSION, __version__
from .utils import from_url

if TYPE_CHECKING:
    from .cluster import RedisCluster, ValkeyCluster
    from .credentials import CredentialProvider, UsernamePasswordCredentialProvider
    from .driver_info import DriverInfo
    from .machinery.installation import install, is_installed, uninstall
    from .sentinel import Sentinel, SentinelConnectionPool, SentinelManagedConnection, SentinelManagedSSLConnection
    from .typing import Subscription

__all__ = [
    "VERSION",
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
    "CredentialProvider",
    "CrossSlotTransactionError",
    "DataError",
    "DriverInfo",
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
    "UsernamePasswordCredentialProvider",
    "Valkey",
    "ValkeyCluster",
    "ValkeyClusterException",
    "ValkeyError",
    "WatchError",
    "__version__",
    "backoff",
    "connection",
    "default_backoff",
    "exceptions",
    "from_url",
    "install",
    "is_installed",
    "uninstall",
    "utils",
]

#: What is imported when it is first asked for, and from where.
_LATER = {
    "RedisCluster": ".cluster",
    "ValkeyCluster": ".cluster",
    "CredentialProvider": ".credentials",
    "DriverInfo": ".driver_info",
    "Sentinel": ".sentinel",
    "SentinelConnectionPool": ".sentinel",
    "SentinelManagedConnection": ".sentinel",
    "SentinelManagedSSLConnection": ".sentinel",
    "Subscription": ".typing",
    "UsernamePasswordCredentialProvider": ".credentials",
    "install": ".machinery.installation",
    "is_installed": ".machinery.installation",
    "uninstall": ".machinery.installation",
}
_MODULES = ("asyncio", "client", "cluster", "credentials", "driver_info", "lock", "retry", "sentinel", "typing")


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name], __name__), name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
