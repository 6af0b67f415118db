"""A pool that lets callers wait for a connection."""

from __future__ import annotations

import os
from collections import deque
from time import monotonic
from typing import Any

from ...configuration.hidden import hide_secrets
from ...drivers.eventloop.waiting import Waiter
from ...errors import ConfigurationError, RedisConnectionError
from ..lifo_queue import LifoQueue
from ..options import check_seconds
from .connection_pool import ConnectionPool
from .transports import Connection

#: Handed to a waiter where the pool was reset: it is to try again.
AGAIN: Any = object()


class WaitingCallers(ConnectionPool):
    """What pools have in common whose callers wait, first come first served."""

    def _take_or_queue(self, *wanted: Any) -> Any:
        """Take a connection or, where there is none, a place among those who wait."""
        raise NotImplementedError

    def _leave(self, waiter: Waiter, *wanted: Any) -> None:
        """Give up a place among those who wait, if it is still there; to be called under the lock."""
        raise NotImplementedError

    async def _wait(self, waiter: Waiter, timeout: float | None, *wanted: Any) -> Any:
        deadline = None if timeout is None else monotonic() + timeout
        while True:
            try:
                await waiter.wait(None if deadline is None else max(deadline - monotonic(), 0))
            except BaseException:
                given = self._given(waiter, *wanted)
                if given is not None and given is not AGAIN:
                    self._put_back(given)  # it came as the wait was broken off: the next in line gets it
                raise
            given = self._given(waiter, *wanted)
            if given is None:
                raise RedisConnectionError(f"No connection available: {self._all_in_use(*wanted)}")
            if given is not AGAIN:
                return given
            taken = self._take_or_queue(*wanted)
            if taken.__class__ is not Waiter:
                return taken
            waiter = taken

    def _given(self, waiter: Waiter, *wanted: Any) -> Any:
        """Return what a waiter was given; where that is nothing it loses its place."""
        if waiter.given is None:
            with self._lock:
                if waiter.given is None:
                    self._leave(waiter, *wanted)
        return waiter.given


class BlockingConnectionPool(WaitingCallers):
    """A pool whose callers wait, first come first served, while all connections are in use.

    Args:
        max_connections: The most there may be.
        timeout: Seconds to wait; None for ever.
        connection_class: Makes the connections.
        queue_class: Holds idle connections, and so decides which is handed out first: by default the one given back
            last. It needs ``put_nowait``, ``get_nowait``, ``qsize`` and a constructor that takes the maximum; those of
            :mod:`queue` and :mod:`asyncio` will do.
        options: Those of :class:`ConnectionPool`.

    Attributes:
        pool: The idle connections.

    Raises:
        ConfigurationError: An option has a value that cannot be.
    """

    def __init__(
        self,
        max_connections: int | None = 50,
        timeout: float | None = 20,
        connection_class: type[Any] = Connection,
        queue_class: type[Any] | None = LifoQueue,
        **options: Any,
    ) -> None:
        options = hide_secrets(options)
        self.queue_class: type[Any] = queue_class or LifoQueue
        self.timeout = check_seconds("timeout", timeout)
        if options.get("max_idle_time") and self.queue_class is not LifoQueue:
            raise ConfigurationError("max_idle_time: needs the queue_class LifoQueue")
        super().__init__(connection_class=connection_class, max_connections=max_connections, **options)

    def _start_empty(self) -> None:
        super()._start_empty()
        self._waiting: deque[Waiter] = deque()
        self.pool: Any = self.queue_class(self.max_connections)
        self._is_plain = self.queue_class is LifoQueue
        if self._is_plain:
            self._available_connections = self.pool.queue

    @property
    def _connections(self) -> list[Any]:
        """All connections there are."""
        with self._lock:
            return [*self._available_connections, *self._in_use_connections]

    def can_get_connection(self) -> bool:
        """Whether a connection can be had without waiting."""
        return not self._waiting and super().can_get_connection()

    # -- checking out ----------------------------------------------------------------------------------

    async def get_connection(self, command_name: str | None = None, *keys: Any, **options: Any) -> Any:
        """Take a connection, which is then connected; it must be given back with :meth:`release`.

        Args:
            command_name, keys, options: For subclasses; of no meaning here.

        Raises:
            RedisConnectionError: None came free in time, or the server cannot be reached or refuses the connection.
            RedisTimeoutError: The server did not answer in time.
        """
        connection = self._take_or_queue()
        if connection.__class__ is Waiter:
            connection = await self._wait(connection, self.timeout)
        if not connection.is_reusable():
            await self._prepare(connection)
        return connection

    def _take_or_queue(self, *wanted: Any) -> Any:
        if self.pid != os.getpid():
            self._checkpid()
        with self._lock:
            if self._waiting or not (self._available_connections or self._created_connections < self.max_connections):
                waiter = Waiter()
                self._waiting.append(waiter)
                return waiter
            return self.get_available_connection()

    def _leave(self, waiter: Waiter, *wanted: Any) -> None:
        if waiter in self._waiting:
            self._waiting.remove(waiter)

    def _pop_idle(self) -> Any:
        if self._is_plain:
            return super()._pop_idle()
        connection = self.pool.get_nowait()
        self._available_connections.remove(connection)
        return connection

    # -- giving back -----------------------------------------------------------------------------------

    def _store(self, connection: Any) -> None:
        if self._waiting:
            self._waiting.popleft().give(connection)  # from hand to hand: nobody comes in between
            return
        super()._store(connection)
        if not self._is_plain:
            self.pool.put_nowait(connection)

    def _take_idle(self, connection: Any) -> None:
        super()._take_idle(connection)
        if not self._is_plain:
            others = [other for _ in range(self.pool.qsize()) if (other := self.pool.get_nowait()) is not connection]
            for other in others:
                self.pool.put_nowait(other)

    def reset(self) -> None:
        with self._lock:
            waiting = self._waiting
            super().reset()
        for waiter in waiting:
            waiter.give(AGAIN)
