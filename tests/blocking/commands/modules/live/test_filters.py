# Generated from tests/asyncio/commands/modules/live/test_filters.py by scripts/generate_blocking.py; change that file instead.
"""Bloom and Cuckoo filters, Count-Min sketches, lists of the most frequent items, and t-digests, on Redis Stack."""

from __future__ import annotations

import math
from typing import Any

import pytest

from multiplexer.blocking import Database
from multiplexer.errors import DataError, ResponseError, WrongTypeError

BINARY = b"\xff\x00"


def test_bloom_filters(db: Database[bytes], db_str: Database[str]) -> None:
    bloom = db.bf()
    assert (bloom.create("k", 0.01, 100), bloom.reserve("e", 0.01, 4, expansion=4)) == (True, True)
    assert (bloom.add("k", "a"), bloom.add("k", "a"), bloom.add("new", BINARY)) == (1, 0, 1)
    assert bloom.madd("k", "a", "b", 3, 1.5) == [0, 1, 1, 1]
    assert db_str.bf().mexists("k", "a", 3, "none") == [1, 1, 0]
    assert (bloom.exists("new", BINARY), bloom.exists("none", "a")) == (1, 0)
    assert (bloom.card("k"), bloom.card("none"), bloom.mexists("none", "a")) == (4, 0, [0])
    assert bloom.insert("i", ["a", "b", "a"], capacity=10, error=0.1, expansion=3) == [1, 1, 0]
    assert (bloom.insert("i", ["c"], noCreate=True), bloom.info("i")["expansionRate"]) == ([1], 3)
    info = bloom.info("k")
    assert (info.capacity, info.filterNum, info.insertedNum, info.expansionRate) == (100, 1, 4, 2)
    assert info.get("size") == info["size"] > 100
    for call in (
        lambda: bloom.create("k", 0.01, 100),
        lambda: bloom.insert("none", ["a"], noCreate=True),
        lambda: bloom.info("none"),
        lambda: bloom.create("x", 2, 4),
    ):
        with pytest.raises(ResponseError):
            call()
    db.set("text", "x")
    with pytest.raises(WrongTypeError):
        bloom.add("text", "a")


def test_a_bloom_filter_that_is_full(db: Database[bytes]) -> None:
    bloom = db.bf()
    bloom.create("k", 0.01, 2, noScale=True)
    first, second, error = bloom.madd("k", *range(9))  # nothing is said of those after the error
    assert (first, second, type(error)) == (1, 1, ResponseError)
    assert bloom.info("k").expansionRate is None
    first, error = bloom.insert("i", range(9), capacity=1, noScale=True)
    assert (first, type(error)) == (1, ResponseError)
    with pytest.raises(ResponseError, match="full"):
        bloom.add("k", "another")


@pytest.mark.parametrize("kind", ["bf", "cf"])
def test_dumping_and_restoring(db: Database[bytes], db_str: Database[str], kind: str) -> None:
    filters: Any = getattr(db, kind)()
    filters.reserve("k", *((0.01, 1000) if kind == "bf" else (1000,)))
    for item in range(50):
        filters.add("k", item)
    position, pieces = 0, 0
    while True:
        position, data = getattr(db_str, kind)().scandump("k", position)
        if not position:
            assert not data
            break
        assert isinstance(data, bytes)
        assert filters.loadchunk("copy", position, data) == b"OK"
        pieces += 1
    assert pieces >= 2
    assert filters.mexists("copy", *range(50)) == [1] * 50
    assert filters.exists("copy", "none") == 0
    assert filters.info("copy") == filters.info("k")
    for call in (lambda: filters.scandump("none", 0), lambda: filters.loadchunk("bad", 1, b"nonsense")):
        with pytest.raises(ResponseError):
            call()


def test_cuckoo_filters(db: Database[bytes]) -> None:
    cuckoo = db.cf()
    assert cuckoo.create("k", 100, expansion=1, bucket_size=2, max_iterations=10) is True
    assert cuckoo.reserve("other", 16) is True
    assert (cuckoo.add("k", "a"), cuckoo.add("k", "a"), cuckoo.addnx("k", "a")) == (1, 1, 0)
    assert (cuckoo.addnx("k", BINARY), cuckoo.exists("k", BINARY)) == (1, 1)
    assert (cuckoo.insert("k", ["c", "a"]), cuckoo.insertnx("k", ["c", "d"])) == ([1, 1], [0, 1])
    assert (cuckoo.insert("i", ["c"], capacity=4), cuckoo.insertnx("j", ["c"], capacity=4)) == ([1], [1])
    assert (cuckoo.count("k", "a"), cuckoo.count("k", "x"), cuckoo.count("none", "a")) == (3, 0, 0)
    assert (cuckoo.mexists("k", "a", "x"), cuckoo.mexists("none", "a")) == ([1, 0], [0])
    assert (cuckoo.delete("k", "a"), cuckoo.delete("k", "x"), cuckoo.count("k", "a")) == (1, 0, 2)
    info = cuckoo.info("k")
    assert (info.insertedNum, info.deletedNum, info.bucketSize, info.maxIteration) == (5, 1, 2, 10)
    assert (info["filterNum"], info["expansionRate"], info["bucketNum"] > 0, info["size"] > 0) == (1, 1, True, True)
    for call in (
        lambda: cuckoo.create("k", 100),
        lambda: cuckoo.insert("none", ["c"], nocreate=True),
        lambda: cuckoo.insertnx("none", ["c"], nocreate=True),
        lambda: cuckoo.delete("none", "a"),
        lambda: cuckoo.info("none"),
    ):
        with pytest.raises(ResponseError):
            call()


def test_a_cuckoo_filter_that_is_full(db: Database[bytes]) -> None:
    cuckoo = db.cf()
    cuckoo.create("k", 2, expansion=0, bucket_size=1, max_iterations=1)
    added = cuckoo.insert("k", list(range(9)))
    assert set(added) == {1, -1}
    assert [0 if each == 1 else -1 for each in added] == cuckoo.insertnx("k", list(range(9)))
    with pytest.raises(ResponseError, match="full"):
        cuckoo.add("k", 8)


def test_count_min_sketches(db: Database[bytes]) -> None:
    sketches = db.cms()
    for key in ("a", "b", "sum"):
        assert sketches.initbydim(key, 1000, 5) is True
    assert sketches.initbyprob("p", 0.01, 0.01) is True
    assert sketches.incrby("a", ["x", "y", "x", BINARY], [5, 3, 2, 1]) == [5, 3, 7, 1]
    assert (sketches.incrby("b", ["x", "z"], [10, 1]), sketches.query("a", "x", "none")) == (
        [10, 1],
        [7, 0],
    )
    assert (sketches.merge("sum", 2, ["a", "b"]), sketches.query("sum", "x", "z")) == (True, [17, 1])
    assert (sketches.merge("sum", 2, ["a", "b"], [2, 3]), sketches.query("sum", "x")) == (True, [44])
    info = sketches.info("a")
    assert (info.width, info.depth, info.count) == (1000, 5, 11)
    too_much, last = sketches.incrby("p", ["x", "y"], [2**32, 1])
    assert (type(too_much), last, sketches.query("p", "x")) == (ResponseError, 1, [2**32 - 1])
    for call in (
        lambda: sketches.initbydim("a", 1, 1),
        lambda: sketches.incrby("a", ["x"], [-1]),
        lambda: sketches.merge("p", 1, ["a"]),
        lambda: sketches.query("none", "x"),
    ):
        with pytest.raises(ResponseError):
            call()


def test_most_frequent_items(db: Database[bytes], db_str: Database[str]) -> None:
    top = db.topk()
    assert top.reserve("k", 2, 50, 4, 0.9) is True
    assert (top.list("k"), top.list("k", withcount=True)) == ([], [])
    # A byte of zeros would end an item, in this server.
    assert top.add("k", "a", "a", 7, b"\xff", "a b") == [None, None, None, b"7", b"\xff"]
    assert top.incrby("k", ["c", "a"], [20, 10]) == [b"a b", None]
    assert top.incrby("k", ["a", "a"], [100_000, 0]) == [None, None]
    # The server would say why not, and leave out replies it has announced: those of others would take their place.
    for increment in (100_001, -1, 1.5, "x"):
        with pytest.raises(DataError, match="increments") as caught:
            top.incrby("k", ["a", "b"], [1, increment])  # type: ignore[list-item]
        assert caught.value.was_sent is False
    assert (top.list("k"), db_str.topk().list("k", withcount=True)) == (
        [b"a", b"c"],
        ["a", 100_012, "c", 20],
    )
    assert (top.query("k", "a", "none"), top.count("k", "a", "none")) == ([1, 0], [100_012, 0])
    info = top.info("k")
    assert (info.k, info.width, info.depth, info.decay) == (2, 50, 4, 0.9)
    for call in (lambda: top.reserve("k", 1, 2, 3, 0.9), lambda: top.add("none", "a"), lambda: top.list("none")):
        with pytest.raises(ResponseError):
            call()


def test_t_digests(db: Database[bytes], db_str: Database[str]) -> None:
    digests = db.tdigest()
    assert (digests.create("k"), digests.create("other", 50)) == (True, True)
    assert digests.add("k", [1, 2, 2, 3, 4, 5.0]) == b"OK"
    assert (digests.min("k"), digests.max("k")) == (1.0, 5.0)
    assert (digests.quantile("k", 0, 0.5, 1), digests.cdf("k", 0, 2, 10)) == (
        [1.0, 3.0, 5.0],
        [0.0, 1 / 3, 1.0],
    )
    assert (digests.rank("k", 0, 2, 10), digests.revrank("k", 0, 2, 10)) == ([-1, 2, 6], [6, 4, -1])
    assert (digests.byrank("k", 0, 3, 9), digests.byrevrank("k", 0, 3, 9)) == (
        [1.0, 3.0, math.inf], [5.0, 2.0, -math.inf],
    )  # fmt: skip
    assert digests.trimmed_mean("k", 0.1, 0.9) == pytest.approx(17 / 6)
    assert db_str.tdigest().add("other", [1e300, -1e300]) == "OK"
    assert digests.merge("sum", 2, "k", "other") == b"OK"
    assert (digests.min("sum"), digests.info("sum").compression) == (-1e300, 100)
    digests.merge("sum", 1, "k", compression=200, override=True)
    info = digests.info("sum")
    assert (info.compression, info.merged_weight + info.unmerged_weight, digests.min("sum")) == (200, 6, 1.0)
    assert (info["capacity"], info["memory_usage"] > 0, info.total_compressions) == (1210, True, 0)
    assert digests.reset("k") == b"OK"
    for call in (
        lambda: digests.create("k"),
        lambda: digests.add("k", [math.inf]),
        lambda: digests.quantile("k", 1.5),
        lambda: digests.trimmed_mean("k", 0.9, 0.1),
        lambda: digests.merge("x", 1, "none"),
        lambda: digests.info("none"),
    ):
        with pytest.raises(ResponseError):
            call()


def test_a_t_digest_without_numbers(db: Database[bytes]) -> None:
    digests = db.tdigest()
    digests.create("k")
    single = [digests.min("k"), digests.max("k"), digests.trimmed_mean("k", 0.1, 0.9)]
    several = [
        *digests.quantile("k", 0.5), *digests.cdf("k", 1, 2), *digests.byrank("k", 0),
        *digests.byrevrank("k", 0),
    ]  # fmt: skip
    assert all(math.isnan(value) for value in (*single, *several))
    assert (digests.rank("k", 1, 2), digests.revrank("k", 1)) == ([-2, -2], [-2])
