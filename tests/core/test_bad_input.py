"""Every method refuses what can make no sense, before anything is sent.

The methods are called as their signatures say, with one argument at a time replaced: by nothing where several are
wanted, by NaN where a number is, by -1 where something is counted. What is let through has its reason below.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from multiplexer.blocking.commands import DataCommands
from multiplexer.blocking.handle import changed_options
from multiplexer.core.call_options import CallOptions
from multiplexer.errors import DataError

#: Arguments of methods that cannot be made out of the signature.
GIVEN: dict[str, dict[str, Any]] = {
    "acl_setuser": {"enabled": True},
    "ardelrange": {"ranges": ((1, 2),)},
    "argrep": {"predicates": [("EXACT", "x")]},
    "armset": {"mapping": {1: "x"}},
    "arop": {"operation": "SUM"},
    "bitfield_ro": {"encoding": "u8", "items": [("u8", 0)]},
    "bitop": {"operation": "OR"},
    "blmpop": {"numkeys": 1, "direction": "LEFT"},
    "bzmpop": {"numkeys": 1, "min": True},
    "client_kill_filter": {"addr": "a"},
    "cluster_addslotsrange": {"slots": (1, 2)},
    "cluster_delslotsrange": {"slots": (1, 2)},
    "cluster_migrateslots": {"slots": [(1, 2)]},
    "cluster_setslot": {"state": "NODE"},
    "cluster_slot_stats": {"slots": (1, 2)},
    "config_set": {"args": ()},
    "commandlog_get": {"kind": "slow"},
    "commandlog_len": {"kind": "slow"},
    "commandlog_reset": {"kind": "slow"},
    "geoadd": {"values": [1, 2, "m"]},
    "geodist": {"unit": "m"},
    "georadius": {"unit": "m"},
    "georadiusbymember": {"unit": "m"},
    "geosearch": {"member": "m", "radius": 1.0},
    "geosearchstore": {"member": "m", "radius": 1.0},
    "hotkeys_start": {"metrics": ["CPU"]},
    "hset": {"key": "f", "value": 1},
    "hsetex": {"key": "f", "value": 1},
    "linsert": {"where": "BEFORE"},
    "lmpop": {"num_keys": 1, "direction": "LEFT"},
    "object": {"infotype": "ENCODING"},
    "replicaof": {"args": ("host", 1)},
    "restore": {"value": b"x"},
    "xclaim": {"message_ids": ["1-1"]},
    "xcfgset": {"idmp_duration": 1},
    "xnack": {"mode": "FAIL"},
    "xtrim": {"maxlen": 1},
    "zmpop": {"num_keys": 1, "min": True},
}

#: Not commands, or commands that never return.
LEFT_OUT = {"bf", "cf", "cms", "ft", "json", "shutdown", "tdigest", "topk", "ts", "vset"}

#: Several of these may be none.
MAY_BE_EMPTY = {
    # options: none is given
    "acl_setuser categories", "acl_setuser channels", "acl_setuser commands", "acl_setuser hashed_passwords",
    "acl_setuser keys", "acl_setuser passwords", "acl_setuser selectors", "bitfield_ro items",
    "client_kill_filter filters", "client_list client_id", "client_list filters", "hotkeys_start slots", "hset items",
    "hset mapping", "hsetex items", "hsetex mapping", "module_loadex args", "module_loadex options", "sort get",
    "sort_ro get",
    # none means all, or nothing more
    "cluster args", "command_docs args", "command_info args", "config_get args", "config_set args", "info args",
    "latency_histogram args", "latency_reset events", "lolwut version_numbers", "module_load args",
    "pubsub_numsub args", "pubsub_shardnumsub args",
    # a key is created, or emptied
    "pfadd values", "pfmerge sources",
    # the second half of what must have one at least
    "hmget args", "hmget keys", "mget args", "mget keys", "sdiff args", "sdiff keys", "sdiffstore args",
    "sdiffstore keys", "sinter args", "sinter keys", "sinterstore args", "sinterstore keys", "smismember args",
    "smismember values", "sunion args", "sunion keys", "sunionstore args", "sunionstore keys",
}  # fmt: skip

#: These may be below zero.
MAY_BE_NEGATIVE = {
    # counted from the end, or a bound
    "arget index", "argetrange end", "argetrange start", "arscan end", "arscan start", "bitpos start", "getrange end",
    "getrange start", "lindex index", "lrange end", "lrange start", "lset index", "ltrim end", "ltrim start",
    "substr end", "substr start", "zremrangebyrank max", "zremrangebyrank min", "zrevrange end", "zrevrange start",
    # added
    "decr amount", "decrby amount", "hincrby amount", "hincrbyfloat amount", "incr amount", "incrby amount",
    "incrbyfloat amount", "increx byfloat", "increx byint", "increx lbound", "increx ubound", "zincrby amount",
    # from the end, or with repetitions
    "hrandfield count", "lpos rank", "lrem count", "srandmember number", "zrandmember count",
    # all, or not known
    "commandlog_get count", "slowlog_get num", "xgroup_create entries_read", "xgroup_setid entries_read",
    # places on earth
    "georadius latitude", "georadius longitude",
    # names that happen to be numbers, of which the server knows better which there are
    "client_kill_filter _id", "client_unblock client_id", "cluster_countkeysinslot slot_id", "cluster_flushslot slot",
    "cluster_get_keys_in_slot slot", "cluster_meet cluster_bus_port", "cluster_meet port", "cluster_setslot slot_id",
    "cluster_setslot_stable slot_id", "clusterscan slot", "migrate port", "sentinel_monitor port",
    "sentinel_monitor quorum", "setbit value",
}  # fmt: skip


class Recorder(DataCommands[bytes]):
    """Remembers what would be sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[Any, ...]] = []

    def _execute(self, command: Any, args: tuple[Any, ...], convert: Any = None, decode: bool | None = None) -> Any:
        self.sent.append(args)


def methods() -> Iterator[tuple[str, inspect.Signature]]:
    for name in dir(DataCommands):
        method = inspect.getattr_static(DataCommands, name)
        if not name.startswith("_") and inspect.isfunction(method) and name not in LEFT_OUT:
            yield name, inspect.signature(method)


def parameters(signature: inspect.Signature) -> list[inspect.Parameter]:
    return list(signature.parameters.values())[1:]


def kind_of(parameter: inspect.Parameter) -> str:
    return str(parameter.annotation).strip("'\"")


def is_several(kind: str) -> bool:
    return any(word in kind for word in ("Iterable", "Sequence", "Mapping", "list["))


def plausible(parameter: inspect.Parameter) -> Any:
    kind = kind_of(parameter)
    if kind.startswith(("ScoreBound", "StreamId", "ArrayBound", "BitOffset", "Expiry", "int")):
        return 1
    if kind.startswith("float"):
        return 1.0
    if kind.startswith("Mapping"):
        return {"f": 1}
    if kind.startswith(("Iterable", "Sequence", "list")):
        return ["k"]
    return False if kind.startswith("bool") else "-" if kind.startswith("LexBound") else "k"


def arguments(name: str, signature: inspect.Signature) -> dict[str, Any]:
    result = {}
    for parameter in parameters(signature):
        if parameter.name in GIVEN.get(name, {}):
            result[parameter.name] = GIVEN[name][parameter.name]
        elif parameter.kind is parameter.VAR_POSITIONAL:
            result[parameter.name] = (plausible(parameter),)
        elif parameter.default is parameter.empty:
            result[parameter.name] = plausible(parameter)
    if "numkeys" in result and name.endswith("card"):
        result["numkeys"] = 1
    return result


def call(name: str, signature: inspect.Signature, given: dict[str, Any]) -> Recorder:
    """Call a method with some of its arguments; an iterator is asked for its first element."""
    recorder = Recorder()
    bound = signature.bind_partial(recorder)
    bound.arguments.update(given)
    # What comes before positional arguments without names must be given as well.
    bound.apply_defaults()
    result = getattr(DataCommands, name)(*bound.args, **bound.kwargs)
    if inspect.isgenerator(result):
        with pytest.raises((StopIteration, TypeError)):  # there is no reply to look into
            next(result)
    return recorder


def refusal(name: str, signature: inspect.Signature, given: dict[str, Any]) -> DataError | None:
    try:
        call(name, signature, given)
    except DataError as error:
        return error
    return None


def mutations(signature: inspect.Signature) -> Iterator[tuple[str, str, Any]]:
    for parameter in parameters(signature):
        kind = kind_of(parameter)
        several = parameter.kind is parameter.VAR_POSITIONAL
        if several or is_several(kind):
            empty: Any = () if several else {} if kind.startswith("Mapping") else []
            yield "empty", parameter.name, empty
            continue
        if kind.startswith(("float", "ScoreBound")):
            yield "NaN", parameter.name, math.nan
        if kind.startswith(("int", "float")):
            yield "negative", parameter.name, -1


CALLS = [pytest.param(name, signature, id=name) for name, signature in methods()]


@pytest.mark.parametrize(("name", "signature"), CALLS)
def test_a_call_that_makes_sense_is_sent(name: str, signature: inspect.Signature) -> None:
    recorder = call(name, signature, arguments(name, signature))
    assert recorder.sent or name == "bitfield"


@pytest.mark.parametrize(("name", "signature"), CALLS)
def test_what_makes_no_sense_is_refused(name: str, signature: inspect.Signature) -> None:
    given = arguments(name, signature)
    allowed = {"empty": MAY_BE_EMPTY, "negative": MAY_BE_NEGATIVE, "NaN": set[str]()}
    for problem, argument, value in mutations(signature):
        if f"{name} {argument}" in allowed[problem]:
            continue
        error = refusal(name, signature, {**given, argument: value})
        assert error is not None, f"{name} takes {argument}={value!r}"
        assert error.was_sent is False
        assert error.command, f"{name}: {error} names no command"
        assert str(error).startswith(error.command), f"{name}: {error}"


def test_no_exception_is_stale() -> None:
    known = {f"{name} {parameter.name}" for name, signature in methods() for parameter in parameters(signature)}
    assert not (MAY_BE_EMPTY | MAY_BE_NEGATIVE) - known
    assert not set(GIVEN) - {name for name, _ in methods()}


@pytest.mark.parametrize(
    "contradiction",
    [
        lambda db: db.set("k", 1, nx=True, xx=True),
        lambda db: db.set("k", 1, ex=1, px=1),
        lambda db: db.set("k", 1, ex=1, keepttl=True),
        lambda db: db.set("k", 1, nx=True, ifeq="x"),
        lambda db: db.getex("k", ex=1, persist=True),
        lambda db: db.delex("k", ifeq="a", ifne="b"),
        lambda db: db.msetex({"k": 1}, ex=1, px=1),
        lambda db: db.hgetex("k", "f", ex=1, persist=True),
        lambda db: db.hsetex("k", "f", 1, ex=1, keepttl=True),
        lambda db: db.expire("k", 1, nx=True, gt=True),
        lambda db: db.pexpireat("k", 1, gt=True, lt=True),
        lambda db: db.hexpire("k", 1, "f", nx=True, xx=True),
        lambda db: db.lcs("a", "b", len=True, idx=True),
        lambda db: db.zadd("k", {"m": 1}, nx=True, xx=True),
        lambda db: db.zadd("k", {"m": 1}, gt=True, lt=True),
        lambda db: db.zadd("k", {"m": 1}, nx=True, gt=True),
        lambda db: db.zadd("k", {"m": 1, "n": 2}, incr=True),
        lambda db: db.zadd("k", {"m": math.nan}),
        lambda db: db.zrange("k", 0, 1, byscore=True, bylex=True),
        lambda db: db.zrange("k", 0, 1, offset=1),
        lambda db: db.zrangebyscore("k", 0, 1, start=1),
        lambda db: db.zmpop(1, ["k"], min=True, max=True),
        lambda db: db.zmpop(1, ["k"]),
        lambda db: db.zunionstore("d", {"a": math.nan}),
        lambda db: db.xadd("k", {"f": 1}, maxlen=1, minid="1"),
        lambda db: db.xtrim("k", maxlen=1, minid="1"),
        lambda db: db.xtrim("k"),
        lambda db: db.geoadd("k", [1, 2, "m"], nx=True, xx=True),
        lambda db: db.geoadd("k", [math.nan, 2, "m"]),
        lambda db: db.geosearch("k", member="m", longitude=1.0, latitude=1.0, radius=1.0),
        lambda db: db.geosearch("k", member="m", radius=1.0, width=1.0, height=1.0),
        lambda db: db.geosearch("k", member="m", width=-1.0, height=1.0),
        lambda db: db.geosearch("k", radius=1.0),
        lambda db: db.georadius("k", 1.0, 1.0, 1.0, store="a", store_dist="b"),
        lambda db: db.sort("k", start=1),
        lambda db: db.bitcount("k", 1),
        lambda db: db.restore("k", 0, b"x", idletime=1, frequency=1),
        lambda db: db.migrate("host", 1, "k", 0, 1, username="me"),
        lambda db: db.mget([]),
        lambda db: db.delete(),
        lambda db: db.sunion([]),
        lambda db: db.sinterstore("d", []),
        lambda db: db.hmget("k", []),
        lambda db: db.hset("k"),
        lambda db: db.sintercard(2, ["a"]),
        lambda db: db.lmpop(2, "a", direction="LEFT"),
        lambda db: db.linsert("k", "BESIDE", "a", "b"),
        lambda db: db.eval("return 1", -1),
        lambda db: db.eval("return 1", 2, "only one"),
    ],
)
def test_contradictions(contradiction: Callable[[Any], Any]) -> None:
    recorder = Recorder()
    with pytest.raises(DataError) as caught:
        contradiction(recorder)
    assert recorder.sent == []
    assert caught.value.command
    assert str(caught.value).startswith(caught.value.command)


def test_a_handles_timeout_that_can_only_mean_milliseconds() -> None:
    """In connection strings a number without a unit is milliseconds."""
    with pytest.raises(DataError, match=r"5000 of them are 83 minutes; 5000 milliseconds are timeout=5$"):
        changed_options(CallOptions(), timeout=5000)
    for timeout in (0.001, 3600, math.inf, None):
        assert changed_options(CallOptions(), timeout=timeout).timeout == timeout
