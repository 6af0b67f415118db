# asyncio only
"""Ctrl-C takes the place of a callback of the event loop's, which is never called then: what hangs on it goes on."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.drivers.eventloop import connector, driver
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.servers import Hold, RealServer, ScriptedServer
from tests.stepping import interrupted_at

from ._world import until

IMPATIENT = {"connect_timeout": 0.5, "heartbeat_interval": 0.05, "async_timeout": 20.0}


class LosingLoop(asyncio.SelectorEventLoop):
    """Loses one callback, as it does where Ctrl-C comes between taking it from the queue and calling it.

    Attributes:
        is_doomed: Whether a callback may be the lost one.
        spared: How many of those it still calls.
        lost: Whether it has lost one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_doomed: Callable[[Any], bool] = lambda callback: False
        self.spared = 0
        self.lost = False

    def _lose(self, callback: Any) -> bool:
        if self.lost or not self.is_doomed(callback):
            return False
        self.spared -= 1
        self.lost = self.spared < 0
        return self.lost

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:
        if self._lose(callback):
            return super().call_soon(lambda: None)
        return super().call_soon(callback, *args, context=context)

    def call_at(self, when: float, callback: Any, *args: Any, context: Any = None) -> asyncio.TimerHandle:
        if self._lose(callback):
            return super().call_at(when, lambda: None)
        return super().call_at(when, callback, *args, context=context)


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    """Collect what lost callbacks leave behind, of which other tests would be told otherwise."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "_LOST_AFTER", 0.1)
    monkeypatch.setattr(connector, "_SECOND_LOOK", 0.05)


def run(use: Callable[[LosingLoop], Any]) -> None:
    loop = LosingLoop()
    try:
        loop.run_until_complete(use(loop))
        loop.run_until_complete(asyncio.sleep(0))
    finally:
        loop.close()


def task_of(mux: ConnectionMultiplexer) -> Any:
    return mux._coordinator.servers[0].interactive.connector._task


@pytest.mark.parametrize("spared", range(5))
def test_a_turn_of_whoever_connects(own_server: RealServer, impatient: None, spared: int) -> None:
    async def use(loop: LosingLoop) -> None:
        async with await ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}", **IMPATIENT) as mux:
            db = mux.get_database()
            loop.spared = spared
            loop.is_doomed = lambda callback: getattr(callback, "__self__", loop) is task_of(mux)
            own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await until(lambda: loop.lost)
            assert await db.incr("n") == 1
        await until(lambda: not own_server.clients())

    run(use)


def test_a_turn_of_whoever_connects_for_the_first_time(own_server: RealServer, impatient: None) -> None:
    async def use(loop: LosingLoop) -> None:
        own_server.kill()
        async with await ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}", **IMPATIENT) as mux:
            loop.is_doomed = lambda callback: getattr(callback, "__self__", loop) is task_of(mux)
            await until(lambda: loop.lost)
            own_server.restart()
            assert await mux.get_database().incr("n") == 1

    run(use)


def test_a_connection_that_is_lost_before_its_maker_is_seen_to_have_ended(own_server: RealServer) -> None:
    """Whoever starts the next one then must not be taken for the one that has ended, or there would be two."""

    async def use(loop: LosingLoop) -> None:
        async with await ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}", **IMPATIENT) as mux:
            bridge = mux._coordinator.servers[0].interactive
            broken: list[bool] = []

            def strike(callback: Any) -> bool:
                if getattr(callback, "__name__", "") == "_ended" and not broken and bridge.connection is not None:
                    broken.append(True)
                    bridge.break_connection(bridge.connection, RedisConnectionError("broken"))
                return False

            loop.is_doomed = strike
            own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await until(lambda: broken and bridge.connection is not None)
            await asyncio.sleep(0.1)
            assert mux.get_counters()[0].interactive.socket_count == 3
            assert len(own_server.clients()) == 1

    run(use)


@pytest.mark.parametrize("spared", range(3))
def test_the_call_that_tells_of_replies(own_server: RealServer, spared: int) -> None:
    async def use(loop: LosingLoop) -> None:
        async with await ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}", **IMPATIENT) as mux:
            db = mux.get_database()
            await db.incr("n")
            loop.spared = spared
            loop.is_doomed = lambda callback: getattr(callback, "__name__", "") == "_wake"
            for _ in range(3):
                await asyncio.wait_for(asyncio.gather(*[db.incr("n") for _ in range(10)]), 10)
            assert loop.lost
            assert await db.get("n") == b"31"

    run(use)


def test_closing_meanwhile(own_server: RealServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connector, "_ENDS_WITHIN", 0.1)

    async def use(loop: LosingLoop) -> None:
        mux = await ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}", **IMPATIENT)
        loop.is_doomed = lambda callback: getattr(callback, "__self__", loop) is task_of(mux)
        own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        await until(lambda: loop.lost)
        await mux.aclose()

    run(use)


def test_a_beat_of_the_heart() -> None:
    async def use(loop: LosingLoop) -> None:
        held = threading.Event()
        with ScriptedServer() as server:
            server.on("GET", Hold(held))  # it hangs
            async with await ConnectionMultiplexer.connect(f"127.0.0.1:{server.port}", **IMPATIENT) as mux:
                loop.is_doomed = lambda callback: callback is driver._beat_if_alive
                await until(lambda: loop.lost)
                heart = mux._driver._heart
                await asyncio.sleep(0.2)
                assert mux._driver._heart is heart  # it has stopped
                with pytest.raises(RedisTimeoutError):
                    await mux.get_database().with_options(timeout=0.1).get("k")
                before = time.monotonic()
                await until(lambda: mux._driver._heart is not heart and mux._driver._beat_at > before)
                held.set()

    run(use)


def test_the_look_for_deadlines() -> None:
    async def use(loop: LosingLoop) -> None:
        held = threading.Event()
        with ScriptedServer() as server:
            server.on("GET", Hold(held))  # it hangs
            async with await ConnectionMultiplexer.connect(f"127.0.0.1:{server.port}", **IMPATIENT) as mux:
                loop.is_doomed = lambda callback: getattr(callback, "__name__", "") == "_expire"
                with pytest.raises(RedisTimeoutError):
                    await mux.get_database().with_options(timeout=0.1).get("k")
                assert loop.lost
                held.set()

    run(use)


def test_a_flush(own_server: RealServer) -> None:
    async def use(loop: LosingLoop) -> None:
        async with await ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}", **IMPATIENT) as mux:
            db = mux.get_database()
            loop.is_doomed = lambda callback: getattr(callback, "__name__", "") == "flush"
            assert await asyncio.gather(*[db.echo(str(number)) for number in range(10)])
            assert loop.lost

    run(use)


#: Of those some hundred at which a loop may be interrupted that loses a connection and makes another, each so many-th.
STRIDE = 7


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # of a coroutine that no task came to be of
def test_any_step_of_losing_a_connection_and_making_another(own_server: RealServer, impatient: None) -> None:
    step = 0
    while _is_served_after(own_server, step):
        step += STRIDE
    assert step > 150


def _is_served_after(server: RealServer, step: int) -> bool:
    """Interrupt the loop at a step, and see that calls are answered again; return whether it came so far."""
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)
    try:
        mux = loop.run_until_complete(ConnectionMultiplexer.connect(f"127.0.0.1:{server.port}", **IMPATIENT))
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        hit = interrupted_at(step, lambda: loop.run_until_complete(asyncio.sleep(0.02)))
        deadline = time.monotonic() + 10
        while not _is_answered(loop, mux):
            assert time.monotonic() < deadline, step
        _until_done(loop, mux.aclose)
    finally:
        loop.close()
    return hit


def _is_answered(loop: asyncio.AbstractEventLoop, mux: ConnectionMultiplexer) -> bool:
    try:
        _until_done(loop, mux.get_database().ping)
    except RedisConnectionError:
        return False
    return True


def _until_done(loop: asyncio.AbstractEventLoop, call: Callable[[], Awaitable[Any]]) -> None:
    async def done() -> None:
        await asyncio.wait_for(call(), 10)

    try:
        loop.run_until_complete(done())
    except RuntimeError as error:  # what was broken off before stops the loop as it ends
        if "stopped before" not in str(error):
            raise
        loop.run_until_complete(done())
