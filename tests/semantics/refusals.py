"""Which error replies are followed by another attempt."""

from __future__ import annotations

from typing import NamedTuple


class Refusal(NamedTuple):
    """Error replies of one kind.

    Attributes:
        shown: How the page calls them.
        retried: What the page says of how they are retried.
        replies: Some of them, and the class of the error a caller gets in the end.
        times: How often the command is sent again; None: until the deadline.
        asks: Whether the server is asked for its role at once.
    """

    shown: str
    retried: str
    replies: dict[str, str]
    times: int | None
    asks: bool = False


REFUSALS = (
    Refusal(
        "`LOADING`",
        "until the deadline",
        {"LOADING Redis is loading the dataset in memory": "BusyLoadingError"},
        times=None,
    ),
    Refusal(
        "`TRYAGAIN`, `CLUSTERDOWN`, `MASTERDOWN`",
        "until the deadline; the server's role is asked for at once",
        {
            "TRYAGAIN Multiple keys request during rehashing of slot": "TryAgainError",
            "CLUSTERDOWN The cluster is down": "ClusterDownError",
            "MASTERDOWN Link with MASTER is down": "MasterDownError",
        },
        times=None,
        asks=True,
    ),
    Refusal(
        "`READONLY`",
        "three times; the roles of all servers of the group are asked for at once, ten times a second at most; where "
        "no other primary is known, the name is resolved and connected anew, once a second at most",
        {"READONLY You can't write against a read only replica.": "ReadOnlyError"},
        times=3,
        asks=True,
    ),
    Refusal(
        "`REDIRECT` (Valkey 8 and later are asked for it)",
        "at once to the primary it names, where that is a server that is known and connected; else like `READONLY`",
        {"REDIRECT 127.0.0.1:1": "RedirectError"},
        times=3,
        asks=True,
    ),
    Refusal(
        "`MOVED`, `ASK`",
        "no: the error is handed out, and the server asked what it is; with `MOVED` the event `hash_slot_moved` fires "
        "(in a cluster they are [followed](topologies.md))",
        {"MOVED 1 127.0.0.1:1": "MovedError", "ASK 1 127.0.0.1:1": "AskError"},
        times=0,
        asks=True,
    ),
    Refusal(
        "any other error",
        "no",
        {
            "ERR no such thing": "ResponseError",
            "WRONGTYPE Operation against a key holding the wrong kind of value": "WrongTypeError",
            "OOM command not allowed when used memory > 'maxmemory'.": "OutOfMemoryError",
            "NOPERM this user has no permissions": "NoPermissionError",
            "BUSY the server is busy running a script": "ResponseError",
        },
        times=0,
    ),
)


def table() -> str:
    """Return the table as the documentation shows it."""
    lines = ["| Reply | Retried |", "|---|---|"]
    lines += [f"| {refusal.shown} | {refusal.retried} |" for refusal in REFUSALS]
    return "\n".join(lines) + "\n"
