"""A middlebox loses a reply: whoever gets another's does so for two heartbeats at most, and nobody afterwards."""

from __future__ import annotations

import time
from functools import partial

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import ProtocolError
from tests.asyncio._world import gather, sleep, until
from tests.asyncio.truth.conftest import QUICK, Connect
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import SLACK, Ledger

PULSE = float(QUICK["heartbeat_interval"])


class Wrong:
    """When callers were given what belongs to others."""

    def __init__(self) -> None:
        self.at: list[float] = []

    async def ask(self, db: Database[bytes], ledger: Ledger, caller: str, number: int) -> None:
        """Ask for what only this call can be given; it may be told that the connection was lost."""
        with ledger.call(caller, number) as token:
            if await db.execute("ECHO", token) != token:
                self.at.append(time.monotonic())


@pytest.mark.parametrize("times", [1, 3])
async def test_replies_are_wrong_for_two_heartbeats_at_most(connect: Connect, proxy: FaultProxy, times: int) -> None:
    mux = await connect(timeout=10.0)
    db = mux.get_database()
    await db.ping()
    ledger, wrong = Ledger("shifted", longest=10.0), Wrong()
    ended: list[float] = []
    mux.connection_failed += lambda event: ended.append(time.monotonic())
    done = time.monotonic() + 6 * PULSE

    async def work(caller: str) -> None:
        number = 0
        while time.monotonic() < done or not ended:
            await wrong.ask(db, ledger, caller, number)
            number += 1
            await sleep(0.001)

    async def swallow() -> None:
        await sleep(2 * PULSE)
        proxy.swallow(times)

    began = time.monotonic()
    await gather(swallow, *[partial(work, f"c{n}") for n in range(8)])
    assert proxy.injected["swallow"] == times
    assert ended[0] - began < 4 * PULSE + SLACK
    assert not [at for at in wrong.at if at > ended[-1] + SLACK / 4]
    before = len(wrong.at)
    await gather(*[partial(wrong.ask, db, ledger, f"after-{n}", 0) for n in range(64)])
    assert len(wrong.at) == before


async def test_writes_around_a_lost_reply_are_counted(connect: Connect, proxy: FaultProxy, server: RealServer) -> None:
    """Whose reply is lost, or came after the loss, is told that nobody knows, or counts as acknowledged: each once."""
    mux = await connect(timeout=10.0)
    db = mux.get_database()
    ledger = Ledger("list", longest=10.0)

    async def work(caller: str) -> None:
        for number in range(40):
            with ledger.call(caller, number) as token:
                await db.rpush("list", token)
            if number == 20 and caller == "c0":
                proxy.swallow()
            await sleep(0.005)

    await gather(*[partial(work, f"c{n}") for n in range(8)])
    await until(lambda: proxy.connections == 2)
    ledger.check(server.command("LRANGE", "list", 0, -1))
    assert any(isinstance(error, ProtocolError) for error in ledger.errors.values())


async def test_a_lone_caller_is_never_given_anothers_reply(connect: Connect, proxy: FaultProxy) -> None:
    db = (await connect(timeout=10.0)).get_database()
    ledger, wrong = Ledger("lone", longest=10.0), Wrong()
    for number in range(5):
        proxy.swallow()
        await wrong.ask(db, ledger, "c", number)
    assert not wrong.at
    ledger.check(ledger.acknowledged)
    assert len(ledger.acknowledged) == 5  # it only reads, and was asked again
