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


async def test_a_connection_fails_once_and_is_restored_once(own_server: RealServer, target: Target) -> None:
    async with await connect(own_server, protocol=target.protocol) as mux:
        failed: list[ConnectionEvent] = []
        restored: list[ConnectionEvent] = []
        mux.connection_failed += failed.append
        mux.connection_restored += restored.append
        for count in (1, 2):
            own_server.kill()
            await until(lambda: not mux.is_connected)
            await until(lambda: mux.get_status()["servers"][0]["interactive"]["attempts"] > 2)
            own_server.restart()
            await until(lambda wanted=count: len(restored) == wanted)
            assert len(failed) == count
        assert {event.endpoint for event in failed + restored} == {f"{own_server.host}:{own_server.port}"}
        assert {event.connection_type for event in failed + restored} == {"interactive"}
        assert all(isinstance(event.error, Exception) for event in failed)
        assert all(event.error is None for event in restored)


async def test_a_server_that_never_was_there_fails_once() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        async with await connect(server) as mux:
            restored: list[ConnectionEvent] = []
            mux.connection_restored += restored.append
            server.start_listening()
            await until(lambda: len(restored) == 1 and mux.is_connected)


@pytest.mark.parametrize("protocol", [2, 3])
async def test_the_subscriptions_connection_has_events_of_its_own(protocol: int) -> None:
    with ScriptedServer() as server:
        async with await connect(server, protocol=protocol) as mux:
            await mux.get_subscriber().subscribe("channel")
            restored: list[str] = []
            mux.connection_restored += lambda event: restored.append(event.connection_type)
            server.close_connections()
            await until(lambda: sorted(restored) == ["interactive", "subscription"])


async def test_a_restart_changes_the_configuration(own_server: RealServer) -> None:
    async with await connect(own_server) as mux:
        changes: list[ConfigurationEvent] = []
        mux.configuration_changed += changes.append
        run_id = mux.get_status()["servers"][0]["run_id"]
        own_server.restart()
        await until(lambda: changes)
        assert changes == [ConfigurationEvent(f"{own_server.host}:{own_server.port}", ("run_id",))]
        assert mux.get_status()["servers"][0]["run_id"] != run_id


async def test_a_change_of_role_is_told() -> None:
    with ScriptedServer() as server:
        async with await connect(server, config_check_seconds=0.05, heartbeat_interval=0.02) as mux:
            changes: list[ConfigurationEvent] = []
            mux.configuration_changed += changes.append
            server.behaviour.role = "slave"
            await until(lambda: changes)
            assert set(changes[0].changes) == {"role", "primary"}


async def test_a_change_that_another_client_announces(own_server: RealServer) -> None:
    async with await connect(own_server) as mux:
        told: list[ConfigurationEvent] = []
        mux.configuration_changed_broadcast += told.append
        await mux.get_subscriber().subscribe("something")
        channel = mux.options.config_channel
        await until(lambda: own_server.command("PUBLISH", channel, "10.0.0.7:6379"))
        await until(lambda: told)
        assert told == [ConfigurationEvent("10.0.0.7:6379", ())]


async def test_fire_and_forget_errors(server: RealServer, target: Target) -> None:
    async with await connect(server, protocol=target.protocol) as mux:
        errors: list[ErrorEvent] = []
        mux.error_message += errors.append
        db = mux.get_database()
        await db.set("text", "x")
        assert await db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text") is None
        await until(lambda: errors)
        assert errors[0].command == "INCR"
        assert isinstance(errors[0].error, ResponseError)
        assert "not an integer" in str(errors[0].error)


async def test_maintenance_is_told() -> None:
    with ScriptedServer() as server:
        async with await connect(server, protocol=3, heartbeat_interval=0.02) as mux:
            told: list[ServerMaintenance] = []
            mux.server_maintenance += told.append
            server.push("MOVING", 1, 15, "10.0.0.7:6379")
            await until(lambda: told)
            details = (1, 15, b"10.0.0.7:6379")
            assert told == [
                ServerMaintenance(f"{server.host}:{server.port}", "MOVING", 1, 15.0, "10.0.0.7:6379", details)
            ]


async def test_a_handlers_exception_is_logged_and_hurts_nobody(
    server: RealServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with await connect(server) as mux:
        seen: list[ErrorEvent] = []

        def broken(event: ErrorEvent) -> None:
            raise RuntimeError("the handler's own trouble")

        mux.error_message += broken
        mux.error_message += seen.append
        db = mux.get_database()
        await db.set("text", "x")
        with caplog.at_level(logging.ERROR, "multiplexer"):
            await db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text")
            await until(lambda: seen)
        assert "the handler's own trouble" in caplog.text
        assert await db.get("text") == b"x"


async def test_a_slow_handler_holds_up_no_reply(server: RealServer) -> None:
    async with await connect(server) as mux:
        entered, done = Event(), Event()

        async def slow(event: ErrorEvent) -> None:
            entered.set()
            await done.wait()

        mux.error_message += slow
        db = mux.get_database()
        await db.set("text", "x")
        await db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text")
        await entered.wait()
        for _ in range(10):
            assert await db.get("text") == b"x"
        done.set()


async def test_handlers_may_use_the_multiplexer(server: RealServer) -> None:
    async with await connect(server) as mux:
        db = mux.get_database()
        results: list[bytes | None] = []

        async def ask(event: ErrorEvent) -> None:
            results.append(await db.get("text"))

        mux.error_message += ask
        await db.set("text", "x")
        await db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("text")
        await until(lambda: results == [b"x"])


async def test_handlers_do_not_run_on_the_reader() -> None:
    with ScriptedServer() as server:
        server.on("GET", Error("ERR no"))
        async with await connect(server) as mux:
            where: list[str] = []
            mux.error_message += lambda event: where.append(threading.current_thread().name)
            await mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET).get("key")
            await until(lambda: where)
            if WORLD == "blocking":
                assert where == ["multiplexer-handlers"]


async def test_handlers_run_in_order_and_can_be_removed(server: RealServer) -> None:
    async with await connect(server) as mux:
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
            await forget.execute(name, "list")
        await until(lambda: len(seen) == 4)
        for which in ("first", "second"):  # each in order, and neither waits for the other
            assert [text.split("'")[1] for text in seen if text.startswith(which)] == ["lpush", "rpush"]
        mux.error_message -= first
        await forget.execute("LPUSH", "three")
        await until(lambda: len(seen) == 5)
        assert seen[-1].startswith("second")
        with pytest.raises(TypeError, match="error_message: handler must be callable"):
            mux.error_message += "handler"  # type: ignore[arg-type]


async def test_a_handler_that_never_returns_is_in_nobodys_way(server: RealServer) -> None:
    async with await connect(server) as mux:
        stuck, other = SlowHandler(), SlowHandler()
        told: list[object] = []
        for handler in (stuck.handle, other.handle, told.append):
            mux.error_message += handler
        mux.connection_failed += told.append
        mux.connection_restored += told.append
        forget = mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET)
        for number in range(3):
            await forget.execute("LPUSH", number)
            await until(lambda wanted=number + 1: len(told) == wanted)
            await stuck.entered.wait()
            await other.entered.wait()
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        await until(lambda: len(told) == 5)
        assert [type(event) for event in told] == [ErrorEvent] * 3 + [ConnectionEvent] * 2  # in their order
        if WORLD == "blocking":
            assert len(mux._driver.crew._threads) <= 5, "no more than there are handlers, however many events"
        assert stuck.seen == []
        stuck.goes_on.set()
        other.goes_on.set()
        await until(lambda: len(stuck.seen) == len(other.seen) == 3)
        assert stuck.most_at_once == 1
    if WORLD == "blocking":
        await until(lambda: not mux._driver.crew._threads)


async def test_events_wait_for_a_handler_in_a_bounded_number(server: RealServer) -> None:
    async with await connect(server) as mux:
        stuck = SlowHandler()
        mux.error_message += stuck.handle
        events = [ErrorEvent(str(number), RuntimeError()) for number in range(3000)]
        mux.error_message.fire(events[0])
        await stuck.entered.wait()
        for event in events[1:]:
            mux.error_message.fire(event)
        stuck.goes_on.set()
        await until(lambda: stuck.seen[-1:] == events[-1:])
        assert stuck.seen == [events[0], *events[-MOST_WAITING:]]


async def test_closing_from_a_handler(server: RealServer) -> None:
    mux = await connect(server)
    closed = Event()

    async def close(event: ErrorEvent) -> None:
        await mux.aclose()
        closed.set()

    mux.error_message += close
    db = mux.get_database()
    await db.with_options(flags=CommandFlags.FIRE_AND_FORGET).execute("LPUSH", "list")
    await closed.wait()
    assert not mux.is_connected
    await mux.aclose()


async def test_closing_fires_no_failure(server: RealServer) -> None:
    mux = await connect(server)
    failed: list[ConnectionEvent] = []
    mux.connection_failed += failed.append
    call = spawn(mux.get_database().get, "key")
    await call.result()
    await mux.aclose()
    await sleep(0.05)
    assert failed == []
