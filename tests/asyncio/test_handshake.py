"""What is said on a new connection, and what becomes of servers that answer it oddly."""

from __future__ import annotations

import threading

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import (
    BusyLoadingError,
    CommandDisabledError,
    MaxClientsError,
    ProtocolError,
    RedisConnectionError,
)
from tests.servers import Close, Error, FaultProxy, Hold, Raw, RealServer, ScriptedServer, Sequence

from ._world import spawn, until
from .connecting import connect


async def test_what_is_said_in_which_order() -> None:
    with ScriptedServer(password="secret") as server:
        async with await connect(server, password="secret", name="me", default_database=4):
            said = [b" ".join(words[:2]) for words in server.commands()]
            assert said == [
                b"AUTH secret",
                b"HELLO 3",
                b"CLIENT SETNAME",
                b"CLIENT SETINFO",
                b"CLIENT SETINFO",
                b"CLIENT ID",
                b"SELECT 4",
                b"INFO SERVER",
                b"INFO REPLICATION",
                b"CONFIG GET",
                b"CONFIG GET",
                said[-1],
            ]
            assert said[-1].startswith(b"ECHO ")


async def test_everything_is_said_in_one_breath() -> None:
    # Not a single reply comes back, yet the server hears it all.
    with ScriptedServer() as server, FaultProxy(server.host, server.port) as proxy:
        proxy.black_hole("to_client")
        connecting = spawn(connect, proxy)
        await until(lambda: server.commands("ECHO"))
        assert not connecting.done()
        proxy.restore()
        mux = await connecting.result()
        assert mux.is_connected
        await mux.aclose()


async def test_nothing_of_the_users_goes_out_before_the_tracer_came_back() -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("ECHO", Hold(held))
        connecting = spawn(connect, server, connect_timeout=0.2)
        mux = await connecting.result()  # still under way
        call = spawn(mux.get_database().set, "key", "value")
        await until(lambda: len(server.commands("ECHO")) > 1)
        assert server.commands("SET") == []
        server.on("ECHO", Sequence())
        held.set()
        assert await call.result() is True
        (connection,) = [connection for connection in server.connections if connection.commands("SET")]
        names = [item.name for item in connection.received]
        assert names.index("ECHO") < names.index("SET")
        await mux.aclose()


async def test_a_wrong_tracer_ends_the_connection() -> None:
    with ScriptedServer() as server:
        server.on("ECHO", "something else")
        with pytest.raises(ProtocolError, match="tracer"):
            await connect(server, abort_connect=True, connect_retry=1)
        server.on("ECHO", Sequence("something else"))
        async with await connect(server) as mux:
            assert await mux.get_database().set("key", 1)
            assert server.accepted == 3


@pytest.mark.parametrize("refusal", ["ERR unknown command 'HELLO'", "NOPROTO unsupported protocol version"])
async def test_falls_back_to_resp2(refusal: str) -> None:
    with ScriptedServer() as server:
        server.on("HELLO", Error(refusal))
        async with await connect(server) as mux:
            db = mux.get_database()
            assert await db.set("key", "value")
            assert await db.get("key") == b"value"
            assert mux.get_status()["servers"][0]["protocol"] == 2
        with pytest.raises(RedisConnectionError, match="refused RESP3, which was demanded"):
            await connect(server, protocol=3, abort_connect=True, connect_retry=1)


async def test_resp2_on_demand_says_no_hello() -> None:
    with ScriptedServer() as server:
        async with await connect(server, protocol=2) as mux:
            assert await mux.get_database().set("key", "value")
            assert server.commands("HELLO") == []


async def test_waits_while_the_server_is_loading() -> None:
    loading = Error("LOADING Redis is loading the dataset in memory")
    with ScriptedServer() as server:
        server.on("*", loading)
        with pytest.raises(BusyLoadingError):
            await connect(server, abort_connect=True, connect_retry=2)
        async with await connect(server) as mux:
            call = spawn(mux.get_database().set, "key", 1)
            seen = server.accepted
            await until(lambda: server.accepted > seen + 3)
            assert server.commands("SET") == []
            server.off()
            assert await call.result() is True


async def test_a_server_at_its_client_limit() -> None:
    with ScriptedServer() as server:
        server.on_connect(Close(Error("ERR max number of clients reached")))
        with pytest.raises(MaxClientsError):
            await connect(server, abort_connect=True, connect_retry=1)
        async with await connect(server) as mux:
            assert "MaxClientsError" in mux.get_status()["servers"][0]["interactive"]["last_error"]
            call = spawn(mux.get_database().set, "key", 1)
            server.on_connect(Raw(b""))
            assert await call.result() is True


async def test_a_real_server_at_its_client_limit(own_server: RealServer) -> None:
    async with await connect(own_server, name="first", protocol=3) as first:
        assert await first.get_database().ping()
        own_server.command("CONFIG", "SET", "maxclients", 1)
        with pytest.raises(MaxClientsError):
            await connect(own_server, abort_connect=True, connect_retry=1)
        async with await connect(own_server) as second:
            call = spawn(second.get_database().set, "key", 1)
            await first.aclose()
            assert await call.result() is True


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x50", b"-ERR no\r\n" * 40, b"*-7\r\n"]
)
async def test_somebody_who_does_not_speak_resp(greeting: bytes) -> None:
    with ScriptedServer() as server:
        server.on_connect(Close(Raw(greeting)))
        with pytest.raises(RedisConnectionError):
            await connect(server, abort_connect=True, connect_retry=1, connect_timeout=2)


@pytest.mark.parametrize("after", ["HELLO", "CLIENT ID", "INFO", "ECHO"])
@pytest.mark.parametrize("reset", [False, True])
async def test_a_connection_that_ends_in_the_middle_is_made_anew(after: str, reset: bool) -> None:
    with ScriptedServer() as server:
        server.on(after, Sequence(Close(reset=reset), Close("half of it", after_bytes=5, reset=reset)))
        async with await connect(server) as mux:
            assert await mux.get_database().set("key", "value")
            assert server.accepted == 3


async def test_what_the_server_does_not_know_is_stepped_over() -> None:
    with ScriptedServer(resp3=False) as server:
        for command in ("CLIENT", "CLIENT SETINFO", "CLIENT SETNAME", "CLIENT ID", "INFO", "CONFIG"):
            server.on(command, Error("ERR unknown command"))
        async with await connect(server, name="me") as mux:
            assert await mux.get_database().set("key", "value")
            (status,) = mux.get_status()["servers"]
            assert (status["role"], status["version"], status["databases"]) == ("unknown", None, None)


@pytest.mark.parametrize("missing", [["ECHO"], ["ECHO", "PING"], ["ECHO", "PING", "EXISTS"]])
async def test_other_tracers_where_echo_is_not_allowed(missing: list[str]) -> None:
    with ScriptedServer() as server:
        for command in missing:
            server.on(command, Error("NOPERM this user has no permissions"))
        async with await connect(server) as mux:
            assert await mux.get_database().set("key", "value")
            assert server.accepted == 1


async def test_replies_out_of_step_are_found_without_echo() -> None:
    with ScriptedServer() as server:
        server.on("ECHO", Error("NOPERM"))
        server.on("PING", "an answer to something else")
        with pytest.raises(ProtocolError, match="another command"):
            await connect(server, abort_connect=True, connect_retry=1)


# -- command maps ------------------------------------------------------------------------------------------


async def test_disabled_commands_are_not_sent() -> None:
    with ScriptedServer() as server:
        disabled = "$INFO=,$CONFIG=,$CLIENT=,$ECHO=,$HELLO=,$GET="
        async with await ConnectionMultiplexer.connect(f"{server.host}:{server.port},{disabled}") as mux:
            db = mux.get_database()
            assert await db.set("key", "value")
            with pytest.raises(CommandDisabledError, match="GET is disabled by the command map") as caught:
                await db.get("key")
            assert not caught.value.was_sent
            assert await db.mget("key") == [b"value"]
        names = {words[0] for words in server.commands()}
        assert names.isdisjoint({b"INFO", b"CONFIG", b"CLIENT", b"ECHO", b"HELLO", b"GET"})


async def test_renamed_commands(own_server: RealServer) -> None:
    own_server.kill()
    renamed = {"CONFIG": "CONF-7", "GET": "HOLEN", "ECHO": "RUF"}
    with RealServer.start("valkey", config=[f"rename-command {old} {new}" for old, new in renamed.items()]) as server:
        async with await connect(server, command_map=renamed, abort_connect=True, connect_retry=1) as mux:
            db = mux.get_database()
            await db.set("key", "value")
            assert await db.get("key") == b"value"
            assert await db.execute("get", "key") == b"value"
            assert (await mux.get_server().config_get("databases"))["databases"] == "16"
            pipe = db.pipeline()
            pipe.get("key")
            assert await pipe.execute() == [b"value"]
            assert mux.get_status()["servers"][0]["databases"] == 16
