"""What is measured: the loops every client runs, whichever it is.

A command counts only after its result has been compared with what it must be.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import re
import signal
import socket
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from . import cached, commands, messages, observed, refresh
from .clients import Asynchronous, Blocking, Setting
from .loops import KEYS, VALUES, Workload, WrongReplyError, by_threads, check, repeat, repeat_async

BATCH_KEYS = KEYS * 10
BATCH_VALUES = VALUES * 10
LARGE_KEY = "bench:large"
LARGE_VALUE = random.Random(21).randbytes(4 << 20)
MIB = 1 << 20
IDLE = 4.0
WAITERS = 100
WAITED_FOR = "bench:waited"
SETTLING = 0.3  # seconds until all of them wait

# --- threads


def threads(client: Blocking, setting: Setting, seconds: float) -> float:
    """GET by a number of threads, each its own key."""
    get = client.get

    def caller(number: int, start: Callable[[], object]) -> int:
        key, expected, count = KEYS[number], VALUES[number], 0
        start()
        deadline = perf_counter() + seconds
        while perf_counter() < deadline:
            if (result := get(key)) != expected:
                check(result, expected)
            count += 1
        return count

    return by_threads(setting.callers, caller)


def batch(client: Blocking, setting: Setting, seconds: float) -> float:
    """Batches of 10,000 GETs, one after the other."""

    def once() -> int:
        check(client.execute(client.queue(BATCH_KEYS)), BATCH_VALUES)
        return len(BATCH_KEYS)

    return repeat(once, seconds)


def large(client: Blocking, setting: Setting, seconds: float) -> float:
    """SET and GET of 4 MiB, in MiB/s."""

    def once() -> float:
        if not client.set(LARGE_KEY, LARGE_VALUE):
            raise WrongReplyError("SET did not succeed")
        check(client.get(LARGE_KEY), LARGE_VALUE)
        return 2 * len(LARGE_VALUE) / MIB

    return repeat(once, seconds)


def blocked(client: Blocking, setting: Setting, seconds: float) -> float:
    """Time of a GET by many threads while a hundred others wait for lists, as a multiple of it without them."""
    assert client.wait is not None
    without = _latency(client, setting, seconds / 2)
    waiting = [threading.Thread(target=client.wait, args=(f"{WAITED_FOR}:{n}",), daemon=True) for n in range(WAITERS)]
    for thread in waiting:
        thread.start()
    time.sleep(SETTLING)
    during = _latency(client, setting, seconds / 2)
    for number in range(WAITERS):
        release(setting, number)
    for thread in waiting:
        thread.join()
    return during / without


def _latency(client: Blocking, setting: Setting, seconds: float) -> float:
    return setting.callers / threads(client, setting, seconds)


def release(setting: Setting, number: int) -> None:
    """Let one waiter go."""
    with socket.create_connection((setting.host, setting.port)) as link:
        link.sendall(b"RPUSH %s:%d x\r\n" % (WAITED_FOR.encode(), number))
        link.recv(100)


# --- asyncio


async def tasks(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """GET by a number of tasks, each its own key."""
    get = client.get

    async def caller(number: int) -> int:
        key, expected, count = KEYS[number], VALUES[number], 0
        while perf_counter() < deadline:
            if (result := await get(key)) != expected:
                check(result, expected)
            count += 1
        return count

    start = perf_counter()
    deadline = start + seconds
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(caller(number)) for number in range(setting.callers)]
    return sum(task.result() for task in running) / (perf_counter() - start)


async def gather(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """A thousand GETs at once, one thousand after the other."""

    async def once() -> int:
        check(await asyncio.gather(*map(client.get, KEYS)), VALUES)
        return len(KEYS)

    return await repeat_async(once, seconds)


async def batch_async(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """Batches of 10,000 GETs, one after the other."""

    async def once() -> int:
        check(await client.batch(BATCH_KEYS), BATCH_VALUES)
        return len(BATCH_KEYS)

    return await repeat_async(once, seconds)


async def large_async(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """SET and GET of 4 MiB, in MiB/s."""

    async def once() -> float:
        if not await client.set(LARGE_KEY, LARGE_VALUE):
            raise WrongReplyError("SET did not succeed")
        check(await client.get(LARGE_KEY), LARGE_VALUE)
        return 2 * len(LARGE_VALUE) / MIB

    return await repeat_async(once, seconds)


async def blocked_async(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """Time of a GET by many tasks while a hundred others wait for lists, as a multiple of it without them."""
    assert client.wait is not None
    without = await tasks(client, setting, seconds / 2)
    waiting = [asyncio.ensure_future(client.wait(f"{WAITED_FOR}:{number}")) for number in range(WAITERS)]
    await asyncio.sleep(SETTLING)
    during = await tasks(client, setting, seconds / 2)
    for number in range(WAITERS):
        release(setting, number)
    await asyncio.gather(*waiting)
    return without / during


# --- memory and rest


def memory(client: Blocking, setting: Setting, seconds: float) -> float:
    """Bytes that a command takes while it waits in a batch."""
    client.execute(client.queue(KEYS))  # what the first batch sets up is no cost of a command
    tracemalloc.start()
    before = traced()
    queued = client.queue(BATCH_KEYS)
    used = traced() - before
    tracemalloc.stop()
    check(client.execute(queued), BATCH_VALUES)
    return used / len(BATCH_KEYS)


async def memory_async(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """Bytes that a command takes while the server does not answer, with the task or future that waits for it.

    Looked at before the client has had a chance to write and again after; the larger figure counts. What a client
    allocates outside of Python is not seen.
    """
    await asyncio.gather(*map(client.get, KEYS))  # what the first use sets up is no cost of a command
    os.kill(setting.pid, signal.SIGSTOP)
    try:
        tracemalloc.start()
        before = traced()
        waiting = [asyncio.ensure_future(client.get(key)) for key in BATCH_KEYS]
        used = traced() - before
        await asyncio.sleep(0.5)
        used = max(used, traced() - before)
        tracemalloc.stop()
    finally:
        os.kill(setting.pid, signal.SIGCONT)
    check(await asyncio.gather(*waiting), BATCH_VALUES)
    return used / len(BATCH_KEYS)


def traced() -> int:
    """Bytes that Python has allocated and that are in use."""
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


def idle(client: Blocking, setting: Setting, seconds: float) -> float:
    """How often a second a client that nobody uses wakes up."""
    check(client.get(KEYS[0]), VALUES[0])
    before = wake_ups()
    time.sleep(IDLE)
    return (wake_ups() - before - 1) / IDLE  # less our own


async def idle_async(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """How often a second a client that nobody uses wakes up."""
    check(await client.get(KEYS[0]), VALUES[0])
    await asyncio.sleep(0.1)
    before = wake_ups()
    await asyncio.sleep(IDLE)
    return (wake_ups() - before - 1) / IDLE  # less our own


def wake_ups() -> int:
    """How often the threads of this process have gone to sleep (Linux only)."""
    status = "".join(path.read_text() for path in Path("/proc/self/task").glob("*/status"))
    return sum(map(int, re.findall(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.MULTILINE)))


CLUSTER = [
    Workload(
        "cluster-threads-16", "cluster GET, 16 threads", "blocking", "ops/s", threads, 16, needs="cluster", cluster=True
    ),
    Workload(
        "cluster-tasks-256", "cluster GET, 256 tasks", "asyncio", "ops/s", tasks, 256, needs="cluster", cluster=True
    ),
]
WORKLOADS = [
    *(
        Workload(f"threads-{n}", f"GET, {n} thread{'s' * (n > 1)}", "blocking", "ops/s", threads, n, sockets=n == 64)
        for n in (1, 4, 16, 64)
    ),
    *(
        Workload(f"tasks-{n}", f"GET, {n} task{'s' * (n > 1)}", "asyncio", "ops/s", tasks, n, sockets=n == 256)
        for n in (1, 16, 256)
    ),
    Workload("gather", "gather of 1,000 GETs", "asyncio", "ops/s", gather, len(KEYS)),
    Workload("batch", "batch of 10,000 GETs", "blocking", "ops/s", batch),
    Workload("batch-async", "batch of 10,000 GETs, asyncio", "asyncio", "ops/s", batch_async),
    Workload("large", "SET+GET of 4 MiB", "blocking", "MiB/s", large, large=True),
    Workload("large-async", "SET+GET of 4 MiB, asyncio", "asyncio", "MiB/s", large_async, large=True),
    *commands.WORKLOADS,
    *messages.WORKLOADS,
    *cached.WORKLOADS,
    Workload(
        "beside-threads-16",
        "GET beside kept ones, 16 threads",
        "blocking",
        "ops/s",
        cached.beside(threads),
        16,
        needs="keeps",
    ),
    Workload(
        "beside-tasks-256",
        "GET beside kept ones, 256 tasks",
        "asyncio",
        "ops/s",
        cached.beside_async(tasks),
        256,
        needs="keeps",
    ),
    *observed.workloads(threads, tasks),
    *CLUSTER,
    *refresh.WORKLOADS,
    Workload("blocked", "GET time, 100 others in BLPOP", "blocking", "x", blocked, 16, needs="wait"),
    Workload(
        "blocked-async", "GET time, 100 others in BLPOP, asyncio", "asyncio", "x", blocked_async, 16, needs="wait"
    ),
    Workload("memory", "memory of a command in a batch", "blocking", "bytes", memory, once=True),
    Workload("memory-async", "memory of a waiting command", "asyncio", "bytes", memory_async, 10_000, once=True),
    Workload("idle", "wake-ups while idle", "blocking", "1/s", idle, once=True),
    Workload("idle-async", "wake-ups while idle, asyncio", "asyncio", "1/s", idle_async, once=True),
]
"""Everything a worker can run, in the order of the report."""

IMPORT = "import"
"""The one thing that is measured without a worker: import time, in ms."""
