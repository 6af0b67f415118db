"""What is wanted from pub/sub, what the server has confirmed, and who is told.

The wanted set is the truth: whenever a connection comes up, everything in it is subscribed again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from contextlib import AbstractContextManager
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, NamedTuple

from ...errors import NEVER_APPLIED, RedisError
from ...snapshots import snapshot
from ..physical_connection import SubscriptionMessage
from ..resending import Rerouted
from ..types import Reply, Topic
from .interrupted import Interrupted

#: The commands of each kind of subscription.
SUBSCRIBE = {"channel": "SUBSCRIBE", "pattern": "PSUBSCRIBE", "shard": "SSUBSCRIBE"}
UNSUBSCRIBE = {"channel": "UNSUBSCRIBE", "pattern": "PUNSUBSCRIBE", "shard": "SUNSUBSCRIBE"}

#: Topics that one command names at most, and bytes of their names: enough that a command costs little for each.
_MOST_TOPICS = 64
_MOST_BYTES = 16 * 1024

_MESSAGES = {b"message": "channel", b"pmessage": "pattern", b"smessage": "shard"}
_ENDED = {b"unsubscribe": "channel", b"punsubscribe": "pattern", b"sunsubscribe": "shard"}


if TYPE_CHECKING:
    from typing_extensions import TypeVar

    Name = TypeVar("Name", default=bytes)
    Data = TypeVar("Data", default=bytes)
else:
    from typing import TypeVar

    # What names are, and what messages are: bytes, unless a subscriber decodes them.
    Name = TypeVar("Name")
    Data = TypeVar("Data")


class Publication(NamedTuple, Generic[Name, Data]):
    """One published message; its parts are bytes, unless the subscriber decodes them.

    Attributes:
        channel: The channel it was published to.
        data: What was published.
        pattern: The pattern it matched, or None.
        kind: ``"channel"``, ``"pattern"`` or ``"shard"``.
    """

    channel: Name
    data: Data
    pattern: Name | None
    kind: str


class Gap(NamedTuple):
    """A time in which messages may have been missed, because no connection carried the subscription.

    Attributes:
        since: When something was last heard from the server, in seconds since the epoch.
        until: When the subscription was confirmed again.
    """

    since: float
    until: float


Sink = Callable[[Publication], None]

_new = tuple.__new__


class Subscriptions:
    """The subscriptions of one multiplexer.

    Changes are made under the lock the driver gives; readers see whole tuples and need none. Where a topic is
    subscribed, at one place or several, is for others to say; a place is anything that can be compared.

    Attributes:
        places: Returns the places a topic belongs at.
        confirmed: What has been confirmed at all its places.
        refused: Why it refused what it did not.
        interrupted: Since when nothing can have been heard of a topic that is to be subscribed again.
        interruptions: How often a connection that carried subscriptions was lost.
        resumed: Each called with a topic that was interrupted and is confirmed again, just before it is not counted as
            interrupted any longer.
        denied: Each called with a topic that was interrupted and is refused now, and why.
        misplaced: Called with a topic that was refused because it belongs elsewhere by now.
    """

    def __init__(
        self,
        lock: AbstractContextManager[object],
        changed: Callable[[], None],
        resubscribe: Callable[[list[Topic]], None],
        clock: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._lock = lock
        self._clock = clock
        self.places: Callable[[Topic], tuple[Any, ...]] = lambda topic: (None,)
        self._resubscribe = resubscribe
        self._changed = changed
        self._sinks: dict[Topic, tuple[Sink, ...]] = {}
        # The same once more, as messages are looked up: kind, then name.
        self._receivers: dict[str, dict[bytes, tuple[Sink, ...]]] = {kind: {} for kind in SUBSCRIBE}
        self.confirmed: set[Topic] = set()
        self.interrupted = Interrupted()
        self.interruptions = 0
        self.resumed: tuple[Callable[[Topic], None], ...] = ()
        self.denied: tuple[Callable[[Topic, RedisError], None], ...] = ()
        self.misplaced: Callable[[Topic], None] = lambda topic: None
        self.refused: dict[Topic, RedisError] = {}
        # What each place carries.
        self._carried: dict[Any, set[Topic]] = {}
        # Commands that subscribe and are not answered: only the last one's confirmation counts, because an
        # earlier one may have an unsubscription between it and the last.
        self._pending: dict[tuple[Topic, Any], int] = {}
        # Topics one of which was refused in a command that named them all: each is asked for by itself.
        self._alone: set[Topic] = set()
        self._awaited: dict[Topic, list[set[Topic]]] = {}

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
            self.interrupted.discard(topic)
            for carried in self._carried.values():
                carried.discard(topic)
            self._alone.discard(topic)

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

    def is_wanted(self, topic: Topic) -> bool:
        """Whether somebody asks for a topic."""
        return topic in self._sinks

    def topics(self, kind: str | None = None) -> list[Topic]:
        """Return what is wanted."""
        wanted = snapshot(self._sinks)
        return wanted if kind is None else [topic for topic in wanted if topic[0] == kind]

    def lost(self, since: float, place: Hashable = None) -> None:
        """Note that the connection which carried the subscriptions of a place is gone.

        Args:
            since: When something was last read from it, in seconds of the driver's clock.
            place: Which place.
        """
        with self._lock:
            self.interruptions += 1
            carried = self._carried.pop(place, set())
            if any(self._carried.values()):
                ended = carried & self.confirmed
                self.confirmed -= ended
            else:
                # What was confirmed was carried there, all of it: thousands need not be looked at, and nobody waits.
                ended, self.confirmed = self.confirmed, set()
            self.interrupted.add_lost(ended, since)
            for key in [key for key in self._pending if key[1] == place]:
                del self._pending[key]

    def leave(self, topic: Topic, place: Hashable) -> None:
        """Note that a topic does not belong at a place any more: until it is at all others it may miss messages."""
        with self._lock:
            self._uncarried(topic, place)
            if not self._is_everywhere(topic):
                self.interruptions += 1
                self._interrupt(topic, self._clock())

    def left(self, topic: Topic) -> None:
        """Confirm a topic that has left places and is at all others already: no reply is to come that would do so."""
        with self._lock:
            if topic not in self._sinks or not self._is_everywhere(topic):
                return
            self.confirmed.add(topic)
        self._tell((topic,))

    def _uncarried(self, topic: Topic, place: Hashable) -> None:
        self._carried.get(place, set()).discard(topic)

    def _interrupt(self, topic: Topic, since: float) -> None:
        if topic in self.confirmed:
            self.confirmed.discard(topic)
            self.interrupted.add(topic, since)

    def is_under_way(self, topic: Topic, place: Hashable) -> bool:
        """Whether nothing is left to be done about a topic at a place: it is confirmed, refused or being asked for."""
        return topic in self._carried.get(place, ()) or topic in self.refused or (topic, place) in self._pending

    @property
    def are_complete(self) -> bool:
        """Whether everything that is wanted was confirmed or refused."""
        return len(self.confirmed) == len(self._sinks) or self.is_settled(snapshot(self._sinks))

    def messages(self, topics: Iterable[Topic], place: Hashable = None) -> list[SubscriptionMessage]:
        """Make the commands that subscribe to ``topics``."""
        topics = list(topics)
        with self._lock:
            for topic in topics:
                self._pending[topic, place] = self._pending.get((topic, place), 0) + 1
            groups = self._grouped(topics)
        return [
            SubscriptionMessage(
                SUBSCRIBE[group[0][0]], [name for _, name in group], partial(self._settle, group, place)
            )
            for group in groups
        ]

    def endings(self, topics: Iterable[Topic], place: Hashable = None) -> list[SubscriptionMessage]:
        """Make the commands that unsubscribe from ``topics``."""
        return [
            SubscriptionMessage(
                UNSUBSCRIBE[group[0][0]], [name for _, name in group], partial(self._settle_ends, group, place)
            )
            for group in self._grouped(topics)
        ]

    def _grouped(self, topics: Iterable[Topic]) -> list[list[Topic]]:
        """Put topics together that one command may name, in their order."""
        groups: list[list[Topic]] = []
        size = 0
        for topic in topics:
            kind, name = topic
            group = groups[-1] if groups else []
            # Shard channels of one command would have to be of one slot.
            mixed = not group or group[0][0] != kind or kind == "shard"
            alone = self._alone and (topic in self._alone or not self._alone.isdisjoint(group[:1]))
            if mixed or len(group) == _MOST_TOPICS or size > _MOST_BYTES or alone:
                groups.append([topic])
                size = len(name)
            else:
                group.append(topic)
                size += len(name)
        return groups

    def _settle_ends(self, topics: list[Topic], place: Hashable, reply: Reply) -> None:
        for topic in topics:
            self._end(topic, place)

    def _end(self, topic: Topic, place: Hashable) -> None:
        with self._lock:
            self._uncarried(topic, place)
            if topic not in self._sinks or place not in self.places(topic):
                return
            again = (topic, place) not in self._pending
            self._interrupt(topic, self._clock())
            self.interruptions += 1
        if again:
            # Two threads, one subscribing and one unsubscribing, queued their commands in the other order; or the
            # server has given the topic's slot away.
            self._resubscribe([topic])

    def _settle(self, topics: list[Topic], place: Hashable, reply: Reply) -> None:
        """Take the answer to a command that subscribes: it is the same for all topics that it named."""
        refusal = reply if isinstance(reply, RedisError) else None
        misplaced = isinstance(refusal, (*NEVER_APPLIED, Rerouted))
        # Where it has a phase it is not the server's own word, but the loss of a connection.
        refused = refusal is not None and refusal.phase is None and not misplaced
        with self._lock:
            for topic in topics:
                left = self._pending.pop((topic, place), 1) - 1
                if left > 0:
                    self._pending[topic, place] = left
                elif refusal is None and topic in self._sinks:
                    self._confirm(topic, place)
            if refused:
                self._alone.update(topics)
                if len(topics) == 1 and refusal is not None:
                    self.refused[topics[0]] = refusal
        if misplaced:
            self.misplaced(topics[0])
        elif refused and len(topics) > 1:
            self._resubscribe([topic for topic in topics if topic in self._sinks])
        else:
            self._tell(topics)

    def _tell(self, topics: Iterable[Topic]) -> None:
        """Tell those who are to know what has become of topics."""
        for topic in topics:
            if topic in self.interrupted and topic in self.confirmed:
                for tell in self.resumed:
                    tell(topic)
                with self._lock:
                    self.interrupted.discard(topic)
            elif topic in self.interrupted and topic in self.refused:
                for deny in self.denied:
                    deny(topic, self.refused[topic])
        if self._awaited and self._note_settled(topics):
            self._changed()

    # -- waiting ---------------------------------------------------------------------------------------

    def await_settled(self, topics: Iterable[Topic], left: set[Topic]) -> None:
        """Put those topics into a set that are neither confirmed nor refused; which is so leaves it.

        Whoever waits for thousands so need not look at all of them for each, and is told when none is left.
        :meth:`forget_awaited` ends it.
        """
        with self._lock:
            for topic in topics:
                if topic not in self.confirmed and topic not in self.refused:
                    left.add(topic)
                    self._awaited.setdefault(topic, []).append(left)

    def forget_awaited(self, left: set[Topic]) -> None:
        """Keep a set that :meth:`await_settled` filled up to date no longer."""
        with self._lock:
            for topic in left:
                others = [other for other in self._awaited.pop(topic, ()) if other is not left]
                if others:
                    self._awaited[topic] = others

    def _note_settled(self, topics: Iterable[Topic]) -> bool:
        """Take settled topics out of the sets of those who wait; return whether one of these is empty now."""
        done = False
        with self._lock:
            for topic in topics:
                if topic in self.confirmed or topic in self.refused:
                    for left in self._awaited.pop(topic, ()):
                        left.discard(topic)
                        done = done or not left
        return done

    def _confirm(self, topic: Topic, place: Hashable) -> None:
        self._alone.discard(topic)
        self._carried.setdefault(place, set()).add(topic)
        if self._is_everywhere(topic):
            self.confirmed.add(topic)

    def _is_everywhere(self, topic: Topic) -> bool:
        """Whether a topic is carried at all places it belongs at."""
        places, carried = self.places(topic), self._carried
        if len(places) == 1:
            return topic in carried.get(places[0], ())
        return bool(places) and all(topic in carried.get(place, ()) for place in places)

    def is_settled(self, topics: Iterable[Topic]) -> bool:
        """Whether every topic was confirmed or refused."""
        return all(topic in self.confirmed or topic in self.refused for topic in topics)

    def ended(self, push: list[Any], place: Hashable = None) -> bool:
        """Take a server's own decision that it carries a topic no longer; return whether the push was one."""
        kind = _ENDED.get(push[0])
        if kind is None:
            return False
        if len(push) > 1 and push[1] is not None:
            self._end((kind, push[1]), place)
        return True

    def deliver(self, push: list[Any]) -> bool:
        """Hand a message to its receivers; return whether the push was one."""
        kind = _MESSAGES.get(push[0])
        if kind is None:
            return False
        # Made without the calls that a named tuple's own constructor comes to.
        if kind == "pattern":
            publication = _new(Publication, (push[2], push[3], push[1], kind))
        else:
            publication = _new(Publication, (push[1], push[2], None, kind))
        for sink in self._receivers[kind].get(push[1], ()):
            sink(publication)
        return True
