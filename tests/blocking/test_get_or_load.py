# Generated from tests/asyncio/test_get_or_load.py by scripts/generate_blocking.py; change that file instead.
"""Values that are made where they are missing: by one caller for all, and never kept when they were overtaken."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.blocking import loader as loading
from multiplexer.errors import DataError, WrongTypeError
from tests.servers import RealServer

from ._world import Event, gather, sleep, spawn, until
from .connecting import connect


class Loader:
    """Makes a value when it is told to, and counts how often it was asked."""

    def __init__(self, *values: Any, held: bool = False) -> None:
        self.values = list(values)
        self.asked = 0
        self.called = Event()
        self.free = Event()
        if not held:
            self.free.set()

    def __call__(self) -> Any:
        """Return the next value, or raise it; the last one again and again."""
        self.asked += 1
        self.called.set()
        self.free.wait()
        value = self.values.pop(0) if len(self.values) > 1 else self.values[0]
        if isinstance(value, Exception):
            raise value
        return value


@pytest.fixture
def processes(server: RealServer) -> Iterator[list[Database[bytes]]]:
    """Handles of several multiplexers, as several processes would have them."""
    one = connect(server, protocol=3)
    two = connect(server, protocol=3)
    three = connect(server, protocol=2)
    yield [
        one.get_database(cached=True),
        two.get_database(cached=True),
        two.get_database(),
        three.get_database(cached=True),  # where servers tell of nothing
    ]
    for mux in (one, two, three):
        mux.close()


@pytest.mark.parametrize("cached", [True, False])
def test_what_is_missing_is_made_and_kept(mux: ConnectionMultiplexer, server: RealServer, cached: bool) -> None:
    db = mux.get_database(cached=cached)
    text = mux.get_database(decode=True, cached=cached)
    loader = Loader("Ada")
    assert db.get_or_load("k", loader=loader, ttl=100) == b"Ada"
    assert db.get_or_load("k", loader=loader, ttl=100) == b"Ada"
    assert text.get_or_load(b"k", loader=loader, ttl=100) == "Ada"
    assert loader.asked == 1
    assert server.command("GET", "k") == b"Ada"  # for everybody to read
    assert 90_000 < server.command("PTTL", "k") <= 100_000
    assert db.get_or_load("n", loader=lambda: 17, ttl=0.05) == b"17"
    assert text.get_or_load("e", loader=lambda: b"", ttl=1) == ""
    assert text.get_or_load("e", loader=loader, ttl=1) == ""
    prefixed = db.with_options(key_prefix="p:")
    assert prefixed.get_or_load("k", loader=lambda: 1.5, ttl=1) == b"1.5"
    assert server.command("GET", "p:k") == b"1.5"


def test_what_has_expired_is_made_again(db: Database[bytes]) -> None:
    loader = Loader(1, 2)
    assert db.get_or_load("k", loader=loader, ttl=0.05) == b"1"

    def again() -> bool:
        return db.get_or_load("k", loader=loader, ttl=60) == b"2"

    until(again)
    assert loader.asked == 2


def test_of_all_callers_in_all_processes_one_makes_it(processes: list[Database[bytes]]) -> None:
    loader = Loader("made", held=True)
    calls = [spawn(db.get_or_load, "k", loader=loader, ttl=60) for db in processes * 10]
    loader.called.wait()
    sleep(0.05)
    loader.free.set()
    assert {call.result() for call in calls} == {b"made"}
    assert loader.asked == 1
    assert processes[0]._driver.loads == {}


def test_whoever_waits_elsewhere_is_woken_by_the_server(
    processes: list[Database[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_LATE_LOOK", 60.0)
    one, two = processes[:2]
    loader = Loader("made", held=True)
    first = spawn(one.get_or_load, "k", loader=loader, ttl=60)
    loader.called.wait()
    second = spawn(two.get_or_load, "k", loader=loader, ttl=60)
    teller = two._teller
    assert teller is not None
    until(lambda: teller._watchers)
    loader.free.set()
    assert first.result() == second.result() == b"made"
    assert teller._watchers == {}


def test_a_loader_that_fails_releases_the_others(processes: list[Database[bytes]], server: RealServer) -> None:
    one, two = processes[:2]
    failing = Loader(ValueError("no report today"), held=True)
    first = spawn(one.get_or_load, "k", loader=failing, ttl=60)
    failing.called.wait()
    joined = spawn(one.get_or_load, "k", loader=failing, ttl=60)
    elsewhere = spawn(two.get_or_load, "k", loader=lambda: "made", ttl=60)
    until(lambda: one._driver.loads[next(iter(one._driver.loads))]._waiting)
    failing.free.set()
    for call in (first, joined):
        with pytest.raises(ValueError, match="no report today"):
            call.result()
    assert elsewhere.result() == b"made"
    assert failing.asked == 1
    assert server.command("GET", "k") == b"made"


@pytest.mark.parametrize("whose", [0, 1, 2])
def test_a_loader_that_does_not_come_back_counts_as_dead(
    processes: list[Database[bytes]], server: RealServer, whose: int
) -> None:
    hanging = Loader("late", held=True)
    first = spawn(processes[0].get_or_load, "k", loader=hanging, ttl=60, load_timeout=0.2)
    hanging.called.wait()
    assert processes[whose].get_or_load("k", loader=lambda: "made", ttl=60, load_timeout=0.2) == b"made"
    hanging.free.set()
    assert first.result() == b"late"  # for whoever has waited for it, and nobody else
    assert server.command("GET", "k") in (b"made", None)  # None where that one was slower than a fifth of a second too


def test_what_took_too_long_is_said(db: Database[bytes], caplog: pytest.LogCaptureFixture) -> None:
    slow = Loader("late", held=True)
    call = spawn(db.get_or_load, "k", loader=slow, ttl=60, load_timeout=0.05)
    slow.called.wait()
    until(partial(_is_gone, db))
    slow.free.set()
    assert call.result() == b"late"
    assert "longer than load_timeout" in caplog.text
    assert db.get("k") is None


def _is_gone(db: Database[bytes]) -> bool:
    return db.get("k") is None


def test_what_was_deleted_meanwhile_is_not_kept(processes: list[Database[bytes]], server: RealServer) -> None:
    db = processes[0]
    old = Loader("old", held=True)
    first = spawn(db.get_or_load, "k", loader=old, ttl=60)
    old.called.wait()
    processes[1].delete("k")
    assert db.get_or_load("k", loader=lambda: "new", ttl=60) == b"new"
    old.free.set()
    assert first.result() == b"old"
    assert server.command("GET", "k") == b"new"
    old = Loader("old", held=True)
    first = spawn(db.get_or_load, "m", loader=old, ttl=60)
    old.called.wait()
    db.set("m", "written")
    assert db.get_or_load("m", loader=old, ttl=60) == b"written"
    old.free.set()
    assert first.result() == b"old"
    assert server.command("GET", "m") == b"written"


def test_that_there_is_none_is_kept_as_long_as_wanted(
    processes: list[Database[bytes]], server: RealServer
) -> None:
    loader = Loader(None)
    one, two = processes[:2]
    assert one.get_or_load("k", loader=loader, ttl=60) is None
    assert one.get_or_load("k", loader=loader, ttl=60) is None
    assert loader.asked == 2
    assert one.exists("k") == 0
    assert one.get_or_load("k", loader=loader, ttl=60, negative_ttl=60) is None
    assert two.get_or_load("k", loader=loader, ttl=60) is None
    assert loader.asked == 3
    assert 50_000 < server.command("PTTL", "k") <= 60_000
    server.command("PEXPIRE", "k", 1)

    def again() -> bool:
        return two.get_or_load("k", loader=lambda: "made", ttl=60) == b"made"

    until(again)


def test_one_caller_renews_what_ends_soon(processes: list[Database[bytes]], server: RealServer) -> None:
    one, two = processes[:2]
    loader = Loader("old", "new", "newer")
    assert one.get_or_load("k", loader=loader, ttl=60, beta=1) == b"old"
    assert one.get_or_load("k", loader=loader, ttl=60, beta=1) == b"old"
    assert loader.asked == 1
    assert two.get_or_load("k", loader=loader, ttl=60) == b"old"  # whoever does not renew reads it too
    held = Loader("new", held=True)
    renewing = spawn(one.get_or_load, "k", loader=held, ttl=60, beta=1e9)
    held.called.wait()
    assert [db.get_or_load("k", loader=loader, ttl=60, beta=1e9) for db in processes] == [b"old"] * 4
    held.free.set()
    assert renewing.result() == b"new"

    def told() -> bool:
        return two.get_or_load("k", loader=loader, ttl=60) == b"new"

    until(told)
    assert (held.asked, loader.asked) == (1, 1)
    assert server.command("PTTL", "k") > 50_000


def test_what_could_not_be_renewed_stays(
    db: Database[bytes], server: RealServer, caplog: pytest.LogCaptureFixture
) -> None:
    assert db.get_or_load("k", loader=lambda: "old", ttl=60, beta=1) == b"old"
    failing = Loader(ValueError("no report today"))
    assert db.get_or_load("k", loader=failing, ttl=60, beta=1e9) == b"old"
    assert db.get_or_load("k", loader=failing, ttl=60, beta=1e9) == b"old"
    assert failing.asked == 1  # the next attempt comes when the time for the first is over
    assert "was not renewed: ValueError" in caplog.text
    assert 50_000 < server.command("PTTL", "k") <= 60_000


def test_what_was_deleted_while_it_was_renewed_stays_so(db: Database[bytes]) -> None:
    assert db.get_or_load("k", loader=lambda: "old", ttl=60, beta=1) == b"old"
    held = Loader("older", held=True)
    renewing = spawn(db.get_or_load, "k", loader=held, ttl=60, beta=1e9)
    held.called.wait()
    db.delete("k")
    held.free.set()
    assert renewing.result() == b"older"
    assert db.exists("k") == 0


def test_loaders_may_use_every_lease(server: RealServer) -> None:
    with connect(server, max_leases=1) as mux:
        db = mux.get_database()

        def pop() -> bytes:
            popped = db.blpop("list", 10)
            assert popped is not None
            return popped[1]

        calls = [spawn(db.get_or_load, f"k{number}", loader=pop, ttl=60) for number in (1, 2, 3, 1, 2, 3)]
        for number in (1, 2, 3):
            db.rpush("list", number)
        results = [call.result() for call in calls]
        assert sorted(results) == [b"1", b"1", b"2", b"2", b"3", b"3"]


def test_loaders_may_load_something_else(db: Database[bytes]) -> None:
    def outer() -> bytes:
        return b"<" + db.get_or_load("inner", loader=lambda: "x", ttl=60) + b">"

    assert db.get_or_load("outer", loader=outer, ttl=60) == b"<x>"

    def itself() -> bytes:
        return db.get_or_load("self", loader=itself, ttl=60)

    with pytest.raises(DataError, match="the loader asks for the key that it makes the value of"):
        db.get_or_load("self", loader=itself, ttl=60)
    assert db.exists("self") == 0


def test_another_type_is_refused(db: Database[bytes]) -> None:
    db.hset("h", "field", "value")
    with pytest.raises(WrongTypeError):
        db.get_or_load("h", loader=lambda: 1, ttl=60)


def test_a_handle_that_forgets_still_gets_its_value(db: Database[bytes]) -> None:
    forgetting = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
    assert forgetting.get_or_load("k", loader=lambda: 1, ttl=60) == b"1"
    assert forgetting.get_or_load("k", loader=lambda: 2, ttl=60) == b"1"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"loader": "text"}, "loader must be a function, not 'text'"),
        ({"ttl": 0}, "ttl must be a number of seconds from 0.001, not 0"),
        ({"ttl": True}, "ttl must be a number of seconds from 0.001, not True"),
        ({"negative_ttl": -1}, "negative_ttl must be a number of seconds from 0.001, not -1"),
        ({"beta": float("nan")}, "beta must be a number from 0, not nan"),
        ({"load_timeout": float("inf")}, "load_timeout must be a number of seconds from 0.001, not inf"),
        ({"loader": lambda: [1]}, "the loader returned a list; bytes, str, int, float or None can be kept"),
    ],
)
def test_what_makes_no_sense_is_refused(db: Database[bytes], wrong: dict[str, Any], message: str) -> None:
    arguments = {"loader": lambda: "value", "ttl": 60, **wrong}
    with pytest.raises(DataError, match=f"get_or_load: {message}"):
        db.get_or_load("k", **arguments)
    assert db.exists("k") == 0


def test_many_who_ask_at_once_for_many_keys(processes: list[Database[bytes]]) -> None:
    loaders = [Loader(number) for number in range(20)]
    calls = [
        partial(db.get_or_load, f"k{number}", loader=loader, ttl=60)
        for number, loader in enumerate(loaders)
        for db in processes
    ]
    results = gather(*calls)
    assert results == [b"%d" % number for number in range(20) for _ in processes]
    assert [loader.asked for loader in loaders] == [1] * 20
