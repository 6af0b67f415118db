"""Commands that are not compared, each with the reason."""

from __future__ import annotations

_CHANCE = "answers by chance"
_OWN = "about the connection, the process or the clock, which differ"
_STATE = "changes the connection's state; see tests/asyncio/compat"
_SERVER = "stops, moves or reconfigures the server"
_BUSY = "ends only what another connection is at"

LEFT_OUT: dict[str, str] = {
    **dict.fromkeys(
        (
            *("RANDOMKEY", "SPOP", "SRANDMEMBER", "HRANDFIELD", "ZRANDMEMBER", "ACL GENPASS", "LOLWUT"),
            *("CLUSTER SLOT-STATS",),
        ),
        _CHANCE,
    ),
    "SCAN": "goes by the order of the server's own hash table, and how far",
    **dict.fromkeys(
        (
            *("TIME", "LASTSAVE", "INFO", "ROLE", "LATENCY DOCTOR", "LATENCY GRAPH", "LATENCY HISTOGRAM"),
            *("LATENCY HISTORY", "LATENCY LATEST", "LATENCY RESET", "MEMORY STATS", "MEMORY DOCTOR", "MEMORY PURGE"),
            *("MEMORY MALLOC-STATS", "MEMORY USAGE", "SLOWLOG GET", "SLOWLOG LEN", "SLOWLOG RESET", "OBJECT IDLETIME"),
            *("OBJECT FREQ", "COMMANDLOG GET", "COMMANDLOG LEN", "COMMANDLOG RESET", "ACL LOG", "MODULE LIST"),
            *("CLIENT ID", "CLIENT INFO", "CLIENT LIST", "CLIENT TRACKINGINFO", "CLIENT GETREDIR", "FUNCTION STATS"),
            *("CLUSTER INFO", "CLUSTER MYID", "CLUSTER MYSHARDID", "CLUSTER NODES", "CLUSTER SLOTS", "CLUSTER SHARDS"),
            *("XINFO STREAM", "XINFO CONSUMERS", "XPENDING", "HOTKEYS GET"),
        ),
        _OWN,
    ),
    **dict.fromkeys(
        (
            *("AUTH", "HELLO", "RESET", "QUIT", "SELECT", "MULTI", "EXEC", "DISCARD", "WATCH", "UNWATCH", "MONITOR"),
            *("SUBSCRIBE", "UNSUBSCRIBE", "PSUBSCRIBE", "PUNSUBSCRIBE", "SSUBSCRIBE", "SUNSUBSCRIBE", "ASKING"),
            *("READONLY", "READWRITE", "CLIENT REPLY", "CLIENT TRACKING", "CLIENT CACHING", "CLIENT SETNAME"),
            *("CLIENT GETNAME", "CLIENT SETINFO", "CLIENT NO-EVICT", "CLIENT NO-TOUCH", "CLIENT CAPA"),
            *("CLIENT IMPORT-SOURCE",),
        ),
        _STATE,
    ),
    **dict.fromkeys(
        (
            *("SHUTDOWN", "FAILOVER", "REPLICAOF", "SLAVEOF", "PSYNC", "SYNC", "REPLCONF", "DEBUG"),
            *("SAVE", "BGSAVE", "BGREWRITEAOF", "CONFIG SET", "CONFIG REWRITE", "CONFIG RESETSTAT", "CLIENT KILL"),
            *("CLIENT PAUSE", "CLIENT UNPAUSE", "CLIENT UNBLOCK", "MIGRATE", "MODULE LOAD", "MODULE LOADEX"),
            *("MODULE UNLOAD", "ACL SETUSER", "ACL DELUSER", "ACL LOAD", "ACL SAVE", "RESTORE-ASKING", "PFDEBUG"),
            *("PFSELFTEST", "SCRIPT DEBUG", "FUNCTION RESTORE", "FUNCTION DUMP", "WAIT", "WAITAOF", "SWAPDB"),
            *("CLUSTER ADDSLOTS", "CLUSTER ADDSLOTSRANGE", "CLUSTER BUMPEPOCH", "CLUSTER COUNT-FAILURE-REPORTS"),
            *("CLUSTER DELSLOTS", "CLUSTER DELSLOTSRANGE", "CLUSTER FAILOVER", "CLUSTER FLUSHSLOTS", "CLUSTER FORGET"),
            *("CLUSTER MEET", "CLUSTER REPLICATE", "CLUSTER RESET", "CLUSTER SAVECONFIG", "CLUSTER SET-CONFIG-EPOCH"),
            *("CLUSTER SETSLOT", "CLUSTER SYNCSLOTS", "CLUSTER MIGRATESLOTS", "CLUSTER CANCELSLOTMIGRATIONS"),
        ),
        _SERVER,
    ),
    **dict.fromkeys(("SCRIPT KILL", "FUNCTION KILL"), _BUSY),
}

#: What comes in the order of the server's own hash tables, which have a seed of their own: it is compared as a set.
UNORDERED = frozenset(
    (
        "KEYS",
        "SCAN",
        "COMMAND LIST",
        "COMMAND",
        "COMMAND INFO",
        "COMMAND DOCS",
        "PUBSUB CHANNELS",
        "CONFIG GET",
        "ACL CAT",
    )
)
#: Times to live, and what has them: of these only the kind is compared.
MOVING = frozenset(
    (*("TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "HTTL", "HPTTL", "HEXPIRETIME", "HPEXPIRETIME", "XAUTOCLAIM"),)
)
