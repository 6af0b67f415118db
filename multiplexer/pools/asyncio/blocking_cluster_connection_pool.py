"""A cluster's pool that lets callers wait for a connection."""

from __future__ import annotations

from collections import deque
from typing import Any

from ...configuration import EndPoint
from ...drivers.eventloop.waiting import Waiter
from ..options import check_seconds
from .blocking_connection_pool import AGAIN, WaitingCallers
from .cluster_connection_pool import ClusterConnectionPool


class BlockingClusterConnectionPool(ClusterConnectionPool, WaitingCallers):
    """A cluster's pool whose callers wait, first come first served, while all connections it may have are in use.

    With a limit for each node, those who wait for one do not hold up those who wait for another. With one for the whole
    cluster there is a single line: whose turn it is gets a connection to the node wanted, if need be in the place of
    the one that came free.

    Args:
        host, port: A node to ask about the cluster.
        startup_nodes, connection_class: As for :class:`ClusterConnectionPool`.
        max_connections: The most there may be.
        max_connections_per_node: Whether that counts for each node by itself.
        timeout: Seconds to wait; None for ever.
        options: The others of :class:`ClusterConnectionPool`.

    Raises:
        ConfigurationError: An option has a value that cannot be, or no node is named.
    """

    def __init__(
        self,
        host: str | None = None,
        port: int | str = 6379,
        startup_nodes: Any = None,
        connection_class: Any = None,
        max_connections: int | None = 50,
        max_connections_per_node: bool = False,
        timeout: float | None = 20,
        **options: Any,
    ) -> None:
        self.timeout = check_seconds("timeout", timeout)
        if connection_class is not None:
            options["connection_class"] = connection_class
        super().__init__(
            host,
            port,
            startup_nodes,
            max_connections=max_connections,
            max_connections_per_node=max_connections_per_node,
            **options,
        )

    def _start_empty(self) -> None:
        super()._start_empty()
        #: Who waits, in turn, by node where each has a limit of its own; else all under None.
        self._lines: dict[EndPoint | None, deque[tuple[Waiter, EndPoint]]] = {}

    def _line(self, node: EndPoint) -> EndPoint | None:
        return node if self.max_connections_per_node else None

    async def _take(self, node: EndPoint) -> Any:
        connection = self._take_or_queue(node)
        if connection.__class__ is Waiter:
            connection = await self._wait(connection, self.timeout, node)
        if not connection.is_reusable():
            await self._prepare(connection)
        return connection

    def _take_or_queue(self, *wanted: Any) -> Any:
        self._checkpid()
        [node] = wanted
        name = self._line(node)
        with self._lock:
            line = self._lines.get(name)
            if not line and self.can_get_connection(node):
                return self._take_now(node)
            waiter = Waiter()
            self._lines.setdefault(name, deque()).append((waiter, node))
            return waiter

    def _leave(self, waiter: Waiter, *wanted: Any) -> None:
        [node] = wanted
        line = self._lines.get(self._line(node))
        if line is not None and (waiter, node) in line:
            line.remove((waiter, node))

    def _store(self, connection: Any) -> None:
        super()._store(connection)
        self._serve(connection.node)

    def _serve(self, node: EndPoint) -> None:
        """Hand on what came free with a connection to a node; to be called under the lock."""
        line = self._lines.get(self._line(node))
        while line:
            waiter, wanted = line[0]
            if not self.can_get_connection(wanted):
                return
            line.popleft()
            waiter.give(self._take_now(wanted))  # from hand to hand: nobody comes in between
        self._lines.pop(self._line(node), None)

    def reset(self) -> None:
        with self._lock:
            lines = self._lines
            super().reset()
        for line in lines.values():
            for waiter, _ in line:
                waiter.give(AGAIN)
