"""One client at one pace, in a process of its own; see :mod:`bench.paced`.

Reads one request, a JSON object, from standard input and writes what it measured to standard output.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import resource
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import CLOCK_MONOTONIC, perf_counter, sleep
from typing import Any

from .clients import Setting, load
from .loops import KEYS, VALUES, check

#: Who work side by side: tasks that measure what a client can do, and threads.
TASKS, THREADS = 256, 64
#: Seconds between two looks at the clock, at least.
TICK = 100e-6
#: One request in so many is for a large value, where there are any.
LARGE_EVERY = 100
LARGE_KEY, LARGE_SIZE = "bench:paced:large", 1 << 20

#: Times from when a request was to begin to its reply, in seconds.
Latencies = list[float]


def warm_up(seconds: float) -> float:
    """Return how many seconds of the beginning do not count."""
    return min(0.5, seconds)


def ask() -> dict[str, Any]:
    """Do what is asked on standard input."""
    request = json.loads(sys.stdin.readline())
    setting = Setting(request["host"], request["port"], request["pid"], request["callers"])
    adapter, rate, seconds = load(request["client"]), request["rate"], request["seconds"]
    if request["world"] == "blocking":
        assert adapter.BLOCKING is not None
        with adapter.BLOCKING(setting) as client:
            return by_threads(client.get, setting.pid, rate, seconds)
    assert adapter.ASYNCIO is not None

    async def run() -> dict[str, Any]:
        async with adapter.ASYNCIO(setting) as client:  # type: ignore[misc]
            if request["large"] == "apart":
                async with adapter.ASYNCIO(setting) as another:  # type: ignore[misc]
                    return await by_tasks(client.get, another.get, setting.pid, rate, seconds)
            large = client.get if request["large"] else None
            return await by_tasks(client.get, large, setting.pid, rate, seconds)

    return asyncio.run(run())


# -- tasks -------------------------------------------------------------------------------------------------------------


async def by_tasks(
    get: Callable[[str], Awaitable[Any]],
    large: Callable[[str], Awaitable[Any]] | None,
    pid: int,
    rate: float,
    seconds: float,
) -> dict[str, Any]:
    """Ask at a pace, each request by a task of its own; with a rate of nought as fast as 256 at a time can."""
    if not rate:
        return await _as_fast_as_possible(get, pid, seconds)
    taken: Latencies = []
    pending: set[asyncio.Task[None]] = set()
    begin = perf_counter() + 2 * TICK
    total, uncounted = int(rate * (warm_up(seconds) + seconds)), int(rate * warm_up(seconds))

    async def request(number: int) -> None:
        if large is not None and number % LARGE_EVERY == 0:
            assert len(await large(LARGE_KEY)) == LARGE_SIZE
            return
        place = number % len(KEYS)
        check(await get(KEYS[place]), VALUES[place])
        if number >= uncounted:
            taken.append(perf_counter() - begin - number / rate)

    failed: list[BaseException] = []

    def finished(task: asyncio.Task[None]) -> None:
        pending.discard(task)
        if error := task.exception():
            failed.append(error)

    done = 0
    with ticking(max(1 / rate, TICK)) as tick, spent(pid) as cost:
        while done < total and not failed:
            await tick()
            due = min(int((perf_counter() - begin) * rate) + 1, total)
            for number in range(done, due):
                task = asyncio.create_task(request(number))
                pending.add(task)
                task.add_done_callback(finished)
            done = max(done, due)
        while pending:
            await asyncio.wait(pending)
    if failed:
        raise failed[0]
    return percentiles(taken) | {"cpu": cost(total)}


async def _as_fast_as_possible(get: Callable[[str], Awaitable[Any]], pid: int, seconds: float) -> dict[str, Any]:
    async def request(place: int) -> None:
        check(await get(KEYS[place]), VALUES[place])

    async def caller(place: int) -> int:
        count = 0
        while perf_counter() < end:
            await asyncio.create_task(request(place))
            count += 1
        return count

    with spent(pid) as cost:
        begin = perf_counter()
        end = begin + seconds
        count = sum(await asyncio.gather(*map(caller, range(TASKS))))
    return {"rate": count / (perf_counter() - begin), "cpu": cost(count)}


@contextmanager
def ticking(every: float) -> Iterator[Callable[[], Awaitable[None]]]:
    """Wake a task by a clock that is finer than the loop's own, whose timers are good for a millisecond."""
    library = ctypes.CDLL(None, use_errno=True)
    descriptor = library.timerfd_create(CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), "no timer")
    nanoseconds = int(every * 1e9)
    times = (ctypes.c_long * 4)(0, nanoseconds, 0, nanoseconds)
    library.timerfd_settime(descriptor, 0, ctypes.byref(times), None)
    due = asyncio.Event()

    def ticked() -> None:
        os.read(descriptor, 8)
        due.set()

    async def tick() -> None:
        await due.wait()
        due.clear()

    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ticked)
    try:
        yield tick
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)


# -- threads -----------------------------------------------------------------------------------------------------------


def by_threads(get: Callable[[str], Any], pid: int, rate: float, seconds: float) -> dict[str, Any]:
    """Ask at a pace, in turn by each of 64 threads; with a rate of nought as fast as they can."""
    counts, taken = [0] * THREADS, [[] for _ in range(THREADS)]  # type: tuple[list[int], list[Latencies]]
    failed: list[BaseException] = []
    begin = perf_counter() + 0.1
    uncounted = warm_up(seconds) if rate else 0
    end = begin + uncounted + seconds

    def caller(me: int) -> None:
        key, value, count = KEYS[me], VALUES[me], 0
        try:
            while True:
                due = begin + (count * THREADS + me) / rate if rate else begin
                if (due if rate else perf_counter()) >= end:
                    break
                if (early := due - perf_counter()) > 0:
                    sleep(early)
                check(get(key), value)
                if due - begin >= uncounted:
                    taken[me].append(perf_counter() - due)
                count += 1
        except BaseException as error:
            failed.append(error)
        counts[me] = count

    threads = [threading.Thread(target=caller, args=(me,)) for me in range(THREADS)]
    with spent(pid) as cost:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    if failed:
        raise failed[0]
    measured = percentiles([each for latencies in taken for each in latencies]) if rate else {}
    return measured | {"rate": sum(counts) / (perf_counter() - begin), "cpu": cost(sum(counts))}


# -- figures -----------------------------------------------------------------------------------------------------------


def percentiles(taken: Latencies) -> dict[str, Any]:
    """Return the middle and the tail, in seconds."""
    taken = sorted(taken)
    named = {"p50": 0.5, "p99": 0.99, "p999": 0.999}
    return {"count": len(taken)} | {name: taken[int(part * (len(taken) - 1))] for name, part in named.items()}


@contextmanager
def spent(pid: int) -> Iterator[Callable[[int], dict[str, float]]]:
    """Measure the processor's time: what is yielded says how many seconds a million commands took here and there."""

    def now() -> tuple[float, float]:
        mine = resource.getrusage(resource.RUSAGE_SELF)
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return mine.ru_utime + mine.ru_stime, (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    before = now()

    def cost(commands: int) -> dict[str, float]:
        client, server = (after - earlier for after, earlier in zip(now(), before, strict=True))
        return {"client": client / commands * 1e6, "server": server / commands * 1e6}

    yield cost


if __name__ == "__main__":
    answer = ask()
    print(json.dumps(answer))
