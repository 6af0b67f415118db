"""Subscriptions: who is told what a multiplexer's servers publish."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from time import monotonic, time
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

from ..core.commands.command_table import COMMANDS
from ..core.diagnosis.events import ErrorEvent
from ..core.logging import logger
from ..core.pubsub.decoding import Decoding
from ..core.pubsub.feed import in_slices
from ..core.pubsub.keyspace import KeyspaceNotification
from ..core.pubsub.overflow import Overflow
from ..core.pubsub.subscriptions import SUBSCRIBE, Gap, Publication, Sink
from ..core.types import Topic
from ..drivers import deadlines
from ..drivers.eventloop import Driver, HandlerQueue, Queue
from ..errors import DataError, DecodeError, MultiplexerClosedError, RedisError, RedisTimeoutError
from ..snapshots import snapshot

if TYPE_CHECKING:
    from ..core.coordinator import Coordinator
    from ..drivers.eventloop import Bridge

#: A handler of gaps; in asyncio it may be a coroutine function.
GapHandler = Callable[[Gap], Any]
#: What a subscription yields.
Item = TypeVar("Item", bound=Publication[Any, Any] | Gap | KeyspaceNotification[Any])
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
        undecodable: Messages that came and could not be decoded.
        sink: Takes messages from the reader.
    """

    def __init__(
        self,
        hub: SubscriptionHub,
        topics: list[Topic],
        handler: Callable[[Any], Any] | None,
        queue_size: int,
        overflow: Overflow,
        yields_gaps: bool,
        on_gap: GapHandler | None,
        parse: Parse | None,
        decoding: Decoding | None,
    ) -> None:
        self.topics = tuple(topics)
        self.left = set(topics)
        self.gaps = 0
        self.undecodable = 0
        self._hub = hub
        self._handler = handler
        self._on_gap = on_gap
        self._parse = parse
        self._decoding = decoding
        self._ended = False
        self._interruption = 0
        self._queue: Queue = Queue(queue_size, overflow)
        self._told_of_gaps: list[Queue] = [self._queue] if yields_gaps else []
        if handler is not None or on_gap is not None:
            handled = HandlerQueue(hub.driver, self._handle, self._stopped, queue_size, overflow)
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
        if handler is None:
            return None
        if self._decoding is not None:
            try:
                item = self._decoded(item)
            except DecodeError as error:  # nobody else can be given it
                self._hub.tell_error(self.topics[0], error)
                return None
        return handler(item)

    def _decoded(self, item: Any) -> Any:
        """Return an item as it is yielded. Runs where it is taken: codecs may take their time, and fail."""
        if self._decoding is None:
            return item
        try:
            return self._decoding.read(item)
        except DecodeError:
            self.undecodable += 1
            raise

    def _stopped(self) -> None:
        """Everything was handled, and nothing more will be: the subscription was ended, or the handler is too slow."""
        if not self._ended:
            logger().warning("the subscription to %r has ended: its handler did not keep up", self.topics[0][1])
            self.end()
            self._hub.drop(self, self.topics)

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
            DecodeError: It cannot be decoded; it carries what came. The next call returns the next one.
            MultiplexerClosedError: The subscription has ended.
        """
        if self._handler is not None:
            raise self._not_yielded()
        try:
            item = await self._queue.get(timeout)
        except StopAsyncIteration:
            raise MultiplexerClosedError("the subscription has ended") from None
        decoded: Item = self._decoded(item)
        return decoded

    def __aiter__(self) -> Self:
        return self

    def __anext__(self) -> Awaitable[Item]:
        if self._handler is not None:
            raise self._not_yielded()
        item: Awaitable[Item] = self._queue.get() if self._decoding is None else self._next()
        return item

    async def _next(self) -> Any:
        return self._decoded(await self._queue.get())

    def _not_yielded(self) -> DataError:
        return DataError("the messages of this subscription go to its handler")

    async def unsubscribe(self) -> None:
        """End the subscription; iteration ends once everything received was taken."""
        self.end()
        try:
            for some in in_slices(self.topics):
                self._hub.drop(self, some)
                await self._hub.driver.let_others()
        except BaseException:
            self._hub.drop(self, self.topics)
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


class SubscriptionHub:
    """All subscriptions of a multiplexer, or of a group, whose they are wherever they come from.

    Attributes:
        driver: Of the multiplexer whose messages are heard.
        coordinator: The same one's.
    """

    def __init__(self, driver: Driver, coordinator: Coordinator[Bridge]) -> None:
        self.driver = driver
        self.coordinator = coordinator
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
        return self.coordinator is coordinator

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
            self.stand_by([*self._standing_by, self.coordinator])  # first, or all would be ended there
        before, live = self.coordinator.subscriptions, snapshot(self._live)
        before.resumed = tuple(tell for tell in before.resumed if tell != self._resumed)
        before.denied = tuple(tell for tell in before.denied if tell != self._denied)
        for subscription in live:
            self.coordinator.unsubscribe(before.unwant(subscription.topics, subscription.sink))
        self.driver, self.coordinator = driver, coordinator
        self._listen(coordinator)
        for subscription in live:
            coordinator.subscribe(coordinator.subscriptions.want(list(subscription.left), subscription.sink))
            subscription.moved(coordinator.subscriptions.interruptions, since)
        if self._standing_by:
            self.stand_by([other for other in self._standing_by if other is not coordinator])

    async def start(
        self,
        topics: list[Topic],
        handler: Callable[[Any], Any] | None,
        queue_size: int,
        overflow: Overflow,
        gaps: bool,
        on_gap: GapHandler | None,
        parse: Parse | None,
        decoding: Decoding | None,
    ) -> Subscription[Any]:
        """Make a subscription, and wait until the server has confirmed; see the subscriber."""
        self.coordinator.guard.permit(COMMANDS[SUBSCRIBE[topics[0][0]]])
        if queue_size < 1:
            raise DataError("subscribe: queue_size must be at least 1")
        if gaps and handler is not None:
            raise DataError("subscribe: gaps are yielded by iterating; with a handler give on_gap")
        subscription: Subscription[Any] = Subscription(
            self, topics, handler, queue_size, overflow, gaps, on_gap, parse, decoding
        )
        subscriptions = self.coordinator.subscriptions
        self._live.add(subscription)
        left: set[Topic] = set()
        try:
            for some in in_slices(topics):
                self._want(subscription, some, left)
                await self.driver.let_others()
            self.coordinator.listen_to_broadcasts()
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
        subscriptions = self.coordinator.subscriptions
        for topic in topics:
            self._listening.setdefault(topic, {})[subscription] = None
        new = subscriptions.want(topics, subscription.sink)
        subscriptions.await_settled(topics, left)
        self.coordinator.subscribe(new)
        for other in self._standing_by:
            _subscribe_deaf(other, new)

    def _raise_refusal(self, topics: list[Topic], settled: bool, timeout: float) -> None:
        if self.driver.closed:
            raise MultiplexerClosedError("the multiplexer was closed while subscribing")
        if not settled:
            raise RedisTimeoutError(f"the server did not confirm the subscription within {timeout:.3g} s")
        for topic in topics:
            error = self.coordinator.subscriptions.refused.get(topic)
            if error is not None:
                raise error

    def live_topics(self, *kinds: str) -> list[Topic]:
        """Return what is subscribed to, of some kinds."""
        return [topic for subscription in snapshot(self._live) for topic in subscription.topics if topic[0] in kinds]

    def forget(self, topics: list[Topic]) -> None:
        """Drop topics for everybody; a subscription that has none left ends."""
        ended = self.coordinator.subscriptions.unwant(topics, None)
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
        self._end(self.coordinator.subscriptions.unwant(topics, subscription.sink))

    def _end(self, topics: list[Topic]) -> None:
        """Unsubscribe from what nobody asks for any more."""
        for other in self._standing_by:
            _unsubscribe_deaf(other, topics)
        self.coordinator.unsubscribe(topics)

    def _resumed(self, topic: Topic) -> None:
        """A topic is confirmed again after its connection was lost: tell whoever listens to it."""
        subscriptions = self.coordinator.subscriptions
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
        self.tell_error(topic, error)

    def tell_error(self, topic: Topic, error: RedisError) -> None:
        """Tell of an error that is nobody's who waits."""
        self.coordinator.error_message.fire(ErrorEvent(SUBSCRIBE[topic[0]], error))


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
