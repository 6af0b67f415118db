# Generated from tests/asyncio/test_fire_and_forget.py by scripts/generate_blocking.py; change that file instead.
"""Commands whose results nobody waits for."""

from __future__ import annotations

from multiplexer import CommandFlags, ErrorEvent
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.servers import Close, RealServer, ScriptedServer

from ._world import until
from .connecting import connect

FORGET = CommandFlags.FIRE_AND_FORGET


def test_commands_take_effect_in_order(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    forget = db.with_options(flags=FORGET)
    for number in range(1000):
        assert forget.rpush("list", number) is None
    assert db.llen("list") == 1000
    assert db.lrange("list", 0, -1) == [b"%d" % number for number in range(1000)]


def test_they_arrive_without_another_call(mux: ConnectionMultiplexer, server: RealServer) -> None:
    mux.get_database().with_options(flags=FORGET).set("key", b"x" * 100_000)
    until(lambda: server.command("STRLEN", "key") == 100_000)
    until(lambda: mux.get_counters()[0].total_outstanding == 0)


def test_they_wait_in_the_backlog(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        own_server.kill()
        until(lambda: not mux.is_connected)
        forget = mux.get_database().with_options(flags=FORGET)
        for number in range(5):
            forget.rpush("list", number)
        own_server.restart()
        until(lambda: own_server.command("LLEN", "list") == 5)


def test_what_became_of_them_is_told_as_events() -> None:
    with ScriptedServer() as server:
        server.on("INCR", Close())
        with connect(server, heartbeat_interval=0.05) as mux:
            told: list[ErrorEvent] = []
            mux.error_message += told.append
            forget = mux.get_database().with_options(flags=FORGET)
            forget.incr("n")
            until(lambda: len(told) == 1)
            assert told[0].command == "INCR"
            assert isinstance(told[0].error, RedisConnectionError)
            assert told[0].error.was_sent
            until(lambda: mux.is_connected)
            server.stop_listening()
            server.close_connections()
            until(lambda: not mux.is_connected)
            forget.with_options(timeout=0.1).set("key", 1)
            until(lambda: len(told) == 2)
            assert isinstance(told[1].error, RedisTimeoutError)
            assert not told[1].error.was_sent


def test_closing_sends_what_is_under_way(server: RealServer) -> None:
    mux = connect(server)
    forget = mux.get_database().with_options(flags=FORGET)
    for _ in range(500):
        forget.incr("n")
    mux.close()
    assert server.command("GET", "n") == b"500"
