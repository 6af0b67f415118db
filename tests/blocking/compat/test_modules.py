# Generated from tests/asyncio/compat/test_modules.py by scripts/generate_blocking.py; change that file instead.
"""The modules' groups of commands on the façade's client and pipelines."""

from __future__ import annotations

import pytest

from multiplexer.compat.blocking.client import Redis
from multiplexer.errors import DataError, ResponseError
from multiplexer.search import Cursor, Query, Suggestion
from tests.servers import Error, ScriptedServer
from tests.servers.wire import OK


@pytest.mark.parametrize("decode_responses", [False, True])
@pytest.mark.parametrize("protocol", [2, None])
@pytest.mark.parametrize("multiplexed", [False, True])
def test_groups(decode_responses: bool, protocol: int | None, multiplexed: bool) -> None:
    with ScriptedServer() as server:
        server.on("JSON.SET", OK)
        server.on("JSON.GET", '{"a": 1}')
        server.on("BF.SCANDUMP", [1, b"\xff"])
        server.on("TS.GET", [1, 2.5])
        server.on("TOPK.LIST", ["a"])
        server.on("FT.SUGADD", 2)
        server.on("FT.SEARCH", [1, "d", ["t", "x", "v", b"\xff"]])
        server.on("FT.CURSOR READ", [[1, ["g", "1"]], 0])
        with Redis(
            host=server.host,
            port=server.port,
            protocol=protocol,
            decode_responses=decode_responses,
            multiplexed=multiplexed,
        ) as client:
            assert client.json().set("k", "$", {"a": 1}) is True
            assert client.json().get("k") == {"a": 1}
            assert client.bf().scandump("k", 0) == (1, b"\xff")
            assert client.ts().get("k") == (1, 2.5)
            assert client.topk().list("k") == (["a"] if decode_responses else [b"a"])
            assert client.ft().sugadd("k", Suggestion("a"), Suggestion("b")) == 2
            query = Query("q").return_field("t").return_field("v", decode_field=False)
            (document,) = client.ft("i").search(query).docs
            assert (document.id, document.t, document.v) == ("d", "x", b"\xff")
            result = client.ft("i").aggregate(Cursor(7))
            assert result.rows == ([["g", "1"]] if decode_responses else [[b"g", b"1"]])
            assert server.commands("FT.CURSOR") == [(b"FT.CURSOR", b"READ", b"i", b"7")]

            pipeline = client.pipeline(transaction=False)
            assert pipeline.json().set("k", "$", 1) is pipeline
            pipeline.ft().sugadd("k", Suggestion("a"), Suggestion("b"))
            pipeline.json().get("k")
            assert pipeline.execute() == [True, 2, 2, {"a": 1}]
            group = client.json().pipeline(transaction=False)
            group.set("k", "$", 1)
            assert group.get("k") is group
            assert group.execute() == [True, {"a": 1}]


@pytest.mark.parametrize("multiplexed", [False, True], ids=["own", "shared"])
def test_what_groups_have_beside_their_commands(multiplexed: bool) -> None:
    with ScriptedServer() as server:
        for name in ("FT.ADD", "FT.ADDHASH"):
            server.on(name, OK)
        server.on("FT.DEL", 1)
        server.on("FT.MGET", [["f", "v"], None])
        server.on("TOPK.COUNT", [3])
        server.on("JSON.NUMMULTBY", "[6]")
        server.on("JSON.ARRAPPEND", Error("ERR wrong number of arguments"))
        with Redis(host=server.host, port=server.port, decode_responses=True, multiplexed=multiplexed) as client:
            search = client.ft("i")
            assert search.client is client
            assert search.execute_command("ECHO", "a") == "a"
            indexer = search.batch_indexer(chunk_size=2)
            assert isinstance(indexer, search.BatchIndexer)
            indexer.add_document("d1", nosave=True, payload="p", partial=True, no_create=True, f="v")
            assert (indexer.total, indexer.current_chunk, server.commands("FT.ADD")) == (1, 1, [])
            indexer.add_document_hash("d2", score=0.5, replace=True)
            assert (indexer.total, indexer.current_chunk) == (2, 0)
            indexer.commit()
            with pytest.deprecated_call():
                assert search.add_document("d3", language="en", f="v") in ("OK", True)
            with pytest.deprecated_call():
                assert search.add_document_hash("d4", language="en") in ("OK", True)
            with pytest.deprecated_call():
                assert search.delete_document("d1", delete_actual_document=True) == 1
            with pytest.deprecated_call():
                assert search.get("d1", "d2") == [["f", "v"], None]
            assert server.commands("FT.ADD") == [
                tuple(b"FT.ADD i d1 1.0 NOSAVE PAYLOAD p REPLACE PARTIAL NOCREATE FIELDS f v".split()),
                tuple(b"FT.ADD i d3 1.0 LANGUAGE en FIELDS f v".split()),
            ]
            assert server.commands("FT.ADDHASH") == [
                tuple(b"FT.ADDHASH i d2 0.5 REPLACE".split()),
                tuple(b"FT.ADDHASH i d4 1.0 LANGUAGE en".split()),
            ]
            assert server.commands("FT.DEL") == [(b"FT.DEL", b"i", b"d1", b"DD")]
            with pytest.deprecated_call():
                assert client.topk().count("k", "a") == [3]
            with pytest.deprecated_call():
                assert client.json().nummultby("k", "$", 2) == [6]
            # Left to the server, as redis-py does; what is no JSON raises as the encoder does.
            with pytest.raises(ResponseError, match="wrong number"):
                client.json().arrappend("k", "$")
            with pytest.raises(TypeError):
                client.json().set("k", "$", {b"a": 1})
            with pytest.raises(DataError, match="Invalid FPHA type"):
                client.json().set("k", "$", [1], fpha="FP8")


@pytest.mark.parametrize("multiplexed", [False, True], ids=["own", "shared"])
def test_ranks_that_cannot_be_are_left_to_the_server(multiplexed: bool) -> None:
    with ScriptedServer() as server:
        for name in ("TDIGEST.BYRANK", "TDIGEST.BYREVRANK"):
            server.on(name, Error("ERR T-Digest: rank needs to be non negative"))
        with Redis(host=server.host, port=server.port, multiplexed=multiplexed) as client:
            for ask in (client.tdigest().byrank, client.tdigest().byrevrank):
                with pytest.raises(ResponseError, match="rank needs to be non negative"):
                    ask("k", 0, -1)
        assert server.commands("TDIGEST.BYRANK") == [(b"TDIGEST.BYRANK", b"k", b"0", b"-1")]


@pytest.mark.parametrize("multiplexed", [False, True], ids=["own", "shared"])
def test_old_names_of_documents_warn(multiplexed: bool) -> None:
    with ScriptedServer() as server:
        server.on("JSON.SET", OK)
        server.on("JSON.GET", "1")
        server.on("JSON.MGET", ["1", None])
        with Redis(host=server.host, port=server.port, multiplexed=multiplexed) as client:
            with pytest.deprecated_call(match="jsonset"):
                assert client.json().jsonset("k", "$", 1) is True
            with pytest.deprecated_call(match="jsonget"):
                assert client.json().jsonget("k") == 1
            with pytest.deprecated_call(match="jsonmget"):
                assert client.json().jsonmget(["k", "l"], "$") == [1, None]
