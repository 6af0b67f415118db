# Generated from tests/asyncio/test_key_prefix.py by scripts/generate_blocking.py; change that file instead.
"""Handles confined to keys with a prefix: nothing goes out without it, and it never shows in a result."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from multiplexer import Condition
from multiplexer.blocking import Database
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.errors import DataError, RedisError
from tests.servers import RealServer

from ._world import until

PREFIX = b"p[1]?\\:"  # with what means something in a pattern; SORT cannot have a star

SEED = """
    SET s value
    SET s2 value
    SET n 5
    MSET w_a 2 w_b 1 o_a first o_b second
    RPUSH l a b
    RPUSH l2 a b
    SADD set a b
    SADD set2 b
    SADD one a
    ZADD z 1 a 2 b
    ZADD z2 2 b
    ZADD zone 1 a
    HSET h f 1
    XADD x 1-1 f v
    XADD x 2-1 f v
    XGROUP CREATE x group 0
    XGROUP CREATE x idle 0
    XREADGROUP GROUP group me COUNT 1 STREAMS x >
    GEOADD g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
    PFADD hll a b
    PFADD hll2 c
"""

#: A call of every command that has keys, or whose reply has some; ``{dump}`` is what DUMP says of ``s``.
CALLS = """
    APPEND s x
    BITCOUNT s
    BITFIELD s INCRBY u8 0 1
    BITFIELD_RO s GET u8 0
    BITOP OR out s s2
    BITPOS s 1
    BLMOVE l l2 LEFT RIGHT 1
    BLMPOP 1 2 none l LEFT
    BLPOP none l 1
    BRPOP none l 1
    BRPOPLPUSH l l2 1
    BZMPOP 1 2 none z MIN
    BZPOPMAX none z 1
    BZPOPMIN none z 1
    COPY s out
    DECR n
    DECRBY n 2
    DEL s l none
    DELIFEQ s value
    DUMP s
    EVAL return{KEYS[1],redis.call('GET',KEYS[2])} 2 none s
    EVALSHA ffffffffffffffffffffffffffffffffffffffff 1 s
    EVALSHA_RO ffffffffffffffffffffffffffffffffffffffff 1 s
    EVAL_RO return(redis.call('GET',KEYS[1])) 1 s
    EXISTS s l none
    EXPIRE s 100
    EXPIREAT s 4102444800
    EXPIRETIME s
    FCALL none 1 s
    FCALL_RO none 1 s
    GEOADD g 13 38 here
    GEODIST g Palermo Catania
    GEOHASH g Palermo
    GEOPOS g Palermo
    GEORADIUS g 15 37 200 km STORE out
    GEORADIUSBYMEMBER g Palermo 200 km STOREDIST out
    GEORADIUSBYMEMBER_RO g Palermo 200 km
    GEORADIUS_RO g 15 37 200 km
    GEOSEARCH g FROMMEMBER Palermo BYRADIUS 200 km ASC
    GEOSEARCHSTORE out g FROMMEMBER Palermo BYRADIUS 200 km
    GET s
    GETBIT s 1
    GETDEL s
    GETEX s EX 100
    GETRANGE s 0 2
    GETSET s other
    HDEL h f
    HEXISTS h f
    HEXPIRE h 100 FIELDS 1 f
    HEXPIREAT h 4102444800 FIELDS 1 f
    HEXPIRETIME h FIELDS 1 f
    HGET h f
    HGETALL h
    HGETDEL h FIELDS 1 f
    HGETEX h EX 100 FIELDS 1 f
    HINCRBY h f 2
    HINCRBYFLOAT h f 1.5
    HKEYS h
    HLEN h
    HMGET h f none
    HMSET h f 2
    HPERSIST h FIELDS 1 f
    HPEXPIRE h 100000 FIELDS 1 f
    HPEXPIREAT h 4102444800000 FIELDS 1 f
    HPEXPIRETIME h FIELDS 1 f
    HPTTL h FIELDS 1 f
    HRANDFIELD h
    HSCAN h 0
    HSET h f 2
    HSETEX h EX 100 FIELDS 1 f 2
    HSETNX h f2 2
    HSTRLEN h f
    HTTL h FIELDS 1 f
    HVALS h
    INCR n
    INCRBY n 2
    INCRBYFLOAT n 1.5
    KEYS *
    KEYS ?
    LCS s s2
    LINDEX l 0
    LINSERT l BEFORE b x
    LLEN l
    LMOVE l l2 LEFT RIGHT
    LMPOP 2 none l LEFT
    LPOP l
    LPOS l b
    LPUSH l x
    LPUSHX l x
    LRANGE l 0 -1
    LREM l 1 a
    LSET l 0 x
    LTRIM l 0 0
    MEMORY USAGE n
    MGET s none n
    MOVE s 1
    MSET s 1 out 2
    MSETEX 2 s 1 out 2 EX 100
    MSETNX out 1 out2 2
    OBJECT ENCODING s
    OBJECT FREQ s
    OBJECT IDLETIME s
    OBJECT REFCOUNT s
    PERSIST s
    PEXPIRE s 100000
    PEXPIREAT s 4102444800000
    PEXPIRETIME s
    PFADD hll x
    PFCOUNT hll hll2
    PFDEBUG ENCODING hll
    PFMERGE out hll hll2
    PSETEX s 100000 x
    PTTL n
    RENAME s out
    RENAMENX s out
    RESTORE out 0 {dump}
    RESTORE-ASKING out 0 {dump}
    RPOP l
    RPOPLPUSH l l2
    RPUSH l x
    RPUSHX l x
    SADD set x
    SCAN 0 COUNT 1000
    SCAN 0 MATCH s* COUNT 1000
    SCAN 0 COUNT 1000 MATCH ? TYPE string
    SCARD set
    SDIFF set set2
    SDIFFSTORE out set set2
    SET s x
    SETBIT s 1 0
    SETEX s 100 x
    SETNX s x
    SETRANGE s 1 x
    SINTER set set2
    SINTERCARD 2 set set2
    SINTERSTORE out set set2
    SISMEMBER set a
    SMEMBERS one
    SMISMEMBER set a x
    SMOVE set set2 a
    SORT l BY w_* GET o_* GET # STORE out
    SORT l BY w_* GET o_* GET #
    SORT l BY nosort GET n
    SORT_RO l BY w_* GET o_* DESC
    SPOP one
    SPUBLISH channel message
    PUBLISH channel message
    SRANDMEMBER one
    SREM set a
    SSCAN one 0
    STRLEN s
    SUBSTR s 0 1
    SUNION one
    SUNIONSTORE out set set2
    TOUCH s none
    TTL n
    TYPE s
    UNLINK s l
    XACK x group 1-1
    XADD x 3-1 f v
    XAUTOCLAIM x group you 0 0 JUSTID
    XCLAIM x group you 0 1-1 JUSTID
    XDEL x 1-1
    XGROUP CREATE x other 0
    XGROUP CREATECONSUMER x group you
    XGROUP DELCONSUMER x group me
    XGROUP DESTROY x group
    XGROUP SETID x group 0
    XINFO CONSUMERS x idle
    XINFO GROUPS x
    XINFO STREAM x
    XLEN x
    XPENDING x group
    XRANGE x - +
    XREAD STREAMS x none 0 0
    XREADGROUP GROUP group me STREAMS x >
    XREVRANGE x + -
    XSETID x 9-9
    XTRIM x MAXLEN 1
    ZADD z 3 c
    ZCARD z
    ZCOUNT z 1 2
    ZDIFF 2 z z2
    ZDIFFSTORE out 2 z z2
    ZINCRBY z 1 a
    ZINTER 2 z z2
    ZINTERCARD 2 z z2
    ZINTERSTORE out 2 z z2
    ZLEXCOUNT z - +
    ZMPOP 2 none z MIN
    ZMSCORE z a x
    ZPOPMAX z
    ZPOPMIN z
    ZRANDMEMBER zone
    ZRANGE z 0 -1
    ZRANGEBYLEX z - +
    ZRANGEBYSCORE z 0 9
    ZRANGESTORE out z 0 -1
    ZRANK z b
    ZREM z a
    ZREMRANGEBYLEX z - +
    ZREMRANGEBYRANK z 0 0
    ZREMRANGEBYSCORE z 0 1
    ZREVRANGE z 0 -1
    ZREVRANGEBYLEX z + -
    ZREVRANGEBYSCORE z 9 0
    ZREVRANK z b
    ZSCAN z 0
    ZSCORE z a
    ZUNION 2 z z2
    ZUNIONSTORE out 2 z z2
    PUBSUB CHANNELS
    PUBSUB CHANNELS *
    PUBSUB NUMSUB a b
    PUBSUB SHARDCHANNELS
    PUBSUB SHARDNUMSUB a
    CLUSTERSCAN 0
"""

#: Commands with keys that the walk leaves out.
LEFT_OUT = {
    "DEBUG OBJECT": "says where in memory the value is",
    "MIGRATE": "needs a second server; its words are tested in tests/core",
    "SSUBSCRIBE": "refused on a handle for data",
    "WATCH": "refused on a handle for data",
}


def calls() -> list[list[str]]:
    return [line.split() for line in CALLS.splitlines() if line.strip()]


def names_called() -> set[str]:
    return {line[0] for line in calls()} | {" ".join(line[:2]) for line in calls()}


def known_to(server: RealServer) -> set[str]:
    return {name.decode().upper().replace("|", " ") for name in server.command("COMMAND", "LIST")}


def outcome(db: Database[bytes], words: list[Any]) -> Any:
    try:
        return db.execute(*words)
    except RedisError as error:
        return f"{type(error).__name__}: {error}"


def seed(db: Database[bytes]) -> None:
    batch = db.batch()
    for line in SEED.splitlines():
        if line.strip():
            batch.execute_command(*line.split())
    batch.execute()


def in_order(reply: Any) -> Any:
    """A reply in which the order of keys, which depends on their hashes, does not matter."""
    if isinstance(reply, list):
        return sorted(map(in_order, reply), key=repr)
    return reply


def test_every_command_gives_what_it_gives_without_a_prefix(db: Database[bytes], server: RealServer) -> None:
    view = db.with_options(key_prefix=PREFIX)
    known = known_to(server)
    for words in calls():
        if not {words[0], " ".join(words[:2])} & known:
            continue
        outcomes = []
        for handle in (db, view):
            server.command("FLUSHALL")
            seed(handle)
            dump = handle.dump("s")
            outcomes.append(outcome(handle, [dump if word == "{dump}" else word for word in words]))
        stray = [key for key in db.keys("*") if not key.startswith(PREFIX)]
        assert not stray, f"{words}: {stray}"
        expected, got = outcomes
        if words[:2] in (["KEYS", "*"], ["KEYS", "?"]) or words[0] == "SCAN":
            expected, got = in_order(expected), in_order(got)
        if words[0] in ("EVAL",):  # what a script makes of its keys is its own affair
            expected = [PREFIX + expected[0], *expected[1:]]
        if words[:2] == ["MEMORY", "USAGE"]:
            assert got >= expected
            continue
        assert got == expected, words


def test_no_command_with_keys_is_missed(server: RealServer) -> None:
    called = names_called() | set(LEFT_OUT)
    missed = [name for name in known_to(server) if COMMANDS[name].key_specs or COMMANDS[name].slot_specs]
    missed = [name for name in missed if name not in called and COMMANDS[name].refused is None]
    assert not missed


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["RANDOMKEY"], "sees every key"),
        (["DBSIZE"], r"scan_iter\(\)"),
        (["FLUSHDB"], r"scan_iter\(\)"),
        (["FLUSHALL"], "sees every key"),
        (["SWAPDB", 0, 1], "sees every key"),
        (["CLUSTER", "GETKEYSINSLOT", 1, 1], "sees every key"),
        (["CLUSTER", "COUNTKEYSINSLOT", 1], "sees every key"),
        (["FT.SEARCH", "index", "*"], "search indexes span"),
        (["TS.MGET", "FILTER", "a=b"], "filters choose among all"),
        (["FROB", "key"], "is not known"),
        (["OBJECT", "FROB", "key"], "is not known"),
    ],
)
def test_what_cannot_be_confined_is_refused_by_name(db: Database[bytes], words: list[Any], hint: str) -> None:
    view = db.with_options(key_prefix="p:")
    name = " ".join(words[:2]) if words[0] == "CLUSTER" else words[0]
    with pytest.raises(DataError, match=f"{name} cannot be confined to a key prefix: .*{hint}") as caught:
        view.execute(*words)
    assert caught.value.command == name
    assert caught.value.was_sent is False
    with pytest.raises(DataError, match="cannot be confined"):
        view.batch().execute_command(*words)


def test_prefixes_nest(db: Database[bytes]) -> None:
    app = db.with_options(key_prefix="app:")
    user = app.with_options(key_prefix=b"user:")
    user.set("name", "x")
    app.set("a", 1)
    assert sorted(db.keys()) == [b"app:a", b"app:user:name"]
    assert sorted(app.keys()) == [b"a", b"user:name"]
    assert user.keys() == [b"name"]
    assert user.with_options(decode=True).keys("n*") == ["name"]


def test_scanning_sees_its_own_keys_only(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix=PREFIX)
    db.mset({f"other:{index}": index for index in range(50)})
    view.mset({f"key:{index}": index for index in range(50)})
    own = {b"key:%d" % index for index in range(50)}
    assert {key for key in view.scan_iter()} == own
    assert {key for key in view.scan_iter(match="key:1?")} == {b"key:%d" % index for index in range(10, 20)}
    assert {key for key in view.scan_iter(match="*9", count=7, _type="string")} == {
        b"key:9", b"key:19", b"key:29", b"key:39", b"key:49",
    }  # fmt: skip
    assert {key for key in view.with_options(decode=True).scan_iter()} == {key.decode() for key in own}


def test_methods_convert_what_has_no_prefix_any_more(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix=PREFIX)
    seed(view)
    entry = (b"1-1", {b"f": b"v"})
    assert view.xread({"x": 0}, count=1) == [[b"x", [entry]]]
    assert view.with_options(decode=True).xread({"x": 0}, count=1) == [["x", [("1-1", {"f": "v"})]]]
    assert view.xread({"none": 0}) == []
    assert view.lmpop(2, "none", "l", direction="LEFT") == [b"l", [b"a"]]
    assert view.lmpop(1, "none", direction="LEFT") is None
    assert view.zmpop(1, ["z"], min=True) == (b"z", [(b"a", 1.0)])
    assert view.sort("l2", by="w_*", get="o_*") == [b"second", b"first"]


def test_batches_pipelines_and_transactions(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix=PREFIX)
    for collector in (view.batch(), view.pipeline(transaction=False), view.pipeline()):
        db.flushdb()
        seed(view)
        collector.keys("l*")
        collector.lmpop(2, "none", "l", direction="LEFT")
        collector.xread({"x": 0}, count=1)
        collector.set("new", 1)
        keys, popped, streams, _ = collector.execute()
        assert sorted(keys) == [b"l", b"l2"]
        assert popped == [b"l", [b"a"]]
        assert streams == [[b"x", [(b"1-1", {b"f": b"v"})]]]
        assert db.get(PREFIX + b"new") == b"1"


def test_channels_have_the_prefix_too(db: Database[bytes], server: RealServer) -> None:
    view = db.with_options(key_prefix="p:")
    with socket.create_connection((server.host, server.port), timeout=10) as listener:
        listener.sendall(b"SUBSCRIBE p:news other\r\nSSUBSCRIBE p:news\r\n")
        until(lambda: db.pubsub_shardchannels())
        assert view.publish("news", "hello") == 1
        assert view.publish("other", "hello") == 0
        assert view.spublish("news", "hello") == 1
        assert view.pubsub_channels() == [b"news"]
        assert view.pubsub_channels("o*") == []
        assert view.pubsub_numsub("news", "other") == [(b"news", 1), (b"other", 0)]
        assert view.pubsub_shardchannels("n*") == [b"news"]
        assert view.pubsub_shardnumsub("news") == [(b"news", 1)]


def test_a_star_in_the_prefix_and_one_in_a_pattern_of_sort(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix="p*")
    with pytest.raises(DataError, match=r"SORT cannot be confined to a key prefix: .*star"):
        view.sort("l", by="w_*")
    view.rpush("l", 2, 1)
    assert view.sort("l") == [b"1", b"2"]


def test_conditions_and_watches(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix=PREFIX)
    view.set("a", 1)
    transaction = view.transaction().require(Condition.string_equal("a", 1), Condition.key_not_exists("b"))
    transaction.rename("a", "b")
    keys = transaction.keys()
    assert transaction.execute().results == [True, [b"b"]]
    assert keys.result() == [b"b"]
    with view.watch("b") as watched:
        assert watched.keys() == [b"b"]
        watched.multi()
        watched.incr("b")
        assert watched.execute() == [2]
    assert db.keys() == [PREFIX + b"b"]


def test_what_waits_on_a_connection_of_its_own(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix=PREFIX)
    view.rpush("l", "x")
    view.xadd("x", {"f": "v"}, id="1-1")
    assert view.blpop(["none", "l"], timeout=1) == (b"l", b"x")
    assert view.xread({"x": 0}, block=100) == [[b"x", [(b"1-1", {b"f": b"v"})]]]


def test_scripts_and_locks(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix=PREFIX)
    script = view.register_script("return redis.call('SET', KEYS[1], ARGV[1])")
    assert script(keys=["s"], args=["x"]) == b"OK"
    assert db.get(PREFIX + b"s") == b"x"
    with view.lock("lock", timeout=5):
        assert db.exists(PREFIX + b"lock") == 1
    assert db.keys() == [PREFIX + b"s"]
