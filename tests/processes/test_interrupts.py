"""Ctrl-C, and threads that die: at any moment, without a wrong reply, a hang, or harm to the others."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from multiplexer import ConnectionMultiplexer
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.chance import seeded
from tests.servers import RealServer

from .running import run


@pytest.mark.parametrize(
    ("kind", "others", "interrupts"),
    [
        pytest.param("echo", 0, 250, id="alone, so that it writes and leads"),
        pytest.param("echo", 6, 250, id="among others, so that it mostly follows"),
        pytest.param("large", 0, 60, id="in the middle of a large send"),
        pytest.param("large", 3, 60, id="in the middle of a large send, with others"),
        pytest.param("batch", 3, 150, id="in a batch"),
        pytest.param("subscribe", 2, 100, id="while it subscribes"),
    ],
)
def test_ctrl_c_harms_nobody(own_server: RealServer, kind: str, others: int, interrupts: int) -> None:
    outcome = run("interrupted", f"127.0.0.1:{own_server.port}", kind, others, interrupts)
    assert outcome.code == 0, outcome.errors
    report = outcome.report
    assert report["wrong"] == []
    assert report["stuck"] == 0
    assert report["felt"] + report["swallowed"] >= interrupts
    assert report["felt"] > interrupts * 0.9
    assert report["recovered"]
    assert all(report["calls"]), report
    # A call may fail, but never outlives its deadline of two seconds (a subscription is given five for its message).
    assert report["longest"] < (8 if kind == "subscribe" else 4), report
    assert "Traceback" not in outcome.errors, outcome.errors


def test_ctrl_c_in_an_event_loop_that_goes_on(own_server: RealServer) -> None:
    outcome = run("interrupted_loop", f"127.0.0.1:{own_server.port}", 250)
    assert outcome.code == 0, outcome.errors
    report = outcome.report
    assert report["wrong"] == []
    assert report["felt"] > 225
    assert report["recovered"]
    assert report["calls"] > 1000
    assert report["longest"] < 4, report


class Killed(BaseException):
    """Raised in a thread from outside."""


@pytest.fixture
def mux(own_server: RealServer) -> Iterator[ConnectionMultiplexer]:
    with ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port},syncTimeout=2000") as mux:
        yield mux


class Caller(threading.Thread):
    """Calls until it is told to end, or is killed."""

    def __init__(self, mux: ConnectionMultiplexer, name: str) -> None:
        super().__init__(daemon=True)
        self.ended = False
        self.longest = 0.0
        self.calls = 0
        self.wrong: list[str] = []
        self._db = mux.get_database(decode=True)
        self._word = name

    def run(self) -> None:
        try:
            while not self.ended:
                self._call()
        except Killed:
            pass

    def _call(self) -> None:
        began = time.monotonic()
        word = f"{self._word}-{self.calls}"
        try:
            reply = self._db.echo(word)
            if reply != word:
                self.wrong.append(f"{reply} for {word}")
        except (RedisConnectionError, RedisTimeoutError):
            pass
        self.longest = max(self.longest, time.monotonic() - began)
        self.calls += 1

    def kill(self) -> None:
        """Raise :class:`Killed` in it; not while it starts a thread, which may be struck in its place."""
        assert self.ident is not None
        while self._starts_a_thread():
            time.sleep(0)
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.ident), ctypes.py_object(Killed))

    def _starts_a_thread(self) -> bool:
        frame = sys._current_frames().get(self.ident or 0)
        while frame is not None and frame.f_code is not threading.Thread.start.__code__:
            frame = frame.f_back
        return frame is not None


@pytest.mark.chance
def test_a_thread_that_dies_harms_nobody(mux: ConnectionMultiplexer) -> None:
    choose = seeded("interrupts")
    survivors = [Caller(mux, f"survivor{number}") for number in range(2)]
    for caller in survivors:
        caller.start()
    victims: list[Caller] = []
    try:
        for number in range(100):
            victim = Caller(mux, f"victim{number}")
            victims.append(victim)
            victim.start()
            time.sleep(choose.uniform(0, 0.008))
            victim.kill()
            if number % 3 == 0:
                victim.join(5)
        for victim in victims:
            victim.join(5)
            assert not victim.is_alive()
    finally:
        for caller in survivors:  # also where a victim lives on: they would hold up the tests that follow
            caller.ended = True
    for caller in survivors:
        caller.join(5)
        assert not caller.is_alive()
        assert caller.calls
        assert caller.longest < 4
    assert [text for caller in [*survivors, *victims] for text in caller.wrong] == []
    assert mux.get_database(decode=True).echo("still here") == "still here"


def test_nobody_waits_whose_reply_is_there(mux: ConnectionMultiplexer) -> None:
    """Two threads call at the same moment, and then nothing more: who got the reader's role last must not read on."""
    db = mux.get_database(decode=True)
    start = threading.Barrier(3)
    longest = [0.0, 0.0]

    def call(place: int) -> None:
        for number in range(1500):
            start.wait(30)
            began = time.monotonic()
            assert db.echo(f"{place}-{number}") == f"{place}-{number}"
            longest[place] = max(longest[place], time.monotonic() - began)

    threads = [threading.Thread(target=call, args=(place,), daemon=True) for place in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(1500):
        start.wait(30)
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    assert max(longest) < 0.9  # a read in vain lasts a second
