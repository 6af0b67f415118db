"""What was acknowledged was applied, once; what was not sent was not applied; whatever happens to the network."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from functools import partial

import pytest

from multiplexer import CommandFlags
from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.asyncio._world import WORLD, gather, sleep, spawn, until
from tests.asyncio.truth.conftest import QUICK, Connect
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import Ledger
from tests.truth.workload import FAULTS, Fault, settle, trouble

CALLERS = 16
SECONDS = 0.4


def goes_on(ledger: Ledger, end: float) -> bool:
    """Whether there is time left; where the machine is so busy that nothing was answered yet, there is more."""
    now = time.monotonic()
    return now < end or (not ledger.acknowledged and now < end + 20)


async def push_until(db: Database[bytes], ledger: Ledger, caller: str, end: float) -> None:
    """Append tokens to the list named like the ledger."""
    number = 0
    while goes_on(ledger, end):
        with ledger.call(caller, number) as token:
            await db.rpush(ledger.name, token)
        number += 1
        if number % 8 == 0:
            await sleep(0.001)


async def increment_until(db: Database[bytes], ledger: Ledger, caller: str, end: float) -> list[int]:
    """Increment the counter named like the ledger; return the replies, of which no two may be alike."""
    replies = []
    number = 0
    while goes_on(ledger, end):
        with ledger.call(caller, number):
            replies.append(await db.incr(ledger.name))
        number += 1
    return replies


async def with_trouble(
    db: Database[bytes], proxy: FaultProxy, server: RealServer, faults: tuple[Fault, ...], seed: object
) -> tuple[Ledger, Ledger]:
    """Let callers push and increment while faults happen, and check what came of it."""
    pushes, increments = Ledger("pushes", QUICK["timeout"]), Ledger("increments", QUICK["timeout"])
    end = time.monotonic() + SECONDS
    with trouble(proxy, faults, seed) as happened:
        results = await gather(
            *[partial(push_until, db, pushes, f"p{n}", end) for n in range(CALLERS)],
            *[partial(increment_until, db, increments, f"i{n}", end) for n in range(CALLERS)],
        )
    assert happened
    settle(server, proxy)
    pushes.check(server.command("LRANGE", "pushes", 0, -1))
    increments.check_count(int(server.command("GET", "increments") or 0))
    replies: list[list[int]] = [result for result in results if result]
    assert all(a < b for mine in replies for a, b in itertools.pairwise(mine)), "a caller's replies fell"
    everything = [reply for mine in replies for reply in mine]
    assert len(set(everything)) == len(everything), "one reply was given to two callers"
    return pushes, increments


@pytest.mark.chance
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_writes_are_counted_exactly_while_the_network_fails(
    db: Database[bytes], proxy: FaultProxy, server: RealServer, fault: Fault
) -> None:
    pushes, increments = await with_trouble(db, proxy, server, (fault,), fault.__name__)
    assert pushes.acknowledged or increments.acknowledged
    assert await db.ping()


@pytest.mark.parametrize("after_bytes", range(5))
@pytest.mark.parametrize("after_items", [0, 1, 5])
async def test_a_reply_cut_short_is_a_call_of_unknown_outcome(
    calm: Database[bytes], proxy: FaultProxy, server: RealServer, after_items: int, after_bytes: int
) -> None:
    """``:1\\r\\n`` is cut before its first byte, after it, and so on; with all four the reply is whole."""
    ledger = Ledger("n")
    proxy.cut(after_items=after_items, after_bytes=after_bytes)

    async def increment(number: int) -> None:
        with ledger.call("c", number):
            await calm.incr("n")

    await gather(*[partial(increment, number) for number in range(6)])
    ledger.check_count(int(server.command("GET", "n")))
    assert not ledger.not_sent
    assert ledger.unknown or after_bytes >= 4
    if WORLD == "asyncio":  # threads may begin after the cut
        assert len(ledger.acknowledged) == after_items + (after_bytes >= 4)


async def test_a_request_cut_short_is_not_applied(calm: Database[bytes], proxy: FaultProxy, server: RealServer) -> None:
    ledger = Ledger("n")
    proxy.cut(after_bytes=11, direction="to_server")
    with ledger.call("c", 0):
        await calm.incr("n")
    assert len(ledger.unknown) == 1, "its bytes were handed to the socket"
    settle(server, proxy)
    assert server.command("GET", "n") is None


async def test_what_waits_for_a_connection_is_sent_once_it_is_there(
    db: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    proxy.refuse()
    proxy.reset()
    ledger = Ledger("list")

    async def push(caller: int) -> None:
        with ledger.call(f"c{caller}", 0) as token:
            await db.rpush("list", token)

    tasks = [spawn(push, caller) for caller in range(20)]
    await sleep(0.1)
    proxy.accept()
    for task in tasks:
        await task.result()
    assert len(ledger.acknowledged) + len(ledger.unknown) == 20
    ledger.check(server.command("LRANGE", "list", 0, -1))


async def test_what_was_not_sent_in_time_is_never_sent(
    mux: ConnectionMultiplexer, proxy: FaultProxy, server: RealServer
) -> None:
    hasty = mux.get_database().with_options(timeout=0.15)
    proxy.refuse()
    proxy.reset()
    await until(lambda: not mux.is_connected)
    ledger = Ledger("list", 0.15)

    async def push(caller: int) -> None:
        with ledger.call(f"c{caller}", 0) as token:
            await hasty.rpush("list", token)

    await gather(*[partial(push, caller) for caller in range(20)])
    assert len(ledger.not_sent) == 20
    assert {type(error) for error in ledger.errors.values()} == {RedisTimeoutError}
    proxy.accept()
    assert await mux.get_database().rpush("list", "c/1") == 1
    ledger.note("c", 1)
    ledger.check(server.command("LRANGE", "list", 0, -1))


async def test_a_write_is_never_sent_again_by_itself(
    calm: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    for number in range(20):
        proxy.cut(after_items=0, after_bytes=number % 3)
        with pytest.raises(RedisConnectionError) as caught:
            await calm.rpush("list", number)
        assert caught.value.was_sent
        assert await calm.llen("list") == number + 1


async def test_a_read_is_sent_again_when_its_connection_is_lost(calm: Database[bytes], proxy: FaultProxy) -> None:
    await calm.set("k", "v")
    before = proxy.connections
    for number in range(10):
        proxy.cut(after_items=0, after_bytes=number % 6)
        assert await calm.get("k") == b"v"
    assert proxy.connections == before + 10


async def test_a_read_is_not_sent_again_where_that_is_forbidden(calm: Database[bytes], proxy: FaultProxy) -> None:
    once = calm.with_options(flags=CommandFlags.NO_RETRY)
    await calm.set("k", "v")
    proxy.cut(after_items=0, after_bytes=1)
    with pytest.raises(RedisConnectionError) as caught:
        await once.get("k")
    assert caught.value.was_sent


async def test_a_write_is_sent_again_where_that_is_allowed(
    calm: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    again = calm.with_options(flags=CommandFlags.RETRY_WRITES)
    proxy.cut(after_items=0, after_bytes=0)
    assert await again.incr("n") == 2, "applied before the cut, and once more"
    assert server.command("GET", "n") == b"2"


async def test_a_write_that_waits_to_be_sent_again_may_have_been_applied(
    calm: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    """It was sent once, on a connection that is lost, and its deadline passes before there is another."""
    again = calm.with_options(flags=CommandFlags.RETRY_WRITES, timeout=0.3)
    proxy.cut(after_items=0, after_bytes=0)
    proxy.refuse()
    with pytest.raises(RedisTimeoutError) as caught:
        await again.incr("n")
    assert server.command("GET", "n") == b"1"
    assert caught.value.was_sent


async def test_a_write_that_waits_to_be_sent_again_when_the_multiplexer_is_closed_may_have_been_applied(
    connect: Connect, proxy: FaultProxy, server: RealServer
) -> None:
    mux = await connect(heartbeat_interval=60.0)
    again = mux.get_database().with_options(flags=CommandFlags.RETRY_WRITES)
    proxy.cut(after_items=0, after_bytes=0)
    proxy.refuse()
    task = spawn(lambda: again.incr("n"))
    await until(lambda: server.command("GET", "n") == b"1" and not mux.is_connected)
    await mux.aclose()
    with pytest.raises(RedisConnectionError) as caught:
        await task.result()
    assert caught.value.was_sent


@pytest.fixture
def durable_server() -> Iterator[RealServer]:
    """A server that writes everything to its append-only file before it answers."""
    with RealServer.start("valkey", config=["appendonly yes", "appendfsync always"]) as server:
        yield server


async def test_counting_holds_through_kills_of_the_server(durable_server: RealServer) -> None:
    mux = await ConnectionMultiplexer.connect(
        f"{durable_server.host}:{durable_server.port}", **{**QUICK, "timeout": 4.0}
    )
    db = mux.get_database()
    ledger = Ledger("pushes", 4.0)
    end = time.monotonic() + 1.2
    tasks = [spawn(push_until, db, ledger, f"c{n}", end) for n in range(8)]
    for _ in range(2):
        await sleep(0.2)
        durable_server.kill()
        await sleep(0.05)
        durable_server.restart()
    for task in tasks:
        await task.result(20)
    await db.ping()
    ledger.check(durable_server.command("LRANGE", "pushes", 0, -1))
    assert ledger.acknowledged
    assert ledger.unknown
    await mux.aclose()
