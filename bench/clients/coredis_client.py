"""coredis, which knows asyncio only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from . import Asynchronous, Setting

DISTRIBUTION = "coredis"
IMPORTS = "coredis"
BLOCKING = None


@asynccontextmanager
async def ASYNCIO(setting: Setting) -> AsyncIterator[Asynchronous]:
    """Open a ``Redis``."""
    import coredis

    async with coredis.Redis(host=setting.host, port=setting.port) as client:

        async def batch(keys: Sequence[str]) -> Any:
            async with client.pipeline(transaction=False) as pipeline:
                for key in keys:
                    pipeline.get(key)
            return list(pipeline.results or ())

        yield Asynchronous(client.get, client.set, batch)
