"""Commands about clusters, against real servers that are nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from multiplexer.core.results import cluster as results
from multiplexer.errors import DataError, ResponseError
from tests.conftest import Target
from tests.servers import OK, RealServer, available_kinds, require_kind

from .._world import until
from ..connecting import connect
from .requirements import requires
from .round_trip import Trip
from .words import Words

BOTH = pytest.mark.parametrize("protocol", [2, 3])

named_shards = requires(valkey=(7, 2), redis=(7, 2))
slot_statistics = requires(valkey=(8, 0), redis=(8, 2))
moving_slots = requires(valkey=(9, 0), redis=None)
scanning_clusters = requires(valkey=(9, 1), redis=None)


@pytest.fixture(scope="module")
def nodes() -> Iterator[dict[str, RealServer]]:
    """One node of each kind, which knows of no other."""
    servers = {kind: RealServer.start(kind, config=["cluster-enabled yes"]) for kind in available_kinds()}
    yield servers
    for server in servers.values():
        server.close()


@pytest.fixture
def server(target: Target, nodes: dict[str, RealServer]) -> RealServer:
    """The node under test, empty and serving every slot.

    A node that lost slots takes two seconds to serve again, so the tests that take them away come last.
    """
    require_kind(target.kind)
    server = nodes[target.kind]
    if b"cluster_slots_assigned:16384" not in server.command("CLUSTER", "INFO"):
        server.command("CLUSTER", "FLUSHSLOTS")
        server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383")
    else:
        server.command("FLUSHALL")
    return server


async def test_information(mux: Any, server: RealServer) -> None:
    node = mux.get_server()
    info = await node.cluster_info()
    assert info["cluster_slots_assigned"] == "16384"
    assert await node.cluster("info") == info
    own_id = await node.cluster_myid()
    assert len(own_id) == 40
    assert await node.cluster("MYID") == own_id
    described = list((await node.cluster_nodes()).values())
    assert [entry["node_id"] for entry in described] == [own_id]
    assert described[0]["slots"] == [["0", "16383"]]
    assert described[0]["connected"] is True
    assert "myself" in described[0]["flags"]
    assert await node.cluster_replicas(own_id) == {}
    assert await node.cluster_slaves(own_id) == {}
    assert await node.cluster_links() == []
    assert await node.cluster_count_failure_report(own_id) == 0
    assert await node.cluster_keyslot("foo") == 12182


async def test_slots_and_shards(mux: Any, server: RealServer) -> None:
    node = mux.get_server()
    slots = await node.cluster_slots()
    assert list(slots) == [(0, 16383)]
    assert slots[0, 16383]["primary"][1] == server.port
    assert slots[0, 16383]["replicas"] == []
    (shard,) = await node.cluster_shards()
    assert shard["slots"] == [(0, 16383)]
    assert shard["nodes"][0]["id"] == await node.cluster_myid()
    assert shard["nodes"][0]["port"] == server.port
    assert shard["nodes"][0]["role"] == "master"


@named_shards
async def test_myshardid(mux: Any) -> None:
    assert len(await mux.get_server().cluster_myshardid()) == 40


async def test_keys_of_a_slot(mux: Any) -> None:
    node, db = mux.get_server(), mux.get_database()
    await until_it_serves(node)
    slot = await node.cluster_keyslot("{a}1")
    await db.set("{a}1", 1)
    await db.set("{a}2", 2)
    assert await node.cluster_countkeysinslot(slot) == 2
    assert sorted(await node.cluster_get_keys_in_slot(slot, 10)) == [b"{a}1", b"{a}2"]
    assert len(await node.cluster_get_keys_in_slot(slot, 1)) == 1


@slot_statistics
async def test_slot_stats(mux: Any) -> None:
    node, db = mux.get_server(), mux.get_database()
    await until_it_serves(node)
    await db.set("a", 1)
    slot = await node.cluster_keyslot("a")
    assert (await node.cluster_slot_stats((slot, slot)))[slot]["key-count"] == 1
    assert list(await node.cluster_slot_stats(orderby="key-count", limit=1)) == [slot]
    assert slot not in await node.cluster_slot_stats(orderby="key-count", limit=1, desc=False)


@moving_slots
async def test_moving_slots(mux: Any) -> None:
    node, db = mux.get_server(), mux.get_database()
    await until_it_serves(node)
    assert await node.cluster_getslotmigrations() == []
    with pytest.raises(ResponseError):
        await node.cluster_cancelslotmigrations()
    with pytest.raises(ResponseError):
        await node.cluster_migrateslots([(0, 5), (7, 9)], "0" * 40)
    await db.set("a", 1)
    slot = await node.cluster_keyslot("a")
    assert await node.cluster_flushslot(slot) is True
    assert await node.cluster_flushslot(slot, "async") is True
    assert await db.get("a") is None


@scanning_clusters
async def test_clusterscan(mux: Any) -> None:
    node, db = mux.get_server(), mux.get_database()
    await until_it_serves(node)
    keys = {f"key-{number}".encode() for number in range(30)}
    for key in keys:
        await db.set(key, 1)
    await db.rpush("list", 1)
    assert await scan(db) == keys | {b"list"}
    assert await scan(db, match="key-1*", count=1000) == {key for key in keys if key.startswith(b"key-1")}
    assert await scan(db, _type="list", count=1000) == {b"list"}
    assert await scan(db, slot=await node.cluster_keyslot("list")) >= {b"list"}


async def scan(db: Any, **options: Any) -> set[bytes]:
    """Go through all pages."""
    cursor, found = await db.clusterscan(**options)
    keys = set(found)
    while cursor != "0":
        cursor, found = await db.clusterscan(cursor, **options)
        keys.update(found)
    return keys


async def until_it_serves(node: Any) -> None:
    """A node takes a moment until it finds that every slot is served."""

    async def serves() -> bool:
        return (await node.cluster_info())["cluster_state"] == "ok"

    await until(serves)


def test_lines_about_nodes() -> None:
    lines = (
        b"07c3 127.0.0.1:30004@31004,host,shard-id=abc slave e7d1 0 14262 4 connected\n"
        b"e7d1 [::1]:30001@31001 myself,master - 0 0 1 disconnected 0-5460 5462 [93-<-292f] [77->-e7d1]\n"
    )
    assert results.nodes(lines) == {
        "127.0.0.1:30004": {
            "node_id": "07c3",
            "hostname": "host",
            "flags": "slave",
            "master_id": "e7d1",
            "last_ping_sent": "0",
            "last_pong_rcvd": "14262",
            "epoch": "4",
            "slots": [],
            "migrations": [],
            "connected": True,
        },
        "[::1]:30001": {
            "node_id": "e7d1",
            "hostname": "",
            "flags": "myself,master",
            "master_id": "-",
            "last_ping_sent": "0",
            "last_pong_rcvd": "0",
            "epoch": "1",
            "slots": [["0", "5460"], ["5462"]],
            "migrations": [
                {"slot": "93", "node_id": "292f", "state": "importing"},
                {"slot": "77", "node_id": "e7d1", "state": "migrating"},
            ],
            "connected": False,
        },
    }
    assert list(results.replicas([lines.splitlines()[0]])) == ["127.0.0.1:30004"]


@BOTH
@pytest.mark.parametrize(
    "trip",
    [
        Trip(lambda db: db.cluster_failover(), "CLUSTER FAILOVER", OK, True),
        Trip(lambda db: db.cluster_failover("takeover"), "CLUSTER FAILOVER TAKEOVER", OK, True),
        Trip(lambda db: db.cluster_replicate("id"), "CLUSTER REPLICATE id", OK, True),
        Trip(lambda db: db.cluster_replicate(None), "CLUSTER REPLICATE NO ONE", OK, True),
        Trip(lambda db: db.cluster_setslot("id", 5, "node", 100), "CLUSTER SETSLOT 5 NODE id TIMEOUT 100", OK, True),
        Trip(lambda db: db.cluster_setslot("", 5, "STABLE"), "CLUSTER SETSLOT 5 STABLE", OK, True),
        Trip(lambda db: db.cluster_forget("id"), "CLUSTER FORGET id", OK, True),
        Trip(lambda db: db.cluster_setslot("id", 5, "node"), "CLUSTER SETSLOT 5 NODE id", OK, True),
        Trip(
            lambda db: db.cluster_migrateslots([(0, 5), (7, 9)], "id"),
            "CLUSTER MIGRATESLOTS SLOTSRANGE 0 5 7 9 NODE id",
            OK,
            True,
        ),
        Trip(lambda db: db.cluster_cancelslotmigrations(), "CLUSTER CANCELSLOTMIGRATIONS", OK, True),
        Trip(
            lambda db: db.cluster_links(),
            "CLUSTER LINKS",
            [{"direction": "to", "node": b"id", "create-time": 5}],
            [{"direction": "to", "node": "id", "create-time": 5}],
        ),
        Trip(
            lambda db: db.cluster_slots(),
            "CLUSTER SLOTS",
            [[0, 5, [b"a", 1, b"id"], [None, 2, b"id"]], [9, 9, [b"b", 3, b"id", [b"hostname", b"h"]]]],
            {
                (0, 5): {"primary": ("a", 1), "replicas": [("", 2)]},
                (9, 9): {"primary": ("b", 3), "replicas": []},
            },
        ),
    ],
    ids=lambda trip: str(trip.words),
)
async def test_round_trip(trip: Trip, protocol: int) -> None:
    await trip.make(protocol)


async def test_a_sub_command_nobody_knows(mux: Any, server: RealServer) -> None:
    with pytest.raises(ResponseError, match=r"(?i)unknown"):
        await mux.get_server().cluster("nothing", 1)
    async with await connect(server, allow_admin=True) as other:
        assert isinstance(await other.get_server().cluster("help"), list)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda db: db.cluster_addslots(), "CLUSTER ADDSLOTS: slots must not be empty"),
        (lambda db: db.cluster_addslotsrange(1, 2, 3), "CLUSTER ADDSLOTSRANGE: slots must be first and last"),
        (lambda db: db.cluster_delslots(), "CLUSTER DELSLOTS: slots must not be empty"),
        (lambda db: db.cluster_delslotsrange(), "CLUSTER DELSLOTSRANGE: slots must be first and last"),
        (lambda db: db.cluster_failover("NOW"), "CLUSTER FAILOVER: option must be one of FORCE, TAKEOVER"),
        (lambda db: db.cluster_flushslot(1, "NOW"), "CLUSTER FLUSHSLOT: mode"),
        (lambda db: db.cluster_get_keys_in_slot(1, -1), "CLUSTER GETKEYSINSLOT: num_keys"),
        (lambda db: db.cluster_migrateslots([], "id"), "CLUSTER MIGRATESLOTS: slots must not be empty"),
        (lambda db: db.cluster_set_config_epoch(-1), "CLUSTER SET-CONFIG-EPOCH: epoch"),
        (lambda db: db.cluster_setslot("id", 1, "MINE"), "CLUSTER SETSLOT: state must be one of"),
        (lambda db: db.cluster_slot_stats(), "CLUSTER SLOT-STATS: one of slots and orderby"),
        (lambda db: db.cluster_slot_stats((0, 1), "key-count"), "CLUSTER SLOT-STATS: one of slots and orderby"),
        (lambda db: db.cluster_slot_stats((0, 1), limit=1), "CLUSTER SLOT-STATS: limit needs orderby"),
        (lambda db: db.cluster_slot_stats(orderby="key-count", limit=0), "CLUSTER SLOT-STATS: limit must be"),
        (lambda db: db.clusterscan(count=0), "CLUSTERSCAN: count"),
    ],
)
async def test_bad_input_is_refused_at_once(call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(Words())


async def test_giving_slots(mux: Any) -> None:
    node = mux.get_server()
    assert await node.cluster_flushslots() is True
    assert await node.cluster_addslots(1, 2) is True
    with pytest.raises(ResponseError, match="already busy"):
        await node.cluster_addslots(1)
    assert await node.cluster_addslotsrange(10, 20, 30, 40) is True
    assert sorted(await node.cluster_slots()) == [(1, 2), (10, 20), (30, 40)]
    assert await node.cluster_delslots(2, 15) is True
    assert await node.cluster_delslotsrange(30, 35) is True
    assert sorted(await node.cluster_slots()) == [(1, 1), (10, 14), (16, 20), (36, 40)]
    assert (await node.cluster_nodes()).popitem()[1]["slots"] == [["1"], ["10", "14"], ["16", "20"], ["36", "40"]]


async def test_setting_up(mux: Any) -> None:
    node = mux.get_server()
    assert await node.cluster_save_config() is True
    assert (await node.cluster_bumpepoch()).split()[0] in ("BUMPED", "STILL")
    assert await node.cluster_setslot_stable(5) is True
    assert await node.cluster_setslot("", 5, "stable") is True
    with pytest.raises(ResponseError):
        await node.cluster_setslot("0" * 40, 5, "MIGRATING")
    with pytest.raises(ResponseError, match="Unknown node"):
        await node.cluster_forget("0" * 40)
    with pytest.raises(ResponseError, match=r"(?i)replica"):
        await node.cluster_failover("FORCE")
    with pytest.raises(ResponseError):
        await node.cluster_replicate("0" * 40)
    assert await node.cluster_reset() is True
    assert await node.cluster_reset(soft=False) is True
    assert await node.cluster_set_config_epoch(7) is True
    assert (await node.cluster_info())["cluster_my_epoch"] == "7"
    assert await node.cluster_meet("127.0.0.1", 1) is True
    assert await node.cluster_meet("127.0.0.1", 1, 2) is True
    assert await node.cluster_reset(soft=False) is True
