"""Time series."""

from __future__ import annotations

import math
from typing import Any

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import DataError, ResponseError
from tests.servers import ScriptedServer
from tests.servers.wire import OK, Error

from ...connecting import connect
from .round_trip import Case, cases_by_method, check

OPTIONS: dict[str, Any] = {
    "retention_msecs": 5,
    "labels": {"a": "b"},
    "chunk_size": 128,
    "duplicate_policy": "last",
    "ignore_max_time_diff": 1,
    "ignore_max_val_diff": 2.5,
}
WORDS = "RETENTION 5 CHUNK_SIZE 128 DUPLICATE_POLICY last IGNORE 1 2.5 LABELS a b"
RANGE: dict[str, Any] = {
    "count": 5,
    "bucket_size_msec": 10,
    "filter_by_ts": [1, 2],
    "filter_by_min_value": 0,
    "filter_by_max_value": 2,
    "align": "-",
    "latest": True,
    "bucket_timestamp": "+",
    "empty": True,
}
BEFORE = "LATEST FILTER_BY_TS 1 2 FILTER_BY_VALUE 0 2"
AFTER = "COUNT 5 ALIGN - AGGREGATION avg 10 BUCKETTIMESTAMP + EMPTY"


def labels(*items: tuple[str, str | None]) -> list[list[str | None]]:
    return [[name, value] for name, value in items]


MANY = [["k2", labels(("a", "b"), ("c", None)), [[1, 2.0], [2, 3.5]]], ["k1", [], []]]
MANY3 = {
    "k2": [{"a": "b", "c": None}, {"aggregators": ["avg"]}, [[1, 2.0], [2, 3.5]]],
    "k1": [{}, {"aggregators": []}, []],
}
BY_KEY = [{"k1": [{}, []]}, {"k2": [{"a": "b", "c": None}, [(1, 2.0), (2, 3.5)]]}]
GROUPED = [["g=1", labels(("g", "1"), ("__reducer__", "max"), ("__source__", "a,b")), [[1, 2.0]]]]
GROUPED3 = {"g=1": [{"g": "1"}, {"reducers": ["max"]}, {"sources": ["a", "b"]}, [[1, 2.0]]]}
BY_GROUP = [{"g=1": [{"g": "1", "__reducer__": "max", "__source__": "a,b"}, [(1, 2.0)]]}]
INFO = {
    "totalSamples": 1,
    "memoryUsage": 2,
    "firstTimestamp": 3,
    "lastTimestamp": 4,
    "retentionTime": 5,
    "chunkCount": 6,
    "chunkSize": 7,
    "chunkType": "compressed",
    "duplicatePolicy": None,
    "labels": labels(("a", "b")),
    "sourceKey": "s",
    "rules": [["d", 10, "AVG", 0]],
    "ignoreMaxTimeDiff": 0,
    "ignoreMaxValDiff": 0.5,
    "news": 1,
}
INFO3 = {**INFO, "labels": {"a": "b"}, "rules": {"d": [10, "AVG", 0]}}


def is_info(info: Any) -> bool:
    assert info.more == {"news": 1}
    assert info["total_samples"] == info.get("total_samples") == 1
    assert info.get("nonsense") is None
    with pytest.raises(KeyError):
        info["nonsense"]
    fields = {name: info[name] for name in info.__slots__ if name != "more"}
    return fields == {
        "total_samples": 1,
        "memory_usage": 2,
        "first_timestamp": 3,
        "last_timestamp": 4,
        "retention_msecs": 5,
        "chunk_count": 6,
        "chunk_size": 7,
        "chunk_type": "compressed",
        "duplicate_policy": None,
        "labels": {"a": "b"},
        "source_key": "s",
        "rules": [["d", 10, "AVG", 0]],
        "ignore_max_time_diff": 0,
        "ignore_max_val_diff": 0.5,
    }


CASES = [
    Case(lambda db: db.ts().create("k"), "TS.CREATE k", OK, True),
    Case(
        lambda db: db.ts().create("k", uncompressed=True, **OPTIONS),
        f"TS.CREATE k {WORDS.replace('CHUNK', 'ENCODING UNCOMPRESSED CHUNK', 1)}",
        OK,
        True,
    ),
    Case(lambda db: db.ts().create("k", retention_msecs=0, labels={}), "TS.CREATE k RETENTION 0", OK, True),
    Case(lambda db: db.ts().alter("k", **OPTIONS), f"TS.ALTER k {WORDS}", OK, True),
    Case(lambda db: db.ts().alter("k", labels={}), "TS.ALTER k LABELS", OK, True),
    Case(lambda db: db.ts().createrule("a", "b", "avg", 10), "TS.CREATERULE a b AGGREGATION avg 10", OK, True),
    Case(lambda db: db.ts().createrule("a", "b", "avg", 10, 5), "TS.CREATERULE a b AGGREGATION avg 10 5", OK, True),
    Case(lambda db: db.ts().deleterule("a", "b"), "TS.DELETERULE a b", OK, True),
    Case(lambda db: db.ts().info("k"), "TS.INFO k", INFO, is_info, reply3=INFO3),
    Case(lambda db: db.ts().add("k", "*", 1.5), "TS.ADD k * 1.5", 7, 7),
    Case(
        lambda db: db.ts().add("k", 1, 2, on_duplicate="sum", **OPTIONS),
        f"TS.ADD k 1 2 ON_DUPLICATE sum {WORDS}",
        1,
        1,
    ),
    Case(lambda db: db.ts().madd([("a", 1, 2), ("b", "*", 3)]), "TS.MADD a 1 2 b * 3", [1, 7], [1, 7]),
    Case(lambda db: db.ts().incrby("k", 1), "TS.INCRBY k 1", 7, 7),
    Case(lambda db: db.ts().incrby("k", 1, timestamp=5, **OPTIONS), f"TS.INCRBY k 1 TIMESTAMP 5 {WORDS}", 5, 5),
    Case(lambda db: db.ts().decrby("k", 1.5, timestamp="*"), "TS.DECRBY k 1.5 TIMESTAMP *", 7, 7),
    Case(lambda db: db.ts().delete("k", 1, 2), "TS.DEL k 1 2", 2, 2),
    Case(lambda db: db.ts().get("k"), "TS.GET k", [1, 1.5], (1, 1.5)),
    Case(lambda db: db.ts().get("k", latest=True), "TS.GET k LATEST", [], None),
    Case(lambda db: db.ts().range("k", 1, 2), "TS.RANGE k 1 2", [[1, 1.5], [2, 2.0]], [(1, 1.5), (2, 2.0)]),
    Case(
        lambda db: db.ts().range("k", "-", "+", aggregation_type="avg", **RANGE),
        f"TS.RANGE k - + {BEFORE} {AFTER}",
        [[1, math.nan]],
        lambda samples: samples[0][0] == 1 and math.isnan(samples[0][1]),
    ),
    Case(
        lambda db: db.ts().range("k", 1, 2, aggregation_type=["min", "max"], bucket_size_msec=5),
        "TS.RANGE k 1 2 AGGREGATION min,max 5",
        [[1, 1.0, 2.0]],
        [(1, 1.0, 2.0)],
    ),
    Case(lambda db: db.ts().range("k", 1, 2, count=0), "TS.RANGE k 1 2 COUNT 0", [], []),
    Case(
        lambda db: db.ts().revrange("k", "-", "+", aggregation_type="avg", **RANGE),
        f"TS.REVRANGE k - + {BEFORE} {AFTER}",
        [[1, 1.5]],
        [(1, 1.5)],
    ),
    Case(lambda db: db.ts().read("k", 5), "TS.READ k 5", [[6, 1.5]], [[6, 1.5]]),
    Case(lambda db: db.ts().read("k", "-", max_count=7), "TS.READ k - MAX_COUNT 7", [], []),
    Case(
        lambda db: db.ts().mget(["a=b", "c!=d"]),
        "TS.MGET FILTER a=b c!=d",
        [["k2", labels(("a", "b")), [1, 2.0]], ["k1", [], []]],
        [{"k1": [{}, None, None]}, {"k2": [{"a": "b"}, 1, 2.0]}],
        reply3={"k2": [{"a": "b"}, [1, 2.0]], "k1": [{}, []]},
    ),
    Case(
        lambda db: db.ts().mget(["a=b"], with_labels=True, latest=True),
        "TS.MGET LATEST WITHLABELS FILTER a=b",
        [],
        [],
        reply3={},
    ),
    Case(
        lambda db: db.ts().mget(["a=b"], select_labels=["x", "y"]),
        "TS.MGET SELECTED_LABELS x y FILTER a=b",
        [],
        [],
    ),
    Case(
        lambda db: db.ts().mrange("-", "+", ["a=b"], select_labels=["a", "c"], exclude_empty=True),
        "TS.MRANGE - + SELECTED_LABELS a c EXCLUDEEMPTY FILTER a=b",
        MANY,
        BY_KEY,
        reply3=MANY3,
    ),
    Case(
        lambda db: db.ts().mrange(
            "-", "+", ["a=b"], aggregation_type="avg", with_labels=True, groupby="g", reduce="max", **RANGE
        ),
        f"TS.MRANGE - + {BEFORE} WITHLABELS {AFTER} FILTER a=b GROUPBY g REDUCE MAX",
        GROUPED,
        BY_GROUP,
        reply3=GROUPED3,
    ),
    Case(
        lambda db: db.ts().mrevrange(1, 2, ["a=b"], aggregation_type=["avg"], **RANGE),
        f"TS.MREVRANGE 1 2 {BEFORE} {AFTER} FILTER a=b",
        MANY,
        BY_KEY,
        reply3=MANY3,
    ),
    Case(
        lambda db: db.ts().nrange(["a", "b"], 1, 2),
        "TS.NRANGE 2 a b 1 2",
        [[1, [1.0, 2.5]]],
        [[1, [1.0, 2.5]]],
    ),
    Case(
        lambda db: db.ts().nrange(["a", "b"], 1, 2, aggregators=["avg", "min,max"], bucket_size_msec=3),
        "TS.NRANGE 2 a b 1 2 AGGREGATION avg min,max 3",
        [[1, [1.0, [2.0, 3.0]]]],
        [[1, [1.0, [2.0, 3.0]]]],
    ),
    Case(
        lambda db: db.ts().nrevrange(["a"], "-", "+", aggregators="avg", **RANGE),
        f"TS.NREVRANGE 1 a - + {BEFORE} {AFTER}",
        [],
        [],
    ),
    Case(lambda db: db.ts().queryindex(["a=b"]), "TS.QUERYINDEX a=b", ["k"], ["k"], reply3={"k"}),
    Case(lambda db: db.ts().querylabels(), "TS.QUERYLABELS LABELS", ["a"], {b"a"}, reply3={"a"}, text={"a"}),
    Case(
        lambda db: db.ts().querylabels("l", ["a=b"]),
        "TS.QUERYLABELS VALUES l FILTER a=b",
        [],
        set(),
    ),
]


@pytest.mark.parametrize("protocol", [2, 3])
async def test_round_trips(protocol: int) -> None:
    await check(CASES, protocol)


def test_every_method_is_called() -> None:
    methods = {name for name in vars(type(Database.ts(None))) if not name.startswith("_")}  # type: ignore[arg-type]
    assert methods <= cases_by_method(CASES)


async def test_waiting_takes_a_connection_of_its_own() -> None:
    with ScriptedServer() as server:
        server.on("TS.READ", [[6, 1.5]])
        async with await connect(server) as mux:
            series = mux.get_database().ts()
            server.clear()
            assert await series.read("k", 5, block_milliseconds=100) == [[6, 1.5]]
            assert await series.read("k", "-", 10, 2, 7) == [[6, 1.5]]
            first, second = (item for item in server.received if item.name == "TS.READ")
            assert first.args == (b"TS.READ", b"k", b"5", b"BLOCK", b"100", b"1")
            assert second.args == (b"TS.READ", b"k", b"-", b"BLOCK", b"10", b"2", b"MAX_COUNT", b"7")
            await mux.get_database().ping()
            assert server.received[-1].connection is not first.connection


@pytest.mark.parametrize("protocol", [2, 3])
async def test_an_error_stands_in_its_place(protocol: int) -> None:
    with ScriptedServer() as server:
        server.on("TS.MADD", [1, Error("ERR TSDB: the key does not exist")])
        async with await connect(server, protocol=protocol) as mux:
            first, second = await mux.get_database().ts().madd([("a", 1, 2), ("b", 1, 3)])
            assert first == 1
            assert isinstance(second, ResponseError)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda db: db.ts().create("k", retention_msecs=-1), "TS.CREATE: retention_msecs"),
        (lambda db: db.ts().create("k", ignore_max_time_diff=1), "TS.CREATE: ignore_max"),
        (lambda db: db.ts().alter("k", chunk_size=-1), "TS.ALTER: chunk_size"),
        (lambda db: db.ts().createrule("a", "b", "avg", -1), "TS.CREATERULE: bucket_size_msec"),
        (lambda db: db.ts().madd([]), "TS.MADD: ktv_tuples"),
        (lambda db: db.ts().incrby("k", math.nan), "TS.INCRBY: value"),
        (lambda db: db.ts().decrby("k", math.nan), "TS.DECRBY: value"),
        (lambda db: db.ts().range("k", 1, 2, count=-1), "TS.RANGE: count"),
        (lambda db: db.ts().revrange("k", 1, 2, filter_by_min_value=1), "TS.REVRANGE: filter_by_min_value"),
        (lambda db: db.ts().read("k", 1, block_min_count=1), "TS.READ: block_min_count"),
        (lambda db: db.ts().mget([]), "TS.MGET: filters"),
        (lambda db: db.ts().mget(["a=b"], with_labels=True, select_labels=["a"]), "TS.MGET: with_labels and select"),
        (lambda db: db.ts().mrange(1, 2, []), "TS.MRANGE: filters"),
        (lambda db: db.ts().mrevrange(1, 2, ["a=b"], groupby="g"), "TS.MREVRANGE: groupby and reduce"),
        (
            lambda db: db.ts().mrange(1, 2, ["a=b"], groupby="g", reduce="max", exclude_empty=True),
            "TS.MRANGE: EXCLUDEEMPTY is not allowed with GROUPBY",
        ),
        (
            lambda db: db.ts().mrevrange(1, 2, ["a=b"], aggregation_type=["min", "max"], groupby="g", reduce="max"),
            "TS.MREVRANGE: GROUPBY is not allowed",
        ),
        (lambda db: db.ts().nrange([], 1, 2), "TS.NRANGE: keys"),
        (lambda db: db.ts().nrevrange(["a", "b"], 1, 2, aggregators="avg"), "TS.NREVRANGE: .*aggregators"),
        (lambda db: db.ts().queryindex([]), "TS.QUERYINDEX: filters"),
        (lambda db: db.ts().querylabels(filters=[]), "TS.QUERYLABELS: filters"),
    ],
)
async def test_what_makes_no_sense_is_not_sent(db: Database[bytes], call: Any, named: str) -> None:
    with pytest.raises(DataError, match=named) as caught:
        call(db)
    assert caught.value.was_sent is False
    assert caught.value.command == named.split(":")[0]
