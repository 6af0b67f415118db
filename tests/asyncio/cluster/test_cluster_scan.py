"""Going through all keys of a cluster by slots, which may move meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.errors import DataError
from tests.asyncio.cluster.conftest import Connect
from tests.servers import ClusterNode, RealCluster

KEYS = {f"key:{number}".encode() for number in range(900)}


async def fill(db: Database[bytes]) -> None:
    await db.across_slots().mset(dict.fromkeys(KEYS, "v"))
    await db.hset("hash", "f", "v")


def calls(cluster: RealCluster, command: str) -> int:
    told = [node.info("commandstats").get(f"cmdstat_{command}", "calls=0,") for node in cluster.primaries()]
    return sum(int(each.removeprefix("calls=").partition(",")[0]) for each in told)


async def test_every_key_comes_up_once(mux: ConnectionMultiplexer, cluster: RealCluster) -> None:
    db = mux.get_database()
    await fill(db)
    before = calls(cluster, "scan"), calls(cluster, "clusterscan")
    for count in (None, 7, 1000):
        found = [key async for key in db.across_slots().scan_iter(count=count)]
        assert set(found) == KEYS | {b"hash"}
        assert len(found) == len(KEYS) + 1
    has_it = await mux.get_server(cluster.nodes[0].address).supports("CLUSTERSCAN")
    assert has_it == (cluster.kind == "valkey")
    after = calls(cluster, "scan"), calls(cluster, "clusterscan")
    assert (after[0] > before[0], after[1] > before[1]) == (not has_it, has_it)


async def test_what_is_asked_for(db: Database[bytes]) -> None:
    await fill(db)
    across = db.across_slots()
    assert {key async for key in across.scan_iter("key:1*")} == {key for key in KEYS if key.startswith(b"key:1")}
    assert [key async for key in across.scan_iter(_type="hash")] == [b"hash"]
    text = db.with_options(decode=True, key_prefix="key:").across_slots()
    assert {key async for key in text.scan_iter("1*", 50)} == {key[4:].decode() for key in KEYS if key[4:5] == b"1"}
    with pytest.raises(DataError, match="count"):
        [key async for key in across.scan_iter(count=0)]


async def test_slots_that_move_meanwhile_are_not_missed(connect: Connect) -> None:
    with RealCluster("valkey", replicas=0) as cluster:
        mux = await connect(cluster.seeds)
        db = mux.get_database()
        await fill(db)
        first, second, third = cluster.primaries()
        moves = [(first, second), (third, first), (second, third), (first, second)]
        found: list[bytes] = []
        async for key in db.across_slots().scan_iter(count=20):
            found.append(key)
            if len(found) % 120 == 0 and moves:
                cluster.migrate_slots(*_largest(moves[0][0]), moves.pop(0)[1])
        assert moves == []
        assert set(found) >= KEYS
        assert calls(cluster, "clusterscan") > 0
        assert calls(cluster, "scan") == 0


async def test_without_the_right_to_it_servers_are_gone_through(connect: Connect) -> None:
    with RealCluster("valkey", replicas=0) as cluster:
        for node in cluster.nodes:
            node.command("ACL", "SETUSER", "restricted", "on", "nopass", "~*", "+@all", "-clusterscan")
        mux = await connect(cluster.seeds, user="restricted", password="x")
        db = mux.get_database()
        await fill(db)
        assert {key async for key in db.across_slots().scan_iter()} == KEYS | {b"hash"}


async def test_lanes_do_not_overlap(db: Database[bytes], cluster: RealCluster, mux: Any) -> None:
    """Many keys of one slot: their stretch goes on when the others have come to their ends."""
    many = {f"{{a}}{number}".encode() for number in range(300)}
    await db.mset(dict.fromkeys(many, "v"))
    found = [key async for key in db.across_slots().scan_iter(count=10)]
    assert len(found) == len(many)
    assert set(found) == many
    assert {slot_of(key) for key in found} == {slot_of(b"a")}


def _largest(node: ClusterNode) -> tuple[int, int]:
    """The largest range of slots that a node serves."""
    told = node.command("CLUSTER", "SLOTS")
    own = [(first, last) for first, last, primary, *_ in told if primary[1] == node.port]
    return max(own, key=lambda each: each[1] - each[0])
