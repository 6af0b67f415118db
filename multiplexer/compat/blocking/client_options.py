# Generated from multiplexer/compat/asyncio/client_options.py by scripts/generate_blocking.py; change that file instead.
"""What the arguments of a client come to: the pool its connections come from."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from inspect import Parameter
from typing import TYPE_CHECKING, Any

from ...errors import ConfigurationError, DataError
from ...pools.blocking.connection import SENTINEL
from ...pools.options import refuse_options
from ...retry import ExponentialWithJitterBackoff, Retry
from .connection import Connection, ConnectionPool, SSLConnection, UnixDomainSocketConnection
from .lending_pool import MultiplexerPool

if TYPE_CHECKING:
    from ...blocking import ConnectionMultiplexer

#: What a client made from arguments does about a lost connection, as in redis-py; pools and URLs bring no retries.
DEFAULT_RETRY = Retry(ExponentialWithJitterBackoff(base=0.01, cap=1), 10)

_TLS_OPTIONS = (
    "ssl_keyfile",
    "ssl_certfile",
    "ssl_cert_reqs",
    "ssl_include_verify_flags",
    "ssl_exclude_verify_flags",
    "ssl_ca_certs",
    "ssl_ca_path",
    "ssl_ca_data",
    "ssl_check_hostname",
    "ssl_password",
    "ssl_min_version",
    "ssl_ciphers",
)
#: Options of TLS that a connection is only bothered with where they ask for something.
_OCSP_OPTIONS = ("ssl_validate_ocsp", "ssl_validate_ocsp_stapled", "ssl_ocsp_context", "ssl_ocsp_expected_cert")
_COMMON_OPTIONS = (
    "db",
    "username",
    "password",
    "credential_provider",
    "socket_timeout",
    "socket_read_size",
    "encoding",
    "encoding_errors",
    "decode_responses",
    "health_check_interval",
    "client_name",
    "redis_connect_func",
    "protocol",
    "legacy_responses",
)
_TCP_OPTIONS = ("host", "port", "socket_connect_timeout", "socket_keepalive", "socket_keepalive_options")
#: What is the client's own, whatever its commands travel on.
_OWN_OPTIONS = ("db", "encoding", "encoding_errors", "decode_responses", "protocol", "legacy_responses")
_CACHE_OPTIONS = ("cache", "cache_config")
_LIBRARY_OPTIONS = ("lib_name", "lib_version", "driver_info")
_REFUSED_OPTIONS = (
    "event_dispatcher",
    "maint_notifications_config",
    "oss_cluster_maint_notifications_handler",
)


#: What describes connections, and so has nothing to say where a multiplexer does.
_SERVER_OPTIONS = frozenset(
    (
        *(name for name in _COMMON_OPTIONS if name not in _OWN_OPTIONS),
        *_TCP_OPTIONS,
        *_TLS_OPTIONS,
        *_OCSP_OPTIONS,
        *_LIBRARY_OPTIONS,
        "connection_pool_cls",
        "max_connections",
        "retry",
        "retry_on_error",
        "retry_on_timeout",
        "ssl",
        "unix_domain_socket_path",
        "unix_socket_path",
    )
)


def client_pool(given: Mapping[str, Any], known: Mapping[str, Parameter], client: str) -> Any:
    """Return the pool that a client's arguments name, or else describe.

    Args:
        given: The arguments by name.
        known: What is known of each of them.
        client: What the client's class is called.

    Raises:
        ConfigurationError: An argument is not to be had, or has a value that cannot be; the message names it.
        DataError: Arguments contradict each other.
    """
    refuse_options({name: given[name] for name in _REFUSED_OPTIONS}, client)
    pool, multiplexer, multiplexed = given["connection_pool"], given["multiplexer"], given["multiplexed"]
    if multiplexer is not None and (multiplexed or pool is not None):
        raise DataError("'multiplexer' cannot be passed along with 'connection_pool' or 'multiplexed'")
    for name in _CACHE_OPTIONS:
        if given[name] is not None and not (multiplexer is None and pool is None):
            raise DataError(f"{name!r} cannot be passed along with 'connection_pool' or 'multiplexer'")
    if multiplexer is not None:
        pool = _pool_of(multiplexer, given, known)
    elif pool is None:
        pool = make_pool(given)
    elif given["connection_pool_cls"] is not None or multiplexed:
        raise DataError("'connection_pool' cannot be passed along with 'connection_pool_cls' or 'multiplexed'")
    return pool


def _pool_of(
    multiplexer: ConnectionMultiplexer, given: Mapping[str, Any], known: Mapping[str, Parameter]
) -> MultiplexerPool:
    """Make the pool's form of a multiplexer, which describes its connections itself.

    Raises:
        DataError: So does another argument.
    """
    for name, parameter in known.items():
        if name in _SERVER_OPTIONS and given[name] is not parameter.default and given[name] != parameter.default:
            raise DataError(f"{name!r} cannot be passed along with 'multiplexer'")
    return MultiplexerPool(multiplexer, **{name: given[name] for name in _OWN_OPTIONS})


def make_pool(given: Mapping[str, Any]) -> Any:
    """Make the pool that a client's arguments describe."""
    options: dict[str, Any] = {name: given[name] for name in _COMMON_OPTIONS}
    options["retry"] = copy.deepcopy(given["retry"])
    options["retry_on_error"] = [*(given["retry_on_error"] or ())]
    if given["retry_on_timeout"]:
        options["retry_on_timeout"] = True
    options.update({name: given[name] for name in _LIBRARY_OPTIONS if given[name] is not SENTINEL})
    path = given["unix_socket_path"] or given["unix_domain_socket_path"]
    if path:
        if given["ssl"]:
            raise ConfigurationError("ssl: not to be had over a Unix socket")
        options.update(path=path, connection_class=UnixDomainSocketConnection)
    else:
        options.update({name: given[name] for name in _TCP_OPTIONS})
        options["connection_class"] = Connection
    if given["ssl"]:
        options.update({name: given[name] for name in _TLS_OPTIONS})
        options.update({name: given[name] for name in _OCSP_OPTIONS if given[name]})
        options["connection_class"] = SSLConnection
    if given["multiplexed"]:
        options["multiplexed"] = True
    options.update({name: given[name] for name in _CACHE_OPTIONS if given[name] is not None})
    pool_class = given["connection_pool_cls"] or ConnectionPool
    return pool_class(max_connections=given["max_connections"], **options)
