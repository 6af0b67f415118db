"""The handle for one particular server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..configuration.hidden import shown
from ..core.features import Features, question
from ..core.types import AnyStr
from ..errors import RedisConnectionError
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

    @property
    def features(self) -> Features:
        """What the server can do, as far as its version says; see :meth:`supports`.

        Raises:
            RedisConnectionError: The server has left.
        """
        bridge = self._strategy.only
        if bridge is None:
            raise RedisConnectionError("features: the server has left")
        features: Features = bridge.server.features
        return features

    async def supports(self, what: str) -> bool:
        """Tell whether the server has a command, or an option of one; ask it where its version does not say.

        What it answers is kept until another server is there.

        Redis command: COMMAND INFO

        Args:
            what: A command or sub command, such as ``"XNACK"`` or ``"JSON.SET"``, or a command with an option that it
                has not always had, such as ``"SET IFEQ"``.

        Returns:
            Whether it has it; False where nobody can tell, as of an option of a server of unknown kind.

        Raises:
            CommandDisabledError: It had to be asked, and a proxy or the command map does not let it be.
            DataError: ``what`` is empty, or names an option the package knows nothing of.
            RedisError: It could not be asked.
        """
        features = self.features
        known = features.supports(what)
        asking = question(what) if known is None else None
        if asking is None:
            return bool(known)
        reply = await self.execute(*asking, decode=False)
        has_it = bool(reply) and reply[0] is not None
        features.note(what, has_it)
        return has_it
