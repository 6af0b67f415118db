"""The kinds of values options have: how each is checked, read from a string and written to one.

Every kind has three methods. ``check`` validates what code passed and returns it in its one canonical form,
``parse`` does the same for the text of a connection string, ``format`` writes the text that ``parse`` reads back.
Both raise ConfigurationError naming ``where``. **No message repeats the text of a value**: a malformed string may
hold a password anywhere.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..errors import ConfigurationError
from ..importing import importing
from .endpoint import EndPoint, refuse_control_characters

#: Words that stand for True and False, in lower case.
TRUE_WORDS = frozenset({"1", "t", "true", "y", "yes", "on", "enabled"})
FALSE_WORDS = frozenset({"0", "f", "false", "n", "no", "off", "disabled"})

# Compiled where first used, not on import.
_WHOLE = r"-?[0-9]{1,18}"
_DURATION = r"([0-9]+(?:\.[0-9]+)?)(ms|s|min|h|)"
_COMMAND = r"[A-Za-z0-9_.|-]+"
_TLS_NAME = r"(?:tls)?v?1[._]?([0-3])"
_VERSION = r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}"

# Longer than this is not a deadline; it also stays below what sockets and locks accept.
_LONGEST = 1_000_000_000.0

# More seconds than this, given by keyword for what strings give in milliseconds, are more likely milliseconds.
DOUBTFUL = 3600.0
# Units of durations in strings. An exponent shifts the decimal point without the rounding error of a division.
_UNITS = {"ms": ("e-3", 1), "s": ("", 1), "min": ("", 60), "h": ("", 3600)}


def both_readings(name: str, value: float) -> str:
    """Return what a number is in seconds and in milliseconds, for one that is more likely the latter."""
    return f"{value:g} of them are {value / 60:.0f} minutes; {value:g} milliseconds are {name}={value / 1000:g}"


class Kind(ABC):
    """One kind of value."""

    unit = ""

    @abstractmethod
    def check(self, value: Any, where: str) -> Any:
        """Return ``value`` in canonical form, or raise ConfigurationError."""

    def doubt(self, value: Any, name: str, key: str) -> str:
        """Return what to say where code hardly means what it says, or nothing.

        Args:
            value: What it said, in canonical form.
            name: The option's name in code.
            key: The option's name in strings.
        """
        return ""

    @abstractmethod
    def parse(self, text: str, where: str) -> Any:
        """Return the value that ``text`` stands for, or raise ConfigurationError."""

    @abstractmethod
    def format(self, value: Any) -> str:
        """Return the text that :meth:`parse` reads as ``value``."""


class Flag(Kind):
    """True or False."""

    def check(self, value: Any, where: str) -> bool:
        if not isinstance(value, bool):
            raise ConfigurationError(f"{where}: expected True or False, got {type(value).__name__}")
        return value

    def parse(self, text: str, where: str) -> bool:
        word = text.lower()
        if word not in TRUE_WORDS and word not in FALSE_WORDS:
            raise ConfigurationError(f"{where}: expected true or false")
        return word in TRUE_WORDS

    def format(self, value: Any) -> str:
        return "true" if value else "false"


class Whole(Kind):
    """An integer of at least ``minimum``."""

    def __init__(self, minimum: int = 0, unit: str = "") -> None:
        self.minimum = minimum
        self.unit = unit

    def check(self, value: Any, where: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not self.minimum <= value < 2**63:
            raise self._error(where)
        return int(value)

    def parse(self, text: str, where: str) -> int:
        if not re.fullmatch(_WHOLE, text):
            raise self._error(where)
        return self.check(int(text), where)

    def format(self, value: Any) -> str:
        return str(value)

    def _error(self, where: str) -> ConfigurationError:
        return ConfigurationError(f"{where}: expected a whole number of at least {self.minimum}")


class Seconds(Kind):
    """A duration: float seconds in code; in strings with its unit, as ``2s``, or else in ``unit`` ("ms" or "s")."""

    def __init__(self, unit: str = "ms", *, zero: bool = False) -> None:
        self.unit = unit
        self.zero = zero

    def check(self, value: Any, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self._in_range(value):
            raise self._error(where, "seconds")
        return float(value)

    def parse(self, text: str, where: str) -> float:
        match = re.fullmatch(_DURATION, text)
        exponent, factor = _UNITS[(match and match[2]) or self.unit]
        value = float(match[1] + exponent) * factor if match else -1.0
        if not self._in_range(value):
            unit = "milliseconds" if self.unit == "ms" else "seconds"
            raise self._error(where, f"{unit}, or one with ms, s, min or h")
        return value

    def doubt(self, value: float, name: str, key: str) -> str:
        if self.unit != "ms" or value <= DOUBTFUL:
            return ""
        return (
            f"{name}: keyword arguments are seconds, and {both_readings(name, value)}, and if the seconds are meant, "
            f"a connection string says so with {key}={value:g}s"
        )

    def format(self, value: Any) -> str:
        with importing:
            from decimal import Decimal

        shifted = Decimal(repr(value)).scaleb(3 if self.unit == "ms" else 0)
        text = format(shifted, "f")
        return text.rstrip("0").rstrip(".") if "." in text else text

    def _in_range(self, value: float) -> bool:
        return (value >= 0 if self.zero else value > 0) and value <= _LONGEST

    def _error(self, where: str, unit: str) -> ConfigurationError:
        bound = "0 or more" if self.zero else "above 0"
        return ConfigurationError(f"{where}: expected a number of {unit}, {bound}")


class Text(Kind):
    """Text without control characters, optionally matching ``pattern`` (``expected`` says what that means)."""

    def __init__(self, pattern: str | None = None, expected: str = "") -> None:
        self.pattern = pattern
        self.expected = expected

    def check(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise ConfigurationError(f"{where}: expected a str, got {type(value).__name__}")
        return self.parse(value, where)

    def parse(self, text: str, where: str) -> str:
        refuse_control_characters(text, where)
        if self.pattern is not None and not re.fullmatch(self.pattern, text):
            raise ConfigurationError(f"{where}: expected {self.expected}")
        return text

    def format(self, value: Any) -> str:
        return str(value)


class Words(Kind):
    """Several texts, with ``|`` between them in strings."""

    _one = Text(r"[^|]+", "texts that are not empty and have no |")

    def check(self, value: Any, where: str) -> tuple[str, ...]:
        if isinstance(value, str):
            return self.parse(value, where)
        if not isinstance(value, Iterable):
            raise ConfigurationError(f"{where}: expected several texts, got {type(value).__name__}")
        return tuple([self._one.check(word, where) for word in value])

    def parse(self, text: str, where: str) -> tuple[str, ...]:
        return tuple([self._one.parse(word, where) for word in text.split("|")]) if text else ()

    def format(self, value: Any) -> str:
        return "|".join(value)


class FilePath(Text):
    """The path of a file or directory; ``os.PathLike`` is accepted in code."""

    def check(self, value: Any, where: str) -> str:
        return super().check(value.__fspath__() if hasattr(value, "__fspath__") else value, where)


class Choice(Kind):
    """One of some words, upper or lower case, with or without underscores.

    Args:
        words: Each word as it is written, and its value.
        also: Other spellings.
    """

    def __init__(self, words: Mapping[str, Any], also: Mapping[str, Any] | None = None) -> None:
        self.words = words
        self._values = {_plain(word): value for word, value in {**words, **(also or {})}.items()}

    def check(self, value: Any, where: str) -> Any:
        for known in self.words.values():
            if value is known or (type(value) is type(known) and value == known):
                return known
        if isinstance(value, str):
            return self.parse(value, where)
        raise self._error(where)

    def parse(self, text: str, where: str) -> Any:
        value = self._values.get(_plain(text), self)
        if value is self:
            raise self._error(where)
        return value

    def format(self, value: Any) -> str:
        return next(word for word, known in self.words.items() if known == value)

    def _error(self, where: str) -> ConfigurationError:
        return ConfigurationError(f"{where}: expected one of {', '.join(self.words)}")


def _plain(word: str) -> str:
    return word.replace("_", "").lower()


class Version(Kind):
    """A server version: "7.2" in strings, (7, 2) in code."""

    def check(self, value: Any, where: str) -> tuple[int, ...]:
        if isinstance(value, str):
            return self.parse(value, where)
        if not isinstance(value, tuple) or not all(type(part) is int and part >= 0 for part in value):
            raise self._error(where)
        return self.parse(self.format(value), where)

    def parse(self, text: str, where: str) -> tuple[int, ...]:
        if not re.fullmatch(_VERSION, text):
            raise self._error(where)
        return tuple(int(part) for part in text.split("."))

    def format(self, value: Any) -> str:
        return ".".join(map(str, value))

    def _error(self, where: str) -> ConfigurationError:
        return ConfigurationError(f"{where}: expected a version such as 7.2")


class TlsVersion(Kind):
    """A TLS version: "1.2" in code; "1.2", "tls12" or the number of ``ssl.TLSVersion`` in strings."""

    def check(self, value: Any, where: str) -> str:
        if isinstance(value, int) and not isinstance(value, bool):  # ssl.TLSVersion is an int, too
            value = str(int(value))
        if not isinstance(value, str):
            raise self._error(where)
        return self.parse(value, where)

    def parse(self, text: str, where: str) -> str:
        word = text.strip().lower()
        if word in ("769", "770", "771", "772"):
            return f"1.{int(word) - 769}"
        if word == "tls":
            return "1.0"
        match = re.fullmatch(_TLS_NAME, word)
        if match is None:
            raise self._error(where)
        return f"1.{match[1]}"

    def format(self, value: Any) -> str:
        return str(value)

    def _error(self, where: str) -> ConfigurationError:
        return ConfigurationError(f"{where}: expected a TLS version such as 1.2 or tls13")


class TlsVersions(Kind):
    """Several TLS versions, with ``|`` between them in strings."""

    _one = TlsVersion()

    def check(self, value: Any, where: str) -> tuple[str, ...]:
        if isinstance(value, str):
            return self.parse(value, where)
        if not isinstance(value, Iterable):
            raise ConfigurationError(f"{where}: expected TLS versions such as 1.2 and 1.3")
        return tuple(sorted({self._one.check(version, where) for version in value})) or self.parse("", where)

    def parse(self, text: str, where: str) -> tuple[str, ...]:
        return tuple(sorted({self._one.parse(version, where) for version in text.split("|")}))

    def format(self, value: Any) -> str:
        return "|".join(f"tls{version.replace('.', '')}" for version in value)


class PemText(Kind):
    """Certificates as PEM text; its lines are hidden in base64 in strings, where control characters are refused."""

    def check(self, value: Any, where: str) -> str:
        if not isinstance(value, str) or not value.isascii() or "-----BEGIN " not in value:
            raise ConfigurationError(f"{where}: expected certificates as PEM text")
        return value

    def parse(self, text: str, where: str) -> str:
        with importing:
            from binascii import a2b_base64

        try:
            return self.check(a2b_base64(text, strict_mode=True).decode("ascii"), where)
        except (ValueError, UnicodeDecodeError):
            pass
        raise ConfigurationError(f"{where}: expected PEM text in base64")

    def format(self, value: Any) -> str:
        with importing:
            from binascii import b2a_base64

        return b2a_base64(value.encode("ascii"), newline=False).decode("ascii")


class RawPemText(PemText):
    """Certificates as plain PEM text (redis-py's way of writing them in a URL)."""

    def parse(self, text: str, where: str) -> str:
        return self.check(text, where)


class Tunnel(Kind):
    """``http:host:port``: an HTTP proxy that understands CONNECT."""

    def check(self, value: Any, where: str) -> str:
        if not isinstance(value, str):
            raise self._error(where)
        return self.parse(value, where)

    def parse(self, text: str, where: str) -> str:
        scheme, _, address = text.partition(":")
        if scheme.lower() != "http" or not address:
            raise self._error(where)
        endpoint = EndPoint.parse(address.removeprefix("//"), where=where)
        if endpoint.is_unix or not endpoint.port:
            raise self._error(where)
        return f"http:{endpoint}"

    def format(self, value: Any) -> str:
        return str(value)

    def _error(self, where: str) -> ConfigurationError:
        return ConfigurationError(f"{where}: expected http:host:port")


class CodeOnly(Kind):
    """An object that cannot be written in a string; ``accepts`` tests it and ``expected`` describes it."""

    def __init__(self, accepts: Callable[[Any], bool], expected: str) -> None:
        self._accepts = accepts
        self._expected = expected

    def check(self, value: Any, where: str) -> Any:
        if not self._accepts(value):
            raise ConfigurationError(f"{where}: expected {self._expected}, got {type(value).__name__}")
        return value

    def parse(self, text: str, where: str) -> Any:
        raise ConfigurationError(f"{where}: can only be set in code")

    def format(self, value: Any) -> str:
        return "..."


class EndPoints(CodeOnly):
    """Addresses, in order and without repetition; strings hold each as a part of its own."""

    def __init__(self) -> None:
        super().__init__(lambda value: isinstance(value, Iterable), "endpoints")

    def check(self, value: Any, where: str) -> tuple[EndPoint, ...]:
        if isinstance(value, (str, EndPoint)):
            value = (value,)
        addresses = tuple(dict.fromkeys(_endpoint(item, where) for item in super().check(value, where)))
        if not addresses:
            raise ConfigurationError(f"{where}: at least one endpoint is needed")
        return addresses


def _endpoint(item: Any, where: str) -> EndPoint:
    if isinstance(item, EndPoint):
        return item
    if isinstance(item, str):
        return EndPoint.parse(item, where=where)
    if isinstance(item, tuple) and len(item) == 2:
        return EndPoint(*item, where=where)
    raise ConfigurationError(f"{where}: expected an EndPoint, a str or a (host, port), got {type(item).__name__}")


class CommandMap(CodeOnly):
    """Renamed (``str``) and disabled (``None``) commands; strings write each as ``$NAME=other`` or ``$NAME=``."""

    def __init__(self) -> None:
        super().__init__(lambda value: isinstance(value, Mapping), "a mapping of commands")

    def check(self, value: Any, where: str) -> dict[str, str | None]:
        commands: dict[str, str | None] = {}
        for name, other in super().check(value, where).items():
            key, target = self.entry(name, other, where)
            if commands.setdefault(key, target) != target:
                raise ConfigurationError(f"{where}: the same command twice, differently")
        return commands

    @staticmethod
    def entry(name: Any, other: Any, where: str) -> tuple[str, str | None]:
        """Check one entry and return it with the command's name in upper case."""
        if not isinstance(name, str) or not re.fullmatch(_COMMAND, name):
            raise ConfigurationError(f"{where}: expected the name of a command")
        if other is None or other == "":
            return name.upper(), None
        if not isinstance(other, str) or not re.fullmatch(_COMMAND, other):
            raise ConfigurationError(f"{where}: expected a command's other name, or nothing to disable it")
        return name.upper(), other
