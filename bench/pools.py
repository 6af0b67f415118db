"""What taking a connection from a pool and giving it back costs, beside redis-py and valkey-py.

Run as ``python -m bench.pools``; the servers' packages are needed, and an embedded server is started. It takes
seconds.
"""

from __future__ import annotations

import asyncio
import statistics
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import redis.asyncio.connection
import redis.connection
import valkey.asyncio.connection
import valkey.connection

import multiplexer.pools
import multiplexer.pools.asyncio
from multiplexer.embedded import EmbeddedServer

_PACKAGES: dict[str, tuple[Any, Any]] = {
    "redis-py": (redis.connection, redis.asyncio.connection),
    "valkey-py": (valkey.connection, valkey.asyncio.connection),
    "multiplexer": (multiplexer.pools, multiplexer.pools.asyncio),
}
#: valkey-py's pools want the name of a command.
_ARGS = {"valkey-py": ("PING",)}
_ROUNDS = 5
_TIMES = 4000
_THREADS = 64


def lone(pool: Any, *args: Any) -> float:
    """Return the seconds of one check-out and release of a lone thread."""
    pool.release(pool.get_connection(*args))
    began = time.perf_counter()
    for _ in range(_TIMES):
        pool.release(pool.get_connection(*args))
    return (time.perf_counter() - began) / _TIMES


def crowd(pool: Any, *args: Any) -> float:
    """Return the same where many threads wait for a few connections."""
    times = _TIMES // _THREADS

    def work() -> None:
        for _ in range(times):
            pool.release(pool.get_connection(*args))

    threads = [threading.Thread(target=work) for _ in range(_THREADS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - began) / (times * _THREADS)


async def lone_task(pool: Any, *args: Any) -> float:
    """Return the seconds of one check-out and release of a lone task."""
    await pool.release(await pool.get_connection(*args))
    began = time.perf_counter()
    for _ in range(_TIMES):
        await pool.release(await pool.get_connection(*args))
    return (time.perf_counter() - began) / _TIMES


async def crowd_of_tasks(pool: Any, *args: Any) -> float:
    """Return the same where many tasks wait for a few connections, without what making the others wait costs."""
    times = _TIMES // _THREADS

    async def work() -> None:
        for _ in range(times):
            connection = await pool.get_connection(*args)
            await asyncio.sleep(0)  # the others come to wait
            await pool.release(connection)

    async def yield_only() -> None:
        for _ in range(times):
            await asyncio.sleep(0)

    seconds = []
    for call in (work, yield_only):
        began = time.perf_counter()
        await asyncio.gather(*(call() for _ in range(_THREADS)))
        seconds.append(time.perf_counter() - began)
    return (seconds[0] - seconds[1]) / (times * _THREADS)


def _blocking(make: Callable[[], Any], measure: Callable[..., float], name: str) -> float:
    pool = make()
    try:
        return measure(pool, *_ARGS.get(name, ()))
    finally:
        pool.disconnect()


def _in_loop(make: Callable[[], Any], measure: Callable[..., Any], name: str) -> float:
    async def run() -> float:
        pool = make()
        try:
            return float(await measure(pool, *_ARGS.get(name, ())))
        finally:
            await pool.disconnect()

    return asyncio.run(run())


def main() -> None:
    """Measure in turns, and print the medians."""
    rows: dict[str, dict[str, list[float]]] = {}
    with EmbeddedServer.start() as server:
        options: dict[str, Any] = {"host": "127.0.0.1", "port": server.port}
        few = {**options, "max_connections": 4, "timeout": 60}
        for _ in range(_ROUNDS):
            for name, (threads, tasks) in _PACKAGES.items():
                for row, seconds in (
                    ("threads, 1", _blocking(partial(threads.ConnectionPool, **options), lone, name)),
                    ("threads, 64 for 4", _blocking(partial(threads.BlockingConnectionPool, **few), crowd, name)),
                    ("asyncio, 1", _in_loop(partial(tasks.ConnectionPool, **options), lone_task, name)),
                    ("asyncio, 64 for 4", _in_loop(partial(tasks.BlockingConnectionPool, **few), crowd_of_tasks, name)),
                ):
                    rows.setdefault(row, {}).setdefault(name, []).append(seconds)
    print(f"{'microseconds':28}" + "".join(f"{name:>14}" for name in _PACKAGES) + f"{'of redis-py':>14}")
    for row, figures in rows.items():
        medians = {name: statistics.median(seconds) * 1e6 for name, seconds in figures.items()}
        share = medians["multiplexer"] / medians["redis-py"]
        print(f"{row:28}" + "".join(f"{medians[name]:14.2f}" for name in _PACKAGES) + f"{share:13.2f}x")


if __name__ == "__main__":
    main()
