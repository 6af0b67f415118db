"""Time series, on Redis Stack."""

from __future__ import annotations

import math
from typing import Any

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import ResponseError

#: Every option of those that make a series.
OPTIONS: dict[str, Any] = {
    "retention_msecs": 100_000,
    "uncompressed": True,
    "labels": {"room": "attic", "ä": "ö"},
    "chunk_size": 128,
    "duplicate_policy": "last",
    "ignore_max_time_diff": 5,
    "ignore_max_val_diff": 0.5,
}


def is_as_asked(info: Any) -> bool:
    return (
        info.retention_msecs, info.chunk_type, info.labels, info.chunk_size, info.duplicate_policy,
        info.ignore_max_time_diff, info.ignore_max_val_diff,
    ) == (100_000, "uncompressed", {"room": "attic", "ä": "ö"}, 128, "last", 5, 0.5)  # fmt: skip


async def test_making_series(db: Database[bytes]) -> None:
    series = db.ts()
    assert (await series.create("k"), await series.create("all", **OPTIONS)) == (True, True)
    info = await series.info("k")
    assert (info.total_samples, info.retention_msecs, info.chunk_type, info.duplicate_policy) == (
        0,
        0,
        "compressed",
        None,
    )
    assert (info.labels, info.rules, info.source_key, info.more) == ({}, [], None, {})
    # Whatever follows labels would be taken for some.
    assert is_as_asked(await series.info("all"))
    assert await series.add("added", 5, 1, **OPTIONS) == 5
    assert await series.add("added", 5, 2, on_duplicate="sum", **OPTIONS) == 5
    assert (await series.incrby("up", 1, 5, **OPTIONS), await series.decrby("down", 1, 5, **OPTIONS)) == (5, 5)
    for key, value in (("added", 3.0), ("up", 1.0), ("down", -1.0)):
        assert is_as_asked(await series.info(key)), key
        assert await series.get(key) == (5, value)
    changes = {name: value for name, value in OPTIONS.items() if name != "uncompressed"}
    assert await series.alter("k", **changes) is True
    info = await series.info("k")
    assert (info["labels"], info["chunkSize"], info["ignore_max_val_diff"]) == ({"room": "attic", "ä": "ö"}, 128, 0.5)
    assert (await series.alter("k", labels={}), (await series.info("k")).labels) == (True, {})
    for call in (
        lambda: series.create("k"),
        lambda: series.create("x", chunk_size=100),
        lambda: series.create("x", labels={"room": ""}),
        lambda: series.alter("none", labels={}),
        lambda: series.info("none"),
    ):
        with pytest.raises(ResponseError, match="TSDB"):
            await call()


async def test_adding_and_deleting(db: Database[bytes]) -> None:
    series = db.ts()
    assert [await series.add("k", time, value) for time, value in ((1000, 1.5), (900, "-1e3"), (2**62, 0.1 + 0.2))] == [
        1000, 900, 2**62,
    ]  # fmt: skip
    assert await series.range("k", "-", "+") == [(900, -1000.0), (1000, 1.5), (2**62, 0.1 + 0.2)]
    assert await series.add("k", 1000, 2, on_duplicate="max") == 1000
    await series.create("other")
    first, second, third, fourth = await series.madd([("k", 1100, 1), ("k", 1100, 1), ("none", 1, 1), ("other", 5, 7)])
    assert (first, type(second), type(third), fourth) == (1100, ResponseError, ResponseError, 5)
    assert await series.add("now", "*", 2**53 + 1) > 1_700_000_000_000
    assert (await series.get("now") or (0, 0))[1] == 2.0**53
    assert (await series.incrby("n", 5, timestamp=10), await series.incrby("n", 2.5, timestamp=20)) == (10, 20)
    assert (await series.decrby("n", 1, timestamp=20), await series.get("n")) == (20, (20, 6.5))
    assert await series.delete("k", 1000, 1100) == 2
    assert (await series.delete("k", "-", "+"), await series.get("k"), await series.range("k", 0, "+")) == (2, None, [])
    for call in (
        lambda: series.add("other", 5, 1),
        lambda: series.add("other", 6, "nan"),
        lambda: series.add("other", 6, math.inf),
        lambda: series.add("other", -5, 1),
        lambda: series.incrby("n", 1, timestamp=5),
        lambda: series.get("none"),
        lambda: series.range("none", "-", "+"),
        lambda: series.delete("none", 0, 1),
    ):
        with pytest.raises(ResponseError, match="TSDB"):
            await call()


async def test_spans_of_time(db: Database[bytes]) -> None:
    series = db.ts()
    await series.create("k")
    await series.madd([("k", 1000, 7), *(("k", 2000 + 10 * each, each) for each in range(10))])
    assert await series.revrange("k", "-", "+", count=2) == [(2090, 9.0), (2080, 8.0)]
    assert await series.range("k", 0, 2000) == [(1000, 7.0), (2000, 0.0)]
    assert await series.range("k", 2000, "+", aggregation_type="avg", bucket_size_msec=50) == [(2000, 2.0), (2050, 7.0)]
    averages: dict[str, Any] = {"aggregation_type": "avg", "bucket_size_msec": 50}
    assert await series.range("k", 2000, 2090, align=2025, bucket_timestamp="~", **averages) == [
        (2000, 1.0), (2050, 5.0), (2100, 8.5),
    ]  # fmt: skip
    assert await series.range("k", 2005, 2090, align="-", bucket_timestamp="+", count=1, **averages) == [(2055, 3.0)]
    everything = {"filter_by_ts": [2010, 2030, 2070], "filter_by_min_value": 2, "filter_by_max_value": 9}
    assert await series.range("k", 2000, 2100, **everything) == [(2030, 3.0), (2070, 7.0)]
    assert await series.revrange(
        "k", 2000, 2090, align="+", latest=True, empty=True, bucket_timestamp="-", count=5, **averages, **everything
    ) == [(2040, 7.0), (1990, 3.0)]
    empty = await series.range("k", 1000, "+", aggregation_type="avg", bucket_size_msec=500, empty=True)
    assert [time for time, _ in empty] == [1000, 1500, 2000]
    assert math.isnan(empty[1][1])
    for function, value in (
        ("min", 0.0), ("max", 9.0), ("sum", 45.0), ("range", 9.0), ("count", 10.0), ("first", 0.0), ("last", 9.0),
        ("var.p", 8.25), ("twa", 4.5), ("std.p", 8.25**0.5),
    ):  # fmt: skip
        found = await series.range("k", 2000, "+", aggregation_type=function, bucket_size_msec=100)
        assert found == [(2000, pytest.approx(value))], function
    for mistake in ({"bucket_size_msec": 0}, {"bucket_size_msec": 5, "aggregation_type": "none"}):
        with pytest.raises(ResponseError, match="TSDB"):
            await series.range("k", "-", "+", **{"aggregation_type": "avg", **mistake})


async def test_aggregates_that_the_server_keeps(db: Database[bytes], db_str: Database[str]) -> None:
    series = db.ts()
    for key in ("k", "avg", "sum"):
        await series.create(key, labels={"of": key})
    assert (await series.createrule("k", "avg", "avg", 50), await series.createrule("k", "sum", "sum", 50, 10)) == (
        True,
        True,
    )
    assert (await series.info("k")).rules == [["avg", 50, "AVG", 0], ["sum", 50, "SUM", 10]]
    assert (await db_str.ts().info("avg")).source_key == "k"
    await series.madd([("k", 3000, 1), ("k", 3010, 3), ("k", 3060, 5)])
    assert (await series.get("avg"), await series.get("avg", latest=True)) == ((3000, 2.0), (3050, 5.0))
    assert await series.range("sum", "-", "+", latest=True) == [(2960, 1.0), (3010, 3.0), (3060, 5.0)]
    assert await series.mget(["of=avg"], latest=True) == [{"avg": [{}, 3050, 5.0]}]
    assert await series.mrange("-", "+", ["of=avg"], latest=True) == [{"avg": [{}, [(3000, 2.0), (3050, 5.0)]]}]
    assert (await series.deleterule("k", "avg"), (await series.info("avg")).source_key) == (True, None)
    for call in (lambda: series.createrule("k", "sum", "sum", 50), lambda: series.deleterule("k", "avg")):
        with pytest.raises(ResponseError, match="TSDB"):
            await call()


async def several(db: Database[bytes]) -> None:
    """Make series ``a`` and ``b`` of one kind, with samples at 1000 and so on, and ``empty`` of the same."""
    series = db.ts()
    await series.create("a", labels={"kind": "x", "name": "a"})
    await series.create("b", labels={"kind": "x", "name": "b"})
    await series.create("empty", labels={"kind": "x"})
    await series.madd([(key, 1000 + each, each * factor) for key, factor in (("a", 1), ("b", 10)) for each in range(5)])


async def test_the_newest_of_several(db: Database[bytes], db_str: Database[str]) -> None:
    await several(db)
    plain = [{"a": [{}, 1004, 4.0]}, {"b": [{}, 1004, 40.0]}, {"empty": [{}, None, None]}]
    assert await db.ts().mget(["kind=x"]) == await db_str.ts().mget(["kind=x"]) == plain
    assert await db.ts().mget(["kind=x", "name=b"], with_labels=True) == [
        {"b": [{"kind": "x", "name": "b"}, 1004, 40.0]}
    ]
    assert await db.ts().mget(["kind=x", "name="], select_labels=["name", "kind"]) == [
        {"empty": [{"name": None, "kind": "x"}, None, None]}
    ]
    assert (await db.ts().mget(["kind=none"]), await db.ts().queryindex(["kind=none"])) == ([], [])
    assert await db.ts().queryindex(["kind=(x,y)", "name!=b"]) == ["a", "empty"]
    await db.ts().create(b"\xff", labels={"kind": "é"})
    assert await db.ts().mget(["kind=é"], with_labels=True) == [{"\\xff": [{"kind": "é"}, None, None]}]
    for filters in (["kind!=x"], ["nonsense"]):
        with pytest.raises(ResponseError, match="TSDB"):
            await db.ts().mget(filters)


async def test_spans_of_several(db: Database[bytes]) -> None:
    await several(db)
    series = db.ts()
    assert await series.mrange("-", "+", ["kind=x"], count=1) == [
        {"a": [{}, [(1000, 0.0)]]}, {"b": [{}, [(1000, 0.0)]]}, {"empty": [{}, []]},
    ]  # fmt: skip
    assert await series.mrevrange("-", 1003, ["name=b"], count=1, with_labels=True) == [
        {"b": [{"kind": "x", "name": "b"}, [(1003, 30.0)]]}
    ]
    found = await series.mrange(
        1000, 2000, ["kind=x", "name!="], select_labels=["name", "none"], aggregation_type="avg", bucket_size_msec=2,
        align="-", count=2, empty=True, bucket_timestamp="~", filter_by_ts=[1000, 1001, 1003], filter_by_min_value=0,
        filter_by_max_value=100, latest=True,
    )  # fmt: skip
    assert found == [
        {"a": [{"name": "a", "none": None}, [(1001, 0.5), (1003, 3.0)]]},
        {"b": [{"name": "b", "none": None}, [(1001, 5.0), (1003, 30.0)]]},
    ]
    assert await series.mrange("-", "+", ["kind=none"]) == []


async def test_series_made_of_groups(db: Database[bytes], db_str: Database[str]) -> None:
    await several(db)
    series = db.ts()
    origin = {"__reducer__": "sum", "__source__": "a,b,empty"}
    for asked, labels in (
        ({}, {}),
        ({"with_labels": True}, {"kind": "x", **origin}),
        ({"select_labels": ["kind", "none"]}, {"kind": "x", "none": None}),
        ({"select_labels": ["__source__", "kind"]}, {"kind": "x", "__source__": "a,b,empty"}),
    ):
        found = await series.mrange("-", "+", ["kind=x"], groupby="kind", reduce="sum", count=2, **asked)
        assert found == [{"kind=x": [labels, [(1000, 0.0), (1001, 11.0)]]}], asked
    for function, value in (("avg", 5.5), ("min", 1.0), ("max", 10.0), ("range", 9.0), ("count", 2.0), ("std.p", 4.5)):
        found = await db_str.ts().mrevrange("-", 1001, ["kind=x"], groupby="kind", reduce=function, count=1)
        assert found == [{"kind=x": [{}, [(1001, value)]]}], function
    found = await series.mrange(
        "-", "+", ["kind=x"], groupby="name", reduce="max", aggregation_type="sum", bucket_size_msec=10
    )
    assert found == [{"name=a": [{}, [(1000, 10.0)]]}, {"name=b": [{}, [(1000, 100.0)]]}]
    assert await series.mrange("-", "+", ["kind=x"], groupby="none", reduce="sum") == []
