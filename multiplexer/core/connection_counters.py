"""Counters that are always on: a few integer additions per batch, not per command."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class LatencyHistogram:
    """Counts by powers of two of a microsecond; what a percentile needs, in a few additions per batch."""

    __slots__ = ("buckets",)

    def __init__(self) -> None:
        self.buckets = [0] * 64

    def add(self, seconds: float, count: int = 1) -> None:
        """Count ``count`` commands that each took ``seconds``."""
        self.buckets[int(seconds * 1e6).bit_length()] += count

    @property
    def count(self) -> int:
        """Commands counted."""
        return sum(self.buckets)

    def percentile(self, percent: float) -> float:
        """Return the upper bound, in seconds, of the bucket that holds the given percentile (0 to 100)."""
        wanted = self.count * percent / 100
        seen = 0
        for exponent, count in enumerate(self.buckets):
            seen += count
            if count and seen >= wanted:
                return float((1 << exponent) / 1e6)
        return 0.0

    def counts(self) -> list[int]:
        """Return the counts up to the last that is not 0: of those that took less than 1 µs, less than 2, 4, 8 µs."""
        counts = self.buckets.copy()
        while counts and not counts[-1]:
            counts.pop()
        return counts


class ConnectionCounters:
    """What one bridge has done and has still to do. Numbers only grow unless the text says otherwise.

    They add up: whenever nobody is just writing, reading or losing a connection, ::

        operation_count == answered + lost + sent_items_awaiting_response

    Each attempt of a command counts by itself, and so does each command of a batch or transaction. The package's own
    commands count as well (keep-alives, SELECT, subscribing), but nothing of the handshake of a new connection does.

    Attributes:
        connection_type: ``"interactive"``, ``"subscription"`` or ``"leased"``.
        operation_count: Commands written.
        completed_synchronously: Replies that a blocking caller read from the socket itself.
        completed_asynchronously: Replies that somebody else read for the caller.
        lost: Commands written whose connection ended before their reply came, whether they were sent again or not.
        failed: Commands that ended in an error which no server reply brought: lost, expired, refused.
        pending_unsent_items: Entries of the backlog now, in which a batch is one; of leased connections: commands that
            wait for one.
        sent_items_awaiting_response: Commands written and unanswered now.
        responses_awaiting_async_completion: Callers parked until there is room in the backlog, now.
        socket_count: Sockets opened.
        subscriptions: Channels and patterns subscribed now.
        writer_count: 1 while somebody writes.
        non_preferred_endpoint_count: Commands that went to another role than the preferred one.
        retried: Commands sent again.
        retried_after_loss: Those of them whose connection was lost; the others had been refused for the moment, or
            pointed elsewhere.
        bytes_sent, bytes_received: On the wire, before TLS, from the end of the handshake on.
        flushes, reads: Times the socket was written to, read from.
        largest_batch: Commands in the largest single write.
        latency: From write to reply.
    """

    __slots__ = (
        "bytes_received",
        "bytes_sent",
        "completed_asynchronously",
        "completed_synchronously",
        "connection_type",
        "failed",
        "flushes",
        "largest_batch",
        "latency",
        "lost",
        "non_preferred_endpoint_count",
        "operation_count",
        "pending_unsent_items",
        "reads",
        "responses_awaiting_async_completion",
        "retried",
        "retried_after_loss",
        "sent_items_awaiting_response",
        "socket_count",
        "subscriptions",
        "writer_count",
    )

    def __init__(self, connection_type: str) -> None:
        self.connection_type = connection_type
        self.reset()

    operation_count: int
    completed_synchronously: int
    completed_asynchronously: int
    lost: int
    failed: int
    pending_unsent_items: int
    sent_items_awaiting_response: int
    responses_awaiting_async_completion: int
    socket_count: int
    subscriptions: int
    writer_count: int
    non_preferred_endpoint_count: int
    retried: int
    retried_after_loss: int
    bytes_sent: int
    bytes_received: int
    flushes: int
    reads: int
    largest_batch: int

    def reset(self) -> None:
        """Begin anew, with zero everywhere."""
        for name in self.__slots__:
            if name != "connection_type":
                setattr(self, name, 0)
        self.latency = LatencyHistogram()

    @property
    def answered(self) -> int:
        """Commands whose reply has come, whoever read it."""
        return self.completed_synchronously + self.completed_asynchronously

    @property
    def unaccounted(self) -> int:
        """Commands written that are neither answered nor lost nor waited for: 0 whenever nothing is just happening."""
        return self.operation_count - self.answered - self.lost - self.sent_items_awaiting_response

    @property
    def total_outstanding(self) -> int:
        """Commands nobody has an answer to yet."""
        return self.pending_unsent_items + self.sent_items_awaiting_response + self.responses_awaiting_async_completion

    @property
    def is_empty(self) -> bool:
        """Whether the connection was never used and has nothing to do."""
        return not (self.operation_count or self.total_outstanding or self.socket_count)

    def as_dict(self) -> dict[str, Any]:
        """Return every number by its name; ``latency`` as percentiles in seconds, and as counts of its buckets."""
        numbers = {name: getattr(self, name) for name in self.__slots__ if name != "latency"}
        numbers["total_outstanding"] = self.total_outstanding
        numbers["latency"] = {f"p{p}": self.latency.percentile(p) for p in (50, 90, 99)}
        numbers["latency_counts"] = self.latency.counts()
        return numbers

    def __str__(self) -> str:
        return (
            f"{self.connection_type}: ops={self.operation_count} sync={self.completed_synchronously} "
            f"async={self.completed_asynchronously} lost={self.lost} failed={self.failed} retried={self.retried} "
            f"unsent={self.pending_unsent_items} sent={self.sent_items_awaiting_response} "
            f"parked={self.responses_awaiting_async_completion} sockets={self.socket_count} "
            f"subs={self.subscriptions} writers={self.writer_count} nonpref={self.non_preferred_endpoint_count} "
            f"out={self.bytes_sent}B in={self.bytes_received}B flushes={self.flushes} reads={self.reads} "
            f"batch<={self.largest_batch} p50={self.latency.percentile(50) * 1e6:.0f}us "
            f"p99={self.latency.percentile(99) * 1e6:.0f}us"
        )


def sum_of(each: Sequence[ConnectionCounters]) -> ConnectionCounters:
    """Return the sum of several connections' counters; those of one are returned as they are."""
    if len(each) == 1:
        return each[0]
    total = ConnectionCounters(each[0].connection_type)
    for counters in each:
        for name in ConnectionCounters.__slots__:
            if name not in ("connection_type", "latency", "largest_batch"):
                setattr(total, name, getattr(total, name) + getattr(counters, name))
        total.largest_batch = max(total.largest_batch, counters.largest_batch)
        for place, count in enumerate(counters.latency.buckets):
            total.latency.buckets[place] += count
    return total


class ServerCounters:
    """The counters of one server's connections.

    Attributes:
        endpoint: The server.
        interactive: The shared connection commands take.
        subscription: The one for pub/sub.
        leased: All connections that callers had to themselves for a while.
    """

    __slots__ = ("endpoint", "interactive", "leased", "subscription")

    def __init__(
        self,
        endpoint: str,
        interactive: ConnectionCounters,
        subscription: ConnectionCounters,
        leased: ConnectionCounters,
    ) -> None:
        self.endpoint = endpoint
        self.interactive = interactive
        self.subscription = subscription
        self.leased = leased

    @property
    def used(self) -> list[ConnectionCounters]:
        """The interactive connection's, and those of the others that were ever used."""
        return [self.interactive, *(each for each in (self.subscription, self.leased) if not each.is_empty)]

    @property
    def total_outstanding(self) -> int:
        """Commands nobody has an answer to yet."""
        return sum(each.total_outstanding for each in (self.interactive, self.subscription, self.leased))

    def as_dict(self) -> dict[str, Any]:
        """Return all connections' numbers."""
        return {
            "endpoint": self.endpoint,
            "interactive": self.interactive.as_dict(),
            "subscription": self.subscription.as_dict(),
            "leased": self.leased.as_dict(),
            "total_outstanding": self.total_outstanding,
        }

    def as_fields(self) -> dict[str, Any]:
        """Return what ``str()`` shows as fields of a log record: ``interactive_operation_count`` and the like.

        Percentiles are in seconds: ``interactive_latency_p99``.
        """
        fields: dict[str, Any] = {"endpoint": self.endpoint}
        for counters in self.used:
            numbers = counters.as_dict()
            kind, latency = numbers.pop("connection_type"), numbers.pop("latency")
            del numbers["latency_counts"]  # of no use in a line of a log
            fields |= {f"{kind}_{name}": number for name, number in numbers.items()}
            fields |= {f"{kind}_latency_{name}": seconds for name, seconds in latency.items()}
        return fields

    def __str__(self) -> str:
        return f"{self.endpoint} " + " | ".join(str(counters) for counters in self.used)
