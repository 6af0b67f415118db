# Generated from tests/asyncio/commands/modules/live/conftest.py by scripts/generate_blocking.py; change that file instead.
"""Fixtures: the handles of the other tests, on a server that has the modules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.embedded import ServerProcess
from tests.servers import Shared
from tests.servers.stack import require_redis_stack

from ....connecting import connect


@pytest.fixture(params=[2, 3], ids=["resp2", "resp3"])
def protocol(request: pytest.FixtureRequest) -> int:
    """Which protocol is spoken; what is said in one has other shapes than in the other nearly everywhere."""
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def modules(shared_with_modules: Shared[ServerProcess]) -> ServerProcess:
    """Redis Stack, shared with other tests and empty; its indexes and dictionaries go with the keys."""
    require_redis_stack()
    server = shared_with_modules("stack")
    server.command("FLUSHALL")
    return server


@pytest.fixture
def mux(modules: ServerProcess, protocol: int) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer on that server, with admin commands allowed."""
    mux = connect(modules, protocol=protocol, allow_admin=True)
    yield mux
    mux.close()
