# Generated from tests/asyncio/sentinel/test_client_cache.py by scripts/generate_blocking.py; change that file instead.
"""Replies that are kept of a service: none outlives the primary it came from."""

from __future__ import annotations

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from tests.blocking._world import until
from tests.servers import SentinelGroup


@pytest.mark.parametrize("own_group", ["valkey"], indirect=True)
def test_a_failover_drops_what_the_old_primary_said(own_group: SentinelGroup) -> None:
    """The old one hangs: its connection looks well for seconds, and nothing is pushed over it."""
    with ConnectionMultiplexer.connect(own_group.configuration, protocol=3, timeout=30.0) as mux:
        db = mux.get_database(cached=True)
        old = own_group.primary
        db.set("k", "old")
        until(lambda: mux.client_cache.statistics().tracking >= 1)
        assert db.get("k") == b"old"
        old.pause()
        try:
            new = own_group.wait_for_new_primary(old)
            new.command("SET", "k", "new")

            def seen() -> bool:
                return db.get("k") == b"new"

            until(seen, timeout=30)
        finally:
            old.resume()
        db.set("k", "mine")
        assert db.get("k") == b"mine"
