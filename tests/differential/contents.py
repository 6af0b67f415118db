"""What servers hold when calls begin."""

from __future__ import annotations

from typing import Any

from tests.servers import RealServer

#: Commands whose first key, which stands behind the name or the subcommand, is given the prefix.
CONTENTS: tuple[tuple[Any, ...], ...] = (
    ("SET", "s1", "10"),
    ("SET", "s2", "text \xff"),
    ("SETBIT", "bits", 7, 1),
    ("RPUSH", "l1", "a", "b", "c", "a"),
    ("RPUSH", "l2", "1", "2"),
    ("SADD", "set1", "1", "2", "3"),
    ("SADD", "set2", "3"),
    ("ZADD", "z1", 1, "a", 2.5, "b", "inf", "c"),
    ("ZADD", "z2", 1, "a", 1, "d"),
    ("HSET", "h1", "a", "1", "b", "text", "c", ""),
    ("XADD", "x1", "1-1", "a", "1"),
    ("XADD", "x1", "2-1", "b", "2", "c", "3"),
    ("XGROUP", "CREATE", "x1", "grp", "0"),
    ("PFADD", "p1", "a", "b"),
    ("GEOADD", "g1", 13.361389, 38.115556, "a", 15.087269, 37.502669, "b"),
)


def fill(server: RealServer, prefix: str = "") -> None:
    """Have a server hold this and nothing else, under keys with a prefix."""
    server.command("FLUSHALL")
    server.command("SCRIPT", "FLUSH")
    server.command("FUNCTION", "FLUSH")
    for name, *words in CONTENTS:
        place = 1 if name == "XGROUP" else 0
        server.command(name, *words[:place], prefix + words[place], *words[place + 1 :])
