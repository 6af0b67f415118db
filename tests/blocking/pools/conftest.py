# Generated from tests/asyncio/pools/conftest.py by scripts/generate_blocking.py; change that file instead.
"""Fixtures: options of connections to the server under test, and a pool."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.pools.blocking import ConnectionPool
from tests.conftest import Target
from tests.servers import RealServer


@pytest.fixture
def options(server: RealServer, target: Target) -> dict[str, Any]:
    """Options of a connection to the server under test."""
    return {"host": server.host, "port": server.port, "protocol": target.protocol}


@pytest.fixture
def pool(options: dict[str, Any]) -> Iterator[ConnectionPool]:
    """A pool on the server under test."""
    with ConnectionPool(**options) as pool:
        yield pool
