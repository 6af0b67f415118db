# Generated from tests/asyncio/compat/test_modules.py by scripts/generate_blocking.py; change that file instead.
"""The modules' groups of commands on the façade's client and pipelines."""

from __future__ import annotations

import pytest

from multiplexer.compat.blocking.client import Redis
from multiplexer.search import Cursor, Query, Suggestion
from tests.servers import ScriptedServer
from tests.servers.wire import OK


@pytest.mark.parametrize("decode_responses", [False, True])
@pytest.mark.parametrize("protocol", [2, 3])
@pytest.mark.parametrize("multiplexed", [False, True])
def test_groups(decode_responses: bool, protocol: int, multiplexed: bool) -> None:
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
            group.get("k")
            assert group.execute() == [True, {"a": 1}]
