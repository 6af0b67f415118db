# Generated from tests/asyncio/test_locks.py by scripts/generate_blocking.py; change that file instead.
"""Locks: one owner at a time, safe by token, whatever becomes of the connection, the caller and the owner."""

from __future__ import annotations

import gc
import threading
from functools import partial
from time import monotonic
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.blocking.lock import Lock
from multiplexer.core.call_options import CommandFlags
from multiplexer.errors import (
    DataError,
    LockError,
    LockNotOwnedError,
    MultiplexerClosedError,
    RedisConnectionError,
    RedisTimeoutError,
)
from tests.conftest import Target
from tests.servers import FaultProxy, Hold, RealServer, ScriptedServer

from ._world import Event, gather, sleep, spawn, until
from .connecting import connect


def test_one_owner_at_a_time(db: Database[bytes]) -> None:
    inside = 0
    most = 0
    lock_free = 0

    def work() -> None:
        nonlocal inside, most, lock_free
        with db.lock("lock", timeout=10, sleep=0.002):
            inside += 1
            most = max(most, inside)
            sleep(0.002)
            inside -= 1
        lock_free += 1

    gather(*[work] * 12)
    assert (most, lock_free) == (1, 12)
    assert db.get("lock") is None


def test_taking_and_releasing(db: Database[bytes], server: RealServer) -> None:
    first, second = db.lock("lock", timeout=10), db.lock("lock", timeout=10)
    assert not first.locked()
    assert first.acquire()
    assert 9 < server.command("PTTL", "lock") / 1000 <= 10
    assert (first.locked(), first.owned()) == (True, True)
    assert (second.locked(), second.owned()) == (True, False)
    assert not second.acquire(blocking=False)
    with pytest.raises(LockError, match="not held here"):
        second.release()
    first.release()
    assert second.acquire(blocking=False)
    with pytest.raises(LockError, match="not held here"):
        first.release()
    assert second.owned()
    second.release()
    assert not second.locked()


def test_a_lock_without_a_timeout_stays(db: Database[bytes], server: RealServer) -> None:
    lock = db.lock("lock")
    assert lock.acquire()
    assert server.command("PTTL", "lock") == -1
    for change in (partial(lock.extend, 1), lock.reacquire):
        with pytest.raises(LockError, match="no timeout"):
            change()
    lock.release()
    assert server.command("EXISTS", "lock") == 0


def test_a_token_of_the_callers_own(db: Database[bytes]) -> None:
    lock = db.lock("lock", timeout=10)
    assert lock.acquire(token="größe")
    assert db.get("lock") == "größe".encode()
    assert lock.owned()
    lock.release()


def test_extending(db: Database[bytes], server: RealServer) -> None:
    lock = db.lock("lock", timeout=10)
    lock.acquire()
    assert lock.extend(10)
    assert 19 < server.command("PTTL", "lock") / 1000 <= 20
    assert lock.extend(5, replace_ttl=True)
    assert 4 < server.command("PTTL", "lock") / 1000 <= 5
    assert lock.reacquire()
    assert 9 < server.command("PTTL", "lock") / 1000 <= 10
    lock.release()
    with pytest.raises(LockError, match="extend"):
        lock.extend(1)


def test_a_lock_that_expired(db: Database[bytes], server: RealServer) -> None:
    lock, other = db.lock("lock", timeout=10), db.lock("lock", timeout=10)
    for change in (lock.release, partial(lock.extend, 1), lock.reacquire):
        lock.acquire()
        assert not lock.lost.is_set()
        server.command("DEL", "lock")
        other.acquire()
        with pytest.raises(LockNotOwnedError, match="lost"):
            change()
        assert lock.lost.is_set()
        assert other.owned()  # and not touched by any of it
        other.release()


def test_waiting_has_a_limit(db: Database[bytes]) -> None:
    holder = db.lock("lock", timeout=10)
    holder.acquire()
    started = monotonic()
    assert not db.lock("lock", timeout=1, sleep=0.02, blocking_timeout=0.2).acquire()
    assert 0.2 <= monotonic() - started < 1
    with pytest.raises(LockError, match="not free"):
        with db.lock("lock", timeout=1, blocking_timeout=0.01):
            raise AssertionError
    with pytest.raises(LockError, match="not free"):
        with db.lock("lock", timeout=1, blocking=False):
            raise AssertionError
    waiting = spawn(db.lock("lock", timeout=1, sleep=0.01).acquire)
    holder.release()
    assert waiting.result()


def test_views(db: Database[bytes], db_str: Database[str], server: RealServer) -> None:
    forgetting = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
    for view in (db_str, db.with_options(key_prefix="app:"), forgetting):
        lock: Lock = view.lock("lock", timeout=10)
        with lock:
            assert lock.owned()
            assert lock.reacquire()
            name = "app:lock" if view not in (db_str, forgetting) else "lock"
            assert server.command("EXISTS", name) == 1
            assert not view.lock("lock", timeout=10).acquire(blocking=False)
        assert server.command("EXISTS", name) == 0


def test_in_four_methods(db: Database[bytes], db_str: Database[str], server: RealServer) -> None:
    assert db.lock_take("lock", "mine", 10)
    assert not db.lock_take("lock", "theirs", 10)
    assert (db.lock_query("lock"), db_str.lock_query("lock")) == (b"mine", "mine")
    assert not db.lock_extend("lock", "theirs", 20)
    assert db.lock_extend("lock", b"mine", 20)
    assert 19 < server.command("PTTL", "lock") / 1000 <= 20
    assert not db.lock_release("lock", "theirs")
    assert db.lock_release("lock", "mine")
    assert db.lock_query("lock") is None
    for expiry in (0, -1, float("nan"), None, True):
        with pytest.raises(DataError, match="expiry"):
            db.lock_take("lock", "mine", expiry)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="token"):
        db.lock_take("lock", "", 10)


def test_bad_arguments(db: Database[bytes]) -> None:
    for bad in (0, -1, float("nan"), float("inf"), "1", True):
        with pytest.raises(DataError, match="timeout"):
            db.lock("lock", timeout=bad)  # type: ignore[arg-type]
    for options in ({"sleep": -1}, {"blocking_timeout": -1}, {"sleep": None}, {"watchdog": True}):
        with pytest.raises(DataError, match=next(iter(options))):
            db.lock("lock", **options)  # type: ignore[arg-type]
    for token in (b"", "", 1):
        with pytest.raises(DataError, match="token"):
            db.lock("lock", timeout=1).acquire(token=token)  # type: ignore[arg-type]


# -- what goes wrong ---------------------------------------------------------------------------------------


def test_the_reply_is_lost_with_the_connection(server: RealServer, target: Target) -> None:
    """The lock was taken and nobody heard of it: the token tells whose it is."""
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            lock = mux.get_database().lock("lock", timeout=30, thread_local=False)
            other = mux.get_database().lock("lock", timeout=30)
            proxy.black_hole("to_client")
            taking = spawn(lock.acquire)
            until(lambda: server.command("EXISTS", "lock") == 1)
            proxy.reset()
            proxy.restore()
            assert taking.result()
            assert lock.owned()
            assert not other.acquire(blocking=False)
            proxy.black_hole("to_client")
            releasing = spawn(lock.release)
            until(lambda: server.command("EXISTS", "lock") == 0)
            proxy.reset()
            proxy.restore()
            releasing.result()
            assert other.acquire(blocking=False)
            other.release()


def test_somebody_else_has_it_when_the_connection_comes_back() -> None:
    with ScriptedServer() as server:
        with connect(server, protocol=2) as mux:
            server.on("SET", Hold(threading.Event()))
            server.on("EVAL", 0)
            taking = spawn(mux.get_database().lock("lock", timeout=1).acquire, blocking=False)
            until(lambda: server.commands("SET"))
            server.close_connections()
            assert taking.result() is False


def test_who_gives_up_does_not_hold_it(server: RealServer, target: Target) -> None:
    """The reply comes too late: the lock is released behind it."""
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=target.protocol) as mux:
            server.command("CONFIG", "RESETSTAT")
            proxy.black_hole("to_client")
            lock = mux.get_database().with_options(timeout=0.1).lock("lock", timeout=30)
            with pytest.raises(RedisTimeoutError):
                lock.acquire()
            until(lambda: server.command("INFO", "commandstats").decode().count("cmdstat_del:"))
            assert server.command("EXISTS", "lock") == 0
            with pytest.raises(LockError):
                lock.release()
            proxy.reset()  # or closing would wait for the replies that are lost


def test_an_attempt_that_was_never_sent_leaves_nothing(own_server: RealServer) -> None:
    own_server.kill()
    with connect(own_server) as mux:
        lock = mux.get_database().with_options(timeout=0.1).lock("lock", timeout=30)
        with pytest.raises(RedisTimeoutError):
            lock.acquire()
        own_server.restart()
        until(lambda: mux.is_connected)
        assert lock.acquire()
        lock.release()


def test_a_release_that_cannot_be_sent_now_is_sent_later(own_server: RealServer, target: Target) -> None:
    with FaultProxy(own_server.host, own_server.port) as proxy:
        with connect(proxy, protocol=target.protocol, timeout=5) as mux:
            lock = mux.get_database().lock("lock", timeout=60)
            lock.acquire()
            proxy.refuse()
            proxy.reset()
            until(lambda: not mux.is_connected)
            lock._database = lock._database.with_options(timeout=0.1)
            with pytest.raises(RedisTimeoutError):
                lock.release()
            assert own_server.command("EXISTS", "lock") == 1
            proxy.accept()
            until(lambda: own_server.command("EXISTS", "lock") == 0)


def test_errors_inside_matter_more(db: Database[bytes]) -> None:
    def fail() -> None:
        with db.lock("lock", timeout=10):
            db.delete("lock")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with pytest.raises(LockNotOwnedError):
        with db.lock("lock", timeout=10):
            db.delete("lock")
    with db.lock("lock", timeout=10, raise_on_release_error=False):
        db.delete("lock")


def test_a_class_of_ones_own(db: Database[bytes]) -> None:
    class Mine(Lock):
        pass

    assert type(db.lock("lock", lock_class=Mine)) is Mine


# -- the watchdog ------------------------------------------------------------------------------------------


def test_a_watchdog_keeps_the_lock(db: Database[bytes], server: RealServer) -> None:
    lock = db.lock("lock", timeout=1.0, watchdog=True)
    with lock:
        started = monotonic()
        while monotonic() - started < 1.5:
            assert server.command("PTTL", "lock") > 0
            sleep(0.02)
        assert lock.owned()
        assert not lock.lost.is_set()
    assert server.command("EXISTS", "lock") == 0
    sleep(0.2)
    assert not lock.lost.is_set()  # the watchdog has ended and does not take the release for a loss


def test_a_watchdog_does_not_shorten_what_was_extended(db: Database[bytes], server: RealServer) -> None:
    with db.lock("lock", timeout=0.3, watchdog=True) as lock:
        lock.extend(60)
        sleep(0.3)
        assert server.command("PTTL", "lock") > 50_000


def test_a_watchdog_tells_of_a_loss(db: Database[bytes], server: RealServer) -> None:
    told: list[Any] = []
    lock = db.lock("lock", timeout=0.3, watchdog=True, on_lost=told.append)
    lock.acquire()
    server.command("SET", "lock", "taken over")
    until(lambda: lock.lost.is_set() and told == [lock])
    with pytest.raises(LockNotOwnedError):
        lock.release()
    assert server.command("GET", "lock") == b"taken over"
    server.command("DEL", "lock")
    assert lock.acquire()
    assert not lock.lost.is_set()
    lock.release()
    assert told == [lock]


def test_a_lock_that_cannot_be_extended_is_lost_when_its_time_is_over(own_server: RealServer) -> None:
    with FaultProxy(own_server.host, own_server.port) as proxy:
        with connect(proxy) as mux:
            lost = Event()
            lock = mux.get_database().lock("lock", timeout=0.3, watchdog=True, on_lost=lambda _: lost.set())
            lock.acquire()
            proxy.black_hole()
            started = monotonic()
            lost.wait()
            assert 0.25 < monotonic() - started < 2
            assert lock.lost.is_set()
            proxy.reset()
            proxy.restore()


def test_a_short_outage_loses_nothing(own_server: RealServer) -> None:
    with FaultProxy(own_server.host, own_server.port) as proxy:
        with connect(proxy) as mux:
            lock = mux.get_database().lock("lock", timeout=3, watchdog=True)
            lock.acquire()
            proxy.reset()
            sleep(1.2)
            until(lambda: own_server.command("PTTL", "lock") > 2000)
            assert lock.owned()
            assert not lock.lost.is_set()
            lock.release()


def test_a_forgotten_lock_expires(db: Database[bytes], server: RealServer) -> None:
    lock = db.lock("lock", timeout=0.2, watchdog=True)
    lock.acquire()
    sleep(0.3)
    assert server.command("EXISTS", "lock") == 1
    del lock
    gc.collect()
    until(lambda: server.command("EXISTS", "lock") == 0)


def test_closing_ends_the_watchdog(server: RealServer, target: Target) -> None:
    lost = Event()
    mux = ConnectionMultiplexer.connect(f"{server.host}:{server.port}", protocol=target.protocol)
    lock = mux.get_database().lock("lock", timeout=30, watchdog=True, on_lost=lambda _: lost.set())
    lock.acquire()
    mux.close()
    until(lock.lost.is_set)
    with pytest.raises(MultiplexerClosedError):
        lock.release()
    assert issubclass(MultiplexerClosedError, RedisConnectionError)
    server.command("DEL", "lock")
