# Generated from tests/asyncio/commands/modules/test_search.py by scripts/generate_blocking.py; change that file instead.
"""The search engine."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.blocking import Database
from multiplexer.errors import DataError
from multiplexer.search import (
    FIELDNAME,
    AggregateRequest,
    Asc,
    CombinationMethods,
    CombineResultsMethod,
    Cursor,
    Desc,
    GeoField,
    GeoFilter,
    GeoShapeField,
    HybridCursorQuery,
    HybridFilter,
    HybridPostProcessingConfig,
    HybridQuery,
    HybridSearchQuery,
    HybridVsimQuery,
    IndexDefinition,
    IndexType,
    NumericField,
    NumericFilter,
    Query,
    SortbyField,
    Suggestion,
    TagField,
    TextField,
    VectorField,
    VectorSearchMethods,
    reducers,
)
from tests.servers import ScriptedServer
from tests.servers.wire import OK

from ...connecting import connect
from .round_trip import Case, cases_by_method, check

FOUND = [2, "d1", ["t", "hello", "$", '{"a":1}'], "d2", ["id", "shadowed", "payload", "too"]]
FOUND3 = {
    "attributes": [],
    "total_results": 2,
    "format": "STRING",
    "results": [
        {"id": "d1", "extra_attributes": {"t": "hello", "$": '{"a":1}'}, "values": []},
        {"id": "d2", "extra_attributes": {"id": "shadowed", "payload": "too"}, "values": []},
    ],
    "warning": [],
}
ROWS = [2, ["g", "1", "l", ["a"]], ["g", "2"]]
ROWS3 = {
    "attributes": [],
    "total_results": 2,
    "results": [
        {"extra_attributes": {"g": "1", "l": ["a"]}, "values": []},
        {"extra_attributes": {"g": "2"}, "values": []},
    ],
    "warning": [],
}
HYBRID = {
    "total_results": 2,
    "results": [{"__key": "d1", "text": "ä", "v": b"\xff"}],
    "warnings": ["slow"],
    "execution_time": 1.5,
}
HYBRID2 = [
    "total_results", 2, "results", [["__key", "d1", "text", "ä", "v", b"\xff"]], "warnings", ["slow"],
    "execution_time", "1.5",
]  # fmt: skip
INFO = [
    "index_name", "i", "index_options", ["NOFREQS", "NOHL"], "num_docs", "2", "percent_indexed", "0.5",
    "index_definition", ["key_type", "HASH", "prefixes", ["p:", "q:"], "default_score", "1"],
    "attributes", [["identifier", "t", "attribute", "t", "type", "TEXT", "WEIGHT", "1", "SORTABLE"]],
    "gc_stats", ["bytes_collected", "0"],
    "field statistics", [["identifier", "t", "Index Errors", ["indexing failures", 0]]],
]  # fmt: skip
INFO3 = {
    "index_name": "i",
    "index_options": ["NOFREQS", "NOHL"],
    "num_docs": 2,
    "percent_indexed": 0.5,
    "index_definition": {"key_type": "HASH", "prefixes": ["p:", "q:"], "default_score": 1.0},
    "attributes": [{"identifier": "t", "attribute": "t", "type": "TEXT", "WEIGHT": 1.0, "flags": ["SORTABLE"]}],
    "gc_stats": {"bytes_collected": 0.0},
    "field statistics": [{"identifier": "t", "Index Errors": {"indexing failures": 0}}],
}


def documents(total: int, *expected: dict[str, Any], warnings: tuple[str, ...] = ()) -> Any:
    def compare(result: Any) -> bool:
        assert 0 <= result.duration < 60_000
        assert result.warnings == [*warnings]
        assert str(total) in repr(result)
        return result.total == total and [vars(doc) for doc in result.docs] == [
            {"payload": None, **fields} for fields in expected
        ]

    return compare


def rows(expected: list[Any], cursor: int | None = None, schema: Any = None, total: int = 2) -> Any:
    def compare(result: Any) -> bool:
        assert (None if result.cursor is None else result.cursor.cid) == cursor
        assert (result.schema, result.total, result.warnings) == (schema, total, [])
        return bool(result.rows == expected)

    return compare


def profile(of_result: Any, information: Any) -> Any:
    def compare(both: Any) -> bool:
        result, told = both
        assert told.info == information
        return bool(of_result(result))

    return compare


def suggestions(*expected: tuple[str, float, str | None]) -> Any:
    return lambda found: [(each.string, each.score, each.payload) for each in found] == [*expected]


def hybrid(*expected: dict[str, Any]) -> Any:
    return lambda found: (found.total_results, found.results, found.warnings, found.execution_time) == (
        2, [*expected], ["slow"], 1.5,
    )  # fmt: skip


ALL = documents(2, {"id": "d1", "t": "hello", "json": '{"a":1}'}, {"id": "d2"})
#: How it went about a query, before Redis 8.
PROFILED3 = {
    "Parsing time": 1,
    "Iterators profile": [{"Type": "UNION", "Child iterators": [{"Type": "TEXT"}, {"Type": "TAG"}]}],
    "Result processors profile": [{"Type": "Index"}, {"Type": "Scorer"}],
}
PROFILED = [
    ["Parsing time", 1],
    ["Iterators profile", ["Type", "UNION", "Child iterators", ["Type", "TEXT"], ["Type", "TAG"]]],
    ["Result processors profile", ["Type", "Index"], ["Type", "Scorer"]],
]
EVERYTHING = (
    Query("q").verbatim().no_content().no_stopwords().with_payloads().with_scores().limit_ids("a", "b").slop(0)
    .in_order().timeout(5).language("en").expander("E").scorer("S").limit_fields("f", "g").return_fields("r", "s")
    .return_field("z", as_field="zz").sort_by("f", asc=False).paging(3, 4).dialect(3)
    .summarize(fields=["f"], context_len=3, num_frags=2, sep="|").highlight(fields=["f"], tags=["<b>", "</b>"])
    .add_filter(NumericFilter("n", 1, NumericFilter.INF, minExclusive=True))
    .add_filter(NumericFilter("n", NumericFilter.NEG_INF, 5, maxExclusive=True))
    .add_filter(GeoFilter("g", 1.5, 2.5, 3, GeoFilter.MILES))
)  # fmt: skip
PIPED = (
    AggregateRequest("*").load("@a", "b")
    .group_by("@g", reducers.count().alias("c"), reducers.sum("@x").alias(FIELDNAME))
    .apply(y="@x+1").apply(z="1").filter("@x>1").sort_by(Asc("@a"), Desc("@b"), max=10).limit(1, 2)
    .with_schema().verbatim().add_scores().dialect(3).cursor(5, 10)
)  # fmt: skip
REDUCED = (
    AggregateRequest("*")
    .load()
    .group_by(
        ["@a", "@b"],
        reducers.quantile("@x", 0.5),
        reducers.first_value("@f", Asc("@z"), Desc("@y")),
        reducers.first_value("@f"),
        reducers.random_sample("@f", 3),
        reducers.tolist("@q"),
        reducers.count_distinct("@q"),
        reducers.count_distinctish("@q"),
        reducers.min("@q"),
        reducers.max("@q"),
        reducers.avg("@q"),
        reducers.stddev("@q"),
        reducers.collect(),
        reducers.collect(["@a", "@b"], distinct=True, sort_by=Asc("@a"), limit=(0, 5)),
    )
    .sort_by("@a")
    .filter(["a", "b"])
)
HYBRID_QUERY = HybridQuery(HybridSearchQuery("text"), HybridVsimQuery("@v", "$p"))

CASES = [
    Case(
        lambda db: db.ft("i").create_index(
            [
                TextField(
                    "t",
                    weight=2.0,
                    sortable=True,
                    no_stem=True,
                    phonetic_matcher="dm:en",
                    withsuffixtrie=True,
                    no_index=True,
                    as_name="x",
                    index_missing=True,
                    index_empty=True,
                ),
                NumericField("n"),
                TagField("g", separator=";", case_sensitive=True, withsuffixtrie=True, sortable=True),
                GeoField("geo"),
                GeoShapeField("gs", coord_system=GeoShapeField.FLAT),
                VectorField("v", "hnsw", {"TYPE": "FLOAT32", "DIM": 2}, as_name="w"),
            ]
        ),
        "FT.CREATE i SCHEMA t AS x TEXT WEIGHT 2.0 NOSTEM PHONETIC dm:en WITHSUFFIXTRIE NOINDEX INDEXMISSING INDEXEMPTY"
        " SORTABLE n NUMERIC g TAG SEPARATOR ; CASESENSITIVE WITHSUFFIXTRIE SORTABLE geo GEO gs GEOSHAPE FLAT"
        " v AS w VECTOR HNSW 4 TYPE FLOAT32 DIM 2",
        OK,
        b"OK",
        text="OK",
    ),
    Case(
        lambda db: db.ft("i").create_index(
            TextField("t"),
            no_term_offsets=True,
            no_field_flags=True,
            stopwords=["a", "b"],
            definition=IndexDefinition(
                prefix=["p:", "q:"],
                filter="@a>1",
                language_field="lf",
                language="english",
                score_field="sf",
                score=0.5,
                payload_field="pf",
                index_type=IndexType.JSON,
            ),
            max_text_fields=True,
            temporary=10,
            no_highlight=True,
            no_term_frequencies=True,
            skip_initial_scan=True,
        ),
        "FT.CREATE i ON JSON PREFIX 2 p: q: FILTER @a>1 LANGUAGE_FIELD lf LANGUAGE english SCORE_FIELD sf SCORE 0.5"
        " PAYLOAD_FIELD pf MAXTEXTFIELDS TEMPORARY 10 NOOFFSETS NOHL NOFIELDS NOFREQS SKIPINITIALSCAN"
        " STOPWORDS 2 a b SCHEMA t TEXT WEIGHT 1.0",
        OK,
        b"OK",
        text="OK",
    ),
    Case(
        lambda db: db.ft().create_index([NumericField("n")], stopwords=[], definition=IndexDefinition(prefix="p:")),
        "FT.CREATE idx PREFIX 1 p: SCORE 1.0 STOPWORDS 0 SCHEMA n NUMERIC",
        OK,
        b"OK",
        text="OK",
    ),
    Case(
        lambda db: db.ft("i").alter_schema_add([TextField("x"), NumericField("y")]),
        "FT.ALTER i SCHEMA ADD x TEXT WEIGHT 1.0 y NUMERIC",
        OK,
        b"OK",
        text="OK",
    ),
    Case(lambda db: db.ft("i").dropindex(), "FT.DROPINDEX i", OK, b"OK", text="OK"),
    Case(lambda db: db.ft("i").dropindex(delete_documents=True), "FT.DROPINDEX i DD", OK, b"OK", text="OK"),
    Case(
        lambda db: db.ft("i").info(),
        "FT.INFO i",
        INFO,
        {
            "index_name": "i",
            "index_options": ["NOFREQS", "NOHL"],
            "num_docs": 2,
            "percent_indexed": 0.5,
            "index_definition": {"key_type": "HASH", "prefixes": ["p:", "q:"], "default_score": 1},
            "attributes": [["identifier", "t", "attribute", "t", "type", "TEXT", "WEIGHT", "1", "SORTABLE"]],
            "gc_stats": {"bytes_collected": 0},
            "field statistics": [{"identifier": "t", "Index Errors": {"indexing failures": 0}}],
        },
        reply3=INFO3,
    ),
    Case(lambda db: db.ft().list_indexes(), "FT._LIST", ["i"], [b"i"], reply3={"i"}, text=["i"]),
    Case(lambda db: db.ft("i").tagvals("t"), "FT.TAGVALS i t", ["a"], [b"a"], reply3={"a"}, text=["a"]),
    Case(lambda db: db.ft("i").aliasadd("a"), "FT.ALIASADD a i", OK, b"OK", text="OK"),
    Case(lambda db: db.ft("i").aliasupdate("a"), "FT.ALIASUPDATE a i", OK, b"OK", text="OK"),
    Case(lambda db: db.ft("i").aliasdel("a"), "FT.ALIASDEL a", OK, b"OK", text="OK"),
    Case(lambda db: db.ft("i").aliaslist(), "FT.ALIASLIST i", ["a"], {b"a"}, reply3={"a"}, text={"a"}),
    Case(lambda db: db.ft("i").search("hello"), "FT.SEARCH i hello DIALECT 2 LIMIT 0 10", FOUND, ALL, reply3=FOUND3),
    Case(
        lambda db: db.ft("i").search("@a:$x", {"x": 1, "y": b"\xff"}),
        ["FT.SEARCH", "i", "@a:$x", "DIALECT", 2, "LIMIT", 0, 10, "PARAMS", 4, "x", 1, "y", b"\xff"],
        [0],
        documents(0, warnings=()),
        reply3={"total_results": 0, "results": []},
    ),
    Case(  # cut short, so that a document comes without its key
        lambda db: db.ft("i").search("hello"),
        "FT.SEARCH i hello DIALECT 2 LIMIT 0 10",
        [1, "", ["t", "x"]],
        documents(1, {"id": "", "t": "x"}),
        reply3={"total_results": 1, "results": [{"extra_attributes": {"t": "x"}}]},
    ),
    Case(
        lambda db: db.ft("i").search(EVERYTHING),
        "FT.SEARCH i q NOCONTENT VERBATIM NOSTOPWORDS INORDER FILTER n (1 +inf FILTER n -inf (5 GEOFILTER g 1.5 2.5 3"
        " mi WITHPAYLOADS WITHSCORES INKEYS 2 a b SLOP 0 TIMEOUT 5 LANGUAGE en EXPANDER E SCORER S INFIELDS 2 f g"
        " SORTBY f DESC RETURN 5 r s z AS zz SUMMARIZE FIELDS 1 f FRAGS 2 LEN 3 SEPARATOR | HIGHLIGHT FIELDS 1 f"
        " TAGS <b> </b> DIALECT 3 LIMIT 3 4",
        [2, "d1", "1.5", "load", "d2", "0", None],
        documents(2, {"id": "d1", "score": 1.5, "payload": "load"}, {"id": "d2", "score": 0.0}),
        reply3={
            "total_results": 2,
            "results": [{"id": "d1", "score": 1.5, "payload": "load"}, {"id": "d2", "score": 0.0}],
            "warning": [],
        },
    ),
    Case(
        lambda db: db.ft("i").search(Query("q").with_scores().return_field("v", decode_field=False).return_field("w")),
        "FT.SEARCH i q WITHSCORES RETURN 2 v w DIALECT 2 LIMIT 0 10",
        [1, "d1", ["1.5", ["because"]], ["v", b"text", "w", b"\xff"]],
        documents(1, {"id": "d1", "score": 1.5, "v": b"text", "w": b"\xff"}),
        reply3={
            "total_results": 1,
            "results": [{"id": "d1", "score": 1.5, "extra_attributes": {"v": b"text", "w": b"\xff"}}],
        },
    ),
    Case(
        lambda db: db.ft("i").search(Query("q").highlight().summarize()),
        "FT.SEARCH i q SUMMARIZE HIGHLIGHT DIALECT 2 LIMIT 0 10",
        [1, "d1", None],
        documents(1, {"id": "d1"}),
        reply3={"total_results": 1, "results": [{"id": "d1", "extra_attributes": None}]},
    ),
    Case(
        lambda db: db.ft("i").explain("q", {"a": 1}),
        "FT.EXPLAIN i q DIALECT 2 LIMIT 0 10 PARAMS 2 a 1",
        "UNION",
        b"UNION",
        text="UNION",
    ),
    Case(
        lambda db: db.ft("i").explain_cli(Query("q").paging(0, 1)),
        "FT.EXPLAINCLI i q DIALECT 2 LIMIT 0 1",
        ["UNION", ""],
        [b"UNION", b""],
        text=["UNION", ""],
    ),
    Case(
        lambda db: db.ft("i").aggregate(AggregateRequest("*").limit(0, 0).scorer("BM25"), {"p": 1}),
        "FT.AGGREGATE i * SCORER BM25 DIALECT 2 LIMIT 0 0 PARAMS 2 p 1",
        ROWS,
        rows([[b"g", b"1", b"l", [b"a"]], [b"g", b"2"]]),
        reply3=ROWS3,
        text=rows([["g", "1", "l", ["a"]], ["g", "2"]]),
    ),
    Case(
        lambda db: db.ft("i").aggregate(PIPED),
        "FT.AGGREGATE i * WITHSCHEMA VERBATIM SCORER TFIDF ADDSCORES WITHCURSOR COUNT 5 MAXIDLE 10000 LOAD 2 @a b"
        " DIALECT 3 GROUPBY 1 @g REDUCE COUNT 0 AS c REDUCE SUM 1 @x AS x APPLY @x+1 AS y APPLY 1 AS z FILTER @x>1"
        " SORTBY 4 @a ASC @b DESC MAX 10 LIMIT 1 2",
        [[1, [["g", "TEXT"]], ["g", "1"]], 77],
        rows([[b"g", b"1"]], cursor=77, schema=[[b"g", b"TEXT"]], total=1),
        reply3=[{"attributes": [["g", "TEXT"]], "total_results": 1, "results": [{"extra_attributes": {"g": "1"}}]}, 77],
        text=rows([["g", "1"]], cursor=77, schema=[["g", "TEXT"]], total=1),
    ),
    Case(
        lambda db: db.ft("i").aggregate(REDUCED),
        "FT.AGGREGATE i * LOAD * DIALECT 2 GROUPBY 2 @a @b REDUCE QUANTILE 2 @x 0.5"
        " REDUCE FIRST_VALUE 6 @f BY @z ASC @y DESC REDUCE FIRST_VALUE 1 @f REDUCE RANDOM_SAMPLE 2 @f 3"
        " REDUCE TOLIST 1 @q REDUCE COUNT_DISTINCT 1 @q REDUCE COUNT_DISTINCTISH 1 @q REDUCE MIN 1 @q REDUCE MAX 1 @q"
        " REDUCE AVG 1 @q REDUCE STDDEV 1 @q REDUCE COLLECT 2 FIELDS *"
        " REDUCE COLLECT 12 FIELDS 2 @a @b DISTINCT SORTBY 2 @a ASC LIMIT 0 5 SORTBY 1 @a FILTER a FILTER b",
        [0],
        rows([], total=0),
        reply3={"total_results": 0, "results": []},
    ),
    Case(
        lambda db: db.ft("i").aggregate(Cursor(7)),
        "FT.CURSOR READ i 7",
        [[1, ["g", "1"]], 0],
        rows([[b"g", b"1"]], cursor=0, total=1),
        reply3=[{"total_results": 1, "results": [{"extra_attributes": {"g": "1"}}]}, 0],
        text=rows([["g", "1"]], cursor=0, total=1),
    ),
    Case(lambda db: db.ft("i").cursor_del(Cursor(7)), "FT.CURSOR DEL i 7", OK, True),
    Case(lambda db: db.ft("i").cursor_del(8), "FT.CURSOR DEL i 8", OK, True),
    Case(
        lambda db: db.ft("i").profile(Query("q"), limited=True, query_params={"a": 1}),
        "FT.PROFILE i SEARCH LIMITED QUERY q DIALECT 2 LIMIT 0 10 PARAMS 2 a 1",
        [FOUND, [["Total profile time", "0.1"]]],
        profile(ALL, [["Total profile time", "0.1"]]),
        reply3={"Results": FOUND3, "Profile": [["Total profile time", "0.1"]]},
    ),
    Case(
        lambda db: db.ft("i").profile(AggregateRequest("*")),
        "FT.PROFILE i AGGREGATE QUERY * DIALECT 2",
        [ROWS, ["Shards", [["x", 1]], "Coordinator", []]],
        profile(rows([[b"g", b"1", b"l", [b"a"]], [b"g", b"2"]]), ["Shards", [["x", 1]], "Coordinator", []]),
        reply3={"Results": ROWS3, "Profile": {"Shards": [{"x": 1}], "Coordinator": {}}},
        text=profile(rows([["g", "1", "l", ["a"]], ["g", "2"]]), ["Shards", [["x", 1]], "Coordinator", []]),
    ),
    Case(  # before Redis 8
        lambda db: db.ft("i").profile(Query("q")),
        "FT.PROFILE i SEARCH QUERY q DIALECT 2 LIMIT 0 10",
        [FOUND, PROFILED],
        profile(ALL, PROFILED),
        reply3={**FOUND3, "profile": PROFILED3},
    ),
    Case(
        lambda db: db.ft("i").hybrid_search(HYBRID_QUERY),
        "FT.HYBRID i SEARCH text VSIM @v $p",
        HYBRID2,
        hybrid({"__key": b"d1", "text": "ä".encode(), "v": b"\xff"}),
        reply3=HYBRID,
    ),
    Case(
        lambda db: db.ft("i").hybrid_search(
            HybridQuery(
                HybridSearchQuery("text", scorer="BM25").yield_score_as("ss"),
                HybridVsimQuery(
                    "@v", "$v", VectorSearchMethods.KNN, {"K": 3, "EF_RUNTIME": 10}, HybridFilter("@x:[1]")
                ).yield_score_as("vs"),
            ),
            combine_method=CombineResultsMethod(CombinationMethods.RRF, WINDOW=3, CONSTANT=0.5),
            post_processing=HybridPostProcessingConfig()
            .load("@text", decode_field=True)
            .load("@v")
            .group_by(["@a"], reducers.count().alias("c"))
            .apply(x="@a+1")
            .sort_by(SortbyField("@a"), SortbyField("@b", asc=False))
            .filter(HybridFilter("@x>1"))
            .limit(1, 2),
            params_substitution={"p": 1},
            timeout=10,
        ),
        "FT.HYBRID i SEARCH text SCORER BM25 YIELD_SCORE_AS ss VSIM @v $v KNN 4 K 3 EF_RUNTIME 10 FILTER @x:[1]"
        " YIELD_SCORE_AS vs COMBINE RRF 4 WINDOW 3 CONSTANT 0.5 LOAD 1 @text LOAD 1 @v GROUPBY 1 @a REDUCE COUNT 0 AS c"
        " APPLY @a+1 AS x SORTBY 4 @a ASC @b DESC FILTER @x>1 LIMIT 1 2 PARAMS 2 p 1 TIMEOUT 10",
        HYBRID2,
        hybrid({"__key": b"d1", "text": "ä", "v": b"\xff"}),
        reply3=HYBRID,
    ),
    Case(
        lambda db: db.ft("i").hybrid_search(
            HybridQuery(
                HybridSearchQuery("a").scorer("S"),
                HybridVsimQuery("@v", "$p")
                .vsim_method_params(VectorSearchMethods.RANGE, RADIUS=2)
                .filter(HybridFilter("f")),
            ),
            combine_method=CombineResultsMethod(CombinationMethods.LINEAR),
            cursor=HybridCursorQuery(count=5, max_idle=100),
        ),
        "FT.HYBRID i SEARCH a SCORER S VSIM @v $p RANGE 2 RADIUS 2 FILTER f COMBINE LINEAR"
        " WITHCURSOR COUNT 5 MAXIDLE 100",
        ["SEARCH", 1, "VSIM", 2, "warnings", []],
        lambda found: (found.search_cursor_id, found.vsim_cursor_id) == (1, 2),
        reply3={"SEARCH": 1, "VSIM": 2, "warnings": []},
    ),
    Case(
        lambda db: db.ft("i").load_document("d"),
        "HGETALL d",
        ["t", "ä", "v", b"\xff"],
        lambda doc: vars(doc) == {"id": "d", "payload": None, "t": "ä", "v": b"\xff"} and doc["t"] == doc.t == "ä",
        reply3={"t": "ä", "v": b"\xff"},
    ),
    Case(
        lambda db: db.ft("i").spellcheck("helo x", distance=2, include="a", exclude="b"),
        ["FT.SPELLCHECK", "i", "helo x", "DISTANCE", 2, "TERMS", "INCLUDE", "a", "TERMS", "EXCLUDE", "b"],
        [["TERM", "helo", [["0.5", "hello"], ["0", "help"]]], ["TERM", "x", []]],
        {b"helo": [{"score": "0.5", "suggestion": b"hello"}, {"score": "0", "suggestion": b"help"}]},
        reply3={"results": {"helo": [{"hello": 0.5}, {"help": 0.0}], "x": []}},
        text={"helo": [{"score": "0.5", "suggestion": "hello"}, {"score": "0", "suggestion": "help"}]},
    ),
    Case(lambda db: db.ft().dict_add("d", "a", "b"), "FT.DICTADD d a b", 2, 2),
    Case(lambda db: db.ft().dict_del("d", "a"), "FT.DICTDEL d a", 1, 1),
    Case(lambda db: db.ft().dict_dump("d"), "FT.DICTDUMP d", ["a"], [b"a"], reply3={"a"}, text=["a"]),
    Case(
        lambda db: db.ft("i").synupdate("g", True, "a", "b"),
        "FT.SYNUPDATE i g SKIPINITIALSCAN a b",
        OK,
        b"OK",
        text="OK",
    ),
    Case(lambda db: db.ft("i").synupdate("g", False, "a"), "FT.SYNUPDATE i g a", OK, b"OK", text="OK"),
    Case(lambda db: db.ft("i").syndump(), "FT.SYNDUMP i", {"t": ["g"]}, {b"t": [b"g"]}, text={"t": ["g"]}),
    Case(lambda db: db.ft().sugadd("k", Suggestion("a")), "FT.SUGADD k a 1.0", 1, 1),
    Case(
        lambda db: db.ft().sugadd("k", Suggestion("a", 2.5, "p"), increment=True),
        "FT.SUGADD k a 2.5 INCR PAYLOAD p",
        1,
        1,
    ),
    Case(
        lambda db: db.ft().sugget("k", "p"),
        "FT.SUGGET k p MAX 10",
        ["a", "b"],
        suggestions(("a", 1.0, None), ("b", 1.0, None)),
    ),
    Case(
        lambda db: db.ft().sugget("k", "p", fuzzy=True, num=3, with_scores=True, with_payloads=True),
        "FT.SUGGET k p MAX 3 FUZZY WITHSCORES WITHPAYLOADS",
        ["a", 1.5, "pp", "b", 2.0, None],
        suggestions(("a", 1.5, "pp"), ("b", 2.0, None)),
    ),
    Case(lambda db: db.ft().sugget("k", "p", with_payloads=True), "FT.SUGGET k p MAX 10 WITHPAYLOADS", None, []),
    Case(lambda db: db.ft().sugdel("k", "s"), "FT.SUGDEL k s", True, 1),
    Case(lambda db: db.ft().suglen("k"), "FT.SUGLEN k", 4, 4),
    Case(
        lambda db: db.ft().config_get("*"),
        "FT.CONFIG GET *",
        [["T", "500"]],
        {"T": b"500"},
        reply3={"T": "500"},
        text={"T": "500"},
    ),
    Case(lambda db: db.ft().config_set("T", 1), "FT.CONFIG SET T 1", OK, True),
]


@pytest.mark.parametrize("protocol", [2, 3])
def test_round_trips(protocol: int) -> None:
    check(CASES, protocol)


def test_every_method_is_called() -> None:
    methods = {name for name in vars(type(Database.ft(None))) if not name.startswith("_")}  # type: ignore[arg-type]
    assert methods - {"index_name"} <= cases_by_method(CASES)


def test_several_suggestions_at_once() -> None:
    with ScriptedServer() as server:
        server.on("FT.SUGADD", 2)
        with connect(server) as mux:
            db = mux.get_database()
            server.clear()
            assert db.ft().sugadd("k", Suggestion("a"), Suggestion("b")) == 2
            assert server.commands() == [(b"FT.SUGADD", b"k", b"a", b"1.0"), (b"FT.SUGADD", b"k", b"b", b"1.0")]
            pipeline = db.pipeline(transaction=False)
            pipeline.ft().sugadd("k", Suggestion("a"), Suggestion("b"))
            assert pipeline.execute() == [2, 2]


def test_a_pipeline_keeps_the_index() -> None:
    with ScriptedServer() as server:
        server.on("FT.SEARCH", FOUND)
        with connect(server) as mux:
            pipeline = mux.get_database().ft("i").pipeline(transaction=False)
            assert pipeline.index_name == "i"
            pipeline.search("q")
            (result,) = pipeline.execute()
            assert ALL(result)


def test_warnings_under_resp3() -> None:
    with ScriptedServer() as server:
        server.on("FT.SEARCH", {**FOUND3, "warning": ["Timeout limit was reached"]})
        with connect(server, protocol=3) as mux:
            result = mux.get_database().ft("i").search("q")
            assert result.warnings == ["Timeout limit was reached"]
            assert [doc["id"] for doc in result.docs] == ["d1", "d2"]
            with pytest.raises(AttributeError):
                result.docs[0].nonsense  # noqa: B018
            with pytest.raises(KeyError):
                result.docs[0]["nonsense"]


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda db: db.ft().create_index([]), "FT.CREATE: fields"),
        (lambda db: db.ft().create_index(TextField("t"), temporary=-1), "FT.CREATE: temporary"),
        (lambda db: db.ft().alter_schema_add([]), "FT.ALTER: fields"),
        (lambda db: db.ft().dict_add("d"), "FT.DICTADD: terms"),
        (lambda db: db.ft().dict_del("d"), "FT.DICTDEL: terms"),
        (lambda db: db.ft().synupdate("g"), "FT.SYNUPDATE: terms"),
        (lambda db: db.ft().sugadd("k"), "FT.SUGADD: suggestions"),
        (lambda db: db.ft().sugget("k", "p", num=-1), "FT.SUGGET: num"),
        (lambda db: db.ft().spellcheck("q", distance=-1), "FT.SPELLCHECK: distance"),
        (lambda db: db.ft().hybrid_search(HYBRID_QUERY, timeout=-1), "FT.HYBRID: timeout"),
        (lambda db: NumericField("n", no_index=True), "FT.CREATE: field n"),
        (lambda db: VectorField("v", "BAD", {}), "FT.CREATE: algorithm"),
        (lambda db: VectorField("v", "FLAT", {}, sortable=True), "FT.CREATE: vector field v"),
        (lambda db: IndexDefinition(index_type="HASH"), "FT.CREATE: index_type"),  # type: ignore[arg-type]
        (lambda db: Query("q").paging(-1, 1), "FT.SEARCH: offset"),
        (lambda db: Query("q").highlight(tags=["<b>"]), "FT.SEARCH: tags"),
        (lambda db: AggregateRequest().limit(0, -1), "FT.AGGREGATE: offset and num"),
        (lambda db: AggregateRequest().cursor(-1), "FT.AGGREGATE: count"),
        (lambda db: reducers.count().alias(FIELDNAME), "FT.AGGREGATE: COUNT"),
        (lambda db: HybridPostProcessingConfig().load(), "FT.HYBRID: fields"),
    ],
)
def test_what_makes_no_sense_is_not_sent(db: Database[bytes], call: Any, named: str) -> None:
    with pytest.raises(DataError, match=named):
        call(db)
