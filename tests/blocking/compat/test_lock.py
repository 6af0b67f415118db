# Generated from tests/asyncio/compat/test_lock.py by scripts/generate_blocking.py; change that file instead.
"""Locks of the façade: who has them, for how long, and that nobody else can take or end them."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from time import monotonic
from types import SimpleNamespace

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.compat.blocking.client import Redis
from multiplexer.compat.blocking.lock import Lock
from multiplexer.errors import DataError, LockError, LockNotOwnedError, RedisConnectionError, RedisTimeoutError
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer

from .._world import gather, sleep, spawn, until


@pytest.fixture(params=[False, True], ids=["bytes", "str"])
def client(request: pytest.FixtureRequest, server: RealServer, target: Target) -> Iterator[Redis]:
    """A client of the server under test, empty."""
    client = Redis(host=server.host, port=server.port, protocol=target.protocol, decode_responses=request.param)
    yield client
    client.close()


@pytest.fixture
def proxy(server: RealServer) -> Iterator[FaultProxy]:
    """A proxy before the server under test."""
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


def test_one_at_a_time(client: Redis) -> None:
    one, other = Lock(client, "a"), Lock(client, "a", blocking=False)
    assert one.acquire() is True
    assert one.locked()
    assert one.owned()
    assert other.locked()
    assert not other.owned()
    assert other.acquire() is False
    one.release()
    assert not one.locked()
    assert not one.owned()
    assert other.acquire() is True
    other.release()


def test_what_is_stored(client: Redis, server: RealServer) -> None:
    lock = Lock(client, "a")
    lock.acquire()
    assert server.command("GET", "a") == lock.local.token
    assert server.command("TTL", "a") == -1
    lock.release()
    assert server.command("EXISTS", "a") == 0
    lock = Lock(client, "a", timeout=1.5)
    lock.acquire(token="tök")
    assert server.command("GET", "a") == "tök".encode()
    assert lock.owned()
    assert 1400 < server.command("PTTL", "a") <= 1500
    lock.release()


def test_a_wait(client: Redis) -> None:
    one, other = Lock(client, "a", sleep=0.01), Lock(client, "a", sleep=0.01)
    one.acquire()
    waiting = spawn(other.acquire)
    sleep(0.05)
    assert not waiting.done()
    one.release()
    assert waiting.result() is True
    if other.local.token is None:  # threads know of their own locks only
        assert other.locked()
    else:
        other.release()


def test_a_wait_that_is_limited(client: Redis) -> None:
    holder = Lock(client, "a")
    holder.acquire()
    began = monotonic()
    assert Lock(client, "a", sleep=0.03, blocking_timeout=0.1).acquire() is False
    assert 0.1 <= monotonic() - began < 2
    began = monotonic()
    assert Lock(client, "a").acquire(blocking_timeout=0) is False
    assert Lock(client, "a").acquire(blocking=False) is False
    assert monotonic() - began < 1
    late = Lock(client, "a", sleep=30, blocking_timeout=0.1)
    waiting = spawn(late.acquire)
    sleep(0.03)
    holder.release()
    assert waiting.result() is True  # it looks once more when time is up


def test_as_a_context(client: Redis, caplog: pytest.LogCaptureFixture) -> None:
    with Lock(client, "a", timeout=10) as lock:
        assert lock.owned()
        with pytest.raises(LockError, match="not free") as caught:
            with Lock(client, "a", blocking_timeout=0.01):
                raise AssertionError("nobody comes here")
        assert caught.value.lock_name == "a"
    assert not lock.locked()
    with pytest.raises(LockNotOwnedError):
        with lock:
            client.delete("a")
    with caplog.at_level(logging.WARNING, "multiplexer"):
        with Lock(client, "a", raise_on_release_error=False):
            client.delete("a")
    assert "no longer owned" in caplog.text


def test_expiry_put_off(client: Redis, server: RealServer) -> None:
    lock = Lock(client, "a", timeout=10)
    lock.acquire()
    assert lock.extend(20) is True
    assert 29_000 < server.command("PTTL", "a") <= 30_000
    assert lock.extend(5, replace_ttl=True) is True
    assert 4_000 < server.command("PTTL", "a") <= 5_000
    assert lock.reacquire() is True
    assert 9_000 < server.command("PTTL", "a") <= 10_000
    lock.release()


def test_a_lock_that_was_lost(client: Redis) -> None:
    lock = Lock(client, "a", timeout=10)
    lock.acquire()
    client.set("a", "another's")
    assert not lock.owned()
    for method in (lambda: lock.extend(1), lock.reacquire, lock.release):
        with pytest.raises(LockNotOwnedError) as caught:
            method()
        assert caught.value.lock_name == "a"
    assert client.get("a") in (b"another's", "another's")
    with pytest.raises(LockError, match="not owned"):
        lock.release()


def test_a_lock_that_expired(client: Redis) -> None:
    lock = Lock(client, "a", timeout=0.02)
    lock.acquire()

    def expired() -> bool:
        return not lock.locked()

    until(expired)
    with pytest.raises(LockNotOwnedError):
        lock.release()


@pytest.mark.parametrize(("time", "replace"), [(0, True), (0.0004, True), (-1, True), (-20, False)])
def test_a_time_with_which_the_lock_would_be_gone(client: Redis, time: float, replace: bool) -> None:
    lock = Lock(client, "a", timeout=10)
    lock.acquire()
    with pytest.raises(DataError, match="additional_time"):
        lock.extend(time, replace_ttl=replace)
    assert lock.owned()
    assert 9000 < client.pttl("a") <= 10_000
    assert lock.extend(0) is True  # nothing is added
    assert 9000 < client.pttl("a") <= 10_000


def test_what_cannot_be(client: Redis) -> None:
    lock = Lock(client, "a")
    for method in (lambda: lock.extend(1), lock.reacquire, lock.release):
        with pytest.raises(LockError):
            method()
    lock.acquire()
    for method in (lambda: lock.extend(1), lock.reacquire):
        with pytest.raises(LockError, match="no timeout"):
            method()
    lock.release()
    for options in ({"timeout": -1}, {"sleep": float("nan")}, {"timeout": "soon"}, {"sleep": -0.1}):
        with pytest.raises(DataError, match="lock"):
            Lock(client, "a", **options)
    timed = Lock(client, "a", timeout=5)
    timed.acquire()
    with pytest.raises(DataError, match="additional_time"):
        timed.extend(float("inf"))


def test_who_may_release(client: Redis) -> None:
    assert isinstance(Lock(client, "a", thread_local=False).local, SimpleNamespace)
    lock = Lock(client, "a", thread_local=False)
    lock.acquire()
    gather(lock.release)
    assert not lock.locked()


def test_from_the_client(client: Redis) -> None:
    lock = client.lock("a", timeout=5, sleep=0.2, blocking=False, blocking_timeout=3, thread_local=False)
    assert isinstance(lock, Lock)
    assert (lock.name, lock.timeout, lock.sleep, lock.blocking, lock.blocking_timeout) == ("a", 5, 0.2, False, 3)
    with lock:
        assert lock.owned()


def test_over_the_multiplexer(server: RealServer, target: Target) -> None:
    mux = ConnectionMultiplexer.connect(f"{server.host}:{server.port}", protocol=target.protocol)
    try:
        for client in (mux.get_database(), mux.get_database(decode=True), Redis(multiplexer=mux)):
            with Lock(client, "a", timeout=5) as lock:
                assert lock.owned()
                assert lock.extend(5)
            assert not lock.locked()
    finally:
        mux.close()


def test_many_take_turns(client: Redis) -> None:
    inside = 0
    most = 0

    def enter() -> None:
        nonlocal inside, most
        with Lock(client, "a", timeout=10, sleep=0.001):
            inside += 1
            most = max(most, inside)
            sleep(0.001)
            inside -= 1

    gather(*[enter] * 10)
    assert most == 1


def test_a_reply_that_is_lost_leaves_no_lock(proxy: FaultProxy, target: Target, server: RealServer) -> None:
    client = Redis.from_url(f"redis://{proxy.host}:{proxy.port}", protocol=target.protocol)
    try:
        client.ping()
        proxy.cut(after_items=0, after_bytes=0)
        with pytest.raises(RedisConnectionError):
            Lock(client, "a").acquire()
        assert server.command("EXISTS", "a") == 0
    finally:
        client.close()


def test_a_release_can_be_tried_again(proxy: FaultProxy, target: Target, server: RealServer) -> None:
    client = Redis.from_url(f"redis://{proxy.host}:{proxy.port}", protocol=target.protocol, socket_timeout=0.1)
    try:
        lock = Lock(client, "a")
        lock.acquire()
        proxy.black_hole("to_server")
        with pytest.raises(RedisTimeoutError):
            lock.release()
        proxy.reset()
        proxy.restore()
        lock.release()
        assert server.command("EXISTS", "a") == 0
    finally:
        client.close()
