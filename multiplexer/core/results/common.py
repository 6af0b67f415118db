"""Converters that several groups of commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from ..shapes import as_list, as_text
from ..types import Elements, Number, Reply

_Item = TypeVar("_Item")
_Other = TypeVar("_Other")
_Result = TypeVar("_Result")


def ok(reply: Reply) -> bool:
    """``+OK`` as True, anything else (such as nil) as False."""
    return text(reply) == "OK"


def ok_or_none(reply: Reply) -> bool | None:
    """``+OK`` as True, nil as None."""
    return None if reply is None else True


def to_bool(reply: Reply) -> bool:
    """The integers 0 and 1, or RESP3's booleans, as a bool."""
    return bool(reply)


def to_bools(reply: list[Reply]) -> list[bool]:
    """An array of integers or booleans as bools."""
    return [bool(item) for item in reply]


def always_true(_reply: Reply) -> bool:
    """True for whatever the server says, where only an error would mean no."""
    return True


def text(value: bytes | _Other) -> str | _Other:
    """``bytes`` as text, everything else unchanged; what is not UTF-8 shows up as escapes."""
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else value


def texts(reply: Elements) -> list[Any]:
    """An array or set of words as a list of text, what is no word unchanged; nil as an empty list."""
    return [text(item) for item in reply or ()]


def deep_text(value: object) -> Any:
    """A reply of any depth with every ``bytes`` in it, mapping keys included, turned into text."""
    if isinstance(value, bytes):
        return text(value)
    if isinstance(value, dict):
        return {deep_text(key): deep_text(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [deep_text(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return {deep_text(item) for item in value}
    return value


def to_float(reply: Number) -> float:
    """A RESP3 double, or RESP2's text for one, ``inf`` and ``nan`` included."""
    return float(reply)


def to_float_or_none(reply: Number | None) -> float | None:
    """As :func:`to_float`, with nil as None."""
    return None if reply is None else float(reply)


def to_floats(reply: list[Number]) -> list[float]:
    """An array of RESP3's doubles, or of RESP2's text for them, as floats."""
    return [float(item) for item in reply]


def to_list(reply: Elements) -> list[Any]:
    """An array or a set as a list; nil as an empty list."""
    return list(reply) if reply else []


def tuple_or_none(reply: list[Reply] | None) -> tuple[Any, ...] | None:
    """An array as a tuple, nil as None."""
    return None if reply is None else tuple(reply)


def to_set(reply: Elements) -> set[Any]:
    """RESP3's set, or RESP2's array for one, as a set; nil as an empty set."""
    return set(reply) if reply else set()


def pairs(reply: Reply) -> Iterator[tuple[Reply, Reply]]:
    """Go through the pairs of a mapping in any of its shapes.

    Args:
        reply: RESP3's mapping, RESP2's flat array, an array of two-element arrays, or nil.
    """
    if not reply:
        return iter(())
    if isinstance(reply, dict):
        return iter(reply.items())
    items = as_list(reply)
    if isinstance(items[0], (list, tuple)):
        return ((item[0], item[1]) for item in map(as_list, items))
    step = iter(items)
    return zip(step, step, strict=True)


def pairs_to_dict(reply: Reply) -> dict[Any, Any]:
    """A mapping in any of its shapes (see :func:`pairs`) as a dict; nil as an empty one."""
    return reply if isinstance(reply, dict) else dict(pairs(reply))


def text_keyed(reply: Reply) -> dict[str, Any]:
    """A mapping in any of its shapes as a dict with text keys and untouched values."""
    return {as_text(key): value for key, value in pairs(reply)}


def text_dict(reply: Reply) -> dict[str, Any]:
    """A mapping in any of its shapes as a dict in which everything is text."""
    return {as_text(key): deep_text(value) for key, value in pairs(reply)}


def list_of(convert: Callable[[Reply], _Result]) -> Callable[[Elements], list[_Result]]:
    """Make the converter of an array whose elements ``convert`` turns into results; nil gives an empty list."""

    def convert_all(reply: Elements) -> list[_Result]:
        return [convert(item) for item in reply or ()]

    return convert_all


def chunks(items: Iterable[_Item], size: int) -> list[tuple[_Item, ...]]:
    """A flat array as consecutive tuples of ``size`` elements."""
    step = iter(items)
    return list(zip(*[step] * size, strict=True))


def scan_page(reply: list[Any]) -> tuple[int, list[Any]]:
    """One page of a scan: the cursor to go on with (0 at the end) and the elements."""
    cursor, items = reply
    return int(cursor), to_list(items)
