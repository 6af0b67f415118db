"""Which servers carry the subscriptions: each on a connection of its own, whatever it speaks.

Outside a cluster one server carries everything. In a cluster any member will do for channels and patterns, a shard
channel belongs to the server of its slot, and keyspace notifications to every primary, as each tells only of its own
keys. What is and what should be are compared whenever something may have changed, and once a heartbeat while
something is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ...errors import RedisError
from ..chance import one_of
from ..physical_bridge import BridgeState, PhysicalBridge
from ..physical_connection import SubscriptionMessage
from ..server_endpoint import ServerEndPoint
from ..types import Reply, Topic
from .feed import Feed, in_slices
from .keyspace import is_notification_channel
from .subscriptions import Subscriptions

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from ..guide import Guide
    from ..seam import CoordinatedDriver, Listener

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

if TYPE_CHECKING:

    class Subscribed(Listener[PhysicalBridge], Protocol[Bridge]):
        """Whose subscriptions these are: what is asked of a coordinator."""

        @property
        def subscriptions(self) -> Subscriptions: ...
        @property
        def servers(self) -> tuple[ServerEndPoint[Bridge], ...]: ...
        @property
        def guide(self) -> Guide[Bridge]: ...


#: Seconds until a subscription that a server did not take is tried again: by then the topology should be known.
_RETRY = 0.1

_Place = ServerEndPoint[Any]
_What = TypeVar("_What")


class Placement(Generic[Bridge]):
    """Places subscriptions.

    Attributes:
        own: Topics of the multiplexer's own, for whose messages nobody waits.
    """

    def __init__(
        self, coordinator: Subscribed[Bridge], driver: CoordinatedDriver[Bridge], lock: AbstractContextManager[object]
    ) -> None:
        self._coordinator = coordinator
        self._driver = driver
        self._lock = lock
        self._subscriptions = coordinator.subscriptions
        self._subscriptions.places = self.places
        self._subscriptions.misplaced = self._misplaced
        self._home: _Place | None = None
        self._places: dict[Topic, tuple[_Place, ...]] = {}
        self._topics: dict[_Place, dict[Topic, None]] = {}  # each in the order of subscribing
        self._feeds: dict[_Place, Feed] = {}  # one for each connection that is up
        self._review_is_due = False
        self._is_reviewing = False
        self.own: frozenset[Topic] = frozenset()

    def places(self, topic: Topic) -> tuple[_Place, ...]:
        """Return the servers a topic is placed at; none where nobody wants it."""
        return self._places.get(topic, ())

    def endpoint(self) -> str | None:
        """Return the address of the server that carries channels and patterns, or None while none does."""
        home = self._home
        return str(home.endpoint) if home is not None and self._subscriptions.confirmed else None

    # -- placing ---------------------------------------------------------------------------------------

    def _place(self, topic: Topic, homes: list[tuple[_Place, ...]]) -> tuple[_Place, ...]:
        """Return the servers a topic belongs at, by all that is known now.

        Args:
            topic: The topic.
            homes: What :meth:`_find_home` comes to; empty while that was not asked. For thousands it is asked once.
        """
        guide = self._coordinator.guide
        kind, name = topic
        if kind == "shard":
            owner = guide.owner(name)
            if owner is not None:
                return (owner,)
        elif is_notification_channel(name):
            primaries = guide.primaries
            if primaries:
                return primaries
        if not homes:
            home = self._find_home()
            homes.append(() if home is None else (home,))
        return homes[0]

    def _find_home(self) -> _Place | None:
        """Return the server for what any will do for: always the same, unless it is gone and another is there."""
        servers = self._coordinator.servers
        home = self._home
        if home is None or home not in servers:
            home = servers[0] if servers else None
        if home is not None and not home.is_connected and not self._is_heard(home):
            able = [server for server in servers if server.is_connected]
            # Not all clients of a server that died shall come to the same one.
            home = one_of([server for server in able if server.role == "primary"] or able or [home])
        self._home = home
        return home

    def _is_heard(self, server: _Place) -> bool:
        """Whether the connection for its subscriptions is up, though perhaps not the other one."""
        carrier = server.subscription
        return carrier is not None and carrier.state is BridgeState.ESTABLISHED

    def _assign(self, topic: Topic, places: tuple[_Place, ...]) -> None:
        for server in self._places.pop(topic, ()):
            self._topics[server].pop(topic, None)
            if not self._topics[server]:
                del self._topics[server]
        if places:
            self._places[topic] = places
            for server in places:
                self._topics.setdefault(server, {})[topic] = None

    # -- wishes ----------------------------------------------------------------------------------------

    def subscribe(self, topics: Iterable[Topic]) -> None:
        """See that topics are subscribed: at once where connected, else as soon as it is.

        Raises:
            RedisError: A connection takes no messages any more.
        """
        where: dict[_Place, list[Topic]] = {}
        homes: list[tuple[_Place, ...]] = []
        with self._lock:
            for topic in topics:
                if topic not in self._places:
                    self._assign(topic, self._place(topic, homes))
                for server in self.places(topic):
                    where.setdefault(server, []).append(topic)
        for server, mine in where.items():
            self._subscribe_at(server, mine)

    def _subscribe_at(self, server: _Place, topics: list[Topic]) -> None:
        with self._lock:  # under which a connection becomes established, having subscribed to what was wanted by then
            if not server.is_connected:
                server.connect()  # nobody is at it in the child of a fork
                return  # established() subscribes to everything that is wanted
            bridge = self._carrier(server)
        self._keep_reading(server, bridge)
        if not self._tell(server, topics, True):
            bridge.connector.start()
        self._count(server, bridge)

    def unsubscribe(self, topics: Iterable[Topic]) -> None:
        """See that topics are subscribed no longer.

        Raises:
            RedisError: A connection takes no messages any more.
        """
        where: dict[_Place, list[Topic]] = {}
        with self._lock:
            for topic in topics:
                for server in self._places.get(topic, ()):
                    where.setdefault(server, []).append(topic)
                self._assign(topic, ())
        for server, mine in where.items():
            self._unsubscribe_at(server, mine)

    def _unsubscribe_at(self, server: _Place, topics: list[Topic]) -> None:
        bridge = server.subscription
        if bridge is None:
            return
        self._tell(server, topics, False)
        self._count(server, bridge)
        self._keep_reading(server, bridge)

    # -- telling a server ------------------------------------------------------------------------------

    def _tell(self, server: _Place, topics: Iterable[Topic], wanted: bool) -> bool:
        """Tell a server of topics, a slice at a time; return False where it is not connected."""
        with self._lock:
            feed = self._feeds.get(server)
            if feed is None:
                return False
            feed.add(topics, wanted)
        self._go_on(server, feed)
        return True

    def _go_on(self, server: _Place, feed: Feed) -> None:
        """Tell a server what may be told by now.

        Raises:
            RedisError: Its connection takes no messages any more.
        """
        with self._lock:
            if self._feeds.get(server) is not feed:
                return  # what was due went with its connection
            bridge = server.subscription
            if bridge is None or bridge.state is not BridgeState.ESTABLISHED:
                return  # it is about to be; what it is told first is in its backlog
            messages = self._take(server, feed)
        try:
            bridge.post(messages)
        except RedisError as error:
            for message in messages:  # each is counted as under way
                message.finish(error)
            raise

    def _take(self, server: _Place, feed: Feed) -> list[SubscriptionMessage]:
        """Take from a feed what may be told, and have it go on once that is answered. Called under the lock."""
        subscriptions = self._subscriptions
        messages = feed.take(
            partial(subscriptions.messages, place=server), partial(subscriptions.endings, place=server)
        )
        for message in messages:
            message.then = partial(self._answered, server, feed, len(message.awaited), message.then)
        return messages

    def _answered(
        self, server: _Place, feed: Feed, count: int, then: Callable[[Reply], None] | None, reply: Reply
    ) -> None:
        if then is not None:
            then(reply)
        with self._lock:
            more = feed.answered(count)
        if more:
            self._driver.later(0.0, self._try, self._go_on, server, feed)

    # -- what happens ----------------------------------------------------------------------------------

    def established(self, server: _Place, bridge: PhysicalBridge) -> None:
        """A connection is up; nothing was sent on it yet. Called under the lock."""
        topics = self._topics.get(server, ())
        if server.subscription is bridge:
            # Also where nothing is placed at present: what is placed later is told by way of the feed.
            feed = self._feeds[server] = Feed()
            feed.add(topics, True)
            self._keep_reading(server, bridge)
            bridge.backlog.extendleft(reversed(self._take(server, feed)))
            self._count(server, bridge)
        elif topics:
            carrier = self._carrier(server)
            self._keep_reading(server, carrier)
            carrier.connector.start()
        self.review_soon()

    def lost(self, server: _Place, bridge: PhysicalBridge, since: float) -> None:
        """A connection is gone; nothing was heard on it after ``since``."""
        if server.subscription is bridge:
            self._feeds.pop(server, None)
            self._subscriptions.lost(since, server)
        self.review_soon()  # whichever of the two was lost last

    def left_to_parent(self, server: _Place, bridge: PhysicalBridge, since: float) -> None:
        """This is the child of a fork, and the connection was left to the parent."""
        # A review that was due, or under way, is the parent's; nothing here would go on with it.
        self._review_is_due = self._is_reviewing = False
        self.lost(server, bridge, since)

    def _misplaced(self, topic: Topic) -> None:
        """A server did not take a topic because its slot is served elsewhere, or by nobody at present."""
        self._coordinator.guide.doubt()
        self._driver.later(_RETRY, self.review_soon)

    def review_soon(self) -> None:
        """Compare what is with what should be, soon: whoever calls this may hold locks, or read for others.

        While topics are being gone through, all who call this have one more review together: what they call for may
        concern topics that were passed already.
        """
        if len(self._subscriptions) and not self._review_is_due:
            self._review_is_due = True
            if not self._is_reviewing:
                self._driver.later(0.0, self._review)

    def beat(self) -> None:
        """Make up for what went wrong, once a heartbeat."""
        # Ctrl-C may have taken the place of the next slice.
        self._review_is_due = self._is_reviewing = False
        if not self._subscriptions.are_complete:
            self.review_soon()

    def _review(self) -> None:
        """Move what belongs elsewhere by now, and ask again for what is neither there nor on its way."""
        self._review_is_due = False
        self._is_reviewing = True
        self._driver.run(self._review_slices())

    def _review_slices(self) -> Iterator[None]:
        try:
            for topics in in_slices(self._subscriptions.topics()):
                self._review_slice(topics)
                yield
        finally:
            self._is_reviewing = False
            if self._review_is_due:
                self._driver.later(0.0, self._review)

    def _review_slice(self, topics: Sequence[Topic]) -> None:
        leaving: dict[_Place, list[Topic]] = {}
        coming: dict[_Place, list[Topic]] = {}
        homes: list[tuple[_Place, ...]] = []
        with self._lock:
            for topic in topics:
                if not self._subscriptions.is_wanted(topic):
                    continue  # any longer
                old = self._places.get(topic, ())
                new = self._place(topic, homes)
                if new != old:
                    self._assign(topic, new)
                    for server in set(old).difference(new):
                        self._subscriptions.leave(topic, server)
                        leaving.setdefault(server, []).append(topic)
                for server in new:
                    if not self._subscriptions.is_under_way(topic, server):
                        coming.setdefault(server, []).append(topic)
        for server, those in leaving.items():
            self._try(self._unsubscribe_at, server, those)
            for topic in those:
                self._subscriptions.left(topic)
        for server, those in coming.items():
            self._try(self._subscribe_at, server, those)

    @staticmethod
    def _try(act: Callable[[_Place, _What], None], server: _Place, what: _What) -> None:
        try:
            act(server, what)
        except RedisError:
            pass  # it is being closed: a later review finds another place, or there is none to be found

    # -- connections -----------------------------------------------------------------------------------

    def _carrier(self, server: _Place) -> Any:
        """Return the bridge of a server's subscriptions, made if need be; only one of several callers makes it."""
        with self._lock:
            if server.subscription is None:
                made = self._driver.make_bridge(server.endpoint, "subscription", self._coordinator)
                made.server = server
                server.subscription = made
            return server.subscription

    def _users(self, server: _Place) -> int:
        """Return how many topics of the application's a server carries."""
        topics = self._topics.get(server, ())
        return len(topics) - sum(topic in topics for topic in self.own)

    def _keep_reading(self, server: _Place, bridge: PhysicalBridge) -> None:
        # For the multiplexer's own topics the heartbeat's look will do.
        bridge.keep_reading(self._users(server) > 0)

    def _count(self, server: _Place, bridge: PhysicalBridge) -> None:
        bridge.counters.subscriptions = self._users(server)
