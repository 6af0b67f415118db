"""RESP as a server writes it: Python values to bytes, for both versions of the protocol, and where replies end."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any, NamedTuple

from multiplexer.embedded import free_port
from multiplexer.embedded.server import _guard


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple string: ``+text``."""

    text: str


@dataclass(frozen=True, slots=True)
class Error:
    """An error reply: ``-text``; the first word is its code."""

    text: str


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A verbatim string of RESP3; a bulk string in RESP2."""

    text: str
    format: str = "txt"


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes for the wire as they are, well-formed or not."""

    data: bytes


class Push:
    """An out-of-band message: a push of RESP3, an array in RESP2."""

    __slots__ = ("items",)

    def __init__(self, *items: Any) -> None:
        self.items = items

    def __repr__(self) -> str:
        return f"Push{self.items!r}"


OK = Simple("OK")


def encode(value: Any, protocol: int = 2) -> bytes:
    """Encode a reply.

    Args:
        value: ``str`` and ``bytes`` become bulk strings; ``int``, ``float``, ``bool``, ``None``, ``list``, ``tuple``,
            ``dict`` and ``set`` what their name says in RESP3 and the legacy shape in RESP2; :class:`Simple`,
            :class:`Error`, :class:`Verbatim`, :class:`Push` and :class:`Raw` as documented there.
        protocol: Version of RESP: 2 or 3.

    Raises:
        TypeError: The value has no place in RESP.
    """
    out = bytearray()
    _encode(value, protocol >= 3, out)
    return bytes(out)


def _encode(value: Any, resp3: bool, out: bytearray) -> None:
    match value:
        case None:
            out += b"_\r\n" if resp3 else b"$-1\r\n"
        case bool():
            out += (b"#t\r\n" if value else b"#f\r\n") if resp3 else b":%d\r\n" % value
        case int():
            out += b":%d\r\n" % value
        case float():
            text = repr(value).removesuffix(".0")
            out += f",{text}\r\n".encode() if resp3 else encode(text)
        case bytes() | bytearray() | memoryview():
            out += b"$%d\r\n%b\r\n" % (len(value), bytes(value))
        case str():
            _encode(value.encode(), resp3, out)
        case Simple(text):
            out += f"+{text}\r\n".encode()
        case Error(text):
            out += f"-{text}\r\n".encode()
        case Verbatim(text, kind):
            if resp3:
                data = f"{kind}:{text}".encode()
                out += b"=%d\r\n%b\r\n" % (len(data), data)
            else:
                _encode(text, resp3, out)
        case Raw(data):
            out += data
        case dict():
            flat = [part for item in value.items() for part in item]
            _aggregate(b"%" if resp3 else b"*", len(value) if resp3 else len(flat), flat, resp3, out)
        case set() | frozenset():
            _aggregate(b"~" if resp3 else b"*", len(value), value, resp3, out)
        case list() | tuple():
            _aggregate(b"*", len(value), value, resp3, out)
        case Push():
            _aggregate(b">" if resp3 else b"*", len(value.items), value.items, resp3, out)
        case _:
            raise TypeError(f"a reply cannot be a {type(value).__name__}: {value!r}")


def _aggregate(marker: bytes, length: int, items: Any, resp3: bool, out: bytearray) -> None:
    out += b"%b%d\r\n" % (marker, length)
    for item in items:
        _encode(item, resp3, out)


class Item(NamedTuple):
    """One whole reply (or request, or push) in a stream: where it starts and ends, counted from the stream's start."""

    start: int
    end: int
    is_push: bool


class Boundaries:
    """Follows a stream of RESP and tells where each top-level item ends, without building any value.

    Attributes:
        position: Bytes fed so far.
        whole: Items completed so far, pushes not counted.
        start: Where the item under way starts, or the next one would.
        is_push: Whether the item under way is a push.
        lost: Whether the stream turned out not to be RESP; it is not followed any further then.
    """

    __slots__ = ("_left", "_line", "_skip", "is_push", "lost", "position", "start", "whole")

    def __init__(self) -> None:
        self.position = 0
        self.whole = 0
        self.start = 0
        self.is_push = False
        self.lost = False
        self._left = 0  # values missing in the item under way; nesting needs no stack, only their number
        self._skip = 0  # payload bytes still to come
        self._line = b""  # a header cut in two

    def feed(self, data: bytes) -> list[Item]:
        """Take the next bytes of the stream; return the items completed by them."""
        done: list[Item] = []
        base, end, at = self.position, len(data), 0
        self.position += end
        while at < end and not self.lost:
            if self._skip:
                step = min(self._skip, end - at)
                self._skip -= step
                at += step
                if self._skip:
                    break
                self._left -= 1
            else:
                newline = data.find(b"\n", at)
                if newline < 0:
                    self._line += data[at:]
                    if not self._left:
                        self.is_push = self._line.startswith(b">")
                    break
                header = self._line + data[at:newline]
                self._line = b""
                at = newline + 1
                try:
                    self._header(header)
                except ValueError:
                    self.lost = True
                    break
            if not self._left and not self._skip:
                done.append(Item(self.start, base + at, self.is_push))
                self.whole += not self.is_push
                self.start = base + at
                self.is_push = False
        return done

    def _header(self, header: bytes) -> None:
        kind = header[:1]
        if not self._left:
            self._left = 1
            self.is_push = kind == b">"
        if kind in b"$=!":
            length = int(header[1:])
            if length >= 0:
                self._skip = length + 2
                return
        elif kind in b"*~>":
            self._left += max(int(header[1:]), 0)
        elif kind == b"%":
            self._left += 2 * int(header[1:])
        elif kind == b"|":  # an attribute goes before the value it belongs to
            self._left += 2 * int(header[1:]) + 1
        elif kind not in b"+-:_#,(":
            raise ValueError(kind)
        self._left -= 1

    @property
    def under_way(self) -> bool:
        """Whether some bytes of an item have come, but not all."""
        return self.position > self.start


def give_back(port: int) -> None:
    """Let others have a port that nobody listens on any more, nor will again."""
    _guard.release_port(port)


def listen(port: int | None = None) -> socket.socket:
    """Listen on 127.0.0.1, on ``port`` or on a free one."""
    while True:
        # The protocol is named as asyncio sets TCP_NODELAY only where it is: accepted sockets inherit the name.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port if port is not None else free_port()))
            listener.listen(512)
        except OSError:
            listener.close()
            if port is not None:
                raise
        else:
            return listener
