"""coredis, which knows asyncio only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from operator import itemgetter
from typing import Any

from . import Asynchronous, Setting, redis_like

DISTRIBUTION = "coredis"
IMPORTS = "coredis"
BLOCKING = None
OFFERS = frozenset({"commands", "messages", "cluster"})


@asynccontextmanager
async def ASYNCIO(setting: Setting) -> AsyncIterator[Asynchronous]:
    """Open a ``Redis``."""
    import coredis

    opened: Any = coredis.RedisCluster if setting.cluster else coredis.Redis
    async with opened(host=setting.host, port=setting.port) as client:

        async def batch(keys: Sequence[str]) -> Any:
            async with client.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.get(key)
            return list(pipeline.results or ())

        @asynccontextmanager
        async def subscribe(channel: str) -> AsyncIterator[Any]:
            async with client.pubsub(channels=[channel], ignore_subscribe_messages=True) as pubsub:
                yield pubsub, itemgetter("data")

        yield Asynchronous(client.get, client.set, batch, None, redis_like.commands(client), subscribe)
