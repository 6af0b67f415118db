# Generated from tests/asyncio/cluster/test_routing.py by scripts/generate_blocking.py; change that file instead.
"""Every command goes straight to the server of its keys."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import CommandFlags, ReadFrom
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.errors import ClusterCrossSlotError, ConfigurationError, DataError, RedisError
from tests.blocking._world import gather, until
from tests.blocking.cluster.conftest import Connect
from tests.servers import ClusterNode, FaultProxy, RealCluster


def redirections(cluster: RealCluster) -> int:
    """Count the MOVED and ASK replies since the last count."""
    count = 0
    for node in cluster.nodes:
        stats = node.info("errorstats")
        count += sum(
            int(value.split("=")[1]) for name, value in stats.items() if name in ("errorstat_MOVED", "errorstat_ASK")
        )
        node.command("CONFIG", "RESETSTAT")
    return count


def calls(node: ClusterNode, command: str) -> int:
    """Count how often a node ran a command since its counters were reset."""
    stats = node.info("commandstats").get(f"cmdstat_{command}", "calls=0")
    return int(stats.split(",")[0].removeprefix("calls="))


@pytest.mark.parametrize("seed", range(6))
def test_any_seed_will_do(connect: Connect, cluster: RealCluster, seed: int) -> None:
    """A replica knows the cluster as well as a primary does."""
    mux = connect(cluster.nodes[seed].address)
    gather(*[partial(mux.get_database().set, f"k{number}", number) for number in range(30)])
    found = sum(node.command("DBSIZE") for node in cluster.nodes[:3])
    assert found == 30
    assert {server.endpoint for server in mux.get_servers()} == {node.address for node in cluster.nodes}


def test_replicas_that_nobody_reads_from_are_no_reason_for_anything(
    mux: ConnectionMultiplexer, cluster: RealCluster
) -> None:
    until(lambda: mux.health().state == "ready")
    said = mux.health()
    assert {said.servers[node.address] for node in cluster.nodes[:3]} == {"connected"}
    assert {said.servers[node.address] for node in cluster.nodes[3:]} == {"not needed yet"}
    assert said.reasons == []


def test_keys_go_straight_to_their_servers(db: Database[bytes], cluster: RealCluster) -> None:
    redirections(cluster)
    keys = [f"key:{number}" for number in range(200)]
    gather(*[partial(db.set, key, key) for key in keys])
    assert gather(*[partial(db.get, key) for key in keys]) == [key.encode() for key in keys]
    assert redirections(cluster) == 0
    for node in cluster.nodes[:3]:
        assert node.command("DBSIZE") > 20


def test_batches_and_prefixed_keys_go_straight_to_their_servers(
    db: Database[bytes], cluster: RealCluster
) -> None:
    redirections(cluster)
    for view in (db, db.with_options(key_prefix="p:")):
        batch = view.batch()
        for number in range(100):
            batch.set(f"key:{number}", number)
            batch.spublish(f"channel:{number}", "message")
        assert batch.execute() == [True, 0] * 100
        assert view.get("key:7") == b"7"
        assert view.spublish("another", "message") == 0
    assert redirections(cluster) == 0


def test_every_shape_of_command(db: Database[bytes], cluster: RealCluster) -> None:
    redirections(cluster)
    assert db.mset({"{a}1": "x", "{a}2": "y"})
    assert db.mget("{a}1", "{a}2") == [b"x", b"y"]
    assert db.eval("return redis.call('get', KEYS[1])", 1, "{a}1") == b"x"
    assert db.execute("OBJECT", "ENCODING", "{a}1") == b"embstr"
    db.xadd("{s}1", {"f": "v"})
    assert db.xread({"{s}1": "0", "{s}2": "0"})
    assert db.ping()
    large = b"x" * 100_000
    db.set("large", large)
    assert db.get("large") == large
    db.rpush("list", "a")
    assert db.blpop("list", timeout=1) == (b"list", b"a")
    prefixed = db.with_options(key_prefix="{p}:")
    prefixed.mset({"k": "v", "l": "w"})
    assert db.get("{p}:k") == b"v"
    assert redirections(cluster) == 0


def test_keys_in_several_slots_are_refused_before_sending(db: Database[bytes], cluster: RealCluster) -> None:
    before = sum(calls(node, "mget") for node in cluster.nodes)
    with pytest.raises(ClusterCrossSlotError, match=r"'a' in 15495.*'b' in 3300.*hash tag") as caught:
        db.mget("a", "b")
    assert not caught.value.was_sent
    assert sum(calls(node, "mget") for node in cluster.nodes) == before


@pytest.mark.parametrize("command", ["DBSIZE", "FLUSHDB", "KEYS *", "SCAN 0"])
def test_what_sees_one_servers_keys_only_is_refused(connect: Connect, cluster: RealCluster, command: str) -> None:
    mux = connect(cluster.nodes[0].address, allow_admin=True)
    with pytest.raises(DataError, match=r"sees the keys of one server only.*across_slots.*get_server"):
        mux.get_database().execute(*command.split())
    server = mux.get_server(cluster.nodes[1].address)
    server.execute(*command.split())


def test_a_command_that_is_not_known_finds_its_server(db: Database[bytes], cluster: RealCluster) -> None:
    """Its keys' places are not known here, but the servers know them, and point to the right one."""
    from multiplexer.core.commands.command_table import COMMANDS

    unknown = COMMANDS.pop("GETSET")
    try:
        for number in range(10):
            assert db.execute("GETSET", f"k{number}", number) is None
    finally:
        COMMANDS["GETSET"] = unknown
    assert db.get("k7") == b"7"


def test_a_batch_is_split_and_its_results_keep_their_order(db: Database[bytes], cluster: RealCluster) -> None:
    redirections(cluster)
    batch = db.batch()
    for number in range(100):
        batch.set(f"k{number}", number)
        batch.get(f"k{number}")
    batch.incr("list")
    results = batch.execute()
    assert results[1:200:2] == [b"%d" % number for number in range(100)]
    assert redirections(cluster) == 0
    db.rpush("l", "x")
    batch = db.batch()
    batch.get("k1")
    batch.incr("l")
    batch.get("k2")
    with pytest.raises(RedisError, match="WRONGTYPE"):
        batch.execute()
    pipeline = db.pipeline(transaction=False)
    pipeline.get("k1").incr("l").get("k2")
    first, second, third = pipeline.execute(raise_on_error=False)
    assert (first, third) == (b"1", b"2")
    assert "WRONGTYPE" in str(second)


def test_a_batch_with_a_script(db: Database[bytes], cluster: RealCluster) -> None:
    script = db.register_script("return redis.call('incrby', KEYS[1], ARGV[1])")
    pipeline = db.pipeline(transaction=False)
    for number in range(12):
        script(keys=[f"k{number}"], args=[number], client=pipeline)
    assert pipeline.execute() == list(range(12))
    assert script(keys=["k3"], args=[1]) == 4


def test_a_transaction_stays_on_one_server(db: Database[bytes], cluster: RealCluster) -> None:
    pipeline = db.pipeline()
    pipeline.set("{t}1", 1).incr("{t}1").get("{t}1")
    assert pipeline.execute() == [True, 2, b"2"]
    pipeline = db.pipeline()
    pipeline.set("a", 1).set("b", 2)
    with pytest.raises(ClusterCrossSlotError, match=r"'a' in 15495.*'b' in 3300"):
        pipeline.execute()
    with db.pipeline() as watching:
        watching.watch("{t}1")
        value = watching.get("{t}1")
        watching.multi()
        watching.set("{t}2", int(value) + 1)
        assert watching.execute() == [True]
    assert db.get("{t}2") == b"3"


def test_fire_and_forget(db: Database[bytes]) -> None:
    forgetful = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
    for number in range(30):
        forgetful.set(f"k{number}", number)

    def arrived() -> bool:
        return db.get("k29") == b"29" and db.get("k3") == b"3"

    until(arrived)


# -- replicas


def reads_of(db: Database[bytes], cluster: RealCluster, key: str, times: int = 30) -> dict[str, int]:
    """Read a key and count which of its two servers answered how often."""
    primary = cluster.owner(key)
    (replica,) = cluster.replicas_of(primary)
    primary.command("WAIT", 1, 5000)
    db.get(key)  # its connections are made when they are first needed
    until(lambda: all(server.is_connected for server in _servers(db, primary, replica)))
    for node in (primary, replica):
        node.command("CONFIG", "RESETSTAT")
    for _ in range(times):
        assert db.get(key) == b"v"
    return {"primary": calls(primary, "get"), "replica": calls(replica, "get")}


def _servers(db: Database[bytes], *nodes: ClusterNode) -> list[Any]:
    every = db._driver.bridges
    addresses = {node.address for node in nodes}
    return [_Connected(bridge) for bridge in every if str(bridge.endpoint) in addresses]


class _Connected:
    def __init__(self, bridge: Any) -> None:
        self._bridge = bridge
        bridge.connector.start()

    @property
    def is_connected(self) -> bool:
        return self._bridge.connection is not None


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (ReadFrom.PRIMARY, {"primary": 30, "replica": 0}),
        (ReadFrom.PREFER_PRIMARY, {"primary": 30, "replica": 0}),
        (ReadFrom.REPLICA, {"primary": 0, "replica": 30}),
        (ReadFrom.PREFER_REPLICA, {"primary": 0, "replica": 30}),
        (ReadFrom.ANY, {"primary": 15, "replica": 15}),
    ],
)
def test_reads_go_where_they_shall(
    mux: ConnectionMultiplexer, cluster: RealCluster, source: ReadFrom, expected: dict[str, int]
) -> None:
    mux.get_database().set("k", "v")
    db = mux.get_database().with_options(read_from=source)
    assert reads_of(db, cluster, "k") == expected
    db.set("k", "w")  # writes never go to a replica
    assert mux.get_database().get("k") == b"w"


def test_reads_in_the_applications_own_zone(connect: Connect, shared_clusters: Any) -> None:
    cluster = shared_clusters("valkey")
    primary = cluster.owner("k")
    (replica,) = cluster.replicas_of(primary)
    replica.command("CONFIG", "SET", "availability-zone", "here")
    primary.command("CONFIG", "SET", "availability-zone", "there")
    try:
        for zone, expected in (("here", {"primary": 0, "replica": 30}), ("there", {"primary": 30, "replica": 0})):
            mux = connect(cluster.seeds, read_from="availabilityZone", availability_zone=zone)
            mux.get_database().set("k", "v")
            assert reads_of(mux.get_database(), cluster, "k") == expected
    finally:
        for node in (primary, replica):
            node.command("CONFIG", "SET", "availability-zone", "")
    with pytest.raises(ConfigurationError, match="availability_zone"):
        connect(cluster.seeds, read_from="availabilityZone")


def test_reads_from_the_nearest(connect: Connect, shared_clusters: Any) -> None:
    """One of the two servers is behind a slow network; the other one gets the reads once that is known."""
    cluster = shared_clusters("valkey")
    near = cluster.owner("k")
    (far,) = cluster.replicas_of(near)
    with FaultProxy(far.host, far.port) as slow:
        slow.delay(0.05)
        mux = connect(
            cluster.seeds,
            read_from="nearest",
            heartbeat_interval=0.1,
            address_remap=lambda place: (slow.host, slow.port) if place[1] == far.port else place,
        )
        db = mux.get_database()
        db.set("k", "v")
        db.get("k")
        servers = mux._coordinator.servers
        until(lambda: sum(server.latency > 0 for server in servers) >= 2)
        near.command("CONFIG", "RESETSTAT")
        for _ in range(30):
            db.get("k")
        assert calls(near, "get") == 30
        slow.restore()


def test_slots_are_counted_as_servers_count_them(cluster: RealCluster) -> None:
    for key in ("a", "{a}b", "foo{}{bar}", "x" * 100):
        assert cluster.nodes[0].command("CLUSTER", "KEYSLOT", key) == slot_of(key.encode())
