# Generated from tests/asyncio/test_tunnel.py by scripts/generate_blocking.py; change that file instead.
"""Ways to a server of the application's own: tunnels, socket factories, connection classes."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from multiplexer import EndPoint
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.core.wire.resp import RespReader
from multiplexer.errors import ConfigurationError, RedisConnectionError, ResponseError
from tests.servers import Certificates, RealServer, require_kind
from tests.servers.tunnel import HttpTunnel

from ._world import until
from .connecting import connect


def test_through_an_http_proxy(server: RealServer) -> None:
    with HttpTunnel() as tunnel:
        configuration = f"{server.host}:{server.port},tunnel=http:{tunnel.host}:{tunnel.port}"
        with ConnectionMultiplexer.connect(configuration) as mux:
            db = mux.get_database()
            db.set("key", b"x" * 500_000)
            assert db.get("key") == b"x" * 500_000
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            until(lambda: len(tunnel.requests) == 2 and mux.is_connected)
            assert db.ping()
        assert tunnel.requests[0] == f"CONNECT {server.host}:{server.port} HTTP/1.1"


def test_tls_through_an_http_proxy(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server, HttpTunnel() as tunnel:
        # The certificate is the server's, and so must the name be.
        with ConnectionMultiplexer.connect(
            f"localhost:{server.tls_port},ssl=true,tunnel=http:{tunnel.host}:{tunnel.port}",
            ssl_ca_file=certificates.ca,
        ) as mux:
            assert mux.get_database().ping()


@pytest.mark.parametrize("refusal", ["403 Forbidden", "407 Proxy Authentication Required", "nonsense"])
def test_a_proxy_that_refuses(server: RealServer, refusal: str) -> None:
    with HttpTunnel() as tunnel:
        tunnel.refusal = refusal
        with pytest.raises(RedisConnectionError, match=rf"proxy refused.*{refusal}"):
            connect(server, tunnel=f"http:{tunnel.host}:{tunnel.port}", abort_connect=True, connect_retry=1)


def test_a_proxy_that_is_a_redis_server(server: RealServer) -> None:
    with pytest.raises(RedisConnectionError, match="proxy"):
        connect(server, tunnel=f"http:{server.host}:{server.port}", abort_connect=True, connect_retry=1)


def test_tunnels_and_unix_sockets_do_not_go_together(server: RealServer) -> None:
    with pytest.raises(ConfigurationError, match="tunnel"):
        ConnectionMultiplexer.connect(f"unix://{server.unixsocket}", tunnel="http:127.0.0.1:1")


def test_a_socket_factory(server: RealServer) -> None:
    asked: list[tuple[EndPoint, float]] = []

    def make(endpoint: EndPoint, timeout: float) -> socket.socket:
        asked.append((endpoint, timeout))
        return socket.create_connection((server.host, server.port), timeout)

    with ConnectionMultiplexer.connect("somewhere.example:1", socket_factory=make) as mux:
        mux.get_database().set("key", b"x" * 300_000)
        assert mux.get_database().get("key") == b"x" * 300_000
        ((endpoint, timeout),) = asked
        assert str(endpoint) == "somewhere.example:1"
        assert 0 < timeout <= 5
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        until(lambda: len(asked) == 2 and mux.is_connected)
        assert mux.get_database().ping()


def test_a_socket_factory_that_fails(server: RealServer) -> None:
    def fail(endpoint: EndPoint, timeout: float) -> socket.socket:
        raise LookupError("no way there")

    with pytest.raises(RedisConnectionError, match="no way there"):
        connect(server, socket_factory=fail, abort_connect=True, connect_retry=1)


def test_a_connection_class(server: RealServer) -> None:
    class Watched(PhysicalConnection):
        __slots__ = ()
        received: list[int] = []  # noqa: RUF012

        def receive(self, data: Any, size: int, now: float) -> None:
            self.received.append(size)
            super().receive(data, size, now)

    with connect(server, connection_class=Watched) as mux:
        handshake = sum(Watched.received)  # which is not counted
        assert mux.get_database().set("key", 1)
        assert sum(Watched.received) - handshake == mux.get_counters()[0].interactive.bytes_received


class Told(ResponseError):
    """What a program makes of the server's errors."""


def test_a_connection_class_with_a_reader_of_its_own(server: RealServer) -> None:
    class Reading(PhysicalConnection):
        __slots__ = ()

        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            self.read_with(RespReader(make_error=Told))

    with connect(server, connection_class=Reading) as mux:
        with pytest.raises(Told, match="not an integer"):
            mux.get_database().execute("INCRBY", "key", "x")
