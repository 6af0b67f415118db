"""Types shared by every layer."""

from __future__ import annotations

from typing import TypeVar

#: What can be sent as one argument of a command.
Encodable = bytes | bytearray | memoryview | str | int | float
#: What can name a key, field or channel.
Key = bytes | bytearray | memoryview | str
#: A glob-style pattern.
Pattern = bytes | bytearray | memoryview | str

#: The kind of text a handle returns: ``bytes``, or ``str`` with ``decode=True``.
AnyStr = TypeVar("AnyStr", bytes, str)
