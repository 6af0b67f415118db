"""The façade's results are redis-py's, call by call, where redis-py is installed to be asked."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from multiplexer import compat
from multiplexer.compat import exceptions
from tests.conftest import Target
from tests.servers import RealServer
from tests.servers.packages import require_redis_py


class Options(dict[str, Any]):
    """Arguments by name, where they stand at the end of a call."""


def shown(score: Any) -> str:
    """Tell what a conversion of scores is called with."""
    if isinstance(score, float):
        return f"{score} as a number"
    return (score if isinstance(score, str) else score.decode()) + " as text"


DUMPED = b"\x00\x01v\n\x00\x91\x08\xce\xb2\x198\x8a\xce"
LIBRARY = "#!lua name=mine\nredis.register_function('f', function(keys, arguments) return 1 end)"

#: What is done one after the other: methods by name, or words for ``execute_command`` where the name is in capitals.
CALLS: list[tuple[Any, ...]] = [
    ("set", "k", "v"),
    ("set", "k", "w", Options(nx=True)),
    ("set", "k", "w", Options(get=True)),
    ("get", "k"),
    ("get", "none"),
    ("SET", "k", "1"),
    ("SET", "k", "2", "NX"),
    ("ZADD", "scores", "INCR", 1, "a"),
    ("ZADD", "scores", "XX", "INCR", 1, "none"),
    ("SET", "empty", ""),
    ("SET", "empty", "x", "GET"),
    ("SET", "empty", "y", "GET"),
    ("getset", "k", 5),
    ("incrbyfloat", "k", 1.5),
    ("INCRBYFLOAT", "k", "0.25"),
    ("append", "k", "x"),
    ("setex", "e", 10, "v"),
    ("setnx", "e", 1),
    ("mget", "k", "none"),
    ("mget", []),
    ("mset", {"m1": 1, "m2": "x"}),
    ("msetnx", {"m1": 1}),
    ("lcs", "m1", "m2"),
    ("LCS", "k", "k", "IDX"),
    ("expire", "k", 100),
    ("expire", "none", 100),
    ("ttl", "k"),
    ("persist", "k"),
    ("exists", "k", "none"),
    ("type", "k"),
    ("TYPE", "k"),
    ("rename", "k", "k2"),
    ("renamenx", "k2", "m1"),
    ("rename", "none", "x"),
    ("lpush", "m1", 1),
    ("hset", "h", "a", 1),
    ("hset", "h", Options(mapping={"b": 2, "c": 3})),
    ("hgetall", "h"),
    ("HGETALL", "h"),
    ("hmget", "h", ["a", "none"]),
    ("hexists", "h", "a"),
    ("HEXISTS", "h", "none"),
    ("hincrbyfloat", "h", "a", 0.5),
    ("hkeys", "h"),
    ("hscan", "h"),
    ("HSCAN", "h", 0),
    ("HSCAN", "h", 0, "NOVALUES"),
    ("hdel", "h", "b", "none"),
    ("rpush", "l", "a", "b", "c"),
    ("lrange", "l", 0, -1),
    ("lpop", "l", 2),
    ("lpop", "none", 2),
    ("blpop", "l", 1),
    ("rpush", "l", "z"),
    ("BRPOP", "l", 1),
    ("blpop", "l", 0.01),
    ("linsert", "l", "before", "a", "b"),
    ("lset", "none", 0, 1),
    ("sadd", "s", "a", "b"),
    ("smembers", "s"),
    ("SMEMBERS", "s"),
    ("sismember", "s", "a"),
    ("SISMEMBER", "s", "none"),
    ("smismember", "s", ["a", "none"]),
    ("sunion", "s", "none"),
    ("SINTER", "s", "s"),
    ("smove", "s", "t", "a"),
    ("sscan", "s"),
    ("zadd", "z", {"a": 1, "b": 2.5}),
    ("zadd", "z", {"a": 1}, Options(incr=True)),
    ("zscore", "z", "a"),
    ("ZSCORE", "z", "none"),
    ("zrange", "z", 0, -1),
    ("zrange", "z", 0, -1, Options(withscores=True)),
    ("ZRANGE", "z", 0, -1),
    ("ZRANGE", "z", 0, -1, "WITHSCORES", Options(withscores=True)),
    ("zrangebyscore", "z", 0, 10, Options(withscores=True)),
    ("zrank", "z", "b"),
    ("zmscore", "z", ["a", "none"]),
    ("zincrby", "z", 2, "a"),
    ("ZINCRBY", "z", 2, "a"),
    ("zscan", "z"),
    ("ZSCAN", "z", 0),
    ("zpopmin", "z"),
    ("ZPOPMAX", "z"),
    ("zadd", "z", {"a": 1}),
    ("bzpopmin", "z", 1),
    ("zinter", ["z", "z"]),
    ("geoadd", "g", [13.361389, 38.115556, "p"]),
    ("geopos", "g", "p", "none"),
    ("GEOPOS", "g", "p"),
    ("geodist", "g", "p", "p"),
    ("geohash", "g", "p"),
    ("GEOHASH", "g", "p"),
    ("xadd", "x", {"f": "v"}, Options(id="1-1")),
    ("xrange", "x"),
    ("XRANGE", "x", "-", "+"),
    ("xread", {"x": "0"}),
    ("XREAD", "STREAMS", "x", "0"),
    ("xgroup_create", "x", "group", "0"),
    ("xgroup_create", "x", "group", "0"),
    ("xreadgroup", "group", "me", {"x": ">"}),
    ("xpending", "x", "group"),
    ("xpending_range", "x", "group", "-", "+", 10, Options(consumername="nobody")),
    ("xack", "x", "group", "1-1"),
    ("xinfo_groups", "x"),
    ("XINFO GROUPS", "x"),
    ("xlen", "x"),
    ("pfadd", "p", "a", "b"),
    ("pfcount", "p"),
    ("setbit", "bits", 3, 1),
    ("bitcount", "bits"),
    ("dbsize",),
    ("ping",),
    ("PING",),
    ("echo", "x"),
    ("config_get", "maxmemory*"),
    ("CONFIG GET", "maxmemory-policy"),
    ("CONFIG", "GET", "maxmemory-policy"),
    ("object", "encoding", "e"),
    ("eval", "return {1, 'a', {3}}", 0),
    ("EVAL", "return redis.error_reply('MY error')", 0),
    ("evalsha", "0" * 40, 0),
    ("script_load", "return 1"),
    ("SCRIPT LOAD", "return 1"),
    ("script_exists", "e0e1f9fabfc9d4800c877a703b823ac0578ff8db", "0" * 40),
    ("pubsub_numsub", "c"),
    ("PUBSUB NUMSUB", "c"),
    ("acl_whoami",),
    ("client_getname",),
    ("sort", "l"),
    ("scan", Options(match="x*", count=1000)),
    ("NO-SUCH-COMMAND", "a"),
    # Numbers as their digits, and words as bytes.
    ("set", "n", "v", Options(ex="100")),
    ("setex", "n", "100", "v"),
    ("psetex", "n", b"100000", "v"),
    ("getex", "n", Options(ex="100")),
    ("expire", "n", "100"),
    ("expire", "n", b"100"),
    ("pexpire", "n", "100000"),
    ("expireat", "n", "4000000000"),
    ("pexpireat", "n", "4000000000000"),
    ("incrby", "n2", "5"),
    ("getrange", "n", "0", "1"),
    ("setrange", "n", "1", "x"),
    ("setbit", "bits", "5", "1"),
    ("lpush", "l2", 1, 2, 3, 4, 5, 6),
    ("lrange", "l2", "0", "1"),
    ("lmove", "l2", "l3", b"LEFT", b"RIGHT"),
    ("lmove", "l2", "l3", "left", "right"),
    ("blmove", "l2", "l3", "1", b"LEFT", b"RIGHT"),
    ("lmpop", "1", "l2", Options(direction=b"LEFT", count="1")),
    ("blmpop", "0.1", "1", "l2", Options(direction="LEFT", count="1")),
    ("blpop", "l2", "1"),
    ("brpop", "l3", b"1"),
    ("brpoplpush", "l3", "l2", "1"),
    ("linsert", "l3", b"BEFORE", "5", "4"),
    ("lpos", "l3", "5", Options(rank="1", count="0")),
    ("ltrim", "l3", "0", "10"),
    ("spop", "s", "1"),
    ("sintercard", "1", ["s"], Options(limit="5")),
    ("zadd", "z2", {"a": "1", "b": "2", "c": "3"}),
    ("zrange", "z2", "0", "-1"),
    ("zrangebyscore", "z2", "1", "2", Options(start="0", num="1")),
    ("zpopmin", "z2", "1"),
    ("bzpopmax", "z2", "1"),
    ("zintercard", "1", ["z2"], Options(limit="1")),
    ("eval", "return {KEYS[1], ARGV[1]}", "1", "k", "a"),
    ("evalsha", "0" * 40, b"1", "k"),
    ("hexpire", "h", "100", "a"),
    ("hscan", "h", "0", Options(count="10")),
    ("scan", "0", Options(count="1000", match="none*")),
    ("sort", "l3", Options(start="0", num="1")),
    ("slowlog_get", "0"),
    ("wait", "0", "1"),
    ("copy", "n", "n9", "0", Options(replace=True)),
    ("bitop", b"AND", "bits2", "bits"),
    ("bitcount", "bits", "0", "1"),
    ("object", b"ENCODING", "n"),
    ("client_kill_filter", Options(_id="999999")),
    # Forms of results that the handles of the multiplexer do not have.
    ("zadd", "z3", {"a": 1, "b": 2.5, "c": 3e20}),
    ("zadd", "z4", {"a": 1}),
    ("zdiff", ["z3", "z4"], Options(withscores=True)),
    ("zdiff", ["z3", "z4"]),
    ("zdiff", ["none"], Options(withscores=True)),
    ("zrandmember", "z4", 2, Options(withscores=True)),
    ("zrandmember", "z4", -2, Options(withscores=True)),
    ("zrandmember", "z4"),
    ("zrandmember", "none", 2, Options(withscores=True)),
    ("zinter", ["z3", "z4"], Options(withscores=True)),
    ("zunion", ["z3", "z4"], Options(withscores=True, score_cast_func=shown)),
    ("zrange", "z3", 0, -1, Options(withscores=True, score_cast_func=shown)),
    ("zrange", "z3", 0, -1, Options(withscores=True, score_cast_func=int)),
    ("zrevrange", "z3", 0, -1, Options(withscores=True, score_cast_func=shown)),
    ("zrangebyscore", "z3", 0, 9, Options(withscores=True, score_cast_func=shown)),
    ("zrevrangebyscore", "z3", 9, 0, Options(withscores=True, score_cast_func=shown)),
    ("zscan", "z3", Options(score_cast_func=shown)),
    ("client_unpause",),
    ("client_trackinginfo",),
    ("restore", "z5", 0, DUMPED, Options(replace=True)),
    ("command_getkeys", "GET", "a"),
    ("command_getkeysandflags", "GET", "a"),
    ("function_load", LIBRARY, Options(replace=True)),
    ("function_list",),
    ("function_list", Options(withcode=True)),
    ("function_delete", "mine"),
    ("migrate", "127.0.0.1", 1, "none", 0, 10),
    ("replicaof", "NO", "ONE"),
    ("zmpop", "1", ["z3"], Options(max=True, count="1")),
    ("zmpop", 1, ["none"], Options(min=True)),
    ("bzmpop", 0.1, 1, ["z3"], Options(min=True)),
    ("ZMPOP", 1, "z3", "MIN"),
    ("delete", "k", "e"),
    # What has a form of its own in each family of results.
    ("zadd", "z6", {"a": 1, "b": 2.5, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7}),
    ("zpopmax", "z6"),
    ("zpopmax", "z6", 1),
    ("zpopmin", "none"),
    ("zpopmin", "none", 2),
    ("ZPOPMIN", "z6", 1),
    ("bzpopmax", "z6", 1),
    ("BZPOPMIN", "z6", 1),
    ("bzpopmin", "none", 0.01),
    ("zmpop", 1, ["z6"], Options(min=True)),
    ("zrank", "z6", "c", Options(withscore=True)),
    ("zrevrank", "z6", "none", Options(withscore=True)),
    ("zrevrange", "z6", 0, -1, Options(withscores=True)),
    ("zscan", "z6"),
    ("rpush", "l9", "a", "b"),
    ("brpop", "l9", 1),
    ("hset", "h9", Options(mapping={"a": 1, "b": 2})),
    ("hrandfield", "h9", 5, Options(withvalues=True)),
    ("hrandfield", "h9", 5),
    ("hrandfield", "none", 5, Options(withvalues=True)),
    ("xread", {"x": "0", "none": "0"}, Options(count=1)),
    ("xread", {"none": "0"}),
    ("xreadgroup", "group", "me", {"x": "0"}),
    ("XREADGROUP", "GROUP", "group", "me", "STREAMS", "x", ">"),
    ("xinfo_consumers", "x", "none"),
    ("xclaim", "x", "group", "me", 0, ["1-1"]),
    ("xautoclaim", "x", "group", "me", 0),
    ("xinfo_stream", "x"),
    ("geosearch", "g", Options(member="p", radius=1, withdist=True, withhash=True, withcoord=True)),
    ("mset", {"lcs1": "ohmytext", "lcs2": "mynewtext"}),
    ("lcs", "lcs1", "lcs2", Options(idx=True, withmatchlen=True)),
    ("lcs", "lcs1", "lcs2", Options(len=True)),
    ("acl_cat",),
    ("acl_list",),
    ("acl_users",),
    ("acl_help",),
    ("acl_setuser", "chosen", Options(enabled=True, keys=["a*"], selectors=[("+get", "%R~b*")])),
    ("acl_getuser", "chosen"),
    ("ACL GETUSER", "chosen"),
    ("acl_getuser", "nobody"),
    ("acl_deluser", "chosen"),
    ("acl_log",),
    ("acl_log_reset",),
    ("ACL LIST",),
    ("CLIENT TRACKINGINFO",),
    ("COMMAND GETKEYS", "GET", "a"),
    ("command",),
    ("COMMAND",),
    ("function_load", LIBRARY, Options(replace=True)),
    ("FUNCTION LIST",),
    ("function_delete", "mine"),
    ("role",),
    ("module_list",),
    ("flushdb",),
    ("SELECT", 1),
]


def outcome(client: Any, errors: Any, call: tuple[Any, ...]) -> Any:
    """Return a call's result, or which ``except`` clauses would catch its error."""
    name, *args = call
    options = args.pop() if args and isinstance(args[-1], Options) else {}
    try:
        return (
            client.execute_command(name, *args, **options)
            if name[0].isupper()
            else getattr(client, name)(*args, **options)
        )
    except errors.RedisError as error:
        return caught(error, errors)


def caught(error: Exception, errors: Any) -> set[str]:
    """Return which ``except`` clauses catch an error."""
    return {
        kind for kind in ("ResponseError", "DataError", "NoScriptError") if isinstance(error, getattr(errors, kind))
    }


def _kind(result: Any) -> type[Any]:
    return int if isinstance(result, bool) else type(result)


async def outcomes(client: Any) -> list[Any]:
    """Return the same of each call on an asyncio client."""
    found = []
    async with client:
        for call in CALLS:
            name, *args = call
            options = args.pop() if args and isinstance(args[-1], Options) else {}
            try:
                method = client.execute_command if name[0].isupper() else getattr(client, name)
                found.append(await method(*((name,) if name[0].isupper() else ()), *args, **options))
            except exceptions.RedisError as error:
                found.append(caught(error, exceptions))
    return found


#: By family of results, what clients are told beside the protocol.
FAMILIES: dict[str, dict[str, Any]] = {"legacy": {}, "resp3": {}, "unified": {"legacy_responses": False}}


def is_left_out(call: tuple[Any, ...], family: str, protocol: int, multiplexed: bool) -> bool:
    """Whether results cannot be the same, or need not."""
    name = call[0]
    if multiplexed and name in ("SELECT", "client_getname"):
        return True  # the shared connection has a name, and one database
    if name == "CONFIG" and protocol == 3:
        return True  # a name taken apart: the reply is the result
    if family == "resp3" and name == "zscan" and isinstance(call[-1], Options):
        return True  # redis-py hands on text here, where it hands on numbers elsewhere
    if family == "legacy" and protocol == 3 and name.upper() == "COMMAND":
        return True  # what is deep within is as the server tells it
    # redis-py's are different under the two protocols, where they should not be.
    return family == "unified" and protocol == 2 and name == "ZADD"


def comparable(call: tuple[Any, ...], result: Any) -> Any:
    """Leave out of a result what need not be the same."""
    if call[0].upper() == "COMMAND":
        return {name: {**told, "subcommands": None} for name, told in result.items()}  # their order is chance
    if isinstance(result, dict) and "selectors" in result:
        return {**result, "databases": None}  # text here and not in redis-py, see docs/migrating.md
    return result


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("world", ["asyncio", "blocking"])
@pytest.mark.parametrize("multiplexed", [False, True])
@pytest.mark.parametrize("decode_responses", [False, True])
def test_results(
    server: RealServer, target: Target, decode_responses: bool, multiplexed: bool, world: str, family: str
) -> None:
    require_redis_py()
    import redis

    if family == "resp3" and target.protocol == 2:
        pytest.skip("the forms of RESP3")
    settings: dict[str, Any] = {"port": server.port, "decode_responses": decode_responses, **FAMILIES[family]}
    # Whatever the protocol is, results have the form that they have always had, unless somebody names RESP3.
    with redis.Redis(**settings, protocol=2 if family == "legacy" else target.protocol) as theirs:
        expected = [outcome(theirs, redis.exceptions, call) for call in CALLS]
        theirs.flushall()
        theirs.script_flush()
    named = target.unnamed_protocol if family == "legacy" else target.protocol
    settings.update(protocol=named, multiplexed=multiplexed)
    if world == "asyncio":
        found = asyncio.run(outcomes(compat.asyncio.Redis(**settings)))
    else:
        with compat.Redis(**settings) as ours:
            found = [outcome(ours, exceptions, call) for call in CALLS]
    different = []
    for call, wanted, got in zip(CALLS, expected, found, strict=True):
        if is_left_out(call, family, target.protocol, multiplexed):
            continue
        if comparable(call, wanted) != comparable(call, got) or _kind(wanted) is not _kind(got):
            different.append(f"{call}: {wanted!r} became {got!r}")
    assert not different, "\n".join(different)
