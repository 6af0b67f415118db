"""Deployments come and go while a group is at work."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import ActiveChanged, Gap, GroupOptions, Member, Publication
from multiplexer.asyncio import ConnectionGroup
from multiplexer.errors import ConfigurationError, DataError, MultiplexerClosedError
from tests.servers import FaultProxy

from ._world import gather, until
from .groups import connect, down, member, up


async def test_one_that_is_added_is_used_where_it_is_preferred(east: FaultProxy, west: FaultProxy) -> None:
    async with await ConnectionGroup.connect([member(east, "east", 5)]) as group:
        db = group.get_database()
        added = await group.add(member(west, "west", 5))
        assert added.name == "west"
        assert added is group.members["west"]
        assert added.is_well
        assert group.active.name == "east"
        await group.remove("west")
        await group.add(member(west, "west", 10))
        assert group.active.name == "west"
        await db.set("added", 1)
        assert await group.members["east"].multiplexer.get_database().get("added") is None


async def test_not_against_what_was_asked_for(east: FaultProxy, west: FaultProxy) -> None:
    async with await ConnectionGroup.connect([member(east, "east", 5)]) as group:
        group.failover_to("east")
        await group.add(member(west, "west", 10))
        assert group.active.name == "east"


async def test_one_that_cannot_be_reached_is_used_later(east: FaultProxy, west: FaultProxy) -> None:
    options = GroupOptions(probe_interval=0.1, probe_timeout=10, failback_delay=0.1, good_probes=1)
    async with await ConnectionGroup.connect([member(east, "east", 5)], options) as group:
        down(west)
        added = await group.add(member(west, "west", 10))
        assert not added.is_well
        up(west)
        await until(lambda: group.active.name == "west")


async def test_one_that_is_removed_is_closed_and_what_is_used_is_another(
    east: FaultProxy,
    west: FaultProxy,
) -> None:
    changes: list[ActiveChanged] = []
    async with await connect(east, west) as group:
        group.active_changed += changes.append
        db = group.get_database()
        left = group.members["east"].multiplexer
        await db.set("before", 1)
        await group.remove("east")
        assert group.active.name == "west"
        assert [*group.members] == ["west"]
        assert await db.get("before") is None
        with pytest.raises(MultiplexerClosedError):
            await left.get_database().get("before")
        await group.add(member(east, "east", 10))
        # Whoever told of changes before has left: events still come.
        await until(lambda: [(each.previous, each.current) for each in changes] == [("east", "west"), ("west", "east")])
        assert [each.reason for each in changes] == ["it left", "east was added and is preferred"]


async def test_no_command_fails_as_one_leaves(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west) as group:
        db = group.get_database()
        done: list[int] = []
        over: list[bool] = []

        async def work() -> None:
            while not over:
                done.append(await db.incr("count"))

        async def more() -> None:
            before = len(done)
            await until(lambda: len(done) > before + 20)

        async def change() -> None:
            try:
                for _ in range(5):
                    await more()
                    await group.remove("east")
                    await more()
                    await group.add(member(east, "east", 10))
            finally:
                over.append(True)

        await gather(*[work] * 4, change)
        counts = [await each.multiplexer.get_database().get("count") for each in group.members.values()]
        assert sum(int(count or 0) for count in counts) == len(done)
        assert all(counts)


async def test_what_stands_by_follows(east: FaultProxy, west: FaultProxy) -> None:
    async with await ConnectionGroup.connect([member(east, "east", 5)], GroupOptions(standby="subscribe")) as group:
        subscription = await group.get_subscriber().subscribe("news", gaps=True)
        added = await group.add(member(west, "west", 5))
        there = added.multiplexer.get_database()

        async def is_subscribed() -> bool:
            return (await there.pubsub_numsub("news"))[0][1] == 1

        await until(is_subscribed)
        await group.remove("east")
        assert isinstance(await subscription.get(10), Gap)
        await there.publish("news", "heard")
        item = await subscription.get(10)
        assert isinstance(item, Publication)
        assert item.data == b"heard"


async def test_by_hand_one_is_given_up_until_it_answers_probes(east: FaultProxy, west: FaultProxy) -> None:
    options = GroupOptions(probe_interval=0.1, probe_timeout=10, failback_delay=0.1, good_probes=2)
    async with await connect(east, west, options) as group:
        group.members["east"].give_up()
        assert group.active.name == "west"
        assert not group.members["east"].is_well
        await until(lambda: group.active.name == "east")
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
async def test_who_cannot_be_added(
    given: Any,
    problem: str,
    east: FaultProxy,
    west: FaultProxy,
) -> None:
    async with await connect(east, west) as group:
        with pytest.raises(ConfigurationError, match=problem):
            await group.add(given)
        assert [*group.members] == ["east", "west"]


async def test_who_cannot_be_removed(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west) as group:
        with pytest.raises(DataError, match="'north' is no member; members are east, west"):
            await group.remove("north")
        await group.remove("west")
        with pytest.raises(DataError, match="the last member stays"):
            await group.remove("east")
    for call in (partial(group.add, member(west, "west", 5)), partial(group.remove, "east")):
        with pytest.raises(MultiplexerClosedError, match="the group is closed"):
            await call()
