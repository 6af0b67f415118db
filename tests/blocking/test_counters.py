# Generated from tests/asyncio/test_counters.py by scripts/generate_blocking.py; change that file instead.
"""Counters: every field is filled, and they go to the log."""

from __future__ import annotations

import logging
import threading
from functools import partial

import pytest

from multiplexer import ConnectionCounters
from multiplexer.errors import DataError, RedisConnectionError, ResponseError
from tests.conftest import Target
from tests.servers import Close, Hold, RealServer, ScriptedServer, Sequence
from tests.truth.conservation import unbalanced

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
        assert done.operation_count == done.answered == 300
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


def test_a_handshake_counts_on_neither_side(server: RealServer, target: Target) -> None:
    with connect(server, protocol=target.protocol, heartbeat_interval=60) as mux:
        done = mux.get_counters()[0].interactive
        assert (done.operation_count, done.answered, done.latency.count) == (0, 0, 0)
        assert (done.bytes_sent, done.bytes_received, done.flushes, done.reads) == (0, 0, 0, 0)
        assert done.socket_count == 1


def test_what_goes_with_commands_counts_on_both_sides(server: RealServer, target: Target) -> None:
    with connect(server, protocol=target.protocol, heartbeat_interval=60) as mux:
        mux.get_database(3).set("key", "value")
        done = mux.get_counters()[0].interactive
        assert (done.operation_count, done.answered) == (2, 2)  # SELECT before it
        subscription = mux.get_subscriber().subscribe("a", "b")
        subscription.unsubscribe()
        until(lambda: mux.get_counters()[0].subscription.answered >= 2)
        assert unbalanced(mux.get_counters()) == []


def test_they_add_up_whatever_became_of_commands() -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("GET", Sequence(Close()))
        server.on("INCR", Sequence(Close()))
        server.on("HGET", Hold(held, b"value"))
        with connect(server, heartbeat_interval=60) as mux:
            db = mux.get_database()
            db.get("key")  # lost, and sent again
            with pytest.raises(RedisConnectionError):
                db.incr("n")
            batch = db.batch()
            for _ in range(5):
                batch.set("key", "value")
            batch.hget("key", "field")
            call = spawn(batch.execute)

            def now() -> ConnectionCounters:
                return mux.get_counters()[0].interactive

            until(lambda: now().sent_items_awaiting_response == 6)
            assert (now().operation_count, now().answered, now().lost, now().unaccounted) == (9, 1, 2, 0)
            held.set()
            call.result()
            assert (now().operation_count, now().answered, now().lost, now().unaccounted) == (9, 7, 2, 0)
            assert now().sent_items_awaiting_response == 0


def test_leased_connections_fill_every_field(server: RealServer) -> None:
    with connect(server) as mux:
        db = mux.get_database()
        db.rpush("queue", "a" * 100)
        assert db.blpop(["queue"], timeout=5) == (b"queue", b"a" * 100)
        with pytest.raises(ResponseError):
            db.execute("BLPOP", "queue", "soon")
        done = mux.get_counters()[0].leased
        assert (done.operation_count, done.answered, done.lost, done.failed) == (2, 2, 0, 0)
        assert (done.completed_synchronously == 2) is (WORLD == "blocking")
        assert (done.flushes, done.largest_batch, done.socket_count) == (2, 1, 1)
        assert 2 <= done.reads <= 6
        assert 100 < done.bytes_received < 500
        assert done.bytes_sent > 40
        assert done.latency.count == 2
        assert done.total_outstanding == 0
        call = spawn(db.blpop, ["queue"], 5)
        until(lambda: mux.get_counters()[0].leased.sent_items_awaiting_response == 1)
        assert mux.get_counters()[0].leased.unaccounted == 0
        db.rpush("queue", "b")
        call.result()
        received = done.bytes_received
        with mux.get_server().monitor() as monitor:
            db.ping()
            monitor.next_command()
        assert mux.get_counters()[0].leased.bytes_received > received
        assert unbalanced(mux.get_counters()) == []


def test_a_lost_lease_is_lost(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        call = spawn(mux.get_database().blpop, ["queue"], 20)
        until(lambda: mux.get_counters()[0].leased.sent_items_awaiting_response == 1)
        own_server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        with pytest.raises(RedisConnectionError):
            call.result()
        done = mux.get_counters()[0].leased
        assert (done.operation_count, done.answered, done.lost, done.failed) == (1, 0, 1, 1)
        assert done.latency.count == 0


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
        server.on("INCR", Sequence(Close()))
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
        assert set(values["interactive"]) == {*ConnectionCounters.__slots__, "total_outstanding", "latency_counts"}
        assert set(values["interactive"]["latency"]) == {"p50", "p90", "p99"}
        assert sum(values["interactive"]["latency_counts"]) == 1
        assert mux.get_counters()[0].as_fields()["subscription_subscriptions"] == 1


def test_counters_go_to_the_log(server: RealServer, caplog: pytest.LogCaptureFixture) -> None:
    with connect(server, heartbeat_interval=0.02) as mux:
        with caplog.at_level(logging.INFO, "multiplexer"):
            mux.log_counters(every=0.05)
            until(lambda: len([text for text in caplog.messages if "interactive: ops=" in text]) >= 3)
            mux.log_counters(every=0)
            (first, *_) = [record for record in caplog.records if "interactive: ops=" in record.getMessage()]
            fields = vars(first)
            assert fields["endpoint"] == f"{server.host}:{server.port}"
            assert (fields["interactive_operation_count"], fields["interactive_socket_count"]) == (0, 1)
            assert fields["interactive_latency_p99"] == 0.0
            assert "leased_operation_count" not in fields
        with pytest.raises(DataError, match="every"):
            mux.log_counters(every=-1)
