"""What redis-py, its fork valkey-py and the façade have in common, which is everything but the names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from functools import partial
from operator import itemgetter
from typing import Any

from ..loops import HASH, KEYS, STREAM, ZSET
from . import Asynchronous, Blocking, Setting

POOL_LIMIT = 50
"""From here on, callers wait for a pooled connection (its default size) rather than open one each."""

CLUSTER_POOL_LIMIT = 1_000
"""Connections to each node of a cluster: where those of the default are in use, callers fail rather than wait."""

OFFERS = frozenset({"commands", "messages", "cluster"})
"""What each of them can do."""


def blocking(client_class: Any, cluster_class: Any, setting: Setting) -> AbstractContextManager[Blocking]:
    """Open the client that takes one connection of its pool per command."""
    if setting.cluster:
        return using(cluster_class(host=setting.host, port=setting.port, max_connections=CLUSTER_POOL_LIMIT))
    return using(client_class(host=setting.host, port=setting.port))


def commands(client: Any) -> dict[str, Callable[[], Any]]:
    """Return the typed methods of a client that has redis-py's names."""
    return {
        "hgetall": partial(client.hgetall, HASH),
        "zrange": partial(client.zrange, ZSET, 0, -1, withscores=True),
        "xrange": partial(client.xrange, STREAM),
        "mget": partial(client.mget, KEYS),
    }


@contextmanager
def using(client: Any) -> Iterator[Blocking]:
    """Use a client, and close it."""

    def queue(keys: Sequence[str]) -> Any:
        pipeline = client.pipeline(transaction=False)
        for key in keys:
            pipeline.get(key)
        return pipeline

    def execute(pipeline: Any) -> Any:
        return pipeline.execute()

    @contextmanager
    def subscribe(channel: str) -> Iterator[Any]:
        with client.pubsub(ignore_subscribe_messages=True) as pubsub:
            pubsub.subscribe(channel)
            yield pubsub.listen(), itemgetter("data")

    try:
        yield Blocking(client.get, client.set, queue, execute, None, commands(client), subscribe)
    finally:
        client.close()


def asynchronous(
    client_class: Any, pool_class: Any, cluster_class: Any, setting: Setting
) -> AbstractAsyncContextManager[Asynchronous]:
    """Open the asyncio client, on its blocking pool where there are many tasks."""
    if setting.cluster:
        return using_async(cluster_class(host=setting.host, port=setting.port, max_connections=CLUSTER_POOL_LIMIT))
    if setting.callers > POOL_LIMIT:
        pool = pool_class(host=setting.host, port=setting.port, max_connections=POOL_LIMIT)
        return using_async(client_class.from_pool(pool))
    return using_async(client_class(host=setting.host, port=setting.port))


@asynccontextmanager
async def using_async(client: Any) -> AsyncIterator[Asynchronous]:
    """Use an asyncio client, and close it."""

    async def batch(keys: Sequence[str]) -> Any:
        pipeline = client.pipeline(transaction=False)
        for key in keys:
            pipeline.get(key)
        return await pipeline.execute()

    @asynccontextmanager
    async def subscribe(channel: str) -> AsyncIterator[Any]:
        async with client.pubsub(ignore_subscribe_messages=True) as pubsub:
            await pubsub.subscribe(channel)
            yield pubsub.listen(), itemgetter("data")

    try:
        yield Asynchronous(client.get, client.set, batch, None, commands(client), subscribe)
    finally:
        await client.aclose()
