# Generated from tests/asyncio/test_conditional_exec.py by scripts/generate_blocking.py; change that file instead.
"""Transactions whose conditions EXEC itself judges, as Valkey's does from 9.2 on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer import Condition
from multiplexer.blocking import Outcome
from multiplexer.errors import WrongTypeError
from tests.servers import Error, ScriptedServer

from ._world import spawn, until
from .connecting import connect


@pytest.fixture
def newest() -> Iterator[ScriptedServer]:
    with ScriptedServer(kind="valkey", version="9.2.0") as server:
        yield server


def test_exec_is_told_the_conditions(newest: ScriptedServer) -> None:
    newest.behaviour.databases[0][b"version"] = b"1"
    with connect(newest) as mux:
        tx = (
            mux.get_database()
            .transaction()
            .require(
                Condition.string_equal("version", 1),
                Condition.string_not_equal("other", b"x"),
                Condition.key_exists("version"),
                Condition.key_not_exists("lock"),
            )
        )
        queued: Any = tx.set("version", "2")
        result = tx.execute()
        assert (result.outcome, result.results, queued.result()) == (Outcome.COMMITTED, [True], True)
        assert newest.commands("EXEC") == [
            (b"EXEC", b"IFEQ", b"version", b"1", b"IFNE", b"other", b"x", b"XX", b"version", b"NX", b"lock")
        ]
        assert newest.commands("WATCH") == []
        assert mux.get_counters()[0].leased.socket_count == 0


def test_a_condition_that_fails_is_no_lost_race(newest: ScriptedServer) -> None:
    with connect(newest) as mux:
        db = mux.get_database()
        wanted, other = Condition.key_exists("missing"), Condition.key_not_exists("lock")
        tx = db.transaction().require(wanted)
        tx.set("k", "v")
        result = tx.execute()
        assert (result.outcome, result.results, result.failed) == (Outcome.CONDITION_FAILED, [], (wanted,))
        tx.require(wanted, other)  # it begins anew
        tx.set("k", "v")
        result = tx.execute()
        assert result.failed == (wanted, other)  # the server does not say which of them
        assert db.get("k") is None
        assert newest.commands("WATCH") == []


def test_keys_of_conditions_have_the_prefix(newest: ScriptedServer) -> None:
    with connect(newest) as mux:
        tx = mux.get_database().with_options(key_prefix="app:").transaction()
        tx.require(Condition.key_not_exists("k")).set("k", "v")
        assert tx.execute()
        assert newest.commands("EXEC") == [(b"EXEC", b"NX", b"app:k")]
        assert newest.behaviour.databases[0] == {b"app:k": b"v"}


def test_the_database_is_the_handles_own(newest: ScriptedServer) -> None:
    newest.behaviour.databases[3][b"k"] = b"v"
    with connect(newest) as mux:
        tx = mux.get_database(3).transaction().require(Condition.string_equal("k", "v"))
        tx.set("k", "w")
        assert tx.execute()
        assert newest.behaviour.databases[3] == {b"k": b"w"}
        assert mux.get_database().get("k") is None


@pytest.mark.parametrize(
    "conditions",
    [
        [Condition.key_not_exists("k"), Condition.string_length("k", equal=0)],
        [Condition.string_equal("k", None)],  # a key of another kind is an error to GET and none to NX
        [Condition("is there", bool, "EXISTS", "k")],
    ],
)
def test_conditions_that_exec_does_not_know_are_watched(
    newest: ScriptedServer, conditions: list[Condition]
) -> None:
    with connect(newest) as mux:
        for name in ("STRLEN", "EXISTS"):
            newest.on(name, 0 if len(conditions) == 2 else 1)
        tx = mux.get_database().transaction().require(*conditions)
        tx.set("k", "v")
        assert tx.execute().outcome is Outcome.COMMITTED
        assert len(newest.commands("WATCH")) == 1
        assert newest.commands("EXEC") == [(b"EXEC",)]


def test_older_servers_watch() -> None:
    with ScriptedServer(kind="valkey", version="9.1.9") as server:
        with connect(server) as mux:
            tx = mux.get_database().transaction().require(Condition.key_not_exists("k"))
            tx.set("k", "v")
            assert tx.execute()
            assert len(server.commands("WATCH")) == 1
            assert server.commands("EXEC") == [(b"EXEC",)]


def test_an_older_server_that_takes_the_place_of_a_newer_is_never_told(newest: ScriptedServer) -> None:
    """It would refuse the EXEC and stay within MULTI: whatever came behind would be answered with QUEUED."""
    with connect(newest) as mux:
        db = mux.get_database()
        newest.stop_listening()
        newest.close_connections()
        until(lambda: not mux.is_connected)
        tx = db.transaction().require(Condition.key_not_exists("k"))
        tx.set("k", "v")
        executed = spawn(tx.execute)
        until(lambda: mux.get_counters()[0].interactive.pending_unsent_items == 1)
        newest.behaviour.version = "9.1.0"
        newest.start_listening()
        result = executed.result()
        assert (result.outcome, result.results) == (Outcome.COMMITTED, [True])
        assert len(newest.commands("WATCH")) == 1
        assert newest.commands("EXEC") == [(b"EXEC",)]
        assert db.get("k") == b"v"


def test_an_error_of_a_condition_is_raised(newest: ScriptedServer) -> None:
    with connect(newest) as mux:
        newest.on("EXEC", Error("WRONGTYPE Operation against a key holding the wrong kind of value"))
        tx = mux.get_database().transaction().require(Condition.string_equal("k", "v"))
        tx.set("k", "v")
        with pytest.raises(WrongTypeError):
            tx.execute()
