# Generated from tests/asyncio/conftest.py by scripts/generate_blocking.py; change that file instead.
"""Fixtures: a multiplexer and handles on the server under test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer


@pytest.fixture
def mux(server: RealServer, target: Target) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer on the server under test, with admin commands allowed."""
    mux = ConnectionMultiplexer.connect(
        f"{server.host}:{server.port}", protocol=target.protocol, allow_admin=True
    )
    yield mux
    mux.close()


@pytest.fixture
def db(mux: ConnectionMultiplexer) -> Database[bytes]:
    """The default database, empty, with results in bytes."""
    return mux.get_database()


@pytest.fixture
def db_str(mux: ConnectionMultiplexer) -> Database[str]:
    """The same with results in str."""
    return mux.get_database(decode=True)


@pytest.fixture
def east(shared_servers: dict[str, RealServer]) -> Iterator[FaultProxy]:
    """The network before one deployment."""
    server = next(iter(shared_servers.values()))
    server.command("FLUSHALL")
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


@pytest.fixture
def west(own_server: RealServer) -> Iterator[FaultProxy]:
    """The network before the other."""
    with FaultProxy(own_server.host, own_server.port) as proxy:
        yield proxy
