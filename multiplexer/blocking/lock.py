# Generated from multiplexer/asyncio/lock.py by scripts/generate_blocking.py; change that file instead.
"""Locks that many processes share."""

from __future__ import annotations

import os
import time
import weakref
from collections.abc import Callable
from time import monotonic
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self

from ..configuration import ReadFrom
from ..configuration.hidden import shown
from ..core.call_options import CommandFlags
from ..core.chance import fraction
from ..core.commands.command_table import COMMANDS
from ..core.commands.locks import EXTEND, RELEASE, TAKE, milliseconds, new_token, seconds, token_bytes
from ..core.commands.scripts import ScriptSource
from ..core.logging import logger
from ..core.types import AnyStr, Encodable, Key
from ..drivers import deadlines
from ..drivers.threads.background import Flag, PerThread, start
from ..errors import DataError, LockError, LockNotOwnedError, RedisConnectionError, RedisError
from .handle import Handle
from .script_calls import run_script

if TYPE_CHECKING:
    from ..drivers.threads import Driver

_GET = COMMANDS["GET"]
_SET = COMMANDS["SET"]

#: Seconds an attempt to take a lock is given at least, however little is left of the time to wait for it.
_LEAST_ATTEMPT = 0.5
#: How often a lock whose reply was lost with its connection is asked for again.
_MOST_INQUIRIES = 3


class _Holding:
    """A lock as one owner has it.

    Attributes:
        token: Proves the ownership.
        process: Where it was taken: the child of a fork does not own it.
        expires: When it expires at the earliest, in seconds of ``time.monotonic``.
        ended: Whether it was released or lost.
    """

    __slots__ = ("ended", "expires", "process", "token")

    def __init__(self, token: bytes, expires: float) -> None:
        self.token = token
        self.process = os.getpid()
        self.expires = expires
        self.ended = False


class Lock:
    """A lock on a name, for whoever uses the same server and database; get it from :meth:`Database.lock`.

    It is a key whose value is a token of its owner's, and expires with the key. ``with db.lock("name", 10):``
    waits until it is taken and releases it afterwards.

    Attributes:
        name: The key.
        timeout: Seconds after which it expires unless it is extended, or None.
        lost: Set when it turns out to have been lost: expired, deleted or taken over. With ``watchdog`` that is
            noticed by itself, otherwise by :meth:`extend`, :meth:`reacquire` and :meth:`release`.
    """

    def __init__(
        self,
        database: Handle[Any],
        name: Key,
        timeout: float | None = None,
        sleep: float = 0.1,
        blocking: bool = True,
        blocking_timeout: float | None = None,
        thread_local: bool = True,
        raise_on_release_error: bool = True,
        watchdog: bool = False,
        on_lost: Callable[[Lock], Any] | None = None,
    ) -> None:
        """Make a lock that is not taken yet; see :meth:`Database.lock`."""
        if watchdog and timeout is None:
            raise DataError("lock: watchdog needs a timeout, after which the lock expires when its owner is gone")
        self.name = name
        self.timeout = timeout
        self.sleep = seconds(sleep, "sleep")
        self.blocking = blocking
        self.blocking_timeout = None if blocking_timeout is None else seconds(blocking_timeout, "blocking_timeout")
        self.raise_on_release_error = raise_on_release_error
        self.lost = Flag()
        self._life = b"" if timeout is None else b"%d" % milliseconds(timeout, "timeout")
        self._watchdog = watchdog
        self._on_lost = on_lost
        self._state: Any = PerThread() if thread_local else SimpleNamespace()
        options = database._options.replace(decode=False, read_from=ReadFrom.PRIMARY)
        waiting = options.flags & ~CommandFlags.FIRE_AND_FORGET
        self._database = database._view(options.replace(flags=waiting))
        self._forgetting = database._view(options.replace(flags=waiting | CommandFlags.FIRE_AND_FORGET))

    @shown
    def __repr__(self) -> str:
        return f"<Lock {self.name!r} {'held' if self._holding() else 'not held'}>"

    # -- taking ----------------------------------------------------------------------------------------

    def acquire(
        self,
        sleep: float | None = None,
        blocking: bool | None = None,
        blocking_timeout: float | None = None,
        token: Key | None = None,
    ) -> bool:
        """Take the lock.

        Redis command: SET

        Args:
            sleep: Mean seconds between attempts; each wait is longer or shorter by up to half of it.
            blocking: Whether to wait until it is free.
            blocking_timeout: Seconds to wait at most.
            token: A token of the caller's own; by default a random one. What is left out is as the lock was made.

        Returns:
            Whether it was taken.

        Raises:
            RedisError: The server could not be asked. The lock is not left behind: it is released as soon as the
                server can be reached, unless it expires before.
        """
        own = new_token() if token is None else token_bytes(token)
        pause = self.sleep if sleep is None else seconds(sleep, "sleep")
        limit = self.blocking_timeout if blocking_timeout is None else seconds(blocking_timeout, "blocking_timeout")
        waits = self.blocking if blocking is None else blocking
        deadline = None if limit is None else monotonic() + limit
        while not self._attempt(own, deadline):
            if not waits:
                return False
            delay = pause * fraction(0.5, 1.5)
            if deadline is not None:
                left = deadline - monotonic()
                if left <= 0:
                    return False
                delay = min(delay, left)
            time.sleep(min(delay, deadlines.left()))
        return True

    def _attempt(self, token: bytes, deadline: float | None) -> bool:
        """Try to take the lock; whatever goes wrong, it is not held by mistake afterwards."""
        started = monotonic()
        database = self._database
        if deadline is not None:
            database = database.with_time_left(started, max(deadline - started, _LEAST_ATTEMPT))
        words: tuple[Encodable, ...] = ("SET", self.name, token, "NX")
        if self._life:
            words += ("PX", self._life)
        try:
            try:
                taken = database._execute(_SET, words) is not None
            except RedisConnectionError as error:
                if not error.was_sent:
                    raise
                taken = self._inquire(token)
        except BaseException as error:
            # Cancelled or too late, say: the server may have taken it, or take it yet.
            if not isinstance(error, RedisError) or error.was_sent:
                self._withdraw(token)
            raise
        if taken:
            self._hold(_Holding(token, started + (self.timeout or 0.0)))
        return taken

    def _inquire(self, token: bytes) -> bool:
        """The reply was lost with the connection: see who has the lock now. The token makes asking again safe."""
        for inquiry in range(_MOST_INQUIRIES):
            try:
                return bool(run_script(self._database, TAKE, (self.name,), (token, self._life)))
            except RedisConnectionError as error:
                if not error.was_sent or inquiry == _MOST_INQUIRIES - 1:
                    raise
        raise AssertionError

    def _withdraw(self, token: bytes) -> None:
        """Release the lock where it is held, without waiting; nothing happens where it is not."""
        try:
            self._forgetting._execute(RELEASE.by_text, RELEASE.words((self.name,), (token,), False))
        except RedisError as error:
            logger().warning("lock %r may stay until it expires: %s", self.name, error)

    def _hold(self, holding: _Holding) -> None:
        self.lost.clear()
        self._state.holding = holding
        if self._watchdog:
            start(self._database._driver, f"multiplexer-lock-{self.name!r}", _watch, weakref.ref(self), holding)

    # -- holding ---------------------------------------------------------------------------------------

    def _holding(self) -> _Holding | None:
        """Return what this thread (with ``thread_local``) holds; in asyncio all tasks share it."""
        holding: _Holding | None = getattr(self._state, "holding", None)
        return holding if holding is not None and holding.process == os.getpid() else None

    def _held(self, what: str) -> _Holding:
        holding = self._holding()
        if holding is None:
            raise LockError(f"cannot {what} the lock {self.name!r}: it is not held here")
        return holding

    def locked(self) -> bool:
        """Return whether anybody holds the lock.

        Redis command: GET
        """
        return self._database._execute(_GET, ("GET", self.name)) is not None

    def owned(self) -> bool:
        """Return whether this lock object holds it.

        Redis command: GET
        """
        holding = self._holding()
        return holding is not None and self._database._execute(_GET, ("GET", self.name)) == holding.token

    def extend(self, additional_time: float, replace_ttl: bool = False) -> bool:
        """Let the lock expire later.

        Redis command: EVALSHA

        Args:
            additional_time: Seconds to add to what is left of its time.
            replace_ttl: Take them in place of what is left.

        Returns:
            True.

        Raises:
            LockError: It is not held here, or never expires.
            LockNotOwnedError: It was lost.
        """
        if self.timeout is None:
            raise LockError(f"cannot extend the lock {self.name!r}: it has no timeout")
        return self._extend(milliseconds(additional_time, "additional_time"), b"set" if replace_ttl else b"add")

    def reacquire(self) -> bool:
        """Let the lock's whole timeout begin anew; otherwise as :meth:`extend`."""
        if self.timeout is None:
            raise LockError(f"cannot reacquire the lock {self.name!r}: it has no timeout")
        return self._extend(int(self._life), b"set")

    def _extend(self, life: int, how: bytes) -> bool:
        holding = self._held("extend")
        started = monotonic()
        if not self._run(EXTEND, holding, life, how):
            self._lose(holding)
            raise LockNotOwnedError(f"cannot extend the lock {self.name!r}: it was lost")
        known = holding.expires if how == b"add" else started
        holding.expires = known + life / 1000
        return True

    def release(self) -> None:
        """Give the lock back.

        Redis command: EVALSHA

        Raises:
            LockError: It is not held here.
            LockNotOwnedError: It was lost: expired, or taken over.
            RedisError: The server could not be asked. The lock is released as soon as it can be reached, unless
                it expires before.
        """
        holding = self._held("release")
        self._state.holding = None
        self._end(holding)
        if not self._released(holding):
            self.lost.set()
            raise LockNotOwnedError(f"cannot release the lock {self.name!r}: it was lost")

    def _released(self, holding: _Holding) -> bool:
        try:
            try:
                return bool(self._run(RELEASE, holding))
            except RedisConnectionError as error:
                if not error.was_sent:
                    raise
                # The reply was lost with the connection; what is left to do is to make sure.
                self._run(RELEASE, holding)
                return True
        except BaseException:
            self._withdraw(holding.token)
            raise

    def _run(self, script: ScriptSource, holding: _Holding, *args: Encodable) -> Any:
        return run_script(self._database, script, (self.name,), (holding.token, *args))

    # -- losing ----------------------------------------------------------------------------------------

    def _end(self, holding: _Holding) -> None:
        """Hold it no longer; wakes the watchdog, if there is one."""
        holding.ended = True
        if self._watchdog:
            self._database._driver.notify()

    def _lose(self, holding: _Holding) -> None:
        self._end(holding)
        self.lost.set()
        if self._on_lost is not None:
            self._database._driver.call_later(self._on_lost, self)

    # -- as a context ----------------------------------------------------------------------------------

    def __enter__(self) -> Self:
        if not self.acquire():
            raise LockError(f"the lock {self.name!r} was not free within the time to wait for it")
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        try:
            self.release()
        except LockError as problem:
            # What went wrong inside matters more.
            if self.raise_on_release_error and error is None:
                raise
            logger().warning("%s", problem)


def _watch(reference: weakref.ref[Lock], holding: _Holding) -> None:
    """Extend a lock while it is held and somebody still has the object."""
    while not holding.ended:
        lock = reference()
        if lock is None:
            return  # nobody can release it any more: it expires
        driver, interval = lock._database._driver, (lock.timeout or 0.0) / 3
        del lock
        _pause(driver, holding, min(interval, holding.expires - monotonic()))
        lock = reference()
        if lock is not None and not holding.ended:
            _keep(lock, holding, interval)


def _keep(lock: Lock, holding: _Holding, interval: float) -> None:
    """Extend a lock once; find out that it is lost."""
    started = monotonic()
    try:
        database = lock._database.with_time_left(started, interval)
        args = (holding.token, lock._life, b"least")
        kept = bool(run_script(database, EXTEND, (lock.name,), args))
        if kept:
            # Counted from before it was sent: it is never taken to be held for longer than it is.
            holding.expires = max(holding.expires, started + (lock.timeout or 0.0))
    except RedisError as error:
        logger().warning("lock %r was not extended: %s", lock.name, error)
        # Until its time is over there may be another chance.
        kept = not lock._database._driver.closed and monotonic() < holding.expires
        if kept:
            _pause(lock._database._driver, holding, min(interval / 10, 1.0))
    if not kept and not holding.ended:
        lock._lose(holding)


def _pause(driver: Driver, holding: _Holding, seconds: float) -> None:
    """Wait until it is time to extend a lock again, or there is nothing to extend any more."""
    driver.wait_for(lambda: holding.ended or driver.closed, max(seconds, 0.0))


class LockCommands(Handle[AnyStr]):
    """What a database offers for locks."""

    __slots__ = ()

    def lock(
        self,
        name: Key,
        timeout: float | None = None,
        sleep: float = 0.1,
        blocking: bool = True,
        blocking_timeout: float | None = None,
        lock_class: type[Lock] | None = None,
        thread_local: bool = True,
        raise_on_release_error: bool = True,
        *,
        watchdog: bool = False,
        on_lost: Callable[[Lock], Any] | None = None,
    ) -> Lock:
        """Return a lock on a name; nothing is sent before it is taken.

        Args:
            name: The key.
            timeout: Seconds after which it expires unless it is extended. With None it stays for ever if its
                owner is gone without releasing it.
            sleep: Mean seconds between attempts while waiting for it.
            blocking: Whether :meth:`Lock.acquire` waits until it is free.
            blocking_timeout: Seconds to wait at most; None for as long as it takes.
            lock_class: A class derived from :class:`Lock`.
            thread_local: Whether only the thread that took it may release it. Without, any thread may that has
                the object; in asyncio any task may in either case.
            raise_on_release_error: Whether leaving the context raises where the lock was lost meanwhile;
                otherwise that is logged.
            watchdog: Extend it by itself while it is held, every third of its timeout.
            on_lost: Called with the lock when it turns out to be lost.

        Raises:
            DataError: A number of seconds makes no sense, or there is a watchdog and no timeout.
        """
        return (lock_class or Lock)(
            self,
            name,
            timeout,
            sleep,
            blocking,
            blocking_timeout,
            thread_local,
            raise_on_release_error,
            watchdog,
            on_lost,
        )

    def lock_take(self, key: Key, value: Key, expiry: float) -> bool:
        """Take a lock: set ``key`` to ``value`` where it does not exist; return whether it was taken.

        Redis command: SET

        Args:
            key: The lock's name.
            value: The owner's token.
            expiry: Seconds after which it expires.

        Raises:
            DataError: The token is empty, or the expiry makes no sense.
        """
        words = ("SET", key, token_bytes(value), "NX", "PX", milliseconds(expiry, "expiry"))
        taken: bool = self._execute(_SET, words, _is_something)
        return taken

    def lock_query(self, key: Key) -> AnyStr | None:
        """Return the token of a lock's owner, or None while nobody has it.

        Redis command: GET
        """
        token: AnyStr | None = self._execute(_GET, ("GET", key))
        return token

    def lock_extend(self, key: Key, value: Key, expiry: float) -> bool:
        """Let a lock expire so many seconds from now; return False where ``value`` is not its owner's token.

        Redis command: EVALSHA

        Raises:
            DataError: The token is empty, or the expiry makes no sense.
        """
        args = (token_bytes(value), milliseconds(expiry, "expiry"), b"set")
        return bool(run_script(self, EXTEND, (key,), args))

    def lock_release(self, key: Key, value: Key) -> bool:
        """Release a lock; return False where ``value`` is not its owner's token.

        Redis command: EVALSHA

        Raises:
            DataError: The token is empty.
        """
        return bool(run_script(self, RELEASE, (key,), (token_bytes(value),)))


def _is_something(reply: Any) -> bool:
    return reply is not None
