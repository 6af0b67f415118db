"""ConfigurationOptions from URLs."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multiplexer.configuration import ConfigurationOptions, EndPoint, ReadFrom
from multiplexer.errors import ConfigurationError

from . import configuration_strategies as strategies

from_url = ConfigurationOptions.from_url


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("redis://", "localhost"),
        ("redis:///", "localhost"),
        ("redis:///3", "localhost,defaultDatabase=3"),
        ("redis://h", "h:6379"),
        ("REDIS://H:1/", "h:1"),
        ("valkey://h:1/2", "h:1,defaultDatabase=2"),
        ("rediss://h", "h:6380,ssl=true"),
        ("valkeys://h:1", "h:1,ssl=true"),
        ("redis://h?ssl=true", "h:6380,ssl=true"),
        ("redis://[::1]:7/0", "[::1]:7,defaultDatabase=0"),
        ("redis://a,b:7,[::1]:8/1", "a,b:7,[::1]:8,defaultDatabase=1"),
        ("redis://:pw@h", "h,password=pw"),
        ("redis://app@h", "h,user=app"),
        ("redis://app:@h", "h,user=app"),
        ("redis://app:p:w@h", "h,user=app,password=p:w"),
        ("redis://a%40b:p%2Fw%25%23@h", "h,user=a@b,password=p/w%#"),
        ("redis://:a@b@h", "h,password=a@b"),
        ("redis://:a+b%2B@h", "h,password=a+b+"),
        ("redis://:100%@h", "h,password=100%"),
        ("redis://:a%2Cb@h", 'h,password="a,b"'),
        ("redis://:p%C3%A4ss@h", "h,password=päss"),
        ("unix:///run/r.sock", "unix:/run/r.sock"),
        ("unix://app:pw@/run/r.sock?db=2", "unix:/run/r.sock,user=app,password=pw,defaultDatabase=2"),
        ("unix:///run/a%20b%2Cc@d", '"unix:/run/a b,c@d"'),
        ("sentinel://s1,s2:7/mymaster", "s1:26379,s2:7,serviceName=mymaster"),
        ("sentinel://u:p@s1/my%2Fmaster/3", "s1,serviceName=my/master,defaultDatabase=3,user=u,password=p"),
        ("sentinel://s1?serviceName=m&sentinelPassword=q", "s1,serviceName=m,sentinelPassword=q"),
        (" redis://h ", "h"),
    ],
)
def test_schemes_and_parts(url, text):
    assert from_url(url) == ConfigurationOptions.parse(text)
    assert ConfigurationOptions.parse(url) == from_url(url)


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("db=4", "default_database", 4),
        ("defaultDatabase=4", "default_database", 4),
        ("username=u", "user", "u"),
        ("password=p%26w", "password", "p&w"),
        ("password=a+b", "password", "a b"),
        ("client_name=me", "name", "me"),
        ("socket_timeout=1.5", "timeout", 1.5),
        ("timeout=1500", "timeout", 1.5),
        ("socket_connect_timeout=2", "connect_timeout", 2.0),
        ("connectTimeout=2000", "connect_timeout", 2.0),
        ("timeout=2s", "timeout", 2.0),
        ("timeout=250ms", "timeout", 0.25),
        ("socket_timeout=250ms", "timeout", 0.25),
        ("connectTimeout=1.5min", "connect_timeout", 90.0),
        ("timeout=2h", "timeout", 7200.0),
        ("timeout=7200000", "timeout", 7200.0),
        ("keepAlive=500ms", "keep_alive", 0.5),
        ("tcpUserTimeout=0s", "tcp_user_timeout", 0.0),
        ("health_check_interval=30", "keep_alive", 30.0),
        ("health_check_interval=0", "keep_alive", 0.0),
        ("socket_keepalive=False", "tcp_keep_alive", False),
        ("socket_keepalive=F", "tcp_keep_alive", False),
        ("socket_keepalive=0", "tcp_keep_alive", False),
        ("socket_keepalive=NO", "tcp_keep_alive", False),
        ("socket_keepalive=off", "tcp_keep_alive", False),
        ("socket_keepalive=disabled", "tcp_keep_alive", False),
        ("socket_keepalive=yes", "tcp_keep_alive", True),
        ("abortConnect=false", "abort_connect", False),
        ("ABORTCONNECT=true", "abort_connect", True),
        ("protocol=3", "protocol", 3),
        ("readFrom=nearest", "read_from", ReadFrom.NEAREST),
        ("$GET=FETCH&%24FLUSHALL=", "command_map", {"GET": "FETCH", "FLUSHALL": None}),
        ("ssl_cert_reqs=none", "ssl_verify", "none"),
        ("ssl_check_hostname=false", "ssl_check_hostname", False),
        ("ssl_ca_certs=%2Fca.pem", "ssl_ca_file", "/ca.pem"),
        ("ssl_ca_path=/ca", "ssl_ca_path", "/ca"),
        ("ssl_ca_data=-----BEGIN+X%0Aabc", "ssl_ca_data", "-----BEGIN X\nabc"),
        ("ssl_certfile=c&ssl_keyfile=k&ssl_password=s", "ssl_key_password", "s"),
        ("ssl_min_version=772", "ssl_min_version", "1.3"),
        ("ssl_ciphers=HIGH", "ssl_ciphers", "HIGH"),
        ("timeout=1500&&", "timeout", 1.5),
        ("nonsense=1&ignoreUnknown=true&db=4", "default_database", 4),
    ],
)
def test_query_options(query, name, value):
    options = from_url("rediss://h?" + query)
    assert getattr(options, name) == value
    assert options.is_given(name)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://h", r"^URL scheme: expected one of redis://"),
        ("localhost:6379", r"^URL scheme"),
        ("redis:/h", r"^URL scheme"),
        ("", r"^URL scheme"),
        ("redis://h:x", r"^URL host 1: the port"),
        ("redis://h:0", r"^URL host 1: the port"),
        ("redis://a,b:99999", r"^URL host 2: the port"),
        ("redis://a,,b", r"^URL host 2: the host is missing"),
        ("redis://:6379", r"^URL host 1: the host is missing"),
        ("redis://[::1", r"^URL host 1: an IPv6"),
        ("redis://%2Frun%2Fx", r"^URL host 1: expected a host"),
        ("redis://h/x", r"^URL path \(database\): expected a whole number"),
        ("redis://h/-1", r"^URL path \(database\)"),
        ("redis://h/1/2", r"^URL path \(database\)"),
        ("redis://h/1?db=2", r"^URL option 1 \(defaultDatabase\): contradicts"),
        ("redis://:a@h?password=b", r"^URL option 1 \(password\): contradicts"),
        ("rediss://h?ssl=false", r"^URL option 1 \(ssl\): contradicts"),
        ("redis://h#x", r"^URL: a # must be written %23"),
        ("redis://:a/b@h", r"^URL (path|host 1)"),
        ("redis://u:1/b@h", r"^URL path: a / in user or password must be written %2F"),
        ("redis://u:a@h1,u:b@h2", r"^URL user and password: write @ as %40"),
        ("redis://:%ff@h", r"^URL password: percent-encoded bytes"),
        ("redis://:%0a@h", r"^URL password: control characters"),
        ("redis://a%00:x@h", r"^URL user: control characters"),
        ("redis://h\n", r"^URL: control characters"),
        ("redis://h%0a", r"^URL host 1: control characters"),
        ("redis://h?name=a%0d", r"^URL option 1 \(name\): control characters"),
        ("redis://h?tiemout=1", r"^URL option 1: unknown option; did you mean 'timeout'\?"),
        ("redis://h?db=1&socket_tiemout=1", r"^URL option 2: unknown option; did you mean 'socket_timeout'\?"),
        ("redis://h?socket_timeout=soon", r"^URL option 1 \(timeout\): expected a number of seconds"),
        ("redis://h?socket_timeout=", r"^URL option 1 \(timeout\)"),
        ("redis://h?socket_keepalive=", r"^URL option 1 \(tcpKeepAlive\)"),
        ("redis://h?db=one", r"^URL option 1 \(defaultDatabase\)"),
        ("redis://h?protocol=4", r"^URL option 1 \(protocol\)"),
        ("redis://h?ssl_ca_certs=x", r"^ssl_ca_file: needs ssl=true"),
        ("unix://run/x", r"^URL path: the path of a Unix socket starts with /"),
        ("unix://", r"^URL path"),
        ("unix:///a%0Ab", r"^URL path: control characters"),
        ("sentinel://s1", r"^URL path: sentinel:// needs the name"),
        ("sentinel://s1/", r"^URL path: sentinel:// needs the name"),
        ("sentinel://s1/m/x", r"^URL path \(database\)"),
        ("sentinel://s1/m%0a", r"^URL path \(serviceName\): control characters"),
        ("sentinel://s1/m?serviceName=n", r"contradicts"),
    ],
)
def test_what_is_wrong_is_named(url, message):
    with pytest.raises(ConfigurationError, match=message):
        from_url(url)


def test_only_text_is_a_url():
    for bad in (None, b"redis://h", 1):
        with pytest.raises(ConfigurationError, match="expected a URL"):
            from_url(bad)


@given(
    user=strategies.texts,
    password=strategies.texts,
    hosts=st.lists(strategies.tcp_endpoints, min_size=1, max_size=3),
    database=st.integers(0, 99),
    channel=strategies.texts,
)
def test_any_text_survives_percent_encoding(user, password, hosts, database, channel):
    url = (
        f"redis://{quote(user, safe='')}:{quote(password, safe='')}@"
        f"{','.join(quote(str(host), safe='[]:') for host in hosts)}/{database}?configChannel={quote(channel, safe='')}"
    )
    expected = ConfigurationOptions(
        endpoints=hosts, user=user, password=password, default_database=database, config_channel=channel
    )
    assert from_url(url) == expected


@given(strategies.socket_names)
def test_any_socket_path_survives_percent_encoding(path):
    assert from_url(f"unix:///{quote(path)}").endpoints == (EndPoint(path="/" + path),)


@given(st.text(max_size=60) | st.text("uh:@/?#&=%0a,[]1 ", max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        options = from_url("redis://" + text)
    except ConfigurationError:
        return
    assert ConfigurationOptions.parse(options.to_string(include_password=True)) == options
