"""What a timeout says: never connected, in the backlog, server slow, behind a large reply, or held up itself."""

from __future__ import annotations

import ctypes
import threading
import time

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import RedisError, RedisTimeoutError
from tests.conftest import Target
from tests.servers import FaultProxy, Hold, RealServer, ScriptedServer

from ._world import WORLD, spawn, until
from .connecting import connect


async def _timeout(db: Database[bytes], timeout: float = 0.2) -> RedisTimeoutError:
    began = time.monotonic()
    with pytest.raises(RedisTimeoutError) as caught:
        await db.with_options(timeout=timeout).get("key")
    assert timeout * 0.9 < time.monotonic() - began < timeout + 5
    error = caught.value
    assert str(error).startswith("GET to ")
    assert (error.command, error.endpoint in str(error)) == ("GET", True)
    return error


async def test_never_connected() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        async with await connect(server) as mux:
            error = await _timeout(mux.get_database())
            assert "was not sent: never connected (" in str(error)
            assert "timed out after 0.2" in str(error)
            assert (error.phase, error.was_sent) == ("queued", False)
            assert error.details["state"] in ("disconnected", "connecting")


async def test_in_the_backlog() -> None:
    with ScriptedServer() as server:
        async with await connect(server) as mux:
            server.stop_listening()
            server.close_connections()
            await until(lambda: not mux.is_connected)
            error = await _timeout(mux.get_database())
            assert "was not sent: it waited in the backlog, disconnected for 0." in str(error)
            assert (error.phase, error.was_sent) == ("queued", False)


async def test_the_server_does_not_answer(own_server: RealServer, target: Target) -> None:
    async with await connect(own_server, protocol=target.protocol) as mux:
        db = mux.get_database()
        await db.ping()
        own_server.pause()
        try:
            error = await _timeout(db)
        finally:
            own_server.resume()
        assert "was sent and may have been applied: the server has not answered" in str(error)
        assert (error.phase, error.was_sent) == ("written", True)
        assert error.details["sent"] >= 1
        assert error.details["last_read_age"] >= 0.15
        assert error.details["last_write_age"] >= 0.15
        assert await db.get("key") is None  # the late reply went to nobody


async def test_the_server_is_slow(own_server: RealServer) -> None:
    async with await connect(own_server, allow_admin=True) as mux:
        db = mux.get_database()
        sleeping = spawn(db.execute, "DEBUG", "SLEEP", 0.6)
        await until(lambda: mux.get_counters()[0].total_outstanding)
        error = await _timeout(db, 0.3)
        assert "1 commands were ahead of it" in str(error)
        assert await sleeping.result()
        assert await db.ping()


async def test_behind_a_large_reply() -> None:
    with ScriptedServer() as server, FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy) as mux:
            db = mux.get_database()
            await db.set("large", b"x" * 2_000_000)
            proxy.limit(20_000, pause=0.02, direction="to_client")
            large = spawn(db.get, "large")
            await until(lambda: mux.get_counters()[0].interactive.bytes_received > 200_000)
            error = await _timeout(db, 0.3)
            assert "it waits behind a large reply, of which " in str(error)
            assert error.details["unfinished_reply_bytes"] > 100_000
            proxy.restore()
            assert await large.result() == b"x" * 2_000_000


async def test_held_up_by_this_process() -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("GET", Hold(held))
        async with await connect(server, heartbeat_interval=0.05) as mux:
            db = mux.get_database().with_options(timeout=0.3)
            call = spawn(db.get, "key")
            await until(lambda: server.commands("GET"))
            _hold_up(1.5)
            with pytest.raises(RedisTimeoutError) as caught:
                await call.result()
            assert "this process was held up" in str(caught.value)
            assert caught.value.details["lag"] > 0.2
            held.set()


def _hold_up(seconds: float) -> None:
    """Keep the event loop, or the GIL as an extension that computes would: in one go."""
    if WORLD == "asyncio":
        time.sleep(seconds)
    else:
        ctypes.PyDLL(None).poll(None, 0, int(seconds * 1000))  # waits, and is called with the GIL held


async def test_details_can_be_left_out() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        async with await connect(server, include_detail_in_errors=False) as mux:
            error = await _timeout(mux.get_database())
            assert error.details == {}


async def test_errors_of_the_server_name_command_and_endpoint(server: RealServer, target: Target) -> None:
    async with await connect(server, protocol=target.protocol) as mux:
        db = mux.get_database()
        await db.set("text", "x")
        with pytest.raises(RedisError, match="WRONGTYPE") as caught:
            await db.lpush("text", "y")
        error = caught.value
        assert (error.command, error.endpoint) == ("LPUSH", f"{server.host}:{server.port}")
        assert (error.phase, error.was_sent) == ("answered", True)


async def test_a_timed_out_write_may_have_been_applied_and_its_place_stays(own_server: RealServer) -> None:
    async with await connect(own_server) as mux:
        db = mux.get_database()
        await db.set("n", 0)
        own_server.pause()
        for _ in range(3):
            with pytest.raises(RedisTimeoutError, match="was sent and may have been applied"):
                await db.with_options(timeout=0.05).incr("n")
        own_server.resume()
        assert await db.incr("n") == 4
        assert mux.get_counters()[0].interactive.socket_count == 1
