"""Fixtures: options of connections to the server under test, and a pool."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.pools.asyncio import ConnectionPool
from tests.conftest import Target
from tests.servers import RealServer


@pytest.fixture
def options(server: RealServer, target: Target) -> dict[str, Any]:
    """Options of a connection to the server under test."""
    return {"host": server.host, "port": server.port, "protocol": target.protocol}


@pytest_asyncio.fixture
async def pool(options: dict[str, Any]) -> AsyncIterator[ConnectionPool]:
    """A pool on the server under test."""
    async with ConnectionPool(**options) as pool:
        yield pool
