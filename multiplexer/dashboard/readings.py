"""What an application has counted, and what became of it between two looks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, NamedTuple

from ..core.connection_counters import LatencyHistogram

__all__ = ["SECONDS", "Flow", "History", "Key", "Point", "Reading", "deployments"]

#: Seconds that are looked back.
SECONDS = 900.0

#: Whose counters: member of a group (empty without one), server, kind of connection, or "lost".
Key = tuple[str, str, str]


def deployments(status: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the state of each deployment with its name, which is empty where there is no group."""
    if "members" not in status:
        yield "", status
    for member in status.get("members", ()):
        yield member["name"], member


class Counts(NamedTuple):
    """One kind of connection to one server.

    Attributes:
        operations, failed, retried, sent, received, lost: Counted since the application began; the first three are
            commands, then bytes, then connections.
        pending: Commands that were sent and are unanswered now.
        backlog: Those that were not sent yet.
        latency: Replies by powers of two of a microsecond.
    """

    operations: int
    failed: int
    retried: int
    sent: int
    received: int
    lost: int
    pending: int
    backlog: int
    latency: list[int]


class Flow(NamedTuple):
    """What went over one kind of connection to one server between two looks.

    Attributes:
        operations, sent, received: Per second.
        failed, retried, lost: How many.
        pending, backlog: As they were at the end.
        latency: Replies by powers of two of a microsecond.
    """

    operations: float
    failed: int
    retried: int
    sent: float
    received: float
    lost: int
    pending: int
    backlog: int
    latency: list[int]


class Point(NamedTuple):
    """One moment of a chart.

    Attributes:
        at: Seconds since the epoch.
        operations, sent, received: Commands and bytes per second.
        p50, p99: Seconds from write to reply; None where nothing was answered.
        pending, backlog: Commands that wait for a reply, and that were not sent.
        lost: Connections that broke since the point before.
        failed, retried: Commands since then.
    """

    at: float
    operations: float
    p50: float | None
    p99: float | None
    pending: int
    backlog: int
    sent: float
    received: float
    lost: int
    failed: int
    retried: int

    @classmethod
    def of(cls, at: float, flows: Iterable[Flow]) -> Point:
        """Return the sums of what went over some connections."""
        known = list(flows)
        latency = LatencyHistogram()
        for flow in known:
            for place, count in enumerate(flow.latency):
                latency.buckets[place] += count
        answered = latency.count > 0

        def total(name: str) -> Any:
            return sum(getattr(flow, name) for flow in known)

        return cls(
            round(at, 3),
            round(total("operations"), 1),
            latency.percentile(50) if answered else None,
            latency.percentile(99) if answered else None,
            total("pending"),
            total("backlog"),
            round(total("sent")),
            round(total("received")),
            total("lost"),
            total("failed"),
            total("retried"),
        )


class Reading:
    """An application's counters at one moment.

    Attributes:
        at: Seconds since the epoch.
        counts: By whose they are.
    """

    def __init__(self, view: Mapping[str, Any]) -> None:
        self.at: float = view["at"]
        self.counts: dict[Key, Counts] = {}
        for member, status in deployments(view["status"]):
            for each in status.get("happenings", ()):
                if each["what"] == "lost":
                    # By themselves: these counts stay where a server leaves and comes back.
                    key = member, each["endpoint"], "lost"
                    known = self.counts.get(key, _NOTHING)
                    self.counts[key] = known._replace(lost=known.lost + each["count"])
            for server in status["servers"]:
                for kind in ("interactive", "subscription", "leased"):
                    if server[kind] is not None:
                        self.counts[member, server["endpoint"], kind] = _counts(server[kind])

    def since(self, before: Reading) -> dict[Key, Flow]:
        """Return what went over each connection since an earlier reading of the same process."""
        seconds = self.at - before.at
        if seconds <= 0:
            return {}
        return {key: _flow(now, before.counts.get(key, _NOTHING), seconds) for key, now in self.counts.items()}


_NOTHING = Counts(0, 0, 0, 0, 0, 0, 0, 0, [])


def _counts(connection: Mapping[str, Any]) -> Counts:
    return Counts(
        connection["operation_count"],
        connection["failed"],
        connection["retried"],
        connection["bytes_sent"],
        connection["bytes_received"],
        0,
        connection["sent_items_awaiting_response"],
        connection["pending_unsent_items"] + connection["responses_awaiting_async_completion"],
        connection.get("latency_counts", []),
    )


def _flow(now: Counts, before: Counts, seconds: float) -> Flow:
    if now.operations < before.operations:
        before = _NOTHING  # counted anew: the server had left, and has come back
    return Flow(
        (now.operations - before.operations) / seconds,
        max(now.failed - before.failed, 0),
        max(now.retried - before.retried, 0),
        max(now.sent - before.sent, 0) / seconds,
        max(now.received - before.received, 0) / seconds,
        max(now.lost - before.lost, 0),
        now.pending,
        now.backlog,
        [max(a - b, 0) for a, b in zip_longest(now.latency, before.latency, fillvalue=0)],
    )


class History:
    """Points of the last fifteen minutes, the oldest first."""

    def __init__(self) -> None:
        self._points: deque[Point] = deque()

    def add(self, point: Point) -> None:
        """Take the latest point; what is too old leaves."""
        self._points.append(point)
        while point.at - self._points[0].at > SECONDS:
            self._points.popleft()

    def points(self) -> list[Point]:
        """Return them."""
        return list(self._points)
