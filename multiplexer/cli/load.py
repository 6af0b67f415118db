"""The demonstration's load: callers who check every reply, as threads and as tasks."""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Coroutine
from typing import Any, TypeVar

from .. import ConfigurationOptions, ConnectionMultiplexer, ServerCounters
from ..asyncio import ConnectionMultiplexer as AsyncConnectionMultiplexer
from ..errors import RedisError

Result = TypeVar("Result")


class Tally:
    """What one caller has seen. Only the caller writes to it, so it needs no lock.

    Attributes:
        key: The caller's own key, which it counts up.
        completed: Commands answered.
        acknowledged: INCRs answered.
        unknown: INCRs that were sent and whose reply was lost: applied or not.
        refused: Commands that failed and certainly were not sent.
        wrong: Replies that belong to another request.
        calling: Whether a call is under way.
    """

    __slots__ = ("acknowledged", "calling", "completed", "key", "refused", "unknown", "wrong")

    def __init__(self, key: str) -> None:
        self.key = key
        self.completed = 0
        self.acknowledged = 0
        self.unknown = 0
        self.refused = 0
        self.wrong = 0
        self.calling = False

    def echoed(self, token: bytes, reply: bytes) -> None:
        """Note the reply to an ECHO."""
        self.completed += 1
        self.wrong += reply != token

    def incremented(self, reply: int) -> None:
        """Note the reply to an INCR: nobody else counts this key up, so only unknown fates leave room."""
        self.completed += 1
        self.acknowledged += 1
        self.wrong += not self.acknowledged <= reply <= self.acknowledged + self.unknown

    def failed(self, error: RedisError) -> None:
        """Note a command that failed."""
        if error.was_sent:
            self.unknown += 1
        else:
            self.refused += 1


class World(ABC):
    """Callers of one kind, who share one multiplexer.

    Attributes:
        title: What to call them.
        tallies: One for each caller.
        running: Whether they go on.
    """

    def __init__(self, title: str, prefix: str, callers: int) -> None:
        self.title = title
        self.tallies = [Tally(f"{prefix}:{number}") for number in range(callers)]
        self.running = False

    @abstractmethod
    def start(self) -> None:
        """Let the callers begin."""

    @abstractmethod
    def stop(self) -> None:
        """Let every caller end after the command it is at."""

    @abstractmethod
    def counters(self) -> ServerCounters:
        """Return the multiplexer's counters."""

    @abstractmethod
    def applied(self) -> list[int]:
        """Return what the server has counted for each caller."""

    @abstractmethod
    def close(self) -> None:
        """Close the multiplexer."""

    def total(self, name: str) -> int:
        """Return the sum of one field of the tallies."""
        return sum(getattr(tally, name) for tally in self.tallies)

    def miscounted(self) -> int:
        """Return for how many callers the server's count contradicts what they were told."""
        return sum(
            not tally.acknowledged <= applied <= tally.acknowledged + tally.unknown
            for tally, applied in zip(self.tallies, self.applied(), strict=True)
        )


class ThreadWorld(World):
    """Threads that share a blocking multiplexer."""

    def __init__(self, options: ConfigurationOptions, callers: int) -> None:
        super().__init__(f"{callers} threads", "thread", callers)
        self._mux = ConnectionMultiplexer.connect(options)
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        self.running = True
        self._threads = [threading.Thread(target=self._call, args=(tally,), daemon=True) for tally in self.tallies]
        for thread in self._threads:
            thread.start()

    def _call(self, tally: Tally) -> None:
        db = self._mux.get_database()
        while self.running:
            token = b"%s %d" % (tally.key.encode(), tally.completed)
            tally.calling = True
            try:
                tally.echoed(token, db.echo(token))
                tally.incremented(db.incr(tally.key))
            except RedisError as error:
                tally.failed(error)
            finally:
                tally.calling = False

    def stop(self) -> None:
        self.running = False
        for thread in self._threads:
            thread.join()

    def counters(self) -> ServerCounters:
        return self._mux.get_counters()[0]

    def applied(self) -> list[int]:
        values = self._mux.get_database().mget([tally.key for tally in self.tallies])
        return [int(value or 0) for value in values]

    def close(self) -> None:
        self._mux.close()


class TaskWorld(World):
    """Tasks that share an asyncio multiplexer, in an event loop on a thread of its own."""

    def __init__(self, options: ConfigurationOptions, callers: int) -> None:
        super().__init__(f"{callers} tasks", "task", callers)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._mux = self._run(AsyncConnectionMultiplexer.connect(options))
        self._tasks: list[asyncio.Task[None]] = []

    def _run(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def start(self) -> None:
        self.running = True
        self._run(self._start())

    async def _start(self) -> None:
        self._tasks = [asyncio.create_task(self._call(tally)) for tally in self.tallies]

    async def _call(self, tally: Tally) -> None:
        db = self._mux.get_database()
        while self.running:
            token = b"%s %d" % (tally.key.encode(), tally.completed)
            tally.calling = True
            try:
                tally.echoed(token, await db.echo(token))
                tally.incremented(await db.incr(tally.key))
            except RedisError as error:
                tally.failed(error)
            finally:
                tally.calling = False

    def stop(self) -> None:
        self.running = False
        self._run(self._join())

    async def _join(self) -> None:
        await asyncio.gather(*self._tasks)

    def counters(self) -> ServerCounters:
        return self._mux.get_counters()[0]

    def applied(self) -> list[int]:
        return self._run(self._applied())

    async def _applied(self) -> list[int]:
        values = await self._mux.get_database().mget([tally.key for tally in self.tallies])
        return [int(value or 0) for value in values]

    def close(self) -> None:
        self._run(self._mux.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
