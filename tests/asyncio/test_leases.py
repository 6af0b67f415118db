"""Commands that get a connection of their own: what blocks, and what is large."""

from __future__ import annotations

from functools import partial
from time import monotonic

import pytest

from multiplexer import CommandFlags
from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import (
    CommandDisabledError,
    MultiplexerClosedError,
    RedisConnectionError,
    RedisTimeoutError,
    ResponseError,
    WrongTypeError,
)
from tests.servers import FaultProxy, RealServer

from ._world import spawn, until
from .connecting import connect

BLOCKED = 100


def blocked(server: RealServer) -> int:
    """Return how many clients wait for a list, stream or sorted set."""
    return int(server.command("INFO", "clients").decode().split("blocked_clients:")[1].split()[0])


def lent(mux: ConnectionMultiplexer) -> int:
    """Return how many commands are under way on connections of their own."""
    return sum(counters.leased.sent_items_awaiting_response for counters in mux.get_counters())


async def test_a_hundred_blocked_callers_do_not_hold_up_the_shared_connection(
    mux: ConnectionMultiplexer, server: RealServer
) -> None:
    db = mux.get_database()
    waiting = [spawn(db.blpop, ["queue"], 0) for _ in range(BLOCKED)]
    await until(lambda: blocked(server) == BLOCKED)
    (shared,) = [client for client in server.clients() if int(client["id"]) == _shared_id(mux)]
    assert "b" not in shared["flags"]
    began = monotonic()
    for index in range(200):
        await db.set(f"key-{index % 7}", index)
        assert await db.get(f"key-{index % 7}") == b"%d" % index
    assert monotonic() - began < 3
    assert lent(mux) == BLOCKED
    for index in range(BLOCKED):
        await db.rpush("queue", index)
    popped = [await task.result() for task in waiting]
    assert sorted(int(value) for _, value in popped) == list(range(BLOCKED))  # each once, none lost
    assert lent(mux) == 0
    assert mux.get_counters()[0].interactive.socket_count == 1


def _shared_id(mux: ConnectionMultiplexer) -> int:
    (server,) = mux.get_status()["servers"]
    return int(server["interactive"]["client_id"])


async def test_connections_are_used_again(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    for index in range(20):
        await db.rpush("queue", index)
        assert await db.blpop(["queue"], 1) == (b"queue", b"%d" % index)
    assert mux.get_counters()[0].leased.socket_count == 1


async def test_the_time_it_blocks_comes_on_top_of_the_timeout(server: RealServer) -> None:
    async with await connect(server, timeout=1.0) as mux:
        db = mux.get_database()
        began = monotonic()
        assert await db.blpop(["nothing"], 1.2) is None  # the server's own answer, and no timeout of ours
        assert 1.1 < monotonic() - began < 5


async def test_execute_takes_the_same_way(db: Database[bytes], server: RealServer) -> None:
    task = spawn(db.execute, "XREAD", "BLOCK", 0, "STREAMS", "stream", "$")
    await until(lambda: blocked(server) == 1)
    await db.xadd("stream", {"field": "value"})
    assert await task.result()
    # Without BLOCK it is a command like any other.
    assert not await db.execute("XREAD", "STREAMS", "nothing", "0")


async def test_views_hold_on_connections_of_their_own(mux: ConnectionMultiplexer, server: RealServer) -> None:
    view = mux.get_database(3, decode=True).with_options(key_prefix="app:")
    await view.rpush("queue", "größe")
    assert await view.execute("BLPOP", "queue", 1) == ["queue", "größe"]
    await view.rpush("queue", "one")
    assert await view.blpop(["queue"], 1) == ("queue", "one")
    server.command("SELECT", 3)
    try:
        assert server.command("EXISTS", "app:queue") == 0
    finally:
        server.command("SELECT", 0)


async def test_server_errors_arrive_as_such(db: Database[bytes]) -> None:
    await db.set("key", "value")
    with pytest.raises(WrongTypeError) as caught:
        await db.blpop(["key"], 1)
    assert (caught.value.command, caught.value.phase) == ("BLPOP", "answered")
    with pytest.raises(ResponseError):
        await db.execute("BLPOP", "key", "soon")
    await db.delete("key")
    await db.rpush("key", "value")
    assert await db.blpop(["key"], 1) == (b"key", b"value")


async def test_a_batch_refuses_what_blocks(db: Database[bytes]) -> None:
    with pytest.raises(CommandDisabledError, match="BLPOP"):
        await db.batch().blpop(["key"], 1)


async def test_large_values_travel_on_connections_of_their_own(server: RealServer) -> None:
    async with await connect(server, lease_above=100_000) as mux:
        db = mux.get_database()
        value = bytes(range(256)) * 1000
        assert await db.set("large", value)
        assert await db.get("large") == value
        assert await db.set("small", value[:50_000])
        counters = mux.get_counters()[0]
        assert counters.leased.operation_count == 1
        assert counters.leased.bytes_sent > len(value)
        # What nobody waits for has no caller to lend a connection to.
        await db.with_options(flags=CommandFlags.FIRE_AND_FORGET).set("forgotten", value)
        await until(partial(db.exists, "forgotten"))
        assert mux.get_counters()[0].leased.operation_count == 1
        results = await db.pipeline().set("batch", value).get("batch").execute()
        assert results[1] == value


async def test_waits_for_a_server_that_is_away(own_server: RealServer) -> None:
    async with await connect(own_server, timeout=20) as mux:
        db = mux.get_database()
        await db.ping()
        own_server.kill()
        task = spawn(db.brpop, ["queue"], 0)
        await until(lambda: not mux.is_connected)
        own_server.restart()
        await until(lambda: blocked(own_server) == 1, timeout=15)
        await db.lpush("queue", "value")
        assert await task.result() == (b"queue", b"value")


async def test_a_server_that_stays_away(own_server: RealServer) -> None:
    async with await connect(own_server, timeout=0.3) as mux:
        db = mux.get_database()
        await db.with_options(timeout=10).ping()
        own_server.kill()
        with pytest.raises(RedisTimeoutError, match="was not sent") as caught:
            await db.blpop(["queue"], 0)
        assert caught.value.was_sent is False


async def test_fails_fast_where_it_shall(own_server: RealServer) -> None:
    async with await connect(own_server, backlog_policy="failFast") as mux:
        db = mux.get_database()
        await db.ping()
        own_server.kill()
        await until(lambda: not mux.is_connected)
        with pytest.raises(RedisConnectionError) as caught:
            await db.blpop(["queue"], 0)
        assert caught.value.was_sent is False


async def test_a_server_that_is_killed_under_blocked_callers(own_server: RealServer) -> None:
    async with await connect(own_server) as mux:
        db = mux.get_database()
        tasks = [spawn(db.blpop, ["queue"], 0) for _ in range(20)]
        await until(lambda: blocked(own_server) == 20)
        own_server.kill()
        await until(lambda: not mux.is_connected)
        for task in tasks:
            with pytest.raises(RedisConnectionError, match="may have been applied") as caught:
                await task.result()
            assert caught.value.phase == "written"
        own_server.restart()
        await db.rpush("queue", "value")
        assert await db.blpop(["queue"], 5) == (b"queue", b"value")


async def test_a_silent_server(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, timeout=0.3) as mux:
            db = mux.get_database()
            patient = db.with_options(timeout=10)
            await patient.rpush("queue", "value")
            assert await patient.blpop(["queue"], 1) == (b"queue", b"value")
            proxy.black_hole()
            began = monotonic()
            with pytest.raises(RedisTimeoutError, match="connection of its own"):
                await db.blpop(["queue"], 0.2)
            assert 0.4 < monotonic() - began < 3
            proxy.restore()
            await patient.rpush("another", "value")  # the first queue's may go to the call that was given up
            assert await patient.blpop(["another"], 5) == (b"another", b"value")


async def test_no_more_connections_than_allowed(server: RealServer) -> None:
    async with await connect(server, max_leases=2, timeout=0.3) as mux:
        db = mux.get_database().with_options(timeout=10)
        tasks = [spawn(db.blpop, ["queue"], 0) for _ in range(2)]
        await until(lambda: blocked(server) == 2)
        with pytest.raises(RedisTimeoutError, match=r"was not sent.*all 2 are in use"):
            await mux.get_database().blpop(["other"], 1)
        waiting = spawn(db.blpop, ["queue"], 0)
        await db.rpush("queue", 1, 2, 3)
        results = [await task.result() for task in (*tasks, waiting)]
        assert sorted(value for _, value in results) == [b"1", b"2", b"3"]
        assert mux.get_counters()[0].leased.socket_count == 2


async def test_closing_ends_what_blocks(server: RealServer) -> None:
    mux = await connect(server)
    db = mux.get_database()
    tasks = [spawn(db.blpop, ["queue"], 0) for _ in range(5)]
    await until(lambda: blocked(server) == 5)
    began = monotonic()
    await mux.aclose()
    assert monotonic() - began < 3
    for task in tasks:
        with pytest.raises(MultiplexerClosedError):
            await task.result()
    with pytest.raises(MultiplexerClosedError):
        await db.blpop(["queue"], 0)
    await until(lambda: blocked(server) == 0)


async def test_closing_lets_large_values_arrive(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        mux = await connect(proxy, lease_above=100_000)
        db = mux.get_database()
        await db.set("key", b"x" * 200_000)
        proxy.delay(0.2, direction="to_client")
        task = spawn(db.set, "key", b"y" * 200_000)
        await until(lambda: lent(mux) == 1)
        await mux.aclose()
        assert await task.result() is True


if True:  # ASYNC

    async def test_a_cancelled_call_gives_its_connection_up(server: RealServer) -> None:
        import asyncio

        async with await connect(server) as mux:
            db = mux.get_database()
            for _ in range(5):
                task = asyncio.ensure_future(db.blpop(["queue"], 0))
                await until(lambda: blocked(server) == 1)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await until(lambda: blocked(server) == 0)
            await db.rpush("queue", "value")
            assert await db.lrange("queue", 0, -1) == [b"value"]  # nobody who has left took it
            assert mux.get_counters()[0].leased.sent_items_awaiting_response == 0
