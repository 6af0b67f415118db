"""Fixtures: a client on connections of its own, and one on the shared connection."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.compat.asyncio.client import Redis
from tests.conftest import Target
from tests.servers import RealServer


@pytest.fixture
def options(server: RealServer, target: Target) -> dict[str, Any]:
    """Options of a connection to the server under test."""
    return {"host": server.host, "port": server.port, "protocol": target.unnamed_protocol}


@pytest.fixture(params=[False, True], ids=["own", "shared"])
def multiplexed(request: pytest.FixtureRequest) -> bool:
    """Whether clients ride the shared connection."""
    return bool(request.param)


@pytest_asyncio.fixture
async def client(options: dict[str, Any], multiplexed: bool) -> AsyncIterator[Redis]:
    """A client on the server under test, on connections of its own or on the shared one."""
    async with Redis(**options, multiplexed=multiplexed) as client:
        yield client


@pytest_asyncio.fixture
async def other(options: dict[str, Any]) -> AsyncIterator[Redis]:
    """Another client on connections of its own."""
    async with Redis(**options) as client:
        yield client
