"""The servers of a multiplexer: added when they are found, drained and retired when they are gone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Generic, TypeVar

from ..errors import RedisConnectionError
from .logging import logger
from .physical_bridge import PhysicalBridge
from .server_endpoint import ServerEndPoint

if TYPE_CHECKING:
    from ..configuration import EndPoint

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: Seconds a server that has left is given to answer what it was sent.
GRACE = 5.0


class ServerSet(Generic[Bridge]):
    """Servers by address. The set is an immutable tuple, swapped whole; changes are made under a lock.

    Attributes:
        servers: The servers that take messages, in the order they were added.
        leaving: Servers that are being drained.
    """

    def __init__(
        self,
        make_server: Callable[[EndPoint], ServerEndPoint[Bridge]],
        remove_bridge: Callable[[Bridge, RedisConnectionError], None],
        clock: Callable[[], float],
        lock: AbstractContextManager[object],
    ) -> None:
        self._make_server = make_server
        self._remove_bridge = remove_bridge
        self._clock = clock
        self._lock = lock
        self.servers: tuple[ServerEndPoint[Bridge], ...] = ()
        self.leaving: tuple[ServerEndPoint[Bridge], ...] = ()
        self._by_endpoint: dict[EndPoint, ServerEndPoint[Bridge]] = {}

    def get(self, endpoint: EndPoint) -> ServerEndPoint[Bridge] | None:
        """Return the server of an address, if there is one."""
        return self._by_endpoint.get(endpoint)

    def add(self, endpoints: Iterable[EndPoint]) -> list[ServerEndPoint[Bridge]]:
        """Return the servers of some addresses, made where they are new; they connect when first used."""
        with self._lock:
            found = []
            for endpoint in endpoints:
                server = self._by_endpoint.get(endpoint)
                if server is None:
                    server = self._by_endpoint[endpoint] = self._make_server(endpoint)
                found.append(server)
            if len(self._by_endpoint) > len(self.servers):
                self.servers = tuple(self._by_endpoint.values())
            return found

    # -- connecting ------------------------------------------------------------------------------------

    def has_tried(self, rounds: int) -> bool:
        """Whether a server is connected, or none could be in so many attempts."""
        bridges = [server.interactive for server in self.servers]
        return any(bridge.connection for bridge in bridges) or all(bridge.attempts >= rounds for bridge in bridges)

    def has_heard_all(self) -> bool:
        """Whether every server is connected or was tried in vain."""
        bridges = [server.interactive for server in self.servers]
        return all(bridge.connection or bridge.attempts for bridge in bridges)

    def failure(self) -> BaseException | None:
        """Return why no server is connected."""
        return self.servers[0].interactive.last_error

    # -- leaving ---------------------------------------------------------------------------------------

    def retire(self, servers: Iterable[ServerEndPoint[Bridge]]) -> None:
        """Let servers go: what they were sent may be answered, what waits for them is routed afresh.

        Whoever chooses servers must have stopped choosing these before.
        """
        deadline = self._clock() + GRACE
        with self._lock:
            gone = [server for server in servers if self._by_endpoint.pop(server.endpoint, None) is server]
            self.servers = tuple(self._by_endpoint.values())
            self.leaving += tuple(gone)
        for server in gone:
            logger().info("%s has left", server.endpoint)
            server.leaves_at = deadline
            for bridge in server.bridges:
                bridge.release(bridge.retire())
        self.sweep(self._clock())

    def sweep(self, now: float) -> None:
        """Close what has answered everything, or has had its time. Called at each heartbeat."""
        for server in self.leaving:
            if now < server.leaves_at and any(bridge.sent_count for bridge in server.bridges):
                continue
            for bridge in server.bridges:
                self._remove_bridge(bridge, RedisConnectionError(f"{server.endpoint} has left"))
            with self._lock:  # only now: who hears of the connection's end still looks for its server
                self.leaving = tuple(other for other in self.leaving if other is not server)
