"""Where a command goes that a member of a cluster has refused, and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ...errors import AskError, MovedError, RedisConnectionError, RedisError, TryAgainError
from ..call_options import CommandFlags, is_asking, with_asking, without_asking
from ..chance import fraction
from ..message import Message
from ..physical_bridge import PhysicalBridge
from ..resending import Resend
from .redirections import read_redirection
from .routes import ClusterRoutes

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions
    from ..physical_connection import PhysicalConnection
    from ..seam import CoordinatedDriver
    from ..server_set import ServerSet

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: How often one command follows redirections at most, if its deadline does not come before. While a slot moves on soon
#: after it has arrived, servers may point to one another for seconds, until they have heard of it.
MOST_REDIRECTIONS = 64
#: Redirections after which there is a wait before the next: the servers do not agree yet.
PROMPT_REDIRECTIONS = 4
#: Longest wait before a command is sent again that was refused because the cluster is not ready for it.
LONGEST_RETRY = 0.25
#: Seconds a connection is given to answer what it was sent before it is made anew.
PATIENCE = 1.0


class Refresh(Protocol):
    """Asks for the topology soon; see :meth:`~.watch.ClusterWatch.refresh`."""

    def __call__(self, doubt: bool) -> None: ...


class ClusterResending(Generic[Bridge]):
    """Follows redirections, and tries again what a member could not do just then."""

    def __init__(
        self,
        options: ConfigurationOptions,
        servers: ServerSet[Bridge],
        routes: ClusterRoutes[Bridge],
        driver: CoordinatedDriver[Bridge],
        clock: Callable[[], float],
        refresh: Refresh,
    ) -> None:
        self._options = options
        self._servers = servers
        self._routes = routes
        self._driver = driver
        self._clock = clock
        self._refresh = refresh

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options."""
        self._options = options

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> Resend | None:
        """Return how to send a refused message once more, or None where that cannot help."""
        asked = is_asking(message.options)
        if asked:
            message.options = without_asking(message.options)
        if isinstance(error, AskError):
            return self._redirected(bridge, message, error)
        if isinstance(error, TryAgainError):
            pass  # the topology is what it was: a slot is on its way
        elif bridge.needs_role_check(error):
            self._refresh(doubt=True)
        delay = bridge.retry_delay(message, error, self._clock())
        if delay is None:
            return None
        delay = min(delay, LONGEST_RETRY)
        if asked and isinstance(error, TryAgainError):
            message.options = with_asking(message.options)  # the other keys are on their way to the same server
            return Resend(delay, bridge)
        return Resend(delay, bridge if message.options.pinned else None)

    def _redirected(self, bridge: PhysicalBridge, message: Message, error: AskError) -> Resend | None:
        slot, endpoint = read_redirection(error, bridge.endpoint, self._options.address_remap)
        moved = isinstance(error, MovedError)
        if moved or endpoint is None:
            self._refresh(doubt=False)
        flags = message.options.flags
        if message.options.pinned or flags & (CommandFlags.NO_REDIRECT | CommandFlags.NO_RETRY):
            return None
        if endpoint is None:
            error.args = (f"{error}: the server does not know how that one is reached",)
            return None
        patience = self._patience(message)
        late = patience > 0 and self._clock() + patience >= message.deadline
        if message.attempts >= MOST_REDIRECTIONS or late:
            error.args = (f"{error}: the servers point to one another, {message.attempts} times by now",)
            return None
        [server] = self._servers.add([endpoint])
        if not moved:
            message.options = with_asking(message.options)
        elif server is bridge.server:
            self._renew(bridge)
        elif slot >= 0:
            self._routes.correct(slot, server)
        return Resend(patience, server.bridge_for(slot))

    def _patience(self, message: Message) -> float:
        tried = message.attempts - PROMPT_REDIRECTIONS
        return 0.0 if tried < 0 else min(0.01 * 2**tried, LONGEST_RETRY) * fraction(0.5, 1)

    def _renew(self, bridge: PhysicalBridge) -> None:
        """Connect anew where a server points to the very address it has: another one may answer there by now."""
        connection = bridge.connection
        if connection is None or connection.holding:
            return
        connection.holding = True  # what comes from now on waits for the next connection
        self._driver.later(
            0.0, _break_once_idle, self._driver, bridge, connection, self._clock() + PATIENCE, self._clock
        )


def _break_once_idle(
    driver: CoordinatedDriver[Any],
    bridge: PhysicalBridge,
    connection: PhysicalConnection,
    deadline: float,
    clock: Callable[[], float],
) -> None:
    """Give a connection up once everything it was sent is answered, or time is up."""
    if bridge.connection is not connection:
        return
    if connection.sent and clock() < deadline:
        driver.later(0.01, _break_once_idle, driver, bridge, connection, deadline, clock)
        return
    bridge.break_connection(connection, RedisConnectionError("the server pointed to its own address"))
