"""Small helpers, under redis-py's names, that need no connection."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from importlib.util import find_spec
from inspect import signature
from typing import Any, TypeVar

from ...errors import DataError
from ...importing import importing
from ...version import __version__

__all__ = [
    "CRYPTOGRAPHY_AVAILABLE",
    "DEFAULT_RESP_VERSION",
    "HIREDIS_AVAILABLE",
    "SSL_AVAILABLE",
    "check_protocol_version",
    "compare_versions",
    "deprecated_args",
    "deprecated_function",
    "dict_merge",
    "dummy_fail",
    "dummy_fail_async",
    "ensure_string",
    "experimental",
    "experimental_method",
    "extract_expire_flags",
    "format_error_message",
    "get_lib_version",
    "list_keys_to_dict",
    "merge_result",
    "truncate_text",
    "warn_deprecated",
    "warn_deprecated_arg_usage",
    "warn_experimental",
]

_Function = TypeVar("_Function", bound=Callable[..., Any])

#: hiredis is always there.
HIREDIS_AVAILABLE = True
#: Whether this Python can do TLS.
SSL_AVAILABLE = find_spec("_ssl") is not None
#: Whether certificates can be checked for revocation.
CRYPTOGRAPHY_AVAILABLE = find_spec("cryptography") is not None
#: The protocol that is spoken where servers have it.
DEFAULT_RESP_VERSION = 3


# -- dicts and texts ---------------------------------------------------------------------------------------------------


def dict_merge(*dicts: Mapping[Any, Any]) -> dict[Any, Any]:
    """Return several mappings as one; of equal keys the last holds."""
    merged: dict[Any, Any] = {}
    for each in dicts:
        merged.update(each)
    return merged


def list_keys_to_dict(key_list: Iterable[Any], callback: Any) -> dict[Any, Any]:
    """Return a dict with the same value for each of some keys."""
    return dict.fromkeys(key_list, callback)


def merge_result(command: Any, res: Mapping[Any, Iterable[Any]]) -> list[Any]:
    """Return what several nodes answered as one list, in which nothing is twice.

    Args:
        command: For callbacks; of no meaning here.
        res: Lists by node.
    """
    return list({item: None for items in res.values() for item in items})


def ensure_string(key: Any) -> str:
    """Return bytes or str as str.

    Raises:
        TypeError: It is neither.
    """
    if isinstance(key, bytes):
        return key.decode()
    if isinstance(key, str):
        return key
    raise TypeError(f"expected bytes or str, not {type(key).__name__}")


def truncate_text(txt: str, max_length: int = 100) -> str:
    """Return a text cut to a length, between words, with ``...`` where something is missing."""
    with importing:
        from textwrap import shorten

    return shorten(txt, max_length, placeholder="...")


def format_error_message(host_error: str, exception: BaseException) -> str:
    """Return what to say about a connection that could not be made."""
    if len(exception.args) > 1:
        return f"Error {exception.args[0]} connecting to {host_error}. {exception.args[1]}."
    reason = f" {exception}" if exception.args else ""
    return f"Error{reason} connecting to {host_error}."


# -- versions and options ----------------------------------------------------------------------------------------------


def get_lib_version() -> str:
    """Return the version of this package."""
    return __version__


def compare_versions(version1: str, version2: str) -> int:
    """Compare versions such as ``"7.0.15"``: -1 where the first is the later one, 1 where it is the earlier, else 0."""
    one, other = ([int(part) for part in version.split(".")] for version in (version1, version2))
    size = max(len(one), len(other))
    one += [0] * (size - len(one))
    other += [0] * (size - len(other))
    return (one < other) - (one > other)


def check_protocol_version(protocol: Any, expected_version: int = DEFAULT_RESP_VERSION) -> bool:
    """Whether a value of the option ``protocol`` means a certain version."""
    if protocol is None:
        return expected_version == DEFAULT_RESP_VERSION
    return str(protocol) == str(expected_version)


def extract_expire_flags(
    ex: int | timedelta | None = None,
    px: int | timedelta | None = None,
    exat: int | datetime | None = None,
    pxat: int | datetime | None = None,
) -> list[Any]:
    """Return the words that say when a key expires; the first that is given holds.

    Args:
        ex: In how many seconds.
        px: In how many milliseconds.
        exat: At which time, in seconds since 1970.
        pxat: At which time, in milliseconds since 1970.

    Raises:
        DataError: It is no whole number, nor a span or time.
    """
    for word, value, unit in (("EX", ex, 1), ("PX", px, 1000), ("EXAT", exat, 1), ("PXAT", pxat, 1000)):
        if value is not None:
            return [word, _whole(word.lower(), value, unit)]
    return []


def _whole(name: str, value: Any, unit: int) -> int:
    if isinstance(value, timedelta):
        return int(value.total_seconds() * unit)
    if isinstance(value, datetime):
        return int(value.timestamp() * unit)
    if isinstance(value, str) and value.isdigit():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise DataError(f"{name}: expected a whole number, not {value!r}")


# -- doing nothing -----------------------------------------------------------------------------------------------------


def dummy_fail(*args: Any) -> None:
    """Do nothing about a failure; for ``Retry.call_with_retry``."""


async def dummy_fail_async(*args: Any) -> None:
    """Do nothing about a failure, in asyncio."""


# -- warnings ----------------------------------------------------------------------------------------------------------


def _since(reason: str, version: str) -> str:
    return (f" ({reason})" if reason else "") + (f" -- deprecated since version {version}" if version else "")


def warn_deprecated(name: str, reason: str = "", version: str = "", stacklevel: int = 2) -> None:
    """Warn that something deprecated is used."""
    text = f"{name} is deprecated{_since(reason, version)}"
    warnings.warn(text, category=DeprecationWarning, stacklevel=stacklevel)


def warn_deprecated_arg_usage(
    arg_name: str | list[str], function_name: str, reason: str = "", version: str = "", stacklevel: int = 2
) -> None:
    """Warn that a deprecated argument of a function is used."""
    text = f"{function_name}: argument {arg_name!r} is deprecated{_since(reason, version)}"
    warnings.warn(text, category=DeprecationWarning, stacklevel=stacklevel)


def warn_experimental(name: str, stacklevel: int = 2) -> None:
    """Warn that something is used that may change or go."""
    warnings.warn(f"{name} is experimental: it may change or go", category=UserWarning, stacklevel=stacklevel)


def _warning(warn: Callable[[], None]) -> Callable[[_Function], _Function]:
    """Return a decorator that calls something first."""

    def decorate(function: _Function) -> _Function:
        @wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            warn()
            return function(*args, **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate


def deprecated_function(
    reason: str = "", version: str = "", name: str | None = None
) -> Callable[[_Function], _Function]:
    """Return a decorator that warns whenever the function is called.

    Args:
        reason: Why, or what to use instead.
        version: Since when.
        name: What the warning calls it; by default its name.
    """

    def decorate(function: _Function) -> _Function:
        called = name or function.__name__
        return _warning(lambda: warn_deprecated(called, reason, version, stacklevel=4))(function)

    return decorate


def deprecated_args(
    args_to_warn: list[str] | None = None,
    allowed_args: list[str] | None = None,
    reason: str = "",
    version: str = "",
) -> Callable[[_Function], _Function]:
    """Return a decorator that warns whenever certain arguments are given.

    Args:
        args_to_warn: Their names; ``["*"]``, the default, for all.
        allowed_args: Names about which not to warn.
        reason: Why, or what to use instead.
        version: Since when.
    """
    wanted = args_to_warn or ["*"]
    allowed = {"self", "cls", *(allowed_args or ())}

    def decorate(function: _Function) -> _Function:
        names = signature(function)

        @wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            given = [name for name in names.bind_partial(*args, **kwargs).arguments if name not in allowed]
            for name in given:
                if "*" in wanted or name in wanted:
                    warn_deprecated_arg_usage(name, function.__name__, reason, version, stacklevel=3)
            return function(*args, **kwargs)

        return wrapper  # type: ignore[return-value]

    return decorate


def experimental(cls: type[Any]) -> type[Any]:
    """Decorate a class so that it warns whenever an object of it is made."""
    initialise = cls.__init__
    cls.__init__ = _warning(lambda: warn_experimental(cls.__name__, stacklevel=4))(initialise)
    return cls


def experimental_method() -> Callable[[_Function], _Function]:
    """Return a decorator that warns whenever the method is called."""

    def decorate(function: _Function) -> _Function:
        return _warning(lambda: warn_experimental(function.__name__, stacklevel=4))(function)

    return decorate
