"""Commands that are newer than the servers at hand: exact words, and results under both protocols."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.errors import CommandDisabledError, DataError
from tests.servers import OK

from .round_trip import Trip
from .words import Words

BOTH = pytest.mark.parametrize("protocol", [2, 3])

STRINGS_AND_MORE = [
    Trip(lambda db: db.increx("k"), "INCREX k", [1, 1], [1, 1]),
    Trip(
        lambda db: db.increx("k", byint=5, lbound=0, ubound=10, saturate=True, ex=60, enx=True),
        "INCREX k BYINT 5 LBOUND 0 UBOUND 10 SATURATE EX 60 ENX",
        [10, 3],
        [10, 3],
    ),
    Trip(
        lambda db: db.increx("k", byfloat=0.5, lbound=-1.5, persist=True, nx=True),
        "INCREX k NX BYFLOAT 0.5 LBOUND -1.5 PERSIST",
        [1.5, 0.5],
        [1.5, 0.5],
    ),
    Trip(lambda db: db.increx("k", pxat=99, xx=True), "INCREX k XX PXAT 99", [2, 1], [2, 1]),
    Trip(lambda db: db.lmovem("a", "b"), "LMOVEM a b LEFT RIGHT", [b"x"], [b"x"]),
    Trip(
        lambda db: db.lmovem("a", "b", "right", "left", 3, "exactly", "bulk"),
        "LMOVEM a b RIGHT LEFT EXACTLY 3 BULK",
        None,
        None,
    ),
    Trip(
        lambda db: db.lmovem("a", "b", count=2, ordering="OBO"),
        "LMOVEM a b LEFT RIGHT COUNT 2 OBO",
        [b"x", b"y"],
        ["x", "y"],
        decode=True,
    ),
    Trip(lambda db: db.sdiffcard(2, ["a", "b"], 5), "SDIFFCARD 2 a b LIMIT 5", 3, 3),
    Trip(lambda db: db.sunioncard(2, ["a", "b"]), "SUNIONCARD 2 a b LIMIT 0", 3, 3),
    Trip(lambda db: db.sunioncard(1, ["a"], 7, True), "SUNIONCARD 1 a APPROX LIMIT 7", 3, 3),
    Trip(lambda db: db.xnack("s", "g", "silent", "1-0"), "XNACK s g SILENT IDS 1 1-0", 1, 1),
    Trip(
        lambda db: db.xnack("s", "g", "FATAL", "1-0", "2-0", retrycount=4, force=True),
        "XNACK s g FATAL IDS 2 1-0 2-0 RETRYCOUNT 4 FORCE",
        2,
        2,
    ),
    Trip(lambda db: db.digest("k"), "DIGEST k", b"b6acb9d84a38ff74", "b6acb9d84a38ff74", decode=True),
    Trip(lambda db: db.delex("k", ifeq="v"), "DELEX k IFEQ v", 1, 1),
    Trip(lambda db: db.set("k", "v", ifne="w"), "SET k v IFNE w", OK, True),
    Trip(lambda db: db.set("k", "v", ifdeq="b6ac"), "SET k v IFDEQ b6ac", None, None),
    Trip(lambda db: db.msetex({"a": 1, "b": 2}, ex=5), "MSETEX 2 a 1 b 2 EX 5", 1, True),
]

VALKEY_92 = [
    Trip(lambda db: db.sismember("s", "m", xx=True), "SISMEMBER s m XX", 1, True),
    Trip(lambda db: db.sismember("s", "m", xx=True), "SISMEMBER s m XX", 0, False),
    Trip(lambda db: db.sismember("s", "m", xx=True), "SISMEMBER s m XX", -1, None),
    Trip(lambda db: db.sismember("s", "m"), "SISMEMBER s m", -1, None),
    Trip(lambda db: db.smismember("s", "m", "n", "o"), "SMISMEMBER s m n o", [1, -1, 0], [True, None, False]),
    Trip(lambda db: db.move("k", 1), "MOVE k 1", 0, False),
    Trip(lambda db: db.move("k", 1, replace=True), "MOVE k 1 REPLACE", 1, True),
    Trip(lambda db: db.zrange("k", 0, -1, xx=True), "ZRANGE k 0 -1 XX", [], []),
    Trip(lambda db: db.zrange("k", 0, -1, xx=True), "ZRANGE k 0 -1 XX", None, None),
    Trip(
        lambda db: db.zrange("k", 1, 2, byscore=True, offset=0, num=5, withscores=True, xx=True),
        "ZRANGE k 1 2 BYSCORE LIMIT 0 5 XX WITHSCORES",
        [b"a", b"1.5"],
        [(b"a", 1.5)],
    ),
    Trip(lambda db: db.zrange("k", 0, 1, withscores=True, xx=True), "ZRANGE k 0 1 XX WITHSCORES", None, None),
]

ARRAYS = [
    Trip(lambda db: db.arcount("k"), "ARCOUNT k", 3, 3),
    Trip(lambda db: db.ardel("k", 1, 2), "ARDEL k 1 2", 2, 2),
    Trip(lambda db: db.ardelrange("k", (1, 2), (5, 9)), "ARDELRANGE k 1 2 5 9", 4, 4),
    Trip(lambda db: db.arget("k", 7), "ARGET k 7", b"v", b"v"),
    Trip(lambda db: db.argetrange("k", 0, 1), "ARGETRANGE k 0 1", [b"v", None], ["v", None], decode=True),
    Trip(lambda db: db.argrep("k", "-", "+", [("GLOB", "x*")]), "ARGREP k - + GLOB x*", [1, 5], [1, 5]),
    Trip(
        lambda db: db.argrep("k", 0, 9, [("exact", "x"), ("re", "y")], "and", 3, withvalues=True, nocase=True),
        "ARGREP k 0 9 EXACT x RE y AND LIMIT 3 WITHVALUES NOCASE",
        [[1, b"x"]],
        [[1, b"x"]],
    ),
    Trip(lambda db: db.arinfo("k"), "ARINFO k", {"count": 3, "len": 9}, {"count": 3, "len": 9}),
    Trip(lambda db: db.arinfo("k", full=True), "ARINFO k FULL", {"count": 3}, {"count": 3}),
    Trip(lambda db: db.arinsert("k", "a", 2), "ARINSERT k a 2", 1, 1),
    Trip(lambda db: db.arlastitems("k", 2), "ARLASTITEMS k 2", [b"a"], [b"a"]),
    Trip(lambda db: db.arlastitems("k", 2, rev=True), "ARLASTITEMS k 2 REV", [b"a"], [b"a"]),
    Trip(lambda db: db.arlen("k"), "ARLEN k", 9, 9),
    Trip(lambda db: db.armget("k", 0, 5), "ARMGET k 0 5", [b"a", None], [b"a", None]),
    Trip(lambda db: db.armset("k", {0: "a", 5: "b"}), "ARMSET k 0 a 5 b", 2, 2),
    Trip(lambda db: db.arnext("k"), "ARNEXT k", 6, 6),
    Trip(lambda db: db.arop("k", "-", "+", "sum"), "AROP k - + SUM", b"7", b"7"),
    Trip(lambda db: db.arop("k", 0, 9, "MATCH", "x"), "AROP k 0 9 MATCH x", 2, 2),
    Trip(lambda db: db.arring("k", 10, "a"), "ARRING k 10 a", 3, 3),
    Trip(lambda db: db.arscan("k", 0, 9, 5), "ARSCAN k 0 9 LIMIT 5", [[0, b"a"]], [[0, b"a"]]),
    Trip(lambda db: db.arseek("k", 4), "ARSEEK k 4", 1, 1),
    Trip(lambda db: db.arset("k", 4, "a", "b"), "ARSET k 4 a b", 2, 2),
]

VECTOR_SETS = [
    Trip(lambda db: db.vset().vadd("k", [1.5, 2], "e"), "VADD k VALUES 2 1.5 2.0 e", True, True),
    Trip(
        lambda db: db.vset().vadd("k", b"abcd", "e", 3, True, "bin", 5, {"a": 1}, 4),
        ["VADD", "k", "REDUCE", "3", "FP32", "abcd", "e", "CAS", "BIN", "EF", "5", "SETATTR", '{"a": 1}', "M", "4"],
        False,
        False,
    ),
    Trip(lambda db: db.vset().vcard("k"), "VCARD k", 3, 3),
    Trip(lambda db: db.vset().vdim("k"), "VDIM k", 2, 2),
    Trip(lambda db: db.vset().vemb("k", "e"), "VEMB k e", [1.5, -2.0], [1.5, -2.0]),
    Trip(lambda db: db.vset().vemb("k", "e"), "VEMB k e", None, None),
    Trip(
        lambda db: db.vset().vemb("k", "e", raw=True),
        "VEMB k e RAW",
        [b"int8", b"\x01\xff", 0.5, 0.25],
        {"quantization": "int8", "raw": b"\x01\xff", "l2": 0.5, "range": 0.25},
        decode=True,
    ),
    Trip(
        lambda db: db.vset().vemb("k", "e", True),
        "VEMB k e RAW",
        [b"fp32", b"\xff", 0.5],
        {"quantization": "fp32", "raw": b"\xff", "l2": 0.5},
    ),
    Trip(lambda db: db.vset().vgetattr("k", "e"), "VGETATTR k e", b'{"a": [1]}', {"a": [1]}),
    Trip(lambda db: db.vset().vgetattr("k", "e"), "VGETATTR k e", None, None),
    Trip(
        lambda db: db.vset().vinfo("k"),
        "VINFO k",
        {"quant-type": "int8", "size": 3},
        {"quant-type": "int8", "size": 3},
    ),
    Trip(lambda db: db.vset().vinfo("k"), "VINFO k", None, None),
    Trip(lambda db: db.vset().vismember("k", "e"), "VISMEMBER k e", True, True),
    Trip(lambda db: db.vset().vlinks("k", "e"), "VLINKS k e", [[b"a"], [b"b"]], [[b"a"], [b"b"]]),
    Trip(
        lambda db: db.vset().vlinks("k", "e", with_scores=True),
        "VLINKS k e WITHSCORES",
        [{b"a": 0.5}, {b"b": 1.0}],
        [{b"a": 0.5}, {b"b": 1.0}],
    ),
    Trip(lambda db: db.vset().vlinks("k", "e", True), "VLINKS k e WITHSCORES", None, None),
    Trip(lambda db: db.vset().vrandmember("k"), "VRANDMEMBER k", b"e", "e", decode=True),
    Trip(lambda db: db.vset().vrandmember("k", -2), "VRANDMEMBER k -2", [b"e", b"e"], [b"e", b"e"]),
    Trip(lambda db: db.vset().vrandmember("k", 2), "VRANDMEMBER k 2", None, []),
    Trip(lambda db: db.vset().vrange("k", "[a", "+"), "VRANGE k [a +", [b"a"], [b"a"]),
    Trip(lambda db: db.vset().vrange("k", "-", "+", 5), "VRANGE k - + 5", [b"a"], ["a"], decode=True),
    Trip(lambda db: db.vset().vrem("k", "e"), "VREM k e", True, True),
    Trip(lambda db: db.vset().vsetattr("k", "e", '{"a":1}'), 'VSETATTR k e {"a":1}', True, True),
    Trip(lambda db: db.vset().vsetattr("k", "e"), "VSETATTR k e {}", False, False),
    Trip(lambda db: db.vset().vsim("k", "e"), "VSIM k ELE e", [b"e", b"f"], [b"e", b"f"]),
    Trip(lambda db: db.vset().vsim("k", b"abcd"), "VSIM k FP32 abcd", None, []),
    Trip(
        lambda db: db.vset().vsim("k", [1, 2], with_scores=True, count=5),
        "VSIM k VALUES 2 1.0 2.0 WITHSCORES COUNT 5",
        {b"a": 1.0, b"b": 0.5},
        {b"a": 1.0, b"b": 0.5},
    ),
    Trip(
        lambda db: db.vset().vsim("k", "e", with_attribs=True),
        "VSIM k ELE e WITHATTRIBS",
        {b"a": b'{"x": 1}', b"b": None},
        {"a": {"x": 1}, "b": None},
        decode=True,
    ),
    Trip(
        lambda db: db.vset().vsim("k", "e", True, True, 5, 6, ".x>1", 7, True, True, 0.5),
        "VSIM k ELE e WITHSCORES WITHATTRIBS COUNT 5 EPSILON 0.5 EF 6 FILTER .x>1 FILTER-EF 7 TRUTH NOTHREAD",
        {},
        {},
    ),
]

ADMIN = [
    Trip(lambda db: db.hotkeys_start(["cpu", "NET"]), "HOTKEYS START METRICS 2 CPU NET", OK, True),
    Trip(
        lambda db: db.hotkeys_start(["CPU"], 5, 10, 100, [1, 2]),
        "HOTKEYS START METRICS 1 CPU COUNT 5 DURATION 10 SAMPLE 100 SLOTS 2 1 2",
        OK,
        True,
    ),
    Trip(lambda db: db.hotkeys_stop(), "HOTKEYS STOP", None, False),
    Trip(lambda db: db.hotkeys_reset(), "HOTKEYS RESET", OK, True),
    Trip(
        lambda db: db.hotkeys_get(),
        "HOTKEYS GET",
        [{"tracking-active": 1, "selected-slots": [[0, 5]], "by-cpu-time-us": [b"x", 104, b"y", 98]}],
        [{"tracking-active": 1, "selected-slots": [[0, 5]], "by-cpu-time-us": {b"x": 104, b"y": 98}}],
    ),
    Trip(lambda db: db.hotkeys_get(), "HOTKEYS GET", {"sample-ratio": 1}, [{"sample-ratio": 1}]),
    Trip(lambda db: db.hotkeys_get(), "HOTKEYS GET", None, None),
    Trip(lambda db: db.backup_start(), "BACKUP START", OK, True),
    Trip(lambda db: db.backup_seal(), "BACKUP SEAL", OK, True),
    Trip(lambda db: db.backup_abort(), "BACKUP ABORT", OK, True),
    Trip(lambda db: db.backup_cleanup(), "BACKUP CLEANUP", OK, True),
    Trip(lambda db: db.backup_list(), "BACKUP LIST", [b"/a", b"/b"], ["/a", "/b"]),
    Trip(lambda db: db.backup_status(), "BACKUP STATUS", {"state": "idle"}, {"state": "idle"}),
    Trip(lambda db: db.module_load("/m.so", "a", 1), "MODULE LOAD /m.so a 1", OK, True),
    Trip(
        lambda db: db.module_loadex("/m.so", ["a", 1, "b", 2], ["x", "y"]),
        "MODULE LOADEX /m.so CONFIG a 1 CONFIG b 2 ARGS x y",
        OK,
        True,
    ),
    Trip(lambda db: db.module_loadex("/m.so"), "MODULE LOADEX /m.so", OK, True),
    Trip(lambda db: db.module_unload("m"), "MODULE UNLOAD m", OK, True),
    Trip(lambda db: db.bgsave(cancel=True), "BGSAVE CANCEL", b"cancelled", True),
    Trip(
        lambda db: db.client_kill_filter(user="me", filters={"not-db": 1, "IP": "::1"}),
        "CLIENT KILL USER me NOT-DB 1 IP ::1",
        2,
        2,
    ),
    Trip(
        lambda db: db.client_list("normal", filters={"lib-name": "x"}),
        "CLIENT LIST TYPE NORMAL LIB-NAME x",
        b"id=3 addr=h:1\n",
        [{"id": "3", "addr": "h:1"}],
    ),
    Trip(
        lambda db: db.cluster_migration_import([(0, 5), (9, 9)]),
        "CLUSTER MIGRATION IMPORT 0 5 9 9",
        b"24cf41718b20f7f05901743dffc40bc9b15db339",
        "24cf41718b20f7f05901743dffc40bc9b15db339",
    ),
    Trip(lambda db: db.cluster_migration_cancel(), "CLUSTER MIGRATION CANCEL ALL", 2, 2),
    Trip(lambda db: db.cluster_migration_cancel("24cf"), "CLUSTER MIGRATION CANCEL ID 24cf", 1, 1),
    Trip(
        lambda db: db.cluster_migration_status("24cf"),
        "CLUSTER MIGRATION STATUS ID 24cf",
        [[b"id", b"24cf", b"slots", b"0-5", b"operation", b"import", b"retries", 0, b"last_error", b""]],
        [{"id": "24cf", "slots": "0-5", "operation": "import", "retries": 0, "last_error": ""}],
    ),
    Trip(lambda db: db.cluster_migration_status(), "CLUSTER MIGRATION STATUS ALL", [{"id": b"a"}], [{"id": "a"}]),
    Trip(lambda db: db.cluster_migration_status(), "CLUSTER MIGRATION STATUS ALL", [], []),
    Trip(lambda db: db.failover(), "FAILOVER", OK, True),
    Trip(lambda db: db.failover(("h", 1), force=True, timeout=500), "FAILOVER TO h 1 FORCE TIMEOUT 500", OK, True),
    Trip(lambda db: db.failover(abort=True), "FAILOVER ABORT", OK, True),
]


@BOTH
@pytest.mark.parametrize(
    "trip", STRINGS_AND_MORE + VALKEY_92 + ARRAYS + VECTOR_SETS + ADMIN, ids=lambda trip: str(trip.words)
)
async def test_round_trip(trip: Trip, protocol: int) -> None:
    await trip.make(protocol)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda db: db.increx("k", byint=1, byfloat=1.5), "INCREX: byfloat and byint contradict"),
        (lambda db: db.increx("k", nx=True, xx=True), "INCREX: nx and xx contradict"),
        (lambda db: db.increx("k", byfloat=float("nan")), "INCREX: byfloat must be a number"),
        (lambda db: db.increx("k", ex=1, px=1), "INCREX: ex and px contradict"),
        (lambda db: db.increx("k", enx=True), "INCREX: enx needs"),
        (lambda db: db.increx("k", enx=True, persist=True), "INCREX: enx needs"),
        (lambda db: db.lmovem("a", "b", "TOP"), "LMOVEM: src"),
        (lambda db: db.lmovem("a", "b", count=1), "LMOVEM: count needs ordering"),
        (lambda db: db.lmovem("a", "b", mode="COUNT"), "LMOVEM: mode and ordering need count"),
        (lambda db: db.lmovem("a", "b", count=0, ordering="OBO"), "LMOVEM: count must be at least 1"),
        (lambda db: db.blmovem("a", "b", -1), "BLMOVEM: timeout"),
        (lambda db: db.sdiffcard(1, ["a", "b"]), "SDIFFCARD: numkeys is not the number of keys"),
        (lambda db: db.sunioncard(0, []), "SUNIONCARD: keys must not be empty"),
        (lambda db: db.sunioncard(1, ["a"], -1), "SUNIONCARD: limit must not be negative"),
        (lambda db: db.xnack("s", "g", "MAYBE", "1-0"), "XNACK: mode"),
        (lambda db: db.xnack("s", "g", "FAIL"), "XNACK: ids must not be empty"),
        (lambda db: db.xnack("s", "g", "FAIL", "1-0", retrycount=-1), "XNACK: retrycount"),
        (lambda db: db.cluster_migration_import([]), "CLUSTER MIGRATION IMPORT: slots must not be empty"),
        (lambda db: db.move("k", -1, True), "MOVE: db must not be negative"),
        (lambda db: db.ardel("k"), "ARDEL: indices must not be empty"),
        (lambda db: db.ardelrange("k"), "ARDELRANGE: ranges must not be empty"),
        (lambda db: db.argrep("k", 0, 1, []), "ARGREP: predicates must not be empty"),
        (lambda db: db.argrep("k", 0, 1, [("LIKE", "x")]), "ARGREP: predicates must be one of"),
        (lambda db: db.argrep("k", 0, 1, [("RE", "x")], "XOR"), "ARGREP: combinator"),
        (lambda db: db.argrep("k", 0, 1, [("RE", "x")], limit=0), "ARGREP: limit"),
        (lambda db: db.arinsert("k"), "ARINSERT: values must not be empty"),
        (lambda db: db.arlastitems("k", -1), "ARLASTITEMS: count"),
        (lambda db: db.armget("k"), "ARMGET: indices must not be empty"),
        (lambda db: db.armset("k", {}), "ARMSET: mapping must not be empty"),
        (lambda db: db.arop("k", 0, 1, "AVG"), "AROP: operation must be one of"),
        (lambda db: db.arop("k", 0, 1, "MATCH"), "AROP: value must be given with MATCH"),
        (lambda db: db.arop("k", 0, 1, "SUM", 1), "AROP: value must be given with MATCH"),
        (lambda db: db.arring("k", 0, "a"), "ARRING: size"),
        (lambda db: db.arscan("k", 0, 1, 0), "ARSCAN: limit"),
        (lambda db: db.arseek("k", -1), "ARSEEK: index"),
        (lambda db: db.arset("k", 0), "ARSET: values must not be empty"),
        (lambda db: db.vset().vadd("k", [], "e"), "VADD: vector must not be empty"),
        (lambda db: db.vset().vadd("k", [float("nan")], "e"), "VADD: vector must be a number"),
        (lambda db: db.vset().vadd("k", [1], "e", quantization="Q4"), "VADD: quantization"),
        (lambda db: db.vset().vadd("k", [1], "e", ef=0), "VADD: ef"),
        (lambda db: db.vset().vsim("k", []), "VSIM: input must not be empty"),
        (lambda db: db.vset().vsim("k", "e", count=0), "VSIM: count"),
        (lambda db: db.hotkeys_start([]), "HOTKEYS START: metrics must not be empty"),
        (lambda db: db.hotkeys_start(["DISK"]), "HOTKEYS START: metrics must be one of"),
        (lambda db: db.hotkeys_start(["CPU"], 0), "HOTKEYS START: count"),
        (lambda db: db.module_loadex("/m.so", ["a"]), "MODULE LOADEX: options must be names and values"),
        (lambda db: db.failover(force=True), "FAILOVER: force needs to and timeout"),
        (lambda db: db.failover(("h", 1), abort=True), "FAILOVER: to and abort contradict"),
    ],
)
async def test_bad_input_is_refused_at_once(call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(Words())


async def test_waiting_for_several_elements() -> None:
    assert Words().blmovem("a", "b", 1.5) == "BLMOVEM a b LEFT RIGHT 1.5"
    assert (
        Words().blmovem("a", "b", None, "RIGHT", "LEFT", 3, "EXACTLY", "OBO")
        == "BLMOVEM a b RIGHT LEFT 0 EXACTLY 3 OBO"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("HIMPORT PREPARE", "f", "a"),
        ("HIMPORT SET", "k", "f", "1"),
        ("CLIENT SETNAME", "x"),
        ("CLIENT SETINFO", "LIB-NAME", "x"),
        ("CLIENT NO-EVICT", "ON"),
        ("CLIENT NO-TOUCH", "ON"),
        ("CLIENT CAPA", "redirect"),
        ("CLIENT IMPORT-SOURCE", "ON"),
    ],
)
async def test_what_would_change_the_shared_connection(db: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandDisabledError, match=f"{words[0]} cannot be sent here: "):
        await db.execute(*words)
