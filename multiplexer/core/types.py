"""Types that every room knows."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeAlias, TypeVar

from ..errors import RedisError

#: What can be sent as one argument of a command.
Encodable = bytes | bytearray | memoryview | str | int | float
#: What can name a key, field or channel.
Key = bytes | bytearray | memoryview | str
#: A glob-style pattern.
Pattern = bytes | bytearray | memoryview | str

#: What is subscribed to: ``"channel"``, ``"pattern"`` or ``"shard"``, and its name.
Topic = tuple[str, bytes]

#: One packed command, or the parts of one whose large values travel without a copy.
Payload = bytes | tuple[bytes, ...]

#: What a parser makes of a reply, text decoded or not; an error may stand in the place of any part of it.
Reply: TypeAlias = (
    "bytes | str | int | float | bool | RedisError | list[Reply] | dict[Reply, Reply] | set[Reply] | None"
)
#: An array, or RESP3's set; nil for none.
Elements: TypeAlias = "list[Reply] | set[Reply] | None"
#: Fields and their values: RESP3's mapping, or RESP2's flat array; nil for none.
Fields: TypeAlias = "dict[Reply, Reply] | list[Reply] | None"
#: RESP3's number, or the text RESP2 has for it.
Number = int | float | bytes | str

#: The kind of text a handle returns: ``bytes``, or ``str`` with ``decode=True``.
AnyStr = TypeVar("AnyStr", bytes, str)

#: The type of a handle's values where it has a codec.
Value = TypeVar("Value")

_Result = TypeVar("_Result")

#: What a method returns that is awaited for a reply, of which task groups and the like can make a task too.
Pending = Coroutine[Any, Any, _Result]


def size_of(payload: Payload) -> int:
    """Return how many bytes a command has."""
    return len(payload) if isinstance(payload, bytes) else sum(map(len, payload))
