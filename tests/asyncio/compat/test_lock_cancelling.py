# asyncio only
"""A task that is cancelled while it takes a lock leaves none behind that nobody could release."""

from __future__ import annotations

import asyncio

import pytest

from multiplexer.compat.asyncio.client import Redis
from multiplexer.compat.asyncio.lock import _UNDOING, Lock
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer

from .._world import until


async def test_cancelled_while_it_is_taken(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        client = Redis(host=proxy.host, port=proxy.port, protocol=target.protocol)
        await client.ping()
        proxy.black_hole("to_client")
        taking = asyncio.create_task(Lock(client, "a").acquire())
        await until(lambda: server.command("EXISTS", "a"))
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        proxy.restore()
        await until(lambda: not server.command("EXISTS", "a"))
        await until(lambda: not _UNDOING)
        await client.aclose()
