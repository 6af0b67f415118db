"""Scale on paper: a thousand servers of which many die at once, and a million subscriptions of one client.

Usage: ``python -m tests.simulation.scale [--nodes 1000] [--subscriptions 1000000]``. It prints tables of docs/scale.md.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from .clock import CLOCK, install

if TYPE_CHECKING:
    from .cluster import Cluster, Shard
    from .loop import SimulatedLoop
    from .network import Network

#: Callers, and seconds between two calls of one, on average.
CALLERS, PAUSE = 200, 0.05
#: Seconds of calm before, and of waiting after the last replica has taken over.
CALM, AFTER = 20.0, 40.0
#: Seconds from the death of a primary until its replica takes over: ``cluster-node-timeout``, and the election.
ELECTION = (1.0, 15.0)
#: Seconds between two looks whether a shard answers again.
LOOK = 0.05


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which so much of the values lies; 0 where there are none."""
    return sorted(values)[min(int(len(values) * share), len(values) - 1)] if values else 0.0


class Storm:
    """A part of the primaries of a cluster dies at one moment, while callers read and write keys of all of them."""

    def __init__(self, nodes: int, dying: int) -> None:
        from .cluster import Cluster
        from .network import Network

        chance = self._chance = Random(f"storm/{nodes}/{dying}")
        self._network: Network = Network(Random("scale"))
        self._cluster: Cluster = Cluster(self._network, nodes // 2, 1)
        self._doomed = chance.sample(self._cluster.shards, dying)
        self._died = 0.0
        self.before: list[float] = []
        self.during: list[float] = []
        self.calls = self.failed = self.unknown = 0
        self.asked: Counter[int] = Counter()
        self.connects: Counter[int] = Counter()
        self.back: list[float] = []
        self._watching: list[Any] = []
        self._count()

    def _count(self) -> None:
        """Count questions for the topology, and attempts to connect, by the second."""
        cluster, network = self._cluster, self._network
        shards, slots, connect = cluster.shards_reply, cluster.slots, network.connect

        def described(how: Callable[[], list[Any]]) -> list[Any]:
            self.asked[int(CLOCK.now)] += 1
            return how()

        def connected(sock: Any, place: Any) -> None:
            self.connects[int(CLOCK.now)] += 1
            connect(sock, place)

        cluster.shards_reply = partial(described, shards)  # type: ignore[method-assign]
        cluster.slots = partial(described, slots)  # type: ignore[method-assign]
        network.connect = connected  # type: ignore[method-assign]

    def run(self) -> None:
        """Let it happen."""
        from .loop import simulate

        CLOCK.begin("storm")
        simulate(self._network, self._play)

    async def _play(self, loop: SimulatedLoop) -> None:
        import asyncio

        from multiplexer.asyncio import ConnectionMultiplexer

        async with await ConnectionMultiplexer.connect(self._cluster.seeds) as mux:
            self._db = mux.get_database()
            callers = [asyncio.create_task(self._call(Random(number))) for number in range(CALLERS)]
            await asyncio.sleep(CALM)
            self._died = CLOCK.now
            last = max([self._kill(shard) for shard in self._doomed], default=0.0)
            await asyncio.sleep(last + AFTER)
            for caller in callers:
                caller.cancel()
            await asyncio.wait(callers)

    def _kill(self, shard: Shard) -> float:
        """Kill a primary; return the seconds after which its replica takes over."""
        import asyncio

        shard.primary.die()
        after = self._chance.uniform(*ELECTION)
        self._network.after(after, self._take_over, shard)
        self._watching.append(asyncio.create_task(self._watch(shard, after)))
        return after

    def _take_over(self, shard: Shard) -> None:
        self._cluster.fail_over(shard)

    async def _watch(self, shard: Shard, after: float) -> None:
        """Note how long after its replica has taken over a shard takes commands again."""
        import asyncio

        from multiplexer.core.commands.hash_slots import slot_of
        from multiplexer.errors import RedisError

        owners = self._cluster.owners
        key = next(key for number in range(10**6) if owners[slot_of(key := b"%d" % number)] is shard)
        await asyncio.sleep(after)
        began = CLOCK.now
        while True:
            try:
                await self._db.set(key, b"x")
                break
            except RedisError:
                await asyncio.sleep(LOOK)
        self.back.append(CLOCK.now - began)

    async def _call(self, chance: Random) -> None:
        import asyncio

        from multiplexer.core.commands.hash_slots import slot_of
        from multiplexer.errors import RedisError

        doomed = set(map(id, self._doomed))
        while True:
            key = b"key:%d" % chance.randrange(1_000_000)
            began, is_doomed = CLOCK.now, id(self._cluster.owners[slot_of(key)]) in doomed
            try:
                await (self._db.get(key) if chance.random() < 0.8 else self._db.set(key, b"x"))
            except RedisError as error:
                self.failed += 1
                self.unknown += error.was_sent
            if not is_doomed:
                (self.during if self._died else self.before).append(CLOCK.now - began)
            self.calls += 1
            await asyncio.sleep(chance.expovariate(1 / PAUSE))

    def row(self) -> str:
        """Return what came of it as a row of a table."""
        since = int(self._died)
        asked = {second: count for second, count in self.asked.items() if second >= since}
        connects = {second: count for second, count in self.connects.items() if second >= since}
        times = " / ".join(f"{percentile(each, 0.99) * 1e3:.1f}" for each in (self.before, self.during) if each) or "-"
        cells = (
            f"{len(self._doomed):,} of {len(self._cluster.shards):,}",
            f"{self.calls:,}",
            f"{self.failed:,} ({self.unknown:,})",
            times,
            f"{percentile(self.back, 0.5):.2f} s",
            f"{max(self.back, default=0.0):.2f} s",
            f"{sum(asked.values()):,} ({max(asked.values(), default=0)})",
            f"{sum(connects.values()):,} ({max(connects.values(), default=0):,})",
        )
        return f"| {' | '.join(cells)} |"


STORM = """\
| primaries that die | calls | failed (of them sent) | p99 of other shards, before / after, ms | half are back after \
| all | topology asked for (most a second) | attempts to connect (most a second) |
|---|---:|---:|---:|---:|---:|---:|---:|"""


class Crowd:
    """A client with many subscriptions loses its connection."""

    def __init__(self, subscriptions: int) -> None:
        from .network import Network
        from .server import Server

        self.subscriptions = subscriptions
        self._network: Network = Network(Random("scale"))
        self._server = Server(self._network, ("10.0.0.1", 6379))
        self.first = self.again = self.cpu = 0.0
        self.commands = 0

    def run(self, processor: Any) -> None:
        """Let it happen; ``processor`` tells the process's own time."""
        from .loop import simulate

        CLOCK.begin("crowd")
        self._processor = processor
        simulate(self._network, self._play)

    async def _play(self, loop: SimulatedLoop) -> None:
        import asyncio

        from multiplexer.asyncio import ConnectionMultiplexer

        channels = [b"channel:%d" % number for number in range(self.subscriptions)]
        async with await ConnectionMultiplexer.connect("10.0.0.1:6379", timeout=120.0) as mux:
            began = CLOCK.now
            subscription = await mux.get_subscriber().subscribe(*channels)
            self.first = CLOCK.now - began
            before = self._server.commands
            self._server.end_clients()
            began, worked = CLOCK.now, self._processor()
            while self._heard() < len(channels):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            self.again, self.cpu = CLOCK.now - began, self._processor() - worked
            self.commands = self._server.commands - before
            await subscription.unsubscribe()

    def _heard(self) -> int:
        """Return how many channels the server knows of."""
        return sum(len(session.channels) for session in self._server.sessions.values())

    def row(self) -> str:
        """Return what came of it as a row of a table."""
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cells = (
            f"{self.subscriptions:,}",
            f"{self.first:.2f} s",
            f"{self.again:.2f} s",
            f"{self.commands:,}",
            f"{self.cpu:.1f} s",
            f"{memory:,.0f} MiB",
        )
        return f"| {' | '.join(cells)} |"


CROWD = """\
| channels | until all are confirmed | once more after the loss | commands for that \
| processor time for that, both sides | memory, both sides |
|---:|---:|---:|---:|---:|---:|"""


def main() -> int:
    """Run as a program; return its exit code."""
    processor = time.process_time
    install()  # before the package is imported, which keeps the clock it finds
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--nodes", type=int, default=1_000, help="servers of the cluster, half of them replicas")
    parser.add_argument("--subscriptions", type=int, default=1_000_000, help="channels of one client")
    given = parser.parse_args()
    print(STORM)
    for part in (0.02, 0.2, 1.0):
        storm = Storm(given.nodes, max(int(given.nodes / 2 * part), 1))
        storm.run()
        print(storm.row(), flush=True)
    print(f"\n{CROWD}")
    crowd = Crowd(given.subscriptions)
    crowd.run(processor)
    print(crowd.row())
    return 0


if __name__ == "__main__":
    sys.exit(main())
