"""Over a Unix socket."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.embedded import HOST
from multiplexer.errors import RedisConnectionError
from tests.conftest import Target
from tests.servers import RealServer

from ._world import gather, until


@pytest.mark.parametrize("form", ["url", "path"])
async def test_works_over_a_unix_socket(server: RealServer, target: Target, form: str) -> None:
    configuration = f"unix://{server.unixsocket}" if form == "url" else server.unixsocket
    async with await ConnectionMultiplexer.connect(configuration, name="local", protocol=target.protocol) as mux:
        db = mux.get_database()
        assert sorted(await gather(*[partial(db.incr, "counter")] * 50)) == list(range(1, 51))
        large = b"x" * 3_000_000
        await db.set("large", large)
        assert await db.get("large") == large
        shared, leased = [client for client in server.clients() if client["name"] == "local"]
        assert server.unixsocket in shared["addr"]
        assert server.unixsocket in leased["addr"]
        assert HOST not in repr(mux)
        subscription = await mux.get_subscriber().subscribe("channel")
        await mux.get_subscriber().publish("channel", "message")
        assert (await subscription.get(5)).data == b"message"


async def test_a_socket_that_is_not_there() -> None:
    with pytest.raises(RedisConnectionError, match="could be reached"):
        await ConnectionMultiplexer.connect("unix:///nowhere/socket", abort_connect=True, connect_retry=1)


async def test_the_server_comes_back(own_server: RealServer) -> None:
    async with await ConnectionMultiplexer.connect(f"unix://{own_server.unixsocket}") as mux:
        db = mux.get_database()
        await db.set("key", 1)
        own_server.restart()
        assert await until(lambda: _set(db)) is True


async def _set(db: Database[bytes]) -> bool | None:
    try:
        return await db.set("key", 2)
    except RedisConnectionError:
        return False
