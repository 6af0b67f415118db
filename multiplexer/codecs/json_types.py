"""How JSON becomes values of a type, and what of a type becomes JSON.

Each kind of type has a shape, which checks a value before it is sent and reads one out of parsed JSON. Messages name
types and fields, and never show a value.
"""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Protocol,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from ..errors import ConfigurationError


class Shape(Protocol):
    """What is known of one type."""

    def check(self, value: Any) -> None:
        """Refuse a value that is not of the type.

        Raises:
            TypeError: It is not.
        """
        ...

    def read(self, value: Any) -> Any:
        """Return the value of the type that parsed JSON stands for.

        Raises:
            TypeError: It stands for none.
        """
        ...


def shape_of(wanted: Any) -> Shape:
    """Return the shape of a type.

    Raises:
        ConfigurationError: It has something in it that JSON has not, and that is neither a dataclass nor a TypedDict.
    """
    return _Shapes().of(wanted)


class _Shapes:
    """The shapes of one type and of all that is in it; a type may have itself in it."""

    def __init__(self) -> None:
        self._records: dict[Any, _Record] = {}

    def of(self, wanted: Any) -> Shape:
        origin, arguments = get_origin(wanted), get_args(wanted)
        if wanted is Any or wanted is object:
            return _Anything()
        if wanted in _PLAIN:
            return _PLAIN[wanted]
        if origin is Annotated:
            return self.of(arguments[0])
        if origin is Literal:
            return _Choice(arguments)
        if origin in (Union, types.UnionType):
            return _Union([self.of(each) for each in arguments])
        if wanted is list or origin is list:
            return _List(self.of(arguments[0] if arguments else Any))
        if origin is tuple:
            if len(arguments) == 2 and arguments[1] is Ellipsis:
                return _Tuple(self.of(arguments[0]), None)
            return _Tuple(None, [self.of(each) for each in arguments])
        if wanted is dict or (origin is dict and arguments[0] is str):
            return _Dict(self.of(arguments[1] if arguments else Any))
        if isinstance(wanted, type) and (is_dataclass(wanted) or hasattr(wanted, "__required_keys__")):
            return self._record(wanted)
        name = getattr(wanted, "__name__", None) if origin is None else None
        raise ConfigurationError(
            f"JsonCodec: {name or wanted} is neither a type that JSON has, nor a dataclass, nor a TypedDict; "
            "PydanticCodec and MsgspecCodec know more types"
        )

    def _record(self, wanted: Any) -> Shape:
        if wanted in self._records:
            return self._records[wanted]
        record = self._records[wanted] = _Record(wanted)
        hints = get_type_hints(wanted, include_extras=True)
        if is_dataclass(wanted):
            for field in fields(wanted):
                optional = field.default is not MISSING or field.default_factory is not MISSING
                record.add(field.name, self.of(hints[field.name]), not optional, field.init)
            return record
        for name, hint in hints.items():
            required = name in wanted.__required_keys__
            if get_origin(hint) in (Required, NotRequired):  # not known to the class where its annotations are text
                required, hint = get_origin(hint) is Required, get_args(hint)[0]
            record.add(name, self.of(hint), required, True)
        return record


class _Anything:
    """Whatever JSON has."""

    def check(self, value: Any) -> None:
        pass

    def read(self, value: Any) -> Any:
        return value


class _Plain:
    """A number, text, true or false, or null."""

    def __init__(self, kind: type) -> None:
        self._kind = kind

    def check(self, value: Any) -> None:
        if not isinstance(value, self._kind) or (isinstance(value, bool) and self._kind is not bool):
            raise _unexpected(value, "None" if self._kind is _NONE else self._kind.__name__)

    def read(self, value: Any) -> Any:
        self.check(value)
        return value


class _Float:
    """A number; what has no fraction may be an int, as type checkers have it."""

    def check(self, value: Any) -> None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise _unexpected(value, "float")

    def read(self, value: Any) -> Any:
        self.check(value)
        return float(value)


class _Choice:
    """One of some values."""

    def __init__(self, values: tuple[Any, ...]) -> None:
        self._values = {(type(value), value) for value in values}

    def check(self, value: Any) -> None:
        # A list or dict cannot be looked up.
        if isinstance(value, list | dict) or (type(value), value) not in self._values:
            raise TypeError("none of the values that may be")

    def read(self, value: Any) -> Any:
        self.check(value)
        return value


class _Union:
    """One of several types: the first that fits."""

    def __init__(self, shapes: list[Shape]) -> None:
        self._shapes = shapes

    def check(self, value: Any) -> None:
        for shape in self._shapes:
            try:
                return shape.check(value)
            except TypeError:
                pass
        raise _unexpected(value, "one of several types")

    def read(self, value: Any) -> Any:
        for shape in self._shapes:
            try:
                return shape.read(value)
            except TypeError:
                pass
        raise _unexpected(value, "one of several types")


class _List:
    """An array of one type."""

    def __init__(self, item: Shape) -> None:
        self._item = item

    def check(self, value: Any) -> None:
        for each in _expect(list, value):
            self._item.check(each)

    def read(self, value: Any) -> Any:
        return [self._item.read(each) for each in _expect(list, value)]


class _Tuple:
    """An array as a tuple: of one type, or with a type for each place."""

    def __init__(self, item: Shape | None, places: list[Shape] | None) -> None:
        self._item = item
        self._places = places

    def _shapes(self, value: Any) -> Any:
        if self._places is None:
            return [self._item] * len(value)
        if len(value) != len(self._places):
            raise TypeError(f"expected {len(self._places)} elements, got {len(value)}")
        return self._places

    def check(self, value: Any) -> None:
        for shape, each in zip(self._shapes(_expect(tuple, value)), value, strict=True):
            shape.check(each)

    def read(self, value: Any) -> Any:
        return tuple(shape.read(each) for shape, each in zip(self._shapes(_expect(list, value)), value, strict=True))


class _Dict:
    """An object whose names are anything and whose values are of one type."""

    def __init__(self, item: Shape) -> None:
        self._item = item

    def check(self, value: Any) -> None:
        for name, each in _expect(dict, value).items():
            if not isinstance(name, str):  # JSON would make text of it
                raise _unexpected(name, "str for a key")
            self._item.check(each)

    def read(self, value: Any) -> Any:
        return {name: self._item.read(each) for name, each in _expect(dict, value).items()}


class _Record:
    """A dataclass or a TypedDict: an object with known fields. Others are passed over."""

    def __init__(self, kind: Any) -> None:
        self._kind = kind
        self._is_mapping = issubclass(kind, dict)
        self._fields: list[tuple[str, Shape, bool, bool]] = []

    def add(self, name: str, shape: Shape, required: bool, given: bool) -> None:
        """Add a field.

        Args:
            name: Its name.
            shape: What it holds.
            required: Whether it must be there.
            given: Whether it is an argument of the class.
        """
        self._fields.append((name, shape, required, given))

    def check(self, value: Any) -> None:
        if not isinstance(value, dict if self._is_mapping else self._kind):
            raise _unexpected(value, self._kind.__name__)
        found = value if self._is_mapping else vars_of(value)
        for name, shape, required, _ in self._fields:
            if name in found:
                self._within(name, shape.check, found[name])
            elif required:
                raise TypeError(f"{self._kind.__name__}.{name} is missing")

    def read(self, value: Any) -> Any:
        found = {}
        if not isinstance(value, dict):
            raise _unexpected(value, self._kind.__name__)
        for name, shape, required, given in self._fields:
            if not given:
                continue
            if name in value:
                found[name] = self._within(name, shape.read, value[name])
            elif required:
                raise TypeError(f"{self._kind.__name__}.{name} is missing")
        return self._kind(**found)

    def _within(self, name: str, step: Any, value: Any) -> Any:
        try:
            return step(value)
        except TypeError as error:
            raise TypeError(f"{self._kind.__name__}.{name}: {error}") from None


def vars_of(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass's object, also of one with slots."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _expect(wanted: type, value: Any) -> Any:
    if not isinstance(value, wanted):
        raise _unexpected(value, wanted.__name__)
    return value


def _unexpected(value: object, wanted: str) -> TypeError:
    return TypeError(f"expected {wanted}, got {type(value).__name__}")


_NONE = type(None)
_PLAIN: dict[Any, Shape] = {
    None: _Plain(_NONE),
    _NONE: _Plain(_NONE),
    bool: _Plain(bool),
    int: _Plain(int),
    float: _Float(),
    str: _Plain(str),
}
