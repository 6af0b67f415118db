"""The latency histogram for OpenTelemetry, whose API has no instrument for one that exists already.

It goes beside the instruments' metrics into what a reader is about to hand on, in two forms that are both exact: by
powers of two of a microsecond it is an exponential histogram of scale 0, and in seconds one with explicit bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import time_ns
from typing import Any

from opentelemetry.sdk.metrics import export
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from ..core.connection_counters import LatencyHistogram
from ..version import __version__
from .attributes import Values
from .readings import BOUNDS, Reading, estimated_sum, in_buckets

#: Gives the connections to be shown, and what is said of each.
Source = Callable[[], list[tuple[Reading, Values]]]


class Histograms:
    """Adds the histograms to what metric readers hand on.

    Args:
        source: Gives the connections.
        name: Name of the instrumentation's scope.
        schema_url: Version of the conventions its names are from.
    """

    def __init__(self, source: Source, name: str, schema_url: str) -> None:
        self._source = source
        self._scope = InstrumentationScope(name, __version__, schema_url)
        self._schema_url = schema_url
        self._began = time_ns()

    def attach(self, reader: Any) -> None:
        """Have a metric reader hand the histograms on as well, by the method that its subclasses override."""
        deliver = reader._receive_metrics

        def receive(metrics_data: Any, *args: Any, **kwargs: Any) -> None:
            deliver(self._added_to(metrics_data), *args, **kwargs)

        reader._receive_metrics = receive

    def _added_to(self, data: Any) -> Any:
        connections = [each for each in self._source() if each[0].counters.latency.count]
        if data is None or not data.resource_metrics or not connections:
            return data
        now = time_ns()
        metrics = [self._in_seconds(connections, now), self._exponential(connections, now)]
        first, *others = data.resource_metrics
        scoped = export.ScopeMetrics(scope=self._scope, metrics=metrics, schema_url=self._schema_url)
        return replace(data, resource_metrics=[replace(first, scope_metrics=[*first.scope_metrics, scoped]), *others])

    def _in_seconds(self, connections: list[tuple[Reading, Values]], now: int) -> export.Metric:
        points = [
            export.HistogramDataPoint(
                attributes=attributes,
                start_time_unix_nano=self._began,
                time_unix_nano=now,
                count=reading.counters.latency.count,
                sum=estimated_sum(reading.counters.latency),
                bucket_counts=in_buckets(reading.counters.latency),
                explicit_bounds=BOUNDS,
                min=_least(reading.counters.latency) / 1e6,
                max=_most(reading.counters.latency) / 1e6,
            )
            for reading, attributes in connections
        ]
        return export.Metric(
            name="db.client.operation.duration",
            description="Duration of database client operations, from write to reply.",
            unit="s",
            data=export.Histogram(points, export.AggregationTemporality.CUMULATIVE),
        )

    def _exponential(self, connections: list[tuple[Reading, Values]], now: int) -> export.Metric:
        points = [
            _exponential_point(reading.counters.latency, attributes, self._began, now)
            for reading, attributes in connections
        ]
        return export.Metric(
            name="multiplexer.command.duration",
            description="From write to reply, by powers of two.",
            unit="us",
            data=export.ExponentialHistogram(points, export.AggregationTemporality.CUMULATIVE),
        )


def _exponential_point(
    latency: LatencyHistogram, attributes: Values, began: int, now: int
) -> export.ExponentialHistogramDataPoint:
    """Return a histogram as it is: bucket 0 is less than a microsecond, bucket n from 2^(n-1) to 2^n of them."""
    zero, *counts = latency.buckets
    filled = [index for index, count in enumerate(counts) if count]
    first, last = (filled[0], filled[-1]) if filled else (0, -1)
    return export.ExponentialHistogramDataPoint(
        attributes=attributes,
        start_time_unix_nano=began,
        time_unix_nano=now,
        count=latency.count,
        sum=estimated_sum(latency) * 1e6,
        scale=0,
        zero_count=zero,
        positive=export.Buckets(first, counts[first : last + 1]),
        negative=export.Buckets(0, []),
        flags=0,
        min=_least(latency),
        max=_most(latency),
    )


def _least(latency: LatencyHistogram) -> float:
    """Return the lower bound, in microseconds, of the first bucket that holds any."""
    exponent = next(exponent for exponent, count in enumerate(latency.buckets) if count)
    return float(1 << (exponent - 1)) if exponent else 0.0


def _most(latency: LatencyHistogram) -> float:
    """Return the upper bound, in microseconds, of the last bucket that holds any."""
    return float(1 << max(exponent for exponent, count in enumerate(latency.buckets) if count))
