"""Connections that one caller has to itself for a while.

What would hold up everybody on a shared connection goes here by itself: commands that block, WATCH, MONITOR, large
values. The connections come from the classic pools, one pool per server and database, and are made as the shared
ones are: same sockets, same TLS, same introduction.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..core import diagnosis
from ..core.command import Command
from ..core.guard import NeedsLease
from ..core.handshake import handshake
from ..core.message import MESSAGE_SLOTS, CallOptions, Message, Payload, size_of
from ..core.resp import decode, pack
from ..drivers.eventloop import Bridge, Driver
from ..errors import (
    AuthenticationError,
    AuthorizationError,
    MultiplexerClosedError,
    NoPermissionError,
    RedisError,
    RedisTimeoutError,
)
from ..pools.asyncio import AbstractConnection, BlockingConnectionPool
from ..pools.encoder import PackedCommands

if TYPE_CHECKING:
    import socket
    import ssl

    from ..configuration import EndPoint
    from ..core.coordinator import Coordinator
    from ..core.server_selection_strategy import ServerSelectionStrategy

#: Seconds after which a connection nobody borrows is closed, and between looks at that.
IDLE_TIME = 60.0
IDLE_CHECK_INTERVAL = 20.0

#: What another attempt would not mend.
_FINAL = (AuthenticationError, AuthorizationError, NoPermissionError)

_INFINITY = float("inf")


class LeasedConnection(AbstractConnection):
    """A connection made as the multiplexer's shared ones are, in the form the pools want.

    Args:
        leases: Whose it is.
        bridge: The shared connection to the same server.
        database: Index of the database it works on.
    """

    def __init__(self, leases: Leases, bridge: Bridge, database: int) -> None:
        super().__init__(db=database)
        self._leases = leases
        self._bridge = bridge
        #: When the borrower gives up waiting for it to be connected.
        self.wanted_by = _INFINITY

    def _host_error(self) -> str:
        return str(self._bridge.endpoint)

    async def _connect(self) -> socket.socket:
        options = self._leases.driver.options
        self._connect_deadline = min(monotonic() + options.connect_timeout, self.wanted_by)
        sock = await self._leases.driver.open_socket(self._bridge.endpoint, self._connect_deadline)
        with self._leases.driver.lock:
            self._bridge.lease_counters.socket_count += 1
        return sock

    def _tls(self) -> tuple[ssl.SSLContext, str | None] | None:
        context = self._leases.driver.ssl_context()
        if context is None:
            return None
        return context, self._leases.driver.options.server_hostname(self._bridge.endpoint)

    async def on_connect(self) -> None:
        introduction = self._leases.coordinator.introduction(self._bridge)._replace(database=self.db, learn=False)
        facts = await self._converse(handshake(await self._leases.driver.introduced(introduction)))
        self.client_id = facts.client_id
        self._protocol = facts.protocol

    async def ask(self, payload: Payload, wanted: int, deadline: float) -> list[Any]:
        """Send something packed and return its raw replies; error replies stand among them.

        Raises:
            RedisConnectionError: The connection was lost.
            RedisTimeoutError: The replies did not arrive before the deadline.
        """
        chunks = (payload,) if isinstance(payload, bytes) else payload
        await self._send(PackedCommands(chunks, wanted), deadline)
        return [await self._answer(deadline) for _ in range(wanted)]

    async def push(self, deadline: float) -> Any:
        """Return what arrives next, out-of-band messages included.

        Raises:
            RedisConnectionError: The connection was lost.
        """
        self._unanswered = None  # nobody can tell what else is to come: it will be closed, not used again
        return await self._read(deadline, True)


class LeasePool(BlockingConnectionPool):
    """The connections to one server and database."""

    async def borrow(self, deadline: float) -> LeasedConnection:
        """Take a connection, connected.

        Raises:
            RedisConnectionError: All are in use, or the server cannot be reached.
            RedisTimeoutError: It did not answer in time.
        """
        connection = self._take_or_queue()
        if not isinstance(connection, LeasedConnection):
            connection = await self._wait(connection, deadline - monotonic())
        taken: LeasedConnection = connection
        taken.wanted_by = deadline
        if not taken.is_reusable():
            await self._prepare(taken)
        return taken


class LeasedCall(Message):
    """One command on its way over a connection of its own."""

    __slots__ = ("timeout", *MESSAGE_SLOTS)

    def __init__(self, command: Command, payload: Payload, options: CallOptions, timeout: float) -> None:
        self.command = command
        self.payload = payload
        self.options = options
        self.convert = None
        self.timeout = timeout
        self.deadline = monotonic() + timeout
        self.phase = 1
        self.attempts = 0
        self.sent_at = 0.0


class Lease:
    """A borrowed connection.

    Attributes:
        bridge: The shared connection to the same server.
        connection: The connection, for its borrower alone.
    """

    __slots__ = ("_leases", "_pool", "bridge", "connection")

    def __init__(self, leases: Leases, pool: LeasePool, bridge: Bridge, connection: LeasedConnection) -> None:
        self._leases = leases
        self._pool = pool
        self.bridge = bridge
        self.connection = connection

    async def ask(self, call: LeasedCall, wanted: int = 1, block_time: float = 0.0) -> list[Any]:
        """Send a call and return its raw replies; error replies stand among them.

        Args:
            call: What to send; its time starts anew.
            wanted: How many replies there will be.
            block_time: Seconds the server may hold them back.

        Raises:
            MultiplexerClosedError: The multiplexer was closed meanwhile.
            RedisConnectionError: The connection was lost.
            RedisTimeoutError: The replies did not arrive in time.
        """
        call.sent_at = began = monotonic()
        self._began(call, wanted)
        failed = wanted
        try:
            replies = await self.connection.ask(call.payload, wanted, began + call.timeout + block_time)
            failed = 0
            return replies
        except RedisError as error:
            raise self._lost(error, call) from error.__cause__
        finally:
            self._ended(monotonic() - began, wanted, failed)

    def _began(self, call: LeasedCall, wanted: int) -> None:
        counters = self.bridge.lease_counters
        with self._leases.driver.lock:
            counters.operation_count += wanted
            counters.sent_items_awaiting_response += wanted
            counters.bytes_sent += size_of(call.payload)

    def _ended(self, seconds: float, wanted: int, failed: int) -> None:
        counters = self.bridge.lease_counters
        with self._leases.driver.lock:
            counters.sent_items_awaiting_response -= wanted
            counters.failed += failed
            counters.latency.add(seconds, wanted)

    def _lost(self, error: RedisError, call: LeasedCall) -> RedisError:
        self._leases.driver.look_at(self.bridge)
        where = f"{call.command.name} to {self.bridge.endpoint}"
        text = f"{where} was sent on a connection of its own and may have been applied"
        if self._leases.closed:
            lost: RedisError = MultiplexerClosedError(f"{text}: the multiplexer was closed")
        elif isinstance(error, RedisTimeoutError):
            lost = RedisTimeoutError(f"{text}: no reply within {call.timeout:.3g} s beyond the time it may block")
        else:
            lost = type(error)(f"{text}: the connection was lost{diagnosis.because(error)}")
        return diagnosis.describe(lost, call, self.bridge, "written")

    async def give_back(self) -> None:
        """End the lease; the connection goes to the next borrower unless it owes a reply."""
        await self._pool.release(self.connection)

    async def close(self) -> None:
        """End the lease and the connection."""
        await self.connection.disconnect()
        await self.give_back()


class Leases:
    """All leased connections of one multiplexer.

    Attributes:
        driver: The multiplexer's.
        coordinator: Says how connections introduce themselves.
        closed: Whether the multiplexer was closed.
    """

    def __init__(self, driver: Driver, coordinator: Coordinator[Bridge]) -> None:
        self.driver = driver
        self.coordinator = coordinator
        self.closed = False
        self._pools: dict[tuple[EndPoint, int], LeasePool] = {}
        #: Calls that do not block, and are let end when the multiplexer is closed.
        self._brief: set[LeasedCall] = set()

    async def call(
        self,
        strategy: ServerSelectionStrategy[Bridge],
        command: Command,
        options: CallOptions,
        need: NeedsLease,
        convert: Callable[[Any], Any] | None,
    ) -> Any:
        """Send one command over a connection of its own and return its result.

        Args:
            strategy: Chooses the server.
            command: Entry of the command table.
            options: The handle's.
            need: The words, and for how long the server may hold back the reply.
            convert: Turns the raw reply into the result.

        Raises:
            RedisError: It was refused, lost, or its deadline passed.
        """
        timeout = options.timeout or self.driver.timeout
        call = LeasedCall(command, pack(need.words), options, timeout)
        if not need.block_time:
            self._brief.add(call)
        try:
            reply = await self._answered(strategy, call, need.block_time)
        finally:
            self._brief.discard(call)
            if self.closed:
                self.driver.notify()
        if options.decode:
            reply = decode(reply)
        return reply if convert is None else convert(reply)

    async def _answered(self, strategy: ServerSelectionStrategy[Bridge], call: LeasedCall, block_time: float) -> Any:
        while True:
            lease = await self.borrow(strategy, call)
            try:
                [reply] = await lease.ask(call, 1, block_time)
            finally:
                await lease.give_back()
            if not isinstance(reply, RedisError):
                return reply
            await self._after_refusal(lease.bridge, call, reply)

    async def _after_refusal(self, bridge: Bridge, call: LeasedCall, error: RedisError) -> None:
        """Wait where the command may be sent again; else raise the error."""
        if bridge.needs_role_check(error):
            bridge.listener.refused(bridge, error)
        delay = bridge.retry_delay(call, error, monotonic())
        if delay is None:
            raise diagnosis.describe(error, call, bridge, "answered")
        call.attempts += 1
        with self.driver.lock:
            bridge.lease_counters.retried += 1
        await self.driver.pause(delay)

    async def borrow(self, strategy: ServerSelectionStrategy[Bridge], call: LeasedCall) -> Lease:
        """Borrow a connection to the server a call belongs to; the lease must be ended.

        While the server is away the call waits, as any other would in the backlog.

        Raises:
            MultiplexerClosedError: The multiplexer is closed.
            RedisConnectionError: There is no connection to be had.
            RedisTimeoutError: There was none before the call's deadline.
        """
        while True:
            bridge = strategy.only or strategy.select(call.command, call.options)
            await self._until_connected(bridge, call)
            pool = self._pool(bridge, call.options.database)
            try:
                connection = await pool.borrow(call.deadline)
            except RedisError as error:
                await self._after_failure(bridge, call, error)
                continue
            return Lease(self, pool, bridge, connection)

    async def _until_connected(self, bridge: Bridge, call: LeasedCall) -> None:
        """Wait for the server: where the shared connection comes up, others do."""
        if bridge.connection is None and bridge.accepting and not self.closed:
            bridge.connector.start()
            await self.driver.wait_for(
                lambda: bridge.connection is not None or not bridge.accepting or self.closed,
                max(call.deadline - monotonic(), 0),
            )
        if self.closed or not bridge.accepting:
            raise bridge.rejection(call)
        if bridge.connection is None:
            raise bridge.timeout_error(call, monotonic(), call.timeout)

    async def _after_failure(self, bridge: Bridge, call: LeasedCall, error: RedisError) -> None:
        """Wait before another attempt to connect; raise where there is none."""
        if self.closed:
            raise bridge.rejection(call) from error
        self.driver.look_at(bridge)  # the shared connection may be as broken, and not know yet
        call.attempts += 1
        delay = float(self.driver.options.reconnect_backoff.compute(call.attempts))
        what = f"{call.command.name} was not sent: it had no connection of its own to {bridge.endpoint}"
        if isinstance(error, _FINAL) or bridge.options.backlog_policy.name == "FAIL_FAST":
            raised = type(error)(f"{what}{diagnosis.because(error)}")
            raise diagnosis.describe(raised, call, bridge, "queued") from error
        if monotonic() + delay >= call.deadline:
            late = RedisTimeoutError(f"{what} within {call.timeout:.3g} s{diagnosis.because(error)}")
            raise diagnosis.describe(late, call, bridge, "queued") from error
        await self.driver.pause(delay)

    def _pool(self, bridge: Bridge, database: int) -> LeasePool:
        key = (bridge.endpoint, database)
        pool = self._pools.get(key)
        if pool is None:
            made = LeasePool(
                max_connections=self.driver.options.max_leases,
                timeout=None,
                connection_class=LeasedConnection,
                max_idle_time=IDLE_TIME,
                idle_check_interval=IDLE_CHECK_INTERVAL,
                leases=self,
                bridge=bridge,
                database=database,
            )
            pool = self._pools.setdefault(key, made)  # atomic: of two threads one wins
        return pool

    async def re_authenticate(self, token: Any) -> None:
        """Have idle connections authenticate again at once, and those in use when they are given back."""
        for pool in tuple(self._pools.values()):
            await pool.re_auth_callback(token)

    def status(self, endpoint: EndPoint) -> dict[str, int]:
        """Return how many connections to a server are lent and how many wait to be."""
        pools = [pool for (where, _), pool in tuple(self._pools.items()) if where == endpoint]
        return {
            "lent": sum(len(pool._in_use_connections) for pool in pools),
            "idle": sum(len(pool._available_connections) for pool in pools),
        }

    async def drop(self, endpoint: EndPoint) -> None:
        """Close the connections to a server that has left; those in use end with an error."""
        for key in [key for key in tuple(self._pools) if key[0] == endpoint]:
            pool = self._pools.pop(key, None)
            if pool is not None:
                await pool.aclose()

    async def aclose(self) -> None:
        """Let what does not block end, within the timeout; what is left fails with MultiplexerClosedError."""
        self.closed = True
        await self.driver.wait_for(lambda: not self._brief, self.driver.timeout)
        for pool in tuple(self._pools.values()):
            await pool.aclose()
