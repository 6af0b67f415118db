"""Publish and subscribe in a cluster: what belongs where, and what becomes of it when the cluster changes."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import Gap, KeyspaceNotification
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.core.commands.hash_slots import slot_of
from tests.asyncio._world import until
from tests.asyncio.cluster.conftest import Connect
from tests.conftest import Target
from tests.servers import ClusterNode, RealCluster


def listeners(node: ClusterNode, channel: str) -> int:
    """Count who is subscribed to a shard channel at a node."""
    return node.command("PUBSUB", "SHARDNUMSUB", channel)[1]


async def test_shard_channels_are_subscribed_where_their_slot_is(
    mux: ConnectionMultiplexer, cluster: RealCluster
) -> None:
    subscriber = mux.get_subscriber()
    primaries = cluster.nodes[:3]
    names = [cluster.key_of(node, "news") for node in primaries]
    async with await subscriber.ssubscribe(*names) as shard:
        for node, name in zip(primaries, names, strict=True):
            assert [listeners(other, name) for other in primaries] == [int(other is node) for other in primaries]
            assert await subscriber.spublish(name, name) == 1
            assert await mux.get_database().spublish(name, "db") == 1
            assert [(await shard.get(5)).data for _ in range(2)] == [name.encode(), b"db"]
        assert subscriber.is_connected(names[2])
    await until(lambda: not any(listeners(node, name) for node in primaries for name in names))


async def test_channels_and_patterns(mux: ConnectionMultiplexer, cluster: RealCluster) -> None:
    subscriber = mux.get_subscriber()
    news = await subscriber.subscribe("news")
    everything = await subscriber.psubscribe("ne*")
    for node in cluster.nodes:
        node.command("PUBLISH", "news", node.address)
    for subscription in (news, everything):
        seen = {(await subscription.get(5)).data.decode() for _ in cluster.nodes}
        assert seen == {node.address for node in cluster.nodes}
    assert subscriber.subscribed_endpoint in {node.address for node in cluster.nodes}


async def test_every_primary_tells_of_its_keys(mux: ConnectionMultiplexer, cluster: RealCluster) -> None:
    for node in cluster.nodes:
        node.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    try:
        events = await mux.get_subscriber().subscribe_keyevent("set")
        keys = [cluster.key_of(node, "key") for node in cluster.nodes[:3]]
        for key in keys:
            await mux.get_database().set(key, 1)
        seen: Any = [await events.get(5) for _ in keys]
        assert sorted(seen) == sorted(KeyspaceNotification(0, key.encode(), "set") for key in keys)
        await events.unsubscribe()
        await until(lambda: not any(node.command("PUBSUB", "NUMPAT") for node in cluster.nodes))
    finally:
        for node in cluster.nodes:
            node.command("CONFIG", "SET", "notify-keyspace-events", "")


async def test_a_shard_channel_follows_its_slot(connect: Connect, own_cluster: RealCluster) -> None:
    mux = await connect(own_cluster.nodes[0].address)
    subscriber = mux.get_subscriber()
    source, target = own_cluster.nodes[:2]
    name = own_cluster.key_of(source, "news")
    stays = own_cluster.key_of(source, "stays")
    if slot_of(stays.encode()) == slot_of(name.encode()):
        pytest.skip("both names have one slot")
    gaps: list[Gap] = []
    shard = await subscriber.ssubscribe(name, on_gap=gaps.append)
    other = await subscriber.ssubscribe(stays)
    own_cluster.migrate_slot(slot_of(name.encode()), target)
    await until(lambda: listeners(target, name) == 1)
    await until(lambda: subscriber.is_connected(name) and gaps)
    assert await subscriber.spublish(name, "after") == 1
    assert (await shard.get(5)).data == b"after"
    assert await subscriber.spublish(stays, "here") == 1
    assert (await other.get(5)).data == b"here"
    assert (shard.gaps, other.gaps) == (1, 0)


@pytest.mark.parametrize("protocol", [2, 3])
async def test_subscriptions_survive_a_failover(connect: Connect, own_cluster: RealCluster, protocol: int) -> None:
    # The old primary goes on telling what it hears from the new one: nothing is amiss, only asking shows the change.
    mux = await connect(own_cluster.seeds, protocol=protocol, config_check_seconds=1)
    subscriber = mux.get_subscriber()
    primary = own_cluster.nodes[0]
    [replica] = own_cluster.replicas_of(primary)
    name = own_cluster.key_of(primary, "news")
    shard = await subscriber.ssubscribe(name)
    usual = await subscriber.subscribe("usual")
    keyspace = await subscriber.subscribe_keyspace("*")
    for node in own_cluster.nodes:
        node.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    own_cluster.failover(replica)
    key = own_cluster.key_of(replica, "key")
    await mux.get_database().set(key, 0)
    await until(lambda: listeners(replica, name) == 1)
    await until(lambda: subscriber.is_connected(name) and subscriber.is_connected("usual"))
    assert await subscriber.spublish(name, "after") == 1
    assert (await shard.get(5)).data == b"after"
    replica.command("PUBLISH", "usual", "x")
    assert (await usual.get(5)).data == b"x"
    await until(lambda: replica.command("PUBSUB", "NUMPAT") == 1)
    await until(lambda: primary.command("PUBSUB", "NUMPAT") == 0)
    await mux.get_database().delete(key)
    while (await keyspace.get(5)).event != "del":
        pass


async def test_another_node_takes_over_the_channels_of_one_that_died(
    connect: Connect, own_cluster: RealCluster, target: Target
) -> None:
    mux = await connect(own_cluster.seeds)
    subscriber = mux.get_subscriber()
    gaps: list[Gap] = []
    usual = await subscriber.subscribe("usual", on_gap=gaps.append)
    address = subscriber.subscribed_endpoint
    assert address is not None
    own_cluster.node(address).kill()
    left = next(node for node in own_cluster.nodes if node.address != address)
    await until(lambda: gaps and subscriber.is_connected("usual"))
    assert subscriber.subscribed_endpoint != address
    left.command("PUBLISH", "usual", "after")
    assert (await usual.get(5)).data == b"after"
    assert usual.gaps == 1
