"""Commands of modules in pipelines, batches and transactions, with key prefixes, and where replies are kept."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.asyncio import Database
from multiplexer.embedded import ServerProcess
from multiplexer.errors import DataError, ResponseError
from multiplexer.search import AggregateRequest, IndexDefinition, NumericField, Query, Suggestion, TextField

from ...._world import until
from ....connecting import connect


async def index_of_one(db: Database[bytes]) -> None:
    """Make an index ``i`` that finds one document."""
    await db.ft("i").create_index([TextField("t"), NumericField("n")], definition=IndexDefinition(prefix="d:"))
    await db.hset("d:1", mapping={"t": "hello", "n": 1})


@pytest.mark.parametrize("transaction", [True, False])
async def test_pipelines(db: Database[bytes], transaction: bool) -> None:
    await index_of_one(db)
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
    found, calculated, no_index, *rest, no_digest = await pipeline.execute(raise_on_error=False)
    assert [vars(each) for each in found.docs] == [{"id": "d:1", "payload": None, "n": "1"}]
    assert (calculated.rows, type(no_index), type(no_digest)) == ([[b"n", b"1"]], ResponseError, ResponseError)
    first, second, *others = rest
    assert (first, second, others[:3]) == (1, 2, [True, 2, 5])
    (twice, once), *others = others[3:]
    assert (type(twice), once, others) == (ResponseError, 6, [[1, 0], True])
    group = db.json().pipeline(transaction)
    assert await group.set("j", "$", [1]).arrappend("j", "$", 2).get("j").execute() == [True, [2], [1, 2]]


async def test_batches(db_str: Database[str], db: Database[bytes]) -> None:
    await index_of_one(db)
    batch = db_str.batch()
    found = batch.ft("i").search("hello")
    document = batch.json().set("j", "$", {"a": "ä"})
    names = batch.json().objkeys("j")
    kind = batch.json().type("j", "$.a")
    await batch.execute()
    assert ([each.t for each in found.result().docs], document.result()) == (["hello"], True)
    assert (names.result(), kind.result()) == (["a"], ["string"])


async def test_with_a_key_prefix(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix="p:")
    await view.json().mset([("j1", "$", 1), ("j2", "$", 2)])
    assert (await view.json().mget(["j1", "j2"], "$"), await db.json().get("p:j2")) == ([[1], [2]], 2)
    assert (await view.json().debug("MEMORY", "j1")) == (await db.json().debug("MEMORY", "p:j1"))
    assert await view.json().debug("HELP") == await db.json().debug("HELP")
    await view.cms().initbydim("c1", 10, 2)
    await view.cms().initbydim("c2", 10, 2)
    assert await view.cms().merge("c2", 2, ["c1", "c2"]) is True
    await view.tdigest().create("t1")
    assert await view.tdigest().merge("t2", 1, "t1") == b"OK"
    assert await view.ft().sugadd("s", Suggestion("a"), Suggestion("b")) == 2
    assert [each.string for each in await view.ft().sugget("s", "a")] == ["a"]
    await view.hset("h", "f", "v")
    assert (await view.ft().load_document("h")).f == "v"
    assert await db.keys("p:*") == await db.keys("*")
    for call in (
        lambda: view.ts().mget(["a=b"]),
        lambda: view.ts().mrange("-", "+", ["a=b"]),
        lambda: view.ts().queryindex(["a=b"]),
        lambda: view.ft("i").search("x"),
        lambda: view.ft("i").create_index([TextField("t")]),
    ):
        with pytest.raises(DataError, match="cannot be confined to a key prefix"):
            await call()


async def test_keys_in_what_is_told_of_a_series_have_no_prefix(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix="p:")
    for key in ("k", "sum"):
        await view.ts().create(key)
    await view.ts().createrule("k", "sum", "sum", 10)
    assert (await view.ts().info("k")).rules == [["sum", 10, "SUM", 0]]
    assert (await view.ts().info("sum")).source_key == "k"
    assert (await db.ts().info("p:sum")).source_key == "p:k"
    text = view.with_options(decode=True)
    assert ((await text.ts().info("k")).rules, (await text.ts().info("k")).source_key) == (
        [["sum", 10, "SUM", 0]],
        None,
    )


async def test_documents_that_are_kept(modules: ServerProcess, db: Database[bytes]) -> None:
    async with await connect(modules, protocol=3) as mux:
        cached = mux.get_database(cached=True)

        async def sees(call: Any, expected: Any) -> None:
            async def seen() -> bool:
                return bool(await call() == expected)

            await until(seen)

        document = cached.json()
        for change, expected in (
            (lambda: db.json().set("j", "$", {"a": 1}), [1]),
            (lambda: db.json().numincrby("j", "$.a", 1), [2]),
            (lambda: db.json().mset([("j", "$.a", [])]), [[]]),
            (lambda: db.json().arrappend("j", "$.a", 5), [[5]]),
            (lambda: db.json().merge("j", "$", {"a": None}), []),
        ):
            await change()
            await sees(lambda: document.get("j", "$.a"), expected)
        await db.ft("i").create_index([TextField("t")], definition=IndexDefinition(prefix="d:"))
        await db.hset("d:1", "t", "x")
        await sees(lambda: cached.hget("d:1", "t"), b"x")
        await db.ft("i").dropindex(delete_documents=True)
        await sees(lambda: cached.hget("d:1", "t"), None)
        # What is asked of a series with LATEST depends on a key that is not named.
        for key in ("k", "sum"):
            await db.ts().create(key)
        await db.ts().createrule("k", "sum", "sum", 10)
        for time in (1, 2, 3):
            await db.ts().add("k", time, 1)
            assert await cached.ts().get("sum", latest=True) == (0, float(time))
