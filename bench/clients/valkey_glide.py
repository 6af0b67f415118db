"""valkey-glide for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from . import Asynchronous, Setting

DISTRIBUTION = "valkey-glide"
IMPORTS = "glide"
BLOCKING = None

REQUEST_TIMEOUT = 10_000  # milliseconds; its default of 250 is too short for a batch on a busy machine
INFLIGHT_LIMIT = 100_000  # its default of 1,000 would refuse what the memory workload queues


@asynccontextmanager
async def ASYNCIO(setting: Setting) -> AsyncIterator[Asynchronous]:
    """Open a ``GlideClient``."""
    import glide

    configuration = glide.GlideClientConfiguration(
        [glide.NodeAddress(setting.host, setting.port)],
        request_timeout=REQUEST_TIMEOUT,
        inflight_requests_limit=INFLIGHT_LIMIT,
    )
    client = await glide.GlideClient.create(configuration)

    async def batch(keys: Sequence[str]) -> Any:
        commands = glide.Batch(is_atomic=False)
        for key in keys:
            commands.get(key)
        return await client.exec(commands, raise_on_error=True)

    try:
        yield Asynchronous(client.get, client.set, batch)
    finally:
        await client.close()
