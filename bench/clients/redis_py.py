"""redis-py, with hiredis as its parser."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager, AbstractContextManager

from . import Asynchronous, Blocking, Setting, redis_like

DISTRIBUTION = "redis"
IMPORTS = "redis"
OFFERS = redis_like.OFFERS


def BLOCKING(setting: Setting) -> AbstractContextManager[Blocking]:
    """Open a ``Redis``."""
    import redis

    return redis_like.blocking(redis.Redis, redis.RedisCluster, setting)


def ASYNCIO(setting: Setting) -> AbstractAsyncContextManager[Asynchronous]:
    """Open an asyncio ``Redis``."""
    import redis.asyncio

    client = redis.asyncio
    return redis_like.asynchronous(client.Redis, client.BlockingConnectionPool, client.RedisCluster, setting)
