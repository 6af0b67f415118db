# Generated from tests/asyncio/truth/test_endless.py by scripts/generate_blocking.py; change that file instead.
"""A reply that never ends: it costs its connection, no call its deadline, and what was written is counted."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.blocking._world import gather, until
from tests.blocking.truth.conftest import Connect
from tests.blocking.truth.test_deadlines import succeeds
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import Ledger

LONGEST = 0.2


def test_what_is_behind_a_reply_that_never_ends(connect: Connect, proxy: FaultProxy, server: RealServer) -> None:
    server.command("SETRANGE", "large", 10_000_000, "x")
    mux = connect(timeout=LONGEST)
    db = mux.get_database()
    ledger = Ledger("list", longest=LONGEST)
    calm = Ledger("calm")

    def write(caller: str, first: int) -> None:
        for number in range(first, first + 5):
            with ledger.call(caller, number) as token:
                db.rpush("list", token)

    def write_in_peace(caller: str, first: int) -> None:
        for number in range(first, first + 5):
            with calm.call(caller, number) as token:
                db.with_options(timeout=20).rpush("calm", token)

    def read() -> None:
        with pytest.raises((RedisTimeoutError, RedisConnectionError)):
            db.get("large")

    callers = [f"c{number}" for number in range(4)]
    gather(*[partial(write_in_peace, caller, 0) for caller in callers])
    proxy.limit(3, pause=0.05, direction="to_client")
    gather(read, *[partial(write, caller, 5) for caller in callers])
    until(lambda: proxy.connections > 1)
    proxy.restore()
    assert until(partial(succeeds, db))
    gather(*[partial(write_in_peace, caller, 10) for caller in callers])
    assert len(calm.acknowledged) == 40
    calm.check(server.command("LRANGE", "calm", 0, -1))
    assert ledger.unknown
    ledger.check(server.command("LRANGE", "list", 0, -1))
