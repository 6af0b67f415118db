"""The façade in redis-py's names, on a classic pool."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, AbstractContextManager

from . import Asynchronous, Blocking, Setting, redis_like

DISTRIBUTION = "redis-multiplexer"
IMPORTS = "multiplexer.compat"
OFFERS = redis_like.OFFERS


def BLOCKING(setting: Setting) -> AbstractContextManager[Blocking]:
    """Open a ``Redis`` on its own pool."""
    import multiplexer.compat as redis

    return redis_like.blocking(redis.Redis, redis.RedisCluster, setting)


def ASYNCIO(setting: Setting) -> AbstractAsyncContextManager[Asynchronous]:
    """Open an asyncio ``Redis`` on its own pool."""
    import multiplexer.compat.asyncio as redis

    return redis_like.asynchronous(redis.Redis, redis.BlockingConnectionPool, redis.RedisCluster, setting)
