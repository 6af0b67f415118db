"""A long run of one multiplexer: mixed traffic through faults, with figures taken again and again.

``scripts/soak`` runs it in both worlds. The traffic is that of the histories, which are checked and forgotten; a
subscriber counts messages meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import time
from collections.abc import Callable
from typing import Any

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.core.connection_counters import ConnectionCounters, sum_of
from multiplexer.errors import RedisError
from tests.asyncio._world import WORLD, until
from tests.asyncio.truth.history.clients import STEPS, Clients
from tests.asyncio.truth.history.scenes import QUICK
from tests.chance import seeded
from tests.servers import FaultProxy, RealServer, available_kinds
from tests.truth.figures import Figures, growth, header, since, unbalanced
from tests.truth.history.checking import Undecided
from tests.truth.history.faults import FAULTS, Stage
from tests.truth.leftovers import descriptors, own_threads, resident

CALLERS = 8
CALLS = 25
#: Faults of one round of calls.
_SOME = 2


class Soak:
    """One run.

    Attributes:
        taken: The figures so far.
        wrong: What was wrong, apart from what grew.
        messages: How many messages the subscriber was given.
    """

    def __init__(
        self, mux: ConnectionMultiplexer, stage: Stage, seed: int, report: Callable[[str], object] = print
    ) -> None:
        self.taken: list[Figures] = []
        self.wrong: list[str] = []
        self.messages = 0
        self._mux = mux
        self._stage = stage
        self._seed = seed
        self._report = report
        self._began = time.monotonic()
        self._rounds = 0
        self._calls = 0
        self._unknown = 0
        self._latency = [0] * 64

    async def run(self, seconds: float, every: float) -> None:
        """Call for so long, and take figures every so many seconds."""
        await self._mux.get_subscriber().subscribe("soak", handler=self._hear)
        self._report(header())
        while (now := time.monotonic()) < self._began + seconds:
            await self._until(min(now + every, self._began + seconds))
        self.wrong += growth(self.taken)

    def _hear(self, message: Any) -> None:
        self.messages += 1

    async def _until(self, end: float) -> None:
        self._calls = self._unknown = 0
        before = self._latency = [*self._counters().latency.buckets]
        began = time.monotonic()
        while time.monotonic() < end:
            await self._one_round()
        took = time.monotonic() - began
        await self._come_to_rest()
        counters = self._counters()
        latency = since(counters.latency, before)
        gc.collect()
        figures = Figures(
            seconds=time.monotonic() - self._began,
            rate=self._calls / took,
            unknown=self._unknown,
            median=latency.percentile(50),
            worst=latency.percentile(99.9),
            memory=resident(),
            objects=len(gc.get_objects()),
            descriptors=descriptors(),
            threads=len(own_threads()),
            sockets=counters.socket_count,
            clients=sum(client["name"] == "soak" for client in self._stage.server.clients()),
        )
        self.taken.append(figures)
        self._report(figures.row())
        complaint = unbalanced(counters)
        self.wrong += [] if complaint is None else [complaint]

    async def _one_round(self) -> None:
        """Have all callers do their work through a few faults, and check what they were told."""
        name = f"soak {self._seed}/{self._rounds}"
        self._rounds += 1
        self._stage.server.command("FLUSHALL")
        # Keys of their own: what was sent before, and is still on its way somewhere, shall not reach these.
        clients = Clients(self._mux.get_database(), self._stage.server, name, f"/{self._rounds}")
        faults = seeded(name).sample(FAULTS, _SOME)
        try:
            with self._stage.suffering(faults, clients.history, CALLERS * CALLS, name):
                await clients.work(CALLERS, CALLS, STEPS)
            await self._mux.get_database().publish("soak", name)
            clients.check()
        except (AssertionError, RedisError, TimeoutError, Undecided) as error:
            self.wrong.append(f"{type(error).__name__}: {error}")
        self._calls += clients.history.begun
        self._unknown += clients.history.unknown

    async def _come_to_rest(self) -> None:
        await until(lambda: self._mux.is_connected and not self._outstanding(), timeout=30)

    def _outstanding(self) -> int:
        return sum(counters.total_outstanding for counters in self._mux.get_counters())

    def _counters(self) -> ConnectionCounters:
        return sum_of([counters.interactive for counters in self._mux.get_counters()])


async def soak(seconds: float, every: float, seed: int, report: Callable[[str], object] = print) -> Soak:
    """Run for so long; return what came of it."""
    kind = available_kinds()[0]
    with RealServer.start(kind) as server, FaultProxy(server.host, server.port) as proxy:
        options = {**QUICK, "name": "soak", "lease_above": 1000, "connections_per_endpoint": 2}
        async with await ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", **options) as mux:
            run = Soak(mux, Stage(proxy, server), seed, report)
            await run.run(seconds, every)
    report(f"\n{WORLD}: {kind}, seed {seed}; {run.messages} messages; {len(run.wrong)} complaints")
    for complaint in run.wrong:
        report(f"- {complaint}")
    return run


def main() -> int:
    """Run as a program; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--every", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    options = parser.parse_args()

    def tell(line: str) -> None:
        print(line, flush=True)

    return 1 if asyncio.run(soak(options.seconds, options.every, options.seed, tell)).wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
