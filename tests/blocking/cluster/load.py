# Generated from tests/asyncio/cluster/load.py by scripts/generate_blocking.py; change that file instead.
"""Callers at work on a cluster while something happens to it, and the books that are kept of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from multiplexer.blocking import Database
from tests.blocking._world import Event, Task, sleep, spawn, until
from tests.servers import RealCluster
from tests.truth.ledger import Ledger

T = TypeVar("T")

#: Commands of one caller between two rests, so that the servers' own traffic gets its turn on a small machine.
_BURST = 20


def aside(call: Callable[[], T], timeout: float = 40.0) -> T:
    """Do something that takes its time in a thread, while the test's own world goes on."""
    outcome: list[Any] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(call())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="aside", daemon=True)
    thread.start()
    until(lambda: not thread.is_alive(), timeout)
    if failure:
        raise failure[0]
    result: T = outcome[0]
    return result


class Load:
    """Callers that increment a counter of their own and read it back, each in a hash slot of its own.

    Attributes:
        keys: The counters.
        ledgers: What became of the increments, by key.
        failures: Errors of reads.
        went_back: Reads that gave less than the same caller had been told before.
        succeeded: When each caller's latest increment succeeded.
    """

    def __init__(self, db: Database[bytes], callers: int = 12) -> None:
        self.keys = [f"counter:{number}" for number in range(callers)]
        self.ledgers = {key: Ledger(key) for key in self.keys}
        self.failures: list[BaseException] = []
        self.went_back: list[str] = []
        self.succeeded: dict[str, float] = {}
        self._db = db
        self._stopped = Event()
        self._tasks: list[Task[None]] = []

    def __enter__(self) -> Load:
        self._tasks = [spawn(self._work, key) for key in self.keys]
        until(lambda: len(self.succeeded) == len(self.keys))
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._stopped.set()
        for task in self._tasks:
            task.result(30)

    def _work(self, key: str) -> None:
        ledger, number, told = self.ledgers[key], 0, 0
        while not self._stopped.is_set():
            with ledger.call(key, number):
                told = self._db.incr(key)
                self.succeeded[key] = time.monotonic()
            number += 1
            try:
                read = int(self._db.get(key) or 0)
            except Exception as error:
                self.failures.append(error)
            else:
                if read < told:
                    self.went_back.append(f"{key}: {read} after {told}")
            if number % _BURST == 0:
                sleep(0.001)

    def until_all_succeed(self, timeout: float = 20.0) -> float:
        """Wait until every caller has succeeded once more; return when the last one did."""
        now = time.monotonic()
        until(lambda: all(when > now for when in self.succeeded.values()), timeout)
        return max(self.succeeded.values())

    def check_nothing_noticed(self, cluster: RealCluster) -> None:
        """Check that no error reached a caller, and that every write was applied once."""
        assert not self.failures, self.failures[:3]
        assert not self.went_back, self.went_back[:3]
        for key, ledger in self.ledgers.items():
            assert not ledger.errors, f"{ledger}: {list(ledger.errors.values())[:3]}"
            applied = int(cluster.owner(key).command("GET", key))
            assert applied == len(ledger.acknowledged), f"{ledger}, but {applied} applied"

    def check_nothing_doubled(self, cluster: RealCluster, lost: bool) -> None:
        """Check that nothing was applied twice.

        Args:
            cluster: The servers.
            lost: Whether a server may have died with writes that it had acknowledged and not passed on.
        """
        for key, ledger in self.ledgers.items():
            applied = int(cluster.owner(key).command("GET", key))
            if lost:
                assert applied <= len(ledger.acknowledged) + len(ledger.unknown), f"{ledger}, but {applied} applied"
            else:
                ledger.check_count(applied)
