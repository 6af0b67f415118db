"""Fixtures: a multiplexer and handles on the server under test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer, Database
from tests.conftest import Target
from tests.servers import RealServer


@pytest_asyncio.fixture
async def mux(server: RealServer, target: Target) -> AsyncIterator[ConnectionMultiplexer]:
    """A multiplexer on the server under test, with admin commands allowed."""
    mux = await ConnectionMultiplexer.connect(
        f"{server.host}:{server.port}", protocol=target.protocol, allow_admin=True
    )
    yield mux
    await mux.aclose()


@pytest_asyncio.fixture
async def db(mux: ConnectionMultiplexer) -> Database[bytes]:
    """The default database, empty, with results in bytes."""
    return mux.get_database()


@pytest_asyncio.fixture
async def db_str(mux: ConnectionMultiplexer) -> Database[str]:
    """The same with results in str."""
    return mux.get_database(decode=True)
