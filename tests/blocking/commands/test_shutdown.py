# Generated from tests/asyncio/commands/test_shutdown.py by scripts/generate_blocking.py; change that file instead.
"""Stopping a server: on one of its own."""

from __future__ import annotations

from multiplexer.blocking import ConnectionMultiplexer

from ...servers.real import RealServer
from .._world import until


def test_shutdown(server):
    with RealServer.start(server.kind) as doomed:
        mux = ConnectionMultiplexer.connect(f"{doomed.host}:{doomed.port},allowAdmin=true")
        try:
            db = mux.get_database()
            db.set("k", "v")
            db.shutdown(nosave=True, now=True, force=True)
            until(lambda: not doomed.alive)
        finally:
            mux.close()
