"""Where a cluster's client sends what has no key, and what it makes of several nodes' results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

ALL_NODES = "all"
PRIMARIES = "primaries"
REPLICAS = "replicas"
RANDOM = "random"
DEFAULT_NODE = "default-node"

#: What ``target_nodes`` may be, beside nodes.
NODE_FLAGS = frozenset((ALL_NODES, PRIMARIES, REPLICAS, RANDOM, DEFAULT_NODE))

#: Stands for: the slot that is the command's argument.
SLOT_ID = "slot-id"

_DEFAULT = (
    "ACL CAT,ACL DELUSER,ACL DRYRUN,ACL GENPASS,ACL GETUSER,ACL HELP,ACL LIST,ACL LOAD,ACL LOG,ACL SAVE,ACL SETUSER,"
    "ACL USERS,ACL WHOAMI,AUTH,BGREWRITEAOF,BGSAVE,CLIENT CAPA,CLIENT GETNAME,CLIENT GETREDIR,CLIENT ID,CLIENT INFO,"
    "CLIENT KILL,CLIENT LIST,CLIENT NO-EVICT,CLIENT NO-TOUCH,CLIENT PAUSE,CLIENT REPLY,CLIENT SETINFO,CLIENT SETNAME,"
    "CLIENT TRACKING,CLIENT TRACKINGINFO,CLIENT UNBLOCK,CLIENT UNPAUSE,CLUSTER COUNT-FAILURE-REPORTS,CLUSTER INFO,"
    "CLUSTER KEYSLOT,CLUSTER LINKS,CLUSTER MEET,CLUSTER MYID,CLUSTER MYSHARDID,CLUSTER NODES,CLUSTER REPLICAS,"
    "CLUSTER RESET,CLUSTER SAVECONFIG,CLUSTER SET-CONFIG-EPOCH,CLUSTER SHARDS,CLUSTER SLAVES,CLUSTER SLOT-STATS,"
    "CLUSTER SLOTS,COMMAND,COMMAND COUNT,COMMAND DOCS,COMMAND GETKEYS,COMMAND GETKEYSANDFLAGS,COMMAND INFO,"
    "COMMAND LIST,COMMANDLOG GET,COMMANDLOG LEN,COMMANDLOG RESET,CONFIG GET,CONFIG RESETSTAT,CONFIG REWRITE,CONFIG SET,"
    "DEBUG,ECHO,FT._LIST,FUNCTION STATS,HELLO,INFO,LASTSAVE,LATENCY DOCTOR,LATENCY GRAPH,LATENCY HISTOGRAM,"
    "LATENCY HISTORY,LATENCY LATEST,LATENCY RESET,LOLWUT,MEMORY DOCTOR,MEMORY MALLOC-STATS,MEMORY PURGE,MEMORY STATS,"
    "MODULE LIST,MODULE LOAD,MODULE LOADEX,MODULE UNLOAD,PING,PUBSUB CHANNELS,PUBSUB NUMPAT,PUBSUB NUMSUB,"
    "PUBSUB SHARDCHANNELS,"
    "PUBSUB SHARDNUMSUB,RANDOMKEY,READONLY,READWRITE,ROLE,SAVE,SHUTDOWN,SLOWLOG GET,SLOWLOG LEN,SLOWLOG RESET,TIME,"
    "WAIT,WAITAOF"
)
_ON_PRIMARIES = (
    "DBSIZE,FLUSHALL,FLUSHDB,FUNCTION DELETE,FUNCTION FLUSH,FUNCTION KILL,FUNCTION LIST,FUNCTION LOAD,"
    "FUNCTION RESTORE,KEYS,SCAN,SCRIPT EXISTS,SCRIPT FLUSH,SCRIPT KILL,SCRIPT LOAD"
)
_BY_SLOT = "CLUSTER COUNTKEYSINSLOT,CLUSTER DELSLOTS,CLUSTER DELSLOTSRANGE,CLUSTER GETKEYSINSLOT,CLUSTER SETSLOT"
#: Any primary will do.
_ANYWHERE = "EVAL,EVALSHA,EVALSHA_RO,EVAL_RO,FCALL,FCALL_RO,FUNCTION DUMP,PUBLISH"

#: By command name.
TARGETS: dict[str, str] = {
    **dict.fromkeys(_DEFAULT.split(","), DEFAULT_NODE),
    **dict.fromkeys(_ON_PRIMARIES.split(","), PRIMARIES),
    **dict.fromkeys(_BY_SLOT.split(","), SLOT_ID),
    **dict.fromkeys(_ANYWHERE.split(","), RANDOM),
}

#: Results by node name.
Results = Mapping[str, Any]


def _joined(results: Results) -> list[Any]:
    return list(dict.fromkeys(item for result in results.values() for item in result))


def _summed(results: Results) -> Any:
    return sum(results.values())


def _all(results: Results) -> bool:
    return all(results.values())


def _subscribers(results: Results) -> list[tuple[Any, int]]:
    total: dict[Any, int] = {}
    for result in results.values():
        for channel, number in result:
            total[channel] = total.get(channel, 0) + number
    return list(total.items())


def _page(results: Results) -> tuple[dict[str, int], list[Any]]:
    cursors = {name: cursor for name, (cursor, _) in results.items()}
    return cursors, [key for _, keys in results.values() for key in keys]


def _any_one(results: Results) -> Any:
    return next(iter(results.values()))


def _known_everywhere(results: Results) -> list[bool]:
    return [all(known) for known in zip(*results.values(), strict=True)]


def _unblocked(results: Results) -> int:
    return int(any(results.values()))


#: What makes one result of several nodes', by command name; without it that is a dict of the results.
MERGES: dict[str, Callable[[Results], Any]] = {
    **dict.fromkeys(("KEYS", "PUBSUB CHANNELS", "PUBSUB SHARDCHANNELS"), _joined),
    **dict.fromkeys(("DBSIZE", "PUBSUB NUMPAT", "WAIT"), _summed),
    **dict.fromkeys(
        (
            "BGSAVE",
            "CLIENT PAUSE",
            "CLIENT SETNAME",
            "CLIENT UNPAUSE",
            "CONFIG RESETSTAT",
            "CONFIG REWRITE",
            "CONFIG SET",
            "MEMORY PURGE",
            "PING",
            "SAVE",
            "SCRIPT FLUSH",
            "SLOWLOG RESET",
        ),
        _all,
    ),
    **dict.fromkeys(("PUBSUB NUMSUB", "PUBSUB SHARDNUMSUB"), _subscribers),
    "CLIENT UNBLOCK": _unblocked,
    "SCAN": _page,
    "SCRIPT EXISTS": _known_everywhere,
    "SCRIPT LOAD": _any_one,
}


def merged(name: str, results: Results) -> Any:
    """Make one result of those of the nodes a command was sent to.

    Args:
        name: The command's name.
        results: The results by node name.
    """
    merge = MERGES.get(name)
    if merge is not None:
        return merge(results) if results else None
    return next(iter(results.values())) if len(results) == 1 else dict(results)
