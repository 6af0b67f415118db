"""Servers that belong together by configuration alone: what is asked of them, and what is made of what they say."""

from __future__ import annotations

import pytest

from multiplexer import EndPoint, ReadFrom
from multiplexer.core.cluster.guide import ClusterGuide
from multiplexer.core.group.guide import RESOLVE_AFTER, GroupGuide
from multiplexer.core.group.roles import MOST_DOUBTS
from multiplexer.core.handshake.credentials import Credentials
from multiplexer.core.resending import Rerouted
from multiplexer.core.server_endpoint import DOUBT_INTERVAL
from multiplexer.errors import (
    BusyLoadingError,
    MovedError,
    MultiplexerClosedError,
    ReadOnlyError,
    RedisConnectionError,
    ResponseError,
)

from .engine import Remembering, ToldBridge, World

A, B, C = (EndPoint("server", port) for port in (6379, 6380, 6381))
ROLE_CHECK = ["INFO SERVER", "INFO REPLICATION", "ROLE"]


def trio(**changes: object) -> World:
    """A primary and two replicas, connected."""
    world = World(A, B, C, **changes)
    world.come_up(A)
    world.come_up(B, "replica")
    world.come_up(C, "replica")
    return world


class TestConnecting:
    def test_every_server_is_connected(self):
        world = World(A, B)
        assert [bridge.started for bridge in world.bridges] == [1, 1]
        assert not world.guide.has_tried(1)
        world.go_down(A)
        assert not world.guide.has_tried(1)
        assert str(world.guide.failure()) == "gone"
        world.come_up(B)
        assert world.guide.has_tried(1)
        assert world.guide.is_settled

    def test_it_is_over_after_so_many_attempts_at_all_of_them(self):
        world = World(A, B)
        for _ in range(2):
            assert not world.guide.has_tried(2)
            world.go_down(A)
            world.go_down(B)
        assert world.guide.has_tried(2)
        assert not world.guide.has_tried(3)

    def test_others_may_be_the_primary(self):
        world = World(A, B)
        world.come_up(A, "replica")
        assert not world.guide.has_heard_all
        world.go_down(B)
        assert world.guide.has_heard_all

    def test_one_server_needs_no_choosing(self):
        world = World(A)
        assert world.coordinator.strategy.only is world.bridge(A)
        assert world.coordinator.strategy.covering() == [world.bridge(A)]


class TestRoles:
    def test_they_are_learnt_when_connected(self):
        world = trio()
        assert [server.role for server in world.coordinator.servers] == ["primary", "replica", "replica"]
        assert world.guide.primaries == (world.server(A),)
        assert world.target("SET", "k", 1) == A
        assert {world.target("GET", "k", read_from=ReadFrom.REPLICA) for _ in range(4)} == {B, C}
        assert world.told == []  # nobody is told of what was not known before

    def test_a_change_is_told_and_followed(self):
        world = trio()
        world.coordinator.guide.doubt()
        assert world.bridge(A).asked() == world.bridge(B).asked() == ROLE_CHECK
        world.say_role(A, "replica")
        world.say_role(B, "primary")
        assert world.told == [(str(A), "role"), (str(B), "role")]
        assert world.target("SET", "k", 1) == B

    def test_nobody_is_asked_twice_at_once(self):
        world = trio()
        world.guide.doubt()
        world.guide.doubt()
        assert world.bridge(A).asked() == ROLE_CHECK

    def test_they_are_asked_for_now_and_then(self):
        world = trio(config_check_seconds=60)
        world.beat(59.0)
        assert world.bridge(A).asked() == []
        world.beat(1.0)
        assert world.bridge(A).asked() == ROLE_CHECK
        world.say_role(A, "primary")
        world.beat(59.0)
        assert world.bridge(A).asked() == []

    def test_each_second_while_the_primary_is_lost(self):
        world = trio()
        world.go_down(A)
        world.beat(DOUBT_INTERVAL)
        assert world.bridge(B).asked() == ROLE_CHECK
        world.say_role(B, "replica")
        assert world.server(B).in_doubt
        world.beat(DOUBT_INTERVAL)
        assert world.bridge(B).asked() == ROLE_CHECK
        world.come_up(A)
        world.say_role(B, "replica")
        assert not world.server(B).in_doubt
        world.beat(DOUBT_INTERVAL)
        assert world.bridge(B).asked() == []

    def test_who_comes_while_the_primary_is_lost_is_asked_too(self):
        world = World(A, B)
        world.come_up(A)
        world.go_down(A)
        world.come_up(B, "replica")
        assert world.server(B).in_doubt

    def test_an_answer_that_was_lost_with_its_connection_is_asked_for_anew(self):
        world = trio()
        world.guide.doubt()
        world.bridge(A).posted.clear()
        world.go_down(A)
        world.come_up(A)
        world.guide.doubt()
        assert world.bridge(A).asked() == ROLE_CHECK

    def test_a_server_that_tells_nothing_stays_what_it_was(self):
        world = trio()
        world.guide.doubt()
        world.bridge(A).answer(*[ResponseError("NOPERM")] * 3)
        assert world.server(A).role == "primary"
        assert not world.server(A).checking

    def test_one_that_is_being_closed_is_not_asked(self, monkeypatch: pytest.MonkeyPatch):
        def post(self: ToldBridge, messages: object) -> None:
            raise MultiplexerClosedError("closed")

        world = trio()
        monkeypatch.setattr(ToldBridge, "post", post)
        world.guide.doubt()
        assert not world.server(A).checking

    def test_proxies_have_none(self):
        world = World(A, proxy="twemproxy")
        world.come_up(A, None)
        assert world.server(A).role == "proxy"
        world.guide.doubt()
        assert world.bridge(A).asked() == []

    def test_in_the_child_of_a_fork_they_are_asked_anew(self):
        world = trio()
        world.guide.doubt()
        world.coordinator.left_to_parent(world.bridge(A))
        assert not world.server(A).checking

    def test_another_process_knows_no_scripts(self):
        world = World(A)
        world.come_up(A, run_id="one")
        world.bridge(A).scripts.add("digest")
        world.go_down(A)
        world.come_up(A, run_id="two")
        assert world.bridge(A).scripts == set()
        assert world.told == [(str(A), "run_id")]


class TestAPrimaryIsLost:
    def test_writes_wait_for_it(self):
        world = trio()
        world.go_down(A)
        assert world.target("SET", "k", 1) == A

    def test_what_waits_goes_to_another_that_takes_its_place(self):
        world = trio()
        world.go_down(A)
        waiting = world.send("SET", "k", 1)
        world.beat(DOUBT_INTERVAL)
        world.say_role(C, "replica")
        assert waiting.replies_given == []
        world.say_role(B, "primary")
        assert isinstance(waiting.reply, Rerouted)
        resend = world.coordinator.resend(world.bridge(A), waiting, waiting.reply)
        assert resend is not None
        assert (resend.delay, resend.bridge, resend.counts) == (0.0, None, False)
        assert world.coordinator.target(world.bridge(A), waiting) is world.bridge(B)

    def test_reads_it_cannot_answer_wait_for_nobody(self):
        world = trio(read_from=ReadFrom.PREFER_PRIMARY)
        assert world.target("GET", "k") == A
        world.go_down(A)
        assert world.target("GET", "k") in (B, C)


class TestRefusals:
    def test_a_replica_that_was_the_primary_is_asked_at_once(self):
        world = trio()
        message = world.send("SET", "k", 1)
        resend = world.coordinator.resend(world.bridge(A), message, ReadOnlyError("READONLY"))
        assert resend is not None
        assert resend.delay > 0
        assert resend.bridge is None  # wherever it belongs by then
        assert resend.counts
        assert world.bridge(A).asked() == ROLE_CHECK
        assert world.server(A).in_doubt

    def refuse(self, world: World) -> None:
        """Have the primary say that it is none."""
        world.coordinator.resend(world.bridge(A), Remembering("SET", "k", 1), ReadOnlyError("READONLY"))

    def test_all_are_asked_at_once_which_has_its_role(self):
        world = trio(config_check_seconds=0)
        self.refuse(world)
        assert [world.bridge(each).asked() for each in (A, B, C)] == [ROLE_CHECK] * 3
        world.say_role(B, "primary")
        world.say_role(A, "replica")
        assert world.target("SET", "k", 1) == B

    def test_however_many_it_refuses_they_are_not_asked_more_often(self):
        world = trio(config_check_seconds=0)
        asked = 0
        for _ in range(1000):
            self.refuse(world)
            if world.bridge(B).asked():
                asked += 1
                world.say_role(B, "replica")
            world.wait(0.001)
        assert 9 <= asked <= MOST_DOUBTS

    def test_while_nobody_is_the_primary_they_are_asked_each_second(self):
        world = trio(config_check_seconds=0)
        self.refuse(world)
        for each in (A, B, C):
            world.say_role(each, "replica")
        for _ in range(3):
            world.beat(DOUBT_INTERVAL)
            world.say_role(A, "replica")
            world.say_role(B, "replica")
        world.beat(DOUBT_INTERVAL)
        world.say_role(A, "replica")
        world.say_role(B, "primary")
        assert world.target("SET", "k", 1) == B
        world.say_role(C, "replica")
        world.beat(DOUBT_INTERVAL)
        world.beat(DOUBT_INTERVAL)
        assert world.bridge(B).asked() == []

    def test_servers_that_never_had_a_primary_are_left_alone(self):
        world = World(A, B, config_check_seconds=0)
        world.come_up(A, "replica")
        world.come_up(B, "replica")
        world.beat(10.0)
        assert world.bridge(A).asked() == world.bridge(B).asked() == []

    def test_a_name_that_may_lead_to_the_new_primary_is_resolved_anew(self):
        world = World(A)
        world.come_up(A)
        bridge = world.bridge(A)
        connection = bridge.connection
        assert connection is not None
        message = Remembering("SET", "k", 1)
        world.coordinator.resend(bridge, message, ReadOnlyError("READONLY"))
        world.wait()
        assert bridge.connection is connection  # it was made just now
        world.wait(RESOLVE_AFTER)
        connection.sent.append(message)
        world.coordinator.resend(bridge, message, ReadOnlyError("READONLY"))
        world.wait()
        assert connection.holding
        assert bridge.connection is connection  # others are waiting for their replies
        connection.sent.clear()
        world.wait(0.02)
        assert bridge.connection is None

    def test_not_where_another_primary_is_known(self):
        world = trio()
        world.wait(RESOLVE_AFTER)
        bridge = world.bridge(B)
        world.coordinator.resend(bridge, Remembering("SET", "k", 1), ReadOnlyError("READONLY"))
        world.wait(0.02)
        assert bridge.connection is not None

    def test_one_that_is_loading_is_what_it_was(self):
        world = trio()
        message = world.send("SET", "k", 1)
        assert world.coordinator.resend(world.bridge(A), message, BusyLoadingError("LOADING")) is not None
        assert world.bridge(A).asked() == []

    @pytest.mark.parametrize("error", [ResponseError("ERR no"), RedisConnectionError("gone")])
    def test_what_may_have_been_applied_is_not_sent_again(self, error: Exception):
        world = trio()
        assert world.coordinator.resend(world.bridge(A), world.send("SET", "k", 1), error) is None

    def test_a_server_that_points_elsewhere_without_being_of_a_cluster(self):
        world = trio()
        moves: list[int] = []
        world.coordinator.hash_slot_moved += lambda event: moves.append(event.slot)
        assert world.coordinator.resend(world.bridge(A), world.send("GET", "k"), MovedError("MOVED 5 h:1")) is None
        assert moves == [5]
        assert world.bridge(A).asked() == ROLE_CHECK


class TestACluster:
    def test_a_server_that_turns_out_to_be_one(self):
        world = World(A)
        assert isinstance(world.guide, GroupGuide)
        assert world.guide.topology is None
        assert world.guide.owner(b"k") is None
        world.come_up(A, mode="cluster")
        assert isinstance(world.guide, ClusterGuide)
        assert world.coordinator.strategy.only is None
        assert world.coordinator.strategy.splits

    def test_it_does_so_once(self):
        world = World(A, B)
        world.come_up(A, mode="cluster")
        guide = world.guide
        world.come_up(B, mode="cluster")
        assert world.guide is guide

    def test_one_that_became_a_cluster_while_it_was_away(self):
        world = trio()
        world.go_down(B)
        world.come_up(B, mode="cluster")
        assert isinstance(world.guide, ClusterGuide)

    def test_of_two_that_say_so_at_once_the_first_counts(self):
        world = World(A)
        left = world.guide
        world.coordinator.enter_cluster(left)
        guide = world.guide
        world.coordinator.enter_cluster(left)  # it was let in by the guide that has gone since
        assert world.guide is guide

    def test_roles_that_were_to_be_considered_are_so_no_longer(self):
        world = World(A, B)
        world.come_up(A)
        world.bridge(B).come_up(role="primary", mode="standalone", version=(9, 1))
        world.coordinator.enter_cluster(world.guide)
        world.wait()
        assert world.bridge(A).asked().count("GET __Booksleeve_TieBreak") == 0


def test_nothing_is_known_beyond_the_servers():
    world = trio()
    assert world.guide.status() == {}
    assert world.guide.authority == ""
    status = world.coordinator.status()
    assert [server["role"] for server in status["servers"]] == ["primary", "replica", "replica"]
    assert "cluster" not in status
    assert "sentinels" not in status


def test_other_options_hold_at_once():
    world = trio(config_check_seconds=60)
    world.coordinator.reconfigure(world.options.with_changes(config_check_seconds=5, read_from=ReadFrom.REPLICA))
    assert world.target("GET", "k") in (B, C)
    world.beat(5.0)
    assert world.bridge(A).asked() == ROLE_CHECK


def test_new_credentials_reach_all_servers_but_one_that_is_being_closed():
    world = trio()
    for endpoint in (A, B, C):
        world.bridge(endpoint).posted.clear()
    world.bridge(A).drain()
    world.coordinator.re_authenticate(Credentials("app", "secret"))
    assert [world.bridge(endpoint).asked() for endpoint in (A, B, C)] == [[], ["AUTH app secret"], ["AUTH app secret"]]
