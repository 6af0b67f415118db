# Generated from tests/asyncio/test_databases.py by scripts/generate_blocking.py; change that file instead.
"""Several logical databases over one connection."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.errors import CommandDisabledError, ResponseError
from tests.conftest import Target
from tests.servers import RealServer, ScriptedServer

from ._world import gather, until
from .connecting import connect


def test_each_handle_sees_its_own_database(mux: ConnectionMultiplexer, server: RealServer) -> None:
    def work(index: int) -> bool:
        db = mux.get_database(index)
        right = True
        for number in range(30):
            db.set("key", f"{index}-{number}")
            right = right and db.get("key") == f"{index}-{number}".encode()
        return right

    assert gather(*[partial(work, index) for index in range(16)]) == [True] * 16
    assert mux.get_counters()[0].interactive.socket_count == 1
    keyspace = server.info("keyspace")
    assert {name for name in keyspace if name.startswith("db")} == {f"db{index}" for index in range(16)}


def test_a_database_that_is_not_there_is_never_mistaken_for_another(
    mux: ConnectionMultiplexer, server: RealServer
) -> None:
    missing, other = mux.get_database(4711), mux.get_database(3)
    other.set("key", "there")

    def write(index: int) -> str:
        try:
            missing.set(f"key-{index}", 1)
        except ResponseError as error:
            return str(error)
        return "written"

    def read(index: int) -> bytes | None:
        return other.get("key")

    refusals = gather(*[partial(write, index) for index in range(20)], *[partial(read, 0)] * 20)
    assert all("out of range" in text for text in refusals[:20])
    assert refusals[20:] == [b"there"] * 20
    assert server.command("INFO", "keyspace").count(b"keys=") == 1
    assert b"db3:keys=1" in server.command("INFO", "keyspace")
    with pytest.raises(ResponseError, match="out of range"):
        missing.get("key")


def test_the_selected_database_is_known_after_a_reconnect(own_server: RealServer, target: Target) -> None:
    with connect(own_server, protocol=target.protocol, default_database=2) as mux:
        first, second = mux.get_database(), mux.get_database(7)
        second.set("key", "seven")
        first.set("key", "two")
        for _ in range(3):
            second.get("key")
            own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            until(lambda: mux.is_connected)
            assert first.get("key") == b"two"
            assert second.get("key") == b"seven"


def test_select_goes_out_only_when_the_database_changes() -> None:
    with ScriptedServer() as server:
        with connect(server) as mux:
            for _ in range(3):
                mux.get_database(1).set("key", 1)
            assert mux.get_database(1).ping()
            for _ in range(3):
                mux.get_database(2).set("key", 2)
            assert [words[1] for words in server.commands("SELECT")] == [b"1", b"2"]
            assert server.behaviour.databases[1] == {b"key": b"1"}
            assert server.behaviour.databases[2] == {b"key": b"2"}


def test_select_cannot_be_sent_by_hand(mux: ConnectionMultiplexer) -> None:
    with pytest.raises(CommandDisabledError, match="get_database"):
        mux.get_database().execute("SELECT", 1)
