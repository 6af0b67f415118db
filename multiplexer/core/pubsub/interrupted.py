"""Since when nothing can have been heard of topics whose connection was lost.

A connection may have carried thousands. Those that were lost together stay together, so that noting the loss holds
nobody up, and each leaves by itself when it is confirmed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...snapshots import snapshot
from ..types import Topic


class Interrupted(Mapping[Topic, float]):
    """Topics, and since when each was interrupted, in seconds of the driver's clock.

    Changes are made under the lock of the subscriptions; readers see whole tuples, and need none.
    """

    def __init__(self) -> None:
        # What was lost with a connection, the oldest first. A topic that is in several was interrupted since the first.
        self._losses: tuple[tuple[float, set[Topic]], ...] = ()
        # What was interrupted by itself, before any loss that it is in as well.
        self._alone: dict[Topic, float] = {}

    def __getitem__(self, topic: Topic) -> float:
        since = self._alone.get(topic)
        if since is not None:
            return since
        for since, lost in self._losses:
            if topic in lost:
                return since
        raise KeyError(topic)

    def __contains__(self, topic: object) -> bool:
        for _, lost in self._losses:
            if topic in lost:
                return True
        return topic in self._alone

    def __iter__(self) -> Iterator[Topic]:
        return iter(set(snapshot(self._alone)).union(*(snapshot(lost) for _, lost in self._losses)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def earliest(self, topics: Iterable[Topic]) -> float | None:
        """Return since when the first of some topics was interrupted; None where none was."""
        found = [since for since, lost in self._losses if not lost.isdisjoint(topics)]
        if self._alone:
            found += [self._alone[topic] for topic in topics if topic in self._alone]
        return min(found, default=None)

    def add(self, topic: Topic, since: float) -> None:
        """Note that a topic was interrupted, unless it was before."""
        if topic not in self:
            self._alone[topic] = since

    def add_lost(self, topics: set[Topic], since: float) -> None:
        """Note that topics were interrupted together; those that were before, were so since then.

        Args:
            topics: They belong to this from now on.
            since: Since when.
        """
        if topics:
            self._losses = (*self._losses, (since, topics))

    def discard(self, topic: Topic) -> None:
        """Take a topic out, if it is in."""
        self._alone.pop(topic, None)
        for _, lost in self._losses:
            lost.discard(topic)
            if not lost:
                self._losses = tuple(loss for loss in self._losses if loss[1])
