"""Which server each command of a module is tested against; the table in docs/modules.md is made of it.

Every one of them is tested on wire bytes as well: the words that are sent, for all options.
"""

from __future__ import annotations

from multiplexer.core.commands.command_table import COMMANDS

__all__ = ["LIVE", "NOWHERE", "table"]

_STACK, _REDIS_8 = "Redis Stack 7.4", "Redis 8.2"

#: What each group's commands begin with, and the server that they are tested against.
_GROUPS = {
    "JSON documents": ("JSON.", _STACK),
    "Search": ("FT.", _STACK),
    "Time series": ("TS.", _STACK),
    "Bloom filters": ("BF.", _STACK),
    "Cuckoo filters": ("CF.", _STACK),
    "Count-Min sketches": ("CMS.", _STACK),
    "Most frequent items": ("TOPK.", _STACK),
    "t-digests": ("TDIGEST.", _STACK),
    "Vector sets": ("V", _REDIS_8),
}

#: Commands that are newer than the servers.
NOWHERE = {"FT.ALIASLIST", "FT.HYBRID", "TS.NRANGE", "TS.NREVRANGE", "TS.QUERYLABELS", "TS.READ", "VRANGE"}

#: What no method sends: a text for people, and a command of old servers.
_WITHOUT_METHOD = {"FT.CONFIG HELP", "JSON.NUMPOWBY"}


def _names(prefix: str) -> list[str]:
    found = (name for name, command in COMMANDS.items() if name.startswith(prefix) and not command.container)
    return sorted(name for name in found if name not in _WITHOUT_METHOD)


#: The commands that are tested against each server.
LIVE = {
    server: frozenset(
        name for prefix, its in _GROUPS.values() if its == server for name in _names(prefix) if name not in NOWHERE
    )
    for server in (_STACK, _REDIS_8)
}


def table() -> str:
    """Return the table of the documentation."""
    rows = ["| Commands | Tested against | Of these | On wire bytes only |\n", "|---|---|---|---|\n"]
    for group, (prefix, server) in _GROUPS.items():
        names = _names(prefix)
        live, others = ([name for name in names if (name in LIVE[server]) is wanted] for wanted in (True, False))
        rows.append(f"| {group} | {server} | {_listed(live)} | {_listed(others)} |\n")
    return "".join(rows)


def _listed(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
