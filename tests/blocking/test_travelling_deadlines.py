# Generated from tests/asyncio/test_travelling_deadlines.py by scripts/generate_blocking.py; change that file instead.
"""``multiplexer.deadline``: what is asked for in a block shares one deadline; nothing is sent once it has passed."""

from __future__ import annotations

import contextvars
import re
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest

import multiplexer
from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer
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


@pytest.fixture
def slow(hanging: ScriptedServer) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer on that server. Closing it waits for what was sent, as long as a call may take."""
    with connect(hanging, timeout=BRIEF, heartbeat_interval=60.0) as mux:
        yield mux


def lasts(call: Callable[[], Any], seconds: float = SHORT) -> None:
    """Make a call in a block, which it ends with."""

    def in_block() -> None:
        with multiplexer.deadline(seconds):
            call()

    holds_deadline(in_block, seconds)
    assert deadlines.active == 0


def test_it_is_shorter_than_a_calls_own(slow: ConnectionMultiplexer) -> None:
    db = slow.get_database().with_options(timeout=LONG)
    lasts(partial(db.hget, "key", "field"))
    with multiplexer.deadline(SHORT) as block:
        assert 0 < block.left <= SHORT
        with pytest.raises(RedisTimeoutError) as caught:
            db.hget("key", "field")
    assert caught.value.was_sent
    waited = re.search(r"timed out after ([0-9.]+) s", str(caught.value))
    assert waited is not None
    assert float(waited[1]) < LONG / 2  # and not its own timeout
    with multiplexer.deadline(LONG), pytest.raises(RedisTimeoutError):
        db.with_options(timeout=SHORT).hget("key", "field")  # never longer
    assert deadlines.active == 0


def test_batches_transactions_and_what_has_a_connection_of_its_own(slow: ConnectionMultiplexer) -> None:
    db = slow.get_database().with_options(timeout=LONG)

    def batch() -> None:
        batch = db.batch()
        batch.hget("key", "field")
        batch.execute()

    def transaction() -> None:
        transaction = db.transaction()
        transaction.set("key", "value")
        transaction.execute()

    lasts(batch)
    lasts(transaction)
    lasts(partial(db.blpop, "list", 10))
    lasts(partial(db.blpop, "list", 0))
    lasts(partial(slow.get_subscriber().subscribe, "news"))
    with multiplexer.deadline(SHORT), pytest.raises(RedisTimeoutError, match="deadline of its block") as caught:
        db.blpop("list", 10)
    assert caught.value.was_sent


def test_what_begins_too_late_is_not_sent(slow: ConnectionMultiplexer, hanging: ScriptedServer) -> None:
    db = slow.get_database()
    batch = db.batch()
    batch.get("key")
    with multiplexer.deadline(0.0) as block:
        for call in (partial(db.get, "key"), batch.execute, partial(db.blpop, "list", 1), db.lock("lock").acquire):
            with pytest.raises(RedisTimeoutError, match="not sent: the deadline of 0 s") as caught:
                call()
            assert not caught.value.was_sent
        assert block.left == 0
        db.with_options(flags=CommandFlags.FIRE_AND_FORGET).set("seen", "x")  # for which nobody waits
    until(lambda: hanging.commands("SET"))
    assert not hanging.commands("GET")
    assert not hanging.commands("BLPOP")


def test_of_blocks_within_one_another_the_first_to_end_counts(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    with multiplexer.deadline(0.0):
        with multiplexer.deadline(LONG) as inner, pytest.raises(RedisTimeoutError):
            db.get("key")
        assert inner.left == 0
    with multiplexer.deadline(LONG) as outer:
        with multiplexer.deadline(0.0), pytest.raises(RedisTimeoutError):
            db.get("key")
        db.get("key")
        assert LONG - 10 < outer.left <= LONG
    db.get("key")
    assert deadlines.active == 0


def test_what_is_sent_again_keeps_to_it() -> None:
    with ScriptedServer() as server:
        server.on("GET", Error("LOADING Redis is loading the dataset in memory"))
        with connect(server, timeout=LONG) as mux:
            db = mux.get_database()
            lasts(partial(db.get, "key"))
            until(lambda: len(server.commands("GET")) > 1)


def test_waiting_for_what_another_has(mux: ConnectionMultiplexer, server: RealServer) -> None:
    """A lock, or a value that another process makes: its token is there, and that is all that is heard of it."""
    db = mux.get_database()
    theirs = db.lock("lock", 30)
    assert theirs.acquire()
    mine = db.lock("lock", 30, blocking_timeout=LONG)
    lasts(mine.acquire)
    assert not mine.owned()
    theirs.release()
    made = threading.Event()

    def loader() -> str:
        made.set()
        made.clear()
        while server.command("EXISTS", "go on") == 0:
            time.sleep(0.01)
        return "value"

    with connect(server, timeout=LONG) as other:
        loading = spawn(partial(other.get_database().get_or_load, "value", loader=_aside(loader), ttl=60))
        until(lambda: server.command("EXISTS", "value"))
        lasts(partial(db.get_or_load, "value", loader=_aside(loader), ttl=60))
        server.command("SET", "go on", "1")
        assert loading.result() == b"value"
    assert db.get_or_load("value", loader=loader, ttl=60) == b"value"


def _aside(loader: Callable[[], str]) -> Callable[[], Any]:
    """Return a loader that holds up nobody else."""
    return loader


def test_a_lock_is_released_though_the_deadline_has_passed(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()

    def too_late() -> None:
        with db.lock("lock", 30):
            with multiplexer.deadline(0.0):
                db.get("key")

    with pytest.raises(RedisTimeoutError):
        too_late()
    assert db.lock("lock", 30).acquire(blocking=False)
    db.delete("lock")
    with multiplexer.deadline(LONG) as block:
        lock = db.lock("lock", 30)
        lock.acquire()
        block.until = 0.0
        with pytest.raises(RedisTimeoutError):
            lock.release()  # its caller is not kept waiting

    def is_free() -> bool:
        return not db.exists("lock")

    until(is_free)


def test_what_is_kept_here_is_answered_whatever_the_time(server: RealServer) -> None:
    with connect(server, protocol=3) as mux:
        db = mux.get_database(cached=True)
        db.set("key", "value")

        def hit() -> bool:
            before = mux.client_cache.statistics().hits
            assert db.get("key") == b"value"
            return mux.client_cache.statistics().hits > before

        until(hit)
        with multiplexer.deadline(0.0):
            assert db.get("key") == b"value"
            with pytest.raises(RedisTimeoutError):
                db.get("other")
    with ScriptedServer() as hanging:
        stop = threading.Event()
        hanging.on("GET", Hold(stop))
        with connect(hanging, protocol=3, timeout=BRIEF, heartbeat_interval=60.0) as mux:
            db = mux.get_database(cached=True).with_options(timeout=LONG)
            lasts(partial(db.get, "key"))
            waiting = spawn(db.with_options(timeout=2.0).get, "key")
            sleep(0.01)
            lasts(partial(db.get, "key"))  # which waits for what the other has asked for
            with pytest.raises(RedisError):
                waiting.result()
        stop.set()


def test_what_goes_on_after_the_block_has_no_deadline(mux: ConnectionMultiplexer) -> None:
    """A task that was started in it has its context for good; a thread never had it."""
    db = mux.get_database()
    go_on = Event()

    def later() -> Any:
        go_on.wait()
        return db.set("key", "value")

    with multiplexer.deadline(0.0):
        task = spawn(later)
    go_on.set()
    assert task.result() is True


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
