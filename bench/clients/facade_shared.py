"""The façade in redis-py's names, on the shared connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from . import Asynchronous, Blocking, Setting, redis_like

DISTRIBUTION = "redis-multiplexer"
IMPORTS = "multiplexer.compat"
OFFERS = redis_like.OFFERS - {"cluster"}


@contextmanager
def BLOCKING(setting: Setting) -> Iterator[Blocking]:
    """Open a ``Redis`` on a multiplexer."""
    import multiplexer.compat as redis
    from multiplexer import ConnectionMultiplexer

    with (
        ConnectionMultiplexer.connect(f"{setting.host}:{setting.port}") as mux,
        redis_like.using(redis.Redis(multiplexer=mux)) as client,
    ):
        yield client


@asynccontextmanager
async def ASYNCIO(setting: Setting) -> AsyncIterator[Asynchronous]:
    """Open an asyncio ``Redis`` on a multiplexer."""
    import multiplexer.compat.asyncio as redis
    from multiplexer.asyncio import ConnectionMultiplexer

    async with (
        await ConnectionMultiplexer.connect(f"{setting.host}:{setting.port}") as mux,
        redis_like.using_async(redis.Redis(multiplexer=mux)) as client,
    ):
        yield client
