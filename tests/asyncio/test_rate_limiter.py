"""Rate limits: what all callers are let through, by the server's own clock, whatever becomes of connections."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import pytest

from multiplexer import RateLimitResult, ReplayCategory
from multiplexer.asyncio import ConnectionMultiplexer, Database, RateLimiter
from multiplexer.errors import (
    DataError,
    MultiplexerClosedError,
    RedisConnectionError,
    RedisTimeoutError,
    WrongTypeError,
)
from tests.chance import seeded
from tests.servers import FaultProxy, RealCluster, RealServer

from ._world import gather, sleep, spawn, until
from .connecting import connect

#: How long callers hammer at a limiter, in seconds.
A_WHILE = 1.5


class Pass(NamedTuple):
    """Something that was let through: between which moments, and as how many it counted."""

    asked: float
    told: float
    amount: int


def most_within(passes: list[Pass], period: float) -> int:
    """Return how many passed within one period for certain: asked and told within it."""
    ordered = sorted(passes, key=lambda each: each.told)
    most = 0
    for last in ordered:
        most = max(
            most,
            sum(each.amount for each in ordered if each.told <= last.told and each.asked > last.told - period),
        )
    return most


@pytest.fixture
def durable_server() -> Iterator[RealServer]:
    """A server of the test's own that forgets nothing when it is killed."""
    with RealServer.start("valkey", config=["appendonly yes", "appendfsync always"]) as server:
        yield server


def _now(server: RealServer) -> int:
    """Return the server's time in microseconds."""
    seconds, microseconds = server.command("TIME")
    return int(seconds) * 1_000_000 + int(microseconds)


async def test_a_sliding_window(db: Database[bytes], server: RealServer) -> None:
    limiter = RateLimiter(db, 3, 60)
    results = [await limiter.acquire("ada") for _ in range(5)]
    assert [bool(result) for result in results] == [True, True, True, False, False]
    assert [result.remaining for result in results] == [2, 1, 0, 0, 0]
    assert results[0] == RateLimitResult(True, 2, 0.0)
    assert all(55 < result.retry_after <= 60 for result in results[3:])
    assert 55 < server.command("PTTL", "ada") / 1000 <= 60
    assert (await limiter.acquire("grace")).remaining == 2
    assert server.command("DBSIZE") == 2


async def test_room_comes_as_each_leaves_the_window(db: Database[bytes], server: RealServer) -> None:
    now = _now(server)
    # Two passed 50 seconds ago, and one ten seconds ago.
    server.command("RPUSH", "ada", 0, now - 50_000_000, 2, now - 10_000_000, 3)
    limiter = RateLimiter(db, 3, 60)
    one, two, three = [(await limiter.acquire("ada", amount)).retry_after for amount in (1, 2, 3)]
    assert 5 < two <= one <= 10
    assert 45 < three <= 50
    server.command("DEL", "ada")
    server.command("RPUSH", "ada", 0, now - 61_000_000, 2, now - 10_000_000, 3)
    assert (await limiter.acquire("ada", 2)).allowed
    assert not await limiter.acquire("ada")


async def test_a_token_bucket(db: Database[bytes], server: RealServer) -> None:
    limiter = RateLimiter(db, 1, 30, algorithm="token_bucket", burst=4)
    assert (await limiter.acquire("ada", 3)).remaining == 1
    refused = await limiter.acquire("ada", 2)
    assert (refused.allowed, refused.remaining) == (False, 1)
    assert 25 < refused.retry_after <= 30
    assert (await limiter.acquire("ada")).remaining == 0
    # Once it is full there is nothing to remember.
    assert 115 < server.command("PTTL", "ada") / 1000 <= 120


async def test_tokens_come_evenly(db: Database[bytes]) -> None:
    limiter = RateLimiter(db, 10, 0.5, algorithm="token_bucket", burst=2)
    assert await limiter.acquire("ada", 2)
    began = time.monotonic()
    for _ in range(4):
        assert await limiter.wait("ada", timeout=10)
    assert time.monotonic() - began > 0.19  # four tokens of 50 ms each
    await sleep(0.3)
    assert (await limiter.acquire("ada")).remaining == 1  # and never more than the bucket holds


@pytest.mark.parametrize("period", [0.05, 0.3])
async def test_a_sliding_window_never_lets_more_through(server: RealServer, db: Database[bytes], period: float) -> None:
    limit, passes = 7, list[Pass]()
    chance = seeded(f"window {period}")
    amounts = [chance.choice([1, 1, 1, 2, 3]) for _ in range(1000)]
    async with await connect(server) as other:
        limiters = [RateLimiter(each, limit, period) for each in (db, other.get_database())]

        async def hammer(index: int) -> None:
            until, turn = time.monotonic() + A_WHILE, index
            while time.monotonic() < until:
                amount = amounts[turn % len(amounts)]
                asked = time.time()  # the server's clock, too: it runs on this machine
                result = await limiters[index % 2].acquire("ada", amount)
                if result:
                    passes.append(Pass(asked, time.time(), amount))
                else:
                    await sleep(min(result.retry_after, 0.02))
                turn += 12

        await gather(*[partial(hammer, index) for index in range(12)])
    assert most_within(passes, period) <= limit
    # It is no tighter than it says, either: in each window that was over, somebody was let through.
    assert sum(each.amount for each in passes) > limit * A_WHILE / period / 4


async def test_a_token_bucket_never_lets_more_through(server: RealServer, db: Database[bytes]) -> None:
    limit, period, burst, passes = 40, 1.0, 5, list[Pass]()
    async with await connect(server) as other:
        handles = (db, other.get_database())
        limiters = [RateLimiter(each, limit, period, algorithm="token_bucket", burst=burst) for each in handles]

        async def hammer(index: int) -> None:
            until = time.monotonic() + A_WHILE
            while time.monotonic() < until:
                asked = time.time()
                result = await limiters[index % 2].acquire("ada")
                if result:
                    passes.append(Pass(asked, time.time(), 1))
                else:
                    await sleep(min(result.retry_after, 0.02))

        await gather(*[partial(hammer, index) for index in range(12)])
    for first in passes:
        for last in passes:
            # Whatever was asked and told between these moments was let through between them.
            between = sum(each.asked >= first.asked and each.told <= last.told for each in passes)
            assert between <= max(burst + limit * (last.told - first.asked) / period + 1e-6, 0)
    assert len(passes) > limit * A_WHILE / 2


@pytest.mark.parametrize("algorithm", ["sliding_window", "token_bucket"])
async def test_no_more_get_through_while_connections_are_killed(
    server: RealServer, algorithm: Any, target: Any
) -> None:
    limit, passed, unknown, lost = 60, 0, 0, 0
    async with await connect(server, protocol=target.protocol) as mux:
        limiter = RateLimiter(mux.get_database(), limit, 600, algorithm=algorithm)

        async def hammer() -> None:
            nonlocal passed, unknown, lost
            for _ in range(40):
                try:
                    if await limiter.acquire("ada"):
                        passed += 1
                except RedisConnectionError as error:
                    lost += 1
                    unknown += error.was_sent
                await sleep(0.002)

        async def kill() -> None:
            while not all(task.done() for task in tasks):
                server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
                await sleep(0.01)

        tasks = [spawn(hammer) for _ in range(8)]
        await kill()
        for task in tasks:
            await task.result(20)
    assert lost > 0
    # Each was counted once at most, also those of which nobody has heard; and none twice.
    assert limit - unknown <= passed <= limit


@pytest.mark.parametrize("algorithm", ["sliding_window", "token_bucket"])
async def test_no_more_get_through_while_the_server_is_killed(durable_server: RealServer, algorithm: Any) -> None:
    limit, passed, unknown = 40, 0, 0
    async with await connect(durable_server, timeout=20) as mux:
        limiter = RateLimiter(mux.get_database(), limit, 600, algorithm=algorithm)

        async def hammer() -> None:
            nonlocal passed, unknown
            for _ in range(20):
                try:
                    if await limiter.acquire("ada"):
                        passed += 1
                except RedisConnectionError as error:
                    unknown += error.was_sent
                await sleep(0.02)

        tasks = [spawn(hammer) for _ in range(6)]
        for so_far in (8, 20):
            await until(lambda so_far=so_far: passed >= so_far)  # type: ignore[misc]
            durable_server.kill()
            durable_server.restart()
        for task in tasks:
            await task.result(20)
        assert limit - unknown <= passed <= limit
        assert not await limiter.acquire("ada")


@pytest.mark.parametrize("algorithm", ["sliding_window", "token_bucket"])
async def test_an_attempt_whose_reply_is_lost_is_not_made_again(server: RealServer, algorithm: Any) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy) as mux:
            db = mux.get_database().with_options(retry_up_to=ReplayCategory.ACCUMULATING)
            limiter = RateLimiter(db, 5, 600, algorithm=algorithm)
            assert (await limiter.acquire("ada")).remaining == 4
            proxy.cut(times=1)
            with pytest.raises(RedisConnectionError) as caught:
                await limiter.acquire("ada")
            assert caught.value.was_sent
            assert (await limiter.acquire("ada")).remaining == 2


async def test_what_nobody_could_decide(own_server: RealServer) -> None:
    async with await connect(own_server, backlog_policy="failFast") as mux:
        db = mux.get_database()
        await db.ping()
        own_server.kill()
        await until(lambda: not mux.is_connected)
        with pytest.raises(RedisConnectionError):
            await RateLimiter(db, 3, 60).acquire("ada")
        allowed = await RateLimiter(db, 3, 60, on_error="allow").acquire("ada")
        assert (allowed.allowed, allowed.retry_after) == (True, 0.0)
        assert isinstance(allowed.error, RedisConnectionError)
        refused = await RateLimiter(db, 3, 60, on_error="refuse").acquire("ada")
        assert (refused.allowed, refused.retry_after) == (False, 1.0)
        assert isinstance(refused.error, RedisConnectionError)
        # Who waits waits for the server, too.
        task = spawn(RateLimiter(db, 3, 60, on_error="refuse").wait, "ada", timeout=20)
        own_server.restart()
        assert (await task.result(20)).remaining == 2


async def test_a_server_that_hangs(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        async with await connect(proxy) as mux:
            db = mux.get_database()
            await db.ping()
            proxy.black_hole()
            quick = db.with_options(timeout=0.05)
            with pytest.raises(RedisTimeoutError):
                await RateLimiter(quick, 3, 60).acquire("ada")
            assert await RateLimiter(quick, 3, 60, on_error="allow").acquire("ada")
            proxy.restore()


async def test_waiting(db: Database[bytes]) -> None:
    limiter = RateLimiter(db, 2, 0.3)
    assert await limiter.acquire("ada", 2)
    began = time.monotonic()
    too_late = await limiter.wait("ada", timeout=0.05)
    assert not too_late
    assert time.monotonic() - began < too_late.retry_after  # it can be told at once
    passes = list[Pass]()

    async def go_through() -> None:
        asked = time.time()
        assert await limiter.wait("ada")
        passes.append(Pass(asked, time.time(), 1))

    await gather(*[go_through] * 6)
    assert len(passes) == 6
    assert time.monotonic() - began > 0.85  # three windows of two


async def test_waiting_ends_with_the_multiplexer(server: RealServer) -> None:
    async with await connect(server) as mux:
        limiter = RateLimiter(mux.get_database(), 1, 600, on_error="allow")
        assert await limiter.acquire("ada")
        task = spawn(limiter.wait, "ada")
        await until(lambda: mux.get_counters()[0].interactive.operation_count >= 2)
    with pytest.raises(MultiplexerClosedError):
        await task.result()


async def test_a_clock_that_was_set_back(db: Database[bytes], server: RealServer) -> None:
    later = _now(server) + 5_000_000
    server.command("RPUSH", "window", 0, later, 2)
    refused = await RateLimiter(db, 2, 10).acquire("window")
    assert not refused
    assert 9 < refused.retry_after <= 10
    server.command("SET", "bucket", f"0 {later}")
    refused = await RateLimiter(db, 2, 10, algorithm="token_bucket").acquire("bucket")
    assert not refused
    assert 4 < refused.retry_after <= 5
    assert (await RateLimiter(db, 3, 10).acquire("window")).remaining == 0  # a higher limit than before
    assert (await RateLimiter(db, 1, 10).acquire("window")).remaining == 0  # and a lower one


async def test_views_and_names(mux: ConnectionMultiplexer, server: RealServer) -> None:
    view = mux.get_database(decode=True).with_options(key_prefix="limits:")
    limiter = RateLimiter(view, 2, 60)
    assert (await limiter.acquire(b"ada")).remaining == 1
    assert server.command("EXISTS", "limits:ada") == 1
    server.command("SET", "limits:grace", "text")
    for on_error in ("raise", "allow"):
        with pytest.raises(WrongTypeError):
            await RateLimiter(view, 2, 60, on_error=on_error).acquire("grace")  # type: ignore[arg-type]


async def test_large_limits(db: Database[bytes]) -> None:
    limiter = RateLimiter(db, 1000, 60)
    for _ in range(400):
        assert await limiter.acquire("ada", 2)
    assert (await limiter.acquire("ada", 200)).remaining == 0
    # So many have to leave first that the script looks through them in several steps.
    assert 50 < (await limiter.acquire("ada", 1000)).retry_after <= 60


async def test_every_node_of_a_cluster_counts(cluster: RealCluster) -> None:
    async with await ConnectionMultiplexer.connect(cluster.nodes[0].address) as mux:
        limiters = [
            RateLimiter(mux.get_database(), 2, 60, algorithm=each) for each in ("sliding_window", "token_bucket")
        ]
        for number, limiter in enumerate(limiters):
            for node in cluster.nodes[:3]:
                name = cluster.key_of(node, f"n{number}")
                assert [(await limiter.acquire(name)).allowed for _ in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 1.5}, "limit"),
        ({"limit": True}, "limit"),
        ({"limit": 2**60}, "limit"),
        ({"period": 0}, "period"),
        ({"period": float("inf")}, "period"),
        ({"period": 1e15}, "period"),
        ({"burst": 3}, "burst"),
        ({"algorithm": "token_bucket", "burst": 0}, "burst"),
        ({"algorithm": "leaky"}, "algorithm"),
        ({"on_error": "ignore"}, "on_error"),
        ({"database": None}, "database"),
    ],
)
async def test_what_is_refused(db: Database[bytes], arguments: dict[str, Any], argument: str) -> None:
    with pytest.raises(DataError, match=f"RateLimiter: {argument}"):
        RateLimiter(**{"database": db, "limit": 3, "period": 60, **arguments})


async def test_attempts_that_are_refused(db: Database[bytes]) -> None:
    limiter = RateLimiter(db, 3, 60, on_error="allow")
    for amount in (0, 4, 1.5, True):
        with pytest.raises(DataError, match="acquire: amount"):
            await limiter.acquire("ada", amount)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="wait: timeout"):
        await limiter.wait("ada", timeout=-1)
    with pytest.raises(DataError):
        await limiter.acquire(None)  # type: ignore[arg-type]
    assert (await limiter.acquire("ada", 3)).allowed
