"""URLs of pools, as redis-py reads them."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from ..configuration.hidden import hidden, hide_secrets
from ..errors import ConfigurationError
from ..importing import importing

_FALSE = ("0", "F", "FALSE", "N", "NO", "OFF", "DISABLED")
_SCHEMES = ("redis", "rediss", "unix", "valkey", "valkeys")


def to_bool(value: str | bool | int | None) -> bool | None:
    """Return what a word means: None for an empty one, False for 0, F, FALSE, N, NO, OFF and DISABLED, else True."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.upper() in _FALSE:
        return False
    return bool(value)


def _words(value: str) -> list[str]:
    return [word for word in value.replace("[", "").replace("]", "").replace(",", " ").split() if word]


def _flags(value: str) -> list[ssl.VerifyFlags]:
    return [ssl.VerifyFlags[word.removeprefix("ssl.")] for word in _words(value)]


def _errors(value: str) -> list[type[Exception]]:
    with importing:
        from .. import errors

    kinds = {"ConnectionError": errors.RedisConnectionError, "TimeoutError": errors.RedisTimeoutError}
    return [kinds.get(word) or getattr(errors, word) for word in _words(value)]


def _version(value: str) -> ssl.TLSVersion:
    return ssl.TLSVersion(int(value)) if value.isdigit() else ssl.TLSVersion[value]


#: How options in the query of a URL are read; any other stays text.
URL_QUERY_ARGUMENT_PARSERS: dict[str, Callable[[str], Any]] = {
    "db": int,
    "socket_timeout": float,
    "socket_connect_timeout": float,
    "socket_read_size": int,
    "socket_keepalive": to_bool,
    "retry_on_timeout": to_bool,
    "retry_on_error": _errors,
    "decode_responses": to_bool,
    "max_connections": int,
    "max_idle_time": float,
    "idle_check_interval": float,
    "health_check_interval": int,
    "ssl_check_hostname": to_bool,
    "ssl_validate_ocsp": to_bool,
    "ssl_validate_ocsp_stapled": to_bool,
    "ssl_include_verify_flags": _flags,
    "ssl_exclude_verify_flags": _flags,
    "ssl_min_version": _version,
    "timeout": float,
    "protocol": int,
    "multiplexed": to_bool,
    "legacy_responses": to_bool,
}


def parse_url(url: str) -> dict[str, Any]:
    """Return the options a URL stands for.

    Args:
        url: ``redis://user:password@host:port/database?option=value``, ``rediss://…`` for TLS (or ``valkey``,
            ``valkeys``), or ``unix://user:password@/path?option=value``. What is given before the query as well as in
            it holds as given before, but for the database.

    Returns:
        Options by name; ``scheme`` is ``"tcp"``, ``"tls"`` or ``"unix"``.

    Raises:
        ConfigurationError: A part is malformed; the message names the part.
    """
    url = hidden(url)
    try:
        return hide_secrets(_read_url(url))
    except ConfigurationError as error:
        refused = error
    # Without the frames of those who took the text apart: their variables are parts of it.
    raise refused.with_traceback(None)


def _read_url(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts = None
    if parts is None:
        raise ConfigurationError("URL: host or port cannot be understood")  # outside the handler, which has it all
    if parts.scheme not in _SCHEMES:
        raise ConfigurationError(f"URL scheme: expected one of {', '.join(f'{name}://' for name in _SCHEMES)}")
    options = {name: _read(name, value) for name, value in parse_qsl(parts.query)}
    if parts.username:
        options["username"] = unquote(parts.username)
    if parts.password:
        options["password"] = unquote(parts.password)
    if parts.scheme == "unix":
        options["scheme"] = "unix"
        if parts.path:
            options["path"] = unquote(parts.path)
    else:
        options["scheme"] = "tls" if parts.scheme in ("rediss", "valkeys") else "tcp"
        if parts.hostname:
            options["host"] = unquote(parts.hostname)
        if port:
            options["port"] = port
        if parts.path.strip("/"):
            options.setdefault("db", _database(unquote(parts.path).replace("/", "")))
    return options


def _database(text: str) -> int:
    if not text.isdigit():
        raise ConfigurationError("URL path: expected the number of a database")
    return int(text)


def _read(name: str, value: str) -> Any:
    parse = URL_QUERY_ARGUMENT_PARSERS.get(name)
    if parse is None:
        return value
    try:
        return parse(value)
    except (ValueError, KeyError, AttributeError):
        pass
    raise ConfigurationError(f"URL option {name}: its value cannot be understood")
