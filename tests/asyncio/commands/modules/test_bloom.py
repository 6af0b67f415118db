"""Bloom and Cuckoo filters, Count-Min sketches, lists of the most frequent items, and t-digests."""

from __future__ import annotations

import inspect
import math
from typing import Any

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import DataError
from tests.servers.wire import OK

from .round_trip import Case, cases_by_method, check

BLOOM_INFO = {
    "Capacity": 1, "Size": 2, "Number of filters": 3, "Number of items inserted": 4, "Expansion rate": None,
}  # fmt: skip
CUCKOO_INFO = {
    "Size": 1, "Number of buckets": 2, "Number of filters": 3, "Number of items inserted": 4,
    "Number of items deleted": 5, "Bucket size": 6, "Expansion rate": 7, "Max iterations": 8,
}  # fmt: skip
DIGEST_INFO = {
    "Compression": 100, "Capacity": 610, "Merged nodes": 1, "Unmerged nodes": 2, "Merged weight": 3.0,
    "Unmerged weight": 4.0, "Observations": 7, "Total compressions": 5, "Memory usage": 9768,
}  # fmt: skip


def is_info(**fields: Any) -> Any:
    def compare(info: Any) -> bool:
        assert info.get("nonsense") is None
        with pytest.raises(KeyError):
            info["nonsense"]
        return all(getattr(info, name) == value == info[name] == info.get(name) for name, value in fields.items())

    return compare


CASES = [
    Case(lambda db: db.bf().create("k", 0.01, 100), "BF.RESERVE k 0.01 100", OK, True),
    Case(
        lambda db: db.bf().create("k", 0.01, 100, expansion=2, noScale=True),
        "BF.RESERVE k 0.01 100 EXPANSION 2 NONSCALING",
        OK,
        True,
    ),
    Case(lambda db: db.bf().reserve("k", 0.01, 100, noScale=False), "BF.RESERVE k 0.01 100", OK, True),
    Case(lambda db: db.bf().add("k", "i"), "BF.ADD k i", True, 1),
    Case(lambda db: db.bf().madd("k", "i", 2), "BF.MADD k i 2", [True, False], [1, 0]),
    Case(lambda db: db.bf().insert("k", ["a", "b"]), "BF.INSERT k ITEMS a b", [False, True], [0, 1]),
    Case(
        lambda db: db.bf().insert("k", ["a"], capacity=5, error=0.1, noCreate=True, expansion=3, noScale=True),
        "BF.INSERT k CAPACITY 5 ERROR 0.1 EXPANSION 3 NOCREATE NONSCALING ITEMS a",
        [True],
        [1],
    ),
    Case(lambda db: db.bf().exists("k", "i"), "BF.EXISTS k i", False, 0),
    Case(lambda db: db.bf().mexists("k", "i", "j"), "BF.MEXISTS k i j", [True, False], [1, 0]),
    Case(lambda db: db.bf().scandump("k", 0), "BF.SCANDUMP k 0", [1, b"\xff"], (1, b"\xff")),
    Case(lambda db: db.bf().loadchunk("k", 1, b"\xff"), ["BF.LOADCHUNK", "k", 1, b"\xff"], OK, b"OK", text="OK"),
    Case(lambda db: db.bf().card("k"), "BF.CARD k", 7, 7),
    Case(
        lambda db: db.bf().info("k"),
        "BF.INFO k",
        BLOOM_INFO,
        is_info(capacity=1, size=2, filterNum=3, insertedNum=4, expansionRate=None),
    ),
    Case(lambda db: db.cf().create("k", 100), "CF.RESERVE k 100", OK, True),
    Case(
        lambda db: db.cf().reserve("k", 100, expansion=1, bucket_size=2, max_iterations=3),
        "CF.RESERVE k 100 EXPANSION 1 BUCKETSIZE 2 MAXITERATIONS 3",
        OK,
        True,
    ),
    Case(lambda db: db.cf().add("k", "i"), "CF.ADD k i", True, 1),
    Case(lambda db: db.cf().addnx("k", "i"), "CF.ADDNX k i", False, 0),
    Case(
        lambda db: db.cf().insert("k", ["a", "b"], capacity=3, nocreate=True),
        "CF.INSERT k CAPACITY 3 NOCREATE ITEMS a b",
        [True, -1],
        [1, -1],
    ),
    Case(lambda db: db.cf().insertnx("k", ["a"], nocreate=False), "CF.INSERTNX k ITEMS a", [False], [0]),
    Case(lambda db: db.cf().exists("k", "i"), "CF.EXISTS k i", True, 1),
    Case(lambda db: db.cf().mexists("k", "i"), "CF.MEXISTS k i", [True], [1]),
    Case(lambda db: db.cf().delete("k", "i"), "CF.DEL k i", True, 1),
    Case(lambda db: db.cf().count("k", "i"), "CF.COUNT k i", 3, 3),
    Case(lambda db: db.cf().scandump("k", 5), "CF.SCANDUMP k 5", [0, None], (0, None)),
    Case(lambda db: db.cf().loadchunk("k", 1, b"d"), "CF.LOADCHUNK k 1 d", OK, b"OK", text="OK"),
    Case(
        lambda db: db.cf().info("k"),
        "CF.INFO k",
        CUCKOO_INFO,
        is_info(
            size=1, bucketNum=2, filterNum=3, insertedNum=4, deletedNum=5, bucketSize=6, expansionRate=7, maxIteration=8
        ),
    ),
    Case(lambda db: db.cms().initbydim("k", 10, 2), "CMS.INITBYDIM k 10 2", OK, True),
    Case(lambda db: db.cms().initbyprob("k", 0.1, 0.2), "CMS.INITBYPROB k 0.1 0.2", OK, True),
    Case(lambda db: db.cms().incrby("k", ["a", "b"], [1, 2]), "CMS.INCRBY k a 1 b 2", [1, 5], [1, 5]),
    Case(lambda db: db.cms().query("k", "a", "b"), "CMS.QUERY k a b", [1, 5], [1, 5]),
    Case(lambda db: db.cms().merge("d", 2, ["a", "b"]), "CMS.MERGE d 2 a b", OK, True),
    Case(lambda db: db.cms().merge("d", 2, ["a", "b"], [1, 2]), "CMS.MERGE d 2 a b WEIGHTS 1 2", OK, True),
    Case(
        lambda db: db.cms().info("k"),
        "CMS.INFO k",
        {"width": 1, "depth": 2, "count": 3},
        is_info(width=1, depth=2, count=3),
    ),
    Case(lambda db: db.topk().reserve("k", 1, 2, 3, 0.9), "TOPK.RESERVE k 1 2 3 0.9", OK, True),
    Case(lambda db: db.topk().add("k", "a", "b"), "TOPK.ADD k a b", [None, "7"], [None, b"7"], text=[None, "7"]),
    Case(lambda db: db.topk().incrby("k", ["a"], [2]), "TOPK.INCRBY k a 2", ["x"], [b"x"], text=["x"]),
    Case(lambda db: db.topk().query("k", "a", "b"), "TOPK.QUERY k a b", [True, False], [1, 0]),
    Case(lambda db: db.topk().count("k", "a"), "TOPK.COUNT k a", [3], [3]),
    Case(lambda db: db.topk().list("k"), "TOPK.LIST k", ["a", "7"], [b"a", b"7"], text=["a", "7"]),
    Case(lambda db: db.topk().list("k", withcount=True), "TOPK.LIST k WITHCOUNT", ["a", 4], [b"a", 4], text=["a", 4]),
    Case(
        lambda db: db.topk().info("k"),
        "TOPK.INFO k",
        {"k": 1, "width": 2, "depth": 3, "decay": 0.9},
        is_info(k=1, width=2, depth=3, decay=0.9),
    ),
    Case(lambda db: db.tdigest().create("k"), "TDIGEST.CREATE k COMPRESSION 100", OK, True),
    Case(lambda db: db.tdigest().create("k", 50), "TDIGEST.CREATE k COMPRESSION 50", OK, True),
    Case(lambda db: db.tdigest().reset("k"), "TDIGEST.RESET k", OK, b"OK", text="OK"),
    Case(lambda db: db.tdigest().add("k", [1, 2.5]), "TDIGEST.ADD k 1 2.5", OK, b"OK", text="OK"),
    Case(lambda db: db.tdigest().merge("d", 1, "a"), "TDIGEST.MERGE d 1 a", OK, b"OK", text="OK"),
    Case(
        lambda db: db.tdigest().merge("d", 2, "a", "b", compression=10, override=True),
        "TDIGEST.MERGE d 2 a b COMPRESSION 10 OVERRIDE",
        OK,
        b"OK",
        text="OK",
    ),
    Case(lambda db: db.tdigest().min("k"), "TDIGEST.MIN k", 1.5, 1.5),
    Case(lambda db: db.tdigest().max("k"), "TDIGEST.MAX k", math.nan, math.isnan),
    Case(lambda db: db.tdigest().quantile("k", 0.5, 0.9), "TDIGEST.QUANTILE k 0.5 0.9", [2.0, 3.5], [2.0, 3.5]),
    Case(lambda db: db.tdigest().cdf("k", 1), "TDIGEST.CDF k 1", [0.25], [0.25]),
    Case(lambda db: db.tdigest().rank("k", 1, 2), "TDIGEST.RANK k 1 2", [0, -1], [0, -1]),
    Case(lambda db: db.tdigest().revrank("k", 1), "TDIGEST.REVRANK k 1", [2], [2]),
    Case(lambda db: db.tdigest().byrank("k", 0, 9), "TDIGEST.BYRANK k 0 9", [1.0, math.inf], [1.0, math.inf]),
    Case(lambda db: db.tdigest().byrevrank("k", 9), "TDIGEST.BYREVRANK k 9", [-math.inf], [-math.inf]),
    Case(lambda db: db.tdigest().trimmed_mean("k", 0.1, 0.9), "TDIGEST.TRIMMED_MEAN k 0.1 0.9", 3.0, 3.0),
    Case(
        lambda db: db.tdigest().info("k"),
        "TDIGEST.INFO k",
        DIGEST_INFO,
        is_info(
            compression=100,
            capacity=610,
            merged_nodes=1,
            unmerged_nodes=2,
            merged_weight=3.0,
            unmerged_weight=4.0,
            total_compressions=5,
            memory_usage=9768,
        ),
    ),
]


@pytest.mark.parametrize("protocol", [2, 3])
async def test_round_trips(protocol: int) -> None:
    await check(CASES, protocol)


def test_every_method_is_called() -> None:
    called = cases_by_method(CASES)
    for group in ("bf", "cf", "cms", "topk", "tdigest"):
        methods = {name for name in vars(group_class(group)) if not name.startswith("_")}
        assert methods <= called


def group_class(name: str) -> type:
    return type(getattr(Database, name)(None))


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda db: db.bf().create("k", math.nan, 1), "BF.RESERVE: errorRate"),
        (lambda db: db.bf().create("k", 0.1, -1), "BF.RESERVE: capacity"),
        (lambda db: db.bf().madd("k"), "BF.MADD: items"),
        (lambda db: db.bf().mexists("k"), "BF.MEXISTS: items"),
        (lambda db: db.bf().insert("k", []), "BF.INSERT: items"),
        (lambda db: db.cf().insertnx("k", []), "CF.INSERTNX: items"),
        (lambda db: db.cf().reserve("k", 1, bucket_size=-1), "CF.RESERVE: bucket_size"),
        (lambda db: db.cms().incrby("k", ["a"], [1, 2]), "CMS.INCRBY: items and increments"),
        (lambda db: db.cms().incrby("k", [], []), "CMS.INCRBY: items"),
        (lambda db: db.cms().merge("d", 3, ["a"]), "CMS.MERGE: numKeys"),
        (lambda db: db.cms().merge("d", 1, ["a"], [1, 2]), "CMS.MERGE: .*weights"),
        (lambda db: db.topk().reserve("k", -1, 2, 3, 0.9), "TOPK.RESERVE: k "),
        (lambda db: db.topk().add("k"), "TOPK.ADD: items"),
        (lambda db: db.topk().incrby("k", ["a"], [100_001]), "TOPK.INCRBY: increments"),
        (lambda db: db.tdigest().add("k", []), "TDIGEST.ADD: values"),
        (lambda db: db.tdigest().add("k", [1, math.nan]), "TDIGEST.ADD: values"),
        (lambda db: db.tdigest().merge("d", 1, "a", "b"), "TDIGEST.MERGE: num_keys"),
        (lambda db: db.tdigest().byrank("k", -1), "TDIGEST.BYRANK: rank"),
        (lambda db: db.tdigest().quantile("k", math.nan), "TDIGEST.QUANTILE: quantile"),
        (lambda db: db.tdigest().create("k", -5), "TDIGEST.CREATE: compression"),
    ],
)
async def test_what_makes_no_sense_is_not_sent(db: Database[bytes], call: Any, named: str) -> None:
    with pytest.raises(DataError, match=named) as caught:
        call(db)
    assert caught.value.was_sent is False
    assert caught.value.command == named.split(":")[0]


def test_groups_name_their_handle() -> None:
    assert "TopKCommands" in repr(group_class("topk")(None))
    assert inspect.signature(Database.ft).parameters["index_name"].default == "idx"
