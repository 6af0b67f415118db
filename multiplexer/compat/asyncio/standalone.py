"""redis-py's client: over connections of its own, or over the multiplexer's shared one."""

from __future__ import annotations

import asyncio
import copy
import threading
from collections.abc import Callable, Generator, Mapping
from inspect import signature
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ...errors import ConfigurationError, DataError
from ...importing import importing
from ...pools.asyncio.connection import SENTINEL
from ...pools.options import refuse_options
from ...retry import AsyncRetry, ExponentialWithJitterBackoff
from ..responses import CALL, EMPTY_RESPONSE, NEVER_DECODE, ResponseCallbacks
from .base import BaseClient
from .borrowed import MultiplexerPool
from .connection import Connection, ConnectionPool, Encoder, SSLConnection, UnixDomainSocketConnection
from .shared import SharedLane

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ssl import TLSVersion, VerifyFlags, VerifyMode

    from ...asyncio import ConnectionMultiplexer
    from .monitor import Monitor
    from .pipeline import Pipeline

__all__ = ["EMPTY_RESPONSE", "NEVER_DECODE", "Redis", "StrictRedis", "StrictValkey", "Valkey"]

#: What a client made from arguments does about a lost connection, as in redis-py; pools and URLs bring no retries.
DEFAULT_RETRY = AsyncRetry(ExponentialWithJitterBackoff(base=0.01, cap=1), 10)

_TLS_OPTIONS = (
    "ssl_keyfile",
    "ssl_certfile",
    "ssl_cert_reqs",
    "ssl_include_verify_flags",
    "ssl_exclude_verify_flags",
    "ssl_ca_certs",
    "ssl_ca_path",
    "ssl_ca_data",
    "ssl_check_hostname",
    "ssl_password",
    "ssl_min_version",
    "ssl_ciphers",
)
#: Options of TLS that a connection is only bothered with where they ask for something.
_OCSP_OPTIONS = ("ssl_validate_ocsp", "ssl_validate_ocsp_stapled", "ssl_ocsp_context", "ssl_ocsp_expected_cert")
_COMMON_OPTIONS = (
    "db",
    "username",
    "password",
    "credential_provider",
    "socket_timeout",
    "socket_read_size",
    "encoding",
    "encoding_errors",
    "decode_responses",
    "health_check_interval",
    "client_name",
    "redis_connect_func",
    "protocol",
    "legacy_responses",
)
_TCP_OPTIONS = ("host", "port", "socket_connect_timeout", "socket_keepalive", "socket_keepalive_options")
_TEXT_OPTIONS = ("db", "encoding", "encoding_errors", "decode_responses")
_LIBRARY_OPTIONS = ("lib_name", "lib_version", "driver_info")
_REFUSED_OPTIONS = (
    "cache",
    "cache_config",
    "event_dispatcher",
    "maint_notifications_config",
    "oss_cluster_maint_notifications_handler",
)


#: What describes connections, and so has nothing to say where a multiplexer does.
_SERVER_OPTIONS = frozenset(
    (
        *(name for name in _COMMON_OPTIONS if name not in (*_TEXT_OPTIONS, "legacy_responses")),
        *_TCP_OPTIONS,
        *_TLS_OPTIONS,
        *_OCSP_OPTIONS,
        *_LIBRARY_OPTIONS,
        "connection_pool_cls",
        "max_connections",
        "retry",
        "retry_on_error",
        "retry_on_timeout",
        "ssl",
        "unix_domain_socket_path",
        "unix_socket_path",
    )
)


class Redis(BaseClient):
    """A client in redis-py's form.

    On a pool each command has a connection of its own for as long as it takes. With ``multiplexer=``, or on a pool made
    with ``multiplexed=True``, commands and pipelines go over the multiplexer's shared connection instead, and only what
    cannot be shared (WATCH, MONITOR, subscriptions) takes a connection of its own.

    Every command method ends in :meth:`execute_command`, and every reply read from a connection of its own in
    :meth:`parse_response`: subclasses may override both.

    Args:
        host, port, db, username, password: The server, its database, and credentials.
        socket_timeout: Seconds a command may wait for its reply; None for ever (on the multiplexer, for its own
            time limit).
        socket_connect_timeout: Seconds for connecting.
        connection_pool: Take connections from this pool; of the arguments that describe connections none is then
            looked at.
        unix_socket_path: Connect to this Unix socket instead of ``host`` and ``port``.
        unix_domain_socket_path: The same.
        retry_on_timeout, retry_on_error: Also try again after a timeout, or these errors.
        retry: How to try again after a lost connection or a timeout. A command that is tried again may have been
            run before.
        ssl: Whether to use TLS, which the ``ssl_*`` arguments say more about.
        max_connections: The most the pool may have; None for as many as needed.
        single_connection_client: Keep to one connection.
        auto_close_connection_pool: Whether closing the client closes its pool; by default if it made it.
        connection_pool_cls: The class of the pool to make.
        multiplexer: Ride this multiplexer's shared connection. Of the arguments only those about text, and ``db``, go
            with it; ``db=0`` is then the multiplexer's default.
        multiplexed: Make a pool that has a multiplexer, and ride that.

    Attributes:
        connection_pool: Where connections come from.
        connection: The one connection of a ``single_connection_client``, else None.
        response_callbacks: What makes results of replies, by command name; see :meth:`set_response_callback`.

    Raises:
        ConfigurationError: An argument is not to be had, or has a value that cannot be; the message names it.
        DataError: Arguments contradict each other.
    """

    def __init__(
        self,
        host: str = "localhost",
        port: int | str = 6379,
        db: int = 0,
        password: str | None = None,
        socket_timeout: float | None = None,
        socket_connect_timeout: float | None = 5,
        socket_read_size: int = 65536,
        socket_keepalive: bool | None = True,
        socket_keepalive_options: Mapping[int | str, int] | None = None,
        connection_pool: Any = None,
        unix_socket_path: str | None = None,
        encoding: str = "utf-8",
        encoding_errors: str = "strict",
        decode_responses: bool = False,
        retry_on_timeout: bool = False,
        retry: AsyncRetry | None = DEFAULT_RETRY,
        retry_on_error: Iterable[type[Exception]] | None = None,
        ssl: bool = False,
        ssl_keyfile: str | None = None,
        ssl_certfile: str | None = None,
        ssl_cert_reqs: str | VerifyMode | None = "required",
        ssl_include_verify_flags: Iterable[VerifyFlags] | None = None,
        ssl_exclude_verify_flags: Iterable[VerifyFlags] | None = None,
        ssl_ca_certs: str | None = None,
        ssl_ca_path: str | None = None,
        ssl_ca_data: str | bytes | None = None,
        ssl_check_hostname: bool = True,
        ssl_password: str | None = None,
        ssl_validate_ocsp: bool = False,
        ssl_validate_ocsp_stapled: bool = False,
        ssl_ocsp_context: Any = None,
        ssl_ocsp_expected_cert: Any = None,
        ssl_min_version: TLSVersion | None = None,
        ssl_ciphers: str | None = None,
        max_connections: int | None = None,
        single_connection_client: bool = False,
        health_check_interval: float = 0,
        client_name: str | None = None,
        lib_name: str | None = SENTINEL,
        lib_version: str | None = SENTINEL,
        driver_info: Any = SENTINEL,
        username: str | None = None,
        redis_connect_func: Callable[[Any], Any] | None = None,
        credential_provider: Any = None,
        protocol: int | str | None = None,
        legacy_responses: bool = True,
        cache: Any = None,
        cache_config: Any = None,
        event_dispatcher: Any = None,
        maint_notifications_config: Any = None,
        oss_cluster_maint_notifications_handler: Any = None,
        *,
        auto_close_connection_pool: bool | None = None,
        connection_pool_cls: type[Any] | None = None,
        unix_domain_socket_path: str | None = None,
        multiplexer: ConnectionMultiplexer | None = None,
        multiplexed: bool = False,
    ) -> None:
        given = dict(locals())  # first: every argument by its name
        refuse_options({name: given[name] for name in _REFUSED_OPTIONS}, type(self).__name__)
        owned = connection_pool is None
        if multiplexer is not None and (multiplexed or not owned):
            raise DataError("'multiplexer' cannot be passed along with 'connection_pool' or 'multiplexed'")
        if multiplexer is not None:
            connection_pool = _pool_of(multiplexer, given)
        elif connection_pool is None:
            connection_pool = _make_pool(given)
        elif connection_pool_cls is not None or multiplexed:
            raise DataError("'connection_pool' cannot be passed along with 'connection_pool_cls' or 'multiplexed'")
        if not getattr(connection_pool, "connection_kwargs", given).get("legacy_responses", True):
            raise ConfigurationError("legacy_responses: results always have the form of the older protocol")
        self.connection_pool: Any = connection_pool
        self.auto_close_connection_pool = owned if auto_close_connection_pool is None else auto_close_connection_pool
        self._start(ResponseCallbacks(), single_connection_client)

    def _start(self, callbacks: ResponseCallbacks, single_connection: bool) -> None:
        """Set what clients and pipelines have in common."""
        pool = self.connection_pool
        self.response_callbacks = callbacks
        self.single_connection_client = single_connection
        self.connection: Any = None
        shared = getattr(pool, "is_multiplexed", False) and not single_connection
        self._lane: SharedLane | None = SharedLane(pool) if shared else None
        self.single_connection_lock: Any
        if True:  # ASYNC
            self.single_connection_lock = asyncio.Lock()
        else:
            self.single_connection_lock = threading.RLock()
            if single_connection:
                self.connection = pool.get_connection()

    # -- making and closing ----------------------------------------------------------------------------

    @classmethod
    def from_url(
        cls,
        url: str,
        single_connection_client: bool = False,
        auto_close_connection_pool: bool | None = None,
        **kwargs: Any,
    ) -> Self:
        """Make a client for a server given by URL.

        Args:
            url: ``redis://user:password@host:port/database?option=value``, ``rediss://…`` for TLS (also ``valkey``,
                ``valkeys``), or ``unix://user:password@/path?db=database``.
            single_connection_client: Keep to one connection.
            auto_close_connection_pool: Whether closing the client closes its pool, as it does by default.
            kwargs: Options of the pool and its connections that the URL does not name; ``connection_pool_cls`` is the
                pool's class.

        Raises:
            ConfigurationError: The URL cannot be understood; the message names the part.
        """
        pool_class = kwargs.pop("connection_pool_cls", None) or ConnectionPool
        pool = pool_class.from_url(url, **kwargs)
        client = cls(connection_pool=pool, single_connection_client=single_connection_client)
        client.auto_close_connection_pool = auto_close_connection_pool is not False
        return client

    @classmethod
    def from_pool(cls, connection_pool: Any) -> Self:
        """Make a client that owns a pool: closing it closes the pool."""
        client = cls(connection_pool=connection_pool)
        client.auto_close_connection_pool = True
        return client

    def __repr__(self) -> str:
        kind = type(self)
        return f"<{kind.__module__}.{kind.__name__}({self.connection_pool!r})>"

    if True:  # ASYNC

        def __await__(self) -> Generator[Any, None, Self]:
            return self.initialize().__await__()

    async def initialize(self) -> Self:
        """Take the one connection of a ``single_connection_client``.

        Raises:
            RedisConnectionError: The server cannot be reached.
        """
        if self.single_connection_client:
            async with self.single_connection_lock:
                if self.connection is None:
                    self.connection = await self.connection_pool.get_connection()
        return self

    async def __aenter__(self) -> Self:
        return await self.initialize()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Give back what is held, and close the pool if the client made it.

        Args:
            close_connection_pool: Whether to close the pool, over what was said when the client was made.
        """
        connection, self.connection = self.connection, None
        if connection is not None:
            await self.connection_pool.release(connection)
        if close_connection_pool or (close_connection_pool is None and self.auto_close_connection_pool):
            if True:  # ASYNC
                await getattr(self.connection_pool, "aclose", self.connection_pool.disconnect)()
            else:
                getattr(self.connection_pool, "close", self.connection_pool.disconnect)()

    if True:  # ASYNC

        async def close(self, close_connection_pool: bool | None = None) -> None:
            """What :meth:`aclose` does, under its older name."""
            await self.aclose(close_connection_pool)

    # -- settings --------------------------------------------------------------------------------------

    def get_encoder(self) -> Encoder:
        """Return what turns values into bytes and replies into text."""
        encoder: Encoder = self.connection_pool.get_encoder()
        return encoder

    def get_connection_kwargs(self) -> dict[str, Any]:
        """Return the arguments connections are made with: the pool's own, changes hold for later connections."""
        kwargs: dict[str, Any] = self.connection_pool.connection_kwargs
        return kwargs

    def get_retry(self) -> AsyncRetry | None:
        """Return how commands are tried again; None where nothing was said about it."""
        return self.get_connection_kwargs().get("retry")

    def set_retry(self, retry: AsyncRetry) -> None:
        """Set how commands are tried again, for connections there are and those to come."""
        self.get_connection_kwargs()["retry"] = retry
        self.connection_pool.set_retry(retry)

    def get_cache(self) -> None:
        """Return None: there is no client-side cache on a pool."""
        return

    # -- other objects ---------------------------------------------------------------------------------

    def client(self) -> Self:
        """Return a client on the same pool that keeps to one connection."""
        return type(self)(connection_pool=self.connection_pool, single_connection_client=True)

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        """Return a pipeline, which collects commands and sends them together.

        Args:
            transaction: Whether they run between MULTI and EXEC.
            shard_hint: For subclasses; of no meaning here.
        """
        with importing:
            from .pipeline import Pipeline

        return Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)

    def pubsub(self, **kwargs: Any) -> Any:
        """Return an object to subscribe to channels with; it takes a connection of its own."""
        with importing:
            from .pubsub import PubSub

        return PubSub(self.connection_pool, **kwargs)

    def monitor(self) -> Monitor:
        """Return what shows every command the server is sent; it takes a connection of its own."""
        with importing:
            from .monitor import Monitor

        return Monitor(self.connection_pool)

    # -- commands --------------------------------------------------------------------------------------

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command and return its result.

        Args:
            args: The command's name and its arguments.
            options: Handed to the command's response callback.

        Raises:
            DataError: An argument cannot be sent; nothing was.
            ResponseError: The server answered with an error.
            RedisConnectionError: The server cannot be reached, or the connection was lost.
            RedisTimeoutError: The reply did not arrive in time.
        """
        lane = self._lane
        if lane is not None:
            return await lane.execute(self.response_callbacks, args, options)
        if self.single_connection_client:
            return await self._execute_on_single(args, options)
        pool = self.connection_pool
        connection = await pool.get_connection(args[0] if args else None, **_without_call(options))
        try:
            return await self._execute_on(connection, args, options)
        finally:
            await pool.release(connection)

    async def _execute_on_single(self, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        await self.initialize()
        async with self.single_connection_lock:
            return await self._execute_on(self.connection, args, options)

    async def _execute_on(self, connection: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        return await connection.retry.call_with_retry(
            lambda: self._send_command_parse_response(connection, args[0], *args, **options),
            lambda error: self._close_connection(connection),
        )

    async def _send_command_parse_response(self, connection: Any, command_name: Any, *args: Any, **options: Any) -> Any:
        await connection.send_command(*args)
        return await self.parse_response(connection, command_name, **options)

    async def _close_connection(self, connection: Any) -> None:
        await connection.disconnect()


StrictRedis = Redis
#: valkey-py's names.
Valkey = StrictValkey = Redis


def _pool_of(multiplexer: ConnectionMultiplexer, given: Mapping[str, Any]) -> MultiplexerPool:
    """Make the pool's form of a multiplexer, which describes its connections itself.

    Raises:
        DataError: So does another argument.
    """
    for name, parameter in signature(Redis.__init__).parameters.items():
        if name in _SERVER_OPTIONS and given[name] is not parameter.default and given[name] != parameter.default:
            raise DataError(f"{name!r} cannot be passed along with 'multiplexer'")
    return MultiplexerPool(multiplexer, **{name: given[name] for name in _TEXT_OPTIONS})


def _without_call(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != CALL} if len(options) > 1 else {}


def _make_pool(given: Mapping[str, Any]) -> Any:
    """Make the pool that a client's arguments describe."""
    options: dict[str, Any] = {name: given[name] for name in _COMMON_OPTIONS}
    options["retry"] = copy.deepcopy(given["retry"])
    options["retry_on_error"] = [*(given["retry_on_error"] or ())]
    if given["retry_on_timeout"]:
        options["retry_on_timeout"] = True
    options.update({name: given[name] for name in _LIBRARY_OPTIONS if given[name] is not SENTINEL})
    path = given["unix_socket_path"] or given["unix_domain_socket_path"]
    if path:
        if given["ssl"]:
            raise ConfigurationError("ssl: not to be had over a Unix socket")
        options.update(path=path, connection_class=UnixDomainSocketConnection)
    else:
        options.update({name: given[name] for name in _TCP_OPTIONS})
        options["connection_class"] = Connection
    if given["ssl"]:
        options.update({name: given[name] for name in _TLS_OPTIONS})
        options.update({name: given[name] for name in _OCSP_OPTIONS if given[name]})
        options["connection_class"] = SSLConnection
    if given["multiplexed"]:
        options["multiplexed"] = True
    pool_class = given["connection_pool_cls"] or ConnectionPool
    return pool_class(max_connections=given["max_connections"], **options)
