"""Whatever msgspec knows."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar, overload

from ..errors import ConfigurationError
from .extras import imported

_Value = TypeVar("_Value")


class MsgspecCodec(Generic[_Value]):
    """MessagePack or JSON of whatever msgspec knows: its structs, dataclasses, TypedDicts, unions, dates.

    Values are validated when they come; when they are sent, msgspec does not look whether they are of the type. Needs
    the extra ``msgspec``.

    Args:
        type: The type; by default, anything the format has.
        format: ``"msgpack"``, or ``"json"`` for what others are to read.

    Raises:
        ConfigurationError: msgspec is not installed, or there is no such format.
    """

    @overload
    def __init__(self, type: type[_Value], /, *, format: Literal["msgpack", "json"] = ...) -> None: ...

    @overload
    def __init__(self: MsgspecCodec[Any], /, *, format: Literal["msgpack", "json"] = ...) -> None: ...

    def __init__(self, type: Any = Any, /, *, format: Literal["msgpack", "json"] = "msgpack") -> None:
        if format not in ("msgpack", "json"):
            raise ConfigurationError("MsgspecCodec: format must be 'msgpack' or 'json'")
        module = imported(f"msgspec.{format}", "MsgspecCodec", "msgspec")
        self._encode = module.Encoder().encode
        self._decode = module.Decoder(type).decode

    def encode(self, value: _Value, /) -> bytes:
        """Return the value's bytes.

        Raises:
            TypeError: msgspec does not know its type.
        """
        data: bytes = self._encode(value)
        return data

    def decode(self, data: bytes, /) -> _Value:
        """Return the value.

        Raises:
            msgspec.DecodeError: It is not of the type.
        """
        value: _Value = self._decode(data)
        return value
