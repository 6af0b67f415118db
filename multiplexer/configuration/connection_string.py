"""Connection strings: ``host:port,host:port,key=value,$COMMAND=other``.

A value, or a whole endpoint, that holds a comma or begins or ends with a space is put in double quotes, and a double
quote inside them is doubled: ``password="a,""b"`` is ``a,"b``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..errors import ConfigurationError
from .endpoint import EndPoint, refuse_control_characters
from .settings import Settings
from .table import Option, OptionTable

_PART = re.compile(
    r"""
    (?: (?P<key> [^,="]* ) = )?
    (?: \s* " (?P<quoted> (?: [^"] | "" )* ) " \s* (?= , | \Z )
      | (?P<plain> [^,]* )
    )
    """,
    re.VERBOSE,
)


def read(text: str, table: type[OptionTable]) -> dict[str, Any]:
    """Return the options that a connection string stands for, by name.

    Args:
        text: The connection string.
        table: What options there are.

    Raises:
        ConfigurationError: A part is malformed; the message gives its number, and its key where it has a known one.
    """
    settings = Settings(table)
    position, number, after_secret = 0, 0, False
    while position <= len(text):
        match = _PART.match(text, position)
        assert match is not None  # every group may be empty
        position, number = match.end() + 1, number + 1
        key = match["key"]
        known = table.by_key.get(key.strip().lower()) if key is not None else None
        after_secret = _read_part(match, known, f"part {number}", after_secret, settings)
    return settings.finish()


def _read_part(match: re.Match[str], known: Option | None, where: str, after_secret: bool, settings: Settings) -> bool:
    """Read one part; return whether it is a secret without quotes, which a comma may have cut short."""
    key, quoted = match["key"], match["quoted"]
    refuse_control_characters(match[0], f"{where} ({known.key})" if known else where)
    value = match["plain"].strip() if quoted is None else quoted.replace('""', '"')
    if quoted is None and value.startswith('"'):
        raise ConfigurationError(f"{where}: the closing quote is missing, or text follows it")
    if key is not None:
        settings.add(key, value, where)
    elif value and after_secret:
        raise ConfigurationError(
            f"{where}: looks like the rest of a password with a comma, which belongs in double quotes "
            "(if it is an endpoint, put it first)"
        )
    elif value:
        settings.add_endpoint(EndPoint.parse(value, where=f"{where} (endpoint)"))
    return quoted is None and known is not None and known.secret and bool(value)


def write(options: OptionTable, show_secret: Callable[[str], str] | None) -> str:
    """Return the connection string of the options given explicitly.

    Args:
        options: The options.
        show_secret: What to write for a secret value, or None to leave secrets out.
    """
    given = options.given
    parts = [_quoted(str(endpoint), also='="') for endpoint in given["endpoints"]]
    for declared in options.by_key.values():
        if declared.name not in given:
            continue
        text = declared.format(given[declared.name])
        if declared.secret and text:
            if show_secret is None:
                continue
            text = show_secret(text)
        parts.append(f"{declared.key}={_quoted(text)}")
    parts += [f"${name}={other or ''}" for name, other in given.get("command_map", {}).items()]
    return ",".join(parts)


def _quoted(text: str, also: str = "") -> str:
    if "," in text or text.startswith('"') or text != text.strip() or any(mark in text for mark in also):
        return '"' + text.replace('"', '""') + '"'
    return text
