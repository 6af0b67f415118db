"""What an option is, and the base class that turns a table of options into an immutable, keyword-only object.

This does what ``dataclasses`` would, at a tenth of its import time, and lets one line per option say everything:
type, default, name in strings, unit, whether it is secret, and what it means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Generic, Never, Self, TypeVar, dataclass_transform

from ..errors import ConfigurationError
from ..importing import importing
from .hidden import hidden, hide_secrets
from .values import CodeOnly, Kind

_In = TypeVar("_In", contravariant=True)
_Out = TypeVar("_Out", covariant=True)

_REQUIRED = object()


class Option:
    """One line of the table.

    Attributes:
        name: Name of the attribute.
        key: Name in strings, or "" for what only code can set.
        kind: How values are checked, read and written.
        default: The default, or None where it is derived from other options.
        default_text: The default in words, for the documentation.
        optional: Whether None, and nothing in a string, is a value.
        secret: Whether the value must never be shown.
        doc: What the option means.
    """

    __slots__ = ("default", "default_text", "doc", "key", "kind", "name", "optional", "secret")

    def __init__(
        self, kind: Kind, doc: str, *, key: str, default: Any, default_text: str, optional: bool, secret: bool
    ) -> None:
        self.name = ""
        self.key = key
        self.kind = kind
        self.default = default
        self.default_text = default_text
        self.optional = optional
        self.secret = secret
        self.doc = doc

    @property
    def required(self) -> bool:
        """Whether there is no default."""
        return self.default is _REQUIRED

    def check(self, value: Any, where: str) -> Any:
        """Return ``value`` in canonical form, or raise ConfigurationError."""
        if self.optional and (value is None or value == ""):
            return None
        checked = self.kind.check(value, where)
        return hidden(checked) if self.secret else checked

    def parse(self, text: str, where: str) -> Any:
        """Return the value that ``text`` stands for, or raise ConfigurationError."""
        if self.optional and not text:
            return None
        return self.kind.parse(text, where)

    def format(self, value: Any) -> str:
        """Return the text that :meth:`parse` reads as ``value``."""
        return "" if value is None else self.kind.format(value)


def option(
    kind: Kind,
    doc: str,
    *,
    key: str = "",
    default: Any = _REQUIRED,
    default_text: str = "",
    optional: bool = False,
    secret: bool = False,
) -> Any:
    """Declare one option; see :class:`Option`. An option whose default is None but not ``optional`` is derived."""
    return Option(kind, doc, key=key, default=default, default_text=default_text, optional=optional, secret=secret)


class Converted(Generic[_In, _Out]):
    """Annotation of an option that takes more types (``_In``) than it gives back (``_Out``). For type checkers only."""

    def __get__(self, instance: object, owner: Any = None) -> _Out:
        raise NotImplementedError

    def __set__(self, instance: object, value: _In) -> None:
        raise NotImplementedError


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name most like ``name``."""
    with importing:
        from difflib import get_close_matches

    by_lower = {candidate.lower(): candidate for candidate in known}
    return by_lower[get_close_matches(name.lower(), by_lower, 1, 0.0)[0]]


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(option,))
class OptionTable:
    """Base of a class whose body declares options.

    Instances are immutable. They remember which options were given, because only those are written by ``to_string``
    and kept by ``with_changes``; what was left out follows its default, also where that depends on other options.
    """

    options: ClassVar[Mapping[str, Option]]
    #: The options that have a name in strings, by that name in lower case.
    by_key: ClassVar[Mapping[str, Option]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        options = {name: value for name, value in vars(cls).items() if isinstance(value, Option)}
        for name, declared in options.items():
            declared.name = name
            delattr(cls, name)  # instances hold every value; on the class the name would hide a missing one
        cls.options = MappingProxyType(options)
        named = {declared.key.lower(): declared for declared in options.values() if declared.key}
        cls.by_key = MappingProxyType({key: declared for key, declared in named.items() if not key.startswith("$")})

    def __init__(self, **values: Any) -> None:
        values = hide_secrets(values)  # by the same name, or a traceback would show them
        self._take(self._from_code(values, {}))

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Make options of what other options or a text say: there is no doubt about its units.

        Raises:
            ConfigurationError: A value is invalid or contradicts another.
        """
        given = hide_secrets(given)
        made = cls.__new__(cls)
        made._take({name: cls._checked(name, value) for name, value in given.items()})
        return made

    def _take(self, given: dict[str, Any]) -> None:
        effective = {name: given.get(name, declared.default) for name, declared in self.options.items()}
        missing = [name for name, value in effective.items() if value is _REQUIRED]
        if missing:
            raise ConfigurationError(f"{missing[0]}: must be given")
        self.__dict__.update(effective, _given=MappingProxyType(given))
        self.__dict__.update(self._derived())
        self._check_together()

    @classmethod
    def _from_code(cls, values: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return what keyword arguments say, by the names of options; ``before`` are the options they change."""
        given = {name: cls._checked(name, value) for name, value in cls.translated(values, before).items()}
        for name in values.keys() & given.keys():
            declared = cls.options[name]
            doubt = declared.kind.doubt(given[name], name, declared.key)
            if doubt:
                raise ConfigurationError(doubt)
        return given

    @classmethod
    def translated(cls, values: dict[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
        """Return keyword arguments by the names of options; ``before`` are the options they change.

        Raises:
            ConfigurationError: One is known under another name and cannot be had, or says it twice.
        """
        return values

    @classmethod
    def _checked(cls, name: str, value: Any) -> Any:
        declared = cls.options.get(name)
        if declared is None:
            raise ConfigurationError(f"unknown option {name!r}; did you mean {nearest(name, cls.options)!r}?")
        return declared.check(value, name)

    def _derived(self) -> dict[str, Any]:
        """Return the values that follow from others."""
        return {}

    def _check_together(self) -> None:
        """Raise ConfigurationError where options contradict each other."""

    def is_given(self, name: str) -> bool:
        """Whether the option was set explicitly, even to its default."""
        return name in self._given

    @property
    def given(self) -> Mapping[str, Any]:
        """The options set explicitly, by attribute name. Passwords are among them."""
        return self._given

    _given: ClassVar[Mapping[str, Any]]

    def with_changes(self, **changes: Any) -> Self:
        """Return a validated copy with some options set anew.

        Raises:
            ConfigurationError: A value is invalid or contradicts another.
        """
        return self.of({**self._given, **self._from_code(hide_secrets(changes), self._given)})

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, OptionTable):
            return NotImplemented
        return type(self) is type(other) and self._values() == other._values()

    def _values(self) -> list[Any]:
        return [self.__dict__[name] for name in self.options]

    def __hash__(self) -> int:
        # What code can set need not be hashable; what a string can set tells almost all options apart.
        return hash(tuple(self.__dict__[o.name] for o in self.options.values() if not isinstance(o.kind, CodeOnly)))

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"options cannot be changed; use with_changes({name}=...)")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError("options cannot be changed; use with_changes(...)")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        secret = [name for name in self._given if self.options[name].secret and self._given[name]]
        if secret:
            raise TypeError(
                f"options with {secret[0]} are not pickled, which would write it down where nobody expects it; "
                "use to_string(include_password=True) where it is wanted"
            )
        return _restore, (type(self), dict(self._given))


def _restore(cls: type[OptionTable], given: dict[str, Any]) -> OptionTable:
    return cls.of(given)
