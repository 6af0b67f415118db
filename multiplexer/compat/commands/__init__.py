"""Modules under the names they have in redis-py, for what programs import from there."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cluster import READ_COMMANDS as READ_COMMANDS
    from .cluster import AsyncRedisClusterCommands as AsyncRedisClusterCommands
    from .cluster import RedisClusterCommands as RedisClusterCommands
    from .core import AsyncCoreCommands as AsyncCoreCommands
    from .core import CoreCommands as CoreCommands
    from .helpers import list_or_args as list_or_args
    from .redismodules import AsyncRedisModuleCommands as AsyncRedisModuleCommands
    from .redismodules import RedisModuleCommands as RedisModuleCommands
    from .sentinel import AsyncSentinelCommands as AsyncSentinelCommands
    from .sentinel import SentinelCommands as SentinelCommands

#: What is imported when it is first asked for, and from where: whoever uses one command does without the others.
_LATER = {
    "READ_COMMANDS": ".cluster",
    "AsyncCoreCommands": ".core",
    "AsyncRedisClusterCommands": ".cluster",
    "AsyncRedisModuleCommands": ".redismodules",
    "AsyncSentinelCommands": ".sentinel",
    "CoreCommands": ".core",
    "RedisClusterCommands": ".cluster",
    "RedisModuleCommands": ".redismodules",
    "SentinelCommands": ".sentinel",
    "list_or_args": ".helpers",
}

__all__ = [*_LATER]


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(import_module(_LATER[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
