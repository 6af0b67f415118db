"""Scripts in a cluster: each server learns them for itself."""

from __future__ import annotations

from multiplexer.asyncio import Database
from tests.servers import RealCluster

_COUNT = "return redis.call('INCRBY', KEYS[1], ARGV[1])"


async def test_every_server_is_given_the_script_once(db: Database[bytes], cluster: RealCluster) -> None:
    for node in cluster.nodes[:3]:
        node.command("SCRIPT", "FLUSH")
        node.command("CONFIG", "RESETSTAT")
    script = db.register_script(_COUNT)
    keys = [cluster.key_of(node, "n") for node in cluster.nodes[:3]]
    for number in range(1, 4):
        assert [await script([key], [1]) for key in keys] == [number] * 3
    for node in cluster.nodes[:3]:
        stats = node.info("commandstats")
        assert stats["cmdstat_eval"].startswith("calls=1,")
        assert stats["cmdstat_evalsha"].startswith("calls=2,")


async def test_in_batches_over_several_servers(db: Database[bytes], cluster: RealCluster) -> None:
    script = db.register_script(_COUNT)
    keys = [cluster.key_of(node, "n") for node in cluster.nodes[:3]]
    for number in range(1, 4):
        for node in cluster.nodes[:3]:
            node.command("SCRIPT", "FLUSH")
        batch = db.batch()
        for key in keys:
            script([key], [1], client=batch)
        assert await batch.execute() == [number] * 3


async def test_in_transactions(db: Database[bytes], cluster: RealCluster) -> None:
    script = db.register_script(_COUNT)
    for node in cluster.nodes[:3]:
        node.command("SCRIPT", "FLUSH")
        key = cluster.key_of(node, "n")
        pipe = db.pipeline()
        pipe.incr(key)
        script([key], [1], client=pipe)
        assert await pipe.execute() == [1, 2]


async def test_locks(db: Database[bytes], cluster: RealCluster) -> None:
    for node in cluster.nodes[:3]:
        async with db.lock(cluster.key_of(node, "lock"), timeout=10) as lock:
            assert await lock.owned()
            assert await lock.extend(5)
            assert node.command("DBSIZE") == 1
        assert node.command("DBSIZE") == 0
