"""Does nothing with a multiplexer for a while, and reports how often its threads woke, as JSON.

Arguments: configuration, world, what was done before.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path

import multiplexer.asyncio
from multiplexer import CommandFlags, ConnectionMultiplexer

SECONDS = 6.0


def wakings() -> dict[str, int]:
    """Return, for each thread of this process, how often it gave the processor up to wait for something."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                found[task.name] = int(line.split()[1])
    return found


def report(before: dict[str, int], after: dict[str, int]) -> None:
    print(json.dumps({"seconds": SECONDS, "wakings": sorted(after[name] - before.get(name, 0) for name in after)}))


def blocking(configuration: str, what: str) -> None:
    with ConnectionMultiplexer.connect(configuration) as mux:
        db = mux.get_database()
        assert db.ping()
        if what == "forgotten":
            db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("forgotten")
        if what == "subscribed":
            mux.get_subscriber().subscribe("news")
        # What was needed for the start is over by then, the heartbeat's question about it too, and the pump is gone.
        time.sleep(6 if what == "forgotten" else 2.5)
        before = wakings()
        time.sleep(SECONDS)
        report(before, wakings())


async def eventloop(configuration: str, what: str) -> None:
    async with await multiplexer.asyncio.ConnectionMultiplexer.connect(configuration) as mux:
        assert await mux.get_database().ping()
        if what == "subscribed":
            await mux.get_subscriber().subscribe("news")
        await asyncio.sleep(2.5)
        before = wakings()
        await asyncio.sleep(SECONDS)
        report(before, wakings())


if __name__ == "__main__":
    if sys.argv[2] == "blocking":
        blocking(sys.argv[1], sys.argv[3])
    else:
        asyncio.run(eventloop(sys.argv[1], sys.argv[3]))
