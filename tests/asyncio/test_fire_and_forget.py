"""Commands whose results nobody waits for."""

from __future__ import annotations

from multiplexer import CommandFlags, ErrorEvent
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.servers import Close, RealServer, ScriptedServer

from ._world import until
from .connecting import connect

FORGET = CommandFlags.FIRE_AND_FORGET


async def test_commands_take_effect_in_order(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    forget = db.with_options(flags=FORGET)
    for number in range(1000):
        assert await forget.rpush("list", number) is None
    assert await db.llen("list") == 1000
    assert await db.lrange("list", 0, -1) == [b"%d" % number for number in range(1000)]


async def test_they_arrive_without_another_call(mux: ConnectionMultiplexer, server: RealServer) -> None:
    await mux.get_database().with_options(flags=FORGET).set("key", b"x" * 100_000)
    await until(lambda: server.command("STRLEN", "key") == 100_000)
    await until(lambda: mux.get_counters()[0].total_outstanding == 0)


async def test_they_wait_in_the_backlog(own_server: RealServer) -> None:
    async with await connect(own_server) as mux:
        own_server.kill()
        await until(lambda: not mux.is_connected)
        forget = mux.get_database().with_options(flags=FORGET)
        for number in range(5):
            await forget.rpush("list", number)
        own_server.restart()
        await until(lambda: own_server.command("LLEN", "list") == 5)


async def test_what_became_of_them_is_told_as_events() -> None:
    with ScriptedServer() as server:
        server.on("INCR", Close())
        async with await connect(server, heartbeat_interval=0.05) as mux:
            told: list[ErrorEvent] = []
            mux.error_message += told.append
            forget = mux.get_database().with_options(flags=FORGET)
            await forget.incr("n")
            await until(lambda: len(told) == 1)
            assert told[0].command == "INCR"
            assert isinstance(told[0].error, RedisConnectionError)
            assert told[0].error.was_sent
            await until(lambda: mux.is_connected)
            server.stop_listening()
            server.close_connections()
            await until(lambda: not mux.is_connected)
            await forget.with_options(timeout=0.1).set("key", 1)
            await until(lambda: len(told) == 2)
            assert isinstance(told[1].error, RedisTimeoutError)
            assert not told[1].error.was_sent


async def test_closing_sends_what_is_under_way(server: RealServer) -> None:
    mux = await connect(server)
    forget = mux.get_database().with_options(flags=FORGET)
    for _ in range(500):
        await forget.incr("n")
    await mux.aclose()
    assert server.command("GET", "n") == b"500"
