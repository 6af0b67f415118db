# Generated from tests/asyncio/test_server_handle.py by scripts/generate_blocking.py; change that file instead.
"""The handle for one particular server."""

from __future__ import annotations

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.errors import CommandDisabledError, DataError
from tests.servers import RealServer, ScriptedServer

from ._world import until
from .connecting import connect


def test_it_asks_the_server_it_stands_for() -> None:
    with ScriptedServer() as first, ScriptedServer() as second:
        configuration = f"{first.host}:{first.port},{second.host}:{second.port}"
        with ConnectionMultiplexer.connect(configuration) as mux:
            until(lambda: all(server.is_connected for server in mux.get_servers()))
            for server in (first, second):
                server.clear()
                handle = mux.get_server(f"{server.host}:{server.port}")
                assert handle.info()["tcp_port"] == server.port
                assert server.commands("INFO")
            assert [handle.endpoint for handle in mux.get_servers()] == configuration.split(",")
            second.stop_listening()
            second.close_connections()
            handles = mux.get_servers()
            until(lambda: [handle.is_connected for handle in handles] == [True, False])


def test_commands_go_to_a_connected_primary() -> None:
    with ScriptedServer(role="slave") as replica, ScriptedServer() as primary, ScriptedServer() as away:
        away.stop_listening()
        endpoints = [(server.host, server.port) for server in (replica, away, primary)]
        with ConnectionMultiplexer.connect("localhost", endpoints=endpoints) as mux:
            until(lambda: [handle.is_connected for handle in mux.get_servers()] == [True, False, True])
            for number in range(5):
                mux.get_database().set("key", number)
            assert len(primary.commands("SET")) == 5
            assert replica.commands("SET") == []


def test_basics(mux: ConnectionMultiplexer, server: RealServer) -> None:
    handle = mux.get_server()
    assert handle.ping()
    assert handle.info("server")["run_id"] == server.info("server")["run_id"]
    assert handle.config_get("databases")["databases"] == "16"
    assert handle.execute("CONFIG GET", "databases", decode=True) in (
        {"databases": "16"},
        ["databases", "16"],
    )
    assert f"{server.host}:{server.port}" in repr(handle)
    own = mux.get_status()["servers"][0]["interactive"]["client_id"]
    assert int(handle.client_id()) == own


def test_admin_commands_need_to_be_allowed(server: RealServer) -> None:
    with connect(server, allow_admin=False) as mux:
        server.command("SET", "key", 1)
        for call in (mux.get_server().flushall, mux.get_database().flushdb):
            with pytest.raises(CommandDisabledError, match="allowAdmin"):
                call()
        assert server.command("EXISTS", "key") == 1
        assert mux.get_server().ping()
    with connect(server, allow_admin=True) as mux:
        assert mux.get_server().flushall()
        assert server.command("EXISTS", "key") == 0


def test_a_server_nobody_knows(mux: ConnectionMultiplexer) -> None:
    with pytest.raises(DataError, match="is not a server of this multiplexer"):
        mux.get_server("10.0.0.1:1")
