# Generated from tests/asyncio/test_connection_group.py by scripts/generate_blocking.py; change that file instead.
"""Several deployments of which one is used."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from multiplexer import ActiveChanged, CommandFlags, Gap, GroupOptions, Member, Publication
from multiplexer.blocking import ConnectionGroup, ConnectionMultiplexer
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.errors import ConfigurationError, DataError, RedisConnectionError, RedisTimeoutError
from tests.servers import FaultProxy

from ._world import gather, spawn, until
from .groups import HASTY, connect, down, up


def test_the_one_with_the_most_weight_is_used(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west) as group:
        assert group.active.name == "east"
        assert group.get_database().set("where", "here")
        assert group.members["east"].multiplexer.get_database(decode=True).get("where") == "here"
        assert group.members["west"].multiplexer.get_database().exists("where") == 0
        status = group.get_status()
        assert status["active"] == "east"
        assert [(each["name"], each["is_well"]) for each in status["members"]] == [("east", True), ("west", True)]


def test_none_is_chosen_before_all_have_been_tried(
    east: FaultProxy, west: FaultProxy, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise the one that is sooner connected was the active one for a moment, and a change was told."""
    east.delay(0.3)
    with connect(east, west) as group:
        assert group.active.name == "east"
        assert "is used instead of" not in caplog.text


def test_another_one_is_used_once_it_cannot_be_reached_and_until_it_was_well_for_a_while(
    east: FaultProxy, west: FaultProxy
) -> None:
    changes: list[ActiveChanged] = []
    with connect(east, west) as group:
        group.active_changed += changes.append
        db = group.get_database()
        db.set("before", 1)
        down(east)
        until(lambda: group.active.name == "west")
        assert "cannot be reached" in (group.members["east"].health.reason or "")
        db.set("during", 1)
        assert db.exists("before") == 0
        up(east)
        until(lambda: group.active.name == "east")
        assert db.exists("before", "during") == 1
        until(lambda: len(changes) == 2)
        assert [(each.previous, each.current) for each in changes] == [("east", "west"), ("west", "east")]
        assert "cannot be reached" in changes[0].reason


def test_it_is_not_the_heartbeat_that_finds_out(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west, heartbeat_interval=60) as group:
        down(east)
        assert group.get_database().with_options(timeout=20).get("key") is None
        assert group.active.name == "west"


def test_one_that_was_away_for_long_is_used_again(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west) as group:
        down(east)
        bridge = group.members["east"].multiplexer._coordinator.servers[0].interactive
        until(lambda: bridge.failures > group.options.failed_connects)
        up(east)
        until(lambda: group.active.name == "east")


def test_what_was_not_sent_goes_along_and_what_was_sent_does_not(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west, connect_timeout=2.0) as group:
        db = group.get_database().with_options(timeout=20)
        own = group.members["east"].multiplexer.get_database().with_options(timeout=0.5)
        east.black_hole()
        sent = spawn(db.incr, "sent")
        until(lambda: group.get_counters()["east"][0].interactive.sent_items_awaiting_response)
        east.reset()  # and connecting anew takes its time
        until(lambda: not group.is_connected)
        unsent = [spawn(partial(db.incr, "unsent")) for _ in range(5)]
        stays = spawn(partial(own.incr, "stays"))
        assert sorted([call.result() for call in unsent]) == [1, 2, 3, 4, 5]
        with pytest.raises(RedisConnectionError) as caught:
            sent.result()
        assert caught.value.was_sent
        with pytest.raises(RedisTimeoutError) as late:
            stays.result()
        assert not late.value.was_sent, "it was this member's own"
        assert group.active.name == "west"
        assert db.exists("sent") == 0
        up(east)


def test_a_read_that_was_lost_is_asked_for_again_of_the_other(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west) as group:
        east.black_hole()
        read = spawn(group.get_database().get, "key")
        until(lambda: group.get_counters()["east"][0].interactive.sent_items_awaiting_response)
        down(east)
        assert read.result() is None
        assert group.active.name == "west"


def test_one_that_hangs_is_given_up_by_its_probes(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west, HASTY) as group:
        east.black_hole()
        until(lambda: group.active.name == "west")
        assert group.members["east"].health.reason is not None
        assert group.get_database().set("key", 1)
        down(east)  # closing waits for what is on its way


def test_one_whose_commands_fail_is_given_up_by_their_outcomes(east: FaultProxy, west: FaultProxy) -> None:
    options = GroupOptions(probe="connected", probe_interval=60, failback_delay=None, least_outcomes=10)
    with connect(east, west, options) as group:
        hasty = group.get_database().with_options(timeout=0.1, flags=CommandFlags.NO_RETRY)
        east.black_hole()

        def fail() -> None:
            with suppress(RedisTimeoutError, RedisConnectionError):  # who comes late is answered by the other
                hasty.incr("n")

        gather(*[fail] * 20)
        until(lambda: group.active.name == "west")
        assert group.members["east"].health.breaker.is_open
        down(east)  # closing waits for what is on its way


def test_by_hand(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west) as group:
        group.failover_to("west")
        assert group.active.name == "west"
        group.get_database().set("key", 1)
        down(west)
        until(lambda: group.active.name == "east")
        up(west)
        until(lambda: group.active.name == "west")
        group.failover_to(None)
        assert group.active.name == "east"
        with pytest.raises(DataError, match="'north' is no member; members are east, west"):
            group.failover_to("north")
        group.members["west"].weight = 20
        until(lambda: group.active.name == "west")
        with pytest.raises(DataError, match="weight must be a positive number"):
            group.members["west"].weight = 0


def test_nobody_is_well(east: FaultProxy, west: FaultProxy) -> None:
    """Commands wait where they are until somebody is."""
    with connect(east, west) as group:
        down(east)
        down(west)
        until(lambda: not any(each.is_well for each in group.members.values()))
        waiting = spawn(group.get_database().with_options(timeout=20).incr, "n")
        up(west)
        assert waiting.result() == 1
        assert group.active.name == "west"


@pytest.mark.parametrize("policy", ["Queue", "FailFast"])
def test_errors_say_what_is_the_matter_with_each_member(policy: str, east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west, backlog_policy=policy) as group:
        down(east)
        down(west)
        until(lambda: not any(each.is_well for each in group.members.values()))
        db = group.get_database().with_options(timeout=0.3)
        why = [f"{name}: 127.0.0.1:{proxy.port} cannot" for name, proxy in (("east", east), ("west", west))]
        said = f"not sent.*; no member of the group is well: {why[0]}.*; {why[1]}"
        for call in (partial(db.incr, "n"), partial(db.blpop, "list", 0.01)):
            with pytest.raises((RedisConnectionError, RedisTimeoutError), match=said):
                call()
        with pytest.raises((RedisConnectionError, RedisTimeoutError)) as caught:
            group.active.multiplexer.get_database().with_options(timeout=0.3).incr("n")
        assert "no member" not in str(caught.value)  # it was meant for this one


def test_health_is_that_of_the_one_that_is_used_and_of_the_others(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west) as group:
        until(lambda: group.health().state == "ready")
        assert group.health().servers == {
            f"east 127.0.0.1:{east.port}": "connected",
            f"west 127.0.0.1:{west.port}": "connected",
        }
        down(east)
        until(lambda: group.active.name == "west")
        health = group.health()
        assert (health.state, bool(health)) == ("degraded", True)
        assert health.missing[0].startswith(f"east: 127.0.0.1:{east.port} cannot be reached")
        down(west)
        until(lambda: not any(each.is_well for each in group.members.values()))
        assert (group.health().state, bool(group.health())) == ("down", False)


def test_members_that_stand_by_may_be_subscribed_beforehand(east: FaultProxy, west: FaultProxy) -> None:
    options = GroupOptions(probe_interval=0.1, probe_timeout=10, failback_delay=0.3, good_probes=1, standby="subscribe")
    with connect(east, west, options) as group:
        subscriber = group.get_subscriber()
        here, there = (group.members[name].multiplexer for name in ("east", "west"))

        def subscribers(mux: ConnectionMultiplexer, channel: str) -> int:
            return mux.get_database().pubsub_numsub(channel)[0][1]

        def become(mux: ConnectionMultiplexer, count: int, channel: str = "news") -> None:
            def is_so() -> bool:
                return subscribers(mux, channel) == count

            until(is_so)

        def pass_over(mux: ConnectionMultiplexer) -> None:
            """Publish where nobody hears, and wait until it was passed over: later it might be heard after all."""
            with mux.get_subscriber().subscribe("after") as after:
                mux.get_database().publish("news", "unheard")
                mux.get_database().publish("after", "")
                after.get(10)  # it comes over the same connection

        subscription = subscriber.subscribe("news", gaps=True)
        other = subscriber.subscribe("news", "more")
        become(here, 1)
        become(there, 1)
        pass_over(there)
        here.get_database().publish("news", "heard")
        item = subscription.get(10)
        assert isinstance(item, Publication)
        assert item.data == b"heard"
        group.failover_to("west")
        assert isinstance(subscription.get(10), Gap)
        there.get_database().publish("news", "heard there")  # it was subscribed before
        item = subscription.get(10)
        assert isinstance(item, Publication)
        assert item.data == b"heard there"
        pass_over(here)
        group.failover_to("east")
        assert isinstance(subscription.get(10), Gap)
        here.get_database().publish("news", "heard again")
        item = subscription.get(10)
        assert isinstance(item, Publication)
        assert item.data == b"heard again"
        other.unsubscribe()
        become(there, 0, "more")
        become(there, 1)
        subscription.unsubscribe()
        become(here, 0)
        become(there, 0)


def test_what_stands_by_is_named() -> None:
    with pytest.raises(ConfigurationError, match="standby must be one of resubscribe, subscribe"):
        GroupOptions(standby="listen")


def test_subscribers_are_told_of_a_gap(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west) as group:
        group.failover_to("east")  # a busy machine may have begun with the other
        until(lambda: group.active.name == "east")
        subscriber = group.get_subscriber()
        with subscriber.subscribe("news", gaps=True) as subscription:
            subscriber.publish("news", "first")
            item = subscription.get(timeout=10)
            assert not isinstance(item, Gap)
            assert item.data == b"first"
            group.failover_to("west")
            assert isinstance(subscription.get(timeout=10), Gap)
            until(lambda: subscriber.is_connected("news"))
            assert group.members["west"].multiplexer.get_database().publish("news", "second") == 1
            item = subscription.get(timeout=10)
            assert not isinstance(item, Gap)
            assert item.data == b"second"
            assert group.members["east"].multiplexer.get_database().publish("news", "third") == 0


def test_what_takes_a_connection_of_its_own_goes_to_the_one_that_is_used(
    east: FaultProxy, west: FaultProxy
) -> None:
    with connect(east, west) as group:
        db = group.get_database(decode=True)
        group.failover_to("west")
        pop = spawn(partial(db.blpop, "queue", timeout=5))
        until(lambda: group.get_counters()["west"][0].leased.sent_items_awaiting_response)
        group.members["west"].multiplexer.get_database().rpush("queue", "job")
        assert pop.result() == ("queue", "job")
        with db.watch("n") as pipe:
            pipe.multi()
            pipe.incr("n")
            assert pipe.execute() == [1]
        batch = db.batch()
        counted = batch.incr("n")
        batch.execute()
        assert counted.result() == 2


def test_who_waits_for_a_connection_of_its_own_goes_along(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west, timeout=20) as group:
        db = group.get_database(decode=True)
        down(east)
        group.failover_to("east")
        down(west)
        until(lambda: not any(member.is_well for member in group.members.values()))
        pop = spawn(partial(db.blpop, "queue", timeout=5))
        borrowed = spawn(partial(db.borrow, COMMANDS["WATCH"], b""))
        bridge = group.members["east"].multiplexer._coordinator.servers[0].interactive
        until(lambda: len(bridge.connector._driver._watchers) >= 2)
        up(west)
        until(lambda: group.active.name == "west")
        db.rpush("queue", "job")
        assert pop.result() == ("queue", "job")
        lease = borrowed.result()
        assert lease.bridge.endpoint.port == west.port
        lease.give_back()


def test_the_applications_own_probe(east: FaultProxy, west: FaultProxy) -> None:
    ill: set[str] = set()

    def probe(member: Any) -> bool | None:
        return None if member.name == "west" else member.name not in ill

    with connect(east, west, GroupOptions(probe=probe, probe_interval=0.05, failback_delay=60)) as group:
        ill.add("east")
        until(lambda: group.active.name == "west")
        assert "probes failed" in (group.members["east"].health.reason or "")


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ([], "members must be Member objects, at least one"),
        (["localhost"], "members must be Member objects, at least one"),
        ([Member("a", "one"), Member("b", "one")], "each member needs a name of its own"),
        ([Member("a"), Member("b,allowAdmin=true")], "allow_admin must be the same for all members"),
    ],
)
def test_what_makes_no_group(members: list[Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        ConnectionGroup.connect(members)
