# Generated from multiplexer/compat/asyncio/lock.py by scripts/generate_blocking.py; change that file instead.
"""Locks that many processes share, as redis-py has them."""

from __future__ import annotations

import threading
import time
from time import monotonic
from types import SimpleNamespace, TracebackType
from typing import Any, Literal, Self

from ...configuration.hidden import shown
from ...core.commands.locks import EXTEND, RELEASE, milliseconds, new_token, seconds
from ...core.logging import logger
from ...errors import LockError, LockNotOwnedError, RedisConnectionError, RedisError, RedisTimeoutError


class _ThreadLocal(threading.local):
    """What each thread knows for itself."""

    token: Any = None


class Lock:
    """A lock on a name, for whoever uses the same server and database.

    It is a key whose value is a token of its owner's, so that nobody else can release or extend it. It can be used as
    a context manager, which takes it and afterwards releases it. It is not reentrant.

    Args:
        redis: The client; any with redis-py's ``set``, ``get`` and ``register_script`` will do.
        name: The key.
        timeout: Seconds after which it expires unless it is extended; None for never.
        sleep: Seconds between attempts to take it.
        blocking: Whether :meth:`acquire` waits until it is free.
        blocking_timeout: Seconds to wait at most; None for as long as it takes.
        thread_local: Whether only the thread that took it may release it. Without, the object can be handed over.
        raise_on_release_error: Whether leaving the context raises an error where the lock was lost meanwhile; without,
            that is logged.

    Attributes:
        local: Its ``token`` is that of the owner, or None.

    Raises:
        DataError: A number of seconds is none.
    """

    LUA_RELEASE_SCRIPT = RELEASE.text.decode()
    LUA_EXTEND_SCRIPT = EXTEND.text.decode()
    LUA_REACQUIRE_SCRIPT = LUA_EXTEND_SCRIPT

    lua_release: Any = None
    lua_extend: Any = None
    lua_reacquire: Any = None

    def __init__(
        self,
        redis: Any,
        name: Any,
        timeout: float | None = None,
        sleep: float = 0.1,
        blocking: bool = True,
        blocking_timeout: float | None = None,
        thread_local: bool = True,
        raise_on_release_error: bool = True,
    ) -> None:
        self.redis = redis
        self.name = name
        self.timeout = timeout
        self.sleep = seconds(sleep, "sleep")
        self.blocking = blocking
        self.blocking_timeout = blocking_timeout
        self.thread_local = bool(thread_local)
        self.raise_on_release_error = raise_on_release_error
        self.local: Any = _ThreadLocal() if thread_local else SimpleNamespace(token=None)
        self._lifetime = milliseconds(timeout, "timeout") if timeout else None
        self.register_scripts()

    def register_scripts(self) -> None:
        """Prepare the scripts; nothing is sent."""
        self.lua_release = self.redis.register_script(self.LUA_RELEASE_SCRIPT)
        self.lua_extend = self.redis.register_script(self.LUA_EXTEND_SCRIPT)
        self.lua_reacquire = self.redis.register_script(self.LUA_REACQUIRE_SCRIPT)

    @shown
    def __repr__(self) -> str:
        return f"<{type(self).__module__}.{type(self).__name__}({self.name!r})>"

    def __enter__(self) -> Self:
        if not self.acquire():
            raise LockError("the lock was not free within the time allowed", lock_name=self.name)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.release()
        except LockError as lost:
            if self.raise_on_release_error:
                raise
            logger().warning("lock %r: %s", self.name, lost)

    # -- taking it -------------------------------------------------------------------------------------


    def acquire(
        self,
        sleep: float | None = None,
        blocking: bool | None = None,
        blocking_timeout: float | None = None,
        token: str | bytes | None = None,
    ) -> bool:
        """Take the lock.

        Redis command: SET

        Args:
            sleep: Seconds between attempts; by default as the constructor was told.
            blocking: Whether to wait until it is free, likewise.
            blocking_timeout: Seconds to wait at most, likewise.
            token: Proves the ownership; by default one that nobody else has.

        Returns:
            Whether it was taken.

        Raises:
            RedisError: The server could not be asked.
        """
        pause = self.sleep if sleep is None else seconds(sleep, "sleep")
        return self._acquire(pause, blocking, blocking_timeout, token)

    def _acquire(
        self, pause: float, blocking: bool | None, blocking_timeout: float | None, token: str | bytes | None
    ) -> bool:
        own = new_token() if token is None else self._encode(token)
        waits = self.blocking if blocking is None else blocking
        limit = self.blocking_timeout if blocking_timeout is None else blocking_timeout
        deadline = float("inf") if limit is None else monotonic() + limit
        while not self._attempt(own):
            left = deadline - monotonic()
            if not waits or left <= 0:
                return False
            time.sleep(min(pause, left))  # once more at the very end
        self.local.token = own
        return True

    def _attempt(self, token: bytes) -> bool:
        """Try to take it, and leave no lock behind that nobody knows of."""
        try:
            return self.do_acquire(token)
        except BaseException as error:
            self._clean_up(token, error)
            raise

    def _clean_up(self, token: bytes, error: BaseException) -> None:
        if isinstance(error, RedisConnectionError | RedisTimeoutError) and error.was_sent:
            self._undo(token)

    def _undo(self, token: bytes) -> None:
        """Release a lock that may have been taken, as well as that can be done."""
        try:
            self.lua_release(keys=[self.name], args=[token], client=self.redis)
        except RedisError:
            logger().debug("lock %r: whether it was taken is not known; it may stay so until it expires", self.name)

    def do_acquire(self, token: Any) -> bool:
        """Try once to take the lock.

        Redis command: SET

        Raises:
            RedisError: The server could not be asked.
        """
        return bool(self.redis.set(self.name, token, nx=True, px=self._lifetime))

    # -- having it -------------------------------------------------------------------------------------

    def locked(self) -> bool:
        """Whether anybody has it.

        Redis command: GET

        Raises:
            RedisError: The server could not be asked.
        """
        return self.redis.get(self.name) is not None

    def owned(self) -> bool:
        """Whether this object has it, and it has not been lost.

        Redis command: GET

        Raises:
            RedisError: The server could not be asked.
        """
        stored = self.redis.get(self.name)
        return self.local.token is not None and stored is not None and self._encode(stored) == self.local.token

    def release(self) -> None:
        """Give it back.

        Raises:
            LockNotOwnedError: It was lost meanwhile.
            LockError: It was not taken.
            RedisError: The server could not be asked; it can be tried again.
        """
        token = self._own_token("release")
        try:
            self.do_release(token)
        except LockNotOwnedError:
            self.local.token = None
            raise
        self.local.token = None

    def do_release(self, expected_token: Any) -> None:
        """Release the lock if its token is a certain one.

        Raises:
            LockNotOwnedError: It is not.
            RedisError: The server could not be asked.
        """
        if not self.lua_release(keys=[self.name], args=[expected_token], client=self.redis):
            raise self._lost("release")

    def extend(self, additional_time: float, replace_ttl: bool = False) -> Literal[True]:
        """Put off its expiry.

        Args:
            additional_time: Seconds to add to what is left.
            replace_ttl: Whether they replace what is left instead.

        Raises:
            DataError: The time is none, or what replaces what is left is below a millisecond, with which the lock would
                be gone.
            LockNotOwnedError: It was lost meanwhile.
            LockError: It was not taken, or has no timeout.
            RedisError: The server could not be asked.
        """
        self._check_expires("extend")
        return self.do_extend(additional_time, replace_ttl)

    def do_extend(self, additional_time: float, replace_ttl: bool) -> Literal[True]:
        """Put off the lock's expiry without looking at what this object knows; see :meth:`extend`."""
        if replace_ttl:
            span = milliseconds(additional_time, "additional_time")
        else:
            span = round(seconds(additional_time, "additional_time") * 1000)
        args = [self.local.token, span, "set" if replace_ttl else "add"]
        if not self.lua_extend(keys=[self.name], args=args, client=self.redis):
            raise self._lost("extend")
        return True

    def reacquire(self) -> Literal[True]:
        """Have it expire after its timeout, counted from now.

        Raises:
            LockNotOwnedError: It was lost meanwhile.
            LockError: It was not taken, or has no timeout.
            RedisError: The server could not be asked.
        """
        self._check_expires("reacquire")
        return self.do_reacquire()

    def do_reacquire(self) -> Literal[True]:
        """Set the lock's expiry anew without looking at what this object knows; see :meth:`reacquire`."""
        args = [self.local.token, self._lifetime or 0, "set"]
        if not self.lua_reacquire(keys=[self.name], args=args, client=self.redis):
            raise self._lost("reacquire")
        return True

    def _own_token(self, doing: str) -> bytes:
        token: bytes | None = self.local.token
        if token is None:
            raise LockError(f"cannot {doing} a lock that is not owned or already released", lock_name=self.name)
        return token

    def _check_expires(self, doing: str) -> None:
        self._own_token(doing)
        if self._lifetime is None:
            raise LockError(f"cannot {doing} a lock that has no timeout", lock_name=self.name)

    def _lost(self, doing: str) -> LockNotOwnedError:
        return LockNotOwnedError(f"cannot {doing} a lock that is no longer owned", lock_name=self.name)

    def _encode(self, token: Any) -> bytes:
        if isinstance(token, str) and hasattr(self.redis, "get_encoder"):
            return bytes(self.redis.get_encoder().encode(token))
        return token.encode() if isinstance(token, str) else bytes(token)
