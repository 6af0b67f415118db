# Generated from tests/asyncio/test_hash_imports.py by scripts/generate_blocking.py; change that file instead.
"""HIMPORT: connections are told of fields when they first carry a command with them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer import GroupOptions, Member
from multiplexer.blocking import ConnectionGroup
from multiplexer.errors import CommandDisabledError, DataError, NoSuchFieldsetError, ResponseError
from tests.servers import OK, Error, ScriptedServer, Shard, ask, moved

from ._world import gather, until
from .connecting import connect

Words = tuple[bytes, ...]


class Importing(ScriptedServer):
    """A server that knows HIMPORT, and keeps hashes as they are set."""

    def __init__(self) -> None:
        super().__init__(version="8.10.0")
        self.hashes: dict[bytes, dict[bytes, bytes]] = {}
        #: Keys that it takes though its cluster's map says otherwise.
        self.given: set[bytes] = set()
        self.fieldsets: dict[Any, dict[bytes, Words]] = {}
        self.on("HIMPORT PREPARE", self._prepare)
        self.on("HIMPORT SET", self._set)
        self.on("HIMPORT DISCARD", self._discard)
        self.on("EXEC", self._exec)

    def _prepare(self, connection: Any, args: Words) -> Any:
        self.fieldsets.setdefault(connection, {})[args[2]] = args[3:]
        return OK

    def _set(self, connection: Any, args: Words) -> Any:
        if connection.queued is not None:
            connection.queued.append(args)
            return b"QUEUED"
        refusal = None if args[2] in self.given else self.behaviour._moved(self, args[2])
        if refusal is not None:
            return refusal
        fields = self.fieldsets.get(connection, {}).get(args[3])
        if fields is None:
            return Error("ERR no such fieldset")
        self.hashes[args[2]] = dict(zip(fields, args[4:], strict=True))
        return OK

    def _discard(self, connection: Any, args: Words) -> Any:
        return int(self.fieldsets.get(connection, {}).pop(args[2], None) is not None)

    def _exec(self, connection: Any, _: Words) -> Any:
        queued, connection.queued = connection.queued, None
        return [self._set(connection, args) for args in queued]

    def told(self) -> list[list[bytes]]:
        """The sub commands of HIMPORT so far, with what comes after them."""
        return [list(args[1:]) for args in self.commands("HIMPORT")]


@pytest.fixture
def importing() -> Iterator[Importing]:
    with Importing() as server:
        yield server


def test_a_connection_is_told_once(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        assert db.himport_prepare("user", ["name", b"age"]) is True
        assert importing.told() == []
        assert db.himport_set("u:1", "user", ["Ann", 41]) is True
        assert db.himport_set("u:2", "user", ["Bob", 7.5]) is True
        assert importing.hashes == {
            b"u:1": {b"name": b"Ann", b"age": b"41"},
            b"u:2": {b"name": b"Bob", b"age": b"7.5"},
        }
        assert [words[0] for words in importing.told()] == [b"PREPARE", b"SET", b"SET"]
        # Handles of the same multiplexer share what names stand for.
        view = mux.get_database(2).with_options(key_prefix="app:", decode=True)
        assert view.himport_set("u:3", "user", ["Cyd", 1])
        assert importing.hashes[b"app:u:3"] == {b"name": b"Cyd", b"age": b"1"}
        assert importing.connections[0].database == 2


def test_every_connection_is_told(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        db.himport_set("u:1", "user", ["Ann"])
        importing.close_connections()
        until(lambda: not mux.is_connected)
        db.himport_set("u:2", "user", ["Bob"])
        assert [words[0] for words in importing.told()] == [b"PREPARE", b"SET", b"PREPARE", b"SET"]
        assert importing.hashes[b"u:2"] == {b"name": b"Bob"}


def test_a_name_that_comes_to_stand_for_other_fields(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        db.himport_set("u:1", "user", ["Ann"])
        db.himport_prepare("user", ["first", "last"])
        db.himport_set("u:2", "user", ["Ann", "Lee"])
        assert importing.hashes[b"u:2"] == {b"first": b"Ann", b"last": b"Lee"}
        assert [words[0] for words in importing.told()] == [b"PREPARE", b"SET", b"DISCARD", b"PREPARE", b"SET"]
        assert [len(known) for known in importing.fieldsets.values()] == [1]
        assert db.himport_discard("user") == 1
        assert db.himport_discard("user") == 0
        with pytest.raises(DataError, match="was not prepared"):
            db.himport_set("u:3", "user", ["Ann", "Lee"])
        db.himport_prepare("a", ["x"])
        db.himport_prepare("b", ["x"])
        assert db.himport_discard_all() == 2


def test_many_callers_at_once(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        assert gather(*[partial(db.himport_set, f"u:{n}", "user", [n]) for n in range(50)]) == [True] * 50
        assert importing.hashes == {b"u:%d" % n: {b"name": b"%d" % n} for n in range(50)}
        assert [words[0] for words in importing.told()].count(b"PREPARE") == 1


def test_a_server_that_has_forgotten_is_told_once_more(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        db.himport_set("u:1", "user", ["Ann"])
        importing.fieldsets.clear()
        assert db.himport_set("u:2", "user", ["Bob"])
        assert importing.hashes[b"u:2"] == {b"name": b"Bob"}
        assert [words[0] for words in importing.told()] == [b"PREPARE", b"SET", b"SET", b"PREPARE", b"SET"]
        importing.on("HIMPORT SET", Error("ERR no such fieldset"))
        importing.clear()
        with pytest.raises(NoSuchFieldsetError):
            db.himport_set("u:3", "user", ["Cyd"])
        assert [words[0] for words in importing.told()] == [b"SET", b"PREPARE", b"SET"]


def test_fields_that_a_server_does_not_take(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        importing.on("HIMPORT PREPARE", Error("NOPERM User default has no permissions to run 'himport|prepare'"))
        for _ in range(2):
            importing.clear()
            with pytest.raises(NoSuchFieldsetError) as caught:
                db.himport_set("u:1", "user", ["Ann"])
            assert "NOPERM" in str(caught.value.__cause__)
            assert [words[0] for words in importing.told()] == [b"PREPARE", b"SET"]


def test_batches_and_transactions(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        db.himport_prepare("place", ["city", "street"])
        batch = db.batch()
        first: Any = batch.himport_set("u:1", "user", ["Ann"])
        batch.himport_set("p:1", "place", ["Rome", "Via"])
        batch.get("k")
        assert batch.execute() == [True, True, None]
        assert first.result() is True
        assert importing.hashes == {b"u:1": {b"name": b"Ann"}, b"p:1": {b"city": b"Rome", b"street": b"Via"}}
        pipe: Any = db.pipeline()
        assert pipe.himport_set("u:2", "user", ["Bob"]).execute() == [True]
        tx = db.transaction()
        tx.himport_set("u:3", "user", ["Cyd"])
        assert tx.execute().results == [True]
        assert {b"u:2", b"u:3"} <= set(importing.hashes)


def test_on_a_connection_of_its_own(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        with db.watch("k") as tx:
            assert tx.himport_set("u:1", "user", ["Ann"]) is True
            tx.multi()
            tx.himport_set("u:2", "user", ["Bob"])
            assert tx.execute() == [True]
        assert set(importing.hashes) == {b"u:1", b"u:2"}
        large = connect(importing, lease_above=1000)
        with large:
            db = large.get_database()
            db.himport_prepare("user", ["name"])
            assert db.himport_set("u:3", "user", ["x" * 100_000])
            assert large.get_counters()[0].leased.socket_count == 0
        assert len(importing.hashes[b"u:3"][b"name"]) == 100_000


@pytest.fixture
def shards() -> Iterator[list[Importing]]:
    """Two servers that share the slots of a cluster."""
    with Importing() as first, Importing() as second:
        cluster = [Shard([(0, 8191)], [first]), Shard([(8192, 16383)], [second])]
        first.behaviour.cluster = second.behaviour.cluster = cluster
        yield [first, second]


def test_every_server_of_a_cluster_is_told(shards: list[Importing]) -> None:
    first, second = shards
    with connect(first) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        for key in ("a", "b", "c"):  # slots 15495, 3300 and 7365
            assert db.himport_set(key, "user", [key])
        assert (set(first.hashes), set(second.hashes)) == ({b"b", b"c"}, {b"a"})
        batch = db.batch()
        for key in ("a2", "b2", "c2", "d2"):
            batch.himport_set(key, "user", [key])
        assert batch.execute() == [True] * 4
        assert first.hashes
        assert set(first.hashes) | set(second.hashes) == {b"a", b"b", b"c", b"a2", b"b2", b"c2", b"d2"}


@pytest.mark.parametrize("collected", [False, True])
@pytest.mark.parametrize("kind", [moved, ask])
def test_redirections_are_followed_to_servers_that_were_not_told(
    shards: list[Importing], kind: Any, collected: bool
) -> None:
    first, second = shards
    with connect(first) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        second.given.add(b"b")
        first.on("HIMPORT SET", kind(3300, second))
        if collected:
            batch = db.batch()
            batch.himport_set("b", "user", ["Bob"])
            batch.ping()
            assert batch.execute() == [True, True]
        else:
            assert db.himport_set("b", "user", ["Bob"])
        assert second.hashes == {b"b": {b"name": b"Bob"}}
        seen = [args[:2] for args in second.commands() if args[0] in (b"HIMPORT", b"ASKING")]
        asking = [(b"ASKING",)] if kind is ask else []
        assert seen == [(b"HIMPORT", b"PREPARE"), *asking, (b"HIMPORT", b"SET")]


def test_names_hold_for_all_members_of_a_group(importing: Importing) -> None:
    with Importing() as other:
        members = [
            Member(f"{server.host}:{server.port}", name, weight)
            for server, name, weight in ((importing, "east", 10.0), (other, "west", 5.0))
        ]
        options = GroupOptions(probe_interval=0.1, probe_timeout=10, failback_delay=60)
        with ConnectionGroup.connect(members, options) as group:
            db = group.get_database()
            db.himport_prepare("user", ["name"])
            assert db.himport_set("u:1", "user", ["Ann"])
            importing.stop_listening()
            importing.close_connections()
            until(lambda: group.active.name == "west")
            assert db.himport_set("u:2", "user", ["Bob"])
            assert (set(importing.hashes), set(other.hashes)) == ({b"u:1"}, {b"u:2"})


def test_with_high_integrity(importing: Importing) -> None:
    with connect(importing, high_integrity=True) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name"])
        assert db.himport_set("u:1", "user", ["Ann"])
        assert db.himport_set("u:2", "user", ["Bob"])
        assert set(importing.hashes) == {b"u:1", b"u:2"}


def test_servers_that_do_not_know_it() -> None:
    with ScriptedServer() as server:
        with connect(server) as mux:
            db = mux.get_database()
            db.himport_prepare("user", ["name"])
            with pytest.raises(ResponseError, match="unknown command"):
                db.himport_set("u:1", "user", ["Ann"])
            assert db.set("k", "v")


def test_a_proxy_refuses() -> None:
    with ScriptedServer() as server:
        with connect(server, proxy="envoyproxy") as mux:
            db = mux.get_database()
            db.himport_prepare("user", ["name"])
            with pytest.raises(CommandDisabledError, match="HIMPORT SET"):
                db.himport_set("u:1", "user", ["Ann"])


@pytest.mark.parametrize(
    ("name", "fields", "message"),
    [
        (5, ["a"], "fieldset_name must be text"),
        ("", ["a"], "fieldset_name must be text"),
        ("f", [], "fields must not be empty"),
        ("f", "abc", "fields must be several"),
        ("f", ["a", b"a"], "fields must differ"),
    ],
)
def test_bad_input_is_refused_at_once(importing: Importing, name: Any, fields: Any, message: str) -> None:
    with connect(importing) as mux:
        with pytest.raises(DataError, match=f"HIMPORT PREPARE: {message}"):
            mux.get_database().himport_prepare(name, fields)


def test_values_that_do_not_fit(importing: Importing) -> None:
    with connect(importing) as mux:
        db = mux.get_database()
        db.himport_prepare("user", ["name", "age"])
        for values, message in (["Ann"], "as many as the fields, 2"), ("ab", "values must be several"):
            with pytest.raises(DataError, match=message):
                db.himport_set("u:1", "user", values)
            with pytest.raises(DataError, match=message):
                db.batch().himport_set("u:1", "user", values)
        assert importing.told() == []
