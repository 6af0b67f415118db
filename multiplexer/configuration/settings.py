"""What connection strings and URLs have in common: named values, collected one by one."""

from __future__ import annotations

from typing import Any

from ..errors import ConfigurationError
from .endpoint import EndPoint
from .hidden import hidden
from .redis_py_names import IN_CODE, why_not
from .table import Option, OptionTable, nearest
from .values import CommandMap, Flag, Kind

_IGNORE_UNKNOWN = "ignoreUnknown"


class Settings:
    """The values read so far, by attribute name.

    Args:
        table: What options there are.
        aliases: More names for options, each with the kind that reads its value (None for the option's own).
    """

    def __init__(self, table: type[OptionTable], aliases: dict[str, tuple[str, Kind | None]] | None = None) -> None:
        self.values: dict[str, Any] = {}
        self._table = table
        self._aliases = aliases or {}
        self._endpoints: list[EndPoint] = []
        self._commands: dict[str, str | None] = {}
        self._unknown: list[tuple[str, str]] = []
        self._ignore_unknown = False

    def add_endpoint(self, endpoint: EndPoint) -> None:
        """Add an address."""
        self._endpoints.append(endpoint)

    def add(self, key: str, text: str, where: str) -> None:
        """Read one ``key=value``.

        Args:
            key: Name of an option, ``$`` and a command's name, or ``ignoreUnknown``; upper or lower case.
            text: The value.
            where: What an error message calls this place; the option's name is added once it is known.

        Raises:
            ConfigurationError: The value is malformed or contradicts an earlier one.
        """
        key = key.strip()
        if key.startswith("$"):
            self._add_command(key[1:], text, where)
        elif key.lower() == _IGNORE_UNKNOWN.lower():
            self._ignore_unknown = Flag().parse(text, f"{where} ({_IGNORE_UNKNOWN})")
        else:
            declared, kind = self._find(key)
            if declared is None:
                # Not an error yet: ignoreUnknown may still follow.
                self._unknown.append((key, where))
                return
            where = f"{where} ({declared.key})"
            value = None if declared.optional and not text else kind.parse(text, where)
            self.set(declared.name, value, where)

    def set(self, name: str, value: Any, where: str) -> None:
        """Set an option by its attribute's name, unless that contradicts what is set."""
        if self._table.options[name].secret:
            value = hidden(value)
        if self.values.setdefault(name, value) != value:
            raise ConfigurationError(f"{where}: contradicts an earlier value of the same option")

    def finish(self) -> dict[str, Any]:
        """Return all values as arguments of the table.

        Raises:
            ConfigurationError: A name is unknown and ``ignoreUnknown`` was not set, or there is no endpoint.
        """
        if self._unknown and not self._ignore_unknown:
            raise self._unknown_option(*self._unknown[0])
        if not self._endpoints:
            raise ConfigurationError("no endpoint: at least one host or socket path is needed")
        if self._commands:
            self.values["command_map"] = self._commands
        return {"endpoints": tuple(self._endpoints), **self.values}

    def _find(self, key: str) -> tuple[Option | None, Any]:
        name, kind = self._aliases.get(key.lower(), ("", None))
        declared = self._table.options[name] if name else self._table.by_key.get(key.lower())
        return declared, kind or (declared and declared.kind)

    def _add_command(self, name: str, text: str, where: str) -> None:
        name, other = CommandMap.entry(name, text, f"{where} ($ and a command)")
        if self._commands.setdefault(name, other) != other:
            raise ConfigurationError(f"{where}: contradicts an earlier $ of the same command")

    def _unknown_option(self, key: str, where: str) -> ConfigurationError:
        theirs = key.lower()
        known = self._table.by_key.values()
        if theirs in IN_CODE:
            return ConfigurationError(f"{where} ({theirs}): {why_not(theirs, known)}")
        names = (*(declared.key for declared in known), _IGNORE_UNKNOWN, *self._aliases)
        # The key is not repeated: it may be the rest of a password with a comma, or a password without its =.
        return ConfigurationError(f"{where}: unknown option; did you mean {nearest(key, names)!r}?")
