# Generated from tests/asyncio/test_addresses.py by scripts/generate_blocking.py; change that file instead.
"""Hosts with several addresses, some of which say nothing: multiplexer, pools and façade connect in the same way."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.compat.blocking.client import Redis
from multiplexer.embedded import free_port
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from multiplexer.pools.blocking import ConnectionPool
from tests.blocking.pools.using import ask_pool
from tests.servers import RealServer, SilentPort

NAME = "several-addresses.example"

#: Makes a client of the host, with so many seconds for connecting, and asks it for something.
Client = Callable[[float], None]


def _multiplexer(seconds: float) -> None:
    options: dict[str, Any] = {"connect_timeout": seconds, "connect_retry": 1, "abort_connect": True}
    with ConnectionMultiplexer.connect(f"{NAME}:6379", **options) as mux:
        assert mux.get_database().ping()


def _pool(seconds: float) -> None:
    with ConnectionPool(host=NAME, socket_connect_timeout=seconds) as pool:
        assert ask_pool(pool, "PING") == b"PONG"


def _redis(seconds: float) -> None:
    with Redis(host=NAME, socket_connect_timeout=seconds, retry=None) as client:
        assert client.ping()


with_each_client = pytest.mark.parametrize("client", [_multiplexer, _pool, _redis])


class Attempts:
    """Stands in for the resolver, and sees what is tried.

    Attributes:
        made: The sockets that were to be connected, and their ports.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[tuple[socket.socket, int]] = []
        self._ports: list[int] = []
        resolve = socket.getaddrinfo
        attempts = self

        def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
            if host not in (NAME, NAME.encode()):
                return resolve(host, *args, **kwargs)
            kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
            return [(*kind, ("127.0.0.1", port)) for port in attempts._ports]

        class Seen(socket.socket):
            def connect_ex(self, address: Any) -> int:
                attempts.made.append((self, address[1]))
                return super().connect_ex(address)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        monkeypatch.setattr(socket, "socket", Seen)

    def at(self, *ports: int) -> None:
        """Say which addresses the host has."""
        self._ports = list(ports)

    def ports(self) -> list[int]:
        """Return where it was tried to connect to, in order."""
        return [port for _, port in self.made]

    def open_ports(self) -> list[int]:
        """Return the same of those sockets that were not closed."""
        return [port for sock, port in self.made if sock.fileno() >= 0]


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> Attempts:
    return Attempts(monkeypatch)


@pytest.fixture
def silent() -> Iterator[int]:
    with SilentPort() as silent:
        yield silent.port


@with_each_client
def test_a_silent_address_costs_a_moment(
    server: RealServer, silent: int, attempts: Attempts, client: Client
) -> None:
    attempts.at(silent, server.port)
    began = time.monotonic()
    client(8.0)
    assert 0.2 < time.monotonic() - began < 3  # with a share of the time each, it would take 4 seconds
    assert attempts.ports()[:2] == [silent, server.port]
    assert silent not in attempts.open_ports()


@with_each_client
def test_several_silent_addresses(server: RealServer, silent: int, attempts: Attempts, client: Client) -> None:
    attempts.at(free_port(), silent, silent, server.port)
    began = time.monotonic()
    client(8.0)
    assert 0.4 < time.monotonic() - began < 3
    assert silent not in attempts.open_ports()


@with_each_client
def test_one_that_refuses_costs_nothing(
    server: RealServer, silent: int, attempts: Attempts, client: Client
) -> None:
    attempts.at(free_port(), server.port, silent)
    client(8.0)
    assert silent not in attempts.ports()


@with_each_client
def test_all_are_silent(silent: int, attempts: Attempts, client: Client) -> None:
    attempts.at(silent, silent)
    began = time.monotonic()
    with pytest.raises(
        (RedisConnectionError, RedisTimeoutError),
        match=r"Timeout connecting to|no answer in time|no connection.*within",
    ):
        client(0.4)
    assert 0.35 < time.monotonic() - began < 3
    assert attempts.ports()[:2] == [silent, silent]
    assert attempts.open_ports() == []


@with_each_client
def test_all_refuse(attempts: Attempts, client: Client) -> None:
    attempts.at(free_port(), free_port())
    with pytest.raises(RedisConnectionError, match=r"127\.0\.0\.1:.*refused; 127\.0\.0\.1:.*refused"):
        client(8.0)
    assert attempts.open_ports() == []


def test_what_the_time_is_spent_on_resolving_is_gone(
    server: RealServer, attempts: Attempts, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempts.at(server.port)
    resolve = socket.getaddrinfo

    def slowly(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.3)
        return resolve(*args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    with pytest.raises(RedisTimeoutError, match="Timeout connecting to"):
        _pool(0.2)

