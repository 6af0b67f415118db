"""Consumers of streams: every entry is handled at least once, and none is lost, whoever dies meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any, assert_type

import pytest

from multiplexer import ConsumerStatistics, StreamEntry
from multiplexer.asyncio import ConnectionMultiplexer, Database, StreamConsumer
from multiplexer.codecs import JsonCodec
from multiplexer.errors import DataError, MultiplexerClosedError, RedisConnectionError
from tests.conftest import Target
from tests.servers import FaultProxy, RealCluster, RealServer, SentinelGroup

from ._world import WORLD, sleep, spawn, until
from .connecting import connect
from .slow_handler import SlowHandler

#: Long enough that nothing is ever claimed within a test because it is idle.
NEVER = 3600.0


def fill(server: RealServer, count: int, stream: str = "orders", first: int = 0) -> list[int]:
    """Add entries with numbers, and return these."""
    numbers = list(range(first, first + count))
    for number in numbers:
        server.command("XADD", stream, "*", "n", number)
    return numbers


def pending(server: RealServer, stream: str = "orders") -> int:
    """Return how many entries of the group are pending."""
    count: int = server.command("XPENDING", stream, "packers")[0]
    return count


def names(server: RealServer) -> list[bytes]:
    """Return the names of the group's consumers."""
    return [
        dict(zip(row[::2], row[1::2], strict=True))[b"name"]
        for row in server.command("XINFO", "CONSUMERS", "orders", "packers")
    ]


def number_of(entry: StreamEntry[Any, Any]) -> int:
    """Return the number that an entry carries."""
    return int(entry.fields[b"n"])


class Handler:
    """A handler that notes what it gets, and takes a moment."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seen: Counter[int] = Counter()
        self.order: list[int] = []
        self.entries: list[StreamEntry[Any, Any]] = []
        self._seconds = seconds

    async def handle(self, entry: StreamEntry[Any, Any]) -> None:
        if self._seconds:
            await sleep(self._seconds)
        self.seen[number_of(entry)] += 1
        self.order.append(number_of(entry))
        self.entries.append(entry)


@pytest.fixture
def durable_server() -> Iterator[RealServer]:
    """A server of the test's own that forgets nothing when it is killed."""
    with RealServer.start("valkey", config=["appendonly yes", "appendfsync always"]) as server:
        yield server


async def test_entries_are_handled_in_order_and_acknowledged(db: Database[bytes], server: RealServer) -> None:
    numbers, handler = fill(server, 50), Handler()
    consumer = StreamConsumer(db, "orders", "packers", handler.handle)
    async with consumer:
        assert consumer.is_running
        await until(lambda: len(handler.order) == 50)
        numbers += fill(server, 5, first=50)
        await until(lambda: consumer.statistics().acknowledged == 55)
    assert handler.order == numbers
    assert (pending(server), consumer.is_running, consumer.error) == (0, False, None)
    assert consumer.statistics() == ConsumerStatistics(delivered=55, acknowledged=55)
    first = handler.entries[0]
    assert (first.stream, first.fields, first.deliveries) == (b"orders", {b"n": b"0"}, 1)
    assert first.id == server.command("XRANGE", "orders", "-", "+", "COUNT", 1)[0][0]
    assert names(server) == []  # its name was for once


async def test_functions_and_text(db_str: Database[str], server: RealServer) -> None:
    server.command("XADD", "orders", "*", "item", "größe")
    seen: list[StreamEntry[str, str]] = []
    async with StreamConsumer(db_str, "orders", "packers", seen.append, consumername="one"):
        await until(lambda: seen)
    assert (seen[0].stream, seen[0].fields, seen[0].id.count("-")) == ("orders", {"item": "größe"}, 1)
    assert names(server) == [b"one"]


async def test_no_more_is_read_than_is_worked_on_and_a_bound(db: Database[bytes], server: RealServer) -> None:
    fill(server, 60)
    handler = SlowHandler(number_of)
    consumer = StreamConsumer(db, "orders", "packers", handler.handle, concurrency=3, prefetch=4, claim_after=NEVER)
    async with consumer:
        await until(lambda: handler._now == 3)
        await until(lambda: pending(server) == 7)
        await sleep(0.1)
        assert (pending(server), consumer.statistics().pending, consumer.statistics().delivered) == (7, 7, 3)
        handler.goes_on.set()
        await until(lambda: consumer.statistics().acknowledged == 60)
        assert handler.most_at_once == 3
        assert sorted(handler.seen) == list(range(60))


@pytest.mark.parametrize("prefetch", [0, 1])
async def test_nothing_waits_beside_what_is_worked_on(db: Database[bytes], server: RealServer, prefetch: int) -> None:
    fill(server, 10)
    handler = SlowHandler(number_of)
    consumer = StreamConsumer(db, "orders", "packers", handler.handle, concurrency=2, prefetch=prefetch)
    async with consumer:
        await until(lambda: pending(server) == 2 + prefetch)
        await sleep(0.1)
        assert pending(server) == 2 + prefetch
        handler.goes_on.set()
        await until(lambda: consumer.statistics().acknowledged == 10)


async def test_what_a_handler_fails_with_comes_again(db: Database[bytes], server: RealServer) -> None:
    numbers, handler, failures = fill(server, 6), Handler(), Counter[int]()

    async def fail_twice(entry: StreamEntry[bytes, bytes]) -> None:
        number = number_of(entry)
        if number % 2 and failures[number] < 2:
            failures[number] += 1
            raise SystemExit("of the handler's own") if WORLD == "blocking" else RuntimeError("of the handler's own")
        await handler.handle(entry)

    consumer = StreamConsumer(db, "orders", "packers", fail_twice, claim_after=0.2, block=0.05)
    async with consumer:
        await until(lambda: consumer.statistics().acknowledged == 6)
    assert sorted(handler.order) == numbers
    assert all(handler.seen[number] == 1 for number in numbers)
    assert [entry.deliveries for entry in sorted(handler.entries, key=number_of)] == [1, 3, 1, 3, 1, 3]
    statistics = consumer.statistics()
    assert (statistics.failed, statistics.claimed, pending(server)) == (6, 6, 0)


async def test_dead_letters(db_str: Database[str], server: RealServer) -> None:
    server.command("XADD", "orders", "*", "n", b"\xff\xfe")
    fill(server, 2)
    dead: list[StreamEntry[bytes, bytes]] = []
    seen: list[str] = []

    async def handle(entry: StreamEntry[str, str]) -> None:
        if entry.fields["n"] == "1":
            raise RuntimeError("of the handler's own")
        seen.append(entry.fields["n"])

    async def bury(entry: StreamEntry[bytes, bytes]) -> None:
        dead.append(entry)
        if len(dead) == 1:
            raise RuntimeError("of the handler's own")

    consumer = StreamConsumer(
        db_str, "orders", "packers", handle, claim_after=0.1, block=0.05, max_deliveries=2, dead_letter=bury
    )
    async with consumer:
        await until(lambda: consumer.statistics().acknowledged == 3)
    # The first cannot be decoded, which is its handler's failure and nobody else's.
    assert (seen, sorted({entry.fields[b"n"] for entry in dead})) == (["0"], [b"1", b"\xff\xfe"])
    assert [entry.deliveries for entry in dead[:2]] == [3, 3]
    statistics = consumer.statistics()
    assert (statistics.dead, statistics.failed, pending(server)) == (2, 5, 0)


async def test_a_codec(db: Database[bytes], server: RealServer) -> None:
    """Fields are names, values the codec's; what it cannot decode is its handler's failure, and is buried in bytes."""
    server.command("XADD", "orders", "*", "n", "7")
    server.command("XADD", "orders", "*", "n", "{")
    seen: list[StreamEntry[str, int]] = []
    dead: list[StreamEntry[bytes, bytes]] = []
    coded = db.with_options(codec=JsonCodec(int))
    consumer = StreamConsumer(
        coded,
        "orders",
        "packers",
        seen.append,
        claim_after=0.1,
        block=0.05,
        max_deliveries=1,
        dead_letter=dead.append,
    )
    assert_type(consumer, StreamConsumer[str, int])
    async with consumer:
        await until(lambda: consumer.statistics().acknowledged == 2)
    assert [entry.fields for entry in seen] == [{"n": 7}]
    assert [entry.fields for entry in dead] == [{b"n": b"{"}]


async def test_what_the_dead_have_left_is_claimed(db: Database[bytes], server: RealServer) -> None:
    numbers, handler = fill(server, 40), Handler()
    server.command("XGROUP", "CREATE", "orders", "packers", 0)
    for _ in range(2):
        server.command("XREADGROUP", "GROUP", "packers", "dead", "COUNT", 15, "STREAMS", "orders", ">")
    removed = server.command("XRANGE", "orders", "-", "+", "COUNT", 1)[0][0]
    server.command("XDEL", "orders", removed)
    async with StreamConsumer(
        db, "orders", "packers", handler.handle, claim_after=0.3, block=0.05, prefetch=4
    ) as consumer:
        await until(lambda: len(handler.order) == 39)
        await until(lambda: pending(server) == 0)
        assert consumer.statistics().claimed == 29
    assert sorted(handler.order) == numbers[1:]
    assert {entry.deliveries for entry in handler.entries if number_of(entry) < 30} == {2}


async def test_its_own_come_first_after_a_restart(db: Database[bytes], server: RealServer) -> None:
    numbers, handler = fill(server, 40), Handler()
    server.command("XGROUP", "CREATE", "orders", "packers", 0)
    server.command("XREADGROUP", "GROUP", "packers", "one", "COUNT", 30, "STREAMS", "orders", ">")
    consumer = StreamConsumer(
        db, "orders", "packers", handler.handle, consumername="one", claim_after=NEVER, prefetch=4
    )
    async with consumer:
        await until(lambda: consumer.statistics().acknowledged == 40)
    assert handler.order == numbers
    assert [entry.deliveries for entry in handler.entries] == [2] * 30 + [1] * 10


async def test_an_entry_whose_handler_takes_long_is_kept(db: Database[bytes], server: RealServer) -> None:
    fill(server, 4)
    slow, other = SlowHandler(number_of), Handler()
    async with StreamConsumer(
        db, "orders", "packers", slow.handle, concurrency=2, prefetch=2, claim_after=0.6, block=0.05
    ) as first:
        await until(lambda: pending(server) == 4)
        async with StreamConsumer(db, "orders", "packers", other.handle, claim_after=0.6, block=0.05) as second:
            await sleep(1.6)
            assert (other.order, second.statistics().claimed) == ([], 0)
            slow.goes_on.set()
            await until(lambda: first.statistics().acknowledged == 4)
    assert (sorted(slow.seen), slow.most_at_once) == ([0, 1, 2, 3], 2)


async def test_a_group_that_has_gone_is_made_again(db: Database[bytes], server: RealServer) -> None:
    fill(server, 5)
    handler = Handler()
    async with StreamConsumer(db, "orders", "packers", handler.handle, start_id="$", block=0.1) as consumer:
        numbers = fill(server, 5, first=5)
        await until(lambda: consumer.statistics().acknowledged == 5)
        assert handler.order == numbers
        server.command("FLUSHALL")
        numbers += fill(server, 5, first=10)
        await until(lambda: consumer.statistics().acknowledged == 10)
        assert handler.order == numbers
        server.command("XGROUP", "DESTROY", "orders", "packers")
        numbers = fill(server, 5, first=15)
        # What was done is not known any more: everything comes.
        await until(lambda: consumer.statistics().acknowledged == 20)
        assert handler.order[10:] == list(range(10, 20))


async def test_a_group_that_is_not_to_be_made(db: Database[bytes], server: RealServer) -> None:
    numbers, handler = fill(server, 3), Handler()
    async with StreamConsumer(db, "orders", "packers", handler.handle, create_group=False) as consumer:
        await until(lambda: consumer.statistics().lost)
        server.command("XGROUP", "CREATE", "orders", "packers", 0)
        await until(lambda: consumer.statistics().acknowledged == 3)
    assert handler.order == numbers


async def test_a_delivery_that_was_lost_on_its_way(server: RealServer) -> None:
    handler = Handler()
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy) as mux:
            consumer = StreamConsumer(mux.get_database(), "orders", "packers", handler.handle, claim_after=NEVER)
            async with consumer:
                fill(server, 1)
                await until(lambda: consumer.statistics().acknowledged == 1)
                await until(lambda: b"blocked_clients:1" in server.command("INFO", "clients"))
                proxy.cut()
                fill(server, 1, first=1)
                await until(lambda: consumer.statistics().acknowledged == 2)
    # Nobody but the server knew that it was given to this consumer.
    assert [(number_of(entry), entry.deliveries) for entry in handler.entries] == [(0, 1), (1, 2)]


async def test_connections_that_are_killed(server: RealServer, target: Target) -> None:
    handler, numbers = Handler(0.001), list[int]()
    async with await connect(server, protocol=target.protocol) as mux:
        consumer = StreamConsumer(
            mux.get_database(), "orders", "packers", handler.handle, concurrency=4, claim_after=2, block=0.05
        )
        async with consumer:
            while len(numbers) < 300:
                numbers += fill(server, 10, first=len(numbers))
                server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
                await sleep(0.02)
            await until(lambda: len(handler.seen) == 300, timeout=30)
            await until(lambda: pending(server) == 0, timeout=30)
            assert consumer.statistics().lost > 0
    assert sorted(handler.seen) == numbers


async def test_a_server_that_is_killed(durable_server: RealServer) -> None:
    server, handler, numbers = durable_server, Handler(0.01), list[int]()
    async with await connect(server, timeout=2.0) as mux:
        consumer = StreamConsumer(
            mux.get_database(), "orders", "packers", handler.handle, concurrency=4, claim_after=2, block=0.05
        )
        async with consumer:
            for _ in range(3):
                seen = len(handler.seen)  # first: some are handled before all are there
                numbers += fill(server, 60, first=len(numbers))
                await until(lambda seen=seen: len(handler.seen) > seen + 10)  # type: ignore[misc]
                server.kill()
                await until(lambda: not mux.is_connected)
                server.restart()
            await until(lambda: len(handler.seen) == 180, timeout=30)
            await until(lambda: pending(server) == 0, timeout=30)
    assert sorted(handler.seen) == numbers


async def test_a_failover(own_group: SentinelGroup) -> None:
    handler, old = Handler(0.002), own_group.primary
    numbers = fill(old, 300)
    async with await ConnectionMultiplexer.connect(own_group.configuration, timeout=20.0) as mux:
        consumer = StreamConsumer(
            mux.get_database(), "orders", "packers", handler.handle, concurrency=2, claim_after=2, block=0.05
        )
        async with consumer:
            await until(lambda: len(handler.seen) > 50)
            # By both: either may become the primary. What was acknowledged since may be forgotten.
            assert old.command("WAIT", 2, 5000) == 2
            old.kill()
            new = own_group.wait_for_new_primary(old)
            assert new.command("XLEN", "orders") == 300
            await until(lambda: len(handler.seen) == 300, timeout=30)
            await until(lambda: pending(new) == 0, timeout=30)
    assert sorted(handler.seen) == numbers


async def test_a_graceful_end(db: Database[bytes], server: RealServer) -> None:
    fill(server, 12)
    slow, other = SlowHandler(number_of), Handler()
    first = StreamConsumer(
        db, "orders", "packers", slow.handle, concurrency=2, prefetch=6, claim_after=NEVER, block=0.05
    )
    await first.start()
    await until(lambda: pending(server) == 8)
    await until(lambda: first.statistics().delivered == 2)
    stopping = spawn(first.stop)
    await until(lambda: first._left)
    slow.goes_on.set()
    assert await stopping.result() is True
    assert (sorted(slow.seen), first.statistics().acknowledged, first.statistics().pending) == ([0, 1], 2, 0)
    assert pending(server) == 6
    # What was not begun is everybody's at once, and counts as if it had never been given to anybody.
    async with StreamConsumer(db, "orders", "packers", other.handle, claim_after=NEVER) as second:
        await until(lambda: second.statistics().acknowledged == 10)
    assert sorted(other.order) == list(range(2, 12))
    assert {entry.deliveries for entry in other.entries} == {1}
    assert await first.stop() is True


async def test_a_handler_that_outlasts_the_end(db: Database[bytes], server: RealServer) -> None:
    fill(server, 3)
    slow = SlowHandler(number_of)
    consumer = StreamConsumer(db, "orders", "packers", slow.handle, claim_after=NEVER, block=0.05, stop_timeout=0.2)
    await consumer.start()
    await until(lambda: pending(server) == 3)
    await until(lambda: slow.entered.is_set())
    assert await consumer.stop() is False
    slow.goes_on.set()
    if True:  # ASYNC
        assert (slow.seen, pending(server), consumer.is_running) == ([], 3, False)
    else:
        await until(lambda: not consumer.is_running)
        assert (slow.seen, pending(server)) == ([0], 2)


async def test_running(db: Database[bytes], server: RealServer) -> None:
    handler = Handler()
    consumer = StreamConsumer(db, "orders", "packers", handler.handle, block=0.05)
    running = spawn(consumer.run)
    await until(lambda: consumer.is_running)
    fill(server, 3)
    await until(lambda: consumer.statistics().acknowledged == 3)
    assert not running.done()
    await consumer.stop()
    await running.result()
    with pytest.raises(DataError, match="started once"):
        await consumer.start()


async def test_the_multiplexer_is_closed(server: RealServer) -> None:
    handler = Handler()
    async with await connect(server) as mux:
        consumer = StreamConsumer(mux.get_database(), "orders", "packers", handler.handle)
        running = spawn(consumer.run)
        fill(server, 1)
        await until(lambda: consumer.statistics().acknowledged == 1)
    with pytest.raises(MultiplexerClosedError):
        await running.result()
    assert isinstance(consumer.error, MultiplexerClosedError)


async def test_a_server_that_is_away_at_the_start(own_server: RealServer) -> None:
    async with await connect(own_server, backlog_policy="failFast") as mux:
        db = mux.get_database()
        await db.ping()
        own_server.kill()
        await until(lambda: not mux.is_connected)
        handler = Handler()
        consumer = StreamConsumer(db, "orders", "packers", handler.handle)
        with pytest.raises(RedisConnectionError):
            await consumer.start()
        own_server.restart()
        await until(lambda: mux.is_connected)
        fill(own_server, 1)
        async with consumer:
            await until(lambda: handler.order == [0])


async def test_several_streams(db: Database[bytes], server: RealServer) -> None:
    view = db.with_options(key_prefix="app:")
    handler = Handler()
    async with StreamConsumer(view, ["orders", b"returns"], "packers", handler.handle, prefetch=0) as consumer:
        fill(server, 10, "app:orders")
        fill(server, 10, "app:returns", first=10)
        await until(lambda: consumer.statistics().acknowledged == 20)
    assert sorted(handler.order) == list(range(20))
    assert {entry.stream for entry in handler.entries} == {b"orders", b"returns"}
    for stream in (b"orders", b"returns"):
        own = [number_of(entry) for entry in handler.entries if entry.stream == stream]
        assert own == sorted(own)


async def test_streams_of_several_nodes(cluster: RealCluster) -> None:
    streams = [cluster.key_of(node, "orders") for node in cluster.nodes[:3]]
    handler = Handler()
    async with (
        await ConnectionMultiplexer.connect(cluster.nodes[0].address) as mux,
        StreamConsumer(mux.get_database(), streams, "packers", handler.handle, concurrency=2) as consumer,
    ):
        for index, stream in enumerate(streams):
            fill(cluster.nodes[index], 20, stream, first=20 * index)
        await until(lambda: consumer.statistics().acknowledged == 60)
        assert len(consumer._sources) == 3
    assert sorted(handler.order) == list(range(60))


async def test_many_consumers_of_one_group(server: RealServer, target: Target) -> None:
    numbers, handlers = fill(server, 300), [Handler() for _ in range(4)]
    async with await connect(server, protocol=target.protocol) as mux:
        consumers = [
            StreamConsumer(mux.get_database(), "orders", "packers", each.handle, concurrency=2, block=0.05)
            for each in handlers
        ]
        for consumer in consumers:
            await consumer.start()
        await until(lambda: sum(each.statistics().acknowledged for each in consumers) == 300)
        for consumer in consumers:
            await consumer.stop()
    assert sum((each.seen for each in handlers), Counter()) == Counter(numbers)


if True:  # ASYNC

    async def test_a_run_that_is_cancelled_ends_gracefully(db: Database[bytes], server: RealServer) -> None:
        fill(server, 3)
        slow = SlowHandler(number_of)
        consumer = StreamConsumer(db, "orders", "packers", slow.handle, claim_after=NEVER, block=0.05)
        running = asyncio.create_task(consumer.run())
        await slow.entered.wait()
        running.cancel()
        await until(lambda: consumer._left)
        assert not running.done()
        slow.goes_on.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (slow.seen, pending(server), consumer.is_running) == ([0], 2, False)

    async def test_a_second_cancellation_ends_it_at_once(db: Database[bytes], server: RealServer) -> None:
        fill(server, 3)
        slow = SlowHandler(number_of)
        consumer = StreamConsumer(db, "orders", "packers", slow.handle, claim_after=NEVER, block=0.05)
        running = asyncio.create_task(consumer.run())
        await slow.entered.wait()
        running.cancel()
        await until(lambda: consumer._left)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await until(lambda: not consumer.is_running)
        assert (slow.seen, pending(server)) == ([], 3)

    async def test_a_handler_that_raises_cancelled_error_harms_nobody(db: Database[bytes], server: RealServer) -> None:
        fill(server, 3)
        seen: list[int] = []

        async def handle(entry: StreamEntry[bytes, bytes]) -> None:
            seen.append(number_of(entry))
            if len(seen) == 1:
                raise asyncio.CancelledError

        async with StreamConsumer(db, "orders", "packers", handle, claim_after=0.2, block=0.05) as consumer:
            await until(lambda: consumer.statistics().acknowledged == 3)
        assert seen == [0, 1, 2, 0]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"database": None}, "database"),
        ({"streams": []}, "streams"),
        ({"streams": ["a", b"a"]}, "streams"),
        ({"streams": 7}, "streams"),
        ({"streams": [""]}, "streams"),
        ({"groupname": ""}, "groupname"),
        ({"consumername": 7}, "consumername"),
        ({"handler": None}, "handler"),
        ({"handler": "print"}, "handler"),
        ({"concurrency": 0}, "concurrency"),
        ({"prefetch": -1}, "prefetch"),
        ({"prefetch": 1.5}, "prefetch"),
        ({"claim_after": 0}, "claim_after"),
        ({"block": float("inf")}, "block"),
        ({"stop_timeout": -1}, "stop_timeout"),
        ({"max_deliveries": 0, "dead_letter": print}, "max_deliveries"),
        ({"max_deliveries": 3}, "max_deliveries and dead_letter"),
        ({"dead_letter": print}, "max_deliveries and dead_letter"),
        ({"max_deliveries": 3, "dead_letter": "dead"}, "dead_letter"),
    ],
)
async def test_what_is_refused(db: Database[bytes], arguments: dict[str, Any], argument: str) -> None:
    usual = {"database": db, "streams": "orders", "groupname": "packers", "handler": print}
    with pytest.raises(DataError, match=f"StreamConsumer: {argument}"):
        StreamConsumer(**{**usual, **arguments})


async def test_a_stop_before_the_start(db: Database[bytes]) -> None:
    consumer = StreamConsumer(db, "orders", "packers", print)
    assert await consumer.stop() is True
    with pytest.raises(DataError, match="stop: timeout"):
        await consumer.stop(-1)
    assert not consumer.is_running
