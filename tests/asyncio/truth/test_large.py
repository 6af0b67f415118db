"""Large values and small ones, in pieces, both ways at once."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from tests.asyncio._world import WORLD, gather
from tests.asyncio.truth.conftest import QUICK, Connect
from tests.servers import FaultProxy, RealServer, ScriptedServer
from tests.truth.ledger import Ledger

MIB = 1024 * 1024


def value_of(caller: int, size: int) -> bytes:
    """Make a value that no other caller has."""
    return (b"%08d" % caller) * (size // 8)


@pytest.mark.parametrize("piece", [None, 10_007], ids=["whole", "pieces"])
async def test_large_and_small_values_share_the_connection(
    connect: Connect, proxy: FaultProxy, piece: int | None
) -> None:
    db = (await connect(timeout=20.0, lease_above=0)).get_database()
    proxy.limit(piece)

    async def large(caller: int) -> None:
        value = value_of(caller, 4 * MIB)
        for _ in range(2):
            assert await db.set(f"large-{caller}", value) is True
            assert await db.get(f"large-{caller}") == value

    async def medium(caller: int) -> None:
        for number in range(10):
            value = value_of(caller, 8192 * (number + 1))
            assert await db.set(f"medium-{caller}", value) is True
            assert await db.get(f"medium-{caller}") == value

    async def small(caller: int) -> None:
        for number in range(50):
            assert await db.echo(f"{caller}/{number}") == f"{caller}/{number}".encode()

    await gather(
        *[partial(large, n) for n in range(3)],
        *[partial(medium, n) for n in range(4)],
        *[partial(small, n) for n in range(8)],
        timeout=40,
    )


async def test_both_directions_may_be_full_at_once(connect: Connect, server: RealServer) -> None:
    """The server takes no more requests before its replies are read, and these come while requests are written."""
    db = (await connect(timeout=30.0, lease_above=0)).get_database()
    value = value_of(7, MIB)

    async def ask(caller: int) -> None:
        assert await db.echo(value_of(caller, 4 * MIB)) == value_of(caller, 4 * MIB)

    async def in_a_batch() -> None:
        unit = db.batch()
        for _ in range(24):
            unit.echo(value)
        assert await unit.execute() == [value] * 24

    await gather(*[partial(ask, n) for n in range(6)], in_a_batch, timeout=40)


async def test_a_lone_caller_reads_while_it_writes() -> None:
    """The server reads nothing before its last reply is taken; nobody else is there to take it, and no heartbeat."""
    value = value_of(7, MIB)
    with ScriptedServer() as server:
        server.on("ECHO", lambda connection, args: args[-1])
        options = {**QUICK, "timeout": 20.0, "heartbeat_interval": 40.0}
        async with await ConnectionMultiplexer.connect(f"{server.host}:{server.port}", **options) as mux:
            unit = mux.get_database().batch()
            for _ in range(24):
                unit.echo(value)
            assert await unit.execute() == [value] * 24


async def test_many_small_requests_with_large_replies(connect: Connect, server: RealServer, proxy: FaultProxy) -> None:
    db = (await connect(timeout=30.0, lease_above=0)).get_database()
    server.command("SET", "large", value_of(1, MIB))
    server.command("SET", "small", "s")

    async def ask(number: int) -> None:
        assert await db.get("large") == value_of(1, MIB)
        assert await db.get("small") == b"s"

    await gather(*[partial(ask, n) for n in range(40)], timeout=40)


@pytest.mark.parametrize("lease_above", [0, MIB], ids=["shared", "leased"])
async def test_a_large_request_cut_in_the_middle_is_not_applied(
    connect: Connect, proxy: FaultProxy, server: RealServer, lease_above: int
) -> None:
    # A heartbeat's question might take the fault.
    db = (await connect(lease_above=lease_above, heartbeat_interval=60.0)).get_database()
    await gather(*[partial(db.set, "made", value_of(9, 2 * MIB))] * 4)  # the connections there will be
    ledger = Ledger("large", 2.0)
    proxy.cut(after_bytes=MIB, direction="to_server")

    async def store(number: int) -> None:
        with ledger.call(f"c{number}", 0):
            await db.set(f"k{number}", value_of(number, 2 * MIB))

    await gather(*[partial(store, number) for number in range(4)])
    for number in range(4):
        stored = server.command("GET", f"k{number}")
        assert stored in (None, value_of(number, 2 * MIB))
    assert ledger.unknown
    applied = [b"c%d/0" % number for number in range(4) if server.command("EXISTS", f"k{number}")]
    ledger.check(applied)


async def test_a_large_reply_cut_in_the_middle_is_asked_for_again(calm: Database[bytes], proxy: FaultProxy) -> None:
    value = value_of(3, 2 * MIB)
    await calm.set("k", value)
    for after_bytes in (1, MIB, len(value)):
        proxy.cut(after_bytes=after_bytes)
        assert await gather(*[partial(calm.get, "k")] * 4) == [value] * 4


async def test_large_values_one_write_at_a_time(connect: Connect, server: RealServer) -> None:
    """Without pipelining, every command is a write of its own."""
    db = (await connect(timeout=20.0, auto_pipeline=False)).get_database()
    value = value_of(5, 20_000)
    calls = 1200 if WORLD == "asyncio" else 50

    async def store(number: int) -> None:
        assert await db.set(f"k{number}", value) is True

    await gather(*[partial(store, number) for number in range(calls)])
    assert server.command("DBSIZE") == calls


async def test_very_many_large_values_at_once(connect: Connect, server: RealServer) -> None:
    db = (await connect(timeout=20.0, auto_pipeline=False)).get_database()
    value = value_of(5, 20_000)
    unit = db.batch()
    for number in range(2000):
        unit.set(f"k{number}", value)
    assert await unit.execute() == [True] * 2000
