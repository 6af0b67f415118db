"""What a multiplexer says of itself to a probe."""

from __future__ import annotations

import json

from multiplexer import EndPoint, Health
from multiplexer.errors import RedisConnectionError

from .engine import FIRST, REPLICA, SECOND, SHARDS, THIRD, World, cluster, connection, joined

A, B = (EndPoint("server", port) for port in (6379, 6380))


def health(world: World, closed: bool = False) -> Health:
    return world.coordinator.health(closed)


def test_a_server_that_is_connected() -> None:
    world = World(A)
    world.come_up(A)
    found = health(world)
    assert found == Health("ready", {"server:6379": "connected"})
    assert found
    assert found.http_status == 200
    assert (str(found), found.reasons) == ("ready", [])
    assert json.loads(json.dumps(found.as_dict())) == {
        "state": "ready",
        "servers": {"server:6379": "connected"},
        "missing": [],
    }


def test_a_server_that_was_never_reached() -> None:
    world = World(A)
    assert health(world).servers == {"server:6379": "not connected yet"}
    world.go_down(A)
    found = health(world)
    assert not found
    assert found.http_status == 503
    assert str(found) == "down; no server is connected; server:6379: not connected yet: gone"


def test_a_server_that_was_lost() -> None:
    world = World(A)
    world.come_up(A)
    world.go_down(A)
    world.now += 2.5
    assert health(world).servers == {"server:6379": "disconnected for 2.5 s: gone"}


def test_a_group_without_some_of_its_servers() -> None:
    world = World(A, B)
    world.come_up(A)
    world.come_up(B, "replica")
    assert health(world).state == "ready"
    world.go_down(B)
    found = health(world)
    assert (found.state, found.missing) == ("degraded", ())
    assert found.reasons == ["server:6380: disconnected for 0.0 s: gone"]
    world.come_up(B, "replica")
    world.go_down(A)
    found = health(world)
    assert (found.state, found.missing) == ("degraded", ("no primary is connected",))
    assert found  # replicas may still be read from


def test_a_replica_that_is_out_of_touch() -> None:
    world = World(A, B)
    world.come_up(A)
    world.come_up(B, "replica", link_up=False)
    assert health(world).reasons == ["server:6380: connected, but out of touch with its primary"]
    assert health(world).state == "degraded"


def test_a_server_that_is_silent() -> None:
    world = World(A)
    bridge = world.come_up(A)
    assert bridge.connection is not None
    message = world.send("GET", "key")
    bridge.connection.take(bridge.backlog, world.now)
    assert message.sent_at == world.now
    world.now += 60
    assert health(world).reasons == ["server:6379: connected, but silent for 60.0 s"]
    assert health(world).state == "degraded"


def test_several_connections_to_one_server() -> None:
    world = World(A, connections_per_endpoint=3)
    first, second, third = world.bridges
    for bridge in (first, second):
        bridge.established(connection(now=world.now), world.now)
    third.connect_failed(RedisConnectionError("refused"), world.now)
    found = health(world)
    assert found.state == "degraded"
    assert found.reasons == ["server:6379: 2 of 3 connections; another is not connected yet: refused"]


def test_a_cluster_whose_members_are_all_there() -> None:
    found = health(cluster())
    assert found.state == "ready"
    assert len(found.servers) == 4


def test_a_replica_of_a_cluster_that_nobody_reads_from() -> None:
    world = joined()
    world.describe(FIRST)
    for endpoint in (SECOND, THIRD):
        world.join(endpoint)
    assert health(world).servers[str(REPLICA)] == "not needed yet"
    assert str(health(world)) == "ready"
    world.go_down(REPLICA)  # somebody has asked for it
    assert str(health(world)) == f"degraded; {REPLICA}: not connected yet: gone"


def test_a_cluster_without_one_of_its_primaries() -> None:
    world = cluster()
    world.go_down(SECOND)
    found = health(world)
    assert found.state == "degraded"
    assert found.missing == (f"{SECOND}, which serves slots 5461-10922, is not connected",)
    for endpoint in (FIRST, THIRD):
        world.go_down(endpoint)
    assert health(world).state == "down"  # though a replica is there
    assert len(health(world).missing) == 3


def test_a_cluster_whose_slots_are_not_all_served() -> None:
    world = joined()
    world.describe(FIRST, ((0, 5459, FIRST), SHARDS[2]), state="fail")
    world.join(THIRD)
    found = health(world)
    assert found.state == "degraded"
    assert found.missing == ("nobody serves slots 5460-10922",)


def test_a_cluster_that_says_it_is_down() -> None:
    world = cluster()
    world.guide.doubt()
    world.describe(world.asked_within(5.0), epoch=2, state="fail")
    assert health(world).missing == ("the cluster says that it is down",)


def test_one_that_was_closed() -> None:
    world = World(A)
    world.come_up(A)
    assert str(health(world, closed=True)) == "down; the multiplexer was closed"
