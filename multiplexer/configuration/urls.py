"""URLs: ``scheme://user:password@host:port,host:port/database?option=value``.

The parts are taken apart here and not by ``urllib``, whose errors repeat them, password included.
"""

from __future__ import annotations

import re
from typing import Any

from ..errors import ConfigurationError
from ..importing import importing
from . import values
from .endpoint import EndPoint, refuse_control_characters
from .redis_py_names import IN_URLS
from .settings import Settings
from .table import OptionTable

# Per scheme: whether it means TLS.
_TLS_SCHEMES = {"redis": False, "rediss": True, "valkey": False, "valkeys": True, "unix": False, "sentinel": False}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_DATABASE = values.Whole()


def is_url(text: str) -> bool:
    """Whether ``text`` is meant as a URL and not as a connection string."""
    return _SCHEME.match(text.lstrip()) is not None


def read(url: str, table: type[OptionTable]) -> dict[str, Any]:
    """Return the options that a URL stands for, by name.

    Args:
        url: The URL.
        table: What options there are.

    Raises:
        ConfigurationError: A part is malformed; the message names the part.
    """
    if not isinstance(url, str):
        raise ConfigurationError(f"expected a URL as a str, got {type(url).__name__}")
    refuse_control_characters(url, "URL")
    scheme, separator, rest = url.strip().partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _TLS_SCHEMES:
        raise ConfigurationError(f"URL scheme: expected one of {', '.join(f'{name}://' for name in _TLS_SCHEMES)}")
    if "#" in rest:
        raise ConfigurationError("URL: a # must be written %23")
    rest, _, query = rest.partition("?")
    authority, slash, path = rest.partition("/")
    settings = Settings(table, IN_URLS)
    addresses = _read_userinfo(authority, settings)
    if _TLS_SCHEMES[scheme]:
        settings.set("ssl", True, "URL scheme")
    if scheme == "unix":
        _read_socket_path(addresses, slash + path, settings)
    else:
        _read_hosts(addresses, settings)
        _read_path(path, scheme, settings)
    _read_query(query, settings)
    values = settings.finish()
    if scheme == "sentinel" and not values.get("service_name"):
        raise ConfigurationError("URL path: sentinel:// needs the name of the service: sentinel://host:port/service")
    return values


def _read_userinfo(authority: str, settings: Settings) -> str:
    """Read ``user:password@`` and return what follows it."""
    userinfo, at, addresses = authority.rpartition("@")
    if not at:
        return addresses
    if "@" in userinfo and "," in userinfo:  # one @ of several hosts, or part of the password?
        raise ConfigurationError("URL user and password: write @ as %40 and a comma as %2C")
    user, colon, password = userinfo.partition(":")
    for name, text, given in (("user", user, bool(user)), ("password", password, bool(colon and password))):
        if given:
            text = _decoded(text, f"URL {name}")
            refuse_control_characters(text, f"URL {name}")
            settings.set(name, text, f"URL {name}")
    return addresses


def _read_socket_path(addresses: str, path: str, settings: Settings) -> None:
    if addresses:
        raise ConfigurationError("URL path: the path of a Unix socket starts with /: unix:///path")
    settings.add_endpoint(EndPoint(path=_decoded(path, "URL path"), where="URL path"))


def _read_hosts(addresses: str, settings: Settings) -> None:
    for number, text in enumerate(addresses.split(",") if addresses else ["localhost"], 1):
        where = f"URL host {number}"
        endpoint = EndPoint.parse(_decoded(text, where), where=where)
        if endpoint.is_unix:
            raise ConfigurationError(f"{where}: expected a host; a Unix socket is written unix:///path")
        settings.add_endpoint(endpoint)


def _read_path(path: str, scheme: str, settings: Settings) -> None:
    if "@" in path:
        raise ConfigurationError("URL path: a / in user or password must be written %2F")
    if scheme == "sentinel":
        service, _, path = path.partition("/")
        if service:
            service = _decoded(service, "URL path")
            refuse_control_characters(service, "URL path (serviceName)")
            settings.set("service_name", service, "URL path")
    path = path.removesuffix("/")
    if path:
        settings.set("default_database", _DATABASE.parse(path, "URL path (database)"), "URL path (database)")


def _read_query(query: str, settings: Settings) -> None:
    for number, item in enumerate(query.split("&"), 1):
        if not item:
            continue
        where = f"URL option {number}"
        name, _, value = item.replace("+", " ").partition("=")
        settings.add(_decoded(name, where), _decoded(value, where), where)


def _decoded(text: str, where: str) -> str:
    """Undo percent-encoding; a % without two digits stands for itself, as everywhere."""
    if "%" not in text:
        return text
    with importing:
        from urllib.parse import unquote

    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        pass
    # Raised outside the handler: the original error holds the text.
    raise ConfigurationError(f"{where}: percent-encoded bytes that are not UTF-8")
