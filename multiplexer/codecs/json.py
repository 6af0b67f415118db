"""JSON, with nothing but the standard library."""

from __future__ import annotations

from dataclasses import is_dataclass
from json import JSONDecoder, JSONEncoder
from typing import Any, Generic, TypeVar, overload

from .json_types import shape_of, vars_of

_Value = TypeVar("_Value")


class JsonCodec(Generic[_Value]):
    """JSON: of any kind, or of one type.

    A type may be a dataclass, a TypedDict, ``bool``, ``int``, ``float``, ``str``, ``list[…]``, ``tuple[…]``,
    ``dict[str, …]``, ``Literal[…]``, a union of these, and whatever these have in them. A value is checked when it is
    sent and when it comes; fields nobody knows are passed over then. For more than that there are
    :class:`PydanticCodec` and :class:`MsgspecCodec`.

    Args:
        type: The type; by default, any JSON, with dataclasses sent as objects.

    Raises:
        ConfigurationError: The type has something in it that is none of these; the message names it.
    """

    @overload
    def __init__(self, type: type[_Value], /) -> None: ...

    @overload
    def __init__(self: JsonCodec[Any], /) -> None: ...

    def __init__(self, type: Any = Any, /) -> None:
        self._shape = shape_of(type)

    def encode(self, value: _Value, /) -> bytes:
        """Return the value's JSON, in UTF-8 and without blanks.

        Raises:
            TypeError: It is not of the type, or has something in it that JSON has not.
            ValueError: It has a number that is not finite, a lone surrogate, or itself in it.
        """
        self._shape.check(value)
        return _encode(value).encode()

    def decode(self, data: bytes, /) -> _Value:
        """Return the value.

        Raises:
            ValueError: It is no JSON.
            TypeError: It is not of the type.
        """
        value: _Value = self._shape.read(_decode(data.decode()))
        return value


def _as_object(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return vars_of(value)
    raise TypeError(f"JSON has nothing for {type(value).__name__}")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


_encode = JSONEncoder(default=_as_object, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_decode = JSONDecoder(parse_constant=_refuse).decode
