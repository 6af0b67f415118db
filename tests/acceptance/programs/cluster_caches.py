"""limits and Flask-Caching on a cluster."""

from __future__ import annotations

import asyncio
import sys

from .common import check_origin

# isort: split
from flask import Flask
from flask_caching import Cache
from limits import RateLimitItemPerMinute
from limits.aio.strategies import MovingWindowRateLimiter as AioMovingWindowRateLimiter
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter


def rates(uri: str) -> None:
    storage = storage_from_string(uri)
    check_origin(storage.storage)
    for kind in (FixedWindowRateLimiter, MovingWindowRateLimiter):
        limiter = kind(storage)
        for user in ("ann", "bob", "cid"):
            hits = [limiter.hit(RateLimitItemPerMinute(3), user, kind.__name__) for _ in range(4)]
            assert hits == [True, True, True, False]
    assert storage.reset() == 6


async def rates_in_asyncio(uri: str) -> None:
    storage = storage_from_string(f"async+{uri}", implementation="redispy")
    check_origin(storage.bridge.storage)
    limiter = AioMovingWindowRateLimiter(storage)
    assert [await limiter.hit(RateLimitItemPerMinute(3), "dan") for _ in range(4)] == [True, True, True, False]
    await storage.bridge.storage.aclose()


def cache(address: str) -> None:
    app = Flask(__name__)
    cache = Cache(app, config={"CACHE_TYPE": "RedisClusterCache", "CACHE_REDIS_CLUSTER": address})
    with app.app_context():
        check_origin(cache.cache._write_client)
        values = {f"key-{n}": {"n": n} for n in range(20)}
        for key, value in values.items():
            assert cache.set(key, value)
        assert [cache.get(key) for key in values] == list(values.values())
        assert cache.delete("key-1")
        assert not cache.has("key-1")


def main(address: str) -> None:
    rates(f"redis+cluster://{address}")
    asyncio.run(rates_in_asyncio(f"redis+cluster://{address}"))
    cache(address)


if __name__ == "__main__":
    main(sys.argv[1])
