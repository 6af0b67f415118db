# Generated from tests/asyncio/cluster/test_under_fire.py by scripts/generate_blocking.py; change that file instead.
"""Slots move and servers die while callers are at work."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.errors import ClusterDownError, RedisConnectionError, RedisTimeoutError
from tests.blocking._world import until
from tests.blocking.cluster.conftest import Connect
from tests.blocking.cluster.load import Load, aside
from tests.servers import ClusterNode, FaultProxy, RealCluster

#: Seconds after the servers' own failover within which callers are back; the cores may be busy with other tests.
BACK_WITHIN = 1.0


def slots_of(load: Load) -> list[int]:
    return [slot_of(key.encode()) for key in load.keys]


def test_slots_migrate_key_by_key(connect: Connect, own_cluster: RealCluster) -> None:
    """SETSLOT and MIGRATE, around all primaries: no error reaches a caller, no write is lost or doubled."""
    mux = connect(own_cluster.seeds)
    with Load(mux.get_database()) as load:
        primaries = own_cluster.primaries()

        def around() -> None:
            for slot in slots_of(load):
                for target in primaries:
                    if own_cluster.owner(slot) is not target:
                        own_cluster.migrate_slot(slot, target)

        aside(around)
        load.until_all_succeed()
    load.check_nothing_noticed(own_cluster)


def test_slots_migrate_as_ranges(connect: Connect) -> None:
    """CLUSTER MIGRATESLOTS, which hands whole ranges over at once."""
    with RealCluster("valkey") as cluster:
        mux = connect(cluster.seeds)
        with Load(mux.get_database()) as load:
            first, second, third = cluster.primaries()

            def hand_over() -> None:
                cluster.migrate_slots(*_ranges(first)[0], second)
                cluster.migrate_slots(*_ranges(third)[0], first)

            aside(hand_over)
            load.until_all_succeed()
        load.check_nothing_noticed(cluster)


def _ranges(node: ClusterNode) -> list[tuple[int, int]]:
    return [(first, last) for first, last, primary, *_ in node.command("CLUSTER", "SLOTS") if primary[1] == node.port]


def test_a_manual_failover(connect: Connect, own_cluster: RealCluster) -> None:
    """CLUSTER FAILOVER, there and back: the old primary points to the new one for what it had not applied."""
    mux = connect(own_cluster.seeds)
    with Load(mux.get_database()) as load:
        for primary in own_cluster.primaries():
            (replica,) = own_cluster.replicas_of(primary)
            aside(lambda replica=replica: own_cluster.failover(replica))  # type: ignore[misc]
            load.until_all_succeed()
        aside(own_cluster.wait_up)
    load.check_nothing_noticed(own_cluster)


@pytest.mark.parametrize("how", ["kill", "pause"])
def test_a_primary_dies(connect: Connect, own_cluster: RealCluster, how: str) -> None:
    """Killed, or hung: callers are back as soon as the servers have agreed on its successor."""
    mux = connect(own_cluster.nodes[0].address)
    with Load(mux.get_database()) as load:
        victim = own_cluster.owner(load.keys[0])
        (replica,) = own_cluster.replicas_of(victim)
        others = [node for node in own_cluster.running() if node is not victim]
        own_cluster.nodes.remove(victim)

        def die() -> float:
            getattr(victim, how)()
            own_cluster.until(lambda: replica.is_primary)
            own_cluster.until(lambda: all(node.state()["cluster_state"] == "ok" for node in others))
            return time.monotonic()

        try:
            agreed = aside(die)
            back = load.until_all_succeed()
        finally:
            own_cluster.nodes.append(victim)
            if how == "pause":
                victim.resume()
    assert back - agreed < BACK_WITHIN
    own_cluster.nodes.remove(victim)
    try:
        load.check_nothing_doubled(own_cluster, lost=True)
        for key in load.keys:
            assert mux.get_database().get(key) == own_cluster.owner(key).command("GET", key)
    finally:
        own_cluster.nodes.append(victim)


def test_a_primary_comes_back_as_a_replica(connect: Connect, own_cluster: RealCluster) -> None:
    mux = connect(own_cluster.seeds, config_check_seconds=0.5)
    db = mux.get_database()
    victim = own_cluster.owner("k")
    (replica,) = own_cluster.replicas_of(victim)
    db.set("k", 1)
    victim.command("WAIT", 1, 5000)
    before = mux.get_server(victim.address)
    victim.kill()
    until(lambda: not before.is_connected)
    assert db.incr("k") == 2
    assert replica.is_primary
    victim.restart()
    aside(own_cluster.wait_up)
    until(lambda: _role(mux, victim) == "replica")
    assert mux.get_server(victim.address).ping()
    assert db.incr("k") == 3


def _role(mux: ConnectionMultiplexer, node: ClusterNode) -> str:
    return next((server.role for server in mux._coordinator.servers if str(server.endpoint) == node.address), "unknown")


def test_nodes_come_and_go(connect: Connect, own_cluster: RealCluster) -> None:
    """A node is added and takes over slots, gives them back and is forgotten; the seed has gone by then."""
    seed = own_cluster.nodes[3]
    mux = connect(seed.address, config_check_seconds=0.3)
    with Load(mux.get_database()) as load:
        first = own_cluster.nodes[0]
        mine = [slot for slot in slots_of(load) if own_cluster.owner(slot) is first]

        def come() -> ClusterNode:
            node = own_cluster.add_node()
            for slot in mine:
                own_cluster.migrate_slot(slot, node)
            return node

        node = aside(come)
        load.until_all_succeed()
        until(lambda: node.address in {server.endpoint for server in mux.get_servers()})

        def give_back() -> None:
            for slot in mine:
                own_cluster.migrate_slot(slot, first)

        aside(give_back)
        load.until_all_succeed()  # nobody is asking the node any more: it dies without an answer owed

        def go() -> None:
            own_cluster.forget_node(node)
            own_cluster.forget_node(seed)

        aside(go)
        load.until_all_succeed()
        gone = {node.address, seed.address}
        until(lambda: not gone & {server.endpoint for server in mux.get_servers()})
        load.until_all_succeed()
    load.check_nothing_noticed(own_cluster)
    assert {server.endpoint for server in mux.get_servers()} == {node.address for node in own_cluster.nodes}


def test_scaling_in_to_one_primary_and_back(connect: Connect) -> None:
    with RealCluster("valkey", replicas=0) as cluster:
        mux = connect(cluster.seeds)
        with Load(mux.get_database()) as load:
            only, *others = cluster.primaries()
            owned = {node.address: _ranges(node) for node in others}

            def scale_in() -> None:
                for node in others:
                    for first, last in owned[node.address]:
                        cluster.migrate_slots(first, last, only)

            def scale_out() -> None:
                for node in others:
                    for first, last in owned[node.address]:
                        cluster.migrate_slots(first, last, node)

            aside(scale_in)
            load.until_all_succeed()
            assert cluster.owner(load.keys[0]) is only
            aside(scale_out)
            load.until_all_succeed()
        load.check_nothing_noticed(cluster)


# -- a minority, cut off


class Cut:
    """A cluster whose nodes this client reaches through proxies, one each."""

    def __init__(self, cluster: RealCluster) -> None:
        self.cluster = cluster
        self.proxies = {node.port: FaultProxy(node.host, node.port) for node in cluster.nodes}

    def remap(self, place: tuple[str, int]) -> tuple[str, int]:
        proxy = self.proxies.get(place[1])
        return place if proxy is None else (proxy.host, proxy.port)

    def close(self) -> None:
        for proxy in self.proxies.values():
            proxy.close()


@pytest.fixture
def cut(own_cluster: RealCluster) -> Iterator[Cut]:
    made = Cut(own_cluster)
    yield made
    made.close()


def test_a_minority_is_cut_off(connect: Connect, cut: Cut) -> None:
    """A primary that neither the others nor this client reach; the others make its replica the primary."""
    cluster = cut.cluster
    proxy = cut.proxies[cluster.nodes[0].port]
    mux = connect(f"{proxy.host}:{proxy.port}", address_remap=cut.remap, timeout=5.0)
    with Load(mux.get_database()) as load:
        victim = cluster.owner(load.keys[0])
        (replica,) = cluster.replicas_of(victim)
        others = [node for node in cluster.running() if node is not victim]
        cluster.nodes.remove(victim)

        def cut_off() -> float:
            victim.pause()
            cut.proxies[victim.port].black_hole()
            cluster.until(lambda: replica.is_primary)
            cluster.until(lambda: all(node.state()["cluster_state"] == "ok" for node in others))
            return time.monotonic()

        try:
            agreed = aside(cut_off)
            back = load.until_all_succeed()
            assert back - agreed < BACK_WITHIN
        finally:
            victim.resume()
            cut.proxies[victim.port].restore()
            cluster.nodes.append(victim)
        # Back again it thinks for a moment that it is a primary still, and is not believed.
        load.until_all_succeed()
    cluster.nodes.remove(victim)
    try:
        load.check_nothing_doubled(cluster, lost=True)
    finally:
        cluster.nodes.append(victim)


def test_the_cluster_is_down_for_a_while(connect: Connect, own_cluster: RealCluster) -> None:
    """CLUSTERDOWN: commands wait within their deadline, and nothing is applied twice."""
    mux = connect(own_cluster.seeds)
    db = mux.get_database()
    with Load(db) as load:
        victim = own_cluster.owner(load.keys[0])
        (replica,) = own_cluster.replicas_of(victim)
        staying = next(node for node in own_cluster.primaries() if node is not victim)
        replica.pause()
        victim.pause()
        aside(lambda: own_cluster.until(lambda: staying.state()["cluster_state"] == "fail"))
        with pytest.raises((ClusterDownError, RedisTimeoutError, RedisConnectionError)):
            db.with_options(timeout=0.3).get(load.keys[0])
        victim.resume()
        replica.resume()
        aside(own_cluster.wait_up)
        load.until_all_succeed()
    load.check_nothing_doubled(own_cluster, lost=True)
