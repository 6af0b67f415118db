"""What is wanted from pub/sub, what the server has confirmed, and who is told.

The wanted set is the truth: whenever a connection comes up, everything in it is subscribed again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

from ..errors import RedisError
from .physical_connection import SubscriptionMessage

#: The commands of each kind of subscription.
SUBSCRIBE = {"channel": "SUBSCRIBE", "pattern": "PSUBSCRIBE", "shard": "SSUBSCRIBE"}
UNSUBSCRIBE = {"channel": "UNSUBSCRIBE", "pattern": "PUNSUBSCRIBE", "shard": "SUNSUBSCRIBE"}

_MESSAGES = {b"message": "channel", b"pmessage": "pattern", b"smessage": "shard"}
_ENDED = {b"unsubscribe": "channel", b"punsubscribe": "pattern", b"sunsubscribe": "shard"}


class Publication(NamedTuple):
    """One published message.

    Attributes:
        channel: The channel it was published to.
        data: What was published.
        pattern: The pattern it matched, or None.
        kind: ``"channel"``, ``"pattern"`` or ``"shard"``.
    """

    channel: bytes
    data: bytes
    pattern: bytes | None
    kind: str


class Gap(NamedTuple):
    """A time in which messages may have been missed, because no connection carried the subscription.

    Attributes:
        since: When something was last heard from the server, in seconds since the epoch.
        until: When the subscription was confirmed again.
    """

    since: float
    until: float


Topic = tuple[str, bytes]
Sink = Callable[[Publication], None]

_new = tuple.__new__


class Subscriptions:
    """The subscriptions of one multiplexer.

    Changes are made under the lock the driver gives; readers see whole tuples and need none.

    Attributes:
        confirmed: What the server has confirmed.
        refused: Why it refused what it did not.
        interrupted: Since when nothing can have been heard of a topic that is to be subscribed again, in seconds of
            the driver's clock.
        interruptions: How often a connection that carried subscriptions was lost.
        resumed: Called with a topic that was interrupted and is confirmed again, just before it is not counted as
            interrupted any longer.
        denied: Called with a topic that was interrupted and is refused now, and why.
    """

    def __init__(
        self,
        lock: AbstractContextManager[Any],
        changed: Callable[[], None],
        resubscribe: Callable[[list[Topic]], None],
    ) -> None:
        self._lock = lock
        self._resubscribe = resubscribe
        self._changed = changed
        self._sinks: dict[Topic, tuple[Sink, ...]] = {}
        # The same once more, as messages are looked up: kind, then name.
        self._receivers: dict[str, dict[bytes, tuple[Sink, ...]]] = {kind: {} for kind in SUBSCRIBE}
        self.confirmed: set[Topic] = set()
        self.interrupted: dict[Topic, float] = {}
        self.interruptions = 0
        self.resumed: Callable[[Topic], None] = lambda topic: None
        self.denied: Callable[[Topic, RedisError], None] = lambda topic, error: None
        self.refused: dict[Topic, RedisError] = {}
        # Commands that subscribe and are not answered: only the last one's confirmation counts, because an
        # earlier one may have an unsubscription between it and the last.
        self._pending: dict[Topic, int] = {}

    def __len__(self) -> int:
        return len(self._sinks)

    def want(self, topics: Iterable[Topic], sink: Sink) -> list[Topic]:
        """Add a receiver; return the topics nobody had asked for before."""
        with self._lock:
            new = []
            for topic in topics:
                if topic not in self._sinks:
                    new.append(topic)
                    self.refused.pop(topic, None)
                self._set_sinks(topic, (*self._sinks.get(topic, ()), sink))
            return new

    def _set_sinks(self, topic: Topic, sinks: tuple[Sink, ...]) -> None:
        kind, name = topic
        if sinks:
            self._sinks[topic] = self._receivers[kind][name] = sinks
        else:
            del self._sinks[topic], self._receivers[kind][name]
            self.interrupted.pop(topic, None)

    def unwant(self, topics: Iterable[Topic], sink: Sink | None) -> list[Topic]:
        """Remove a receiver, or with None all; return the topics nobody asks for any more."""
        with self._lock:
            ended = []
            for topic in topics:
                left = tuple(other for other in self._sinks.get(topic, ()) if sink is not None and other != sink)
                if topic in self._sinks:
                    self._set_sinks(topic, left)
                    if not left:
                        ended.append(topic)
            self.confirmed.difference_update(ended)
            return ended

    def topics(self, kind: str | None = None) -> list[Topic]:
        """Return what is wanted."""
        return [topic for topic in tuple(self._sinks) if kind is None or topic[0] == kind]

    def lost(self, since: float) -> None:
        """Note that the connection which carried the subscriptions is gone.

        Args:
            since: When something was last read from it, in seconds of the driver's clock.
        """
        with self._lock:
            self.interruptions += 1
            for topic in self.confirmed:
                self.interrupted.setdefault(topic, since)
            self.confirmed.clear()
            self._pending.clear()

    def messages(self, topics: Iterable[Topic]) -> list[SubscriptionMessage]:
        """Make the commands that subscribe to ``topics``, one per topic so that each can be refused alone."""
        topics = list(topics)
        with self._lock:
            for topic in topics:
                self._pending[topic] = self._pending.get(topic, 0) + 1
        return [
            SubscriptionMessage(SUBSCRIBE[topic[0]], (topic[1],), lambda reply, topic=topic: self._settle(topic, reply))  # type: ignore[misc]
            for topic in topics
        ]

    def endings(self, topics: Iterable[Topic]) -> list[SubscriptionMessage]:
        """Make the commands that unsubscribe from ``topics``."""
        return [
            SubscriptionMessage(UNSUBSCRIBE[topic[0]], (topic[1],), lambda reply, topic=topic: self._end(topic))  # type: ignore[misc]
            for topic in topics
        ]

    def _end(self, topic: Topic) -> None:
        with self._lock:
            again = topic in self._sinks and topic not in self._pending
            self.confirmed.discard(topic)
        if again:
            # Two threads, one subscribing and one unsubscribing, queued their commands in the other order.
            self._resubscribe([topic])

    def _settle(self, topic: Topic, reply: Any) -> None:
        with self._lock:
            left = self._pending.pop(topic, 1) - 1
            if left > 0:
                self._pending[topic] = left
            if not isinstance(reply, RedisError):
                if left <= 0 and topic in self._sinks:
                    self.confirmed.add(topic)
            elif reply.phase is None:  # the server's own word, not the loss of a connection
                self.refused[topic] = reply
        if topic in self.interrupted and topic in self.confirmed:
            self.resumed(topic)
            self.interrupted.pop(topic, None)
        elif topic in self.interrupted and topic in self.refused:
            self.denied(topic, self.refused[topic])
        self._changed()

    def is_settled(self, topics: Iterable[Topic]) -> bool:
        """Whether every topic was confirmed or refused."""
        return all(topic in self.confirmed or topic in self.refused for topic in topics)

    def deliver(self, push: list[Any]) -> bool:
        """Hand a message to its receivers; return whether the push was one."""
        kind = _MESSAGES.get(push[0])
        if kind is None:
            if push[0] in _ENDED and len(push) > 1 and push[1] is not None:
                self._end((_ENDED[push[0]], push[1]))  # the server's own decision
            return False
        # Made without the calls that a named tuple's own constructor comes to.
        if kind == "pattern":
            publication = _new(Publication, (push[2], push[3], push[1], kind))
        else:
            publication = _new(Publication, (push[1], push[2], None, kind))
        for sink in self._receivers[kind].get(push[1], ()):
            sink(publication)
        return True
