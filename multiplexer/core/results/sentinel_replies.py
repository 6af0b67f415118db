"""Converters of what sentinels say about the servers they watch."""

from __future__ import annotations

from typing import Any

from ..shapes import as_int, as_list, as_text
from ..types import Reply
from .common import text_dict

_NUMBERS = frozenset(
    (
        "config-epoch",
        "can-failover-its-master",
        "down-after-milliseconds",
        "failover-timeout",
        "info-refresh",
        "last-hello-message",
        "last-ok-ping-reply",
        "last-ping-reply",
        "last-ping-sent",
        "master-link-down-time",
        "master-port",
        "num-other-sentinels",
        "num-slaves",
        "o-down-time",
        "parallel-syncs",
        "pending-commands",
        "port",
        "quorum",
        "role-reported-time",
        "s-down-time",
        "slave-priority",
        "slave-repl-offset",
        "voted-leader-epoch",
    )
)

#: By flag of a state, the key that tells whether it is set.
_FLAGS = {
    "master": "is_master",
    "slave": "is_slave",
    "s_down": "is_sdown",
    "o_down": "is_odown",
    "sentinel": "is_sentinel",
    "disconnected": "is_disconnected",
    "master_down": "is_master_down",
}


def state(reply: Reply) -> dict[str, Any]:
    """What a sentinel knows of one server: everything as text, numbers as integers, and a bool for each flag."""
    result: dict[str, Any] = text_dict(reply)
    for name in _NUMBERS & result.keys():
        result[name] = int(result[name])
    flags = result.get("flags", "").split(",")
    for flag, key in _FLAGS.items():
        result[key] = flag in flags
    return result


def states(reply: Reply) -> list[dict[str, Any]]:
    """The states of several servers."""
    return [] if reply is None else [state(entry) for entry in as_list(reply)]


def states_by_name(reply: Reply) -> dict[str, dict[str, Any]]:
    """The states of several services, by name."""
    return {entry["name"]: entry for entry in states(reply)}


def address(reply: Reply) -> tuple[Any, int] | None:
    """Host and port, or None."""
    if reply is None:
        return None
    host, port = as_list(reply)
    return host, as_int(port)


def starts_with_ok(reply: Reply) -> bool:
    """``OK``, with or without an explanation, as True."""
    return as_text(reply).startswith("OK")
