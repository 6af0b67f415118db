"""Locks of the façade: who has them, for how long, and that nobody else can take or end them."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from time import monotonic
from types import SimpleNamespace

import pytest
import pytest_asyncio

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.client import Redis
from multiplexer.compat.asyncio.lock import Lock
from multiplexer.errors import DataError, LockError, LockNotOwnedError, RedisConnectionError, RedisTimeoutError
from tests.conftest import Target
from tests.servers import FaultProxy, RealServer

from .._world import gather, sleep, spawn, until


@pytest_asyncio.fixture(params=[False, True], ids=["bytes", "str"])
async def client(request: pytest.FixtureRequest, server: RealServer, target: Target) -> AsyncIterator[Redis]:
    """A client of the server under test, empty."""
    client = Redis(host=server.host, port=server.port, protocol=target.protocol, decode_responses=request.param)
    yield client
    await client.aclose()


@pytest.fixture
def proxy(server: RealServer) -> Iterator[FaultProxy]:
    """A proxy before the server under test."""
    with FaultProxy(server.host, server.port) as proxy:
        yield proxy


async def test_one_at_a_time(client: Redis) -> None:
    one, other = Lock(client, "a"), Lock(client, "a", blocking=False)
    assert await one.acquire() is True
    assert await one.locked()
    assert await one.owned()
    assert await other.locked()
    assert not await other.owned()
    assert await other.acquire() is False
    await one.release()
    assert not await one.locked()
    assert not await one.owned()
    assert await other.acquire() is True
    await other.release()


async def test_what_is_stored(client: Redis, server: RealServer) -> None:
    lock = Lock(client, "a")
    await lock.acquire()
    assert server.command("GET", "a") == lock.local.token
    assert server.command("TTL", "a") == -1
    await lock.release()
    assert server.command("EXISTS", "a") == 0
    lock = Lock(client, "a", timeout=1.5)
    await lock.acquire(token="tök")
    assert server.command("GET", "a") == "tök".encode()
    assert await lock.owned()
    assert 1400 < server.command("PTTL", "a") <= 1500
    await lock.release()


async def test_a_wait(client: Redis) -> None:
    one, other = Lock(client, "a", sleep=0.01), Lock(client, "a", sleep=0.01)
    await one.acquire()
    waiting = spawn(other.acquire)
    await sleep(0.05)
    assert not waiting.done()
    await one.release()
    assert await waiting.result() is True
    if other.local.token is None:  # threads know of their own locks only
        assert await other.locked()
    else:
        await other.release()


async def test_a_wait_that_is_limited(client: Redis) -> None:
    holder = Lock(client, "a")
    await holder.acquire()
    began = monotonic()
    assert await Lock(client, "a", sleep=0.03, blocking_timeout=0.1).acquire() is False
    assert 0.1 <= monotonic() - began < 2
    began = monotonic()
    assert await Lock(client, "a").acquire(blocking_timeout=0) is False
    assert await Lock(client, "a").acquire(blocking=False) is False
    assert monotonic() - began < 1
    late = Lock(client, "a", sleep=30, blocking_timeout=0.1)
    waiting = spawn(late.acquire)
    await sleep(0.03)
    await holder.release()
    assert await waiting.result() is True  # it looks once more when time is up


async def test_as_a_context(client: Redis, caplog: pytest.LogCaptureFixture) -> None:
    async with Lock(client, "a", timeout=10) as lock:
        assert await lock.owned()
        with pytest.raises(LockError, match="not free") as caught:
            async with Lock(client, "a", blocking_timeout=0.01):
                raise AssertionError("nobody comes here")
        assert caught.value.lock_name == "a"
    assert not await lock.locked()
    with pytest.raises(LockNotOwnedError):
        async with lock:
            await client.delete("a")
    with caplog.at_level(logging.WARNING, "multiplexer"):
        async with Lock(client, "a", raise_on_release_error=False):
            await client.delete("a")
    assert "no longer owned" in caplog.text


async def test_expiry_put_off(client: Redis, server: RealServer) -> None:
    lock = Lock(client, "a", timeout=10)
    await lock.acquire()
    assert await lock.extend(20) is True
    assert 29_000 < server.command("PTTL", "a") <= 30_000
    assert await lock.extend(5, replace_ttl=True) is True
    assert 4_000 < server.command("PTTL", "a") <= 5_000
    assert await lock.reacquire() is True
    assert 9_000 < server.command("PTTL", "a") <= 10_000
    await lock.release()


async def test_a_lock_that_was_lost(client: Redis) -> None:
    lock = Lock(client, "a", timeout=10)
    await lock.acquire()
    await client.set("a", "another's")
    assert not await lock.owned()
    for method in (lambda: lock.extend(1), lock.reacquire, lock.release):
        with pytest.raises(LockNotOwnedError) as caught:
            await method()
        assert caught.value.lock_name == "a"
    assert await client.get("a") in (b"another's", "another's")
    with pytest.raises(LockError, match="not owned"):
        await lock.release()


async def test_a_lock_that_expired(client: Redis) -> None:
    lock = Lock(client, "a", timeout=0.02)
    await lock.acquire()

    async def expired() -> bool:
        return not await lock.locked()

    await until(expired)
    with pytest.raises(LockNotOwnedError):
        await lock.release()


@pytest.mark.parametrize(("time", "replace"), [(0, True), (0.0004, True), (-1, True), (-20, False)])
async def test_a_time_with_which_the_lock_would_be_gone(client: Redis, time: float, replace: bool) -> None:
    lock = Lock(client, "a", timeout=10)
    await lock.acquire()
    with pytest.raises(DataError, match="additional_time"):
        await lock.extend(time, replace_ttl=replace)
    assert await lock.owned()
    assert 9000 < await client.pttl("a") <= 10_000
    assert await lock.extend(0) is True  # nothing is added
    assert 9000 < await client.pttl("a") <= 10_000


async def test_what_cannot_be(client: Redis) -> None:
    lock = Lock(client, "a")
    for method in (lambda: lock.extend(1), lock.reacquire, lock.release):
        with pytest.raises(LockError):
            await method()
    await lock.acquire()
    for method in (lambda: lock.extend(1), lock.reacquire):
        with pytest.raises(LockError, match="no timeout"):
            await method()
    await lock.release()
    for options in ({"timeout": -1}, {"sleep": float("nan")}, {"timeout": "soon"}, {"sleep": -0.1}):
        with pytest.raises(DataError, match="lock"):
            Lock(client, "a", **options)
    timed = Lock(client, "a", timeout=5)
    await timed.acquire()
    with pytest.raises(DataError, match="additional_time"):
        await timed.extend(float("inf"))


async def test_who_may_release(client: Redis) -> None:
    assert isinstance(Lock(client, "a", thread_local=False).local, SimpleNamespace)
    lock = Lock(client, "a", thread_local=False)
    await lock.acquire()
    await gather(lock.release)
    assert not await lock.locked()


async def test_from_the_client(client: Redis) -> None:
    lock = client.lock("a", timeout=5, sleep=0.2, blocking=False, blocking_timeout=3, thread_local=False)
    assert isinstance(lock, Lock)
    assert (lock.name, lock.timeout, lock.sleep, lock.blocking, lock.blocking_timeout) == ("a", 5, 0.2, False, 3)
    async with lock:
        assert await lock.owned()


async def test_over_the_multiplexer(server: RealServer, target: Target) -> None:
    mux = await ConnectionMultiplexer.connect(f"{server.host}:{server.port}", protocol=target.protocol)
    try:
        for client in (mux.get_database(), mux.get_database(decode=True), Redis(multiplexer=mux)):
            async with Lock(client, "a", timeout=5) as lock:
                assert await lock.owned()
                assert await lock.extend(5)
            assert not await lock.locked()
    finally:
        await mux.aclose()


async def test_many_take_turns(client: Redis) -> None:
    inside = 0
    most = 0

    async def enter() -> None:
        nonlocal inside, most
        async with Lock(client, "a", timeout=10, sleep=0.001):
            inside += 1
            most = max(most, inside)
            await sleep(0.001)
            inside -= 1

    await gather(*[enter] * 10)
    assert most == 1


async def test_a_reply_that_is_lost_leaves_no_lock(proxy: FaultProxy, target: Target, server: RealServer) -> None:
    client = Redis.from_url(f"redis://{proxy.host}:{proxy.port}", protocol=target.protocol)
    try:
        await client.ping()
        proxy.cut(after_items=0, after_bytes=0)
        with pytest.raises(RedisConnectionError):
            await Lock(client, "a").acquire()
        assert server.command("EXISTS", "a") == 0
    finally:
        await client.aclose()


async def test_a_release_can_be_tried_again(proxy: FaultProxy, target: Target, server: RealServer) -> None:
    client = Redis.from_url(f"redis://{proxy.host}:{proxy.port}", protocol=target.protocol, socket_timeout=0.1)
    try:
        lock = Lock(client, "a")
        await lock.acquire()
        proxy.black_hole("to_server")
        with pytest.raises(RedisTimeoutError):
            await lock.release()
        proxy.reset()
        proxy.restore()
        await lock.release()
        assert server.command("EXISTS", "a") == 0
    finally:
        await client.aclose()
