# Generated from tests/asyncio/compat/cluster/test_multidb.py by scripts/generate_blocking.py; change that file instead.
"""redis-py's client of several databases that are clusters."""

from __future__ import annotations

from multiplexer.compat.blocking.cluster import ClusterNode, RedisCluster
from multiplexer.compat.blocking.multidb.client import MultiDBClient
from multiplexer.compat.blocking.multidb.config import DatabaseConfig, MultiDbConfig
from tests.blocking._world import until
from tests.servers import RealCluster, RealServer


def test_commands_go_where_slots_are(cluster: RealCluster) -> None:
    one, other = cluster.nodes[:2]
    given = [
        DatabaseConfig(2, {"startup_nodes": [ClusterNode(one.host, one.port)], "decode_responses": True}),
        DatabaseConfig(1, {"host": other.host, "port": other.port, "decode_responses": True}),
    ]
    config = MultiDbConfig(given, client_class=RedisCluster)
    with MultiDBClient(config) as client:
        first, second = (database for database, _ in client.get_databases())
        keys = [f"multidb:{number}" for number in range(20)]
        for key in keys:
            assert client.set(key, key)
        assert first.client.get(keys[0]) == keys[0]
        assert isinstance(first.client, RedisCluster)
        client.set_active_database(second)
        assert [client.get(key) for key in keys] == keys
        with client.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.delete(key)
            assert pipe.execute() == [1] * len(keys)


def test_a_cluster_and_one_server(cluster: RealCluster, own_server: RealServer) -> None:
    node = cluster.nodes[0]
    given = [
        DatabaseConfig(2, {"host": node.host, "port": node.port}),
        DatabaseConfig(1, {"host": own_server.host, "port": own_server.port}),
    ]
    with MultiDBClient(MultiDbConfig(given)) as client:
        first, second = (database for database, _ in client.get_databases())
        keys = [f"multidb:{number}" for number in range(20)]
        for key in keys:
            assert client.set(key, key)
        client.set_active_database(second)
        assert [client.get(key) for key in keys] == [None] * 20
        client.set_active_database(first)
        until(lambda: client.command_executor.active_database is first)
        assert [client.get(key) for key in keys] == [key.encode() for key in keys]
        assert client.delete(keys[0]) == 1
