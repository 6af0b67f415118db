"""A large value is let go as soon as its caller lets it go: no connection keeps its place."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.pools.asyncio import Connection, HiredisParser, PythonParser
from tests.servers import RealServer
from tests.truth.leftovers import resident

from ._world import until
from .connecting import connect

SIZE = 64 * 1024 * 1024


@pytest.fixture
def large(server: RealServer) -> str:
    """A key with a large value."""
    server.command("FLUSHALL")
    server.command("SETRANGE", "large", SIZE - 1, b"x")
    return "large"


@pytest.mark.parametrize(
    "changes",
    [
        {"parser": "hiredis"},
        {"parser": "python"},
        # Where no heartbeat asks:
        {"parser": "hiredis", "high_integrity": True},
        {"parser": "hiredis", "proxy": "twemproxy"},
    ],
    ids=lambda changes: " ".join(map(str, changes.values())),
)
async def test_the_multiplexer_lets_a_large_value_go_within_a_heartbeat(
    server: RealServer, large: str, changes: dict[str, Any]
) -> None:
    async with await connect(server, timeout=30, lease_above=0, heartbeat_interval=0.2, **changes) as mux:
        db = mux.get_database()
        await db.ping()
        before = resident()
        assert len(await db.get(large) or b"") == SIZE
        await until(lambda: resident() < before + SIZE // 4, timeout=5)


@pytest.mark.parametrize("parser", [HiredisParser, PythonParser])
async def test_a_connection_of_a_pool_lets_a_large_value_go_at_once(
    server: RealServer, large: str, parser: Any
) -> None:
    connection = Connection(host=server.host, port=server.port, parser_class=parser)
    try:
        await connection.send_command("PING")
        await connection.read_response()
        before = resident()
        for _ in range(2):
            await connection.send_command("GET", large)
            assert len(await connection.read_response()) == SIZE
            await until(lambda: resident() < before + SIZE // 4, timeout=5)
    finally:
        await connection.disconnect()
