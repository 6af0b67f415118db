"""What becomes of each kind of command when something happens to its connection."""

from __future__ import annotations

from typing import NamedTuple


class Fate(NamedTuple):
    """What becomes of a command.

    Attributes:
        error: The class of the error its caller gets; empty where it is answered.
        was_sent: What the error says.
        applied: How often the server has done it.
        sent_again: Whether the package has sent it more than once.
    """

    error: str = ""
    was_sent: bool = False
    applied: int = 1
    sent_again: bool = False

    def __str__(self) -> str:
        if not self.error:
            again = ", sent again" if self.sent_again else ""
            return f"answered{again}" if self.applied == 1 else f"answered{again}, applied {_times(self.applied)}"
        sent = "sent" if self.was_sent else "not sent"
        if not self.applied:
            return f"`{self.error}`, {sent}"
        return f"`{self.error}`, {sent}, applied {_times(self.applied)}"


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}[count]


#: What happens to the connection, by the names of the columns.
FAULTS = {
    "unreachable": "there is none, until the deadline",
    "fail fast": "there is none, `backlogPolicy=FailFast`",
    "request cut": "breaks within the request",
    "reply lost": "breaks before the reply",
    "reply cut": "breaks within the reply",
    "silent": "nothing comes back",
}

#: What the command is, by the names of the rows.
COMMANDS = {
    "read": "a read",
    "read once": "a read, `NO_RETRY`",
    "write": "a write",
    "write again": "a write, `RETRY_WRITES`",
    "checked": "`SET … NX`, `retry_up_to=ReplayCategory.WRITE_CHECKED`",
    "reads": "a batch that only reads",
    "writes": "a batch with a write",
    "transaction": "a transaction",
    "script": "a script",
    "blocking": "BLPOP, on a connection of its own",
}

_AGAIN = Fate(sent_again=True)
_TWICE = Fate(applied=2, sent_again=True)
_LATE = Fate("RedisTimeoutError", False, 0)
_REFUSED = Fate("RedisConnectionError", False, 0)
_NEVER_CAME = Fate("RedisConnectionError", True, 0)
_UNKNOWN = Fate("RedisConnectionError", True, 1)
_SILENT = Fate("RedisTimeoutError", True, 1)

_WRITE = {
    "unreachable": _LATE,
    "fail fast": _REFUSED,
    "request cut": _NEVER_CAME,
    "reply lost": _UNKNOWN,
    "reply cut": _UNKNOWN,
    "silent": _SILENT,
}
_READ = {**_WRITE, **dict.fromkeys(("request cut", "reply lost", "reply cut"), _AGAIN)}

#: By command and fault.
FATES: dict[str, dict[str, Fate]] = {
    "read": _READ,
    "read once": _WRITE,
    "write": _WRITE,
    "write again": {**_WRITE, "request cut": _AGAIN, "reply lost": _TWICE, "reply cut": _TWICE},
    "checked": _READ,
    "reads": _READ,
    "writes": _WRITE,
    "transaction": _WRITE,
    "script": _WRITE,
    "blocking": _WRITE,
}


def table() -> str:
    """Return the table as the documentation shows it."""
    lines = [
        "| The connection … | " + " | ".join(FAULTS.values()) + " |",
        "|" + "---|" * (len(FAULTS) + 1),
    ]
    for name, words in COMMANDS.items():
        lines.append(f"| {words} | " + " | ".join(str(FATES[name][fault]) for fault in FAULTS) + " |")
    return "\n".join(lines) + "\n"
