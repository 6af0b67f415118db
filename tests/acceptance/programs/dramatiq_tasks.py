"""The actors of dramatiq: the same module for who asks and for the worker."""

# ruff: noqa: E402 - the façade comes first

from __future__ import annotations

import os

import multiplexer.compat

multiplexer.compat.install()

# isort: split
import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.rate_limits import ConcurrentRateLimiter
from dramatiq.rate_limits.backends import RedisBackend as LimiterBackend
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend

_URL = os.environ["ACCEPTANCE_URL"]
results = RedisBackend(url=_URL)
broker = RedisBroker(url=_URL)
broker.add_middleware(Results(backend=results))
dramatiq.set_broker(broker)
mutex = ConcurrentRateLimiter(LimiterBackend(url=_URL), "mutex", limit=1)


@dramatiq.actor(store_results=True)
def add(a: int, b: int) -> int:
    with mutex.acquire(raise_on_failure=False) as acquired:
        return a + b if acquired is not None else -1


@dramatiq.actor(store_results=True)
def library() -> str:
    """Return what the worker's process has for redis."""
    import redis

    return redis.Redis.__module__


@dramatiq.actor(store_results=True, max_retries=0)
def fail() -> None:
    raise ZeroDivisionError("on purpose")


@dramatiq.actor(store_results=True, max_retries=5, min_backoff=10, max_backoff=20)
def unsteady() -> int:
    count = broker.client.incr("attempts")
    if count < 3:
        raise ConnectionError("not yet")
    return int(count)
