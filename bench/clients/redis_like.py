"""What redis-py, its fork valkey-py and the façade have in common, which is everything but the names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any

from . import Asynchronous, Blocking, Setting

POOL_LIMIT = 50
"""From here on, callers wait for a pooled connection (its default size) rather than open one each."""


def blocking(client_class: Any, setting: Setting) -> AbstractContextManager[Blocking]:
    """Open the client that takes one connection of its pool per command."""
    return using(client_class(host=setting.host, port=setting.port))


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

    try:
        yield Blocking(client.get, client.set, queue, execute)
    finally:
        client.close()


def asynchronous(client_class: Any, pool_class: Any, setting: Setting) -> AbstractAsyncContextManager[Asynchronous]:
    """Open the asyncio client, on its blocking pool where there are many tasks."""
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

    try:
        yield Asynchronous(client.get, client.set, batch)
    finally:
        await client.aclose()
