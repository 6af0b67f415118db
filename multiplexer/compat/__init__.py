"""redis-py's names for threads: ``import multiplexer.compat as redis``.

That of asyncio tasks is :mod:`multiplexer.compat.asyncio`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import backoff, connection, exceptions, utils
from .blocking import names as _names
from .blocking.names import *
from .machinery.redis_version import VERSION, __version__

if TYPE_CHECKING:
    from .cluster import RedisCluster as RedisCluster
    from .cluster import ValkeyCluster as ValkeyCluster
    from .credentials import CredentialProvider as CredentialProvider
    from .credentials import UsernamePasswordCredentialProvider as UsernamePasswordCredentialProvider
    from .driver_info import DriverInfo as DriverInfo
    from .machinery.installation import install as install
    from .machinery.installation import is_installed as is_installed
    from .machinery.installation import uninstall as uninstall
    from .sentinel import Sentinel as Sentinel
    from .sentinel import SentinelConnectionPool as SentinelConnectionPool
    from .sentinel import SentinelManagedConnection as SentinelManagedConnection
    from .sentinel import SentinelManagedSSLConnection as SentinelManagedSSLConnection
    from .typing import Subscription as Subscription

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

__all__ = [*_names.__all__, *_LATER, "VERSION", "__version__", "backoff", "connection", "exceptions", "utils"]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name], __name__), name)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
