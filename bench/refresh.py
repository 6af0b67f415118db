"""What a change of topology costs in a cluster of 1,000 nodes with 16,384 ranges of slots.

Its time is from when a server is asked until the new snapshot counts. Meanwhile, and a little longer, a caller goes on
calling: the longest time that it waits for a result is the stall. All slots change their owner each time.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

from multiplexer.core.commands.hash_slots import slot_of

from .clients import Asynchronous, Blocking, Setting
from .crowd import NODES, VALUE
from .loops import Workload, check

ROOT = Path(__file__).resolve().parent.parent
AFTERMATH = 0.05  # seconds in which a stall still counts, as taking a snapshot ends with tidying up
CONNECTED = 60  # nodes that a multiplexer has connected before they are needed, at least
KEY = next(key for number in range(10_000) if slot_of((key := f"key:{number}").encode()) % NODES < CONNECTED)


class Refresh(NamedTuple):
    """One refresh: how long it took, and how long a caller waited at most, in milliseconds."""

    time: float
    stall: float


class Observed:
    """One refresh as a caller sees it: it says each time it has a result."""

    def __init__(self, mux: Any) -> None:
        self._guide = mux._coordinator.guide
        self._before = self._guide.topology
        self._times = [perf_counter()]
        self._taken: float | None = None
        mux.check_roles()

    def is_over(self) -> bool:
        """Note that there was another result; return whether that was the last one."""
        now = perf_counter()
        self._times.append(now)
        if self._taken is None and self._guide.topology is not self._before:
            self._taken = now
        return self._taken is not None and now > self._taken + AFTERMATH

    def result(self, asked: list[float]) -> Refresh:
        """Return what it cost.

        Args:
            asked: When servers were asked so far, the last time maybe for the next refresh.
        """
        assert self._taken is not None
        began = max(time for time in asked if time < self._taken)
        stall = max(after - before for before, after in zip(self._times, self._times[1:], strict=False))
        return Refresh(1_000 * (self._taken - began), 1_000 * stall)


@contextmanager
def crowd() -> Iterator[tuple[str, Callable[[], list[float]]]]:
    """Start the scripted server; yields its address, and what tells when it was asked."""
    command = [sys.executable, "-m", "bench.crowd"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as process:
        assert process.stdout is not None
        output, asked = process.stdout, list[float]()
        port = int(output.readline())
        os.set_blocking(output.fileno(), False)

        def asked_at() -> list[float]:
            asked.extend(map(float, (output.read() or b"").split()))
            return asked

        yield f"127.0.0.1:{port}", asked_at  # it ends at the end of its input


def is_settled(mux: Any) -> bool:
    """Whether a multiplexer has made the connections that it makes by itself."""
    return bool(sum(server.is_connected for server in mux._coordinator.servers) >= CONNECTED)


def blocking(what: str) -> Callable[[Blocking, Setting, float], float]:
    """Return the loop of one thread; the client is not used, as the cluster is another one."""

    def measure(client: Blocking, setting: Setting, seconds: float) -> float:
        from multiplexer import ConnectionMultiplexer

        found: list[float] = []
        with crowd() as (address, asked), ConnectionMultiplexer.connect(address) as mux:
            get = mux.get_database().get
            while not is_settled(mux):
                get(KEY)
            end = perf_counter() + seconds
            while not found or perf_counter() < end:
                observed = Observed(mux)
                while not observed.is_over():
                    check(get(KEY), VALUE)
                found.append(getattr(observed.result(asked()), what))
        return median(found)

    return measure


def asynchronous(what: str) -> Callable[[Asynchronous, Setting, float], Any]:
    """Return the loop of one task; the client is not used, as the cluster is another one."""

    async def measure(client: Asynchronous, setting: Setting, seconds: float) -> float:
        from multiplexer.asyncio import ConnectionMultiplexer

        found: list[float] = []
        with crowd() as (address, asked):
            async with await ConnectionMultiplexer.connect(address) as mux:
                get = mux.get_database().get
                while not is_settled(mux):
                    await get(KEY)
                end = perf_counter() + seconds
                while not found or perf_counter() < end:
                    observed = Observed(mux)
                    while not observed.is_over():
                        check(await get(KEY), VALUE)
                    found.append(getattr(observed.result(asked()), what))
        return median(found)

    return measure


TITLE = "refresh of 1,000 nodes"
WORKLOADS = [
    Workload("refresh", TITLE, "blocking", "ms", blocking("time"), needs="refresh"),
    Workload("refresh-async", f"{TITLE}, asyncio", "asyncio", "ms", asynchronous("time"), needs="refresh"),
    Workload("refresh-stall", f"stall by a {TITLE}", "blocking", "ms", blocking("stall"), needs="refresh"),
    Workload(
        "refresh-stall-async", f"stall by a {TITLE}, asyncio", "asyncio", "ms", asynchronous("stall"), needs="refresh"
    ),
]
"""In the order of the report."""
