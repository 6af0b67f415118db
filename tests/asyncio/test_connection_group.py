"""Several deployments of which one is used."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from multiplexer import ActiveChanged, CommandFlags, Gap, GroupOptions, Member, Publication
from multiplexer.asyncio import ConnectionGroup, ConnectionMultiplexer
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.errors import ConfigurationError, DataError, RedisConnectionError, RedisTimeoutError
from tests.servers import FaultProxy

from ._world import gather, spawn, until
from .groups import HASTY, connect, down, up


async def test_the_one_with_the_most_weight_is_used(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west) as group:
        assert group.active.name == "east"
        assert await group.get_database().set("where", "here")
        assert await group.members["east"].multiplexer.get_database(decode=True).get("where") == "here"
        assert await group.members["west"].multiplexer.get_database().exists("where") == 0
        status = group.get_status()
        assert status["active"] == "east"
        assert [(each["name"], each["is_well"]) for each in status["members"]] == [("east", True), ("west", True)]


async def test_none_is_chosen_before_all_have_been_tried(
    east: FaultProxy, west: FaultProxy, caplog: pytest.LogCaptureFixture
) -> None:
    """Otherwise the one that is sooner connected was the active one for a moment, and a change was told."""
    east.delay(0.3)
    async with await connect(east, west) as group:
        assert group.active.name == "east"
        assert "is used instead of" not in caplog.text


async def test_another_one_is_used_once_it_cannot_be_reached_and_until_it_was_well_for_a_while(
    east: FaultProxy, west: FaultProxy
) -> None:
    changes: list[ActiveChanged] = []
    async with await connect(east, west) as group:
        group.active_changed += changes.append
        db = group.get_database()
        await db.set("before", 1)
        down(east)
        await until(lambda: group.active.name == "west")
        assert "cannot be reached" in (group.members["east"].health.reason or "")
        await db.set("during", 1)
        assert await db.exists("before") == 0
        up(east)
        await until(lambda: group.active.name == "east")
        assert await db.exists("before", "during") == 1
        await until(lambda: len(changes) == 2)
        assert [(each.previous, each.current) for each in changes] == [("east", "west"), ("west", "east")]
        assert "cannot be reached" in changes[0].reason


async def test_it_is_not_the_heartbeat_that_finds_out(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west, heartbeat_interval=60) as group:
        down(east)
        assert await group.get_database().with_options(timeout=20).get("key") is None
        assert group.active.name == "west"


async def test_one_that_was_away_for_long_is_used_again(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west) as group:
        down(east)
        bridge = group.members["east"].multiplexer._coordinator.servers[0].interactive
        await until(lambda: bridge.failures > group.options.failed_connects)
        up(east)
        await until(lambda: group.active.name == "east")


async def test_what_was_not_sent_goes_along_and_what_was_sent_does_not(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west, connect_timeout=2.0) as group:
        db = group.get_database().with_options(timeout=20)
        own = group.members["east"].multiplexer.get_database().with_options(timeout=0.5)
        east.black_hole()
        sent = spawn(db.incr, "sent")
        await until(lambda: group.get_counters()["east"][0].interactive.sent_items_awaiting_response)
        east.reset()  # and connecting anew takes its time
        await until(lambda: not group.is_connected)
        unsent = [spawn(partial(db.incr, "unsent")) for _ in range(5)]
        stays = spawn(partial(own.incr, "stays"))
        assert sorted([await call.result() for call in unsent]) == [1, 2, 3, 4, 5]
        with pytest.raises(RedisConnectionError) as caught:
            await sent.result()
        assert caught.value.was_sent
        with pytest.raises(RedisTimeoutError) as late:
            await stays.result()
        assert not late.value.was_sent, "it was this member's own"
        assert group.active.name == "west"
        assert await db.exists("sent") == 0
        up(east)


async def test_a_read_that_was_lost_is_asked_for_again_of_the_other(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west) as group:
        east.black_hole()
        read = spawn(group.get_database().get, "key")
        await until(lambda: group.get_counters()["east"][0].interactive.sent_items_awaiting_response)
        down(east)
        assert await read.result() is None
        assert group.active.name == "west"


async def test_one_that_hangs_is_given_up_by_its_probes(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west, HASTY) as group:
        east.black_hole()
        await until(lambda: group.active.name == "west")
        assert group.members["east"].health.reason is not None
        assert await group.get_database().set("key", 1)
        down(east)  # closing waits for what is on its way


async def test_one_whose_commands_fail_is_given_up_by_their_outcomes(east: FaultProxy, west: FaultProxy) -> None:
    options = GroupOptions(probe="connected", probe_interval=60, failback_delay=None, least_outcomes=10)
    async with await connect(east, west, options) as group:
        hasty = group.get_database().with_options(timeout=0.1, flags=CommandFlags.NO_RETRY)
        east.black_hole()

        async def fail() -> None:
            with suppress(RedisTimeoutError, RedisConnectionError):  # who comes late is answered by the other
                await hasty.incr("n")

        await gather(*[fail] * 20)
        await until(lambda: group.active.name == "west")
        assert group.members["east"].health.breaker.is_open
        down(east)  # closing waits for what is on its way


async def test_by_hand(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west) as group:
        group.failover_to("west")
        assert group.active.name == "west"
        await group.get_database().set("key", 1)
        down(west)
        await until(lambda: group.active.name == "east")
        up(west)
        await until(lambda: group.active.name == "west")
        group.failover_to(None)
        assert group.active.name == "east"
        with pytest.raises(DataError, match="'north' is no member; members are east, west"):
            group.failover_to("north")
        group.members["west"].weight = 20
        await until(lambda: group.active.name == "west")
        with pytest.raises(DataError, match="weight must be a positive number"):
            group.members["west"].weight = 0


async def test_nobody_is_well(east: FaultProxy, west: FaultProxy) -> None:
    """Commands wait where they are until somebody is."""
    async with await connect(east, west) as group:
        down(east)
        down(west)
        await until(lambda: not any(each.is_well for each in group.members.values()))
        waiting = spawn(group.get_database().with_options(timeout=20).incr, "n")
        up(west)
        assert await waiting.result() == 1
        assert group.active.name == "west"


@pytest.mark.parametrize("policy", ["Queue", "FailFast"])
async def test_errors_say_what_is_the_matter_with_each_member(policy: str, east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west, backlog_policy=policy) as group:
        down(east)
        down(west)
        await until(lambda: not any(each.is_well for each in group.members.values()))
        db = group.get_database().with_options(timeout=0.3)
        why = [f"{name}: 127.0.0.1:{proxy.port} cannot" for name, proxy in (("east", east), ("west", west))]
        said = f"not sent.*; no member of the group is well: {why[0]}.*; {why[1]}"
        for call in (partial(db.incr, "n"), partial(db.blpop, "list", 0.01)):
            with pytest.raises((RedisConnectionError, RedisTimeoutError), match=said):
                await call()
        with pytest.raises((RedisConnectionError, RedisTimeoutError)) as caught:
            await group.active.multiplexer.get_database().with_options(timeout=0.3).incr("n")
        assert "no member" not in str(caught.value)  # it was meant for this one


async def test_health_is_that_of_the_one_that_is_used_and_of_the_others(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west) as group:
        await until(lambda: group.health().state == "ready")
        assert group.health().servers == {
            f"east 127.0.0.1:{east.port}": "connected",
            f"west 127.0.0.1:{west.port}": "connected",
        }
        down(east)
        await until(lambda: group.active.name == "west")
        health = group.health()
        assert (health.state, bool(health)) == ("degraded", True)
        assert health.missing[0].startswith(f"east: 127.0.0.1:{east.port} cannot be reached")
        down(west)
        await until(lambda: not any(each.is_well for each in group.members.values()))
        assert (group.health().state, bool(group.health())) == ("down", False)


async def test_members_that_stand_by_may_be_subscribed_beforehand(east: FaultProxy, west: FaultProxy) -> None:
    options = GroupOptions(probe_interval=0.1, probe_timeout=10, failback_delay=0.3, good_probes=1, standby="subscribe")
    async with await connect(east, west, options) as group:
        subscriber = group.get_subscriber()
        here, there = (group.members[name].multiplexer for name in ("east", "west"))

        async def subscribers(mux: ConnectionMultiplexer, channel: str) -> int:
            return (await mux.get_database().pubsub_numsub(channel))[0][1]

        async def become(mux: ConnectionMultiplexer, count: int, channel: str = "news") -> None:
            async def is_so() -> bool:
                return await subscribers(mux, channel) == count

            await until(is_so)

        async def pass_over(mux: ConnectionMultiplexer) -> None:
            """Publish where nobody hears, and wait until it was passed over: later it might be heard after all."""
            async with await mux.get_subscriber().subscribe("after") as after:
                await mux.get_database().publish("news", "unheard")
                await mux.get_database().publish("after", "")
                await after.get(10)  # it comes over the same connection

        subscription = await subscriber.subscribe("news", gaps=True)
        other = await subscriber.subscribe("news", "more")
        await become(here, 1)
        await become(there, 1)
        await pass_over(there)
        await here.get_database().publish("news", "heard")
        item = await subscription.get(10)
        assert isinstance(item, Publication)
        assert item.data == b"heard"
        group.failover_to("west")
        assert isinstance(await subscription.get(10), Gap)
        await there.get_database().publish("news", "heard there")  # it was subscribed before
        item = await subscription.get(10)
        assert isinstance(item, Publication)
        assert item.data == b"heard there"
        await pass_over(here)
        group.failover_to("east")
        assert isinstance(await subscription.get(10), Gap)
        await here.get_database().publish("news", "heard again")
        item = await subscription.get(10)
        assert isinstance(item, Publication)
        assert item.data == b"heard again"
        await other.unsubscribe()
        await become(there, 0, "more")
        await become(there, 1)
        await subscription.unsubscribe()
        await become(here, 0)
        await become(there, 0)


def test_what_stands_by_is_named() -> None:
    with pytest.raises(ConfigurationError, match="standby must be one of resubscribe, subscribe"):
        GroupOptions(standby="listen")


async def test_subscribers_are_told_of_a_gap(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west) as group:
        group.failover_to("east")  # a busy machine may have begun with the other
        await until(lambda: group.active.name == "east")
        subscriber = group.get_subscriber()
        async with await subscriber.subscribe("news", gaps=True) as subscription:
            await subscriber.publish("news", "first")
            item = await subscription.get(timeout=10)
            assert not isinstance(item, Gap)
            assert item.data == b"first"
            group.failover_to("west")
            assert isinstance(await subscription.get(timeout=10), Gap)
            await until(lambda: subscriber.is_connected("news"))
            assert await group.members["west"].multiplexer.get_database().publish("news", "second") == 1
            item = await subscription.get(timeout=10)
            assert not isinstance(item, Gap)
            assert item.data == b"second"
            assert await group.members["east"].multiplexer.get_database().publish("news", "third") == 0


async def test_what_takes_a_connection_of_its_own_goes_to_the_one_that_is_used(
    east: FaultProxy, west: FaultProxy
) -> None:
    async with await connect(east, west) as group:
        db = group.get_database(decode=True)
        group.failover_to("west")
        pop = spawn(partial(db.blpop, "queue", timeout=5))
        await until(lambda: group.get_counters()["west"][0].leased.sent_items_awaiting_response)
        await group.members["west"].multiplexer.get_database().rpush("queue", "job")
        assert await pop.result() == ("queue", "job")
        async with db.watch("n") as pipe:
            pipe.multi()
            pipe.incr("n")
            assert await pipe.execute() == [1]
        batch = db.batch()
        counted = batch.incr("n")
        await batch.execute()
        assert counted.result() == 2


async def test_who_waits_for_a_connection_of_its_own_goes_along(east: FaultProxy, west: FaultProxy) -> None:
    async with await connect(east, west, timeout=20) as group:
        db = group.get_database(decode=True)
        down(east)
        group.failover_to("east")
        down(west)
        await until(lambda: not any(member.is_well for member in group.members.values()))
        pop = spawn(partial(db.blpop, "queue", timeout=5))
        borrowed = spawn(partial(db.borrow, COMMANDS["WATCH"], b""))
        bridge = group.members["east"].multiplexer._coordinator.servers[0].interactive
        await until(lambda: len(bridge.connector._driver._watchers) >= 2)
        up(west)
        await until(lambda: group.active.name == "west")
        await db.rpush("queue", "job")
        assert await pop.result() == ("queue", "job")
        lease = await borrowed.result()
        assert lease.bridge.endpoint.port == west.port
        await lease.give_back()


async def test_the_applications_own_probe(east: FaultProxy, west: FaultProxy) -> None:
    ill: set[str] = set()

    async def probe(member: Any) -> bool | None:
        return None if member.name == "west" else member.name not in ill

    async with await connect(east, west, GroupOptions(probe=probe, probe_interval=0.05, failback_delay=60)) as group:
        ill.add("east")
        await until(lambda: group.active.name == "west")
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
async def test_what_makes_no_group(members: list[Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        await ConnectionGroup.connect(members)
