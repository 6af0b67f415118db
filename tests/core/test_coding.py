"""Where values stand in commands and results; and no method that takes or gives some is missing in the table."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multiplexer.asyncio.commands import DataCommands
from multiplexer.core.coding import shapes
from multiplexer.core.coding.coder import Coder
from multiplexer.core.coding.conversion import decoded, encoded
from multiplexer.core.coding.places import after, at, behind, entry_values, every
from multiplexer.core.coding.rules import PIECES, RULES
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.errors import DataError, DecodeError, EncodeError
from tests.core.test_every_command import commands_of
from tests.scripts.loading import load_script

FOLDER = Path(__file__).resolve().parents[2] / "multiplexer" / "asyncio" / "commands"

_SERVERS = "about servers, connections or the commands themselves, and not about what is stored"
_COUNTED = "what only counts, or lies in a structure of a module's own, is no value"
_SCRIPTS = "what scripts and functions are given and return is their own"
_NAMES = "fields, ids, keys, consumers, patterns and texts of the server's are names"
_NUMBERS = "names and numbers alone"

#: Methods whose signatures have text or what may be anything, and that have nothing to do with values.
REASONS = {
    **dict.fromkeys(
        (
            *("acl_dryrun", "acl_getuser", "acl_log", "backup_status", "client_kill_filter", "client_list"),
            *("client_trackinginfo", "cluster", "cluster_addslots", "cluster_addslotsrange", "cluster_delslots"),
            *("cluster_delslotsrange", "cluster_get_keys_in_slot", "cluster_getslotmigrations", "cluster_links"),
            *("cluster_migration_status", "cluster_shards", "cluster_slot_stats", "cluster_slots", "clusterscan"),
            *("command", "command_docs"),
            *("command_getkeys", "command_getkeysandflags", "command_info", "command_list", "commandlog_get"),
            *("config_set", "debug_object", "echo", "hotkeys_get", "info", "latency_histogram", "latency_latest"),
            *("lolwut", "memory_malloc_stats", "memory_stats", "module_list", "module_load", "module_loadex"),
            *("pubsub_channels", "pubsub_numsub", "pubsub_shardchannels", "pubsub_shardnumsub", "replicaof", "role"),
            *("sentinel_get_master_addr_by_name", "sentinel_master", "sentinel_masters", "sentinel_sentinels"),
            *("sentinel_set", "sentinel_slaves", "slowlog_get"),
        ),
        _SERVERS,
    ),
    **dict.fromkeys(
        (
            *("eval", "eval_ro", "evalsha", "evalsha_ro", "fcall", "fcall_ro", "function_list", "function_load"),
            *("function_stats", "script_show"),
        ),
        _SCRIPTS,
    ),
    **dict.fromkeys(("bf", "bitfield", "cf", "cms", "ft", "json", "pfadd", "tdigest", "topk", "ts", "vset"), _COUNTED),
    **dict.fromkeys(
        (
            *("arinfo", "digest", "hkeys", "keys", "object", "object_encoding", "randomkey", "scan", "scan_iter"),
            *("type", "xpending", "xpending_range", "xinfo_groups", "xinfo_consumers"),
        ),
        _NAMES,
    ),
    **dict.fromkeys(
        (
            *("hdel", "hexists", "hexpire", "hexpireat", "hexpiretime", "hincrby", "hincrbyfloat", "hpersist"),
            *("hpexpire", "hpexpireat", "hpexpiretime", "hpttl", "hstrlen", "httl", "increx", "zunionstore"),
            *("zinterstore", "zrangestore", "zcount", "zremrangebyscore"),
        ),
        _NUMBERS,
    ),
}


def methods() -> Iterator[str]:
    """Go through the names of the methods of all groups whose signatures may have values."""
    for path in FOLDER.glob("*.py"):
        for group in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(group, ast.ClassDef) or not any("Surface" in ast.unparse(base) for base in group.bases):
                continue
            for node in group.body:
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                    signature = f"{ast.unparse(node.args)} -> {node.returns and ast.unparse(node.returns)}"
                    if re.search(r"\b(AnyStr|Encodable|Any|ScoreBound)\b", signature):
                        yield node.name


def test_no_method_is_forgotten() -> None:
    """A new one goes into ``rules``, ``TAKES`` and ``GIVES`` (scripts/generate_coded.py), or has a reason above."""
    script = load_script("generate_coded")
    sent = commands_of(DataCommands)
    known = {name for command in (*RULES, *PIECES) for name in sent.get(command.name, ())}
    known |= {f"{name}_iter" for name in known}  # which calls the method it goes on with
    assert {name for name in methods() if name not in known and name not in REASONS} == set()
    assert {name for name in REASONS if name in script.TAKES or name in script.GIVES} == set()
    assert {name for name in REASONS if not hasattr(DataCommands, name)} == set()


def test_the_types_know_what_the_table_knows() -> None:
    script = load_script("generate_coded")
    sent = commands_of(DataCommands)
    typed = {*script.TAKES, *script.GIVES}
    # What type checkers are told is values, or refused, the running program takes for such, and the other way round.
    for command in RULES:
        assert sent[command.name] & {*typed, "argrep", "arscan", "xinfo_stream"}, command.name
    for name in typed:
        if not name.endswith("_iter"):
            assert any(name in sent[command.name] for command in RULES), name
    taking = {name for command, rule in RULES.items() if rule.places for name in sent[command.name]}
    giving = {name for command, rule in RULES.items() if rule.found for name in sent[command.name]}
    assert set(script.TAKES) <= taking
    assert {name for name in script.GIVES if not name.endswith("_iter")} <= giving
    assert {name for command in PIECES for name in sent[command.name]} == script.REFUSED


class Marks:
    """Encodes to what can be told from everything else."""

    def encode(self, value: Any, /) -> bytes:
        return f"<{value}>".encode()

    def decode(self, data: bytes, /) -> str:
        if not data.startswith(b"<"):
            raise ValueError("no value")
        return data[1:-1].decode()


def words(text: str) -> tuple[list[Any], Any]:
    """Return the words that are sent for some, and what finishes the result."""
    args = tuple(text.split())
    command = COMMANDS[" ".join(args[:2])] if " ".join(args[:2]) in COMMANDS else COMMANDS[args[0]]
    prepared = Coder(Marks()).prepared(command, args)
    assert prepared is not None
    return [word.decode() if isinstance(word, bytes) else word for word in prepared[0]], prepared[1]


@pytest.mark.parametrize(
    ("call", "sent"),
    [
        ("SET k v", "SET k <v>"),
        ("SET GET GET", "SET GET <GET>"),
        ("SET k IFEQ EX 5 IFEQ IFNE", "SET k <IFEQ> EX 5 IFEQ <IFNE>"),
        ("MSET a 1 b 2", "MSET a <1> b <2>"),
        ("HSET h a 1 b 2", "HSET h a <1> b <2>"),
        ("HSETEX FIELDS EX 5 FIELDS 1 FIELDS v", "HSETEX FIELDS EX 5 FIELDS 1 FIELDS <v>"),
        ("ZADD z 1 a 2 b", "ZADD z 1 <a> 2 <b>"),
        ("ZADD NX NX CH 1 NX", "ZADD NX NX CH 1 <NX>"),
        ("GEOADD g XX 1 2 a 3 4 b", "GEOADD g XX 1 2 <a> 3 4 <b>"),
        ("GEOSEARCH g FROMMEMBER m BYRADIUS 1 M", "GEOSEARCH g FROMMEMBER <m> BYRADIUS 1 M"),
        ("GEOSEARCHSTORE FROMMEMBER g FROMMEMBER m", "GEOSEARCHSTORE FROMMEMBER g FROMMEMBER <m>"),
        ("XADD x * f v", "XADD x * f <v>"),
        ("XADD MAXLEN MAXLEN 5 * f v", "XADD MAXLEN MAXLEN 5 * f <v>"),
        (
            "XADD x NOMKSTREAM ACKED IDMP me 1 MINID ~ 0-1 LIMIT 5 1-1 a 1 b 2",
            "XADD x NOMKSTREAM ACKED IDMP me 1 MINID ~ 0-1 LIMIT 5 1-1 a <1> b <2>",
        ),
        ("LINSERT l BEFORE a b", "LINSERT l BEFORE <a> <b>"),
        ("LPOS l v RANK 1", "LPOS l <v> RANK 1"),
        ("SMOVE a b v", "SMOVE a b <v>"),
        ("PUBLISH channel v", "PUBLISH channel <v>"),
        ("ARMSET a 0 x 1 y", "ARMSET a 0 <x> 1 <y>"),
        ("AROP a 0 1 SUM", "AROP a 0 1 SUM"),
        ("AROP a 0 1 MATCH x", "AROP a 0 1 MATCH <x>"),
    ],
)
def test_words(call: str, sent: str) -> None:
    assert words(call)[0] == sent.split()


def test_a_count_says_where_pairs_end() -> None:
    prepared = Coder(Marks()).prepared(COMMANDS["MSETEX"], ("MSETEX", 2, "a", "x", "b", "y", "EX", 5))
    assert prepared is not None
    assert prepared[0] == ("MSETEX", 2, "a", b"<x>", "b", b"<y>", "EX", 5)


@pytest.mark.parametrize(
    ("call", "found", "result"),
    [
        ("GET k", b"<v>", "v"),
        ("GET k", None, None),
        ("SMEMBERS s", {b"<v>"}, ["v"]),
        ("ZRANGE z 0 1 WITHSCORES", [(b"<v>", 1.5)], [("v", 1.5)]),
        ("ZSCAN z 0", (0, [(b"<v>", 1.5)]), (0, [("v", 1.5)])),
        ("BZPOPMIN z 1", (b"z", b"<v>", 1.0), ("z", "v", 1.0)),
        ("LMPOP 1 l LEFT", [b"l", [b"<v>", b"<w>"]], ["l", ["v", "w"]]),
        ("BLPOP l 1", None, None),
        ("HGETALL h", {b"a": b"<v>"}, {"a": "v"}),
        ("HRANDFIELD h 1 WITHVALUES", [b"a", b"<v>"], ["a", "v"]),
        ("HSCAN h 0", (7, {b"a": b"<v>"}), (7, {"a": "v"})),
        ("XRANGE x - +", [(b"1-1", {b"a": b"<v>"}), (b"1-2", {})], [("1-1", {"a": "v"}), ("1-2", {})]),
        (
            "XREADGROUP GROUP g c STREAMS x >",
            [[b"x", [(b"1-1", {b"a": b"<v>"}, 5, 1)]]],
            [["x", [("1-1", {"a": "v"}, 5, 1)]]],
        ),
        ("XCLAIM x g c 0 1-1", [(None, None)], [(None, None)]),
        ("XCLAIM x g c 0 1-1 JUSTID", [b"1-1"], ["1-1"]),
        (
            "XAUTOCLAIM x g c 0 0",
            [b"0-0", [(b"1-1", {b"a": b"<v>"})], [b"9-9"]],
            ["0-0", [("1-1", {"a": "v"})], ["9-9"]],
        ),
        ("XAUTOCLAIM x g c 0 0 JUSTID", [b"1-1"], ["1-1"]),
        (
            "XINFO STREAM x",
            {"length": 1, "first-entry": (b"1-1", {b"a": b"<v>"}), "last-entry": None},
            {"length": 1, "first-entry": ("1-1", {"a": "v"}), "last-entry": None},
        ),
        ("GEOSEARCH g FROMMEMBER m", [[b"<v>", 1.5, (1.0, 2.0)]], [["v", 1.5, (1.0, 2.0)]]),
        ("SORT l GET # GET w*", [(b"<v>", None)], [("v", None)]),
        ("SORT l STORE m", 5, 5),
    ],
)
def test_results(call: str, found: Any, result: Any) -> None:
    finish = words(call)[1]
    assert finish(found) == result
    assert type(finish(found)) is type(result)


@pytest.mark.parametrize(
    "call", ["SET k v", "SET k v XX", "HSCAN h 0 NOVALUES", "HRANDFIELD h 1", "LPUSH l v", "XADD x * a 1"]
)
def test_results_without_values(call: str) -> None:
    assert words(call)[1] is None


def test_commands_without_values() -> None:
    coder = Coder(Marks())
    for name in ("TTL", "INCR", "HKEYS", "EVAL", "PFADD", "VADD", "JSON.SET", "XPENDING"):
        assert coder.prepared(COMMANDS[name], (name, "k")) is None
    with pytest.raises(DataError, match="GETRANGE: a piece of a value is none of the codec's"):
        coder.prepared(COMMANDS["GETRANGE"], ("GETRANGE", "k", 0, 1))


def test_places() -> None:
    assert list(at(2, 9)(["SET", "k", "v"])) == [2]
    assert list(every(3, 2)(["HSET", "h", "a", 1, "b", 2])) == [3, 5]
    assert list(after(2, "IFEQ")(["X", "k", "IFEQ"])) == []  # an option without a value is the server's to refuse
    assert list(behind(2, 2, frozenset({"NX"}))(["ZADD", "z", "NX"])) == []
    assert list(entry_values(["XADD", "x", b"1-1", "f", "v"])) == [4]


def test_errors_say_whose_they_are_and_show_nothing() -> None:
    class Broken:
        def encode(self, value: Any, /) -> bytes:
            raise ValueError(f"secret {value}")

        def decode(self, data: bytes, /) -> Any:
            raise ValueError(f"secret {data!r}")

    with pytest.raises(EncodeError) as encoding:
        encoded(Broken(), "s3cret", "SET", "argument 2")
    assert str(encoding.value) == "SET: argument 2: Broken cannot encode it (ValueError)"
    assert (encoding.value.command, encoding.value.phase) == ("SET", "created")
    with pytest.raises(DecodeError) as decoding:
        decoded(Broken(), b"s3cret", "GET")
    assert str(decoding.value) == "GET: Broken cannot decode a value of 6 bytes (ValueError)"
    assert decoding.value.raw == b"s3cret"
    assert (decoding.value.command, decoding.value.phase) == ("GET", "answered")
    assert isinstance(decoding.value.__cause__, ValueError)
    assert shapes.name("text") == "text"
