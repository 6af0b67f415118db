"""A dict by command name, in whatever case the name is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self, TypeVar

__all__ = ["CaseInsensitiveDict"]

_Value = TypeVar("_Value")


def _upper(name: Any) -> Any:
    if isinstance(name, bytes):
        name = name.decode("latin-1")
    return name.upper() if isinstance(name, str) else name


class CaseInsensitiveDict(dict[Any, _Value]):
    """A dict whose keys are found in any case, and kept in upper case; bytes and str are the same key.

    Args:
        data: A mapping, or pairs of key and value.
    """

    def __init__(self, data: Mapping[Any, _Value] | Iterable[tuple[Any, _Value]] = (), /, **more: _Value) -> None:
        super().__init__()
        self.update(data, **more)

    def __setitem__(self, key: Any, value: _Value) -> None:
        super().__setitem__(_upper(key), value)

    def __getitem__(self, key: Any) -> _Value:
        return super().__getitem__(_upper(key))

    def __delitem__(self, key: Any) -> None:
        super().__delitem__(_upper(key))

    def __contains__(self, key: object) -> bool:
        return super().__contains__(_upper(key))

    def get(self, key: Any, default: Any = None) -> Any:
        """Return a key's value, or ``default``."""
        return super().get(_upper(key), default)

    def pop(self, key: Any, *default: Any) -> Any:
        """Remove a key and return its value, or ``default``.

        Raises:
            KeyError: It is not there, and no default is given.
        """
        return super().pop(_upper(key), *default)

    def setdefault(self, key: Any, default: Any = None) -> Any:
        """Return a key's value, setting it to ``default`` where it is not there."""
        return super().setdefault(_upper(key), default)

    def update(self, data: Any = (), /, **more: Any) -> None:
        """Set several values."""
        for key, value in dict(data, **more).items():
            self[key] = value

    def __ior__(self, other: Any) -> Self:  # type: ignore[override]
        self.update(other)
        return self

    def __or__(self, other: Any) -> Any:
        merged = self.copy()
        merged.update(other)
        return merged

    def copy(self) -> Self:
        """Return a copy that is case-insensitive, too."""
        made = type(self).__new__(type(self))
        made.__dict__.update(self.__dict__)
        dict.update(made, self)
        return made
