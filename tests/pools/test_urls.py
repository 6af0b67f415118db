"""What URLs of pools mean."""

from __future__ import annotations

import importlib
import ssl
from typing import Any

import pytest

from multiplexer.errors import ConfigurationError, RedisConnectionError, RedisTimeoutError
from multiplexer.pools import SSLConnection, UnixDomainSocketConnection, parse_url, to_bool


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://", {}),
        ("redis://host", {"host": "host"}),
        ("redis://a:b@host?username=c&password=d&host=e", {"host": "host", "username": "a", "password": "b"}),
        ("REDIS://host:1234/5", {"host": "host", "port": 1234, "db": 5}),
        ("valkeys://host/0", {"connection_class": SSLConnection, "host": "host", "db": 0}),
        ("redis://[::1]:1/", {"host": "::1", "port": 1}),
        (
            "rediss://us%40er:p%2Fw@host",
            {"connection_class": SSLConnection, "host": "host", "username": "us@er", "password": "p/w"},
        ),
        ("redis://:pw@host", {"host": "host", "password": "pw"}),
        ("unix:///a%20path?db=3", {"connection_class": UnixDomainSocketConnection, "path": "/a path", "db": 3}),
        (
            "unix://user:pw@/path",
            {"connection_class": UnixDomainSocketConnection, "path": "/path", "username": "user", "password": "pw"},
        ),
        ("redis://host/1?db=2", {"host": "host", "db": 2}),
        (
            "redis://h?socket_timeout=1.5&socket_keepalive=no&max_connections=3&client_name=a%20b&health_check_interval=9",
            {
                "host": "h",
                "socket_timeout": 1.5,
                "socket_keepalive": False,
                "max_connections": 3,
                "client_name": "a b",
                "health_check_interval": 9,
            },
        ),
        (
            "redis://h?retry_on_error=[ConnectionError,TimeoutError]&decode_responses=False",
            {
                "host": "h",
                "retry_on_error": [RedisConnectionError, RedisTimeoutError],
                "decode_responses": False,
            },
        ),
        (
            "rediss://h?ssl_min_version=TLSv1_3&ssl_check_hostname=0&ssl_include_verify_flags=VERIFY_X509_STRICT",
            {
                "connection_class": SSLConnection,
                "host": "h",
                "ssl_min_version": ssl.TLSVersion.TLSv1_3,
                "ssl_check_hostname": False,
                "ssl_include_verify_flags": [ssl.VerifyFlags.VERIFY_X509_STRICT],
            },
        ),
    ],
)
def test_what_a_url_means(url: str, expected: dict[str, Any]) -> None:
    assert parse_url(url) == expected


@pytest.mark.parametrize("pools", ["multiplexer.pools", "multiplexer.pools.asyncio", "multiplexer.compat.connection"])
def test_a_pool_takes_what_a_url_means(pools: str) -> None:
    world = importlib.import_module(pools)
    for url, kind in (
        ("redis://h/1", world.Connection),
        ("rediss://h/1", world.SSLConnection),
        ("unix:///p?db=1", world.UnixDomainSocketConnection),
    ):
        pool = world.ConnectionPool(**world.parse_url(url))
        assert pool.connection_class is kind
        assert pool.make_connection().db == 1


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("http://user:secret@host", "URL scheme"),
        ("secret-host:6379", "URL scheme"),
        ("redis://user:secret@host:port", "URL: host or port"),
        ("redis://:secret@host/abc", "URL path"),
        ("redis://:secret@host?db=secret", "URL option db"),
        ("redis://host?socket_timeout=secret", "URL option socket_timeout"),
        ("redis://host?retry_on_error=Nonsense", "URL option retry_on_error"),
        ("rediss://host?ssl_min_version=9", "URL option ssl_min_version"),
    ],
)
def test_urls_that_mean_nothing(url: str, part: str) -> None:
    with pytest.raises(ConfigurationError, match=part) as caught:
        parse_url(url)
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_words_for_yes_and_no() -> None:
    assert [to_bool(word) for word in ("", None)] == [None, None]
    assert not any(to_bool(word) for word in ("0", "f", "False", "N", "no", "off", "disabled", 0))
    assert all(to_bool(word) for word in ("1", "true", "Y", "anything", 1))
