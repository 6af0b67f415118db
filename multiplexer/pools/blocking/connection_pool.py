# Generated from multiplexer/pools/asyncio/connection_pool.py by scripts/generate_blocking.py; change that file instead.
"""Connections kept for those who need one of their own for a while."""

from __future__ import annotations

import os
import threading
import weakref
from time import monotonic
from types import TracebackType
from typing import Any, Self

from ...configuration.hidden import hidden, hide_secrets, shown
from ...core.logging import logger
from ...drivers.at_fork import after_fork_in_child
from ...drivers.threads.background import Repeater
from ...errors import ConfigurationError, MaxConnectionsError, RedisConnectionError
from ...retry import Retry
from ..encoder import Encoder
from ..options import check_seconds
from .credentials import follow
from .transports import Connection, parse_url

_POOLS: weakref.WeakSet[ConnectionPool] = weakref.WeakSet()


class ConnectionPool:
    """A pool that refuses when all its connections are in use.

    The connection given back last is handed out first. One that anything is still to be read from is never handed out:
    it is closed and connects anew. After a fork the child's pool starts empty, and the parent's connections
    are left alone.

    Args:
        connection_class: Makes the connections.
        max_connections: The most there may be; None for as many as needed.
        max_idle_time: Seconds after which an unused connection is closed, the one unused longest first; None for
            never.
        idle_check_interval: Seconds between looking for such connections.
        connection_kwargs: Arguments of the connection class. The attribute of this name may be changed; it holds for
            connections made later.

    Attributes:
        pid: The process the connections belong to.

    Raises:
        ConfigurationError: An option has a value that cannot be.
    """

    encoder_class: type[Encoder] = Encoder

    def __init__(
        self,
        connection_class: type[Any] = Connection,
        max_connections: int | None = None,
        max_idle_time: float | None = None,
        idle_check_interval: float = 1,
        **connection_kwargs: Any,
    ) -> None:
        connection_kwargs = hide_secrets(connection_kwargs)
        maximum = 2**31 if max_connections in (None, 0) else max_connections
        if isinstance(maximum, bool) or not isinstance(maximum, int) or maximum < 0:
            raise ConfigurationError('"max_connections" must be a positive integer')
        if not check_seconds("idle_check_interval", idle_check_interval):
            raise ConfigurationError("idle_check_interval: expected a number of seconds above 0")
        self.connection_class = connection_class
        self.connection_kwargs: dict[str, Any] = connection_kwargs
        self.max_connections: int = maximum
        self.max_idle_time = check_seconds("max_idle_time", max_idle_time) or None
        self.idle_check_interval = idle_check_interval
        self._reaper: Repeater | None = None
        # A lock of threads in both worlds: nothing is awaited under it, and finalizers may come in between.
        self._lock = threading.RLock()
        self._start_empty()
        _POOLS.add(self)

    def _start_empty(self) -> None:
        self._available_connections: list[Any] = []
        self._in_use_connections: set[Any] = set()
        self._created_connections = 0
        self._closing: list[Any] = []
        self.pid = os.getpid()

    @classmethod
    def from_url(cls, url: str, **kwargs: Any) -> Self:
        """Make a pool for a server given by URL.

        Args:
            url: ``redis://user:password@host:port/database?option=value``, ``rediss://…`` for TLS, or
                ``unix://user:password@/path?db=database``.
            kwargs: Options that the URL does not name; of ``connection_class`` the one given here holds.

        Raises:
            ConfigurationError: The URL cannot be understood; the message names the part.
        """
        url, kwargs = hidden(url), hide_secrets(kwargs)
        options = {**kwargs, **parse_url(url)}
        if "connection_class" in kwargs:
            options["connection_class"] = kwargs["connection_class"]
        return cls(**options)

    @shown
    def __repr__(self) -> str:
        with self._lock:
            idle, used = len(self._available_connections), len(self._in_use_connections)
        address = self.connection_kwargs.get("path") or ":".join(
            str(self.connection_kwargs[name]) for name in ("host", "port") if name in self.connection_kwargs
        )
        kind = type(self)
        name = self.connection_class.__name__
        return f"<{kind.__module__}.{kind.__name__}({name}({address}), {idle} idle, {used} in use)>"

    @property
    def created_connections(self) -> int:
        """How many connections there are: idle ones, those in use, and those whose sockets are just being closed."""
        with self._lock:
            return self._created_connections + len(self._closing)

    def get_encoder(self) -> Encoder:
        """Return an encoder with the settings of this pool's connections."""
        kwargs = self.connection_kwargs
        return self.encoder_class(
            kwargs.get("encoding", "utf-8"),
            kwargs.get("encoding_errors", "strict"),
            kwargs.get("decode_responses", False),
        )

    def get_protocol(self) -> Any:
        """Return the protocol asked for, None for 3 where the server has it."""
        return self.connection_kwargs.get("protocol")

    # -- checking out ----------------------------------------------------------------------------------

    def get_connection(self, command_name: str | None = None, *keys: Any, **options: Any) -> Any:
        """Take a connection, which is then connected; it must be given back with :meth:`release`.

        Args:
            command_name, keys, options: For subclasses; of no meaning here.

        Raises:
            MaxConnectionsError: All are in use.
            RedisConnectionError: The server cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        connection = self.get_available_connection()
        if not connection.is_reusable():
            self._prepare(connection)
        return connection

    def _prepare(self, connection: Any) -> None:
        """Connect a connection that was just taken; give it back where that fails."""
        try:
            self.ensure_connection(connection)
        except BaseException:
            self.release(connection)
            raise

    def ensure_connection(self, connection: Any) -> None:
        """Bring about that a connection is connected and nothing is left to be read from it.

        Raises:
            RedisConnectionError: The server cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        if not connection.is_reusable():
            connection.disconnect()
            connection.connect()

    def get_available_connection(self) -> Any:
        """Take a connection as it is, connected or not.

        Raises:
            MaxConnectionsError: All are in use.
        """
        if self.pid != os.getpid():
            self._checkpid()
        with self._lock:
            connection = self._pop_idle() if self._available_connections else self.make_connection()
            self._in_use_connections.add(connection)
        return connection

    def _pop_idle(self) -> Any:
        """Remove and return the idle connection that is next; to be called under the lock, where there is one."""
        return self._available_connections.pop()

    def can_get_connection(self) -> bool:
        """Whether a connection can be had at once."""
        return bool(self._available_connections) or self._created_connections < self.max_connections

    def make_connection(self) -> Any:
        """Make one more connection.

        Raises:
            MaxConnectionsError: There are as many as there may be.
        """
        with self._lock:
            if self._created_connections >= self.max_connections:
                raise MaxConnectionsError(f"Too many connections: {self._all_in_use()}")
            connection = self.connection_class(**self.connection_kwargs)
            self._created_connections += 1
        provider = self.connection_kwargs.get("credential_provider")
        if provider is not None:
            follow(provider, self)
        return connection

    def _all_in_use(self, *wanted: Any) -> str:
        """Return why there is no connection to be had."""
        return f"all {self.max_connections} are in use{self._by_whom()}"


    def _by_whom(self) -> str:
        """Return nothing: any thread may give a connection back."""
        return ""

    def owns_connection(self, connection: Any) -> bool:
        """Whether a connection is of this process, as the pool is."""
        return bool(connection.pid == self.pid)

    # -- giving back -----------------------------------------------------------------------------------

    def release(self, connection: Any) -> None:
        """Give a connection back.

        One that still owes a reply is closed. So is one that was taken before :meth:`reset` or before a fork.

        Raises:
            RedisConnectionError: It was released already, or is another pool's. The pool is as it was.
        """
        if self.pid != os.getpid():
            self._checkpid()
        if connection not in self._in_use_connections:
            self._release_foreign(connection)
            return
        if connection.is_connected and (connection._unanswered != 0 or connection._re_auth_token is not None):
            self._clean(connection)
        if self.max_idle_time is not None and connection.is_connected:
            self._start_reaping()
        self._put_back(connection)

    def _release_foreign(self, connection: Any) -> None:
        if connection._disowned or connection.pid != self.pid:
            connection._disowned = False
            connection.disconnect()
        elif connection in self._available_connections:
            raise RedisConnectionError(f"{connection!r} was released already")
        else:
            raise RedisConnectionError(f"{connection!r} does not belong to this pool")

    def _clean(self, connection: Any) -> None:
        """Leave nothing of the last holder's on a connection."""
        try:
            if connection._unanswered != 0:
                connection.disconnect()
            elif connection._re_auth_token is not None:
                connection.re_auth()
        except Exception:
            connection.disconnect()

    def _put_back(self, connection: Any) -> None:
        with self._lock:
            if connection in self._in_use_connections:
                self._store(connection)
                return
        connection.drop()  # another thread released it too, or the pool was reset meanwhile

    def _store(self, connection: Any) -> None:
        """Make a connection idle; to be called under the lock."""
        connection.idle_since = monotonic()
        self._in_use_connections.remove(connection)
        self._available_connections.append(connection)

    # -- idle connections ------------------------------------------------------------------------------

    def _start_reaping(self) -> None:
        with self._lock:  # of several threads one starts it
            if self._reaper is None:
                try:
                    self._reaper = Repeater(self.idle_check_interval, self._reap)
                except RuntimeError as error:  # no thread to be had: the next one that is given back tries again
                    logger().error("idle connections are not closed: %s", error)

    def _reap(self) -> bool:
        """Close what was idle for too long; return whether there is anything left to watch."""
        now = monotonic()
        with self._lock:
            expired = self._take_expired(now - (self.max_idle_time or 0))
            self._created_connections -= len(expired)  # others may be made in their place at once
            closing = self._closing  # that of a pool started afresh meanwhile is another
            closing.extend(expired)
            going_on = bool(self._available_connections) or bool(self._in_use_connections)
            if not going_on:
                self._reaper = None
        for connection in expired:
            try:
                connection.disconnect()
            except Exception:  # of a subclass: the others are to be closed all the same, and those of later rounds
                logger().exception("an idle connection could not be closed")
            finally:
                closing.remove(connection)
        return going_on

    def _take_expired(self, before: float) -> list[Any]:
        """Remove and return the connections unused since before a time, longest idle first."""
        idle = self._available_connections  # in the order they were given back
        count = next((at for at, connection in enumerate(idle) if connection.idle_since > before), len(idle))
        expired = idle[:count]
        del idle[:count]
        return expired

    # -- all at once -----------------------------------------------------------------------------------

    def reset(self) -> None:
        """Start anew with no connections: idle ones are closed, those in use once they are given back."""
        with self._lock:
            idle, used = self._available_connections, self._in_use_connections
            self._start_empty()
            for connection in used:
                connection._disowned = True
            reaper, self._reaper = self._reaper, None
        if reaper is not None:
            reaper.stop()
        for connection in idle:
            connection.drop()

    def disconnect(self, inuse_connections: bool = True) -> None:
        """Close the connections; they connect again when next used.

        Args:
            inuse_connections: Whether to close those in use too. Who uses one gets a RedisConnectionError.
        """
        self._checkpid()
        with self._lock:
            connections = [*self._available_connections, *(self._in_use_connections if inuse_connections else ())]
        errors = []
        for connection in connections:
            try:
                connection.disconnect()
            except Exception as error:  # of a subclass: the others are to be closed all the same
                errors.append(error)
        if errors:
            raise errors[0]

    def close(self) -> None:
        """Close all connections, those in use too; the pool can be used again."""
        reaper, self._reaper = self._reaper, None
        if reaper is not None:
            reaper.stop()
        self.disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _checkpid(self) -> None:
        """Start empty where the process is a child of the one the connections belong to."""
        if self.pid != os.getpid():
            self._forget()

    def _forget(self) -> None:
        """Give up connections that are the parent process's, without touching them."""
        connections = [*self._available_connections, *self._in_use_connections]
        self._reaper = None  # its thread stayed in the parent
        self._lock = threading.RLock()  # another thread of the parent's may have held the old one
        self._start_empty()
        for connection in connections:
            connection._disowned = True
            connection.abandon()

    # -- settings of connections -----------------------------------------------------------------------

    def set_retry(self, retry: Retry) -> None:
        """Have all connections, those to be made too, try again as ``retry`` says."""
        self.connection_kwargs["retry"] = retry
        with self._lock:
            connections = [*self._available_connections, *self._in_use_connections]
        for connection in connections:
            connection.retry = retry

    def re_auth_callback(self, token: Any) -> None:
        """Authenticate again with a new token: idle connections at once, those in use when they are given back.

        Args:
            token: An object whose ``try_get("oid")`` is the user and ``get_value()`` the password.

        Raises:
            RedisError: The server refuses it. The connection is closed, the others authenticate all the same.
        """
        with self._lock:
            for connection in (*self._available_connections, *self._in_use_connections):
                connection.set_re_auth_token(token)
        errors = []
        while (connection := self._take_one_to_re_auth()) is not None:
            try:
                connection.re_auth()
            except Exception as error:
                connection.set_re_auth_token(None)
                connection.disconnect()
                errors.append(error)
            finally:
                self.release(connection)
        if errors:
            raise errors[0]

    def _take_one_to_re_auth(self) -> Any:
        with self._lock:
            for connection in self._available_connections:
                if connection._re_auth_token is not None and connection.is_connected:
                    self._take_idle(connection)
                    return connection
        return None

    def _take_idle(self, connection: Any) -> None:
        """Take one certain idle connection; to be called under the lock."""
        self._available_connections.remove(connection)
        self._in_use_connections.add(connection)

    def get_connection_count(self) -> list[tuple[int, dict[str, str]]]:
        """Return how many connections are idle and how many in use, each with what says so."""
        with self._lock:
            idle, used = len(self._available_connections), len(self._in_use_connections)
        state = "db.client.connection.state"
        return [(idle, {state: "idle"}), (used, {state: "used"})]


def _forget_all() -> None:
    for pool in list(_POOLS):
        pool._forget()


after_fork_in_child(_forget_all)
