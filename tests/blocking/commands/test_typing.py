# Generated from tests/asyncio/commands/test_typing.py by scripts/generate_blocking.py; change that file instead.
"""What type checkers know of the results: ``mypy --strict`` on this file and its twin is the test.

Run as a test, it shows only that these calls can be made.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, assert_type

from multiplexer.blocking.commands import AdminCommands, DataCommands
from multiplexer.search import AggregateRequest, Cursor


def test_strings(db: DataCommands[bytes], db_str: DataCommands[str]) -> None:
    flag = bool(db.ping())
    numbers: dict[str, int] = {"a": 1}
    assert_type(db.mset(numbers), bool)
    assert_type(db.msetnx({b"a": "x", b"b": "y"}), bool)
    assert_type(db.get("k"), bytes | None)
    assert_type(db_str.get("k"), str | None)
    assert_type(db.set("k", "v"), bool | None)
    assert_type(db.set("k", "v", 5, nx=True), bool | None)
    assert_type(db.set("k", "v", get=True), bytes | None)
    assert_type(db_str.set("k", "v", get=True), str | None)
    assert_type(db.set("k", "v", get=flag), bool | bytes | None)
    assert_type(db.mget("a"), list[bytes | None])
    assert_type(db_str.mget(["a"], b"b"), list[str | None])
    assert_type(db.incr("a"), int)
    assert_type(db.incrbyfloat("a"), float)
    assert_type(db.lcs("a", "b"), bytes)
    assert_type(db.lcs("a", "b", len=True), int)
    assert_type(db.lcs("a", "b", idx=True), list[Any])
    assert_type(db.getrange("a", 0, 1), bytes)


def test_keys(db: DataCommands[bytes], db_str: DataCommands[str]) -> None:
    db.rpush("list", 2, 1)
    assert_type(db.delete("a"), int)
    assert_type(db_str.dump("a"), bytes | None)
    assert_type(db.expire("a", datetime.timedelta(seconds=1)), bool)
    assert_type(db.type("a"), bytes)
    assert_type(db_str.keys(), list[str])
    assert_type(db.randomkey(), bytes | None)
    assert_type(db.scan(), tuple[int, list[bytes]])
    assert_type([key for key in db_str.scan_iter()], list[str])
    assert_type(db.sort("list"), list[bytes])
    assert_type(db_str.sort("list", get="#"), list[str | None])
    assert_type(db.sort("list", get=["#", "w*"], groups=True), list[tuple[bytes | None, ...]])
    assert_type(db.sort("list", store="sorted"), int)
    assert_type(db_str.sort_ro("list"), list[str])
    assert_type(db.sort_ro("list", get="#"), list[bytes | None])


def test_lists_and_sets(db: DataCommands[bytes], db_str: DataCommands[str]) -> None:
    assert_type(db.lpop("l"), bytes | None)
    assert_type(db.lpop("l", 3), list[bytes] | None)
    assert_type(db_str.rpop("l", 3), list[str] | None)
    assert_type(db.lpos("l", 1), int | None)
    assert_type(db.lpos("l", 1, count=0), list[int])
    assert_type(db_str.lrange("l", 0, -1), list[str])
    assert_type(db.spop("s"), bytes | None)
    assert_type(db.spop("s", 1), list[bytes])
    assert_type(db_str.srandmember("s"), str | None)
    assert_type(db_str.srandmember("s", 1), list[str])
    assert_type(db.smembers("s"), set[bytes])
    assert_type(db_str.sdiff(["a", "b"]), set[str])
    assert_type(db.sismember("s", 1), bool)
    if TYPE_CHECKING:  # no server at hand has it
        assert_type(db.sismember("s", 1, xx=True), bool | None)
    assert_type(db.smismember("s", ["b", 1]), list[bool])
    assert_type(db.sscan("s"), tuple[int, list[bytes]])
    assert_type([member for member in db_str.sscan_iter("s")], list[str])


def test_bits(db: DataCommands[bytes]) -> None:
    assert_type(db.bitfield("k").get("u8", 0).execute(), list[int | None])
    assert_type(db.bitfield_ro("k", "u8", 0), list[int])
    assert_type(db.setbit("k", 1, 1), int)
    assert_type(db.pfadd("h", "x"), int)


def test_servers(db: AdminCommands[bytes], db_str: AdminCommands[str]) -> None:
    assert_type(db.client_info(), dict[str, str | int])
    assert_type(db.client_list(client_id=[1, 2]), list[dict[str, str]])
    assert_type(db.client_getname(), str | None)
    assert_type(db.echo("x"), bytes)
    assert_type(db_str.pubsub_numsub("a"), list[tuple[str, int]])
    assert_type(db.pubsub_channels(), list[bytes])
    assert_type(db.config_get("timeout"), dict[str, str])
    assert_type(db.lastsave(), datetime.datetime)
    assert_type(db.time(), tuple[int, int])
    assert_type(db.memory_usage("k"), int | None)
    assert_type(db_str.module_list(), list[dict[str, Any]])
    assert_type(db.acl_getuser("default"), dict[str, Any] | None)
    assert_type(db.acl_users(), list[str])


def test_waiting(db: DataCommands[bytes], db_str: DataCommands[str]) -> None:
    db.rpush("l", *"abcdef")
    db.zadd("z", {"a": 1, "b": 2, "c": 3})
    assert_type(db.blpop("l"), tuple[bytes, bytes] | None)
    assert_type(db_str.brpop(["l"], None), tuple[str, str] | None)
    assert_type(db.brpoplpush("l", "m"), bytes | None)
    assert_type(db_str.blmove("l", "m", 0.5), str | None)
    assert_type(db.blmpop(1, 1, "l", direction="LEFT"), list[Any] | None)
    assert_type(db.bzpopmin("z"), tuple[bytes, bytes, float] | None)
    assert_type(db_str.bzpopmax("z", 1.5), tuple[str, str, float] | None)
    assert_type(db.bzmpop(1, 1, ["z"], min=True), tuple[bytes, list[tuple[bytes, float]]] | None)
    assert_type(db.wait(0, 1), int)


def test_scripts(db: DataCommands[bytes], db_str: DataCommands[str]) -> None:
    assert_type(db.eval("return 1", 0), Any)
    assert_type(db.script_load("return 1"), str)
    assert_type(db.script_exists("abc"), list[bool])
    library = "#!lua name=l\nredis.register_function('f', function() return 1 end)"
    assert_type(db.function_load(library, replace=True), bytes)
    assert_type(db_str.function_load(library, replace=True), str)
    assert_type(db.function_dump(), bytes)
    assert_type(db.function_list(), list[dict[str, Any]])
    assert_type(db.function_flush(), bool)


def modules(db: DataCommands[bytes], db_str: DataCommands[str]) -> None:
    """Not run: no server at hand has these commands."""
    assert_type(db.bf().add("k", 1), int)
    assert_type(db.bf().scandump("k", 0), tuple[int, bytes | None])
    assert_type(db_str.bf().loadchunk("k", 0, b""), str)
    assert_type(db.cf().insert("k", ["a"]), list[int])
    assert_type(db.cms().info("k").width, int)
    assert_type(db.topk().add("k", "a"), list[bytes | None])
    assert_type(db_str.topk().list("k"), list[str | int])
    assert_type(db.tdigest().quantile("k", 0.5), list[float])
    assert_type(db.json().set("k", "$", {"a": [1, None]}), bool | None)
    assert_type(db.json().arrlen("k"), int | list[int | None] | None)
    assert_type(db.json().pipeline().set("k", "$", 1).get("k").execute(), list[Any])
    assert_type(db_str.ts().pipeline().add("k", "*", 1).get("k").execute(), list[Any])
    assert_type(db_str.json().type("k"), str | list[str] | None)
    assert_type(db.ts().get("k"), tuple[int, float] | None)
    assert_type(db_str.ts().querylabels(), set[str])
    assert_type(db.ft().search("q").total, int)
    assert_type(db.ft().aggregate(AggregateRequest()).cursor, Cursor | None)
    assert_type(db.ft().dropindex(), bytes)
    assert_type(db_str.ft().tagvals("t"), list[str])
