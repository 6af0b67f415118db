"""A pool's form for a multiplexer that is somebody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...core.commands.command_table import COMMANDS
from ...errors import DataError, RedisConnectionError
from .connection import ConnectionPool

if TYPE_CHECKING:
    from ...asyncio import ConnectionMultiplexer
    from ...asyncio.leases import Lease

#: What a connection is borrowed for, as far as the multiplexer is concerned.
WATCH = COMMANDS["WATCH"]


class LendsConnections(ConnectionPool):
    """What pools have in common whose connections are a multiplexer's, lent for a while.

    Attributes:
        is_multiplexed: True: clients on it share the multiplexer's connection.
    """

    _multiplexer: ConnectionMultiplexer
    _leases: dict[Any, Lease]

    def _lend_from(self, multiplexer: ConnectionMultiplexer) -> None:
        named, spoken = self.connection_kwargs.get("protocol"), multiplexer.options.protocol
        if named is not None and spoken not in ("auto", int(named)):
            raise DataError(f"protocol: {named} is not that of the multiplexer, which is {spoken}")
        self.is_multiplexed = True
        self._multiplexer = multiplexer
        self._leases = {}

    async def get_multiplexer(self) -> ConnectionMultiplexer:
        """Return the multiplexer."""
        return self._multiplexer

    def _lend(self, lease: Lease) -> Any:
        """Return a lease's connection, with the pool's settings of text."""
        connection = lease.connection
        connection.encoder = self.get_encoder()
        connection.socket_timeout = self.connection_kwargs["socket_timeout"]
        self._leases[connection] = lease
        with self._lock:
            self._in_use_connections.add(connection)
        return connection

    async def release(self, connection: Any) -> None:
        """Give a connection back.

        Raises:
            RedisConnectionError: It was released already, or is another pool's.
        """
        lease = self._leases.pop(connection, None)
        if lease is None:
            raise RedisConnectionError(f"{connection!r} was released already, or does not belong to this pool")
        with self._lock:
            self._in_use_connections.discard(connection)
        await lease.give_back()

    def _put_back(self, connection: Any) -> None:
        """Give back a connection that was dropped, from where nothing can be awaited."""
        lease = self._leases.pop(connection, None)
        with self._lock:
            self._in_use_connections.discard(connection)
        if lease is not None:
            lease._pool._put_back(connection)


class MultiplexerPool(LendsConnections):
    """Lends a multiplexer's own connections to those who need one for a while: transactions, subscriptions, MONITOR.

    They go to the server the multiplexer has chosen, encrypted and introduced as its shared connection is.

    Args:
        multiplexer: The multiplexer; it is not closed with the pool.
        db: The database; 0 for the multiplexer's default.
        own: How text is encoded and replies are decoded, and which form results have, as for any pool.

    Raises:
        DataError: ``protocol`` is another than the multiplexer's.
    """

    def __init__(self, multiplexer: ConnectionMultiplexer, db: int = 0, **own: Any) -> None:
        options = multiplexer.options
        endpoint = options.endpoints[0]
        address = {"path": endpoint.path} if endpoint.path else {"host": endpoint.host, "port": endpoint.port}
        super().__init__(
            max_connections=options.max_leases,
            db=db or options.default_database,
            socket_timeout=options.timeout,
            **address,
            **own,
        )
        self._lend_from(multiplexer)

    async def get_connection(self, command_name: str | None = None, *keys: Any, **options: Any) -> Any:
        """Borrow a connection; it must be given back with :meth:`release`.

        Args:
            command_name, keys, options: Of no meaning here.

        Raises:
            RedisConnectionError: There is none to be had.
            RedisTimeoutError: There was none within the multiplexer's time limit.
        """
        database = self._multiplexer.get_database(self.connection_kwargs["db"])
        return self._lend(await database.borrow(WATCH, b""))
