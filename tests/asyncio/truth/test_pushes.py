"""Pushes arrive while nobody waits, in order, and never take a reply's place."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import RedisTimeoutError
from tests.asyncio._world import gather, sleep, spawn, until
from tests.asyncio.truth.conftest import Connect
from tests.conftest import ALL_TARGETS, name_of_target
from tests.servers import FaultProxy, RealServer
from tests.truth.workload import reset, trouble

pytestmark = pytest.mark.parametrize("target", ALL_TARGETS, indirect=True, ids=name_of_target)


async def test_messages_arrive_while_nobody_waits(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscription = await mux.get_subscriber().subscribe("channel")
    await sleep(0.05)
    for number in range(20):
        assert server.command("PUBLISH", "channel", number) == 1
        if number % 5 == 0:
            await sleep(0.01)
    received = [(await subscription.get(timeout=2)).data for _ in range(20)]
    assert received == [b"%d" % number for number in range(20)]
    with pytest.raises(RedisTimeoutError):
        await subscription.get(timeout=0.01)


async def test_messages_arrive_among_replies_in_order_and_whole(
    mux: ConnectionMultiplexer, db: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    proxy.chaos("pushes", reset=0, cut=0, delay=0.05, split=0.4, longest=0.005)
    channels = [f"channel-{number}" for number in range(4)]
    subscriptions = [await mux.get_subscriber().subscribe(channel) for channel in channels]
    everything = await mux.get_subscriber().psubscribe("channel-*")

    async def work(caller: int) -> None:
        for number in range(30):
            assert await db.echo(f"{caller}/{number}") == f"{caller}/{number}".encode()
            assert await db.lrange("nothing", 0, -1) == []

    async def publish(channel: str) -> None:
        for number in range(50):
            assert await db.publish(channel, f"{channel}/{number}") == 2

    await gather(*[partial(work, n) for n in range(12)], *[partial(publish, channel) for channel in channels])
    for channel, subscription in zip(channels, subscriptions, strict=True):
        received = [(await subscription.get(timeout=2)).data for _ in range(50)]
        assert received == [f"{channel}/{number}".encode() for number in range(50)]
    by_pattern = [(await everything.get(timeout=2)).data for _ in range(200)]
    for channel in channels:
        mine = [data for data in by_pattern if data.startswith(channel.encode() + b"/")]
        assert mine == [f"{channel}/{number}".encode() for number in range(50)]


async def test_subscribing_and_unsubscribing_all_the_time_shifts_no_reply(
    mux: ConnectionMultiplexer, db: Database[bytes]
) -> None:
    subscriber = mux.get_subscriber()

    async def turn(caller: int) -> None:
        for number in range(8):
            async with await subscriber.subscribe(f"c{caller % 3}", f"own-{caller}") as subscription:
                assert await db.publish(f"own-{caller}", number) == 1
                assert (await subscription.get(timeout=2)).data == b"%d" % number

    async def work(caller: int) -> None:
        for number in range(60):
            assert await db.echo(f"{caller}/{number}") == f"{caller}/{number}".encode()

    await gather(*[partial(turn, n) for n in range(8)], *[partial(work, n) for n in range(8)])


async def test_a_subscription_survives_its_connections(
    mux: ConnectionMultiplexer, db: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    subscription = await mux.get_subscriber().subscribe("channel")
    got: list[int] = []

    async def collect() -> None:
        async for publication in subscription:
            got.append(int(publication.data))

    task = spawn(collect)
    sent = 0
    with trouble(proxy, (reset,), "subscription", pause=0.03):
        while not (len(got) > 30 and proxy.connections > 4):
            sent += 1
            server.command("PUBLISH", "channel", sent)
            await sleep(0.003)
            assert sent < 3000

    async def last_one_arrives() -> bool:
        server.command("PUBLISH", "channel", 10**6)
        await sleep(0.005)
        return 10**6 in got

    await until(last_one_arrives)
    await subscription.unsubscribe()
    await task.result()
    numbers = [number for number in got if number < 10**6]
    assert numbers == sorted(set(numbers)), "none twice, none out of order"
    assert await db.echo("end") == b"end"


async def test_a_handler_is_given_every_message_in_order(connect: Connect, server: RealServer) -> None:
    mux = await connect()
    got: list[bytes] = []

    async def take(publication: object) -> None:
        got.append(publication.data)  # type: ignore[attr-defined]

    await mux.get_subscriber().subscribe("channel", handler=take)
    for number in range(200):
        server.command("PUBLISH", "channel", number)
    await until(lambda: len(got) >= 200)
    assert got == [b"%d" % number for number in range(200)]
