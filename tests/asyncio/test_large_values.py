"""Large values: sent and received whole, beside everything else, bounded in time."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from functools import partial

import pytest
import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer, Database
from tests.conftest import Target
from tests.servers import FaultProxy, Hold, RealServer, ScriptedServer

from ._world import gather, spawn, until
from .connecting import connect

MIB = 1024 * 1024


@pytest_asyncio.fixture
async def mux(server: RealServer, target: Target) -> AsyncIterator[ConnectionMultiplexer]:
    """A multiplexer that sends large values over the shared connection as well."""
    async with await connect(server, protocol=target.protocol, lease_above=0) as mux:
        yield mux


@pytest.mark.parametrize("size", [16_383, 16_384, 65_536, 131_072, 262_144, 262_145, MIB - 1, 4 * MIB, 32 * MIB])
async def test_sizes_around_the_bounds_of_buffers(db: Database[bytes], size: int) -> None:
    value = (b"0123456789abcdef\r\n" * (size // 18 + 1))[:size]
    assert await db.set("key", value)
    assert await db.get("key") == value
    assert await db.strlen("key") == size


async def test_text_values(db_str: Database[str]) -> None:
    value = "größe" * 50_000
    await db_str.set("key", value)
    assert await db_str.get("key") == value


async def test_large_and_small_side_by_side(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database().with_options(timeout=30)

    async def work(index: int) -> bool:
        size = (20, 20_000, 700_000, 3_000_000)[index % 4] + index
        value = bytes([index]) * size
        for _ in range(4):
            await db.set(f"key-{index}", value)
            if await db.get(f"key-{index}") != value:
                return False
        return True

    assert await gather(*[partial(work, index) for index in range(24)]) == [True] * 24
    assert mux.get_counters()[0].interactive.socket_count == 1


async def test_several_large_arguments_in_one_command(db: Database[bytes]) -> None:
    values = {f"key-{index}": bytes([index]) * (100_000 * index + 1) for index in range(12)}
    await db.mset(values)
    assert await db.mget(list(values)) == list(values.values())
    await db.hset("hash", mapping=values)
    assert await db.hgetall("hash") == {key.encode(): value for key, value in values.items()}


async def test_both_sides_may_be_full_at_the_same_time(server: RealServer) -> None:
    # Replies must be read while requests are written, or client and server wait for each other for ever.
    async with await connect(server, timeout=30, lease_above=0) as mux:
        db = mux.get_database()
        value = b"x" * (8 * MIB)
        await db.set("key", value)
        calls = [partial(db.execute, "ECHO", value)] * 6 + [partial(db.get, "key")] * 6
        assert all(result == value for result in await gather(*calls))


async def test_a_large_value_in_pieces(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, timeout=30) as mux:
            proxy.limit(50_001, pause=0.0005)
            db = mux.get_database()
            value = b"|\r\n" * 700_000
            await db.set("key", value)
            assert await db.get("key") == value


async def test_many_elements_in_one_reply(db: Database[bytes]) -> None:
    await db.rpush("list", *range(100_000))
    assert await db.lrange("list", 0, -1) == [b"%d" % number for number in range(100_000)]


@pytest.mark.parametrize("auto_pipeline", [True, False])
async def test_many_large_values_queued_at_once(auto_pipeline: bool) -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("GET", Hold(held))
        async with await connect(server, auto_pipeline=auto_pipeline, timeout=30) as mux:
            db = mux.get_database()
            first = spawn(db.get, "key")
            await until(lambda: server.commands("GET"))
            batch = db.batch()
            for index in range(300):
                batch.set(f"key-{index}", b"x" * 20_000)
            calls = [spawn(db.set, f"own-{index}", b"y" * 20_000) for index in range(30)]
            whole = spawn(batch.execute)
            held.set()
            assert await whole.result() == [True] * 300
            assert [await call.result() for call in calls] == [True] * 30
            assert await first.result() is None


async def test_without_automatic_pipelining_each_command_is_a_write_of_its_own(server: RealServer) -> None:
    async with await connect(server, auto_pipeline=False) as mux:
        db = mux.get_database()
        assert sorted(await gather(*[partial(db.incr, "n")] * 200)) == list(range(1, 201))
        counters = mux.get_counters()[0].interactive
        assert counters.largest_batch <= 1
        assert counters.flushes >= 200


async def test_a_flush_delay_collects_commands(server: RealServer) -> None:
    async with await connect(server, max_flush_delay=0.1) as mux:
        db = mux.get_database()
        rounds = 0
        # Threads on a busy machine may start so slowly that each finds itself alone, and a lone caller does not wait.
        while rounds < 3 or (mux.get_counters()[0].interactive.largest_batch <= 5 and rounds < 30):
            assert sorted(await gather(*[partial(db.incr, "n")] * 50))
            rounds += 1
        assert await db.get("n") == b"%d" % (50 * rounds)
        counters = mux.get_counters()[0].interactive
        assert counters.largest_batch > 5
        assert counters.flushes < counters.operation_count
