"""Which options of a running multiplexer may be changed, and when a change takes effect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import ConfigurationError

if TYPE_CHECKING:
    from .options import ConfigurationOptions

#: Looked at whenever they matter: a change applies at once.
AT_ONCE = frozenset(
    (
        "allow_admin",
        "async_timeout",
        "backlog_policy",
        "client_cache_bytes",
        "client_cache_entries",
        "client_cache_exact_ttl",
        "client_cache_ttl",
        "config_check_seconds",
        "connect_timeout",
        "include_detail_in_errors",
        "keep_alive",
        "lease_above",
        "maint_relaxed_timeout",
        "max_connection_lifetime",
        "max_pending",
        "max_pending_bytes",
        "max_reply_bytes",
        "read_from",
        "reconnect_backoff",
        "sync_timeout",
        "timeout",
    )
)

#: Said or set when a connection is made: a change applies to the next one.
AT_RECONNECT = frozenset(
    (
        "check_certificate_revocation",
        "credential_provider",
        "error_details",
        "high_integrity",
        "maint_moving_endpoint_type",
        "maint_notifications",
        "name",
        "parser",
        "password",
        "resolve_dns",
        "sentinel_password",
        "sentinel_user",
        "setlib",
        "ssl_ca_data",
        "ssl_ca_file",
        "ssl_ca_path",
        "ssl_cert_file",
        "ssl_check_hostname",
        "ssl_ciphers",
        "ssl_context",
        "ssl_host",
        "ssl_key_file",
        "ssl_key_password",
        "ssl_min_version",
        "ssl_protocols",
        "ssl_verify",
        "tcp_keep_alive",
        "tcp_user_timeout",
        "user",
    )
)


def reconfigured(options: ConfigurationOptions, changes: dict[str, Any]) -> ConfigurationOptions:
    """Return options with some changed that may be while a multiplexer runs.

    Raises:
        ConfigurationError: One is unknown, invalid, or fixed once connected; the message names it.
    """
    changed = options.with_changes(**changes)  # first: it knows a misspelt name better
    for name in options.translated(changes, options.given):
        if name not in AT_ONCE and name not in AT_RECONNECT:
            raise ConfigurationError(f"{name}: cannot be changed while running; connect another multiplexer")
    return changed
