from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from multiplexer.core.commands.command import Command, ReplayCategory
from multiplexer.core.commands.command_table import COMMANDS, find_command
from tests.scripts.loading import ROOT, load_script
from tests.servers.real import KINDS, RealServer, require_kind

generator = load_script("generate_command_table")


def words(text: str) -> list[bytes]:
    return [b"" if word == '""' else word.encode() for word in text.split()]


# ------------------------------------------------------------------------------------------------ the table as a whole


@pytest.mark.parametrize("name", ["valkey-9.1.json", "redis-7.0.json", "newer.json", "modules.json"])
def test_every_command_of_a_snapshot_is_present(name: str) -> None:
    snapshot = json.loads((generator.SNAPSHOTS / name).read_text())["commands"]
    assert len(snapshot) > 50
    assert set(snapshot) <= set(COMMANDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_command_of_a_live_server_is_present_with_its_flags(server: RealServer) -> None:
    names = [name.decode().upper().replace("|", " ") for name in server.command("COMMAND", "LIST")]
    assert len(names) > 200
    for name in names:
        assert COMMANDS[name].name == name
    for row in server.command("COMMAND"):
        flags = {flag.decode() for flag in row[2]}
        command = COMMANDS[row[0].decode().upper()]
        assert (command.read_only, command.write) == ("readonly" in flags, "write" in flags), command
        assert command.container == bool(row[9]) or command.name == "DEBUG"


def test_flags_agree_with_each_other() -> None:
    for command in COMMANDS.values():
        assert not (command.read_only and command.write), command
        if command.write:
            assert command.replay >= ReplayCategory.WRITE_CHECKED, command
        if command.block_spec is not None:
            assert command.blocking, command
        assert command.since
        assert command.group


def test_what_may_be_kept_until_a_key_is_written() -> None:
    lasting = {name for name, command in COMMANDS.items() if command.lasting}
    assert {"GET", "HGETALL", "ZRANGE", "MGET", "JSON.GET", "SMEMBERS", "LCS"} <= lasting
    # Writes; reads no key; goes by the clock, by chance, by a cursor, by keys it does not name; runs code.
    fleeting = {
        "TTL",
        "SRANDMEMBER",
        "HSCAN",
        "SORT_RO",
        "EVAL_RO",
        "XPENDING",
        "XREAD",
        "PFCOUNT",
        "OBJECT FREQ",
        "BF.EXISTS",
        "TS.RANGE",
    }
    assert not lasting & {"SET", "PING", "OBJECT", *fleeting}


def test_what_concerns_a_whole_database_has_no_key() -> None:
    whole = {name for name, command in COMMANDS.items() if command.whole_database}
    assert whole == {"DBSIZE", "FLUSHALL", "FLUSHDB", "KEYS", "SCAN"}
    assert not any(COMMANDS[name].key_specs for name in whole)
    # Each of them is confined to a key prefix or refused with one.
    assert all(COMMANDS[name].unconfined or COMMANDS[name].prefix_rule for name in whole)


@pytest.mark.serial
def test_import_is_cheap() -> None:
    code = "import multiplexer.core.commands.command_table as table, importlib, time; start = time.process_time(); "
    code += "importlib.reload(table); print(time.process_time() - start)"
    best = min(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env={}).stdout)
        for _ in range(3)
    )
    # About 2 ms; the margin is for a busy machine, the bound for a table that is parsed or compiled at import.
    assert best < 0.012


# ------------------------------------------------------------------------------------------------------- key positions

EXAMPLES = [
    "GET k",
    "SET k v EX 10",
    "MGET a b c",
    "MSET a 1 b 2",
    "DEL a b",
    "BITOP AND dest a b",
    "BITFIELD k GET u8 0",
    "COPY a b",
    "RENAME a b",
    "LCS a b LEN",
    "OBJECT ENCODING k",
    "OBJECT FREQ k",
    "MEMORY USAGE k SAMPLES 5",
    "SORT k",
    "SORT k BY w_* LIMIT 0 5 GET # GET d_* ALPHA STORE dest",
    "SORT k BY store STORE dest",
    "SORT_RO k BY w_* GET #",
    "EVAL script 2 a b c",
    "EVAL script 0 c",
    "EVALSHA sha 1 a",
    "EVAL_RO script 1 a x",
    "EVALSHA_RO sha 1 a x",
    "FCALL f 2 a b c",
    "FCALL_RO f 1 a b",
    "ZUNIONSTORE dest 2 a b WEIGHTS 1 2",
    "ZINTERSTORE dest 1 a",
    "ZDIFFSTORE dest 2 a b",
    "ZUNION 2 a b WITHSCORES",
    "ZINTER 2 a b",
    "ZDIFF 2 a b",
    "ZINTERCARD 2 a b LIMIT 3",
    "SINTERCARD 2 a b LIMIT 3",
    "SINTERSTORE dest a b",
    "ZRANGESTORE dest a 0 -1",
    "XREAD COUNT 2 BLOCK 0 STREAMS a b 0 0",
    "XREAD STREAMS a 0",
    "XREADGROUP GROUP g c COUNT 1 STREAMS a b > >",
    "XREADGROUP GROUP streams streams NOACK STREAMS a >",
    "XADD k * f v",
    "XGROUP CREATE k g $",
    "XGROUP DELCONSUMER k g c",
    "XINFO STREAM k FULL",
    "XINFO GROUPS k",
    "XCLAIM k g c 0 1-0",
    "GEORADIUS k 1 2 3 m STORE dest",
    "GEORADIUS k 1 2 3 m COUNT 1 STOREDIST dest",
    "GEORADIUS k 1 2 3 m",
    "GEORADIUSBYMEMBER k m 3 km STORE dest",
    "GEOSEARCHSTORE dest a FROMLONLAT 1 2 BYRADIUS 3 m",
    "MIGRATE host 6379 k 0 100",
    "MIGRATE host 6379 k 0 100 COPY REPLACE AUTH secret",
    'MIGRATE host 6379 "" 0 100 REPLACE KEYS a b c',
    'MIGRATE host 6379 "" 0 100 AUTH2 KEYS secret KEYS a b',
    "LMPOP 2 a b LEFT COUNT 3",
    "BLMPOP 0 2 a b LEFT",
    "ZMPOP 2 a b MIN",
    "BZMPOP 1.5 2 a b MAX",
    "BLPOP a b 0",
    "BZPOPMIN a b 0",
    "BLMOVE a b LEFT RIGHT 0",
    "LMOVE a b LEFT RIGHT",
    "BRPOPLPUSH a b 0",
    "PFCOUNT a b",
    "PFMERGE dest a b",
    "SMOVE a b m",
    "WATCH a b",
    "RESTORE k 0 payload",
    "EXISTS a b",
    "TOUCH a b",
    "GETEX k EX 5",
    # From here on, not on every server.
    "MSETEX 2 a 1 b 2 EX 5",
    "HEXPIRE k 10 FIELDS 1 f",
    "HGETEX k EX 10 FIELDS 1 f",
    "HSETEX k FIELDS 1 f v",
    "HGETDEL k FIELDS 1 f",
    "DELIFEQ k v",
]


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, RealServer]]:
    servers: dict[str, RealServer] = {}
    yield servers
    for server in servers.values():
        server.close()


@pytest.fixture
def server(kind: Any, running: dict[str, RealServer]) -> RealServer:
    require_kind(kind)
    if kind not in running:
        running[kind] = RealServer.start(kind)
    return running[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_keys_are_those_the_server_finds(server: RealServer) -> None:
    known = {name.decode().upper() for name in server.command("COMMAND", "LIST")}
    compared = 0
    for example in EXAMPLES:
        args = words(example)
        if args[0].decode() not in known:
            continue
        expected = list(server.command("COMMAND", "GETKEYS", *args))
        assert sorted(find_command(args).keys(args)) == sorted(expected), example
        compared += 1
    assert compared >= EXAMPLES.index("MSETEX 2 a 1 b 2 EX 5")


@pytest.mark.parametrize(
    ("example", "positions"),
    [
        ("PING", []),
        ("GET", []),
        ("GET k", [1]),
        ("MSET a 1 b 2", [1, 3]),
        ("EVAL script 2 a", [3]),
        ("EVAL script two a", []),
        ("EVAL script", []),
        ("XREAD COUNT 1", []),
        ("DEBUG OBJECT k", [2]),
        ("DEBUG SLEEP 1", []),
        ("JSON.MGET a b $", [1, 2]),
        ("JSON.MSET a $ 1 b $ 2", [1, 4]),
        ("JSON.DEBUG MEMORY a", [2]),
        ("FT.SEARCH index query", []),
        ("TS.MADD a 1 2 b 3 4", [1, 4]),
        ("VADD k VALUES 1 1 element", [1]),
        ("BF.ADD k item", [1]),
        ("XACKDEL k g IDS 1 1-0", [1]),
        ("TDIGEST.MERGE dest 2 a b", [1, 3, 4]),
    ],
)
def test_key_positions(example: str, positions: list[int]) -> None:
    args = words(example)
    assert list(find_command(args).key_positions(args)) == positions
    assert list(find_command(args).key_positions([arg.decode() for arg in args])) == positions


def test_keys_come_back_as_they_were_given() -> None:
    args = ("zunionstore", memoryview(b"dest"), 2, b"a", "b")
    assert find_command(args).keys(args) == (memoryview(b"dest"), b"a", "b")


def test_shard_channels_decide_the_slot_but_are_no_keys() -> None:
    args = ["SPUBLISH", "channel", "message"]
    command = find_command(args)
    assert list(command.key_positions(args)) == []
    assert list(command.slot_positions(args)) == [1]
    assert list(COMMANDS["SSUBSCRIBE"].slot_positions(["SSUBSCRIBE", "a", "b"])) == [1, 2]
    assert list(COMMANDS["MGET"].slot_positions(["MGET", "a", "b"])) == [1, 2]


# ------------------------------------------------------------------------------------------------------- find_command


@pytest.mark.parametrize(
    ("args", "name"),
    [
        (["get", "k"], "GET"),
        ([b"GeT", b"k"], "GET"),
        ([bytearray(b"config"), "Get", "x"], "CONFIG GET"),
        (["client", b"no-evict", "on"], "CLIENT NO-EVICT"),
        (["CONFIG"], "CONFIG"),
        (["CONFIG", "nonsense"], "CONFIG"),
        (["DEBUG", "SLEEP", 0], "DEBUG"),
        (["sentinel", "get-master-addr-by-name", "m"], "SENTINEL GET-MASTER-ADDR-BY-NAME"),
    ],
)
def test_find_command(args: list[Any], name: str) -> None:
    assert find_command(args) is COMMANDS[name]


def test_an_unknown_command_is_a_write_that_is_never_repeated() -> None:
    command = find_command([b"module.thing", b"k"])
    assert isinstance(command, Command)
    assert command.name == "MODULE.THING"
    assert command.write
    assert not command.read_only
    assert command.replay is ReplayCategory.NEVER
    assert list(command.key_positions([b"module.thing", b"k"])) == []
    assert "MODULE.THING" not in COMMANDS


# --------------------------------------------------------------------------------------------------- blocking, replay


@pytest.mark.parametrize(
    ("example", "seconds"),
    [
        ("GET k", 0.0),
        ("BLPOP a b 1.5", 1.5),
        ("BRPOP a 0", math.inf),
        ("BLMOVE a b LEFT RIGHT 2", 2.0),
        ("BLMPOP 3 1 a LEFT", 3.0),
        ("BZPOPMIN a 4", 4.0),
        ("BZMPOP 0 1 a MIN", math.inf),
        ("WAIT 1 1500", 1.5),
        ("WAITAOF 1 0 0", math.inf),
        ("XREAD STREAMS block 0", 0.0),
        ("XREAD BLOCK 2500 STREAMS a 0", 2.5),
        ("XREAD COUNT 1 block 0 streams a 0", math.inf),
        ("XREADGROUP GROUP BLOCK BLOCK STREAMS a >", 0.0),
        ("XREADGROUP GROUP g c BLOCK 1 STREAMS a >", 0.001),
        ("CLIENT PAUSE 1000", 0.0),
    ],
)
def test_blocking(example: str, seconds: float) -> None:
    args = words(example)
    command = find_command(args)
    assert command.is_blocking(args) == (seconds > 0)
    assert command.block_time(args) == pytest.approx(seconds)


def test_every_blocking_command_of_the_servers_says_for_how_long() -> None:
    assert {command.name for command in COMMANDS.values() if command.blocking and command.block_spec is None} == set()


@pytest.mark.parametrize(
    ("example", "category"),
    [
        ("PING", ReplayCategory.CONNECTION),
        ("GET k", ReplayCategory.READ_ONLY),
        ("EVAL_RO s 0", ReplayCategory.READ_ONLY),
        ("INFO", ReplayCategory.READ_ONLY),
        ("SETNX k v", ReplayCategory.WRITE_CHECKED),
        ("SET k v EX 10", ReplayCategory.WRITE_LAST_WINS),
        ("SET get get", ReplayCategory.WRITE_LAST_WINS),
        ("SET k v NX GET", ReplayCategory.ACCUMULATING),
        ("SET k v NX", ReplayCategory.WRITE_CHECKED),
        ("SET k v EX 10 NX", ReplayCategory.WRITE_CHECKED),
        ("SET k v IFEQ old", ReplayCategory.WRITE_CHECKED),
        ("SET k v IFEQ get", ReplayCategory.ACCUMULATING),
        ("SET k v IFNE nx", ReplayCategory.WRITE_LAST_WINS),
        ("MOVE k 1", ReplayCategory.WRITE_CHECKED),
        ("MOVE k 1 REPLACE", ReplayCategory.ACCUMULATING),
        ("CLUSTER MIGRATION IMPORT 0 5", ReplayCategory.ADMIN),
        ("XADD k * f v", ReplayCategory.ACCUMULATING),
        ("XADD k NOMKSTREAM 5-* f v", ReplayCategory.ACCUMULATING),
        ("XADD k MAXLEN ~ 10 5-1 f v", ReplayCategory.WRITE_CHECKED),
        ("XADD k 5-1 f v*", ReplayCategory.ACCUMULATING),  # as it might be an id
        ("ZADD k 1 m", ReplayCategory.WRITE_LAST_WINS),
        ("ZADD k 1 nx", ReplayCategory.WRITE_LAST_WINS),
        ("ZADD k incr 1 m", ReplayCategory.ACCUMULATING),
        ("INCR k", ReplayCategory.ACCUMULATING),
        ("PUBLISH c m", ReplayCategory.ACCUMULATING),
        ("CONFIG GET *", ReplayCategory.READ_ONLY),
        ("CONFIG SET a b", ReplayCategory.ADMIN),
        ("FLUSHALL", ReplayCategory.ADMIN),
        ("EVAL s 0", ReplayCategory.NEVER),
        ("BLPOP k 0", ReplayCategory.NEVER),
    ],
)
def test_replay_category(example: str, category: ReplayCategory) -> None:
    args = words(example)
    assert find_command(args).replay_category(args) is category


def test_commands_a_shared_connection_cannot_carry_are_refused() -> None:
    for name in ("SELECT", "HELLO", "AUTH", "SUBSCRIBE", "MULTI", "WATCH", "CLIENT REPLY", "MONITOR", "RESET", "QUIT"):
        assert COMMANDS[name].refused
    assert "get_database(n)" in str(COMMANDS["SELECT"].refused)
    for name in ("GET", "PUBLISH", "CLIENT GETNAME", "BLPOP", "CONFIG SET"):
        assert COMMANDS[name].refused is None


# ------------------------------------------------------------------------------------------------------- the generator


def check(*arguments: str) -> int:
    result: int = generator.main(["--check", *arguments])
    return result


def test_the_module_is_what_the_snapshots_make() -> None:
    assert check() == 0


def test_check_sees_a_stale_module(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "command_table.py"
    assert check("--target", str(target)) == 1  # missing
    target.write_text(generator.TARGET.read_text().replace("'GET', 1", "'GET', 2"))
    assert check("--target", str(target)) == 1
    assert "stale" in capsys.readouterr().err
    assert generator.main(["--target", str(target)]) == 0
    assert check("--target", str(target)) == 0


def test_check_sees_a_changed_snapshot(tmp_path: Path) -> None:
    snapshots = Path(shutil.copytree(generator.SNAPSHOTS, tmp_path / "snapshots"))
    assert check("--snapshots", str(snapshots)) == 0
    newest = snapshots / "valkey-9.1.json"
    newest.write_text(newest.read_text().replace('"readonly"', '"write"', 1))
    with pytest.raises(ValueError, match="no replay category"):
        check("--snapshots", str(snapshots))
    newest.write_text((generator.SNAPSHOTS / "valkey-9.1.json").read_text().replace('"1.0.0"', '"1.0.1"', 1))
    assert check("--snapshots", str(snapshots)) == 1


@pytest.mark.parametrize(("kind", "name"), [("valkey", "valkey-9.1.json"), ("redis", "redis-7.0.json")])
def test_a_snapshot_is_what_its_server_says(kind: Any, name: str) -> None:
    require_kind(kind)
    version, commands, docs = generator.describe(generator.SERVERS[name]())
    snapshot = json.loads((generator.SNAPSHOTS / name).read_text())
    if version.split(".")[:2] != snapshot["server"].split(".")[:2]:
        pytest.skip(f"not on this machine: {snapshot['server']}: it has {version}")
    assert json.loads(json.dumps(generator.compact(commands, docs))) == snapshot["commands"]
