"""Servers that announce maintenance: who moves is followed without a failed command, and who is slow is given time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer import Gap, ServerMaintenance
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import ConfigurationError, RedisConnectionError, RedisTimeoutError
from multiplexer.retry import ConstantBackoff
from tests.servers import Behaviour, Error, Hold, ScriptedServer

from ._world import Event, gather, spawn, until
from .test_moves import count_up

PATIENT: dict[str, Any] = {"timeout": 20.0, "connect_timeout": 10.0, "reconnect_backoff": ConstantBackoff(0.05)}
ASKS = {"maint_notifications": "enabled", **PATIENT}


def announcing(behaviour: Behaviour | None = None) -> ScriptedServer:
    """A server that announces maintenance where it is asked to."""
    server = ScriptedServer(behaviour=behaviour)
    server.on("CLIENT MAINT_NOTIFICATIONS", b"OK")
    return server


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with announcing() as made:
        yield made


@pytest.fixture
def other(server: ScriptedServer) -> Iterator[ScriptedServer]:
    """Another server with the same data."""
    with announcing(server.behaviour) as made:
        yield made


def at(server: ScriptedServer) -> str:
    return f"{server.host}:{server.port}"


async def connect(server: ScriptedServer, **changes: Any) -> ConnectionMultiplexer:
    return await ConnectionMultiplexer.connect(at(server), **{**ASKS, **changes})


def asked(server: ScriptedServer) -> list[bytes]:
    """Return how the server was asked for announcements."""
    clients = server.commands("CLIENT")
    return [b" ".join(args[1:]) for args in clients if args[1] == b"MAINT_NOTIFICATIONS"]


class TestAsking:
    async def test_others_are_not_asked(self, server: ScriptedServer) -> None:
        server.on("BLPOP", None)
        for wanted in ("auto", "disabled"):
            async with await connect(server, maint_notifications=wanted) as mux:
                await mux.get_database().blpop("queue", 0.01)
        assert asked(server) == []

    async def test_each_shared_connection_asks(self, server: ScriptedServer) -> None:
        server.on("BLPOP", None)
        async with await connect(server) as mux:
            await mux.get_subscriber().subscribe("news")
            await mux.get_database().blpop("queue", 0.01)
            assert asked(server) == [b"MAINT_NOTIFICATIONS ON moving-endpoint-type internal-ip"] * 2

    async def test_one_that_refuses_is_of_no_use_where_that_was_demanded(self, server: ScriptedServer) -> None:
        server.on("CLIENT MAINT_NOTIFICATIONS", Error("ERR unknown subcommand 'MAINT_NOTIFICATIONS'. Try CLIENT HELP."))
        with pytest.raises(RedisConnectionError, match="announces no maintenance"):
            await connect(server, abort_connect=True, connect_retry=1)

    async def test_it_takes_the_newer_protocol(self, server: ScriptedServer) -> None:
        with pytest.raises(ConfigurationError, match="maint_notifications: enabled needs RESP3"):
            await connect(server, protocol=2)
        server.behaviour.resp3 = False
        server.on("CLIENT MAINT_NOTIFICATIONS", Error("ERR only with RESP3"))
        with pytest.raises(RedisConnectionError, match="announces no maintenance"):
            await connect(server, abort_connect=True, connect_retry=1)


class TestMoving:
    @pytest.mark.parametrize("stripes", [1, 3])
    async def test_no_command_fails(self, server: ScriptedServer, other: ScriptedServer, stripes: int) -> None:
        here, there = server, other
        async with await connect(server, connections_per_endpoint=stripes) as mux:
            db, ended = mux.get_database(), Event()
            subscription = await mux.get_subscriber().subscribe("news", gaps=True)
            counting = [spawn(partial(count_up, db, f"count:{number}", ended)) for number in range(6)]
            for sequence in range(1, 11):
                here.push("MOVING", sequence, 1, at(there))
                await until(lambda there=there: len(there.connections) == stripes + 1)
                await until(lambda here=here: not here.connections)
                assert isinstance(await subscription.get(5.0), Gap)
                here, there = there, here
            ended.set()
            counts = [await task.result() for task in counting]
            assert await gather(*[partial(db.get, f"count:{number}") for number in range(6)]) == [
                str(count).encode() for count in counts
            ]
            counters = mux.get_counters()[0].interactive
            assert (counters.failed, counters.lost, counters.retried) == (0, 0, 0)

    async def test_what_is_on_its_way_is_answered_where_it_was_sent(
        self, server: ScriptedServer, other: ScriptedServer
    ) -> None:
        answered = threading.Event()
        server.on("GET", Hold(answered, b"from the old one"))
        async with await connect(server) as mux:
            db = mux.get_database()
            waiting = spawn(partial(db.get, "key"))
            await until(lambda: server.commands("GET"))
            server.push("MOVING", 1, 10, at(other))
            await until(lambda: other.connections)
            answered.set()
            assert await waiting.result() == b"from the old one"
            await until(lambda: not server.connections)
            assert await db.get("key") is None

    async def test_without_an_address_its_name_is_looked_up_anew(self, server: ScriptedServer) -> None:
        async with await connect(server) as mux:
            server.push("MOVING", 1, 0, None)
            await until(lambda: server.accepted == 2 and len(server.connections) == 1)
            assert await mux.get_database().set("key", "value")

    async def test_where_nobody_answers_it_stays(self, server: ScriptedServer, other: ScriptedServer) -> None:
        other.stop_listening()
        async with await connect(server) as mux:
            told: list[ServerMaintenance] = []
            mux.server_maintenance += told.append
            server.push("MOVING", 1, 10, at(other))
            await until(lambda: told)
            assert (told[0].kind, told[0].sequence, told[0].target) == ("MOVING", 1, at(other))
            assert await mux.get_database().set("key", "value")
            other.start_listening()  # and is tried again
            await until(lambda: other.connections)
            assert await mux.get_database().get("key") == b"value"

    async def test_what_nobody_asked_for_is_only_told(self, server: ScriptedServer, other: ScriptedServer) -> None:
        async with await connect(server, maint_notifications="disabled") as mux:
            told: list[ServerMaintenance] = []
            mux.server_maintenance += told.append
            server.push("MOVING", 1, 0, at(other))
            await until(lambda: told)
            assert await mux.get_database().set("key", "value")
            assert other.accepted == 0

    @pytest.mark.parametrize(
        "push",
        [
            ("MOVING",),
            ("MOVING", None, None, None),
            ("MOVING", "x", [1, 2], {"a": 1}),
            ("MOVING", 1, 0, "no address"),
            ("MIGRATING", [], -1),
            ("MIGRATED", {}, "x"),
            ("SMIGRATED", 1, [[["a"]], 2]),
            ("FAILED_OVER", True),
        ],
        ids=str,
    )
    async def test_what_makes_no_sense_harms_nothing(self, server: ScriptedServer, push: tuple[Any, ...]) -> None:
        async with await connect(server) as mux:
            told: list[ServerMaintenance] = []
            mux.server_maintenance += told.append
            server.push(*push)
            await until(lambda: told)
            assert told[0].kind == push[0]
            assert await mux.get_database().set("key", "value")
            assert server.accepted in (1, 2)  # a move without an address makes the connection anew
            assert mux.get_counters()[0].interactive.lost == 0


class TestTime:
    async def test_commands_without_a_timeout_of_their_own_are_given_more(self, server: ScriptedServer) -> None:
        answered = threading.Event()
        server.on("GET", Hold(answered, b"late"))
        async with await connect(server, timeout=0.3, maint_relaxed_timeout=20.0, heartbeat_interval=0.05) as mux:
            db = mux.get_database()
            server.push("MIGRATING", 7, 30, ["1"])
            await until(lambda: mux.get_status()["servers"][0]["under_way"] == ["MIGRATING 7"])
            patient = spawn(partial(db.get, "key"))
            with pytest.raises(RedisTimeoutError, match="during MIGRATING 7"):
                await db.with_options(timeout=0.4).get("key")
            assert not patient.done()
            answered.set()
            assert await patient.result() == b"late"

    async def test_no_longer_once_that_is_over(self, server: ScriptedServer) -> None:
        answered = threading.Event()
        server.on("GET", Hold(answered, b"late"))
        async with await connect(server, timeout=0.3, maint_relaxed_timeout=20.0) as mux:
            server.push("MIGRATING", 7, 30, ["1"])
            server.push("MIGRATED", 8, ["1"])
            assert await mux.get_database().with_options(timeout=20).set("key", "value")  # it has read that
            with pytest.raises(RedisTimeoutError):
                await mux.get_database().get("key")
            answered.set()

    async def test_a_server_that_is_silent_meanwhile_is_not_given_up(self, server: ScriptedServer) -> None:
        answered = threading.Event()
        server.on("GET", Hold(answered, b"late"))
        quick = {"timeout": 0.1, "maint_relaxed_timeout": 20.0, "heartbeat_interval": 0.02}
        async with await connect(server, **quick) as mux:
            db = mux.get_database()
            server.push("FAILING_OVER", 7, 30, ["1"])
            await until(lambda: mux.get_status()["servers"][0]["under_way"])
            patient = spawn(partial(db.get, "key"))
            for _ in range(6):
                with pytest.raises(RedisTimeoutError):
                    await db.with_options(timeout=0.1).get("key")
            answered.set()
            assert await patient.result() == b"late"
            assert server.accepted == 1
