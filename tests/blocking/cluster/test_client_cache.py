# Generated from tests/asyncio/cluster/test_client_cache.py by scripts/generate_blocking.py; change that file instead.
"""Replies that are kept of a cluster: by node, and not beyond a slot's stay there."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import ReadFrom
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.errors import ClusterCrossSlotError
from tests.blocking._world import gather, until
from tests.blocking.cluster.conftest import Connect
from tests.servers import RealCluster

#: Keys in slots of three primaries.
KEYS = ("a", "b", "c")
A = slot_of(b"a")


def misses(mux: ConnectionMultiplexer) -> int:
    return mux.client_cache.statistics().misses


def tracked(mux: ConnectionMultiplexer, count: int) -> None:
    """Wait until so many connections hear of changes."""
    until(lambda: mux.client_cache.statistics().tracking >= count)


def reads(db: Database[Any], key: str, value: Any) -> None:
    """Wait until a key reads as it should."""

    def as_it_should() -> bool:
        return bool(db.get(key) == value)

    until(as_it_should, timeout=10)


def test_each_primary_tells_of_its_own_keys(connect: Connect, cluster: RealCluster) -> None:
    mux = connect(cluster.nodes[0].address, protocol=3)
    db = mux.get_database(cached=True)
    for key in KEYS:
        db.set(key, 1)
    tracked(mux, 3)

    def all_kept() -> bool:
        before = misses(mux)
        assert [db.get(key) for key in KEYS] == [b"1"] * len(KEYS)
        return misses(mux) == before

    until(all_kept)  # what was just read may be dropped once more while the slots are still being asked for
    for key in KEYS:
        cluster.owner(key).command("SET", key, 2)
        reads(db, key, b"2")
        db.incr(key)
        assert db.get(key) == b"3"
    db.across_slots().mset(dict.fromkeys(KEYS, 4))
    for key in KEYS:
        assert db.get(key) == b"4"
    db.mset({"{a}1": 1, "{a}2": 2})
    assert db.get("{a}1") == b"1"
    before = misses(mux)
    assert db.mget("{a}1", "{a}2") == [b"1", b"2"]
    assert db.mget("{a}1", "{a}2") == [b"1", b"2"]
    assert misses(mux) == before + 1
    with pytest.raises(ClusterCrossSlotError):
        db.mget(*KEYS)


def test_replicas_tell_too(connect: Connect, cluster: RealCluster) -> None:
    mux = connect(cluster.nodes[0].address, protocol=3, read_from=ReadFrom.REPLICA)
    db = mux.get_database(cached=True)
    for number in range(3):
        cluster.owner("a").command("SET", "a", number)
        reads(db, "a", b"%d" % number)  # as late as the replica is

    def hit() -> bool:
        hits = mux.client_cache.statistics().hits
        return db.get("a") == b"2" and mux.client_cache.statistics().hits > hits

    until(hit)  # once the connection to the replica is tracked
    cluster.owner("a").command("SET", "a", "new")
    reads(db, "a", b"new")


def test_a_value_that_one_makes_for_all(connect: Connect, cluster: RealCluster) -> None:
    muxes = [connect(node.address, protocol=3) for node in cluster.nodes[:3]]
    made: list[str] = []

    def make() -> str:
        made.append("value")
        return made[0]

    for key in (*KEYS, "odd}key{"):
        calls = [partial(mux.get_database(cached=True).get_or_load, key, loader=make, ttl=60, beta=1) for mux in muxes]
        assert gather(*calls) == [b"value"] * 3
    assert len(made) == 4


def test_slots_that_move(connect: Connect, own_cluster: RealCluster) -> None:
    mux = connect(own_cluster.nodes[0].address, protocol=3)
    db = mux.get_database(cached=True)
    for key in KEYS:
        db.set(key, "old")
    tracked(mux, 3)
    for key in KEYS:
        assert db.get(key) == b"old"
    before = misses(mux)
    source = own_cluster.owner("a")
    target = next(node for node in own_cluster.primaries() if node is not source)
    own_cluster.migrate_slot(A, target)
    target.command("SET", "a", "new")
    reads(db, "a", b"new")
    for key in ("b", "c"):
        assert db.get(key) == b"old"
    assert misses(mux) <= before + 2  # of the slots that stayed, nothing was dropped
    # On its way with ASK: what is asked for so is not kept, and what is written there is seen.
    with own_cluster.migrating(A, source) as leaving:
        leaving.command("MIGRATE", source.host, source.port, "a", 0, 5000)
        for number in range(3):
            db.set("a", number)
            assert db.get("a") == b"%d" % number
    source.command("SET", "a", "back")
    reads(db, "a", b"back")
    # A replica takes over.
    primary = own_cluster.owner("a")
    [replica] = own_cluster.replicas_of(primary)
    own_cluster.failover(replica)
    replica.command("SET", "a", "theirs")
    reads(db, "a", b"theirs")
    db.set("a", "mine")
    assert db.get("a") == b"mine"


def test_slots_that_move_all_at_once(connect: Connect) -> None:
    """CLUSTER MIGRATESLOTS: while the keys are copied they are served where they were, and then they are gone there."""
    with RealCluster("valkey", replicas=0) as cluster:
        mux = connect(cluster.nodes[0].address, protocol=3)
        db = mux.get_database(cached=True)
        keys = [f"{{a}}{number}" for number in range(50)]
        for key in (*keys, "b"):
            db.set(key, "old")
        tracked(mux, 3)

        def all_kept() -> bool:
            before = misses(mux)
            assert [db.get(key) for key in (*keys, "b")] == [b"old"] * 51
            assert db.get("{a}absent") is None
            return misses(mux) == before

        until(all_kept)
        source = cluster.owner("a")
        target = next(node for node in cluster.primaries() if node is not source)
        for there, back in ((target, source), (source, target)):
            cluster.migrate_slots(A, A, there)
            for key in keys:
                there.command("SET", key, there.address)
            for key in keys:
                reads(db, key, there.address.encode())
            there.command("SET", "{a}absent", there.address)  # the slot is known to have moved by now
            reads(db, "{a}absent", there.address.encode())
            db.set(keys[0], "mine")
            assert db.get(keys[0]) == b"mine"
            there.command("SET", keys[0], back.address)
            reads(db, keys[0], back.address.encode())
        assert db.get("b") == b"old"
