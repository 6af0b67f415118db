# Generated from tests/asyncio/test_subscriber.py by scripts/generate_blocking.py; change that file instead.
"""Publish and subscribe."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer import Overflow, Publication
from multiplexer.blocking import ConnectionMultiplexer
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


def test_messages_arrive_in_order(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber()
    with subscriber.subscribe("news") as subscription:
        for number in range(100):
            assert subscriber.publish("news", number) == 1
        seen = [subscription.get(5).data for _ in range(100)]
        assert seen == [b"%d" % number for number in range(100)]
    until(lambda: _subscribed(server, "news") == 0)


def test_pushes_arrive_while_nobody_waits(mux: ConnectionMultiplexer, server: RealServer) -> None:
    seen: list[Publication] = []
    mux.get_subscriber().subscribe("news", handler=seen.append)
    server.command("PUBLISH", "news", "one")
    until(lambda: seen == [Publication(b"news", b"one", None, "channel")], timeout=0.9)
    sleep(0.3)
    server.command("PUBLISH", "news", "two")
    until(lambda: len(seen) == 2, timeout=0.9)


def test_commands_go_on_beside_messages(mux: ConnectionMultiplexer, server: RealServer) -> None:
    db = mux.get_database()
    subscription = mux.get_subscriber().subscribe("news")

    def work(index: int) -> bool:
        for number in range(20):
            db.set(f"key-{index}", number)
            server.command("PUBLISH", "news", f"{index}-{number}")
            if db.get(f"key-{index}") != b"%d" % number:
                return False
        return True

    assert gather(*[partial(work, index) for index in range(8)]) == [True] * 8
    seen = [subscription.get(5).data for _ in range(160)]
    for index in range(8):
        own = [data for data in seen if data.startswith(b"%d-" % index)]
        assert own == [b"%d-%d" % (index, number) for number in range(20)]


def test_iteration_ends_with_the_subscription(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    subscription = subscriber.subscribe("news")
    for text in ("a", "b"):
        subscriber.publish("news", text)
    until(lambda: len(subscription._queue or ()) == 2)
    subscription.unsubscribe()
    assert [publication.data for publication in subscription] == [b"a", b"b"]
    with pytest.raises(MultiplexerClosedError, match="ended"):
        subscription.get()


def test_patterns(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    patterns = subscriber.psubscribe("new?", b"w*")
    both = subscriber.subscribe("news")
    subscriber.publish("news", "x")
    subscriber.publish("weather", "y")
    assert patterns.get(5) == Publication(b"news", b"x", b"new?", "pattern")
    assert patterns.get(5) == Publication(b"weather", b"y", b"w*", "pattern")
    assert both.get(5) == Publication(b"news", b"x", None, "channel")


def test_many_receivers_share_one_subscription(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber()
    subscriptions = gather(*[partial(subscriber.subscribe, "news")] * 10)
    handled: list[bytes] = []
    subscriber.subscribe("news", handler=lambda publication: handled.append(publication.data))
    assert _subscribed(server, "news") == 1
    assert subscriber.publish("news", "x") == 1
    for subscription in subscriptions:
        assert subscription.get(5).data == b"x"
    until(lambda: handled == [b"x"])
    for subscription in subscriptions:
        subscription.unsubscribe()
    assert subscriber.publish("news", "y") == 1
    until(lambda: handled == [b"x", b"y"])
    subscriber.unsubscribe("news")
    until(lambda: _subscribed(server, "news") == 0)


def test_unsubscribing(mux: ConnectionMultiplexer, server: RealServer) -> None:
    subscriber = mux.get_subscriber()
    three = subscriber.subscribe("a", "b", "c")
    pattern = subscriber.psubscribe("p*")
    subscriber.unsubscribe("a")
    until(lambda: _subscribed(server, "a") == 0)
    subscriber.publish("a", "lost")
    subscriber.publish("b", "kept")
    assert three.get(5).data == b"kept"
    subscriber.punsubscribe("p*")
    with pytest.raises(MultiplexerClosedError):
        pattern.get(5)
    subscriber.unsubscribe()
    with pytest.raises(MultiplexerClosedError):
        three.get(5)
    own = mux.options.config_channel.encode()  # the multiplexer's, which nobody may end
    until(lambda: server.command("PUBSUB", "CHANNELS") == [own])
    # And again, from the beginning.
    again = subscriber.subscribe("a")
    subscriber.publish("a", "back")
    assert again.get(5).data == b"back"
    assert subscriber.subscribed_endpoint == f"{server.host}:{server.port}"


def test_waiting_for_a_message_has_a_limit(mux: ConnectionMultiplexer) -> None:
    subscription = mux.get_subscriber().subscribe("news")
    with pytest.raises(RedisTimeoutError, match=r"0\.05"):
        subscription.get(timeout=0.05)
    waiting = spawn(subscription.get)
    mux.get_subscriber().publish("news", "x")
    assert waiting.result().data == b"x"


@pytest.mark.parametrize(
    ("overflow", "kept"),
    [
        (Overflow.DROP_OLDEST, [b"7", b"8", b"9"]),
        (Overflow.DROP_NEWEST, [b"0", b"1", b"2"]),
        (Overflow.CLOSE, [b"0", b"1", b"2"]),
    ],
)
def test_what_becomes_of_too_many_messages(
    mux: ConnectionMultiplexer, overflow: Overflow, kept: list[bytes]
) -> None:
    subscriber = mux.get_subscriber()
    subscription = subscriber.subscribe("news", queue_size=3, overflow=overflow)
    marker = subscriber.subscribe("news")
    for number in range(10):
        subscriber.publish("news", number)
    for _ in range(10):
        marker.get(5)
    assert subscription.dropped == (1 if overflow is Overflow.CLOSE else 7)
    assert [subscription.get(5).data for _ in range(3)] == kept
    if overflow is Overflow.CLOSE:
        with pytest.raises(MultiplexerClosedError):
            subscription.get(5)
    else:
        with pytest.raises(RedisTimeoutError):
            subscription.get(0.01)


def test_handlers_are_called_in_order_and_may_raise(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    seen: list[bytes] = []

    def handle(publication: Publication) -> None:
        seen.append(publication.data)
        if publication.data == b"1":
            raise RuntimeError("of the handler's own")

    subscription = subscriber.subscribe("news", handler=handle)
    for number in range(20):
        subscriber.publish("news", number)
    until(lambda: len(seen) == 20)
    assert seen == [b"%d" % number for number in range(20)]
    with pytest.raises(DataError, match="handler"):
        subscription.get(0.01)


def test_handlers_may_wait_and_use_the_multiplexer(mux: ConnectionMultiplexer) -> None:
    db, subscriber = mux.get_database(), mux.get_subscriber()
    done = Event()

    def handle(publication: Publication) -> None:
        db.set("seen", publication.data)
        subscriber.subscribe("other", handler=lambda _: None)
        done.set()

    subscriber.subscribe("news", handler=handle)
    subscriber.publish("news", "x")
    done.wait()
    assert db.get("seen") == b"x"


def test_a_slow_handler_does_not_hold_up_commands(mux: ConnectionMultiplexer) -> None:
    entered, done = Event(), Event()

    def handle(publication: Publication) -> None:
        entered.set()
        done.wait()

    mux.get_subscriber().subscribe("news", handler=handle)
    mux.get_subscriber().publish("news", "x")
    entered.wait()
    for number in range(5):
        mux.get_database().set("key", number)
    done.set()


def test_resubscribes_after_the_connection_was_lost(own_server: RealServer, target: Target) -> None:
    with connect(own_server, protocol=target.protocol) as mux:
        subscriber = mux.get_subscriber()
        channel = subscriber.subscribe("news", "weather")
        pattern = subscriber.psubscribe("n*")
        gone = subscriber.subscribe("gone")
        gone.unsubscribe()
        own_server.restart()
        until(lambda: _subscribed(own_server, "news") == 1)
        until(lambda: own_server.command("PUBSUB", "NUMPAT") == 1)
        assert _subscribed(own_server, "weather") == 1
        assert _subscribed(own_server, "gone") == 0
        own_server.command("PUBLISH", "news", "after")
        assert channel.get(5).data == b"after"
        assert pattern.get(5).pattern == b"n*"


def test_subscribing_while_disconnected(own_server: RealServer, target: Target) -> None:
    own_server.kill()
    with connect(own_server, protocol=target.protocol) as mux:
        subscribing = spawn(mux.get_subscriber().subscribe, "news")
        sleep(0.05)
        assert not subscribing.done()
        own_server.restart()
        subscription = subscribing.result()
        own_server.command("PUBLISH", "news", "x")
        assert subscription.get(5).data == b"x"


def test_subscribing_has_a_limit() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        with connect(server, timeout=0.1) as mux:
            with pytest.raises(RedisTimeoutError, match="did not confirm"):
                mux.get_subscriber().subscribe("news")
            server.start_listening()
            until(lambda: mux.is_connected)
            assert mux.get_database().with_options(timeout=5).set("key", 1)
            assert (b"SUBSCRIBE", b"news") not in server.commands()  # nobody wants it any more


def test_a_channel_that_is_forbidden(own_server: RealServer, target: Target) -> None:
    own_server.command("ACL", "SETUSER", "eve", "on", ">pw", "~*", "+@all", "resetchannels", "&allowed*")
    with connect(own_server, user="eve", password="pw", protocol=target.protocol) as mux:
        subscriber = mux.get_subscriber()
        with pytest.raises(NoPermissionError, match="NOPERM"):
            subscriber.subscribe("forbidden")
        with pytest.raises(NoPermissionError):
            subscriber.subscribe("allowed", "forbidden")
        subscription = subscriber.subscribe("allowed")
        assert subscriber.publish("allowed", "x") == 1
        assert subscription.get(5).data == b"x"
        own_server.command("ACL", "SETUSER", "eve", "allchannels")
        assert subscriber.subscribe("forbidden")
        assert mux.get_database().ping()


def test_a_prefix_for_all_channels(own_server: RealServer) -> None:
    with connect(own_server, channel_prefix="app:") as mux:
        subscription = mux.get_subscriber().subscribe("news")
        assert _subscribed(own_server, "app:news") == 1
        own_server.command("PUBLISH", "app:news", "x")
        assert subscription.get(5).data == b"x"


def test_names_and_messages_are_binary_safe(mux: ConnectionMultiplexer) -> None:
    name, text = bytes(range(256)), b"\r\n*1\r\n" + bytes(range(256))
    subscription = mux.get_subscriber().subscribe(name, "größe")
    mux.get_subscriber().publish(name, text)
    mux.get_subscriber().publish("größe", b"x" * 1_000_000)
    assert subscription.get(5) == Publication(name, text, None, "channel")
    large = subscription.get(5)
    assert (large.channel, len(large.data)) == ("größe".encode(), 1_000_000)


def test_bad_arguments(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    with pytest.raises(DataError, match="at least one"):
        subscriber.subscribe()
    with pytest.raises(DataError, match="queue_size"):
        subscriber.subscribe("a", queue_size=0)
    for name in (None, 1, ["a"]):
        with pytest.raises(DataError, match="SUBSCRIBE"):
            subscriber.subscribe(name)  # type: ignore[arg-type]
    assert subscriber.subscribed_endpoint is None


def test_closing_ends_subscriptions(server: RealServer, target: Target) -> None:
    mux = connect(server, protocol=target.protocol)
    subscription = mux.get_subscriber().subscribe("news")
    waiting = spawn(subscription.get)
    sleep(0.02)
    mux.close()
    with pytest.raises(MultiplexerClosedError):
        waiting.result()
    subscription.unsubscribe()


def test_a_message_cut_in_the_middle(server: RealServer, target: Target) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            seen: list[bytes] = []
            mux.get_subscriber().subscribe("news", handler=lambda publication: seen.append(publication.data))
            proxy.black_hole("to_client")
            server.command("PUBLISH", "news", "never delivered")
            proxy.reset()
            proxy.restore()
            until(lambda: _subscribed(server, "news") == 1)
            until(lambda: server.command("PUBLISH", "news", "delivered") and seen)
            assert set(seen) == {b"delivered"}


def test_thousands_of_channels(server: RealServer, target: Target) -> None:
    """Commands go on while they are subscribed, subscribed again and unsubscribed."""
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol, timeout=30) as mux:
            db, subscriber = mux.get_database(), mux.get_subscriber()
            names = [f"channel-{number}" for number in range(5000)]
            subscribing = spawn(subscriber.subscribe, *names)
            while not subscribing.done():
                assert db.incr("calls")
            subscription = subscribing.result()
            assert _subscribed(server, names[0]) == _subscribed(server, names[-1]) == 1
            proxy.reset()
            until(lambda: not subscriber.is_connected(names[-1]), timeout=30)
            until(lambda: subscriber.is_connected(names[-1]), timeout=30)
            until(lambda: all(subscriber.is_connected(name) for name in names), timeout=30)
            assert subscription.gaps == 1
            server.command("PUBLISH", names[17], "x")
            assert subscription.get(5).channel == names[17].encode()
            ending = spawn(subscription.unsubscribe)
            while not ending.done():
                assert db.incr("calls")
            until(lambda: _subscribed(server, names[-1]) == 0, timeout=30)


def test_a_forbidden_one_among_many(own_server: RealServer, target: Target) -> None:
    own_server.command("ACL", "SETUSER", "eve", "on", ">pw", "~*", "+@all", "resetchannels", "&allowed*")
    with connect(own_server, user="eve", password="pw", protocol=target.protocol) as mux:
        subscriber = mux.get_subscriber()
        kept = subscriber.subscribe("allowed-7", "allowed-8")
        with pytest.raises(NoPermissionError):
            subscriber.subscribe(*[f"allowed-{number}" for number in range(100)], "forbidden")
        until(lambda: _subscribed(own_server, "allowed-9") == 0)
        own_server.command("PUBLISH", "allowed-7", "x")
        assert kept.get(5).data == b"x"


def test_unsubscribing_by_name_ends_those_that_have_none_left(mux: ConnectionMultiplexer) -> None:
    subscriber = mux.get_subscriber()
    first, second = subscriber.subscribe("a", "b"), subscriber.subscribe("b", "c")
    subscriber.unsubscribe("a")
    subscriber.unsubscribe("b")
    again = subscriber.subscribe("a")  # somebody else's, which does not keep the first one
    with pytest.raises(MultiplexerClosedError):
        first.get(5)
    for name in "abc":
        subscriber.publish(name, name)
    assert second.get(5).data == b"c"
    assert again.get(5).data == b"a"
