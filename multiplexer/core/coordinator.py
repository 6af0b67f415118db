"""What a multiplexer knows and decides about its servers; it has no sockets and waits for nothing.

It is the bridges' :class:`~.seam.Listener`, so its methods run wherever something happened: under threads
in the thread that reads or connects. They change single attributes or swap whole tuples, and never wait.
"""

from __future__ import annotations

import binascii
import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..errors import AskError, MovedError, RedisError
from ..importing import importing
from ..version import __version__
from .call_options import PreparedOptions
from .commands.guard import Guard
from .diagnosis.events import (
    ConfigurationEvent,
    ConnectionEvent,
    ErrorEvent,
    Event,
    Events,
    HashSlotMoved,
    ServerMaintenance,
)
from .diagnosis.storm_log import StormLog
from .diagnosis.tally import Tally
from .group.guide import GroupGuide
from .group.roles import Roles
from .handshake.conversation import Conversation
from .handshake.credentials import Credentials
from .handshake.handshake import Introduction, authentication
from .handshake.server_facts import ServerFacts
from .logging import logger
from .message import ForgottenMessage, Message
from .physical_bridge import BridgeState, PhysicalBridge
from .pubsub.placement import Placement
from .pubsub.subscriptions import Publication, Subscriptions
from .resending import Rerouted, Resend
from .server_endpoint import ServerEndPoint
from .server_selection_strategy import ByRole, ServerSelectionStrategy
from .server_set import ServerSet
from .types import Topic

if TYPE_CHECKING:
    from ..configuration import ConfigurationOptions, EndPoint
    from .availability.server_breakers import ServerBreakers
    from .cache.client_cache import ClientCache
    from .guide import Guide
    from .health import Health
    from .maintenance.maintenance import Maintenance
    from .maintenance.moves import Moves
    from .seam import CoordinatedDriver

LIBRARY_NAME = "multiplexer"

_FIRST_WITH_HELLO = (6,)

#: How names end of servers that are known to announce maintenance where they are asked to.
_ANNOUNCING = (".redislabs.com", ".cloud.redis.io", ".redis.azure.net")

_MAINTENANCE = frozenset(
    (b"MOVING", b"MIGRATING", b"MIGRATED", b"FAILING_OVER", b"FAILED_OVER", b"SMIGRATING", b"SMIGRATED")
)

Bridge = TypeVar("Bridge", bound=PhysicalBridge)


class Coordinator(Generic[Bridge]):
    """The servers of one multiplexer.

    Attributes:
        options: The configuration.
        server_set: The servers, which come and go.
        strategy: Chooses among them.
        guide: Knows how they belong together, and how to find them.
        roles: What each is for.
        guard: Checks commands against the configuration.
        elsewhere: The strategy of the group of deployments that this is one of, or None: where what travels goes.
        beyond: Says why no deployment of that group can be used; empty where one can, or there is no group.
        on_change: Called when a connection was made, lost or not made; wherever that happens.
        subscriptions: What is wanted from pub/sub.
        storm_log: What was outstanding when timeouts piled up.
        cache: What is kept of replies; None before anybody wants something kept.
        moves: What has connections replaced; None before anybody wants that.
        tally: How often what happens seldom has happened.
    """

    def __init__(
        self,
        options: ConfigurationOptions,
        driver: CoordinatedDriver[Bridge],
        clock: Callable[[], float],
    ) -> None:
        self.options = options
        self._driver = driver
        self._notify = driver.notify
        self._clock = clock
        self._lock = lock = driver.lock
        events = Events(driver.make_queue)
        self.guard = Guard(options)
        self.storm_log = StormLog()
        self.tally = Tally(lock, clock)
        self.strategy: ServerSelectionStrategy[Bridge] = ServerSelectionStrategy(ByRole())  # the guide has its own
        self.elsewhere: ServerSelectionStrategy[Bridge] | None = None
        self.beyond: Callable[[], str] = str
        self.on_change: Callable[[], None] = _nothing
        self.subscriptions = Subscriptions(lock, driver.notify, self.subscribe, clock)
        self.placement: Placement[Bridge] = Placement(self, driver, lock)
        self.connection_failed: Event[ConnectionEvent] = Event("connection_failed", events)
        self.connection_restored: Event[ConnectionEvent] = Event("connection_restored", events)
        self.configuration_changed: Event[ConfigurationEvent] = Event("configuration_changed", events)
        self.configuration_changed_broadcast: Event[ConfigurationEvent] = Event(
            "configuration_changed_broadcast", events
        )
        self.error_message: Event[ErrorEvent] = Event("error_message", events)
        self.internal_error: Event[ErrorEvent] = Event("internal_error", events)
        self.hash_slot_moved: Event[HashSlotMoved] = Event("hash_slot_moved", events)
        self.server_maintenance: Event[ServerMaintenance] = Event("server_maintenance", events)
        self.server_set: ServerSet[Bridge] = ServerSet(self._make_server, driver.remove_bridge, clock, lock)
        self.roles: Roles[Bridge] = Roles(self, clock)
        self.guide: Guide[Bridge]
        if options.service_name is None:
            self.guide = GroupGuide(self, driver, clock)
        else:
            with importing:
                from .sentinel.guide import SentinelGuide  # only now: as that of a cluster below

            self.guide = SentinelGuide(self, driver, clock, options.name or default_client_name())
        self.cache: ClientCache[Bridge] | None = None
        self.moves: Moves[Bridge] | None = None
        self._maintenance: Maintenance[Bridge] | None = None
        self._breakers: ServerBreakers[Bridge] | None = None
        self._report_every = 0.0
        self._report_at = 0.0

    def status(self) -> dict[str, Any]:
        """Return the state of everything as plain values."""
        beyond = self.guide.status()
        if self.cache is not None:
            beyond = {**beyond, "client_cache": self.cache.statistics()._asdict()}
        with importing:
            from .status import status_of  # only now: most are never asked

        return status_of(self.options, self.servers, self.storm_log, self.tally, beyond, self._clock())

    def client_cache(self) -> ClientCache[Bridge]:
        """Return the client-side cache; the first call makes it."""
        with self._lock:
            if self.cache is None:
                with importing:
                    from .cache.client_cache import ClientCache  # only now: most multiplexers never need it

                self.cache = ClientCache(self, self._driver, self._clock)
                self.strategy.on_follow = partial(self._followed, self.strategy.on_follow)
            return self.cache

    def mover(self) -> Moves[Bridge]:
        """Return what has connections replaced; the first call makes it."""
        with self._lock:
            if self.moves is None:
                with importing:
                    from .maintenance.moves import Moves  # only now: most multiplexers never need it

                self.moves = Moves(self, self._driver, self._clock)
            return self.moves

    def maintenance(self) -> Maintenance[Bridge]:
        """Return what acts on maintenance that servers announce; the first call makes it."""
        with self._lock:
            if self._maintenance is None:
                with importing:
                    from .maintenance.maintenance import Maintenance  # only now: most servers never announce any

                self._maintenance = Maintenance(self, self._driver, self._clock)
            return self._maintenance

    def handed_over(self, bridge: PhysicalBridge, heard_at: float) -> None:
        """Another connection takes the place of one that was last read from at ``heard_at``, and has answered all."""
        self.tally.note("handed_over", bridge.endpoint, bridge.kind)
        self.placement.lost(self._server_of(bridge), bridge, heard_at)

    def _followed(self, before: Callable[[], None] | None) -> None:
        if before is not None:
            before()
        self.slots_moved()

    def slots_moved(self) -> None:
        """Where commands go has changed: what was fetched elsewhere counts no more."""
        if self.cache is not None:
            self.cache.review()

    def health(self, closed: bool) -> Health:
        """Return how everything is; ``closed`` says whether the multiplexer was closed."""
        with importing:
            from .health import health_of

        return health_of(self.servers, self.guide, closed, self._clock())

    # -- servers ---------------------------------------------------------------------------------------

    @property
    def servers(self) -> tuple[ServerEndPoint[Bridge], ...]:
        """Every server, in the order they were configured or found."""
        return self.server_set.servers

    def _make_server(self, endpoint: EndPoint) -> ServerEndPoint[Bridge]:
        count = self.options.connections_per_endpoint
        return ServerEndPoint(
            endpoint, *[self._driver.make_bridge(endpoint, "interactive", self) for _ in range(count)]
        )

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> Resend[Bridge] | None:
        """Return how to send a refused or rerouted message once more, or None where that cannot help."""
        if isinstance(error, Rerouted):
            return None if message.options.pinned else Resend(0.0, counts=False)
        options = message.options
        if isinstance(options, PreparedOptions) and options.preparation.mends(bridge.connection, error):
            return Resend(0.0, bridge)  # type: ignore[arg-type]
        if isinstance(error, AskError):
            self.tally.note("redirected", bridge.endpoint, "MOVED" if isinstance(error, MovedError) else "ASK")
        if isinstance(error, MovedError):
            self._tell_of_move(bridge, error)
        resend = self.guide.resend(bridge, message, error)
        if self.cache is not None and isinstance(error, MovedError):
            self.cache.review(error.slot_id)
        return resend

    def target(self, bridge: PhysicalBridge, message: Message) -> Any:
        """Return the bridge a message belongs on by now.

        Raises:
            RedisError: There is none.
        """
        if message.options.pinned:
            return bridge
        strategy = self.elsewhere if message.options.travels and self.elsewhere is not None else self.strategy
        return strategy.only or strategy.select_packed(message.command, message.options, message.payload)

    def belongs_elsewhere(self, bridge: PhysicalBridge, message: Message) -> bool:
        """Whether a message that waits at one bridge belongs on another by now."""
        try:
            return self.target(bridge, message) is not bridge
        except RedisError:
            return False

    def enter_cluster(self, left: Guide[Bridge]) -> None:
        """A server says that it belongs to a cluster: from now on slots decide where commands go.

        Args:
            left: The guide so far. Several servers may say so at once, each in its reader's thread.
        """
        with self._lock:
            if self.guide is not left:
                return
            with importing:
                from .cluster.guide import ClusterGuide  # only now: most multiplexers never need it

            self.guide = ClusterGuide(self, self._driver, self._clock)
            self.guide.start()  # last: what goes where slots say must find a guide that knows what MOVED means

    def changed(self, server: ServerEndPoint[Bridge], changes: Sequence[str]) -> None:
        """A server is not what it was: tell the application, and see whether subscriptions belong elsewhere."""
        self.configuration_changed.fire(ConfigurationEvent(str(server.endpoint), tuple(changes)))
        self.placement.review_soon()
        if self.cache is not None:
            self.cache.changed(server)
        self._notify()

    # -- the bridges' listener -------------------------------------------------------------------------

    def introduction(self, bridge: PhysicalBridge) -> Introduction:
        """Return what the handshake of a new connection shall say."""
        options = self.options
        interactive = bridge.kind == "interactive"
        protocol = None if options.protocol == "auto" else options.protocol
        if protocol is None and options.version is not None and options.version < _FIRST_WITH_HELLO:
            protocol = 2
        command_map = options.command_map
        if self.guard.proxy is not None:  # it speaks RESP2 and answers next to nothing of all this
            protocol = 2
            command_map = self.guard.proxy.handshake_map(command_map)
        return Introduction(
            user=options.user,
            password=options.password,
            protocol=protocol,
            client_name=options.name or default_client_name(),
            library=(LIBRARY_NAME, __version__) if options.setlib else None,
            database=options.default_database if interactive else 0,
            learn=interactive,
            tracer=binascii.hexlify(os.urandom(8)).decode(),
            command_map=command_map,
            maintenance=self._maintenance_words(bridge)
            if protocol != 2 and self._asks_for_maintenance(bridge)
            else None,
            requires_maintenance=options.maint_notifications == "enabled",
            redirects=interactive and options.service_name is None,
        )

    def _asks_for_maintenance(self, bridge: PhysicalBridge) -> bool:
        """Whether a server is asked to announce maintenance.

        Most refuse that, and those who watch them take the refusals for faults.
        """
        wanted = self.options.maint_notifications
        return wanted == "enabled" or (wanted == "auto" and bridge.endpoint.host.endswith(_ANNOUNCING))

    def _maintenance_words(self, bridge: PhysicalBridge) -> tuple[str, ...]:
        """Return how a server that moves is asked to name its new address."""
        endpoint = bridge.endpoint
        kind = self.options.maint_moving_endpoint_type
        if kind == "auto":
            # The certificate must be that of the new address, so with TLS that is to have a name.
            form = "fqdn" if self.options.ssl and not endpoint.is_numeric else "ip"
            kind = f"{'internal' if endpoint.is_private else 'external'}-{form}"
        return ("moving-endpoint-type", kind)

    def established(self, bridge: PhysicalBridge, facts: ServerFacts) -> None:
        """A connection is up; nothing of the user's was sent on it yet."""
        server = self._server_of(bridge)
        if bridge.kind == "interactive":
            server.facts.protocol = facts.protocol
            facts.version = facts.version or self.options.version
            if self.guard.proxy is not None:
                facts.role, facts.mode = "proxy", self.guard.proxy.key
            self.roles.established(server, facts)
        self.guide.established(server, bridge)
        self.placement.established(server, bridge)

    def restored(self, bridge: PhysicalBridge) -> None:
        """The connection announced by :meth:`established` takes commands."""
        if bridge.reported_failure:
            bridge.reported_failure = False
            self.connection_restored.fire(ConnectionEvent(str(bridge.endpoint), bridge.kind, None))
        logger().info("connected to %s (%s)", bridge.endpoint, bridge.kind, extra=_fields(bridge))
        self.guide.restored(self._server_of(bridge), bridge)
        if self.cache is not None:
            self.cache.restored(bridge)  # type: ignore[arg-type]
        if self.moves is not None:
            self.moves.restored(bridge)
        self._notify()
        self.on_change()

    def connect_failed(self, bridge: PhysicalBridge, error: BaseException) -> None:
        """An attempt to connect failed; there will be another."""
        self.guide.connect_failed(bridge)
        self.tally.note("connect_failed", bridge.endpoint, type(error).__name__, str(error))
        self._report_failure(bridge, error)
        self._notify()
        self.on_change()

    def lost(self, bridge: PhysicalBridge, error: BaseException) -> None:
        """An established connection broke."""
        server = self._server_of(bridge)
        self.placement.lost(server, bridge, bridge.heard_at)
        self.roles.lost()
        self.guide.lost(server, bridge)
        self.tally.note("lost", bridge.endpoint, type(error).__name__, str(error))
        self._report_failure(bridge, error)
        self._notify()
        self.on_change()

    def left_to_parent(self, bridge: PhysicalBridge) -> None:
        """This is the child of a fork, and the connection was left to the parent."""
        server = self._server_of(bridge)
        server.checking = False
        self.guide.forget()
        if self.cache is not None:
            self.cache.forget()
        if self.moves is not None:
            self.moves.forget()
        if self._breakers is not None:
            self._breakers.forget()
        self.placement.left_to_parent(server, bridge, self._clock())

    def _report_failure(self, bridge: PhysicalBridge, error: BaseException) -> None:
        """Tell of a failure once, until the connection is back."""
        if bridge.state is BridgeState.CLOSED:
            return
        if not bridge.reported_failure:
            bridge.reported_failure = True
            text = str(error) or type(error).__name__
            fields = _fields(bridge) | {"error": text, "error_type": type(error).__name__}
            logger().warning("%s (%s) failed: %s", bridge.endpoint, bridge.kind, text, extra=fields)
            self.connection_failed.fire(ConnectionEvent(str(bridge.endpoint), bridge.kind, error))

    def pushed(self, bridge: PhysicalBridge, push: list[Any]) -> None:
        """An out-of-band message arrived."""
        try:
            if self.subscriptions.deliver(push) or self.subscriptions.ended(push, bridge.server):
                return
            if push[0] in _MAINTENANCE:
                said = self.maintenance().announced(self._server_of(bridge), push, self._asks_for_maintenance(bridge))
                self.tally.note("maintenance", bridge.endpoint, said.kind)
                self.server_maintenance.fire(ServerMaintenance(str(bridge.endpoint), *said, tuple(push[1:])))
        except Exception as error:
            logger().exception("a push could not be delivered")
            self.internal_error.fire(ErrorEvent("push", error))

    def _tell_of_move(self, bridge: PhysicalBridge, error: MovedError) -> None:
        _, _, endpoint = [*str(error).split(), "?", "?", "?"][:3]
        self.hash_slot_moved.fire(HashSlotMoved(error.slot_id, str(bridge.endpoint), endpoint))

    def timed_out(self, bridge: PhysicalBridge, error: RedisError) -> None:
        """A command's deadline passed."""
        self.storm_log.note(bridge, error)
        self.tally.note("timed_out", bridge.endpoint, type(error).__name__, str(error))

    def forgotten_failed(self, bridge: PhysicalBridge, message: ForgottenMessage, error: RedisError) -> None:
        """A fire-and-forget command failed. Where its server has left, or another serves its slot, it is sent again."""
        resend = self.resend(bridge, message, error) if isinstance(error, Rerouted | AskError) else None
        if resend is None:
            self.error_message.fire(ErrorEvent(message.command.name, error))
        elif resend.delay:
            self._driver.later(resend.delay, self._post_again, bridge, message, resend)
        else:
            self._post_again(bridge, message, resend)

    def _post_again(self, bridge: PhysicalBridge, message: ForgottenMessage, resend: Resend[Bridge]) -> None:
        try:
            message.bridge = target = resend.begin(bridge, message)
            target.post([message])
        except RedisError as error:
            self.error_message.fire(ErrorEvent(message.command.name, error))

    # -- changes while running -------------------------------------------------------------------------

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options."""
        self.options = options
        self.guard.reconfigure(options)
        self.strategy.reconfigure(options.read_from)
        self.guide.reconfigure(options)
        if self.cache is not None:
            self.cache.reconfigure()
        for bridge in self._bridges():
            bridge.reconfigure(options)

    def re_authenticate(self, credentials: Credentials) -> None:
        """Send new credentials over every connection that is up; others ask for them when they connect.

        One that subscribes under RESP2 takes no AUTH, and stays who it was.
        """
        for bridge in self._bridges():
            is_deaf = bridge.kind == "subscription" and self._server_of(bridge).facts.protocol != 3
            if bridge.state is BridgeState.ESTABLISHED and not is_deaf:
                steps = authentication(credentials, self.options.command_map)
                try:
                    Conversation(steps, bridge.post, partial(self._re_authenticated, bridge)).start()
                except RedisError:
                    pass  # it is being closed meanwhile; whoever takes its place asks for credentials when connecting

    def _re_authenticated(self, bridge: PhysicalBridge, talk: Conversation[None]) -> None:
        if talk.error is not None:
            logger().warning("%s refused new credentials: %s", bridge.endpoint, talk.error)
            self.error_message.fire(ErrorEvent("AUTH", talk.error))
        if self.cache is not None:
            self.cache.clear()  # what one user may read another may not

    def _bridges(self) -> list[Bridge]:
        return [bridge for server in self.servers for bridge in server.bridges]

    # -- now and then ----------------------------------------------------------------------------------

    def beat(self, now: float) -> None:
        """Look after the servers, and write the counters to the log."""
        self.server_set.sweep(now)
        for server in self.servers:
            if server.is_compared and server.is_connected:
                server.measure(self._clock)
        self.placement.beat()
        self.guide.beat(now)
        if self.options.max_connection_lifetime:
            self.mover().beat(now)
        if self.options.circuit_breaker:
            self._beat_breakers(now)
        if self.cache is not None:
            self.cache.beat(now)
        if self._report_every and now >= self._report_at:
            self._report_at = now + self._report_every
            for server in self.servers:
                counters = server.counters()
                logger().info("%s", counters, extra=counters.as_fields())
            if self.cache is not None:
                statistics = self.cache.statistics()
                logger().info("%s", statistics, extra=statistics._asdict())

    def _beat_breakers(self, now: float) -> None:
        if self._breakers is None:
            with importing:
                from .availability.server_breakers import ServerBreakers  # only now: most multiplexers have none

            self._breakers = ServerBreakers()
        self._breakers.beat(self.servers, now)

    def report_every(self, seconds: float) -> None:
        """Write the counters to the log every so many seconds; 0 ends it."""
        self._report_every = seconds
        self._report_at = self._clock() + seconds

    def _server_of(self, bridge: PhysicalBridge) -> ServerEndPoint[Bridge]:
        return bridge.server  # type: ignore[no-any-return]

    # -- pub/sub ---------------------------------------------------------------------------------------

    def listen_to_broadcasts(self) -> None:
        """Listen to the channel on which clients announce that they changed a server's role.

        Only once the application subscribes to something: a connection that may get pushes must be read even
        while nobody waits.
        """
        channel = self.options.config_channel
        if not channel or self.placement.own:
            return
        topic = ("channel", channel.encode())
        self.placement.own = frozenset((topic,))
        self.subscribe(self.subscriptions.want([topic], self._broadcast))

    def _broadcast(self, publication: Publication) -> None:
        endpoint = publication.data.decode(errors="replace")
        self.configuration_changed_broadcast.fire(ConfigurationEvent(endpoint, ()))
        self.guide.doubt()

    def subscribe(self, topics: list[Topic]) -> None:
        """See that topics are subscribed: at once where connected, else as soon as it is."""
        self.placement.subscribe(topics)

    def unsubscribe(self, topics: list[Topic]) -> None:
        """See that topics are subscribed no longer."""
        self.placement.unsubscribe(topics)


def _fields(bridge: PhysicalBridge) -> dict[str, Any]:
    """Return what a log record says of a connection, for formatters that show names and values."""
    return {"endpoint": str(bridge.endpoint), "connection_type": bridge.kind}


def _nothing() -> None:
    """Nobody wants to know."""


def default_client_name() -> str:
    """Return the name connections bear in CLIENT LIST unless one was configured: the host's."""
    host = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    printable = "".join(letter if "!" <= letter <= "~" else "-" for letter in host)
    return f"{printable}({LIBRARY_NAME}-v{__version__})"
