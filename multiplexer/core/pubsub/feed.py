"""What a server is to be told about subscriptions, a slice at a time.

Thousands of topics that are subscribed at once make as many confirmations. Told in slices, each when the one before is
answered, they leave other callers their turns: on the server, in the reader, and in the event loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from ..physical_connection import SubscriptionMessage
from ..types import Topic

#: Topics that are told and not answered at most; reading as many confirmations takes a millisecond or two.
SLICE = 256

#: Makes the commands that tell a server of topics.
Make = Callable[[list[Topic]], list[SubscriptionMessage]]


def in_slices(topics: Sequence[Topic]) -> Iterator[Sequence[Topic]]:
    """Cut topics into slices."""
    for start in range(0, len(topics), SLICE):
        yield topics[start : start + SLICE]


class Feed:
    """What one connection is yet to be told, in order; its users keep it from being changed by two at once.

    Attributes:
        due: Topics, and whether they are to be subscribed or unsubscribed.
        under_way: How many were told and are not answered.
    """

    def __init__(self) -> None:
        # An ordered dict would take thousands apart as fast, but several times as long to be filled.
        self.due: dict[Topic, bool] = {}
        self._gone = 0  # entries at the front of the dict that it still passes over
        self.under_way = 0

    def add(self, topics: Iterable[Topic], wanted: bool) -> None:
        """Have topics told; what was due for them before is due no more."""
        if not self.due:
            self.due, self._gone = dict.fromkeys(topics, wanted), 0
            return
        due = self.due
        for topic in topics:
            if due.get(topic) is not wanted:
                due.pop(topic, None)  # behind what has come since
                due[topic] = wanted

    def take(self, subscribe: Make, unsubscribe: Make) -> list[SubscriptionMessage]:
        """Take as much of what is due as may be under way, and make its commands."""
        taken = self._take_first(SLICE - self.under_way)
        made: list[SubscriptionMessage] = []
        run: list[Topic] = []
        for index, (topic, wanted) in enumerate(taken):
            run.append(topic)
            if index + 1 == len(taken) or taken[index + 1][1] is not wanted:
                made += subscribe(run) if wanted else unsubscribe(run)
                run = []
        self.under_way += len(taken)
        return made

    def _take_first(self, most: int) -> list[tuple[Topic, bool]]:
        due = self.due
        taken = list(islice(due.items(), most))
        for topic, _ in taken:
            del due[topic]
        self._gone += len(taken)
        if self._gone > len(due):  # so that all of them together cost no more than as many again
            self.due, self._gone = dict(due), 0
        return taken

    def answered(self, count: int) -> bool:
        """Note that so many topics are under way no longer; return whether more are to be told now."""
        self.under_way -= count
        return bool(self.due) and self.under_way <= SLICE // 2
