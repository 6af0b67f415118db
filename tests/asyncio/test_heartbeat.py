"""What is done once a heartbeat: keepalive, dead sockets, roles."""

from __future__ import annotations

import time

import pytest

from multiplexer import ConnectionEvent, Gap
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import RedisTimeoutError
from multiplexer.retry import ConstantBackoff
from tests.servers import Delay, FaultProxy, ScriptedServer

from ._world import sleep, until
from .connecting import connect

PULSE = {"heartbeat_interval": 0.02}


@pytest.mark.parametrize("protocol", [2, 3])
async def test_an_idle_connection_is_kept_alive(protocol: int) -> None:
    with ScriptedServer() as server:
        async with await connect(server, keep_alive=0.15, protocol=protocol, **PULSE) as mux:
            ready = time.monotonic()
            await until(lambda: len(server.commands("PING")) == 3)
            assert 0.4 < time.monotonic() - ready < 3
            assert mux.get_counters()[0].interactive.sent_items_awaiting_response <= 1


async def test_a_busy_connection_needs_no_keepalive() -> None:
    with ScriptedServer() as server:
        async with await connect(server, keep_alive=0.3, **PULSE) as mux:
            db = mux.get_database()
            end = time.monotonic() + 0.9
            while time.monotonic() < end:
                await db.get("key")
                await sleep(0.01)
            assert server.commands("PING") == []


async def test_keepalive_can_be_switched_off() -> None:
    with ScriptedServer() as server:
        async with await connect(server, keep_alive=0, **PULSE):
            await sleep(0.3)
            assert server.commands("PING") == []


@pytest.mark.parametrize("protocol", [2, 3])
async def test_a_subscription_is_kept_alive_too(protocol: int) -> None:
    with ScriptedServer() as server:
        async with await connect(server, keep_alive=0.1, protocol=protocol, **PULSE) as mux:
            subscription = await mux.get_subscriber().subscribe("channel")
            await until(lambda: all(len(c.commands("PING")) >= 2 for c in server.connections))
            server.push("message", "channel", "text")
            assert (await subscription.get(5)).data == b"text"
            assert server.accepted == 2


@pytest.mark.parametrize("protocol", [2, 3])
async def test_a_peer_that_does_not_answer_the_keepalive_is_given_up(protocol: int) -> None:
    """Nobody waits for that reply, and its socket stays open; who has subscribed is told of the gap."""
    with ScriptedServer() as server, FaultProxy(server.host, server.port) as proxy:
        options = {"keep_alive": 0.1, "timeout": 0.3, "protocol": protocol, **PULSE}
        async with await connect(proxy, **options) as mux:
            lost: list[ConnectionEvent] = []
            mux.connection_failed += lost.append
            subscription = await mux.get_subscriber().subscribe("channel", gaps=True)
            proxy.black_hole("to_client")
            await until(lambda: "subscription" in [event.connection_type for event in lost])
            assert "was not answered within" in str(lost[0].error)  # the PING, or what was asked just before
            proxy.restore()
            assert isinstance(await subscription.get(5), Gap)
            assert await mux.get_database().with_options(timeout=5).set("key", 1)


async def test_a_peer_that_hangs_up_after_each_handshake_is_not_stormed() -> None:
    with ScriptedServer() as server:
        async with await connect(server, reconnect_backoff=ConstantBackoff(0.1)) as mux:
            mux.connection_restored += lambda event: server.close_connections()
            began = time.monotonic()
            server.close_connections()
            await until(lambda: server.accepted == 6)
            # The first of the five came at once, the others had to wait.
            assert time.monotonic() - began >= 0.4


async def test_a_peer_that_is_silent_is_given_up() -> None:
    with ScriptedServer() as server, FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, timeout=0.2, connect_timeout=1, **PULSE) as mux:
            db = mux.get_database()
            assert await db.with_options(timeout=5).set("key", 1)
            failures: list[ConnectionEvent] = []
            mux.connection_failed += failures.append
            proxy.black_hole()
            began = time.monotonic()
            with pytest.raises(RedisTimeoutError):
                await db.set("key", 2)
            await until(lambda: not mux.is_connected, timeout=5)
            assert 0.75 < time.monotonic() - began < 4  # four timeouts
            await until(lambda: failures)
            assert "nothing was read for" in str(failures[0].error)
            proxy.restore()
            await until(lambda: mux.is_connected)
            assert await db.with_options(timeout=5).set("key", 3)
            assert await db.with_options(timeout=5).get("key") == b"3"


async def test_a_silent_idle_peer_is_left_alone() -> None:
    with ScriptedServer() as server, FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, timeout=0.05, **PULSE) as mux:
            proxy.black_hole()
            await sleep(0.6)
            assert mux.is_connected
            proxy.restore()
            assert await mux.get_database().with_options(timeout=5).set("key", 1)
            assert server.accepted == 1


async def test_a_slow_peer_that_answers_is_left_alone() -> None:
    # Each command times out, and yet something is read all the time.
    with ScriptedServer() as server:
        server.on("GET", Delay(0.3))
        async with await connect(server, timeout=0.2, **PULSE) as mux:
            db = mux.get_database()
            for _ in range(3):
                with pytest.raises(RedisTimeoutError):
                    await db.get("key")
                await until(lambda: mux.get_counters()[0].total_outstanding == 0)
            assert server.accepted == 1


async def test_roles_are_checked_now_and_then() -> None:
    with ScriptedServer() as server:
        async with await connect(server, config_check_seconds=0.1, **PULSE) as mux:
            assert mux.get_status()["servers"][0]["role"] == "primary"
            server.behaviour.role = "slave"
            await until(lambda: mux.get_status()["servers"][0]["role"] == "replica")
            status = mux.get_status()["servers"][0]
            assert (status["primary"], status["replica_read_only"]) == (("127.0.0.1", 6379), True)
            server.behaviour.role = "master"
            await until(lambda: mux.get_status()["servers"][0]["role"] == "primary")
            assert mux.get_status()["servers"][0]["primary"] is None


async def test_roles_are_checked_each_second_after_a_loss() -> None:
    with ScriptedServer() as lost, ScriptedServer(role="slave") as other:
        endpoints = [(lost.host, lost.port), (other.host, other.port)]
        async with await ConnectionMultiplexer.connect("localhost", endpoints=endpoints, **PULSE) as mux:
            await until(lambda: other.commands("ECHO"))
            await until(lambda: all(server.is_connected for server in mux.get_servers()))
            other.clear()
            began = time.monotonic()
            lost.close()
            await until(lambda: other.commands("ROLE"), timeout=4)
            assert time.monotonic() - began < 3
            other.behaviour.role = "master"
            await until(lambda: mux.get_status()["servers"][1]["role"] == "primary", timeout=4)


async def test_an_idle_multiplexer_notices_the_end_of_its_connection() -> None:
    with ScriptedServer() as server:
        async with await connect(server, **PULSE) as mux:
            for wanted in (2, 3):
                server.close_connections()
                await until(lambda wanted=wanted: server.accepted == wanted)
            await until(lambda: mux.is_connected)
            assert await mux.get_database().set("key", 1)
