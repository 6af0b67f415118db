"""Keeps a multiplexer's view of its cluster true.

It asks one member at a time for the topology: when the first member was connected, whenever a reply or a lost
connection says that something has changed, and now and then. While something is amiss it goes on asking, ever more
slowly; otherwise replies cannot make it ask more than once in :data:`CALM` seconds.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ...errors import RedisConnectionError, RedisError
from ..call_options import ANY_DATABASE, is_asking
from ..chance import fraction, one_of
from ..commands.command_table import COMMANDS
from ..handshake.conversation import Conversation
from ..logging import logger
from ..message import InternalMessage, Message
from ..physical_bridge import PhysicalBridge
from ..server_endpoint import ServerEndPoint
from ..wire.resp import pack_command
from .routes import ClusterRoutes, ShardServers
from .strangers import ALONE, Strangers, alone
from .topology import Topology, TopologyChange, comparing
from .topology_replies import TopologyReply, ask_for_topology, build

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions, EndPoint
    from ..commands.command import Command
    from ..diagnosis.events import ErrorEvent
    from ..seam import CoordinatedDriver
    from ..server_set import ServerSet

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: Least seconds between two questions while all is well, whatever replies say: a MOVED corrects the map by itself.
CALM = 2.0
#: The same while something is amiss: it doubles from the first to the second.
FIRST_DOUBT, LAST_DOUBT = 0.05, 0.3
#: After so many questions in doubt it is a lasting trouble, asked about at this pace while nobody waits for its end.
LASTING, LASTING_PACE = 120, 5.0
#: Part of a wait that is drawn at random, so that many clients do not ask at the same moment.
JITTER = 0.5
#: Seconds a member is given to answer before another one is asked.
PATIENCE = 1.0
#: A member that is due an answer and silent for so many seconds may be hung.
HUNG = 1.0
#: The same, a little less: what was sent along with a question is no older than that once it is given up.
MUTE = 0.9
#: Seconds for which a member is taken to be of the cluster it has described: less than it takes to move to another.
JUST_NOW = 0.5
#: New servers that are made before there is a pause.
SERVERS_PER_SLICE = 50
#: Primaries that are connected before they are needed.
CONNECT_AT_ONCE = 64

_READONLY, _READWRITE = COMMANDS["READONLY"], COMMANDS["READWRITE"]


class ClusterWatch(Generic[Bridge]):
    """The watch over one cluster.

    Attributes:
        topology: The latest snapshot, or None before the first.
        routes: What the strategy chooses by.
        error: Why the latest question failed, or None.
        settled: Whether the first question was answered, well or not.
        rounds: How many rounds of questions have ended.
    """

    def __init__(
        self,
        options: ConfigurationOptions,
        servers: ServerSet[Bridge],
        routes: ClusterRoutes[Bridge],
        driver: CoordinatedDriver[Bridge],
        clock: Callable[[], float],
        changed: Callable[[ServerEndPoint[Bridge], TopologyChange], None],
        left: Callable[[], None],
        strange: Callable[[ErrorEvent], None],
    ) -> None:
        """Make a watch that asks once it is told to.

        Args:
            options: The configuration.
            servers: The multiplexer's servers; the watch adds and retires them.
            routes: What the strategy chooses by; the watch keeps them to what it is told.
            driver: The multiplexer's driver.
            clock: The driver's clock.
            changed: Called with whoever was asked and what has changed.
            left: Called after servers may have left.
            strange: Called where a server turns out to belong to another cluster.
        """
        self.routes = routes
        self.topology: Topology | None = None
        self.error: BaseException | None = None
        self.settled = False
        self.rounds = 0
        self._options = options
        self._servers = servers
        self._driver = driver
        self._clock = clock
        self._changed = changed
        self._left = left
        self._asked_at = -inf
        self._due_at = inf
        self._doubts = 0
        self._asking: object | None = None
        self._asked: ServerEndPoint[Bridge] | None = None
        self._again = False
        self._began_at = -inf
        self._tried: set[ServerEndPoint[Bridge]] = set()
        self._has_failed = False
        self._first: ServerEndPoint[Bridge] | None = None
        self._strangers: Strangers[Bridge] = Strangers(servers, strange)
        self.routes.servers = servers.servers

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options."""
        self._options = options

    # -- when to ask -----------------------------------------------------------------------------------

    def refresh(self, doubt: bool) -> None:
        """Ask for the topology soon: at once, unless that was done just now.

        Args:
            doubt: Whether something is amiss that the answer may mend.
        """
        self._ask_soon(min(FIRST_DOUBT * 2 ** min(self._doubts, 8), LAST_DOUBT) if doubt else CALM)

    def vouches(self, server: ServerEndPoint[Bridge]) -> bool:
        """Whether a server was asked just now and is none of another cluster; otherwise it is asked before any other.

        Its word about servers that nobody knows yet counts only then: a member of another cluster knows others.
        """
        if self.topology is None or self._clock() - server.described_at < JUST_NOW:
            return True
        self._first = server
        self.refresh(doubt=True)
        return False

    def _go_on(self) -> None:
        """Ask once more, as something is amiss still."""
        self._doubts += 1
        if self._doubts < LASTING:
            self.refresh(doubt=True)
        else:
            self._ask_soon(LASTING_PACE)

    def _ask_soon(self, pace: float) -> None:
        """Ask once so many seconds have passed since the question before, and a little more by chance."""
        if self._driver.closed:
            return
        now = self._clock()
        wait = max(self._asked_at + pace - now, 0.0)
        wait += fraction(0, JITTER * min(wait, pace) if wait else FIRST_DOUBT * JITTER)
        with self._driver.lock:
            if now + wait >= self._due_at:
                return
            self._due_at = now + wait
        self._driver.later(wait, _ask_if_alive, weakref.ref(self))

    def ask(self) -> None:
        """Ask now, unless somebody is being asked."""
        with self._driver.lock:
            if self._due_at > self._clock() + 0.001:
                return  # asked meanwhile, at an earlier time that was set later
            self._due_at = inf
            if self._asking is not None:
                # Whoever has just connected is alive, which those may not be of whom one has not answered.
                if not (self._has_failed and self._newly_connected()):
                    self._again = True
                    return
            else:
                self._tried.clear()
                self._strangers.begin()
                self._has_failed = False
                self._began_at = self._clock()
        self._ask_another()

    def _able(self) -> list[ServerEndPoint[Bridge]]:
        """Return who is connected and was not asked in this round."""
        return [server for server in self._servers.servers if server.is_connected and server not in self._tried]

    def _newly_connected(self) -> list[ServerEndPoint[Bridge]]:
        """Return who of them was connected since the round began."""
        return [server for server in self._able() if server.interactive.established_at > self._began_at]

    def _ask_another(self) -> None:
        """Ask a member that was not asked in this round."""
        now = self._clock()
        self._asked_at = now
        able = self._able()
        lively = [server for server in able if server.silence(now) < HUNG]
        if not able or (self._tried and not lively):
            self._give_in()  # whoever owes answers for long would owe one more
            return
        first, self._first = self._first, None
        server = first if first in able else one_of(self._newly_connected() or lively or able)
        self._tried.add(server)
        self._asked = server
        token = self._asking = object()
        name = self._options.command_map.get("CLUSTER", "CLUSTER")
        bridge = server.interactive

        def done(talk: Conversation[TopologyReply]) -> None:
            if self._asking is not token:
                return  # it took too long, and somebody else was asked
            if talk.result is not None:
                self._driver.run(self._take(server, talk.result))
                return
            server.described_at = self._clock()  # as far as it may
            if "cluster support disabled" in str(talk.error):
                self._strangers.is_stranger(server, alone(server.endpoint), self.topology)
            self._failed(server, talk.error)

        if name is None:
            self._end_round(RedisConnectionError("CLUSTER is disabled by the command map: its slots are unknown"))
            return
        self._driver.later(PATIENCE, _give_up_if_alive, weakref.ref(self), token, server)
        try:
            Conversation(ask_for_topology(name), bridge.post, done).start()
        except RedisError as error:
            self._failed(server, error)
            return
        if self._asking is token and not server.is_connected:
            self._give_up_lost(server)  # before it was asked: nobody told of it any more

    def give_up(self, token: object, server: ServerEndPoint[Bridge]) -> None:
        """Ask somebody else where a member has not answered in time."""
        if self._asking is token:
            if not self._has_failed:  # the others may hang as well: not one after the other shall show it
                self._reach_out()
                self._ping(self._able())
            self._failed(server, RedisConnectionError(f"{server.endpoint} did not describe its cluster in time"))

    def _ping(self, servers: Iterable[ServerEndPoint[Bridge]]) -> None:
        """Send something that is answered at once, so that silence tells who does not answer."""
        for server in servers:
            bridge = server.interactive
            try:
                bridge.post([bridge.keepalive()])
            except RedisError:
                pass  # it is lost meanwhile

    def _give_up_lost(self, server: ServerEndPoint[Bridge]) -> None:
        """Ask somebody else where a member was lost: the question waits until it is back, if it ever is."""
        if self._asking is not None and self._asked is server:
            self._failed(server, RedisConnectionError(f"{server.endpoint} was lost before it described its cluster"))

    def _failed(self, server: ServerEndPoint[Bridge], error: BaseException | None) -> None:
        logger().info("%s did not describe its cluster: %s", server.endpoint, error)
        self.error = error
        self._has_failed = True
        self._ask_another()

    def _reach_out(self) -> None:
        """Connect to whoever may know more: all members may have been replaced, and the seeds lead to others by now."""
        self._doubts = max(self._doubts, 1)  # so that whoever is connected first is asked at once
        seeds = self._servers.add(self._options.endpoints)
        for server in seeds:
            if server not in self.routes.servers and self._is_mute(server):
                server.give_up(RedisConnectionError(f"{server.endpoint} did not describe its cluster in time"))
        for server in (*seeds, *self.routes.primaries):
            server.connect()

    def _is_mute(self, server: ServerEndPoint[Bridge]) -> bool:
        """Whether a server that is connected owes an answer, such as that to a question, for as long as we wait."""
        return server.silence(self._clock()) >= MUTE

    def _give_in(self) -> None:
        """Everybody was asked, and nobody has said anything that counts: another cluster may have taken the place."""
        if self._driver.closed:
            self._asking = None
            return
        self._reach_out()
        for server in self.routes.servers[:CONNECT_AT_ONCE]:
            server.connect()
        found = self._strangers.successor(self.topology, self._options.endpoints, self._is_mute, self._clock())
        if found is None:
            self._end_round(None)
        else:
            self._driver.run(self._settle(*found))

    def _end_round(self, error: BaseException | None) -> None:
        """Nobody is left to ask, or somebody has answered."""
        self.rounds += 1
        self.error = error or self.error
        self._asking = None
        if self._driver.closed:
            return
        is_any_connected = any(server.is_connected for server in self._servers.servers)
        if is_any_connected and (self.topology is None or self._again or self._is_amiss()):
            self._again = False
            self._go_on()
        self.settled = self.settled or is_any_connected
        self._driver.notify()

    def _is_amiss(self) -> bool:
        """Whether a primary cannot be used, or a slot has none, so that the topology will change before long."""
        topology, now = self.topology, self._clock()
        if topology is None or not topology.is_up or topology.covered < len(topology.owners):
            return True
        for server in self.routes.primaries:
            bridge = server.interactive
            tried = bridge.ever_established or bridge.attempts > 0
            if (tried and not server.is_connected) or server.silence(now) >= HUNG:
                return True
        return False

    # -- what happens to servers -----------------------------------------------------------------------

    def restored(self, server: ServerEndPoint[Bridge]) -> None:
        """A server is connected."""
        self._tried.discard(server)  # another one may answer there by now
        if self.topology is None or self._doubts:
            self.refresh(doubt=True)

    def connect_failed(self, server: ServerEndPoint[Bridge]) -> None:
        """A server could not be connected: others know whether its slots have moved."""
        if server in self.routes.primaries and (self._doubts < LASTING or _is_awaited(server)):
            self.refresh(doubt=True)

    def lost(self, server: ServerEndPoint[Bridge]) -> None:
        """A server's connection broke."""
        self._give_up_lost(server)
        self.refresh(doubt=True)
        self.reroute(server)

    def established(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """A connection is up on which nothing was sent yet: a replica is told that reads are wanted of it."""
        if server.role == "replica":
            # Whether it is this one that told it is noted when it is told again, which does no harm.
            bridge.backlog.appendleft(_told(_READONLY))

    def forget(self) -> None:
        """In the child of a fork: nobody is being asked, and nothing is scheduled."""
        self._asking = None
        self._due_at = inf

    def beat(self, now: float) -> None:
        """Ask where that is due: now and then, and while a server is awaited that is silent or not connected."""
        if any(server.silence(now) >= HUNG or _is_awaited(server) for server in self.routes.primaries):
            self.refresh(doubt=True)
        elif 0 < self._options.config_check_seconds <= now - self._asked_at:
            self.refresh(doubt=False)

    # -- taking an answer ------------------------------------------------------------------------------

    def _take(self, server: ServerEndPoint[Bridge], reply: TopologyReply) -> Iterator[None]:
        """Take an answer, in slices."""
        options = self._options
        try:
            topology = yield from build(reply, server.endpoint, options.address_remap, options.ssl)
            if self._strangers.is_stranger(server, topology, self.topology):
                server.described_at = -inf
                self._ask_another()
                return
            server.described_at = self._clock()
            if self._is_old_news(topology):
                self._ask_another()
                return
        except Exception as error:
            logger().exception("a description of the cluster could not be read")
            self._failed(server, error)
            return
        yield from self._settle(server, topology)

    def _settle(self, server: ServerEndPoint[Bridge], topology: Topology) -> Iterator[None]:
        """Have a topology count that a server has described, in slices."""
        try:
            change = yield from comparing(self.topology, topology)
            yield
            if change or self.topology is None:
                yield from self._adopt(topology)
                self._changed(server, change)
            else:
                self.topology = topology
            yield
            self._clean_up(topology)
            yield
        except Exception as error:
            logger().exception("a description of the cluster could not be taken")
            self._strangers.begin()  # or one of them would be tried again at once
            self._failed(server, error)
            return
        self.error = None
        self.settled = True
        if not self._is_amiss():
            self._doubts = 0
        self._end_round(None)

    def _is_old_news(self, topology: Topology) -> bool:
        """Whether somebody else must be asked: this one knows less than was known, or is cut off from the others."""
        known = self.topology
        if known is None or not known.nodes:
            return not topology.nodes and self._has_more()
        if topology.epoch < known.epoch or not topology.nodes:
            # Nobody knows more: the cluster was made anew. But not while this one says it is down.
            return self._has_more() or not topology.is_up
        return not topology.is_up and topology != known and self._has_more()

    def _has_more(self) -> bool:
        return any(server.is_connected and server not in self._tried for server in self._servers.servers)

    def _adopt(self, topology: Topology) -> Iterator[None]:
        """Make another topology the one that counts."""
        servers: dict[EndPoint, ServerEndPoint[Bridge]] = {}
        endpoints = list(topology.nodes)
        for first in range(0, len(endpoints), SERVERS_PER_SLICE):
            some = endpoints[first : first + SERVERS_PER_SLICE]
            servers.update(zip(some, self._servers.add(some), strict=True))
            yield
        shards = []
        for shard in topology.shards:
            if shard.primary is not None:
                replicas = tuple(servers[endpoint] for endpoint in shard.replicas)
                shards.append((ShardServers(servers[shard.primary], replicas), shard.ranges))
        yield
        for endpoint, node in topology.nodes.items():
            facts = servers[endpoint].facts
            facts.role, facts.mode = node.role, "standalone" if topology.source == ALONE else "cluster"
            facts.availability_zone = node.availability_zone or facts.availability_zone
        yield from self.routes.install(shards)
        self.routes.servers = tuple(servers.values())
        self.topology = topology
        # Only now: what was routed to a primary before it became a replica must not be answered with stale data.
        for server in servers.values():
            self._tell_role(server)
        for server in self.routes.primaries[:CONNECT_AT_ONCE]:
            server.connect()
        if self.routes.wants_replicas():
            for shard_servers, _ in shards:
                for server in shard_servers.replicas:
                    server.connect()

    def _tell_role(self, server: ServerEndPoint[Bridge]) -> None:
        """See that a replica's connection answers reads, and a primary's none it should not."""
        wants = server.role == "replica"
        for bridge in server.stripes:
            connection = bridge.connection
            if connection is None or connection.reads_only is wants:
                continue
            connection.reads_only = wants
            try:
                bridge.post([_told(_READONLY if wants else _READWRITE)])
            except RedisError:
                pass  # it is lost meanwhile, and told when it is back

    def _clean_up(self, topology: Topology) -> None:
        """Let go who has left, and send elsewhere what waits in vain."""
        members = [self._servers.get(endpoint) for endpoint in topology.nodes]
        if any(server is not None and server.is_connected for server in members):
            # Whoever was asked may not have heard yet of those that slots have moved to.
            news = self.routes.corrected()
            servers = [server for server in self._servers.servers if server not in news]
            gone = [server for server in servers if server.endpoint not in topology.nodes]
            for server in gone:
                if server.facts.mode not in (None, "cluster"):
                    logger().warning("%s is not in cluster mode and is left alone", server.endpoint)
                if server.silence(self._clock()) >= HUNG:
                    self._drop(server)  # it will not answer what it was sent
            self._servers.retire(gone)
            self._left()
        now = self._clock()
        primaries = set(self.routes.primaries)
        for server in self._servers.servers:
            if not server.is_connected:
                self.reroute(server)
            elif server not in primaries and server.silence(now) >= HUNG:
                self._drop(server)

    def _drop(self, server: ServerEndPoint[Bridge]) -> None:
        """Give up the connection of a member that hangs and whose slots another one has taken over."""
        server.give_up(RedisConnectionError(f"{server.endpoint} hangs, and its slots were taken over by another"))

    def reroute(self, server: ServerEndPoint[Bridge]) -> None:
        """Send elsewhere what waits for a server that is not connected and belongs on another by now."""
        if self.topology is not None:
            for bridge in server.stripes:
                bridge.reroute(partial(self._belongs_elsewhere, bridge))

    def _belongs_elsewhere(self, bridge: Bridge, message: Message) -> bool:
        if is_asking(message.options):
            return False
        try:
            return self.routes.select_packed(message.command, message.options, message.payload) is not bridge
        except RedisError:
            return False


def _is_awaited(server: ServerEndPoint[Any]) -> bool:
    """Whether commands wait for a server that is not connected."""
    return not server.is_connected and any(bridge.backlog for bridge in server.stripes)


def _told(command: Command) -> InternalMessage:
    return InternalMessage(command, pack_command((command.name,)), ANY_DATABASE)


def _ask_if_alive(reference: weakref.ref[ClusterWatch[Any]]) -> None:
    watch = reference()
    if watch is not None:
        watch.ask()


def _give_up_if_alive(reference: weakref.ref[ClusterWatch[Any]], token: object, server: Any) -> None:
    watch = reference()
    if watch is not None:
        watch.give_up(token, server)
