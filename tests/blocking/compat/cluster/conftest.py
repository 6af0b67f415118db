# Generated from tests/asyncio/compat/cluster/conftest.py by scripts/generate_blocking.py; change that file instead.
"""Fixtures: clients of the cluster under test, on connections of their own and on the shared ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.compat.blocking.cluster import RedisCluster
from tests.conftest import Target
from tests.servers import RealCluster


@pytest.fixture
def options(cluster: RealCluster, target: Target) -> dict[str, Any]:
    """Options of a client of the cluster under test, which is told one node."""
    return {"host": cluster.nodes[0].host, "port": cluster.nodes[0].port, "protocol": target.unnamed_protocol}


@pytest.fixture(params=["own", "shared", "borrowed"])
def client(
    request: pytest.FixtureRequest, cluster: RealCluster, target: Target, options: dict[str, Any]
) -> Iterator[RedisCluster]:
    """A client on connections of its own, on shared ones of its own pool, and on somebody else's multiplexer."""
    if request.param != "borrowed":
        with RedisCluster(**options, multiplexed=request.param == "shared") as client:
            yield client
        return
    mux = ConnectionMultiplexer.connect(
        cluster.nodes[0].address, protocol=target.protocol, allow_admin=True, timeout=10.0
    )
    with mux, RedisCluster(multiplexer=mux) as client:
        yield client


@pytest.fixture
def own(options: dict[str, Any]) -> Iterator[RedisCluster]:
    """A client on connections of its own."""
    with RedisCluster(**options) as client:
        yield client
