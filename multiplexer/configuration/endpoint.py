"""One address: a host and a port, or the path of a Unix socket."""

from __future__ import annotations

import re
from typing import Any, Never

from ..errors import ConfigurationError
from ..importing import importing
from .hidden import shown

DEFAULT_PORT = 6379
DEFAULT_TLS_PORT = 6380
DEFAULT_SENTINEL_PORT = 26379

# Lone surrogates are refused with the control characters: they cannot be encoded either.
_UNPRINTABLE = "[\x00-\x1f\x7f-\x9f\ud800-\udfff]"
_HOST = r"[\w.-]+"
_PATH_PREFIXES = ("unix:", "!")


def refuse_control_characters(text: str, where: str) -> None:
    """Raise ConfigurationError naming ``where`` if ``text`` holds a control character.

    The message never repeats the text, which may be a password.
    """
    if re.search(_UNPRINTABLE, text):
        raise ConfigurationError(f"{where}: control characters are not allowed")


class EndPoint:
    """An address, immutable and hashable.

    Host names are kept in lower case and IPv6 addresses in their shortest form, without brackets.

    Attributes:
        host: Host name or IP address; empty for a Unix socket.
        port: TCP port; 0 where none was given, which :class:`ConfigurationOptions` replaces with the default
            (6379; 6380 with TLS; 26379 for sentinels) and which stays 0 for a Unix socket.
        path: Absolute path of a Unix socket, or None.
    """

    __slots__ = ("_hash", "host", "path", "port")

    host: str
    port: int
    path: str | None
    _hash: int

    def __init__(self, host: str = "", port: int = 0, *, path: str | None = None, where: str = "endpoint") -> None:
        """Make an address from its parts.

        Args:
            host: Host name, IPv4 address, or IPv6 address with or without brackets.
            port: 1 to 65535, or 0 for "the default port".
            path: Absolute path of a Unix socket, instead of host and port.
            where: What an error message calls this address.

        Raises:
            ConfigurationError: A part is malformed.
        """
        if path is not None:
            if host or port:
                raise ConfigurationError(f"{where}: either a host or the path of a Unix socket, not both")
            path = _checked_path(path, where)
        else:
            host = _checked_host(host, where)
            if not isinstance(port, int) or isinstance(port, bool) or not 0 <= port <= 65535:
                raise ConfigurationError(f"{where}: the port must be a number from 1 to 65535")
        for name, value in (("host", host), ("port", port), ("path", path), ("_hash", hash((host, port, path)))):
            object.__setattr__(self, name, value)

    @classmethod
    def parse(cls, text: str, default_port: int = 0, *, where: str = "endpoint") -> EndPoint:
        """Read ``host``, ``host:port``, ``[IPv6]:port``, ``unix:/path``, ``!/path`` or ``/path``.

        Args:
            text: The address.
            default_port: Port to use where the text has none.
            where: What an error message calls this address.

        Raises:
            ConfigurationError: The address is malformed; the message does not repeat it.
        """
        refuse_control_characters(text, where)
        path = _path_of(text)
        if path is not None:
            return cls(path=path, where=where)
        host, port = _split_port(text, where)
        return cls(host, default_port if port is None else _port_number(port, where), where=where)

    @property
    def is_unix(self) -> bool:
        """Whether this is the path of a Unix socket."""
        return self.path is not None

    @property
    def is_numeric(self) -> bool:
        """Whether the host is an address and no name."""
        return ":" in self.host or re.fullmatch(r"[0-9]+(\.[0-9]+)*", self.host) is not None

    @property
    def is_private(self) -> bool:
        """Whether it is reached within a network of one's own, as far as the host says."""
        if not self.is_numeric:
            return "." not in self.host or self.host.endswith((".local", ".internal", ".localhost"))
        with importing:
            import ipaddress

        try:
            return ipaddress.ip_address(self.host).is_private
        except ValueError:
            return False

    def with_default_port(self, port: int) -> EndPoint:
        """Return this address, with ``port`` where it has none yet."""
        return self if self.port or self.path is not None else EndPoint(self.host, port)

    def __str__(self) -> str:
        if self.path is not None:
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    @shown
    def __repr__(self) -> str:
        return f"EndPoint({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EndPoint):
            return NotImplemented
        return self.host == other.host and self.port == other.port and self.path == other.path

    def __hash__(self) -> int:
        return self._hash

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError("an EndPoint cannot be changed")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError("an EndPoint cannot be changed")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.host, self.port, self.path)


def _restore(host: str, port: int, path: str | None) -> EndPoint:
    return EndPoint(host, port, path=path)


def _path_of(text: str) -> str | None:
    """Return the path of a Unix socket, or None where ``text`` is something else."""
    if text.startswith("/"):
        return text
    for prefix in _PATH_PREFIXES:
        if text.startswith(prefix):
            return text.removeprefix(prefix)
    return None


def _checked_path(path: str, where: str) -> str:
    if not isinstance(path, str) or not path.strip("/") or not path.startswith("/"):
        raise ConfigurationError(f"{where}: the path of a Unix socket must start with /")
    refuse_control_characters(path, where)
    return "/" + path.lstrip("/")  # unix:///path, too, is /path


def _split_port(text: str, where: str) -> tuple[str, str | None]:
    if text.startswith("["):
        host, bracket, rest = text.partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ConfigurationError(f"{where}: an IPv6 address is written [address]:port")
        return host + bracket, rest[1:] if rest else None
    if text.count(":") > 1:  # IPv6 without brackets, which leaves no room for a port
        return text, None
    host, colon, port = text.partition(":")
    return host, port if colon else None


def _port_number(text: str, where: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535):
        raise ConfigurationError(f"{where}: the port must be a number from 1 to 65535")
    return int(text)


def _checked_host(host: str, where: str) -> str:
    if not isinstance(host, str):
        raise ConfigurationError(f"{where}: the host must be a str")
    if not host:
        raise ConfigurationError(f"{where}: the host is missing")
    if host.startswith("[") and host.endswith("]"):
        if ":" not in host:
            raise ConfigurationError(f"{where}: only an IPv6 address is written in brackets")
        host = host[1:-1]
    if ":" in host:
        return _checked_ipv6(host, where)
    host = host.lower()
    if not re.fullmatch(_HOST, host):
        raise ConfigurationError(f"{where}: a host name consists of letters, digits, dots and hyphens")
    return host


def _checked_ipv6(host: str, where: str) -> str:
    with importing:
        import ipaddress

    refuse_control_characters(host, where)
    try:
        return ipaddress.IPv6Address(host).compressed
    except ValueError:
        pass
    # Raised outside the handler: the original error repeats the text.
    raise ConfigurationError(f"{where}: not an IPv6 address (one with a port is written [address]:port)")
