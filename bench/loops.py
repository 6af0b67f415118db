"""What all workloads are made of: keys and values, the description of a workload, loops until the time is up."""

from __future__ import annotations

import random
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal

from .clients import Setting

KEYS = [f"bench:{number:04d}" for number in range(1_000)]
_random = random.Random(20)
VALUES = [_random.randbytes(100) for _ in KEYS]
HASH, ZSET, STREAM, CHANNEL = "bench:hash", "bench:zset", "bench:stream", "bench:channel"

World = Literal["blocking", "asyncio"]


class WrongReplyError(Exception):
    """A client returned something else than what was stored."""


@dataclass(frozen=True, slots=True)
class Workload:
    """Something to measure.

    Attributes:
        name: What ``--workloads`` matches.
        title: Its name in the report.
        world: Which of a client's two handles it uses.
        unit: Unit of the result.
        callers: Threads or tasks that share the client.
        measure: Takes the client, the setting and how many seconds to run; returns the result. A coroutine
            function for asyncio.
        large: Whether values are huge.
        once: Whether one run will do, as the result has no noise.
        sockets: Whether the sockets that the client has opened by then are reported as well.
        needs: What a client must offer beyond GET, SET and batches, or nothing: one of an adapter's ``OFFERS``.
        cluster: Whether it runs on a cluster.
    """

    name: str
    title: str
    world: World
    unit: str
    measure: Callable[[Any, Setting, float], Any]
    callers: int = 1
    large: bool = False
    once: bool = False
    sockets: bool = False
    needs: str = ""
    cluster: bool = False


def by_threads(callers: int, work: Callable[[int, Callable[[], object]], int]) -> float:
    """Have threads do something side by side; return how much of it they did a second.

    Args:
        callers: How many threads.
        work: Takes the thread's number, and what to call for all to begin together; returns how much it did.

    Raises:
        BaseException: What one of them raised.
    """
    started = threading.Barrier(callers + 1)
    counts = [0] * callers
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            counts[number] = work(number, started.wait)
        except BaseException as error:
            errors.append(error)

    running = [threading.Thread(target=run, args=(number,), daemon=True) for number in range(callers)]
    for thread in running:
        thread.start()
    started.wait()
    start = perf_counter()
    for thread in running:
        thread.join()
    elapsed = perf_counter() - start
    if errors:
        raise errors[0]
    return sum(counts) / elapsed


def check(result: Any, expected: Any) -> None:
    """Compare a result with what it must be.

    Raises:
        WrongReplyError: They differ.
    """
    if result != expected:
        raise WrongReplyError(f"{result!r:.60} instead of {expected!r:.60}")


def repeat(once: Callable[[], float], seconds: float) -> float:
    """Repeat something until the time is up; return how much of it was done per second."""
    total = 0.0
    start = perf_counter()
    while (elapsed := perf_counter() - start) < seconds:
        total += once()
    return total / elapsed


async def repeat_async(once: Callable[[], Awaitable[float]], seconds: float) -> float:
    """Repeat something until the time is up; return how much of it was done per second."""
    total = 0.0
    start = perf_counter()
    while (elapsed := perf_counter() - start) < seconds:
        total += await once()
    return total / elapsed
