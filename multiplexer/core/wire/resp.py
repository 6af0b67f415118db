"""RESP2 and RESP3 on the wire: packing commands, parsing replies.

hiredis does the work, or :mod:`.python_resp` where there is none. Two things are added to it: values too large to be
copied travel as parts of their own, and attributes (``|``), which hiredis takes for a reply, are cut out before it sees
them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from ...errors import ConfigurationError, DataError, ProtocolError, RedisError, from_reply
from ..types import Encodable
from . import python_resp
from .attribute import Attribute
from .optional import hiredis
from .python_resp import PushNotification

__all__ = [
    "LARGE",
    "NO_REPLY",
    "PushNotification",
    "Reader",
    "RespReader",
    "announces_many",
    "decode",
    "is_large",
    "pack",
    "pack_command",
    "reader_named",
]

#: Parses replies; hiredis' own where there is one.
Reader: Callable[..., Any] = python_resp.Reader if hiredis is None else hiredis.Reader

#: Pack a command of small words; raises TypeError for a type it does not know.
pack_command: Callable[[tuple[Any, ...]], bytes] = python_resp.pack_command if hiredis is None else hiredis.pack_command

#: Bytes from which a value is sent from where it lies instead of being copied into the command.
LARGE = 16 * 1024

#: So many bytes from its beginning on is looked for what a reply announces.
_HEAD = 512
_MANY_INSIDE = re.compile(rb"\n[*%~][0-9]{8}").search

#: What :meth:`RespReader.gets` returns while no whole reply has arrived.
NO_REPLY = Ellipsis


def reader_named(parser: str) -> Callable[..., Any]:
    """Return the parser of a name: ``hiredis``, ``python``, or ``auto`` for the faster one that is there.

    Raises:
        ConfigurationError: hiredis is asked for and is not there.
    """
    if parser == "python":
        return python_resp.Reader
    if parser == "hiredis" and hiredis is None:
        raise ConfigurationError("parser: hiredis is not installed, or switched off by MULTIPLEXER_NO_HIREDIS")
    return Reader


def is_large(args: Sequence[Any]) -> bool:
    """Whether one of the arguments is too large to be copied."""
    for arg in args:
        kind = arg.__class__
        if (kind is bytes or kind is str) and len(arg) >= LARGE:
            return True
    return False


def pack(args: Sequence[Encodable]) -> bytes | tuple[bytes, ...]:
    """Pack one command, however odd or large its arguments.

    Args:
        args: The command's words.

    Returns:
        The bytes to send, or the parts to send one after the other where a value is large.

    Raises:
        DataError: An argument cannot be sent; the message names the command and the argument's position.
    """
    encoded = [_encode(args, position) for position in range(len(args))]
    parts: list[bytes] = []
    small: list[bytes] = [b"*%d\r\n" % len(encoded)]
    for value in encoded:
        small.append(b"$%d\r\n" % len(value))
        if len(value) >= LARGE:
            parts += (b"".join(small), value)
            small = [b"\r\n"]
        else:
            small += (value, b"\r\n")
    tail = b"".join(small)
    return (*parts, tail) if parts else tail


def _encode(args: Sequence[Encodable], position: int) -> bytes:
    value = args[position]
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        try:
            return value.encode()
        except UnicodeEncodeError as error:
            raise _refused(args, position, f"is not valid text ({error.reason})") from None
    if isinstance(value, bool):
        raise _refused(args, position, "is a bool; send 1 or 0, or a word of your choice")
    if isinstance(value, int):
        return b"%d" % value
    if isinstance(value, float):
        return repr(value).encode()
    if isinstance(value, bytearray | memoryview):
        return bytes(value)  # a copy: the caller may change the buffer while the command waits to be sent
    raise _refused(args, position, f"is of type {type(value).__name__}")


def _refused(args: Sequence[Encodable], position: int, why: str) -> DataError:
    name = args[0] if args else "command"
    if isinstance(name, bytes):
        name = name.decode(errors="replace")
    error = DataError(f"{name}: argument {position} {why}; bytes, str, int and float can be sent")
    error.command = str(name)
    error.phase = "created"
    return error


def decode(reply: Any) -> Any:
    """Turn every bytes in a reply into str.

    Raises:
        UnicodeDecodeError: A value is not UTF-8.
    """
    kind = reply.__class__
    if kind is bytes:
        return reply.decode()
    if kind is list:
        if len(reply) == 2:  # pairs come by the thousand: members with scores, entries of streams
            first, second = reply
            return [
                first.decode() if first.__class__ is bytes else decode(first),
                second.decode() if second.__class__ is bytes else decode(second),
            ]
        return [item.decode() if item.__class__ is bytes else decode(item) for item in reply]
    if kind is dict:
        return {
            key.decode() if key.__class__ is bytes else decode(key): (
                value.decode() if value.__class__ is bytes else decode(value)
            )
            for key, value in reply.items()
        }
    return reply


class RespReader:
    """Parses what a server sends.

    Replies come back as bytes, int, float, bool, None, list and dict; an error reply as an exception object;
    an out-of-band message as :class:`PushNotification`. Text is decoded later, by whoever asked for it:
    a reply that is not UTF-8 is then the trouble of one caller and not of the connection.

    Args:
        parser: Makes the parser underneath.
        make_error: Makes an error of a server's text.
        longest: Most bytes of one reply.
    """

    __slots__ = (
        "_look",
        "_make",
        "_much_inside",
        "_much_is",
        "_reader",
        "cut",
        "feed",
        "gets",
        "has_data",
        "inside",
        "line_ended",
        "longest",
        "parse",
    )

    def __init__(
        self,
        parser: Callable[..., Any] = Reader,
        make_error: Callable[[str], RedisError] = from_reply,
        longest: int = sys.maxsize,
    ) -> None:
        self.longest = longest
        self._make = partial(parser, protocolError=ProtocolError, replyError=make_error, notEnoughData=NO_REPLY)
        self._look = partial(python_resp.Reader, protocolError=ProtocolError, replyError=make_error, longest=longest)
        if parser is python_resp.Reader:
            self._make = partial(self._make, longest=longest)
        #: So many digits a number may need for what is announced to be too much, by itself or with those around it.
        self._much_is = max(len(str(longest)) - 3, 1)
        self._much_inside = re.compile(rb"\n[*%%~>$=!][0-9+]{%d}" % self._much_is).search
        #: An attribute that has begun to arrive, and not ended.
        self.cut: Attribute | None = None
        #: Bytes still to come of a large value.
        self.inside = 0
        #: Whether the last byte that was read ended a line. Where it did not, what comes next begins no reply, although
        #: hiredis holds nothing: it takes a reply's first byte out of its buffer at once.
        self.line_ended = True
        self.let_go()

    def let_go(self) -> None:
        """Take a new parser. Nothing must be held, not even an array of which some elements have come.

        hiredis keeps the place of a large reply until others have come.
        """
        self._reader = self._make()
        #: Take bytes free of attributes: ``feed(data, start, size)``.
        self.feed: Callable[[Any, int, int], None] = self._reader.feed
        #: Return the next whole reply, or NO_REPLY. Raises ProtocolError where it cannot be RESP.
        self.gets: Callable[[], Any] = self._reader.gets
        #: The parser's own of that: something may stand before it for a while, see ``PhysicalConnection.expect``.
        self.parse = self.gets
        #: Whether bytes are held that no reply was made of.
        self.has_data: Callable[[], bool] = self._reader.has_data

    def may_hold_attributes(self, data: bytes | bytearray, size: int) -> bool:
        """Whether ``data`` must go through :meth:`without_attributes` before it is fed."""
        if self.inside:
            # All of it lies within a large value that began at a reply's start: no need to look.
            self.inside = max(self.inside - size, 0)
            if self.inside:
                return False
        elif data[0] == _BULK and self.line_ended and not self.cut and not self.has_data():
            self.inside = max(_size_of_bulk(data) - size, 0)
        if data.find(b"|", 0, size) < 0:
            return bool(self.cut)
        return data[0] == _ATTRIBUTE or _ATTRIBUTE_AFTER_LINE(data, 0, size) is not None or bool(self.cut)

    def without_attributes(self, data: bytes | bytearray, size: int) -> Iterator[bytes]:
        """Cut attributes out of what arrived.

        After each piece the caller feeds it and takes its replies; only then can be told whether the next
        ``|`` lies inside a value or begins an attribute.
        """
        data = bytes(memoryview(data)[:size])
        start = 0
        if self.cut is None:
            at = 0 if self.line_ended and data.startswith(b"|") else _attribute_after_line(data, 0)
        else:
            start = self._end_of_attribute(self.cut, data, 0)
            if start < 0:
                return
            at = _attribute_after_line(data, start - 1)  # another one may follow at once
        while at >= 0:
            if at > start:
                yield data[start:at]
                start = at
            if not self.has_data():
                start = self._end_of_attribute(Attribute(), data, at)
                if start < 0:
                    return
                at = start - 1
            at = _attribute_after_line(data, at)
        if start < len(data):
            yield data[start:]

    def _end_of_attribute(self, attribute: Attribute, data: bytes, at: int) -> int:
        end = attribute.end_in(data, at)
        self.cut = attribute if end < 0 else None
        return end

    def look_at_head(self, data: bytes | bytearray, size: int) -> None:
        """Look at the beginning of a reply for what it announces, in itself or in its first elements.

        Raises:
            ProtocolError: It is more than a reply may have.
        """
        end = min(size, _HEAD)
        if not data[1 : 1 + self._much_is].lstrip(b"+").isdigit() and self._much_inside(data, 0, end) is None:
            return  # as nearly all
        look = self._look()
        look.feed(data, 0, end)
        look.gets()

    def check_length(self, size: int) -> None:
        """See that a reply which has not ended may have so many bytes.

        Raises:
            ProtocolError: It may not.
        """
        if size > self.longest:
            raise ProtocolError(f"a reply has no end; the bound is max_reply_bytes={self.longest}")

    def unfinished_bytes(self) -> int:
        """Bytes held of a reply that has not arrived in full."""
        attribute = 0 if self.cut is None else self.cut.size
        return (self._reader.len() if self.has_data() else 0) + attribute


_LINE_FEED, _BULK, _ATTRIBUTE = b"\n$|"
_ATTRIBUTE_AFTER_LINE = re.compile(rb"\n\|").search


def announces_many(data: bytes | bytearray) -> bool:
    """Whether the aggregate that ``data`` begins with, or one within, may announce ten million elements or more."""
    if data.find(b"\r", 1, 9) < 0:
        return True
    # Looked for one by one, as few replies have any of them: that costs a tenth of what the pattern does.
    if data.find(b"*", 1, _HEAD) < 0 and data.find(b"%", 1, _HEAD) < 0 and data.find(b"~", 1, _HEAD) < 0:
        return False
    return _MANY_INSIDE(data, 0, _HEAD) is not None


def _attribute_after_line(data: bytes, start: int) -> int:
    """Return where a ``|`` follows the end of a line, which may be at ``start``; -1 where there is none."""
    found = _ATTRIBUTE_AFTER_LINE(data, start)  # in large values thrice as fast as bytes.find()
    return -1 if found is None else found.start() + 1


def _size_of_bulk(data: bytes | bytearray) -> int:
    """Return how many bytes the bulk string that ``data`` begins with takes in all; 0 where that is unclear."""
    end = data.find(b"\r\n", 0, 24)
    return int(data[1:end]) + end + 4 if end > 0 and data[1:end].isdigit() else 0
