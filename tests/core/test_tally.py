"""What happens seldom is counted by server and kind."""

from __future__ import annotations

from multiplexer import EndPoint
from multiplexer.core.diagnosis.tally import Happening
from multiplexer.errors import AskError, MovedError, RedisConnectionError, RedisTimeoutError

from .engine import FIRST, KEYS, SECOND, Remembering, World, cluster

A = EndPoint("server", 6379)


def test_lost_connections_are_counted_by_the_error() -> None:
    world = World(A)
    bridge = world.bridge(A)
    bridge.go_down(RedisTimeoutError("nobody there"))
    for _ in range(2):
        world.come_up(A)
        bridge.go_down(RedisConnectionError("reset"))
    assert world.coordinator.tally.counts() == {
        Happening("connect_failed", A, "RedisTimeoutError"): 1,
        Happening("lost", A, "RedisConnectionError"): 2,
    }


def test_announcements_are_counted() -> None:
    world = World(A)
    bridge = world.come_up(A)
    world.coordinator.pushed(bridge, [b"MIGRATING", b"1", b"2"])
    world.coordinator.pushed(bridge, [b"MOVING", b"1", b"2"])
    world.coordinator.pushed(bridge, [b"MOVING", b"1", b"2"])
    assert world.coordinator.tally.counts() == {
        Happening("maintenance", A, "MIGRATING"): 1,
        Happening("maintenance", A, "MOVING"): 2,
    }


def test_redirections_and_topologies_are_counted() -> None:
    world = cluster()
    before = world.guide.refreshes
    assert before > 0
    message = Remembering("GET", KEYS[0])
    world.coordinator.resend(world.bridge(FIRST), message, AskError(f"ASK 1 {SECOND}"))
    world.coordinator.resend(world.bridge(FIRST), message, MovedError(f"MOVED 1 {SECOND}"))
    assert world.coordinator.tally.counts() == {
        Happening("redirected", FIRST, "ASK"): 1,
        Happening("redirected", FIRST, "MOVED"): 1,
    }
    world.describe(world.asked_within(60.0), epoch=2)
    assert world.guide.refreshes == before + 1


def test_a_server_without_sentinels_or_cluster_has_no_topology_to_ask_for() -> None:
    assert World(A).guide.refreshes == 0
