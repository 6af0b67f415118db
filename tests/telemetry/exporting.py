"""Exporters of OpenTelemetry that keep what they are given, and hold it against the conventions."""

from __future__ import annotations

from typing import Any

from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind

from multiplexer.telemetry.opentelemetry import Instrumentation, instrument

from .conventions import EVENTS, METRICS, SPAN_ATTRIBUTES


class Exported:
    """Providers of a test's own, and what they have exported."""

    def __init__(self) -> None:
        self.reader = InMemoryMetricReader()
        self.meter_provider = MeterProvider([self.reader])
        self.tracer_provider = TracerProvider()
        self._spans = InMemorySpanExporter()
        self.tracer_provider.add_span_processor(SimpleSpanProcessor(self._spans))
        self.tracer = self.tracer_provider.get_tracer("test")

    def instrument(self, mux: Any, **options: Any) -> Instrumentation:
        """Show a multiplexer."""
        return instrument(
            mux,
            readers=[self.reader],
            meter_provider=self.meter_provider,
            tracer_provider=self.tracer_provider,
            **options,
        )

    def points(self) -> dict[str, list[Any]]:
        """Collect the metrics, see that they are as agreed, and return their points by name."""
        data = self.reader.get_metrics_data()
        found: dict[str, list[Any]] = {}
        for resource in () if data is None else data.resource_metrics:
            for scope in resource.scope_metrics:
                for metric in scope.metrics if scope.scope.name == "multiplexer" else ():
                    agreed = METRICS[metric.name]
                    assert (type(metric.data).__name__, metric.unit) == (agreed.kind, agreed.unit), metric.name
                    assert getattr(metric.data, "is_monotonic", None) is agreed.is_monotonic, metric.name
                    for point in metric.data.data_points:
                        assert {*point.attributes, "server.port"} == agreed.attributes | {"server.port"}, metric.name
                        assert point.attributes["db.system.name"] == "redis"
                    found[metric.name] = list(metric.data.data_points)
        return found

    def value(self, name: str, **attributes: Any) -> Any:
        """Return the sum of a metric's points whose attributes end so: ``connection`` stands for the pool's kind."""
        total = 0
        for point in self.points().get(name, ()):
            said = {key.rpartition(".")[2]: value for key, value in point.attributes.items()}
            said["connection"] = str(point.attributes.get("db.client.connection.pool.name", "")).rpartition("/")[2]
            if all(said.get(key) == value for key, value in attributes.items()):
                total += point.value
        return total

    def spans(self) -> list[Any]:
        """Return the spans that have ended, checked against the conventions, and forget them."""
        found = [span for span in self._spans.get_finished_spans() if span.instrumentation_scope.name == "multiplexer"]
        self._spans.clear()
        for span in found:
            assert span.kind is SpanKind.CLIENT
            for name, value in span.attributes.items():
                assert type(value) is SPAN_ATTRIBUTES[name][0], name
            assert {name for name, (_, is_required) in SPAN_ATTRIBUTES.items() if is_required} <= set(span.attributes)
            assert span.attributes.get("db.operation.batch.size") != 1
            assert {event.name for event in span.events} <= set(EVENTS)
            assert span.start_time <= span.end_time
        return found
