"""Which words of a command are values, and where they are in its result: the table for handles with a codec.

Values are what strings, hashes, lists, sorted sets, sets, arrays and streams hold, and what is published. Keys, fields,
ids, channels, patterns and bounds are names. So is what only counts: what HyperLogLogs, filters, sketches and vector
sets are given. What is not in the table is as on any other handle that decodes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..commands.command import Command
from ..commands.command_table import COMMANDS
from . import shapes
from .places import Places, Words, after, at, behind, both, counted_pairs, entry_values, every, field_values
from .shapes import Shape


class Rule(NamedTuple):
    """What is known of one command.

    Attributes:
        places: Where values stand among its words, or None.
        found: Where they are in the result of a call with these words, or None for nowhere.
    """

    places: Places | None = None
    found: Callable[[Words], Shape | None] | None = None


def _gives(shape: Shape, places: Places | None = None) -> Rule:
    return Rule(places, lambda words: shape)


def _with(option: str, shape: Shape, places: Places | None = None) -> Rule:
    """A result that has values if the last word is an option."""
    return Rule(places, lambda words: shape if _ends_with(words, option) else None)


def _without(option: str, shape: Shape, other: Shape | None = None) -> Rule:
    """A result that has values unless the last word is an option."""
    return Rule(None, lambda words: other if _ends_with(words, option) else shape)


def _ends_with(words: Words, option: str) -> bool:
    return isinstance(words[-1], str) and words[-1] == option  # values are bytes by now


_VALUE = _gives(shapes.values)
_FROM_KEY = _gives(shapes.from_key)
_ENTRIES = _gives(shapes.entries)
_STREAMS = _gives(shapes.streams)

#: What a group of members with scores may begin with.
_SCORED = frozenset(("NX", "XX", "GT", "LT", "CH", "INCR"))

_RULES = {
    # strings
    "DELEX": Rule(after(2, "IFEQ", "IFNE")),
    "DELIFEQ": Rule(at(2)),
    "GET": _VALUE,
    "GETDEL": _VALUE,
    "GETEX": _VALUE,
    "GETSET": _gives(shapes.values, at(2)),
    "MGET": _VALUE,
    "MSET": Rule(every(2, 2)),
    "MSETEX": Rule(counted_pairs),
    "MSETNX": Rule(every(2, 2)),
    "PSETEX": Rule(at(3)),
    "SET": _with("GET", shapes.values, both(at(2), after(3, "IFEQ", "IFNE"))),
    "SETEX": Rule(at(3)),
    "SETNX": Rule(at(2)),
    # hashes
    "HGET": _VALUE,
    "HGETALL": _gives(shapes.fields),
    "HGETDEL": _VALUE,
    "HGETEX": _VALUE,
    "HMGET": _VALUE,
    "HMSET": Rule(every(3, 2)),
    "HRANDFIELD": _with("WITHVALUES", shapes.in_turn),
    "HSCAN": _without("NOVALUES", shapes.page),
    "HSET": Rule(every(3, 2)),
    "HSETEX": Rule(field_values),
    "HSETNX": Rule(at(3)),
    "HVALS": _VALUE,
    # lists
    "BLMOVE": _VALUE,
    "BLMOVEM": _VALUE,
    "BLMPOP": _FROM_KEY,
    "BLPOP": _FROM_KEY,
    "BRPOP": _FROM_KEY,
    "BRPOPLPUSH": _VALUE,
    "LINDEX": _VALUE,
    "LINSERT": Rule(at(3, 4)),
    "LMOVE": _VALUE,
    "LMOVEM": _VALUE,
    "LMPOP": _FROM_KEY,
    "LPOP": _VALUE,
    "LPOS": Rule(at(2)),
    "LPUSH": Rule(every(2)),
    "LPUSHX": Rule(every(2)),
    "LRANGE": _VALUE,
    "LREM": Rule(at(3)),
    "LSET": Rule(at(3)),
    "RPOP": _VALUE,
    "RPOPLPUSH": _VALUE,
    "RPUSH": Rule(every(2)),
    "RPUSHX": Rule(every(2)),
    "SORT": _VALUE,
    "SORT_RO": _VALUE,
    # sets
    "SADD": Rule(every(2)),
    "SDIFF": _VALUE,
    "SINTER": _VALUE,
    "SISMEMBER": Rule(at(2)),
    "SMEMBERS": _VALUE,
    "SMISMEMBER": Rule(every(2)),
    "SMOVE": Rule(at(3)),
    "SPOP": _VALUE,
    "SRANDMEMBER": _VALUE,
    "SREM": Rule(every(2)),
    "SSCAN": _VALUE,
    "SUNION": _VALUE,
    # sorted sets
    "BZMPOP": _FROM_KEY,
    "BZPOPMAX": _FROM_KEY,
    "BZPOPMIN": _FROM_KEY,
    "ZADD": Rule(behind(2, 2, _SCORED)),
    "ZDIFF": _VALUE,
    "ZINCRBY": Rule(at(3)),
    "ZINTER": _VALUE,
    "ZMPOP": _FROM_KEY,
    "ZMSCORE": Rule(every(2)),
    "ZPOPMAX": _VALUE,
    "ZPOPMIN": _VALUE,
    "ZRANDMEMBER": _VALUE,
    "ZRANGE": _VALUE,
    "ZRANGEBYLEX": _VALUE,
    "ZRANGEBYSCORE": _VALUE,
    "ZRANK": Rule(at(2)),
    "ZREM": Rule(every(2)),
    "ZREVRANGE": _VALUE,
    "ZREVRANGEBYLEX": _VALUE,
    "ZREVRANGEBYSCORE": _VALUE,
    "ZREVRANK": Rule(at(2)),
    "ZSCAN": _VALUE,
    "ZSCORE": Rule(at(2)),
    "ZUNION": _VALUE,
    # places, which are members of sorted sets
    "GEOADD": Rule(behind(2, 3, _SCORED)),
    "GEODIST": Rule(at(2, 3)),
    "GEOHASH": Rule(every(2)),
    "GEOPOS": Rule(every(2)),
    "GEORADIUS": _VALUE,
    "GEORADIUSBYMEMBER": _gives(shapes.values, at(2)),
    "GEORADIUSBYMEMBER_RO": _gives(shapes.values, at(2)),
    "GEORADIUS_RO": _VALUE,
    "GEOSEARCH": _gives(shapes.values, after(2, "FROMMEMBER")),
    "GEOSEARCHSTORE": Rule(after(3, "FROMMEMBER")),
    # streams
    "XADD": Rule(entry_values),
    "XAUTOCLAIM": _without("JUSTID", shapes.claimed, shapes.ids),
    "XCLAIM": _without("JUSTID", shapes.entries, shapes.ids),
    "XINFO STREAM": _gives(shapes.stream_description),
    "XRANGE": _ENTRIES,
    "XREAD": _STREAMS,
    "XREADGROUP": _STREAMS,
    "XREVRANGE": _ENTRIES,
    # arrays
    "ARGET": _VALUE,
    "ARGETRANGE": _VALUE,
    "ARGREP": _VALUE,
    "ARINSERT": Rule(every(2)),
    "ARLASTITEMS": _VALUE,
    "ARMGET": _VALUE,
    "ARMSET": Rule(every(3, 2)),
    "AROP": Rule(at(5)),
    "ARRING": Rule(every(3)),
    "ARSCAN": _VALUE,
    "ARSET": Rule(every(3)),
    # messages
    "PUBLISH": Rule(at(2)),
    "SPUBLISH": Rule(at(2)),
}

#: Commands by what is known of them; those of values that are not here have none.
RULES: dict[Command, Rule] = {COMMANDS[name]: rule for name, rule in _RULES.items()}

#: Commands on a piece of a value, which is none.
PIECES = frozenset(COMMANDS[name] for name in ("APPEND", "GETRANGE", "LCS", "SETRANGE", "SUBSTR"))
