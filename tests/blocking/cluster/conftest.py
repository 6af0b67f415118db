# Generated from tests/asyncio/cluster/conftest.py by scripts/generate_blocking.py; change that file instead.
"""Fixtures: a multiplexer on a cluster, and what a test does to it while callers are at work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.retry import FullJitterBackoff
from tests.conftest import Target
from tests.servers import RealCluster

#: Makes a multiplexer; by default it knows one node only.
Connect = Callable[..., ConnectionMultiplexer]

QUICK: dict[str, Any] = {
    "timeout": 10.0,
    "connect_timeout": 2.0,
    "heartbeat_interval": 0.2,
    "reconnect_backoff": FullJitterBackoff(cap=0.2, base=0.01),
}


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Makes multiplexers, and closes them."""
    with ExitStack() as stack:

        def connect(endpoints: str, **changes: Any) -> ConnectionMultiplexer:
            mux = ConnectionMultiplexer.connect(endpoints, **{**QUICK, **changes})
            return stack.enter_context(mux)

        yield connect


@pytest.fixture
def mux(connect: Connect, cluster: RealCluster, target: Target) -> ConnectionMultiplexer:
    """A multiplexer on the shared cluster, which was told one node."""
    return connect(cluster.nodes[0].address, protocol=target.protocol)


@pytest.fixture
def db(mux: ConnectionMultiplexer) -> Database[bytes]:
    """Its database."""
    return mux.get_database()
