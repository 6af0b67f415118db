"""A multiplexed pool's shared connection is made as its other connections are."""

from __future__ import annotations

import ssl
from typing import Any

import pytest

from multiplexer.compat import ConnectionPool, Redis, SSLConnection, UnixDomainSocketConnection
from multiplexer.compat.connection import Connection, HiredisParser, PythonParser, parse_url
from multiplexer.compat.credentials import UsernamePasswordCredentialProvider
from multiplexer.compat.machinery.shared_options import multiplexer_options
from multiplexer.errors import ConfigurationError
from tests.servers import Certificates, RealServer, require_kind


def options(connection_class: type[Any] = Connection, **kwargs: Any) -> Any:
    return multiplexer_options(connection_class, kwargs)


def test_where_to() -> None:
    assert str(options().endpoints[0]) == "localhost:6379"
    assert str(options(host="h", port="7").endpoints[0]) == "h:7"
    assert str(options(host="::1", port=7).endpoints[0]) == "[::1]:7"
    assert str(options(UnixDomainSocketConnection, path="/s").endpoints[0]) == "unix:/s"


@pytest.mark.parametrize(
    ("given", "name", "value"),
    [
        ({"username": "u", "password": "p"}, "user", "u"),
        ({"password": "p"}, "password", "p"),
        ({"db": 3}, "default_database", 3),
        ({"client_name": "me"}, "name", "me"),
        ({"socket_timeout": 0.25}, "timeout", 0.25),
        ({"socket_timeout": None}, "timeout", 5.0),
        ({"socket_connect_timeout": 2}, "connect_timeout", 2.0),
        ({"socket_keepalive": False}, "tcp_keep_alive", False),
        ({"health_check_interval": 30}, "keep_alive", 30.0),
        ({"protocol": "2"}, "protocol", 2),
        ({"protocol": None}, "protocol", "auto"),
        ({"parser_class": HiredisParser}, "parser", "hiredis"),
        ({"parser_class": PythonParser}, "parser", "python"),
    ],
)
def test_settings(given: dict[str, Any], name: str, value: Any) -> None:
    if given.get("parser_class") is HiredisParser:
        pytest.importorskip("hiredis")
        value = getattr(options(**given), name)
        assert value in ("auto", "hiredis")
    assert getattr(options(**given), name) == value


def test_credentials() -> None:
    provider = UsernamePasswordCredentialProvider("u", "p")
    assert options(credential_provider=provider).credential_provider is provider


def test_tls_settings() -> None:
    given = options(
        SSLConnection,
        ssl_ca_certs="/ca",
        ssl_certfile="/cert",
        ssl_keyfile="/key",
        ssl_password="p",
        ssl_cert_reqs="none",
        ssl_check_hostname=False,
        ssl_min_version=ssl.TLSVersion.TLSv1_3,
        ssl_ciphers="HIGH",
    )
    assert given.ssl
    assert (str(given.ssl_ca_file), str(given.ssl_cert_file), str(given.ssl_key_file)) == ("/ca", "/cert", "/key")
    assert (given.ssl_verify, given.ssl_check_hostname, given.ssl_ciphers) == ("none", False, "HIGH")
    assert given.ssl_min_version == "1.3"
    assert not options().ssl
    for none in ("none", ssl.CERT_NONE, None):  # and then there is no name to check
        given = options(SSLConnection, ssl_cert_reqs=none, ssl_check_hostname=True)
        assert (given.ssl_verify, given.ssl_check_hostname) == ("none", False)
    assert options(SSLConnection, ssl_cert_reqs=ssl.CERT_REQUIRED, ssl_check_hostname=True).ssl_check_hostname


@pytest.mark.parametrize(
    "name",
    [
        "command_packer",
        "encoder_class",
        "parser_class",
        "redis_connect_func",
        "socket_keepalive_options",
        "ssl_exclude_verify_flags",
        "ssl_include_verify_flags",
    ],
)
def test_what_a_shared_connection_cannot_do_is_refused_by_name(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        ConnectionPool(multiplexed=True, **{name: object})


def test_unknown_options_are_refused_as_by_connections() -> None:
    for unknown in ("bogus", "scheme", "ssl"):
        with pytest.raises(TypeError, match=f"no option '{unknown}'"):
            ConnectionPool(multiplexed=True, **{unknown: "tls"})


def test_a_url_for_tls_is_never_without() -> None:
    given = parse_url("rediss://h")
    assert ConnectionPool(multiplexed=True, **given)._shared_options().ssl
    assert ConnectionPool.from_url("rediss://h", multiplexed=True)._shared_options().ssl
    assert not ConnectionPool(multiplexed=True, **parse_url("redis://h"))._shared_options().ssl


def test_over_tls(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        settings: dict[str, Any] = {"port": server.tls_port, "ssl": True, "ssl_ca_certs": str(certificates.ca)}
        with Redis(**settings, multiplexed=True) as client:
            assert client.set("k", 1)
            with client.pipeline() as pipe:
                pipe.watch("k")
                pipe.multi()
                assert pipe.get("k").execute() == [b"1"]
        settings["ssl_ca_certs"] = str(certificates.stranger)
        with (
            Redis(**settings, multiplexed=True, socket_timeout=0.3) as client,
            pytest.raises(Exception, match="verify"),
        ):
            client.ping()


def test_an_acl_user(own_server: RealServer) -> None:
    own_server.command("ACL", "SETUSER", "alice", "on", ">wonder", "~*", "+@all")
    with Redis(port=own_server.port, username="alice", password="wonder", db=2, multiplexed=True) as client:
        assert client.acl_whoami() == "alice"
        client.set("k", 1)
        assert client.client_info()["db"] == 2
        assert client.dbsize() == 1
