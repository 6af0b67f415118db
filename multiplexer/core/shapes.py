"""Says of a reply which of its shapes it has, and refuses all others.

What stands in the way of many replies a second goes without: its parameter is of the one shape that its command's
replies have.
"""

from __future__ import annotations

from ..errors import InvalidResponse, RedisError
from .types import Reply


def as_list(reply: Reply) -> list[Reply]:
    """Return an array, or a set as a list.

    Raises:
        InvalidResponse: It is neither.
    """
    if isinstance(reply, list):
        return reply
    if isinstance(reply, (set, frozenset, tuple)):
        return list(reply)
    raise _unexpected(reply, "an array")


def as_text(reply: Reply) -> str:
    """Return text; what is not UTF-8 shows up as escapes.

    Raises:
        InvalidResponse: It is no text.
    """
    if isinstance(reply, bytes):
        return reply.decode("utf-8", "backslashreplace")
    if isinstance(reply, str):
        return reply
    raise _unexpected(reply, "text")


def plain_text(value: object) -> str:
    """Return what a server says as text, whatever it is; what is not UTF-8 is replaced."""
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def as_int(reply: Reply) -> int:
    """Return a whole number, or the one a text stands for.

    Raises:
        InvalidResponse: It is none.
    """
    if isinstance(reply, (int, float, bytes, str)):
        try:
            return int(reply)
        except (ValueError, OverflowError):
            pass
    raise _unexpected(reply, "a whole number")


def as_float(reply: Reply) -> float:
    """Return a number, or the one a text stands for.

    Raises:
        InvalidResponse: It is none.
    """
    if isinstance(reply, (int, float, bytes, str)):
        try:
            return float(reply)
        except ValueError:
            pass
    raise _unexpected(reply, "a number")


def _unexpected(reply: object, wanted: str) -> RedisError:
    """The error for a reply of another shape; where an error stands in its place, that one.

    It does not show the reply, which may be a value of the application's.
    """
    if isinstance(reply, RedisError):
        return reply
    found = _SHAPES.get(type(reply), "something else")
    return InvalidResponse(f"the server's reply has {found} where {wanted} belongs")


_SHAPES: dict[type, str] = {
    type(None): "nil",
    bool: "a boolean",
    bytes: "text",
    dict: "a mapping",
    float: "a number with a fraction",
    int: "a whole number",
    list: "an array",
    set: "a set",
    str: "text",
}
