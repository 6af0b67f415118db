"""Stopping a server: on one of its own."""

from __future__ import annotations

from multiplexer.asyncio import ConnectionMultiplexer

from ...servers.real import RealServer
from .._world import until


async def test_shutdown(server):
    with RealServer.start(server.kind) as doomed:
        mux = await ConnectionMultiplexer.connect(f"{doomed.host}:{doomed.port},allowAdmin=true")
        try:
            db = mux.get_database()
            await db.set("k", "v")
            await db.shutdown(nosave=True, now=True, force=True)
            await until(lambda: not doomed.alive)
        finally:
            await mux.aclose()
