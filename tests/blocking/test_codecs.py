# Generated from tests/asyncio/test_codecs.py by scripts/generate_blocking.py; change that file instead.
"""Handles with a codec: values of the application's own types, through every method that takes or gives some."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from multiplexer import CommandFlags, Condition, Queued
from multiplexer.blocking import (
    CodedBatch,
    CodedDatabase,
    CodedPipeline,
    CodedTransaction,
    ConnectionMultiplexer,
    Database,
    Outcome,
)
from multiplexer.codecs import (
    BytesCodec,
    Codec,
    DecodeError,
    EncodeError,
    JsonCodec,
    MsgspecCodec,
    PydanticCodec,
    TextCodec,
    UnsafePickleCodec,
    ZstdCodec,
)
from multiplexer.errors import AcrossSlotsError, ConfigurationError, DataError, RedisError
from tests.servers import RealServer

from ._world import spawn
from .commands.requirements import requires
from .connecting import connect
from .groups import connect as connect_group


@dataclass
class User:
    """Has no hash, as most that is kept."""

    name: str
    age: int = 0


class Model(BaseModel):
    """The same of pydantic's."""

    name: str
    age: int = 0


ANNA, BEN, CARL = User("Anna", 31), User("Bén", 9), User("Carl")
BAD = b"\xff no value"


@pytest.fixture
def users(db: Database[bytes]) -> CodedDatabase[User]:
    """A handle whose values are users."""
    return db.with_options(codec=JsonCodec(User))


def raw(user: User) -> bytes:
    """Return what is kept of a user."""
    return JsonCodec(User).encode(user)


# -- every kind of codec -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "value"),
    [
        (TextCodec(), "wért"),
        (BytesCodec(), b"\x00\xff"),
        (JsonCodec(), {"list": [1, 2.5, None, "ü"]}),
        (JsonCodec(User), ANNA),
        (PydanticCodec(Model), Model(name="Anna")),
        (PydanticCodec(User), ANNA),
        (MsgspecCodec(User), ANNA),
        (MsgspecCodec(User, format="json"), ANNA),
        (UnsafePickleCodec(), ANNA),
        (ZstdCodec(JsonCodec(list[User])), [ANNA, BEN] * 50),
        (ZstdCodec(MsgspecCodec(User)), ANNA),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_codec(db: Database[bytes], codec: Codec[Any], value: Any) -> None:
    handle = db.with_options(codec=codec)
    assert handle.codec is codec
    assert handle.set("key", value)
    assert handle.get("key") == value
    assert db.get("key") == codec.encode(value)
    handle.hset("hash", mapping={"field": value})
    assert handle.hgetall("hash") == {"field": value}
    handle.rpush("list", value, value)
    assert handle.blpop("list", 1) == ("list", value)
    assert handle.lrange("list", 0, -1) == [value]


def test_none_may_be_a_value(db: Database[bytes]) -> None:
    handle = db.with_options(codec=JsonCodec())
    handle.set("key", None)
    assert db.get("key") == b"null"
    assert handle.get("key") is None
    assert handle.exists("key") == 1


# -- every method ------------------------------------------------------------------------------------------


def test_strings(db: Database[bytes], users: CodedDatabase[User]) -> None:
    assert users.set("a", ANNA) is True
    assert users.set("a", BEN, nx=True) is None
    assert users.set("a", BEN, get=True) == ANNA
    assert users.get("a") == BEN
    assert users.get("none") is None
    assert users.getset("a", ANNA) == BEN
    assert users.getex("a", ex=100) == ANNA
    assert users.ttl("a") > 0
    assert users.mset({"b": BEN, b"c": CARL}) is True
    assert users.mget("a", "none", "c") == [ANNA, None, CARL]
    assert users.mget(["b"], "c") == [BEN, CARL]
    assert users.msetnx({"b": ANNA, "d": ANNA}) is False
    assert users.setnx("d", ANNA) is True
    assert users.setex("e", 100, BEN) is True
    assert users.psetex("f", 100_000, CARL) is True
    assert db.mget("d", "e", "f") == [raw(ANNA), raw(BEN), raw(CARL)]
    assert users.getdel("d") == ANNA
    assert users.exists("d") == 0
    assert users.strlen("e") == len(raw(BEN))
    assert users.incr("number") == 1
    assert users.type("a") == "string"
    assert sorted(users.keys("[ab]")) == ["a", "b"]
    assert users.set("GET", BEN, ex=100) is True  # a key is no option
    assert users.get("GET") == BEN


def test_hashes(db: Database[bytes], users: CodedDatabase[User]) -> None:
    assert users.hset("h", "a", ANNA) == 1
    assert users.hset("h", mapping={"b": BEN}, items=["c", CARL]) == 2
    assert users.hget("h", "a") == ANNA
    assert users.hget("h", "none") is None
    assert users.hgetall("h") == {"a": ANNA, "b": BEN, "c": CARL}
    assert users.hgetall("none") == {}
    assert users.hmget("h", ["a", "none"], "c") == [ANNA, None, CARL]
    assert sorted(users.hkeys("h")) == ["a", "b", "c"]
    assert dict(zip(users.hkeys("h"), users.hvals("h"), strict=True)) == users.hgetall("h")
    assert users.hsetnx("h", "a", BEN) == 0
    assert users.hmset("other", {"a": ANNA}) is True
    assert users.hrandfield("other") == "a"
    assert users.hrandfield("other", 1) == ["a"]
    assert users.hrandfield("other", 1, withvalues=True) == ["a", ANNA]
    assert users.hscan("h") == (0, {"a": ANNA, "b": BEN, "c": CARL})
    assert {pair[0]: pair[1] for pair in users.hscan_iter("h", match="[ab]")} == {"a": ANNA, "b": BEN}
    assert users.hexists("h", "a") is True
    assert users.hstrlen("h", "a") == len(raw(ANNA))
    assert users.hdel("h", "a", "b") == 2
    assert users.hincrby("h", "n", 2) == 2
    assert db.hget("h", "c") == raw(CARL)


@requires(valkey=(9, 0), redis=(8, 0))
def test_hashes_of_newer_servers(users: CodedDatabase[User]) -> None:
    assert users.hsetex("h", mapping={"a": ANNA, "b": BEN}, ex=100) == 1
    assert users.hgetex("h", "a", "none", ex=50) == [ANNA, None]
    assert users.hscan("h", no_values=True) == (0, ["a", "b"])
    assert sorted([field for field in users.hscan_iter("h", no_values=True)]) == ["a", "b"]


def test_lists(db: Database[bytes], users: CodedDatabase[User]) -> None:
    assert users.rpush("l", ANNA, BEN) == 2
    assert users.lpush("l", CARL) == 3
    assert users.lpushx("none", CARL) == users.rpushx("none", CARL) == 0
    assert users.lrange("l", 0, -1) == [CARL, ANNA, BEN]
    assert users.lindex("l", 1) == ANNA
    assert users.lindex("l", 9) is None
    assert users.linsert("l", "BEFORE", BEN, CARL) == 4
    assert users.lpos("l", CARL) == 0
    assert users.lpos("l", CARL, count=0) == [0, 2]
    assert users.lrem("l", 1, CARL) == 1
    assert users.lset("l", 0, BEN) is True
    assert db.lrange("l", 0, -1) == [raw(BEN), raw(CARL), raw(BEN)]
    assert users.lpop("l") == BEN
    assert users.lpop("l", 1) == [CARL]
    assert users.lpop("none") is None
    assert users.lpop("none", 2) is None
    users.rpush("l", ANNA, CARL)
    assert users.rpop("l") == CARL
    assert users.rpop("l", 1) == [ANNA]
    assert users.lmove("l", "m", "LEFT", "RIGHT") == BEN
    assert users.rpoplpush("m", "l") == BEN
    assert users.lmpop(2, "none", "l", direction="LEFT") == ["l", [BEN]]
    assert users.lmpop(1, "none", direction="LEFT") is None


def test_what_blocks(users: CodedDatabase[User]) -> None:
    users.rpush("l", ANNA, BEN, CARL, ANNA, BEN)
    assert users.blpop(["none", "l"], 5) == ("l", ANNA)
    assert users.brpop("l", 5) == ("l", BEN)
    assert users.blmove("l", "m", 5) == BEN
    assert users.brpoplpush("l", "m", 5) == ANNA
    assert users.blmpop(5, 1, "l", direction="LEFT") == ["l", [CARL]]
    assert users.blpop("none", 0.01) is None
    users.zadd("z", [(ANNA, 1), (BEN, 2), (CARL, 3)])
    assert users.bzpopmin("z", 5) == ("z", ANNA, 1.0)
    assert users.bzpopmax("z", 5) == ("z", CARL, 3.0)
    assert users.bzmpop(5, 1, ["z"], min=True) == ("z", [(BEN, 2.0)])
    waiting = spawn(users.blpop, "late", 30)
    users.rpush("late", BEN)
    assert waiting.result() == ("late", BEN)


def test_sorting(users: CodedDatabase[User], db: Database[bytes]) -> None:
    numbers = db.with_options(codec=JsonCodec(int))
    numbers.rpush("l", 3, 1, 2)
    assert numbers.sort("l") == numbers.sort_ro("l") == [1, 2, 3]
    numbers.mset({"w1": 10, "w2": 20})
    assert numbers.sort("l", get=["#", "w*"], groups=True) == [(1, 10), (2, 20), (3, None)]
    assert numbers.sort("l", store="sorted") == 3
    users.rpush("users", BEN, ANNA)
    assert users.sort("users", alpha=True) == [ANNA, BEN]


def test_sets(db: Database[bytes], users: CodedDatabase[User]) -> None:
    assert users.sadd("s", ANNA, BEN) == 2
    assert users.sadd("t", BEN, CARL) == 2
    by_name: Callable[[User], str] = lambda user: user.name  # noqa: E731
    assert sorted(users.smembers("s"), key=by_name) == [ANNA, BEN]
    assert users.smembers("none") == []
    assert users.sdiff("s", "t") == [ANNA]
    assert users.sinter("s", "t") == [BEN]
    assert len(users.sunion("s", "t")) == 3
    assert users.sismember("s", ANNA) is True
    assert users.smismember("s", [ANNA, CARL]) == [True, False]
    assert users.smismember("s", [ANNA], BEN) == [True, True]
    assert users.smove("s", "t", ANNA) is True
    assert db.smembers("s") == {raw(BEN)}
    assert users.srandmember("s") == BEN
    assert users.srandmember("s", 2) == [BEN]
    assert users.sscan("s") == (0, [BEN])
    assert [user for user in users.sscan_iter("s")] == [BEN]
    assert users.srem("t", ANNA, CARL) == 2
    assert users.spop("s", 5) == [BEN]
    assert users.spop("t") == BEN
    assert users.spop("t") is None


def test_sorted_sets(db: Database[bytes], users: CodedDatabase[User]) -> None:
    assert users.zadd("z", [(ANNA, 1), (BEN, 2)]) == 2
    assert users.zadd("z", [(CARL, 3)], nx=True, ch=True) == 1
    assert users.zadd("z", [(ANNA, 1)], incr=True) == 2.0
    assert users.zincrby("z", -1, ANNA) == 1.0
    assert users.zrange("z", 0, -1) == [ANNA, BEN, CARL]
    assert users.zrange("z", 0, 0, withscores=True) == [(ANNA, 1.0)]
    assert users.zrange("z", 2, 3, byscore=True) == [BEN, CARL]
    assert users.zrevrange("z", 0, 0) == [CARL]
    assert users.zrangebyscore("z", 1, 2, withscores=True) == [(ANNA, 1.0), (BEN, 2.0)]
    assert users.zrevrangebyscore("z", 2, 1) == [BEN, ANNA]
    assert users.zscore("z", BEN) == 2.0
    assert users.zmscore("z", [ANNA, User("Dora")]) == [1.0, None]
    assert users.zrank("z", BEN) == users.zrevrank("z", BEN) == 1
    assert users.zrandmember("z", 9, withscores=True) != []
    assert users.zrandmember("z") in [ANNA, BEN, CARL]
    assert users.zscan("z") == (0, [(ANNA, 1.0), (BEN, 2.0), (CARL, 3.0)])
    assert [pair for pair in users.zscan_iter("z")] == [(ANNA, 1.0), (BEN, 2.0), (CARL, 3.0)]
    users.zadd("y", [(BEN, 5)])
    assert users.zunion(["z", "y"], withscores=True) == [(ANNA, 1.0), (CARL, 3.0), (BEN, 7.0)]
    assert users.zinter(["z", "y"]) == [BEN]
    assert users.zdiff(["z", "y"]) == [ANNA, CARL]
    users.zadd("lex", [(BEN, 0), (ANNA, 0)])
    assert users.zrangebylex("lex", "-", "+") == [ANNA, BEN]
    assert users.zrevrangebylex("lex", "+", "-") == [BEN, ANNA]
    assert users.zmpop(1, ["z"], min=True) == ("z", [(ANNA, 1.0)])
    assert users.zpopmin("z") == [(BEN, 2.0)]
    assert users.zpopmax("z") == [(CARL, 3.0)]
    assert users.zrem("y", BEN, ANNA) == 1
    names = db.with_options(codec=TextCodec())
    names.zadd("names", {"a": 1, "b": 2})  # what has a hash may stand in a mapping
    assert names.zrange("names", 0, -1) == ["a", "b"]


def test_places(users: CodedDatabase[User]) -> None:
    assert users.geoadd("g", [13.361, 38.115, ANNA, 15.087, 37.502, BEN], nx=True) == 2
    assert users.geodist("g", ANNA, BEN, "km") == pytest.approx(166.3, abs=1)
    assert [place is None for place in users.geohash("g", ANNA, CARL)] == [False, True]
    assert [place is None for place in users.geopos("g", ANNA, CARL)] == [False, True]
    assert users.geosearch("g", member=ANNA, radius=1, unit="km") == [ANNA]
    near = users.geosearch("g", longitude=15, latitude=37, radius=200, unit="km", sort="ASC", withdist=True)
    assert [place[0] for place in near] == [BEN, ANNA]
    assert users.geosearchstore("h", "g", member=BEN, radius=1, unit="km") == 1
    assert users.zrange("h", 0, -1) == [BEN]
    assert users.georadius("g", 15, 37, 100, unit="km") == [BEN]
    assert users.georadiusbymember("g", ANNA, 1, unit="km") == [ANNA]
    assert users.georadiusbymember("g", ANNA, 1, unit="km", store="i") == 1


def test_streams(db: Database[bytes], users: CodedDatabase[User]) -> None:
    assert users.xadd("x", {"user": ANNA}, "1-1") == "1-1"
    assert users.xadd("x", {"user": BEN, "friend": CARL}, "2-1", maxlen=10, approximate=False) == "2-1"
    assert users.xadd("x", {"user": BEN}, "3-1", minid="0-1", limit=5, nomkstream=True) == "3-1"
    assert db.xrange("x", "1-1", "1-1") == [(b"1-1", {b"user": raw(ANNA)})]
    both = [("1-1", {"user": ANNA}), ("2-1", {"user": BEN, "friend": CARL})]
    assert users.xrange("x", count=2) == both
    assert users.xrevrange("x", "2-1") == both[::-1]
    assert [list(each) for each in users.xread({"x": "0"}, count=2)] == [["x", both]]
    assert users.xread({"none": "0"}) == []
    users.xgroup_create("x", "group", "0")
    [(stream, entries)] = users.xreadgroup("group", "me", {"x": ">"}, count=2)
    assert (stream, entries) == ("x", both)
    assert users.xclaim("x", "group", "you", 0, ["1-1"]) == both[:1]
    assert users.xclaim("x", "group", "JUSTID", 0, ["1-1"], justid=True) == ["1-1"]
    assert users.xautoclaim("x", "group", "me", 0)[1] == both
    assert users.xautoclaim("x", "group", "me", 0, justid=True) == ["1-1", "2-1"]
    assert users.xpending("x", "group")["consumers"] == [{"name": "me", "pending": 2}]
    told = users.xinfo_stream("x")
    assert (told["first-entry"], told["length"]) == (both[0], 3)
    full = users.xinfo_stream("x", full=True)
    assert full["entries"]["2-1"] == both[1][1]
    assert full["groups"][0]["name"] == "group"
    assert users.xinfo_stream("x")["last-generated-id"] == "3-1"
    users.xdel("x", "1-1")
    assert users.xinfo_groups("x")[0]["name"] == "group"


def test_messages(mux: ConnectionMultiplexer, users: CodedDatabase[User]) -> None:
    subscription = mux.get_subscriber().subscribe("news")
    assert users.publish("news", ANNA) == 1
    message = subscription.get(timeout=5)
    assert (message.channel, message.data) == (b"news", raw(ANNA))
    assert users.across_slots().publish("news", BEN) == 1
    assert subscription.get(timeout=5).data == raw(BEN)
    assert users.spublish("shard", ANNA) == 0


# -- commands no server at hand has, or not all --------------------------------------------------------------


def collected(batch: CodedBatch[User], queued: Any) -> list[bytes]:
    """Return the words of the one command that a batch has collected."""
    [found], [payload] = batch.collected()
    assert found is queued
    assert isinstance(payload, bytes)
    return payload.split(b"\r\n")[2::2]


def test_newer_commands(users: CodedDatabase[User]) -> None:
    anna, ben = raw(ANNA), raw(BEN)

    def made(call: Callable[[CodedBatch[User]], Any], words: list[Any], reply: Any, result: Any) -> None:
        batch = users.batch()
        queued = call(batch)
        assert collected(batch, queued) == [word if isinstance(word, bytes) else word.encode() for word in words]
        assert queued.resolve(reply) == result

    made(lambda b: b.delex("k", ifeq=ANNA), ["DELEX", "k", "IFEQ", anna], 1, 1)
    made(lambda b: b.delex("k", ifne=ANNA), ["DELEX", "k", "IFNE", anna], 1, 1)
    made(lambda b: b.delifeq("k", ANNA), ["DELIFEQ", "k", anna], 1, True)
    made(
        lambda b: b.set("k", ANNA, ex=5, ifeq=BEN, get=True),
        ["SET", "k", anna, "EX", "5", "IFEQ", ben, "GET"],
        ben,
        BEN,
    )
    made(lambda b: b.set("k", ANNA, ifne=BEN), ["SET", "k", anna, "IFNE", ben], b"OK", True)
    made(
        lambda b: b.msetex({"a": ANNA, "b": BEN}, "NX", ex=5),
        ["MSETEX", "2", "a", anna, "b", ben, "NX", "EX", "5"],
        1,
        1,
    )
    made(
        lambda b: b.hsetex("h", "f", ANNA, data_persist_option="FNX", ex=5),
        ["HSETEX", "h", "FNX", "EX", "5", "FIELDS", "1", "f", anna],
        1,
        1,
    )
    made(lambda b: b.hgetdel("h", "f"), ["HGETDEL", "h", "FIELDS", "1", "f"], [anna], [ANNA])
    made(
        lambda b: b.xadd("x", {"f": ANNA}, idmp=("me", b"1"), maxlen=5),
        ["XADD", "x", "IDMP", "me", b"1", "MAXLEN", "~", "5", "*", "f", anna],
        b"1-1",
        "1-1",
    )
    made(lambda b: b.arset("a", 0, ANNA, BEN), ["ARSET", "a", "0", anna, ben], 2, 2)
    made(lambda b: b.arinsert("a", ANNA), ["ARINSERT", "a", anna], 0, 0)
    made(lambda b: b.arring("a", 9, ANNA), ["ARRING", "a", "9", anna], 0, 0)
    made(lambda b: b.armset("a", {3: ANNA}), ["ARMSET", "a", "3", anna], 1, 1)
    made(lambda b: b.arget("a", 0), ["ARGET", "a", "0"], anna, ANNA)
    made(lambda b: b.argetrange("a", 0, 1), ["ARGETRANGE", "a", "0", "1"], [anna, None], [ANNA, None])
    made(lambda b: b.armget("a", 0), ["ARMGET", "a", "0"], [anna], [ANNA])
    made(lambda b: b.arlastitems("a", 1), ["ARLASTITEMS", "a", "1"], [anna], [ANNA])
    made(lambda b: b.arscan("a", 0, 9), ["ARSCAN", "a", "0", "9"], [[0, anna]], [[0, ANNA]])
    made(
        lambda b: b.argrep("a", 0, 9, [("MATCH", "Anna")], withvalues=True),
        ["ARGREP", "a", "0", "9", "MATCH", "Anna", "WITHVALUES"],
        [[0, anna]],
        [[0, ANNA]],
    )
    made(lambda b: b.arop("a", 0, 9, "MATCH", ANNA), ["AROP", "a", "0", "9", "MATCH", anna], 1, 1)


# -- what cannot be encoded or decoded -----------------------------------------------------------------------


def test_a_value_that_cannot_be_decoded(db: Database[bytes], users: CodedDatabase[User]) -> None:
    db.set("secret-key", BAD)
    with pytest.raises(DecodeError) as raised:
        users.get("secret-key")
    assert raised.value.raw == BAD
    assert raised.value.command == "GET"
    assert raised.value.was_sent
    assert isinstance(raised.value.__cause__, ValueError)
    assert str(raised.value) == f"GET: JsonCodec cannot decode a value of {len(BAD)} bytes (UnicodeDecodeError)"
    assert isinstance(raised.value, RedisError)
    users.set("good", ANNA)
    assert users.get("good") == ANNA  # nobody else noticed
    with pytest.raises(DecodeError):
        users.mget("good", "secret-key")
    db.rpush("list", raw(ANNA), BAD)
    assert users.lindex("list", 0) == ANNA
    assert users.blpop("list", 5) == ("list", ANNA)
    with pytest.raises(DecodeError):
        users.blpop("list", 5)
    db.set("wrong", b'{"name": 5}')
    with pytest.raises(DecodeError, match="TypeError") as raised:
        users.get("wrong")
    assert str(raised.value.__cause__) == "User.name: expected str, got int"


def test_a_value_that_cannot_be_encoded(db: Database[bytes], users: CodedDatabase[User]) -> None:
    wrong: Any = 12345
    with pytest.raises(EncodeError, match=r"^SET: argument 2: JsonCodec cannot encode it \(TypeError\)$") as raised:
        users.set("key", wrong)
    assert isinstance(raised.value, DataError)
    assert not raised.value.was_sent
    assert raised.value.__cause__ is not None
    with pytest.raises(EncodeError, match="HSET: argument 5"):
        users.hset("h", mapping={"a": ANNA, "b": wrong})
    with pytest.raises(EncodeError, match="PUBLISH: message"):
        users.across_slots().publish("news", wrong)
    with pytest.raises(EncodeError, match="require: a condition's value"):
        users.transaction().require(Condition.string_equal("key", wrong))
    batch = users.batch()
    with pytest.raises(EncodeError):
        batch.set("key", wrong)
    assert len(batch) == 0
    assert db.exists("key", "h") == 0


class Odd:
    """A codec that keeps to nothing."""

    def encode(self, value: Any, /) -> Any:
        return value

    def decode(self, data: bytes, /) -> Any:
        raise RedisError("of the codec's own")


def test_a_codec_that_keeps_to_nothing(db: Database[bytes]) -> None:
    odd = db.with_options(codec=Odd())
    with pytest.raises(EncodeError, match="Odd made str of it where bytes belong"):
        odd.set("key", "text")
    odd.set("key", b"bytes")
    with pytest.raises(DecodeError) as raised:
        odd.get("key")
    assert str(raised.value.__cause__) == "of the codec's own"
    batch = odd.batch()
    batch.get("key")
    [result] = batch.execute(raise_on_error=False)
    assert isinstance(result, DecodeError)


def test_what_is_refused(db: Database[bytes], users: CodedDatabase[User], mux: ConnectionMultiplexer) -> None:
    anything: Any = users
    for call in (
        lambda: anything.append("key", "x"),
        lambda: anything.getrange("key", 0, 1),
        lambda: anything.setrange("key", 0, "x"),
        lambda: anything.substr("key", 0, 1),
        lambda: anything.lcs("key", "other"),
        lambda: anything.batch().append("key", "x"),
    ):
        with pytest.raises(DataError, match="a piece of a value"):
            call()
    nothing: Any = 5
    for make in (
        lambda: db.with_options(codec=nothing),
        lambda: db.with_options(codec=nothing or JsonCodec),
        lambda: users.with_options(codec=nothing),
        lambda: mux.get_database(codec=nothing),
    ):
        with pytest.raises(DataError, match="codec must be an object with the methods encode and decode"):
            make()
    with pytest.raises(DataError, match="decode has no meaning with a codec"):
        anything = db.with_options(codec=JsonCodec(), decode=True)  # type: ignore[call-overload]


# -- where the codec works -----------------------------------------------------------------------------------


class Watching(JsonCodec[Any]):
    """Notes which threads decode."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []

    def decode(self, data: bytes, /) -> Any:
        self.threads.append(threading.get_ident())
        return super().decode(data)


def test_the_codec_works_in_its_caller(db: Database[bytes]) -> None:
    codec = Watching()
    handle = db.with_options(codec=codec)
    handle.set("key", 1)
    handle.hset("hash", "field", 2)
    assert (handle.get("key"), handle.hget("hash", "field")) == (1, 2)
    batch = handle.batch()
    queued = batch.get("key")
    batch.execute()
    assert queued.result() == 1
    assert codec.threads == [threading.get_ident()] * 3


def test_it_survives_views(mux: ConnectionMultiplexer, db: Database[bytes], users: CodedDatabase[User]) -> None:
    for view in (
        users.with_options(timeout=3),
        users.with_options(key_prefix="p:"),
        users.with_options(key_prefix="p:").with_options(timeout=3),
        db.with_options(key_prefix="p:").with_options(codec=JsonCodec(User)),
        mux.get_database(codec=JsonCodec(User)),
        mux.get_database(3, codec=JsonCodec(User)),
    ):
        view.set("key", ANNA)
        view.rpush("list", BEN)
        assert view.get("key") == ANNA
        assert view.lmpop(2, "none", "list", direction="LEFT") == ["list", [BEN]]
    assert db.get("p:key") == raw(ANNA)
    text = users.with_options(codec=None)
    assert type(text) is Database
    assert text.get("key") == raw(ANNA).decode()
    numbers = users.with_options(codec=JsonCodec(int))
    numbers.set("n", 5)
    assert numbers.get("n") == 5
    forgetting = users.with_options(flags=CommandFlags.FIRE_AND_FORGET)
    assert forgetting.set("key", BEN) is None
    assert forgetting.get("key") is None
    assert users.get("key") == BEN
    assert (users.database, users.decodes, users.key_prefix) == (0, True, b"")
    assert repr(users) == "<CodedDatabase 0: JsonCodec>"


def test_names_scripts_and_words_are_none_of_its_business(
    db: Database[bytes], users: CodedDatabase[User]
) -> None:
    users.set("key", ANNA)
    text = raw(ANNA).decode()
    assert users.execute("GET", "key") == text
    assert users.execute("GET", "key", decode=False) == raw(ANNA)
    users.execute("SET", "plain", "x")
    assert db.get("plain") == b"x"
    assert users.eval("return redis.call('GET', KEYS[1])", 1, "key") == text
    assert users.register_script("return ARGV[1]")(args=["x"]) == "x"
    batch = users.batch()
    queued = batch.execute_command("GET", "key")
    called = users.register_script("return ARGV[1]", returns=str)(args=["y"], client=batch)
    batch.execute()
    assert (queued.result(), called.result()) == (text, "y")
    assert isinstance(users.info("server"), dict)
    assert users.randomkey() in ("key", "plain")
    assert users.dump("key") == db.dump("key")
    assert users.pfadd("hll", "x") == 1


def test_locks(users: CodedDatabase[User], db: Database[bytes]) -> None:
    with users.lock("lock", 10) as lock:
        token = db.get("lock")
        assert token is not None
        assert users.lock_query("lock") == token.decode()
        assert lock.extend(10)
    assert users.lock_take("lock", "mine", 10)
    assert db.get("lock") == b"mine"
    assert users.lock_release("lock", "mine")


# -- batches, pipelines, transactions ------------------------------------------------------------------------


def test_batches(db: Database[bytes], users: CodedDatabase[User]) -> None:
    batch = users.batch()
    assert type(batch) is CodedBatch
    batch.set("key", ANNA)
    got, members = batch.get("key"), batch.zadd("z", [(BEN, 1)])
    assert isinstance(got, Queued)
    assert batch.execute() == [True, ANNA, 1]
    assert (got.result(), members.result()) == (ANNA, 1)
    db.set("bad", BAD)
    bad, good = batch.get("bad"), batch.get("key")
    with pytest.raises(DecodeError):
        batch.execute()
    assert good.result() == ANNA
    with pytest.raises(DecodeError) as raised:
        bad.result()
    assert raised.value.raw == BAD
    confined = users.with_options(key_prefix="p:").batch()
    db.rpush("p:list", raw(CARL))
    confined.lmpop(1, "list", direction="LEFT")
    assert confined.execute() == [["list", [CARL]]]


def test_pipelines(db: Database[bytes], users: CodedDatabase[User]) -> None:
    pipeline = users.pipeline()
    assert type(pipeline) is CodedPipeline
    db.set("bad", BAD)
    pipeline.set("key", ANNA).get("key").get("bad").hset("h", "f", BEN).hgetall("h").execute_command("GET", "key")
    results = pipeline.execute(raise_on_error=False)
    assert results[:2] == [True, ANNA]
    assert isinstance(results[2], DecodeError)
    assert results[3:] == [1, {"f": BEN}, raw(ANNA).decode()]


def test_watching(users: CodedDatabase[User]) -> None:
    users.set("key", ANNA)
    with users.watch("key") as pipeline:
        assert pipeline.get("key") == ANNA
        assert pipeline.execute_command("GET", "key") == raw(ANNA).decode()
        pipeline.multi()
        pipeline.set("key", BEN).get("key")
        assert pipeline.execute() == [True, BEN]
    with pytest.raises(DataError, match="no key was given"):
        users.watch()

    def older(pipeline: Any) -> None:
        user = pipeline.get("key")
        pipeline.multi()
        pipeline.set("key", User(user.name, user.age + 1))

    assert users.transaction(older, "key") == [True]
    assert users.get("key") == User("Bén", 10)


def test_transactions(db: Database[bytes], users: CodedDatabase[User]) -> None:
    users.set("key", ANNA)
    users.hset("h", "f", ANNA)
    users.rpush("l", ANNA)
    users.sadd("s", ANNA)
    users.zadd("z", [(ANNA, 2)])
    holds = [
        Condition.string_equal("key", ANNA),
        Condition.string_not_equal("key", BEN),
        Condition.string_equal("none", None),
        Condition.hash_equal("h", "f", ANNA),
        Condition.hash_not_equal("h", "f", BEN),
        Condition.list_index_equal("l", 0, ANNA),
        Condition.list_index_not_equal("l", 0, BEN),
        Condition.set_contains("s", ANNA),
        Condition.set_not_contains("s", BEN),
        Condition.sorted_set_contains("z", ANNA),
        Condition.sorted_set_not_contains("z", BEN),
        Condition.sorted_set_equal("z", ANNA, 2),
        Condition.sorted_set_not_equal("z", ANNA, 3),
        Condition.key_exists("key"),
    ]
    transaction = users.transaction()
    assert type(transaction) is CodedTransaction
    got = transaction.require(*holds).get("key")
    assert transaction.execute().results == [ANNA]
    assert got.result() == ANNA
    for condition in (
        Condition.string_equal("key", BEN),
        Condition.hash_equal("h", "f", BEN),
        Condition.list_index_equal("l", 0, BEN),
        Condition.set_contains("s", BEN),
        Condition.sorted_set_equal("z", BEN, 2),
    ):
        outcome = users.transaction().require(condition).execute()
        assert outcome.outcome is Outcome.CONDITION_FAILED
        assert repr(outcome.failed[0]) == repr(condition)
    plain = db.transaction().require(Condition.string_equal("key", ANNA))
    plain.get("key")
    with pytest.raises(DataError, match="a value is of type User, which cannot be sent without a codec"):
        plain.execute()
    with pytest.raises(DataError, match="expected a Condition"):
        users.transaction().require("nothing")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="keys to watch need a function"):
        users.transaction(None, "key")  # type: ignore[arg-type]


def test_across_slots(db: Database[bytes], users: CodedDatabase[User]) -> None:
    across = users.across_slots()
    assert across.mset({"a": ANNA, "b": BEN})
    assert across.mget("b", "none", "a") == [BEN, None, ANNA]
    assert sorted(across.keys()) == ["a", "b"]
    assert sorted([key for key in across.scan_iter()]) == ["a", "b"]
    assert across.delete("a") == 1
    db.set("bad", BAD)
    with pytest.raises(AcrossSlotsError):
        across.mget("b", "bad")


# -- kept replies, loaders, groups ---------------------------------------------------------------------------


def test_kept_replies(server: RealServer) -> None:
    with connect(server, protocol=3, heartbeat_interval=60.0) as mux:
        users = mux.get_database(codec=JsonCodec(User), cached=True)
        users.ping()
        users.set("key", ANNA)
        users.hset("h", "f", BEN)
        users.sadd("s", CARL)
        for _ in range(2):
            assert users.get("key") == ANNA
            assert users.mget("key") == [ANNA]
            assert users.hgetall("h") == {"f": BEN}
            assert users.smembers("s") == [CARL]
            assert users.sismember("s", CARL)
            assert users.hkeys("h") == ["f"]
        kept = users.get("key")
        assert kept is not None
        kept.name = "changed"  # each caller has a value of its own
        assert users.get("key") == ANNA
        assert mux.client_cache.statistics().hits >= 7
        misses = mux.client_cache.statistics().misses
        users.set("key", BEN)
        assert users.get("key") == BEN
        assert mux.client_cache.statistics().misses == misses + 1
        users.mset({"one": ANNA, "two": CARL})
        assert [users.get("one"), users.get("two")] == [ANNA, CARL]
        misses = mux.client_cache.statistics().misses
        assert users.mget("two", "one") == [CARL, ANNA]  # found by their keys
        assert mux.client_cache.statistics().misses == misses
        text = users.with_options(codec=None)
        assert text.get("key") == raw(BEN).decode()  # the same reply, kept as it came
        assert mux.client_cache.statistics().misses == misses
        mux.get_database().set("bad", BAD)
        for _ in range(2):
            with pytest.raises(DecodeError):
                users.get("bad")
        assert users.with_options(cached=False).get("key") == BEN


@pytest.mark.parametrize("cached", [False, True])
def test_values_that_are_made_where_they_are_missing(server: RealServer, cached: bool) -> None:
    with connect(server, protocol=3) as mux:
        users = mux.get_database(codec=JsonCodec(User), cached=cached)
        made: list[User | None] = [ANNA, None]

        def load() -> User | None:
            return made.pop(0)

        assert users.get_or_load("key", loader=load, ttl=60) == ANNA
        assert users.get_or_load("key", loader=load, ttl=60, beta=1.0) == ANNA
        assert users.get("key") == ANNA
        assert users.get_or_load("none", loader=load, ttl=60, negative_ttl=60) is None
        assert made == []
        assert users.get_or_load("none", loader=load, ttl=60, negative_ttl=60) is None
        with pytest.raises(EncodeError, match="get_or_load: loader: JsonCodec cannot encode it"):
            users.get_or_load("wrong", loader=lambda: 5, ttl=60)  # type: ignore[arg-type, return-value]
        with pytest.raises(DataError, match="loader must be a function"):
            users.get_or_load("key", loader=5, ttl=60)  # type: ignore[call-overload]
        mux.get_database().set("bad", BAD)
        with pytest.raises(DecodeError):
            users.get_or_load("bad", loader=load, ttl=60)


def test_groups_of_deployments(east: Any, west: Any) -> None:
    with connect_group(east, west) as group:
        users = group.get_database(codec=JsonCodec(User))
        users.set("key", ANNA)
        assert users.get("key") == ANNA
        assert users.with_options(timeout=5).batch().execute() == []


def test_a_codec_that_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in ("pydantic", "msgspec.msgpack", "zstandard"):
        monkeypatch.setitem(sys.modules, name, None)
    for make, extra in (
        (lambda: PydanticCodec(int), "pydantic"),
        (lambda: MsgspecCodec(int), "msgspec"),
        (lambda: ZstdCodec(TextCodec()), "zstd"),
    ):
        with pytest.raises(ConfigurationError, match=rf"pip install 'redis-multiplexer\[{extra}\]'"):
            make()
