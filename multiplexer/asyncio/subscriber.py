"""Publish and subscribe."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Generic, Literal, Self, TypeVar, overload

from ..core.commands.command_table import COMMANDS
from ..core.commands.key_prefix import sent_bytes
from ..core.diagnosis.events import ErrorEvent
from ..core.logging import logger
from ..core.pubsub.feed import in_slices
from ..core.pubsub.keyspace import KeyspaceNotification, keyevent_pattern, keyspace_pattern, parse_notification
from ..core.pubsub.overflow import Overflow
from ..core.pubsub.subscriptions import SUBSCRIBE, Gap, Publication, Sink
from ..core.types import Encodable, Key, Pattern, Pending, Topic
from ..core.wire.resp import pack
from ..drivers import deadlines
from ..drivers.eventloop import Driver, HandlerQueue, Queue
from ..errors import DataError, MultiplexerClosedError, RedisError, RedisTimeoutError
from ..snapshots import snapshot

if TYPE_CHECKING:
    from ..core.coordinator import Coordinator
    from ..drivers.eventloop import Bridge
    from .database import Database

#: A handler of messages; in asyncio it may be a coroutine function.
Handler = Callable[[Publication], Any]
#: A handler of gaps; the same goes for it.
GapHandler = Callable[[Gap], Any]
#: Kinds of subscriptions and what their names are.
_KINDS = {"channel": "channel", "pattern": "pattern", "shard": "shard channel"}
#: What a subscription yields.
Item = TypeVar("Item", bound=Publication | Gap | KeyspaceNotification[bytes])
#: Makes of a message what a subscription yields, or None where it concerns nobody.
Parse = Callable[[Publication], Any]


class Subscription(Generic[Item]):
    """Messages of some channels or patterns, in the order the server sent them.

    Iterate over it, or call :meth:`get`. It is subscribed anew whenever the connection comes back; what was
    published meanwhile is lost, as ever with Redis. Who asked for that is told of each such :class:`Gap`.

    Attributes:
        topics: Pairs of kind (``"channel"``, ``"pattern"`` or ``"shard"``) and name.
        left: Those that nobody has unsubscribed from by name.
        gaps: How often messages may have been missed because the connection was lost.
        sink: Takes messages from the reader.
    """

    def __init__(
        self,
        subscriber: Subscriber,
        topics: list[Topic],
        handler: Handler | None,
        queue_size: int,
        overflow: Overflow,
        yields_gaps: bool,
        on_gap: GapHandler | None,
        parse: Parse | None,
    ) -> None:
        self.topics = tuple(topics)
        self.left = set(topics)
        self.gaps = 0
        self._subscriber = subscriber
        self._handler = handler
        self._on_gap = on_gap
        self._parse = parse
        self._ended = False
        self._interruption = 0
        self._queue: Queue = Queue(queue_size, overflow)
        self._told_of_gaps: list[Queue] = [self._queue] if yields_gaps else []
        if handler is not None or on_gap is not None:
            handled = HandlerQueue(subscriber.driver, self._handle, self._stopped, queue_size, overflow)
            if handler is not None:
                self._queue = handled
            if on_gap is not None:
                self._told_of_gaps.append(handled)
        # What needs no parsing need not come by here on its way into the queue.
        self.sink: Sink = self._queue.put if parse is None else self._receive

    @property
    def dropped(self) -> int:
        """Messages lost because the queue was full."""
        return self._queue.dropped

    def _receive(self, publication: Publication) -> None:
        """Take a message. Runs on the reader, so it only passes it on."""
        assert self._parse is not None
        item = self._parse(publication)
        if item is not None:
            self._queue.put(item)

    def _handle(self, item: Any) -> Any:
        """Pass an item to its handler. Runs where handlers do, and returns what there may be to await."""
        handler = self._on_gap if item.__class__ is Gap else self._handler
        return handler(item) if handler is not None else None

    def _stopped(self) -> None:
        """Everything was handled, and nothing more will be: the subscription was ended, or the handler is too slow."""
        if not self._ended:
            logger().warning("the subscription to %r has ended: its handler did not keep up", self.topics[0][1])
            self.end()
            self._subscriber.drop(self, self.topics)

    def knows_of(self, interruption: int) -> bool:
        """Whether there is nothing to be told of the loss with this number, any more or at all."""
        return self._ended or interruption == self._interruption

    def resumed(self, interruption: int, since: float) -> None:
        """Tell of a gap, once for each time the connection was lost. Runs on the reader.

        Args:
            interruption: Number of the loss.
            since: When something was last heard, in seconds of the driver's clock.
        """
        if self.knows_of(interruption):
            return
        self._interruption = interruption
        self.gaps += 1
        now = time()
        gap = Gap(now - (monotonic() - since), now)
        for queue in self._told_of_gaps:
            queue.put(gap)

    def moved(self, interruptions: int, since: float) -> None:
        """Tell of a gap because the messages come from another deployment from now on.

        Args:
            interruptions: How often connections were lost there until now, which is none of this one's business.
            since: As for :meth:`resumed`.
        """
        self._interruption = interruptions - 1
        self.resumed(interruptions, since)

    async def get(self, timeout: float | None = None) -> Item:
        """Return the next message.

        Args:
            timeout: Seconds to wait, or None for as long as it takes.

        Raises:
            RedisTimeoutError: None came in time.
            DataError: The messages go to a handler.
            MultiplexerClosedError: The subscription has ended.
        """
        if self._handler is not None:
            raise self._not_yielded()
        try:
            item: Item = await self._queue.get(timeout)
        except StopAsyncIteration:
            raise MultiplexerClosedError("the subscription has ended") from None
        return item

    def __aiter__(self) -> Self:
        return self

    def __anext__(self) -> Awaitable[Item]:
        if self._handler is not None:
            raise self._not_yielded()
        item: Awaitable[Item] = self._queue.get()
        return item

    def _not_yielded(self) -> DataError:
        return DataError("the messages of this subscription go to its handler")

    async def unsubscribe(self) -> None:
        """End the subscription; iteration ends once everything received was taken."""
        self.end()
        try:
            for some in in_slices(self.topics):
                self._subscriber.drop(self, some)
                await self._subscriber.driver.let_others()
        except BaseException:
            self._subscriber.drop(self, self.topics)
            raise

    def end(self) -> None:
        """Take no more messages."""
        self._ended = True
        self._queue.close()
        for queue in self._told_of_gaps:
            queue.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.unsubscribe()


class Subscriber:
    """The pub/sub handle of a multiplexer; get it from ``mux.get_subscriber()``."""

    def __init__(self, driver: Driver, coordinator: Coordinator[Bridge], database: Database[bytes]) -> None:
        self.driver = driver
        self._coordinator = coordinator
        self._database = database
        self._prefix = (coordinator.options.channel_prefix or "").encode()
        self._live: set[Subscription[Any]] = set()
        # The same by topic, each in the order of subscribing: thousands may be confirmed at once.
        self._listening: dict[Topic, dict[Subscription[Any], None]] = {}
        #: Where everything is subscribed as well, for the time when messages are to come from there.
        self._standing_by: tuple[Coordinator[Bridge], ...] = ()
        self._listen(coordinator)

    def _listen(self, coordinator: Coordinator[Bridge]) -> None:
        subscriptions = coordinator.subscriptions
        subscriptions.resumed = (*subscriptions.resumed, self._resumed)
        subscriptions.denied = (*subscriptions.denied, self._denied)

    def hears(self, coordinator: Coordinator[Bridge]) -> bool:
        """Whether it is this multiplexer whose messages are heard."""
        return self._coordinator is coordinator

    def stand_by(self, others: Sequence[Coordinator[Bridge]]) -> None:
        """Have everything subscribed over these multiplexers as well from now on, whose messages nobody hears."""
        wanted = snapshot(self._listening)
        before, self._standing_by = self._standing_by, tuple(others)
        for coordinator in others:
            if coordinator not in before:
                _subscribe_deaf(coordinator, wanted)
        for coordinator in before:
            if coordinator not in others:  # last: what is heard by then is not asked for anew
                _unsubscribe_deaf(coordinator, wanted)

    def move(self, driver: Driver, coordinator: Coordinator[Bridge], since: float) -> None:
        """Have everything subscribed over another multiplexer from now on, and tell of the gap.

        Args:
            driver: The other's.
            coordinator: The other's.
            since: When something was last heard of the one before, in seconds of the driver's clock.
        """
        if self._standing_by:
            self.stand_by([*self._standing_by, self._coordinator])  # first, or all would be ended there
        before, live = self._coordinator.subscriptions, snapshot(self._live)
        before.resumed = tuple(tell for tell in before.resumed if tell != self._resumed)
        before.denied = tuple(tell for tell in before.denied if tell != self._denied)
        for subscription in live:
            self._coordinator.unsubscribe(before.unwant(subscription.topics, subscription.sink))
        self.driver, self._coordinator = driver, coordinator
        self._listen(coordinator)
        for subscription in live:
            coordinator.subscribe(coordinator.subscriptions.want(list(subscription.left), subscription.sink))
            subscription.moved(coordinator.subscriptions.interruptions, since)
        if self._standing_by:
            self.stand_by([other for other in self._standing_by if other is not coordinator])

    @overload
    async def subscribe(
        self,
        *channels: Key,
        handler: Handler | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: Literal[False] = ...,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication]: ...

    @overload
    async def subscribe(
        self,
        *channels: Key,
        handler: Handler | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: bool,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication | Gap]: ...

    async def subscribe(
        self,
        *channels: Key,
        handler: Handler | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        gaps: bool = False,
        on_gap: GapHandler | None = None,
    ) -> Subscription[Any]:
        """Subscribe to channels, and wait until the server has confirmed.

        Redis command: SUBSCRIBE

        Args:
            channels: Names of channels, at least one.
            handler: Called with each :class:`Publication`, one at a time and in order, away from the reader and from
                other subscriptions' handlers; without one the returned subscription is iterated over.
            queue_size: Messages kept for a reader or handler who does not keep up.
            overflow: What becomes of a message for which there is no room.
            gaps: Whether iterating also yields a :class:`Gap` where messages may have been missed because the
                connection was lost, between the last message before and the first one after.
            on_gap: Called with each gap, where the handler is called and in order with its messages.

        Returns:
            The subscription.

        Raises:
            DataError: No channel, or one that cannot be sent.
            RedisTimeoutError: The server did not confirm in time.
            ResponseError: The server refused, say because of its access control list.
        """
        return await self._subscribe("channel", channels, handler, queue_size, overflow, gaps, on_gap)

    @overload
    async def psubscribe(
        self,
        *patterns: Key,
        handler: Handler | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: Literal[False] = ...,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication]: ...

    @overload
    async def psubscribe(
        self,
        *patterns: Key,
        handler: Handler | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: bool,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication | Gap]: ...

    async def psubscribe(
        self,
        *patterns: Key,
        handler: Handler | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        gaps: bool = False,
        on_gap: GapHandler | None = None,
    ) -> Subscription[Any]:
        """Subscribe to every channel that matches one of the patterns; otherwise as :meth:`subscribe`.

        Redis command: PSUBSCRIBE
        """
        return await self._subscribe("pattern", patterns, handler, queue_size, overflow, gaps, on_gap)

    @overload
    async def ssubscribe(
        self,
        *shard_channels: Key,
        handler: Handler | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: Literal[False] = ...,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication]: ...

    @overload
    async def ssubscribe(
        self,
        *shard_channels: Key,
        handler: Handler | None = ...,
        queue_size: int = ...,
        overflow: Overflow = ...,
        gaps: bool,
        on_gap: GapHandler | None = ...,
    ) -> Subscription[Publication | Gap]: ...

    async def ssubscribe(
        self,
        *shard_channels: Key,
        handler: Handler | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        gaps: bool = False,
        on_gap: GapHandler | None = None,
    ) -> Subscription[Any]:
        """Subscribe to shard channels, whose messages stay within the shard; otherwise as :meth:`subscribe`.

        Redis command: SSUBSCRIBE
        """
        return await self._subscribe("shard", shard_channels, handler, queue_size, overflow, gaps, on_gap)

    async def subscribe_keyspace(
        self,
        key: Pattern = "*",
        *,
        database: int | None = None,
        key_prefix: Key = b"",
        handler: Callable[[KeyspaceNotification[bytes]], Any] | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        on_gap: GapHandler | None = None,
    ) -> Subscription[KeyspaceNotification[bytes]]:
        """Learn what happens to keys; yields a :class:`KeyspaceNotification` each time.

        The servers tell it only where their setting ``notify-keyspace-events`` asks for it (with ``K``).

        Redis command: PSUBSCRIBE

        Args:
            key: Pattern for the keys.
            database: Index of their logical database; None for all.
            key_prefix: What they begin with, which is taken off again.
            handler: As for :meth:`subscribe`, as everything that follows.
            queue_size: Notifications kept for a reader who does not keep up.
            overflow: What becomes of one for which there is no room.
            on_gap: Called with each gap in which some may have been missed.

        Raises:
            RedisError: As :meth:`subscribe`.
        """
        pattern = keyspace_pattern(key, database, key_prefix)
        return await self._notifications(pattern, sent_bytes(key_prefix), handler, queue_size, overflow, on_gap)

    async def subscribe_keyevent(
        self,
        event: Pattern = "*",
        *,
        database: int | None = None,
        key_prefix: Key = b"",
        handler: Callable[[KeyspaceNotification[bytes]], Any] | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
        on_gap: GapHandler | None = None,
    ) -> Subscription[KeyspaceNotification[bytes]]:
        """Learn to which keys something happens, as ``"expired"`` or ``"del"``.

        Otherwise as :meth:`subscribe_keyspace`; the setting needs ``E``, and only keys with the prefix are told.

        Redis command: PSUBSCRIBE
        """
        pattern = keyevent_pattern(event, database)
        return await self._notifications(pattern, sent_bytes(key_prefix), handler, queue_size, overflow, on_gap)

    async def _notifications(
        self,
        pattern: bytes,
        prefix: bytes,
        handler: Callable[[KeyspaceNotification[bytes]], Any] | None,
        queue_size: int,
        overflow: Overflow,
        on_gap: GapHandler | None,
    ) -> Subscription[Any]:
        def parse(publication: Publication) -> KeyspaceNotification[Any] | None:
            return parse_notification(publication.channel, publication.data, prefix)

        # They are the servers' own channels, whatever prefix the application's have.
        return await self._start([("pattern", pattern)], handler, queue_size, overflow, False, on_gap, parse)

    async def _subscribe(
        self,
        kind: str,
        names: tuple[Key, ...],
        handler: Handler | None,
        queue_size: int,
        overflow: Overflow,
        gaps: bool,
        on_gap: GapHandler | None,
    ) -> Subscription[Any]:
        if not names:
            raise DataError(f"subscribe: name at least one {_KINDS[kind]}")
        parse = self._without_prefix if self._prefix else None
        return await self._start(self._topics(kind, names), handler, queue_size, overflow, gaps, on_gap, parse)

    async def _start(
        self,
        topics: list[Topic],
        handler: Callable[[Any], Any] | None,
        queue_size: int,
        overflow: Overflow,
        gaps: bool,
        on_gap: GapHandler | None,
        parse: Parse | None,
    ) -> Subscription[Any]:
        self._coordinator.guard.permit(COMMANDS[SUBSCRIBE[topics[0][0]]])
        if queue_size < 1:
            raise DataError("subscribe: queue_size must be at least 1")
        if gaps and handler is not None:
            raise DataError("subscribe: gaps are yielded by iterating; with a handler give on_gap")
        subscription: Subscription[Any] = Subscription(self, topics, handler, queue_size, overflow, gaps, on_gap, parse)
        subscriptions = self._coordinator.subscriptions
        self._live.add(subscription)
        left: set[Topic] = set()
        try:
            for some in in_slices(topics):
                self._want(subscription, some, left)
                await self.driver.let_others()
            self._coordinator.listen_to_broadcasts()
            timeout = min(self.driver.timeout, deadlines.left())
            settled = await self.driver.wait_for(lambda: not left or self.driver.closed, timeout)
            self._raise_refusal(topics, settled, timeout)
        except BaseException:
            self.drop(subscription, subscription.topics)
            raise
        finally:
            subscriptions.forget_awaited(left)
        return subscription

    def _want(self, subscription: Subscription[Any], topics: Sequence[Topic], left: set[Topic]) -> None:
        """Subscribe to some topics of a subscription; what is not confirmed yet is added to ``left`` meanwhile."""
        subscriptions = self._coordinator.subscriptions
        for topic in topics:
            self._listening.setdefault(topic, {})[subscription] = None
        new = subscriptions.want(topics, subscription.sink)
        subscriptions.await_settled(topics, left)
        self._coordinator.subscribe(new)
        for other in self._standing_by:
            _subscribe_deaf(other, new)

    def _raise_refusal(self, topics: list[Topic], settled: bool, timeout: float) -> None:
        if self.driver.closed:
            raise MultiplexerClosedError("the multiplexer was closed while subscribing")
        if not settled:
            raise RedisTimeoutError(f"the server did not confirm the subscription within {timeout:.3g} s")
        for topic in topics:
            error = self._coordinator.subscriptions.refused.get(topic)
            if error is not None:
                raise error

    async def unsubscribe(self, *channels: Key) -> None:
        """End every subscription to these channels, or every subscription of whatever kind.

        Redis command: UNSUBSCRIBE
        """
        self._forget(self._topics("channel", channels) or self._live_topics(*_KINDS))

    async def punsubscribe(self, *patterns: Key) -> None:
        """End every subscription to these patterns, or to all patterns.

        Redis command: PUNSUBSCRIBE
        """
        self._forget(self._topics("pattern", patterns) or self._live_topics("pattern"))

    async def sunsubscribe(self, *shard_channels: Key) -> None:
        """End every subscription to these shard channels, or to all shard channels.

        Redis command: SUNSUBSCRIBE
        """
        self._forget(self._topics("shard", shard_channels) or self._live_topics("shard"))

    def _topics(self, kind: str, names: tuple[Key, ...]) -> list[Topic]:
        return [(kind, self._prefix + _name_bytes(name)) for name in names]

    def _live_topics(self, *kinds: str) -> list[Topic]:
        return [topic for subscription in snapshot(self._live) for topic in subscription.topics if topic[0] in kinds]

    def _forget(self, topics: list[Topic]) -> None:
        """Drop topics for everybody; a subscription that has none left ends."""
        ended = self._coordinator.subscriptions.unwant(topics, None)
        self._end(ended)
        for topic in ended:
            for subscription in snapshot(self._listening.pop(topic, ())):
                subscription.left.discard(topic)
                if not subscription.left:
                    self._live.discard(subscription)
                    subscription.end()

    def drop(self, subscription: Subscription[Any], topics: Sequence[Topic]) -> None:
        """Forget one subscription to some of its topics, which has ended; who listens to them besides goes on."""
        self._live.discard(subscription)
        for topic in topics:
            listening = self._listening.get(topic)
            if listening is not None:
                listening.pop(subscription, None)
                if not listening:
                    self._listening.pop(topic, None)
        self._end(self._coordinator.subscriptions.unwant(topics, subscription.sink))

    def _end(self, topics: list[Topic]) -> None:
        """Unsubscribe from what nobody asks for any more."""
        for other in self._standing_by:
            _unsubscribe_deaf(other, topics)
        self._coordinator.unsubscribe(topics)

    def _resumed(self, topic: Topic) -> None:
        """A topic is confirmed again after its connection was lost: tell whoever listens to it."""
        subscriptions = self._coordinator.subscriptions
        for subscription in snapshot(self._listening.get(topic, ())):
            if not subscription.knows_of(subscriptions.interruptions):  # once for all of its topics
                since = subscriptions.interrupted.earliest(subscription.topics)
                if since is not None:  # unless it ends right now
                    subscription.resumed(subscriptions.interruptions, since)

    def end_all(self) -> None:
        """End every subscription because the multiplexer closes."""
        self._listening.clear()
        while self._live:
            self._live.pop().end()

    def _denied(self, topic: Topic, error: RedisError) -> None:
        """A topic is refused that had been subscribed before its connection was lost: nobody waits for that error."""
        logger().warning("the subscription to %r was not renewed: %s", topic[1], error)
        self._coordinator.error_message.fire(ErrorEvent(SUBSCRIBE[topic[0]], error))

    def _without_prefix(self, publication: Publication) -> Publication:
        """Return a message as its publisher named it, without the configured ``channelPrefix``."""
        size = len(self._prefix)
        pattern = publication.pattern and publication.pattern[size:]
        return publication._replace(channel=publication.channel[size:], pattern=pattern)

    def publish(self, channel: Key, message: Encodable) -> Pending[int]:
        """Publish a message; return how many clients received it.

        Redis command: PUBLISH
        """
        return self._database.publish(self._prefix + _name_bytes(channel), message)

    def spublish(self, shard_channel: Key, message: Encodable) -> Pending[int]:
        """Publish a message within the shard of a channel; return how many clients received it.

        Redis command: SPUBLISH
        """
        return self._database.spublish(self._prefix + _name_bytes(shard_channel), message)

    def is_connected(self, channel: Key | None = None) -> bool:
        """Whether messages come in at present.

        Args:
            channel: A channel, pattern or shard channel; None asks about any.
        """
        confirmed = self._coordinator.subscriptions.confirmed
        if channel is None:
            return bool(confirmed)
        name = self._prefix + _name_bytes(channel)
        return any((kind, name) in confirmed for kind in _KINDS)

    @property
    def subscribed_endpoint(self) -> str | None:
        """Address of the server that carries the subscriptions, or None while nothing is subscribed."""
        return self._coordinator.placement.endpoint()


def _unheard(publication: Publication) -> None:
    """Messages of a deployment that stands by: they come from the one that is used as well."""


def _subscribe_deaf(coordinator: Coordinator[Bridge], topics: Sequence[Topic]) -> None:
    try:
        coordinator.subscribe(coordinator.subscriptions.want(topics, _unheard))
    except RedisError:
        pass  # it is being closed: nothing stands by any more


def _unsubscribe_deaf(coordinator: Coordinator[Bridge], topics: Sequence[Topic]) -> None:
    try:
        coordinator.unsubscribe(coordinator.subscriptions.unwant(topics, _unheard))
    except RedisError:
        pass


def _name_bytes(name: Key) -> bytes:
    if isinstance(name, str):
        return name.encode()
    if isinstance(name, bytes | bytearray | memoryview):
        return bytes(name)
    pack(("SUBSCRIBE", name))  # says what is wrong
    raise DataError("SUBSCRIBE: argument 1 must be bytes or str")
