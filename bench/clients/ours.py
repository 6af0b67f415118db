"""The multiplexer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from . import Asynchronous, Blocking, Setting

DISTRIBUTION = "multiplexer"
IMPORTS = "multiplexer"
WAITS = True


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

        yield Blocking(database.get, database.set, queue, execute, database.blpop)


@asynccontextmanager
async def ASYNCIO(setting: Setting) -> AsyncIterator[Asynchronous]:
    """Open a ``ConnectionMultiplexer`` that all tasks share."""
    from multiplexer.asyncio import ConnectionMultiplexer

    async with await ConnectionMultiplexer.connect(f"{setting.host}:{setting.port}") as mux:
        database = mux.get_database()

        async def batch(keys: Sequence[str]) -> Any:
            commands = database.batch()
            for key in keys:
                commands.get(key)
            return await commands.execute()

        yield Asynchronous(database.get, database.set, batch, database.blpop)
