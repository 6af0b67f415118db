"""What subscribers make of messages who want text, or values of their own."""

from __future__ import annotations

from typing import Any

from ...errors import DataError
from ..coding.conversion import Codec, decoded, encoded, is_codec
from ..types import Encodable
from .keyspace import KeyspaceNotification
from .subscriptions import SUBSCRIBE, Gap, Publication


class Text:
    """Text in UTF-8."""

    def encode(self, value: str, /) -> bytes:
        return value.encode()

    def decode(self, data: bytes, /) -> str:
        return data.decode()


_TEXT = Text()


class Decoding:
    """Makes names into text and messages into values."""

    __slots__ = ("_codec",)

    def __init__(self, codec: Codec[Any] | None = None) -> None:
        """Make it; without a codec messages are text, too.

        Raises:
            DataError: The codec is none.
        """
        if codec is not None and not is_codec(codec):
            raise DataError("get_subscriber: codec must have the methods encode and decode")
        self._codec = codec

    def read(self, item: Any) -> Any:
        """Return what a subscription yields for what came.

        Raises:
            DecodeError: It cannot be decoded.
        """
        if item.__class__ is Gap:
            return item
        if item.__class__ is KeyspaceNotification:
            key = decoded(_TEXT, item.key, "PSUBSCRIBE")
            subkeys = tuple(decoded(_TEXT, subkey, "PSUBSCRIBE") for subkey in item.subkeys)
            return item._replace(key=key, subkeys=subkeys)
        channel, data, pattern, kind = item
        command = SUBSCRIBE[kind]
        return Publication(
            decoded(_TEXT, channel, command),
            decoded(self._codec or _TEXT, data, command),
            None if pattern is None else decoded(_TEXT, pattern, command),
            kind,
        )

    def write(self, message: Any, command: str) -> Encodable:
        """Return what is published for a message.

        Raises:
            EncodeError: The codec cannot encode it.
        """
        sent: Encodable = message if self._codec is None else encoded(self._codec, message, command, "message")
        return sent
