"""A service's servers, kept to what its sentinels say, through every failover.

Sentinels decide which server is the primary. What a server says of itself counts where it says less: a server they
name that is no primary is not taken for one (they may be wrong, or early), and one they do not name is none either,
though it may think so (it was cut off, and has not heard yet).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ...configuration import EndPoint, ReadFrom
from ...errors import RedisConnectionError
from ..diagnosis.events import ConfigurationEvent
from ..logging import logger
from ..physical_bridge import PhysicalBridge
from ..resending import Resend
from ..server_endpoint import ServerEndPoint
from ..server_selection_strategy import ByRole
from .watch import SentinelWatch

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions
    from ...errors import RedisError
    from ..diagnosis.events import Event
    from ..group.roles import Roles
    from ..handshake.server_facts import ServerFacts
    from ..message import Message
    from ..pubsub.placement import Placement
    from ..seam import CoordinatedDriver, Listener
    from ..server_selection_strategy import ServerSelectionStrategy
    from ..server_set import ServerSet

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

if TYPE_CHECKING:

    class Served(Listener[PhysicalBridge], Protocol[Bridge]):
        """Whose servers these are: what is asked of a coordinator."""

        @property
        def options(self) -> ConfigurationOptions: ...
        @property
        def roles(self) -> Roles[Bridge]: ...
        @property
        def server_set(self) -> ServerSet[Bridge]: ...
        @property
        def strategy(self) -> ServerSelectionStrategy[Bridge]: ...
        @property
        def placement(self) -> Placement[Bridge]: ...
        @property
        def configuration_changed(self) -> Event[ConfigurationEvent]: ...
        def belongs_elsewhere(self, bridge: PhysicalBridge, message: Message) -> bool: ...


#: A server that owes an answer and is silent for so many seconds may be hung.
HUNG = 0.5


class SentinelGuide(Generic[Bridge]):
    """Adds and retires the servers of a multiplexer as the sentinels find and lose them.

    Attributes:
        watch: What the sentinels say.
        primary: Address of the primary they last named, or None.
    """

    authority = "sentinels decide which server is the primary: use SENTINEL FAILOVER"
    topology = None
    refreshes = 0
    is_settled = True

    def __init__(
        self,
        coordinator: Served[Bridge],
        driver: CoordinatedDriver[Bridge],
        clock: Callable[[], float],
        client_name: str,
    ) -> None:
        self.primary: EndPoint | None = None
        self._coordinator = coordinator
        self._driver = driver
        self._clock = clock
        self._due = False
        self.watch: SentinelWatch[Bridge] = SentinelWatch(
            coordinator.options,
            driver.make_bridge,
            self._discard,
            self._changed,
            driver.notify,
            driver.later,
            clock,
            driver.lock,
            client_name,
        )
        # Commands wait here until a primary is found.
        name = EndPoint(re.sub(r"[^\w.-]", "-", self.watch.directory.service))
        self._waiting_room: Bridge | None = driver.make_waiting_room(name, coordinator)
        options = coordinator.options
        self._choice: ByRole[Bridge] = ByRole(options.read_from, options.availability_zone)
        self._choose_among(ServerEndPoint(name, self._waiting_room))

    def _choose_among(self, *servers: ServerEndPoint[Bridge]) -> None:
        self._choice.swap(servers)
        self._coordinator.strategy.follow(self._choice)

    @property
    def primaries(self) -> tuple[ServerEndPoint[Bridge], ...]:
        """Every server that is a primary, by what it says and what the sentinels say."""
        return self._coordinator.roles.primaries

    def owner(self, name: bytes) -> None:
        """Nobody owns a slot: any server will do."""

    def _discard(self, bridge: Bridge) -> None:
        # Closing waits for whoever writes; this may be the thread that reads for somebody else.
        self._driver.later(0.0, self._driver.remove_bridge, bridge, RedisConnectionError("the sentinel is gone"))

    # -- what the sentinels say ------------------------------------------------------------------------

    def _changed(self) -> None:
        """A sentinel has answered, or failed to. Several may at the same time, each in its reader's thread."""
        room = self._waiting_room
        if room is not None:
            room.last_error = self.watch.directory.error()  # for those who wait there in vain
        if not self._due:
            self._due = True
            self._driver.later(0.0, self._update)

    def _update(self) -> None:
        """Take over what the sentinels say; never called by two threads at a time."""
        self._due = False  # first: what is said from here on makes for another call
        with self._driver.lock:
            best = self.watch.directory.best()
            replicas = self.watch.directory.replicas()
        if best is None:
            # What was known is better than nothing: the servers may be up, and only the sentinels away.
            self.watch.in_doubt = True
        else:
            self._take(best.primary, replicas)
        self._driver.notify()

    def _take(self, primary: EndPoint, replicas: tuple[EndPoint, ...]) -> None:
        coordinator = self._coordinator
        servers = coordinator.server_set.add((primary, *replicas))
        first, others = servers[0], servers[1:]
        demoted = [server for server in others if server.role != "replica"]
        for server in demoted:
            server.facts.role = "replica"  # so that nothing is written to it before it has said so itself
        gone = [server for server in coordinator.server_set.servers if server not in servers]
        self._choose_among(*servers)
        for server in (*demoted, *gone):
            self._pass_over(server)
        coordinator.server_set.retire(gone)
        self._leave_waiting_room()
        for server in servers:
            server.connect()
        if primary != self.primary:
            logger().info("the primary of %s is %s", self.watch.directory.service, primary)
            self.primary = primary
            coordinator.configuration_changed.fire(ConfigurationEvent(str(primary), ("primary",)))
        if first.role == "primary" and first.is_connected:
            self.watch.in_doubt = False
        else:
            coordinator.roles.check(first)
        coordinator.placement.review_soon()

    def _pass_over(self, server: ServerEndPoint[Bridge]) -> None:
        """Send elsewhere what waits for a server that was the primary, and give up its connection where it hangs."""
        if server.silence(self._clock()) >= HUNG:
            server.give_up(RedisConnectionError(f"{server.endpoint} hangs, and another server is the primary by now"))
        for bridge in server.stripes:
            bridge.reroute(partial(self._coordinator.belongs_elsewhere, bridge))

    def _leave_waiting_room(self) -> None:
        """Send what has waited for a primary to be found."""
        room = self._waiting_room
        self._waiting_room = None
        if room is not None:
            room.release(room.retire())
            self._driver.remove_bridge(room, RedisConnectionError("the primary was found"))

    # -- what the servers say --------------------------------------------------------------------------

    def learn(self, server: ServerEndPoint[Bridge], facts: ServerFacts) -> Sequence[str]:
        """Take what a server says of itself, its role corrected where the sentinels know better."""
        self._judge(server.endpoint, facts)
        return server.learn(facts)

    def _judge(self, endpoint: EndPoint, facts: ServerFacts) -> None:
        directory = self.watch.directory
        if facts.role is None or not directory.is_informed:
            return  # as good as without sentinels
        if not directory.names(endpoint):
            if facts.role == "primary":
                # Either it was demoted and does not know yet, or it was promoted and sentinels are about to say so.
                facts.role = "replica"
                self.watch.refresh()
        elif facts.role == "primary":
            with self._driver.lock:
                directory.confirm(endpoint)
            self.watch.in_doubt = endpoint != self.primary
        elif self._disprove(endpoint):
            logger().warning("%s, named by sentinels, is no primary of %s", endpoint, directory.service)

    def _disprove(self, endpoint: EndPoint) -> bool:
        """A server that is named as primary is none, or out of reach: ask again; return whether that is news."""
        if endpoint != self.primary:
            return False
        with self._driver.lock:
            news = self.watch.directory.disprove(endpoint)
        self.watch.doubt()
        self._changed()
        return news

    # -- what happens to servers -----------------------------------------------------------------------

    def established(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """Its facts were judged."""

    def restored(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """Which of them is the primary, sentinels say."""

    def connect_failed(self, bridge: PhysicalBridge) -> None:
        """A server is out of reach: if it is the primary, perhaps another one is by now."""
        self._disprove(bridge.endpoint)

    def lost(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """A server was lost: ask the sentinels, until the primary is confirmed."""
        self.watch.doubt()

    def forget(self) -> None:
        """In the child of a fork: nothing is scheduled."""
        self._due = False

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> Resend[Bridge] | None:
        """Return how to send a refused message once more, or None where that cannot help."""
        if bridge.needs_role_check(error):
            self.watch.doubt()
            self._coordinator.roles.doubt(bridge.server)
        return bridge.retry(message, error, self._clock())

    def doubt(self) -> None:
        """Ask every server for its role: where one is not what the sentinels say, they are asked too."""
        self._coordinator.roles.check_all()

    def beat(self, now: float) -> None:
        """Ask the sentinels, and the servers for their roles, where that is due."""
        self.watch.beat(now)
        self._coordinator.roles.beat(now)

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options."""
        if self._waiting_room is not None:
            self._waiting_room.reconfigure(options)
        self.watch.reconfigure(options)

    # -- connecting ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Connect to the sentinels, and then to the servers they name."""
        self.watch.start()

    def has_tried(self, rounds: int) -> bool:
        """Whether there is nothing more to wait for when connecting: the primary is there, or nobody knows one.

        Args:
            rounds: How many attempts to make.
        """
        server = None if self.primary is None else self._coordinator.server_set.get(self.primary)
        if server is None:
            failures = self.watch.directory.failures
            return all(
                bridge.endpoint in failures and max(bridge.attempts, bridge.ever_established * rounds) >= rounds
                for bridge in self.watch.bridges
            )
        bridge = server.interactive
        if server.is_connected:
            return server.role == "primary" and self._have_replicas_tried()
        return bridge.attempts >= rounds

    @property
    def has_heard_all(self) -> bool:
        """Whether every server is connected or was tried in vain."""
        return self._coordinator.server_set.has_heard_all()

    def _have_replicas_tried(self) -> bool:
        """Whether every replica is connected or was tried once, where they are to be read from."""
        if self._coordinator.options.read_from is ReadFrom.PRIMARY:
            return True
        servers = self._coordinator.server_set.servers
        return all(server.is_connected or server.interactive.attempts for server in servers)

    def failure(self) -> BaseException | None:
        """Return why there is no primary."""
        server = None if self.primary is None else self._coordinator.server_set.get(self.primary)
        if server is not None and server.interactive.last_error is not None:
            return server.interactive.last_error
        return self.watch.directory.error()

    def status(self) -> dict[str, Any]:
        """Return what is known of each sentinel."""
        failures = self.watch.directory.failures
        sentinels = [
            {
                "endpoint": str(bridge.endpoint),
                "connected": bridge.connection is not None,
                "error": str(failures[bridge.endpoint]) if bridge.endpoint in failures else None,
            }
            for bridge in self.watch.bridges
        ]
        return {"sentinels": sentinels}
