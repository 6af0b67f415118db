"""Shows a multiplexer the way an application does, to nobody: what is exported is thrown away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any


def observed(mux: Any) -> Callable[[float], AbstractContextManager[None]]:
    """Return what shows a multiplexer of either world while one is within it.

    Metrics are read each second, sixty times as often as by default. What is returned takes the part of the calls that
    become spans; with 0 there are metrics instead.
    """

    @contextmanager
    def within(spans: float) -> Iterator[None]:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, PeriodicExportingMetricReader
        from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

        from multiplexer.telemetry.opentelemetry import instrument

        class NoMetrics(MetricExporter):
            def export(self, metrics_data: Any, timeout_millis: float = 0, **options: Any) -> MetricExportResult:
                return MetricExportResult.SUCCESS

            def force_flush(self, timeout_millis: float = 0) -> bool:
                return True

            def shutdown(self, timeout_millis: float = 0, **options: Any) -> None:
                pass

        class NoSpans(SpanExporter):
            def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
                return SpanExportResult.SUCCESS

        provider: Any
        if spans:
            provider = TracerProvider(shutdown_on_exit=False)
            provider.add_span_processor(BatchSpanProcessor(NoSpans()))
            shown = instrument(mux, metrics=False, spans=True, sample_ratio=spans, tracer_provider=provider)
        else:
            reader = PeriodicExportingMetricReader(NoMetrics(), export_interval_millis=1000)
            provider = MeterProvider([reader], shutdown_on_exit=False)
            shown = instrument(mux, meter_provider=provider, readers=[reader])
        try:
            yield
        finally:
            shown.uninstrument()
            provider.shutdown()

    return within
