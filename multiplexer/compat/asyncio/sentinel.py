"""Servers found through sentinels, under redis-py's names."""

from __future__ import annotations

import random
import weakref
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from ...asyncio.commands.sentinel import SentinelCommands
from ...configuration import ConfigurationOptions, EndPoint, ReadFrom
from ...configuration.hidden import hide_secrets, shown
from ...core.commands.command import Command
from ...core.results.common import text
from ...core.sentinel.directory import is_usable_primary, usable_replicas
from ...core.types import Encodable, Pending
from ...errors import (
    ConfigurationError,
    MasterNotFoundError,
    ReadOnlyError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
    SlaveNotFoundError,
)
from ...importing import importing
from ...retry import AsyncRetry, NoBackoff
from ...snapshots import snapshot
from ..machinery.forms import in_form
from ..machinery.responses import CALL
from ..machinery.shared_options import multiplexer_options
from .client import Redis
from .connection import SENTINEL, Connection, ConnectionPool, SSLConnection

if TYPE_CHECKING:
    from ...asyncio import ConnectionMultiplexer

__all__ = [
    "MasterNotFoundError",
    "ReplicaNotFoundError",
    "Sentinel",
    "SentinelConnectionPool",
    "SentinelManagedConnection",
    "SentinelManagedSSLConnection",
    "SlaveNotFoundError",
]

ReplicaNotFoundError = SlaveNotFoundError

Address = tuple[Any, int]

#: What one sentinel is asked, taken at random; everything else concerns them all.
_ONCE = frozenset(("SENTINEL CKQUORUM", "SENTINEL RESET"))
#: Seconds a sentinel may take, unless ``socket_timeout`` says otherwise.
SENTINEL_TIMEOUT = 5.0

_NOT_THERE = (RedisConnectionError, RedisTimeoutError)


class SentinelManagedConnection(Connection):
    """A connection to whichever server is the primary, or one of the replicas, at the time it connects.

    Args:
        connection_pool: The :class:`SentinelConnectionPool` it belongs to, which knows the servers.
        options: Those of :class:`~multiplexer.pools.asyncio.Connection`.
    """

    def __init__(self, connection_pool: Any = None, **options: Any) -> None:
        self.connection_pool = connection_pool
        super().__init__(**options)

    def repr_pieces(self) -> list[tuple[str, Any]]:
        pieces = dict(super().repr_pieces())
        if not self.is_connected:
            del pieces["host"], pieces["port"]  # those of another time, or none at all
        return [("service", self.connection_pool.service_name), *pieces.items()]

    async def connect_to(self, address: Address) -> None:
        """Connect to a certain server.

        Raises:
            RedisConnectionError: It cannot be reached, refuses the connection, or is not what it is taken for.
            RedisTimeoutError: It did not answer in time.
        """
        self.host, self.port = text(address[0]), int(address[1])
        await super().connect_check_health(retry_socket_connect=False)
        try:
            await self._verify()
        except BaseException:
            await self.disconnect()
            raise

    async def _verify(self) -> None:
        if self.connection_pool.check_connection:
            await self.send_command("PING", check_health=False)
            if text(await self.read_response(disable_decoding=True)) != "PONG":
                raise RedisConnectionError("PING failed")
        if self.connection_pool.is_master:
            await self._verify_role()

    async def _verify_role(self) -> None:
        """See that the server is a primary: a sentinel that was cut off names the one before."""
        await self.send_command("ROLE", check_health=False)
        try:
            role = text((await self.read_response(disable_decoding=True))[0])
        except ResponseError:
            return  # the user may not ask
        if role != "master":
            raise RedisConnectionError(f"{self._host_error()} is no primary of {self.connection_pool.service_name!r}")

    async def connect_check_health(self, check_health: bool = True, retry_socket_connect: bool = True) -> None:
        """Connect, unless it is connected, to the server the sentinels name at this time.

        Raises:
            MasterNotFoundError: No sentinel names a primary.
            SlaveNotFoundError: There is no replica, and no primary either.
            RedisConnectionError: The server cannot be reached, or refuses the connection.
            RedisTimeoutError: It did not answer in time.
        """
        if self.is_connected:
            return
        connect = self._connect_to_primary if self.connection_pool.is_master else self._connect_to_replica
        if retry_socket_connect:
            await self.retry.call_with_retry(connect, self._open_failed)
        else:
            await connect()

    async def _connect_to_primary(self) -> None:
        pool = self.connection_pool
        failed: dict[Address, Exception] = {}
        for _ in snapshot(pool.sentinel_manager.sentinels):
            address = await pool.get_master_address()
            if address not in failed:
                try:
                    await self.connect_to(address)
                    return
                except _NOT_THERE as error:
                    failed[address] = error
            # That sentinel may have been cut off, or notice late: hear what another says before giving up.
            pool.sentinel_manager.ask_another_first()
        raise next(iter(failed.values()))

    async def _connect_to_replica(self) -> None:
        async with aclosing(self.connection_pool.rotate_slaves()) as addresses:
            async for address in addresses:
                try:
                    await self.connect_to(address)
                    return
                except _NOT_THERE:
                    pass

    async def read_response(
        self,
        disable_decoding: bool = False,
        *,
        timeout: float | None = SENTINEL,
        disconnect_on_error: bool = True,
        push_request: bool = False,
    ) -> Any:
        """Read the next reply, as :meth:`~multiplexer.pools.asyncio.Connection.read_response` does.

        Raises:
            RedisConnectionError: Also where a server that was the primary has become a replica. The command was not
                applied, and the next use of the connection goes to the new primary.
        """
        try:
            return await super().read_response(
                disable_decoding, timeout=timeout, disconnect_on_error=disconnect_on_error, push_request=push_request
            )
        except ReadOnlyError as error:
            if not self.connection_pool.is_master:
                raise
            await self.disconnect()
            raised = RedisConnectionError("The previous master is now a slave")
            raised.phase = error.phase
            raise raised from error


class SentinelManagedSSLConnection(SentinelManagedConnection, SSLConnection):
    """The same over TLS."""


class SentinelConnectionPool(ConnectionPool):
    """A pool of connections to a service's primary, or to its replicas in turn.

    Once the primary is another one, idle connections to the one before are closed, and those in use when they are given
    back.

    Args:
        service_name: The service, as the sentinels call it.
        sentinel_manager: The :class:`Sentinel` to ask.
        kwargs: ``is_master`` (True by default), ``check_connection`` (whether a new connection is sent a PING), ``ssl``
            (whether to use TLS), ``multiplexed`` (whether clients send what can be shared over a multiplexer that
            follows the service), and those of :class:`~multiplexer.pools.asyncio.ConnectionPool`.

    Attributes:
        is_master: Whether it leads to the primary.
        check_connection: Whether a new connection is sent a PING.
        master_address: The primary connections were last made to, or None.
    """

    def __init__(self, service_name: str, sentinel_manager: Sentinel, **kwargs: Any) -> None:
        kwargs.setdefault(
            "connection_class",
            SentinelManagedSSLConnection if kwargs.pop("ssl", False) else SentinelManagedConnection,
        )
        self.is_master = bool(kwargs.pop("is_master", True))
        self.check_connection = bool(kwargs.pop("check_connection", False))
        self.service_name = service_name
        self.sentinel_manager = sentinel_manager
        self.master_address: Address | None = None
        self._turn = count(random.randrange(1 << 16))
        multiplexed = bool(kwargs.pop("multiplexed", False))
        # A server that is gone may leave an address behind at which nobody says so.
        kwargs.setdefault("socket_connect_timeout", kwargs.get("socket_timeout") or SENTINEL_TIMEOUT)
        super().__init__(**kwargs)
        if multiplexed:
            self._shared_options()  # raises now what cannot be
            self.is_multiplexed = True
        # Weakly: a pool nobody uses any longer shall go at once, with its connections.
        self.connection_kwargs["connection_pool"] = weakref.proxy(self)

    @shown
    def __repr__(self) -> str:
        kind = type(self)
        role = "master" if self.is_master else "slave"
        return f"<{kind.__module__}.{kind.__name__}(service={self.service_name}({role}))>"

    def reset(self) -> None:
        """Start anew with no connections, and with no primary that is known."""
        super().reset()
        self.master_address = None

    def get_available_connection(self) -> Any:
        connection = super().get_available_connection()
        connection.connection_pool = self  # strongly while it is in use: it may have to connect anew
        return connection

    def _store(self, connection: Any) -> None:
        connection.connection_pool = self.connection_kwargs["connection_pool"]
        super()._store(connection)

    def owns_connection(self, connection: Any) -> bool:
        """Whether a connection is of this process, and leads to the primary if that is what the pool is for."""
        stale = self.is_master and self.master_address != (connection.host, connection.port)
        return not stale and super().owns_connection(connection)

    async def release(self, connection: Any) -> None:
        """Give a connection back; one to a server that is the primary no longer is closed."""
        if connection.is_connected and not self.owns_connection(connection):
            await connection.disconnect()
        await super().release(connection)

    def _make_multiplexer(self) -> ConnectionMultiplexer:
        with importing:
            from ...asyncio import ConnectionMultiplexer

        return ConnectionMultiplexer(self._shared_options())

    def _shared_options(self) -> ConfigurationOptions:
        """Return the options of a multiplexer that finds the service as this pool does.

        Raises:
            ConfigurationError: A shared connection cannot do what is asked for.
        """
        kwargs = {name: value for name, value in self.connection_kwargs.items() if name != "connection_pool"}
        with_tls = issubclass(self.connection_class, SSLConnection)
        theirs = self.sentinel_manager.sentinel_kwargs
        if bool(theirs.get("ssl")) is not with_tls:
            raise ConfigurationError("multiplexed: TLS must be used for sentinels and servers both, or for neither")
        return multiplexer_options(SSLConnection if with_tls else Connection, kwargs).with_changes(
            endpoints=self.sentinel_manager.endpoints(),
            service_name=self.service_name,
            sentinel_user=theirs.get("username"),
            sentinel_password=theirs.get("password"),
            read_from=ReadFrom.PRIMARY if self.is_master else ReadFrom.PREFER_REPLICA,
        )

    def class_of_unreached(self, cause: RedisConnectionError) -> type[RedisConnectionError]:
        is_nobody = isinstance(cause, MasterNotFoundError) and not self.is_master
        return SlaveNotFoundError if is_nobody else super().class_of_unreached(cause)

    async def get_master_address(self) -> Address:
        """Ask the sentinels for the primary.

        Raises:
            MasterNotFoundError: No sentinel names one that is up.
        """
        host, port = await self.sentinel_manager.discover_master(self.service_name)
        address = (text(host), port)
        if self.is_master and self.master_address != address:
            self.master_address = address
            await self.disconnect(inuse_connections=False)
        return address

    async def rotate_slaves(self) -> AsyncGenerator[Address, None]:
        """Go through the replicas in turn, each time from the next one on, and end with the primary.

        Raises:
            SlaveNotFoundError: Whoever goes through them to the end has found none to use.
        """
        slaves = await self.sentinel_manager.discover_slaves(self.service_name)
        for _ in slaves:
            yield slaves[next(self._turn) % len(slaves)]
        try:
            yield await self.get_master_address()
        except MasterNotFoundError:
            pass
        raise SlaveNotFoundError(f"No slave found for {self.service_name!r}")

    def rotate_replicas(self) -> AsyncGenerator[Address, None]:
        """The same as :meth:`rotate_slaves`."""
        return self.rotate_slaves()


class Sentinel(SentinelCommands[Any]):
    """Finds the servers of services by asking sentinels.

    Args:
        sentinels: Host and port of each sentinel.
        min_other_sentinels: Number of other sentinels one must know for its answer to count.
        sentinel_kwargs: Arguments of the clients that talk to the sentinels, their credentials included; by default
            those of ``connection_kwargs`` that begin with ``socket_``.
        force_master_ip: Host to use instead of the one sentinels name for the primary.
        connection_kwargs: Arguments of the connections to the servers.

    Attributes:
        sentinels: A client for each sentinel, in the order they are asked; the last to have known an answer first.
    """

    def __init__(
        self,
        sentinels: Iterable[tuple[str, int]],
        min_other_sentinels: int = 0,
        sentinel_kwargs: Mapping[str, Any] | None = None,
        force_master_ip: str | None = None,
        **connection_kwargs: Any,
    ) -> None:
        connection_kwargs = hide_secrets(connection_kwargs)
        sentinel_kwargs = None if sentinel_kwargs is None else hide_secrets(sentinel_kwargs)
        if sentinel_kwargs is None:
            sentinel_kwargs = {key: value for key, value in connection_kwargs.items() if key.startswith("socket_")}
        self.sentinel_kwargs: dict[str, Any] = dict(sentinel_kwargs)
        # Where one does not answer the next is asked, which is better than to wait for it or to ask it again.
        options = {"retry": AsyncRetry(NoBackoff(), 0), "socket_timeout": SENTINEL_TIMEOUT, **self.sentinel_kwargs}
        options.setdefault("socket_connect_timeout", options["socket_timeout"])
        addresses = list(sentinels)
        self._endpoints = [EndPoint(host, int(port)) for host, port in addresses]
        self.sentinels: list[Any] = [self.make_client(host=host, port=port, **options) for host, port in addresses]
        self.min_other_sentinels = min_other_sentinels
        self.connection_kwargs: dict[str, Any] = connection_kwargs
        self._force_master_ip = force_master_ip

    @shown
    def __repr__(self) -> str:
        kind = type(self)
        addresses = ",".join(_name(sentinel) for sentinel in self.sentinels)
        return f"<{kind.__module__}.{kind.__name__}(sentinels=[{addresses}])>"

    def make_client(self, **options: Any) -> Any:
        """Return a client for a sentinel; subclasses may make it of another class.

        Args:
            options: ``host``, ``port``, and what connections to sentinels are made with.
        """
        return Redis(**options)

    def endpoints(self) -> list[EndPoint]:
        """Return the address of each sentinel."""
        return snapshot(self._endpoints)

    async def aclose(self) -> None:
        """Close the connections to the sentinels; those to servers belong to their own clients.

        What goes wrong with one keeps no other from being closed; the first error is then raised.
        """
        failure = None
        for sentinel in snapshot(self.sentinels):
            try:
                await sentinel.aclose()
            except Exception as error:
                failure = failure or error
        if failure is not None:
            raise failure

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    # -- finding servers -------------------------------------------------------------------------------

    def check_master_state(self, state: Mapping[str, Any], service_name: str) -> bool:
        """Whether a sentinel's state of a service, as ``sentinel_masters`` has it, names a primary that is up."""
        return is_usable_primary(state, self.min_other_sentinels)

    async def discover_master(self, service_name: str) -> Address:
        """Ask one sentinel after the other for a service's primary.

        Returns:
            Its host and port.

        Raises:
            MasterNotFoundError: None names one that is up; the message says what went wrong with which.
        """
        failures = []
        for sentinel in snapshot(self.sentinels):
            try:
                states = await sentinel.sentinel_masters()
            except RedisError as error:
                failures.append(f"{_name(sentinel)} - {error!r}")
                continue
            state = states.get(service_name)
            if state is not None and self.check_master_state(state, service_name):
                self._ask_first(sentinel)
                return self._force_master_ip or state["ip"], state["port"]
        details = f" : {', '.join(failures)}" if failures else ""
        raise MasterNotFoundError(f"No master found for {service_name!r}{details}")

    def _ask_first(self, sentinel: Any) -> None:
        if self.sentinels[0] is not sentinel:
            # A new list each time: another thread may go through this one.
            self.sentinels = [sentinel, *(other for other in self.sentinels if other is not sentinel)]

    def ask_another_first(self) -> None:
        """Ask the sentinel that answered last after all others from now on."""
        first, *others = self.sentinels
        self.sentinels = [*others, first]

    def filter_slaves(self, slaves: Iterable[Mapping[str, Any]]) -> list[Address]:
        """Return host and port of those replicas, as ``sentinel_slaves`` has them, that are up."""
        return usable_replicas(slaves)

    def filter_replicas(self, replicas: Iterable[Mapping[str, Any]]) -> list[Address]:
        """The same as :meth:`filter_slaves`."""
        return self.filter_slaves(replicas)

    async def discover_slaves(self, service_name: str) -> Sequence[Address]:
        """Ask one sentinel after the other for a service's replicas.

        Returns:
            Host and port of each that is up; none where no sentinel answers or knows any.
        """
        for sentinel in snapshot(self.sentinels):
            try:
                slaves = self.filter_slaves(await sentinel.sentinel_slaves(service_name))
            except RedisError:
                continue
            if slaves:
                return slaves
        return []

    async def discover_replicas(self, service_name: str) -> Sequence[Address]:
        """The same as :meth:`discover_slaves`."""
        return await self.discover_slaves(service_name)

    # -- clients ---------------------------------------------------------------------------------------

    def master_for(
        self,
        service_name: str,
        redis_class: type[Any] = Redis,
        connection_pool_class: type[Any] = SentinelConnectionPool,
        **kwargs: Any,
    ) -> Any:
        """Return a client for a service's primary, whichever server that is.

        Nothing is sent before the client is used.

        Args:
            service_name: The service.
            redis_class: Class of the client.
            connection_pool_class: Class of its pool.
            kwargs: Further arguments of the pool and its connections; they win over those of this object.
        """
        options = {**self.connection_kwargs, **kwargs, "is_master": True}
        return redis_class.from_pool(connection_pool_class(service_name, self, **options))

    def slave_for(
        self,
        service_name: str,
        redis_class: type[Any] = Redis,
        connection_pool_class: type[Any] = SentinelConnectionPool,
        **kwargs: Any,
    ) -> Any:
        """Return a client for a service's replicas, each new connection of which goes to the next one.

        While there is none the primary is used. What is read from a replica may be out of date.

        Args:
            service_name: The service.
            redis_class: Class of the client.
            connection_pool_class: Class of its pool.
            kwargs: Further arguments of the pool and its connections; they win over those of this object.
        """
        options = {**self.connection_kwargs, **kwargs, "is_master": False}
        return redis_class.from_pool(connection_pool_class(service_name, self, **options))

    def replica_for(
        self,
        service_name: str,
        redis_class: type[Any] = Redis,
        connection_pool_class: type[Any] = SentinelConnectionPool,
        **kwargs: Any,
    ) -> Any:
        """The same as :meth:`slave_for`."""
        return self.slave_for(service_name, redis_class, connection_pool_class, **kwargs)

    # -- talking to the sentinels ----------------------------------------------------------------------

    async def execute_command(
        self,
        *args: Any,
        once: bool = False,
        return_responses: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Send a command to all sentinels.

        Args:
            args: The command's words.
            once: Whether to send it to one of them only, taken at random.
            return_responses: Whether to return the replies.
            kwargs: Handed on to the clients.

        Returns:
            The replies as a list, or whether every one of them was true.

        Raises:
            RedisError: One could not be asked, or answered with an error.
        """
        return await self._ask(lambda sentinel: sentinel.execute_command(*args, **kwargs), once, return_responses)

    async def _ask(self, call: Callable[[Any], Awaitable[Any]], once: bool, return_responses: bool) -> Any:
        asked = [random.choice(self.sentinels)] if once else self.sentinels
        replies = [await call(sentinel) for sentinel in tuple(asked)]
        return replies if return_responses else all(replies)

    def _execute(
        self,
        command: Command,
        args: tuple[Encodable, ...],
        convert: Callable[[Any], Any] | None = None,
        decode: bool | None = None,
    ) -> Pending[Any]:
        args, call = in_form(command, args, convert, decode)
        options: dict[str, Any] = {CALL: call}
        result: Pending[Any] = self.execute_command(*args, once=command.name in _ONCE, **options)
        return result

    def sentinel_get_master_addr_by_name(self, service_name: str, return_responses: bool = False) -> Pending[Any]:
        """Ask one sentinel for the address of a service's primary.

        Redis command: SENTINEL GET-MASTER-ADDR-BY-NAME

        Returns:
            What it answered, in a list, or whether it knows the service.
        """
        return self._ask(lambda it: it.sentinel_get_master_addr_by_name(service_name), True, return_responses)

    def sentinel_master(self, service_name: str, return_responses: bool = False) -> Pending[Any]:
        """Ask all sentinels for the state of a service's primary.

        Redis command: SENTINEL MASTER

        Returns:
            What each answered, or whether all know the service.
        """
        return self._ask(lambda sentinel: sentinel.sentinel_master(service_name), False, return_responses)

    def sentinel_sentinels(self, service_name: str, return_responses: bool = False) -> Pending[Any]:
        """Ask all sentinels which others they know.

        Redis command: SENTINEL SENTINELS

        Returns:
            What each answered, or whether all know others.
        """
        return self._ask(lambda sentinel: sentinel.sentinel_sentinels(service_name), False, return_responses)


def _name(sentinel: Any) -> str:
    if not hasattr(sentinel, "connection_pool"):  # a class of somebody else's may go without
        return str(sentinel)
    kwargs = sentinel.connection_pool.connection_kwargs
    return f"{kwargs['host']}:{kwargs['port']}"
