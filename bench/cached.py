"""Reads that are answered in the process: what a handle costs that keeps replies."""

from __future__ import annotations

import asyncio
import gc
import itertools
import random
import sys
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from time import perf_counter
from typing import Any

from .clients import Asynchronous, Blocking, Setting
from .loops import KEYS, VALUES, Workload, by_threads, check

#: The clock is looked at once in so many reads: it would cost as much as they do.
AT_ONCE = 100
#: So much of what all callers together do is thought of beforehand, and then done again.
PLANNED = 400_000
MILLION = 1_000_000


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


# -- reads that mostly are kept --------------------------------------------------------------------------


def warmed(client: Blocking) -> Callable[[str], Any]:
    """Return a GET that keeps replies, and has those of all keys."""
    assert client.cached is not None
    get = client.cached()
    for key in KEYS:
        get(key)
    return get


async def warmed_async(client: Asynchronous) -> Callable[[str], Awaitable[Any]]:
    """The same for tasks."""
    assert client.cached is not None
    get = client.cached()
    for key in KEYS:
        await get(key)
    return get


_runs = itertools.count()


def mix(number: int) -> Iterator[tuple[bool, int, str]]:
    """Yield for ever what a caller does: whether it writes, the number of the value (-1 for none), and the key.

    Of a hundred, one writes a key that all read, ten read a key that nobody has read before and 89 one that all read.
    """
    chance, run = random.Random(number), next(_runs)
    for count in itertools.count():
        dice = chance.random()
        if dice < 0.1:
            yield False, -1, f"bench:cold:{run}:{count}"
        else:
            place = chance.randrange(len(KEYS))
            yield dice >= 0.99, place, KEYS[place]


def planned(number: int, callers: int) -> list[tuple[bool, int, str]]:
    """Return the first of what one of the callers does, so that thinking of it costs nothing while it is measured."""
    return list(itertools.islice(mix(number), PLANNED // callers))


def mixed(client: Blocking, setting: Setting, seconds: float) -> float:
    """Read and write a little, by a number of threads."""
    return _mixed(client.get, client.set, setting, seconds)


def cached_mixed(client: Blocking, setting: Setting, seconds: float) -> float:
    """The same over a handle that keeps replies."""
    get = warmed(client)
    return _mixed(get, client.set, setting, seconds)


def _mixed(get: Callable[[str], Any], set_: Callable[[str, bytes], Any], setting: Setting, seconds: float) -> float:
    def caller(number: int, start: Callable[[], object]) -> int:
        plan, count = planned(number, setting.callers), 0
        start()
        deadline = perf_counter() + seconds
        while True:
            for writes, place, key in plan:
                if writes:
                    set_(key, VALUES[place])
                else:
                    check(get(key), VALUES[place] if place >= 0 else None)
                count += 1
                if not count % AT_ONCE and perf_counter() >= deadline:
                    return count

    return by_threads(setting.callers, caller)


async def mixed_async(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """Read and write a little, by a number of tasks."""
    return await _mixed_async(client.get, client.set, setting, seconds)


async def cached_mixed_async(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """The same over a handle that keeps replies."""
    get = await warmed_async(client)
    return await _mixed_async(get, client.set, setting, seconds)


async def _mixed_async(
    get: Callable[[str], Awaitable[Any]], set_: Callable[[str, bytes], Awaitable[Any]], setting: Setting, seconds: float
) -> float:
    plans = [planned(number, setting.callers) for number in range(setting.callers)]
    start = perf_counter()
    deadline = start + seconds

    async def caller(number: int) -> int:
        count = 0
        while True:
            for writes, place, key in plans[number]:
                if writes:
                    await set_(key, VALUES[place])
                else:
                    check(await get(key), VALUES[place] if place >= 0 else None)
                count += 1
                if perf_counter() >= deadline:
                    return count

    counts = await asyncio.gather(*map(caller, range(setting.callers)))
    return sum(counts) / (perf_counter() - start)


# -- what it costs others --------------------------------------------------------------------------------


def beside(measure: Callable[[Blocking, Setting, float], float]) -> Callable[[Blocking, Setting, float], float]:
    """Return a loop over handles that keep nothing, while others of the same connection do."""

    def measured(client: Blocking, setting: Setting, seconds: float) -> float:
        warmed(client)
        return measure(client, setting, seconds)

    return measured


def beside_async(
    measure: Callable[[Asynchronous, Setting, float], Awaitable[float]],
) -> Callable[[Asynchronous, Setting, float], Awaitable[float]]:
    """The same for tasks."""

    async def measured(client: Asynchronous, setting: Setting, seconds: float) -> float:
        await warmed_async(client)
        return await measure(client, setting, seconds)

    return measured


def dropping(client: Blocking, setting: Setting, seconds: float) -> float:
    """Microseconds to drop one of a million replies that the server says has changed."""
    from multiplexer.core.cache.store import Entry, Epoch, Store

    store, epoch = Store(1 << 40), Epoch()
    shelf = store.make_shelf(True)
    names = [b"%d" % number for number in range(MILLION)]
    for name in names:
        store.add(Entry(shelf, name, name, b"", 0.0, 1e9, epoch))
    dropped = random.Random(0).sample(names, 10_000)
    start = perf_counter()
    for name in dropped:
        store.drop((name,))
    elapsed = perf_counter() - start
    check(store.count, MILLION - len(dropped))
    return elapsed / len(dropped) * 1e6


def keeping(client: Blocking, setting: Setting, seconds: float) -> float:
    """Bytes that a reply which is kept takes beyond its key and its value."""
    assert client.cached is not None
    get = client.cached()
    check(get(KEYS[0]), VALUES[0])
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for key in KEYS[1:]:
        get(key)
    gc.collect()
    used = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    theirs = sum(sys.getsizeof(key.encode()) for key in KEYS[1:]) + sum(map(sys.getsizeof, VALUES[1:]))
    return (used - theirs) / (len(KEYS) - 1)


WORKLOADS = [
    Workload("cached-threads-1", "kept GET, 1 thread", "blocking", "ops/s", cached, 1, needs="cached"),
    Workload("cached-threads-16", "kept GET, 16 threads", "blocking", "ops/s", cached, 16, needs="cached"),
    Workload("cached-tasks-1", "kept GET, 1 task", "asyncio", "ops/s", cached_async, 1, needs="keeps"),
    Workload("mixed-threads-16", "1 SET in 100, 16 threads", "blocking", "ops/s", mixed, 16, needs="keeps"),
    Workload("cached-mixed-threads-16", "the same, reads kept", "blocking", "ops/s", cached_mixed, 16, needs="keeps"),
    Workload("mixed-tasks-256", "1 SET in 100, 256 tasks", "asyncio", "ops/s", mixed_async, 256, needs="keeps"),
    Workload(
        "cached-mixed-tasks-256", "the same, reads kept", "asyncio", "ops/s", cached_mixed_async, 256, needs="keeps"
    ),
    Workload("cached-drop", "dropping one of 1,000,000 kept", "blocking", "µs", dropping, once=True, needs="keeps"),
    Workload("cached-memory", "memory of a kept reply", "blocking", "bytes", keeping, once=True, needs="keeps"),
]
