"""redis-py, with hiredis as its parser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from typing import Any

from . import Asynchronous, Blocking, Setting, redis_like

DISTRIBUTION = "redis"
IMPORTS = "redis"
OFFERS = redis_like.OFFERS | {"cached"}
"""Its cache is for threads, and for servers that call themselves Redis 7.4 or later."""


@contextmanager
def BLOCKING(setting: Setting) -> Iterator[Blocking]:
    """Open a ``Redis``."""
    import redis

    caching: list[Any] = []

    def cached() -> Any:
        from redis.cache import CacheConfig

        if not caching:
            caching.append(redis.Redis(setting.host, setting.port, protocol=3, cache_config=CacheConfig()))
        return caching[0].get

    try:
        with redis_like.blocking(redis.Redis, redis.RedisCluster, setting) as client:
            yield client._replace(cached=cached)
    finally:
        for client in caching:
            client.close()


def ASYNCIO(setting: Setting) -> AbstractAsyncContextManager[Asynchronous]:
    """Open an asyncio ``Redis``."""
    import redis.asyncio

    client = redis.asyncio
    return redis_like.asynchronous(client.Redis, client.BlockingConnectionPool, client.RedisCluster, setting)
