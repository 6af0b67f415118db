"""A service's servers through failovers: what sentinels say, what the servers say, and what is made of both."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import EndPoint, ReadFrom
from multiplexer.core.resending import Rerouted
from multiplexer.core.sentinel.guide import HUNG, SentinelGuide
from multiplexer.core.sentinel.watch import DOUBT_INTERVAL
from multiplexer.errors import MasterNotFoundError, ReadOnlyError, ResponseError

from .engine import Remembering, ToldBridge, World
from .sentinels import SERVICE, SentinelBridge

S1, S2 = (EndPoint("sentinel", port) for port in (26379, 26380))
A, B, C = (EndPoint("server", port) for port in (6379, 6380, 6381))
ROLE_CHECK = ["INFO SERVER", "INFO REPLICATION", "ROLE"]


class SentinelWorld(World):
    """One whose servers are found through sentinels."""

    def __init__(self, *endpoints: EndPoint, **changes: Any) -> None:
        super().__init__(*endpoints, service_name=SERVICE, **changes)

    def make_bridge(self, endpoint: EndPoint, kind: str, listener: Any) -> ToldBridge:
        if kind != "sentinel":
            return super().make_bridge(endpoint, kind, listener)
        return self.take(SentinelBridge(endpoint, kind, self.options, listener))

    def sentinel(self, endpoint: EndPoint = S1) -> SentinelBridge:
        found = self.bridge(endpoint, "sentinel")
        assert isinstance(found, SentinelBridge)
        return found

    def name(self, primary: EndPoint, *replicas: EndPoint, sentinel: EndPoint = S1, epoch: int = 0) -> None:
        """Have a sentinel that was asked name these."""
        self.wait()
        self.sentinel(sentinel).name(primary, *replicas, epoch=epoch)
        self.wait()

    def announce(self, primary: EndPoint, *replicas: EndPoint, epoch: int) -> None:
        """Have the sentinel announce a failover, and name these when it is asked."""
        sentinel = self.sentinel()
        news = [b"message", b"+switch-master", f"{SERVICE} h 1 {primary.host} {primary.port}".encode()]
        sentinel.listener.pushed(sentinel, news)
        self.name(primary, *replicas, epoch=epoch)


def service(**changes: Any) -> SentinelWorld:
    """A sentinel that names A, with a replica B, all of them connected."""
    world = SentinelWorld(S1, **changes)
    world.sentinel().come_up(world.now)
    world.name(A, B, epoch=1)
    world.come_up(A)
    world.come_up(B, "replica")
    assert isinstance(world.guide, SentinelGuide)
    return world


class TestFinding:
    def test_commands_wait_until_a_primary_is_named(self):
        world = SentinelWorld(S1)
        waiting = world.send("SET", "k", 1)
        assert world.target("SET", "k", 1).host == SERVICE
        assert not world.guide.has_tried(1)
        world.sentinel().come_up(world.now)
        assert waiting.replies_given == []
        world.name(A, B)
        assert isinstance(waiting.reply, Rerouted)
        assert world.target("SET", "k", 1) == A
        assert [world.bridge(endpoint).started for endpoint in (A, B)] == [1, 1]
        assert not world.guide.has_tried(1)
        world.come_up(A)
        assert world.guide.has_tried(1)
        assert world.told == [(str(A), "primary")]

    def test_where_they_wait_takes_other_options_too(self):
        world = SentinelWorld(S1)
        world.coordinator.reconfigure(world.options.with_changes(max_pending=7))
        room = world.coordinator.strategy.only
        assert room is not None
        assert room.options.max_pending == 7
        assert world.sentinel().options.max_pending == 7

    def test_replicas_are_waited_for_where_they_are_read_from(self):
        world = SentinelWorld(S1, read_from=ReadFrom.PREFER_REPLICA)
        world.sentinel().come_up(world.now)
        world.name(A, B)
        world.come_up(A)
        assert not world.guide.has_tried(1)
        assert not world.guide.has_heard_all
        world.go_down(B)
        assert world.guide.has_tried(1)
        assert world.guide.has_heard_all

    def test_nobody_knows_one(self):
        world = SentinelWorld(S1, S2)
        world.sentinel(S1).come_up(world.now)
        world.sentinel(S1).answer(*[ResponseError("ERR No such master with that name")] * 4)
        assert not world.guide.has_tried(1)
        world.sentinel(S2).go_down()
        assert world.guide.has_tried(1)
        assert isinstance(world.guide.failure(), MasterNotFoundError)
        assert "'mymaster' is unknown" in str(world.guide.failure())
        room = world.coordinator.strategy.only
        assert room is not None
        assert "no sentinel names a primary" in str(room.last_error)  # for those who wait

    def test_the_named_one_is_out_of_reach(self):
        world = SentinelWorld(S1)
        world.sentinel().come_up(world.now)
        world.name(A)
        world.go_down(A)
        assert world.guide.has_tried(1)
        assert not world.guide.has_tried(2)
        assert str(world.guide.failure()) == "gone"

    def test_who_is_in_cluster_mode_is_what_sentinels_say(self):
        world = SentinelWorld(S1)
        world.sentinel().come_up(world.now)
        world.name(A)
        world.come_up(A, mode="cluster")
        assert isinstance(world.guide, SentinelGuide)
        assert world.target("SET", "k", 1) == A


class TestFailover:
    def test_another_primary_is_announced(self):
        world = service()
        world.told.clear()
        waiting = Remembering("SET", "k", 1)
        world.go_down(A)
        world.bridge(A).backlog.append(waiting)
        world.name(B, epoch=2)  # it is asked as the connection was lost
        assert isinstance(waiting.reply, Rerouted)
        assert world.bridge(B).asked() == ROLE_CHECK
        world.say_role(B, "primary")
        assert world.target("SET", "k", 1) == B
        assert world.coordinator.servers == (world.server(B),)
        assert world.told == [(str(B), "primary"), (str(B), "role")]
        assert not world.guide.watch.in_doubt

    def test_the_old_primary_is_demoted_before_it_says_so(self):
        world = service()
        world.announce(B, A, epoch=2)
        assert world.server(A).role == "replica"
        world.say_role(B, "primary")
        assert world.target("SET", "k", 1) == B
        assert world.guide.primaries == (world.server(B),)

    def test_one_that_hangs_is_given_up(self):
        world = service()
        hung = world.bridge(A)
        asked = Remembering("SET", "k", 1)
        assert hung.connection is not None
        hung.connection.sent.append(asked)
        asked.sent_at = world.now
        world.wait(HUNG)
        world.announce(B, A, epoch=2)
        assert hung.connection is None
        assert "hangs, and another server is the primary" in str(hung.last_error)

    def test_one_that_thinks_it_is_primary_still(self):
        world = service()
        world.announce(B, epoch=2)  # the old one was cut off from the sentinels
        world.say_role(B, "primary")
        world.announce(B, A, epoch=2)
        world.come_up(A, "primary")
        assert world.server(A).role == "replica"
        assert world.target("SET", "k", 1) == B

    def test_a_replica_that_leaves_is_let_go(self):
        world = service()
        world.announce(A, C, epoch=1)
        assert {server.endpoint for server in world.coordinator.servers} == {A, C}
        assert world.bridge(B).retiring


class TestWhoIsNamedWrongly:
    def test_one_that_is_no_primary_is_passed_over(self):
        world = SentinelWorld(S1, S2)
        for sentinel in (S1, S2):
            world.sentinel(sentinel).come_up(world.now)
        world.name(A, B, sentinel=S1, epoch=5)
        world.come_up(A, "replica")
        world.name(B, A, sentinel=S2, epoch=4)
        assert not world.guide.has_tried(1)
        world.come_up(B, "primary")
        assert world.guide.has_tried(1)
        assert world.target("SET", "k", 1) == B

    def test_one_out_of_reach_is_passed_over(self):
        world = SentinelWorld(S1, S2)
        for sentinel in (S1, S2):
            world.sentinel(sentinel).come_up(world.now)
        world.name(A, sentinel=S1, epoch=5)
        world.go_down(A)
        world.name(B, A, sentinel=S2, epoch=4)
        assert world.guide.primary == B

    def test_it_is_believed_once_it_says_so_itself(self):
        world = SentinelWorld(S1)
        world.sentinel().come_up(world.now)
        world.name(A, epoch=5)
        world.come_up(A, "replica")
        assert world.guide.watch.in_doubt
        assert not world.guide.has_tried(1)
        assert world.guide.watch.directory.best() is None
        world.beat(DOUBT_INTERVAL)
        world.name(A, epoch=5)  # asked as soon as that was found out
        world.wait(1.0)
        world.guide.doubt()
        world.say_role(A, "primary")
        assert world.guide.watch.directory.best() is not None
        assert world.guide.has_tried(1)
        assert not world.guide.watch.in_doubt

    def test_without_any_answer_a_server_is_what_it_says(self):
        world = service()
        world.sentinel().go_down()
        world.go_down(B)
        world.come_up(B, "primary")
        assert world.server(B).role == "primary"

    def test_one_that_was_promoted_before_sentinels_say_so(self):
        world = service()
        world.go_down(B)
        world.name(A, B, epoch=1)
        world.come_up(B, "primary")
        assert world.server(B).role == "replica"
        assert world.sentinel().asked() != []  # they are about to


class TestDoubt:
    def test_a_refusal_makes_it_ask_servers_and_sentinels(self):
        world = service()
        message = world.send("SET", "k", 1)
        assert world.coordinator.resend(world.bridge(A), message, ReadOnlyError("READONLY")) is not None
        assert world.bridge(A).asked() == ROLE_CHECK
        world.wait()
        assert world.sentinel().asked() != []
        assert world.guide.watch.in_doubt

    def test_it_goes_on_until_the_primary_is_confirmed(self):
        world = service()
        world.go_down(A)
        world.name(A, B, epoch=1)
        for _ in range(3):
            world.beat(DOUBT_INTERVAL)
            world.name(A, B, epoch=1)
        world.come_up(A)
        assert not world.guide.watch.in_doubt
        world.beat(DOUBT_INTERVAL)
        assert world.sentinel().asked() == []

    def test_servers_are_asked_for_their_roles_as_well(self):
        world = service(config_check_seconds=60)
        world.beat(60.0)
        assert world.bridge(A).asked() == world.bridge(B).asked() == ROLE_CHECK

    def test_all_sentinels_being_away_changes_nothing(self):
        world = service()
        world.sentinel().go_down()
        world.wait()
        assert world.target("SET", "k", 1) == A
        assert world.guide.watch.in_doubt

    def test_after_a_fork_what_sentinels_say_is_taken_again(self):
        world = service()
        world.sentinel().listener.pushed(world.sentinel(), [b"message", b"+switch-master", f"{SERVICE} x".encode()])
        world.sentinel().name(B, epoch=2)
        world.guide.watch.refresh()
        assert len(world.lose_what_is_due()) == 2  # the parent's
        for bridge in (world.bridge(A), world.sentinel()):
            bridge.listener.left_to_parent(bridge)
        world.guide.watch.refresh()
        world.name(B, epoch=2)
        assert world.target("SET", "k", 1) == B


def test_the_state_of_every_sentinel_is_shown():
    world = SentinelWorld(S1, S2)
    world.sentinel(S1).come_up(world.now)
    world.sentinel(S2).go_down()
    world.name(A)
    assert world.coordinator.status()["sentinels"] == [
        {"endpoint": str(S1), "connected": True, "error": None},
        {"endpoint": str(S2), "connected": False, "error": "gone"},
    ]
    assert world.guide.topology is None
    assert world.guide.owner(b"k") is None
    assert "SENTINEL FAILOVER" in world.guide.authority


@pytest.mark.parametrize("protocol", [2, 3])
def test_a_sentinel_nobody_needs_is_closed(protocol: int):
    world = SentinelWorld(S1)
    world.sentinel(S1).come_up(world.now)
    world.sentinel(S1).name(A, sentinels=(S2,))
    world.wait()
    world.sentinel(S2).come_up(world.now, protocol=protocol)
    world.sentinel(S2).go_down()
    world.sentinel(S2).go_down()
    world.guide.watch.refresh()
    world.name(A)
    assert world.sentinel(S2).removed
    assert not world.sentinel(S1).removed
