# Generated from tests/asyncio/test_backlog.py by scripts/generate_blocking.py; change that file instead.
"""What waits while a server is away: held, replayed in order, expired unsent, bounded."""

from __future__ import annotations

import threading
import time
from functools import partial

import pytest

from multiplexer import BacklogPolicy, CommandFlags
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.errors import BacklogFullError, RedisConnectionError, RedisTimeoutError
from tests.conftest import Target
from tests.servers import Close, Hold, RealServer, ScriptedServer

from ._world import WORLD, gather, sleep, spawn, until
from .connecting import connect


def _queued(mux: ConnectionMultiplexer) -> int:
    return mux.get_counters()[0].interactive.pending_unsent_items


def test_commands_wait_for_the_server_and_go_out_in_order(own_server: RealServer) -> None:
    with connect(own_server, timeout=10) as mux:
        db = mux.get_database()
        db.set("key", "before")
        own_server.kill()
        until(lambda: not mux.is_connected)
        calls = []
        for number in range(20):
            calls.append(spawn(db.rpush, "list", number))
            until(lambda wanted=number + 1: _queued(mux) == wanted)
        assert mux.get_counters()[0].total_outstanding == 20
        own_server.restart()
        assert [call.result() for call in calls] == list(range(1, 21))
        assert db.lrange("list", 0, -1) == [b"%d" % number for number in range(20)]
        assert _queued(mux) == 0


def test_what_expires_in_the_backlog_is_never_sent() -> None:
    with ScriptedServer() as server:
        with connect(server) as mux:
            db = mux.get_database()
            server.stop_listening()
            server.close_connections()
            until(lambda: not mux.is_connected)
            began = time.monotonic()
            with pytest.raises(
                RedisTimeoutError, match=r"was not sent: it waited in the backlog, disconnected"
            ) as caught:
                db.with_options(timeout=0.1).set("early", 1)
            assert 0.09 < time.monotonic() - began < 1
            assert (caught.value.phase, caught.value.was_sent, caught.value.command) == ("queued", False, "SET")
            assert _queued(mux) == 0
            late = spawn(db.set, "late", 1)
            until(lambda: _queued(mux) == 1)
            server.start_listening()
            assert late.result() is True
            assert server.commands("SET") == [(b"SET", b"late", b"1")]


def test_fail_fast(own_server: RealServer) -> None:
    with connect(own_server, backlog_policy=BacklogPolicy.FAIL_FAST) as mux:
        db = mux.get_database()
        db.set("key", 1)
        own_server.kill()
        until(lambda: not mux.is_connected)
        began = time.monotonic()
        with pytest.raises(RedisConnectionError, match=r"was not sent: .*FailFast") as caught:
            db.get("key")
        assert time.monotonic() - began < 0.5
        assert not caught.value.was_sent
        assert not isinstance(caught.value, BacklogFullError)
        own_server.restart()
        until(lambda: mux.is_connected)
        assert db.set("key", 2)


def test_fail_fast_does_not_retry_what_was_sent() -> None:
    with ScriptedServer() as server:
        server.on("GET", Close())
        with connect(server, backlog_policy=BacklogPolicy.FAIL_FAST) as mux:
            with pytest.raises(RedisConnectionError) as caught:
                mux.get_database().get("key")
            assert caught.value.was_sent


def test_fail_fast_before_the_first_connection() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        with connect(server, backlog_policy=BacklogPolicy.FAIL_FAST) as mux:
            with pytest.raises(RedisConnectionError, match="was not sent"):
                mux.get_database().get("key")


# -- bounds ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("connected", [True, False])
def test_at_the_bound_callers_wait_within_their_deadline(connected: bool) -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("INCR", Hold(held))
        with connect(server, max_pending=5) as mux:
            db = mux.get_database()
            if not connected:
                server.stop_listening()
                server.close_connections()
                until(lambda: not mux.is_connected)
            calls = [spawn(db.incr, "n") for _ in range(12)]
            counters = mux.get_counters()[0].interactive
            until(lambda: _parked(mux) == 7)
            assert counters.pending_unsent_items + counters.sent_items_awaiting_response == 5
            assert mux.get_counters()[0].total_outstanding == 12
            began = time.monotonic()
            with pytest.raises((BacklogFullError, RedisTimeoutError)) as caught:
                db.with_options(timeout=0.2).set("key", 1)
            assert 0.15 < time.monotonic() - began < 1
            assert not caught.value.was_sent
            held.set()
            if not connected:
                server.start_listening()
            assert sorted([call.result() for call in calls]) == list(range(1, 13))
            assert server.commands("SET") == []
            assert _parked(mux) == 0


def _parked(mux: ConnectionMultiplexer) -> int:
    return mux.get_counters()[0].interactive.responses_awaiting_async_completion


def test_the_bound_on_bytes() -> None:
    value = b"x" * 100_000
    with ScriptedServer() as server:
        held = threading.Event()
        server.stop_listening()
        with connect(server, max_pending_bytes=250_000) as mux:
            db = mux.get_database()
            calls = [spawn(db.set, f"key-{index}", value) for index in range(10)]
            until(lambda: _parked(mux) >= 6)
            until(lambda: _parked(mux) + _queued(mux) == 10)
            assert 2 <= _queued(mux) <= 4
            server.start_listening()
            assert [call.result() for call in calls] == [True] * 10
            assert held is not None


def test_one_command_larger_than_the_bound_passes() -> None:
    with ScriptedServer() as server:
        with connect(server, max_pending_bytes=1000) as mux:
            db = mux.get_database()
            value = b"x" * 100_000
            assert gather(*[partial(db.set, f"key-{index}", value) for index in range(5)]) == [True] * 5


def test_parked_callers_are_let_go_when_the_multiplexer_closes() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        mux = connect(server, max_pending=1, timeout=20)
        db = mux.get_database()
        calls = [spawn(db.incr, "n") for _ in range(3)]
        until(lambda: _parked(mux) == 2)
        mux.close()
        for call in calls:
            with pytest.raises(RedisConnectionError) as caught:
                call.result()
            assert not caught.value.was_sent


def test_fire_and_forget_at_the_bound() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        with connect(server, max_pending=2, timeout=0.3) as mux:
            forget = mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET)
            forget.set("a", 1)
            forget.set("b", 1)
            began = time.monotonic()
            with pytest.raises(BacklogFullError, match="max_pending=2"):
                forget.set("c", 1)
            # Nothing can be made to wait in asyncio, where nobody awaits the result.
            assert (time.monotonic() - began > 0.2) is (WORLD == "blocking")


def test_what_is_the_packages_own_waits_for_no_room() -> None:
    """The heartbeat asks for roles while there is none, and gives the silent peer up that leaves none."""
    with ScriptedServer() as server:
        server.on("GET", Hold(threading.Event()))
        options = {"max_pending": 1, "timeout": 0.1, "heartbeat_interval": 0.02, "config_check_seconds": 0.02}
        with connect(server, connect_timeout=5, **options) as mux:
            db = mux.get_database()
            with pytest.raises(RedisTimeoutError):
                db.get("key")
            until(lambda: server.accepted == 2)
            assert db.with_options(timeout=5).set("key", 1)


def test_subscribing_needs_no_room(server: RealServer, target: Target) -> None:
    """It takes more commands than the bound; the last is as much subscribed as the first."""
    with connect(server, max_pending=1, protocol=target.protocol) as mux:
        names = [f"channel-{number}" for number in range(300)]
        subscription = mux.get_subscriber().subscribe(*names)
        for name in (names[0], names[-1]):
            assert until(partial(mux.get_database().publish, name, "x")) == 1
            assert subscription.get(5).channel == name.encode()


def test_no_caller_is_held_beyond_its_deadline_by_anothers_large_value(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        db = mux.get_database()
        own_server.pause()
        try:
            large = spawn(db.with_options(timeout=1.0).set, "large", b"x" * 30_000_000)
            sleep(0.05)
            began = time.monotonic()
            with pytest.raises(RedisTimeoutError):
                db.with_options(timeout=0.2).get("key")
            assert time.monotonic() - began < 0.9
            with pytest.raises(RedisTimeoutError):
                large.result()
            assert time.monotonic() - began < 1.8
        finally:
            own_server.resume()
        assert until(lambda: db.set("key", 1))


@pytest.mark.parametrize("protocol", [2, 3])
def test_a_connection_that_the_server_closed_while_it_was_idle_is_not_written_into(
    own_server: RealServer, protocol: int
) -> None:
    with connect(own_server, protocol=protocol) as mux:
        db = mux.get_database()
        for number in range(1, 11):
            own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            sleep(0.02)
            assert db.incr("n") == number  # a write, which would not be sent twice
