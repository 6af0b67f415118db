"""A long run of one multiplexer: mixed traffic through faults, with figures taken again and again.

``scripts/soak`` runs it in both worlds. The traffic is that of the histories, which are checked and forgotten; a
subscriber must hear of each. It takes no more than a share of one processor, and rests between histories.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import platform
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.core.connection_counters import ConnectionCounters, sum_of
from multiplexer.errors import RedisConnectionError, RedisError, RedisTimeoutError
from tests.asyncio._world import WORLD, sleep, until
from tests.asyncio.truth.history.clients import STEPS, Clients
from tests.asyncio.truth.history.scenes import QUICK
from tests.chance import seeded
from tests.servers import FaultProxy, RealServer, available_kinds
from tests.truth.conservation import unbalanced
from tests.truth.figures import Figures, growth, header, since
from tests.truth.history.checking import Undecided
from tests.truth.history.faults import FAULTS, LOSES_NOTHING, Stage, server_dies
from tests.truth.leftovers import descriptors, own_threads, resident, tasks

CALLERS = 8
CALLS = 25
#: Faults of one round of calls.
_SOME = 2


class Soak:
    """One run.

    Attributes:
        taken: The figures so far.
        wrong: What was wrong, apart from what grew.
        calls, unknown: How many calls ended, and of how many of them nobody knows the outcome.
        rounds: How many histories were checked.
        suffered: How often each fault came.
        messages: How many messages the subscriber was given.
    """

    def __init__(
        self,
        mux: ConnectionMultiplexer,
        stage: Stage,
        seed: int,
        share: float = 1.0,
        report: Callable[[str], object] = print,
    ) -> None:
        self.taken: list[Figures] = []
        self.wrong: list[str] = []
        self.calls = self.unknown = self.rounds = self.messages = 0
        self.suffered: Counter[str] = Counter()
        self._mux = mux
        self._stage = stage
        self._seed = seed
        self._share = share
        self._report = report
        self._heard = ""
        self._began = time.monotonic()
        self._worked_before = time.process_time()

    async def run(self, seconds: float, every: float) -> None:
        """Call for so long, and take figures every so many seconds."""
        await self._mux.get_subscriber().subscribe("soak", handler=self._hear)
        self._report(header())
        while (now := time.monotonic()) < self._began + seconds:
            await self._until(min(now + every, self._began + seconds))
        self.wrong += growth(self.taken)

    def _hear(self, message: Any) -> None:
        self.messages += 1
        self._heard = message.data.decode()

    async def _until(self, end: float) -> None:
        calls, unknown, before = self.calls, self.unknown, [*self._counters().latency.buckets]
        began = time.monotonic()
        while time.monotonic() < end:
            await self._one_round()
            await self._rest(end)
        took = time.monotonic() - began
        await self._come_to_rest()
        counters = self._counters()
        latency = since(counters.latency, before)
        gc.collect()
        figures = Figures(
            seconds=time.monotonic() - self._began,
            rate=(self.calls - calls) / took,
            unknown=self.unknown - unknown,
            median=latency.percentile(50),
            tail=latency.percentile(99),
            worst=latency.percentile(99.9),
            memory=resident(),
            objects=len(gc.get_objects()),
            descriptors=descriptors(),
            threads=len(own_threads()),
            tasks=len(tasks()),
            sockets=counters.socket_count,
            clients=sum(client["name"] == "soak" for client in self._stage.server.clients()),
        )
        self.taken.append(figures)
        self._report(figures.row())

    async def _one_round(self) -> None:
        """Have all callers do their work through a few faults, and check what they were told."""
        name = f"soak {self._seed}/{self.rounds}"
        self.rounds += 1
        self._stage.server.command("FLUSHALL")
        # Keys of their own: what was sent before, and is still on its way somewhere, shall not reach these.
        clients = Clients(self._mux.get_database(), self._stage.server, name, f"/{self.rounds}")
        faults = seeded(name).sample((*FAULTS, server_dies), _SOME)
        self.suffered.update(fault.__name__ for fault in faults)
        try:
            with self._stage.suffering(faults, clients.history, CALLERS * CALLS, name):
                await clients.work(CALLERS, CALLS, STEPS)
            clients.check()
            await until(lambda: self._tells_the_subscriber(name))
        except (AssertionError, RedisError, TimeoutError, Undecided) as error:
            self.wrong.append(f"{name}: {type(error).__name__}: {error}")
        self.calls += clients.history.begun
        self.unknown += clients.history.unknown

    async def _tells_the_subscriber(self, name: str) -> bool:
        """Publish; return whether the subscriber has heard it. What connections lose on the way is told again."""
        try:
            await self._mux.get_database().publish("soak", name)
        except (RedisConnectionError, RedisTimeoutError):
            pass
        return self._heard == name

    async def _rest(self, end: float) -> None:
        """Wait until the time this process has worked is no more than its share of all time."""
        worked = time.process_time() - self._worked_before
        now = time.monotonic()
        await sleep(max(0.0, min(worked / self._share - (now - self._began), end - now)))

    async def _come_to_rest(self) -> None:
        try:
            await until(lambda: self._mux.is_connected and not self._outstanding(), timeout=30)
            await until(lambda: not unbalanced(self._mux.get_counters()), timeout=5)
        except TimeoutError:
            self.wrong += unbalanced(self._mux.get_counters()) or [f"{self._outstanding()} calls never came to rest"]

    def _outstanding(self) -> int:
        return sum(counters.total_outstanding for counters in self._mux.get_counters())

    def _counters(self) -> ConnectionCounters:
        return sum_of([counters.interactive for counters in self._mux.get_counters()])

    def as_dict(self) -> dict[str, Any]:
        """Return all there is to tell, for JSON."""
        server = self._stage.server
        return {
            "world": WORLD,
            "server": f"{server.kind.capitalize()} {'.'.join(map(str, server.version))}",
            "python": platform.python_version(),
            "system": f"{platform.system()} on {platform.machine()}",
            "seed": self._seed,
            "share": self._share,
            "rounds": self.rounds,
            "calls": self.calls,
            "unknown": self.unknown,
            "messages": self.messages,
            "faults": dict(self.suffered),
            "wrong": self.wrong,
            "figures": [asdict(figures) for figures in self.taken],
        }


async def soak(
    seconds: float, every: float, seed: int, share: float = 1.0, report: Callable[[str], object] = print
) -> Soak:
    """Run for so long; return what came of it."""
    kind = available_kinds()[0]
    with RealServer.start(kind, config=LOSES_NOTHING) as server, FaultProxy(server.host, server.port) as proxy:
        options = {**QUICK, "name": "soak", "lease_above": 1000, "connections_per_endpoint": 2}
        async with await ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", **options) as mux:
            run = Soak(mux, Stage(proxy, server), seed, share, report)
            try:
                await run.run(seconds, every)
            except Exception as error:
                run.wrong.append(f"broken off: {type(error).__name__}: {error}")  # what was found so far is told
    report(f"\n{WORLD}: {kind}, seed {seed}; {run.rounds} histories; {len(run.wrong)} complaints")
    for complaint in run.wrong:
        report(f"- {complaint}")
    return run


def main() -> int:
    """Run as a program; return its exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, required=True)
    parser.add_argument("--every", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--share", type=float, required=True)
    parser.add_argument("--result", type=Path, required=True)
    options = parser.parse_args()

    def tell(line: str) -> None:
        print(line, flush=True)

    run = asyncio.run(soak(options.seconds, options.every, options.seed, options.share, tell))
    options.result.write_text(json.dumps(run.as_dict()))
    return 1 if run.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
