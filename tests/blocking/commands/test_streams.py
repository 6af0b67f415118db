# Generated from tests/asyncio/commands/test_streams.py by scripts/generate_blocking.py; change that file instead.
"""Commands on streams, against real servers."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.errors import BusyGroupError, DataError, NoGroupError, WrongTypeError

from .requirements import requires
from .words import Words

removing_with_references = requires(valkey=None, redis=(8, 2))


def fill(db: Any, count: int = 3, name: str = "s") -> None:
    """Make a stream with the entries 1-0, 2-0 … of one field ``n``."""
    for number in range(1, count + 1):
        db.xadd(name, {"n": number}, id=f"{number}-0")


def deliver(db: Any, count: int = 3) -> None:
    """Make such a stream and let consumer ``c`` of group ``g`` read it."""
    fill(db, count)
    db.xgroup_create("s", "g", "0")
    db.xreadgroup("g", "c", {"s": ">"})


def test_xadd(db: Any) -> None:
    assert db.xadd("s", {"a": 1, b"b": b"\x00\xff", 3: 2.5}, id="5-1") == b"5-1"
    assert db.xadd("s", {"a": 2}, "6-*") == b"6-0"
    assert db.xadd("s", {"a": 3}, 7) == b"7-0"
    made = db.xadd("s", {"a": 4})
    entries = db.xrange("s")
    assert entries == [
        (b"5-1", {b"a": b"1", b"b": b"\x00\xff", b"3": b"2.5"}),
        (b"6-0", {b"a": b"2"}),
        (b"7-0", {b"a": b"3"}),
        (made, {b"a": b"4"}),
    ]
    assert all(type(entry) is tuple for entry in entries)


def test_xadd_without_a_stream(db: Any) -> None:
    assert db.xadd("s", {"a": 1}, nomkstream=True) is None
    db.xadd("s", {"a": 1}, id="1-0")
    assert db.xadd("s", {"a": 1}, id="2-0", nomkstream=True) == b"2-0"


def test_xadd_that_trims(db: Any) -> None:
    fill(db)
    db.xadd("s", {"n": 4}, id="4-0", maxlen=2, approximate=False)
    assert [name for name, _ in db.xrange("s")] == [b"3-0", b"4-0"]
    db.xadd("s", {"n": 5}, id="5-0", minid="4-0", approximate=False)
    assert [name for name, _ in db.xrange("s")] == [b"4-0", b"5-0"]
    # Approximately means whole nodes only: nothing is cheap to trim here.
    db.xadd("s", {"n": 6}, id="6-0", maxlen=1, limit=1000)
    assert db.xlen("s") == 3


def test_text_handle(db_str: Any) -> None:
    assert db_str.xadd("s", {"ä": "ö"}, id="1-1") == "1-1"
    assert db_str.xrange("s") == [("1-1", {"ä": "ö"})]
    assert db_str.xread({"s": 0}) == [["s", [("1-1", {"ä": "ö"})]]]
    db_str.xgroup_create("s", "g", 0)
    assert db_str.xreadgroup("g", "c", {"s": ">"}) == [["s", [("1-1", {"ä": "ö"})]]]
    assert db_str.xpending("s", "g") == {
        "pending": 1,
        "min": "1-1",
        "max": "1-1",
        "consumers": [{"name": "c", "pending": 1}],
    }
    assert db_str.xpending_range("s", "g", "-", "+", 1)[0]["consumer"] == "c"
    assert db_str.xinfo_groups("s")[0]["name"] == "g"
    assert db_str.xinfo_stream("s")["first-entry"] == ("1-1", {"ä": "ö"})
    assert db_str.xinfo_stream("s", full=True)["entries"] == {"1-1": {"ä": "ö"}}
    assert db_str.xautoclaim("s", "g", "d", 0) == ["0-0", [("1-1", {"ä": "ö"})], []]


def test_xlen_and_xdel(db: Any) -> None:
    assert db.xlen("s") == 0
    fill(db)
    assert db.xlen("s") == 3
    assert db.xdel("s", "1-0", b"3-0", "9-9") == 2
    assert db.xrange("s") == [(b"2-0", {b"n": b"2"})]


def test_xtrim(db: Any) -> None:
    fill(db, 5)
    assert db.xtrim("s", maxlen=4, approximate=False) == 1
    assert db.xtrim("s", minid="4-0", approximate=False) == 2
    # Approximately means whole nodes only, and both entries are in one.
    assert db.xtrim("s", maxlen=1) == 0
    assert db.xtrim("s", minid="9-0", limit=1) == 0
    assert db.xtrim("s", minid="9-0") == 2


def test_xrange_and_xrevrange(db: Any) -> None:
    assert db.xrange("s") == []
    assert db.xrevrange("s") == []
    fill(db)
    assert [name for name, _ in db.xrange("s", "2-0")] == [b"2-0", b"3-0"]
    assert [name for name, _ in db.xrange("s", "(1-0", "(3-0")] == [b"2-0"]
    assert [name for name, _ in db.xrange("s", count=2)] == [b"1-0", b"2-0"]
    assert [name for name, _ in db.xrevrange("s", count=2)] == [b"3-0", b"2-0"]
    assert [name for name, _ in db.xrevrange("s", 2, 1)] == [b"2-0", b"1-0"]


def test_xrange_of_many(db: Any) -> None:
    fill(db, 200)
    assert db.xrange("s") == [(b"%d-0" % number, {b"n": b"%d" % number}) for number in range(1, 201)]


def test_xread(db: Any) -> None:
    assert db.xread({"s": 0}) == []
    fill(db, 2, "{s}1")
    fill(db, 1, "{s}2")
    one, two = (b"1-0", {b"n": b"1"}), (b"2-0", {b"n": b"2"})
    assert db.xread({"{s}1": 0, "{s}2": "0", "{s}3": "0-0"}) == [[b"{s}1", [one, two]], [b"{s}2", [one]]]
    assert db.xread({"{s}1": 0}, count=1) == [[b"{s}1", [one]]]
    assert db.xread({"{s}1": "1-0"}) == [[b"{s}1", [two]]]
    assert db.xread({"{s}1": "$"}) == []


def test_xreadgroup(db: Any) -> None:
    fill(db)
    db.xgroup_create("s", "g", "0")
    one, two, three = ((b"%d-0" % number, {b"n": b"%d" % number}) for number in (1, 2, 3))
    assert db.xreadgroup("g", "c", {"s": ">"}, count=1) == [[b"s", [one]]]
    assert db.xreadgroup("g", "d", {"s": ">"}, noack=True) == [[b"s", [two, three]]]
    assert db.xreadgroup("g", "c", {"s": ">"}) == []
    assert db.xreadgroup("g", "c", {"s": 0}) == [[b"s", [one]]]
    assert db.xreadgroup("g", "d", {"s": 0}) == [[b"s", []]]


def test_an_entry_that_was_deleted_before_it_was_acknowledged(db: Any) -> None:
    deliver(db, 1)
    db.xdel("s", "1-0")
    assert db.xreadgroup("g", "c", {"s": 0}) == [[b"s", [(b"1-0", {})]]]
    assert db.xautoclaim("s", "g", "d", 0) == [b"0-0", [], [b"1-0"]]


def test_xack(db: Any) -> None:
    deliver(db)
    assert db.xack("s", "g", "1-0", "2-0", "9-9") == 2
    assert db.xack("s", "g", "1-0") == 0


def test_xpending(db: Any) -> None:
    fill(db)
    db.xgroup_create("s", "g", "0")
    assert db.xpending("s", "g") == {"pending": 0, "min": None, "max": None, "consumers": []}
    db.xreadgroup("g", "c", {"s": ">"}, count=2)
    db.xreadgroup("g", "d", {"s": ">"})
    assert db.xpending("s", "g") == {
        "pending": 3,
        "min": b"1-0",
        "max": b"3-0",
        "consumers": [{"name": b"c", "pending": 2}, {"name": b"d", "pending": 1}],
    }


def test_xpending_range(db: Any) -> None:
    deliver(db)
    found = db.xpending_range("s", "g", "-", "+", 2)
    assert [(entry["message_id"], entry["consumer"], entry["times_delivered"]) for entry in found] == [
        (b"1-0", b"c", 1),
        (b"2-0", b"c", 1),
    ]
    assert all(0 <= entry["time_since_delivered"] < 60_000 for entry in found)
    assert len(db.xpending_range("s", "g", "(1-0", "+", 9, consumername="c")) == 2
    assert db.xpending_range("s", "g", "-", "+", 9, consumername="nobody") == []
    assert db.xpending_range("s", "g", "-", "+", 9, idle=3_600_000) == []
    assert len(db.xpending_range("s", "g", "-", "+", 9, idle=0, consumername="c")) == 3


def test_xclaim(db: Any) -> None:
    deliver(db)
    assert db.xclaim("s", "g", "d", 0, ["1-0"]) == [(b"1-0", {b"n": b"1"})]
    assert db.xclaim("s", "g", "d", 3_600_000, ["2-0"]) == []
    assert db.xclaim("s", "g", "d", 0, ["1-0", "2-0"], justid=True) == [b"1-0", b"2-0"]
    db.xclaim("s", "g", "d", 0, ("2-0",), idle=5_000_000, retrycount=9)
    (entry,) = db.xpending_range("s", "g", "2-0", "2-0", 1)
    assert entry["time_since_delivered"] >= 5_000_000
    assert entry["times_delivered"] == 9
    db.xclaim("s", "g", "d", 0, ["3-0"], time=1, justid=True)
    (entry,) = db.xpending_range("s", "g", "3-0", "3-0", 1)
    assert entry["time_since_delivered"] > 5_000_000


def test_xclaim_by_force(db: Any) -> None:
    fill(db, 1)
    db.xgroup_create("s", "g", "0")
    assert db.xclaim("s", "g", "c", 0, ["1-0"]) == []
    assert db.xclaim("s", "g", "c", 0, ["1-0"], force=True) == [(b"1-0", {b"n": b"1"})]


def test_xautoclaim(db: Any) -> None:
    deliver(db)
    assert db.xautoclaim("s", "g", "d", 0, count=2) == [
        b"3-0",
        [(b"1-0", {b"n": b"1"}), (b"2-0", {b"n": b"2"})],
        [],
    ]
    assert db.xautoclaim("s", "g", "d", 0, "3-0") == [b"0-0", [(b"3-0", {b"n": b"3"})], []]
    assert db.xautoclaim("s", "g", "d", 3_600_000) == [b"0-0", [], []]
    assert db.xautoclaim("s", "g", "d", 0, justid=True) == [b"1-0", b"2-0", b"3-0"]


def test_groups(db: Any) -> None:
    assert db.xgroup_create("s", "g", mkstream=True) is True
    with pytest.raises(BusyGroupError):
        db.xgroup_create("s", "g")
    fill(db)
    assert db.xgroup_setid("s", "g", "1-0", entries_read=1) is True
    assert [name for name, _ in db.xreadgroup("g", "c", {"s": ">"})[0][1]] == [b"2-0", b"3-0"]
    assert db.xgroup_createconsumer("s", "g", "d") == 1
    assert db.xgroup_createconsumer("s", "g", "d") == 0
    assert db.xgroup_delconsumer("s", "g", "c") == 2
    assert db.xgroup_destroy("s", "g") is True
    assert db.xgroup_destroy("s", "g") is False
    with pytest.raises(NoGroupError):
        db.xreadgroup("g", "c", {"s": ">"})


def test_a_group_that_has_read_already(db: Any) -> None:
    fill(db)
    assert db.xgroup_create("s", "g", "2-0", entries_read=2) is True
    (group,) = db.xinfo_groups("s")
    assert group["last-delivered-id"] == b"2-0"
    assert group["entries-read"] == 2
    assert group["lag"] == 1


def test_xinfo_stream(db: Any) -> None:
    deliver(db, 2)
    found = db.xinfo_stream("s")
    assert found["length"] == 2
    assert found["groups"] == 1
    assert found["last-generated-id"] == b"2-0"
    assert found["first-entry"] == (b"1-0", {b"n": b"1"})
    assert found["last-entry"] == (b"2-0", {b"n": b"2"})
    db.xtrim("s", maxlen=0, approximate=False)
    assert db.xinfo_stream("s")["first-entry"] is None


def test_xinfo_stream_in_full(db: Any) -> None:
    deliver(db, 2)
    found = db.xinfo_stream("s", full=True)
    assert found["entries"] == {b"1-0": {b"n": b"1"}, b"2-0": {b"n": b"2"}}
    (group,) = found["groups"]
    assert group["name"] == b"g"
    assert [entry[:2] for entry in group["pending"]] == [[b"1-0", b"c"], [b"2-0", b"c"]]
    (consumer,) = group["consumers"]
    assert (consumer["name"], consumer["pel-count"]) == (b"c", 2)


def test_xinfo_groups_and_consumers(db: Any) -> None:
    deliver(db, 2)
    (group,) = db.xinfo_groups("s")
    assert (group["name"], group["consumers"], group["pending"]) == (b"g", 1, 2)
    (consumer,) = db.xinfo_consumers("s", "g")
    assert (consumer["name"], consumer["pending"]) == (b"c", 2)
    db.xgroup_destroy("s", "g")
    assert db.xinfo_groups("s") == []


def test_xsetid(db: Any) -> None:
    fill(db, 1)
    assert db.xsetid("s", "9-0", entries_added=7, max_deleted_id="4-0") is True
    found = db.xinfo_stream("s")
    assert found["last-generated-id"] == b"9-0"
    assert found["entries-added"] == 7
    assert found["max-deleted-entry-id"] == b"4-0"


@removing_with_references
def test_xdelex_and_xackdel(db: Any) -> None:
    deliver(db)
    assert db.xdelex("s", "1-0", "9-9", ref_policy="ACKED") == [2, -1]
    assert db.xdelex("s", "1-0") == [1]
    assert db.xackdel("s", "g", "2-0", "9-9", ref_policy="DELREF") == [1, -1]
    assert db.xlen("s") == 1


@requires(valkey=None, redis=(8, 6))
def test_adding_an_entry_once(db: Any) -> None:
    first = db.xadd("s", {"n": 1}, idmp=("producer", b"one"))
    assert db.xadd("s", {"n": 1}, idmp=("producer", b"one")) == first
    assert db.xcfgset("s", idmp_duration=10, idmp_maxsize=10) is True


def test_wrong_kind_of_value(db: Any) -> None:
    db.set("text", "v")
    with pytest.raises(WrongTypeError):
        db.xrange("text")
    with pytest.raises(WrongTypeError):
        db.xread({"text": 0})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda it: it.xdelex("s", "1-0", "2-0"), "XDELEX s KEEPREF IDS 2 1-0 2-0"),
        (lambda it: it.xackdel("s", "g", "1-0", ref_policy="acked"), "XACKDEL s g ACKED IDS 1 1-0"),
        (lambda it: it.xtrim("s", 5, False, ref_policy="DELREF"), "XTRIM s MAXLEN = 5 DELREF"),
        (
            lambda it: it.xadd("s", {"f": "v"}, maxlen=9, limit=2, nomkstream=True, ref_policy="ACKED"),
            "XADD s NOMKSTREAM ACKED MAXLEN ~ 9 LIMIT 2 * f v",
        ),
        (lambda it: it.xadd("s", {"f": "v"}, idmpauto="p"), "XADD s IDMPAUTO p * f v"),
        (lambda it: it.xadd("s", {"f": "v"}, idmp=("p", "i")), "XADD s IDMP p i * f v"),
        (lambda it: it.xread({"s": "$"}, block=0), "XREAD BLOCK 0 STREAMS s $"),
        (
            lambda it: it.xreadgroup("g", "c", {"s": ">"}, count=2, block=100, noack=True),
            "XREADGROUP GROUP g c COUNT 2 BLOCK 100 NOACK STREAMS s >",
        ),
        (lambda it: it.xcfgset("s", 5), "XCFGSET s IDMP-DURATION 5"),
        (lambda it: it.xcfgset("s", idmp_maxsize=6), "XCFGSET s IDMP-MAXSIZE 6"),
        (
            lambda it: it.xread({"s": 1, "t": 2}, count=3, max_count=9, max_size=100),
            "XREAD COUNT 3 MAXCOUNT 9 MAXSIZE 100 STREAMS s t 1 2",
        ),
        (
            lambda it: it.xreadgroup("g", "c", {"s": ">"}, count=3, noack=True, claim_min_idle_time=50),
            "XREADGROUP GROUP g c COUNT 3 NOACK CLAIM 50 STREAMS s >",
        ),
    ],
)
def test_words_of_new_options(call: Any, words: str) -> None:
    assert call(Words()) == words


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda db: db.xadd("s", {}), "XADD: mapping"),
        (lambda db: db.xadd("s", {"a": 1}, maxlen=1, minid="1-0"), "XADD: maxlen and minid"),
        (lambda db: db.xadd("s", {"a": 1}, maxlen=-1), "XADD: maxlen"),
        (lambda db: db.xadd("s", {"a": 1}, limit=1), "XADD: limit"),
        (lambda db: db.xadd("s", {"a": 1}, maxlen=1, approximate=False, limit=1), "XADD: limit"),
        (lambda db: db.xadd("s", {"a": 1}, ref_policy="SOME"), "XADD: ref_policy"),
        (lambda db: db.xadd("s", {"a": 1}, idmpauto="p", idmp=("p", b"i")), "XADD: idmpauto and idmp"),
        (lambda db: db.xadd("s", {"a": 1}, id="1-0", idmpauto="p"), "XADD: idmpauto and idmp"),
        (lambda db: db.xdel("s"), "XDEL: ids"),
        (lambda db: db.xdelex("s"), "XDELEX: ids"),
        (lambda db: db.xdelex("s", "1-0", ref_policy="SOME"), "XDELEX: ref_policy"),
        (lambda db: db.xtrim("s"), "XTRIM: maxlen or minid"),
        (lambda db: db.xtrim("s", maxlen=1, minid=1), "XTRIM: maxlen and minid"),
        (lambda db: db.xtrim("s", maxlen=1, limit=-1), "XTRIM: limit"),
        (lambda db: db.xsetid("s", "1-0", entries_added=-1), "XSETID: entries_added"),
        (lambda db: db.xcfgset("s"), "XCFGSET: idmp_duration or idmp_maxsize"),
        (lambda db: db.xcfgset("s", idmp_duration=0), "XCFGSET: idmp_duration"),
        (lambda db: db.xrange("s", count=0), "XRANGE: count"),
        (lambda db: db.xrevrange("s", count=-1), "XREVRANGE: count"),
        (lambda db: db.xread({}), "XREAD: streams"),
        (lambda db: db.xread({"s": 0}, count=0), "XREAD: count"),
        (lambda db: db.xread({"s": 0}, max_count=0), "XREAD: max_count"),
        (lambda db: db.xread({"s": 0}, max_size=0), "XREAD: max_size"),
        (lambda db: db.xread({"s": 0}, block=-1), "XREAD: block must be an int that is not negative, not -1"),
        (lambda db: db.xreadgroup("g", "c", {}), "XREADGROUP: streams"),
        (
            lambda db: db.xreadgroup("g", "c", {"s": ">"}, block=0.5),
            "XREADGROUP: block must be an int that is not negative, not 0.5",
        ),
        (lambda db: db.xreadgroup("g", "c", {"s": ">"}, claim_min_idle_time=-1), "XREADGROUP: claim_min_idle_time"),
        (lambda db: db.xack("s", "g"), "XACK: ids"),
        (lambda db: db.xackdel("s", "g"), "XACKDEL: ids"),
        (lambda db: db.xpending_range("s", "g", "-", "+", -1), "XPENDING: count"),
        (lambda db: db.xpending_range("s", "g", "-", "+", 1, idle=-1), "XPENDING: idle"),
        (lambda db: db.xclaim("s", "g", "c", 0, []), "XCLAIM: message_ids"),
        (lambda db: db.xclaim("s", "g", "c", -1, ["1-0"]), "XCLAIM: min_idle_time"),
        (lambda db: db.xclaim("s", "g", "c", 0, ["1-0"], idle=1, time=1), "XCLAIM: idle and time"),
        (lambda db: db.xclaim("s", "g", "c", 0, ["1-0"], retrycount=-1), "XCLAIM: retrycount"),
        (lambda db: db.xautoclaim("s", "g", "c", -1), "XAUTOCLAIM: min_idle_time"),
        (lambda db: db.xautoclaim("s", "g", "c", 0, count=0), "XAUTOCLAIM: count"),
    ],
)
def test_bad_input_is_refused_at_once(db: Any, call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(db)


def test_more_of_a_stream(db: Any) -> None:
    fill(db, 12)
    assert len(db.xinfo_stream("s", full=True)["entries"]) == 10
    assert len(db.xinfo_stream("s", full=True, count=2)["entries"]) == 2
    assert len(db.xinfo_stream("s", full=True, count=0)["entries"]) == 12
    with pytest.raises(DataError, match="XINFO STREAM: count needs full"):
        db.xinfo_stream("s", count=1)
    with pytest.raises(DataError, match="XINFO STREAM: count must not be negative"):
        db.xinfo_stream("s", True, -1)
