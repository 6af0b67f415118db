# asyncio only
"""redis-py's names for asyncio tasks: ``import multiplexer.compat.asyncio as redis``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import connection, names, utils
from .names import *

if TYPE_CHECKING:
    from ..typing import Subscription as Subscription
    from .cluster import RedisCluster as RedisCluster
    from .cluster import ValkeyCluster as ValkeyCluster
    from .sentinel import Sentinel as Sentinel
    from .sentinel import SentinelConnectionPool as SentinelConnectionPool
    from .sentinel import SentinelManagedConnection as SentinelManagedConnection
    from .sentinel import SentinelManagedSSLConnection as SentinelManagedSSLConnection

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

__all__ = [*names.__all__, *_LATER, "connection", "utils"]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name], __name__), name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
