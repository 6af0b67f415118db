"""Replicas that name their primary: Valkey's REDIRECT."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import ReadOnlyError, RedirectError
from multiplexer.retry import ConstantBackoff
from tests.servers import Error, RealServer, ScriptedServer, require_kind

from ._world import until

QUICK: dict[str, Any] = {"timeout": 20.0, "reconnect_backoff": ConstantBackoff(0.05)}


@pytest.fixture
def old() -> Iterator[ScriptedServer]:
    """A server that was the primary, and whose client has not heard yet that it is none."""
    with ScriptedServer(kind="valkey", version="9.1.0") as server:
        yield server


@pytest.fixture
def new() -> Iterator[ScriptedServer]:
    """The primary, which its client takes for a replica."""
    with ScriptedServer(kind="valkey", version="9.1.0", role="slave") as server:
        server.on("SET", b"OK")
        yield server


def at(server: ScriptedServer | RealServer) -> str:
    return f"{server.host}:{server.port}"


async def test_a_write_follows_at_once(old: ScriptedServer, new: ScriptedServer) -> None:
    async with await ConnectionMultiplexer.connect(f"{at(old)},{at(new)}", **QUICK) as mux:
        await until(lambda: all(server.is_connected for server in mux._coordinator.servers))
        old.on("SET", Error(f"REDIRECT {at(new)}"))
        assert await mux.get_database().set("key", "value")
        assert [args[1] for args in new.commands("SET")] == [b"key"]
        assert len(old.commands("SET")) == 1
        assert mux.get_counters()[0].interactive.retried == 1


async def test_who_is_meant_stays_where_it_is(old: ScriptedServer, new: ScriptedServer) -> None:
    async with await ConnectionMultiplexer.connect(f"{at(old)},{at(new)}", **QUICK) as mux:
        old.on("SET", Error(f"REDIRECT {at(new)}"))
        with pytest.raises(RedirectError) as caught:
            await mux.get_server(at(old)).execute("SET", "key", "value")
        assert caught.value.node_addr == (new.host, new.port)
        assert new.commands("SET") == []


@pytest.mark.parametrize("said", ["REDIRECT 127.0.0.1:1", "REDIRECT", "REDIRECT nowhere", "REDIRECT :0"])
async def test_one_who_is_not_known_is_not_followed(old: ScriptedServer, said: str) -> None:
    """Its address may be one that only servers know."""
    async with await ConnectionMultiplexer.connect(at(old), **QUICK) as mux:
        old.on("SET", Error(said))
        with pytest.raises(ReadOnlyError):
            await mux.get_database().set("key", "value")
        assert len(mux.get_servers()) == 1


@pytest.mark.parametrize(
    ("kind", "version", "asked"), [("valkey", "8.0.0", True), ("valkey", "7.2.5", False), ("redis", "8.2.0", False)]
)
async def test_only_servers_that_know_it_are_asked(kind: str, version: str, asked: bool) -> None:
    with ScriptedServer(kind=kind, version=version) as server:
        async with await ConnectionMultiplexer.connect(at(server), **QUICK) as mux:
            await mux.get_subscriber().subscribe("channel")
            capa = [args for args in server.commands("CLIENT") if args[1] == b"CAPA"]
            assert len(capa) == len(server.commands("READONLY")) == asked


async def test_a_real_replica_names_its_primary(own_server: RealServer) -> None:
    require_kind("valkey")
    with RealServer.start("valkey") as primary:
        own_server.command("REPLICAOF", primary.host, str(primary.port))
        await until(lambda: "master_link_status:up" in str(own_server.command("INFO", "replication")))
        async with await ConnectionMultiplexer.connect(at(own_server), **QUICK) as mux:
            server = mux.get_server(at(own_server))
            assert await server.execute("GET", "key") is None  # who can be redirected may read there as before
            with pytest.raises(RedirectError) as caught:
                await server.execute("SET", "key", "value")
            assert caught.value.node_addr == (primary.host, primary.port)
