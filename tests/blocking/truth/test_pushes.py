# Generated from tests/asyncio/truth/test_pushes.py by scripts/generate_blocking.py; change that file instead.
"""Pushes arrive while nobody waits, in order, and never take a reply's place."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import RedisTimeoutError
from tests.blocking._world import gather, sleep, spawn, until
from tests.blocking.truth.conftest import Connect
from tests.conftest import ALL_TARGETS, name_of_target
from tests.servers import FaultProxy, RealServer
from tests.truth.workload import reset, trouble

pytestmark = pytest.mark.parametrize("target", ALL_TARGETS, indirect=True, ids=name_of_target)


def test_messages_arrive_while_nobody_waits(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscription = mux.get_subscriber().subscribe("channel")
    sleep(0.05)
    for number in range(20):
        assert server.command("PUBLISH", "channel", number) == 1
        if number % 5 == 0:
            sleep(0.01)
    received = [subscription.get(timeout=2).data for _ in range(20)]
    assert received == [b"%d" % number for number in range(20)]
    with pytest.raises(RedisTimeoutError):
        subscription.get(timeout=0.01)


def test_messages_arrive_among_replies_in_order_and_whole(
    mux: ConnectionMultiplexer, db: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    proxy.chaos("pushes", reset=0, cut=0, delay=0.05, split=0.4, longest=0.005)
    channels = [f"channel-{number}" for number in range(4)]
    subscriptions = [mux.get_subscriber().subscribe(channel) for channel in channels]
    everything = mux.get_subscriber().psubscribe("channel-*")

    def work(caller: int) -> None:
        for number in range(30):
            assert db.echo(f"{caller}/{number}") == f"{caller}/{number}".encode()
            assert db.lrange("nothing", 0, -1) == []

    def publish(channel: str) -> None:
        for number in range(50):
            assert db.publish(channel, f"{channel}/{number}") == 2

    gather(*[partial(work, n) for n in range(12)], *[partial(publish, channel) for channel in channels])
    for channel, subscription in zip(channels, subscriptions, strict=True):
        received = [subscription.get(timeout=2).data for _ in range(50)]
        assert received == [f"{channel}/{number}".encode() for number in range(50)]
    by_pattern = [everything.get(timeout=2).data for _ in range(200)]
    for channel in channels:
        mine = [data for data in by_pattern if data.startswith(channel.encode() + b"/")]
        assert mine == [f"{channel}/{number}".encode() for number in range(50)]


def test_subscribing_and_unsubscribing_all_the_time_shifts_no_reply(
    mux: ConnectionMultiplexer, db: Database[bytes]
) -> None:
    subscriber = mux.get_subscriber()

    def turn(caller: int) -> None:
        for number in range(8):
            with subscriber.subscribe(f"c{caller % 3}", f"own-{caller}") as subscription:
                assert db.publish(f"own-{caller}", number) == 1
                assert subscription.get(timeout=2).data == b"%d" % number

    def work(caller: int) -> None:
        for number in range(60):
            assert db.echo(f"{caller}/{number}") == f"{caller}/{number}".encode()

    gather(*[partial(turn, n) for n in range(8)], *[partial(work, n) for n in range(8)])


def test_a_subscription_survives_its_connections(
    mux: ConnectionMultiplexer, db: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    subscription = mux.get_subscriber().subscribe("channel")
    got: list[int] = []

    def collect() -> None:
        for publication in subscription:
            got.append(int(publication.data))

    task = spawn(collect)
    sent = 0
    with trouble(proxy, (reset,), "subscription", pause=0.03):
        while not (len(got) > 30 and proxy.connections > 4):
            sent += 1
            server.command("PUBLISH", "channel", sent)
            sleep(0.003)
            assert sent < 3000

    def last_one_arrives() -> bool:
        server.command("PUBLISH", "channel", 10**6)
        sleep(0.005)
        return 10**6 in got

    until(last_one_arrives)
    subscription.unsubscribe()
    task.result()
    numbers = [number for number in got if number < 10**6]
    assert numbers == sorted(set(numbers)), "none twice, none out of order"
    assert db.echo("end") == b"end"


def test_a_handler_is_given_every_message_in_order(connect: Connect, server: RealServer) -> None:
    mux = connect()
    got: list[bytes] = []

    def take(publication: object) -> None:
        got.append(publication.data)  # type: ignore[attr-defined]

    mux.get_subscriber().subscribe("channel", handler=take)
    for number in range(200):
        server.command("PUBLISH", "channel", number)
    until(lambda: len(got) >= 200)
    assert got == [b"%d" % number for number in range(200)]
