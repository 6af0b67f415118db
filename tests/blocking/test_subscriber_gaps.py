# Generated from tests/asyncio/test_subscriber_gaps.py by scripts/generate_blocking.py; change that file instead.
"""What subscribers are told when messages may have been missed, and shard channels."""

from __future__ import annotations

from time import time

import pytest

from multiplexer import ErrorEvent, Gap, Publication
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.errors import DataError, NoPermissionError
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer

from ._world import gather, sleep, until
from .connecting import connect


def _subscribed(server: RealServer, channel: str) -> int:
    return server.command("PUBSUB", "NUMSUB", channel)[1]


def test_a_gap_stands_between_the_messages_before_and_after(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            subscriber = mux.get_subscriber()
            plain = subscriber.subscribe("news")
            told = subscriber.subscribe("news", "weather", gaps=True)
            server.command("PUBLISH", "news", "before")
            assert told.get(5) == Publication(b"news", b"before", None, "channel")
            began = time()
            sleep(0.05)
            proxy.refuse()
            proxy.reset()
            until(lambda: _subscribed(server, "news") == 0 and not subscriber.is_connected())
            server.command("PUBLISH", "news", "missed")
            proxy.accept()
            until(lambda: subscriber.is_connected("weather"))
            server.command("PUBLISH", "news", "after")
            gap = told.get(5)
            assert isinstance(gap, Gap)
            assert began - 1 < gap.since <= began + 0.05 < gap.until <= time()
            after = told.get(5)
            assert isinstance(after, Publication)
            assert after.data == b"after"
            assert (told.gaps, plain.gaps) == (1, 1)
            assert [plain.get(5).data for _ in range(2)] == [b"before", b"after"]


def test_every_loss_is_told_once(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            subscriber = mux.get_subscriber()
            gaps: list[Gap] = []
            messages: list[object] = []
            many = [f"channel-{number}" for number in range(20)]
            subscriber.subscribe(*many, handler=messages.append, on_gap=gaps.append)
            ended: list[Gap] = []
            early = subscriber.psubscribe("c*", on_gap=ended.append)
            for number in range(1, 4):
                proxy.reset()
                until(lambda number=number: len(gaps) == number)  # type: ignore[misc]
                until(lambda: all(subscriber.is_connected(name) for name in many))
                if number == 1:
                    until(lambda: len(ended) == 1)
                    early.unsubscribe()
            server.command("PUBLISH", "channel-7", "x")
            until(lambda: messages)
            assert len(gaps) == 3
            assert len(ended) == 1
            assert all(gap.since < gap.until for gap in gaps)
            assert [gap.until for gap in gaps] == sorted(gap.until for gap in gaps)


def test_a_silent_server_is_part_of_the_gap(server: RealServer, target: Target) -> None:
    """What is not read is missed: the gap begins when something was last heard, not when the loss was noticed."""
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            subscription = mux.get_subscriber().subscribe("news", gaps=True)
            sleep(0.02)
            proxy.black_hole("to_client")
            silent = time()
            server.command("PUBLISH", "news", "never delivered")
            sleep(0.3)
            proxy.reset()
            proxy.restore()
            gap = subscription.get(5)
            assert isinstance(gap, Gap)
            assert gap.since <= silent + 0.05
            assert gap.until - gap.since >= 0.25


def test_gaps_and_handlers(mux: ConnectionMultiplexer) -> None:
    with pytest.raises(DataError, match="on_gap"):
        mux.get_subscriber().subscribe("news", gaps=True, handler=print)


def test_iterating_over_a_subscription_with_a_handler(mux: ConnectionMultiplexer) -> None:
    subscription = mux.get_subscriber().subscribe("news", handler=lambda _: None)
    with pytest.raises(DataError, match="handler"):
        next(subscription)


def test_shard_channels(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber()
    seen: list[Publication] = []
    with subscriber.ssubscribe("orders", "bills") as shard:
        usual = subscriber.subscribe("orders", handler=seen.append)
        counts = server.command("PUBSUB", "SHARDNUMSUB", "orders", "bills")
        assert sorted(counts, key=str) == [1, 1, b"bills", b"orders"]
        assert subscriber.spublish("orders", "x") == 1
        assert subscriber.publish("orders", "y") == 1
        assert shard.get(5) == Publication(b"orders", b"x", None, "shard")
        until(lambda: seen == [Publication(b"orders", b"y", None, "channel")])
        subscriber.sunsubscribe("orders")
        assert subscriber.spublish("bills", "z") == 1
        assert shard.get(5).data == b"z"
        assert subscriber.spublish("orders", "x") == 0
        subscriber.sunsubscribe()
        assert [item for item in shard] == []
    assert usual.topics == (("channel", b"orders"),)
    assert subscriber.is_connected("orders")
    with pytest.raises(DataError, match="shard channel"):
        subscriber.ssubscribe()


def test_shard_channels_are_subscribed_again(own_server: RealServer, target: Target) -> None:
    with connect(own_server, protocol=target.protocol) as mux:
        subscriber = mux.get_subscriber()
        shard = subscriber.ssubscribe("orders", gaps=True)
        own_server.restart()
        until(lambda: own_server.command("PUBSUB", "SHARDNUMSUB", "orders")[1] == 1)
        own_server.command("SPUBLISH", "orders", "after")
        assert isinstance(shard.get(5), Gap)
        item = shard.get(5)
        assert isinstance(item, Publication)
        assert item.data == b"after"


def test_whether_messages_come_in(own_server: RealServer, target: Target) -> None:
    with connect(own_server, protocol=target.protocol, channel_prefix="app:") as mux:
        subscriber = mux.get_subscriber()
        assert not subscriber.is_connected()
        subscriber.subscribe("news", handler=print)
        subscriber.psubscribe("w*", handler=print)
        assert subscriber.is_connected()
        assert (subscriber.is_connected("news"), subscriber.is_connected("w*")) == (True, True)
        assert not subscriber.is_connected("weather")
        assert subscriber.subscribed_endpoint == f"{own_server.host}:{own_server.port}"
        own_server.kill()
        until(lambda: not subscriber.is_connected("news"))
        assert subscriber.subscribed_endpoint is None
        own_server.restart()
        until(lambda: subscriber.is_connected("news") and subscriber.is_connected("w*"))


def test_many_readers_of_one_subscription(mux: ConnectionMultiplexer, server: RealServer) -> None:
    """Each message goes to exactly one of them, and none is left while somebody sleeps."""
    subscription = mux.get_subscriber().subscribe("news")
    taken: list[bytes] = []

    def read() -> None:
        for publication in subscription:
            taken.append(publication.data)

    def publish() -> None:
        for number in range(300):
            server.command("PUBLISH", "news", number)
            if number % 40 == 0:
                until(lambda number=number: len(taken) == number + 1)  # type: ignore[misc]
        until(lambda: len(taken) == 300)
        subscription.unsubscribe()

    gather(publish, *[read] * 6)
    assert sorted(map(int, taken)) == list(range(300))


def test_a_subscription_that_is_not_renewed(own_server: RealServer, target: Target) -> None:
    own_server.command("ACL", "SETUSER", "eve", "on", ">pw", "~*", "+@all", "allchannels")
    with connect(own_server, user="eve", password="pw", protocol=target.protocol) as mux:
        errors: list[ErrorEvent] = []
        mux.error_message += errors.append
        gaps: list[Gap] = []
        subscriber = mux.get_subscriber()
        subscriber.subscribe("news", "weather", handler=print, on_gap=gaps.append)
        own_server.command("ACL", "SETUSER", "eve", "resetchannels", "&weather")  # ends the connection
        until(lambda: errors)
        until(lambda: subscriber.is_connected("weather"))
        assert not subscriber.is_connected("news")
        assert (errors[0].command, type(errors[0].error)) == ("SUBSCRIBE", NoPermissionError)
        until(lambda: gaps)
