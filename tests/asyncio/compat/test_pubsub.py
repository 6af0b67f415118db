"""PubSub of the façade on classic pools: what it says, and what becomes of messages on bad days."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.client import Redis
from multiplexer.compat.asyncio.pubsub import PubSub
from multiplexer.compat.typing import Subscription
from multiplexer.errors import (
    ConfigurationError,
    DataError,
    PubSubError,
    RedisConnectionError,
    RedisError,
    ResponseError,
)
from multiplexer.pools.asyncio import BlockingConnectionPool, ConnectionPool, SSLConnection
from multiplexer.retry import AsyncRetry, NoBackoff
from tests.chance import seeded
from tests.conftest import Target
from tests.servers import Certificates, FaultProxy, RealServer, ScriptedServer, require_kind

from .._world import WORLD, gather, sleep, spawn, until


@pytest.fixture
def options(server: RealServer, target: Target) -> dict[str, Any]:
    """Options of a connection to the server under test."""
    return {"host": server.host, "port": server.port, "protocol": target.protocol}


@pytest_asyncio.fixture
async def pool(options: dict[str, Any]) -> AsyncIterator[ConnectionPool]:
    """A pool on the server under test."""
    async with ConnectionPool(**options) as pool:
        yield pool


@pytest_asyncio.fixture
async def pubsub(pool: ConnectionPool) -> AsyncIterator[PubSub]:
    """Subscriptions on the server under test."""
    async with PubSub(pool) as pubsub:
        yield pubsub


@pytest.fixture
def proxy(server: RealServer) -> Iterator[FaultProxy]:
    """A proxy before the server under test."""
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


@pytest_asyncio.fixture
async def far(proxy: FaultProxy, target: Target) -> AsyncIterator[PubSub]:
    """Subscriptions through the proxy."""
    async with ConnectionPool(host=proxy.host, port=proxy.port, protocol=target.protocol) as pool, PubSub(pool) as far:
        yield far


def message(kind: str, channel: Any, data: Any, pattern: Any = None) -> dict[str, Any]:
    """Return a message as it is expected."""
    return {"type": kind, "pattern": pattern, "channel": channel, "data": data}


async def take(pubsub: PubSub, count: int = 1) -> list[dict[str, Any] | None]:
    """Return the next messages."""
    return [await pubsub.get_message(timeout=5) for _ in range(count)]


async def persist(pubsub: PubSub) -> dict[str, Any] | None:
    """Return the next message, however often the connection is lost meanwhile."""
    while True:
        with suppress(RedisConnectionError):
            return await pubsub.get_message(timeout=5)


# -- what it says ------------------------------------------------------------------------------------------------------


async def test_channels(pubsub: PubSub, server: RealServer) -> None:
    await pubsub.subscribe("a", b"b")
    assert await take(pubsub, 2) == [message("subscribe", b"a", 1), message("subscribe", b"b", 2)]
    assert pubsub.channels == {b"a": None, b"b": None}
    assert pubsub.subscribed
    server.command("PUBLISH", "b", b"\xff")
    assert await take(pubsub) == [message("message", b"b", b"\xff")]
    await pubsub.unsubscribe("a")
    assert pubsub.pending_unsubscribe_channels == {b"a"}
    assert await take(pubsub) == [message("unsubscribe", b"a", 1)]
    assert pubsub.channels == {b"b": None}
    await pubsub.unsubscribe()
    assert await take(pubsub) == [message("unsubscribe", b"b", 0)]
    assert not pubsub.subscribed
    assert not pubsub.pending_unsubscribe_channels


async def test_patterns(pubsub: PubSub, server: RealServer) -> None:
    await pubsub.psubscribe("a*", "b*")
    assert await take(pubsub, 2) == [message("psubscribe", b"a*", 1), message("psubscribe", b"b*", 2)]
    server.command("PUBLISH", "apple", "1")
    assert await take(pubsub) == [message("pmessage", b"apple", b"1", b"a*")]
    await pubsub.punsubscribe("a*")
    await pubsub.punsubscribe()
    assert await take(pubsub, 2) == [message("punsubscribe", b"a*", 1), message("punsubscribe", b"b*", 0)]
    assert pubsub.patterns == {}


async def test_shard_channels(pubsub: PubSub, server: RealServer) -> None:
    await pubsub.ssubscribe("s", "t")
    assert await take(pubsub, 2) == [message("ssubscribe", b"s", 1), message("ssubscribe", b"t", 2)]
    server.command("SPUBLISH", "s", "1")
    assert await pubsub.get_sharded_message(timeout=5) == message("smessage", b"s", b"1")
    await pubsub.sunsubscribe("s")
    await pubsub.sunsubscribe()
    assert await take(pubsub, 2) == [message("sunsubscribe", b"s", 1), message("sunsubscribe", b"t", 0)]
    assert pubsub.shard_channels == {}


async def test_the_end_of_what_was_not_there(pubsub: PubSub) -> None:
    await pubsub.unsubscribe()
    await pubsub.unsubscribe("x")
    await pubsub.subscribe("a")
    kinds = []
    while not kinds or kinds[-1] != "subscribe":
        kinds.append((await take(pubsub))[0]["type"])  # type: ignore[index]
    assert kinds in (["unsubscribe", "unsubscribe", "subscribe"], ["subscribe"])
    assert pubsub.channels == {b"a": None}


async def test_subscribing_again_before_the_end_is_confirmed(pubsub: PubSub, server: RealServer) -> None:
    await pubsub.subscribe("a")
    await pubsub.unsubscribe("a")
    await pubsub.subscribe("a")
    assert [m["type"] for m in await take(pubsub, 3) if m] == ["subscribe", "unsubscribe", "subscribe"]
    assert pubsub.channels == {b"a": None}
    server.command("PUBLISH", "a", "x")
    assert await take(pubsub) == [message("message", b"a", b"x")]


async def test_lists_and_subscriptions(pubsub: PubSub) -> None:
    handler: Callable[[Any], None] = lambda _: None  # noqa: E731
    await pubsub.subscribe(["a", ("b", b"c")], Subscription("d", handler), bytearray(b"e"), memoryview(b"f"))
    assert pubsub.channels == {b"a": None, b"b": None, b"c": None, b"d": handler, b"e": None, b"f": None}


async def test_handlers(pubsub: PubSub, server: RealServer) -> None:
    seen: list[Any] = []
    await pubsub.subscribe("plain", handled=seen.append)
    await pubsub.psubscribe(**{"p*": seen.append})
    await pubsub.ssubscribe(shard=seen.append)
    assert [m["type"] for m in await take(pubsub, 4) if m] == ["subscribe", "subscribe", "psubscribe", "ssubscribe"]
    for command, channel in (("PUBLISH", "handled"), ("PUBLISH", "pear"), ("SPUBLISH", "shard"), ("PUBLISH", "plain")):
        server.command(command, channel, "x")
    assert await take(pubsub, 4) == [None, None, None, message("message", b"plain", b"x")]
    assert seen == [
        message("message", b"handled", b"x"),
        message("pmessage", b"pear", b"x", b"p*"),
        message("smessage", b"shard", b"x"),
    ]


async def test_asynchronous_handlers(pubsub: PubSub, server: RealServer) -> None:
    seen: list[Any] = []

    async def handle(given: dict[str, Any]) -> None:
        await sleep(0)
        seen.append(given["data"])

    await pubsub.subscribe(a=handle)
    await take(pubsub)
    server.command("PUBLISH", "a", "x")
    assert await take(pubsub) == [None]
    assert seen == [b"x"]


async def test_text(options: dict[str, Any], server: RealServer) -> None:
    async with ConnectionPool(decode_responses=True, **options) as pool, PubSub(pool) as pubsub:
        seen: list[Any] = []
        await pubsub.subscribe("ä", ö=seen.append)
        assert await take(pubsub, 2) == [message("subscribe", "ä", 1), message("subscribe", "ö", 2)]
        server.command("PUBLISH", "ö", "ü")
        server.command("PUBLISH", "ä", "ü")
        assert await take(pubsub, 2) == [None, message("message", "ä", "ü")]
        assert seen == [message("message", "ö", "ü")]
        await pubsub.ping()
        await pubsub.ping("x")
        assert await take(pubsub, 2) == [message("pong", None, ""), message("pong", None, "x")]
        await pubsub.unsubscribe("ä")
        assert await take(pubsub) == [message("unsubscribe", "ä", 1)]
        assert list(pubsub.channels) == ["ö"]


async def test_an_encoder_of_the_clients(pool: ConnectionPool, options: dict[str, Any]) -> None:
    encoder = ConnectionPool(decode_responses=True, **options).get_encoder()
    async with PubSub(pool, encoder=encoder) as pubsub:
        await pubsub.subscribe("ä")
        assert await take(pubsub) == [message("subscribe", "ä", 1)]


async def test_confirmations_left_out(pool: ConnectionPool, server: RealServer) -> None:
    async with PubSub(pool, ignore_subscribe_messages=True) as pubsub:
        await pubsub.subscribe("a")
        assert await take(pubsub) == [None]
    async with PubSub(pool) as pubsub:
        await pubsub.subscribe("a")
        await pubsub.unsubscribe("b")
        await pubsub.ping("x")
        server.command("PUBLISH", "a", 1)
        taken = [await pubsub.get_message(ignore_subscribe_messages=True, timeout=5) for _ in range(4)]
        assert [m and m["type"] for m in taken] == [None, None, "pong", "message"]


async def test_pings(pubsub: PubSub) -> None:
    await pubsub.subscribe("a")
    await pubsub.ping()
    await pubsub.ping("PONG?")
    assert await take(pubsub, 3) == [
        message("subscribe", b"a", 1),
        message("pong", None, b""),
        message("pong", None, b"PONG?"),
    ]


async def test_listening_ends_with_the_last_subscription(pubsub: PubSub, server: RealServer) -> None:
    await pubsub.subscribe("a")
    server.command("PUBLISH", "a", "1")
    server.command("PUBLISH", "a", "stop")
    seen = []
    async for given in pubsub.listen():
        seen.append((given["type"], given["data"]))
        if given["data"] == b"stop":
            await pubsub.unsubscribe()
    assert seen == [("subscribe", 1), ("message", b"1"), ("message", b"stop"), ("unsubscribe", 0)]
    assert [given async for given in pubsub.listen()] == []


async def test_pushes_handed_over_as_they_came(pool: ConnectionPool, server: RealServer, target: Target) -> None:
    seen: list[Any] = []
    async with PubSub(pool, push_handler_func=seen.append) as pubsub:
        await pubsub.subscribe("a")
        taken = await take(pubsub)
    if target.protocol == 3:
        assert taken == [None]
        assert seen == [[b"subscribe", b"a", 1]]
    else:
        assert taken == [message("subscribe", b"a", 1)]
        assert seen == []
    async with PubSub(pool, push_handler_func=lambda push: push) as pubsub:
        await pubsub.subscribe("a")
        assert await take(pubsub) == [message("subscribe", b"a", 1)]


async def test_the_seam(pool: ConnectionPool, server: RealServer) -> None:
    seen: list[Any] = []

    class Wrapped(PubSub):
        async def parse_response(self, block: bool = True, timeout: float = 0) -> Any:
            seen.append((block, timeout))
            return await super().parse_response(block, timeout)

        async def execute_command(self, *args: Any) -> None:
            seen.append(args)
            await super().execute_command(*args)

    async with Wrapped(pool) as pubsub:
        await pubsub.subscribe("a")
        await pubsub.get_message(timeout=5)
        await pubsub.unsubscribe()
        assert [given["type"] async for given in pubsub.listen()] == ["unsubscribe"]
    assert seen == [("SUBSCRIBE", "a"), (False, 5), ("UNSUBSCRIBE",), (True, 0)]


async def test_shard_channels_go_one_by_one(pool: ConnectionPool) -> None:
    seen: list[Any] = []

    class Wrapped(PubSub):
        async def execute_command(self, *args: Any) -> None:
            seen.append(args)
            await super().execute_command(*args)

    async with Wrapped(pool) as pubsub:  # in a cluster they may lie in different slots
        await pubsub.ssubscribe("s", "t")
        await pubsub.sunsubscribe("s", "t")
    assert seen == [("SSUBSCRIBE", "s"), ("SSUBSCRIBE", "t"), ("SUNSUBSCRIBE", "s"), ("SUNSUBSCRIBE", "t")]


# -- mistakes ----------------------------------------------------------------------------------------------------------


async def test_without_a_subscription(pubsub: PubSub) -> None:
    with pytest.raises(RuntimeError, match="subscribe"):
        await pubsub.parse_response()
    with pytest.raises(RuntimeError, match="subscribe"):
        await pubsub.check_health()
    if WORLD == "asyncio":
        with pytest.raises(RuntimeError, match="subscribe"):
            await pubsub.get_message()
    else:
        assert await pubsub.get_message(timeout=0.01) is None


async def test_names_that_cannot_be(pubsub: PubSub) -> None:
    for method in (pubsub.subscribe, pubsub.psubscribe, pubsub.ssubscribe):
        with pytest.raises(DataError, match="SUBSCRIBE"):
            await method()
        with pytest.raises(DataError):
            await method("a", None)
    with pytest.raises(DataError):
        await pubsub.unsubscribe(None)
    assert pubsub.connection is None
    assert not pubsub.channels
    assert not pubsub.subscribed


async def test_no_event_dispatcher(pool: ConnectionPool) -> None:
    with pytest.raises(ConfigurationError, match="event_dispatcher"):
        PubSub(pool, event_dispatcher=object())


async def test_a_refusal(options: dict[str, Any], server: RealServer) -> None:
    server.command("ACL", "SETUSER", "narrow", "on", "nopass", "+@all", "resetchannels", "&allowed")
    try:
        async with ConnectionPool(username="narrow", password="", **options) as pool, PubSub(pool) as pubsub:
            await pubsub.subscribe("secret")
            await pubsub.subscribe("allowed")
            with pytest.raises(ResponseError, match="permission"):
                await pubsub.get_message(timeout=5)
            assert await take(pubsub) == [message("subscribe", b"allowed", 1)]
    finally:
        server.command("ACL", "DELUSER", "narrow")


async def test_a_reply_to_a_command_of_ones_own(pubsub: PubSub, target: Target) -> None:
    await pubsub.subscribe("a")
    await pubsub.execute_command("LPUSH", "list", "x")
    await pubsub.execute_command("LRANGE", "list", 0, -1)
    await take(pubsub)
    if target.protocol == 3:
        assert await pubsub.parse_response() == 1
        assert await take(pubsub) == [None]
    else:
        with pytest.raises(ResponseError, match="context"):
            await pubsub.get_message(timeout=5)


# -- the pool's connection ---------------------------------------------------------------------------------------------


async def test_the_connection_goes_back_clean(options: dict[str, Any], server: RealServer) -> None:
    async with BlockingConnectionPool(max_connections=1, timeout=5, **options) as pool:
        for _ in range(3):
            async with PubSub(pool) as pubsub:
                await pubsub.subscribe("a", "b")
                server.command("PUBLISH", "a", "unread")
            assert pubsub.connection is None
            assert pubsub.channels == {}
            connection = await pool.get_connection()
            await connection.send_command("ECHO", "mine")
            assert await connection.read_response() == b"mine"
            await pool.release(connection)
        assert pool.created_connections == 1


async def test_it_can_be_used_again(pubsub: PubSub, server: RealServer) -> None:
    await pubsub.subscribe("a")
    await pubsub.aclose()
    await pubsub.aclose()
    await pubsub.subscribe("b")
    assert pubsub.channels == {b"b": None}
    assert await take(pubsub) == [message("subscribe", b"b", 1)]


async def test_a_forgotten_one_gives_its_connection_back(options: dict[str, Any], server: RealServer) -> None:
    async with BlockingConnectionPool(max_connections=1, timeout=5, **options) as pool:
        pubsub = PubSub(pool)
        await pubsub.subscribe("forgotten")
        await take(pubsub)
        del pubsub
        gc.collect()
        assert len(pool._available_connections) == 1
        await until(lambda: server.command("PUBSUB", "NUMSUB", "forgotten")[1] == 0)
        async with PubSub(pool) as other:
            await other.subscribe("a")
            assert await take(other) == [message("subscribe", b"a", 1)]


async def test_closing_ends_a_wait(pubsub: PubSub) -> None:
    await pubsub.subscribe("a")
    await take(pubsub)

    async def listen() -> list[Any]:
        return [given async for given in pubsub.listen()]

    listening = spawn(listen)
    await until(lambda: is_reading(pubsub))
    await pubsub.aclose()
    assert await listening.result() == []


def is_reading(pubsub: PubSub) -> bool:
    """Whether somebody waits for a message."""
    stream = pubsub.connection._stream
    return bool(getattr(stream, "_receiving", None) or getattr(stream, "_reader", None))


async def test_subscribing_while_another_waits(pubsub: PubSub, server: RealServer) -> None:
    await pubsub.subscribe("a")
    await take(pubsub)
    waiting = spawn(pubsub.get_message, timeout=None)
    await until(lambda: is_reading(pubsub))
    await pubsub.subscribe("b")
    assert await waiting.result() == message("subscribe", b"b", 2)
    await gather(*[partial(pubsub.subscribe, f"c{at}") for at in range(20)])
    names = {(given or {})["channel"] for given in await take(pubsub, 20)}
    assert names == {f"c{at}".encode() for at in range(20)}


# -- bad days ----------------------------------------------------------------------------------------------------------


async def test_time_limits_in_the_middle_of_messages(far: PubSub, proxy: FaultProxy, server: RealServer) -> None:
    await far.subscribe("a")
    await take(far)
    proxy.limit(7, pause=0.002, direction="to_client")
    payloads = [seeded("payloads").randbytes(60) for _ in range(10)]
    for payload in payloads:
        server.command("PUBLISH", "a", payload)
    seen, empty = [], 0
    while len(seen) < len(payloads):
        given = await far.get_message(timeout=0.001)
        if given is None:
            empty += 1
        else:
            seen.append(given["data"])
    assert seen == payloads
    assert empty  # time was up in the middle of some


async def test_no_wait_at_all(pubsub: PubSub, server: RealServer) -> None:
    await pubsub.subscribe("a")
    await take(pubsub)
    assert await pubsub.get_message() is None
    server.command("PUBLISH", "a", 1)
    assert await until(pubsub.get_message) == message("message", b"a", b"1")


async def test_a_lost_connection(far: PubSub, proxy: FaultProxy, server: RealServer) -> None:
    seen: list[Any] = []
    await far.subscribe("a", gone=None, h=seen.append)
    await far.psubscribe("p*")
    await far.ssubscribe("s1", "s2")
    await take(far, 6)
    await far.unsubscribe("gone")
    proxy.reset()
    names = []
    while len(names) < 6:
        given = await persist(far)
        assert given is not None
        names.append((given["type"], given["channel"]))
    assert sorted(names) == sorted(
        [
            ("subscribe", b"a"),
            ("subscribe", b"h"),
            ("psubscribe", b"p*"),
            ("ssubscribe", b"s1"),
            ("ssubscribe", b"s2"),
            ("unsubscribe", b"gone"),
        ]
    )
    assert set(far.channels) == {b"a", b"h"}
    for command, channel in (("PUBLISH", "h"), ("PUBLISH", "pp"), ("SPUBLISH", "s2"), ("PUBLISH", "gone")):
        server.command(command, channel, "x")
    assert await take(far, 3) == [
        None,
        message("pmessage", b"pp", b"x", b"p*"),
        message("smessage", b"s2", b"x"),
    ]
    assert seen == [message("message", b"h", b"x")]


async def test_names_may_be_changed_on_their_way(proxy: FaultProxy, target: Target, server: RealServer) -> None:
    """Programs that keep to a prefix of their own override execute_command, which is given names as they were."""

    class Prefixed(PubSub):
        async def execute_command(self, *args: Any) -> None:
            await super().execute_command(args[0], *[f"mine:{name}" for name in args[1:]])

    async with (
        ConnectionPool(host=proxy.host, port=proxy.port, protocol=target.protocol) as pool,
        Prefixed(pool) as pubsub,
    ):
        await pubsub.subscribe("a", "a")
        await pubsub.psubscribe("p*")
        await take(pubsub, 2)
        proxy.reset()
        seen = [given["channel"] for given in [await persist(pubsub), await persist(pubsub)]]
        assert sorted(seen) == [b"mine:a", b"mine:p*"]
        assert server.command("PUBLISH", "mine:a", 1) == 1
        assert server.command("PUBLISH", "mine:p1", 1) == 1
        await pubsub.unsubscribe("a")
        await pubsub.punsubscribe()
        await until(lambda: server.command("PUBSUB", "NUMPAT") == 0)


async def test_names_that_are_no_text_are_subscribed_to_anew(
    far: PubSub, proxy: FaultProxy, server: RealServer
) -> None:
    await far.subscribe(b"\xff", 7)
    await take(far, 2)
    proxy.reset()
    seen = [given["channel"] for given in [await persist(far), await persist(far)]]
    assert sorted(seen) == [b"7", b"\xff"]


async def test_a_lost_connection_is_said_once(far: PubSub, proxy: FaultProxy, server: RealServer) -> None:
    await far.subscribe("a")
    await take(far)
    waiting = spawn(far.get_message, timeout=None)
    await until(lambda: is_reading(far))
    proxy.reset()
    with pytest.raises(RedisConnectionError):
        await waiting.result()
    assert await take(far) == [message("subscribe", b"a", 1)]
    server.command("PUBLISH", "a", 1)
    assert await take(far) == [message("message", b"a", b"1")]


async def test_trying_again(proxy: FaultProxy, target: Target, server: RealServer) -> None:
    options = {"host": proxy.host, "port": proxy.port, "protocol": target.protocol, "retry": AsyncRetry(NoBackoff(), 3)}
    async with ConnectionPool(**options) as pool, PubSub(pool, ignore_subscribe_messages=True) as pubsub:
        await pubsub.subscribe("a")
        await take(pubsub)

        async def listen() -> Any:
            return await anext(pubsub.listen())

        listening = spawn(listen)
        for _ in range(3):
            await until(lambda: is_reading(pubsub))
            links = {link.number for link in proxy.links}
            proxy.reset()
            await until(lambda: {link.number for link in proxy.links} - links)  # noqa: B023
            await until(lambda: server.command("PUBSUB", "NUMSUB", "a")[1] == 1)
        await until(lambda: server.command("PUBLISH", "a", "x"))
        assert await listening.result() == message("message", b"a", b"x")


async def test_a_server_that_is_away(own_server: RealServer) -> None:
    async with ConnectionPool(host=own_server.host, port=own_server.port) as pool, PubSub(pool) as pubsub:
        await pubsub.subscribe("a")
        await take(pubsub)
        own_server.kill()
        with pytest.raises(RedisConnectionError):
            await pubsub.get_message(timeout=5)
        with pytest.raises(RedisConnectionError):
            await pubsub.get_message(timeout=5)
        with pytest.raises(RedisConnectionError):
            await pubsub.subscribe("b")
        assert pubsub.channels == {b"a": None}  # the second was never asked for
        own_server.restart()
        assert await persist(pubsub) == message("subscribe", b"a", 1)


async def test_health_checks_stay_hidden(options: dict[str, Any], server: RealServer) -> None:
    async with ConnectionPool(health_check_interval=0.02, **options) as pool, PubSub(pool) as pubsub:
        await pubsub.subscribe("a")
        await take(pubsub)
        before = pings(server)
        waiting = spawn(pubsub.get_message, timeout=None)
        await until(lambda: pings(server) >= before + 3)
        server.command("PUBLISH", "a", 1)
        assert await waiting.result() == message("message", b"a", b"1")
        await until(lambda: pubsub.connection.next_health_check < monotonic())
        assert await pubsub.get_message(timeout=0) is None
        await pubsub.unsubscribe()
        assert [given["type"] async for given in pubsub.listen()] == ["unsubscribe"]


def pings(server: RealServer) -> int:
    """Return how often the server was sent PING."""
    found = server.info("commandstats").get("cmdstat_ping", "calls=0,")
    return int(found.split("calls=")[1].split(",")[0])


async def test_what_a_health_check_is_answered_with(options: dict[str, Any]) -> None:
    """In the form in which replies come in, and in no other."""
    for decodes, word in ((False, b"redis-py-health-check"), (True, "redis-py-health-check")):
        async with ConnectionPool(decode_responses=decodes, **options) as pool, PubSub(pool) as pubsub:
            pong: Any = "pong" if decodes else b"pong"
            assert pubsub.health_check_response == [[pong, word], word]
            assert pubsub.is_health_check_response([pong, word])
            assert pubsub.is_health_check_response(word)
            for other in (None, b"other", "redis-py-health-check" if not decodes else b"redis-py-health-check"):
                assert not pubsub.is_health_check_response(other)


async def test_a_health_check_that_went_with_its_connection(options: dict[str, Any]) -> None:
    async with ConnectionPool(health_check_interval=60, **options) as pool, PubSub(pool) as pubsub:
        await pubsub.subscribe("a")
        await take(pubsub)
        pubsub.connection.next_health_check = 0
        await pubsub.check_health()
        assert pubsub.health_check_response_counter == 1
        await pubsub.connection.disconnect()
        assert await take(pubsub) == [message("subscribe", b"a", 1)]
        assert pubsub.health_check_response_counter == 0


class Impatient(PubSub):
    """One that does not wait long for the answer to a health check."""

    HEALTH_CHECK_TIMEOUT = 0.3


async def test_a_server_that_falls_silent(proxy: FaultProxy, target: Target, server: RealServer) -> None:
    options = {"host": proxy.host, "port": proxy.port, "protocol": target.protocol, "health_check_interval": 0.05}
    async with ConnectionPool(**options) as pool, Impatient(pool) as pubsub:
        await pubsub.subscribe("a")
        await take(pubsub)
        waiting = spawn(pubsub.get_message, timeout=None)
        await until(lambda: is_reading(pubsub))
        links = list(proxy.links)
        proxy.black_hole("to_client")
        await until(lambda: [link for link in proxy.links if link not in links])
        proxy.restore()
        with pytest.raises(RedisConnectionError, match="health check"):
            await waiting.result()
        assert await persist(pubsub) == message("subscribe", b"a", 1)


async def test_a_cut_in_the_middle_of_a_message(far: PubSub, proxy: FaultProxy, server: RealServer) -> None:
    await far.subscribe("a")
    await take(far)
    link = proxy.links[0]
    proxy.limit(3, pause=0.005, direction="to_client")
    server.command("PUBLISH", "a", "never whole" * 20)
    assert await far.get_message(timeout=0.02) is None
    link.reset()
    proxy.restore()
    assert await persist(far) == message("subscribe", b"a", 1)
    server.command("PUBLISH", "a", "whole")
    assert await take(far) == [message("message", b"a", b"whole")]


async def test_a_failed_send_is_taken_back(target: Target) -> None:
    with ScriptedServer() as scripted:
        async with ConnectionPool(host=scripted.host, port=scripted.port, protocol=2) as pool, PubSub(pool) as pubsub:
            await pubsub.subscribe("a")
            scripted.close()
            await pubsub.connection.disconnect()
            with pytest.raises(RedisError):
                await pubsub.unsubscribe("a")
            assert pubsub.pending_unsubscribe_channels == set()
            with pytest.raises(RedisError):
                await pubsub.subscribe("a", "b")
            assert pubsub.channels == {b"a": None}


# -- of a client -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("decode", [False, True])
async def test_of_a_client(options: dict[str, Any], decode: bool, server: RealServer) -> None:
    async with Redis(decode_responses=decode, **options) as client:
        await talk(client, "ä" if decode else "ä".encode())


@pytest.mark.parametrize("decode", [False, True])
async def test_over_the_multiplexer(server: RealServer, target: Target, decode: bool) -> None:
    mux = await ConnectionMultiplexer.connect(f"{server.host}:{server.port}", protocol=target.protocol)
    try:
        await talk(Redis(multiplexer=mux, decode_responses=decode), "ä" if decode else "ä".encode())
    finally:
        await mux.aclose()


async def talk(client: Redis, text: Any) -> None:
    """Publish and receive."""
    async with client.pubsub(ignore_subscribe_messages=True) as pubsub:
        seen: list[Any] = []
        await pubsub.subscribe("ä", ö=seen.append)
        assert await take(pubsub, 2) == [None, None]
        assert await client.publish("ö", "ä") == 1
        assert await client.publish("ä", "ä") == 1
        assert await take(pubsub, 2) == [None, message("message", text, text)]
        assert [given["data"] for given in seen] == [text]


async def test_over_tls(certificates: Certificates) -> None:
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        options = {"host": "localhost", "port": server.tls_port, "ssl_ca_certs": str(certificates.ca)}
        async with ConnectionPool(connection_class=SSLConnection, **options) as pool, PubSub(pool) as pubsub:
            await pubsub.subscribe("a")
            assert await take(pubsub) == [message("subscribe", b"a", 1)]
            waiting = spawn(pubsub.get_message, timeout=None)
            await until(lambda: is_reading(pubsub))
            await pubsub.subscribe("b")
            assert await waiting.result() == message("subscribe", b"b", 2)
            payloads = [seeded("sizes").randbytes(size) for size in (1, 100, 100_000, 1_000_000)]
            for payload in payloads:
                server.command("PUBLISH", "a", payload)
            seen: list[Any] = []
            while len(seen) < len(payloads):
                given = await pubsub.get_message(timeout=0.0005)
                seen += [given["data"]] if given else []
            assert seen == payloads


# -- in the background -------------------------------------------------------------------------------------------------


async def test_names_without_handlers(pubsub: PubSub) -> None:
    await pubsub.subscribe("a")
    run = pubsub.run if WORLD == "asyncio" else pubsub.run_in_thread
    with pytest.raises(PubSubError, match="has no handler"):
        await run()


async def test_in_the_background(pubsub: PubSub, server: RealServer) -> None:
    seen: list[Any] = []
    errors: list[Any] = []

    def handle(given: dict[str, Any]) -> None:
        seen.append(given["data"])
        if given["data"] == b"bad":
            raise ValueError("bad")

    await pubsub.subscribe(a=handle)
    if True:  # ASYNC
        running = spawn(partial(pubsub.run, exception_handler=lambda *given: errors.append(given), poll_timeout=0.01))
    else:
        running = pubsub.run_in_thread(exception_handler=lambda *given: errors.append(given))
    for data in (b"1", b"bad", b"2"):
        server.command("PUBLISH", "a", data)
    await until(lambda: len(seen) == 3)
    assert seen == [b"1", b"bad", b"2"]
    assert [type(given[0]) for given in errors] == [ValueError]
    assert errors[0][1] is pubsub
    if True:  # ASYNC
        assert not running.done()
        running._task.cancel()
    else:
        assert errors[0][2] is running
        running.stop()
        running.join(5)
        assert not running.is_alive()
        assert pubsub.connection is None
