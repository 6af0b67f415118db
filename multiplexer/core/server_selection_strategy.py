"""Where a command goes."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from ..errors import RedisConnectionError
from .command import Command
from .message import CallOptions
from .physical_bridge import PhysicalBridge
from .server_endpoint import ServerEndPoint

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: What keeps a server from being chosen, least first.
_CONNECTED, _DISCONNECTED = 0, 1


class ServerSelectionStrategy(Generic[Bridge]):
    """Chooses among the servers of one multiplexer.

    The snapshot of servers is an immutable tuple, swapped whole, so that readers need no lock.

    Attributes:
        only: The bridge of the only server, which needs no choosing, or None.
    """

    __slots__ = ("_servers", "only")

    def __init__(self) -> None:
        self._servers: tuple[ServerEndPoint[Bridge], ...] = ()
        self.only: Bridge | None = None

    def swap(self, servers: tuple[ServerEndPoint[Bridge], ...]) -> None:
        """Take another set of servers."""
        self.only = servers[0].interactive if len(servers) == 1 else None
        self._servers = servers

    def select(self, command: Command, options: CallOptions) -> Bridge:
        """Return the bridge for a command.

        A connected primary is best; while none is connected the command waits in the backlog of a known
        primary, and else of the first server.

        Raises:
            RedisConnectionError: There is no server at all.
        """
        if self.only is not None:
            return self.only
        if not self._servers:
            raise RedisConnectionError(f"{command.name} was not sent: no server is known")
        return min(self._servers, key=_unfitness).interactive


def _unfitness(server: ServerEndPoint[Any]) -> tuple[int, int]:
    connection = _CONNECTED if server.is_connected else _DISCONNECTED
    if server.role == "replica":
        return (2 + connection, 0)
    return (connection, 0 if server.role == "primary" else 1)


class PinnedStrategy(ServerSelectionStrategy[Bridge]):
    """Sends everything to one server."""

    __slots__ = ()

    def __init__(self, server: ServerEndPoint[Bridge]) -> None:
        super().__init__()
        self.swap((server,))
