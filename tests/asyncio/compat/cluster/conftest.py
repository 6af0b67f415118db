"""Fixtures: clients of the cluster under test, on connections of their own and on the shared ones."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.cluster import RedisCluster
from tests.conftest import Target
from tests.servers import RealCluster


@pytest.fixture
def options(cluster: RealCluster, target: Target) -> dict[str, Any]:
    """Options of a client of the cluster under test, which is told one node."""
    return {"host": cluster.nodes[0].host, "port": cluster.nodes[0].port, "protocol": target.unnamed_protocol}


@pytest_asyncio.fixture(params=["own", "shared", "borrowed"])
async def client(
    request: pytest.FixtureRequest, cluster: RealCluster, target: Target, options: dict[str, Any]
) -> AsyncIterator[RedisCluster]:
    """A client on connections of its own, on shared ones of its own pool, and on somebody else's multiplexer."""
    if request.param != "borrowed":
        async with RedisCluster(**options, multiplexed=request.param == "shared") as client:
            yield client
        return
    mux = await ConnectionMultiplexer.connect(
        cluster.nodes[0].address, protocol=target.protocol, allow_admin=True, timeout=10.0
    )
    async with mux, RedisCluster(multiplexer=mux) as client:
        yield client


@pytest_asyncio.fixture
async def own(options: dict[str, Any]) -> AsyncIterator[RedisCluster]:
    """A client on connections of its own."""
    async with RedisCluster(**options) as client:
        yield client
