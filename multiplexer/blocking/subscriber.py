# Generated from multiplexer/asyncio/subscriber.py by scripts/generate_blocking.py; change that file instead.
"""Publish and subscribe."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..core.overflow import Overflow
from ..core.resp import pack
from ..core.subscriptions import Publication, Topic
from ..core.types import Encodable, Key
from ..drivers.threads import Driver, Queue
from ..errors import DataError, MultiplexerClosedError, RedisTimeoutError

if TYPE_CHECKING:
    from ..core.coordinator import Coordinator
    from ..drivers.threads import Bridge
    from .database import Database

#: A handler of messages; in asyncio it may be a function.
Handler = Callable[[Publication], Any]


class Subscription:
    """Messages of some channels or patterns, in the order the server sent them.

    Iterate over it, or call :meth:`get`. It is subscribed anew whenever the connection comes back; what was
    published meanwhile is lost, as ever with Redis.

    Attributes:
        topics: Pairs of kind (``"channel"`` or ``"pattern"``) and name.
    """

    def __init__(
        self, subscriber: Subscriber, topics: list[Topic], queue: Queue | None, handler: Handler | None
    ) -> None:
        self.topics = tuple(topics)
        self._subscriber = subscriber
        self._queue = queue
        self._handler = handler
        self._ended = False

    @property
    def dropped(self) -> int:
        """Messages lost because the queue was full."""
        return 0 if self._queue is None else self._queue.dropped

    def receive(self, publication: Publication) -> None:
        """Take a message. Runs on the reader, so it only passes it on."""
        if self._ended:
            return
        publication = self._subscriber.without_prefix(publication)
        if self._queue is not None:
            self._queue.put(publication)
        elif self._handler is not None:
            self._subscriber.driver.call_later(self._handler, publication)

    def get(self, timeout: float | None = None) -> Publication:
        """Return the next message.

        Args:
            timeout: Seconds to wait, or None for as long as it takes.

        Raises:
            RedisTimeoutError: None came in time.
            DataError: The messages go to a handler.
            MultiplexerClosedError: The subscription has ended.
        """
        if self._queue is None:
            raise DataError("the messages of this subscription go to its handler")
        try:
            publication: Publication = self._queue.get(timeout)
        except StopIteration:
            raise MultiplexerClosedError("the subscription has ended") from None
        return publication

    def __iter__(self) -> Subscription:
        return self

    def __next__(self) -> Publication:
        try:
            return self.get()
        except MultiplexerClosedError:
            raise StopIteration from None

    def unsubscribe(self) -> None:
        """End the subscription; iteration ends once everything received was taken."""
        self.end()
        self._subscriber.drop(self)

    def end(self) -> None:
        """Take no more messages."""
        self._ended = True
        if self._queue is not None:
            self._queue.close()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.unsubscribe()


class Subscriber:
    """The pub/sub handle of a multiplexer; get it from ``mux.get_subscriber()``."""

    def __init__(self, driver: Driver, coordinator: Coordinator[Bridge], database: Database[bytes]) -> None:
        self.driver = driver
        self._coordinator = coordinator
        self._database = database
        self._prefix = (coordinator.options.channel_prefix or "").encode()
        self._live: set[Subscription] = set()

    def subscribe(
        self,
        *channels: Key,
        handler: Handler | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
    ) -> Subscription:
        """Subscribe to channels, and wait until the server has confirmed.

        Redis command: SUBSCRIBE

        Args:
            channels: Names of channels, at least one.
            handler: Called with each :class:`Publication`, one at a time and in order, away from the reader;
                without one the returned subscription is iterated over.
            queue_size: Messages kept for a reader who does not keep up.
            overflow: What becomes of a message for which there is no room.

        Returns:
            The subscription.

        Raises:
            DataError: No channel, or one that cannot be sent.
            RedisTimeoutError: The server did not confirm in time.
            ResponseError: The server refused, say because of its access control list.
        """
        return self._subscribe("channel", channels, handler, queue_size, overflow)

    def psubscribe(
        self,
        *patterns: Key,
        handler: Handler | None = None,
        queue_size: int = 10_000,
        overflow: Overflow = Overflow.DROP_OLDEST,
    ) -> Subscription:
        """Subscribe to every channel that matches one of the patterns; otherwise as :meth:`subscribe`.

        Redis command: PSUBSCRIBE
        """
        return self._subscribe("pattern", patterns, handler, queue_size, overflow)

    def _subscribe(
        self, kind: str, names: tuple[Key, ...], handler: Handler | None, queue_size: int, overflow: Overflow
    ) -> Subscription:
        if not names:
            raise DataError(f"subscribe: name at least one {kind}")
        if queue_size < 1:
            raise DataError("subscribe: queue_size must be at least 1")
        topics = [(kind, self._prefix + _name_bytes(name)) for name in names]
        queue = Queue(queue_size, overflow) if handler is None else None
        subscription = Subscription(self, topics, queue, handler)
        subscriptions = self._coordinator.subscriptions
        self._live.add(subscription)
        new = subscriptions.want(topics, subscription.receive)
        try:
            self._coordinator.subscribe(new)
            self._coordinator.listen_to_broadcasts()
            settled = self.driver.wait_for(
                lambda: subscriptions.is_settled(topics) or self.driver.closed, self.driver.timeout
            )
            self._raise_refusal(topics, settled)
        except BaseException:
            self.drop(subscription)
            raise
        return subscription

    def _raise_refusal(self, topics: list[Topic], settled: bool) -> None:
        if self.driver.closed:
            raise MultiplexerClosedError("the multiplexer was closed while subscribing")
        if not settled:
            raise RedisTimeoutError(f"the server did not confirm the subscription within {self.driver.timeout:.3g} s")
        for topic in topics:
            error = self._coordinator.subscriptions.refused.get(topic)
            if error is not None:
                raise error

    def unsubscribe(self, *channels: Key) -> None:
        """End every subscription to these channels, or to all channels and patterns.

        Redis command: UNSUBSCRIBE
        """
        if channels:
            self._forget([("channel", self._prefix + _name_bytes(channel)) for channel in channels])
        else:
            self._forget([topic for subscription in tuple(self._live) for topic in subscription.topics])

    def punsubscribe(self, *patterns: Key) -> None:
        """End every subscription to these patterns, or to all patterns.

        Redis command: PUNSUBSCRIBE
        """
        topics = [("pattern", self._prefix + _name_bytes(pattern)) for pattern in patterns]
        live = [topic for subscription in tuple(self._live) for topic in subscription.topics if topic[0] == "pattern"]
        self._forget(topics or live)

    def _forget(self, topics: list[Topic]) -> None:
        """Drop topics for everybody; a subscription that has none left ends."""
        ended = self._coordinator.subscriptions.unwant(topics, None)
        self._coordinator.unsubscribe(ended)
        wanted = set(self._coordinator.subscriptions.topics())
        for subscription in tuple(self._live):
            if not wanted.intersection(subscription.topics):
                self._live.discard(subscription)
                subscription.end()

    def drop(self, subscription: Subscription) -> None:
        """Forget one subscription; channels nobody else listens to are unsubscribed."""
        self._live.discard(subscription)
        ended = self._coordinator.subscriptions.unwant(subscription.topics, subscription.receive)
        self._coordinator.unsubscribe(ended)

    def end_all(self) -> None:
        """End every subscription because the multiplexer closes."""
        while self._live:
            self._live.pop().end()

    def without_prefix(self, publication: Publication) -> Publication:
        """Return a message as its publisher named it, without the configured ``channelPrefix``."""
        size = len(self._prefix)
        if not size:
            return publication
        pattern = publication.pattern and publication.pattern[size:]
        return publication._replace(channel=publication.channel[size:], pattern=pattern)

    def publish(self, channel: Key, message: Encodable) -> int:
        """Publish a message; return how many clients received it.

        Redis command: PUBLISH
        """
        return self._database.publish(self._prefix + _name_bytes(channel), message)

    @property
    def subscribed_endpoint(self) -> str | None:
        """Address of the server that carries the subscriptions, or None while nothing is subscribed."""
        confirmed = self._coordinator.subscriptions.confirmed
        return str(self._coordinator.servers[0].endpoint) if confirmed else None


def _name_bytes(name: Key) -> bytes:
    if isinstance(name, str):
        return name.encode()
    if isinstance(name, bytes | bytearray | memoryview):
        return bytes(name)
    pack(("SUBSCRIBE", name))  # says what is wrong
    raise DataError("SUBSCRIBE: argument 1 must be bytes or str")
