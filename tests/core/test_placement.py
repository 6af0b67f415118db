"""At which servers subscriptions are, and when they move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from multiplexer import EndPoint
from multiplexer.core.cluster.watch import LAST_DOUBT
from multiplexer.core.pubsub.feed import SLICE
from multiplexer.core.types import Topic
from multiplexer.errors import ClusterDownError, MovedError, MultiplexerClosedError, NoPermissionError

from .engine import FIRST, KEYS, SECOND, SHARDS, THIRD, ClusterWorld, Shards, ToldBridge, World, cluster

A, B, C = (EndPoint("server", port) for port in (6379, 6380, 6381))
NEWS: Topic = ("channel", b"news")
PATTERN: Topic = ("pattern", b"n*")
SHARD: Topic = ("shard", KEYS[0])
KEYSPACE: Topic = ("channel", b"__keyspace@0__:k")
#: The second has taken over what the first served.
TAKEN: Shards = ((0, 10922, SECOND, FIRST), (10923, 16383, THIRD))


def want(world: World, *topics: Topic) -> None:
    """Have the application subscribe."""
    coordinator = world.coordinator
    coordinator.subscribe(coordinator.subscriptions.want(topics, lambda publication: None))


def unwant(world: World, *topics: Topic) -> None:
    """Have the application unsubscribe."""
    coordinator = world.coordinator
    coordinator.unsubscribe(coordinator.subscriptions.unwant(topics, None))


def places(world: World, topic: Topic) -> set[EndPoint]:
    return {server.endpoint for server in world.coordinator.placement.places(topic)}


def confirm(bridge: ToldBridge) -> list[str]:
    """Have a server carry out what it was told about subscriptions; return what that was."""
    bridge.send_backlog()
    done = [command for command in bridge.asked() if "SUBSCRIBE" in command]
    for command in done:
        bridge.answer_to(command, None)
    return done


def ear(world: World, endpoint: EndPoint) -> ToldBridge:
    """Return a server's connection for subscriptions, which comes up where it is not yet."""
    bridge = world.bridge(endpoint, "subscription")
    if bridge.connection is None:
        bridge.come_up(world.now)
        bridge.send_backlog()
    return bridge


def has_ear(world: World, endpoint: EndPoint) -> bool:
    return any((bridge.endpoint, bridge.kind) == (endpoint, "subscription") for bridge in world.bridges)


def go_down(world: World, endpoint: EndPoint) -> None:
    """Have a server go down."""
    ear(world, endpoint).go_down(now=world.now)
    world.go_down(endpoint)


def confirmed(world: World) -> set[Topic]:
    return set(world.coordinator.subscriptions.confirmed)


class Passes:
    """Counts how often all topics are gone through."""

    def __init__(self, topics: Callable[[], Sequence[Topic]]) -> None:
        self.count = 0
        self._topics = topics

    @classmethod
    def of(cls, world: World, monkeypatch: pytest.MonkeyPatch) -> Passes:
        subscriptions = world.coordinator.subscriptions
        passes = cls(subscriptions.topics)
        monkeypatch.setattr(subscriptions, "topics", passes.begin)
        return passes

    def begin(self) -> Sequence[Topic]:
        self.count += 1
        return self._topics()


def pair(**facts: Any) -> World:
    """A primary and a replica, connected."""
    world = World(A, B)
    world.come_up(A, **facts)
    world.come_up(B, "replica", **facts)
    return world


class TestAGroup:
    @pytest.mark.parametrize("topic", [NEWS, PATTERN, SHARD])
    def test_one_server_carries_what_any_could(self, topic: Topic):
        world = pair()
        assert world.coordinator.placement.endpoint() is None
        want(world, topic)
        assert places(world, topic) == {A}
        assert ear(world, A).listens
        assert not has_ear(world, B)
        assert len(confirm(ear(world, A))) == 1
        assert confirmed(world) == {topic}
        assert world.coordinator.placement.endpoint() == str(A)

    def test_notifications_come_from_every_primary(self):
        world = World(A, B, C)
        world.come_up(A)
        world.come_up(B)
        world.come_up(C, "replica")
        want(world, KEYSPACE)
        assert places(world, KEYSPACE) == {A, B}
        confirm(ear(world, A))
        assert confirmed(world) == set()
        confirm(ear(world, B))
        assert confirmed(world) == {KEYSPACE}

    def test_notifications_while_no_primary_is_known(self):
        world = World(A, B)
        world.come_up(A, "replica")
        want(world, KEYSPACE)
        assert places(world, KEYSPACE) == {A}

    def test_notifications_follow_a_failover(self):
        world = pair()
        want(world, KEYSPACE)
        confirm(ear(world, A))
        world.guide.doubt()
        world.say_role(A, "replica")
        world.say_role(B, "primary")
        assert places(world, KEYSPACE) == {B}
        assert confirm(ear(world, A)) == ["UNSUBSCRIBE __keyspace@0__:k"]
        assert confirm(ear(world, B)) == ["SUBSCRIBE __keyspace@0__:k"]
        assert not ear(world, A).listens
        assert confirmed(world) == {KEYSPACE}

    def test_they_move_when_their_server_is_lost_and_stay_where_they_are_then(self):
        world = pair()
        want(world, NEWS, PATTERN)
        confirm(ear(world, A))
        go_down(world, A)
        assert places(world, NEWS) == {B}
        assert confirmed(world) == set()
        assert confirm(ear(world, B)) == ["SUBSCRIBE news", "PSUBSCRIBE n*"]
        world.come_up(A)
        assert places(world, NEWS) == {B}
        assert confirm(ear(world, A)) == []

    def test_they_move_to_a_connection_that_came_up_while_it_was_to_carry_nothing(self):
        world = pair()
        want(world, NEWS)
        confirm(ear(world, A))
        go_down(world, A)
        assert confirm(ear(world, B)) == ["SUBSCRIBE news"]
        world.come_up(A)
        assert confirm(ear(world, A)) == []
        go_down(world, B)
        assert places(world, NEWS) == {A}
        assert confirm(ear(world, A)) == ["SUBSCRIBE news"]
        assert confirmed(world) == {NEWS}

    def test_they_rather_move_to_a_primary(self):
        world = World(A, B, C)
        world.come_up(A)
        world.come_up(B, "replica")
        world.come_up(C)
        want(world, NEWS)
        go_down(world, A)
        assert places(world, NEWS) == {C}

    def test_they_wait_for_a_server_that_is_alone(self):
        world = World(A)
        want(world, NEWS)
        assert places(world, NEWS) == {A}
        assert world.bridge(A).started == 2
        world.come_up(A)
        confirm(ear(world, A))
        go_down(world, A)
        assert confirmed(world) == set()
        world.come_up(A)
        confirm(ear(world, A))
        assert confirmed(world) == {NEWS}

    def test_what_nobody_wants_any_more_is_ended(self):
        world = pair()
        want(world, NEWS, PATTERN)
        confirm(ear(world, A))
        assert ear(world, A).counters.subscriptions == 2
        unwant(world, NEWS)
        assert confirm(ear(world, A)) == ["UNSUBSCRIBE news"]
        assert ear(world, A).listens
        unwant(world, PATTERN)
        assert confirm(ear(world, A)) == ["PUNSUBSCRIBE n*"]
        assert not ear(world, A).listens
        assert places(world, NEWS) == set()
        unwant(world, NEWS)
        assert ear(world, A).asked() == []

    def test_one_that_is_refused_is_left_alone(self):
        world = pair()
        want(world, NEWS)
        ear(world, A).answer_to("SUBSCRIBE news", NoPermissionError("NOPERM"))
        world.beat()
        assert ear(world, A).asked() == []
        assert list(world.coordinator.subscriptions.refused) == [NEWS]

    def test_what_the_multiplexer_wants_for_itself_makes_nobody_listen(self):
        world = pair()
        world.coordinator.listen_to_broadcasts()
        assert not ear(world, A).listens
        assert ear(world, A).counters.subscriptions == 0
        [channel] = confirm(ear(world, A))
        assert channel == "SUBSCRIBE __Booksleeve_MasterChanged"
        world.coordinator.listen_to_broadcasts()
        assert confirm(ear(world, A)) == []
        world.coordinator.pushed(ear(world, A), [b"message", b"__Booksleeve_MasterChanged", b"server:6380"])
        assert "ROLE" in world.bridge(A).asked()

    def test_a_heartbeat_makes_up_for_what_went_wrong(self, monkeypatch: pytest.MonkeyPatch):
        def post(self: ToldBridge, messages: object) -> None:
            raise MultiplexerClosedError("closed")

        world = pair()
        want(world, NEWS)
        confirm(ear(world, A))
        with monkeypatch.context() as patched:
            patched.setattr(ToldBridge, "post", post)
            go_down(world, A)
            assert places(world, NEWS) == {B}
        world.coordinator.subscriptions.lost(world.now, world.server(B))
        world.beat()
        world.wait()
        assert confirm(ear(world, B)) == ["SUBSCRIBE news"]

    def test_while_thousands_are_gone_through_whoever_calls_for_that_has_one_more_review(
        self, monkeypatch: pytest.MonkeyPatch
    ):
        world = World(A)
        world.come_up(A)
        topics: list[Topic] = [("channel", b"%d" % number) for number in range(10 * SLICE)]
        want(world, *topics)
        passes = Passes.of(world, monkeypatch)
        placement = world.coordinator.placement
        placement.review_soon()
        for _ in range(5):
            world.turn()
            placement.review_soon()
        assert passes.count == 1
        world.wait()
        assert passes.count == 2  # what it was called for may concern those that were passed already
        placement.review_soon()
        world.wait()
        assert passes.count == 3

    def test_a_review_of_which_nothing_is_heard_any_more_holds_up_no_other(self):
        world = pair()
        placement = world.coordinator.placement
        want(world, NEWS)
        confirm(ear(world, A))
        placement.review_soon()
        world.turn()
        world.lose_what_is_due()  # Ctrl-C, say, or a fork
        go_down(world, A)
        world.lose_what_is_due()
        world.beat()
        world.wait()
        assert places(world, NEWS) == {B}

    def test_what_could_not_be_queued_is_not_under_way(self):
        world = pair()
        want(world, NEWS)
        carrier = ear(world, A)
        confirm(carrier)
        carrier.drain()
        with pytest.raises(MultiplexerClosedError, match="PSUBSCRIBE was not sent"):
            want(world, PATTERN)
        assert not world.coordinator.subscriptions.is_under_way(PATTERN, world.server(A))
        assert world.coordinator.subscriptions.is_under_way(NEWS, world.server(A))


class TestASecondConnection:
    def test_the_older_protocol_takes_one(self):
        world = pair(protocol=2)
        want(world, NEWS)
        ear = world.bridge(A, "subscription")
        assert ear.started == 1
        assert world.bridge(A).asked() == []
        ear.come_up(world.now)
        assert confirm(ear) == ["SUBSCRIBE news"]
        assert ear.listens
        assert not world.bridge(A).listens
        want(world, PATTERN)
        assert confirm(ear) == ["PSUBSCRIBE n*"]
        assert len([bridge for bridge in world.bridges if bridge.kind == "subscription"]) == 1

    def test_it_is_made_when_the_server_is_connected(self):
        world = World(A)
        want(world, NEWS)
        world.come_up(A, protocol=2)
        ear = world.bridge(A, "subscription")
        assert ear.started
        ear.come_up(world.now)
        assert confirm(ear) == ["SUBSCRIBE news"]

    def test_while_it_is_up_the_other_one_does_not_matter(self):
        world = pair(protocol=2)
        want(world, NEWS)
        ear = world.bridge(A, "subscription")
        ear.come_up(world.now)
        confirm(ear)
        world.go_down(A)
        assert places(world, NEWS) == {A}
        assert confirmed(world) == {NEWS}
        ear.go_down()
        world.wait()
        assert places(world, NEWS) == {B}
        assert world.bridge(B, "subscription").started == 1


class TestACluster:
    def test_each_kind_has_its_place(self):
        world = cluster()
        want(world, NEWS, KEYSPACE, *(("shard", key) for key in KEYS))
        assert places(world, NEWS) == {FIRST}
        assert places(world, KEYSPACE) == {FIRST, SECOND, THIRD}
        assert [places(world, ("shard", key)) for key in KEYS] == [{FIRST}, {SECOND}, {THIRD}]
        assert confirm(ear(world, SECOND)) == ["SUBSCRIBE __keyspace@0__:k", f"SSUBSCRIBE {KEYS[1].decode()}"]

    def test_a_shard_channel_of_a_slot_that_nobody_serves_is_asked_for_anywhere(self):
        world = cluster()
        world.guide.doubt()
        world.describe(world.asked_within(LAST_DOUBT * 2), SHARDS[1:], epoch=2)
        want(world, SHARD)
        assert len(places(world, SHARD)) == 1

    def test_they_move_with_the_slots(self):
        world = cluster()
        want(world, NEWS, KEYSPACE, SHARD)
        for endpoint in (FIRST, SECOND, THIRD):
            confirm(ear(world, endpoint))
        assert confirmed(world) == {NEWS, KEYSPACE, SHARD}
        world.guide.doubt()
        world.describe(world.asked_within(LAST_DOUBT * 2), TAKEN, epoch=2)
        assert places(world, NEWS) == {FIRST}
        assert places(world, KEYSPACE) == {SECOND, THIRD}
        assert places(world, SHARD) == {SECOND}
        name = KEYS[0].decode()
        assert set(confirm(ear(world, FIRST))) == {"UNSUBSCRIBE __keyspace@0__:k", f"SUNSUBSCRIBE {name}"}
        assert confirmed(world) == {NEWS, KEYSPACE}
        assert confirm(ear(world, SECOND)) == [f"SSUBSCRIBE {name}"]
        assert confirmed(world) == {NEWS, KEYSPACE, SHARD}

    def test_one_that_was_missed_at_a_member_that_has_left_since_is_missed_no_longer(self):
        world = cluster()
        want(world, KEYSPACE)
        for endpoint in (FIRST, SECOND, THIRD):
            confirm(ear(world, endpoint))
        resumed: list[Topic] = []
        world.coordinator.subscriptions.resumed = (resumed.append,)
        go_down(world, FIRST)
        assert confirmed(world) == set()
        world.describe(world.asked_within(LAST_DOUBT * 2), ((0, 10922, SECOND), SHARDS[2]), epoch=2)
        assert confirmed(world) == {KEYSPACE}
        assert resumed == [KEYSPACE]
        assert world.coordinator.subscriptions.interrupted == {}

    def test_they_move_from_a_member_that_leaves(self):
        world = cluster()
        want(world, NEWS)
        confirm(ear(world, FIRST))
        world.guide.doubt()
        world.describe(world.asked_within(LAST_DOUBT * 2), ((0, 10922, SECOND), SHARDS[2]), epoch=2)
        [place] = places(world, NEWS)
        assert place in (SECOND, THIRD)
        assert confirm(ear(world, place)) == ["SUBSCRIBE news"]

    @pytest.mark.parametrize("error", [MovedError(f"MOVED 3300 {SECOND}"), ClusterDownError("CLUSTERDOWN")])
    def test_a_server_that_does_not_take_one(self, error: Exception):
        world = cluster()
        want(world, SHARD)
        command = f"SSUBSCRIBE {KEYS[0].decode()}"
        ear(world, FIRST).answer_to(command, error)
        world.describe(world.asked_within(LAST_DOUBT * 2), TAKEN, epoch=2)
        assert places(world, SHARD) == {SECOND}
        assert confirm(ear(world, SECOND)) == [command]

    def test_it_is_tried_again_where_nothing_has_changed(self):
        world = cluster()
        want(world, SHARD)
        ear(world, FIRST).answer_to(f"SSUBSCRIBE {KEYS[0].decode()}", ClusterDownError("CLUSTERDOWN"))
        assert confirm(ear(world, FIRST)) == []
        world.wait(0.1)
        assert confirm(ear(world, FIRST)) == [f"SSUBSCRIBE {KEYS[0].decode()}"]

    def test_those_that_are_not_taken_are_gone_through_together(self, monkeypatch: pytest.MonkeyPatch):
        world = cluster()
        topics: list[Topic] = [("shard", b"{%s}%d" % (KEYS[0], number)) for number in range(100)]
        for topic in topics:
            want(world, topic)
        bridge = ear(world, FIRST)
        world.wait()
        passes = Passes.of(world, monkeypatch)
        for topic in topics:
            bridge.answer_to(f"SSUBSCRIBE {topic[1].decode()}", ClusterDownError("CLUSTERDOWN"))
            bridge.send_backlog()
        world.wait(0.1)
        assert len(confirm(ear(world, FIRST))) == len(topics)
        assert passes.count == 1

    def test_a_server_that_gives_a_slot_away_says_so(self):
        world = cluster()
        want(world, SHARD)
        confirm(ear(world, FIRST))
        world.coordinator.pushed(ear(world, FIRST), [b"sunsubscribe", KEYS[0], 0])
        assert confirmed(world) == set()
        assert confirm(ear(world, FIRST)) == [f"SSUBSCRIBE {KEYS[0].decode()}"]

    def test_those_of_a_server_that_turns_out_to_be_one_of_a_cluster(self):
        topic = ("shard", KEYS[1])
        world = ClusterWorld(FIRST)
        want(world, NEWS, topic)
        assert places(world, topic) == {FIRST}
        world.join(FIRST)
        assert places(world, topic) == {FIRST}  # as long as nobody knows better
        world.describe(FIRST)
        assert places(world, topic) == {SECOND}
        assert places(world, NEWS) == {FIRST}


def test_the_child_of_a_fork_subscribes_anew():
    world = pair()
    want(world, NEWS)
    confirm(ear(world, A))
    bridge = ear(world, A)
    bridge.connection = None
    world.coordinator.left_to_parent(bridge)
    assert confirmed(world) == set()
    world.come_up(A)
    assert confirm(ear(world, A)) == ["SUBSCRIBE news"]


@pytest.mark.parametrize("turns", [0, 1])
def test_a_fork_while_topics_are_gone_through(turns: int, monkeypatch: pytest.MonkeyPatch):
    world = pair()
    topics: list[Topic] = [("channel", b"%d" % number) for number in range(2 * SLICE)]
    want(world, *topics)
    world.wait()
    world.coordinator.placement.review_soon()
    for _ in range(turns):
        world.turn()
    kept = world.lose_what_is_due()  # by threads that are not there
    bridge = ear(world, A)
    bridge.connection = None
    passes = Passes.of(world, monkeypatch)
    world.coordinator.left_to_parent(bridge)
    world.wait()
    assert passes.count == 1  # without waiting for a heartbeat, which starts with calls
    del kept
