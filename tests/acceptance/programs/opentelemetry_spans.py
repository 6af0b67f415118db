"""opentelemetry-instrumentation-redis: a span for each command and pipeline, in both worlds."""

from __future__ import annotations

import asyncio
import sys

from .common import check_facade

# isort: split
import redis
import redis.asyncio
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter


def blocking(url: str) -> None:
    client = redis.Redis.from_url(url)
    check_facade(client)
    assert client.set("k", 1)
    assert client.get("k") == b"1"
    with client.pipeline(transaction=False) as pipe:
        assert pipe.get("k").incr("k").execute() == [b"1", 2]
    client.close()


async def in_asyncio(url: str) -> None:
    async with redis.asyncio.Redis.from_url(url) as client:
        check_facade(client)
        assert await client.get("k") == b"2"
        assert await client.pipeline(transaction=False).get("k").execute() == [b"2"]


def main(url: str) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    instrumentor = RedisInstrumentor()
    instrumentor.instrument(tracer_provider=provider)
    blocking(url)
    asyncio.run(in_asyncio(url))
    finished = [(span.name, (span.attributes or {})["db.statement"]) for span in spans.get_finished_spans()]
    assert finished == [
        ("SET", "SET ? ?"),
        ("GET", "GET ?"),
        ("GET INCRBY", "GET ?\nINCRBY ? ?"),
        ("GET", "GET ?"),
        ("GET", "GET ?"),
    ], finished
    instrumentor.uninstrument()
    spans.clear()
    blocking(url)
    assert not spans.get_finished_spans()


if __name__ == "__main__":
    main(sys.argv[1])
