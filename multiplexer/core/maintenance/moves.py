"""Servers that are reached at another address from now on, and connections that have lasted long enough.

A move begins with the connections there are: each is replaced by one to the new address (see :mod:`.handover`). As soon
as the first one is, whatever connects to the server from then on goes there as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ..chance import fraction
from ..logging import logger
from ..physical_bridge import PhysicalBridge
from ..server_endpoint import ServerEndPoint
from .handover import Handover

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions, EndPoint
    from ..seam import CoordinatedDriver

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: A connection's lifetime is longer or shorter by up to this part of it, so that not all end at the same time.
JITTER = 0.1
#: Seconds in which a connection that has lasted long enough is to have been idle for a moment; later it is tried again.
PATIENCE = 30.0

if TYPE_CHECKING:

    class Moved(Protocol[Bridge]):
        """Whose servers these are: what is asked of a coordinator."""

        @property
        def options(self) -> ConfigurationOptions: ...
        @property
        def servers(self) -> tuple[ServerEndPoint[Bridge], ...]: ...
        def handed_over(self, bridge: PhysicalBridge, heard_at: float) -> None: ...


class Move:
    """The connections of one server, on their way to another address.

    Attributes:
        error: Why one of them did not get there, or None.
    """

    def __init__(self, server: ServerEndPoint[Any], left: int, ended: Callable[[Move], None]) -> None:
        self.error: Exception | None = None
        self._server = server
        self._left = left
        self._ended = ended

    @property
    def is_over(self) -> bool:
        """Whether each of them has got there, or one cannot."""
        if self._left > 0 or self.error is not None:
            return self._left <= 0
        return not any(_is_astray(bridge) for bridge in self._server.bridges)

    def arrived(self, error: Exception | None) -> None:
        """One of them has got there, or cannot. Called under the driver's lock."""
        self.error = self.error or error
        self._left -= 1
        if self._left <= 0:
            self._ended(self)


class Moves(Generic[Bridge]):
    """Moves servers, and renews connections. One connection is replaced at most once at a time."""

    def __init__(
        self, coordinator: Moved[Bridge], driver: CoordinatedDriver[Bridge], clock: Callable[[], float]
    ) -> None:
        self._coordinator = coordinator
        self._driver = driver
        self._clock = clock
        #: When each connection was made, and when it has lasted long enough.
        self._lives: dict[PhysicalBridge, tuple[float, float]] = {}
        self._under_way: dict[PhysicalBridge, Handover] = {}

    # -- moving ----------------------------------------------------------------------------------------

    def move(
        self,
        server: ServerEndPoint[Bridge],
        address: EndPoint,
        seconds: float,
        why: str,
        ended: Callable[[Move], None] = lambda move: None,
    ) -> Move:
        """Have a server be reached at another address.

        Args:
            server: The server.
            address: Where it is reached from now on.
            seconds: Time in which its connections are to have been idle for a moment each.
            why: What this is for, in words.
            ended: Called once each of its connections has got there, or cannot; under the driver's lock.

        Returns:
            What tells how far it has come.
        """
        bridges = [bridge for bridge in server.bridges if bridge.connection is not None]
        move = Move(server, len(bridges), ended)
        if not bridges:
            server.address = address  # there is nothing to replace: the next attempt goes there
            for bridge in server.bridges:
                bridge.forget_failures()
            server.connect()
            ended(move)
        logger().info("%s is on its way to %s (%s)", server.endpoint, address, why)
        self._hand_over(bridges, address, seconds, move.arrived)
        return move

    def _hand_over(
        self,
        bridges: Sequence[PhysicalBridge],
        address: EndPoint,
        seconds: float,
        then: Callable[[Exception | None], None],
    ) -> None:
        until = self._clock() + seconds
        handovers = [Handover(bridge, address, until, self._replaced, partial(self._done, then)) for bridge in bridges]
        with self._driver.lock:  # all before the first may be done, which looks after the others
            self._under_way.update((handover.bridge, handover) for handover in handovers)
        for handover in handovers:
            handover.bridge.connector.hand_over(handover)

    def _replaced(self, handover: Handover, heard_at: float) -> None:
        """A connection is about to be replaced. Called under the driver's lock."""
        handover.bridge.server.address = handover.address
        self._coordinator.handed_over(handover.bridge, heard_at)

    def _done(self, then: Callable[[Exception | None], None], handover: Handover, error: Exception | None) -> None:
        bridge = handover.bridge
        if error is not None:
            why = str(error) or type(error).__name__
            logger().warning("%s goes on as it is, not to %s: %s", bridge.endpoint, handover.address, why)
        with self._driver.lock:
            if self._under_way.get(bridge) is handover:
                del self._under_way[bridge]
            then(error)
        self._driver.notify()
        if error is None:
            for other in bridge.server.bridges:
                self.restored(other)

    def restored(self, bridge: PhysicalBridge) -> None:
        """A connection takes commands: where it was being made while its server was moved, it follows."""
        if _is_astray(bridge) and not self._is_busy(bridge, self._clock()):
            self._hand_over([bridge], bridge.address, PATIENCE, _ignore)

    # -- lifetimes -------------------------------------------------------------------------------------

    def beat(self, now: float) -> None:
        """Renew what has lasted long enough."""
        most = self._coordinator.options.max_connection_lifetime
        if not most:
            return
        bridges = [bridge for server in self._coordinator.servers for bridge in server.bridges]
        for bridge in bridges:
            if bridge.connection is not None and not self._is_busy(bridge, now) and now >= self._ends_at(bridge, most):
                # Where that fails it lasts for another while, and may be less busy then.
                self._lives[bridge] = bridge.established_at, now + _about(most)
                self._hand_over([bridge], bridge.address, PATIENCE, _ignore)
        for gone in self._lives.keys() - set(bridges):
            del self._lives[gone]

    def _is_busy(self, bridge: PhysicalBridge, now: float) -> bool:
        """Whether it is being replaced. What Ctrl-C has put an end to, of which nobody is told, counts no longer."""
        handover = self._under_way.get(bridge)
        return handover is not None and now < handover.until + bridge.options.connect_timeout

    def _ends_at(self, bridge: Bridge, most: float) -> float:
        """Return when a connection has lasted long enough, drawn once for each."""
        began = bridge.established_at
        known = self._lives.get(bridge)
        if known is None or known[0] != began:
            known = self._lives[bridge] = began, began + _about(most)
        return known[1]

    def forget(self) -> None:
        """In the child of a fork: nothing is under way."""
        self._under_way.clear()


def _is_astray(bridge: PhysicalBridge) -> bool:
    """Whether a connection leads to where its server was before."""
    return bridge.connection is not None and bridge.reached != bridge.address


def _about(seconds: float) -> float:
    return seconds * fraction(1 - JITTER, 1 + JITTER)


def _ignore(error: Exception | None) -> None:
    """It was logged."""
