"""Reads that are answered in the process: what a handle costs that keeps replies."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any

from .clients import Asynchronous, Blocking, Setting
from .loops import KEYS, VALUES, Workload, by_threads, check

#: The clock is looked at once in so many reads: it would cost as much as they do.
AT_ONCE = 100


def cached(client: Blocking, setting: Setting, seconds: float) -> float:
    """GET by a number of threads, each its own key, which is kept after the first time."""
    assert client.cached is not None
    get, callers = client.cached(), setting.callers
    for number in range(callers):
        check(get(KEYS[number]), VALUES[number])

    def caller(number: int, start: Callable[[], object]) -> int:
        key, count = KEYS[number], 0
        result: Any = None
        start()
        deadline = perf_counter() + seconds
        while perf_counter() < deadline:
            for _ in range(AT_ONCE):
                result = get(key)
            count += AT_ONCE
        check(result, VALUES[number])
        return count

    return by_threads(callers, caller)


async def cached_async(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """The same by tasks; none of them ever waits, so they come one after the other."""
    assert client.cached is not None
    get = client.cached()

    async def caller(number: int) -> int:
        key, count = KEYS[number], 0
        result = await get(key)
        deadline = perf_counter() + seconds / setting.callers
        while perf_counter() < deadline:
            for _ in range(AT_ONCE):
                result = await get(key)
            count += AT_ONCE
        check(result, VALUES[number])
        return count

    start = perf_counter()
    counts = await asyncio.gather(*[caller(number) for number in range(setting.callers)])
    return sum(counts) / (perf_counter() - start)


WORKLOADS = [
    Workload("cached-threads-1", "kept GET, 1 thread", "blocking", "ops/s", cached, 1, needs="cached"),
    Workload("cached-threads-16", "kept GET, 16 threads", "blocking", "ops/s", cached, 16, needs="cached"),
    Workload("cached-tasks-1", "kept GET, 1 task", "asyncio", "ops/s", cached_async, 1, needs="cached"),
]
