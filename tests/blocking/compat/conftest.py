# Generated from tests/asyncio/compat/conftest.py by scripts/generate_blocking.py; change that file instead.
"""Fixtures: a client on connections of its own, and one on the shared connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.compat.blocking.client import Redis
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


@pytest.fixture
def client(options: dict[str, Any], multiplexed: bool) -> Iterator[Redis]:
    """A client on the server under test, on connections of its own or on the shared one."""
    with Redis(**options, multiplexed=multiplexed) as client:
        yield client


@pytest.fixture
def other(options: dict[str, Any]) -> Iterator[Redis]:
    """Another client on connections of its own."""
    with Redis(**options) as client:
        yield client
