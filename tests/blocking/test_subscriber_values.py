# Generated from tests/asyncio/test_subscriber_values.py by scripts/generate_blocking.py; change that file instead.
"""Subscribers that get text, or values of their own: what cannot be decoded is theirs alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_type

import pytest

from multiplexer import ErrorEvent, Gap, KeyspaceNotification, Member, Publication
from multiplexer.blocking import ConnectionGroup, ConnectionMultiplexer, Subscription
from multiplexer.codecs import JsonCodec
from multiplexer.errors import DataError, DecodeError, EncodeError
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer

from ._world import until
from .connecting import connect
from .slow_handler import SlowHandler


@dataclass
class User:
    """Somebody."""

    name: str


USERS = JsonCodec(User)
ADA = User("Ada")
SECRET = b"\xff\xfesecret"


def test_text(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber(decode=True)
    with subscriber.subscribe("größe") as news:
        assert subscriber.publish("größe", "süß") == 1
        message = news.get(5)
        assert message == Publication("größe", "süß", None, "channel")
        assert mux.get_subscriber().publish("größe", 7) == 1
        assert news.get(5).data == "7"
    with subscriber.psubscribe("new*") as patterns:
        server.command("PUBLISH", "news", "text")
        assert patterns.get(5) == Publication("news", "text", "new*", "pattern")
        server.command("PUBLISH", "newer", "text")
        assert [message.channel for message in _first(patterns, 1)] == ["newer"]


def _first(subscription: Subscription[Any], count: int) -> Any:
    """Yield some items and end."""
    for _ in range(count):
        yield subscription.__next__()


def test_values(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber, plain = mux.get_subscriber(codec=USERS), mux.get_subscriber()
    with subscriber.subscribe("users") as users, plain.subscribe("users") as raw:
        assert subscriber.publish("users", ADA) == 1
        message = users.get(5)
        assert_type(message, Publication[str, User])
        assert (message.channel, message.data) == ("users", ADA)
        # They share one subscription at the server, and each has its own of what comes.
        assert raw.get(5) == Publication(b"users", b'{"name":"Ada"}', None, "channel")
        assert server.command("PUBSUB", "NUMSUB", "users")[1] == 1
        with pytest.raises(EncodeError, match="PUBLISH: message"):
            subscriber.publish("users", "Ada")


def test_shard_channels(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber(codec=USERS)
    with subscriber.ssubscribe("users") as users:
        assert subscriber.spublish("users", ADA) == 1
        assert users.get(5) == Publication("users", ADA, None, "shard")


def test_what_cannot_be_decoded_is_its_readers_error(mux: ConnectionMultiplexer, server: RealServer) -> None:
    with mux.get_subscriber(codec=USERS).subscribe("users") as users:
        for message in (b'{"name":"Ada"}', SECRET, b'{"name":7}', b'{"name":"Grace"}'):
            server.command("PUBLISH", "users", message)
        assert users.get(5).data == ADA
        with pytest.raises(DecodeError) as caught:
            users.get(5)
        assert (caught.value.raw, caught.value.command) == (SECRET, "SUBSCRIBE")
        assert "secret" not in str(caught.value)
        with pytest.raises(DecodeError):
            users.__next__()
        # The subscription goes on with the next one.
        assert users.__next__().data == User("Grace")
        assert (users.undecodable, users.dropped) == (2, 0)
    with mux.get_subscriber(decode=True).psubscribe(b"\xff*") as patterns:
        server.command("PUBLISH", b"\xff!", "text")
        with pytest.raises(DecodeError) as caught:
            patterns.get(5)
        assert caught.value.raw == b"\xff!"


def test_what_cannot_be_decoded_is_told_beside_the_handler(
    mux: ConnectionMultiplexer, server: RealServer
) -> None:
    told: list[ErrorEvent] = []
    seen: list[User] = []
    mux.error_message += told.append

    def handle(message: Publication[str, User]) -> None:
        seen.append(message.data)

    subscription = mux.get_subscriber(codec=USERS).subscribe("users", handler=handle)
    for message in (b'{"name":"Ada"}', SECRET, b'{"name":"Grace"}'):
        server.command("PUBLISH", "users", message)
    until(lambda: len(seen) == 2)
    until(lambda: told)
    assert seen == [ADA, User("Grace")]
    assert subscription.undecodable == 1
    [event] = told
    assert event.command == "SUBSCRIBE"
    assert isinstance(event.error, DecodeError)
    assert event.error.raw == SECRET
    assert mux.is_connected


def test_handlers_of_values_are_bounded_and_in_nobodys_way(
    mux: ConnectionMultiplexer, server: RealServer
) -> None:
    slow = SlowHandler(lambda message: message.data.name)
    seen: list[User] = []
    subscriber = mux.get_subscriber(codec=USERS)
    subscription = subscriber.subscribe("slow", handler=slow.handle, queue_size=3)
    subscriber.subscribe("quick", handler=lambda message: seen.append(message.data))
    subscriber.publish("slow", User("0"))
    slow.entered.wait()
    for number in range(1, 11):
        subscriber.publish("slow", User(f"{number}"))
    subscriber.publish("quick", ADA)
    until(lambda: seen == [ADA])
    until(lambda: subscription.dropped == 7)  # the oldest, and counted
    slow.goes_on.set()
    until(lambda: slow.seen == ["0", "8", "9", "10"])
    assert slow.most_at_once == 1


def test_gaps(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            gaps: list[Gap] = []
            subscriber = mux.get_subscriber(decode=True)
            with subscriber.subscribe("news", gaps=True, on_gap=gaps.append) as news:
                proxy.reset()
                assert isinstance(news.get(10), Gap)
                until(lambda: gaps)
                until(lambda: subscriber.is_connected("news"))
                subscriber.publish("news", "text")
                message = news.get(5)
                assert isinstance(message, Publication)
                assert message.data == "text"


def test_notifications(mux: ConnectionMultiplexer, server: RealServer) -> None:
    server.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    try:
        subscriber = mux.get_subscriber(decode=True)
        with subscriber.subscribe_keyspace("user:*") as users:
            server.command("SET", "user:größe", "x")
            notification = users.get(5)
            assert_type(notification, KeyspaceNotification[str])
            assert notification == KeyspaceNotification(0, "user:größe", "set")
            server.command("SET", b"user:\xff", "x")
            with pytest.raises(DecodeError):
                users.get(5)
    finally:
        server.command("CONFIG", "SET", "notify-keyspace-events", "")


def test_channel_prefixes(server: RealServer) -> None:
    with connect(server, channel_prefix="app:") as mux:
        subscriber = mux.get_subscriber(codec=USERS)
        with subscriber.psubscribe("user*") as users:
            subscriber.publish("users", ADA)
            assert users.get(5) == Publication("users", ADA, "user*", "pattern")


def test_of_a_group(server: RealServer) -> None:
    with ConnectionGroup.connect([Member(f"{server.host}:{server.port}")]) as group:
        subscriber = group.get_subscriber(codec=USERS)
        with subscriber.subscribe("users") as users:
            assert subscriber.publish("users", ADA) == 1
            assert users.get(5).data == ADA
            group.get_subscriber().unsubscribe("users")  # everybody's, as they share it
            with pytest.raises(Exception, match="ended"):
                users.get(5)


def test_what_is_refused(mux: ConnectionMultiplexer) -> None:
    with pytest.raises(DataError, match="get_subscriber: codec"):
        mux.get_subscriber(codec=object())  # type: ignore[call-overload]
    with pytest.raises(DataError, match="codec"):
        mux.get_subscriber(codec=JsonCodec)  # type: ignore[call-overload]
    assert mux.get_subscriber() is mux.get_subscriber(decode=False)
