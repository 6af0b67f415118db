# Generated from tests/asyncio/cluster/test_group.py by scripts/generate_blocking.py; change that file instead.
"""Groups of deployments of which one is a cluster."""

from __future__ import annotations

from multiplexer import Member
from multiplexer.blocking import ConnectionGroup
from tests.servers import RealCluster, RealServer


def test_a_cluster_is_waited_for_until_it_knows_its_slots(cluster: RealCluster, own_server: RealServer) -> None:
    """One server answers sooner, and nobody would go back from it for a minute."""
    node = cluster.nodes[0]
    for _ in range(5):
        members = [
            Member(f"{node.host}:{node.port}", "cluster", 10),
            Member(f"{own_server.host}:{own_server.port}", "server", 5),
        ]
        with ConnectionGroup.connect(members) as group:
            assert group.active.name == "cluster"
            assert group.members["cluster"].is_well
            keys = [f"group:{number}" for number in range(20)]
            db = group.get_database(decode=True)
            for key in keys:
                db.set(key, key)
            assert [db.get(key) for key in keys] == keys
            group.failover_to("server")
            assert [db.get(key) for key in keys] == [None] * len(keys)
