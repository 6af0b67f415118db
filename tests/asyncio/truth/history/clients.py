"""Callers at work on a few keys of every kind, who write down what they are told."""

from __future__ import annotations

import itertools
import math
from collections.abc import Awaitable, Callable
from functools import partial
from random import Random
from typing import Any

from multiplexer.asyncio import Database
from multiplexer.errors import LockError, RedisConnectionError, RedisTimeoutError
from tests.asyncio._world import gather
from tests.chance import seeded
from tests.servers import RealServer
from tests.truth.history.checking import check, overlapping
from tests.truth.history.faults import server_time
from tests.truth.history.recording import History

#: Makes one call, which is written down.
Step = Callable[["Clients", str, Random], Awaitable[None]]

#: Bytes that make a value so large that it travels over a connection of its own, with ``lease_above`` below it.
LARGE = 2000
#: Seconds for which an expiring lock is taken, and for which a caller waits for a queue or a lock.
LIFE = 0.05
PATIENCE = 0.03


class Clients:
    """Any number of callers of one multiplexer.

    Attributes:
        history: What they were told.
        holdings: From when to when an expiring lock was whose, by the server's clock.
    """

    def __init__(
        self, db: Database[bytes], server: RealServer, name: object, tag: str = "", contiguous: bool = True
    ) -> None:
        """Make callers that do nothing yet.

        Args:
            db: What they share.
            server: Whose clock counts.
            name: What chance follows from.
            tag: Follows the keys' names, such as a hash tag.
            contiguous: Whether nothing comes between the commands of a batch. Something may where some of them are
                sent again, because their slot has moved.
        """
        self.db = db
        self.server = server
        self.name = name
        self.tag = tag
        self.contiguous = contiguous
        self.history = History()
        self.holdings: list[tuple[float, float, str]] = []
        self._numbers = itertools.count()
        self._locks = itertools.count()
        self._lock = self._next_lock()

    async def work(self, callers: int, calls: int, steps: tuple[Step, ...]) -> None:
        """Have so many callers make so many calls each."""
        timeout = 30.0 + 5.0 * calls  # each may time out
        await gather(*[partial(self._work, f"c{number}", calls, steps) for number in range(callers)], timeout=timeout)

    async def _work(self, process: str, calls: int, steps: tuple[Step, ...]) -> None:
        chance = seeded(f"{self.name}/{process}")
        for _ in range(calls):
            await chance.choice(steps)(self, process, chance)

    def check(self) -> None:
        """Claim that one server that does one thing at a time could have told all that.

        Raises:
            AssertionError: It could not.
            Undecided: It takes too long to find out.
        """
        check(self.history, f"{self.name}")
        wrong = overlapping(self.holdings)
        assert not wrong, f"{self.name}: two held one lock: {wrong}"

    # -- strings ---------------------------------------------------------------------------------------

    async def register(self, process: str, chance: Random) -> None:
        """Read or write a string."""
        key = f"register:{chance.randrange(3)}{self.tag}"
        kind = chance.choice(("get", "get", "set", "set", "delete", "getdel", "nx"))
        value = b"%s/%d" % (process.encode(), next(self._numbers))
        if chance.random() < 0.1:
            value += b"." * LARGE
        argument = value if kind in ("set", "nx") else None
        with self.history.call(process, kind, key, argument) as call:
            call.result = await self._on_register(kind, key, value)

    def _on_register(self, kind: str, key: str, value: bytes) -> Awaitable[Any]:
        if kind == "set":
            return self.db.set(key, value)
        if kind == "nx":
            return self.db.set(key, value, nx=True)
        if kind == "get":
            return self.db.get(key)
        return self.db.delete(key) if kind == "delete" else self.db.getdel(key)

    async def compare(self, process: str, chance: Random) -> None:
        """Write a string if it is what it was; Valkey alone can do so."""
        key = f"register:{chance.randrange(3)}{self.tag}"
        with self.history.call(process, "get", key) as call:
            call.result = await self.db.get(key)
        if call.result:
            argument = (call.result, b"%s/%d" % (process.encode(), next(self._numbers)))
            with self.history.call(process, "ifeq", key, argument) as call:
                call.result = await self.db.set(key, argument[1], ifeq=argument[0])

    # -- numbers ---------------------------------------------------------------------------------------

    async def count(self, process: str, chance: Random) -> None:
        """Add to a number, or read it."""
        key = f"counter:{chance.randrange(2)}{self.tag}"
        if chance.random() < 0.3:
            with self.history.call(process, "get", key) as call:
                call.result = _number(await self.db.get(key))
        else:
            with self.history.call(process, "incr", key, 1) as call:
                call.result = await self.db.incr(key)

    async def hurry(self, process: str, chance: Random) -> None:
        """Add to a number with so little time that it may or may not do."""
        key = f"counter:{chance.randrange(2)}{self.tag}"
        with self.history.call(process, "incr", key, 1) as call:
            call.result = await self.db.with_options(timeout=chance.uniform(0.0005, 0.02)).incr(key)

    async def unit(self, process: str, chance: Random) -> None:
        """Several commands as one: a batch, or a transaction."""
        transaction = chance.random() < 0.5 or not self.contiguous
        key = f"counter:{chance.randrange(2)}{self.tag}"
        parts = (("incr", 1), ("incr", 2), ("get", None))
        with self.history.call(process, "unit", key, parts, whole=transaction) as call:
            unit = self.db.pipeline() if transaction else self.db.batch()
            unit.incr(key)
            unit.incrby(key, 2)
            unit.get(key)
            first, second, third = await unit.execute()
            call.result = (first, second, _number(third))

    # -- collections -----------------------------------------------------------------------------------

    async def append(self, process: str, chance: Random) -> None:
        """Append to a list, or read it."""
        key = f"list:0{self.tag}"
        if chance.random() < 0.25:
            with self.history.call(process, "read", key) as call:
                call.result = tuple(await self.db.lrange(key, 0, -1))
        else:
            token = b"%s/%d" % (process.encode(), next(self._numbers))
            with self.history.call(process, "push", key, token) as call:
                call.result = await self.db.rpush(key, token)

    async def member(self, process: str, chance: Random) -> None:
        """Add to a set, take from it, or look at it."""
        key, member = f"set:0{self.tag}", b"%d" % chance.randrange(4)
        kind = chance.choice(("add", "add", "remove", "has", "all"))
        with self.history.call(process, kind, key, None if kind == "all" else member) as call:
            if kind == "add":
                call.result = await self.db.sadd(key, member)
            elif kind == "remove":
                call.result = await self.db.srem(key, member)
            elif kind == "has":
                call.result = bool(await self.db.sismember(key, member))
            else:
                call.result = frozenset(await self.db.smembers(key))

    async def queue(self, process: str, chance: Random) -> None:
        """Put something in a queue, or wait for something over a connection of one's own."""
        key = f"queue:0{self.tag}"
        if chance.random() < 0.5:
            token = b"%s/%d" % (process.encode(), next(self._numbers))
            with self.history.call(process, "push", key, token) as call:
                call.result = await self.db.rpush(key, token)
        else:
            with self.history.call(process, "pop", key) as call:
                found = await self.db.blpop(key, PATIENCE)
                call.result = found and found[1]

    # -- locks -----------------------------------------------------------------------------------------

    async def lock(self, process: str, chance: Random) -> None:
        """Take a lock that does not expire meanwhile, and release it."""
        key, token = self._lock, f"{process}/{next(self._numbers)}"
        lock = self.db.lock(key, 300.0, sleep=0.005, blocking_timeout=PATIENCE, thread_local=False)
        with self.history.call(process, "acquire", key, token) as call:
            call.result = await lock.acquire(token=token)
        if call.ended == math.inf:
            # It releases by itself what it may have taken, as soon as it can.
            with self.history.call(process, "release", key, token) as call:
                raise LockError("nobody knows")
        elif call.result:
            with self.history.call(process, "release", key, token) as call:
                await lock.release()
                call.result = True
        if call.ended == math.inf:
            self._lock = self._next_lock()  # this one may be taken for good

    def _next_lock(self) -> str:
        return f"lock:{next(self._locks)}{self.tag}"

    async def expiring_lock(self, process: str, chance: Random) -> None:
        """Take a lock that may expire while it is held, and note for how long it surely was."""
        lock = self.db.lock(f"expiring{self.tag}", LIFE, sleep=0.005, blocking_timeout=PATIENCE, thread_local=False)
        before = server_time(self.server)
        try:
            taken = await lock.acquire()
        except (RedisConnectionError, RedisTimeoutError):
            return
        if taken and before:
            since = server_time(self.server)
            until = min(before + LIFE, server_time(self.server))
            self.holdings.append((since or math.inf, until, process))
        try:
            if taken:
                await lock.release()
        except (LockError, RedisConnectionError, RedisTimeoutError):
            pass


def _number(told: bytes | None) -> object:
    """What is no number was meant for somebody else: the check shall find it."""
    return int(told or 0) if told is None or told.isdigit() else told


#: What every server can do.
STEPS: tuple[Step, ...] = (
    Clients.register,
    Clients.register,
    Clients.count,
    Clients.hurry,
    Clients.unit,
    Clients.append,
    Clients.member,
    Clients.queue,
    Clients.lock,
    Clients.expiring_lock,
)
