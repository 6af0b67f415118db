"""The load of ``bench``: callers that read and write keys of their own choice, as threads or as tasks."""

from __future__ import annotations

import asyncio
import math
import random
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from .. import ConfigurationOptions, ConnectionMultiplexer
from ..asyncio import ConnectionMultiplexer as AsyncConnectionMultiplexer
from ..asyncio import Database as AsyncDatabase
from ..errors import RedisError

#: Buckets of a histogram for each doubling: a percentile is at most 4.4 % too high.
_PER_DOUBLING = 16
_BUCKETS = 40 * _PER_DOUBLING
#: Seconds after which the keys are gone even where nobody is left to delete them.
_EXPIRES = 3600
#: Keys deleted at a time.
_AT_A_TIME = 500
#: A message of its own for each kind of error, and no more than so many.
_MOST_ERRORS = 5


class Load(NamedTuple):
    """What is to be done.

    Attributes:
        callers: How many at the same time.
        size: Bytes of a value.
        keys: How many keys are used.
        reads: Share of reads, from 0 to 1; the others write.
        prefix: What the keys begin with.
        cached: Whether what was read is kept until it changes.
    """

    callers: int
    size: int
    keys: int
    reads: float
    prefix: str
    cached: bool = False


class Latencies:
    """Counts of times, in buckets whose bounds grow by 4.4 %."""

    __slots__ = ("buckets", "highest")

    def __init__(self) -> None:
        self.buckets = [0] * _BUCKETS
        self.highest = 0.0

    def add(self, seconds: float) -> None:
        """Count one."""
        self.buckets[int(math.log2(seconds * 1e6 + 1) * _PER_DOUBLING)] += 1
        if seconds > self.highest:
            self.highest = seconds

    @property
    def count(self) -> int:
        """How many were counted."""
        return sum(self.buckets)

    def percentile(self, percent: float) -> float:
        """Return the seconds that so many percent did not exceed; 0 where there are none."""
        wanted = self.count * percent / 100
        seen = 0
        for index, count in enumerate(self.buckets):
            seen += count
            if count and seen >= wanted:
                return min((2 ** ((index + 1) / _PER_DOUBLING) - 1) / 1e6, self.highest)
        return 0.0

    @classmethod
    def of(cls, parts: Iterable[Latencies]) -> Latencies:
        """Return the sum of several."""
        total = cls()
        for part in parts:
            total.buckets = [a + b for a, b in zip(total.buckets, part.buckets, strict=True)]
            total.highest = max(total.highest, part.highest)
        return total

    def since(self, before: Latencies) -> Latencies:
        """Return what came after an earlier state."""
        later = Latencies()
        later.buckets = [a - b for a, b in zip(self.buckets, before.buckets, strict=True)]
        later.highest = self.highest
        return later


class Caller:
    """What one caller has seen. Only the caller's thread writes to it, so it needs no lock."""

    __slots__ = ("_load", "_random", "errors", "failed", "reads", "writes")

    def __init__(self, load: Load, number: int, reads: Latencies, writes: Latencies) -> None:
        self._load = load
        self._random = random.Random(number)
        self.reads = reads
        self.writes = writes
        self.failed = 0
        self.errors: set[str] = set()

    def next(self) -> tuple[str, bool]:
        """Return the key of the next call, and whether it shall be read."""
        key = f"{self._load.prefix}{self._random.randrange(self._load.keys)}"
        return key, self._random.random() < self._load.reads

    def done(self, read: bool, seconds: float) -> None:
        """Note a call that was answered."""
        (self.reads if read else self.writes).add(seconds)

    def lost(self, error: RedisError) -> None:
        """Note a call that failed."""
        self.failed += 1
        if len(self.errors) < _MOST_ERRORS:
            self.errors.add(f"{type(error).__name__}: {error}")


class Generator:
    """Callers who share one multiplexer until they are told to stop.

    Attributes:
        title: What to call them.
        callers: What each has seen.
    """

    def __init__(self, title: str, load: Load, threads: int) -> None:
        """Make callers, who share what they count in if they share a thread."""
        self.title = title
        self._counted = [(Latencies(), Latencies()) for _ in range(threads)]
        self.callers = [Caller(load, number, *self._counted[number % threads]) for number in range(load.callers)]
        self._load = load
        self._value = random.Random(0).randbytes(load.size)
        self._running = False

    def start(self) -> None:
        """Let them begin.

        Raises:
            RedisError: They have no connection.
        """
        raise NotImplementedError

    def stop(self) -> None:
        """Let each end after the call it is at."""
        raise NotImplementedError

    def close(self) -> None:
        """Delete the keys.

        Raises:
            RedisError: That failed.
        """
        raise NotImplementedError

    @property
    def reads(self) -> Latencies:
        """The times of all callers' reads."""
        return Latencies.of(reads for reads, _ in self._counted)

    @property
    def writes(self) -> Latencies:
        """The times of all callers' writes."""
        return Latencies.of(writes for _, writes in self._counted)

    @property
    def failed(self) -> int:
        """How many calls failed."""
        return sum(caller.failed for caller in self.callers)

    @property
    def errors(self) -> list[str]:
        """What some of them failed with."""
        return sorted(set().union(*(caller.errors for caller in self.callers)))[:_MOST_ERRORS]

    def _keys(self) -> list[list[str]]:
        names = [f"{self._load.prefix}{number}" for number in range(self._load.keys)]
        return [names[start : start + _AT_A_TIME] for start in range(0, len(names), _AT_A_TIME)]


class Threads(Generator):
    """Threads that share a blocking multiplexer."""

    def __init__(self, mux: ConnectionMultiplexer, load: Load) -> None:
        super().__init__(f"{load.callers} threads", load, load.callers)
        self._db = mux.get_database(cached=load.cached)
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self._running = True
        for caller in self.callers:
            thread = threading.Thread(target=self._call, args=(caller,), daemon=True)
            thread.start()
            self._threads.append(thread)  # only now: an interrupt may come at any time, and stop() joins them

    def _call(self, caller: Caller) -> None:
        db, value = self._db, self._value
        while self._running:
            key, read = caller.next()
            start = time.perf_counter()
            try:
                if read:
                    db.get(key)
                else:
                    db.set(key, value, ex=_EXPIRES)
            except RedisError as error:
                caller.lost(error)
            else:
                caller.done(read, time.perf_counter() - start)

    def stop(self) -> None:
        self._running = False
        for thread in self._threads:
            thread.join()

    def close(self) -> None:
        for keys in self._keys():
            batch = self._db.batch()
            for key in keys:
                batch.unlink(key)
            batch.execute()


class Tasks(Generator):
    """Tasks that share an asyncio multiplexer, in an event loop on a thread of its own."""

    def __init__(self, options: ConfigurationOptions, load: Load) -> None:
        super().__init__(f"{load.callers} tasks", load, 1)
        self._options = options
        self._thread: threading.Thread | None = None
        self._tried = threading.Event()
        self._failure: RedisError | None = None

    def start(self) -> None:
        self._running = True
        self._thread = self._in_thread(self._run)
        self._tried.wait()
        self._raise_failure()

    def _in_thread(self, run: Callable[[AsyncDatabase[bytes]], Any]) -> threading.Thread:
        thread = threading.Thread(target=lambda: asyncio.run(self._connected(run)), daemon=True)
        thread.start()
        return thread

    async def _connected(self, run: Callable[[AsyncDatabase[bytes]], Any]) -> None:
        try:
            async with await AsyncConnectionMultiplexer.connect(self._options) as mux:
                self._tried.set()
                await run(mux.get_database(cached=self._load.cached))
        except RedisError as error:
            self._failure = error
        finally:
            self._tried.set()

    async def _run(self, db: AsyncDatabase[bytes]) -> None:
        await asyncio.gather(*(self._call(db, caller) for caller in self.callers))

    async def _call(self, db: AsyncDatabase[bytes], caller: Caller) -> None:
        value = self._value
        while self._running:
            key, read = caller.next()
            start = time.perf_counter()
            try:
                if read:
                    await db.get(key)
                else:
                    await db.set(key, value, ex=_EXPIRES)
            except RedisError as error:
                caller.lost(error)
                await asyncio.sleep(0)  # others have their turn, the one that stops this included
            else:
                caller.done(read, time.perf_counter() - start)

    def stop(self) -> None:
        self._running = False
        if self._thread is not None:
            self._thread.join()
        self._raise_failure()

    def close(self) -> None:
        self._in_thread(self._delete).join()
        self._raise_failure()

    async def _delete(self, db: AsyncDatabase[bytes]) -> None:
        for keys in self._keys():
            batch = db.batch()
            for key in keys:
                batch.unlink(key)
            await batch.execute()

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure
