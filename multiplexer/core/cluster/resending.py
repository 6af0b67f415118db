"""Where a command goes that a member of a cluster has refused, and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ...errors import AskError, MovedError, RedisError, TryAgainError
from ..call_options import CommandFlags, is_asking, with_asking, without_asking
from ..chance import fraction
from ..message import Message
from ..physical_bridge import PhysicalBridge
from ..renewing import renew
from ..resending import Resend
from .redirections import read_redirection
from .routes import ClusterRoutes

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions, EndPoint
    from ..seam import CoordinatedDriver
    from ..server_endpoint import ServerEndPoint
    from ..server_set import ServerSet
    from .topology import Topology

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: How often one command follows redirections at most, if its deadline does not come before. While a slot moves on soon
#: after it has arrived, servers may point to one another for seconds, until they have heard of it.
MOST_REDIRECTIONS = 64
#: Redirections after which there is a wait before the next: the servers do not agree yet.
PROMPT_REDIRECTIONS = 4
#: Longest wait before a command is sent again that was refused because the cluster is not ready for it.
LONGEST_RETRY = 0.25
#: Least seconds until a command is sent again that waits for the topology.
ANSWER = 0.05


class Watching(Protocol):
    """What is asked of a :class:`~.watch.ClusterWatch`."""

    @property
    def topology(self) -> Topology | None: ...
    def refresh(self, doubt: bool) -> None: ...
    def vouches(self, server: ServerEndPoint[Any]) -> bool: ...


class ClusterResending(Generic[Bridge]):
    """Follows redirections, and tries again what a member could not do just then."""

    def __init__(
        self,
        options: ConfigurationOptions,
        servers: ServerSet[Bridge],
        routes: ClusterRoutes[Bridge],
        driver: CoordinatedDriver[Bridge],
        clock: Callable[[], float],
        watch: Watching,
    ) -> None:
        self._options = options
        self._servers = servers
        self._routes = routes
        self._driver = driver
        self._clock = clock
        self._watch = watch

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options."""
        self._options = options

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> Resend[Any] | None:
        """Return how to send a refused message once more, or None where that cannot help."""
        asked = is_asking(message.options)
        if asked:
            message.options = without_asking(message.options)
        if isinstance(error, AskError):
            return self._redirected(bridge, message, error)
        if isinstance(error, TryAgainError):
            pass  # the topology is what it was: a slot is on its way
        elif bridge.needs_role_check(error):
            self._watch.refresh(doubt=True)
        delay = bridge.retry_delay(message, error, self._clock())
        if delay is None:
            return None
        delay = min(delay, LONGEST_RETRY)
        if asked and isinstance(error, TryAgainError):
            message.options = with_asking(message.options)  # the other keys are on their way to the same server
            return Resend(delay, bridge)
        return Resend(delay, bridge if message.options.pinned else None)

    def _redirected(self, bridge: PhysicalBridge, message: Message, error: AskError) -> Resend[Any] | None:
        slot, endpoint = read_redirection(error, bridge.endpoint, self._options.address_remap)
        moved = isinstance(error, MovedError)
        if moved or endpoint is None:
            self._watch.refresh(doubt=endpoint is None)
        flags = message.options.flags
        if message.options.pinned or flags & (CommandFlags.NO_REDIRECT | CommandFlags.NO_RETRY):
            return None
        is_clear = endpoint is not None and self._may_follow(bridge.server, endpoint)
        patience = self._patience(message) if is_clear else max(self._patience(message), ANSWER)
        late = patience > 0 and self._clock() + patience >= message.deadline
        if message.attempts >= MOST_REDIRECTIONS or late:
            what = "the servers point to one another" if is_clear else _doubtful(endpoint)
            error.args = (f"{error}: {what}, {message.attempts} times by now",)
            return None
        if endpoint is None or not is_clear:
            return Resend(patience)  # wherever the topology says by then
        [server] = self._servers.add([endpoint])
        if not moved:
            message.options = with_asking(message.options)
        elif server is bridge.server:
            # Another one may answer there by now.
            renew(bridge, self._driver, self._clock, "the server pointed to its own address")
        elif slot >= 0:
            self._routes.correct(slot, server)
        return Resend(patience, server.bridge_for(slot))

    def _may_follow(self, server: ServerEndPoint[Any], endpoint: EndPoint) -> bool:
        """Whether a server points to one that is known, or was asked just now and belongs to the same cluster."""
        topology = self._watch.topology
        return topology is None or endpoint in topology.nodes or self._watch.vouches(server)

    def _patience(self, message: Message) -> float:
        tried = message.attempts - PROMPT_REDIRECTIONS
        return 0.0 if tried < 0 else min(0.01 * 2**tried, LONGEST_RETRY) * fraction(0.5, 1)


def _doubtful(endpoint: EndPoint | None) -> str:
    """Say why a redirection was not followed."""
    if endpoint is None:
        return "the server does not know how that one is reached"
    return "nobody in the cluster knows that one, which may be of another cluster"
