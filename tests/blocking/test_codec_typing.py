# Generated from tests/asyncio/test_codec_typing.py by scripts/generate_blocking.py; change that file instead.
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
from multiplexer.blocking import (
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


def codecs(db: Database[bytes]) -> None:
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


def views(mux: ConnectionMultiplexer, group: ConnectionGroup, db: Database[bytes], text: Database[str]) -> None:
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
    assert_type(users.across_slots().mget("key"), list[User | None])
    assert_type(users.across_slots().mset({"key": User("x")}), bool)
    assert_type(users.across_slots().publish("channel", User("x")), int)
    assert_type(users.get_or_load("key", loader=lambda: User("x"), ttl=1), User)
    assert_type(users.execute("INCR", "key", returns=int), int)
    assert_type(users.register_script("return 1", returns=int)(client=users), int)
    assert_type(users.register_script("return 1", returns=int)(client=users.batch()), Queued[int])
    assert_type(users.lock_query("lock"), str | None)
    assert_type(users.json().arrlen("key"), int | list[int | None] | None)


def strings(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(db.get("k"), User | None)
    assert_type(db.set("k", user), bool | None)
    assert_type(db.set("k", user, get=True, ifeq=user, ifne=user), User | None)
    assert_type(db.getset("k", user), User | None)
    assert_type(db.getdel("k"), User | None)
    assert_type(db.getex("k", ex=5), User | None)
    assert_type(db.mget("k", "l"), list[User | None])
    assert_type(db.mset({"k": user}), bool)
    assert_type(db.msetnx({b"k": user}), bool)
    assert_type(db.msetex({"k": user}, ex=5), int)
    assert_type(db.setex("k", 5, user), bool)
    assert_type(db.psetex("k", 5, user), bool)
    assert_type(db.setnx("k", user), bool)
    assert_type(db.delex("k", ifeq=user), int)
    assert_type(db.delifeq("k", user), bool)
    assert_type(db.digest("k"), str | None)
    assert_type(db.incr("n"), int)
    assert_type(db.keys(), list[str])
    assert_type(db.type("k"), str)
    assert_type([key for key in db.scan_iter()], list[str])


def hashes(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(db.hset("h", "f", user, {"g": user}, ["h", user]), int)
    assert_type(db.hsetex("h", "f", user, mapping={"g": user}, items=["h", user], ex=5), int)
    assert_type(db.hsetnx("h", "f", user), int)
    assert_type(db.hmset("h", {"f": user}), bool)
    assert_type(db.hget("h", "f"), User | None)
    assert_type(db.hgetall("h"), dict[str, User])
    assert_type(db.hmget("h", "f"), list[User | None])
    assert_type(db.hgetex("h", "f"), list[User | None])
    assert_type(db.hgetdel("h", "f"), list[User | None])
    assert_type(db.hvals("h"), list[User])
    assert_type(db.hkeys("h"), list[str])
    assert_type(db.hrandfield("h"), str | None)
    assert_type(db.hrandfield("h", 2, withvalues=True), list[Any])
    assert_type(db.hscan("h"), tuple[int, dict[str, User]])
    assert_type(db.hscan("h", no_values=True), tuple[int, list[str]])
    assert_type([pair for pair in db.hscan_iter("h")], list[tuple[str, User]])
    assert_type([field for field in db.hscan_iter("h", no_values=True)], list[str])


def lists(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(db.lpush("l", user), int)
    assert_type(db.rpush("l", user, user), int)
    assert_type(db.lpushx("l", user), int)
    assert_type(db.rpushx("l", user), int)
    assert_type(db.linsert("l", "BEFORE", user, user), int)
    assert_type(db.lset("l", 0, user), bool)
    assert_type(db.lrem("l", 0, user), int)
    assert_type(db.lpos("l", user), int | None)
    assert_type(db.lpos("l", user, count=0), list[int])
    assert_type(db.lrange("l", 0, -1), list[User])
    assert_type(db.lindex("l", 0), User | None)
    assert_type(db.lpop("l"), User | None)
    assert_type(db.lpop("l", 2), list[User] | None)
    assert_type(db.rpop("l"), User | None)
    assert_type(db.lmove("l", "m"), User | None)
    assert_type(db.lmovem("l", "m"), list[User] | None)
    assert_type(db.rpoplpush("l", "m"), User | None)
    assert_type(db.lmpop(1, "l", direction="LEFT"), list[Any] | None)
    assert_type(db.blpop("l"), tuple[str, User] | None)
    assert_type(db.brpop("l"), tuple[str, User] | None)
    assert_type(db.blmove("l", "m", 1), User | None)
    assert_type(db.blmovem("l", "m", 1), list[User] | None)
    assert_type(db.brpoplpush("l", "m"), User | None)
    assert_type(db.blmpop(1, 1, "l", direction="LEFT"), list[Any] | None)
    assert_type(db.sort("l"), list[User])
    assert_type(db.sort("l", get="w*"), list[User | None])
    assert_type(db.sort("l", store="m"), int)
    assert_type(db.sort_ro("l"), list[User])


def sets(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(db.sadd("s", user), int)
    assert_type(db.srem("s", user), int)
    assert_type(db.sismember("s", user), bool)
    assert_type(db.smismember("s", [user], user), list[bool])
    assert_type(db.smove("s", "t", user), bool)
    assert_type(db.smembers("s"), list[User])
    assert_type(db.sdiff("s", "t"), list[User])
    assert_type(db.sinter("s", "t"), list[User])
    assert_type(db.sunion("s", "t"), list[User])
    assert_type(db.spop("s"), User | None)
    assert_type(db.spop("s", 2), list[User])
    assert_type(db.srandmember("s", 2), list[User])
    assert_type(db.sscan("s"), tuple[int, list[User]])
    assert_type([member for member in db.sscan_iter("s")], list[User])


def sorted_sets(db: CodedDatabase[User], text: CodedDatabase[str], user: User) -> None:
    """Never called."""
    assert_type(db.zadd("z", [(user, 1)]), int)
    assert_type(text.zadd("z", {"member": 1}, incr=True), float | None)
    assert_type(db.zincrby("z", 1, user), float)
    assert_type(db.zrem("z", user), int)
    assert_type(db.zscore("z", user), float | None)
    assert_type(db.zmscore("z", [user]), list[float | None])
    assert_type(db.zrank("z", user), int | None)
    assert_type(db.zrevrank("z", user), int | None)
    assert_type(db.zrange("z", 0, -1), list[User])
    assert_type(db.zrange("z", 0, -1, withscores=True), list[tuple[User, float]])
    assert_type(db.zrange("z", 0, -1, withscores=True, score_cast_func=str), list[tuple[User, str]])
    assert_type(db.zrevrange("z", 0, -1), list[User])
    assert_type(db.zrangebyscore("z", 0, 1), list[User])
    assert_type(db.zrevrangebyscore("z", 1, 0, withscores=True), list[tuple[User, float]])
    assert_type(db.zrangebylex("z", "-", "+"), list[User])
    assert_type(db.zrevrangebylex("z", "+", "-"), list[User])
    assert_type(db.zrandmember("z"), User | None)
    assert_type(db.zrandmember("z", 2, withscores=True), list[tuple[User, float]])
    assert_type(db.zunion(["z"]), list[User])
    assert_type(db.zinter(["z"], withscores=True), list[tuple[User, float]])
    assert_type(db.zdiff(["z"]), list[User])
    assert_type(db.zpopmin("z"), list[tuple[User, float]])
    assert_type(db.zpopmax("z"), list[tuple[User, float]])
    assert_type(db.zmpop(1, ["z"], min=True), tuple[str, list[tuple[User, float]]] | None)
    assert_type(db.bzpopmin("z"), tuple[str, User, float] | None)
    assert_type(db.bzpopmax("z"), tuple[str, User, float] | None)
    assert_type(db.bzmpop(1, 1, ["z"], min=True), tuple[str, list[tuple[User, float]]] | None)
    assert_type(db.zscan("z"), tuple[int, list[tuple[User, float]]])
    assert_type([pair for pair in db.zscan_iter("z")], list[tuple[User, float]])
    assert_type(db.geoadd("g", [1.0, 2.0, user]), int)
    assert_type(db.geodist("g", user, user), float | None)
    assert_type(db.geohash("g", user), list[str | None])
    assert_type(db.geopos("g", user), list[tuple[float, float] | None])
    assert_type(db.geosearch("g", member=user, radius=1), list[User])
    assert_type(db.geosearchstore("h", "g", member=user, radius=1), int)
    assert_type(db.georadius("g", 1, 2, 3), list[User])
    assert_type(db.georadiusbymember("g", user, 3), list[User])


def streams(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(db.xadd("x", {"f": user}), str)
    assert_type(db.xadd("x", {"f": user}, nomkstream=True), str | None)
    assert_type(db.xrange("x"), list[tuple[str, dict[str, User]]])
    assert_type(db.xrevrange("x"), list[tuple[str, dict[str, User]]])
    assert_type(db.xread({"x": 0}), list[tuple[str, list[tuple[str, dict[str, User]]]]])
    assert_type(db.xreadgroup("g", "c", {"x": ">"}), list[tuple[str, list[tuple[str, dict[str, User]]]]])
    assert_type(db.xclaim("x", "g", "c", 0, ["1-1"]), list[tuple[str, dict[str, User]]])
    assert_type(db.xclaim("x", "g", "c", 0, ["1-1"], justid=True), list[str])
    assert_type(db.xautoclaim("x", "g", "c", 0), list[Any])
    assert_type(db.xautoclaim("x", "g", "c", 0, justid=True), list[str])
    assert_type(db.publish("channel", user), int)
    assert_type(db.spublish("channel", user), int)


def arrays(db: CodedDatabase[User], user: User) -> None:
    """Never called."""
    assert_type(db.arset("a", 0, user), int)
    assert_type(db.arinsert("a", user), int)
    assert_type(db.arring("a", 5, user), int)
    assert_type(db.armset("a", {0: user}), int)
    assert_type(db.arop("a", 0, 5, "MATCH", user), str | int | None)
    assert_type(db.arget("a", 0), User | None)
    assert_type(db.argetrange("a", 0, 5), list[User | None])
    assert_type(db.armget("a", 0), list[User | None])
    assert_type(db.arlastitems("a", 5), list[User | None])


def collectors(users: CodedDatabase[User], user: User) -> None:
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
    assert_type(batch.execute(), list[Any])
    transaction = users.transaction().require(Condition.string_equal("k", user))
    assert_type(transaction, CodedTransaction[User])
    assert_type(transaction.mget("k").result(), list[User | None])
    assert_type(transaction.execute().committed, bool)
    assert_type(users.pipeline().set("k", user).get("k").incr("n").hgetall("h"), CodedPipeline[User])
    assert_type(users.pipeline().get("k").execute(), list[Any])
    with users.watch("k") as watching:
        assert_type(watching.get("k"), User | None)
        assert_type(watching.hgetall("h"), dict[str, User])
    users.transaction(lambda pipeline: pipeline.get("k"), "k")


def mistakes(users: CodedDatabase[User], text: Database[str]) -> None:
    """Never called: each ignored error must be one."""
    users.set("k", "text")  # type: ignore[call-overload]
    users.mset({"k": 5})  # type: ignore[dict-item]
    users.rpush("l", User("x"), "text")  # type: ignore[arg-type]
    users.sismember("s", b"x")  # type: ignore[call-overload]
    users.append("k", "x")  # type: ignore[attr-defined]
    users.getrange("k", 0, 1)  # type: ignore[attr-defined]
    value: str | None = users.get("k")  # type: ignore[assignment]
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
