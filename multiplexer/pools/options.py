"""What the options of connections mean: keep-alive probes, TLS, and what there is not."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..configuration import ConfigurationOptions
from ..configuration.tls import create_ssl_context
from ..core.logging import warn_once
from ..drivers.hints import UNVERIFIED
from ..errors import ConfigurationError
from ..importing import importing
from ..version import __version__

if TYPE_CHECKING:
    from ..drivers.sockets import Address
    from ..ocsp import RevocationCheck

#: Library name and version sent to the server unless said otherwise.
LIBRARY = ("multiplexer", __version__)

#: Probes after 30 idle seconds, every 5 seconds, 3 of them.
DEFAULT_KEEPALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 3}

_PROBES = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
_PROBE_BY_NUMBER = {getattr(socket, name): name for name in _PROBES if hasattr(socket, name)}
#: 1, 2 and 3 are none of the real numbers on Linux and macOS, but are what much documentation shows.
_PROBE_BY_POSITION = dict(enumerate(_PROBES, 1))

_CLIENT_NAME = re.compile(r"[!-~]*")

#: Options of redis-py that are not to be had, and why.
_REFUSED = {
    "ssl_disable_dev_restrictions": "no such restrictions exist",
    "ssl_validate_ocsp": "there is no certificate without TLS",
    "ssl_validate_ocsp_stapled": "there is no certificate without TLS",
    "ssl_ocsp_context": "there is no certificate without TLS",
    "ssl_ocsp_expected_cert": "there is no certificate without TLS",
    "event_dispatcher": "events are not dispatched",
    "himport_registry": "HIMPORT is not supported",
    "cache": "client-side caching is not supported by pools",
    "cache_config": "client-side caching is not supported by pools",
    "cache_factory": "client-side caching is not supported by pools",
    "maint_notifications_config": "maintenance notifications are not supported by pools",
    "maint_notifications_pool_handler": "maintenance notifications are not supported by pools",
    "maintenance_state": "maintenance notifications are not supported by pools",
    "maintenance_notification_hash": "maintenance notifications are not supported by pools",
    "orig_host_address": "maintenance notifications are not supported by pools",
    "orig_socket_timeout": "maintenance notifications are not supported by pools",
    "orig_socket_connect_timeout": "maintenance notifications are not supported by pools",
    "oss_cluster_maint_notifications_handler": "maintenance notifications are not supported by pools",
}


def refuse_options(given: Mapping[str, Any], owner: str) -> None:
    """Refuse options that nobody takes.

    Args:
        given: The options left over, by name.
        owner: Name of the class they were given to.

    Raises:
        ConfigurationError: One is known, is not to be had, and asks for something.
        TypeError: One is unknown.
    """
    for name, value in given.items():
        if name not in _REFUSED:
            raise TypeError(f"{owner} has no option {name!r}")
        # What says itself that it asks for nothing, or for no more than can be had, is let pass.
        if value is not None and value is not False and getattr(value, "enabled", True) not in (False, "auto"):
            raise ConfigurationError(f"{name}: {_REFUSED[name]}")


def check_client_name(name: str | None) -> str | None:
    """Return a client name that servers take.

    Raises:
        ConfigurationError: They would not.
    """
    if name is not None and not (isinstance(name, str) and _CLIENT_NAME.fullmatch(name)):
        raise ConfigurationError("client_name: expected printable ASCII without spaces")
    return name


def check_protocol(protocol: Any) -> int | None:
    """Return 2, 3, or None for the highest the server has.

    Raises:
        ConfigurationError: It is something else.
    """
    if protocol is None:
        return None
    if str(protocol) not in ("2", "3"):
        raise ConfigurationError("protocol: expected 2 or 3")
    return int(protocol)


def check_seconds(name: str, value: Any) -> float | None:
    """Return a span of time, None for none.

    Raises:
        ConfigurationError: It is no number of seconds, 0 or more.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ConfigurationError(f"{name}: expected a number of seconds, 0 or more, or None")
    return value


def keepalive_options(given: Mapping[int | str, int] | None) -> list[tuple[int, int]]:
    """Return what to set on a socket for its keep-alive probes, as numbers of options and values.

    Args:
        given: By the socket module's constant or its name; 1, 2 and 3 stand for TCP_KEEPIDLE, TCP_KEEPINTVL and
            TCP_KEEPCNT. None for the default.

    Raises:
        ConfigurationError: A key is no option of keep-alive.
    """
    found = []
    for key, value in (DEFAULT_KEEPALIVE if given is None else given).items():
        name = key if isinstance(key, str) else _PROBE_BY_NUMBER.get(key) or _PROBE_BY_POSITION.get(key)
        if name not in _PROBES:
            raise ConfigurationError(f"socket_keepalive_options: {key!r} is none of {', '.join(_PROBES)}")
        if hasattr(socket, name):
            found.append((getattr(socket, name), value))
    return found


def numeric_address(host: str, port: int, family: int) -> list[Address]:
    """Return the only address of a host that is given as an IPv4 address; nothing for a name.

    Asking the system's resolver would be slow, and in the child of a fork may hang on a lock a thread of the
    parent's had taken.
    """
    if family not in (0, socket.AF_INET):
        return []
    try:
        socket.inet_pton(socket.AF_INET, host)
    except (OSError, ValueError):
        return []
    return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", (host, port))]


def configure_tcp(sock: socket.socket, keepalive: bool, probes: Iterable[tuple[int, int]]) -> None:
    """Set what a TCP connection wants.

    Raises:
        OSError: The system refuses a value.
    """
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if keepalive:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        for number, value in probes:
            sock.setsockopt(socket.IPPROTO_TCP, number, value)


#: redis-py's TLS options and the multiplexer's.
_TLS_NAMES = {
    "ssl_ca_certs": "ssl_ca_file",
    "ssl_certfile": "ssl_cert_file",
    "ssl_keyfile": "ssl_key_file",
    "ssl_password": "ssl_key_password",
    "ssl_cert_reqs": "ssl_verify",
    "ssl_ca_path": "ssl_ca_path",
    "ssl_ca_data": "ssl_ca_data",
    "ssl_min_version": "ssl_min_version",
    "ssl_ciphers": "ssl_ciphers",
    "ssl_check_hostname": "ssl_check_hostname",
}


def tls_context(
    options: Mapping[str, Any], include: Iterable[ssl.VerifyFlags] | None, exclude: Iterable[ssl.VerifyFlags] | None
) -> ssl.SSLContext:
    """Return the context that redis-py's TLS options describe.

    Args:
        options: By redis-py's names.
        include: Verification flags to set.
        exclude: Verification flags to clear.

    Raises:
        ConfigurationError: A certificate, key or cipher list cannot be used.
    """
    if options.get("ssl_cert_reqs") == "none":
        warn_once(f'ssl_cert_reqs="none": {UNVERIFIED}')
    values = {_TLS_NAMES[name]: value for name, value in options.items() if value is not None}
    try:
        context = create_ssl_context(ConfigurationOptions(endpoints=["localhost"], ssl=True, **values))
    except ConfigurationError as error:
        text = str(error)
        for name, ours in _TLS_NAMES.items():
            text = re.sub(rf"\b{ours}\b", name, text)
        raise ConfigurationError(text) from error
    for flag in include or ():
        context.verify_flags |= flag
    for flag in exclude or ():
        context.verify_flags &= ~flag
    return context


def revocation_check(
    fetched: bool, stapled: bool, context: Any, expected: str | bytes | None, tls: Mapping[str, Any]
) -> RevocationCheck | None:
    """Return what redis-py's OCSP options demand.

    Args:
        fetched: ``ssl_validate_ocsp``.
        stapled: ``ssl_validate_ocsp_stapled``.
        context: ``ssl_ocsp_context``.
        expected: ``ssl_ocsp_expected_cert``.
        tls: The other TLS options, by redis-py's names.

    Raises:
        ConfigurationError: They contradict each other, or what OCSP needs is not installed.
    """
    if fetched and stapled:
        raise ConfigurationError("ssl_validate_ocsp, ssl_validate_ocsp_stapled: only one of them can be had")
    if not (fetched or stapled):
        if expected is not None:
            raise ConfigurationError("ssl_ocsp_expected_cert: needs ssl_validate_ocsp or ssl_validate_ocsp_stapled")
        if context is not None:
            raise ConfigurationError("ssl_ocsp_context: needs ssl_validate_ocsp_stapled")
        return None
    if fetched and context is not None:
        raise ConfigurationError("ssl_ocsp_context: needs ssl_validate_ocsp_stapled")
    with importing:
        from ..ocsp import RevocationCheck, require_cryptography, staple_context

    require_cryptography("ssl_validate_ocsp_stapled" if stapled else "ssl_validate_ocsp", stapled)
    if stapled and context is None:
        context = staple_context(tls["ssl_certfile"], tls["ssl_keyfile"], tls["ssl_password"])
    return RevocationCheck(stapled=stapled, context=context, expected=expected)


def verification(required: Any) -> str:
    """Return ``ssl_cert_reqs`` as a word.

    Raises:
        ConfigurationError: It is neither one of the words nor of ``ssl``'s constants.
    """
    words = {ssl.CERT_NONE: "none", ssl.CERT_OPTIONAL: "optional", ssl.CERT_REQUIRED: "required"}
    if required is None:
        return "none"
    if required in words.values():
        return str(required)
    if isinstance(required, ssl.VerifyMode):
        return words[required]
    raise ConfigurationError("ssl_cert_reqs: expected 'none', 'optional' or 'required'")
