"""``multiplexer.deadline``: what is asked for in a block shares one deadline; nothing is sent once it has passed."""

from __future__ import annotations

import contextvars
import re
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

import multiplexer
from multiplexer import CommandFlags
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.drivers import deadlines
from multiplexer.errors import DataError, RedisError, RedisTimeoutError
from tests.servers import Error, Hold, RealServer, ScriptedServer

from ._world import Event, sleep, spawn, until
from .connecting import connect
from .lateness import holds_deadline

#: Seconds of a block that is to end too early, and of a call's own timeout, which is not to matter.
SHORT, LONG = 0.15, 20.0
#: Seconds a multiplexer gives calls of handles that say nothing else; of these there are none here.
BRIEF = 1.0


@pytest.fixture
def hanging() -> Iterator[ScriptedServer]:
    """A server that answers HGET, BLPOP and SUBSCRIBE never."""
    stop = threading.Event()
    with ScriptedServer() as server:
        for command in ("HGET", "BLPOP", "SUBSCRIBE", "EXEC"):
            server.on(command, Hold(stop))
        yield server
        stop.set()


@pytest_asyncio.fixture
async def slow(hanging: ScriptedServer) -> AsyncIterator[ConnectionMultiplexer]:
    """A multiplexer on that server. Closing it waits for what was sent, as long as a call may take."""
    async with await connect(hanging, timeout=BRIEF, heartbeat_interval=60.0) as mux:
        yield mux


async def lasts(call: Callable[[], Awaitable[Any]], seconds: float = SHORT) -> None:
    """Make a call in a block, which it ends with."""

    async def in_block() -> None:
        with multiplexer.deadline(seconds):
            await call()

    await holds_deadline(in_block, seconds)
    assert deadlines.active == 0


async def test_it_is_shorter_than_a_calls_own(slow: ConnectionMultiplexer) -> None:
    db = slow.get_database().with_options(timeout=LONG)
    await lasts(partial(db.hget, "key", "field"))
    with multiplexer.deadline(SHORT) as block:
        assert 0 < block.left <= SHORT
        with pytest.raises(RedisTimeoutError) as caught:
            await db.hget("key", "field")
    assert caught.value.was_sent
    waited = re.search(r"timed out after ([0-9.]+) s", str(caught.value))
    assert waited is not None
    assert float(waited[1]) < LONG / 2  # and not its own timeout
    with multiplexer.deadline(LONG), pytest.raises(RedisTimeoutError):
        await db.with_options(timeout=SHORT).hget("key", "field")  # never longer
    assert deadlines.active == 0


async def test_batches_transactions_and_what_has_a_connection_of_its_own(slow: ConnectionMultiplexer) -> None:
    db = slow.get_database().with_options(timeout=LONG)

    async def batch() -> None:
        batch = db.batch()
        batch.hget("key", "field")
        await batch.execute()

    async def transaction() -> None:
        transaction = db.transaction()
        transaction.set("key", "value")
        await transaction.execute()

    await lasts(batch)
    await lasts(transaction)
    await lasts(partial(db.blpop, "list", 10))
    await lasts(partial(db.blpop, "list", 0))
    await lasts(partial(slow.get_subscriber().subscribe, "news"))
    with multiplexer.deadline(SHORT), pytest.raises(RedisTimeoutError, match="deadline of its block") as caught:
        await db.blpop("list", 10)
    assert caught.value.was_sent


async def test_what_begins_too_late_is_not_sent(slow: ConnectionMultiplexer, hanging: ScriptedServer) -> None:
    db = slow.get_database()
    batch = db.batch()
    batch.get("key")
    with multiplexer.deadline(0.0) as block:
        for call in (partial(db.get, "key"), batch.execute, partial(db.blpop, "list", 1), db.lock("lock").acquire):
            with pytest.raises(RedisTimeoutError, match="not sent: the deadline of 0 s") as caught:
                await call()
            assert not caught.value.was_sent
        assert block.left == 0
        await db.with_options(flags=CommandFlags.FIRE_AND_FORGET).set("seen", "x")  # for which nobody waits
    await until(lambda: hanging.commands("SET"))
    assert not hanging.commands("GET")
    assert not hanging.commands("BLPOP")


async def test_of_blocks_within_one_another_the_first_to_end_counts(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    with multiplexer.deadline(0.0):
        with multiplexer.deadline(LONG) as inner, pytest.raises(RedisTimeoutError):
            await db.get("key")
        assert inner.left == 0
    with multiplexer.deadline(LONG) as outer:
        with multiplexer.deadline(0.0), pytest.raises(RedisTimeoutError):
            await db.get("key")
        await db.get("key")
        assert LONG - 10 < outer.left <= LONG
    await db.get("key")
    assert deadlines.active == 0


async def test_what_is_sent_again_keeps_to_it() -> None:
    with ScriptedServer() as server:
        server.on("GET", Error("LOADING Redis is loading the dataset in memory"))
        async with await connect(server, timeout=LONG) as mux:
            db = mux.get_database()
            await lasts(partial(db.get, "key"))
            await until(lambda: len(server.commands("GET")) > 1)


async def test_waiting_for_what_another_has(mux: ConnectionMultiplexer, server: RealServer) -> None:
    """A lock, or a value that another process makes: its token is there, and that is all that is heard of it."""
    db = mux.get_database()
    theirs = db.lock("lock", 30)
    assert await theirs.acquire()
    mine = db.lock("lock", 30, blocking_timeout=LONG)
    await lasts(mine.acquire)
    assert not await mine.owned()
    await theirs.release()
    made = threading.Event()

    def loader() -> str:
        made.set()
        made.clear()
        while server.command("EXISTS", "go on") == 0:
            time.sleep(0.01)
        return "value"

    async with await connect(server, timeout=LONG) as other:
        loading = spawn(partial(other.get_database().get_or_load, "value", loader=_aside(loader), ttl=60))
        await until(lambda: server.command("EXISTS", "value"))
        await lasts(partial(db.get_or_load, "value", loader=_aside(loader), ttl=60))
        server.command("SET", "go on", "1")
        assert await loading.result() == b"value"
    assert await db.get_or_load("value", loader=loader, ttl=60) == b"value"


def _aside(loader: Callable[[], str]) -> Callable[[], Any]:
    """Return a loader that holds up nobody else."""
    if True:  # ASYNC
        import asyncio

        return lambda: asyncio.to_thread(loader)
    return loader


async def test_a_lock_is_released_though_the_deadline_has_passed(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()

    async def too_late() -> None:
        async with db.lock("lock", 30):
            with multiplexer.deadline(0.0):
                await db.get("key")

    with pytest.raises(RedisTimeoutError):
        await too_late()
    assert await db.lock("lock", 30).acquire(blocking=False)
    await db.delete("lock")
    with multiplexer.deadline(LONG) as block:
        lock = db.lock("lock", 30)
        await lock.acquire()
        block.until = 0.0
        with pytest.raises(RedisTimeoutError):
            await lock.release()  # its caller is not kept waiting

    async def is_free() -> bool:
        return not await db.exists("lock")

    await until(is_free)


async def test_what_is_kept_here_is_answered_whatever_the_time(server: RealServer) -> None:
    async with await connect(server, protocol=3) as mux:
        db = mux.get_database(cached=True)
        await db.set("key", "value")

        async def hit() -> bool:
            before = mux.client_cache.statistics().hits
            assert await db.get("key") == b"value"
            return mux.client_cache.statistics().hits > before

        await until(hit)
        with multiplexer.deadline(0.0):
            assert await db.get("key") == b"value"
            with pytest.raises(RedisTimeoutError):
                await db.get("other")
    with ScriptedServer() as hanging:
        stop = threading.Event()
        hanging.on("GET", Hold(stop))
        async with await connect(hanging, protocol=3, timeout=BRIEF, heartbeat_interval=60.0) as mux:
            db = mux.get_database(cached=True).with_options(timeout=LONG)
            await lasts(partial(db.get, "key"))
            waiting = spawn(db.with_options(timeout=2.0).get, "key")
            await sleep(0.01)
            await lasts(partial(db.get, "key"))  # which waits for what the other has asked for
            with pytest.raises(RedisError):
                await waiting.result()
        stop.set()


async def test_what_goes_on_after_the_block_has_no_deadline(mux: ConnectionMultiplexer) -> None:
    """A task that was started in it has its context for good; a thread never had it."""
    db = mux.get_database()
    go_on = Event()

    async def later() -> Any:
        await go_on.wait()
        return await db.set("key", "value")

    with multiplexer.deadline(0.0):
        task = spawn(later)
    go_on.set()
    assert await task.result() is True


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), True, "1", None])
def test_what_is_no_number_of_seconds(seconds: Any) -> None:
    with pytest.raises(DataError, match="deadline: seconds"), multiplexer.deadline(seconds):
        raise AssertionError("unreachable")
    assert deadlines.active == 0


def test_one_that_ends_elsewhere_counts_nowhere() -> None:
    block = multiplexer.deadline(LONG)
    context = contextvars.copy_context()
    context.run(block.__enter__)
    assert deadlines.active == 1
    block.__exit__(None, None, None)
    assert deadlines.active == 0
    assert context.run(deadlines.left) == float("inf")
    with multiplexer.deadline(LONG):  # others being run, too
        assert context.run(deadlines.left) == float("inf")
