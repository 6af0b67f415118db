"""Presses Ctrl-C again and again in a program whose main thread calls; reports what came of it as JSON.

Arguments: address, what the main thread does (echo, large, batch, subscribe), number of other threads, interrupts.
"""

from __future__ import annotations

import hashlib  # noqa: F401 - see below
import json
import logging  # noqa: F401
import os
import queue  # noqa: F401
import random  # noqa: F401
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import sortedcontainers  # noqa: F401

# What the package imports late has been imported before the first interrupt comes: Python itself loses one that
# strikes as an import ends, in a callback that cannot raise.
from multiplexer import ConnectionMultiplexer, RedisError
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.chance import seeded


class Caller:
    """Calls, and compares every reply with what was asked."""

    def __init__(self, mux: ConnectionMultiplexer, name: str) -> None:
        self.mux = mux
        self.db = mux.get_database(decode=True)
        self.name = name
        self.calls = self.failed = 0
        self.wrong: list[str] = []
        self.longest = 0.0
        self._number = 0

    def _compare(self, got: Any, expected: Any) -> None:
        if got != expected:
            self.wrong.append(f"{str(got)[:60]!r} for {str(expected)[:60]!r}")

    def echo(self) -> None:
        self._number += 1
        word = f"{self.name}-{self._number}"
        self._compare(self.db.echo(word), word)

    def large(self) -> None:
        self._number += 1
        head = f"{self.name}-{self._number}-"
        value = head + "x" * (3 << 20)
        self.db.set(self.name, value)
        self._compare(self.db.getrange(self.name, 0, len(head) - 1), head)
        self._compare(self.db.strlen(self.name), len(value))

    def batch(self) -> None:
        self._number += 1
        batch = self.db.batch()
        words = [f"{self.name}-{self._number}-{place}" for place in range(50)]
        for word in words:
            batch.echo(word)
        self._compare(batch.execute(), words)

    def subscribe(self) -> None:
        self._number += 1
        channel = f"{self.name}-{self._number}"
        with self.mux.get_subscriber().subscribe(channel) as subscription:
            self.db.publish(channel, "hello")
            self._compare(subscription.get(5).data, b"hello")

    def call(self, what: Callable[[], None]) -> None:
        began = time.monotonic()
        try:
            what()
        except (RedisConnectionError, RedisTimeoutError):
            self.failed += 1
        finally:
            self.longest = max(self.longest, time.monotonic() - began)
        self.calls += 1


class Interrupter:
    """Sends one SIGINT at a time, each at a random moment after the one before was felt."""

    def __init__(self, wanted: int, longest: float) -> None:
        self.felt = self.swallowed = 0
        self.armed = False  # set where the interrupt can be caught
        self._wanted = wanted
        self._longest = longest
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        while not self.armed:
            time.sleep(0.001)
        choose = seeded("interrupted")
        for _ in range(self._wanted):
            time.sleep(choose.uniform(0, self._longest))
            felt = self.felt
            os.kill(os.getpid(), signal.SIGINT)
            deadline = time.monotonic() + 6
            while self.felt == felt and time.monotonic() < deadline:
                time.sleep(0.0005)
            self.swallowed += self.felt == felt


def main() -> None:
    address, kind, others, interrupts = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    mux = ConnectionMultiplexer.connect(f"{address},syncTimeout=2000")
    main_caller = Caller(mux, "main")
    callers = [Caller(mux, f"thread{number}") for number in range(others)]
    ended = threading.Event()

    def work(caller: Caller) -> None:
        while not ended.is_set():
            caller.call(caller.echo)

    threads = [threading.Thread(target=work, args=(caller,), daemon=True) for caller in callers]
    for thread in threads:
        thread.start()
    interrupter = Interrupter(interrupts, {"large": 0.03}.get(kind, 0.006))
    what = getattr(main_caller, kind)
    interrupter.thread.start()
    while True:
        try:
            interrupter.armed = True
            while interrupter.thread.is_alive():
                main_caller.call(what)
            break
        except KeyboardInterrupt:
            interrupter.felt += 1
    ended.set()
    for thread in threads:
        thread.join(10)
    recovered = False
    began = time.monotonic()
    while not recovered and time.monotonic() - began < 5:
        try:
            recovered = mux.get_database(decode=True).echo("back") == "back"
        except RedisError:
            time.sleep(0.01)
    everyone = [main_caller, *callers]
    report = {
        "felt": interrupter.felt,
        "swallowed": interrupter.swallowed,
        "calls": [caller.calls for caller in everyone],
        "failed": sum(caller.failed for caller in everyone),
        "wrong": [text for caller in everyone for text in caller.wrong],
        "longest": max(caller.longest for caller in everyone),
        "stuck": sum(thread.is_alive() for thread in threads),
        "recovered": recovered,
        "sockets": mux.get_counters()[0].interactive.socket_count,
    }
    mux.close()
    print(json.dumps(report))


if __name__ == "__main__":
    main()
