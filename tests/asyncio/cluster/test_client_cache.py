"""Replies that are kept of a cluster: by node, and not beyond a slot's stay there."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import ReadFrom
from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.errors import ClusterCrossSlotError
from tests.asyncio._world import gather, until
from tests.asyncio.cluster.conftest import Connect
from tests.servers import RealCluster

#: Keys in slots of three primaries.
KEYS = ("a", "b", "c")
A = slot_of(b"a")


def misses(mux: ConnectionMultiplexer) -> int:
    return mux.client_cache.statistics().misses


async def tracked(mux: ConnectionMultiplexer, count: int) -> None:
    """Wait until so many connections hear of changes."""
    await until(lambda: mux.client_cache.statistics().tracking >= count)


async def reads(db: Database[Any], key: str, value: Any) -> None:
    """Wait until a key reads as it should."""

    async def as_it_should() -> bool:
        return bool(await db.get(key) == value)

    await until(as_it_should, timeout=10)


async def test_each_primary_tells_of_its_own_keys(connect: Connect, cluster: RealCluster) -> None:
    mux = await connect(cluster.nodes[0].address, protocol=3)
    db = mux.get_database(cached=True)
    for key in KEYS:
        await db.set(key, 1)
    await tracked(mux, 3)

    async def all_kept() -> bool:
        before = misses(mux)
        assert [await db.get(key) for key in KEYS] == [b"1"] * len(KEYS)
        return misses(mux) == before

    await until(all_kept)  # what was just read may be dropped once more while the slots are still being asked for
    for key in KEYS:
        cluster.owner(key).command("SET", key, 2)
        await reads(db, key, b"2")
        await db.incr(key)
        assert await db.get(key) == b"3"
    await db.across_slots().mset(dict.fromkeys(KEYS, 4))
    for key in KEYS:
        assert await db.get(key) == b"4"
    await db.mset({"{a}1": 1, "{a}2": 2})
    assert await db.get("{a}1") == b"1"
    before = misses(mux)
    assert await db.mget("{a}1", "{a}2") == [b"1", b"2"]
    assert await db.mget("{a}1", "{a}2") == [b"1", b"2"]
    assert misses(mux) == before + 1
    with pytest.raises(ClusterCrossSlotError):
        await db.mget(*KEYS)


async def test_replicas_tell_too(connect: Connect, cluster: RealCluster) -> None:
    mux = await connect(cluster.nodes[0].address, protocol=3, read_from=ReadFrom.REPLICA)
    db = mux.get_database(cached=True)
    for number in range(3):
        cluster.owner("a").command("SET", "a", number)
        await reads(db, "a", b"%d" % number)  # as late as the replica is

    async def hit() -> bool:
        hits = mux.client_cache.statistics().hits
        return await db.get("a") == b"2" and mux.client_cache.statistics().hits > hits

    await until(hit)  # once the connection to the replica is tracked
    cluster.owner("a").command("SET", "a", "new")
    await reads(db, "a", b"new")


async def test_a_value_that_one_makes_for_all(connect: Connect, cluster: RealCluster) -> None:
    muxes = [await connect(node.address, protocol=3) for node in cluster.nodes[:3]]
    made: list[str] = []

    def make() -> str:
        made.append("value")
        return made[0]

    for key in (*KEYS, "odd}key{"):
        calls = [partial(mux.get_database(cached=True).get_or_load, key, loader=make, ttl=60, beta=1) for mux in muxes]
        assert await gather(*calls) == [b"value"] * 3
    assert len(made) == 4


async def test_slots_that_move(connect: Connect, own_cluster: RealCluster) -> None:
    mux = await connect(own_cluster.nodes[0].address, protocol=3)
    db = mux.get_database(cached=True)
    for key in KEYS:
        await db.set(key, "old")
    await tracked(mux, 3)
    for key in KEYS:
        assert await db.get(key) == b"old"
    before = misses(mux)
    source = own_cluster.owner("a")
    target = next(node for node in own_cluster.primaries() if node is not source)
    own_cluster.migrate_slot(A, target)
    target.command("SET", "a", "new")
    await reads(db, "a", b"new")
    for key in ("b", "c"):
        assert await db.get(key) == b"old"
    assert misses(mux) <= before + 2  # of the slots that stayed, nothing was dropped
    # On its way with ASK: what is asked for so is not kept, and what is written there is seen.
    with own_cluster.migrating(A, source) as leaving:
        leaving.command("MIGRATE", source.host, source.port, "a", 0, 5000)
        for number in range(3):
            await db.set("a", number)
            assert await db.get("a") == b"%d" % number
    source.command("SET", "a", "back")
    await reads(db, "a", b"back")
    # A replica takes over.
    primary = own_cluster.owner("a")
    [replica] = own_cluster.replicas_of(primary)
    own_cluster.failover(replica)
    replica.command("SET", "a", "theirs")
    await reads(db, "a", b"theirs")
    await db.set("a", "mine")
    assert await db.get("a") == b"mine"


async def test_slots_that_move_all_at_once(connect: Connect) -> None:
    """CLUSTER MIGRATESLOTS: while the keys are copied they are served where they were, and then they are gone there."""
    with RealCluster("valkey", replicas=0) as cluster:
        mux = await connect(cluster.nodes[0].address, protocol=3)
        db = mux.get_database(cached=True)
        keys = [f"{{a}}{number}" for number in range(50)]
        for key in (*keys, "b"):
            await db.set(key, "old")
        await tracked(mux, 3)

        async def all_kept() -> bool:
            before = misses(mux)
            assert [await db.get(key) for key in (*keys, "b")] == [b"old"] * 51
            assert await db.get("{a}absent") is None
            return misses(mux) == before

        await until(all_kept)
        source = cluster.owner("a")
        target = next(node for node in cluster.primaries() if node is not source)
        for there, back in ((target, source), (source, target)):
            cluster.migrate_slots(A, A, there)
            for key in keys:
                there.command("SET", key, there.address)
            for key in keys:
                await reads(db, key, there.address.encode())
            there.command("SET", "{a}absent", there.address)  # the slot is known to have moved by now
            await reads(db, "{a}absent", there.address.encode())
            await db.set(keys[0], "mine")
            assert await db.get(keys[0]) == b"mine"
            there.command("SET", keys[0], back.address)
            await reads(db, keys[0], back.address.encode())
        assert await db.get("b") == b"old"
