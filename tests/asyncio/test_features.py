"""What servers can do: by their version, and asked where that does not say."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.errors import CommandDisabledError, DataError, RedisError
from tests.servers import RealServer, ScriptedServer

from ._world import until
from .connecting import connect


async def test_versions_say_what_real_servers_have(mux: ConnectionMultiplexer, server: RealServer) -> None:
    features = mux.get_server().features
    # Not told of: the sub commands of DEBUG, which it takes for arguments.
    listed = {"DEBUG OBJECT"} | {name.decode().upper().replace("|", " ") for name in server.command("COMMAND", "LIST")}
    known = {name: features.supports(name) for name in COMMANDS}
    assert sum(has_it is not None for has_it in known.values()) > 400
    assert {name for name, has_it in known.items() if has_it} - listed == set()
    assert {name for name, has_it in known.items() if has_it is False} & listed == set()
    # What no version tells is asked, and never said to be missing unasked.
    assert {name for name, has_it in known.items() if has_it is None and name in listed} == set()


async def test_options_are_those_that_real_servers_take(mux: ConnectionMultiplexer, server: RealServer) -> None:
    features = mux.get_server().features
    has_it: dict[str, bool] = {}
    for name, words in {
        "SET IFEQ": "SET features-k v IFEQ w",
        "SET IFNE": "SET features-k v IFNE w",
        "SISMEMBER XX": "SISMEMBER features-k m XX",
        "ZRANGE XX": "ZRANGE features-k 0 1 XX",
        "MOVE REPLACE": "MOVE features-k 1 REPLACE",
        "SET KEEPTTL": "SET features-k v KEEPTTL",
    }.items():
        await mux.get_database().delete("features-k")
        try:
            await mux.get_database().execute(*words.split())
            has_it[name] = True
        except RedisError:
            has_it[name] = False
    assert {name: features.supports(name) for name in has_it} == has_it


async def test_what_no_version_tells_is_asked_once(mux: ConnectionMultiplexer, server: RealServer) -> None:
    handle = mux.get_server()
    before = _times_asked(server)
    assert handle.features.supports("JSON.SET") is None
    assert await handle.supports("JSON.SET") is False
    assert handle.features.supports("json.set") is False
    assert await handle.supports("json.set") is False
    assert _times_asked(server) == before + 1
    assert await handle.supports("GET") is True
    assert await handle.supports("config get") is True
    assert _times_asked(server) == before + 1


def _times_asked(server: RealServer) -> int:
    found: str = server.info("commandstats").get("cmdstat_command|info", "calls=0,")
    return int(found.removeprefix("calls=").partition(",")[0])


@pytest.mark.parametrize(
    ("said", "supported", "missing"),
    [
        ({"kind": "redis", "version": "8.8.0"}, ["XNACK", "SET IFNE", "XADD IDMP"], ["CLUSTERSCAN", "HIMPORT SET"]),
        ({"kind": "redis", "version": "8.10.1"}, ["HIMPORT SET", "XREAD MAXCOUNT"], ["EXEC IFEQ", "DELIFEQ"]),
        ({"kind": "valkey", "version": "9.2.0"}, ["EXEC IFEQ", "XACKDEL", "CLUSTERSCAN"], ["XNACK", "SET IFDEQ"]),
        ({"kind": "valkey", "version": "9.1.3"}, ["CLUSTERSCAN", "SET IFEQ"], ["EXEC IFEQ", "XACKDEL", "VADD"]),
    ],
)
async def test_kind_and_version_decide(said: dict[str, str], supported: list[str], missing: list[str]) -> None:
    with ScriptedServer(**said) as server:
        async with await connect(server) as mux:
            features = mux.get_server().features
            assert (features.server, features.version) == (
                said["kind"],
                tuple(int(part) for part in said["version"].split(".")),
            )
            assert [name for name in supported if features.supports(name) is not True] == []
            assert [name for name in missing if features.supports(name) is not False] == []
            assert repr(features) == f"<Features {said['kind']} {said['version']}>"


async def test_another_version_is_known_once_it_is_connected() -> None:
    with ScriptedServer(kind="valkey", version="9.1.0", run_id="one") as server:
        server.on("COMMAND INFO", [None])
        async with await connect(server) as mux:
            handle = mux.get_server()
            assert handle.features.supports("EXEC IFEQ") is False
            assert await handle.supports("JSON.SET") is False
            server.behaviour.version = "9.2.0"
            server.behaviour.run_id = "two"
            server.on("COMMAND INFO", [[b"json.set"]])
            server.close_connections()
            await until(lambda: handle.features.supports("EXEC IFEQ") is True)
            assert handle.features.supports("JSON.SET") is None
            assert await handle.supports("JSON.SET") is True


async def test_servers_of_another_kind_are_asked() -> None:
    with ScriptedServer(kind="other", version="9.9.9") as server:
        server.on("COMMAND INFO", lambda _, args: [[args[2]] if args[2] == b"xnack" else None])
        async with await connect(server) as mux:
            handle = mux.get_server()
            assert handle.features.supports("XNACK") is None
            assert await handle.supports("XNACK") is True
            assert await handle.supports("GETEX") is False
            assert await handle.supports("SET IFEQ") is False  # no command tells of options
            assert server.commands("COMMAND") == [(b"COMMAND", b"INFO", b"xnack"), (b"COMMAND", b"INFO", b"getex")]


@pytest.mark.parametrize("what", ["", "  ", "SET FOO", 5])
async def test_what_makes_no_sense_is_refused(mux: ConnectionMultiplexer, what: Any) -> None:
    with pytest.raises(DataError, match="supports: what must "):
        mux.get_server().features.supports(what)
    with pytest.raises(DataError, match="supports: what must "):
        await mux.get_server().supports(what)


async def test_a_server_that_cannot_be_asked(server: RealServer) -> None:
    async with await connect(server, command_map={"COMMAND": None}) as mux:
        assert await mux.get_server().supports("GET") is True
        with pytest.raises(CommandDisabledError, match="disabled by the command map"):
            await mux.get_server().supports("JSON.SET")
