# Generated from tests/asyncio/test_counters.py by scripts/generate_blocking.py; change that file instead.
"""Counters: every field is filled, and they go to the log."""

from __future__ import annotations

import logging
import threading
from functools import partial

import pytest

from multiplexer import ConnectionCounters
from multiplexer.errors import DataError, RedisConnectionError
from tests.conftest import Target
from tests.servers import Close, Hold, RealServer, ScriptedServer, Sequence

from ._world import WORLD, gather, spawn, until
from .connecting import connect


def test_what_is_counted(server: RealServer, target: Target) -> None:
    # Without a heartbeat's question, which counts as well.
    with connect(server, protocol=target.protocol, heartbeat_interval=60) as mux:
        db = mux.get_database()
        before = mux.get_counters()[0].interactive.as_dict()
        assert before["operation_count"] == 0
        gather(*[partial(db.set, f"key-{index}", "v" * 50) for index in range(200)])
        batch = db.batch()
        for index in range(100):
            batch.get(f"key-{index}")
        batch.execute()
        (counters,) = mux.get_counters()
        assert counters.endpoint == f"{server.host}:{server.port}"
        done = counters.interactive
        assert done.operation_count == 300
        assert done.completed_synchronously + done.completed_asynchronously >= 300
        assert (done.completed_synchronously > 0) is (WORLD == "blocking")
        assert done.bytes_sent - before["bytes_sent"] > 200 * 80 + 100 * 20
        assert done.bytes_received - before["bytes_received"] > 200 * 5 + 100 * 55
        assert 0 < done.flushes <= 201
        assert 0 < done.reads - before["reads"] <= 301
        assert 100 <= done.largest_batch <= 300
        assert done.socket_count == 1
        assert done.failed == done.retried == done.total_outstanding == done.writer_count == 0
        assert done.latency.count >= 2
        assert 0 < done.latency.percentile(50) <= done.latency.percentile(99) < 5
        assert counters.subscription.is_empty
        assert counters.total_outstanding == 0


def test_what_is_outstanding() -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("GET", Hold(held))
        with connect(server) as mux:
            db = mux.get_database()
            calls = [spawn(db.get, "key") for _ in range(4)]
            counters = mux.get_counters()[0]
            until(lambda: mux.get_counters()[0].interactive.sent_items_awaiting_response == 4)
            assert mux.get_counters()[0].total_outstanding == counters.total_outstanding == 4
            assert mux.get_status()["total_outstanding"] == 4
            held.set()
            for call in calls:
                call.result()
            assert mux.get_counters()[0].total_outstanding == 0


def test_failures_and_retries_are_counted() -> None:
    with ScriptedServer() as server:
        server.on("GET", Sequence(Close()))
        server.on("INCRBY", Sequence(Close()))
        with connect(server) as mux:
            db = mux.get_database()
            db.get("key")
            with pytest.raises(RedisConnectionError):
                db.incr("n")
            done = mux.get_counters()[0].interactive
            until(lambda: done.socket_count == 3)
            assert (done.failed, done.retried) == (1, 1)


def test_subscriptions_are_counted(server: RealServer, target: Target) -> None:
    with connect(server, protocol=target.protocol) as mux:
        subscriber = mux.get_subscriber()
        first = subscriber.subscribe("a", "b")
        second = subscriber.psubscribe("a*")

        def count() -> int:
            counters = mux.get_counters()[0]
            return counters.interactive.subscriptions + counters.subscription.subscriptions

        assert count() == 3
        assert mux.get_counters()[0].subscription.socket_count == 1
        first.unsubscribe()
        assert count() == 1
        second.unsubscribe()
        assert count() == 0


def test_as_text_and_as_values(server: RealServer) -> None:
    with connect(server, protocol=2) as mux:
        mux.get_database().ping()
        mux.get_subscriber().subscribe("channel")
        (counters,) = mux.get_counters()
        text = str(counters)
        assert "\n" not in text
        assert text.startswith(f"{server.host}:{server.port} interactive: ops=1 ")
        assert " | subscription: ops=" in text
        values = counters.as_dict()
        assert values["endpoint"] == counters.endpoint
        assert set(values["interactive"]) == {*ConnectionCounters.__slots__, "total_outstanding"}
        assert set(values["interactive"]["latency"]) == {"p50", "p90", "p99"}


def test_counters_go_to_the_log(server: RealServer, caplog: pytest.LogCaptureFixture) -> None:
    with connect(server, heartbeat_interval=0.02) as mux:
        with caplog.at_level(logging.INFO, "multiplexer"):
            mux.log_counters(every=0.05)
            until(lambda: len([text for text in caplog.messages if "interactive: ops=" in text]) >= 3)
            mux.log_counters(every=0)
        with pytest.raises(DataError, match="every"):
            mux.log_counters(every=-1)
