"""What helpers cost beside what a user would write by hand: stream consumers and rate limiters.

``python -m bench.helpers [--entries 20000] [--calls 20000] [--turns 5]`` starts a server of its own and prints, for
threads and for tasks, entries or calls a second of both, and the ratio of the medians; in brackets, that of each turn.
"""

from __future__ import annotations

import argparse
import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from statistics import median
from time import perf_counter, sleep
from typing import Any

import multiplexer.asyncio as aio
from multiplexer import ConnectionMultiplexer, Database, RateLimiter, StreamConsumer, StreamEntry
from multiplexer.embedded import EmbeddedServer

STREAM, GROUP = "bench:stream", "workers"
#: Callers of a limiter at the same time.
CALLERS = 16

#: A fixed window, as tutorials have it.
BY_HAND = """
local count = redis.call('INCRBY', KEYS[1], ARGV[3])
if count == tonumber(ARGV[3]) then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return count <= tonumber(ARGV[1]) and 1 or 0
"""


def fill(server: EmbeddedServer, count: int) -> None:
    """Make the stream anew, and its group."""
    server.command("FLUSHALL")
    script = "for n = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'n', n, 'data', 'some text that is not long') end"
    server.command("EVAL", script, 1, STREAM, count, timeout=60)
    server.command("XGROUP", "CREATE", STREAM, GROUP, 0)


# -- consumers ---------------------------------------------------------------------------------------------------------


def consume_by_hand(db: Database[bytes], count: int) -> None:
    """Read and acknowledge as a loop of one's own does."""
    seen = 0
    while seen < count:
        for _, entries in db.xreadgroup(GROUP, "me", {STREAM: ">"}, count=17, block=1000):
            for number, _ in entries:
                seen += 1
                db.xack(STREAM, GROUP, number)


def consume(db: Database[bytes], count: int) -> None:
    """Have a consumer do it."""
    seen, done = 0, threading.Event()

    def handle(entry: StreamEntry[bytes, bytes]) -> None:
        nonlocal seen
        seen += 1
        if seen == count:
            done.set()

    with StreamConsumer(db, STREAM, GROUP, handle, block=0.01) as consumer:  # its end waits for as long
        done.wait()
        while consumer.statistics().acknowledged < count:
            sleep(0.001)


async def consume_by_hand_in_tasks(db: aio.Database[bytes], count: int) -> None:
    """Read and acknowledge as a loop of one's own does."""
    seen = 0
    while seen < count:
        for _, entries in await db.xreadgroup(GROUP, "me", {STREAM: ">"}, count=17, block=1000):
            for number, _ in entries:
                seen += 1
                await db.xack(STREAM, GROUP, number)


async def consume_in_tasks(db: aio.Database[bytes], count: int) -> None:
    """Have a consumer do it."""
    seen, done = 0, asyncio.Event()

    async def handle(entry: StreamEntry[bytes, bytes]) -> None:
        nonlocal seen
        seen += 1
        if seen == count:
            done.set()

    async with aio.StreamConsumer(db, STREAM, GROUP, handle, block=0.01) as consumer:
        await done.wait()
        while consumer.statistics().acknowledged < count:  # noqa: ASYNC110 - the last ones are a moment away
            await asyncio.sleep(0.001)


# -- limiters ----------------------------------------------------------------------------------------------------------


def in_threads(call: Callable[[], object], count: int) -> None:
    """Make calls from several threads."""

    def work() -> None:
        for _ in range(count // CALLERS):
            call()

    threads = [threading.Thread(target=work) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


async def in_tasks(call: Callable[[], Awaitable[object]], count: int) -> None:
    """Make calls from several tasks."""

    async def work() -> None:
        for _ in range(count // CALLERS):
            await call()

    await asyncio.gather(*[work() for _ in range(CALLERS)])


# -- measuring ---------------------------------------------------------------------------------------------------------


def rate(work: Callable[[], object], count: int) -> float:
    """Return how many a second were done."""
    began = perf_counter()
    work()
    return count / (perf_counter() - began)


def compare(title: str, turns: int, by_hand: Callable[[], float], ours: Callable[[], float]) -> None:
    """Measure both in turn, and print what came of it."""
    pairs = [(by_hand(), ours()) for _ in range(turns)]
    each = "  ".join(f"{ours / by_hand:.2f}" for by_hand, ours in pairs)
    hand, own = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    print(f"{title:28} by hand {hand:9,.0f}/s   here {own:9,.0f}/s   ratio {own / hand:.2f}   ({each})", flush=True)


def compare_consumers(
    turns: int, count: int, server: EmbeddedServer, db: Any, adb: Any, runner: asyncio.Runner
) -> None:
    """Compare consumers with loops."""

    def consuming(work: Callable[[], object]) -> float:
        fill(server, count)
        return rate(work, count)

    def by_tasks(work: Callable[..., Coroutine[Any, Any, None]]) -> float:
        return consuming(lambda: runner.run(work(adb, count)))

    by_hand, ours = partial(consume_by_hand, db, count), partial(consume, db, count)
    compare("entries, threads", turns, partial(consuming, by_hand), partial(consuming, ours))
    compare("entries, tasks", turns, partial(by_tasks, consume_by_hand_in_tasks), partial(by_tasks, consume_in_tasks))


def compare_limiters(
    title: str, turns: int, count: int, limit: int, algorithm: Any, db: Any, adb: Any, runner: asyncio.Runner
) -> None:
    """Compare limiters with scripts."""

    def by_threads(call: Callable[[], Any]) -> float:
        return rate(partial(in_threads, call, count), count)

    def by_tasks(call: Callable[[], Any]) -> float:
        return rate(lambda: runner.run(in_tasks(call, count)), count)

    for kind, measure, handle, limiters in (
        ("threads", by_threads, db, RateLimiter),
        ("tasks", by_tasks, adb, aio.RateLimiter),
    ):
        by_hand = partial(handle.register_script(BY_HAND), ["hand"], [limit, 60_000, 1])
        ours = partial(limiters(handle, limit, 60, algorithm=algorithm).acquire, "here")
        compare(f"{title}, {kind}", turns, partial(measure, by_hand), partial(measure, ours))
        db.execute("DEL", "hand", "here")


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    with (
        EmbeddedServer.start() as server,
        asyncio.Runner() as runner,
        ConnectionMultiplexer.connect(server.endpoint) as mux,
    ):

        async def connect() -> aio.ConnectionMultiplexer:
            return await aio.ConnectionMultiplexer.connect(server.endpoint)

        amux = runner.run(connect())
        db, adb = mux.get_database(), amux.get_database()
        compare_consumers(options.turns, options.entries, server, db, adb, runner)
        for title, limit, algorithm in (
            ("bucket, let through", 10**9, "token_bucket"),
            ("bucket, refused", 1, "token_bucket"),
            ("window, let through", 10**9, "sliding_window"),
            ("window, refused", 1, "sliding_window"),
        ):
            compare_limiters(title, options.turns, options.calls, limit, algorithm, db, adb, runner)
        runner.run(amux.aclose())


if __name__ == "__main__":
    main()
