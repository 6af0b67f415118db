"""What is sent again though it may have been applied: by what a second time could do, and what a handle allows."""

from __future__ import annotations

from typing import NamedTuple

from multiplexer import ReplayCategory


class Example(NamedTuple):
    """A command.

    Attributes:
        shown: How the page calls it.
        category: What a second time could do.
        words: A call of it.
        kind: The one server that has it, where not all have.
    """

    shown: str
    category: ReplayCategory
    words: tuple[str, ...]
    kind: str = ""

    @property
    def counted_as(self) -> str:
        """Its name in a server's INFO COMMANDSTATS."""
        return "config|set" if self.words[0] == "CONFIG" else self.words[0].lower()


_READ, _CHECKED = ReplayCategory.READ_ONLY, ReplayCategory.WRITE_CHECKED
_LAST_WINS, _ACCUMULATING = ReplayCategory.WRITE_LAST_WINS, ReplayCategory.ACCUMULATING

EXAMPLES = (
    Example("GET", _READ, ("GET", "text")),
    Example("SETNX", _CHECKED, ("SETNX", "new", "v")),
    Example("`SET … NX`", _CHECKED, ("SET", "new", "v", "NX")),
    Example("`SET … IFEQ`", _CHECKED, ("SET", "text", "v", "IFEQ", "some text"), kind="valkey"),
    Example("XADD with an id of the caller's", _CHECKED, ("XADD", "stream", "2-1", "field", "v")),
    Example("XACK", _CHECKED, ("XACK", "stream", "group", "1-1")),
    Example("SET", _LAST_WINS, ("SET", "text", "v")),
    Example("DEL", _LAST_WINS, ("DEL", "text")),
    Example("HSET", _LAST_WINS, ("HSET", "hash", "field", "v")),
    Example("EXPIREAT", _LAST_WINS, ("EXPIREAT", "text", "4000000000")),
    Example("INCR", _ACCUMULATING, ("INCR", "n")),
    Example("LPUSH", _ACCUMULATING, ("LPUSH", "list", "v")),
    Example("LPOP", _ACCUMULATING, ("LPOP", "list")),
    Example("PUBLISH", _ACCUMULATING, ("PUBLISH", "channel", "v")),
    Example("`SET … GET`", _ACCUMULATING, ("SET", "text", "v", "GET")),
    Example("CONFIG SET", ReplayCategory.ADMIN, ("CONFIG", "SET", "maxmemory-samples", "5")),
    Example("EVAL", ReplayCategory.NEVER, ("EVAL", "return 1", "0")),
)

#: What a handle may be told to have sent again, and what that adds.
LIMITS = {
    _READ: "nothing: as ever",
    _CHECKED: "what finds its condition not met the second time, though its reply may then say so",
    _LAST_WINS: "what leaves the same data, but may undo what another has written in between",
    _ACCUMULATING: "what has a second effect, or loses what the first has returned",
}


def table() -> str:
    """Return the table as the documentation shows it."""
    lines = ["| `with_options(retry_up_to=…)` | Sent again as well | For example |", "|---|---|---|"]
    for limit, adds in LIMITS.items():
        lines.append(f"| `ReplayCategory.{limit.name}` | {adds} | {_shown(limit, limit)} |")
    beyond = _shown(ReplayCategory.ADMIN, ReplayCategory.NEVER)
    lines.append(f"| none allows it | what changes the server itself, and what nobody can judge | {beyond} |")
    return "\n".join(lines) + "\n"


def _shown(first: ReplayCategory, last: ReplayCategory) -> str:
    return ", ".join(example.shown for example in EXAMPLES if first <= example.category <= last)
