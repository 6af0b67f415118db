"""limits: fixed, moving and sliding windows, for threads and in asyncio."""

from __future__ import annotations

import asyncio
import sys

from .common import check_facade, install, until

# isort: split
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.aio import strategies as aio_strategies
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter, MovingWindowRateLimiter, SlidingWindowCounterRateLimiter

_KINDS = ("FixedWindow", "MovingWindow", "SlidingWindowCounter")


def blocking(uri: str) -> None:
    storage = storage_from_string(uri)
    check_facade(storage.storage)
    assert storage.check()
    for kind in (FixedWindowRateLimiter, MovingWindowRateLimiter, SlidingWindowCounterRateLimiter):
        limiter, item = kind(storage), RateLimitItemPerMinute(3)
        assert [limiter.hit(item, "blocking", kind.__name__) for _ in range(4)] == [True, True, True, False]
        assert not limiter.test(item, "blocking", kind.__name__)
        stats = limiter.get_window_stats(item, "blocking", kind.__name__)
        assert stats.remaining == 0
        limiter.clear(item, "blocking", kind.__name__)
        assert limiter.test(item, "blocking", kind.__name__)
    moving, quick = MovingWindowRateLimiter(storage), RateLimitItemPerSecond(1)
    assert moving.hit(quick, "again")
    assert not moving.hit(quick, "again")
    until(lambda: moving.hit(quick, "again"), 5)
    assert storage.reset() > 0


async def in_asyncio(uri: str, implementation: str) -> None:
    storage = storage_from_string(f"async+{uri}", implementation=implementation)
    check_facade(storage.bridge.storage)
    assert await storage.check()
    for kind in _KINDS:
        limiter, item = getattr(aio_strategies, f"{kind}RateLimiter")(storage), RateLimitItemPerMinute(3)
        assert [await limiter.hit(item, implementation, kind) for _ in range(4)] == [True, True, True, False]
        assert (await limiter.get_window_stats(item, implementation, kind)).remaining == 0
        await limiter.clear(item, implementation, kind)
        assert await limiter.test(item, implementation, kind)
    assert await limiter.hit(item, "again")
    assert await storage.reset() > 0
    await storage.bridge.storage.aclose()


def main(url: str) -> None:
    install("valkey")
    valkey = url.replace("redis://", "valkey://")
    blocking(url)
    blocking(valkey)
    asyncio.run(in_asyncio(url, "redispy"))
    asyncio.run(in_asyncio(valkey, "valkey"))


if __name__ == "__main__":
    main(sys.argv[1])
