"""Hypothesis strategies for options and endpoints."""

from __future__ import annotations

from hypothesis import strategies as st

from multiplexer.configuration import BacklogPolicy, ConfigurationOptions, EndPoint, ReadFrom

# Anything but control characters and lone surrogates.
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=30) | st.text(
    ' ,"=$:@/#?%&+a', min_size=1, max_size=12
)
hosts = (
    st.from_regex(r"[a-z0-9]([a-z0-9_-]{0,20}\.)?[a-z0-9]{1,8}", fullmatch=True)
    | st.ip_addresses(v=4).map(str)
    | st.ip_addresses(v=6).map(str)
)
tcp_endpoints = st.builds(EndPoint, hosts, st.integers(0, 65535))
socket_names = texts.filter(lambda text: text.strip("/"))
unix_endpoints = socket_names.map(lambda name: EndPoint(path="/" + name))
endpoints = tcp_endpoints | unix_endpoints
seconds = st.floats(1e-6, 1e9)
seconds_or_zero = seconds | st.just(0.0)
commands = st.from_regex(r"[A-Z][A-Z0-9_.-]{0,9}", fullmatch=True)
versions = st.lists(st.integers(0, 999), min_size=1, max_size=4).map(tuple)

VALUES = {
    "endpoints": st.lists(endpoints, min_size=1, max_size=4).map(tuple),
    "timeout": seconds,
    "sync_timeout": seconds,
    "async_timeout": seconds,
    "connect_timeout": seconds,
    "connect_retry": st.integers(0, 100),
    "connections_per_endpoint": st.integers(1, 100),
    "keep_alive": seconds_or_zero,
    "heartbeat_interval": seconds,
    "config_check_seconds": seconds_or_zero,
    "max_connection_lifetime": seconds_or_zero,
    "maint_notifications": st.sampled_from(["auto", "enabled", "disabled"]),
    "maint_relaxed_timeout": seconds_or_zero,
    "maint_moving_endpoint_type": st.sampled_from(["auto", "internal-ip", "external-fqdn", "none"]),
    "tcp_keep_alive": st.booleans(),
    "tcp_user_timeout": seconds_or_zero,
    "abort_connect": st.booleans(),
    "allow_admin": st.booleans(),
    "circuit_breaker": st.booleans(),
    "backlog_policy": st.sampled_from(BacklogPolicy),
    "read_from": st.sampled_from(ReadFrom),
    "max_pending": st.integers(1, 10**9),
    "max_pending_bytes": st.integers(1, 10**12),
    "max_reply_bytes": st.integers(1, 10**12),
    "auto_pipeline": st.booleans(),
    "max_flush_delay": seconds_or_zero,
    "lease_above": st.integers(0, 10**9),
    "max_leases": st.integers(1, 10**6),
    "client_cache": st.sampled_from(["optIn", "broadcast"]),
    "client_cache_prefixes": st.lists(st.from_regex(r"[a-z:{}]{1,8}", fullmatch=True), max_size=3).map(tuple),
    "client_cache_bytes": st.integers(1, 10**12),
    "client_cache_entries": st.integers(0, 10**9),
    "client_cache_ttl": seconds,
    "client_cache_exact_ttl": st.booleans(),
    "error_details": st.booleans(),
    "high_integrity": st.booleans(),
    "parser": st.sampled_from(["auto", "hiredis", "python"]),
    "include_detail_in_errors": st.booleans(),
    "user": texts | st.none(),
    "password": texts | st.none(),
    "name": st.from_regex(r"[!-~]{1,12}", fullmatch=True) | st.none(),
    "setlib": st.booleans(),
    "default_database": st.integers(0, 10**6),
    "channel_prefix": texts | st.none(),
    "protocol": st.sampled_from(["auto", 2, 3]),
    "version": versions | st.none(),
    "command_map": st.dictionaries(commands, commands | st.none(), max_size=4),
    "availability_zone": texts | st.none(),
    "config_channel": texts | st.just(""),
    "tie_breaker": texts | st.just(""),
    "service_name": texts | st.none(),
    "sentinel_user": texts | st.none(),
    "sentinel_password": texts | st.none(),
    "proxy": st.sampled_from(["twemproxy", "envoyproxy", None]),
    "resolve_dns": st.booleans(),
    "tunnel": st.builds("http:{}".format, st.builds(EndPoint, hosts, st.integers(1, 65535))) | st.none(),
    "ssl_host": texts | st.none(),
    "ssl_verify": st.sampled_from(["required", "optional", "none"]),
    "ssl_check_hostname": st.booleans(),
    "ssl_ca_file": texts | st.none(),
    "ssl_ca_path": texts | st.none(),
    "ssl_ca_data": st.from_regex(r"-----BEGIN [ -~\n]{0,40}", fullmatch=True) | st.none(),
    "ssl_cert_file": texts | st.none(),
    "ssl_key_file": texts | st.none(),
    "ssl_key_password": texts | st.none(),
    "ssl_protocols": st.sets(st.sampled_from(["1.0", "1.1", "1.2", "1.3"]), min_size=1) | st.none(),
    "ssl_min_version": st.sampled_from(["1.0", "1.1", "1.2", "1.3", None]),
    "ssl_ciphers": texts | st.none(),
    "check_certificate_revocation": st.sampled_from([False, True, "ocsp", "ocspStapled"]),
}


#: What contradicts a proxy.
_NOT_BEHIND_A_PROXY = ("high_integrity", "protocol", "default_database", "service_name", "read_from", "user")


def _sensible(given: dict[str, object]) -> dict[str, object]:
    """Leave out options that contradict others; those have tests of their own."""
    left_out: set[str] = set()
    if given.get("proxy"):
        left_out.update(_NOT_BEHIND_A_PROXY)
    if "ECHO" in given.get("command_map", ()):
        left_out.add("high_integrity")
    if any(endpoint.is_unix for endpoint in given["endpoints"]):
        left_out.add("tunnel")
    return {name: value for name, value in given.items() if name not in left_out}


# TLS options that contradict each other are left to their own tests: with ssl=false any of them may be given.
options = (
    st.fixed_dictionaries(
        {"endpoints": VALUES["endpoints"], "ssl": st.just(False)},
        optional={name: values for name, values in VALUES.items() if name != "endpoints"},
    )
    .map(_sensible)
    .map(ConfigurationOptions.of)
)
