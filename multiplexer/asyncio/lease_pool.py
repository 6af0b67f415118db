"""The pools that leased connections come from: classic ones, whose connections are made as the shared ones are."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from ..core.handshake.handshake import handshake
from ..core.types import Payload
from ..drivers.eventloop import Bridge, Driver
from ..errors import ReadOnlyError, RedisTimeoutError, UnblockedError
from ..pools.asyncio import AbstractConnection, BlockingConnectionPool
from ..pools.encoder import PackedCommands
from ..pools.parser import LeasedParser, parser_of

if TYPE_CHECKING:
    import socket
    import ssl

    from ..core.coordinator import Coordinator
    from ..ocsp import RevocationCheck

#: Seconds after which a connection nobody borrows is closed, and between looks at that.
IDLE_TIME = 60.0
IDLE_CHECK_INTERVAL = 20.0

_INFINITY = float("inf")


def make_pool(driver: Driver, coordinator: Coordinator[Bridge], bridge: Bridge, database: int) -> LeasePool:
    """Make the pool of connections to one server and database."""
    return LeasePool(
        max_connections=driver.options.max_leases,
        timeout=None,
        connection_class=LeasedConnection,
        max_idle_time=IDLE_TIME,
        idle_check_interval=IDLE_CHECK_INTERVAL,
        driver=driver,
        coordinator=coordinator,
        bridge=bridge,
        database=database,
    )


class LeasedConnection(AbstractConnection):
    """A connection made as the multiplexer's shared ones are, in the form the pools want.

    Args:
        driver: Opens the socket.
        coordinator: Says how the connection introduces itself.
        bridge: The shared connection to the same server.
        database: Index of the database it works on.
    """

    def __init__(self, driver: Driver, coordinator: Coordinator[Bridge], bridge: Bridge, database: int) -> None:
        super().__init__(db=database, parser_class=parser_of(driver.options))
        self._driver = driver
        self._coordinator = coordinator
        self._bridge = bridge
        self._silence = bridge.silence
        self._address = bridge.address
        self._heard_at = self._made_at = 0.0
        #: When the borrower gives up waiting for it to be connected.
        self.wanted_by = _INFINITY

    def _host_error(self) -> str:
        return str(self._bridge.endpoint)

    async def _connect(self) -> socket.socket:
        options = self._driver.options
        self._made_at = monotonic()
        self._silence = self._bridge.silence  # before: a server that is given up meanwhile is tried once more
        self._connect_deadline = min(monotonic() + options.connect_timeout, self.wanted_by)
        self._address = self._bridge.address
        sock = await self._driver.open_socket(self._address, self._connect_deadline)
        with self._driver.lock:
            self._bridge.lease_counters.socket_count += 1
        return sock

    def _tls(self) -> tuple[ssl.SSLContext, str | None] | None:
        context = self._driver.ssl_context()
        if context is None:
            return None
        return context, self._bridge.name_for(self._address)

    def _revocation(self) -> RevocationCheck | None:
        return self._driver.revocation

    async def on_connect(self) -> None:
        introduction = self._coordinator.introduction(self._bridge)._replace(
            database=self.db, learn=False, maintenance=None, redirects=False
        )
        try:
            introduction = await self._driver.introduced(introduction, self._connect_deadline)
        except TimeoutError as error:
            raise RedisTimeoutError(f"Timeout connecting to {self._host_error()}. {error}") from None
        facts = await self._converse(handshake(introduction))
        self.client_id = facts.client_id
        self._protocol = facts.protocol
        self._heard_at = monotonic()
        self.take_reads()  # a handshake does not count

    def take_reads(self) -> tuple[int, int]:
        """Return how often it was read from since this was last asked for, and how many bytes came."""
        parser = self._parser
        if not isinstance(parser, LeasedParser):  # never connected
            return 0, 0
        reads, received = parser.reads, parser.received
        parser.reads = parser.received = 0
        return reads, received

    def is_reusable(self) -> bool:
        """Whether the next holder can use it as it is: the server was heard over it, or beside it, not long ago."""
        keep_alive = self._driver.options.keep_alive
        if self._made_at < self._bridge.established_at:
            return False  # the shared connection was made since, perhaps to another server of the same name
        if self._silence is not self._bridge.silence or 0 < keep_alive <= monotonic() - self._heard_at:
            return False
        return super().is_reusable()

    def break_off(self) -> None:
        """End the connection under its holder, who reads its end and closes it; from whichever thread."""
        stream = self._stream
        if stream is not None:
            stream.break_off()

    async def ask(self, payload: Payload, wanted: int, deadline: float) -> list[Any]:
        """Send something packed and return its raw replies; error replies stand among them.

        Raises:
            RedisConnectionError: The connection was lost.
            RedisTimeoutError: The replies did not arrive before the deadline.
        """
        chunks = (payload,) if isinstance(payload, bytes) else payload
        await self._send(PackedCommands(chunks, wanted), deadline)
        replies = [await self._answer(deadline) for _ in range(wanted)]
        self._heard_at = monotonic()
        if any(isinstance(reply, ReadOnlyError | UnblockedError) for reply in replies):
            self._unanswered = None  # as the pools do: it is closed once it is given back
        return replies

    async def push(self, deadline: float) -> Any:
        """Return what arrives next, out-of-band messages included.

        Raises:
            RedisConnectionError: The connection was lost.
        """
        self._unanswered = None  # nobody can tell what else is to come: it will be closed, not used again
        return await self._answer(deadline, True)


class LeasePool(BlockingConnectionPool):
    """The connections to one server and database."""

    @property
    def bridge(self) -> Bridge:
        """The shared connection to the same server."""
        bridge: Bridge = self.connection_kwargs["bridge"]
        return bridge

    @property
    def usage(self) -> tuple[int, int]:
        """How many connections are borrowed, and how many are connected and are not."""
        with self._lock:
            idle = sum(connection.is_connected for connection in self._available_connections)
            return len(self._in_use_connections), idle

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
        taken.wanted_by = _INFINITY  # whoever connects it anew has a deadline of its own
        return taken
