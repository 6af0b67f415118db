# Generated from tests/asyncio/cluster/test_pubsub.py by scripts/generate_blocking.py; change that file instead.
"""Publish and subscribe in a cluster: what belongs where, and what becomes of it when the cluster changes."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import Gap, KeyspaceNotification
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.core.commands.hash_slots import slot_of
from tests.blocking._world import until
from tests.blocking.cluster.conftest import Connect
from tests.conftest import Target
from tests.servers import ClusterNode, RealCluster


def listeners(node: ClusterNode, channel: str) -> int:
    """Count who is subscribed to a shard channel at a node."""
    return node.command("PUBSUB", "SHARDNUMSUB", channel)[1]


def test_shard_channels_are_subscribed_where_their_slot_is(
    mux: ConnectionMultiplexer, cluster: RealCluster
) -> None:
    subscriber = mux.get_subscriber()
    primaries = cluster.nodes[:3]
    names = [cluster.key_of(node, "news") for node in primaries]
    with subscriber.ssubscribe(*names) as shard:
        for node, name in zip(primaries, names, strict=True):
            assert [listeners(other, name) for other in primaries] == [int(other is node) for other in primaries]
            assert subscriber.spublish(name, name) == 1
            assert mux.get_database().spublish(name, "db") == 1
            assert [shard.get(5).data for _ in range(2)] == [name.encode(), b"db"]
        assert subscriber.is_connected(names[2])
    until(lambda: not any(listeners(node, name) for node in primaries for name in names))


def test_channels_and_patterns(mux: ConnectionMultiplexer, cluster: RealCluster) -> None:
    subscriber = mux.get_subscriber()
    news = subscriber.subscribe("news")
    everything = subscriber.psubscribe("ne*")
    for node in cluster.nodes:
        node.command("PUBLISH", "news", node.address)
    for subscription in (news, everything):
        seen = {subscription.get(5).data.decode() for _ in cluster.nodes}
        assert seen == {node.address for node in cluster.nodes}
    assert subscriber.subscribed_endpoint in {node.address for node in cluster.nodes}


def test_every_primary_tells_of_its_keys(mux: ConnectionMultiplexer, cluster: RealCluster) -> None:
    for node in cluster.nodes:
        node.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    try:
        events = mux.get_subscriber().subscribe_keyevent("set")
        keys = [cluster.key_of(node, "key") for node in cluster.nodes[:3]]
        for key in keys:
            mux.get_database().set(key, 1)
        seen: Any = [events.get(5) for _ in keys]
        assert sorted(seen) == sorted(KeyspaceNotification(0, key.encode(), "set") for key in keys)
        events.unsubscribe()
        until(lambda: not any(node.command("PUBSUB", "NUMPAT") for node in cluster.nodes))
    finally:
        for node in cluster.nodes:
            node.command("CONFIG", "SET", "notify-keyspace-events", "")


def test_a_shard_channel_follows_its_slot(connect: Connect, own_cluster: RealCluster) -> None:
    mux = connect(own_cluster.nodes[0].address)
    subscriber = mux.get_subscriber()
    source, target = own_cluster.nodes[:2]
    name = own_cluster.key_of(source, "news")
    stays = own_cluster.key_of(source, "stays")
    if slot_of(stays.encode()) == slot_of(name.encode()):
        pytest.skip("both names have one slot")
    gaps: list[Gap] = []
    shard = subscriber.ssubscribe(name, on_gap=gaps.append)
    other = subscriber.ssubscribe(stays)
    own_cluster.migrate_slot(slot_of(name.encode()), target)
    until(lambda: listeners(target, name) == 1)
    until(lambda: subscriber.is_connected(name) and gaps)
    assert subscriber.spublish(name, "after") == 1
    assert shard.get(5).data == b"after"
    assert subscriber.spublish(stays, "here") == 1
    assert other.get(5).data == b"here"
    assert (shard.gaps, other.gaps) == (1, 0)


@pytest.mark.parametrize("protocol", [2, 3])
def test_subscriptions_survive_a_failover(connect: Connect, own_cluster: RealCluster, protocol: int) -> None:
    # The old primary goes on telling what it hears from the new one: nothing is amiss, only asking shows the change.
    mux = connect(own_cluster.seeds, protocol=protocol, config_check_seconds=1)
    subscriber = mux.get_subscriber()
    primary = own_cluster.nodes[0]
    [replica] = own_cluster.replicas_of(primary)
    name = own_cluster.key_of(primary, "news")
    shard = subscriber.ssubscribe(name)
    usual = subscriber.subscribe("usual")
    keyspace = subscriber.subscribe_keyspace("*")
    for node in own_cluster.nodes:
        node.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    own_cluster.failover(replica)
    key = own_cluster.key_of(replica, "key")
    mux.get_database().set(key, 0)
    until(lambda: listeners(replica, name) == 1)
    until(lambda: subscriber.is_connected(name) and subscriber.is_connected("usual"))
    assert subscriber.spublish(name, "after") == 1
    assert shard.get(5).data == b"after"
    replica.command("PUBLISH", "usual", "x")
    assert usual.get(5).data == b"x"
    until(lambda: replica.command("PUBSUB", "NUMPAT") == 1)
    until(lambda: primary.command("PUBSUB", "NUMPAT") == 0)
    mux.get_database().delete(key)
    while keyspace.get(5).event != "del":
        pass


def test_another_node_takes_over_the_channels_of_one_that_died(
    connect: Connect, own_cluster: RealCluster, target: Target
) -> None:
    mux = connect(own_cluster.seeds)
    subscriber = mux.get_subscriber()
    gaps: list[Gap] = []
    usual = subscriber.subscribe("usual", on_gap=gaps.append)
    address = subscriber.subscribed_endpoint
    assert address is not None
    own_cluster.node(address).kill()
    left = next(node for node in own_cluster.nodes if node.address != address)
    until(lambda: gaps and subscriber.is_connected("usual"))
    assert subscriber.subscribed_endpoint != address
    left.command("PUBLISH", "usual", "after")
    assert usual.get(5).data == b"after"
    assert usual.gaps == 1
