# Generated from tests/asyncio/test_large_values.py by scripts/generate_blocking.py; change that file instead.
"""Large values: sent and received whole, beside everything else, bounded in time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from tests.conftest import Target
from tests.servers import FaultProxy, Hold, RealServer, ScriptedServer

from ._world import gather, spawn, until
from .connecting import connect

MIB = 1024 * 1024


@pytest.fixture
def mux(server: RealServer, target: Target) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer that sends large values over the shared connection as well."""
    with connect(server, protocol=target.protocol, lease_above=0) as mux:
        yield mux


@pytest.mark.parametrize("size", [16_383, 16_384, 65_536, 131_072, 262_144, 262_145, MIB - 1, 4 * MIB, 32 * MIB])
def test_sizes_around_the_bounds_of_buffers(db: Database[bytes], size: int) -> None:
    value = (b"0123456789abcdef\r\n" * (size // 18 + 1))[:size]
    assert db.set("key", value)
    assert db.get("key") == value
    assert db.strlen("key") == size


def test_text_values(db_str: Database[str]) -> None:
    value = "größe" * 50_000
    db_str.set("key", value)
    assert db_str.get("key") == value


def test_large_and_small_side_by_side(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database().with_options(timeout=30)

    def work(index: int) -> bool:
        size = (20, 20_000, 700_000, 3_000_000)[index % 4] + index
        value = bytes([index]) * size
        for _ in range(4):
            db.set(f"key-{index}", value)
            if db.get(f"key-{index}") != value:
                return False
        return True

    assert gather(*[partial(work, index) for index in range(24)]) == [True] * 24
    assert mux.get_counters()[0].interactive.socket_count == 1


def test_several_large_arguments_in_one_command(db: Database[bytes]) -> None:
    values = {f"key-{index}": bytes([index]) * (100_000 * index + 1) for index in range(12)}
    db.mset(values)
    assert db.mget(list(values)) == list(values.values())
    db.hset("hash", mapping=values)
    assert db.hgetall("hash") == {key.encode(): value for key, value in values.items()}


def test_both_sides_may_be_full_at_the_same_time(server: RealServer) -> None:
    # Replies must be read while requests are written, or client and server wait for each other for ever.
    with connect(server, timeout=30, lease_above=0) as mux:
        db = mux.get_database()
        value = b"x" * (8 * MIB)
        db.set("key", value)
        calls = [partial(db.execute, "ECHO", value)] * 6 + [partial(db.get, "key")] * 6
        assert all(result == value for result in gather(*calls))


def test_a_large_value_in_pieces(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, timeout=30) as mux:
            proxy.limit(50_001, pause=0.0005)
            db = mux.get_database()
            value = b"|\r\n" * 700_000
            db.set("key", value)
            assert db.get("key") == value


def test_many_elements_in_one_reply(db: Database[bytes]) -> None:
    db.rpush("list", *range(100_000))
    assert db.lrange("list", 0, -1) == [b"%d" % number for number in range(100_000)]


@pytest.mark.parametrize("auto_pipeline", [True, False])
def test_many_large_values_queued_at_once(auto_pipeline: bool) -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("GET", Hold(held))
        with connect(server, auto_pipeline=auto_pipeline, timeout=30) as mux:
            db = mux.get_database()
            first = spawn(db.get, "key")
            until(lambda: server.commands("GET"))
            batch = db.batch()
            for index in range(300):
                batch.set(f"key-{index}", b"x" * 20_000)
            calls = [spawn(db.set, f"own-{index}", b"y" * 20_000) for index in range(30)]
            whole = spawn(batch.execute)
            held.set()
            assert whole.result() == [True] * 300
            assert [call.result() for call in calls] == [True] * 30
            assert first.result() is None


def test_without_automatic_pipelining_each_command_is_a_write_of_its_own(server: RealServer) -> None:
    with connect(server, auto_pipeline=False) as mux:
        db = mux.get_database()
        assert sorted(gather(*[partial(db.incr, "n")] * 200)) == list(range(1, 201))
        counters = mux.get_counters()[0].interactive
        assert counters.largest_batch <= 1
        assert counters.flushes >= 200


def test_a_flush_delay_collects_commands(server: RealServer) -> None:
    with connect(server, max_flush_delay=0.1) as mux:
        db = mux.get_database()
        rounds = 0
        # Threads on a busy machine may start so slowly that each finds itself alone, and a lone caller does not wait.
        while rounds < 3 or (mux.get_counters()[0].interactive.largest_batch <= 5 and rounds < 30):
            assert sorted(gather(*[partial(db.incr, "n")] * 50))
            rounds += 1
        assert db.get("n") == b"%d" % (50 * rounds)
        counters = mux.get_counters()[0].interactive
        assert counters.largest_batch > 5
        assert counters.flushes < counters.operation_count
