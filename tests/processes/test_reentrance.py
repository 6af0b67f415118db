"""Calls from where nobody expects them: handlers, signal handlers, finalizers; and multiplexers nobody closes."""

from __future__ import annotations

import asyncio
import gc
import signal
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import multiplexer.asyncio
from multiplexer import CommandFlags, ConnectionEvent, ConnectionMultiplexer, ErrorEvent, RedisError
from multiplexer.core.call_options import CallOptions
from multiplexer.core.commands.command_table import COMMANDS
from multiplexer.core.wire.resp import pack
from multiplexer.drivers.threads.message import ThreadMessage
from multiplexer.drivers.threads.worker import Worker
from multiplexer.errors import MultiplexerClosedError, WrongLoopError
from tests.servers import Certificates, Hold, RealServer, ScriptedServer, require_kind
from tests.truth.leftovers import own_threads


def until(condition: Callable[[], Any], timeout: float = 10.0) -> None:
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.005)


@pytest.fixture
def configuration(own_server: RealServer) -> str:
    return f"127.0.0.1:{own_server.port},syncTimeout=2000,allowAdmin=true"


@pytest.fixture
def mux(configuration: str) -> Iterator[ConnectionMultiplexer]:
    with ConnectionMultiplexer.connect(configuration) as mux:
        yield mux


# -- handlers --------------------------------------------------------------------------------------------------


def test_close_from_a_handler(mux: ConnectionMultiplexer) -> None:
    closed = threading.Event()

    def handler(event: ConnectionEvent) -> None:
        mux.close()
        closed.set()

    mux.connection_failed += handler
    mux.get_server().execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")
    assert closed.wait(5)
    with pytest.raises(MultiplexerClosedError):
        mux.get_database().ping()
    until(lambda: not own_threads())


def test_close_from_a_subscriptions_handler(mux: ConnectionMultiplexer) -> None:
    closed = threading.Event()
    mux.get_subscriber().subscribe("end", handler=lambda _: (mux.close(), closed.set()))
    try:
        mux.get_subscriber().publish("end", "now")
    except MultiplexerClosedError:
        pass
    assert closed.wait(5)
    until(lambda: not own_threads())


@pytest.mark.parametrize("error", [ValueError("mine"), SystemExit(), KeyboardInterrupt()], ids=repr)
def test_a_handler_that_raises_is_logged_and_the_next_is_called(
    mux: ConnectionMultiplexer, error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    called = []

    def bad(event: ErrorEvent) -> None:
        called.append("bad")
        raise error

    mux.error_message += bad
    mux.error_message += lambda event: called.append("good")
    db = mux.get_database()
    db.set("text", "x")
    forgetful = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
    for _ in range(2):
        forgetful.incr("text")
    until(lambda: sorted(called) == ["bad", "bad", "good", "good"])  # two handlers are in no order
    until(lambda: [record.message for record in caplog.records if record.exc_info] == ["a handler raised"] * 2)


def test_a_handler_may_call(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database(decode=True)
    replies: list[str] = []
    mux.get_subscriber().subscribe("ask", handler=lambda message: replies.append(db.echo(message.data.decode())))
    for number in range(20):
        mux.get_subscriber().publish("ask", str(number))
    until(lambda: replies == list(map(str, range(20))))


async def test_aclose_from_a_handler(configuration: str) -> None:
    mux = await multiplexer.asyncio.ConnectionMultiplexer.connect(configuration)
    closed = asyncio.Event()

    async def handler(event: ConnectionEvent) -> None:
        await mux.aclose()
        closed.set()

    mux.connection_failed += handler
    await mux.get_server().execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no")
    await asyncio.wait_for(closed.wait(), 5)
    with pytest.raises(MultiplexerClosedError):
        await mux.get_database().ping()


async def test_aclose_that_is_cancelled_closes_all_the_same(own_server: RealServer, configuration: str) -> None:
    mux = await multiplexer.asyncio.ConnectionMultiplexer.connect(configuration)
    own_server.pause()
    try:
        waiting = mux.get_database().get("key")
        closing = asyncio.create_task(mux.aclose())
        await asyncio.sleep(0.05)
        closing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await closing
        with pytest.raises(MultiplexerClosedError):
            await waiting
    finally:
        own_server.resume()
    assert not mux.is_connected


# -- signal handlers -------------------------------------------------------------------------------------------


@pytest.fixture
def on_signal() -> Iterator[Callable[[Callable[[], object]], None]]:
    """Has a function called by the main thread, wherever that is, a moment later."""
    before = signal.getsignal(signal.SIGUSR1)
    timers: list[threading.Timer] = []

    def arrange(function: Callable[[], object]) -> None:
        signal.signal(signal.SIGUSR1, lambda *_: function())
        # To the main thread itself, so that a system call it waits in is interrupted.
        timer = threading.Timer(0.1, signal.pthread_kill, (threading.main_thread().ident, signal.SIGUSR1))
        timers.append(timer)
        timer.start()

    yield arrange
    for timer in timers:
        timer.join()
    signal.signal(signal.SIGUSR1, before)


def test_close_from_a_signal_handler_while_reading(
    own_server: RealServer, mux: ConnectionMultiplexer, on_signal: Callable[[Callable[[], object]], None]
) -> None:
    own_server.pause()
    try:
        on_signal(mux.close)
        began = time.monotonic()
        with pytest.raises(MultiplexerClosedError):
            mux.get_database().get("key")
        assert time.monotonic() - began < 1.5
    finally:
        own_server.resume()
    until(lambda: not own_threads())


def _call_until_closed(mux: ConnectionMultiplexer) -> None:
    try:
        while True:
            mux.get_database().get("key")
    except MultiplexerClosedError:
        pass


def test_close_from_a_signal_handler_while_others_write(
    mux: ConnectionMultiplexer, on_signal: Callable[[Callable[[], object]], None]
) -> None:
    """The main thread reads or writes as it is interrupted; a writer may be waiting for its role."""
    ended: list[type[BaseException]] = []

    def work() -> None:
        db = mux.get_database()
        try:
            while True:
                db.set("key", b"x" * 500_000)
        except RedisError as error:
            ended.append(type(error))

    threads = [threading.Thread(target=work, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    on_signal(mux.close)
    _call_until_closed(mux)
    for thread in threads:
        thread.join(5)
        assert not thread.is_alive()
    assert set(ended) <= {MultiplexerClosedError}


def test_a_call_from_a_signal_handler_ends_at_once(
    own_server: RealServer, mux: ConnectionMultiplexer, on_signal: Callable[[Callable[[], object]], None]
) -> None:
    """Its thread reads for everybody, so it cannot wait for a reply; it says so, and harms nobody."""
    outcome: list[object] = []

    def handler() -> None:
        began = time.monotonic()
        try:
            outcome.append(mux.get_database(decode=True).echo("nested"))
        except RedisError as error:
            outcome.append(error)
        mux.get_database().with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("forgotten")
        outcome.append(time.monotonic() - began)
        own_server.resume()

    own_server.pause()
    on_signal(handler)
    assert mux.get_database(decode=True).echo("outer") == "outer"
    error, seconds = outcome
    assert isinstance(error, RedisError)
    assert "signal handler" in str(error)
    assert error.was_sent is False
    assert isinstance(seconds, float)
    assert seconds < 0.5
    assert mux.get_database().get("forgotten") == b"1"
    assert mux.get_counters()[0].interactive.socket_count == 1


# -- finalizers ------------------------------------------------------------------------------------------------


class Finalized:
    """Part of a cycle, so that the garbage collector finds it in the middle of something; then it calls."""

    calls = 0
    refused = 0

    def __init__(self, call: Callable[[], object]) -> None:
        self.itself = self
        self._call = call

    def __del__(self) -> None:
        cls = type(self)
        try:
            self._call()
            cls.calls += 1
        except RedisError:
            cls.refused += 1


@pytest.mark.parametrize("tls", [False, True], ids=["tcp", "tls"])
def test_calls_from_finalizers_block_nobody(own_server: RealServer, certificates: Certificates, tls: bool) -> None:
    if tls:
        require_kind("redis", tls=True)
        server = RealServer.start("redis", tls=certificates)
        configuration = f"localhost:{server.tls_port},ssl=true,sslCaFile={certificates.ca},syncTimeout=10000"
    else:
        server, configuration = own_server, f"127.0.0.1:{own_server.port},syncTimeout=10000"
    before = gc.get_threshold()
    wrong: list[object] = []
    longest = [0.0]
    with server, ConnectionMultiplexer.connect(configuration) as mux:
        db = mux.get_database(decode=True)
        forgetful = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
        db.rpush("list", *map(str, range(50)))
        expected = list(map(str, range(50)))

        def work() -> None:
            for number in range(1500):
                Finalized(lambda: db.echo("finalizer"))
                Finalized(lambda: forgetful.incr("forgotten"))
                began = time.monotonic()
                if db.lrange("list", 0, -1) != expected or db.echo(str(number)) != str(number):
                    wrong.append(number)
                longest[0] = max(longest[0], time.monotonic() - began)

        threads = [threading.Thread(target=work, daemon=True) for _ in range(3)]
        try:
            gc.set_threshold(7)  # so that it runs in the middle of everything
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
                assert not thread.is_alive()
        finally:
            gc.set_threshold(*before)
        assert wrong == []
        assert longest[0] < 5, "whoever is blocked waits until its time is up"
        assert mux.get_counters()[0].interactive.socket_count == 1
        assert Finalized.calls > 100


def is_read(bridge: Any) -> bool:
    """Whether somebody has the reader's role."""
    if not bridge.read_lock.acquire(False):
        return True
    bridge.read_lock.release()
    return False


def test_who_is_held_up_before_it_waits_holds_up_nobody() -> None:
    """A finalizer may run in a thread that has sent a command and does not wait for the reply yet."""
    first, second = threading.Event(), threading.Event()

    def answer(connection: object, args: list[bytes]) -> Any:
        return {b"first": Hold(first, b"1"), b"held up": Hold(second, b"2")}.get(args[1], b"3")

    configuration = "heartbeatInterval=1000000,syncTimeout=20000"  # nobody looks after it from time to time
    with ScriptedServer() as server:
        server.on("GET", answer)
        with ConnectionMultiplexer.connect(f"{server.host}:{server.port},{configuration}") as mux:
            db = mux.get_database()
            bridge = mux._coordinator.servers[0].interactive
            ended: list[float] = []

            def ask(key: str) -> None:
                db.get(key)
                ended.append(time.monotonic())

            threads = [threading.Thread(target=ask, args=(key,), daemon=True) for key in ("first", "last")]
            threads[0].start()
            until(lambda: bridge.sent_count == 1 and is_read(bridge))  # by that thread, and not by the last one
            deadline = time.monotonic() + 20
            held_up = ThreadMessage(COMMANDS["GET"], pack(("GET", "held up")), CallOptions(), None, deadline)
            bridge.begin(held_up, time.monotonic())
            threads[1].start()
            until(lambda: bridge.sent_count == 3 and bridge.connection.sent[2].waiter is not None)
            first.set()
            threads[0].join(10)
            second.set()
            threads[1].join(10)
            assert len(ended) == 2
            assert ended[1] - ended[0] < 5, "nobody read until time was up"
            bridge.end(held_up)


def test_a_finalizer_may_run_while_a_thread_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others that want the same thread meanwhile are not held up: one of them may be who reads what it waits for."""
    worker = Worker("worked", lambda: False, lambda: True)
    others: list[bool] = []

    class Slow(threading.Thread):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            if not others:
                others.append(False)
                other = RealThread(target=worker.start, daemon=True)
                other.start()
                other.join(5)
                others[0] = not other.is_alive()

    RealThread = threading.Thread
    monkeypatch.setattr("multiplexer.drivers.threads.worker.Thread", Slow)
    worker.start()
    assert others == [True]
    until(lambda: not worker.is_running)


# -- nobody closes it ------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_multiplexer_nobody_closes_is_collected(own_server: RealServer, configuration: str) -> None:
    mux = ConnectionMultiplexer.connect(configuration)
    db = mux.get_database()
    assert db.ping()
    db.with_options(flags=CommandFlags.FIRE_AND_FORGET).incr("forgotten")
    connections = len(own_server.clients())
    gone = weakref.ref(mux._driver)
    del mux, db

    def is_gone() -> bool:
        gc.collect()
        return gone() is None

    until(is_gone, 15)  # a pump lingers for five seconds
    until(lambda: not own_threads(), 5)
    until(lambda: len(own_server.clients()) < connections)


async def test_use_from_another_loop(configuration: str) -> None:
    async with await multiplexer.asyncio.ConnectionMultiplexer.connect(configuration) as mux:
        db = mux.get_database()
        batch = db.batch()
        batch.get("key")

        async def elsewhere() -> list[str]:
            said = []
            for call in (lambda: db.get("key"), batch.execute, lambda: mux.get_subscriber().publish("a", "b")):
                with pytest.raises(WrongLoopError, match="for_running_loop") as caught:
                    await call()
                said.append(str(caught.value))
            return said

        assert len(await asyncio.to_thread(lambda: asyncio.run(elsewhere()))) == 3
        with pytest.raises(WrongLoopError, match="for_running_loop"):  # from a thread without any loop
            await asyncio.to_thread(db.get, "key")
        assert await db.ping()
