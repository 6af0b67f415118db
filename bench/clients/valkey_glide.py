"""valkey-glide for asyncio."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from ..loops import HASH, KEYS, STREAM, ZSET
from . import Asynchronous, Setting

DISTRIBUTION = "valkey-glide"
IMPORTS = "glide"
BLOCKING = None
OFFERS = frozenset({"commands", "cluster"})

REQUEST_TIMEOUT = 10_000  # milliseconds; its default of 250 is too short for a batch on a busy machine
INFLIGHT_LIMIT = 100_000  # its default of 1,000 would refuse what the memory workload queues


def commands(glide: Any, client: Any) -> dict[str, Callable[[], Any]]:
    """Return the typed methods of a client.

    Args:
        glide: Its package, of either world.
        client: The client.
    """
    return {
        "hgetall": partial(client.hgetall, HASH),
        "zrange": partial(client.zrange_withscores, ZSET, glide.RangeByIndex(0, -1)),
        "xrange": partial(client.xrange, STREAM, glide.MinId(), glide.MaxId()),
        "mget": partial(client.mget, KEYS),
    }


@asynccontextmanager
async def ASYNCIO(setting: Setting) -> AsyncIterator[Asynchronous]:
    """Open a ``GlideClient``, or that for clusters."""
    import glide

    client_class: Any = glide.GlideClusterClient if setting.cluster else glide.GlideClient
    configuration_class = glide.GlideClusterClientConfiguration if setting.cluster else glide.GlideClientConfiguration
    configuration = configuration_class(
        [glide.NodeAddress(setting.host, setting.port)],
        request_timeout=REQUEST_TIMEOUT,
        inflight_requests_limit=INFLIGHT_LIMIT,
    )
    client = await client_class.create(configuration)

    async def batch(keys: Sequence[str]) -> Any:
        queued = glide.Batch(is_atomic=False)
        for key in keys:
            queued.get(key)
        return await client.exec(queued, raise_on_error=True)

    try:
        yield Asynchronous(client.get, client.set, batch, None, commands(glide, client))
    finally:
        await client.close()
