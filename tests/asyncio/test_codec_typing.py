"""What type checkers know of handles with a codec: of every method that takes or gives values.

``mypy --strict`` over this file and its twin is the test: it checks every ``assert_type``, and every ``type: ignore``
must be needed. Run as a test, it shows only that no method is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, assert_type

from pydantic import BaseModel, TypeAdapter

from multiplexer import Condition, Queued
from multiplexer.asyncio import (
    CodedBatch,
    CodedDatabase,
    CodedPipeline,
    CodedTransaction,
    CodedWatchingPipeline,
    ConnectionGroup,
    ConnectionMultiplexer,
    Database,
)
from multiplexer.codecs import (
    BytesCodec,
    Codec,
    JsonCodec,
    MsgspecCodec,
    PydanticCodec,
    TextCodec,
    UnsafePickleCodec,
    ZstdCodec,
)
from tests.scripts.loading import load_script


@dataclass
class User:
    """What is kept."""

    name: str


class Model(BaseModel):
    """The same of pydantic's."""

    name: str


class Shape(TypedDict):
    """The same as a mapping."""

    name: str


async def codecs(db: Database[bytes]) -> None:
    """Never called: each codec says what a handle's values are."""
    assert_type(db.with_options(codec=TextCodec()), CodedDatabase[str])
    assert_type(db.with_options(codec=BytesCodec()), CodedDatabase[bytes])
    assert_type(db.with_options(codec=JsonCodec()), CodedDatabase[Any])
    assert_type(db.with_options(codec=JsonCodec(User)), CodedDatabase[User])
    assert_type(db.with_options(codec=JsonCodec(Shape)), CodedDatabase[Shape])
    assert_type(db.with_options(codec=JsonCodec(list[User])), CodedDatabase[list[User]])
    assert_type(db.with_options(codec=PydanticCodec(Model)), CodedDatabase[Model])
    adapter: TypeAdapter[dict[str, int]] = TypeAdapter(dict[str, int])
    assert_type(db.with_options(codec=PydanticCodec(adapter)), CodedDatabase[dict[str, int]])
    assert_type(db.with_options(codec=MsgspecCodec(User)), CodedDatabase[User])
    assert_type(db.with_options(codec=MsgspecCodec(format="json")), CodedDatabase[Any])
    assert_type(db.with_options(codec=UnsafePickleCodec()), CodedDatabase[Any])
    assert_type(db.with_options(codec=ZstdCodec(JsonCodec(User))), CodedDatabase[User])


async def views(mux: ConnectionMultiplexer, group: ConnectionGroup, db: Database[bytes], text: Database[str]) -> None:
    """Never called: the type of values survives."""
    users = mux.get_database(codec=JsonCodec(User))
    assert_type(users, CodedDatabase[User])
    assert_type(mux.get_database(3, codec=JsonCodec(User), cached=True), CodedDatabase[User])
    assert_type(group.get_database(codec=JsonCodec(User)), CodedDatabase[User])
    assert_type(text.with_options(codec=JsonCodec(User), timeout=1.0), CodedDatabase[User])
    assert_type(users.with_options(timeout=1.0), CodedDatabase[User])
    assert_type(users.with_options(cached=True, key_prefix="p:"), CodedDatabase[User])
    assert_type(users.with_options(codec=TextCodec()), CodedDatabase[str])
    assert_type(users.with_options(codec=None), Database[str])
    assert_type(users.codec, Codec[User])
    assert_type(users.batch(), CodedBatch[User])
    assert_type(users.pipeline(), CodedPipeline[User])
    assert_type(users.transaction(), CodedTransaction[User])
    assert_type(users.watch("key"), CodedWatchingPipeline[User])
    assert_type(await users.across_slots().mget("key"), list[User | None])
    assert_type(await users.across_slots().mset({"key": User("x")}), bool)
    assert_type(await users.across_slots().publish("channel", User("x")), int)
    assert_type(await users.get_or_load("key", loader=lambda: User("x"), ttl=1), User)
    assert_type(await users.execute("INCR", "key", returns=int), int)
    assert_type(await users.register_script("return 1", returns=int)(client=users), int)
    assert_type(users.register_script("return 1", returns=int)(client=users.batch()), Queued[int])
    assert_type(await users.lock_query("lock"), str | None)
    assert_type(await users.json().arrlen("key"), int | list[int | None] | None)


async def strings(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(await db.get("k"), User | None)
    assert_type(await db.set("k", user), bool | None)
    assert_type(await db.set("k", user, get=True, ifeq=user, ifne=user), User | None)
    assert_type(await db.getset("k", user), User | None)
    assert_type(await db.getdel("k"), User | None)
    assert_type(await db.getex("k", ex=5), User | None)
    assert_type(await db.mget("k", "l"), list[User | None])
    assert_type(await db.mset({"k": user}), bool)
    assert_type(await db.msetnx({b"k": user}), bool)
    assert_type(await db.msetex({"k": user}, ex=5), int)
    assert_type(await db.setex("k", 5, user), bool)
    assert_type(await db.psetex("k", 5, user), bool)
    assert_type(await db.setnx("k", user), bool)
    assert_type(await db.delex("k", ifeq=user), int)
    assert_type(await db.delifeq("k", user), bool)
    assert_type(await db.digest("k"), str | None)
    assert_type(await db.incr("n"), int)
    assert_type(await db.keys(), list[str])
    assert_type(await db.type("k"), str)
    assert_type([key async for key in db.scan_iter()], list[str])


async def hashes(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(await db.hset("h", "f", user, {"g": user}, ["h", user]), int)
    assert_type(await db.hsetex("h", "f", user, mapping={"g": user}, items=["h", user], ex=5), int)
    assert_type(await db.hsetnx("h", "f", user), int)
    assert_type(await db.hmset("h", {"f": user}), bool)
    assert_type(await db.hget("h", "f"), User | None)
    assert_type(await db.hgetall("h"), dict[str, User])
    assert_type(await db.hmget("h", "f"), list[User | None])
    assert_type(await db.hgetex("h", "f"), list[User | None])
    assert_type(await db.hgetdel("h", "f"), list[User | None])
    assert_type(await db.hvals("h"), list[User])
    assert_type(await db.hkeys("h"), list[str])
    assert_type(await db.hrandfield("h"), str | None)
    assert_type(await db.hrandfield("h", 2, withvalues=True), list[Any])
    assert_type(await db.hscan("h"), tuple[int, dict[str, User]])
    assert_type(await db.hscan("h", no_values=True), tuple[int, list[str]])
    assert_type([pair async for pair in db.hscan_iter("h")], list[tuple[str, User]])
    assert_type([field async for field in db.hscan_iter("h", no_values=True)], list[str])


async def lists(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(await db.lpush("l", user), int)
    assert_type(await db.rpush("l", user, user), int)
    assert_type(await db.lpushx("l", user), int)
    assert_type(await db.rpushx("l", user), int)
    assert_type(await db.linsert("l", "BEFORE", user, user), int)
    assert_type(await db.lset("l", 0, user), bool)
    assert_type(await db.lrem("l", 0, user), int)
    assert_type(await db.lpos("l", user), int | None)
    assert_type(await db.lpos("l", user, count=0), list[int])
    assert_type(await db.lrange("l", 0, -1), list[User])
    assert_type(await db.lindex("l", 0), User | None)
    assert_type(await db.lpop("l"), User | None)
    assert_type(await db.lpop("l", 2), list[User] | None)
    assert_type(await db.rpop("l"), User | None)
    assert_type(await db.lmove("l", "m"), User | None)
    assert_type(await db.lmovem("l", "m"), list[User] | None)
    assert_type(await db.rpoplpush("l", "m"), User | None)
    assert_type(await db.lmpop(1, "l", direction="LEFT"), list[Any] | None)
    assert_type(await db.blpop("l"), tuple[str, User] | None)
    assert_type(await db.brpop("l"), tuple[str, User] | None)
    assert_type(await db.blmove("l", "m", 1), User | None)
    assert_type(await db.blmovem("l", "m", 1), list[User] | None)
    assert_type(await db.brpoplpush("l", "m"), User | None)
    assert_type(await db.blmpop(1, 1, "l", direction="LEFT"), list[Any] | None)
    assert_type(await db.sort("l"), list[User])
    assert_type(await db.sort("l", get="w*"), list[User | None])
    assert_type(await db.sort("l", store="m"), int)
    assert_type(await db.sort_ro("l"), list[User])


async def sets(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(await db.sadd("s", user), int)
    assert_type(await db.srem("s", user), int)
    assert_type(await db.sismember("s", user), bool)
    assert_type(await db.smismember("s", [user], user), list[bool])
    assert_type(await db.smove("s", "t", user), bool)
    assert_type(await db.smembers("s"), list[User])
    assert_type(await db.sdiff("s", "t"), list[User])
    assert_type(await db.sinter("s", "t"), list[User])
    assert_type(await db.sunion("s", "t"), list[User])
    assert_type(await db.spop("s"), User | None)
    assert_type(await db.spop("s", 2), list[User])
    assert_type(await db.srandmember("s", 2), list[User])
    assert_type(await db.sscan("s"), tuple[int, list[User]])
    assert_type([member async for member in db.sscan_iter("s")], list[User])


async def sorted_sets(db: CodedDatabase[User], text: CodedDatabase[str], user: User) -> None:
    """Never called."""
    assert_type(await db.zadd("z", [(user, 1)]), int)
    assert_type(await text.zadd("z", {"member": 1}, incr=True), float | None)
    assert_type(await db.zincrby("z", 1, user), float)
    assert_type(await db.zrem("z", user), int)
    assert_type(await db.zscore("z", user), float | None)
    assert_type(await db.zmscore("z", [user]), list[float | None])
    assert_type(await db.zrank("z", user), int | None)
    assert_type(await db.zrevrank("z", user), int | None)
    assert_type(await db.zrange("z", 0, -1), list[User])
    assert_type(await db.zrange("z", 0, -1, withscores=True), list[tuple[User, float]])
    assert_type(await db.zrange("z", 0, -1, withscores=True, score_cast_func=str), list[tuple[User, str]])
    assert_type(await db.zrevrange("z", 0, -1), list[User])
    assert_type(await db.zrangebyscore("z", 0, 1), list[User])
    assert_type(await db.zrevrangebyscore("z", 1, 0, withscores=True), list[tuple[User, float]])
    assert_type(await db.zrangebylex("z", "-", "+"), list[User])
    assert_type(await db.zrevrangebylex("z", "+", "-"), list[User])
    assert_type(await db.zrandmember("z"), User | None)
    assert_type(await db.zrandmember("z", 2, withscores=True), list[tuple[User, float]])
    assert_type(await db.zunion(["z"]), list[User])
    assert_type(await db.zinter(["z"], withscores=True), list[tuple[User, float]])
    assert_type(await db.zdiff(["z"]), list[User])
    assert_type(await db.zpopmin("z"), list[tuple[User, float]])
    assert_type(await db.zpopmax("z"), list[tuple[User, float]])
    assert_type(await db.zmpop(1, ["z"], min=True), tuple[str, list[tuple[User, float]]] | None)
    assert_type(await db.bzpopmin("z"), tuple[str, User, float] | None)
    assert_type(await db.bzpopmax("z"), tuple[str, User, float] | None)
    assert_type(await db.bzmpop(1, 1, ["z"], min=True), tuple[str, list[tuple[User, float]]] | None)
    assert_type(await db.zscan("z"), tuple[int, list[tuple[User, float]]])
    assert_type([pair async for pair in db.zscan_iter("z")], list[tuple[User, float]])
    assert_type(await db.geoadd("g", [1.0, 2.0, user]), int)
    assert_type(await db.geodist("g", user, user), float | None)
    assert_type(await db.geohash("g", user), list[str | None])
    assert_type(await db.geopos("g", user), list[tuple[float, float] | None])
    assert_type(await db.geosearch("g", member=user, radius=1), list[User])
    assert_type(await db.geosearchstore("h", "g", member=user, radius=1), int)
    assert_type(await db.georadius("g", 1, 2, 3), list[User])
    assert_type(await db.georadiusbymember("g", user, 3), list[User])


async def streams(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(await db.xadd("x", {"f": user}), str)
    assert_type(await db.xadd("x", {"f": user}, nomkstream=True), str | None)
    assert_type(await db.xrange("x"), list[tuple[str, dict[str, User]]])
    assert_type(await db.xrevrange("x"), list[tuple[str, dict[str, User]]])
    assert_type(await db.xread({"x": 0}), list[tuple[str, list[tuple[str, dict[str, User]]]]])
    assert_type(await db.xreadgroup("g", "c", {"x": ">"}), list[tuple[str, list[tuple[str, dict[str, User]]]]])
    assert_type(await db.xclaim("x", "g", "c", 0, ["1-1"]), list[tuple[str, dict[str, User]]])
    assert_type(await db.xclaim("x", "g", "c", 0, ["1-1"], justid=True), list[str])
    assert_type(await db.xautoclaim("x", "g", "c", 0), list[Any])
    assert_type(await db.xautoclaim("x", "g", "c", 0, justid=True), list[str])
    assert_type(await db.publish("channel", user), int)
    assert_type(await db.spublish("channel", user), int)


async def arrays(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(await db.arset("a", 0, user), int)
    assert_type(await db.arinsert("a", user), int)
    assert_type(await db.arring("a", 5, user), int)
    assert_type(await db.armset("a", {0: user}), int)
    assert_type(await db.arop("a", 0, 5, "MATCH", user), str | int | None)
    assert_type(await db.arget("a", 0), User | None)
    assert_type(await db.argetrange("a", 0, 5), list[User | None])
    assert_type(await db.armget("a", 0), list[User | None])
    assert_type(await db.arlastitems("a", 5), list[User | None])


async def collectors(users: CodedDatabase[User], user: User) -> None:
    """Never called: what collects commands knows the values of their results."""
    batch = users.batch()
    assert_type(batch.get("k"), Queued[User | None])
    assert_type(batch.set("k", user).result(), bool | None)
    assert_type(batch.hgetall("h").result(), dict[str, User])
    assert_type(batch.smembers("s").result(), list[User])
    assert_type(batch.zrange("z", 0, -1, withscores=True).result(), list[tuple[User, float]])
    assert_type(batch.xrange("x").result(), list[tuple[str, dict[str, User]]])
    assert_type(batch.keys().result(), list[str])
    assert_type(batch.json().arrlen("key").result(), int | list[int | None] | None)
    assert_type(batch.execute_command("INCR", "key", returns=int).result(), int)
    assert_type(await batch.execute(), list[Any])
    transaction = users.transaction().require(Condition.string_equal("k", user))
    assert_type(transaction, CodedTransaction[User])
    assert_type(transaction.mget("k").result(), list[User | None])
    assert_type((await transaction.execute()).committed, bool)
    assert_type(users.pipeline().set("k", user).get("k").incr("n").hgetall("h"), CodedPipeline[User])
    assert_type(await users.pipeline().get("k").execute(), list[Any])
    async with users.watch("k") as watching:
        assert_type(await watching.get("k"), User | None)
        assert_type(await watching.hgetall("h"), dict[str, User])
    await users.transaction(lambda pipeline: pipeline.get("k"), "k")


async def mistakes(users: CodedDatabase[User], text: Database[str]) -> None:
    """Never called: each ignored error must be one."""
    await users.set("k", "text")  # type: ignore[call-overload]
    await users.mset({"k": 5})  # type: ignore[dict-item]
    await users.rpush("l", User("x"), "text")  # type: ignore[arg-type]
    await users.sismember("s", b"x")  # type: ignore[call-overload]
    await users.append("k", "x")  # type: ignore[attr-defined]
    await users.getrange("k", 0, 1)  # type: ignore[attr-defined]
    value: str | None = await users.get("k")  # type: ignore[assignment]
    other: CodedDatabase[str] = users  # type: ignore[assignment]
    users.with_options(decode=True)  # type: ignore[call-overload]
    users.batch().set("k", 5)  # type: ignore[call-overload]
    users.batch().scan_iter()  # type: ignore[attr-defined]
    users.pipeline().set("k", 5)  # type: ignore[call-overload]
    text.with_options(codec=5)  # type: ignore[call-overload]
    print(value, other)


def test_no_method_is_left_out() -> None:
    tables = load_script("generate_coded")
    shown = set(re.findall(r"\.(\w+)\(", Path(__file__).read_text("utf-8")))
    assert {*tables.TAKES, *tables.GIVES} - shown == set()
