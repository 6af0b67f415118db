"""Several logical databases over one connection."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import CommandDisabledError, ResponseError
from tests.conftest import Target
from tests.servers import RealServer, ScriptedServer

from ._world import gather, until
from .connecting import connect


async def test_each_handle_sees_its_own_database(mux: ConnectionMultiplexer, server: RealServer) -> None:
    async def work(index: int) -> bool:
        db = mux.get_database(index)
        right = True
        for number in range(30):
            await db.set("key", f"{index}-{number}")
            right = right and await db.get("key") == f"{index}-{number}".encode()
        return right

    assert await gather(*[partial(work, index) for index in range(16)]) == [True] * 16
    assert mux.get_counters()[0].interactive.socket_count == 1
    keyspace = server.info("keyspace")
    assert {name for name in keyspace if name.startswith("db")} == {f"db{index}" for index in range(16)}


async def test_a_database_that_is_not_there_is_never_mistaken_for_another(
    mux: ConnectionMultiplexer, server: RealServer
) -> None:
    missing, other = mux.get_database(4711), mux.get_database(3)
    await other.set("key", "there")

    async def write(index: int) -> str:
        try:
            await missing.set(f"key-{index}", 1)
        except ResponseError as error:
            return str(error)
        return "written"

    async def read(index: int) -> bytes | None:
        return await other.get("key")

    refusals = await gather(*[partial(write, index) for index in range(20)], *[partial(read, 0)] * 20)
    assert all("out of range" in text for text in refusals[:20])
    assert refusals[20:] == [b"there"] * 20
    assert server.command("INFO", "keyspace").count(b"keys=") == 1
    assert b"db3:keys=1" in server.command("INFO", "keyspace")
    with pytest.raises(ResponseError, match="out of range"):
        await missing.get("key")


async def test_the_selected_database_is_known_after_a_reconnect(own_server: RealServer, target: Target) -> None:
    async with await connect(own_server, protocol=target.protocol, default_database=2) as mux:
        first, second = mux.get_database(), mux.get_database(7)
        await second.set("key", "seven")
        await first.set("key", "two")
        for _ in range(3):
            await second.get("key")
            own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await until(lambda: mux.is_connected)
            assert await first.get("key") == b"two"
            assert await second.get("key") == b"seven"


async def test_select_goes_out_only_when_the_database_changes() -> None:
    with ScriptedServer() as server:
        async with await connect(server) as mux:
            for _ in range(3):
                await mux.get_database(1).set("key", 1)
            assert await mux.get_database(1).ping()
            for _ in range(3):
                await mux.get_database(2).set("key", 2)
            assert [words[1] for words in server.commands("SELECT")] == [b"1", b"2"]
            assert server.behaviour.databases[1] == {b"key": b"1"}
            assert server.behaviour.databases[2] == {b"key": b"2"}


async def test_select_cannot_be_sent_by_hand(mux: ConnectionMultiplexer) -> None:
    with pytest.raises(CommandDisabledError, match="get_database"):
        await mux.get_database().execute("SELECT", 1)
