"""The work whose instructions are counted; it runs within callgrind, see :mod:`bench.instructions`.

Between two pieces of work it calls ``cmath.phase``, before which callgrind writes down what it has counted.

Usage: ``python -m bench.counted ENDPOINT``
"""

from __future__ import annotations

import asyncio
import gc
import sys
from cmath import phase as mark
from collections.abc import Awaitable, Callable

import multiplexer.asyncio as aio
from multiplexer import ConnectionMultiplexer, Database

from .loops import KEYS, VALUES, check

#: Commands of one piece of work: of those that are costly, of those side by side, and of those that cost little.
FEW, MANY, VERY_MANY = 500, 4_000, 20_000
#: Tasks at a time, and commands of a batch.
TASKS, BATCH = 100, 1_000
HASH = "instructions:hash"

#: Nothing but the work is to be done meanwhile, which takes fifty times as long as otherwise.
OPTIONS = "keepAlive=3600,heartbeatInterval=3600s,configCheckSeconds=3600,timeout=60s"

ByThread = Callable[[Database[bytes], int], None]
ByTask = Callable[[aio.Database[bytes], int], Awaitable[None]]


def get(db: Database[bytes], count: int) -> None:
    """One after the other."""
    for number in range(count):
        check(db.get(KEYS[number % len(KEYS)]), VALUES[number % len(KEYS)])


def put(db: Database[bytes], count: int) -> None:
    """Values of a hundred bytes, one after the other."""
    for number in range(count):
        db.set(KEYS[number % len(KEYS)], VALUES[number % len(KEYS)])


def hgetall(db: Database[bytes], count: int) -> None:
    """Hashes of a hundred fields, one after the other."""
    for _ in range(count):
        assert len(db.hgetall(HASH)) == len(VALUES[:100])


def cached(db: Database[bytes], count: int) -> None:
    """The same key from the cache."""
    get = db.with_options(cached=True).get
    for _ in range(count):
        check(get(KEYS[0]), VALUES[0])


def batch(db: Database[bytes], count: int) -> None:
    """Batches of a thousand."""
    for _ in range(count // BATCH):
        commands = db.batch()
        for key in KEYS:
            commands.get(key)
        check(commands.execute(), VALUES)


async def task(db: aio.Database[bytes], count: int) -> None:
    """One task, one command after the other."""
    for number in range(count):
        check(await db.get(KEYS[number % len(KEYS)]), VALUES[number % len(KEYS)])


async def tasks(db: aio.Database[bytes], count: int) -> None:
    """A hundred tasks at a time."""

    async def caller(first: int) -> None:
        for number in range(first, first + count // TASKS):
            check(await db.get(KEYS[number]), VALUES[number])

    await asyncio.gather(*[caller(first) for first in range(TASKS)])


async def gather(db: aio.Database[bytes], count: int) -> None:
    """A thousand commands at a time, which one task gathers."""
    for _ in range(count // len(KEYS)):
        check(await asyncio.gather(*map(db.get, KEYS)), VALUES)


async def batch_of_task(db: aio.Database[bytes], count: int) -> None:
    """Batches of a thousand."""
    for _ in range(count // BATCH):
        commands = db.batch()
        for key in KEYS:
            commands.get(key)
        check(await commands.execute(), VALUES)


BY_THREAD: dict[str, tuple[ByThread, int]] = {
    "GET": (get, 2 * FEW),
    "SET": (put, 2 * FEW),
    "HGETALL of 100": (hgetall, FEW),
    "GET from the cache": (cached, VERY_MANY),
    "GET in a batch": (batch, 2 * MANY),
}
BY_TASK: dict[str, tuple[ByTask, int]] = {
    "GET, one task": (task, FEW),
    "GET, 100 tasks": (tasks, MANY),
    "GET, gathered": (gather, MANY),
    "GET in a batch, asyncio": (batch_of_task, 2 * MANY),
}


def by_threads(endpoint: str) -> None:
    """Do the work of threads."""
    with ConnectionMultiplexer.connect(f"{endpoint},{OPTIONS}") as mux:
        db = mux.get_database()
        db.mset(dict(zip(KEYS, VALUES, strict=True)))
        db.hset(HASH, mapping=dict(zip(KEYS[:100], VALUES, strict=False)))
        for work, count in BY_THREAD.values():
            work(db, BATCH)  # what is made once, and learnt by the interpreter, is not counted
            gc.collect()
            mark(1)
            work(db, count)
            mark(1)


async def by_tasks(endpoint: str) -> None:
    """Do the work of tasks."""
    async with await aio.ConnectionMultiplexer.connect(f"{endpoint},{OPTIONS}") as mux:
        db = mux.get_database()
        for work, count in BY_TASK.values():
            await work(db, BATCH)
            gc.collect()
            mark(1)
            await work(db, count)
            mark(1)


if __name__ == "__main__":
    by_threads(sys.argv[1])
    asyncio.run(by_tasks(sys.argv[1]))
