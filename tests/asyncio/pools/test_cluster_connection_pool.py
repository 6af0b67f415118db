"""Pools of connections to the nodes of a cluster: who gets what, and what is left of it afterwards."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.errors import (
    ConfigurationError,
    MaxConnectionsError,
    MovedError,
    RedisClusterException,
    RedisConnectionError,
    SlotNotCoveredError,
)
from multiplexer.pools.asyncio import (
    BlockingClusterConnectionPool,
    ClusterConnectionPool,
    ClusterSSLConnection,
    Connection,
)
from tests.asyncio._world import gather, spawn, until
from tests.asyncio.pools.using import ask, counts
from tests.conftest import Target
from tests.servers import RealCluster, RealServer

PER_NODE = pytest.mark.parametrize("per_node", [False, True], ids=["cluster-wide", "per-node"])


@pytest.fixture
def options(cluster: RealCluster, target: Target) -> dict[str, Any]:
    """Options of a pool on the cluster under test, which is told one node."""
    return {"host": cluster.nodes[0].host, "port": cluster.nodes[0].port, "protocol": target.protocol}


@pytest_asyncio.fixture
async def pool(options: dict[str, Any]) -> AsyncIterator[ClusterConnectionPool]:
    """A pool on the cluster under test."""
    async with ClusterConnectionPool(**options) as pool:
        yield pool


def node_counts(pool: ClusterConnectionPool) -> dict[str, int]:
    """Return the number of connections by node; they sum up to what the pool counts in all."""
    by_node = {str(node): number for node, number in pool._created_by_node.items()}
    assert sum(by_node.values()) == pool.created_connections
    assert all(by_node.values())
    return by_node


async def test_nodes_of_slots_and_keys(pool: ClusterConnectionPool, cluster: RealCluster) -> None:
    for number in range(20):
        key = f"key:{number}"
        connection = await pool.get_connection_by_key(key)
        assert connection.port == cluster.owner(key).port
        assert await ask(connection, "SET", key, number) == b"OK"  # no MOVED
        await pool.release(connection)
        again = await pool.get_connection_by_slot(slot_of(key.encode()))
        assert again is connection
        await pool.release(again)
    assert counts(pool) == (3, 3, 0)
    assert set(node_counts(pool)) == {node.address for node in cluster.nodes[:3]}


async def test_get_connection(pool: ClusterConnectionPool, cluster: RealCluster) -> None:
    connection = await pool.get_connection("GET", "foo")
    assert connection.port == cluster.owner("foo").port
    await pool.release(connection)
    connection = await pool.get_connection("PING", node=cluster.nodes[4].address)
    assert connection.port == cluster.nodes[4].port
    await pool.release(connection)
    for _ in range(5):
        connection = await pool.get_connection("PING")
        assert connection.port in {node.port for node in cluster.nodes[:3]}
        await pool.release(connection)
    connection = await pool.get_random_connection()
    assert connection.port in {node.port for node in cluster.nodes}
    await pool.release(connection)


@PER_NODE
async def test_the_limit(cluster: RealCluster, options: dict[str, Any], per_node: bool) -> None:
    a, b, c = (node.address for node in cluster.nodes[:3])
    async with ClusterConnectionPool(**options, max_connections=2, max_connections_per_node=per_node) as pool:
        held = [await pool.get_connection_by_node(a) for _ in range(2)]
        with pytest.raises(MaxConnectionsError, match=r"all 2 .*in use"):
            await pool.get_connection_by_node(a)
        if per_node:
            held.append(await pool.get_connection_by_node(b))
            assert node_counts(pool) == {a: 2, b: 1}
        else:
            with pytest.raises(MaxConnectionsError):
                await pool.get_connection_by_node(b)
        for connection in held:
            await pool.release(connection)
        # What is idle at one node makes room for another, where the limit is the whole cluster's.
        for node in (b, c, a, b):
            await pool.release(await pool.get_connection_by_node(node))
        assert node_counts(pool) == ({a: 2, b: 1, c: 1} if per_node else {a: 1, b: 1})
        assert counts(pool)[2] == 0


@PER_NODE
async def test_ten_calls_at_once_with_two_connections(
    cluster: RealCluster, options: dict[str, Any], per_node: bool
) -> None:
    refused: list[RedisConnectionError] = []

    async def call(pool: ClusterConnectionPool) -> Any:
        try:
            connection = await pool.get_connection_by_key("fubar")
        except MaxConnectionsError as error:
            refused.append(error)
            return None
        try:
            return (await ask(connection, "BLPOP", "fubar", 10))[1]
        finally:
            await pool.release(connection)

    owner = cluster.owner("fubar")
    limits = {"max_connections": 2, "max_connections_per_node": per_node}
    async with ClusterConnectionPool(**options, **limits) as pool:
        calls = [spawn(call, pool) for _ in range(10)]
        await until(lambda: len(refused) == 8)  # the other two have a connection and wait for an element
        owner.command("RPUSH", "fubar", 1, 2)
        assert sorted([await each.result() or b"" for each in calls]) == [b""] * 8 + [b"1", b"2"]
        assert counts(pool) == (2, 2, 0)
    async with BlockingClusterConnectionPool(**options, **limits) as pool:
        calls = [spawn(call, pool) for _ in range(10)]
        await until(lambda: counts(pool) == (2, 0, 2))
        owner.command("RPUSH", "fubar", *range(10))
        assert sorted([await each.result() for each in calls]) == [b"%d" % number for number in range(10)]
        assert counts(pool) == (2, 2, 0)
    assert len(refused) == 8


async def test_first_come_first_served(cluster: RealCluster, options: dict[str, Any]) -> None:
    """Whoever waits longest goes first, whichever node it wants; a connection to another node makes room."""
    nodes = [node.address for node in cluster.nodes[:3]]
    order: list[int] = []
    async with BlockingClusterConnectionPool(**options, max_connections=1) as pool:

        async def take(number: int) -> None:
            connection = await pool.get_connection_by_node(nodes[number % 3])
            order.append(number)
            assert await ask(connection, "PING") == b"PONG"
            await pool.release(connection)

        held = await pool.get_connection_by_node(nodes[0])
        waiting = []
        for number in range(7):
            waiting.append(spawn(take, number))
            await until(lambda: len(pool._lines.get(None, ())) == len(waiting))
        await pool.release(held)
        for task in waiting:
            await task.result()
        assert order == list(range(7))
        assert counts(pool) == (1, 1, 0)


async def test_nobody_waits_for_another_node_s_limit(cluster: RealCluster, options: dict[str, Any]) -> None:
    a, b = (node.address for node in cluster.nodes[:2])
    limits = {"max_connections": 1, "max_connections_per_node": True, "timeout": 10}
    async with BlockingClusterConnectionPool(**options, **limits) as pool:
        held = await pool.get_connection_by_node(a)
        waiting = spawn(pool.get_connection_by_node, a)
        await until(lambda: bool(pool._lines))
        await pool.release(await pool.get_connection_by_node(b))
        assert not waiting.done()
        await pool.release(held)
        assert await waiting.result() is held
        await pool.release(held)


async def test_a_wait_that_ends(cluster: RealCluster, options: dict[str, Any]) -> None:
    a, b = (node.address for node in cluster.nodes[:2])
    async with BlockingClusterConnectionPool(**options, max_connections=1, timeout=0.05) as pool:
        held = await pool.get_connection_by_node(a)
        with pytest.raises(RedisConnectionError, match="No connection available: all 1 are in use"):
            await pool.get_connection_by_node(b)
        await pool.release(held)
        assert counts(pool) == (1, 1, 0)
        pool.timeout = 10
        held = await pool.get_connection_by_node(a)
        waiting = spawn(pool.get_connection_by_node, b)
        await until(lambda: bool(pool._lines))
        pool.reset()  # and who waits begins again
        taken = await waiting.result()
        await pool.release(held)
        await pool.release(taken)
        assert counts(pool) == (1, 1, 0)


async def test_unread_data_is_never_handed_on(pool: ClusterConnectionPool, cluster: RealCluster) -> None:
    connection = await pool.get_connection_by_key("foo")
    await connection.send_command("ECHO", "somebody else's")
    await pool.release(connection)
    again = await pool.get_connection_by_key("foo")
    assert again is connection
    assert await ask(again, "ECHO", "mine") == b"mine"
    await pool.release(again)


async def test_foreign_releases(pool: ClusterConnectionPool, options: dict[str, Any]) -> None:
    connection = await pool.get_connection_by_key("foo")
    await pool.release(connection)
    with pytest.raises(RedisConnectionError, match="released already"):
        await pool.release(connection)
    with pytest.raises(RedisConnectionError, match="does not belong"):
        await pool.release(Connection())
    assert counts(pool) == (1, 1, 0)


async def test_reset_disconnect_and_close(pool: ClusterConnectionPool, cluster: RealCluster) -> None:
    a, b = (node.address for node in cluster.nodes[:2])
    used = await pool.get_connection_by_node(a)
    idle = await pool.get_connection_by_node(b)
    await pool.release(idle)
    pool.reset()
    assert counts(pool) == (0, 0, 0)
    await pool.release(used)
    assert not used.is_connected
    assert pool.topology is None
    used, idle = await pool.get_connection_by_node(a), await pool.get_connection_by_node(b)
    await pool.release(idle)
    await pool.disconnect(inuse_connections=False)
    assert (used.is_connected, idle.is_connected) == (True, False)
    await pool.disconnect_node(a, inuse_connections=True)
    assert not used.is_connected
    await pool.release(used)
    await pool.aclose()
    assert counts(pool) == (2, 2, 0)
    assert await pool.get_connection_by_node(a) is used  # it can be used again
    await pool.release(used)


async def test_idle_connections_are_closed(options: dict[str, Any]) -> None:
    async with ClusterConnectionPool(**options, max_idle_time=0.05, idle_check_interval=0.02) as pool:
        for key in ("a", "b", "c"):
            await pool.release(await pool.get_connection_by_key(key))
        await until(lambda: counts(pool) == (0, 0, 0))
        assert node_counts(pool) == {}


async def test_readonly(cluster: RealCluster, options: dict[str, Any]) -> None:
    key = cluster.key_of(cluster.nodes[1])
    cluster.nodes[1].command("SET", key, "value")
    cluster.until(lambda: cluster.nodes[4].command("DBSIZE") == 1)
    ports = set()
    async with ClusterConnectionPool(**options, readonly=True) as pool:
        for _ in range(40):
            connection = await pool.get_connection_by_key(key, read_only=True)
            assert await ask(connection, "GET", key) == b"value"
            ports.add(connection.port)
            await pool.release(connection)
            connection = await pool.get_connection_by_key(key)
            assert connection.port == cluster.nodes[1].port
            await pool.release(connection)
    assert ports == {cluster.nodes[1].port, cluster.nodes[4].port}
    async with ClusterConnectionPool(**options) as pool:
        connection = await pool.get_connection_by_node(cluster.nodes[4].address)
        with pytest.raises(MovedError):
            await ask(connection, "GET", key)
        await pool.release(connection)


async def test_a_limit_of_callers_at_once(options: dict[str, Any]) -> None:
    """Many callers look at the cluster once."""
    async with ClusterConnectionPool(**options) as pool:

        async def take() -> None:
            await pool.release(await pool.get_connection_by_key("foo"))

        await gather(*[take] * 20)
        assert pool._map.version == 1


async def test_seeds(cluster: RealCluster, target: Target) -> None:
    gone = [("127.0.0.1", 1), {"host": "127.0.0.1", "port": 2}, "127.0.0.1:3"]
    live = cluster.nodes[5]
    async with ClusterConnectionPool(startup_nodes=[*gone, live], protocol=target.protocol) as pool:
        assert len((await pool.initialize()).nodes) == 6
    async with ClusterConnectionPool(startup_nodes=gone) as pool:
        with pytest.raises(RedisClusterException, match=r"cannot be connected.*127\.0\.0\.1:1.*127\.0\.0\.1:3"):
            await pool.get_connection_by_key("foo")
        assert counts(pool) == (0, 0, 0)


async def test_what_is_no_cluster(server: RealServer) -> None:
    async with ClusterConnectionPool(server.host, server.port) as pool:
        with pytest.raises(RedisClusterException, match="cluster support disabled"):
            await pool.initialize()


async def test_addresses_can_be_remapped(cluster: RealCluster, options: dict[str, Any]) -> None:
    async with ClusterConnectionPool(**options, address_remap=lambda place: ("localhost", place[1])) as pool:
        connection = await pool.get_connection_by_key("foo")
        assert connection.host == "localhost"
        await pool.release(connection)


def test_arguments_that_cannot_be() -> None:
    for arguments, message in (
        ({}, "startup_nodes"),
        ({"startup_nodes": [object()]}, "node"),
        ({"host": "h", "port": "no"}, "node"),
        ({"host": "h", "db": 1}, "db"),
        ({"host": "h", "path": "/p"}, "path"),
        ({"host": "h", "max_connections_per_node": 3}, "max_connections_per_node"),
        ({"host": "h", "max_connections": -1}, "max_connections"),
    ):
        with pytest.raises(ConfigurationError, match=message):
            ClusterConnectionPool(**arguments)  # type: ignore[arg-type]


def test_urls() -> None:
    pool = ClusterConnectionPool.from_url("rediss://user:word@host:7000", max_connections=3)
    assert pool.connection_class is ClusterSSLConnection
    assert "host:7000" in repr(pool)
    assert "word" not in repr(pool)
    connection = pool.make_connection()
    assert (connection.host, connection.port, connection.username, connection.password) == (
        "host",
        7000,
        "user",
        "word",
    )


async def test_a_slot_moves(cluster: RealCluster, options: dict[str, Any]) -> None:
    slot, source, target = slot_of(b"foo"), cluster.owner("foo"), cluster.nodes[0]
    assert source is not target
    async with ClusterConnectionPool(**options) as pool:
        connection = await pool.get_connection_by_slot(slot)
        cluster.migrate_slot(slot, target)
        try:
            with pytest.raises(MovedError) as caught:
                await ask(connection, "GET", "foo")
            await pool.release(connection)
            assert (await pool.redirected(caught.value, source.address)).port == target.port
            connection = await pool.get_connection_by_slot(slot)
            assert connection.port == target.port
            assert await ask(connection, "GET", "foo") is None
            await pool.release(connection)
            assert pool._map.version == 1  # corrected, not made anew
        finally:
            cluster.migrate_slot(slot, source)


async def test_a_slot_nobody_serves() -> None:
    pool = ClusterConnectionPool("h")
    pool._map._owners = [None] * 16384
    with pytest.raises(SlotNotCoveredError, match='Slot "7"'):
        pool.get_primary_node_by_slot(7)


async def test_a_primary_is_killed(own_cluster: RealCluster) -> None:
    cluster = own_cluster
    victim = cluster.nodes[1]
    key = cluster.key_of(victim)
    async with ClusterConnectionPool(startup_nodes=cluster.nodes, socket_timeout=5) as pool:
        held = [await pool.get_connection_by_key(key) for _ in range(10)]
        victim.kill()
        for connection in held:
            with pytest.raises(RedisConnectionError):
                await ask(connection, "GET", key)
            await pool.release(connection)
        assert counts(pool) == (10, 10, 0)

        async def served() -> Any:
            try:
                connection = await pool.get_connection_by_key(key)
            except (RedisConnectionError, SlotNotCoveredError):
                return False
            try:
                return await ask(connection, "SET", key, 1)
            except MovedError as error:
                await pool.redirected(error, connection.node)
            finally:
                await pool.release(connection)

        await until(served, 20)
        connection = await pool.get_connection_by_key(key)
        assert connection.port == cluster.nodes[4].port
        await pool.release(connection)


async def test_nodes_that_leave(own_cluster: RealCluster) -> None:
    cluster = own_cluster
    replica = cluster.nodes[5]
    async with ClusterConnectionPool(startup_nodes=cluster.nodes[:2]) as pool:
        await pool.initialize()
        idle, used = [await pool.get_connection_by_node(replica) for _ in range(2)]
        await pool.release(idle)
        cluster.forget_node(replica)
        cluster.until(lambda: len(cluster.nodes[0].command("CLUSTER", "SLOTS")[2][2:]) == 1)
        cluster.until(lambda: len(cluster.nodes[1].command("CLUSTER", "SLOTS")[2][2:]) == 1)
        await pool.refresh()
        assert counts(pool) == (1, 0, 1)
        await pool.release(used)
        assert counts(pool) == (0, 0, 0)
        assert node_counts(pool) == {}


def _status_of(pid: int) -> int:
    """Wait for a child, which ends at once, and return its status."""
    return os.waitpid(pid, 0)[1]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
async def test_after_a_fork(pool: ClusterConnectionPool) -> None:
    used = await pool.get_connection_by_key("foo")
    pid = os.fork()
    if not pid:
        sane = counts(pool) == (0, 0, 0) and not pool._created_by_node and pool.topology is None
        os._exit(0 if sane and not used.is_connected else 1)
    assert _status_of(pid) == 0
    assert await ask(used, "PING") == b"PONG"
    await pool.release(used)
