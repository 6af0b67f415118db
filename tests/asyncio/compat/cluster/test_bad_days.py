"""A cluster that changes under its clients: slots move, primaries are lost."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.compat.asyncio.cluster import RedisCluster
from multiplexer.compat.exceptions import (
    ConnectionError,
    MovedError,
    RedisClusterException,
    TimeoutError,
    TryAgainError,
    WatchError,
)
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.retry import AsyncRetry, NoBackoff
from tests.asyncio._world import Event, spawn, until
from tests.servers import Error, RealCluster, ScriptedServer, Shard

_SLOT = slot_of(b"foo")


@pytest.fixture(params=[False, True], ids=["own", "shared"])
def multiplexed(request: pytest.FixtureRequest) -> bool:
    """Whether clients ride the shared connections."""
    return bool(request.param)


def other_primary(cluster: RealCluster) -> Any:
    """Return a primary that does not serve the slot."""
    return next(node for node in cluster.nodes[:3] if node is not cluster.owner(_SLOT))


async def test_a_slot_moves(client: RedisCluster, cluster: RealCluster) -> None:
    source, target = cluster.owner(_SLOT), other_primary(cluster)
    await client.set("foo", "bar")
    pipe = client.pipeline()
    transaction = client.pipeline(transaction=True)
    for _ in range(3):
        pipe.get("foo").set("other", 1)
    transaction.get("foo").set("{foo}2", 1)
    cluster.migrate_slot(_SLOT, target)
    try:
        assert await pipe.execute() == [b"bar", True] * 3
        assert await transaction.execute() == [b"bar", True]
        assert await client.get("foo") == b"bar"
        node = client.get_node_from_key("foo")
        assert node is not None

        async def learnt() -> bool:
            await client.get("foo")
            await client.nodes_manager.initialize()
            node = client.get_node_from_key("foo")
            return node is not None and node.port == target.port

        await until(learnt)
    finally:
        cluster.migrate_slot(_SLOT, source)


async def test_the_first_command_after_a_move(options: dict[str, Any], cluster: RealCluster) -> None:
    source, target = cluster.owner(_SLOT), other_primary(cluster)
    async with RedisCluster(**options) as client:
        await client.set("foo", "bar")
        cluster.migrate_slot(_SLOT, target)
        try:
            assert await client.get("foo") == b"bar"  # MOVED, followed
            assert client.get_node_from_key("foo") == client.get_node("127.0.0.1", target.port)
            assert client.connection_pool._map.version == 1
        finally:
            cluster.migrate_slot(_SLOT, source)
        for _ in range(5):
            assert await client.get("foo") == b"bar"
        assert client.connection_pool._map.version <= 2


async def test_a_slot_on_its_way(client: RedisCluster, cluster: RealCluster) -> None:
    with cluster.migrating(_SLOT, other_primary(cluster), move=False):
        assert await client.set("foo", "asked") is True  # ASK, followed with ASKING
        assert await client.get("foo") == b"asked"
        assert await client.pipeline().get("foo").execute() == [b"asked"]
        assert await client.delete("foo") == 1


async def test_keys_on_their_way(options: dict[str, Any], cluster: RealCluster) -> None:
    async with RedisCluster(**options) as client:
        await client.set("{foo}1", 1)
        with cluster.migrating(_SLOT, other_primary(cluster), move=False):
            await client.set("{foo}2", 2)  # over there, while the other one is here
            with pytest.raises(TryAgainError):
                await client.mget("{foo}1", "{foo}2")
            await client.delete("{foo}2")


async def test_watched_keys_move(options: dict[str, Any], cluster: RealCluster) -> None:
    source, target = cluster.owner(_SLOT), other_primary(cluster)
    async with RedisCluster(**options) as client, client.pipeline(True) as pipe:
        await pipe.watch("foo")
        pipe.multi()
        pipe.set("foo", 1)
        cluster.migrate_slot(_SLOT, target)
        try:
            with pytest.raises(WatchError):
                await pipe.execute()
            await pipe.watch("foo")
            pipe.multi()
            pipe.set("foo", 2)
            assert await pipe.execute() == [True]
        finally:
            cluster.migrate_slot(_SLOT, source)


async def test_shard_channels_follow_their_slot(options: dict[str, Any], cluster: RealCluster) -> None:
    source, target = cluster.owner(_SLOT), other_primary(cluster)
    async with RedisCluster(**options) as client, client.pubsub() as pubsub:
        await pubsub.ssubscribe("foo")
        assert (await pubsub.get_sharded_message(timeout=5) or {})["type"] == "ssubscribe"
        cluster.migrate_slot(_SLOT, target)
        try:

            async def arrives() -> bool:
                await client.spublish("foo", "x")
                message = await pubsub.get_sharded_message(ignore_subscribe_messages=True, timeout=0.1)
                return message is not None and message["data"] == b"x"

            await until(arrives)
            assert list(pubsub.node_pubsub_mapping) == [target.address]
        finally:
            cluster.migrate_slot(_SLOT, source)


async def test_shard_channels_outlive_their_node(own_cluster: RealCluster) -> None:
    cluster = own_cluster
    victim = cluster.nodes[1]
    mine, other = cluster.key_of(victim), cluster.key_of(cluster.nodes[0])
    async with RedisCluster(startup_nodes=cluster.nodes, socket_timeout=5) as client, client.pubsub() as pubsub:
        await pubsub.ssubscribe(mine, other)
        victim.kill()
        arrived = set()

        async def both_arrive() -> bool:
            try:
                for channel in (mine, other):
                    await client.spublish(channel, channel)
                message = await pubsub.get_sharded_message(ignore_subscribe_messages=True, timeout=0.1)
            except (ConnectionError, TimeoutError, RedisClusterException, MovedError):
                return False
            if message is not None and cluster.nodes[4].is_primary:
                arrived.add(message["data"].decode())
            return arrived == {mine, other}

        await until(both_arrive, 30)
        assert set(pubsub.shard_channels) == {mine.encode(), other.encode()}


async def test_a_primary_is_killed(own_cluster: RealCluster, multiplexed: bool) -> None:
    cluster = own_cluster
    victim = cluster.nodes[1]
    key, others = cluster.key_of(victim), [cluster.key_of(node) for node in (cluster.nodes[0], cluster.nodes[2])]
    stop = Event()
    async with RedisCluster("127.0.0.1", victim.port, socket_timeout=5, multiplexed=multiplexed) as client:
        served: list[str] = []

        async def work() -> None:
            while not stop.is_set():
                for each in (key, *others):
                    try:
                        await client.set(each, 1)
                        served.append(each)
                    except (ConnectionError, TimeoutError, RedisClusterException):
                        served.append("")

        working = spawn(work)
        await until(lambda: len(served) > 10)
        victim.kill()
        cluster.until(lambda: cluster.nodes[4].is_primary)
        served.clear()
        await until(lambda: {key, *others} <= set(served), 20)
        stop.set()
        await working.result(20)
        assert await client.get(key) == b"1"
        pool = client.connection_pool
        assert len(pool._in_use_connections) == 0
        assert pool.created_connections == len(pool._available_connections)


async def test_nothing_is_left_of_a_lost_connection(options: dict[str, Any], cluster: RealCluster) -> None:
    """A connection that was closed while it lay idle costs nobody a command."""
    async with RedisCluster(**options) as client:
        await client.set("foo", "bar")
        for node in cluster.nodes[:3]:
            node.command("CLIENT", "KILL", "TYPE", "NORMAL", "SKIPME", "YES")
        assert await client.get("foo") == b"bar"
        pipe = client.pipeline()
        for number in range(20):
            pipe.set(f"key:{number}", number)
        assert await pipe.execute() == [True] * 20


async def test_a_slot_that_has_moved_to_nobody_knows_where(multiplexed: bool) -> None:
    """The node that says so knows no address; the others do, before long."""
    slot = slot_of(b"a")
    with ScriptedServer() as first, ScriptedServer() as second:
        halves = [Shard([(0, 8191)], [first]), Shard([(8192, 16383)], [second])]
        first.behaviour.cluster = second.behaviour.cluster = halves
        second.on("GET", Error(f"MOVED {slot} ?:0"))
        first.on("GET", b"there")

        def asked() -> int:
            return sum(each.args[0] == b"GET" for connection in second.connections for each in connection.received)

        async with RedisCluster(host=first.host, port=first.port, multiplexed=multiplexed) as client:
            pipeline = client.pipeline()
            pipeline.get("a")
            pipeline.get("b")
            waiting = [spawn(client.get, "a"), spawn(pipeline.execute)]
            await until(lambda: asked() > 2)
            first.behaviour.cluster = second.behaviour.cluster = [Shard([(0, 16383)], [first])]
            assert await waiting[0].result() == b"there"
            assert await waiting[1].result() == [b"there", b"there"]


async def test_a_default_node_that_is_lost_is_not_asked_again(own_cluster: RealCluster, multiplexed: bool) -> None:
    """The others list it until it has failed over, which may take long: what has no key goes elsewhere meanwhile."""
    first = own_cluster.nodes[0]
    retry = AsyncRetry(NoBackoff(), 3)
    options: dict[str, Any] = {"socket_timeout": 1.0, "retry": retry, "multiplexed": multiplexed}
    async with RedisCluster(own_cluster.nodes[1].host, own_cluster.nodes[1].port, **options) as client:
        lost = client.get_node(first.host, first.port)
        assert client.set_default_node(lost) is True
        first.pause()
        try:
            assert await client.echo("there") == b"there"
            assert client.get_default_node() != lost
        finally:
            first.resume()
