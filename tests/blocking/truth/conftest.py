# Generated from tests/asyncio/truth/conftest.py by scripts/generate_blocking.py; change that file instead.
"""Fixtures: a multiplexer whose network can be made to fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.retry import FullJitterBackoff
from tests.blocking._world import until
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer
from tests.truth.conservation import unbalanced

#: Makes a multiplexer through the proxy; options over those of :data:`QUICK`.
Connect = Callable[..., ConnectionMultiplexer]

QUICK: dict[str, Any] = {
    "timeout": 2.0,
    "connect_timeout": 1.0,
    "heartbeat_interval": 0.1,
    "reconnect_backoff": FullJitterBackoff(cap=0.05, base=0.005),
}


@pytest.fixture
def proxy(server: RealServer) -> Iterator[FaultProxy]:
    """The network in front of the server."""
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


@pytest.fixture
def connect(proxy: FaultProxy, target: Target) -> Iterator[Connect]:
    """Makes multiplexers through the proxy, closes them, and sees that their counters add up, before and after."""
    made: list[ConnectionMultiplexer] = []
    with ExitStack() as stack:

        def connect(**changes: Any) -> ConnectionMultiplexer:
            options = {"protocol": target.protocol, **QUICK, **changes}
            mux = ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", **options)
            made.append(mux)
            return stack.enter_context(mux)

        yield connect
        proxy.restore()
        proxy.accept()
        for mux in made:
            _adds_up(mux, waiting=True)
    for mux in made:
        _adds_up(mux, waiting=False)


def _adds_up(mux: ConnectionMultiplexer, waiting: bool) -> None:
    try:
        until(lambda: not unbalanced(mux.get_counters(), waiting), timeout=2.0)
    except TimeoutError:
        raise AssertionError(unbalanced(mux.get_counters(), waiting)) from None


@pytest.fixture
def mux(connect: Connect) -> ConnectionMultiplexer:
    """A multiplexer through the proxy."""
    return connect()


@pytest.fixture
def db(mux: ConnectionMultiplexer) -> Database[bytes]:
    """Its default database."""
    return mux.get_database()


@pytest.fixture
def calm(connect: Connect) -> Database[bytes]:
    """A database over whose connection only the test's own goes: no heartbeat asks between, and takes the fault."""
    return connect(heartbeat_interval=60.0).get_database()
