"""redis-py's names for what a client is told: each is an option here, or done otherwise, which an error then says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any

from ..errors import ConfigurationError
from . import values
from .endpoint import DEFAULT_PORT, EndPoint
from .table import Option

_SECONDS = values.Seconds("s")

#: Names that mean the same, in code and in URLs. redis-py's `timeout` does not: that is a wait for a pool.
_SAME = {
    "db": "default_database",
    "username": "user",
    "client_name": "name",
    "socket_timeout": "timeout",
    "socket_connect_timeout": "connect_timeout",
    "socket_keepalive": "tcp_keep_alive",
    "health_check_interval": "keep_alive",
    "ssl_cert_reqs": "ssl_verify",
    "ssl_check_hostname": "ssl_check_hostname",
    "ssl_ca_certs": "ssl_ca_file",
    "ssl_ca_path": "ssl_ca_path",
    "ssl_ca_data": "ssl_ca_data",
    "ssl_certfile": "ssl_cert_file",
    "ssl_keyfile": "ssl_key_file",
    "ssl_password": "ssl_key_password",
    "ssl_min_version": "ssl_min_version",
    "ssl_ciphers": "ssl_ciphers",
}
#: Names of an address, which strings and URLs begin with.
_ADDRESS = ("host", "port", "unix_socket_path")
#: What they are written like where the option's own kind has it otherwise.
_KINDS: dict[str, values.Kind] = {
    "socket_timeout": _SECONDS,
    "socket_connect_timeout": _SECONDS,
    "ssl_ca_data": values.RawPemText(),
}
#: ``ssl.CERT_NONE`` and the like, and the words for them.
_VERIFY_MODES = {0: "none", 1: "optional", 2: "required"}

_RETRY = "a handle says what is sent again: get_database().with_options(retry=...), a back-off of multiplexer.retry"
_NO_POOL = "there is no pool: handles share one connection to each server; pools are in multiplexer.pools"
_NO_CACHE = "there is no client-side cache"
_UTF_8 = "text is UTF-8; take bytes of another encoding, get_database(decode=False), and decode them yourself"
_OCSP = "check_certificate_revocation='ocsp' asks whether the certificate was revoked, 'ocspStapled' takes the server's"
_FLAGS = "ssl_context takes a context with any flags, in code"
_LIBRARY = "servers are told this package's name and version, or with setlib=False nothing"
_MAINTENANCE = "what servers announce is the event server_maintenance of the multiplexer"
_READ_FROM = "read_from='any' or another of its words says which servers are read from"
_SHARED = (
    "one connection to each server is shared by all; max_pending bounds what may wait on it, and max_leases the "
    "connections that blocking commands borrow"
)
_FOLLOWED = "redirections are followed and commands held back until the command's deadline, `timeout`"

#: Names of what is done otherwise, and how.
_ELSEWHERE = {
    "decode_responses": "handles decode, and connections do not: get_database(decode=True)",
    "encoding": _UTF_8,
    "encoding_errors": _UTF_8,
    "max_connections": _SHARED,
    "max_connections_per_node": _SHARED,
    "connection_pool": _NO_POOL,
    "single_connection_client": _NO_POOL,
    "auto_close_connection_pool": _NO_POOL,
    "connection_pool_class": _NO_POOL,
    "retry": _RETRY,
    "retry_on_error": _RETRY,
    "retry_on_timeout": _RETRY,
    "redis_connect_func": "what a new connection says follows from user, password, name and default_database",
    "socket_read_size": "how much is read at a time is nothing to set",
    "socket_keepalive_options": "tcp_keep_alive and tcp_user_timeout are what can be set",
    "parser_class": "parser='hiredis' or parser='python'",
    "lib_name": _LIBRARY,
    "lib_version": _LIBRARY,
    "driver_info": _LIBRARY,
    "legacy_responses": "results are of one form; redis-py's are those of multiplexer.compat",
    "event_dispatcher": "the multiplexer has events: connection_failed, connection_restored and others",
    "maint_notifications_config": _MAINTENANCE,
    "oss_cluster_maint_notifications_handler": _MAINTENANCE,
    "cache": _NO_CACHE,
    "cache_config": _NO_CACHE,
    "startup_nodes": "endpoints takes the nodes, as 'host:port'; that they are a cluster is found out",
    "dynamic_startup_nodes": "every member that is known is asked, and the endpoints when none of them knows more",
    "require_full_coverage": "slots that are served are used, whether all are or not",
    "readonly": _READ_FROM,
    "read_from_replicas": _READ_FROM,
    "load_balancing_strategy": _READ_FROM,
    "cluster_error_retry_attempts": _FOLLOWED,
    "reinitialize_steps": _FOLLOWED,
    "sentinels": "endpoints takes the sentinels, as 'host:port', and service_name what they are asked for",
    "sentinel_kwargs": "sentinel_user and sentinel_password",
    "ssl_validate_ocsp": _OCSP,
    "ssl_validate_ocsp_stapled": _OCSP,
    "ssl_ocsp_context": _OCSP,
    "ssl_ocsp_expected_cert": _OCSP,
    "ssl_include_verify_flags": _FLAGS,
    "ssl_exclude_verify_flags": _FLAGS,
}

#: All of them. What an error says of one repeats no other text than these.
IN_CODE = frozenset((*_SAME, *_ADDRESS, *_ELSEWHERE))
#: Those that URLs take, each with its option and the kind that reads it where that is not the option's own.
IN_URLS: dict[str, tuple[str, values.Kind | None]] = {name: (ours, _KINDS.get(name)) for name, ours in _SAME.items()}


def why_not(name: str, options: Iterable[Option]) -> str:
    """Return what to write instead of one of the names where a string or URL does not take it."""
    if name in _ADDRESS:
        return "the address comes first: host:port, or unix:/path"
    if name in _SAME:
        option = next(option for option in options if option.name == _SAME[name])
        unit = f", with its unit or in {option.kind.unit}" if option.kind.unit else ""
        return f"redis-py's name; here it is {option.key}{unit}"
    return _ELSEWHERE[name]


def translated(given: Mapping[str, Any], before: Mapping[str, Any], options: Mapping[str, Option]) -> dict[str, Any]:
    """Return keyword arguments by the names of options.

    Args:
        given: Keyword arguments, some of them by redis-py's names.
        before: The options they change.
        options: The options there are.

    Raises:
        ConfigurationError: One is done otherwise here, is no value, or contradicts another.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if name in _ELSEWHERE and name not in options:
            raise ConfigurationError(f"{name}: {_ELSEWHERE[name]}")
        if name in _ADDRESS:
            continue
        ours = name if name in options else _SAME.get(name, name)
        if ours != name:
            if name == "ssl_cert_reqs" and isinstance(value, IntEnum):
                value = _VERIFY_MODES.get(value, "")
            value = options[ours].check(value, f"{name} ({ours})")
        if ours in found and found[ours] != value:
            raise ConfigurationError(f"{name}: contradicts {ours}")
        found[ours] = value
    if any(given.get(name) is not None for name in _ADDRESS):
        found["endpoints"] = _address(given, before)
    return found


def _address(given: Mapping[str, Any], before: Mapping[str, Any]) -> tuple[EndPoint, ...]:
    host, port, path = (given.get(name) for name in _ADDRESS)
    if "endpoints" in given:
        raise ConfigurationError("host, port, unix_socket_path: contradict endpoints, which has the addresses")
    if path is not None:
        if host is not None or port is not None:
            raise ConfigurationError("unix_socket_path: either a host or the path of a Unix socket, not both")
        return (EndPoint(path=path, where="unix_socket_path"),)
    if host is not None:
        return (EndPoint(host, 0 if port is None else port, where="host, port"),)
    known = before.get("endpoints", (EndPoint("localhost"),))
    if len(known) != 1 or known[0].is_unix:
        raise ConfigurationError("port: belongs to a host, and there is not just one: endpoints takes 'host:port'")
    return (EndPoint(known[0].host, DEFAULT_PORT if port is None else port, where="port"),)
