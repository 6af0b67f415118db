"""Whatever pydantic knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from .extras import imported

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_Value = TypeVar("_Value")


class PydanticCodec(Generic[_Value]):
    """JSON of whatever pydantic knows: models, dataclasses, TypedDicts, unions, dates.

    Values are validated when they come; when they are sent, what is not of the type is refused. Fields go by their
    aliases, and computed ones are left out. Needs the extra ``pydantic``.

    Args:
        type: The type, or a ``TypeAdapter`` of it.

    Raises:
        ConfigurationError: pydantic is not installed.
    """

    @overload
    def __init__(self, type: type[_Value], /) -> None: ...

    @overload
    def __init__(self, type: TypeAdapter[_Value], /) -> None: ...

    def __init__(self, type: Any, /) -> None:
        adapter = imported("pydantic", "PydanticCodec", "pydantic").TypeAdapter
        self._adapter: TypeAdapter[_Value] = type if isinstance(type, adapter) else adapter(type)

    def encode(self, value: _Value, /) -> bytes:
        """Return the value's JSON.

        Raises:
            PydanticSerializationError: It is not of the type.
        """
        return self._adapter.dump_json(value, by_alias=True, round_trip=True, warnings="error")

    def decode(self, data: bytes, /) -> _Value:
        """Return the value.

        Raises:
            ValidationError: It is not of the type. Its text, unlike that of the error it is the cause of, shows values.
        """
        return self._adapter.validate_json(data)
