"""Commands whose arguments redis-py takes, or refuses, in a way of its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest

from multiplexer.compat.asyncio.client import Redis
from multiplexer.errors import DataError, ResponseError


async def test_words_are_left_to_the_server(client: Redis) -> None:
    await client.set("k", "foobar")
    assert await client.bitcount("k") == 26
    assert await client.bitcount("k", 5, 30, "bit") == 17
    assert await client.bitpos("k", 1, 1, -1, "byte") == 9
    await client.rpush("l", 1, 2, 3)
    assert await client.lmpop(2, "none", "l", direction="LEFT", count=2) == [b"l", [b"1", b"2"]]
    assert await client.lmpop(1, "l", direction="right") == [b"l", [b"3"]]
    assert b"lpop" in await client.command_list(pattern="l*")
    assert len(await client.command_list()) > 100
    await client.mset({"a": "ohmytext", "b": "mynewtext"})
    assert await client.lcs("a", "b") == b"mytext"
    assert await client.lcs("a", "b", len=True) == 6
    found = await client.lcs("a", "b", idx=True, minmatchlen=3, withmatchlen=True)
    assert found == [b"matches", [[[4, 7], [5, 8], 4]], b"len", 6]
    refused: list[Callable[[], Any]] = [
        lambda: client.lcs("a", "b", len=True, idx=True),
        lambda: client.bitcount("k", 5, 30, "but"),
        lambda: client.bitpos("k", 1, 7, 15, "bite"),
        lambda: client.lmpop(1, "l", direction="up"),
        lambda: client.command_list(category="list", pattern="l*"),
        lambda: client.replicaof("NO ONE"),
    ]
    for call in refused:
        with pytest.raises(ResponseError):
            await call()
    assert await client.replicaof("NO", "ONE")
    pipe: Any = client.pipeline()
    assert await pipe.bitcount("k").lmpop(1, "l", direction="left").execute() == [26, None]


async def test_what_cannot_be_is_refused(client: Redis) -> None:
    given: Any = client
    refused: list[Callable[[], Any]] = [
        lambda: given.bitcount("k", 1),
        lambda: given.bitpos("k", 2),
        lambda: given.bitpos("k", 1, end=2),
        lambda: given.client_kill_filter(),
        lambda: given.client_kill_filter(skipme="yeah"),
        lambda: given.client_kill_filter(_type="caster"),
        lambda: given.acl_genpass("value"),
        lambda: given.acl_genpass(5555),
        lambda: given.xautoclaim("s", "g", "c", min_idle_time=-1),
        lambda: given.xpending_range("s", "g", min="-", max="+", count=None),
        lambda: given.xpending_range("s", "g", min=None, max=None, count=None, idle=0),
        lambda: given.xread({"s": 0}, count=5, max_count=3),
        lambda: given.xreadgroup("g", "c", {"s": ">"}, count=5, max_count=3),
    ]
    for call in refused:
        with pytest.raises(DataError):
            call()
    for call in (
        lambda: given.xautoclaim("s", "g", "c", min_idle_time="wrong"),
        lambda: given.xpending_range("s", "g", min="-", max="+", count="one"),
        lambda: given.xpending_range("s", "g", min="-", max="+", count=5, idle="one"),
    ):
        with pytest.raises(ValueError, match="invalid literal"):
            call()
    for call in (given.debug_segfault, given.memory_help, given.script_debug):
        with pytest.raises(NotImplementedError):
            call()


async def test_words_as_memory_views(client: Redis) -> None:
    given: Any = client
    await client.rpush("l", "a", "b")
    assert await given.lmove("l", "m", memoryview(b"LEFT"), bytearray(b"right")) == b"a"


async def test_pending_entries_without_a_range_are_summed_up(client: Redis) -> None:
    await client.xadd("s", {"f": "v"})
    await client.xgroup_create("s", "g", "0")
    await client.xreadgroup("g", "c", {"s": ">"})
    summary = await client.xpending_range("s", "g", None, None, None)
    assert summary["pending"] == 1
    entries = await client.xpending_range("s", "g", "-", "+", 10, consumername="")
    assert [entry["consumer"] for entry in entries] == [b"c"]
    assert (await client.xautoclaim("s", "g", "d", 0))[1][0][1] == {b"f": b"v"}


async def test_clients_are_killed_by_filters(client: Redis, other: Redis) -> None:
    number = await other.client_id()
    assert await client.client_kill_filter(_id=number, skipme=True, _type="NORMAL") == 1
    assert await client.client_kill_filter(filters={"id": number}) == 0


async def test_results_by_name(client: Redis) -> None:
    """Without a cluster the server refuses these; what it would have answered has redis-py's form."""
    line = "1df0 127.0.0.1:7007@17007 slave 19ef 0 1447836789290 3 connected"
    for name, reply in (("NODES", f"{line}\n"), ("SLAVES", [line]), ("REPLICAS", [line.encode()]), ("SLAVES", line)):
        node = client.response_callbacks[f"CLUSTER {name}"](reply)["127.0.0.1:7007"]
        assert (node["master_id"], node["connected"]) == ("19ef", True)


async def test_further_arguments_go_to_the_callback(client: Redis) -> None:
    """Many of redis-py's methods take any, and hand them on as options of the command."""
    given: Any = client
    assert await given.ping(note=1) is True
    assert await given.config_get("maxmemory-policy", note=1) == {"maxmemory-policy": "noeviction"}
    assert await given.dbsize(note=1) == 0
    assert await given.pipeline().echo("x", note=1).keys("*", note=1).execute() == [b"x", []]
    await client.mset({f"k{number}": number for number in range(20)})
    assert len([key async for key in given.scan_iter("k*", count=3, note=1)]) == 20
    seen: list[dict[str, Any]] = []

    def callback(reply: Any, **options: Any) -> Any:
        seen.append(options)
        return reply

    for name in ("PUBSUB NUMSUB", "CLIENT ID"):
        client.set_response_callback(name, callback)
    assert await given.pubsub_numsub("c", note=2) == [b"c", 0]
    assert await given.client_id(note=3) > 0
    assert seen == [{"note": 2}, {"note": 3}]


async def test_what_sentinels_are_asked_takes_an_argument_of_sentinels(client: Redis) -> None:
    with pytest.raises(ResponseError, match="unknown command"):
        await client.sentinel_master("service", return_responses=True)


async def test_what_is_deprecated_says_so(client: Redis, options: dict[str, Any]) -> None:
    with pytest.warns(DeprecationWarning, match="hmset .*Use 'hset' instead") as caught:
        assert await client.hmset("h", {"a": 1})
    assert caught[0].filename == __file__
    for argument in ({"retry_on_timeout": True}, {"lib_name": "mine"}, {"lib_version": "1"}):
        with pytest.warns(DeprecationWarning, match=next(iter(argument))) as caught:
            await Redis(**options, **argument).aclose()
        assert caught[0].filename == __file__
    with pytest.warns(DeprecationWarning, match="setex .*Use 'set' instead"):
        assert await client.setex("k", 10, "v")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert await client.hset("h", mapping={"a": 1}) == 0
        assert await client.set("k", "v", ex=10)


if True:  # ASYNC

    async def test_older_names_of_closing_are_deprecated(client: Redis) -> None:
        pubsub = client.pubsub()
        for close in (pubsub.close, pubsub.reset, client.close):
            await pubsub.subscribe("a")
            with pytest.warns(DeprecationWarning, match="Use aclose"):
                await close()
            await pubsub.aclose()

else:

    def test_other_names_of_closing(client: Redis) -> None:
        pubsub = client.pubsub()
        for close in (pubsub.close, pubsub.reset, client.close):
            pubsub.subscribe("a")
            close()
            pubsub.close()
