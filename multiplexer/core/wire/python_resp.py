"""RESP in Python alone, for where hiredis is not: the same results, several times slower.

The parser gives what hiredis gives for every byte and every cut, and takes one thing more: blob errors (``!``),
which hiredis refuses and no known server sends.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from math import isinf
from typing import Any

from ..types import Reply
from .optional import hiredis

__all__ = ["PushNotification", "Reader", "pack_command"]


class _PushNotification(list[Any]):
    """An out-of-band message of RESP3."""

    __slots__ = ()


#: One class, whichever parser made it, because it is told by identity.
PushNotification: Any = _PushNotification if hiredis is None else hiredis.PushNotification


def pack_command(args: tuple[Any, ...]) -> bytes:
    """Pack a command of str, bytes, int and float.

    Raises:
        TypeError: A word is of another type.
        UnicodeEncodeError: A text cannot be encoded.
    """
    parts = [b"*%d\r\n" % len(args)]
    for arg in args:
        kind = arg.__class__
        if kind is str:
            arg = arg.encode()
        elif kind is int or kind is float:
            arg = repr(arg).encode()
        elif kind is not bytes:
            raise TypeError(f"a word of type {kind.__name__} cannot be packed")
        parts.append(b"$%d\r\n%b\r\n" % (len(arg), arg))
    return b"".join(parts)


class _Aggregate:
    """An array, a set, a push or a map whose elements have not all come."""

    __slots__ = ("items", "key", "left")

    def __init__(self, items: list[Reply] | dict[Reply, Reply], left: int) -> None:
        self.items: Any = items
        self.left = left
        self.key: Any = None

    def add(self, item: Reply) -> None:
        """Take the next element; raises TypeError for a key that cannot be one."""
        self.left -= 1
        if self.items.__class__ is not dict:
            self.items.append(item)
        elif self.left & 1:
            hash(item)
            self.key = item
        else:
            self.items[self.key] = item


#: What :meth:`Reader._element` returns while the next element is not whole.
_PART: Any = object()
_LAST_INTEGER = 2**63 - 1
_MOST_ELEMENTS = 2**32 - 1
_LONGEST_DOUBLE = 325
#: An element has this many bytes at least.
_SHORTEST_ELEMENT = 3
#: Most aggregates inside one another.
_DEEPEST = 1024
_DOUBLE = re.compile(rb"-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_DOUBLE_WORDS = {b"inf": float("inf"), b"-inf": float("-inf"), b"nan": float("nan"), b"-nan": float("nan")}
_BIG_NUMBER = re.compile(rb"-?\d*")
#: Consumed bytes are thrown away when there are so many.
_CONSUMED = 64 * 1024


class Reader:
    """Parses replies from bytes that arrive in any pieces; takes the arguments of hiredis' own.

    Args:
        protocolError: Makes the exception for what cannot be RESP.
        replyError: Makes the object that stands for an error reply, from its text.
        notEnoughData: What :meth:`gets` returns while no reply is whole.
        longest: Most bytes a reply may announce; hiredis does not know this one.
    """

    __slots__ = (
        "_at",
        "_buffer",
        "_failure",
        "_longest",
        "_not_enough",
        "_protocol_error",
        "_reply_error",
        "_root",
        "_stack",
    )

    def __init__(
        self,
        protocolError: Callable[[str], Exception],
        replyError: Callable[[str], object],
        notEnoughData: object = False,
        longest: int = sys.maxsize,
    ) -> None:
        self._protocol_error = protocolError
        self._reply_error = replyError
        self._not_enough = notEnoughData
        self._longest = longest
        self._buffer = bytearray()
        self._at = 0
        self._stack: list[_Aggregate] = []
        self._root: Any = None
        self._failure: Exception | None = None

    def feed(self, data: bytes | bytearray | memoryview, start: int = 0, size: int = -1) -> None:
        """Take ``size`` bytes of a buffer from ``start`` on, by default all; they are copied."""
        if start or 0 <= size < len(data):
            self._buffer += memoryview(data)[start : start + size if size >= 0 else None]
        else:
            self._buffer += data

    def has_data(self) -> bool:
        """Whether bytes are held of an element that is not whole, or that was not asked for."""
        return self._at < len(self._buffer)

    def len(self) -> int:
        """Return how many such bytes there are."""
        return len(self._buffer) - self._at

    def gets(self) -> Any:
        """Return the next whole reply, or ``notEnoughData``.

        Raises:
            Exception: What ``protocolError`` made, or TypeError for a map with a key that cannot be one: nothing can
                be read any more.
        """
        if self._failure is not None:
            raise self._failure
        try:
            return self._reply()
        except Exception as error:
            self._failure = error
            self._buffer.clear()
            self._at = 0
            self._stack.clear()
            raise

    def _reply(self) -> Any:
        stack = self._stack
        while (element := self._element()) is not _PART:
            # Put in its place before its own elements have come, as hiredis does: a key is then refused at once.
            if stack:
                stack[-1].add(element.items if element.__class__ is _Aggregate else element)
            if element.__class__ is _Aggregate:
                if not stack:
                    self._root = element.items
                stack.append(element)
            elif not stack:
                return self._whole(element)
            while not stack[-1].left:
                stack.pop()
                if not stack:
                    return self._whole(self._root)
        if self._at > _CONSUMED:
            self._forget_consumed()
        return self._not_enough

    def _whole(self, reply: Reply) -> Any:
        self._root = None
        if self._at >= len(self._buffer) or self._at > _CONSUMED:
            self._forget_consumed()
        return reply

    def _forget_consumed(self) -> None:
        del self._buffer[: self._at]
        self._at = 0

    def _element(self) -> Any:
        """Return the next element, an :class:`_Aggregate` for the beginning of one, or _PART."""
        buffer, at = self._buffer, self._at
        if at >= len(buffer):
            return _PART
        read = _READ.get(buffer[at])
        if read is None:
            raise self._bad(f"a reply begins with {bytes(buffer[at : at + 1])!r}")
        if len(self._stack) >= _DEEPEST and read in _NESTED:
            raise self._bad("replies nested too deep")
        end = buffer.find(b"\r\n", at)
        if end < 0:
            return _PART
        return read(self, bytes(buffer[at + 1 : end]), end + 2)

    def _bad(self, why: str) -> Exception:
        return self._protocol_error(f"the server sent what is not RESP: {why}")

    def _too_long(self, what: str) -> Exception:
        return self._protocol_error(f"a reply announces {what}; the bound is max_reply_bytes={self._longest}")

    # Each of these takes the rest of an element's first line and where the next begins.

    def _status(self, line: bytes, after: int) -> Any:
        if b"\r" in line or b"\n" in line:
            raise self._bad("a line break inside a status or an error")
        self._at = after
        return line

    def _error(self, line: bytes, after: int) -> Any:
        return self._reply_error(self._status(line, after).decode(errors="replace"))

    def _integer(self, line: bytes, after: int) -> Any:
        self._at = after
        return self._number(line, "integer")

    def _number(self, line: bytes, what: str) -> int:
        try:
            number = int(line)
        except ValueError:
            number = _LAST_INTEGER + 1
        # Written in any other way than the shortest it is not RESP, though int() takes it.
        if not ~_LAST_INTEGER <= number <= _LAST_INTEGER or b"%d" % number != line:
            raise self._bad(f"a bad {what}")
        return number

    def _bulk(self, line: bytes, after: int) -> Any:
        size = self._number(line, "length")
        if size < 0:
            if size < -1:
                raise self._bad("a bad length")
            self._at = after
            return None
        if size > self._longest:
            raise self._too_long(f"{size} bytes")
        end = after + size
        if len(self._buffer) < end + 2:
            return _PART
        self._at = end + 2
        return bytes(self._buffer[after:end])

    def _verbatim(self, line: bytes, after: int) -> Any:
        value = self._bulk(line, after)
        if value is None or value is _PART:
            return value
        if value[3:4] != b":":
            raise self._bad("a verbatim string without its format")
        return value[4:]

    def _blob_error(self, line: bytes, after: int) -> Any:
        value = self._bulk(line, after)
        return value if value is None or value is _PART else self._reply_error(value.decode(errors="replace"))

    def _null(self, line: bytes, after: int) -> Any:
        if line:
            raise self._bad("a bad null")
        self._at = after

    def _boolean(self, line: bytes, after: int) -> Any:
        if line not in (b"t", b"f", b"T", b"F"):
            raise self._bad("a bad boolean")
        self._at = after
        return line in b"tT"

    def _double(self, line: bytes, after: int) -> Any:
        self._at = after
        word = _DOUBLE_WORDS.get(line.lower())
        if word is not None:
            return word
        matched = _DOUBLE.fullmatch(line) if len(line) <= _LONGEST_DOUBLE else None
        if matched is not None:
            value = float(line)
            # What is too small for a double is no more a double than what is too large.
            if not isinf(value) and (value or not matched[1].strip(b"0.")):
                return value
        raise self._bad("a bad double")

    def _big_number(self, line: bytes, after: int) -> Any:
        if not _BIG_NUMBER.fullmatch(line):
            raise self._bad("a bad big number")
        self._at = after
        return line

    def _elements(self, line: bytes, after: int) -> int:
        count = self._number(line, "number of elements")
        if not -1 <= count <= _MOST_ELEMENTS:
            raise self._bad("a bad number of elements")
        if count > self._longest // _SHORTEST_ELEMENT - sum([aggregate.left for aggregate in self._stack]):
            raise self._too_long(f"{count} elements")
        self._at = after
        return count

    def _array(self, line: bytes, after: int) -> Any:
        count = self._elements(line, after)
        return None if count < 0 else _Aggregate([], count)

    def _push(self, line: bytes, after: int) -> Any:
        count = self._elements(line, after)
        return None if count < 0 else _Aggregate(PushNotification(), count)

    def _map(self, line: bytes, after: int) -> Any:
        count = self._elements(line, after)
        return None if count < 0 else _Aggregate({}, 2 * count)

    def _attribute(self, line: bytes, after: int) -> Any:
        count = self._elements(line, after)
        return None if count < 0 else _Aggregate([], 2 * count)


_NESTED = frozenset((Reader._array, Reader._map, Reader._push, Reader._attribute))
_READ: dict[int, Callable[[Reader, bytes, int], Any]] = {
    ord("+"): Reader._status,
    ord("-"): Reader._error,
    ord(":"): Reader._integer,
    ord("$"): Reader._bulk,
    ord("*"): Reader._array,
    ord("%"): Reader._map,
    ord("~"): Reader._array,
    ord(">"): Reader._push,
    ord("="): Reader._verbatim,
    ord("!"): Reader._blob_error,
    ord("_"): Reader._null,
    ord("#"): Reader._boolean,
    ord(","): Reader._double,
    ord("("): Reader._big_number,
    ord("|"): Reader._attribute,
}
