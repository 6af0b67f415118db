"""One connection takes the place of another, and no command fails for it.

The new one is made beside the one in use. Once its handshake has succeeded the old one is sent nothing more, until all
that it was sent is answered; then the new one takes its place, and what came meanwhile goes out over it. So every
command is sent over one of the two, once, and all keep their order. It costs those that come just then one round trip.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...errors import ReadOnlyError, RedisConnectionError, RedisTimeoutError
from ..physical_bridge import BridgeState, PhysicalBridge

if TYPE_CHECKING:
    from ...configuration import EndPoint
    from ..handshake.server_facts import ServerFacts
    from ..physical_connection import PhysicalConnection

#: Seconds for which commands wait at most for the old connection to have answered, and between two such times. A
#: command that takes longer is let end while others go on; then it is tried again.
MOST_HELD = 0.25
BETWEEN = 0.5
#: Seconds between looks at whether it has answered.
LOOK = 0.001


class Handover:
    """A change of one bridge's connection. A driver runs it step by step; nothing here connects or waits.

    Attributes:
        bridge: Whose connection it is.
        address: Where the new one leads.
        until: When to give up if the old one is never without an unanswered command, in seconds of the driver's clock.
    """

    def __init__(
        self,
        bridge: PhysicalBridge,
        address: EndPoint,
        until: float,
        replaced: Callable[[Handover, float], None],
        done: Callable[[Handover, Exception | None], None],
    ) -> None:
        """Describe one.

        Args:
            bridge: Whose connection it is.
            address: Where the new one leads.
            until: When to give up.
            replaced: Called at the moment of the change, with when something was last read from the old connection.
            done: Called once it is over, with why it failed or None.
        """
        self.bridge = bridge
        self.address = address
        self.until = until
        self._done = done
        self._replaced = replaced
        self._held: PhysicalConnection | None = None

    def done(self, error: Exception | None) -> None:
        """It is over. Called in whichever thread that is, without a lock.

        Args:
            error: Why it failed, or None.
        """
        self._done(self, error)

    def check(self, facts: ServerFacts) -> None:
        """Check that the new connection has reached a server that can take the place of the old one.

        Raises:
            ReadOnlyError: It is a replica, and a primary is to be replaced.
        """
        if facts.role == "replica" and self.bridge.server.role == "primary":
            raise ReadOnlyError(f"{self.address} is a replica, and {self.bridge.endpoint} a primary")

    def until_idle(self, clock: Callable[[], float]) -> Iterator[float]:
        """Yield how many seconds to wait, again and again, until the old connection has answered everything.

        From then on it takes nothing: :meth:`take` or :meth:`abandon` comes next.

        Raises:
            RedisConnectionError: It was lost meanwhile, so there is nothing to replace.
            RedisTimeoutError: There was always something unanswered.
        """
        bridge = self.bridge
        while True:
            old = bridge.connection
            if old is None or bridge.state is BridgeState.CLOSED:
                raise RedisConnectionError(f"the connection to {bridge.endpoint} was lost meanwhile")
            if bridge.hold(old):
                self._held = old
                held_until = clock() + MOST_HELD
                while old.sent and bridge.connection is old and clock() < held_until:
                    yield LOOK
                if not old.sent and bridge.connection is old:
                    return
                self.abandon()
            if clock() >= self.until:
                raise RedisTimeoutError(f"{bridge.endpoint} did not answer all it was sent before time was up")
            yield BETWEEN

    def is_due(self) -> bool:
        """Whether the old connection is still there, and idle. Asked where nobody else can change that."""
        held, bridge = self._held, self.bridge
        if held is None or bridge.connection is not held:
            return False
        return bridge.state is BridgeState.ESTABLISHED and not held.sent

    def take(self, connection: PhysicalConnection, facts: ServerFacts, now: float) -> None:
        """Have the bridge go on over the new connection.

        Called where nobody reads from the old one or writes to it, under the driver's lock.
        """
        held, self._held = self._held, None
        assert held is not None
        bridge = self.bridge
        self._replaced(self, held.last_read)
        bridge.reached = self.address
        bridge.listener.established(bridge, facts)
        bridge.replace(held, connection, now)

    def abandon(self) -> None:
        """Let the old connection go on, where it is still there."""
        held, self._held = self._held, None
        if held is not None:
            self.bridge.let_go(held)
