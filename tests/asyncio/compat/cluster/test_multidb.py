"""redis-py's client of several databases that are clusters."""

from __future__ import annotations

from multiplexer.compat.asyncio.cluster import ClusterNode, RedisCluster
from multiplexer.compat.asyncio.multidb.client import MultiDBClient
from multiplexer.compat.asyncio.multidb.config import DatabaseConfig, MultiDbConfig
from tests.asyncio._world import until
from tests.servers import RealCluster, RealServer


async def test_commands_go_where_slots_are(cluster: RealCluster) -> None:
    one, other = cluster.nodes[:2]
    given = [
        DatabaseConfig(2, {"startup_nodes": [ClusterNode(one.host, one.port)], "decode_responses": True}),
        DatabaseConfig(1, {"host": other.host, "port": other.port, "decode_responses": True}),
    ]
    config = MultiDbConfig(given, client_class=RedisCluster)
    async with MultiDBClient(config) as client:
        first, second = (database for database, _ in client.get_databases())
        keys = [f"multidb:{number}" for number in range(20)]
        for key in keys:
            assert await client.set(key, key)
        assert await first.client.get(keys[0]) == keys[0]
        assert isinstance(first.client, RedisCluster)
        await client.set_active_database(second)
        assert [await client.get(key) for key in keys] == keys
        async with client.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.delete(key)
            assert await pipe.execute() == [1] * len(keys)


async def test_a_cluster_and_one_server(cluster: RealCluster, own_server: RealServer) -> None:
    node = cluster.nodes[0]
    given = [
        DatabaseConfig(2, {"host": node.host, "port": node.port}),
        DatabaseConfig(1, {"host": own_server.host, "port": own_server.port}),
    ]
    async with MultiDBClient(MultiDbConfig(given)) as client:
        first, second = (database for database, _ in client.get_databases())
        keys = [f"multidb:{number}" for number in range(20)]
        for key in keys:
            assert await client.set(key, key)
        await client.set_active_database(second)
        assert [await client.get(key) for key in keys] == [None] * 20
        await client.set_active_database(first)
        await until(lambda: client.command_executor.active_database is first)
        assert [await client.get(key) for key in keys] == [key.encode() for key in keys]
        assert await client.delete(keys[0]) == 1
