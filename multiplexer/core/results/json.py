"""Results of the commands on JSON documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..shapes import as_int, as_text
from ..types import Reply
from .common import text

#: Makes a value of JSON text.
Decode = Callable[[str], Any]


def document(decode: Decode) -> Callable[[bytes | str | None], Any]:
    """Make the converter of one document's text, or nil."""

    def convert(reply: bytes | str | None) -> Any:
        return None if reply is None else decode(text(reply))

    return convert


def documents(decode: Decode) -> Callable[[list[bytes | str | None]], list[Any]]:
    """Make the converter of an array of documents' texts, some of them nil."""
    convert = document(decode)
    return lambda reply: [convert(item) for item in reply]


def popped(decode: Decode) -> Callable[[Reply], Any]:
    """Make the converter of one element's text, or of an array of them, which stay text."""

    def convert(reply: Reply) -> Any:
        if isinstance(reply, list):
            return [text(item) for item in reply]
        return None if reply is None else decode(as_text(reply))

    return convert


def calculated(decode: Decode, legacy: bool) -> Callable[[Reply], Any]:
    """Make the converter of new numbers: RESP2's JSON text, or RESP3's array even for a single one.

    Args:
        decode: Makes values of JSON text.
        legacy: Whether the path gives one number: that of the last place it matches.
    """

    def convert(reply: Reply) -> Any:
        if isinstance(reply, (bytes, str)):
            return decode(text(reply))
        if legacy and isinstance(reply, list):
            return next((item for item in reversed(reply) if item is not None), None)
        return reply

    return convert


def toggled(reply: Reply) -> Any:
    """New booleans: text or RESP3's boolean for one place, an array of 0, 1 and nil for several."""
    if isinstance(reply, list):
        return [None if item is None else as_int(item) for item in reply]
    return text(reply) == "true" if isinstance(reply, (bytes, str)) else reply


def types(legacy: bool) -> Callable[[Reply], Any]:
    """Make the converter of names of types, which RESP3 has in one more array than RESP2."""

    def convert(reply: Reply) -> Any:
        if not isinstance(reply, list):
            return reply
        if legacy:
            return reply[0] if reply else None
        nested = len(reply) == 1 and (reply[0] is None or isinstance(reply[0], list))
        return reply[0] if nested else reply

    return convert


def in_resp(reply: Reply) -> Any:
    """A document in the protocol's own types, all of it text, with numbers that have a fraction as text too."""
    if isinstance(reply, list):
        return [in_resp(item) for item in reply]
    return str(reply) if isinstance(reply, float) else text(reply)
