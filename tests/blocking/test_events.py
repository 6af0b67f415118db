# Generated from tests/asyncio/test_events.py by scripts/generate_blocking.py; change that file instead.
"""Events and their handlers."""

from __future__ import annotations

import logging
import threading

import pytest

from multiplexer import CommandFlags, ConfigurationEvent, ConnectionEvent, ErrorEvent, ServerMaintenance
from multiplexer.core.diagnosis.events import MOST_WAITING
from multiplexer.errors import ResponseError
from tests.conftest import Target
from tests.servers import Error, RealServer, ScriptedServer

from ._world import WORLD, Event, sleep, spawn, until
from .connecting import connect
from .slow_handler import SlowHandler


def test_a_connection_fails_once_and_is_restored_once(own_server: RealServer, target: Target) -> None:
    with connect(own_server, protocol=target.protocol) as mux:
        failed: list[ConnectionEvent] = []
        restored: list[ConnectionEvent] = []
        mux.connection_failed += failed.append
        mux.connection_restored += restored.append
        for count in (1, 2):
            own_server.kill()
            until(lambda: not mux.is_connected)
            until(lambda: mux.get_status()["servers"][0]["interactive"]["attempts"] > 2)
            own_server.restart()
            until(lambda wanted=count: len(restored) == wanted)
            assert len(failed) == count
        assert {event.endpoint for event in failed + restored} == {f"{own_server.host}:{own_server.port}"}
        assert {event.connection_type for event in failed + restored} == {"interactive"}
        assert all(isinstance(event.error, Exception) for event in failed)
        assert all(event.error is None for event in restored)


def test_a_server_that_never_was_there_fails_once() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        with connect(server) as mux:
            restored: list[ConnectionEvent] = []
            mux.connection_restored += restored.append
            server.start_listening()
            until(lambda: len(restored) == 1 and mux.is_connected)


@pytest.mark.parametrize("protocol", [2, 3])
def test_the_subscriptions_connection_has_events_of_its_own(protocol: int) -> None:
    with ScriptedServer() as server:
        with connect(server, protocol=protocol) as mux:
            mux.get_subscriber().subscribe("channel")
            restored: list[str] = []
            mux.connection_restored += lambda event: restored.append(event.connection_type)
            server.close_connections()
            until(lambda: sorted(restored) == ["interactive", "subscription"])


def test_a_restart_changes_the_configuration(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        changes: list[ConfigurationEvent] = []
        mux.configuration_changed += changes.append
        run_id = mux.get_status()["servers"][0]["run_id"]
        own_server.restart()
        until(lambda: changes)
        assert changes == [ConfigurationEvent(f"{own_server.host}:{own_server.port}", ("run_id",))]
        assert mux.get_status()["servers"][0]["run_id"] != run_id


def test_a_change_of_role_is_told() -> None:
    with ScriptedServer() as server:
        with connect(server, config_check_seconds=0.05, heartbeat_interval=0.02) as mux:
            changes: list[ConfigurationEvent] = []
            mux.configuration_changed += changes.append
            server.behaviour.role = "slave"
            until(lambda: changes)
            assert set(changes[0].changes) == {"role", "primary"}


def test_a_change_that_another_client_announces(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        told: list[ConfigurationEvent] = []
        mux.configuration_changed_broadcast += told.append
        mux.get_subscriber().subscribe("something")
        channel = mux.options.config_channel
        until(lambda: own_server.command("PUBLISH", channel, "10.0.0.7:6379"))
        until(lambda: told)
        assert told == [ConfigurationEvent("10.0.0.7:6379", ())]


def test_fire_and_forget_errors(server: RealServer, target: Target) -> None:
    with connect(server, protocol=target.protocol) as mux:
        errors: list[ErrorEvent] = []
        mux.error_message += errors.append
        db = mux.get_database()
        db.set("text", "x")
        assert db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text") is None
        until(lambda: errors)
        assert errors[0].command == "INCR"
        assert isinstance(errors[0].error, ResponseError)
        assert "not an integer" in str(errors[0].error)


def test_maintenance_is_told() -> None:
    with ScriptedServer() as server:
        with connect(server, protocol=3, heartbeat_interval=0.02) as mux:
            told: list[ServerMaintenance] = []
            mux.server_maintenance += told.append
            server.push("MOVING", 1, 15, "10.0.0.7:6379")
            until(lambda: told)
            details = (1, 15, b"10.0.0.7:6379")
            assert told == [
                ServerMaintenance(f"{server.host}:{server.port}", "MOVING", 1, 15.0, "10.0.0.7:6379", details)
            ]


def test_a_handlers_exception_is_logged_and_hurts_nobody(
    server: RealServer, caplog: pytest.LogCaptureFixture
) -> None:
    with connect(server) as mux:
        seen: list[ErrorEvent] = []

        def broken(event: ErrorEvent) -> None:
            raise RuntimeError("the handler's own trouble")

        mux.error_message += broken
        mux.error_message += seen.append
        db = mux.get_database()
        db.set("text", "x")
        with caplog.at_level(logging.ERROR, "multiplexer"):
            db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text")
            until(lambda: seen)
        assert "the handler's own trouble" in caplog.text
        assert db.get("text") == b"x"


def test_a_slow_handler_holds_up_no_reply(server: RealServer) -> None:
    with connect(server) as mux:
        entered, done = Event(), Event()

        def slow(event: ErrorEvent) -> None:
            entered.set()
            done.wait()

        mux.error_message += slow
        db = mux.get_database()
        db.set("text", "x")
        db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text")
        entered.wait()
        for _ in range(10):
            assert db.get("text") == b"x"
        done.set()


def test_handlers_may_use_the_multiplexer(server: RealServer) -> None:
    with connect(server) as mux:
        db = mux.get_database()
        results: list[bytes | None] = []

        def ask(event: ErrorEvent) -> None:
            results.append(db.get("text"))

        mux.error_message += ask
        db.set("text", "x")
        db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text")
        until(lambda: results == [b"x"])


def test_handlers_do_not_run_on_the_reader() -> None:
    with ScriptedServer() as server:
        server.on("GET", Error("ERR no"))
        with connect(server) as mux:
            where: list[str] = []
            mux.error_message += lambda event: where.append(threading.current_thread().name)
            mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET).get("key")
            until(lambda: where)
            if WORLD == "blocking":
                assert where == ["multiplexer-handlers"]


def test_handlers_run_in_order_and_can_be_removed(server: RealServer) -> None:
    with connect(server) as mux:
        seen: list[str] = []

        def first(event: ErrorEvent) -> None:
            seen.append(f"first {event.error}")

        def second(event: ErrorEvent) -> None:
            seen.append(f"second {event.error}")

        mux.error_message += first
        mux.error_message.add(second)
        mux.error_message.remove(print)  # was never added
        forget = mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET)
        for name in ("LPUSH", "RPUSH"):
            forget.execute(name, "list")
        until(lambda: len(seen) == 4)
        for which in ("first", "second"):  # each in order, and neither waits for the other
            assert [text.split("'")[1] for text in seen if text.startswith(which)] == ["lpush", "rpush"]
        mux.error_message -= first
        forget.execute("LPUSH", "three")
        until(lambda: len(seen) == 5)
        assert seen[-1].startswith("second")
        with pytest.raises(TypeError, match="error_message: handler must be callable"):
            mux.error_message += "handler"  # type: ignore[arg-type]


def test_a_handler_that_never_returns_is_in_nobodys_way(server: RealServer) -> None:
    with connect(server) as mux:
        stuck, other = SlowHandler(), SlowHandler()
        told: list[object] = []
        for handler in (stuck.handle, other.handle, told.append):
            mux.error_message += handler
        mux.connection_failed += told.append
        mux.connection_restored += told.append
        forget = mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET)
        for number in range(3):
            forget.execute("LPUSH", number)
            until(lambda wanted=number + 1: len(told) == wanted)
            stuck.entered.wait()
            other.entered.wait()
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        until(lambda: len(told) == 5)
        assert [type(event) for event in told] == [ErrorEvent] * 3 + [ConnectionEvent] * 2  # in their order
        if WORLD == "blocking":
            assert len(mux._driver.crew._threads) <= 5, "no more than there are handlers, however many events"
        assert stuck.seen == []
        stuck.goes_on.set()
        other.goes_on.set()
        until(lambda: len(stuck.seen) == len(other.seen) == 3)
        assert stuck.most_at_once == 1
    if WORLD == "blocking":
        until(lambda: not mux._driver.crew._threads)


def test_events_wait_for_a_handler_in_a_bounded_number(server: RealServer) -> None:
    with connect(server) as mux:
        stuck = SlowHandler()
        mux.error_message += stuck.handle
        events = [ErrorEvent(str(number), RuntimeError()) for number in range(3000)]
        mux.error_message.fire(events[0])
        stuck.entered.wait()
        for event in events[1:]:
            mux.error_message.fire(event)
        stuck.goes_on.set()
        until(lambda: stuck.seen[-1:] == events[-1:])
        assert stuck.seen == [events[0], *events[-MOST_WAITING:]]


def test_closing_from_a_handler(server: RealServer) -> None:
    mux = connect(server)
    closed = Event()

    def close(event: ErrorEvent) -> None:
        mux.close()
        closed.set()

    mux.error_message += close
    db = mux.get_database()
    db.with_options(flags=CommandFlags.FIRE_AND_FORGET).execute("LPUSH", "list")
    closed.wait()
    assert not mux.is_connected
    mux.close()


def test_closing_fires_no_failure(server: RealServer) -> None:
    mux = connect(server)
    failed: list[ConnectionEvent] = []
    mux.connection_failed += failed.append
    call = spawn(mux.get_database().get, "key")
    call.result()
    mux.close()
    sleep(0.05)
    assert failed == []
