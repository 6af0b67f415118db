"""The search engine, on Redis Stack."""

from __future__ import annotations

import math
import struct
from typing import Any

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import ResponseError
from multiplexer.search import (
    AggregateRequest,
    Asc,
    Desc,
    GeoField,
    GeoFilter,
    GeoShapeField,
    IndexDefinition,
    IndexType,
    NumericField,
    NumericFilter,
    Query,
    Suggestion,
    TagField,
    TextField,
    VectorField,
    querystring,
    reducers,
)

from ...._world import until

VECTOR = {"TYPE": "FLOAT32", "DIM": 2, "DISTANCE_METRIC": "L2"}


def vector(*components: float) -> bytes:
    return struct.pack(f"<{len(components)}f", *components)


async def people(db: Database[bytes]) -> Any:
    """Make an index of three hashes, which are found from then on; return its commands."""
    index = db.ft("people")
    fields = [
        TextField("name", weight=0.3, sortable=True),
        NumericField("born", sortable=True),
        TagField("tags"),
        GeoField("place"),
        VectorField("v", "FLAT", VECTOR),
    ]
    definition = IndexDefinition(prefix=["p:"], score_field="rank", payload_field="load", language="english")
    assert await index.create_index(fields, definition=definition) == b"OK"
    ada = {
        "name": "Ada Lovelace",
        "born": 1815,
        "tags": "red,blue",
        "place": "-0.1,51.5",
        "v": vector(0, 0),
        "load": "ä",
    }
    await db.hset("p:1", mapping=ada)
    await db.hset(
        "p:2", mapping={"name": "Ada Yonath", "born": 1939.5, "tags": "red", "v": vector(1, 1), "rank": "0.5"}
    )
    await db.hset("p:3", mapping={"name": "Grace Hopper", "born": -3, "v": vector(5, 5), "bin": b"\xff\x00"})
    return index


def ids(result: Any) -> list[str]:
    return [document.id for document in result.docs]


async def test_what_documents_have(db: Database[bytes]) -> None:
    index = await people(db)
    found = await index.search(Query("ada").return_fields("name", "born", "none"))
    assert (found.total, found.warnings, found.duration >= 0) == (2, [], True)
    assert [vars(each) for each in found.docs] == [
        {"id": "p:1", "payload": None, "name": "Ada Lovelace", "born": "1815"},
        {"id": "p:2", "payload": None, "name": "Ada Yonath", "born": "1939.5"},
    ]
    (grace,) = (await index.search("grace")).docs
    assert (grace.name, grace.bin, grace["v"]) == ("Grace Hopper", b"\xff\x00", vector(5, 5))
    (grace,) = (await index.search(Query("grace").return_field("name", "n").return_field("v", decode_field=False))).docs
    assert vars(grace) == {"id": "p:3", "payload": None, "n": "Grace Hopper", "v": vector(5, 5)}
    bare = await index.search(Query("ada").no_content().with_payloads().with_scores())
    assert [(each.id, each.payload) for each in bare.docs] == [("p:1", "ä"), ("p:2", None)]
    assert bare.docs[0].score == 2 * bare.docs[1].score > 0
    full = await index.search(Query("ada").with_payloads().with_scores())
    assert [(each.payload, each.score, each.born) for each in full.docs] == [
        ("ä", bare.docs[0].score, "1815"),
        (None, bare.docs[1].score, "1939.5"),
    ]
    assert vars(await index.load_document("p:3"))["name"] == "Grace Hopper"
    assert vars(await index.load_document("none")) == {"id": "none", "payload": None}


async def test_what_is_found(db: Database[bytes]) -> None:
    index = await people(db)
    for query, expected in (
        ("*", ["p:1", "p:3", "p:2"]),
        ("nothing", []),
        (Query("ada").sort_by("born", asc=False), ["p:2", "p:1"]),
        (Query("*").sort_by("born").paging(1, 1), ["p:1"]),
        ("@born:[1900 +inf]", ["p:2"]),
        (Query("*").add_filter(NumericFilter("born", 1815, NumericFilter.INF, minExclusive=True)), ["p:2"]),
        (Query("*").add_filter(NumericFilter("born", NumericFilter.NEG_INF, 1815)), ["p:1", "p:3"]),
        (Query("*").add_filter(GeoFilter("place", 0, 51, 100, GeoFilter.KILOMETERS)), ["p:1"]),
        (Query("@tags:{red}").limit_ids("p:2", "p:3"), ["p:2"]),
        (Query("ada lovelace").limit_fields("name").in_order().slop(0), ["p:1"]),
        (Query("ada").verbatim().no_stopwords().language("english").timeout(5000), ["p:1", "p:2"]),
        (Query("ada").scorer("BM25").expander("SBSTEM"), ["p:1", "p:2"]),
        (querystring.querystring("ada", born=querystring.between(1800, 1900), tags=querystring.tags("red")), ["p:1"]),
        (str(querystring.union("grace", "lovelace")), ["p:1", "p:3"]),
        (Query("ada", ).dialect(1), ["p:1", "p:2"]),
    ):  # fmt: skip
        assert ids(await index.search(query)) == expected, query
    assert (await index.search(Query("*").paging(0, 0))).total == 3
    found = await index.search(Query("@born:[$from $to]"), {"from": 1800, "to": 1900.5})
    assert ids(found) == ["p:1"]
    for query in ("@@bad(", "@born:[$none 1]"):
        with pytest.raises(ResponseError):
            await index.search(query)
    with pytest.raises(ResponseError, match="no such index"):
        await db.ft("none").search("ada")


async def test_marking_and_shortening(db: Database[bytes]) -> None:
    index = await people(db)
    marked = await index.search(
        Query("lovelace").highlight(fields=["name"], tags=["<i>", "</i>"]).return_fields("name")
    )
    assert marked.docs[0].name == "Ada <i>Lovelace</i>"
    short = Query("lovelace").highlight().summarize(fields=["name"], context_len=1, num_frags=1, sep="|")
    assert (await index.search(short.return_fields("name"))).docs[0].name == "<b>Lovelace</b>|"


async def test_nearest_vectors(db: Database[bytes]) -> None:
    index = await people(db)
    query = Query("*=>[KNN 2 @v $near AS far]").sort_by("far").return_fields("far")
    found = await index.search(query, {"near": vector(1, 1)})
    assert [(each.id, each.far) for each in found.docs] == [("p:2", "0"), ("p:1", "2")]


async def test_documents_of_json(db: Database[bytes]) -> None:
    index = db.ft("j")
    fields = [TextField("$.t", as_name="t"), NumericField("$.n", as_name="n"), TagField("$.g[*]", as_name="g")]
    await index.create_index(fields, definition=IndexDefinition(prefix="j:", index_type=IndexType.JSON))
    await db.json().set("j:1", "$", {"t": "hello", "n": 1, "g": ["a", "b"]})
    await db.json().set("j:2", "$", {"t": "hello ä", "n": 2, "g": ["b"], "id": "no key"})
    await db.json().set("j:3", "$", {"t": 5})
    found = await index.search(Query("hello").sort_by("n"))
    assert [(each.id, each.json) for each in found.docs] == [
        ("j:1", '{"t":"hello","n":1,"g":["a","b"]}'),
        ("j:2", '{"t":"hello ä","n":2,"g":["b"],"id":"no key"}'),
    ]
    found = await index.search(Query("@g:{a}").return_field("$.g", as_field="all").return_fields("n"))
    assert vars(found.docs[0]) == {"id": "j:1", "payload": None, "all": '["a","b"]', "n": "1"}
    found = await index.search(Query("@g:{a}").return_field("$.t", as_field="t").dialect(3))
    assert found.docs[0].t == '["hello"]'
    info = await index.info()
    assert (info["num_docs"], info["hash_indexing_failures"], info["index_definition"]["key_type"]) == (2, 1, "JSON")


async def test_all_that_an_index_may_be(db: Database[bytes]) -> None:
    index = db.ft("7")
    fields = [
        TextField("t", no_stem=True, phonetic_matcher="dm:en", withsuffixtrie=True, sortable=True, index_empty=True),
        TagField("g", separator=";", case_sensitive=True, withsuffixtrie=True, sortable=True, index_missing=True),
        NumericField("n", sortable=True, no_index=True),
        GeoShapeField("shape", coord_system=GeoShapeField.FLAT),
        VectorField("v", "HNSW", VECTOR, as_name="w"),
        TextField("half", weight=0.3),
    ]
    definition = IndexDefinition(
        prefix=["1", "2:"],
        filter="@n>1",
        language_field="8",
        language="german",
        score_field="inf",
        score=0.5,
        payload_field="nan",
    )
    await index.create_index(
        fields, no_field_flags=True, stopwords=["a", "b"], definition=definition, max_text_fields=True, temporary=100,
        no_highlight=True, no_term_frequencies=True, skip_initial_scan=True,
    )  # fmt: skip
    info = await index.info()
    # Names that look like numbers are names.
    assert info["index_name"] == "7"
    assert info["index_definition"] == {
        "key_type": "HASH", "prefixes": ["1", "2:"], "filter": "@n>1", "default_language": "german",
        "language_field": "8", "default_score": 0.5, "score_field": "inf", "payload_field": "nan",
    }  # fmt: skip
    assert set(info["index_options"]) == {"NOFIELDS", "NOFREQS", "NOHL", "MAXTEXTFIELDS"}
    assert info["stopwords_list"] == ["a", "b"]
    attributes = {each[1]: each[2:] for each in info["attributes"]}
    assert attributes["half"] == ["attribute", "half", "type", "TEXT", "WEIGHT", "0.3"]
    assert attributes["g"][:6] == ["attribute", "g", "type", "TAG", "SEPARATOR", ";"]
    assert {"CASESENSITIVE", "SORTABLE", "WITHSUFFIXTRIE", "INDEXMISSING"} < set(attributes["g"])
    assert {"NOSTEM", "SORTABLE", "WITHSUFFIXTRIE", "INDEXEMPTY"} < set(attributes["t"])
    assert attributes["v"][:8] == ["attribute", "w", "type", "VECTOR", "algorithm", "HNSW", "data_type", "FLOAT32"]
    assert attributes["v"][8:10] == ["dim", 2]
    assert attributes["shape"] == ["attribute", "shape", "type", "GEOSHAPE", "coord_system", "FLAT"]
    assert (info["num_docs"], info["percent_indexed"], info["cursor_stats"]["index_total"]) == (0, 1, 0)


async def test_what_cannot_be_indexed_and_what_is_missing(db: Database[bytes]) -> None:
    index = db.ft("i")
    fields = [TagField("g", index_missing=True), TextField("t", index_empty=True), NumericField("n")]
    await index.create_index(fields, no_term_offsets=True, stopwords=[], definition=IndexDefinition(prefix=["1", "2"]))
    assert set((await index.info())["index_options"]) == {"NOOFFSETS", "NOHL"}
    await db.hset("11", mapping={"t": "", "n": 5})
    assert ids(await index.search("ismissing(@g)")) == ids(await index.search(Query('@t:""'))) == ["11"]
    await db.hset("22", mapping={"n": "nonsense"})
    failures = (await index.info())["Index Errors"]
    assert (failures["indexing failures"], failures["last indexing error key"]) == (1, "22")


async def test_indexes_by_their_names(db: Database[bytes], db_str: Database[str]) -> None:
    index = await people(db)
    assert (await index.list_indexes(), await db_str.ft().list_indexes()) == ([b"people"], ["people"])
    assert (await index.aliasadd("folk"), ids(await db.ft("folk").search("grace"))) == (b"OK", ["p:3"])
    await db.ft("other").create_index([TextField("name")])
    assert (await db.ft("other").aliasupdate("folk"), await db_str.ft("folk").aliasdel("folk")) == (b"OK", "OK")
    assert await db_str.ft("people").alter_schema_add([TextField("more"), NumericField("n")]) == "OK"
    assert [each[1] for each in (await index.info())["attributes"]][-2:] == ["more", "n"]
    assert (await index.tagvals("tags"), await db_str.ft("people").tagvals("tags")) == (
        [b"blue", b"red"],
        ["blue", "red"],
    )
    for call in (
        lambda: index.create_index([TextField("t")]),
        lambda: index.alter_schema_add(TextField("more")),
        lambda: index.aliasdel("folk"),
        lambda: index.tagvals("name"),
        lambda: db.ft("none").info(),
        lambda: db.ft("none").dropindex(),
    ):
        with pytest.raises(ResponseError):
            await call()
    assert (await db.ft("other").dropindex(), await db.exists("p:1")) == (b"OK", 1)
    assert (await index.dropindex(delete_documents=True), await db.exists("p:1", "p:2")) == (b"OK", 0)


async def test_how_a_query_is_understood(db: Database[bytes], db_str: Database[str]) -> None:
    await people(db)
    assert await db_str.ft("people").explain("@born:[$a 2]", {"a": 1}) == "NUMERIC {1.000000 <= @born <= 2.000000}\n"
    assert await db.ft("people").explain_cli(Query("ada").verbatim()) == [b"ada", b""]


async def test_calculating(db: Database[bytes], db_str: Database[str]) -> None:
    index = await people(db)
    for request, rows in (
        (AggregateRequest("*").group_by("@tags", reducers.count().alias("n")).sort_by(Asc("@tags")), 3),
        (AggregateRequest("*").load("name", "@born").sort_by("@born"), 3),
        (AggregateRequest("nothing"), 0),
    ):
        assert len((await index.aggregate(request)).rows) == rows
    request = AggregateRequest("ada").load("@born").apply(age="2000-@born").filter("@age<100").sort_by("@born")
    assert (await index.aggregate(request)).rows == [[b"born", b"1939.5", b"age", b"60.5"]]
    assert (await db_str.ft("people").aggregate(request)).rows == [["born", "1939.5", "age", "60.5"]]
    (row,) = (await index.aggregate(AggregateRequest("*").load().sort_by(Desc("@born"), max=1))).rows
    assert row[row.index(b"v") + 1] == vector(1, 1)
    limited = AggregateRequest("*").load("@born").sort_by("@born").limit(1, 1)
    assert (await index.aggregate(limited)).rows == [[b"born", b"1815"]]
    counted = await index.aggregate(AggregateRequest("*").load("@born").limit(0, 0))
    assert (counted.rows, counted.total) == ([], 3)
    scored = await index.aggregate(AggregateRequest("ada").verbatim().scorer("BM25").add_scores().sort_by("@born"))
    assert [row[:1] for row in scored.rows] == [[b"__score"], [b"__score"]]
    root = AggregateRequest("@born:[$from 0]").load("@born").apply(root="sqrt(@born)")
    ((*_, root_of_less),) = (await index.aggregate(root, {"from": -9})).rows
    assert math.isnan(float(root_of_less))
    with pytest.raises(ResponseError, match="No such property"):
        await index.aggregate(AggregateRequest("*").group_by("@none"))


async def test_reducers(db: Database[bytes], db_str: Database[str]) -> None:
    await people(db)
    request = AggregateRequest("*").group_by(
        [],
        reducers.min("@born").alias("min"),
        reducers.max("@born").alias("max"),
        reducers.sum("@born").alias("sum"),
        reducers.avg("@born").alias("avg"),
        reducers.stddev("@born").alias("deviation"),
        reducers.quantile("@born", 0.5).alias("half"),
        reducers.count_distinct("@born").alias("distinct"),
        reducers.count_distinctish("@born").alias("distinctish"),
        reducers.first_value("@name", Desc("@born")).alias("last born"),
        reducers.tolist("@name").alias("names"),
        reducers.random_sample("@name", 2).alias("sample"),
    )
    ((*words,),) = (await db_str.ft("people").aggregate(request)).rows
    found = dict(zip(words[::2], words[1::2], strict=True))
    assert (found["min"], found["max"], found["sum"], found["half"]) == ("-3", "1939.5", "3751.5", "1815")
    assert (found["avg"], found["distinct"], found["distinctish"]) == ("1250.5", "3", "3")
    assert float(found["deviation"]) == pytest.approx(1087.346, abs=0.001)
    # What can be sorted by is kept in small letters.
    assert (found["last born"], sorted(found["names"])) == (
        "ada yonath",
        ["ada lovelace", "ada yonath", "grace hopper"],
    )
    assert len(found["sample"]) == 2


async def test_cursors(db: Database[bytes], db_str: Database[str]) -> None:
    index = await people(db)
    request = AggregateRequest("*").load("@born").sort_by("@born").cursor(2, 10.0)
    first = await index.aggregate(request)
    assert (first.rows, first.cursor.cid > 0) == ([[b"born", b"-3"], [b"born", b"1815"]], True)
    rest = await db_str.ft("people").aggregate(first.cursor)
    assert (rest.rows, rest.cursor is not None and rest.cursor.cid) == ([["born", "1939.5"]], 0)
    single = (await index.aggregate(AggregateRequest("*").load("@born").sort_by("@born").cursor(1))).cursor
    single.count = 2
    assert len((await index.aggregate(single)).rows) == 2
    assert await index.cursor_del((await index.aggregate(request)).cursor) is True
    empty = await index.aggregate(AggregateRequest("nothing").cursor(2))
    assert (empty.rows, empty.cursor.cid) == ([], 0)
    for call in (lambda: index.cursor_del(12345), lambda: index.aggregate(first.cursor)):
        with pytest.raises(ResponseError, match="Cursor"):
            await call()


async def test_how_it_came_about(db: Database[bytes]) -> None:
    index = await people(db)
    found, how = await index.profile(Query("ada|grace").no_content())
    assert sorted(ids(found)) == ["p:1", "p:2", "p:3"]
    told = {name: rest for name, *rest in how.info}
    assert told["Iterators profile"][0][:4] == ["Type", "UNION", "Query type", "UNION"]
    assert [each[1] for each in told["Result processors profile"]] == ["Index", "Scorer", "Sorter"]
    calculated, how = await index.profile(
        AggregateRequest("@born:[$a +inf]").group_by("@tags", reducers.count()), limited=True, query_params={"a": 0}
    )
    assert len(calculated.rows) == 2
    assert "Grouper" in [each[1] for each in {name: rest for name, *rest in how.info}["Result processors profile"]]


async def test_words(db: Database[bytes], db_str: Database[str]) -> None:
    index = await people(db)
    third = "0.3333333333333333"
    assert await index.spellcheck("yonat hoper") == {
        b"yonat": [{"score": third, "suggestion": b"yonath"}],
        b"hoper": [{"score": third, "suggestion": b"hopper"}],
    }  # fmt: skip
    assert (await index.spellcheck("grace zzzzzz"), await index.spellcheck("grcae")) == ({}, {})
    assert await db_str.ft("people").spellcheck("grcae", distance=2) == {
        "grcae": [{"score": third, "suggestion": "grace"}]
    }
    assert (await index.dict_add("d", "graph", "ä"), await index.dict_add("d", "graph")) == (2, 0)
    await index.dict_add("right", "yonat")
    assert (await index.dict_dump("d"), await db_str.ft().dict_dump("d")) == ([b"graph", b"\xc3\xa4"], ["graph", "ä"])
    assert await index.spellcheck("grap", include="d") == {b"grap": [{"score": "0", "suggestion": b"graph"}]}
    assert (await index.spellcheck("yonat", exclude="right"), await index.dict_del("d", "graph", "none")) == ({}, 1)
    assert (await index.synupdate("g1", False, "ada", "augusta"), await index.synupdate("g2", True, "ada")) == (
        b"OK",
        b"OK",
    )
    assert await db_str.ft("people").syndump() == {"ada": ["g1", "g2"], "augusta": ["g1"]}
    assert (await index.syndump())[b"augusta"] == [b"g1"]

    async def both() -> bool:
        return ids(await index.search("augusta")) == ["p:1", "p:2"]

    await until(both)  # the server goes through its documents anew, beside all else


async def test_suggestions(db: Database[bytes]) -> None:
    words = db.ft()
    assert await words.sugadd("k", Suggestion("hello"), Suggestion("help", 2.0, "ä"), Suggestion("held", 0.5)) == 3
    assert await words.sugadd("k", Suggestion("hello", 3), increment=True) == 3
    assert [each.string for each in await words.sugget("k", "hel")] == ["hello", "help", "held"]
    found = await words.sugget("k", "hel", with_scores=True, with_payloads=True, num=2)
    assert [(each.string, each.payload) for each in found] == [("hello", None), ("help", "ä")]
    assert found[0].score > found[1].score > 1
    assert [each.payload for each in await words.sugget("k", "hel", with_payloads=True)] == [None, "ä", None]
    assert [each.string for each in await words.sugget("k", "hxl", fuzzy=True, num=1)] == ["hello"]
    assert (await words.sugget("k", "zzz"), await words.sugget("none", "a")) == ([], [])
    assert (await words.suglen("k"), await words.suglen("none")) == (3, 0)
    assert (await words.sugdel("k", "help"), await words.sugdel("k", "help"), await words.suglen("k")) == (1, 0, 2)


async def test_settings(db: Database[bytes], db_str: Database[str]) -> None:
    assert await db.ft().config_set("TIMEOUT", 501) is True
    assert (await db.ft().config_get("TIMEOUT"), await db_str.ft().config_get("NONE")) == ({"TIMEOUT": b"501"}, {})
    assert await db.ft().config_set("TIMEOUT", 500) is True
    assert (await db_str.ft().config_get("*"))["TIMEOUT"] == "500"
    with pytest.raises(ResponseError):
        await db.ft().config_set("NONE", 1)
