"""The multiplexer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from operator import attrgetter
from typing import Any

from . import Asynchronous, Blocking, Setting, redis_like
from .observing import observed

DISTRIBUTION = "redis-multiplexer"
IMPORTS = "multiplexer"
OFFERS = frozenset({"wait", "commands", "messages", "cluster", "refresh", "cached", "keeps", "observed"})


@contextmanager
def BLOCKING(setting: Setting) -> Iterator[Blocking]:
    """Open a ``ConnectionMultiplexer`` that all threads share."""
    from multiplexer import ConnectionMultiplexer

    with ConnectionMultiplexer.connect(f"{setting.host}:{setting.port}") as mux:
        database = mux.get_database()

        def queue(keys: Sequence[str]) -> Any:
            batch = database.batch()
            return batch, [batch.get(key) for key in keys]

        def execute(queued: Any) -> Any:
            return queued[0].execute()

        @contextmanager
        def subscribe(channel: str) -> Iterator[Any]:
            with mux.get_subscriber().subscribe(channel) as subscription:
                yield subscription, attrgetter("data")

        commands = redis_like.commands(database)

        def cached() -> Any:
            return mux.get_database(cached=True).get

        yield Blocking(
            database.get, database.set, queue, execute, database.blpop, commands, subscribe, cached, observed(mux)
        )


@asynccontextmanager
async def ASYNCIO(setting: Setting) -> AsyncIterator[Asynchronous]:
    """Open a ``ConnectionMultiplexer`` that all tasks share."""
    from multiplexer.asyncio import ConnectionMultiplexer

    async with await ConnectionMultiplexer.connect(f"{setting.host}:{setting.port}") as mux:
        database = mux.get_database()

        async def batch(keys: Sequence[str]) -> Any:
            queued = database.batch()
            for key in keys:
                queued.get(key)
            return await queued.execute()

        @asynccontextmanager
        async def subscribe(channel: str) -> AsyncIterator[Any]:
            async with await mux.get_subscriber().subscribe(channel) as subscription:
                yield subscription, attrgetter("data")

        commands = redis_like.commands(database)

        def cached() -> Any:
            return mux.get_database(cached=True).get

        yield Asynchronous(
            database.get, database.set, batch, database.blpop, commands, subscribe, cached, observed(mux)
        )
