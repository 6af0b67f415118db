# asyncio only
"""What cannot be awaited has threads of its own, which the application cannot keep busy."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import Context, ContextVar
from time import monotonic
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.client import Redis
from multiplexer.credentials import CallableCredentialProvider, CredentialProvider
from multiplexer.drivers.eventloop import helpers
from multiplexer.drivers.eventloop.helpers import MOST, help_with
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from multiplexer.pools.asyncio import ConnectionPool
from tests.servers import RealServer
from tests.stepping import at_every_step

from ._world import until

variable: ContextVar[object] = ContextVar("variable", default=None)
FOREVER = float("inf")


#: Calls that are under way.
hanging: set[object] = set()


@asynccontextmanager
async def busy(*calls: Any) -> AsyncIterator[threading.Event]:
    """Keep threads waiting: those of the loop's default executor, or whatever the calls take."""
    end = threading.Event()
    loop = asyncio.get_running_loop()
    tasks = [asyncio.ensure_future(call(end)) for call in calls]
    tasks += [] if calls else [asyncio.ensure_future(loop.run_in_executor(None, end.wait, 30)) for _ in range(64)]
    try:
        yield end
    finally:
        end.set()
        await asyncio.gather(*tasks)


async def hang(end: threading.Event) -> None:
    def call() -> None:
        hanging.add(call)
        end.wait(30)
        hanging.discard(call)

    await help_with("hanging", FOREVER, call)


class Provider:
    """One that knows nothing of asyncio."""

    def get_credentials(self) -> tuple[str, str]:
        return "default", ""


async def test_a_full_default_executor_does_not_keep_anybody_from_connecting(server: RealServer) -> None:
    async with busy(), await ConnectionMultiplexer.connect(f"localhost:{server.port}", timeout=5) as mux:
        db = mux.get_database()
        await db.set("k", 1)
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        began = monotonic()
        assert await db.get("k") == b"1"
        assert monotonic() - began < 4


async def test_threads_are_bounded_and_the_error_says_so(server: RealServer) -> None:
    async with busy(*[hang] * MOST) as end:
        await until(lambda: len(hanging) == MOST)
        with pytest.raises(TimeoutError, match=rf"asking did not begin in time: {MOST} calls"):
            await help_with("asking", monotonic() + 0.05, len, "abc")
        with pytest.raises(RedisConnectionError, match="looking up localhost did not begin in time"):
            await ConnectionMultiplexer.connect(
                f"localhost:{server.port}", connect_timeout=0.2, abort_connect=True, connect_retry=1
            )
        end.set()
        assert await help_with("asking", monotonic() + 10, len, "abc") == 3
    with pytest.raises(TimeoutError, match="waiting took too long"):
        await help_with("waiting", monotonic() + 0.05, threading.Event().wait, 0.5)


async def test_what_a_call_raises() -> None:
    def fail(error: Exception) -> None:
        raise error

    with pytest.raises(TimeoutError, match="its own"):
        await help_with("failing", FOREVER, fail, TimeoutError("its own"))
    with pytest.raises(RuntimeError, match="StopIteration"):
        await help_with("failing", FOREVER, fail, StopIteration())
    variable.set("a request's")
    assert await help_with("looking", FOREVER, variable.get) is None


# Of Ctrl-C in a callback of a weak reference, which nobody can catch.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_ctrl_c_at_any_step_costs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(threading.enumerate())
    monkeypatch.setattr(helpers, "_helpers", helpers._Helpers())
    monkeypatch.setattr(helpers, "LINGER", 0.01)
    monkeypatch.setattr(helpers, "MOST", 2)
    for _ in at_every_step(lambda: helpers._helpers.submit(helpers._Job(len, ("abc",), Context()))):
        assert await help_with("asking", monotonic() + 10, len, "abc") == 3
        await until(lambda: not helpers._helpers._threads)
    monkeypatch.setattr(helpers, "LINGER", 30)
    for _ in at_every_step(lambda: helpers._helpers.submit(helpers._Job(len, ("abc",), Context()))):
        assert await help_with("asking", monotonic() + 10, len, "abc") == 3
        assert len(helpers._helpers._threads) <= 2
    monkeypatch.setattr(helpers, "LINGER", 0.01)
    for sleeper in list(helpers._helpers._sleepers):
        sleeper.ring()
    await until(lambda: {thread for thread in threading.enumerate() if thread.is_alive()} <= before)


async def test_threads_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helpers, "_helpers", helpers._Helpers())  # those of other tests linger
    monkeypatch.setattr(helpers, "LINGER", 0.01)
    mine = await help_with("looking", FOREVER, threading.current_thread)
    await until(lambda: not mine.is_alive())
    assert await help_with("asking", FOREVER, len, "abc") == 3


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
async def test_the_child_of_a_fork_has_its_own() -> None:
    async with busy(*[hang] * MOST):
        await until(lambda: len(hanging) == MOST)
        child = os.fork()
        if not child:
            with contextlib.suppress(BaseException):
                asyncio._set_running_loop(None)
                os._exit(0 if asyncio.run(help_with("asking", monotonic() + 20, len, "abc")) == 3 else 1)
            os._exit(2)
        _, status = os.waitpid(child, 0)  # noqa: ASYNC222 - its loop is another
        assert os.waitstatus_to_exitcode(status) == 0


async def test_a_provider_that_blocks(server: RealServer) -> None:
    async with busy():
        provider = Provider()
        mux = await ConnectionMultiplexer.connect(f"localhost:{server.port}", credential_provider=provider)
        async with mux:
            assert await mux.get_database().ping()


# -- credential providers ----------------------------------------------------------------------------------


class Blocking(CredentialProvider):
    """One that says nothing of asyncio, though it derives from a class that does."""

    def __init__(self, call: Callable[[], tuple[str, str]]) -> None:
        self.get_credentials = call  # type: ignore[method-assign]


class Plain:
    """One that says nothing of asyncio at all."""

    def __init__(self, call: Callable[[], tuple[str, str]]) -> None:
        self.get_credentials = call


PROVIDERS: list[Any] = [Blocking, Plain, CallableCredentialProvider]


@contextmanager
def hung() -> Iterator[Callable[[], tuple[str, str]]]:
    """Something that does not return before the block ends."""
    end = threading.Event()

    def call() -> tuple[str, str]:
        end.wait(30)
        return "default", ""

    try:
        yield call
    finally:
        end.set()


async def ticks_during(call: Awaitable[Any]) -> int:
    """Count what else the loop does until a call has failed because of the provider."""
    count, done = 0, asyncio.ensure_future(call)
    while not done.done():
        await asyncio.sleep(0.01)
        count += 1
    with pytest.raises((RedisTimeoutError, RedisConnectionError), match="the credential provider took too long"):
        done.result()
    return count


@pytest.mark.parametrize("kind", PROVIDERS)
async def test_a_provider_that_hangs_stops_nobody(server: RealServer, kind: Any) -> None:
    with hung() as call:
        options = {"credential_provider": kind(call), "socket_connect_timeout": 0.6}
        async with ConnectionPool(host=server.host, port=server.port, **options) as pool:
            assert await ticks_during(pool.get_connection()) > 3
        async with Redis(host=server.host, port=server.port, **options) as client:
            assert await ticks_during(client.ping()) > 3
        connecting = ConnectionMultiplexer.connect(
            f"localhost:{server.port}",
            credential_provider=kind(call),
            connect_timeout=0.6,
            abort_connect=True,
            connect_retry=1,
        )
        assert await ticks_during(connecting) > 3


async def test_a_lease_whose_provider_hangs(server: RealServer) -> None:
    with hung() as hang:
        calls = [lambda: ("default", "")]
        provider = Blocking(lambda: calls.pop()() if calls else hang())
        options = {"credential_provider": provider, "connect_timeout": 0.1, "timeout": 0.3}
        async with await ConnectionMultiplexer.connect(f"localhost:{server.port}", **options) as mux:
            with pytest.raises(RedisTimeoutError, match="the credential provider took too long"):
                await mux.get_database().blpop("list", 0.1)


@pytest.mark.parametrize("kind", PROVIDERS)
async def test_a_provider_knows_who_connects(server: RealServer, kind: Any) -> None:
    seen: list[tuple[str | None, bool]] = []

    def give() -> tuple[str, str]:
        seen.append((variable.get(), threading.current_thread() is threading.main_thread()))
        return "default", ""

    variable.set("a request's")
    async with ConnectionPool(host=server.host, port=server.port, credential_provider=kind(give)) as pool:
        await pool.release(await pool.get_connection())
    assert seen == [("a request's", False)]
