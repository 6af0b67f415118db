"""Types of arguments and results, under redis-py's names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from ..core.types import Encodable, Key

__all__ = [
    "AbsExpiryT",
    "AnyFieldT",
    "AnyKeyT",
    "AnyStreamIdT",
    "BitfieldOffsetT",
    "ChannelT",
    "ConsumerT",
    "EncodableT",
    "EncodedT",
    "ExpiryT",
    "FieldT",
    "GroupT",
    "KeyT",
    "Number",
    "PatternT",
    "PubSubHandler",
    "ResponseT",
    "ScriptTextT",
    "StreamIdT",
    "StreamT",
    "Subscription",
    "TimeoutSecT",
    "ZScoreBoundT",
]

Number = int | float
EncodedT = bytes | bytearray | memoryview
EncodableT = Encodable
KeyT = Key
AnyKeyT = TypeVar("AnyKeyT", bytes, str, memoryview)
FieldT = Encodable
AnyFieldT = TypeVar("AnyFieldT", bytes, str, memoryview)
PatternT = Key
ChannelT = Key
StreamT = Key
GroupT = Key
ConsumerT = Key
StreamIdT = int | bytes | bytearray | memoryview | str
AnyStreamIdT = TypeVar("AnyStreamIdT", int, bytes, str, memoryview)
ScriptTextT = bytes | bytearray | memoryview | str
TimeoutSecT = int | float
ZScoreBoundT = float | str
BitfieldOffsetT = int | str
ExpiryT = int | timedelta
AbsExpiryT = int | datetime
ResponseT = Awaitable[Any] | Any

#: Called with each message of its channel or pattern: a dict of ``type``, ``pattern``, ``channel`` and ``data``.
PubSubHandler = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Subscription:
    """A channel or pattern with what handles its messages.

    Attributes:
        name: Name of the channel, or the pattern.
        handler: Called with each message; None where they are returned.
    """

    name: Key
    handler: PubSubHandler | None = None
