"""Publish and subscribe."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer import Overflow, Publication
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import (
    DataError,
    MultiplexerClosedError,
    NoPermissionError,
    RedisTimeoutError,
)
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer, ScriptedServer

from ._world import Event, gather, sleep, spawn, until
from .connecting import connect


def _subscribed(server: RealServer, channel: str) -> int:
    return server.command("PUBSUB", "NUMSUB", channel)[1]


async def test_messages_arrive_in_order(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber()
    async with await subscriber.subscribe("news") as subscription:
        for number in range(100):
            assert await subscriber.publish("news", number) == 1
        seen = [(await subscription.get(5)).data for _ in range(100)]
        assert seen == [b"%d" % number for number in range(100)]
    await until(lambda: _subscribed(server, "news") == 0)


async def test_pushes_arrive_while_nobody_waits(mux: ConnectionMultiplexer, server: RealServer) -> None:
    seen: list[Publication] = []
    await mux.get_subscriber().subscribe("news", handler=seen.append)
    server.command("PUBLISH", "news", "one")
    await until(lambda: seen == [Publication(b"news", b"one", None, "channel")], timeout=0.9)
    await sleep(0.3)
    server.command("PUBLISH", "news", "two")
    await until(lambda: len(seen) == 2, timeout=0.9)


async def test_commands_go_on_beside_messages(mux: ConnectionMultiplexer, server: RealServer) -> None:
    db = mux.get_database()
    subscription = await mux.get_subscriber().subscribe("news")

    async def work(index: int) -> bool:
        for number in range(20):
            await db.set(f"key-{index}", number)
            server.command("PUBLISH", "news", f"{index}-{number}")
            if await db.get(f"key-{index}") != b"%d" % number:
                return False
        return True

    assert await gather(*[partial(work, index) for index in range(8)]) == [True] * 8
    seen = [(await subscription.get(5)).data for _ in range(160)]
    for index in range(8):
        own = [data for data in seen if data.startswith(b"%d-" % index)]
        assert own == [b"%d-%d" % (index, number) for number in range(20)]


async def test_iteration_ends_with_the_subscription(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    subscription = await subscriber.subscribe("news")
    for text in ("a", "b"):
        await subscriber.publish("news", text)
    await until(lambda: len(subscription._queue or ()) == 2)
    await subscription.unsubscribe()
    assert [publication.data async for publication in subscription] == [b"a", b"b"]
    with pytest.raises(MultiplexerClosedError, match="ended"):
        await subscription.get()


async def test_patterns(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    patterns = await subscriber.psubscribe("new?", b"w*")
    both = await subscriber.subscribe("news")
    await subscriber.publish("news", "x")
    await subscriber.publish("weather", "y")
    assert await patterns.get(5) == Publication(b"news", b"x", b"new?", "pattern")
    assert await patterns.get(5) == Publication(b"weather", b"y", b"w*", "pattern")
    assert await both.get(5) == Publication(b"news", b"x", None, "channel")


async def test_many_receivers_share_one_subscription(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber()
    subscriptions = await gather(*[partial(subscriber.subscribe, "news")] * 10)
    handled: list[bytes] = []
    await subscriber.subscribe("news", handler=lambda publication: handled.append(publication.data))
    assert _subscribed(server, "news") == 1
    assert await subscriber.publish("news", "x") == 1
    for subscription in subscriptions:
        assert (await subscription.get(5)).data == b"x"
    await until(lambda: handled == [b"x"])
    for subscription in subscriptions:
        await subscription.unsubscribe()
    assert await subscriber.publish("news", "y") == 1
    await until(lambda: handled == [b"x", b"y"])
    await subscriber.unsubscribe("news")
    await until(lambda: _subscribed(server, "news") == 0)


async def test_unsubscribing(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber()
    three = await subscriber.subscribe("a", "b", "c")
    pattern = await subscriber.psubscribe("p*")
    await subscriber.unsubscribe("a")
    await until(lambda: _subscribed(server, "a") == 0)
    await subscriber.publish("a", "lost")
    await subscriber.publish("b", "kept")
    assert (await three.get(5)).data == b"kept"
    await subscriber.punsubscribe("p*")
    with pytest.raises(MultiplexerClosedError):
        await pattern.get(5)
    await subscriber.unsubscribe()
    with pytest.raises(MultiplexerClosedError):
        await three.get(5)
    own = mux.options.config_channel.encode()  # the multiplexer's, which nobody may end
    await until(lambda: server.command("PUBSUB", "CHANNELS") == [own])
    # And again, from the beginning.
    again = await subscriber.subscribe("a")
    await subscriber.publish("a", "back")
    assert (await again.get(5)).data == b"back"
    assert subscriber.subscribed_endpoint == f"{server.host}:{server.port}"


async def test_waiting_for_a_message_has_a_limit(mux: ConnectionMultiplexer) -> None:
    subscription = await mux.get_subscriber().subscribe("news")
    with pytest.raises(RedisTimeoutError, match=r"0\.05"):
        await subscription.get(timeout=0.05)
    waiting = spawn(subscription.get)
    await mux.get_subscriber().publish("news", "x")
    assert (await waiting.result()).data == b"x"


@pytest.mark.parametrize(
    ("overflow", "kept"),
    [
        (Overflow.DROP_OLDEST, [b"7", b"8", b"9"]),
        (Overflow.DROP_NEWEST, [b"0", b"1", b"2"]),
        (Overflow.CLOSE, [b"0", b"1", b"2"]),
    ],
)
async def test_what_becomes_of_too_many_messages(
    mux: ConnectionMultiplexer, overflow: Overflow, kept: list[bytes]
) -> None:
    subscriber = mux.get_subscriber()
    subscription = await subscriber.subscribe("news", queue_size=3, overflow=overflow)
    marker = await subscriber.subscribe("news")
    for number in range(10):
        await subscriber.publish("news", number)
    for _ in range(10):
        await marker.get(5)
    assert subscription.dropped == (1 if overflow is Overflow.CLOSE else 7)
    assert [(await subscription.get(5)).data for _ in range(3)] == kept
    if overflow is Overflow.CLOSE:
        with pytest.raises(MultiplexerClosedError):
            await subscription.get(5)
    else:
        with pytest.raises(RedisTimeoutError):
            await subscription.get(0.01)


async def test_handlers_are_called_in_order_and_may_raise(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    seen: list[bytes] = []

    def handle(publication: Publication) -> None:
        seen.append(publication.data)
        if publication.data == b"1":
            raise RuntimeError("of the handler's own")

    subscription = await subscriber.subscribe("news", handler=handle)
    for number in range(20):
        await subscriber.publish("news", number)
    await until(lambda: len(seen) == 20)
    assert seen == [b"%d" % number for number in range(20)]
    with pytest.raises(DataError, match="handler"):
        await subscription.get(0.01)


async def test_handlers_may_wait_and_use_the_multiplexer(mux: ConnectionMultiplexer) -> None:
    db, subscriber = mux.get_database(), mux.get_subscriber()
    done = Event()

    async def handle(publication: Publication) -> None:
        await db.set("seen", publication.data)
        await subscriber.subscribe("other", handler=lambda _: None)
        done.set()

    await subscriber.subscribe("news", handler=handle)
    await subscriber.publish("news", "x")
    await done.wait()
    assert await db.get("seen") == b"x"


async def test_a_slow_handler_does_not_hold_up_commands(mux: ConnectionMultiplexer) -> None:
    entered, done = Event(), Event()

    async def handle(publication: Publication) -> None:
        entered.set()
        await done.wait()

    await mux.get_subscriber().subscribe("news", handler=handle)
    await mux.get_subscriber().publish("news", "x")
    await entered.wait()
    for number in range(5):
        await mux.get_database().set("key", number)
    done.set()


async def test_resubscribes_after_the_connection_was_lost(own_server: RealServer, target: Target) -> None:
    async with await connect(own_server, protocol=target.protocol) as mux:
        subscriber = mux.get_subscriber()
        channel = await subscriber.subscribe("news", "weather")
        pattern = await subscriber.psubscribe("n*")
        gone = await subscriber.subscribe("gone")
        await gone.unsubscribe()
        own_server.restart()
        await until(lambda: _subscribed(own_server, "news") == 1)
        await until(lambda: own_server.command("PUBSUB", "NUMPAT") == 1)
        assert _subscribed(own_server, "weather") == 1
        assert _subscribed(own_server, "gone") == 0
        own_server.command("PUBLISH", "news", "after")
        assert (await channel.get(5)).data == b"after"
        assert (await pattern.get(5)).pattern == b"n*"


async def test_subscribing_while_disconnected(own_server: RealServer, target: Target) -> None:
    own_server.kill()
    async with await connect(own_server, protocol=target.protocol) as mux:
        subscribing = spawn(mux.get_subscriber().subscribe, "news")
        await sleep(0.05)
        assert not subscribing.done()
        own_server.restart()
        subscription = await subscribing.result()
        own_server.command("PUBLISH", "news", "x")
        assert (await subscription.get(5)).data == b"x"


async def test_subscribing_has_a_limit() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        async with await connect(server, timeout=0.1) as mux:
            with pytest.raises(RedisTimeoutError, match="did not confirm"):
                await mux.get_subscriber().subscribe("news")
            server.start_listening()
            await until(lambda: mux.is_connected)
            assert await mux.get_database().with_options(timeout=5).set("key", 1)
            assert (b"SUBSCRIBE", b"news") not in server.commands()  # nobody wants it any more


async def test_a_channel_that_is_forbidden(own_server: RealServer, target: Target) -> None:
    own_server.command("ACL", "SETUSER", "eve", "on", ">pw", "~*", "+@all", "resetchannels", "&allowed*")
    async with await connect(own_server, user="eve", password="pw", protocol=target.protocol) as mux:
        subscriber = mux.get_subscriber()
        with pytest.raises(NoPermissionError, match="NOPERM"):
            await subscriber.subscribe("forbidden")
        with pytest.raises(NoPermissionError):
            await subscriber.subscribe("allowed", "forbidden")
        subscription = await subscriber.subscribe("allowed")
        assert await subscriber.publish("allowed", "x") == 1
        assert (await subscription.get(5)).data == b"x"
        own_server.command("ACL", "SETUSER", "eve", "allchannels")
        assert await subscriber.subscribe("forbidden")
        assert await mux.get_database().ping()


async def test_a_prefix_for_all_channels(own_server: RealServer) -> None:
    async with await connect(own_server, channel_prefix="app:") as mux:
        subscription = await mux.get_subscriber().subscribe("news")
        assert _subscribed(own_server, "app:news") == 1
        own_server.command("PUBLISH", "app:news", "x")
        assert (await subscription.get(5)).data == b"x"


async def test_names_and_messages_are_binary_safe(mux: ConnectionMultiplexer) -> None:
    name, text = bytes(range(256)), b"\r\n*1\r\n" + bytes(range(256))
    subscription = await mux.get_subscriber().subscribe(name, "größe")
    await mux.get_subscriber().publish(name, text)
    await mux.get_subscriber().publish("größe", b"x" * 1_000_000)
    assert await subscription.get(5) == Publication(name, text, None, "channel")
    large = await subscription.get(5)
    assert (large.channel, len(large.data)) == ("größe".encode(), 1_000_000)


async def test_bad_arguments(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    with pytest.raises(DataError, match="at least one"):
        await subscriber.subscribe()
    with pytest.raises(DataError, match="queue_size"):
        await subscriber.subscribe("a", queue_size=0)
    for name in (None, 1, ["a"]):
        with pytest.raises(DataError, match="SUBSCRIBE"):
            await subscriber.subscribe(name)  # type: ignore[arg-type]
    assert subscriber.subscribed_endpoint is None


async def test_closing_ends_subscriptions(server: RealServer, target: Target) -> None:
    mux = await connect(server, protocol=target.protocol)
    subscription = await mux.get_subscriber().subscribe("news")
    waiting = spawn(subscription.get)
    await sleep(0.02)
    await mux.aclose()
    with pytest.raises(MultiplexerClosedError):
        await waiting.result()
    await subscription.unsubscribe()


async def test_a_message_cut_in_the_middle(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, protocol=target.protocol) as mux:
            seen: list[bytes] = []
            await mux.get_subscriber().subscribe("news", handler=lambda publication: seen.append(publication.data))
            proxy.black_hole("to_client")
            server.command("PUBLISH", "news", "never delivered")
            proxy.reset()
            proxy.restore()
            await until(lambda: _subscribed(server, "news") == 1)
            await until(lambda: server.command("PUBLISH", "news", "delivered") and seen)
            assert set(seen) == {b"delivered"}


async def test_thousands_of_channels(server: RealServer, target: Target) -> None:
    """Commands go on while they are subscribed, subscribed again and unsubscribed."""
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy, protocol=target.protocol, timeout=30) as mux:
            db, subscriber = mux.get_database(), mux.get_subscriber()
            names = [f"channel-{number}" for number in range(5000)]
            subscribing = spawn(subscriber.subscribe, *names)
            while not subscribing.done():
                assert await db.incr("calls")
            subscription = await subscribing.result()
            assert _subscribed(server, names[0]) == _subscribed(server, names[-1]) == 1
            proxy.reset()
            await until(lambda: not subscriber.is_connected(names[-1]), timeout=30)
            await until(lambda: subscriber.is_connected(names[-1]), timeout=30)
            await until(lambda: all(subscriber.is_connected(name) for name in names), timeout=30)
            assert subscription.gaps == 1
            server.command("PUBLISH", names[17], "x")
            assert (await subscription.get(5)).channel == names[17].encode()
            ending = spawn(subscription.unsubscribe)
            while not ending.done():
                assert await db.incr("calls")
            await until(lambda: _subscribed(server, names[-1]) == 0, timeout=30)


async def test_a_forbidden_one_among_many(own_server: RealServer, target: Target) -> None:
    own_server.command("ACL", "SETUSER", "eve", "on", ">pw", "~*", "+@all", "resetchannels", "&allowed*")
    async with await connect(own_server, user="eve", password="pw", protocol=target.protocol) as mux:
        subscriber = mux.get_subscriber()
        kept = await subscriber.subscribe("allowed-7", "allowed-8")
        with pytest.raises(NoPermissionError):
            await subscriber.subscribe(*[f"allowed-{number}" for number in range(100)], "forbidden")
        await until(lambda: _subscribed(own_server, "allowed-9") == 0)
        own_server.command("PUBLISH", "allowed-7", "x")
        assert (await kept.get(5)).data == b"x"


async def test_unsubscribing_by_name_ends_those_that_have_none_left(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    first, second = await subscriber.subscribe("a", "b"), await subscriber.subscribe("b", "c")
    await subscriber.unsubscribe("a")
    await subscriber.unsubscribe("b")
    again = await subscriber.subscribe("a")  # somebody else's, which does not keep the first one
    with pytest.raises(MultiplexerClosedError):
        await first.get(5)
    for name in "abc":
        await subscriber.publish(name, name)
    assert (await second.get(5)).data == b"c"
    assert (await again.get(5)).data == b"a"
