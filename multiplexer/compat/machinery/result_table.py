"""The results of commands that are given word by word, where they are not the replies themselves.

Command methods bring their own conversions. This table is for ``execute_command("HGETALL", key)`` and its like, where
only the command's name, and options beside its words, say what the result is; they are redis-py's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.results import acl, cluster, common, geo, hashes, sentinel_replies, server, sorted_sets, streams, strings
from .forms import commands_told, flat, flat_scores, named_in_turn, popped, shards_told

Callback = Callable[..., Any]


def _names(convert: Callable[[Any], Any], names: str) -> dict[str, Callback]:
    """Give several commands one conversion, which has no use for options."""

    def callback(reply: Any, **_options: Any) -> Any:
        return convert(reply)

    return dict.fromkeys(names.split(","), callback)


def _scored(reply: Any, **options: Any) -> Any:
    """Members with scores, where the call says that it asked for them."""
    return _members(reply, **options) if options.get("withscores") else reply


def _in_turn(reply: Any, **options: Any) -> Any:
    """Members and scores in turn, where the call says that it asked for them."""
    return flat_scores(reply) if options.get("withscores") else reply


def _members(reply: Any, **options: Any) -> Any:
    return sorted_sets.scored_with(options.get("score_cast_func", float))(reply)


def _members_page(reply: Any, **options: Any) -> Any:
    return sorted_sets.scored_page(options.get("score_cast_func", float))(reply)


def _stored(reply: Any, **options: Any) -> Any:
    """``+OK`` as True, nil and what is empty as they are; the old value, too, where the call asked for it."""
    return reply if not reply or options.get("get") else common.ok(reply)


def _places(reply: Any, **options: Any) -> Any:
    wanted = [bool(options.get(name)) for name in ("withdist", "withhash", "withcoord")]
    if options.get("store") or options.get("store_dist") or not any(wanted):
        return reply
    return geo.places_with(*wanted)(reply)


def _pending(reply: Any, **options: Any) -> Any:
    return streams.pending_entries(reply) if options.get("parse_detail") else streams.pending_summary(reply)


def _stream(reply: Any, **options: Any) -> Any:
    return streams.full_description(reply) if options.get("full") else streams.description(reply)


def _claimed(reply: Any, **options: Any) -> Any:
    return reply if options.get("parse_justid") else streams.claimed_entries(reply)


def _auto_claimed(reply: Any, **options: Any) -> Any:
    return streams.autoclaimed_ids(reply) if options.get("parse_justid") else streams.autoclaimed(reply)


def _dicts(reply: Any) -> list[dict[str, Any]]:
    return [common.text_keyed(item) for item in reply or ()]


def _set_of(reply: Any) -> Any:
    return common.to_set(reply)


def _sentinel_address(reply: Any) -> Any:
    return None if reply is None else (reply[0], int(reply[1]))


def _sorted(reply: Any, **options: Any) -> Any:
    groups = options.get("groups")
    return common.chunks(reply, groups) if reply and groups else reply


def _matches(reply: Any) -> Any:
    """``LCS … IDX`` as a flat list; the text and the length as they are."""
    return strings.lcs_matches(reply) if isinstance(reply, dict | list) else reply


def _hash_page(reply: Any) -> Any:
    """``HSCAN``: of fields without values, which nothing tells from pairs here, as many as make pairs."""
    cursor, found = reply
    return hashes.hash_page([cursor, found[: len(found) // 2 * 2]])


def _added(reply: Any) -> Any:
    """``ZADD``: how many; with ``INCR`` the score, a whole one as an ``int``."""
    try:
        return int(reply) if not isinstance(reply, float) or reply.is_integer() else reply
    except (TypeError, ValueError):
        return reply


def _started(_reply: Any) -> bool:
    return True


#: By command name; each is called with the reply and the call's options.
RESULTS: dict[str, Callback] = {
    **_names(
        common.to_bool,
        "COPY,EXPIRE,EXPIREAT,HEXISTS,MOVE,MSETNX,PERSIST,PEXPIRE,PEXPIREAT,RENAMENX,SETNX,SMOVE,"
        "XGROUP DESTROY,HMSET,PSETEX,SETEX,AUTH",
    ),
    **_names(
        common.ok,
        "ASKING,FLUSHALL,FLUSHDB,LSET,LTRIM,MSET,PFMERGE,READONLY,READWRITE,RENAME,SAVE,SELECT,SHUTDOWN,SLAVEOF,SWAPDB,"
        "WATCH,UNWATCH,ACL LOAD,ACL SETUSER,ACL SAVE,CLIENT PAUSE,CLIENT SETINFO,CLIENT SETNAME,CLUSTER ADDSLOTS,"
        "CLUSTER ADDSLOTSRANGE,CLUSTER DELSLOTS,CLUSTER DELSLOTSRANGE,CLUSTER FAILOVER,CLUSTER FORGET,CLUSTER MEET,"
        "CLUSTER REPLICATE,CLUSTER RESET,CLUSTER SAVECONFIG,CLUSTER SET-CONFIG-EPOCH,CLUSTER SETSLOT,CONFIG RESETSTAT,"
        "CONFIG SET,FUNCTION DELETE,FUNCTION FLUSH,FUNCTION RESTORE,MEMORY PURGE,MODULE LOAD,MODULE UNLOAD,"
        "QUIT,SCRIPT FLUSH,SCRIPT KILL,SENTINEL CKQUORUM,SENTINEL FAILOVER,SENTINEL FLUSHCONFIG,SENTINEL MONITOR,"
        "SENTINEL REMOVE,SENTINEL SET,SLOWLOG RESET,XGROUP CREATE,XGROUP SETID",
    ),
    **_names(_started, "BGREWRITEAOF,BGSAVE"),
    **_names(common.to_bools, "SCRIPT EXISTS"),
    **_names(common.to_float_or_none, "HINCRBYFLOAT,INCRBYFLOAT,GEODIST,ZSCORE,ZINCRBY"),
    **_names(_added, "ZADD"),
    **_names(sorted_sets.scores, "ZMSCORE"),
    **_names(_set_of, "SDIFF,SINTER,SMEMBERS,SUNION"),
    **_names(common.tuple_or_none, "BLPOP,BRPOP"),
    **_names(hashes.to_mapping, "HGETALL"),
    **_names(_hash_page, "HSCAN"),
    **_names(common.scan_page, "SCAN,SSCAN"),
    **_names(common.texts, "ACL CAT,ACL HELP,ACL LIST,ACL USERS,COMMAND GETKEYS,GEOHASH,CLUSTER GETKEYSINSLOT"),
    **_names(common.text, "ACL GENPASS,ACL WHOAMI,CLIENT GETNAME,RESET,SCRIPT LOAD"),
    **_names(common.text_dict, "CONFIG GET"),
    **_names(named_in_turn, "CLIENT TRACKINGINFO"),
    **_names(flat, "CLUSTER LINKS,FUNCTION LIST"),
    **_names(_dicts, "XINFO CONSUMERS,XINFO GROUPS"),
    **_names(sentinel_replies.state, "SENTINEL MASTER"),
    **_names(sentinel_replies.states, "SENTINEL SENTINELS,SENTINEL SLAVES"),
    **_names(sentinel_replies.states_by_name, "SENTINEL MASTERS"),
    **_names(_sentinel_address, "SENTINEL GET-MASTER-ADDR-BY-NAME"),
    **_names(cluster.cluster_info, "CLUSTER INFO"),
    **_names(cluster.nodes, "CLUSTER NODES"),
    **_names(cluster.replicas, "CLUSTER REPLICAS,CLUSTER SLAVES"),
    **_names(_matches, "LCS"),
    **_names(acl.user, "ACL GETUSER"),
    **_names(acl.denials, "ACL LOG"),
    **_names(server.client_info, "CLIENT INFO"),
    **_names(server.clients, "CLIENT LIST"),
    **_names(server.killed, "CLIENT KILL"),
    **_names(common.to_bool, "CLIENT UNBLOCK,SENTINEL RESET"),
    **_names(commands_told, "COMMAND"),
    **_names(server.debug_object, "DEBUG OBJECT"),
    **_names(server.info, "INFO"),
    **_names(server.moment, "LASTSAVE"),
    **_names(server.memory_stats, "MEMORY STATS"),
    **_names(server.pong, "PING"),
    **_names(server.channel_counts, "PUBSUB NUMSUB,PUBSUB SHARDNUMSUB"),
    **_names(server.slow_commands, "SLOWLOG GET"),
    **_names(server.time_of_day, "TIME"),
    **_names(geo.positions, "GEOPOS"),
    **_names(streams.entries, "XRANGE,XREVRANGE"),
    **_names(streams.by_stream, "XREAD,XREADGROUP"),
    **_names(sorted_sets.popped_member, "BZPOPMAX,BZPOPMIN"),
    **_names(popped, "ZMPOP,BZMPOP"),
    "GEORADIUS": _places,
    "GEORADIUSBYMEMBER": _places,
    "GEOSEARCH": _places,
    "SET": _stored,
    "SORT": _sorted,
    "XAUTOCLAIM": _auto_claimed,
    "XCLAIM": _claimed,
    "XINFO STREAM": _stream,
    "XPENDING": _pending,
    "ZPOPMAX": _members,
    "ZPOPMIN": _members,
    "ZSCAN": _members_page,
    **dict.fromkeys(("ZDIFF", "ZRANDMEMBER"), _in_turn),
    **dict.fromkeys(
        ("ZINTER", "ZRANGE", "ZRANGEBYSCORE", "ZREVRANGE", "ZREVRANGEBYSCORE", "ZUNION"),
        _scored,
    ),
}

#: Those of a cluster's client besides: redis-py's client for one server returns these replies as they are.
CLUSTER_RESULTS: dict[str, Callback] = {
    **_names(cluster.slots, "CLUSTER SLOTS"),
    **_names(shards_told, "CLUSTER SHARDS"),
    **_names(common.text, "CLUSTER MYSHARDID"),
}
