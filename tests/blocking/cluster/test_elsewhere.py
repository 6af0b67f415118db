# Generated from tests/asyncio/cluster/test_elsewhere.py by scripts/generate_blocking.py; change that file instead.
"""Members that are at other addresses than they were, or not where they should be from the beginning."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from multiplexer.blocking import Database
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.errors import RedisError
from tests.blocking._world import until
from tests.blocking.cluster.conftest import Connect
from tests.blocking.cluster.load import aside
from tests.servers import ClusterNode, FaultProxy, RealCluster, RealServer

#: Seconds within which callers are back; the cores may be busy with other tests.
BACK_WITHIN = 1.0
#: A key of each of three primaries.
KEYS = ("a", "b", "c")


@pytest.fixture
def other_cluster(own_cluster: RealCluster) -> Iterator[RealCluster]:
    """A second cluster of the same kind."""
    with RealCluster(own_cluster.kind, replicas=0) as cluster:
        yield cluster


def back(db: Database[bytes], *keys: str) -> float:
    """Wait until each key can be written; return when that was."""
    db = db.with_options(timeout=0.3)
    for key in keys:

        def is_written(key: str = key) -> bool:
            try:
                return db.set(key, "value")
            except RedisError:
                return False

        until(is_written, 30.0)
    return time.monotonic()


def test_starting_while_a_primary_is_down(connect: Connect, own_cluster: RealCluster) -> None:
    """The first answer names it still, as the others have not noticed; the next one is not awaited for a minute."""
    victim = own_cluster.owner("a")
    (replica,) = own_cluster.replicas_of(victim)
    others = [node for node in own_cluster.running() if node is not victim]
    victim.kill()
    mux = connect(others[0].address)

    def agree() -> float:
        own_cluster.until(lambda: replica.is_primary)
        own_cluster.until(lambda: all(node.state()["cluster_state"] == "ok" for node in others))
        return time.monotonic()

    agreed = aside(agree)
    assert back(mux.get_database(), "a") - agreed < BACK_WITHIN


def test_all_members_at_new_addresses(
    connect: Connect, own_cluster: RealCluster, other_cluster: RealCluster
) -> None:
    """They were all replaced, and the name clients have been told leads to one of those that came."""
    with FaultProxy(own_cluster.nodes[0].host, own_cluster.nodes[0].port) as name:
        mux = connect(f"{name.host}:{name.port}", config_check_seconds=0)
        back(mux.get_database(), *KEYS)
        for node in own_cluster.nodes:
            node.kill()
        until(lambda: not any(server.is_connected for server in mux.get_servers()))
        began = time.monotonic()
        name.target = (other_cluster.nodes[0].host, other_cluster.nodes[0].port)
        assert back(mux.get_database(), *KEYS) - began < BACK_WITHIN
        assert sum(node.command("DBSIZE") for node in other_cluster.nodes) == len(KEYS)


def test_a_single_server_takes_the_place_of_a_cluster_and_back(
    connect: Connect, own_cluster: RealCluster, own_server: RealServer
) -> None:
    """As where a managed service has its cluster mode switched off."""
    with FaultProxy(own_cluster.nodes[0].host, own_cluster.nodes[0].port) as name:
        mux = connect(f"{name.host}:{name.port}", config_check_seconds=0)
        back(mux.get_database(), *KEYS)
        name.target = (own_server.host, own_server.port)
        for node in own_cluster.nodes:
            node.kill()
        name.close_all()
        began = time.monotonic()
        assert back(mux.get_database(), *KEYS) - began < BACK_WITHIN
        assert own_server.command("DBSIZE") == len(KEYS)
        aside(own_cluster.heal)
        name.target = (own_cluster.nodes[0].host, own_cluster.nodes[0].port)
        own_server.kill()
        began = time.monotonic()
        assert back(mux.get_database(), "d", "e", "f") - began < BACK_WITHIN
        assert sum(node.command("DBSIZE") for node in own_cluster.primaries()) >= len("def")


def hand_over(node: ClusterNode, cluster: RealCluster, other: RealCluster) -> None:
    """Take a node that serves one slot out of its cluster, and make it a member of another."""
    cluster.migrate_slot(slot_of(b"a"), cluster.nodes[0])
    cluster.nodes.remove(node)
    node.command("CLUSTER", "RESET", "HARD")
    for each in cluster.nodes:
        each.command("CLUSTER", "FORGET", node.id)
    node.command("CLUSTER", "MEET", other.nodes[0].host, other.nodes[0].port)
    other.until(lambda: len(node.command("CLUSTER", "SLOTS")) == len(other.nodes))
    other.until(lambda: node.state()["cluster_state"] == "ok")
    cluster.wait_up()


def test_a_member_joins_another_cluster(
    connect: Connect, own_cluster: RealCluster, other_cluster: RealCluster
) -> None:
    """Nothing that is meant for its first cluster is written to the other, also while nobody of the first is left."""
    node = aside(own_cluster.add_node)
    aside(lambda: own_cluster.migrate_slot(slot_of(b"a"), node))
    try:
        mux = connect(own_cluster.seeds, config_check_seconds=0)
        errors: list[str] = []
        mux.error_message += lambda event: errors.append(str(event.error))
        db = mux.get_database()
        assert db.set("a", "value")
        aside(lambda: hand_over(node, own_cluster, other_cluster))
        assert db.set("a", "value")  # the node points to the other cluster
        assert own_cluster.owner("a").command("GET", "a") == b"value"
        # It was asked and is not believed; or others were, who do not know it any more.
        until(
            lambda: (
                any("belongs to another cluster" in error for error in errors)
                or node.endpoint not in [str(server.endpoint) for server in mux.get_servers()]
            )
        )
        for each in own_cluster.nodes:
            each.kill()
        for key in KEYS:
            with pytest.raises(RedisError):
                db.with_options(timeout=0.5).set(key, "lost")
        aside(own_cluster.heal)
        back(db, *KEYS)
        assert sum(each.command("DBSIZE") for each in other_cluster.nodes) == 0
    finally:
        node.close()
