"""A multiplexer's options for what a pool's connections are made with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...configuration import ConfigurationOptions, EndPoint
from ...errors import ConfigurationError
from ...pools.options import verification
from ...pools.parser import DefaultParser, parser_named

#: Arguments of connections that a multiplexer takes by the same names.
_NAMES = (
    "username",
    "password",
    "db",
    "client_name",
    "credential_provider",
    "socket_timeout",
    "socket_connect_timeout",
    "socket_keepalive",
    "protocol",
    "ssl_keyfile",
    "ssl_certfile",
    "ssl_ca_certs",
    "ssl_ca_path",
    "ssl_ca_data",
    "ssl_password",
    "ssl_min_version",
    "ssl_ciphers",
)
#: Arguments that say what only connections of one's own can do.
_IMPOSSIBLE = (
    "redis_connect_func",
    "command_packer",
    "encoder_class",
    "socket_keepalive_options",
    "ssl_include_verify_flags",
    "ssl_exclude_verify_flags",
    "ssl_ocsp_context",
    "ssl_ocsp_expected_cert",
)
#: What they must prove of their certificate, and the multiplexer's word for it.
_REVOCATION = {"ssl_validate_ocsp": "ocsp", "ssl_validate_ocsp_stapled": "ocspStapled"}


def multiplexer_options(connection_class: type[Any], kwargs: Mapping[str, Any], **others: Any) -> ConfigurationOptions:
    """Return the options of a multiplexer that reaches the server as a pool's connections do.

    Args:
        connection_class: Makes the pool's connections.
        kwargs: What with.
        others: Options of the multiplexer, whatever the connections say.

    Raises:
        ConfigurationError: Something is asked for that a shared connection cannot do; the message names it.
        TypeError: An option is unknown.
    """
    for name in _IMPOSSIBLE:
        if kwargs.get(name) is not None:
            raise _impossible(name)
    kind = _kind(connection_class)
    connection_class(**kwargs)  # refuses what it does not know, or what cannot be; it is not connected
    path = kwargs.get("path")
    endpoint = EndPoint(path=path) if path else EndPoint(kwargs.get("host", "localhost"), int(kwargs.get("port", 6379)))
    changes: dict[str, Any] = {"endpoints": [endpoint], "allow_admin": True}
    for name in _NAMES:
        value = kwargs.get(name)
        if value is not None:
            changes[name] = value
    for name, how in _REVOCATION.items():
        if kwargs.get(name):
            changes["check_certificate_revocation"] = how
    changes["ssl"] = kind == "SSLConnection"
    if changes["ssl"]:
        required = verification(kwargs.get("ssl_cert_reqs", "required"))
        changes["ssl_verify"] = required
        changes["ssl_check_hostname"] = bool(kwargs.get("ssl_check_hostname", True)) and required != "none"
    changes["parser"] = _parser(kwargs.get("parser_class"))
    if kwargs.get("health_check_interval"):
        changes["keep_alive"] = float(kwargs["health_check_interval"])
    if "protocol" in changes:
        changes["protocol"] = int(changes["protocol"])
    return ConfigurationOptions(**{**changes, **others})


def _kind(connection_class: type[Any]) -> str:
    """Return the name of one of the package's own connection classes; others do what only they know."""
    if connection_class.__module__.startswith("multiplexer.pools."):
        return connection_class.__name__
    raise _impossible("connection_class")


def _parser(parser_class: type[Any] | None) -> str:
    if parser_class is None or parser_class is DefaultParser:
        return "auto"
    for name in ("hiredis", "python"):
        if parser_class is parser_named(name):
            return name
    raise _impossible("parser_class")


def _impossible(name: str) -> ConfigurationError:
    return ConfigurationError(f"{name}: not to be had with multiplexed=True")
