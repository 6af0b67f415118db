# Generated from tests/asyncio/commands/modules/live/test_together.py by scripts/generate_blocking.py; change that file instead.
"""Commands of modules in pipelines, batches and transactions, with key prefixes, and where replies are kept."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.blocking import Database
from multiplexer.embedded import ServerProcess
from multiplexer.errors import DataError, ResponseError
from multiplexer.search import AggregateRequest, IndexDefinition, NumericField, Query, Suggestion, TextField

from ...._world import until
from ....connecting import connect


def index_of_one(db: Database[bytes]) -> None:
    """Make an index ``i`` that finds one document."""
    db.ft("i").create_index([TextField("t"), NumericField("n")], definition=IndexDefinition(prefix="d:"))
    db.hset("d:1", mapping={"t": "hello", "n": 1})


@pytest.mark.parametrize("transaction", [True, False])
def test_pipelines(db: Database[bytes], transaction: bool) -> None:
    index_of_one(db)
    pipeline = db.pipeline(transaction)
    pipeline.ft("i").search(Query("hello").return_fields("n"))
    pipeline.ft("i").aggregate(AggregateRequest("*").load("@n"))
    pipeline.ft("none").info()
    pipeline.ft().sugadd("s", Suggestion("a"), Suggestion("b"))
    pipeline.json().set("j", "$", {"a": 1}).json().numincrby("j", ".a", 1)
    pipeline.ts().add("t", 5, 1.5)
    pipeline.ts().madd([("t", 5, 2), ("t", 6, 2)])
    pipeline.bf().madd("b", "x", "x")
    pipeline.topk().reserve("k", 1, 8, 4, 0.9)
    pipeline.tdigest().min("none")
    found, calculated, no_index, *rest, no_digest = pipeline.execute(raise_on_error=False)
    assert [vars(each) for each in found.docs] == [{"id": "d:1", "payload": None, "n": "1"}]
    assert (calculated.rows, type(no_index), type(no_digest)) == ([[b"n", b"1"]], ResponseError, ResponseError)
    first, second, *others = rest
    assert (first, second, others[:3]) == (1, 2, [True, 2, 5])
    (twice, once), *others = others[3:]
    assert (type(twice), once, others) == (ResponseError, 6, [[1, 0], True])
    group = db.json().pipeline(transaction)
    assert group.set("j", "$", [1]).arrappend("j", "$", 2).get("j").execute() == [True, [2], [1, 2]]


def test_batches(db_str: Database[str], db: Database[bytes]) -> None:
    index_of_one(db)
    batch = db_str.batch()
    found = batch.ft("i").search("hello")
    document = batch.json().set("j", "$", {"a": "ä"})
    names = batch.json().objkeys("j")
    kind = batch.json().type("j", "$.a")
    batch.execute()
    assert ([each.t for each in found.result().docs], document.result()) == (["hello"], True)
    assert (names.result(), kind.result()) == (["a"], ["string"])


def test_with_a_key_prefix(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix="p:")
    view.json().mset([("j1", "$", 1), ("j2", "$", 2)])
    assert (view.json().mget(["j1", "j2"], "$"), db.json().get("p:j2")) == ([[1], [2]], 2)
    assert view.json().debug("MEMORY", "j1") == db.json().debug("MEMORY", "p:j1")
    assert view.json().debug("HELP") == db.json().debug("HELP")
    view.cms().initbydim("c1", 10, 2)
    view.cms().initbydim("c2", 10, 2)
    assert view.cms().merge("c2", 2, ["c1", "c2"]) is True
    view.tdigest().create("t1")
    assert view.tdigest().merge("t2", 1, "t1") == b"OK"
    assert view.ft().sugadd("s", Suggestion("a"), Suggestion("b")) == 2
    assert [each.string for each in view.ft().sugget("s", "a")] == ["a"]
    view.hset("h", "f", "v")
    assert view.ft().load_document("h").f == "v"
    assert db.keys("p:*") == db.keys("*")
    for call in (
        lambda: view.ts().mget(["a=b"]),
        lambda: view.ts().mrange("-", "+", ["a=b"]),
        lambda: view.ts().queryindex(["a=b"]),
        lambda: view.ft("i").search("x"),
        lambda: view.ft("i").create_index([TextField("t")]),
    ):
        with pytest.raises(DataError, match="cannot be confined to a key prefix"):
            call()


def test_keys_in_what_is_told_of_a_series_have_no_prefix(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix="p:")
    for key in ("k", "sum"):
        view.ts().create(key)
    view.ts().createrule("k", "sum", "sum", 10)
    assert view.ts().info("k").rules == [["sum", 10, "SUM", 0]]
    assert view.ts().info("sum").source_key == "k"
    assert db.ts().info("p:sum").source_key == "p:k"
    text = view.with_options(decode=True)
    assert (text.ts().info("k").rules, text.ts().info("k").source_key) == (
        [["sum", 10, "SUM", 0]],
        None,
    )


def test_documents_that_are_kept(modules: ServerProcess, db: Database[bytes]) -> None:
    with connect(modules, protocol=3) as mux:
        cached = mux.get_database(cached=True)

        def sees(call: Any, expected: Any) -> None:
            def seen() -> bool:
                return bool(call() == expected)

            until(seen)

        document = cached.json()
        for change, expected in (
            (lambda: db.json().set("j", "$", {"a": 1}), [1]),
            (lambda: db.json().numincrby("j", "$.a", 1), [2]),
            (lambda: db.json().mset([("j", "$.a", [])]), [[]]),
            (lambda: db.json().arrappend("j", "$.a", 5), [[5]]),
            (lambda: db.json().merge("j", "$", {"a": None}), []),
        ):
            change()
            sees(lambda: document.get("j", "$.a"), expected)
        db.ft("i").create_index([TextField("t")], definition=IndexDefinition(prefix="d:"))
        db.hset("d:1", "t", "x")
        sees(lambda: cached.hget("d:1", "t"), b"x")
        db.ft("i").dropindex(delete_documents=True)
        sees(lambda: cached.hget("d:1", "t"), None)
        # What is asked of a series with LATEST depends on a key that is not named.
        for key in ("k", "sum"):
            db.ts().create(key)
        db.ts().createrule("k", "sum", "sum", 10)
        for time in (1, 2, 3):
            db.ts().add("k", time, 1)
            assert cached.ts().get("sum", latest=True) == (0, float(time))
