# Generated from tests/asyncio/test_opentelemetry.py by scripts/generate_blocking.py; change that file instead.
"""OpenTelemetry: metrics are the counters, spans are calls, and both are called what the conventions call them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial

import pytest

from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import DataError, RedisConnectionError, RedisTimeoutError, WrongTypeError
from multiplexer.retry import ConstantBackoff
from tests.conftest import Target
from tests.servers import Close, Error, Hold, RealServer, ScriptedServer, Sequence
from tests.telemetry.conventions import METRICS

from ._world import gather, until
from .connecting import connect

exporting = pytest.importorskip("tests.telemetry.exporting", reason="opentelemetry-sdk is not installed")

HAPPENINGS = {"multiplexer.reconnects", "multiplexer.connect.failures", "multiplexer.redirects"}


@pytest.fixture
def mux(server: RealServer, target: Target) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer whose heartbeat asks nothing meanwhile, which would count."""
    with connect(server, protocol=target.protocol, heartbeat_interval=60) as mux:
        yield mux


def test_every_metric_is_as_the_conventions_say(
    mux: ConnectionMultiplexer, db: Database[bytes], target: Target
) -> None:
    exported = exporting.Exported()
    exported.instrument(mux)
    db.set("key", "value")
    cached = mux.get_database(cached=True)
    for _ in range(3):
        cached.get("key")
    db.rpush("queue", "a")
    db.blpop(["queue"], 1)
    mux.get_subscriber().subscribe("a", "b")
    until(lambda: exported.value("multiplexer.subscriptions") == 2)
    assert set(exported.points()) == set(METRICS) - HAPPENINGS - {"multiplexer.maintenance"}
    assert exported.value("db.client.connection.count", state="used", connection="interactive") == 1
    assert exported.value("db.client.connection.count", state="used", connection="leased") == 0
    assert exported.value("db.client.connection.count", state="idle", connection="leased") == 1
    assert exported.value("multiplexer.server.up", role="primary") == 1
    assert exported.value("multiplexer.operations", connection="leased") == 1
    counted = mux.client_cache.statistics()
    for name, result, count in (("hit", "hits", 2), ("miss", "misses", 1), ("coalesced", "coalesced", 0)):
        keeps = target.protocol == 3  # under the older protocol servers tell of no changes
        assert exported.value("multiplexer.cache.requests", result=name) == getattr(counted, result)
        assert not keeps or getattr(counted, result) == count
    assert exported.value("multiplexer.cache.size") == counted.bytes
    assert exported.value("multiplexer.cache.entries") == counted.entries


def test_metrics_are_the_counters(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    exported = exporting.Exported()
    exported.instrument(mux)
    gather(*[partial(db.incr, "n")] * 100)
    counters = mux.get_counters()[0].interactive
    for name, expected in (
        ("operations", counters.operation_count),
        ("flushes", counters.flushes),
        ("reads", counters.reads),
        ("failures", 0),
        ("batch.size", counters.largest_batch),
        ("connections.opened", 1),
    ):
        assert exported.value(f"multiplexer.{name}", connection="interactive") == expected, name
    assert exported.value("multiplexer.commands", outcome="answered") == 100
    assert exported.value("multiplexer.bytes", direction="transmit") == counters.bytes_sent
    assert exported.value("multiplexer.bytes", direction="receive") == counters.bytes_received


def test_the_histogram_is_exported_bucket_for_bucket(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    exported = exporting.Exported()
    exported.instrument(mux)
    db.set("key", "value")
    latency = mux.get_counters()[0].interactive.latency
    latency.buckets[:] = [0] * 64
    for seconds, count in ((0.0, 2), (1.5e-6, 3), (100e-6, 4), (0.5, 5), (100.0, 1)):
        latency.add(seconds, count)
    points = exported.points()
    [point] = points["multiplexer.command.duration"]
    assert (point.scale, point.zero_count, point.count) == (0, 2, 15)
    counts = point.positive.bucket_counts
    held = {point.positive.offset + place: count for place, count in enumerate(counts) if count}
    # Bucket k is from 2^k to 2^(k+1) microseconds.
    assert held == {0: 3, 6: 4, 18: 5, 26: 1}
    [point] = points["db.client.operation.duration"]
    upper = dict(zip((*point.explicit_bounds, float("inf")), point.bucket_counts, strict=True))
    assert {bound: count for bound, count in upper.items() if count} == {
        1e-6: 2,
        2e-6: 3,
        128e-6: 4,
        2**19 / 1e6: 5,
        float("inf"): 1,
    }
    assert (point.count, point.min) == (15, 0.0)


def test_what_breaks_is_counted_by_its_reason() -> None:
    with ScriptedServer() as server:
        server.on("GET", Sequence(Close(), Error("LOADING not yet")))
        with connect(server, reconnect_backoff=ConstantBackoff(0.01), heartbeat_interval=60) as mux:
            exported = exporting.Exported()
            exported.instrument(mux)
            mux.get_database().get("key")
            assert exported.value("multiplexer.reconnects", type="RedisConnectionError") == 1
            assert exported.value("multiplexer.commands", outcome="lost") == 1
            assert exported.value("multiplexer.retries", phase="written") == 1
            assert exported.value("multiplexer.retries", phase="answered") == 1


def test_multiplexers_are_added_up_and_taken_away(server: RealServer) -> None:
    exported = exporting.Exported()
    quiet = partial(connect, server, heartbeat_interval=60)
    with quiet() as one, quiet() as other:
        first = exported.instrument(one)
        exported.instrument(other)
        one.get_database().ping()
        gather(*[other.get_database().ping] * 2)
        assert exported.value("multiplexer.operations") == 3
        assert exported.value("db.client.connection.count", state="used") == 2
        first.uninstrument()
        first.uninstrument()
        assert exported.value("multiplexer.operations") == 2
    with pytest.raises(DataError, match="sample_ratio"):
        exported.instrument(one, sample_ratio=2)


def test_a_call_is_a_span(mux: ConnectionMultiplexer, server: RealServer) -> None:
    exported = exporting.Exported()
    exported.instrument(mux, metrics=False, spans=True)
    with exported.tracer.start_as_current_span("request") as request:
        mux.get_database(3).set("secret-key", "secret-value")
    [span] = exported.spans()
    assert span.name == "SET"
    assert dict(span.attributes) == {
        "db.system.name": "redis",
        "db.operation.name": "SET",
        "db.namespace": "3",
        "server.address": "127.0.0.1",
        "server.port": server.port,
        "network.peer.address": "127.0.0.1",
        "network.peer.port": server.port,
        "multiplexer.was_sent": True,
    }
    assert span.parent.span_id == request.get_span_context().span_id
    assert [event.name for event in span.events] == list(exporting.EVENTS)
    assert [event.timestamp for event in span.events] == sorted(event.timestamp for event in span.events)
    assert span.status.is_unset
    assert "secret" not in span.to_json()


def test_spans_of_errors(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    exported = exporting.Exported()
    exported.instrument(mux, spans=True)
    db.set("key", "value")
    with pytest.raises(WrongTypeError):
        db.lpush("key", "x")
    _, span = exported.spans()
    assert (span.attributes["db.response.status_code"], span.attributes["error.type"]) == ("WRONGTYPE", "WRONGTYPE")
    assert not span.status.is_ok
    with pytest.raises(WrongTypeError):
        db.blpop(["key"], 1)
    [span] = exported.spans()
    assert (span.name, span.attributes["error.type"]) == ("BLPOP", "WRONGTYPE")


def test_spans_of_what_was_lost_timed_out_or_never_sent() -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("INCR", Sequence(Close()))
        server.on("GET", Hold(held))
        with connect(server) as mux:
            exported = exporting.Exported()
            exported.instrument(mux, spans=True)
            db = mux.get_database()
            with pytest.raises(RedisConnectionError):
                db.incr("n")
            until(lambda: mux.is_connected)
            with pytest.raises(RedisTimeoutError):
                db.with_options(timeout=0.5).get("key")
            held.set()
            lost, late = exported.spans()
            assert (lost.name, lost.attributes["error.type"]) == ("INCR", "RedisConnectionError")
            assert (late.name, late.attributes["error.type"]) == ("GET", "RedisTimeoutError")
            assert lost.attributes["multiplexer.was_sent"]
            assert late.attributes["multiplexer.was_sent"]
            assert "db.response.status_code" not in late.attributes
            server.stop_listening()
            server.close_connections()
            until(lambda: not mux.is_connected)
            with pytest.raises(RedisTimeoutError):
                db.with_options(timeout=0.05).get("key")
            [unsent] = exported.spans()
            assert not unsent.attributes["multiplexer.was_sent"]
            assert [event.name for event in unsent.events] == ["multiplexer.queued"]


def test_retries_are_inside_of_one_span() -> None:
    with ScriptedServer() as server:
        server.on("GET", Sequence(Close(), Error("LOADING not yet")))
        with connect(server, reconnect_backoff=ConstantBackoff(0.01), heartbeat_interval=60) as mux:
            exported = exporting.Exported()
            exported.instrument(mux, spans=True)
            mux.get_database().get("key")
            [span] = exported.spans()
            assert span.attributes["redis.client.operation.retry_attempts"] == 2
            assert "error.type" not in span.attributes
            assert [event.name for event in span.events].count("multiplexer.sent") == 3
            server.on("GET", Error("LOADING not yet"))
            with pytest.raises(Exception, match="LOADING"):
                mux.get_database().with_options(flags=CommandFlags.NO_RETRY).get("key")
            [span] = exported.spans()
            assert span.attributes["db.response.status_code"] == "LOADING"


def test_batches_and_transactions_are_one_span_each(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    exported = exporting.Exported()
    exported.instrument(mux, spans=True)
    for count in (1, 3):
        batch = db.batch()
        for number in range(count):
            batch.set(f"key-{number}", 1)
        batch.execute()
    mixed = db.batch()
    mixed.set("key", 1)
    mixed.get("key")
    mixed.execute()
    db.pipeline().incr("n").incr("n").execute()
    gather(*[partial(db.get, "key")] * 5)  # sent together, but each has a caller of its own
    spans = exported.spans()
    assert [(span.name, span.attributes.get("db.operation.batch.size")) for span in spans[:4]] == [
        ("SET", None),
        ("PIPELINE SET", 3),
        ("PIPELINE", 2),
        ("MULTI INCR", 2),
    ]
    assert [(span.name, span.attributes.get("db.operation.batch.size")) for span in spans[4:]] == [("GET", None)] * 5


def test_commands_are_shown_on_request_with_their_values_masked(server: RealServer) -> None:
    with connect(server, allow_admin=True) as mux:
        exported = exporting.Exported()
        exported.instrument(mux, spans=True, query_text=True)
        db = mux.get_database()
        db.mset({"a": "secret", "b": "secret"})
        db.execute("CONFIG", "SET", "appendonly", "no")
        digest = db.execute("SCRIPT", "LOAD", "return 1", decode=True) or ""
        db.evalsha(digest, 1, "key", "secret")
        db.pipeline().hset("hash", "field", "secret").get("a").execute()
        spans = exported.spans()
        assert [span.attributes.get("db.query.text") for span in spans] == [
            "MSET a ? b ?",
            None,
            "SCRIPT LOAD ?",
            "EVALSHA ? ? key ?",
            "HSET hash ? ?; GET a",
        ]
        assert spans[3].attributes["db.stored_procedure.name"] == digest
        assert not [span for span in spans if "secret" in span.to_json()]


def test_which_calls_become_spans(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    exported = exporting.Exported()
    shown = exported.instrument(mux, spans=True, include=["get", "SET"], exclude=["set"])
    db.set("key", 1)
    db.get("key")
    db.ping()
    assert [span.name for span in exported.spans()] == ["GET"]
    shown.uninstrument()
    shown = exported.instrument(mux, spans=True, sample_ratio=0)
    db.get("key")
    assert exported.spans() == []
    shown.uninstrument()
    exported.instrument(mux, spans=True, sample_ratio=0.5)
    gather(*[partial(db.get, "key")] * 200)
    assert 40 < len(exported.spans()) < 160
