"""Queues commands that nobody answers, and reports what one costs in bytes, as JSON.

Arguments: configuration, world, whether the server is "silent" or "gone".
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import tracemalloc
from collections.abc import Callable
from typing import Any

import multiplexer.asyncio
from multiplexer import CommandFlags, ConnectionMultiplexer

COUNT = 20_000


def measure(queue: Callable[[int], Any]) -> None:
    """Queue commands with keys and values of ten bytes, and print what one of them costs."""
    for number in range(1000):
        queue(number)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    for number in range(COUNT):
        queue(number)
    gc.collect()
    print(json.dumps({"bytes": (tracemalloc.get_traced_memory()[0] - before) / COUNT}), flush=True)
    os._exit(0)


def blocking(configuration: str, state: str) -> None:
    mux = ConnectionMultiplexer.connect(configuration)
    hold_up(int(mux.get_server().info("server")["process_id"]), state)
    db = mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET)
    measure(lambda number: db.set(b"key-%06d" % number, b"value12345"))


async def eventloop(configuration: str, state: str) -> None:
    mux = await multiplexer.asyncio.ConnectionMultiplexer.connect(configuration)
    lost = asyncio.Event()
    mux.connection_failed += lambda event: lost.set()
    hold_up(int((await mux.get_server().info("server"))["process_id"]), state)
    if state == "gone":
        await lost.wait()
    db = mux.get_database()
    waiting: list[Any] = []
    measure(lambda number: waiting.append(db.set(b"key-%06d" % number, b"value12345")))


def hold_up(pid: int, state: str) -> None:
    os.kill(pid, signal.SIGSTOP if state == "silent" else signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[2] == "blocking":
        blocking(sys.argv[1], sys.argv[3])
    else:
        asyncio.run(eventloop(sys.argv[1], sys.argv[3]))
