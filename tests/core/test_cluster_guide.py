"""A cluster as its members say it is: who is asked and when, where commands go, and what follows a refusal."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import CommandFlags, EndPoint, ReadFrom
from multiplexer.core.call_options import CallOptions, is_asking
from multiplexer.core.cluster.resending import ANSWER, LONGEST_RETRY, MOST_REDIRECTIONS, PROMPT_REDIRECTIONS
from multiplexer.core.cluster.watch import CALM, HUNG, JITTER, LAST_DOUBT, LASTING, LASTING_PACE, PATIENCE
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.core.resending import Rerouted, Resend
from multiplexer.errors import (
    AskError,
    ClusterCrossSlotError,
    ClusterDownError,
    DataError,
    MovedError,
    MultiplexerClosedError,
    RedisError,
    ResponseError,
    TryAgainError,
)

from .engine import (
    FIRST,
    KEYS,
    REPLICA,
    SECOND,
    SHARDS,
    THIRD,
    ClusterWorld,
    Remembering,
    Shards,
    Unheard,
    cluster,
    joined,
)

KEY = KEYS[0]
SLOT = slot_of(KEY)
NEW = EndPoint("node", 7009)
#: The second has taken over what the first served.
TAKEN: Shards = ((0, 10922, SECOND), (10923, 16383, THIRD))
#: The first has taken over what the second served.
TAKEN_FROM_SECOND: Shards = ((0, 10922, FIRST, REPLICA), (10923, 16383, THIRD))
#: A name that leads to a member, and is not what members call one another.
SEED = EndPoint("name", 7000)
#: The same members at other addresses.
ELSEWHERE = {endpoint: EndPoint("elsewhere", endpoint.port) for endpoint in (FIRST, SECOND, THIRD, REPLICA)}
#: Another cluster, which the first has joined.
OTHERS: Shards = ((0, 16383, NEW, EndPoint("node", 7008)),)


def elsewhere() -> Shards:
    return tuple((first, last, *(ELSEWHERE[each] for each in members)) for first, last, *members in SHARDS)


def moved(to: EndPoint | str) -> MovedError:
    return MovedError(f"MOVED {SLOT} {to}")


def resend(world: ClusterWorld, message: Remembering, error: RedisError, endpoint: EndPoint = FIRST) -> Resend | None:
    return world.coordinator.resend(world.bridge(endpoint), message, error)


class TestLearning:
    def test_the_first_member_is_asked_and_the_others_are_connected(self):
        world = joined()
        assert world.asked() == [FIRST]
        assert not world.guide.is_settled
        assert world.guide.topology is None
        assert world.guide.owner(KEY) is None
        assert world.target("GET", KEY) == FIRST  # whoever is there says best who serves it
        world.describe(FIRST)
        assert world.guide.is_settled
        assert [world.target("GET", key) for key in KEYS] == [FIRST, SECOND, THIRD]
        assert [server.endpoint for server in world.guide.primaries] == [FIRST, SECOND, THIRD]
        assert [world.bridge(endpoint).started for endpoint in (SECOND, THIRD, REPLICA)] == [1, 1, 0]
        assert [endpoint for endpoint, *_ in world.told] == [str(FIRST)]

    def test_the_strategy_has_the_routes_own_choice_in_its_slots(self):
        world = cluster()
        strategy, routes = world.coordinator.strategy, world.guide.routes
        assert (strategy.only, strategy.select, strategy.select_packed) == (None, routes.select, routes.select_packed)
        assert strategy.covering() == [world.bridge(endpoint) for endpoint in (FIRST, SECOND, THIRD)]
        assert strategy.splits
        assert strategy.is_steady(COMMANDS["GET"])
        assert strategy.groups((b"a", b"b", b"{a}2"), b"") == [[0, 2], [1]]
        assert strategy.groups((b"a", b"b", b"c"), b"{p}") == [[0, 1, 2]]

    def test_owners(self):
        world = cluster()
        assert [world.guide.owner(key).endpoint for key in KEYS] == [FIRST, SECOND, THIRD]
        assert world.guide.topology.covered == 16384
        assert world.coordinator.status()["cluster"]["shards"][0] == {
            "primary": str(FIRST),
            "replicas": [str(REPLICA)],
            "slots": [[0, 5460]],
        }
        assert "CLUSTER FAILOVER" in world.guide.authority

    def test_replicas_are_told_that_they_are_read_from(self):
        world = cluster()
        assert world.bridge(REPLICA).waiting() == ["READONLY"]
        assert world.bridge(SECOND).waiting() == []
        assert world.target("GET", KEY, read_from=ReadFrom.REPLICA) == REPLICA
        assert world.target("SET", KEY, 1, read_from=ReadFrom.REPLICA) == FIRST

    def test_replicas_are_connected_where_they_are_read_from(self):
        world = joined(read_from=ReadFrom.PREFER_REPLICA)
        world.describe(FIRST)
        assert world.bridge(REPLICA).started == 1

    def test_what_cannot_be_sent_to_one_server_is_not_sent(self):
        world = cluster()
        with pytest.raises(ClusterCrossSlotError):
            world.target("MGET", *KEYS)
        with pytest.raises(DataError, match="across_slots"):
            world.target("DBSIZE")
        assert world.target("PING") in (FIRST, SECOND, THIRD)

    def test_a_member_that_does_not_answer_in_time_is_passed_over(self):
        world = joined(SECOND)
        world.join(SECOND)
        assert world.asked() == [FIRST]
        world.wait(PATIENCE)
        assert world.asked() == [FIRST, SECOND]
        world.describe(SECOND)
        assert world.guide.is_settled
        late: Shards = ((0, 16383, FIRST),)
        world.describe(FIRST, late)  # nobody waits for it any more
        assert world.target("GET", KEYS[1]) == SECOND

    def test_a_member_that_is_lost_is_not_waited_for(self):
        world = cluster()
        world.guide.doubt()
        asked = world.bridge(world.asked_within(LAST_DOUBT * 2))
        asked.backlog.append(asked.posted.pop())  # it is to be sent again once there is a connection
        world.go_down(asked.endpoint)
        assert asked.endpoint not in world.asked()
        assert len(world.asked()) == 1

    def test_nobody_can_say(self):
        world = joined()
        bridge = world.bridge(FIRST)
        bridge.answer_to("CLUSTER INFO", ResponseError("NOPERM"))
        for source in ("SLOTS", "SHARDS", "NODES"):
            bridge.answer_to(f"CLUSTER {source}", ResponseError("NOPERM"))
        assert world.guide.is_settled  # as far as anybody tells
        assert str(world.guide.watch.error) == "NOPERM"
        assert world.asked_within(LAST_DOUBT * 2) == FIRST  # but it may be allowed before long

    def test_cluster_is_disabled_by_the_command_map(self):
        world = joined(command_map={"CLUSTER": None})
        assert world.asked() == []
        assert world.guide.is_settled
        assert "disabled by the command map" in str(world.guide.watch.error)

    def test_who_knows_less_is_not_believed(self):
        world = cluster()
        world.guide.doubt()
        asked = world.asked_within(LAST_DOUBT * 2)
        world.describe(asked, TAKEN, epoch=0)
        assert world.target("GET", KEY) == FIRST
        [other] = world.asked()
        assert other != asked
        world.describe(other, TAKEN, epoch=2)
        assert world.target("GET", KEY) == SECOND

    def test_a_slot_that_nobody_serves_is_asked_about_until_somebody_does(self):
        world = joined()
        world.describe(FIRST, SHARDS[1:])
        world.join(SECOND)
        world.join(THIRD)
        for _ in range(3):
            world.describe(world.asked_within(LAST_DOUBT * 2), SHARDS[1:])
        world.describe(world.asked_within(LAST_DOUBT * 2), epoch=2)
        assert world.target("GET", KEY) == FIRST
        world.wait(CALM)
        assert world.asked() == []


class TestTime:
    def test_it_is_asked_for_now_and_then(self):
        world = cluster(config_check_seconds=60)
        world.beat(59.0)
        world.wait(CALM)
        assert world.asked() == []
        world.beat(1.0)
        world.describe(world.asked_within(CALM))
        world.coordinator.reconfigure(world.options.with_changes(config_check_seconds=0))
        world.beat(1000.0)
        world.wait(CALM)
        assert world.asked() == []

    def test_not_more_often_than_that_however_many_replies_point_elsewhere(self):
        world = cluster()
        world.wait(CALM)
        for _ in range(10):
            resend(world, Remembering("GET", KEY), moved(SECOND))
        world.describe(world.asked_within(0.1))
        for _ in range(10):
            resend(world, Remembering("GET", KEY), moved(SECOND))
        world.wait(CALM - 0.1)
        assert world.asked() == []
        world.asked_within(CALM)

    def test_at_once_while_a_member_owes_an_answer(self):
        world = cluster(config_check_seconds=0)
        connection = world.bridge(SECOND).connection
        assert connection is not None
        asked = Remembering("GET", KEYS[1])
        asked.sent_at = world.now
        connection.sent.append(asked)
        world.beat(HUNG)
        world.asked_within(0.1)

    def test_in_the_child_of_a_fork_it_is_asked_anew(self):
        world = joined()
        world.coordinator.left_to_parent(world.bridge(FIRST))
        world.wait(PATIENCE)  # what the parent had put off does nothing
        world.bridge(FIRST).posted.clear()
        world.guide.doubt()
        assert world.asked_within(LAST_DOUBT * 2) == FIRST


class TestMembersComeAndGo:
    def test_a_failover(self):
        world = cluster()
        world.go_down(FIRST)
        waiting = world.send("SET", KEY, 1)
        asked = world.asked_within(0.1)
        world.describe(asked, ((0, 5460, REPLICA, FIRST), *SHARDS[1:]), epoch=2)
        assert isinstance(waiting.reply, Rerouted)
        assert world.target("SET", KEY, 1) == REPLICA
        assert world.server(FIRST).role == "replica"
        assert "READWRITE" in world.bridge(REPLICA).asked()

    def test_what_waits_for_its_own_member_stays(self):
        world = cluster()
        world.go_down(FIRST)
        waiting = world.send("SET", KEY, 1)
        world.describe(world.asked_within(0.1), epoch=2)
        assert waiting.replies_given == []
        assert list(world.bridge(FIRST).backlog) == [waiting]

    def test_one_leaves(self):
        world = cluster()
        world.guide.doubt()
        world.describe(world.asked_within(LAST_DOUBT * 2), TAKEN, epoch=2)
        assert {server.endpoint for server in world.coordinator.servers} == {SECOND, THIRD}
        assert world.bridge(FIRST).retiring

    def test_one_that_hangs_and_has_left_is_given_up(self):
        world = cluster()
        bridge = world.bridge(FIRST)
        asked = Remembering("GET", KEY)
        assert bridge.connection is not None
        bridge.connection.sent.append(asked)
        asked.sent_at = world.now
        world.wait(HUNG)
        world.guide.doubt()
        member = world.asked_within(LAST_DOUBT * 2)
        assert member != FIRST
        world.describe(member, TAKEN, epoch=2)
        assert bridge.connection is None

    def test_one_that_slots_were_found_to_have_moved_to_stays(self):
        world = cluster()
        resend(world, Remembering("GET", KEY), moved(NEW))
        world.guide.doubt()
        world.describe(world.asked_within(CALM * 2))  # it has not heard of it yet
        assert NEW in {server.endpoint for server in world.coordinator.servers}

    def test_everybody_is_gone(self):
        world = cluster()
        seed = world.bridge(FIRST)
        for endpoint in (FIRST, SECOND, THIRD, REPLICA):
            world.go_down(endpoint)
        before = seed.started
        world.wait(1.0)
        assert seed.started > before
        assert world.bridge(SECOND).started > 1
        world.join(SECOND)
        assert world.asked_within(LAST_DOUBT * 2) == SECOND
        assert world.guide.has_tried(1)

    def test_one_that_cannot_be_connected_at_the_beginning(self):
        world = joined(config_check_seconds=0)
        world.describe(FIRST)  # which does not know yet that the second is gone
        world.join(THIRD)
        world.wait(CALM)
        assert world.asked() == []
        world.go_down(SECOND)
        world.describe(world.asked_within(LAST_DOUBT), TAKEN_FROM_SECOND, epoch=2)
        assert world.target("GET", KEYS[1]) == FIRST

    def test_nobody_waits_for_a_replica_that_cannot_be_connected(self):
        world = joined(config_check_seconds=0)
        world.describe(FIRST)
        world.server(REPLICA).connect()
        world.go_down(REPLICA)
        world.wait(CALM * 2)
        assert world.asked() == []

    def test_all_are_at_other_addresses(self):
        world = ClusterWorld(SEED, config_check_seconds=0)
        world.join(SEED)
        world.describe(SEED)
        for endpoint in (FIRST, SECOND, THIRD):
            world.join(endpoint)
        world.guide.doubt()
        world.describe(world.asked_within(LAST_DOUBT * 2))  # now the seed is let go, which is none of them
        assert world.coordinator.server_set.get(SEED) is None
        for endpoint in (FIRST, SECOND, THIRD, FIRST, SECOND, THIRD, REPLICA):
            world.go_down(endpoint)
        world.wait(60.0)
        world.join(SEED)  # the name leads to one of them still
        assert world.asked_within(LAST_DOUBT) == SEED
        world.describe(SEED, elsewhere(), epoch=2)
        assert world.target("GET", KEY) == ELSEWHERE[FIRST]
        assert [world.bridge(endpoint).started for endpoint in ELSEWHERE.values()] == [1, 1, 1, 0]

    def test_all_hang_and_the_seed_leads_elsewhere(self):
        world = ClusterWorld(SEED, config_check_seconds=0)
        world.join(SEED)
        world.describe(SEED)
        for endpoint in (FIRST, SECOND, THIRD):
            world.join(endpoint)
        world.guide.doubt()
        world.describe(world.asked_within(LAST_DOUBT * 2))
        world.guide.doubt()
        world.asked_within(LAST_DOUBT * 2)  # who does not answer, and neither would the others
        world.wait(PATIENCE)
        for endpoint in world.asked():
            bridge = world.bridge(endpoint)
            assert bridge.connection is not None
            bridge.posted[0].sent_at = world.now - PATIENCE
            bridge.connection.sent.append(bridge.posted[0])
        for endpoint in (FIRST, SECOND, THIRD):
            if endpoint not in world.asked():
                world.go_down(endpoint)
                world.go_down(endpoint)
        world.go_down(REPLICA)
        world.join(SEED)
        world.wait(LAST_DOUBT * (1 + JITTER))
        assert SEED in world.asked()
        world.describe(SEED, elsewhere(), epoch=2)
        assert world.target("GET", KEY) == ELSEWHERE[FIRST]

    def test_a_seed_that_hangs_and_is_no_member_is_connected_anew(self):
        world = ClusterWorld(SEED, config_check_seconds=0)
        world.join(SEED)
        world.describe(SEED)
        seed = world.bridge(SEED)
        world.guide.doubt()
        assert world.asked_within(LAST_DOUBT * 2) == SEED
        message = seed.posted[0]
        message.sent_at = world.now
        seed.connection.sent.append(message)
        world.wait(PATIENCE)
        assert seed.connection is None  # which says nothing more
        world.join(SEED)
        assert world.asked_within(LAST_DOUBT * 2) == SEED

    def test_lasting_trouble_is_asked_about_ever_more_slowly(self):
        world = cluster(config_check_seconds=0)
        world.go_down(SECOND)
        began, asked = world.now, 0
        while world.now < began + 300:
            world.wait(0.05)
            for endpoint in world.asked():
                asked += 1
                world.describe(endpoint)
            if asked % 10 == 0:
                world.go_down(SECOND)  # another attempt
        assert LASTING < asked < LASTING + 300 / LASTING_PACE

    def test_but_soon_while_somebody_waits_for_its_end(self):
        world = cluster(config_check_seconds=0)
        world.go_down(SECOND)
        for _ in range(LASTING + 1):
            world.describe(world.asked_within(LASTING_PACE * 2))
        world.wait(LAST_DOUBT)
        world.send("SET", KEYS[1], 1)
        world.go_down(SECOND)  # another attempt
        world.describe(world.asked_within(LAST_DOUBT * JITTER))
        world.wait(LAST_DOUBT)
        world.beat(0.0)
        world.describe(world.asked_within(LAST_DOUBT * JITTER), TAKEN_FROM_SECOND, epoch=2)
        assert world.target("SET", KEYS[1], 1) == FIRST


class TestAnotherCluster:
    def test_a_member_that_belongs_to_another_is_not_believed(self):
        world = cluster()
        errors: list[Any] = []
        world.coordinator.error_message += errors.append
        world.guide.doubt()
        asked = world.asked_within(LAST_DOUBT * 2)
        world.describe(asked, OTHERS, epoch=9)
        [other] = world.asked()
        world.describe(other)
        assert world.target("SET", KEY, 1) == FIRST
        assert NEW not in {server.endpoint for server in world.coordinator.servers}
        assert [event.command for event in errors] == ["CLUSTER"]
        assert str(errors[0].error).startswith(f"{asked} belongs to another cluster")

    def test_nor_is_it_when_the_others_are_down(self):
        world = joined(SECOND, THIRD, config_check_seconds=0)
        world.describe(FIRST)
        world.join(SECOND)
        world.join(THIRD)
        errors: list[Any] = []
        world.coordinator.error_message += errors.append
        for endpoint in (SECOND, THIRD, SECOND, THIRD, REPLICA):
            world.server(endpoint).connect()
            world.go_down(endpoint)
        for _ in range(5):
            world.describe(world.asked_within(LASTING_PACE), OTHERS, epoch=9)
        assert world.target("SET", KEYS[1], 1) == SECOND
        assert NEW not in {server.endpoint for server in world.coordinator.servers}
        assert len(errors) == 1
        world.join(SECOND)
        while (asked := world.asked_within(LASTING_PACE)) != SECOND:
            world.describe(asked, OTHERS, epoch=9)
        world.describe(SECOND, TAKEN, epoch=2)
        assert world.target("SET", KEY, 1) == SECOND

    def test_it_takes_the_place_where_every_member_says_so(self):
        """It was made anew, at the addresses it had."""
        world = cluster()
        world.guide.doubt()
        world.asked_within(LAST_DOUBT * 2)
        for _ in range(4):
            [asked] = world.asked()
            assert world.target("SET", KEY, 1) == FIRST
            world.describe(asked, OTHERS)
        assert world.target("SET", KEY, 1) == NEW

    def test_and_where_the_seeds_do_and_nobody_else_is_left(self):
        world = ClusterWorld(SEED, config_check_seconds=0)
        world.join(SEED)
        world.describe(SEED)
        for endpoint in (FIRST, SECOND, THIRD):
            world.go_down(endpoint)
        world.describe(world.asked_within(1.0), OTHERS)
        assert world.target("SET", KEY, 1) == FIRST  # a replica may know better
        world.go_down(REPLICA)
        world.describe(world.asked_within(1.0), OTHERS)
        assert world.target("SET", KEY, 1) == NEW

    def test_a_server_that_is_in_no_cluster_any_more_and_back(self):
        world = ClusterWorld(SEED, config_check_seconds=0)
        world.join(SEED)
        world.describe(SEED)
        for endpoint in (FIRST, SECOND, THIRD, REPLICA):
            world.server(endpoint).connect()
            world.go_down(endpoint)
        disabled = ResponseError("ERR This instance has cluster support disabled")
        world.asked_within(1.0)
        world.bridge(SEED).answer_to("CLUSTER INFO", disabled)
        world.bridge(SEED).answer_to("CLUSTER SLOTS", disabled)
        world.wait()
        assert [world.target("SET", key, 1) for key in KEYS] == [SEED] * 3
        assert world.server(SEED).facts.mode == "standalone"
        world.go_down(SEED)
        world.join(SEED)
        assert world.asked_within(1.0) == SEED
        world.describe(SEED)
        assert [world.target("SET", key, 1) for key in KEYS] == [FIRST, SECOND, THIRD]


class TestForgotten:
    """Fire-and-forget: what is refused for its place is sent again by the same rules as everything else."""

    def test_it_follows_and_is_counted(self):
        world = cluster()
        message = Unheard(world.bridge(FIRST), "SET", KEY, 1)
        message.finish(moved(SECOND))
        assert world.bridge(SECOND).posted == [message]
        assert message.bridge is world.bridge(SECOND)
        assert message.attempts == 1
        assert world.bridge(FIRST).counters.retried == 1

    def test_it_waits_where_the_servers_do_not_agree(self):
        world = cluster()
        message = Unheard(world.bridge(FIRST), "SET", KEY, 1)
        message.attempts = PROMPT_REDIRECTIONS
        message.finish(moved(SECOND))
        assert world.bridge(SECOND).posted == []
        world.wait(LONGEST_RETRY)
        assert world.bridge(SECOND).posted == [message]

    def test_what_does_not_help_is_told(self):
        world = cluster()
        told: list[Any] = []
        world.coordinator.error_message += told.append
        Unheard(world.bridge(FIRST), "SET", KEY, 1).finish(ResponseError("WRONGTYPE"))
        late = Unheard(world.bridge(FIRST), "INCR", KEY)
        world.bridge(SECOND).drain()
        late.finish(moved(SECOND))
        assert [event.command for event in told] == ["SET", "INCR"]
        assert [type(event.error) for event in told] == [ResponseError, MultiplexerClosedError]


class TestMoved:
    def test_it_is_followed_and_remembered(self):
        world = cluster()
        moves: list[Any] = []
        world.coordinator.hash_slot_moved += moves.append
        found = resend(world, Remembering("GET", KEY), moved(SECOND))
        assert found == Resend(0.0, world.bridge(SECOND))
        assert world.target("GET", KEY) == SECOND
        assert world.guide.owner(KEY).endpoint == SECOND
        assert [(move.slot, move.old_endpoint, move.new_endpoint) for move in moves] == [
            (SLOT, str(FIRST), str(SECOND))
        ]
        world.asked_within(CALM * 2)

    def test_to_a_server_that_is_new(self):
        world = cluster()
        found = resend(world, Remembering("GET", KEY), moved(NEW))
        assert found is not None
        assert found.bridge is world.bridge(NEW)

    def test_to_a_server_that_is_new_by_one_who_may_have_left(self):
        """It is asked first, as what it says counts only where it is of the same cluster."""
        world = cluster()
        world.wait(60.0)
        message = Remembering("GET", KEY)
        assert resend(world, message, moved(NEW)) == Resend(ANSWER)
        assert world.asked_within(LAST_DOUBT) == FIRST
        world.describe(FIRST)
        found = resend(world, message, moved(NEW))
        assert found is not None
        assert found.bridge is world.bridge(NEW)

    def test_to_a_server_of_another_cluster(self):
        world = cluster()
        world.wait(60.0)
        message = Remembering("SET", KEY, 1)
        assert resend(world, message, moved(NEW)) == Resend(ANSWER)
        world.describe(world.asked_within(LAST_DOUBT), OTHERS)
        [other] = world.asked()
        world.describe(other, TAKEN, epoch=2)
        assert world.coordinator.target(world.bridge(FIRST), message) is world.bridge(SECOND)
        assert NEW not in {server.endpoint for server in world.coordinator.servers}

    def test_nobody_waits_for_it(self):
        world = cluster()
        world.wait(60.0)
        message = Remembering("SET", KEY, 1)
        message.bridge = world.bridge(FIRST)
        world.coordinator.forgotten_failed(world.bridge(FIRST), message, moved("?:0"))
        world.describe(world.asked_within(LAST_DOUBT), TAKEN, epoch=2)
        world.wait(ANSWER)
        assert message in world.bridge(SECOND).posted

    def test_to_the_same_host_and_through_another_address(self):
        world = cluster()
        world.coordinator.reconfigure(
            world.options.with_changes(address_remap=lambda place: ("outside", place[1] + 1000))
        )
        found = resend(world, Remembering("GET", KEY), moved(":7002"))
        assert found is not None
        assert found.bridge.endpoint == EndPoint("outside", 8002)

    def test_to_its_own_address_another_may_answer_by_now(self):
        world = cluster()
        bridge = world.bridge(FIRST)
        assert bridge.connection is not None
        found = resend(world, Remembering("GET", KEY), moved(FIRST))
        assert found is not None
        assert found.bridge is bridge
        assert bridge.connection.holding
        world.wait()
        assert bridge.connection is None
        assert "pointed to its own address" in str(bridge.last_error)

    @pytest.mark.parametrize("where", ["?:7002", ":0", "?:0"])
    def test_to_nobody_knows_where(self, where: str):
        """The others may know: the command waits for them, and goes where they say."""
        world = cluster()
        error = moved(where)
        message = Remembering("GET", KEY, deadline=world.now + 1.0)
        found = resend(world, message, error)
        assert found == Resend(ANSWER)
        world.describe(world.asked_within(LAST_DOUBT), TAKEN, epoch=2)
        assert world.coordinator.target(world.bridge(FIRST), message) is world.bridge(SECOND)
        world.wait(1.0 - ANSWER)
        assert resend(world, message, error) is None
        assert "does not know how that one is reached" in str(error)

    @pytest.mark.parametrize("flags", [CommandFlags.NO_REDIRECT, CommandFlags.NO_RETRY])
    def test_who_does_not_want_it(self, flags: CommandFlags):
        world = cluster()
        assert resend(world, Remembering("GET", KEY, flags=flags), moved(SECOND)) is None

    def test_what_is_meant_for_one_server(self):
        world = cluster()
        message = Remembering("GET", KEY)
        message.options = CallOptions(pinned=True)
        assert resend(world, message, moved(SECOND)) is None
        assert resend(world, message, Rerouted("gone")) is None
        found = resend(world, message, ClusterDownError("CLUSTERDOWN"))
        assert found is not None
        assert found.bridge is world.bridge(FIRST)

    def test_servers_that_point_to_one_another(self):
        world = cluster()
        message = Remembering("GET", KEY)
        message.attempts = PROMPT_REDIRECTIONS
        found = resend(world, message, moved(SECOND))
        assert found is not None
        assert 0 < found.delay <= LONGEST_RETRY
        message.attempts = MOST_REDIRECTIONS
        error = moved(SECOND)
        assert resend(world, message, error) is None
        assert "point to one another, 64 times" in str(error)

    def test_until_the_deadline(self):
        world = cluster()
        message = Remembering("GET", KEY, deadline=world.now + 0.001)
        assert resend(world, message, moved(SECOND)) is not None
        message.attempts = PROMPT_REDIRECTIONS
        assert resend(world, message, moved(SECOND)) is None


class TestOnItsWay:
    def test_ask_is_followed_this_once(self):
        world = cluster()
        message = Remembering("GET", KEY)
        found = resend(world, message, AskError(f"ASK {SLOT} {SECOND}"))
        assert found == Resend(0.0, world.bridge(SECOND))
        assert is_asking(message.options)
        assert world.target("GET", KEY) == FIRST
        assert resend(world, message, moved(FIRST), SECOND) == Resend(0.0, world.bridge(FIRST))
        assert not is_asking(message.options)

    def test_keys_of_which_only_some_have_arrived(self):
        world = cluster()
        message = Remembering("MGET", KEY, b"{b}2")
        resend(world, message, AskError(f"ASK {SLOT} {SECOND}"))
        found = resend(world, message, TryAgainError("TRYAGAIN"), SECOND)
        assert found is not None
        assert found.bridge is world.bridge(SECOND)
        assert 0 < found.delay <= LONGEST_RETRY
        assert is_asking(message.options)
        world.wait(1.0)
        assert world.asked() == []  # the topology is what it was

    def test_what_waits_for_where_it_was_told_to_ask_is_not_sent_elsewhere(self):
        world = cluster()
        world.go_down(SECOND)
        message = Remembering("GET", KEY)
        resend(world, message, AskError(f"ASK {SLOT} {SECOND}"))
        world.bridge(SECOND).backlog.append(message)
        world.guide.watch.reroute(world.server(SECOND))
        assert message.replies_given == []


class TestDown:
    def test_it_is_tried_again_and_asked_about(self):
        world = cluster()
        found = resend(world, Remembering("SET", KEY, 1), ClusterDownError("CLUSTERDOWN"))
        assert found is not None
        assert 0 < found.delay <= LONGEST_RETRY
        assert found.bridge is None
        world.asked_within(LAST_DOUBT * 2)

    def test_not_beyond_the_deadline(self):
        world = cluster()
        message = Remembering("SET", KEY, 1, deadline=world.now + 0.001)
        assert resend(world, message, ClusterDownError("CLUSTERDOWN")) is None

    def test_other_errors_are_the_callers(self):
        world = cluster()
        assert resend(world, Remembering("SET", KEY, 1), ResponseError("WRONGTYPE")) is None

    def test_a_member_that_says_so_is_not_believed_before_the_others(self):
        world = cluster()
        world.guide.doubt()
        asked = world.asked_within(LAST_DOUBT * 2)
        world.describe(asked, TAKEN, state="fail")
        assert world.target("GET", KEY) == FIRST
        [other] = world.asked()
        world.describe(other)
        assert world.target("GET", KEY) == FIRST
