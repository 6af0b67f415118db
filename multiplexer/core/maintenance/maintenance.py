"""What is done about maintenance that a server announces."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ...configuration import EndPoint
from ...errors import ConfigurationError
from ..addresses import reachable
from ..chance import fraction
from ..physical_bridge import PhysicalBridge
from ..server_endpoint import ServerEndPoint
from .announcements import CLOSING, Announcement, read
from .windows import Windows

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions
    from ..seam import CoordinatedDriver
    from .moves import Move, Moves

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: Clients that were told of the same move wait for up to this part of the time, so that not all come at once.
JITTER = 0.1
#: Seconds between two attempts at a move, as long as its time is not up.
RETRY = 1.0

if TYPE_CHECKING:

    class Doubtful(Protocol):
        """What knows how servers belong together; see :mod:`..guide`."""

        def doubt(self) -> None: ...

    class Maintained(Protocol[Bridge]):
        """Whose servers these are: what is asked of a coordinator."""

        @property
        def options(self) -> ConfigurationOptions: ...
        @property
        def guide(self) -> Doubtful: ...
        def mover(self) -> Moves[Bridge]: ...


class Maintenance(Generic[Bridge]):
    """Opens and closes windows of maintenance, and moves servers as they are told to.

    Whoever calls it may be reading for others: what takes long, or sends, is done later.
    """

    def __init__(
        self, coordinator: Maintained[Bridge], driver: CoordinatedDriver[Bridge], clock: Callable[[], float]
    ) -> None:
        self._coordinator = coordinator
        self._driver = driver
        self._clock = clock

    def announced(self, server: ServerEndPoint[Bridge], push: list[Any], was_asked_for: bool) -> Announcement:
        """Take an announcement, which each of the server's connections may bring.

        Args:
            server: Whose it is.
            push: What it said.
            was_asked_for: Whether it was asked to; else nothing follows from it.
        """
        said = read(push)
        if not was_asked_for:
            return said
        now = self._clock()
        with self._driver.lock:
            windows = server.windows
            if windows is None:
                windows = server.windows = Windows()
            is_news = windows.take(said, now)
        if not is_news:
            return said
        if said.kind == "MOVING":
            self._driver.later(self._delay(said), self._move, server, said, now + said.seconds)
        elif said.kind in CLOSING:
            self._driver.later(0.0, self._coordinator.guide.doubt)  # roles, or who serves which slots, may be others
        return said

    @staticmethod
    def _delay(said: Announcement) -> float:
        """Return how many seconds to wait before a move: half of its time where names are still to lead elsewhere."""
        jitter = said.seconds * fraction(0, JITTER)
        return jitter if said.target is not None else said.seconds / 2 + jitter

    def _move(self, server: ServerEndPoint[Bridge], said: Announcement, until: float) -> None:
        address = self._address(server, said.target)
        if address is None or self._driver.closed:
            return
        left = max(until - self._clock(), 0.0)

        def ended(move: Move) -> None:
            now = self._clock()
            if move.error is None:
                if server.windows is not None:
                    server.windows.close(said, now)
                # By then its name leads there; whoever connects later asks that again.
                self._driver.later(max(until - now, RETRY), self._forget, server, address)
            elif now + RETRY < until:
                self._driver.later(RETRY, self._move, server, said, until)

        self._coordinator.mover().move(server, address, left, "MOVING", ended)

    def _address(self, server: ServerEndPoint[Bridge], target: str | None) -> EndPoint | None:
        """Return where a server moves to; None where what it said is no address."""
        if target is None:
            return server.endpoint
        try:
            named = EndPoint.parse(target, server.endpoint.port)
        except ConfigurationError:
            return None
        return named if named.is_unix else reachable((named.host, named.port), self._coordinator.options.address_remap)

    def _forget(self, server: ServerEndPoint[Bridge], address: EndPoint) -> None:
        """Reach a server by its own address again, the next time it is connected to."""
        with self._driver.lock:
            if server.address == address:
                server.address = server.endpoint
                for bridge in server.bridges:
                    bridge.reached = server.endpoint
