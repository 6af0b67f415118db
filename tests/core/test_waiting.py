"""The threads driver's small parts: what threads wait for, and workers that come and go."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from multiplexer import ConfigurationOptions
from multiplexer.drivers.threads.driver import Driver
from multiplexer.drivers.threads.waiting import Bell, Latch
from multiplexer.drivers.threads.worker import Worker
from tests.stepping import at_every_step

#: Of Ctrl-C in a callback of a weak reference, which nobody can catch.
UNHEARD = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def until(condition: Any) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_a_bell_is_heard_once_however_often_it_rang() -> None:
    bell = Bell()
    assert not bell.rings()
    assert not bell.wait(0)
    bell.ring()
    bell.ring()
    assert bell.rings()
    assert bell.wait(0)
    assert not bell.wait(0)


def test_a_bell_wakes_who_waits() -> None:
    bell = Bell()
    heard: list[bool] = []
    thread = threading.Thread(target=lambda: heard.append(bell.wait(5)))
    thread.start()
    bell.ring()
    thread.join(5)
    assert heard == [True]


def test_a_latch_lets_everybody_through_for_good() -> None:
    latch = Latch()
    assert not latch.wait(0)
    assert not latch.is_open()
    passed: list[bool] = []
    threads = [threading.Thread(target=lambda: passed.append(latch.wait(5))) for _ in range(5)]
    for thread in threads:
        thread.start()
    latch.open()
    latch.open()
    for thread in threads:
        thread.join(5)
    assert passed == [True] * 5
    assert latch.wait(0)


class Work:
    """Counts pieces of work that are waiting."""

    def __init__(self) -> None:
        self.waiting = 0
        self.done = 0
        self.at_once = 0
        self.most_at_once = 0

    def step(self) -> bool:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if self.waiting:
            self.waiting -= 1
            self.done += 1
        self.at_once -= 1
        return False

    def is_done(self) -> bool:
        return not self.waiting


def test_no_wish_is_lost_and_no_two_threads_work() -> None:
    work = Work()
    worker = Worker("worker", work.step, work.is_done)
    for number in range(300):
        work.waiting += 1
        worker.start()
        if number % 3 == 0:
            until(lambda: not work.waiting)
    until(lambda: not work.waiting)
    assert work.done == 300
    assert work.most_at_once == 1
    until(lambda: "worker" not in [thread.name for thread in threading.enumerate()])


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("can't start new thread")], ids=repr)
def test_a_start_that_was_interrupted_is_not_the_last(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    work = Work()
    worker = Worker("worker", work.step, work.is_done)
    work.waiting = 1

    def fail(self: threading.Thread) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        if isinstance(error, RuntimeError):
            worker.start()  # nothing the caller could do; the heartbeat tries again
        else:
            with pytest.raises(KeyboardInterrupt):
                worker.start()
    worker.start()
    until(lambda: work.done)


def test_a_thread_that_something_was_raised_in_is_not_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    raised: list[BaseException | None] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: raised.append(args.exc_value))
    steps: list[str] = []

    def step() -> bool:
        steps.append("one")
        if len(steps) == 1:
            raise KeyboardInterrupt
        return False

    worker = Worker("worker", step, lambda: True)
    worker.start()
    until(lambda: raised)
    worker.start()
    until(lambda: len(steps) == 2)


def test_a_thread_that_died_before_it_came_to_anything_is_not_the_last() -> None:
    work = Work()
    worker = Worker("worker", work.step, work.is_done)
    worker._turn, worker._thread, worker._started_at = object(), threading.Thread(), time.monotonic()
    work.waiting = 1
    worker.start()
    assert work.waiting, "it may still be starting"
    worker._started_at -= 10
    worker.start()
    until(lambda: work.done)


def test_a_thread_that_lost_its_turn_ends() -> None:
    """Ctrl-C came after the thread had started: the next start makes another, and the first one leaves."""
    entered, leave = threading.Event(), threading.Event()
    threads: list[int] = []

    def step() -> bool:
        threads.append(threading.get_ident())
        entered.set()
        leave.wait(5)
        return True

    worker = Worker("worker", step, lambda: False)
    worker.start()
    assert entered.wait(5)
    worker._turn = None
    leave.set()
    until(lambda: "worker" not in [thread.name for thread in threading.enumerate()])
    assert len(set(threads)) == 1


@UNHEARD
def test_ctrl_c_at_any_step_of_waiting_holds_nobody_up() -> None:
    driver = Driver(ConfigurationOptions.parse("127.0.0.1"))
    steps = 0
    for _ in at_every_step(lambda: driver.wait_for(lambda: False, 0.01)):
        others = threading.Thread(target=driver.notify, daemon=True)
        others.start()
        others.join(5)
        assert not others.is_alive()
        steps += 1
    assert steps > 5
    assert not driver._watchers


def test_waiting_ends_when_it_has_come_true_and_not_before() -> None:
    driver = Driver(ConfigurationOptions.parse("127.0.0.1"))
    happened: list[int] = []
    told: list[bool] = []
    waiting = threading.Thread(target=lambda: told.append(driver.wait_for(lambda: len(happened) == 2, 30)))
    waiting.start()
    for _ in range(2):
        assert told == []
        happened.append(1)
        driver.notify()
    waiting.join(5)
    assert told == [True]
    assert not driver.wait_for(lambda: False, 0)
    assert driver.wait_for(lambda: True, 0)


@UNHEARD
def test_ctrl_c_at_any_step_of_a_start_is_made_up_for_by_the_next() -> None:
    for _ in range(3):
        work = Work()
        worker = Worker("test", work.step, work.is_done)

        def start(work: Work = work, worker: Worker = worker) -> None:
            work.waiting += 1
            worker.start()

        for _ in at_every_step(start):
            start()
            until(lambda work=work: not work.waiting)
