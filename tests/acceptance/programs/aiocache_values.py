"""aiocache: values, many at once, counters, times to live, decorated functions, and its own locks."""

from __future__ import annotations

import asyncio
import sys
from urllib.parse import urlsplit

from .common import check_facade

# isort: split
from aiocache import Cache, cached
from aiocache.lock import RedLock
from aiocache.serializers import JsonSerializer, PickleSerializer


async def main(url: str) -> None:
    address = urlsplit(url)
    where = {"endpoint": address.hostname, "port": address.port}
    cache = Cache(Cache.REDIS, **where, namespace="main", serializer=JsonSerializer())
    check_facade(cache.client)
    assert await cache.set("a", {"b": [1, 2]}, ttl=60)
    assert await cache.get("a") == {"b": [1, 2]}
    assert await cache.get("none", default=7) == 7
    assert await cache.multi_set([("x", 1), ("y", 2)])
    assert await cache.multi_get(["x", "y", "z"]) == [1, 2, None]
    assert await cache.add("new", 1)
    try:
        await cache.add("new", 1)
    except ValueError:
        pass
    else:
        raise AssertionError("added twice")
    assert await cache.increment("count", 5) == 5
    assert await cache.exists("x")
    assert await cache.expire("x", 60)
    assert await cache.delete("x") == 1
    calls = []

    @cached(ttl=60, cache=Cache.REDIS, serializer=PickleSerializer(), namespace="calls", **where)
    async def double(number: int) -> int:
        calls.append(number)
        return number * 2

    assert [await double(2), await double(2), await double(3)] == [4, 4, 6]
    assert calls == [2, 3]
    async with RedLock(cache, "job", lease=5):
        assert await cache.exists("job-lock")
    assert not await cache.exists("job-lock")
    assert await cache.clear(namespace="main")
    assert not await cache.exists("a")
    await cache.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
