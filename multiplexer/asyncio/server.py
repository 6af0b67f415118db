"""The handle for one particular server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..configuration.hidden import shown
from ..core.types import AnyStr
from ..importing import importing
from .commands import AdminCommands
from .handle import Handle

if TYPE_CHECKING:
    from .monitor import Monitor


class Server(Handle[AnyStr], AdminCommands[AnyStr]):
    """The handle for one particular server; get it from ``mux.get_server(endpoint)``."""

    __slots__ = ()

    @shown
    def __repr__(self) -> str:
        return f"<Server {self.endpoint}>"

    @property
    def endpoint(self) -> str:
        """The server's address."""
        bridge = self._strategy.only
        return "" if bridge is None else str(bridge.endpoint)

    def in_database(self, index: int) -> Server[AnyStr]:
        """Return a view of this handle on another logical database."""
        return self._view(self._options.replace(database=index))

    def monitor(self) -> Monitor:
        """Watch the commands the server gets from any client.

        Redis command: MONITOR
        """
        with importing:
            from .monitor import Monitor  # which few ask for

        return Monitor(self)

    @property
    def is_connected(self) -> bool:
        """Whether commands are sent at once."""
        bridge = self._strategy.only
        return bridge is not None and bridge.connection is not None
