"""A cluster: its members say who serves which slots, and the slots decide where commands go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ..commands.hash_slots import slot_of
from ..diagnosis.events import ConfigurationEvent
from ..physical_bridge import PhysicalBridge
from ..server_endpoint import ServerEndPoint
from .resending import ClusterResending
from .routes import ClusterRoutes
from .watch import ClusterWatch

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions
    from ...errors import RedisError
    from ..diagnosis.events import ErrorEvent, Event
    from ..handshake.server_facts import ServerFacts
    from ..message import Message
    from ..resending import Resend
    from ..seam import CoordinatedDriver
    from ..server_selection_strategy import ServerSelectionStrategy
    from ..server_set import ServerSet
    from .topology import Topology, TopologyChange

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

if TYPE_CHECKING:

    class Placing(Protocol):
        """Sees that subscriptions are at the servers they belong at."""

        def review_soon(self) -> None: ...

    class Clustered(Protocol[Bridge]):
        """Whose servers these are: what is asked of a coordinator."""

        @property
        def options(self) -> ConfigurationOptions: ...
        @property
        def server_set(self) -> ServerSet[Bridge]: ...
        @property
        def strategy(self) -> ServerSelectionStrategy[Bridge]: ...
        @property
        def placement(self) -> Placing: ...
        @property
        def configuration_changed(self) -> Event[ConfigurationEvent]: ...
        @property
        def error_message(self) -> Event[ErrorEvent]: ...
        def slots_moved(self) -> None: ...


class ClusterGuide(Generic[Bridge]):
    """Guides through a cluster.

    Attributes:
        routes: Where commands go.
        watch: Keeps the routes to what the members say.
        resending: Says where refused commands go.
    """

    authority = "the cluster decides which server is the primary: use CLUSTER FAILOVER"
    has_heard_all = True  # whoever was heard knows the others

    def __init__(
        self, coordinator: Clustered[Bridge], driver: CoordinatedDriver[Bridge], clock: Callable[[], float]
    ) -> None:
        self._coordinator = coordinator
        self._driver = driver
        options, servers = coordinator.options, coordinator.server_set
        self.routes: ClusterRoutes[Bridge] = ClusterRoutes(options.read_from, options.availability_zone)
        self.watch: ClusterWatch[Bridge] = ClusterWatch(
            options,
            servers,
            self.routes,
            driver,
            clock,
            self._changed,
            coordinator.placement.review_soon,
            coordinator.error_message.fire,
        )
        self.resending: ClusterResending[Bridge] = ClusterResending(
            options, servers, self.routes, driver, clock, self.watch
        )

    @property
    def topology(self) -> Topology | None:
        """Which server serves which slots, as last heard; None before the first answer."""
        return self.watch.topology

    @property
    def refreshes(self) -> int:
        """How many rounds of asking for the topology have ended."""
        return self.watch.rounds

    @property
    def primaries(self) -> tuple[ServerEndPoint[Bridge], ...]:
        """Every primary that serves slots."""
        return self.routes.primaries

    def owner(self, name: bytes) -> ServerEndPoint[Bridge] | None:
        """Return the primary of the slot of a key or shard channel; None where nobody is known to serve it."""
        return self.routes.primary_of(slot_of(name))

    def _changed(self, server: ServerEndPoint[Bridge], change: TopologyChange) -> None:
        self._coordinator.slots_moved()
        self._coordinator.configuration_changed.fire(ConfigurationEvent(str(server.endpoint), change.names()))
        self._driver.notify()

    # -- connecting ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Have the slots decide where commands go; the members are asked as soon as one takes commands."""
        self._coordinator.strategy.follow(self.routes)

    def has_tried(self, rounds: int) -> bool:
        """Whether a server is connected, or none could be in so many attempts."""
        return self._coordinator.server_set.has_tried(rounds)

    def failure(self) -> BaseException | None:
        """Return why no server is connected."""
        return self._coordinator.server_set.failure()

    @property
    def is_settled(self) -> bool:
        """Whether a member has said who serves what, or none could."""
        return self.watch.settled

    # -- what happens to servers -----------------------------------------------------------------------

    def established(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """A connection is up: a replica is told first that it is read from."""
        if bridge.kind == "interactive":
            self.watch.established(server, bridge)

    def restored(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """A member takes commands, and can be asked."""
        if bridge.kind == "interactive":
            self.watch.restored(server)

    def connect_failed(self, bridge: PhysicalBridge) -> None:
        """The other members say whether its slots have moved."""
        if bridge.kind == "interactive":
            self.watch.connect_failed(bridge.server)

    def lost(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """A member's connection broke: the others know whether its slots have moved."""
        if bridge.kind == "interactive":
            self.watch.lost(server)

    def forget(self) -> None:
        """In the child of a fork: nobody is being asked, and nothing is scheduled."""
        self.watch.forget()

    def learn(self, server: ServerEndPoint[Bridge], facts: ServerFacts) -> Sequence[str]:
        """Take what a member says of itself."""
        return server.learn(facts)

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> Resend[Bridge] | None:
        """Return how to send a refused message once more, or None where that cannot help."""
        return self.resending.resend(bridge, message, error)

    def doubt(self) -> None:
        """Ask for the topology soon."""
        self.watch.refresh(doubt=True)

    def beat(self, now: float) -> None:
        """Ask for the topology where that is due."""
        self.watch.beat(now)

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options."""
        self.watch.reconfigure(options)
        self.resending.reconfigure(options)

    def status(self) -> dict[str, Any]:
        """Return the topology as plain values, once it is known."""
        topology = self.watch.topology
        return {} if topology is None else {"cluster": topology.status()}
