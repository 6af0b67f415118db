"""What differs from redis-py though it is there, and what to take for what is missing: the documentation's own list."""

from __future__ import annotations

from typing import NamedTuple

_EVERY = "migrating.md#every-difference"
_SMALL = "compat.md#small-things"
_INSIDE = "frameworks.md#what-cannot-be"


class Difference(NamedTuple):
    """What is to be known of a name.

    Attributes:
        why: In what it differs, or what to take instead.
        page: Where the documentation says so.
        value: The only value of an argument of which it is true, as it is written; empty for any.
        is_refused: Whether the argument raises an error.
    """

    why: str
    page: str
    value: str = ""
    is_refused: bool = False


_EXECUTE = Difference("execute_command sends it", _EVERY)
_CACHE = Difference("the client rides shared connections", _EVERY)
_NO_EVENTS = Difference("events and maintenance of the vendor's service are not there", _EVERY, is_refused=True)
_NO_MODULE = Difference("a module of a feature that the façade does not have", _SMALL)
_SCORES = Difference(
    "scores as text are str with decode_responses, as under RESP2; redis-py has bytes under RESP3", _EVERY
)

#: By method or attribute, whichever class it is of.
MEMBERS = {
    "acl_getuser": Difference('"databases" is text, as the rest; in redis-py bytes', _EVERY),
    "function_stats": Difference("a dict; in redis-py names and values in turn, or a dict of bytes", _EVERY),
    "sismember": Difference("False or True; in redis-py 0 or 1", _EVERY),
    "zdiff": _SCORES,
    "keyspace_notifications": Difference("subscribe to __keyspace@0__:*, or take the multiplexer's subscriber", _EVERY),
    "watch": Difference("only on pipelines", _EVERY),
    "unwatch": Difference("only on pipelines", _EVERY),
    **dict.fromkeys(
        ("stralgo", "psync", "sync", "sentinel", "digest_local"),
        _EXECUTE,
    ),
}

#: Those that only clients do not have, or have otherwise; of a pipeline they are what they were.
OF_CLIENTS = frozenset(("watch", "unwatch"))

#: By name of an argument of a client, pool or connection.
ARGUMENTS = {
    "cache": _CACHE,
    "cache_config": _CACHE,
    "event_dispatcher": _NO_EVENTS,
    "maint_notifications_config": _NO_EVENTS,
    "score_cast_func": _SCORES,
    "ssl_disable_dev_restrictions": Difference("no such restrictions exist", _EVERY, is_refused=True),
    "socket_keepalive_options": Difference("the keys 1, 2, 3 are TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT", _EVERY),
}

#: By module below redis.
MODULES = {
    **dict.fromkeys(
        (
            "background",
            "himport",
            "http",
            "keyspace_notifications",
            "observability",
        ),
        _NO_MODULE,
    ),
    "_parsers": Difference("it has the parsers and the encoder and nothing else", _INSIDE),
}

#: What is inside: it need not be what is inside redis-py, and may be another in the next version.
PRIVATE = Difference("what is inside is not redis-py's, and may change", _INSIDE)
