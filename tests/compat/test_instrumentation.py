"""What opentelemetry-instrumentation-redis wraps is there on the façade: its users keep the spans they have."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.servers import RealServer

pytestmark = pytest.mark.skipif(
    find_spec("opentelemetry") is None or find_spec("opentelemetry.instrumentation") is None,
    reason="opentelemetry-instrumentation-redis is not installed",
)

_PROGRAM = """
import asyncio, json, sys
import multiplexer.compat
multiplexer.compat.install()
from opentelemetry.instrumentation.redis import RedisInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
import redis, redis.asyncio

exporter, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
RedisInstrumentor().instrument(tracer_provider=provider)
port = int(sys.argv[1])

client = redis.Redis(port=port)
client.set("key", "value")
pipeline = client.pipeline()
pipeline.set("a", 1).get("a").execute()
with client.pipeline() as watching:
    watching.watch("key")
    watching.get("key")

async def main():
    async with redis.asyncio.Redis(port=port) as client:
        await client.get("key")
        await client.pipeline().set("a", 1).get("a").execute()

asyncio.run(main())
print(json.dumps([span.name for span in exporter.get_finished_spans()]))
"""


def test_spans_of_both_worlds_are_there(server: RealServer) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(server.port)], capture_output=True, text=True, check=False, timeout=50
    )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout) == ["SET", "SET GET", "WATCH", "GET", "GET", "SET GET"]
