"""ConfigurationOptions from code and from connection strings."""

from __future__ import annotations

import copy
import logging
import os
import pickle
import ssl
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multiplexer.configuration import BacklogPolicy, ConfigurationOptions, EndPoint, ReadFrom
from multiplexer.errors import ConfigurationError
from multiplexer.retry import FullJitterBackoff, NoBackoff

from . import configuration_strategies as strategies

parse = ConfigurationOptions.parse
ROOT = Path(__file__).resolve().parents[2]
MARKER = "Hunter2zQ"


def explain(error: BaseException) -> str:
    """Everything anybody could print of an error, its context included."""
    text = "".join(traceback.format_exception(error)) + repr(error)
    for linked in (error.__cause__, error.__context__):
        if linked is not None:
            text += explain(linked)
    return "".join(line for line in text.splitlines() if not line.startswith("    "))  # source lines of the test


# Defaults


def test_defaults():
    options = ConfigurationOptions(endpoints="localhost")
    expected = {
        "endpoints": (EndPoint("localhost", 6379),),
        "timeout": 5.0,
        "sync_timeout": 5.0,
        "async_timeout": 5.0,
        "connect_timeout": 5.0,
        "connect_retry": 3,
        "keep_alive": 60.0,
        "heartbeat_interval": 1.0,
        "config_check_seconds": 60.0,
        "max_connection_lifetime": 0.0,
        "maint_notifications": "auto",
        "maint_relaxed_timeout": 10.0,
        "maint_moving_endpoint_type": "auto",
        "tcp_keep_alive": True,
        "tcp_user_timeout": 20.0,
        "reconnect_backoff": FullJitterBackoff(cap=1.0, base=0.05),
        "abort_connect": False,
        "allow_admin": False,
        "circuit_breaker": False,
        "backlog_policy": BacklogPolicy.QUEUE,
        "read_from": ReadFrom.PRIMARY,
        "max_pending": 65536,
        "max_pending_bytes": 67108864,
        "max_reply_bytes": 1073741824,
        "auto_pipeline": True,
        "max_flush_delay": 0.0,
        "lease_above": 1024 * 1024,
        "max_leases": 1000,
        "client_cache": "optIn",
        "client_cache_prefixes": (),
        "client_cache_bytes": 67108864,
        "client_cache_entries": 0,
        "client_cache_ttl": 60.0,
        "client_cache_exact_ttl": False,
        "credential_provider": None,
        "error_details": False,
        "high_integrity": False,
        "parser": "auto",
        "include_detail_in_errors": True,
        "connections_per_endpoint": 1,
        "availability_zone": None,
        "user": None,
        "password": None,
        "name": None,
        "setlib": True,
        "default_database": 0,
        "channel_prefix": None,
        "protocol": "auto",
        "version": None,
        "command_map": {},
        "config_channel": "__Booksleeve_MasterChanged",
        "tie_breaker": "__Booksleeve_TieBreak",
        "service_name": None,
        "sentinel_user": None,
        "sentinel_password": None,
        "proxy": None,
        "resolve_dns": False,
        "tunnel": None,
        "socket_factory": None,
        "connection_class": None,
        "address_remap": None,
        "ssl": False,
        "ssl_host": None,
        "ssl_verify": "required",
        "ssl_check_hostname": True,
        "ssl_ca_file": None,
        "ssl_ca_path": None,
        "ssl_ca_data": None,
        "ssl_cert_file": None,
        "ssl_key_file": None,
        "ssl_key_password": None,
        "ssl_protocols": None,
        "ssl_min_version": None,
        "ssl_ciphers": None,
        "check_certificate_revocation": False,
        "ssl_context": None,
    }
    assert {name: getattr(options, name) for name in options.options} == expected
    assert options.to_string() == "localhost"


# Connection strings


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("abortConnect=true", "abort_connect", True),
        ("ABORTCONNECT=True", "abort_connect", True),
        ("abortconnect=1", "abort_connect", True),
        ("setlib=off", "setlib", False),
        ("setlib=No", "setlib", False),
        ("timeout=1500", "timeout", 1.5),
        ("timeout=0.25", "timeout", 0.00025),
        ("keepAlive=180", "keep_alive", 180.0),
        ("keepAlive=0", "keep_alive", 0.0),
        ("connectRetry=0", "connect_retry", 0),
        ("defaultDatabase=7", "default_database", 7),
        ("readFrom=preferreplica", "read_from", ReadFrom.PREFER_REPLICA),
        ("readFrom=AVAILABILITY_ZONE", "read_from", ReadFrom.AVAILABILITY_ZONE),
        ("backlogPolicy=failfast", "backlog_policy", BacklogPolicy.FAIL_FAST),
        ("protocol=3", "protocol", 3),
        ("protocol=resp2", "protocol", 2),
        ("protocol=AUTO", "protocol", "auto"),
        ("proxy=Twemproxy", "proxy", "twemproxy"),
        ("proxy=none", "proxy", None),
        ("version=7.2.4", "version", (7, 2, 4)),
        ("tunnel=http:proxy.example:3128", "tunnel", "http:proxy.example:3128"),
        ("ssl=false,sslProtocols=tls12|tls13", "ssl_protocols", ("1.2", "1.3")),
        ("clientCache=BROADCAST", "client_cache", "broadcast"),
        ("clientCachePrefixes=user:|session:", "client_cache_prefixes", ("user:", "session:")),
        ("clientCachePrefixes=", "client_cache_prefixes", ()),
        ("ssl=false,sslMinVersion=1.3", "ssl_min_version", "1.3"),
        ("tiebreaker=", "tie_breaker", ""),
        ("name=", "name", None),
        ("password=abc==", "password", "abc=="),
        ("password= spaced in ", "password", "spaced in"),
        ('password=" spaced around "', "password", " spaced around "),
        ('password= "a,""b" ', "password", 'a,"b'),
        ('password=a"b"', "password", 'a"b"'),
        ('password=""', "password", None),
    ],
)
def test_keys_and_values(text, name, value):
    options = parse("host," + text)
    assert getattr(options, name) == value
    assert options.is_given(name)
    assert parse(options.to_string(include_password=True)) == options


def test_endpoints_stand_anywhere_and_empty_parts_are_skipped():
    options = parse(" a , b:1,, timeout=1000 ,[::1]:7,unix:/run/r.sock,/tmp/x,!/tmp/y,")
    assert list(map(str, options.endpoints)) == [
        "a:6379",
        "b:1",
        "[::1]:7",
        "unix:/run/r.sock",
        "unix:/tmp/x",
        "unix:/tmp/y",
    ]


def test_repeated_endpoints_count_once():
    assert len(parse("a,A:6379,a:6380,a").endpoints) == 2


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("h", 6379),
        ("h,ssl=true", 6380),
        ("h,serviceName=s", 26379),
        ("h,serviceName=s,ssl=true", 26379),
        ("h:1,ssl=true", 1),
    ],
)
def test_default_ports(text, port):
    assert parse(text).endpoints == (EndPoint("h", port),)


def test_a_default_port_follows_later_changes():
    options = parse("a,b:7000")
    assert options.with_changes(ssl=True).endpoints == (EndPoint("a", 6380), EndPoint("b", 7000))


def test_command_map():
    options = parse("h,$get=FETCH,$FLUSHALL=,$config=x-config")
    assert options.command_map == {"GET": "FETCH", "FLUSHALL": None, "CONFIG": "x-config"}
    assert parse(options.to_string()) == options
    with pytest.raises(TypeError):
        options.command_map["GET"] = "x"


def test_timeouts_together():
    assert [parse("h,timeout=1000").sync_timeout, parse("h,timeout=1000").async_timeout] == [1.0, 1.0]
    both = parse("h,timeout=1000,syncTimeout=2000")
    assert [both.sync_timeout, both.async_timeout] == [2.0, 1.0]
    only_sync = parse("h,syncTimeout=2000")
    assert [only_sync.sync_timeout, only_sync.async_timeout, only_sync.tcp_user_timeout] == [2.0, 2.0, 8.0]
    changed = only_sync.with_changes(timeout=9)
    assert [changed.sync_timeout, changed.async_timeout] == [2.0, 9.0]


def test_ignore_unknown_works_wherever_it_stands():
    assert parse("h,colour=red,ignoreUnknown=true,timeout=1000").timeout == 1.0
    assert parse("h,IGNOREUNKNOWN=yes,colour=red") == parse("h")
    with pytest.raises(ConfigurationError, match="part 2: unknown option"):
        parse("h,colour=red,ignoreUnknown=false")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("h,passwrod=x", r"^part 2: unknown option; did you mean 'password'\?$"),
        ("h,abortconect=1", r"^part 2: unknown option; did you mean 'abortConnect'\?$"),
        ("h,keep_alive=1", r"^part 2: unknown option; did you mean 'keepAlive'\?$"),
        ("h,ignoreUnknow=1", r"did you mean 'ignoreUnknown'\?$"),
        ("h,timeout=soon", r"^part 2 \(timeout\): expected a number of milliseconds, or one with ms, s, min or h"),
        ("h,timeout=0s", r"^part 2 \(timeout\)"),
        ("h,timeout=s", r"^part 2 \(timeout\)"),
        ("h,timeout=2 s", r"^part 2 \(timeout\)"),
        ("h,timeout=2days", r"^part 2 \(timeout\)"),
        ("h,timeout=" + "9" * 400 + "h", r"^part 2 \(timeout\)"),
        ("h,timeout=0", r"^part 2 \(timeout\)"),
        ("h,timeout=-1", r"^part 2 \(timeout\)"),
        ("h,timeout=1e3", r"^part 2 \(timeout\)"),
        ("h,timeout=nan", r"^part 2 \(timeout\)"),
        ("h,timeout=" + "9" * 400, r"^part 2 \(timeout\)"),
        ("h,timeout=", r"^part 2 \(timeout\)"),
        ("h,timeout=1\u0661", r"^part 2 \(timeout\)"),
        ("h,SSL=perhaps", r"^part 2 \(ssl\): expected true or false"),
        ("h,ssl=", r"^part 2 \(ssl\)"),
        ("h,connectRetry=1.5", r"^part 2 \(connectRetry\): expected a whole number of at least 0"),
        ("h,maxPending=0", r"^part 2 \(maxPending\): expected a whole number of at least 1"),
        ("h,protocol=4", r"^part 2 \(protocol\): expected one of auto, 2, 3"),
        ("h,version=seven", r"^part 2 \(version\)"),
        ("h,tunnel=socks:h:1", r"^part 2 \(tunnel\): expected http:host:port"),
        ("h,tunnel=http:h", r"^part 2 \(tunnel\): expected http:host:port"),
        ("h,name=two words", r"^part 2 \(name\): expected printable ASCII"),
        ("h,sslProtocols=ssl3", r"^part 2 \(sslProtocols\)"),
        ("h,sslCaData=%%%", r"^part 2 \(sslCaData\)"),
        ("h,$=x", r"^part 2 \(\$ and a command\)"),
        ("h,$GET=a b", r"^part 2 \(\$ and a command\)"),
        ("h,=x", r"^part 2: unknown option"),
        ("h:port", r"^part 1 \(endpoint\): the port must be a number from 1 to 65535$"),
        ("h:0", r"^part 1 \(endpoint\): the port"),
        ("h:65536", r"^part 1 \(endpoint\): the port"),
        ("h:", r"^part 1 \(endpoint\): the port"),
        ("h:\u0661", r"^part 1 \(endpoint\): the port"),
        ("a,b:+1", r"^part 2 \(endpoint\): the port"),
        (":6379", r"^part 1 \(endpoint\): the host is missing"),
        ("[::1", r"^part 1 \(endpoint\): an IPv6 address is written"),
        ("[::1]6379", r"^part 1 \(endpoint\): an IPv6 address is written"),
        ("[h]:1", r"^part 1 \(endpoint\): only an IPv6"),
        ("1:2:3:x", r"^part 1 \(endpoint\): not an IPv6"),
        ("two words", r"^part 1 \(endpoint\): a host name"),
        ("unix:relative", r"^part 1 \(endpoint\): the path"),
        ("", r"^no endpoint"),
        (" , ", r"^no endpoint"),
        ("timeout=1000", r"^no endpoint"),
        ("h,timeout=1000,TIMEOUT=2000", r"^part 3 \(timeout\): contradicts"),
        ("h,$get=a,$GET=b", r"^part 3: contradicts"),
        ("h\n", r"^part 1: control characters"),
        ("h,timeout=1000\r", r"^part 2 \(timeout\): control characters"),
        ("h,password=a\x00b", r"^part 2 \(password\): control characters"),
        ("h,pass\x7fword=a", r"^part 2: control characters"),
        ('h,password="a\nb"', r"^part 2 \(password\): control characters"),
        ("h,name=\ud800", r"^part 2 \(name\): control characters"),
        ('h,password="a,b', r"^part 2: the closing quote is missing"),
        ('h,password="a"b,c', r"^part 2: the closing quote is missing"),
        ("h,password=a,b", r"^part 3: looks like the rest of a password"),
        ("h,password=a,host:6379", r"^part 3: looks like the rest of a password"),
        ("h,sslCaFile=x", r"^ssl_ca_file: needs ssl=true"),
        ("h,sslHost=x", r"^ssl_host: needs ssl=true"),
        ("/run/x,tunnel=http:h:1", r"^tunnel: an HTTP proxy cannot"),
        ("h,ssl=true,sslKeyFile=x", r"need ssl_cert_file"),
        ("h,ssl=true,sslVerify=none,sslCheckHostname=true", r"^ssl_check_hostname: contradicts"),
        ("h,ssl=true,sslProtocols=tls12,sslMinVersion=1.3", r"^ssl_min_version: higher"),
        ("/run/x,ssl=true", r"^ssl_host: needed"),
    ],
)
def test_what_is_wrong_is_named(text, message):
    with pytest.raises(ConfigurationError, match=message) as caught:
        parse(text)
    assert isinstance(caught.value, ValueError)


def test_the_same_value_twice_is_no_contradiction():
    assert parse("h,timeout=1000,Timeout=1000.0") == parse("h,timeout=1000")
    assert parse("h,$GET=a,$get=a").command_map == {"GET": "a"}


def test_a_quoted_password_may_stand_before_an_endpoint():
    assert parse('password="a",h').endpoints == (EndPoint("h", 6379),)


def test_harmless_tls_options_need_no_tls():
    assert not parse("h,checkCertificateRevocation=false,sslCheckHostname=false").ssl
    assert not parse("h,ssl=false,sslHost=x").ssl


def test_parse_takes_options_and_nothing_else():
    options = parse("h")
    assert parse(options) is options
    for bad in (None, b"h", 6379, ["h"]):
        with pytest.raises(ConfigurationError, match="expected a connection string, URL or options"):
            parse(bad)


@given(strategies.options)
def test_round_trip(options):
    text = options.to_string(include_password=True)
    again = parse(text)
    assert again == options
    assert hash(again) == hash(options)
    assert set(again.given) >= {name for name in options.given if name != "command_map"}
    assert again.to_string(include_password=True) == text


@given(strategies.options)
def test_round_trip_without_passwords(options):
    cleared = options.with_changes(password=None, sentinel_password=None, ssl_key_password=None)
    assert parse(options.to_string()) == cleared


@given(st.text(max_size=60) | st.text('h=,"$:[]!/ \npassword', max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        options = parse(text)
    except ConfigurationError:
        return
    assert parse(options.to_string(include_password=True)) == options


# Secrets

STARTS = st.sampled_from(
    [
        *("", "h,", "h,password=", 'h,password="', "h,timeout=", "h,tunnel=", "h,$", "h:", "[", "unix:", "password="),
        *("redis://", "redis://:", "redis://u:", "redis://h/", "redis://h?", "redis://h?password=", "redis://h?db="),
        *("redis://h,", "unix://", "unix://:", "sentinel://h/", "sentinel://:", "rediss://h?ssl_ca_data="),
    ]
)
JUNK = st.lists(st.sampled_from([*'=,:@/?#&%$[] "\n', "%0A", "%ff", "password", "timeout=1", "h"]), max_size=3).map(
    "".join
)
MALFORMED = st.tuples(STARTS, JUNK, st.just(MARKER), JUNK, st.sampled_from(["", "@h", MARKER]), JUNK).map("".join)


def attempt(function: Callable[..., ConfigurationOptions], *args: object, **values: object) -> str:
    """Return all that the error says, or nothing where there is none."""
    try:
        function(*args, **values)
    except ConfigurationError as error:
        return explain(error)
    return ""


@settings(max_examples=500)
@given(MALFORMED)
def test_no_error_repeats_any_part_of_a_malformed_string(text):
    assert MARKER.lower() not in attempt(parse, text).lower()


@given(junk=st.text(max_size=8), name=st.sampled_from(["password", "sentinel_password", "ssl_key_password"]))
def test_no_text_of_options_shows_a_password(junk, name):
    refused = attempt(ConfigurationOptions, endpoints="h", ssl=True, ssl_cert_file="x", **{name: junk + MARKER + junk})
    assert MARKER not in refused
    if refused:
        return
    options = ConfigurationOptions(endpoints="h", ssl=True, ssl_cert_file="x", **{name: junk + MARKER + junk})
    assert MARKER in options.to_string(include_password=True)
    logged = logging.LogRecord("n", 0, "", 0, "%s %r", (options, options), None).getMessage()
    for text in (repr(options), str(options), f"{options}", options.to_string(), logged):
        assert MARKER not in text
    assert "=***" in repr(options)


@pytest.mark.parametrize("name", list(ConfigurationOptions.options))
def test_no_error_of_a_wrong_value_repeats_it(name):
    for value in (MARKER, object(), [MARKER], {MARKER: MARKER}, b"x", float("nan"), -1, "\n" + MARKER):
        refused = attempt(ConfigurationOptions, **{"endpoints": "h", "ssl": True, name: value})
        assert MARKER not in refused, value
        assert not refused or name in refused or "ssl_cert_file" in refused, value


# From code


def test_every_form_of_endpoints():
    expected = (EndPoint("a", 1), EndPoint("b", 6379), EndPoint("c", 3))
    assert ConfigurationOptions(endpoints=["a:1", EndPoint("B"), ("c", 3)]).endpoints == expected
    assert ConfigurationOptions(endpoints=(item for item in ("a:1", "b", "c:3"))).endpoints == expected
    assert ConfigurationOptions(endpoints=EndPoint("a")).endpoints == (EndPoint("a", 6379),)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "^endpoints: must be given"),
        ({"endpoints": []}, "^endpoints: at least one"),
        ({"endpoints": 5}, "^endpoints: expected"),
        ({"endpoints": [5]}, "^endpoints: expected"),
        ({"endpoints": "h", "tiemout": 1}, "^unknown option 'tiemout'; did you mean 'timeout'"),
        ({"endpoints": "h", "timeout": "5"}, "^timeout: expected a number of seconds"),
        ({"endpoints": "h", "timeout": None}, "^timeout"),
        ({"endpoints": "h", "timeout": True}, "^timeout"),
        ({"endpoints": "h", "timeout": float("inf")}, "^timeout"),
        ({"endpoints": "h", "connect_retry": True}, "^connect_retry"),
        ({"endpoints": "h", "ssl": 1}, "^ssl: expected True or False, got int"),
        ({"endpoints": "h", "protocol": True}, "^protocol"),
        ({"endpoints": "h", "protocol": 3.0}, "^protocol"),
        ({"endpoints": "h", "read_from": None}, "^read_from"),
        ({"endpoints": "h", "version": (7, "2")}, "^version"),
        ({"endpoints": "h", "password": b"x"}, "^password: expected a str, got bytes"),
        ({"endpoints": "h", "password": "a\nb"}, "^password: control characters"),
        ({"endpoints": "h", "reconnect_backoff": 1}, "^reconnect_backoff: expected a back-off"),
        ({"endpoints": "h", "socket_factory": 1}, "^socket_factory: expected a callable"),
        ({"endpoints": "h", "connection_class": len}, "^connection_class: expected a class"),
        ({"endpoints": "h", "ssl_context": 1}, "^ssl_context: expected an ssl.SSLContext"),
        ({"endpoints": "h", "command_map": {"get": "a", "GET": "b"}}, "^command_map: the same command twice"),
        ({"endpoints": "h", "tunnel": "http:h:1", "socket_factory": len}, "^tunnel: cannot be combined"),
    ],
)
def test_wrong_values_are_named(values, message):
    with pytest.raises(ConfigurationError, match=message):
        ConfigurationOptions(**values)


@pytest.mark.parametrize(
    "name", ["timeout", "sync_timeout", "async_timeout", "connect_timeout", "heartbeat_interval", "tcp_user_timeout"]
)
def test_what_is_more_likely_milliseconds_is_asked_about(name):
    key = ConfigurationOptions.options[name].key
    for change in (parse("h").with_changes, partial(ConfigurationOptions, endpoints="h")):
        with pytest.raises(
            ConfigurationError,
            match=f"^{name}: keyword arguments are seconds, and 5000 of them are 83 minutes; 5000 milliseconds are "
            f"{name}=5, .* {key}=5000s$",
        ):
            change(**{name: 5000})
        assert getattr(change(**{name: 3600}), name) == 3600.0


def test_long_times_are_taken_where_their_unit_was_said():
    options = parse("h,timeout=5000s")
    assert (options.timeout, options.async_timeout, options.tcp_user_timeout) == (5000.0, 5000.0, 20000.0)
    for same in (options.with_changes(name="me"), parse(options.to_string()), pickle.loads(pickle.dumps(options))):
        assert same.timeout == 5000.0
    # These are seconds in strings as well, and nothing to be mistaken for; a check in a day makes sense.
    assert (
        parse("h")
        .with_changes(config_check_seconds=86400, keep_alive=7200)
        .to_string()
        .endswith("keepAlive=7200,configCheckSeconds=86400")
    )


def test_values_take_their_canonical_form():
    options = ConfigurationOptions(
        endpoints="h",
        timeout=3,
        protocol="3",
        read_from="nearest",
        version="7.2",
        user="",
        command_map={"get": ""},
        ssl=True,
        ssl_ca_file=Path("/ca.pem"),
        ssl_min_version=ssl.TLSVersion.TLSv1_3,
        ssl_protocols=["1.3", "tls12"],
    )
    assert type(options.timeout) is float
    assert options.protocol == 3
    assert options.read_from is ReadFrom.NEAREST
    assert options.version == (7, 2)
    assert options.user is None
    assert options.command_map == {"GET": None}
    assert options.ssl_ca_file == "/ca.pem"
    assert options.ssl_min_version == "1.3"
    assert options.ssl_protocols == ("1.2", "1.3")
    assert parse(options.to_string()) == options


def test_with_changes_returns_a_validated_copy():
    options = parse("h,timeout=1000,password=x")
    changed = options.with_changes(password="y", connect_timeout=1)
    assert (options.password, changed.password, changed.timeout) == ("x", "y", 1.0)
    assert changed.to_string() == "h,timeout=1000,connectTimeout=1000"
    with pytest.raises(ConfigurationError, match="connect_timeout"):
        options.with_changes(connect_timeout=0)
    with pytest.raises(ConfigurationError, match="did you mean 'timeout'"):
        options.with_changes(tiemout=1)


def test_options_cannot_be_changed():
    options = parse("h")
    with pytest.raises(AttributeError, match="with_changes"):
        options.timeout = 1.0
    with pytest.raises(AttributeError, match="with_changes"):
        del options.timeout
    with pytest.raises(TypeError):
        options.given["timeout"] = 1.0


def test_equality_is_that_of_the_effective_values():
    assert parse("h") == parse("h:6379,timeout=5000")
    assert parse("h") != parse("h,timeout=5001")
    assert parse("h") != "h"
    assert len({parse("h"), parse("H,timeout=5000"), parse("i")}) == 2
    assert parse("h") != ConfigurationOptions(endpoints="h", reconnect_backoff=NoBackoff())


def test_code_only_options_show_but_cannot_be_written():
    options = ConfigurationOptions(endpoints="h", address_remap=lambda address: address)
    assert options.to_string() == "h"
    assert repr(options) == "ConfigurationOptions('h', address_remap=...)"
    with pytest.raises(ConfigurationError, match="unknown option"):
        parse("h,socket_factory=x")


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_copies(duplicate):
    secret = "" if "lambda" in duplicate.__name__ else ",password=x"  # which is not pickled
    options = parse(f"h,[::1]{secret},$GET=FETCH,timeout=1000")
    again = duplicate(options)
    assert again == options
    assert again.to_string(True) == options.to_string(True)
    endpoint = EndPoint(path="/run/x")
    assert duplicate(endpoint) == endpoint


def test_tunnel_endpoint():
    assert parse("h").tunnel_endpoint is None
    assert parse("h,tunnel=HTTP:[::1]:3128").tunnel_endpoint == EndPoint("::1", 3128)


# Endpoints


@pytest.mark.parametrize(
    ("text", "host", "port", "shown"),
    [
        ("Host", "host", 0, "host"),
        ("h:1", "h", 1, "h:1"),
        ("10.0.0.1:65535", "10.0.0.1", 65535, "10.0.0.1:65535"),
        ("[::1]:6379", "::1", 6379, "[::1]:6379"),
        ("[2001:DB8:0:0::1]", "2001:db8::1", 0, "[2001:db8::1]"),
        ("2001:db8::1", "2001:db8::1", 0, "[2001:db8::1]"),
        ("[fe80::1%eth0]:1", "fe80::1%eth0", 1, "[fe80::1%eth0]:1"),
        ("b\u00fccher.example:1", "b\u00fccher.example", 1, "b\u00fccher.example:1"),
        ("under_score-d.example.:1", "under_score-d.example.", 1, "under_score-d.example.:1"),
    ],
)
def test_endpoint_parts(text, host, port, shown):
    endpoint = EndPoint.parse(text)
    assert (endpoint.host, endpoint.port, endpoint.path, endpoint.is_unix) == (host, port, None, False)
    assert str(endpoint) == shown
    assert EndPoint.parse(shown) == endpoint
    assert repr(endpoint) == f"EndPoint('{shown}')"


def test_unix_endpoint():
    endpoint = EndPoint.parse("unix:///run/Redis.sock")
    assert (endpoint.host, endpoint.port, endpoint.path, endpoint.is_unix) == ("", 0, "/run/Redis.sock", True)
    assert str(endpoint) == "unix:/run/Redis.sock"
    assert endpoint.with_default_port(6379) is endpoint


def test_endpoint_default_port():
    assert EndPoint.parse("h", 7).port == 7
    assert EndPoint("h").with_default_port(7) == EndPoint("h", 7)
    assert EndPoint("h", 1).with_default_port(7).port == 1


def test_endpoint_refuses_nonsense():
    with pytest.raises(ConfigurationError, match="not both"):
        EndPoint("h", path="/x")
    for port in (-1, 65536, "1", True, None):
        with pytest.raises(ConfigurationError, match="port"):
            EndPoint("h", port)
    for host in ("", "a b", "a/b", None, b"h", "h\n"):
        with pytest.raises(ConfigurationError, match="host"):
            EndPoint(host)
    with pytest.raises(ConfigurationError, match="control"):
        EndPoint(path="/a\nb")
    with pytest.raises(AttributeError):
        EndPoint("h").port = 1
    with pytest.raises(AttributeError):
        del EndPoint("h").port
    assert EndPoint("h") != "h"


@given(strategies.endpoints)
def test_endpoints_survive_their_text(endpoint):
    assert EndPoint.parse(str(endpoint)) == endpoint


# The page and the cost


def test_the_table_in_the_documentation_is_up_to_date():
    script = ROOT / "scripts" / "documentation_tables.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, script, "--check"], check=True, timeout=60, env=environment)


def test_every_option_has_a_strategy():
    declared = {name for name, option in ConfigurationOptions.options.items() if option.key or name == "endpoints"}
    assert declared == set(strategies.VALUES) | {"ssl"}


def test_import_needs_neither_asyncio_nor_ssl_nor_dataclasses():
    program = """
import sys
before = set(sys.modules)  # an editable installation brings some of its own
from multiplexer.configuration import ConfigurationOptions
ConfigurationOptions.parse("localhost:6379,timeout=1000")
loaded = {"asyncio", "ssl", "dataclasses", "inspect", "difflib", "urllib.parse", "decimal"} & set(sys.modules) - before
assert not loaded, loaded
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)
