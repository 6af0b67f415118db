"""Servers that belong together by configuration alone: a primary and its replicas, or one server by itself.

Each says what it is. Of several primaries one is elected, and what waits for a server that is not connected goes to
another as soon as that one takes its place. A server may say that it belongs to a cluster: then they all do, and
another guide takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ...errors import ReadOnlyError, RedirectError, RedisError
from ..addresses import reachable
from ..diagnosis.events import ConfigurationEvent
from ..message import Message
from ..physical_bridge import PhysicalBridge
from ..renewing import renew
from ..resending import Resend
from ..server_endpoint import ServerEndPoint
from ..server_selection_strategy import ByRole
from .election import PrimaryElection

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions
    from ..diagnosis.events import Event
    from ..guide import Guide
    from ..handshake.server_facts import ServerFacts
    from ..seam import CoordinatedDriver
    from ..server_selection_strategy import ServerSelectionStrategy
    from ..server_set import ServerSet
    from .roles import Roles

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: Seconds after which a connection is made anew that leads to no primary.
RESOLVE_AFTER = 1.0

if TYPE_CHECKING:

    class Grouped(Protocol[Bridge]):
        """Whose servers these are: what is asked of a coordinator."""

        @property
        def options(self) -> ConfigurationOptions: ...
        @property
        def guide(self) -> Guide[Bridge]: ...
        @property
        def roles(self) -> Roles[Bridge]: ...
        @property
        def server_set(self) -> ServerSet[Bridge]: ...
        @property
        def strategy(self) -> ServerSelectionStrategy[Bridge]: ...
        @property
        def configuration_changed(self) -> Event[ConfigurationEvent]: ...
        def target(self, bridge: PhysicalBridge, message: Message) -> Any: ...
        def belongs_elsewhere(self, bridge: PhysicalBridge, message: Message) -> bool: ...
        def enter_cluster(self, left: Guide[Bridge]) -> None: ...


class GroupGuide(Generic[Bridge]):
    """Guides through servers that speak for themselves.

    Attributes:
        election: Settles which of several primaries counts.
    """

    authority = ""
    topology = None
    refreshes = 0
    is_settled = True

    def __init__(
        self, coordinator: Grouped[Bridge], driver: CoordinatedDriver[Bridge], clock: Callable[[], float]
    ) -> None:
        self._coordinator = coordinator
        self._driver = driver
        self._clock = clock
        options = coordinator.options
        self.election: PrimaryElection[Bridge] = PrimaryElection(options.tie_breaker, self._elected)
        self._choice: ByRole[Bridge] = ByRole(options.read_from, options.availability_zone)
        self._choice.swap(tuple(coordinator.server_set.add(options.endpoints)))
        coordinator.strategy.follow(self._choice)

    @property
    def primaries(self) -> tuple[ServerEndPoint[Bridge], ...]:
        """Every server that says it is a primary."""
        return self._coordinator.roles.primaries

    def owner(self, name: bytes) -> None:
        """Nobody owns a slot: any server will do."""

    # -- connecting ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Connect to every server."""
        for server in self._coordinator.server_set.servers:
            server.connect()

    def has_tried(self, rounds: int) -> bool:
        """Whether a server is connected, or none could be in so many attempts."""
        return self._coordinator.server_set.has_tried(rounds)

    def failure(self) -> BaseException | None:
        """Return why no server is connected."""
        return self._coordinator.server_set.failure()

    @property
    def has_heard_all(self) -> bool:
        """Whether every server is connected or was tried in vain: one of them may be the primary, or of a cluster."""
        return self._coordinator.server_set.has_heard_all()

    # -- what happens to servers -----------------------------------------------------------------------

    def established(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """Its facts say all there is to know."""

    def restored(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """A server takes commands: it may be another primary, or the one that others wait for."""
        self._consider_soon()

    def connect_failed(self, bridge: PhysicalBridge) -> None:
        """There will be another attempt."""

    def lost(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """What waits for it may go elsewhere only once another server has its role."""

    def forget(self) -> None:
        """Nothing is asked but roles."""

    def learn(self, server: ServerEndPoint[Bridge], facts: ServerFacts) -> Sequence[str]:
        """Take what a server says of itself, which is all there is to know."""
        changes = server.learn(facts)
        if "role" in changes and server.is_connected:
            self._consider_soon()
        if server.facts.mode == "cluster":
            self._coordinator.enter_cluster(self)
        return changes

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> Resend[Bridge] | None:
        """Return how to send a refused message once more, or None where that cannot help."""
        if isinstance(error, ReadOnlyError):
            # Whoever has its role now, it is one of the others.
            self._coordinator.roles.doubt(*self._coordinator.server_set.servers)
        elif bridge.needs_role_check(error):
            self._coordinator.roles.doubt(bridge.server)
        resend: Resend[Bridge] | None = bridge.retry(message, error, self._clock())
        named = self._named(bridge, error) if isinstance(error, RedirectError) else None
        if named is not None and resend is not None and not message.options.pinned:
            return Resend(0.0, named)
        if isinstance(error, ReadOnlyError) and self._is_worth_resolving(bridge):
            renew(bridge, self._driver, self._clock, "the server is no primary any more")
        return resend

    def _named(self, bridge: PhysicalBridge, error: RedirectError) -> Bridge | None:
        """Return where a write goes whose replica has named its primary; None where that is nobody who is connected.

        One that was not known before is not connected to: the address may be one that only servers know.
        """
        endpoint = reachable(error.node_addr, self._coordinator.options.address_remap)
        primary = None if endpoint is None else self._coordinator.server_set.get(endpoint)
        if primary is None or primary is bridge.server or not primary.is_connected:
            return None
        stripes: tuple[PhysicalBridge, ...] = bridge.server.stripes
        return primary.stripes[stripes.index(bridge) if bridge in stripes else 0]

    def _is_worth_resolving(self, bridge: PhysicalBridge) -> bool:
        """Whether a name may lead to the new primary by now, as that of a managed service does.

        No other is known, and the connection was not made just now: whoever writes to a replica by mistake is not to
        have it made anew each time.
        """
        servers = self._coordinator.server_set.servers
        is_elsewhere = any(server.role == "primary" and server is not bridge.server for server in servers)
        return not is_elsewhere and self._clock() - bridge.established_at >= RESOLVE_AFTER

    def doubt(self) -> None:
        """Ask every server for its role."""
        self._coordinator.roles.check_all()

    def beat(self, now: float) -> None:
        """Ask for roles where that is due."""
        self._coordinator.roles.beat(now)

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Nothing is kept of the options."""

    def status(self) -> dict[str, Any]:
        """There is nothing beyond the servers."""
        return {}

    # -- several servers -------------------------------------------------------------------------------

    def _consider_soon(self) -> None:
        if len(self._coordinator.server_set.servers) > 1:
            self._driver.later(0.0, self.consider_roles)

    def consider_roles(self) -> None:
        """Look at all roles: several primaries need an election, and what waits may move."""
        if self._coordinator.guide is not self:
            return  # they turned out to be a cluster since this was put off
        servers = self._coordinator.server_set.servers
        self.election.consider(servers)
        for server in servers:
            if not server.is_connected:
                for bridge in server.stripes:
                    bridge.reroute(partial(self._coordinator.belongs_elsewhere, bridge))

    def _elected(self, server: ServerEndPoint[Bridge] | None) -> None:
        self._choice.elect(server)
        if server is not None:
            self._coordinator.configuration_changed.fire(ConfigurationEvent(str(server.endpoint), ("primary",)))
