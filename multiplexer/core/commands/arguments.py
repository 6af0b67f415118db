"""Checking and shaping what a caller passes, before a command is made of it.

Everything that is wrong raises :class:`~multiplexer.errors.DataError` naming command and argument. Whether a
value can be encoded at all is not looked at here: that is checked once, where the command is packed. Numbers may be
given as their digits and words as bytes: they were read somewhere, and travel as text in any case.
"""

from __future__ import annotations

import datetime
import enum
import math
import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar, cast

from ...errors import DataError
from ..types import Encodable, Key

_T = TypeVar("_T")
#: What names a field or member in a mapping. A variable, because ``Mapping`` is invariant in its keys: only so may
#: a ``dict[str, int]`` be passed.
AnyField = TypeVar("AnyField", bound=Encodable)

#: A span of time: a number of the command's unit (seconds or milliseconds), or a timedelta.
Expiry = int | datetime.timedelta
#: A point in time: Unix time in the command's unit, or a datetime (a naive one is local time).
ExpiryTime = int | datetime.datetime

_SCALARS = (bytes, str, bytearray, memoryview, int, float)
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,19}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,19}(\.[0-9]{1,19})?")


def bad_argument(command: str, problem: str) -> DataError:
    """Make the error for an argument that must not be sent.

    Args:
        command: The command's name.
        problem: What is wrong, naming the argument.
    """
    error = DataError(f"{command}: {problem}")
    error.command = command
    error.phase = "created"
    return error


def whole_number(value: object) -> int | None:
    """Return the whole number that a value is or has the digits of; None where it is or has none."""
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    text = _text(value)
    return int(text) if isinstance(text, str) and _WHOLE_NUMBER.fullmatch(text) else None


def _text(value: object) -> object:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | bytearray | memoryview) else value


def flatten(first: _T | Iterable[_T], more: tuple[_T, ...] = ()) -> tuple[_T, ...]:
    """Join ``f(a, b)`` and ``f([a, b])`` into one tuple.

    Args:
        first: One value, or an iterable of values (text and bytes count as one value).
        more: The values after it.
    """
    if isinstance(first, _SCALARS) or not isinstance(first, Iterable):
        return (cast(_T, first), *more)
    return (*first, *more)


def some_keys(command: str, first: Key | Iterable[Key], more: tuple[Key, ...] = ()) -> tuple[Key, ...]:
    """As :func:`flatten` for keys, of which there must be at least one.

    Raises:
        DataError: There is none.
    """
    return non_empty(command, "keys", flatten(first, more))


_C = TypeVar("_C", bound=Collection[object])


def non_empty(command: str, argument: str, values: _C) -> _C:
    """Return ``values``, of which there must be at least one.

    Raises:
        DataError: There is none.
    """
    if not values:
        raise bad_argument(command, f"{argument} must not be empty")
    return values


def flatten_mapping(command: str, mapping: Mapping[AnyField, Encodable]) -> list[Encodable]:
    """The words ``key value key value …`` of a mapping that must not be empty.

    Raises:
        DataError: The mapping is empty.
    """
    words: list[Encodable] = []
    for key, value in non_empty(command, "mapping", mapping).items():
        words.append(key)
        words.append(value)
    return words


def counted_keys(command: str, numkeys: int, keys_and_args: tuple[Encodable, ...]) -> tuple[Encodable, ...]:
    """The words of a call that says how many of its arguments are keys.

    Raises:
        DataError: ``numkeys`` is no number of them.
    """
    count = whole_number(numkeys)
    if count is None or not 0 <= count <= len(keys_and_args):
        raise bad_argument(command, f"numkeys is {numkeys!r} for {len(keys_and_args)} keys and arguments")
    return (count, *keys_and_args)


def at_most_one(command: str, **options: object) -> None:
    """Allow one of several options that contradict each other.

    Args:
        command: The command's name.
        options: Each option's value by its name; None and False mean that it was not given.

    Raises:
        DataError: More than one was given.
    """
    given = [name for name, value in options.items() if value is not None and value is not False]
    if len(given) > 1:
        raise bad_argument(command, f"{' and '.join(given)} contradict each other")


def flag_words(**flags: bool) -> tuple[str, ...]:
    """The names, in capitals, of the flags that are set, in the order they are given in."""
    return tuple(name.upper() for name, given in flags.items() if given)


def not_negative(command: str, argument: str, value: _T) -> _T:
    """Return ``value``, which must not be a number below zero.

    Raises:
        DataError: It is.
    """
    if isinstance(value, (int, float)) and value < 0:
        raise bad_argument(command, f"{argument} must not be negative")
    return value


def positive(command: str, argument: str, value: _T) -> _T:
    """Return ``value``, which must not be a number below one.

    Raises:
        DataError: It is.
    """
    if isinstance(value, (int, float)) and value < 1:
        raise bad_argument(command, f"{argument} must be at least 1")
    return value


def number(command: str, argument: str, value: _T) -> _T:
    """Return ``value``, which must not be the float that is no number.

    Raises:
        DataError: It is NaN.
    """
    if isinstance(value, float) and math.isnan(value):
        raise bad_argument(command, f"{argument} must be a number, not NaN")
    return value


def block_seconds(command: str, value: float | None) -> float:
    """How many seconds a blocking command waits; None and 0 are for ever.

    Raises:
        DataError: It is negative or no finite number.
    """
    if value is None:
        return 0
    text = _text(value)
    wanted = float(text) if isinstance(text, str) and _NUMBER.fullmatch(text) else value
    if isinstance(wanted, bool) or not isinstance(wanted, (int, float)) or not 0 <= wanted < math.inf:
        raise bad_argument(command, f"timeout must be a number that is not negative, or None, not {value!r}")
    return wanted


def block_milliseconds(command: str, argument: str, value: int | None) -> int:
    """How many milliseconds a blocking command waits; None and 0 are for ever.

    Raises:
        DataError: It is negative or no whole number.
    """
    if value is None:
        return 0
    wanted = whole_number(value)
    if wanted is None or wanted < 0:
        raise bad_argument(command, f"{argument} must be an int that is not negative, not {value!r}")
    return wanted


def choice(command: str, argument: str, value: str | bytes | enum.Enum, allowed: Collection[str]) -> str:
    """Return ``value``, a word or an enumeration's member that stands for one, in capitals.

    Raises:
        DataError: It is not one of ``allowed``.
    """
    name: Any = _text(value.value if isinstance(value, enum.Enum) else value)
    word: str = name.upper() if isinstance(name, str) else name
    if word not in allowed:
        raise bad_argument(command, f"{argument} must be one of {', '.join(allowed)}, not {value!r}")
    return word


def seconds(command: str, argument: str, value: Expiry) -> int:
    """A span in seconds; a timedelta loses its fraction.

    Raises:
        DataError: It is neither an int nor a timedelta.
    """
    if isinstance(value, datetime.timedelta):
        return int(value.total_seconds())
    return _whole(command, argument, value, "timedelta")


def milliseconds(command: str, argument: str, value: Expiry) -> int:
    """A span in milliseconds; a timedelta loses what is finer.

    Raises:
        DataError: It is neither an int nor a timedelta.
    """
    if isinstance(value, datetime.timedelta):
        return value // datetime.timedelta(milliseconds=1)
    return _whole(command, argument, value, "timedelta")


def finite(command: str, argument: str, value: float, least: float, what: str = "a number") -> float:
    """Return a number that is not infinite.

    Args:
        command: What is called, which need not be a command of the server's.
        argument: The argument's name.
        value: The number.
        least: What it must not be below.
        what: What it is, in words.

    Raises:
        DataError: It is none, or below ``least``.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < least:
        raise DataError(f"{command}: {argument} must be {what} from {least:g}, not {value!r}")
    return value


def count(command: str, argument: str, value: int, least: int, most: int | None = None) -> int:
    """Return a whole number; what has the digits of one is none.

    Args:
        command: As for :func:`finite`.
        argument: The argument's name.
        value: The number.
        least: What it must not be below.
        most: What it must not be above, if anything.

    Raises:
        DataError: It is none, or out of these bounds.
    """
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or value < least or (most is not None and value > most):
        bounds = f"from {least}" if most is None else f"from {least} to {most}"
        raise DataError(f"{command}: {argument} must be a whole number {bounds}, not {value!r}")
    return value


def unix_seconds(command: str, argument: str, value: ExpiryTime) -> int:
    """A point in time in whole seconds since 1970.

    Raises:
        DataError: It is neither an int nor a datetime.
    """
    if isinstance(value, datetime.datetime):
        return math.floor(value.timestamp())
    return _whole(command, argument, value, "datetime")


def unix_milliseconds(command: str, argument: str, value: ExpiryTime) -> int:
    """A point in time in whole milliseconds since 1970.

    Raises:
        DataError: It is neither an int nor a datetime.
    """
    if isinstance(value, datetime.datetime):
        # Not timestamp() * 1000, which a float rounds down to the millisecond before at times.
        return math.floor(value.replace(microsecond=0).timestamp()) * 1000 + value.microsecond // 1000
    return _whole(command, argument, value, "datetime")


def _whole(command: str, argument: str, value: object, alternative: str) -> int:
    number = whole_number(value)
    if number is None:
        raise bad_argument(command, f"{argument} must be an int or a {alternative}, not {type(value).__name__}")
    return number


def expiry_options(
    command: str,
    ex: Expiry | None = None,
    px: Expiry | None = None,
    exat: ExpiryTime | None = None,
    pxat: ExpiryTime | None = None,
    *,
    keepttl: bool = False,
    persist: bool = False,
) -> list[Encodable]:
    """The words of the expiry options that several commands share.

    Args:
        command: The command's name.
        ex: Seconds to live.
        px: Milliseconds to live.
        exat: When to expire, in seconds since 1970.
        pxat: When to expire, in milliseconds since 1970.
        keepttl: Leave the expiry as it is.
        persist: Take the expiry away.

    Raises:
        DataError: More than one of them is given, or one is of a wrong type.
    """
    words: list[Encodable] = []
    if ex is not None:
        words += ("EX", seconds(command, "ex", ex))
    if px is not None:
        words += ("PX", milliseconds(command, "px", px))
    if exat is not None:
        words += ("EXAT", unix_seconds(command, "exat", exat))
    if pxat is not None:
        words += ("PXAT", unix_milliseconds(command, "pxat", pxat))
    if keepttl:
        words.append("KEEPTTL")
    if persist:
        words.append("PERSIST")
    if len(words) > 2 or (keepttl and persist):
        at_most_one(command, ex=ex, px=px, exat=exat, pxat=pxat, keepttl=keepttl, persist=persist)
    return words


def scan_options(
    command: str,
    match: Key | None = None,
    count: int | None = None,
    type_name: str | None = None,
) -> list[Encodable]:
    """The words of the options that the scanning commands share.

    Raises:
        DataError: ``count`` is below one.
    """
    words: list[Encodable] = []
    if match is not None:
        words += ("MATCH", match)
    if count is not None:
        words += ("COUNT", positive(command, "count", count))
    if type_name is not None:
        words += ("TYPE", type_name)
    return words
