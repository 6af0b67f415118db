"""Limits on how often something is done, which many processes share."""

from __future__ import annotations

import math
from time import monotonic
from typing import Any

from ..configuration.hidden import shown
from ..core.chance import fraction
from ..core.commands.arguments import count, finite
from ..core.commands.limits import Algorithm, Limit, OnError, RateLimitResult, reaction, result_of
from ..core.types import Key
from ..drivers import deadlines
from ..errors import CommandDisabledError, DataError, MultiplexerClosedError, RedisError, WrongTypeError
from .handle import Handle, sent_once
from .script_calls import run_script

#: What is the application's own mistake, or its end, and nothing to be decided by ``on_error``.
_RAISED = (CommandDisabledError, DataError, MultiplexerClosedError, WrongTypeError)
#: Seconds after which to try again where nobody could decide.
_AFTER_ERROR = 1.0
#: Seconds an attempt is given at least, however little is left of the time to wait.
_LEAST_ATTEMPT = 0.5


class RateLimiter:
    """Says how often something may be done, to whoever uses the same server and database.

    The server counts, in one step and by its own clock, so all callers together are never let through more often than
    the limit says. The name of what is limited is a key, which expires once it says nothing any more. A limiter has no
    state of its own; any thread or task may use it.
    """

    __slots__ = ("_database", "_limit", "_on_error")

    def __init__(
        self,
        database: Handle[Any],
        limit: int,
        period: float,
        *,
        algorithm: Algorithm = "sliding_window",
        burst: int | None = None,
        on_error: OnError = "raise",
    ) -> None:
        """Make a limiter; nothing is sent.

        Args:
            database: The handle whose server counts. Its timeout is that of an attempt; its key prefix goes before
                names.
            limit: How many may pass within ``period``.
            period: Seconds.
            algorithm: ``"sliding_window"``: never more than ``limit`` within any ``period``. It keeps the time of each
                that passed, so for limits of many thousands take ``"token_bucket"``: a bucket of ``burst`` tokens, into
                which ``limit`` tokens come within each ``period``, evenly; who passes takes some out.
            burst: How many tokens there may be at most, and are at first; by default ``limit``.
            on_error: What an attempt comes to where the server cannot be asked, or its reply was lost: ``"raise"`` the
                error, ``"allow"`` or ``"refuse"``. It is never sent again by itself, as it may have been counted.

        Raises:
            DataError: An argument makes no sense; the message names it.
        """
        if not isinstance(database, Handle):
            raise DataError(f"RateLimiter: database must be a Database, not {type(database).__name__}")
        self._limit = Limit(limit, period, algorithm, burst)
        self._on_error = reaction(on_error)
        self._database = database._view(sent_once(database._options))

    @shown
    def __repr__(self) -> str:
        return f"<RateLimiter {' '.join(map(str, self._limit.words))}>"

    async def acquire(self, name: Key, amount: int = 1) -> RateLimitResult:
        """Pass if the limit allows it, and say what it says; nobody waits.

        Redis command: EVALSHA

        Args:
            name: What is limited: a key that nothing else uses.
            amount: As how many it counts; it passes as a whole or not at all.

        Raises:
            DataError: ``amount`` is more than could ever pass at once, or the name cannot be sent.
            MultiplexerClosedError: The multiplexer was closed.
            RedisError: The server could not decide, with ``on_error="raise"``.
            WrongTypeError: The key has something else in it.
        """
        return await self._attempt(self._database, name, count("acquire", "amount", amount, 1, self._limit.most))

    async def _attempt(self, database: Handle[Any], name: Key, amount: int) -> RateLimitResult:
        try:
            return result_of(await run_script(database, self._limit.script, (name,), (*self._limit.words, amount)))
        except RedisError as error:
            if self._on_error == "raise" or isinstance(error, _RAISED):
                raise
            allowed = self._on_error == "allow"
            return RateLimitResult(allowed, 0, 0.0 if allowed else _AFTER_ERROR, error)

    async def wait(self, name: Key, amount: int = 1, timeout: float | None = None) -> RateLimitResult:
        """Wait until the limit allows it, and pass; there is no order among those who wait.

        Redis command: EVALSHA

        Args:
            name: As for :meth:`acquire`.
            amount: The same.
            timeout: Seconds to wait at most; None for as long as it takes.

        Returns:
            What the last attempt came to. It is refused as soon as it cannot pass in time any more.

        Raises:
            DataError: ``timeout`` is no number of seconds, or as :meth:`acquire`.
            RedisError: As :meth:`acquire`.
        """
        count("wait", "amount", amount, 1, self._limit.most)
        most = math.inf if timeout is None else finite("wait", "timeout", timeout, 0, "a number of seconds")
        until = monotonic() + min(most, deadlines.left())
        while True:
            started = monotonic()
            database = self._database.with_time_left(started, max(until - started, _LEAST_ATTEMPT))
            result = await self._attempt(database, name, amount)
            left = until - monotonic()
            if result.allowed or result.retry_after > left:
                return result
            # Not all at the same time, where many wait for the same.
            await self._database._driver.pause(min(result.retry_after * fraction(1.0, 1.1), left))
