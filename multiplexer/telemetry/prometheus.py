"""Metrics for Prometheus, read from the counters when it scrapes (needs the extra ``prometheus``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector as BaseCollector

from .readings import BOUNDS, OF_CACHES, Reading, Readings, estimated_sum, in_buckets, of_caches, read

__all__ = ["Collector"]

_CONNECTION = ("endpoint", "connection")

#: Name without the prefix, help, labels beside those of the connection, and what is read of it.
_COUNTED: tuple[tuple[str, str, str, Any], ...] = (
    ("operations", "Commands written.", "", lambda c: [("", c.operation_count)]),
    (
        "commands",
        "Commands written, by what became of them.",
        "outcome",
        lambda c: [("answered", c.answered), ("lost", c.lost)],
    ),
    ("failures", "Commands that ended in an error which no reply brought.", "", lambda c: [("", c.failed)]),
    (
        "retries",
        "Commands sent again, by how far they had come.",
        "phase",
        lambda c: [("written", c.retried_after_loss), ("answered", c.retried - c.retried_after_loss)],
    ),
    ("flushes", "Writes to the socket.", "", lambda c: [("", c.flushes)]),
    ("reads", "Reads from the socket.", "", lambda c: [("", c.reads)]),
    (
        "bytes",
        "Bytes on the wire, before TLS.",
        "direction",
        lambda c: [("sent", c.bytes_sent), ("received", c.bytes_received)],
    ),
    ("connections_opened", "Sockets opened.", "", lambda c: [("", c.socket_count)]),
)

_MEASURED: tuple[tuple[str, str, str, Any], ...] = (
    (
        "pending",
        "Commands without an answer now, by where they are.",
        "place",
        lambda r: [
            ("backlog", r.counters.pending_unsent_items),
            ("sent", r.counters.sent_items_awaiting_response),
            ("parked", r.counters.responses_awaiting_async_completion),
        ],
    ),
    ("connections", "Connections now.", "state", lambda r: [("used", r.used), ("idle", r.idle)]),
    ("subscriptions", "Channels and patterns subscribed now.", "", lambda r: [("", r.counters.subscriptions)]),
    ("largest_batch", "Commands in the largest single write so far.", "", lambda r: [("", r.counters.largest_batch)]),
)


class Collector(BaseCollector):
    """Shows what multiplexers have counted, whenever somebody scrapes.

    It has no threads, keeps nothing and asks no server. Multiplexers of either world may be mixed; what they count of
    the same server is added up. Register one collector for all of them::

        REGISTRY.register(Collector(mux))
    """

    def __init__(self, *multiplexers: Any) -> None:
        self._multiplexers = list(multiplexers)

    def add(self, multiplexer: Any) -> None:
        """Show one more multiplexer."""
        self._multiplexers.append(multiplexer)

    def remove(self, multiplexer: Any) -> None:
        """Show a multiplexer no longer; nothing happens where it was not shown."""
        self._multiplexers = [other for other in self._multiplexers if other is not multiplexer]

    def describe(self) -> Iterable[Any]:
        """Return no names beforehand, so that registering reads nothing."""
        return ()

    def collect(self) -> Iterator[Any]:
        """Yield every metric as it is now."""
        readings = read(self._multiplexers)
        yield from _counters(readings.connections)
        yield from _gauges(readings.connections)
        yield _latency(readings.connections)
        yield from _of_servers(readings)
        yield from _happenings(readings)
        yield from _caches(readings)


def _counters(connections: list[Reading]) -> Iterator[Any]:
    for name, text, label, look in _COUNTED:
        family = CounterMetricFamily(f"multiplexer_{name}", text, labels=_labels(label))
        for reading in connections:
            for kind, value in look(reading.counters):
                family.add_metric(_values(reading, label, kind), value)
        yield family


def _gauges(connections: list[Reading]) -> Iterator[Any]:
    for name, text, label, look in _MEASURED:
        family = GaugeMetricFamily(f"multiplexer_{name}", text, labels=_labels(label))
        for reading in connections:
            for kind, value in look(reading):
                family.add_metric(_values(reading, label, kind), value)
        yield family


def _labels(label: str) -> list[str]:
    return [*_CONNECTION, label] if label else [*_CONNECTION]


def _values(reading: Reading, label: str, kind: str) -> list[str]:
    values = [str(reading.endpoint), reading.connection]
    return [*values, kind] if label else values


def _latency(connections: list[Reading]) -> Any:
    family = HistogramMetricFamily(
        "multiplexer_command_duration_seconds", "From write to reply; the sum is an estimate.", labels=[*_CONNECTION]
    )
    for reading in connections:
        latency, buckets, seen = reading.counters.latency, [], 0
        for bound, count in zip((*BOUNDS, float("inf")), in_buckets(latency), strict=True):
            seen += count
            buckets.append(("+Inf" if bound == float("inf") else repr(bound), seen))
        family.add_metric(_values(reading, "", ""), buckets, estimated_sum(latency))
    return family


def _of_servers(readings: Readings) -> Iterator[Any]:
    up = GaugeMetricFamily("multiplexer_server_up", "1 while a server is connected.", labels=["endpoint", "role"])
    lag = GaugeMetricFamily(
        "multiplexer_lag_seconds", "How late the latest heartbeat was: event loop or GIL held up.", labels=["endpoint"]
    )
    for server in readings.servers:
        up.add_metric([str(server.endpoint), server.role], int(server.is_connected))
        lag.add_metric([str(server.endpoint)], server.lag)
    yield up
    yield lag


def _happenings(readings: Readings) -> Iterator[Any]:
    families = {
        what: CounterMetricFamily(f"multiplexer_{name}", text, labels=["endpoint", label])
        for what, name, text, label in (
            ("lost", "connections_lost", "Connections that broke, by the error.", "reason"),
            ("connect_failed", "connect_failures", "Attempts to connect that failed, by the error.", "reason"),
            ("redirected", "redirects", "Replies that pointed elsewhere.", "kind"),
            ("maintenance", "maintenance", "Announcements of servers.", "kind"),
        )
    }
    for (what, endpoint, kind), times in readings.happenings.items():
        if what in families:  # the others show elsewhere: timeouts among the failures, say
            families[what].add_metric([str(endpoint), kind], times)
    yield from families.values()
    refreshes = CounterMetricFamily("multiplexer_topology_refreshes", "Times clusters were asked for their topology.")
    refreshes.add_metric([], readings.refreshes)
    yield refreshes


#: Where a unit belongs to the name.
_NAMED = {"By": "bytes"}


def _caches(readings: Readings) -> Iterator[Any]:
    for name, unit, is_counter, text, label, look in OF_CACHES:
        kind: Any = CounterMetricFamily if is_counter else GaugeMetricFamily
        family = kind(f"multiplexer_cache_{_NAMED.get(unit, name)}", text, labels=[label] if label else [])
        for value, count in of_caches(readings, look).items():
            family.add_metric([value] if label else [], count)
        yield family
