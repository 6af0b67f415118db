"""Everything at once, left to chance: whatever the seed, the invariants hold."""

from __future__ import annotations

import time
from functools import partial
from random import Random

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.asyncio._world import gather
from tests.asyncio.truth.conftest import QUICK, Connect
from tests.chance import SEED, seeded
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import Ledger
from tests.truth.workload import settle

SECONDS = 1.0
UNIT = 3


class Callers:
    """What several callers do, each by a choice of its own that follows from the seed."""

    def __init__(self, db: Database[bytes], proxy: FaultProxy, seed: object) -> None:
        self.db = db
        self.proxy = proxy
        self.seed = seed
        longest = QUICK["timeout"]
        self.pushes = Ledger("pushes", longest)
        self.units = Ledger("units", longest)
        self.counts = Ledger("counts", longest)
        self.replies: list[int] = []
        self.end = time.monotonic() + SECONDS

    def goes_on(self) -> bool:
        """Whether there is time left; where the machine is so busy that nothing has happened yet, there is more."""
        now = time.monotonic()
        happened = self.proxy.injected["reset"] + self.proxy.injected["cut"]
        return now < self.end or (not happened and now < self.end + 20)

    async def work(self, caller: int) -> None:
        """Call until time is up."""
        chance = seeded(f"{self.seed}/{caller}")
        number = 0
        while self.goes_on():
            step = chance.choice((self.push, self.count, self.transact, self.read, self.read_large, self.hurry))
            await step(f"c{caller}", number, chance)
            number += 1

    async def push(self, caller: str, number: int, chance: Random) -> None:
        """Append a token to a list."""
        with self.pushes.call(caller, number) as token:
            await self.db.rpush("pushes", token)

    async def count(self, caller: str, number: int, chance: Random) -> None:
        """Increment a counter."""
        with self.counts.call(caller, number):
            self.replies.append(await self.db.incr("counts"))

    async def transact(self, caller: str, number: int, chance: Random) -> None:
        """Append a token several times in one transaction."""
        with self.units.call(caller, number) as token:
            pipeline = self.db.pipeline()
            for _ in range(UNIT):
                pipeline.rpush("units", token)
            lengths = await pipeline.execute()
            assert lengths == list(range(lengths[0], lengths[0] + UNIT))

    async def read(self, caller: str, number: int, chance: Random) -> None:
        """Ask for what only this caller can be told."""
        word = f"{caller}/{number}".encode() * chance.randrange(1, 20)
        try:
            assert await self.db.echo(word) == word
        except (RedisConnectionError, RedisTimeoutError):
            pass

    async def read_large(self, caller: str, number: int, chance: Random) -> None:
        """The same with more bytes than one write or read takes."""
        if chance.random() < 0.1:
            await self.read(caller * 30_000, number, chance)

    async def hurry(self, caller: str, number: int, chance: Random) -> None:
        """Append a token with so little time that it may or may not do."""
        with self.pushes.call(caller, number) as token:
            await self.db.with_options(timeout=chance.uniform(0.0005, 0.02)).rpush("pushes", token)

    def check(self, server: RealServer) -> None:
        """Compare what callers were told with what the server did."""
        self.pushes.check(server.command("LRANGE", "pushes", 0, -1))
        applied = server.command("LRANGE", "units", 0, -1)
        whole = applied[::UNIT]
        assert applied == [token for token in whole for _ in range(UNIT)], "a transaction was torn"
        self.units.check(whole)
        self.counts.check_count(int(server.command("GET", "counts") or 0))
        assert len(set(self.replies)) == len(self.replies), "one reply was given to two callers"


@pytest.mark.chance
@pytest.mark.parametrize("seed", range(3))
async def test_the_truth_is_told_through_chaos(
    connect: Connect, proxy: FaultProxy, server: RealServer, target: Target, seed: int
) -> None:
    name = f"{target.kind}/{target.protocol}/{seed}"
    options = ({}, {"max_pending": 8}, {"auto_pipeline": False})[seed % 3]
    callers = Callers((await connect(**options)).get_database(), proxy, name)
    proxy.chaos(f"{SEED}/{name}", reset=0.004, cut=0.004, delay=0.02, split=0.1, refuse=0.2)
    await gather(*[partial(callers.work, n) for n in range(16)])
    happened = proxy.injected.copy()
    settle(server, proxy)
    await callers.db.ping()
    callers.check(server)
    assert happened["reset"] + happened["cut"], f"{SEED}/{name}: nothing happened: raise the probabilities"
