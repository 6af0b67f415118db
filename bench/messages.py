"""Messages of a channel received per second. The publisher never gets so far ahead that a message could be dropped."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Any

from .clients import Asynchronous, Blocking, Setting
from .loops import CHANNEL, VALUES, Workload, WrongReplyError
from .publisher import GO, publish

AHEAD = 8
"""Thousands of messages that may be under way: fewer than a subscription keeps."""

ROOT = Path(__file__).resolve().parent.parent
Permit = Callable[[], Any]
"""Lets the publisher send another thousand."""


@contextmanager
def publisher_process(setting: Setting) -> Iterator[Permit]:
    """Publish from a process of its own."""
    command = [sys.executable, "-m", "bench.publisher", setting.host, str(setting.port)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, bufsize=0) as process:
        assert process.stdin is not None
        write = process.stdin.write
        yield lambda: write(GO)  # it ends at the end of its input


@contextmanager
def publisher_thread(setting: Setting) -> Iterator[Permit]:
    """Publish from a thread of the subscriber's process."""
    permits: SimpleQueue[bool] = SimpleQueue()
    thread = threading.Thread(target=publish, args=(setting.host, setting.port, permits.get), daemon=True)
    thread.start()
    try:
        yield lambda: permits.put(True)
    finally:
        permits.put(False)
        thread.join()


class Tally:
    """Counts messages from the second thousand on, which is when everything is warm, until the time is up."""

    def __init__(self, permit: Permit, seconds: float) -> None:
        self._permit = permit
        self._seconds = seconds
        self._left = 1  # thousands that are still to come
        self._start = 0.0
        self._thousands = 0
        self.rate = 0.0
        permit()

    def thousand(self) -> bool:
        """Count another thousand; return whether there are more to come."""
        self._left -= 1
        now = perf_counter()
        if not self._start:
            self._start = now
            self._allow(AHEAD)
        elif not self.rate:
            self._thousands += 1
            if now - self._start < self._seconds:
                self._allow(1)
            else:
                self.rate = 1_000 * self._thousands / (now - self._start)
        return self._left > 0

    def _allow(self, thousands: int) -> None:
        self._left += thousands
        for _ in range(thousands):
            self._permit()


def blocking(publisher: Callable[[Setting], Any]) -> Callable[[Blocking, Setting, float], float]:
    """Return the loop of one thread that receives."""

    def measure(client: Blocking, setting: Setting, seconds: float) -> float:
        assert client.subscribe is not None
        with client.subscribe(CHANNEL) as (messages, data), publisher(setting) as permit:
            tally = Tally(permit, seconds)
            values = cycle(VALUES)
            last = VALUES[-1]
            for message in messages:
                expected = next(values)
                if data(message) != expected:
                    raise WrongReplyError("a message is not the one that was published next")
                if expected is last and not tally.thousand():
                    break
        return tally.rate

    return measure


async def asynchronous(client: Asynchronous, setting: Setting, seconds: float) -> float:
    """Receive in one task."""
    assert client.subscribe is not None
    async with client.subscribe(CHANNEL) as (messages, data):
        with publisher_process(setting) as permit:
            tally = Tally(permit, seconds)
            values = cycle(VALUES)
            last = VALUES[-1]
            async for message in messages:
                expected = next(values)
                if data(message) != expected:
                    raise WrongReplyError("a message is not the one that was published next")
                if expected is last and not tally.thousand():
                    break
    return tally.rate


WORKLOADS = [
    Workload("messages", "pub/sub", "blocking", "msg/s", blocking(publisher_process), needs="messages"),
    Workload(
        "messages-thread",
        "pub/sub, publisher thread",
        "blocking",
        "msg/s",
        blocking(publisher_thread),
        needs="messages",
    ),
    Workload("messages-async", "pub/sub, asyncio", "asyncio", "msg/s", asynchronous, needs="messages"),
]
"""In the order of the report."""
