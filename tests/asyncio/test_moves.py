"""Servers that are reached at another address from now on, and connections that are renewed: no command fails."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer import EndPoint, Gap
from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import (
    ConfigurationError,
    DataError,
    MultiplexerClosedError,
    ReadOnlyError,
    RedisConnectionError,
    RedisTimeoutError,
)
from multiplexer.retry import ConstantBackoff
from tests.servers import FaultProxy, RealServer

from ._world import Event, gather, sleep, spawn, until

#: Nothing here is to be lost, so nothing is tried again either, and no busy machine takes a slow reply for a lost one.
PATIENT: dict[str, Any] = {"timeout": 20.0, "connect_timeout": 10.0, "reconnect_backoff": ConstantBackoff(0.05)}


@pytest.fixture
def server(shared_servers: dict[str, RealServer]) -> RealServer:
    """A server with nothing in it."""
    found = next(iter(shared_servers.values()))
    found.command("FLUSHALL")
    return found


@pytest.fixture
def old(server: RealServer) -> Iterator[FaultProxy]:
    """One way to the server."""
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


@pytest.fixture
def new(server: RealServer) -> Iterator[FaultProxy]:
    """Another way to the same server."""
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


def at(proxy: FaultProxy) -> str:
    return f"{proxy.host}:{proxy.port}"


async def connect(proxy: FaultProxy, **changes: Any) -> ConnectionMultiplexer:
    return await ConnectionMultiplexer.connect(at(proxy), **{**PATIENT, **changes})


async def count_up(db: Database[bytes], key: str, ended: Event) -> int:
    """Count up one by one until told, seeing each number once; return the last."""
    last = 0
    while not ended.is_set():
        number = await db.incr(key)
        assert number == last + 1, f"{key} went from {last} to {number}"
        last = number
    return last


@pytest.mark.parametrize(
    "options",
    [{}, {"protocol": 2}, {"connections_per_endpoint": 3}, {"high_integrity": True}, {"auto_pipeline": False}],
    ids=["default", "resp2", "stripes", "integrity", "single"],
)
async def test_no_command_fails_while_a_server_moves(
    server: RealServer, old: FaultProxy, new: FaultProxy, options: dict[str, Any]
) -> None:
    async with await connect(old, **options) as mux:
        db, ended = mux.get_database(), Event()
        counting = [spawn(partial(count_up, db, f"count:{number}", ended)) for number in range(8)]
        for _ in range(5):
            await mux.move(at(old), to=at(new))
            await until(lambda: not old.links)
            await mux.move(at(old), to=at(old))
            await until(lambda: not new.links)
        ended.set()
        counts = [await task.result() for task in counting]
        assert [int(server.command("GET", f"count:{number}")) for number in range(8)] == counts
        counters = mux.get_counters()[0].interactive
        assert (counters.failed, counters.lost, counters.retried) == (0, 0, 0)


async def test_it_is_reached_there_from_then_on(old: FaultProxy, new: FaultProxy) -> None:
    async with await connect(old) as mux:
        failures: list[Any] = []
        mux.connection_failed += failures.append
        await mux.move(EndPoint.parse(at(old)), EndPoint.parse(at(new)))
        await until(lambda: not old.links)
        [server] = mux.get_status()["servers"]
        assert (server["endpoint"], server["interactive"]["address"]) == (at(old), at(new))
        assert await mux.get_server(at(old)).ping()
        assert not failures
        old.refuse()
        new.reset()
        assert await mux.get_database().get("after a loss") is None
        assert len(new.links) == 1


async def test_one_that_is_away_is_looked_for_there(old: FaultProxy, new: FaultProxy) -> None:
    old.refuse()
    async with await connect(old, reconnect_backoff=ConstantBackoff(0.05)) as mux:
        assert not mux.is_connected
        await mux.move(at(old), to=at(new))
        assert await mux.get_database().set("found", "there")


async def test_leased_connections_follow(old: FaultProxy, new: FaultProxy) -> None:
    async with await connect(old) as mux:
        db = mux.get_database()
        popping = spawn(db.blpop, "queue", 0)
        await until(lambda: mux.get_counters()[0].leased.sent_items_awaiting_response == 1)
        await mux.move(at(old), to=at(new))
        await until(lambda: len(old.links) == 1)  # who blocks there still does
        await db.rpush("queue", "first", "second")
        assert await popping.result() == (b"queue", b"first")
        assert await db.blpop("queue", 1) == (b"queue", b"second")
        await until(lambda: not old.links)
        assert len(new.links) == 2


async def test_subscriptions_follow_and_are_told_of_a_gap(server: RealServer, old: FaultProxy, new: FaultProxy) -> None:
    async with await connect(old) as mux:
        subscription = await mux.get_subscriber().subscribe("news", gaps=True)
        server.command("PUBLISH", "news", "before")
        assert (await subscription.get(5.0)).data == b"before"
        await mux.move(at(old), to=at(new))
        assert isinstance(await subscription.get(5.0), Gap)
        await until(lambda: server.command("PUBLISH", "news", "after"))
        assert (await subscription.get(5.0)).data == b"after"
        await until(lambda: not old.links)


async def test_what_was_kept_counts_no_longer(server: RealServer, old: FaultProxy, new: FaultProxy) -> None:
    async with await connect(old, protocol=3) as mux:
        cached = mux.get_database(cached=True)
        server.command("SET", "kept", "1")
        assert [await cached.get("kept") for _ in range(3)] == [b"1"] * 3
        await mux.move(at(old), to=at(new))
        server.command("SET", "kept", "2")
        await until(partial(_reads, cached, b"2"))
        await until(lambda: mux.client_cache.statistics().entries == 1)  # and is kept again
        server.command("SET", "kept", "3")
        await until(partial(_reads, cached, b"3"))


async def _reads(cached: Any, wanted: bytes) -> bool:
    return bool(await cached.get("kept") == wanted)


class TestWhereThatCannotBe:
    async def test_nobody_is_there(self, old: FaultProxy, new: FaultProxy) -> None:
        new.refuse()
        async with await connect(old) as mux:
            with pytest.raises(RedisConnectionError, match=r"cannot be reached: .* refused"):
                await mux.move(at(old), to=at(new))
            assert await mux.get_database().set("key", "value")
            assert mux.get_status()["servers"][0]["interactive"]["address"] == at(old)
            assert mux.get_counters()[0].interactive.socket_count <= 2
            assert len(old.links) == 1

    async def test_who_is_there_says_nothing(self, old: FaultProxy, new: FaultProxy) -> None:
        new.black_hole()
        async with await connect(old, connect_timeout=0.3) as mux:
            with pytest.raises(RedisTimeoutError):
                await mux.move(at(old), to=at(new))
            assert await mux.get_database().set("key", "value")

    async def test_a_replica_is_there(self, old: FaultProxy, own_server: RealServer) -> None:
        own_server.command("REPLICAOF", "127.0.0.1", "1")
        async with await connect(old) as mux:
            with pytest.raises(ReadOnlyError, match="is a replica"):
                await mux.move(at(old), to=f"{own_server.host}:{own_server.port}")
            assert await mux.get_database().set("key", "value")

    async def test_a_connection_that_is_never_idle_is_not_cut(self, old: FaultProxy, new: FaultProxy) -> None:
        async with await connect(old) as mux:
            db = mux.get_database().with_options(timeout=20)
            old.black_hole("to_client")
            waiting = spawn(db.set, "key", "value")
            await until(lambda: mux.get_counters()[0].interactive.sent_items_awaiting_response == 1)
            with pytest.raises(RedisTimeoutError, match="did not answer"):
                await mux.move(at(old), to=at(new), timeout=0.2)
            after = spawn(db.get, "key")  # it is sent again, behind the other
            await until(lambda: mux.get_counters()[0].interactive.sent_items_awaiting_response == 2)
            old.restore()
            assert await waiting.result()
            assert await after.result() == b"value"
            await mux.move(at(old), to=at(new))

    async def test_the_old_one_is_lost_meanwhile(self, old: FaultProxy, new: FaultProxy) -> None:
        async with await connect(old) as mux:
            db = mux.get_database().with_options(timeout=20)
            new.black_hole()
            moving = spawn(partial(mux.move, at(old), to=at(new)))
            await until(lambda: new.links)
            old.reset()
            assert await gather(*[partial(db.get, "key")] * 3) == [None] * 3  # nobody waits for who says nothing
            new.restore()
            await moving.result()
            assert await db.set("key", "value")
            await until(lambda: not old.links)

    async def test_it_is_closed_meanwhile(self, old: FaultProxy, new: FaultProxy) -> None:
        new.black_hole()
        async with await connect(old) as mux:
            moving = spawn(partial(mux.move, at(old), to=at(new)))
            await until(lambda: new.links)
        with pytest.raises(MultiplexerClosedError):
            await moving.result()
        new.restore()
        await until(lambda: not new.links and not old.links)

    async def test_bad_arguments_are_named(self, old: FaultProxy) -> None:
        async with await connect(old) as mux:
            with pytest.raises(DataError, match=r"move: nowhere:1 is not a server"):
                await mux.move("nowhere:1")
            with pytest.raises(DataError, match=r"^to: "):
                await mux.move(at(old), to="a b")
            with pytest.raises(DataError, match=r"^to must be an address"):
                await mux.move(at(old), to=7)  # type: ignore[arg-type]  # what types forbid, and who has none may do
            with pytest.raises(DataError, match=r"^timeout must be"):
                await mux.move(at(old), timeout=-1)


class TestLifetimes:
    async def test_what_has_lasted_long_enough_is_renewed(self, server: RealServer, old: FaultProxy) -> None:
        async with await connect(old, max_connection_lifetime=0.2, heartbeat_interval=0.02) as mux:
            db, ended = mux.get_database(), Event()
            clients = set()
            counting = spawn(partial(count_up, db, "count", ended))
            while len(clients) < 4:
                clients.add(mux.get_status()["servers"][0]["interactive"]["client_id"])
                await sleep(0.01)
            ended.set()
            last = await counting.result()
            assert int(server.command("GET", "count")) == last
            counters = mux.get_counters()[0].interactive
            assert (counters.failed, counters.lost, counters.retried) == (0, 0, 0)
            await until(lambda: len(old.links) == 1)

    async def test_it_may_be_changed_while_running(self, old: FaultProxy) -> None:
        async with await connect(old, heartbeat_interval=0.02) as mux:
            first = mux.get_status()["servers"][0]["interactive"]["client_id"]
            await sleep(0.1)
            assert mux.get_status()["servers"][0]["interactive"]["client_id"] == first
            mux.reconfigure(max_connection_lifetime=0.1)
            await until(lambda: mux.get_status()["servers"][0]["interactive"]["client_id"] not in (None, first))

    async def test_it_cannot_be_negative(self) -> None:
        with pytest.raises(ConfigurationError, match="maxConnectionLifetime"):
            await ConnectionMultiplexer.connect("127.0.0.1:1,maxConnectionLifetime=-1")
