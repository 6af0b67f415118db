"""Subscribers that get text, or values of their own: what cannot be decoded is theirs alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_type

import pytest

from multiplexer import ErrorEvent, Gap, KeyspaceNotification, Member, Publication
from multiplexer.asyncio import ConnectionGroup, ConnectionMultiplexer, Subscription
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


async def test_text(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber(decode=True)
    async with await subscriber.subscribe("größe") as news:
        assert await subscriber.publish("größe", "süß") == 1
        message = await news.get(5)
        assert message == Publication("größe", "süß", None, "channel")
        assert await mux.get_subscriber().publish("größe", 7) == 1
        assert (await news.get(5)).data == "7"
    async with await subscriber.psubscribe("new*") as patterns:
        server.command("PUBLISH", "news", "text")
        assert await patterns.get(5) == Publication("news", "text", "new*", "pattern")
        server.command("PUBLISH", "newer", "text")
        assert [message.channel async for message in _first(patterns, 1)] == ["newer"]


async def _first(subscription: Subscription[Any], count: int) -> Any:
    """Yield some items and end."""
    for _ in range(count):
        yield await subscription.__anext__()


async def test_values(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber, plain = mux.get_subscriber(codec=USERS), mux.get_subscriber()
    async with await subscriber.subscribe("users") as users, await plain.subscribe("users") as raw:
        assert await subscriber.publish("users", ADA) == 1
        message = await users.get(5)
        assert_type(message, Publication[str, User])
        assert (message.channel, message.data) == ("users", ADA)
        # They share one subscription at the server, and each has its own of what comes.
        assert await raw.get(5) == Publication(b"users", b'{"name":"Ada"}', None, "channel")
        assert server.command("PUBSUB", "NUMSUB", "users")[1] == 1
        with pytest.raises(EncodeError, match="PUBLISH: message"):
            await subscriber.publish("users", "Ada")


async def test_shard_channels(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber(codec=USERS)
    async with await subscriber.ssubscribe("users") as users:
        assert await subscriber.spublish("users", ADA) == 1
        assert await users.get(5) == Publication("users", ADA, None, "shard")


async def test_what_cannot_be_decoded_is_its_readers_error(mux: ConnectionMultiplexer, server: RealServer) -> None:
    async with await mux.get_subscriber(codec=USERS).subscribe("users") as users:
        for message in (b'{"name":"Ada"}', SECRET, b'{"name":7}', b'{"name":"Grace"}'):
            server.command("PUBLISH", "users", message)
        assert (await users.get(5)).data == ADA
        with pytest.raises(DecodeError) as caught:
            await users.get(5)
        assert (caught.value.raw, caught.value.command) == (SECRET, "SUBSCRIBE")
        assert "secret" not in str(caught.value)
        with pytest.raises(DecodeError):
            await users.__anext__()
        # The subscription goes on with the next one.
        assert (await users.__anext__()).data == User("Grace")
        assert (users.undecodable, users.dropped) == (2, 0)
    async with await mux.get_subscriber(decode=True).psubscribe(b"\xff*") as patterns:
        server.command("PUBLISH", b"\xff!", "text")
        with pytest.raises(DecodeError) as caught:
            await patterns.get(5)
        assert caught.value.raw == b"\xff!"


async def test_what_cannot_be_decoded_is_told_beside_the_handler(
    mux: ConnectionMultiplexer, server: RealServer
) -> None:
    told: list[ErrorEvent] = []
    seen: list[User] = []
    mux.error_message += told.append

    async def handle(message: Publication[str, User]) -> None:
        seen.append(message.data)

    subscription = await mux.get_subscriber(codec=USERS).subscribe("users", handler=handle)
    for message in (b'{"name":"Ada"}', SECRET, b'{"name":"Grace"}'):
        server.command("PUBLISH", "users", message)
    await until(lambda: len(seen) == 2)
    await until(lambda: told)
    assert seen == [ADA, User("Grace")]
    assert subscription.undecodable == 1
    [event] = told
    assert event.command == "SUBSCRIBE"
    assert isinstance(event.error, DecodeError)
    assert event.error.raw == SECRET
    assert mux.is_connected


async def test_handlers_of_values_are_bounded_and_in_nobodys_way(
    mux: ConnectionMultiplexer, server: RealServer
) -> None:
    slow = SlowHandler(lambda message: message.data.name)
    seen: list[User] = []
    subscriber = mux.get_subscriber(codec=USERS)
    subscription = await subscriber.subscribe("slow", handler=slow.handle, queue_size=3)
    await subscriber.subscribe("quick", handler=lambda message: seen.append(message.data))
    await subscriber.publish("slow", User("0"))
    await slow.entered.wait()
    for number in range(1, 11):
        await subscriber.publish("slow", User(f"{number}"))
    await subscriber.publish("quick", ADA)
    await until(lambda: seen == [ADA])
    await until(lambda: subscription.dropped == 7)  # the oldest, and counted
    slow.goes_on.set()
    await until(lambda: slow.seen == ["0", "8", "9", "10"])
    assert slow.most_at_once == 1


async def test_gaps(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, protocol=target.protocol) as mux:
            gaps: list[Gap] = []
            subscriber = mux.get_subscriber(decode=True)
            async with await subscriber.subscribe("news", gaps=True, on_gap=gaps.append) as news:
                proxy.reset()
                assert isinstance(await news.get(10), Gap)
                await until(lambda: gaps)
                await until(lambda: subscriber.is_connected("news"))
                await subscriber.publish("news", "text")
                message = await news.get(5)
                assert isinstance(message, Publication)
                assert message.data == "text"


async def test_notifications(mux: ConnectionMultiplexer, server: RealServer) -> None:
    server.command("CONFIG", "SET", "notify-keyspace-events", "KEA")
    try:
        subscriber = mux.get_subscriber(decode=True)
        async with await subscriber.subscribe_keyspace("user:*") as users:
            server.command("SET", "user:größe", "x")
            notification = await users.get(5)
            assert_type(notification, KeyspaceNotification[str])
            assert notification == KeyspaceNotification(0, "user:größe", "set")
            server.command("SET", b"user:\xff", "x")
            with pytest.raises(DecodeError):
                await users.get(5)
    finally:
        server.command("CONFIG", "SET", "notify-keyspace-events", "")


async def test_channel_prefixes(server: RealServer) -> None:
    async with await connect(server, channel_prefix="app:") as mux:
        subscriber = mux.get_subscriber(codec=USERS)
        async with await subscriber.psubscribe("user*") as users:
            await subscriber.publish("users", ADA)
            assert await users.get(5) == Publication("users", ADA, "user*", "pattern")


async def test_of_a_group(server: RealServer) -> None:
    async with await ConnectionGroup.connect([Member(f"{server.host}:{server.port}")]) as group:
        subscriber = group.get_subscriber(codec=USERS)
        async with await subscriber.subscribe("users") as users:
            assert await subscriber.publish("users", ADA) == 1
            assert (await users.get(5)).data == ADA
            await group.get_subscriber().unsubscribe("users")  # everybody's, as they share it
            with pytest.raises(Exception, match="ended"):
                await users.get(5)


async def test_what_is_refused(mux: ConnectionMultiplexer) -> None:
    with pytest.raises(DataError, match="get_subscriber: codec"):
        mux.get_subscriber(codec=object())  # type: ignore[call-overload]
    with pytest.raises(DataError, match="codec"):
        mux.get_subscriber(codec=JsonCodec)  # type: ignore[call-overload]
    assert mux.get_subscriber() is mux.get_subscriber(decode=False)
