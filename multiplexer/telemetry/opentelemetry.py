"""Metrics and spans for OpenTelemetry (needs the extra ``otel``), by its semantic conventions.

Metrics are read from the counters when a reader collects them; nothing is counted for them on the way of a command.
Spans are made on request, of the calls that are chosen.
"""

from __future__ import annotations

import weakref
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from opentelemetry import metrics as metrics_api
from opentelemetry import trace

from ..errors import DataError
from ..importing import importing
from ..version import __version__
from .attributes import SYSTEM, SYSTEM_VALUE, Values, server_attributes
from .readings import OF_CACHES, Reading, Readings, of_caches, read
from .spans import Tracing

__all__ = ["Instrumentation", "instrument"]

_NAME = "multiplexer"
#: The version of the conventions that the names are from.
_SCHEMA = "https://opentelemetry.io/schemas/1.44.0"

_POOL = "db.client.connection.pool.name"
_COUNTER, _UP_DOWN, _GAUGE = "counter", "up_down_counter", "gauge"

#: What is read of each connection: name, kind of instrument, unit, description, attribute that tells its values apart,
#: and the values by that attribute's.
_OF_CONNECTIONS: tuple[tuple[str, str, str, str, str, Any], ...] = (
    (
        "db.client.connection.count",
        _UP_DOWN,
        "{connection}",
        "Connections by their state.",
        "db.client.connection.state",
        lambda r: [("used", r.used), ("idle", r.idle)],
    ),
    (
        "db.client.connection.pending_requests",
        _UP_DOWN,
        "{request}",
        "Commands nobody has an answer to: queued, and of shared connections also those that were sent.",
        "",
        lambda r: [("", r.counters.pending_unsent_items if r.connection == "leased" else r.counters.total_outstanding)],
    ),
    ("multiplexer.operations", _COUNTER, "{command}", "Commands written.", "", lambda r: r.counters.operation_count),
    (
        "multiplexer.commands",
        _COUNTER,
        "{command}",
        "Commands written, by what became of them.",
        "multiplexer.outcome",
        lambda r: [("answered", r.counters.answered), ("lost", r.counters.lost)],
    ),
    (
        "multiplexer.failures",
        _COUNTER,
        "{command}",
        "Commands that ended in an error which no reply brought.",
        "",
        lambda r: r.counters.failed,
    ),
    (
        "multiplexer.retries",
        _COUNTER,
        "{command}",
        "Commands sent again, by how far they had come.",
        "multiplexer.phase",
        lambda r: [
            ("written", r.counters.retried_after_loss),
            ("answered", r.counters.retried - r.counters.retried_after_loss),
        ],
    ),
    (
        "multiplexer.pending",
        _UP_DOWN,
        "{command}",
        "Commands without an answer, by where they are.",
        "multiplexer.place",
        lambda r: [
            ("backlog", r.counters.pending_unsent_items),
            ("sent", r.counters.sent_items_awaiting_response),
            ("parked", r.counters.responses_awaiting_async_completion),
        ],
    ),
    ("multiplexer.flushes", _COUNTER, "{write}", "Writes to the socket.", "", lambda r: r.counters.flushes),
    ("multiplexer.reads", _COUNTER, "{read}", "Reads from the socket.", "", lambda r: r.counters.reads),
    (
        "multiplexer.bytes",
        _COUNTER,
        "By",
        "Bytes on the wire, before TLS.",
        "network.io.direction",
        lambda r: [("transmit", r.counters.bytes_sent), ("receive", r.counters.bytes_received)],
    ),
    (
        "multiplexer.batch.size",
        _GAUGE,
        "{command}",
        "Commands in the largest single write so far.",
        "",
        lambda r: r.counters.largest_batch,
    ),
    (
        "multiplexer.connections.opened",
        _COUNTER,
        "{connection}",
        "Sockets opened.",
        "",
        lambda r: r.counters.socket_count,
    ),
    (
        "multiplexer.subscriptions",
        _UP_DOWN,
        "{subscription}",
        "Channels and patterns subscribed.",
        "",
        lambda r: r.counters.subscriptions,
    ),
)

#: What the tally counts: how it is called there, name, unit, description, and the attribute of its kind.
_OF_THE_TALLY = (
    ("lost", "multiplexer.reconnects", "{connection}", "Connections that broke and were made anew.", "error.type"),
    ("connect_failed", "multiplexer.connect.failures", "{attempt}", "Attempts to connect that failed.", "error.type"),
    ("redirected", "multiplexer.redirects", "{reply}", "Replies that pointed elsewhere.", "multiplexer.kind"),
    ("maintenance", "multiplexer.maintenance", "{announcement}", "Announcements of servers.", "multiplexer.kind"),
)


class Instrumentation:
    """What shows one multiplexer; see :func:`instrument`."""

    def __init__(self, multiplexer: Any) -> None:
        self._multiplexer = weakref.ref(multiplexer)
        self._shown: _Metrics | None = None
        self._tracing: Tracing | None = None

    def uninstrument(self) -> None:
        """Show it no longer. Nothing happens where that was done before."""
        multiplexer = self._multiplexer()
        shown, self._shown = self._shown, None
        tracing, self._tracing = self._tracing, None
        if multiplexer is not None and shown is not None:
            shown.multiplexers.discard(multiplexer)
        if multiplexer is not None and tracing is not None:
            multiplexer.unregister_profiler(tracing)


def instrument(
    multiplexer: Any,
    *,
    metrics: bool = True,
    spans: bool = False,
    readers: Iterable[Any] = (),
    meter_provider: Any = None,
    tracer_provider: Any = None,
    sample_ratio: float = 1.0,
    include: Collection[str] | None = None,
    exclude: Collection[str] = (),
    query_text: bool = False,
) -> Instrumentation:
    """Show what a multiplexer does, of either world; it is held weakly.

    Args:
        multiplexer: The multiplexer.
        metrics: Whether its counters are shown. Several multiplexers' are added up by server.
        spans: Whether calls become spans: one for each call as its caller sees it, retries and redirections included.
        readers: Metric readers that are given the latency histogram too. The API has no instrument for one that exists,
            so they have to be named; each must be one of the meter provider's.
        meter_provider: Where metrics go instead of the global provider.
        tracer_provider: Where spans go instead of the global provider.
        sample_ratio: Part of the calls that become spans, from 0 to 1. What is not chosen costs next to nothing.
        include: Names of the commands that become spans, or None for all.
        exclude: Names of those that do not.
        query_text: Whether spans show commands, with their keys as they are and ``?`` for every other argument; those
            that hold secrets (AUTH, HELLO, ACL, CONFIG SET, MIGRATE) never.

    Returns:
        What ends it.

    Raises:
        DataError: ``sample_ratio`` is not from 0 to 1.
    """
    if not 0 <= sample_ratio <= 1:
        raise DataError("instrument: sample_ratio must be from 0 to 1")
    instrumentation = Instrumentation(multiplexer)
    if metrics:
        provider = meter_provider or metrics_api.get_meter_provider()
        shown = _by_provider.get(provider)
        if shown is None:
            shown = _by_provider[provider] = _Metrics(provider)
        shown.multiplexers.add(multiplexer)
        for reader in readers:
            shown.attach(reader)
        instrumentation._shown = shown
    if spans:
        tracer = trace.get_tracer(_NAME, __version__, tracer_provider, _SCHEMA)
        instrumentation._tracing = Tracing(tracer, include, exclude, query_text)
        multiplexer.register_profiler(instrumentation._tracing, sample_ratio)
    return instrumentation


class _Metrics:
    """The instruments of one meter provider, made once: of two with the same name a provider keeps one.

    Attributes:
        multiplexers: Those that are shown.
    """

    def __init__(self, provider: Any) -> None:
        self.multiplexers: weakref.WeakSet[Any] = weakref.WeakSet()
        self._readers: weakref.WeakSet[Any] = weakref.WeakSet()
        self._histograms: Any = None
        meter = metrics_api.get_meter(_NAME, __version__, provider, _SCHEMA)
        for name, kind, unit, text, label, look in _OF_CONNECTIONS:
            self._observe(meter, kind, name, unit, text, _connections_seen(label, look))
        for what, name, unit, text, label in _OF_THE_TALLY:
            self._observe(meter, _COUNTER, name, unit, text, _happenings_seen(what, label))
        self._observe(
            meter,
            _COUNTER,
            "multiplexer.topology.refreshes",
            "{refresh}",
            "Times clusters were asked for their topology.",
            lambda readings: [(readings.refreshes, {SYSTEM: SYSTEM_VALUE})],
        )
        for name, unit, is_counter, text, label, look in OF_CACHES:
            kind = _COUNTER if is_counter else _UP_DOWN
            self._observe(meter, kind, f"multiplexer.cache.{name}", unit, text, _caches_seen(label, look))
        self._observe(meter, _GAUGE, "multiplexer.event_loop.lag", "s", "Lateness of the latest heartbeat.", _lag_seen)
        self._observe(meter, _UP_DOWN, "multiplexer.server.up", "{server}", "1 while a server is connected.", _up_seen)

    def _observe(self, meter: Any, kind: str, name: str, unit: str, description: str, look: Any) -> None:
        def observations(options: Any) -> Iterator[Any]:
            for value, attributes in look(read(self.multiplexers)):
                yield metrics_api.Observation(value, attributes)

        make = getattr(meter, f"create_observable_{kind}")
        make(name, callbacks=[observations], unit=unit, description=description)

    def attach(self, reader: Any) -> None:
        """Have a reader given the histograms, unless it is already."""
        if reader in self._readers:
            return
        if self._histograms is None:
            with importing:
                from .histograms import Histograms  # only now: the API alone is enough for everything else

            self._histograms = Histograms(self._timed, _NAME, _SCHEMA)
        self._readers.add(reader)
        self._histograms.attach(reader)

    def _timed(self) -> list[tuple[Reading, Values]]:
        return [(reading, _of(reading)) for reading in read(self.multiplexers).connections]


#: A provider's instruments, for as long as there is the provider.
_by_provider: weakref.WeakKeyDictionary[Any, _Metrics] = weakref.WeakKeyDictionary()


def _of(reading: Reading) -> Values:
    return {SYSTEM: SYSTEM_VALUE, **server_attributes(reading.endpoint), _POOL: reading.pool}


def _connections_seen(label: str, look: Any) -> Any:
    def seen(readings: Readings) -> Iterator[tuple[int, Values]]:
        for reading in readings.connections:
            found = look(reading)
            for kind, value in found if isinstance(found, list) else [("", found)]:
                yield value, {**_of(reading), label: kind} if label else _of(reading)

    return seen


def _happenings_seen(what: str, label: str) -> Any:
    def seen(readings: Readings) -> Iterator[tuple[int, Values]]:
        for happening, times in readings.happenings.items():
            if happening.what == what:
                yield times, {SYSTEM: SYSTEM_VALUE, **server_attributes(happening.endpoint), label: happening.kind}

    return seen


def _caches_seen(label: str, look: Any) -> Any:
    def seen(readings: Readings) -> Iterator[tuple[int, Values]]:
        for kind, value in of_caches(readings, look).items():
            yield value, {SYSTEM: SYSTEM_VALUE, f"multiplexer.{label}": kind} if label else {SYSTEM: SYSTEM_VALUE}

    return seen


def _lag_seen(readings: Readings) -> Iterator[tuple[float, Values]]:
    for server in readings.servers:
        yield server.lag, {SYSTEM: SYSTEM_VALUE, **server_attributes(server.endpoint)}


def _up_seen(readings: Readings) -> Iterator[tuple[int, Values]]:
    for server in readings.servers:
        attributes = {SYSTEM: SYSTEM_VALUE, **server_attributes(server.endpoint), "multiplexer.role": server.role}
        yield int(server.is_connected), attributes
