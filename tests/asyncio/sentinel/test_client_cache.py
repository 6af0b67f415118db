"""Replies that are kept of a service: none outlives the primary it came from."""

from __future__ import annotations

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from tests.asyncio._world import until
from tests.servers import SentinelGroup


@pytest.mark.parametrize("own_group", ["valkey"], indirect=True)
async def test_a_failover_drops_what_the_old_primary_said(own_group: SentinelGroup) -> None:
    """The old one hangs: its connection looks well for seconds, and nothing is pushed over it."""
    async with await ConnectionMultiplexer.connect(own_group.configuration, protocol=3, timeout=30.0) as mux:
        db = mux.get_database(cached=True)
        old = own_group.primary
        await db.set("k", "old")
        await until(lambda: mux.client_cache.statistics().tracking >= 1)
        assert await db.get("k") == b"old"
        old.pause()
        try:
            new = own_group.wait_for_new_primary(old)
            new.command("SET", "k", "new")

            async def seen() -> bool:
                return await db.get("k") == b"new"

            await until(seen, timeout=30)
        finally:
            old.resume()
        await db.set("k", "mine")
        assert await db.get("k") == b"mine"
