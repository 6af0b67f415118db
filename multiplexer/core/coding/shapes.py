"""Where values are in what a method returns, and how they are read.

A result has bytes where the server sent text, and whatever the method's own converter has made of the rest. Each
function here returns it with values read and names, such as keys, fields and ids, as str.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..wire.resp import decode

#: Makes a value of bytes.
Read = Callable[[bytes], Any]
Shape = Callable[[Any, Read], Any]


def name(found: Any, read: Read | None = None) -> Any:
    """A name, or none."""
    return found.decode() if isinstance(found, bytes) else found


def values(found: Any, read: Read) -> Any:
    """Values however deep they lie, with whatever else is not text; of a set a list, as not every value has a hash."""
    if isinstance(found, bytes):
        return read(found)
    if isinstance(found, list | set):
        return [read(item) if item.__class__ is bytes else values(item, read) for item in found]
    if isinstance(found, tuple):
        return tuple([values(item, read) for item in found])
    return found


def fields(found: Any, read: Read) -> Any:
    """Values by name, or none."""
    return None if found is None else {name(field): values(value, read) for field, value in found.items()}


def in_turn(found: Any, read: Read) -> Any:
    """Names and values in turn."""
    return [read(item) if place % 2 else name(item) for place, item in enumerate(found)]


def page(found: Any, read: Read) -> Any:
    """A cursor, and values by name."""
    cursor, items = found
    return cursor, fields(items, read)


def from_key(found: Any, read: Read) -> Any:
    """The name of the key that values come from, and what comes from it; or none."""
    if found is None:
        return None
    return type(found)((name(found[0]), *[values(item, read) for item in found[1:]]))


def entry(found: Any, read: Read) -> Any:
    """An entry of a stream: its id, its values by name, and numbers."""
    return (name(found[0]), fields(found[1], read), *found[2:])


def entries(found: Any, read: Read) -> Any:
    """Entries of a stream."""
    return [entry(each, read) for each in found]


def streams(found: Any, read: Read) -> Any:
    """Streams with their entries."""
    return [[name(stream), entries(items, read)] for stream, items in found]


def claimed(found: Any, read: Read) -> Any:
    """The id to go on with, entries, and ids of those that are gone."""
    return [name(found[0]), entries(found[1], read), *map(decode, found[2:])]


def ids(found: Iterable[Any], read: Read) -> Any:
    """Ids alone."""
    return [name(each) for each in found]


def stream_description(found: Any, read: Read) -> Any:
    """What a server says of a stream, with some of its entries or all."""
    described: dict[str, Any] = {}
    for about, told in found.items():
        if about == "entries":
            described[about] = {name(each): fields(held, read) for each, held in told.items()}
        elif about in ("first-entry", "last-entry"):
            described[about] = None if told is None else entry(told, read)
        else:
            described[about] = decode(told)
    return described
