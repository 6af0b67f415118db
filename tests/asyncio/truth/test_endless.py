"""A reply that never ends: it costs its connection, no call its deadline, and what was written is counted."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.asyncio._world import gather, until
from tests.asyncio.truth.conftest import Connect
from tests.asyncio.truth.test_deadlines import succeeds
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import Ledger

LONGEST = 0.2


async def test_what_is_behind_a_reply_that_never_ends(connect: Connect, proxy: FaultProxy, server: RealServer) -> None:
    server.command("SETRANGE", "large", 10_000_000, "x")
    mux = await connect(timeout=LONGEST)
    db = mux.get_database()
    ledger = Ledger("list", longest=LONGEST)
    calm = Ledger("calm")

    async def write(caller: str, first: int) -> None:
        for number in range(first, first + 5):
            with ledger.call(caller, number) as token:
                await db.rpush("list", token)

    async def write_in_peace(caller: str, first: int) -> None:
        for number in range(first, first + 5):
            with calm.call(caller, number) as token:
                await db.with_options(timeout=20).rpush("calm", token)

    async def read() -> None:
        with pytest.raises((RedisTimeoutError, RedisConnectionError)):
            await db.get("large")

    callers = [f"c{number}" for number in range(4)]
    await gather(*[partial(write_in_peace, caller, 0) for caller in callers])
    proxy.limit(3, pause=0.05, direction="to_client")
    await gather(read, *[partial(write, caller, 5) for caller in callers])
    await until(lambda: proxy.connections > 1)
    proxy.restore()
    assert await until(partial(succeeds, db))
    await gather(*[partial(write_in_peace, caller, 10) for caller in callers])
    assert len(calm.acknowledged) == 40
    calm.check(server.command("LRANGE", "calm", 0, -1))
    assert ledger.unknown
    ledger.check(server.command("LRANGE", "list", 0, -1))
