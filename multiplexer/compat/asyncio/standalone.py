"""redis-py's client: over connections of its own, or over the multiplexer's shared one; and its pipeline.

A client makes pipelines, and a pipeline is a client, as in redis-py.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from inspect import isawaitable, signature
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ...configuration.hidden import hidden, hide_secrets, shown
from ...core.types import Encodable
from ...drivers.at_fork import free_in_child
from ...errors import (
    ExecAbortError,
    ReadOnlyError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
    WatchError,
)
from ...importing import importing
from ...pools.asyncio.connection import SENTINEL
from ...retry import AsyncRetry
from ..machinery.helpers import deprecated_function, warn_deprecated_arg_usage
from ..machinery.responses import (
    CALL,
    EMPTY_RESPONSE,
    NEVER_DECODE,
    ResponseCallbacks,
    family_of,
    text_of,
    with_block_time,
)
from .base import BaseClient
from .client_options import DEFAULT_RETRY, client_pool
from .connection import ConnectionPool, Encoder
from .shared_lane import SharedLane, StackEntry, StandaloneLane, annotate_exception

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ssl import TLSVersion, VerifyFlags, VerifyMode

    from ...asyncio import ConnectionMultiplexer
    from ..cache import CacheInterface
    from .monitor import Monitor
    from .scripting import Script

__all__ = ["EMPTY_RESPONSE", "NEVER_DECODE", "Pipeline", "Redis", "StrictRedis", "StrictValkey", "Valkey"]


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
        multiplexer: Ride this multiplexer's shared connection. Of the arguments only those about text and the form of
            results, and ``db``, go with it; ``db=0`` is then the multiplexer's default.
        multiplexed: Make a pool that has a multiplexer, and ride that.
        cache_config: Keep what is read until the server says that it has changed; the client then rides a multiplexer.
        cache: The same, with a :class:`~multiplexer.compat.cache.DefaultCache` that shows what is kept.
        protocol: 2 or 3, which are demanded; None for 3 where the server has it. Where 3 is named, results have RESP3's
            own forms.
        legacy_responses: Whether results have the forms they have had since there was only RESP2; otherwise they have
            those that are the same under both protocols.

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
        encoding: str = "utf-8", encoding_errors: str = "strict",
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
    ) -> None:  # fmt: skip
        password, ssl_password = hidden(password), hidden(ssl_password)
        self._set_up(dict(locals()))  # every argument by its name

    def _set_up(self, given: dict[str, Any]) -> None:
        """Set what the arguments say."""
        if given["retry_on_timeout"]:
            warn_deprecated_arg_usage(
                "retry_on_timeout", "__init__", "Timeouts are tried again by default.", "6.0.0", 4
            )
        for name in ("lib_name", "lib_version"):
            if given[name] is not SENTINEL:
                warn_deprecated_arg_usage(name, "__init__", "Use 'driver_info' instead.", stacklevel=4)
        self.connection_pool: Any = client_pool(given, signature(Redis.__init__).parameters, type(self).__name__)
        closes = given["auto_close_connection_pool"]
        self.auto_close_connection_pool = given["connection_pool"] is None if closes is None else closes
        # Pools that programs put together for their tests may say nothing.
        family = family_of(getattr(self.connection_pool, "connection_kwargs", {}))
        self._start(ResponseCallbacks(family), given["single_connection_client"])

    def _start(self, callbacks: ResponseCallbacks, single_connection: bool) -> None:
        """Set what clients and pipelines have in common."""
        pool = self.connection_pool
        self.response_callbacks = callbacks
        self.single_connection_client = single_connection
        self.connection: Any = None
        self._is_transaction = self._is_outdated = False
        # Of a pool that programs put together for their tests, every attribute may be true.
        shared = getattr(pool, "is_multiplexed", False) is True and not single_connection
        self._lane: SharedLane | None = StandaloneLane(pool) if shared else None
        if getattr(pool, "keeps_replies", False) is True:
            with importing:
                from .caching_lane import CachingLane  # only now: most clients keep nothing

            self._lane = CachingLane(pool)
            self.single_connection_client = single_connection = False  # all it sends goes over one connection anyway
        #: Keeps the commands of several callers on the only connection apart.
        self.single_connection_lock: Any
        if True:  # ASYNC
            self.single_connection_lock = asyncio.Lock()
        else:
            self.single_connection_lock = free_in_child(threading.RLock())
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
        url, kwargs = hidden(url), hide_secrets(kwargs)
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

    @shown
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

        @deprecated_function(version="5.0.1", reason="Use aclose() instead.")
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

    def get_cache(self) -> CacheInterface | None:
        """Return what shows what is kept of what was read; None without ``cache_config``."""
        cache: CacheInterface | None = getattr(self.connection_pool, "cache", None)
        return cache

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
        lane, connection = self._lane, self.connection
        if lane is not None and connection is None:
            return await lane.execute(self.response_callbacks, args, options)
        if self.single_connection_client:
            return await self._execute_on_single(args, options)
        if connection is not None:  # it was put there from outside
            return await self._execute_on(connection, args, options)
        pool = self.connection_pool
        connection = await pool.get_connection(args[0] if args else None, **_without_call(options))
        try:
            return await self._execute_on(connection, args, options)
        finally:
            await pool.release(connection)

    async def _execute_on_single(self, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        await self.initialize()
        async with self.single_connection_lock:
            connection = self.connection
            try:
                return await self._execute_on(connection, args, options)
            except ReadOnlyError:
                self._is_outdated = True
                raise
            finally:
                self._note_transaction(text_of(args[0]).partition(" ")[0])
                if self._is_outdated and not self._is_transaction:
                    # The name may lead to another server by now, and nobody gives this connection back to a pool.
                    self._is_outdated = False
                    await connection.disconnect()

    def _note_transaction(self, name: str) -> None:
        """Note whether the only connection watches keys, or is between MULTI and EXEC: another one would not."""
        if name in ("WATCH", "MULTI"):
            self._is_transaction = True
        elif name in ("EXEC", "DISCARD", "UNWATCH", "RESET"):
            self._is_transaction = False

    async def _execute_on(self, connection: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
        return await connection.retry.call_with_retry(
            lambda: self._send_command_parse_response(connection, args[0], *args, **options),
            lambda error: self._close_connection(connection),
        )

    async def _send_command_parse_response(self, connection: Any, command_name: Any, *args: Any, **options: Any) -> Any:
        if getattr(connection, "socket_timeout", None) is not None:  # programs make connections up for tests
            options = with_block_time(args, options)
        await connection.send_command(*args)
        return await self.parse_response(connection, command_name, **options)

    async def _close_connection(self, connection: Any) -> None:
        await connection.disconnect()


StrictRedis = Redis
#: valkey-py's names.
Valkey = StrictValkey = Redis


class Pipeline(Redis):
    """Collects commands; get it from :meth:`Redis.pipeline`.

    Command methods return the pipeline, :meth:`execute` the results. After :meth:`watch`, and until :meth:`multi`,
    commands are sent at once instead, over a connection of the pipeline's own.

    Attributes:
        command_stack: What was collected, each as its words and its options.
        watching: Whether keys are watched.
        explicit_transaction: Whether :meth:`multi` was called.
        scripts: The scripts that were collected calls of.
    """

    UNWATCH_COMMANDS = frozenset(("DISCARD", "EXEC", "UNWATCH"))
    _collects_commands = True

    def __init__(
        self,
        connection_pool: Any,
        response_callbacks: ResponseCallbacks,
        transaction: bool,
        shard_hint: str | None,
    ) -> None:
        self.connection_pool = connection_pool
        self.auto_close_connection_pool = False
        self._start(response_callbacks, False)
        self.transaction: Any = transaction  # a flag here, a method there, as in redis-py
        self.shard_hint = shard_hint
        self.watching = False
        self.explicit_transaction = False
        self.command_stack: list[StackEntry] = []
        self.scripts: set[Script] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.reset()

    if True:  # ASYNC

        def __await__(self) -> Generator[Any, None, Self]:
            return self._itself().__await__()

        async def _itself(self) -> Self:
            return self

    def __del__(self) -> None:
        # A pipeline that was forgotten while it watched: its connection must not be handed out as it is.
        connection = getattr(self, "connection", None)
        if connection is not None:
            connection.drop()
            if True:  # ASYNC
                forget = getattr(self.connection_pool, "_put_back", None)
                if forget is not None and connection.pid == self.connection_pool.pid:
                    forget(connection)
            else:
                self.connection_pool.release(connection)

    def __len__(self) -> int:
        return len(self.command_stack)

    def __bool__(self) -> bool:
        return True

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Forget everything collected and give back the connection."""
        await self.reset()

    async def reset(self) -> None:
        """Forget everything collected, watch nothing any longer, and give back the connection."""
        self.command_stack = []
        self.scripts = set()
        connection, self.connection = self.connection, None
        watching, self.watching = self.watching, False
        self.explicit_transaction = False
        if connection is None:
            return
        try:
            if watching and connection.is_connected:
                await connection.send_command("UNWATCH")
                await connection.read_response()
        except RedisError:
            await connection.disconnect()
        except BaseException:
            await connection.disconnect()
            raise
        finally:
            await self.connection_pool.release(connection)

    # -- collecting ------------------------------------------------------------------------------------

    def multi(self) -> None:
        """Collect from here on, after :meth:`watch`.

        Raises:
            RedisError: It was called already, or commands were collected before.
        """
        if self.explicit_transaction:
            raise RedisError("Cannot issue nested calls to MULTI")
        if self.command_stack:
            raise RedisError("Commands without an initial WATCH have already been issued")
        self.explicit_transaction = True

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Collect a command, or send it at once while keys are watched."""
        if (self.watching or args[0] == "WATCH") and not self.explicit_transaction:
            return self.immediate_execute_command(*args, **options)
        return self.pipeline_execute_command(*args, **options)

    def pipeline_execute_command(self, *args: Any, **options: Any) -> Self:
        """Collect a command."""
        self.command_stack.append((args, options))
        return self

    async def immediate_execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command at once, over the pipeline's own connection, and return its result.

        Raises:
            WatchError: The connection was lost while keys were watched.
            RedisError: The command failed.
        """
        connection = self.connection
        if connection is None:
            connection = self.connection = await self.connection_pool.get_connection(args[0])
        elif self.watching and not connection.is_connected:
            await self._give_up_watch(RedisConnectionError("the connection was closed"))
        return await connection.retry.call_with_retry(
            lambda: self._send_command_parse_response(connection, args[0], *args, **options),
            lambda error: self._disconnect_reset_raise_on_watching(connection, error),
        )

    async def _disconnect_reset_raise_on_watching(self, connection: Any, error: Exception) -> None:
        await connection.disconnect()
        if self.watching:
            await self._give_up_watch(error)

    async def _give_up_watch(self, error: Exception) -> None:
        await self.reset()
        raise _watch_broken(error) from error

    async def parse_response(self, connection: Any, command_name: str | bytes, **options: Any) -> Any:
        """Read a reply, as :meth:`Redis.parse_response` does, and note whether keys are watched now."""
        result = await super().parse_response(connection, command_name, **options)
        if command_name in self.UNWATCH_COMMANDS:
            self.watching = False
        elif command_name == "WATCH":
            self.watching = True
        return result

    async def watch(self, *names: Encodable) -> bool:
        """Watch keys: the transaction to come is not run where one of them was changed.

        Redis command: WATCH

        Raises:
            RedisError: :meth:`multi` was called already.
        """
        if self.explicit_transaction:
            raise RedisError("Cannot issue a WATCH after a MULTI")
        return bool(await self.execute_command("WATCH", *names))

    async def unwatch(self) -> bool:
        """Watch nothing any longer.

        Redis command: UNWATCH
        """
        return bool(await self.immediate_execute_command("UNWATCH")) if self.watching else True

    async def discard(self) -> None:
        """Collect a DISCARD, after which the server runs nothing."""
        self.execute_command("DISCARD")

    # -- running ---------------------------------------------------------------------------------------

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        """Send everything collected and return the results, in the order of the calls.

        Args:
            raise_on_error: Whether the first error is raised; otherwise errors stand in the place of their results.

        Raises:
            WatchError: A watched key was changed, or the connection was lost meanwhile; nothing was run.
            ExecAbortError: The server refused to run the transaction.
            RedisError: A command failed, or could not be sent.
        """
        stack = self.command_stack
        if not stack and not self.watching:
            return []
        try:
            if self.scripts:
                await self.load_scripts()
            transaction = self.transaction or self.explicit_transaction
            if self._lane is not None and self.connection is None:
                return await self._execute_shared(stack, transaction, raise_on_error)
            return await self._execute_on_own(stack, transaction, raise_on_error)
        finally:
            await self.reset()

    async def _execute_on_own(self, stack: list[StackEntry], transaction: bool, raise_on_error: bool) -> list[Any]:
        run = self._execute_transaction if transaction else self._execute_pipeline
        connection = self.connection
        if connection is None:
            connection = self.connection = await self.connection_pool.get_connection("MULTI")
        elif self.watching and not connection.is_connected:
            raise _watch_broken(RedisConnectionError("the connection was closed"))
        results: list[Any] = await connection.retry.call_with_retry(
            lambda: run(connection, stack),
            lambda error: self._disconnect_raise_on_watching(connection, error),
        )
        if raise_on_error:  # only now: what was run must not be tried again for an error among its results
            self.raise_first_error(stack, results)
        return results

    async def _disconnect_raise_on_watching(self, connection: Any, error: Exception) -> None:
        await connection.disconnect()
        if self.watching:
            raise _watch_broken(error) from error

    async def _execute_shared(self, stack: list[StackEntry], transaction: bool, raise_on_error: bool) -> list[Any]:
        lane = self._lane
        assert lane is not None
        results = await lane.execute_stack(self.response_callbacks, stack, transaction, self.annotate_exception)
        if raise_on_error:
            self.raise_first_error(stack, results)
        return results

    async def _execute_transaction(self, connection: Any, commands: Sequence[StackEntry]) -> list[Any]:
        sent = [entry for entry in commands if EMPTY_RESPONSE not in entry[1]]
        packed = connection.pack_commands([("MULTI",), *(args for args, _ in sent), ("EXEC",)])
        await connection.send_packed_command(packed)
        refused: list[tuple[int, Exception]] = []
        try:
            await connection.read_response(disable_decoding=True)
        except ResponseError as error:
            refused.append((0, error))
        for number, (args, options) in enumerate(commands):
            if EMPTY_RESPONSE in options:
                refused.append((number, options[EMPTY_RESPONSE]))
                continue
            try:
                await connection.read_response(disable_decoding=True)
            except ResponseError as error:
                self.annotate_exception(error, number + 1, args)
                refused.append((number, error))
        try:
            replies = await connection.read_response(disable_decoding=True)
        except ExecAbortError as error:
            raise (refused[0][1] if refused else error) from None
        finally:
            self.watching = False
        if replies is None:
            raise WatchError("Watched variable changed.")
        for number, refusal in refused:
            replies.insert(number, refusal)
        if len(replies) != len(commands):
            await connection.disconnect()
            raise ResponseError("Wrong number of response items from pipeline execution")
        return await self._results(connection, commands, replies)

    async def _results(self, connection: Any, commands: Sequence[StackEntry], replies: list[Any]) -> list[Any]:
        """Turn the replies of a transaction into results, errors in the place of theirs."""
        results = []
        for (args, options), reply in zip(commands, replies, strict=True):
            if not isinstance(reply, Exception) and EMPTY_RESPONSE not in options:
                try:
                    reply = self._result(connection, args, options, reply)
                    if True:  # ASYNC
                        if isawaitable(reply):
                            reply = await reply
                except Exception as error:  # it cannot be decoded, say: the others are results all the same
                    reply = error
            results.append(reply)
        return results

    def _result(self, connection: Any, args: tuple[Any, ...], options: dict[str, Any], reply: Any) -> Any:
        options = dict(options)
        call = options.pop(CALL, None)
        never = options.pop(NEVER_DECODE, False) is not False
        decode = False if never else None if call is None else call[2]
        encoder = connection.encoder
        if encoder.decode_responses if decode is None else decode:
            reply = encoder.decode(reply, force=True)
        convert = self.response_callbacks.converter(args[0], call, options)
        return reply if convert is None else convert(reply)

    async def _execute_pipeline(self, connection: Any, commands: Sequence[StackEntry]) -> list[Any]:
        await connection.send_packed_command(connection.pack_commands([args for args, _ in commands]))
        results: list[Any] = []
        for args, options in commands:
            if getattr(connection, "socket_timeout", None) is not None:  # programs make connections up for tests
                options = with_block_time(args, options)
            try:
                results.append(await self.parse_response(connection, args[0], **options))
            except ResponseError as error:
                results.append(error)
            except Exception as error:
                if isinstance(error, RedisError) or not connection.is_connected:
                    raise
                results.append(error)  # it cannot be decoded, say: the replies behind it are there to be read
        return results

    def raise_first_error(self, commands: Sequence[StackEntry], response: Sequence[Any]) -> None:
        """Raise the first error among replies, of whatever class; one of the server's says which command it is of."""
        for number, reply in enumerate(response):
            if isinstance(reply, ResponseError):
                self.annotate_exception(reply, number + 1, commands[number][0])
            if isinstance(reply, Exception):
                raise reply

    def annotate_exception(self, exception: Exception, number: int, command: Sequence[Any]) -> None:
        """Have an error say which of a pipeline's commands it is of.

        Args:
            exception: The error.
            number: The command's place, from 1.
            command: Its words.
        """
        annotate_exception(exception, number, command)

    async def load_scripts(self) -> None:
        """Have the server know the scripts that were collected calls of.

        Redis commands: SCRIPT EXISTS, SCRIPT LOAD
        """
        scripts = list(self.scripts)
        digests = [script.sha for script in scripts]
        if not all(known := await self._at_once("SCRIPT EXISTS", *digests)):
            for script, is_known in zip(scripts, known, strict=True):
                if not is_known:
                    script.sha = await self._at_once("SCRIPT LOAD", script.script)

    async def _at_once(self, *args: Any) -> Any:
        if self._lane is not None and self.connection is None:
            return await self._lane.execute(self.response_callbacks, args, {})
        return await self.immediate_execute_command(*args)


def _without_call(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != CALL} if len(options) > 1 else {}


def _watch_broken(error: Exception) -> WatchError:
    name = type(error).__name__
    if isinstance(error, RedisConnectionError | RedisTimeoutError):
        name = name.removeprefix("Redis")
    return WatchError(f"A {name} occurred while watching one or more keys")
