"""The handle for one particular server."""

from __future__ import annotations

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import CommandDisabledError, DataError
from tests.servers import RealServer, ScriptedServer

from ._world import until
from .connecting import connect


async def test_it_asks_the_server_it_stands_for() -> None:
    with ScriptedServer() as first, ScriptedServer() as second:
        configuration = f"{first.host}:{first.port},{second.host}:{second.port}"
        async with await ConnectionMultiplexer.connect(configuration) as mux:
            await until(lambda: all(server.is_connected for server in mux.get_servers()))
            for server in (first, second):
                server.clear()
                handle = mux.get_server(f"{server.host}:{server.port}")
                assert (await handle.info())["tcp_port"] == server.port
                assert server.commands("INFO")
            assert [handle.endpoint for handle in mux.get_servers()] == configuration.split(",")
            second.stop_listening()
            second.close_connections()
            handles = mux.get_servers()
            await until(lambda: [handle.is_connected for handle in handles] == [True, False])


async def test_commands_go_to_a_connected_primary() -> None:
    with ScriptedServer(role="slave") as replica, ScriptedServer() as primary, ScriptedServer() as away:
        away.stop_listening()
        endpoints = [(server.host, server.port) for server in (replica, away, primary)]
        async with await ConnectionMultiplexer.connect("localhost", endpoints=endpoints) as mux:
            await until(lambda: [handle.is_connected for handle in mux.get_servers()] == [True, False, True])
            for number in range(5):
                await mux.get_database().set("key", number)
            assert len(primary.commands("SET")) == 5
            assert replica.commands("SET") == []


async def test_basics(mux: ConnectionMultiplexer, server: RealServer) -> None:
    handle = mux.get_server()
    assert await handle.ping()
    assert (await handle.info("server"))["run_id"] == server.info("server")["run_id"]
    assert (await handle.config_get("databases"))["databases"] == "16"
    assert await handle.execute("CONFIG GET", "databases", decode=True) in (
        {"databases": "16"},
        ["databases", "16"],
    )
    assert f"{server.host}:{server.port}" in repr(handle)
    own = mux.get_status()["servers"][0]["interactive"]["client_id"]
    assert int(await handle.client_id()) == own


async def test_admin_commands_need_to_be_allowed(server: RealServer) -> None:
    async with await connect(server, allow_admin=False) as mux:
        server.command("SET", "key", 1)
        for call in (mux.get_server().flushall, mux.get_database().flushdb):
            with pytest.raises(CommandDisabledError, match="allowAdmin"):
                await call()
        assert server.command("EXISTS", "key") == 1
        assert await mux.get_server().ping()
    async with await connect(server, allow_admin=True) as mux:
        assert await mux.get_server().flushall()
        assert server.command("EXISTS", "key") == 0


async def test_a_server_nobody_knows(mux: ConnectionMultiplexer) -> None:
    with pytest.raises(DataError, match="is not a server of this multiplexer"):
        mux.get_server("10.0.0.1:1")
