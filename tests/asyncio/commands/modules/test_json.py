"""JSON documents."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import DataError
from tests.servers import ScriptedServer
from tests.servers.wire import OK

from ...connecting import connect
from .round_trip import Case, cases_by_method, check

CASES = [
    Case(
        lambda db: db.json().set("k", "$", {"a": "ä", "b": [1, 2.5, None, True]}),
        ["JSON.SET", "k", "$", '{"a": "\\u00e4", "b": [1, 2.5, null, true]}'],
        OK,
        True,
    ),
    Case(lambda db: db.json().set("k", "$", 1, nx=True), "JSON.SET k $ 1 NX", None, None),
    Case(lambda db: db.json().jsonset("k", ".", "x", xx=True), 'JSON.SET k . "x" XX', OK, True),
    Case(lambda db: db.json().set("k", "$", [1.5], fpha="fp32"), "JSON.SET k $ [1.5] FPHA FP32", OK, True),
    Case(
        lambda db: db.json().set("k", "$", {b"a": {b"b": "c"}}, decode_keys=True),
        ["JSON.SET", "k", "$", '{"a": {"b": "c"}}'],
        OK,
        True,
    ),
    Case(lambda db: db.json().mset([("a", "$", 1), ("b", "$.x", "y")]), 'JSON.MSET a $ 1 b $.x "y"', OK, True),
    Case(lambda db: db.json().merge("k", "$", {"a": None}), ["JSON.MERGE", "k", "$", '{"a": null}'], OK, True),
    Case(lambda db: db.json().get("k"), "JSON.GET k .", '{"a": [1, 2.5, null]}', {"a": [1, 2.5, None]}),
    Case(lambda db: db.json().get("k", "$.a", "$.b"), "JSON.GET k $.a $.b", '{"$.a": [1]}', {"$.a": [1]}),
    Case(lambda db: db.json().jsonget("k", "$", no_escape=True), "JSON.GET k noescape $", None, None),
    Case(lambda db: db.json().mget(["a", "b"], "$"), "JSON.MGET a b $", ["[1]", None], [[1], None]),
    Case(lambda db: db.json().jsonmget(["a"], "."), "JSON.MGET a .", ['"x"'], ["x"]),
    Case(lambda db: db.json().delete("k"), "JSON.DEL k .", 1, 1),
    Case(lambda db: db.json().delete("k", None), "JSON.DEL k", 1, 1),
    Case(lambda db: db.json().forget("k", "$.a"), "JSON.FORGET k $.a", 2, 2),
    Case(lambda db: db.json().clear("k"), "JSON.CLEAR k .", 1, 1),
    Case(lambda db: db.json().type("k"), "JSON.TYPE k .", "object", b"object", reply3=["object"], text="object"),
    Case(lambda db: db.json().type("k"), "JSON.TYPE k .", None, None, reply3=[None]),
    Case(
        lambda db: db.json().type("k", "$.a"),
        "JSON.TYPE k $.a",
        ["integer"],
        [b"integer"],
        reply3=[["integer"]],
        text=["integer"],
    ),
    Case(lambda db: db.json().type("k", "$.a"), "JSON.TYPE k $.a", [], [], reply3=[[]]),
    Case(lambda db: db.json().type("k", "$.a"), "JSON.TYPE k $.a", None, None, reply3=[None]),
    Case(
        lambda db: db.json().resp("k"),
        "JSON.RESP k .",
        ["{", "a", ["[", 1, 1.5, None, "true"]],
        ["{", "a", ["[", 1, "1.5", None, "true"]],
    ),
    Case(lambda db: db.json().debug("memory", "k"), "JSON.DEBUG MEMORY k .", 24, 24),
    Case(lambda db: db.json().debug("HELP"), "JSON.DEBUG HELP", ["a", "b"], ["a", "b"]),
    Case(
        lambda db: db.json().arrappend("k", "$.a", 1, "x", None),
        'JSON.ARRAPPEND k $.a 1 "x" null',
        [3, None],
        [3, None],
    ),
    Case(lambda db: db.json().arrindex("k", ".a", "x"), 'JSON.ARRINDEX k .a "x"', -1, -1),
    Case(lambda db: db.json().arrindex("k", "$", 1, 0, 5), "JSON.ARRINDEX k $ 1 0 5", [0], [0]),
    Case(lambda db: db.json().arrinsert("k", "$", 0, 1, "a"), 'JSON.ARRINSERT k $ 0 1 "a"', [3], [3]),
    Case(lambda db: db.json().arrlen("k"), "JSON.ARRLEN k .", 3, 3),
    Case(lambda db: db.json().arrpop("k"), "JSON.ARRPOP k . -1", '{"a": 1}', {"a": 1}),
    Case(lambda db: db.json().arrpop("k", "$.a", 2), "JSON.ARRPOP k $.a 2", ['"x"', None, "1"], ['"x"', None, "1"]),
    Case(lambda db: db.json().arrpop("k", None), "JSON.ARRPOP k", None, None),
    Case(lambda db: db.json().arrtrim("k", "$", 1, 2), "JSON.ARRTRIM k $ 1 2", [2], [2]),
    Case(lambda db: db.json().objkeys("k"), "JSON.OBJKEYS k .", ["a", "7"], ["a", "7"]),
    Case(lambda db: db.json().objkeys("k", "$"), "JSON.OBJKEYS k $", [["a"], None], [["a"], None]),
    Case(lambda db: db.json().objlen("k"), "JSON.OBJLEN k .", 2, 2),
    Case(lambda db: db.json().strappend("k", "x"), 'JSON.STRAPPEND k . "x"', 4, 4),
    Case(lambda db: db.json().strappend("k", "x", "$.a"), 'JSON.STRAPPEND k $.a "x"', [4, None], [4, None]),
    Case(lambda db: db.json().strlen("k"), "JSON.STRLEN k", 3, 3),
    Case(lambda db: db.json().numincrby("k", ".a", 2), "JSON.NUMINCRBY k .a 2", "5", 5, reply3=[5]),
    Case(
        lambda db: db.json().numincrby("k", "$.a", 0.5),
        "JSON.NUMINCRBY k $.a 0.5",
        "[5.5,null]",
        [5.5, None],
        reply3=[5.5, None],
    ),
    Case(lambda db: db.json().nummultby("k", "$.a", 2), "JSON.NUMMULTBY k $.a 2", "[4]", [4], reply3=[4]),
    Case(lambda db: db.json().toggle("k"), "JSON.TOGGLE k .", "true", True),
    Case(lambda db: db.json().toggle("k", ".a"), "JSON.TOGGLE k .a", "false", False, reply3=False),
    Case(lambda db: db.json().toggle("k", "$"), "JSON.TOGGLE k $", [1, 0, None], [1, 0, None], reply3=[True, 0, None]),
]


@pytest.mark.parametrize("protocol", [2, 3])
async def test_round_trips(protocol: int) -> None:
    await check(CASES, protocol)


def test_every_method_is_called() -> None:
    methods = {name for name in vars(type(Database.json(None))) if not name.startswith("_")}  # type: ignore[arg-type]
    assert methods - cases_by_method(CASES) == {"set_file", "set_path"}


async def test_files(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a.b.json").write_text('{"a": 1}')
    (tmp_path / "folder" / "broken.json").write_text("{")
    with ScriptedServer() as server:
        server.on("JSON.SET", OK)
        async with await connect(server) as mux:
            documents = mux.get_database().json()
            server.clear()
            assert await documents.set_file("k", "$", str(tmp_path / "a.b.json"), nx=True) is True
            assert server.commands() == [(b"JSON.SET", b"k", b"$", b'{"a": 1}', b"NX")]
            with pytest.raises(json.JSONDecodeError):
                await documents.set_file("k", "$", str(tmp_path / "folder" / "broken.json"))
            server.clear()
            assert await documents.set_path("$", str(tmp_path)) == {
                str(tmp_path / "a.b.json"): True,
                str(tmp_path / "folder" / "broken.json"): False,
            }
            assert server.commands() == [(b"JSON.SET", str(tmp_path / "a.b").encode(), b"$", b'{"a": 1}')]


async def test_an_encoder_and_a_decoder_of_ones_own() -> None:
    class Reversing:
        def encode(self, value: str) -> str:
            return value[::-1]

        decode = encode

    with ScriptedServer() as server:
        server.on("JSON.SET", OK)
        server.on("JSON.GET", "cba")
        async with await connect(server) as mux:
            documents = mux.get_database().json(encoder=Reversing(), decoder=Reversing())
            server.clear()
            assert await documents.set("k", "$", "abc")
            assert server.commands() == [(b"JSON.SET", b"k", b"$", b"cba")]
            assert await documents.get("k") == "abc"
            pipeline = documents.pipeline()
            assert pipeline.set("k", "$", "abc") is pipeline


async def test_a_pipeline_of_its_own() -> None:
    with ScriptedServer() as server:
        server.on("JSON.SET", OK)
        server.on("JSON.GET", '{"a": 1}')
        async with await connect(server) as mux:
            pipeline = mux.get_database().json().pipeline(transaction=False)
            chained: Any = pipeline.set("k", "$", {"a": 1})
            chained.get("k")
            pipeline.incr("counter")  # what is no JSON command is the pipeline's
            assert await pipeline.execute() == [True, {"a": 1}, 1]
            with pytest.raises(AttributeError):
                mux.get_database().json().incr  # noqa: B018


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda db: db.json().set("k", "$", 1, nx=True, xx=True), "JSON.SET: nx and xx"),
        (lambda db: db.json().set("k", "$", 1, fpha="FP8"), "JSON.SET: fpha"),
        (lambda db: db.json().set("k", "$", object()), "JSON.SET: obj"),
        (lambda db: db.json().set("k", "$", math.nan), "JSON.SET: obj"),
        (lambda db: db.json().mset([]), "JSON.MSET: triplets"),
        (lambda db: db.json().mset([("k", "$", {1})]), "JSON.MSET: triplets"),
        (lambda db: db.json().mget([], "$"), "JSON.MGET: keys"),
        (lambda db: db.json().arrappend("k", "$"), "JSON.ARRAPPEND: args"),
        (lambda db: db.json().arrinsert("k", "$", 0), "JSON.ARRINSERT: args"),
        (lambda db: db.json().arrindex("k", "$", 1, stop=2), "JSON.ARRINDEX: stop"),
        (lambda db: db.json().arrpop("k", None, 1), "JSON.ARRPOP: index"),
        (lambda db: db.json().numincrby("k", "$", math.nan), "JSON.NUMINCRBY: number"),
        (lambda db: db.json().debug("FROB"), "JSON.DEBUG: subcommand"),
        (lambda db: db.json().debug("MEMORY"), "JSON.DEBUG: key"),
    ],
)
async def test_what_makes_no_sense_is_not_sent(db: Database[bytes], call: Any, named: str) -> None:
    with pytest.raises(DataError, match=named) as caught:
        call(db)
    assert caught.value.was_sent is False
    assert caught.value.command == named.split(":")[0]


async def test_documents_have_the_prefix_of_the_handle() -> None:
    with ScriptedServer() as server:
        server.on("JSON.MGET", ["[1]", "[2]"])
        async with await connect(server) as mux:
            view = mux.get_database().with_options(key_prefix="p:")
            server.clear()
            assert await view.json().mget(["a", "b"], "$") == [[1], [2]]
            assert server.commands() == [(b"JSON.MGET", b"p:a", b"p:b", b"$")]
