"""Members that are at other addresses than they were, or not where they should be from the beginning."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from multiplexer.asyncio import Database
from multiplexer.errors import RedisError
from tests.asyncio._world import until
from tests.asyncio.cluster.conftest import Connect
from tests.asyncio.cluster.load import aside
from tests.servers import FaultProxy, RealCluster

#: Seconds within which callers are back; the cores may be busy with other tests.
BACK_WITHIN = 1.0
#: A key of each of three primaries.
KEYS = ("a", "b", "c")


@pytest.fixture
def other_cluster() -> Iterator[RealCluster]:
    """A second cluster."""
    with RealCluster("valkey", replicas=0) as cluster:
        yield cluster


async def back(db: Database[bytes], *keys: str) -> float:
    """Wait until each key can be written; return when that was."""
    db = db.with_options(timeout=0.3)
    for key in keys:

        async def is_written(key: str = key) -> bool:
            try:
                return await db.set(key, "value")
            except RedisError:
                return False

        await until(is_written, 30.0)
    return time.monotonic()


async def test_starting_while_a_primary_is_down(connect: Connect, own_cluster: RealCluster) -> None:
    """The first answer names it still, as the others have not noticed; the next one is not awaited for a minute."""
    victim = own_cluster.owner("a")
    (replica,) = own_cluster.replicas_of(victim)
    others = [node for node in own_cluster.running() if node is not victim]
    victim.kill()
    mux = await connect(others[0].address)

    def agree() -> float:
        own_cluster.until(lambda: replica.is_primary)
        own_cluster.until(lambda: all(node.state()["cluster_state"] == "ok" for node in others))
        return time.monotonic()

    agreed = await aside(agree)
    assert await back(mux.get_database(), "a") - agreed < BACK_WITHIN


async def test_all_members_at_new_addresses(
    connect: Connect, own_cluster: RealCluster, other_cluster: RealCluster
) -> None:
    """They were all replaced, and the name clients have been told leads to one of those that came."""
    with FaultProxy(own_cluster.nodes[0].host, own_cluster.nodes[0].port) as name:
        mux = await connect(f"{name.host}:{name.port}", config_check_seconds=0)
        await back(mux.get_database(), *KEYS)
        for node in own_cluster.nodes:
            node.kill()
        await until(lambda: not any(server.is_connected for server in mux.get_servers()))
        began = time.monotonic()
        name.target = (other_cluster.nodes[0].host, other_cluster.nodes[0].port)
        assert await back(mux.get_database(), *KEYS) - began < BACK_WITHIN
        assert sum(node.command("DBSIZE") for node in other_cluster.nodes) == len(KEYS)
