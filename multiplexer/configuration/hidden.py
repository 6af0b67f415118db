"""Secrets on their way through the package: tools that show the variables of a traceback are not shown these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[[Any], str])

#: Options, of multiplexers and of pools, that hold a secret.
SECRETS = frozenset(("password", "sentinel_password", "ssl_key_password", "ssl_password"))


class Hidden(str):
    """Text that ``repr`` does not show. It is the same as any other for whoever compares, prints or sends it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


def hidden(value: T) -> T:
    """Return text so that ``repr`` does not show it, and anything else as it is."""
    return cast(T, Hidden(value)) if value.__class__ is str else value


def hide_secrets(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options by name, the secrets among them hidden."""
    return {name: hidden(value) if name in SECRETS else value for name, value in options.items()}


def shown(method: Method) -> Method:
    """Make a ``__repr__`` that also takes objects whose constructor has raised: tracebacks show these too."""

    def represent(self: Any) -> str:
        try:
            return method(self)
        except AttributeError:
            return f"<{type(self).__module__}.{type(self).__qualname__} that was not made>"

    represent.__doc__ = method.__doc__
    return cast(Method, represent)
