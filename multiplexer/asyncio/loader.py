"""Makes values that are missing, by one caller for all, in this process and in others."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextvars import ContextVar
from inspect import isawaitable
from time import monotonic, time
from typing import TYPE_CHECKING, Any

from ..configuration import ReadFrom
from ..core.call_options import CommandFlags
from ..core.chance import fraction
from ..core.commands.command_table import COMMANDS
from ..core.commands.hash_slots import key_bytes
from ..core.commands.loads import EXCHANGE, Found, State, Terms, found, loading, made, nothing, terms
from ..core.joining import Joinable
from ..core.logging import logger
from ..core.types import Key
from ..core.wire.resp import decode
from ..drivers import deadlines
from ..drivers.eventloop.executor import Executor
from ..drivers.eventloop.waiting import Waiter
from ..errors import DataError, RedisError
from .script_calls import run_script

if TYPE_CHECKING:
    from ..core.cache.client_cache import ClientCache
    from .handle import Handle

_GET = COMMANDS["GET"]
_SET = COMMANDS["SET"]

#: Seconds between two looks at a key that somebody else is to fill; they grow from the first to the last.
_FIRST_LOOK = 0.01
_LAST_LOOK = 0.5
#: The same where the server says when it is filled: only for a token that has expired, which it may be slow to notice.
_LATE_LOOK = 1.0


class Load(Joinable):
    """One value being made, for all callers of this process who want it.

    Attributes:
        began: When the loader was called, in seconds of ``time.monotonic``; None before.
        header: The token under which it is made; empty before.
        ended: Whether there is a result.
        value: The result, None where there is no value.
        error: What the loader raised instead; None where those who wait are to try by themselves.
    """

    __slots__ = ("began", "ended", "error", "header", "value")

    def __init__(self) -> None:
        super().__init__()
        self.began: float | None = None
        self.header = b""
        self.ended = False
        self.value: bytes | None = None
        self.error: Exception | None = None

    def serves(self, called: float, seen: Found) -> bool:
        """Whether a caller may wait for it.

        What began before may be older than what was written meanwhile, unless its token is still there.

        Args:
            called: When the caller came.
            seen: What the caller has found under the key.
        """
        return (
            self.began is None or self.began >= called or (seen.state is State.LOADING and seen.header == self.header)
        )


#: Whose loaders have called what is running now, one within another.
_within: ContextVar[tuple[Load, ...]] = ContextVar("multiplexer_loads", default=())


async def load_value(
    database: Handle[Any],
    teller: ClientCache[Any] | None,
    key: Key,
    loader: Callable[[], Any],
    ttl: float,
    negative_ttl: float | None,
    beta: float,
    load_timeout: float,
) -> Any:
    """Return the value of a key, made where there is none; see the database's method.

    Args:
        database: The handle.
        teller: What is told of changes of keys, or None.
        key: The key.
        loader: Makes the value.
        ttl: Seconds for which the value is kept.
        negative_ttl: Seconds for which it is kept that there is none, or None.
        beta: How likely a value is made anew before it expires.
        load_timeout: Seconds after which a loader counts as dead.
    """
    conditions = terms(ttl, negative_ttl, beta, load_timeout)
    called = monotonic()
    handle = database if not database._options.forget else _direct(database)
    seen = found(await handle._execute(_GET, ("GET", key), None, False))
    if seen.state is State.VALUE:
        value = seen.value
        if beta and seen.is_due(time(), beta):
            value = await _Loader(database, teller, key, loader, conditions).renewed(seen)
    elif seen.state is State.NONE:
        return None
    else:
        value = await _Loader(database, teller, key, loader, conditions).value(called, seen)
    return decode(value) if database._options.decode else value


def _direct(database: Handle[Any]) -> Handle[Any]:
    """Return a view that asks the primary, whose replies are waited for."""
    options = database._options
    flags = options.flags & ~CommandFlags.FIRE_AND_FORGET
    return database._view(options.replace(decode=False, read_from=ReadFrom.PRIMARY, flags=flags))


class _Loader:
    """One caller's attempt to have the value of a key made."""

    def __init__(
        self,
        database: Handle[Any],
        teller: ClientCache[Any] | None,
        key: Key,
        loader: Callable[[], Any],
        conditions: Terms,
    ) -> None:
        self._database = _direct(database)
        self._teller = teller
        self._key = key
        self._loader = loader
        self._terms = conditions
        self._driver = database._driver
        self._name = database.key_prefix + key_bytes(key)
        # The child of a fork waits for no thread of its parent's.
        self._place = (os.getpid(), database.database, self._name)

    # -- for all callers of this process ---------------------------------------------------------------

    async def value(self, called: float, seen: Found) -> bytes | None:
        """Return the value, made here or elsewhere."""
        while True:
            load, waiter = self._enter(called, seen)
            if waiter is None:
                return await self._lead(load)
            if load in _within.get():
                raise DataError("get_or_load: the loader asks for the key that it makes the value of")
            await waiter.wait(min(self._terms.patience / 1000, deadlines.left()))
            if load.error is not None:
                raise load.error
            if load.ended:
                return load.value
            called = monotonic()  # it was given up, or counts as dead: whoever comes first makes another
            seen = await self._look()
            if seen.state in (State.VALUE, State.NONE):
                return seen.value
            if waiter.given is None:
                self._leave(load)

    def _enter(self, called: float, seen: Found) -> tuple[Load, Waiter | None]:
        """Join a load of this process, or begin one."""
        with self._driver.lock:
            load = self._driver.loads.get(self._place)
            if load is not None and load.serves(called, seen):
                waiter = Waiter()
                load.join(waiter)
                return load, waiter
            load = self._driver.loads[self._place] = Load()
            return load, None

    def _leave(self, load: Load) -> None:
        """Let nobody join a load any more."""
        with self._driver.lock:
            if self._driver.loads.get(self._place) is load:
                del self._driver.loads[self._place]

    async def _lead(self, load: Load) -> bytes | None:
        """See to a load of this process."""
        try:
            load.value = await self._from_anywhere(load)
            load.ended = True
        except Exception as error:
            load.error = error
            raise
        finally:
            self._leave(load)
            with self._driver.lock:
                load.wake()
        return load.value

    # -- for all processes -----------------------------------------------------------------------------

    async def _from_anywhere(self, load: Load) -> bytes | None:
        """Return the value, made here or by another process."""
        look = _FIRST_LOOK
        while True:
            token, taken = loading(), monotonic()
            if await self._take(token):
                try:
                    return await self._make(load, token, taken)
                except BaseException:
                    self._withdraw(token)  # which releases those who wait elsewhere
                    raise
            seen = await self._look()
            if seen.state in (State.VALUE, State.NONE):
                return seen.value
            if seen.state is State.LOADING:
                await self._wait(look * fraction(0.5, 1.5))
                look = min(look * 2, _LAST_LOOK)

    async def _take(self, token: bytes) -> bool:
        """Put a token under the key if nothing is there; whatever goes wrong, it does not stay there."""
        words = ("SET", self._key, token, "NX", "PX", self._terms.patience)
        try:
            return await self._database._execute(_SET, words) is not None
        except BaseException as error:
            if not isinstance(error, RedisError) or error.was_sent:
                self._withdraw(token)
            raise

    async def _look(self) -> Found:
        """Return what the server has under the key, whatever is kept here; what has expired it then notices."""
        return found(await Executor._execute(self._database, _GET, ("GET", self._key), None, False))

    async def _wait(self, seconds: float) -> None:
        """Wait until the key is likely to have changed: until the server says so where it does, or for some time."""
        teller = self._teller
        waiter = Waiter()
        if teller is None or not teller.watch(self._name, waiter):
            await self._driver.pause(min(seconds, deadlines.left()))
            return
        try:
            # Only now: it may have changed meanwhile, and what is read from here on is told of.
            reply = await self._database._execute(_GET, ("GET", self._key), None, False)
            if found(reply).state is State.LOADING:
                await waiter.wait(min(_LATE_LOOK * fraction(0.5, 1.5), deadlines.left()))
        finally:
            teller.unwatch(self._name, waiter)

    async def _make(self, load: Load, header: bytes, taken: float) -> bytes | None:
        """Call the loader, and keep what it returns where the key still has a certain header.

        Args:
            load: What is made.
            header: The header.
            taken: The time just before it was put there: its life there has begun since.
        """
        load.header = header
        load.began = began = monotonic()
        value = await self._call(load)
        cost = monotonic() - began
        content, life = b"", 0
        if value is not None:
            content, life = self._terms.kept(value, time(), cost), self._terms.life
        elif self._terms.absence:
            content, life = nothing(), self._terms.absence
        try:
            kept = await self._exchange(header, content, life)
        except RedisError as error:  # whoever asks wants the value, and here it is
            self._withdraw(header)
            logger().warning("get_or_load: a value was not kept: %s", error)
            return value
        if not kept and (began - taken + cost) * 1000 > self._terms.patience:
            text = "get_or_load: a loader took %.3f s, longer than load_timeout; nothing was kept"
            logger().warning(text, cost)
        return value

    async def _call(self, load: Load) -> bytes | None:
        within = _within.set((*_within.get(), load))
        try:
            value = self._loader()
            if True:  # ASYNC
                if isawaitable(value):
                    value = await value
        finally:
            _within.reset(within)
        return None if value is None else made(value)

    async def _exchange(self, header: bytes, content: bytes, life: int | str) -> bool:
        return bool(await run_script(self._database, EXCHANGE, (self._key,), (header, content, life)))

    def _withdraw(self, token: bytes) -> None:
        """Take a token back without waiting; nothing happens where it is gone."""
        options = self._database._options
        forgetting = self._database._view(options.replace(flags=options.flags | CommandFlags.FIRE_AND_FORGET))
        try:
            forgetting._execute(EXCHANGE.by_text, EXCHANGE.words((self._key,), (token, b"", 0), False))
        except RedisError as error:
            logger().warning("get_or_load: whoever wants the same value waits until a token expires: %s", error)

    # -- before a value ends ---------------------------------------------------------------------------

    async def renewed(self, seen: Found) -> bytes | None:
        """Return a new value in place of one that will end soon; the old one where another sees to it.

        What the loader raises is logged, as there is a value. The next attempt is made once its time is over.
        """
        load = Load()
        place = (*self._place, seen.header)
        with self._driver.lock:
            if self._driver.loads.setdefault(place, load) is not load:
                return seen.value
        try:
            taken = monotonic()
            header = seen.renewing(time() + self._terms.patience / 1000)
            if not await self._exchange(seen.header, header, ""):
                return seen.value
            return await self._make(load, header, taken)
        except Exception as error:
            logger().warning("get_or_load: a value was not renewed: %s", type(error).__name__)
            return seen.value
        finally:
            with self._driver.lock:
                del self._driver.loads[place]
