"""What MONITOR reports: one line of text for each command any client sends."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...errors import ProtocolError

_LINE = re.compile(rb"(\d+\.\d+) \[(\d+) (.*?)\] (.*)", re.DOTALL)
_WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)
_CONTROL = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}


class MonitoredCommand(NamedTuple):
    """One command that some client sent.

    Attributes:
        time: When, in seconds since 1970 by the server's clock.
        database: Index of the client's database.
        client: Where it came from: ``host:port``, ``unix:path``, or ``lua`` for a script's.
        words: The command's words.
    """

    time: float
    database: int
    client: str
    words: tuple[bytes, ...]


def parse_monitor_line(line: bytes) -> MonitoredCommand:
    """Read one line of MONITOR.

    Raises:
        ProtocolError: It is something else.
    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise ProtocolError("the server sent something else than MONITOR's lines")
    time, database, client, rest = match.groups()
    words = tuple(_ESCAPE.sub(_unescaped, word) for word in _WORD.findall(rest))
    return MonitoredCommand(float(time), int(database), client.decode(errors="replace"), words)


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    if len(escaped) == 3:
        return bytes([int(escaped[1:], 16)])
    return _CONTROL.get(escaped, escaped)
