# Generated from tests/asyncio/commands/test_blocking.py by scripts/generate_blocking.py; change that file instead.
"""Commands that wait, against real servers: each waits on a connection of its own."""

from __future__ import annotations

import time
from typing import Any

import pytest

from multiplexer.errors import DataError, NoGroupError, ResponseError, UnblockedError, WrongTypeError

from .._world import spawn, until
from .requirements import requires
from .words import Words

waiting_for_disk = requires(valkey=(7, 2), redis=(7, 2))


def blocked_clients(db: Any, count: int = 1) -> None:
    """Wait until so many clients wait on the server."""

    def waiting() -> bool:
        return int(db.info("clients")["blocked_clients"]) == count

    until(waiting)


def test_lists_with_elements(db: Any, db_str: Any) -> None:
    db.rpush("l", *"abcdefgh")
    assert db.blpop("l", 1) == (b"l", b"a")
    assert db.blpop(["none", "l"], timeout=1) == (b"l", b"b")
    assert db_str.brpop(["l"]) == ("l", "h")
    assert db.brpop("l", None) == (b"l", b"g")
    assert db.brpoplpush("l", "m") == b"f"
    assert db.blmove("l", "m", 1, "left", "right") == b"c"
    assert db.blmove("l", "m", 0) == b"d"
    assert db.lrange("m", 0, -1) == [b"f", b"c", b"d"]
    assert db.blmpop(1, 2, "none", "m", direction="RIGHT", count=2) == [b"m", [b"d", b"c"]]
    assert db_str.blmpop(1, 1, "m", direction="left") == ["m", ["f"]]


def test_sorted_sets_with_members(db: Any, db_str: Any) -> None:
    db.zadd("z", {"a": 1, "b": 2.5, "c": 3, "d": 4, "e": float("inf")})
    assert db.bzpopmin("z") == (b"z", b"a", 1.0)
    assert db.bzpopmax(["none", "z"], 1) == (b"z", b"e", float("inf"))
    assert db_str.bzpopmin("z", timeout=0.5) == ("z", "b", 2.5)
    assert db.bzmpop(1, 2, ["none", "z"], max=True, count=2) == (b"z", [(b"d", 4.0), (b"c", 3.0)])


def test_nothing_comes_in_time(db: Any) -> None:
    db.xgroup_create("s", "g", mkstream=True)
    started = time.monotonic()
    assert db.blpop("none", 0.02) is None
    assert db.brpop(["none", "more"], 0.02) is None
    assert db.brpoplpush("none", "m", 0.02) is None
    assert db.blmove("none", "m", 0.02) is None
    assert db.blmpop(0.02, 1, "none", direction="LEFT") is None
    assert db.bzpopmin("none", 0.02) is None
    assert db.bzpopmax("none", 0.02) is None
    assert db.bzmpop(0.02, 1, ["none"], min=True) is None
    assert db.xread({"s": "$"}, block=20) == []
    assert db.xreadgroup("g", "c", {"s": ">"}, block=20) == []
    assert time.monotonic() - started > 0.15


@pytest.mark.parametrize(
    ("wait", "release", "result"),
    [
        (lambda db: db.blpop(["k", "more"]), lambda db: db.rpush("k", "v"), (b"k", b"v")),
        (lambda db: db.brpop("k", None), lambda db: db.rpush("k", "v"), (b"k", b"v")),
        (lambda db: db.brpoplpush("k", "m"), lambda db: db.rpush("k", "v"), b"v"),
        (lambda db: db.blmove("k", "m", None), lambda db: db.rpush("k", "v"), b"v"),
        (lambda db: db.blmpop(0, 1, "k", direction="LEFT"), lambda db: db.rpush("k", "v"), [b"k", [b"v"]]),
        (lambda db: db.bzpopmin("k"), lambda db: db.zadd("k", {"v": 2}), (b"k", b"v", 2.0)),
        (lambda db: db.bzpopmax("k", 0), lambda db: db.zadd("k", {"v": 2}), (b"k", b"v", 2.0)),
        (lambda db: db.bzmpop(0, 1, ["k"], min=True), lambda db: db.zadd("k", {"v": 2}), (b"k", [(b"v", 2.0)])),
        (lambda db: db.xread({"k": "$"}, block=0), lambda db: db.xadd("k", {"f": 1}, "1-0"), None),
    ],
)
def test_waiting_until_there_is_something(db: Any, wait: Any, release: Any, result: Any) -> None:
    task = spawn(wait, db)
    blocked_clients(db)
    assert not task.done()
    release(db)
    assert task.result() == (result or [[b"k", [(b"1-0", {b"f": b"1"})]]])


def test_a_group_waits(db: Any) -> None:
    db.xgroup_create("s", "g", mkstream=True)
    task = spawn(db.xreadgroup, "g", "c", {"s": ">"}, block=0)
    blocked_clients(db)
    db.xadd("s", {"f": 1}, "1-0")
    assert task.result() == [[b"s", [(b"1-0", {b"f": b"1"})]]]
    # What was read before does not wait for anything.
    assert db.xreadgroup("g", "c", {"s": "0"}, block=0) == [[b"s", [(b"1-0", {b"f": b"1"})]]]


def test_others_do_not_wait_with_them(db: Any) -> None:
    tasks = [spawn(db.blpop, f"k{number}", 0) for number in range(3)]
    blocked_clients(db, 3)
    started = time.monotonic()
    for number in range(20):
        assert db.set("other", number)
    assert time.monotonic() - started < 5
    assert not any(task.done() for task in tasks)
    for number in range(3):
        db.rpush(f"k{number}", number)
    for number, task in enumerate(tasks):
        assert task.result() == (b"k%d" % number, b"%d" % number)


def test_errors(db: Any) -> None:
    db.set("k", "v")
    with pytest.raises(WrongTypeError):
        db.blpop("k", 1)
    with pytest.raises(WrongTypeError):
        db.bzpopmin("k", 1)
    with pytest.raises(NoGroupError):
        db.xreadgroup("none", "c", {"s": ">"}, block=10)


def test_client_unblock(db: Any) -> None:
    for error in (False, True):
        task = spawn(db.blpop, "none", 0)
        blocked_clients(db)
        waiting = [client for client in db.client_list() if client["cmd"] == "blpop"]
        assert db.client_unblock(int(waiting[0]["id"]), error=error)
        if error:
            with pytest.raises(UnblockedError):
                task.result()
        else:
            assert task.result() is None


def test_wait(db: Any) -> None:
    assert db.set("k", "v")
    assert db.wait(0, 10) == 0
    assert db.wait(1, 10) == 0


@waiting_for_disk
def test_waitaof(db: Any) -> None:
    assert db.waitaof(0, 0, 10) == [0, 0]
    with pytest.raises(ResponseError, match=r"(?i)append ?only"):
        db.waitaof(1, 0, 10)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda it: it.blpop("k"), "BLPOP k 0"),
        (lambda it: it.blpop(("a", "b"), 1.5), "BLPOP a b 1.5"),
        (lambda it: it.brpop("k", None), "BRPOP k 0"),
        (lambda it: it.brpoplpush("a", "b", None), "BRPOPLPUSH a b 0"),
        (lambda it: it.blmove("a", "b", 2), "BLMOVE a b LEFT RIGHT 2"),
        (lambda it: it.blmpop(0.5, 2, "a", "b", direction="left", count=3), "BLMPOP 0.5 2 a b LEFT COUNT 3"),
        (lambda it: it.bzpopmin("k"), "BZPOPMIN k 0"),
        (lambda it: it.bzpopmax(["a", "b"], None), "BZPOPMAX a b 0"),
        (lambda it: it.bzmpop(1, 1, ["k"], max=True), "BZMPOP 1 1 k MAX COUNT 1"),
        (lambda it: it.wait(2, 100), "WAIT 2 100"),
        (lambda it: it.waitaof(1, 2, None), "WAITAOF 1 2 0"),
    ],
)
def test_words(call: Any, words: str) -> None:
    assert call(Words()) == words


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda db: db.blpop([]), "BLPOP: keys must not be empty"),
        (lambda db: db.blpop("k", -1), "BLPOP: timeout must be a number that is not negative, or None, not -1"),
        (lambda db: db.brpop("k", float("nan")), "BRPOP: timeout .* not nan"),
        (lambda db: db.brpop("k", float("inf")), "BRPOP: timeout .* not inf"),
        (lambda db: db.blpop("a", "b"), "BLPOP: timeout .* not 'b'"),
        (lambda db: db.brpoplpush("a", "b", True), "BRPOPLPUSH: timeout .* not True"),
        (lambda db: db.blmove("a", "b", -1), "BLMOVE: timeout"),
        (lambda db: db.blmove("a", "b", 1, "TOP"), "BLMOVE: src must be one of LEFT, RIGHT"),
        (lambda db: db.blmove("a", "b", 1, dest="TOP"), "BLMOVE: dest must be one of LEFT, RIGHT"),
        (lambda db: db.blmpop(-1, 1, "a", direction="LEFT"), "BLMPOP: timeout"),
        (lambda db: db.blmpop(1, 2, "a", direction="LEFT"), "BLMPOP: numkeys is not the number of keys"),
        (lambda db: db.blmpop(1, 1, "a", direction="UP"), "BLMPOP: direction must be one of LEFT, RIGHT"),
        (lambda db: db.blmpop(1, 1, "a", direction="LEFT", count=0), "BLMPOP: count must be at least 1"),
        (lambda db: db.bzpopmin([]), "BZPOPMIN: keys must not be empty"),
        (lambda db: db.bzpopmax("k", -0.5), "BZPOPMAX: timeout"),
        (lambda db: db.bzmpop(1, 1, ["k"]), "BZMPOP: one of min and max"),
        (lambda db: db.bzmpop(1, 2, ["k"], min=True), "BZMPOP: numkeys is 2 for 1 keys"),
        (lambda db: db.bzmpop(1, 1, ["k"], min=True, count=0), "BZMPOP: count"),
        (lambda db: db.wait(-1, 10), "WAIT: num_replicas"),
        (lambda db: db.wait(1, 0.5), "WAIT: timeout must be an int that is not negative, not 0.5"),
        (lambda db: db.waitaof(-1, 0, 10), "WAITAOF: num_local"),
        (lambda db: db.waitaof(0, -1, 10), "WAITAOF: num_replicas"),
        (lambda db: db.waitaof(0, 0, -1), "WAITAOF: timeout"),
    ],
)
def test_bad_input_is_refused_at_once(call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(Words())
