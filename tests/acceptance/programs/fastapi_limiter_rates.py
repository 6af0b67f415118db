"""fastapi-limiter: routes that answer so many times, over pyrate-limiter's buckets of both worlds."""

from __future__ import annotations

import asyncio
import sys

from .common import check_facade

# isort: split
from fastapi import Depends, FastAPI
from fastapi_limiter.decorators import skip_limiter
from fastapi_limiter.depends import RateLimiter
from httpx import ASGITransport, AsyncClient
from pyrate_limiter import Duration, Limiter, Rate, RedisBucket
from redis import Redis
from redis.asyncio import Redis as AsyncRedis

RATES = [Rate(2, Duration.MINUTE)]


async def answers(limiter: Limiter, path: str) -> list[int]:
    """Return what a route answers to four requests, of which two may pass, and one that is not limited to a fifth."""
    app = FastAPI(dependencies=[Depends(RateLimiter(limiter=limiter))])

    @app.get(path)
    async def limited() -> str:
        return "passed"

    @app.get("/free")
    @skip_limiter
    async def free() -> str:
        return "free"

    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://here") as browser:
        statuses = [(await browser.get(path)).status_code for _ in range(4)]
        return [*statuses, (await browser.get("/free")).status_code]


async def in_asyncio(url: str) -> None:
    async with AsyncRedis.from_url(url) as client:
        check_facade(client)
        bucket = await RedisBucket.init(RATES, client, "asyncio")
        with Limiter(bucket) as limiter:
            assert await answers(limiter, "/asyncio") == [200, 200, 429, 429, 200]
            assert await bucket.count() == 2
            assert (await bucket.peek(0)) is not None
            await bucket.flush()
            assert await answers(limiter, "/asyncio") == [200, 200, 429, 429, 200]


def for_threads(url: str) -> None:
    with Redis.from_url(url) as client:
        check_facade(client)
        bucket = RedisBucket.init(RATES, client, "threads")
        with Limiter(bucket) as limiter:
            assert asyncio.run(answers(limiter, "/threads")) == [200, 200, 429, 429, 200]
        assert bucket.count() == 2
        bucket.flush()
        assert client.exists("threads") == 0


if __name__ == "__main__":
    asyncio.run(in_asyncio(sys.argv[1]))
    for_threads(sys.argv[1])
