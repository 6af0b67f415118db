# Generated from tests/asyncio/test_group_members.py by scripts/generate_blocking.py; change that file instead.
"""Deployments come and go while a group is at work."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import ActiveChanged, Gap, GroupOptions, Member, Publication
from multiplexer.blocking import ConnectionGroup
from multiplexer.errors import ConfigurationError, DataError, MultiplexerClosedError
from tests.servers import FaultProxy

from ._world import gather, until
from .groups import connect, down, member, up


def test_one_that_is_added_is_used_where_it_is_preferred(east: FaultProxy, west: FaultProxy) -> None:
    with ConnectionGroup.connect([member(east, "east", 5)]) as group:
        db = group.get_database()
        added = group.add(member(west, "west", 5))
        assert added.name == "west"
        assert added is group.members["west"]
        assert added.is_well
        assert group.active.name == "east"
        group.remove("west")
        group.add(member(west, "west", 10))
        assert group.active.name == "west"
        db.set("added", 1)
        assert group.members["east"].multiplexer.get_database().get("added") is None


def test_not_against_what_was_asked_for(east: FaultProxy, west: FaultProxy) -> None:
    with ConnectionGroup.connect([member(east, "east", 5)]) as group:
        group.failover_to("east")
        group.add(member(west, "west", 10))
        assert group.active.name == "east"


def test_one_that_cannot_be_reached_is_used_later(east: FaultProxy, west: FaultProxy) -> None:
    options = GroupOptions(probe_interval=0.1, probe_timeout=10, failback_delay=0.1, good_probes=1)
    with ConnectionGroup.connect([member(east, "east", 5)], options) as group:
        down(west)
        added = group.add(member(west, "west", 10))
        assert not added.is_well
        up(west)
        until(lambda: group.active.name == "west")


def test_one_that_is_removed_is_closed_and_what_is_used_is_another(
    east: FaultProxy,
    west: FaultProxy,
) -> None:
    changes: list[ActiveChanged] = []
    with connect(east, west) as group:
        group.active_changed += changes.append
        db = group.get_database()
        left = group.members["east"].multiplexer
        db.set("before", 1)
        group.remove("east")
        assert group.active.name == "west"
        assert [*group.members] == ["west"]
        assert db.get("before") is None
        with pytest.raises(MultiplexerClosedError):
            left.get_database().get("before")
        group.add(member(east, "east", 10))
        # Whoever told of changes before has left: events still come.
        until(lambda: [(each.previous, each.current) for each in changes] == [("east", "west"), ("west", "east")])
        assert [each.reason for each in changes] == ["it left", "east was added and is preferred"]


def test_no_command_fails_as_one_leaves(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west) as group:
        db = group.get_database()
        done: list[int] = []
        over: list[bool] = []

        def work() -> None:
            while not over:
                done.append(db.incr("count"))

        def more() -> None:
            before = len(done)
            until(lambda: len(done) > before + 20)

        def change() -> None:
            try:
                for _ in range(5):
                    more()
                    group.remove("east")
                    more()
                    group.add(member(east, "east", 10))
            finally:
                over.append(True)

        gather(*[work] * 4, change)
        counts = [each.multiplexer.get_database().get("count") for each in group.members.values()]
        assert sum(int(count or 0) for count in counts) == len(done)
        assert all(counts)


def test_what_stands_by_follows(east: FaultProxy, west: FaultProxy) -> None:
    with ConnectionGroup.connect([member(east, "east", 5)], GroupOptions(standby="subscribe")) as group:
        subscription = group.get_subscriber().subscribe("news", gaps=True)
        added = group.add(member(west, "west", 5))
        there = added.multiplexer.get_database()

        def is_subscribed() -> bool:
            return there.pubsub_numsub("news")[0][1] == 1

        until(is_subscribed)
        group.remove("east")
        assert isinstance(subscription.get(10), Gap)
        there.publish("news", "heard")
        item = subscription.get(10)
        assert isinstance(item, Publication)
        assert item.data == b"heard"


def test_by_hand_one_is_given_up_until_it_answers_probes(east: FaultProxy, west: FaultProxy) -> None:
    options = GroupOptions(probe_interval=0.1, probe_timeout=10, failback_delay=0.1, good_probes=2)
    with connect(east, west, options) as group:
        group.members["east"].give_up()
        assert group.active.name == "west"
        assert not group.members["east"].is_well
        until(lambda: group.active.name == "east")
        group.members["east"].give_up()
        group.members["east"].reset()
        assert group.members["east"].is_well


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("localhost", "member must be a Member object"),
        (Member("localhost", "east"), "each member needs a name of its own"),
        (Member("localhost,allowAdmin=true"), "allow_admin must be the same for all members"),
    ],
)
def test_who_cannot_be_added(
    given: Any,
    problem: str,
    east: FaultProxy,
    west: FaultProxy,
) -> None:
    with connect(east, west) as group:
        with pytest.raises(ConfigurationError, match=problem):
            group.add(given)
        assert [*group.members] == ["east", "west"]


def test_who_cannot_be_removed(east: FaultProxy, west: FaultProxy) -> None:
    with connect(east, west) as group:
        with pytest.raises(DataError, match="'north' is no member; members are east, west"):
            group.remove("north")
        group.remove("west")
        with pytest.raises(DataError, match="the last member stays"):
            group.remove("east")
    for call in (partial(group.add, member(west, "west", 5)), partial(group.remove, "east")):
        with pytest.raises(MultiplexerClosedError, match="the group is closed"):
            call()
