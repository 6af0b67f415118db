# Generated from tests/asyncio/test_prometheus.py by scripts/generate_blocking.py; change that file instead.
"""Prometheus: a scrape shows the counters, and alerts and dashboard ask for nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import RedisTimeoutError
from multiplexer.retry import ConstantBackoff
from tests.conftest import Target
from tests.servers import Close, Error, RealServer, ScriptedServer, Sequence

from ._world import gather, until
from .connecting import connect

scraping = pytest.importorskip("tests.telemetry.scraping", reason="prometheus_client is not installed")


@pytest.fixture
def mux(server: RealServer, target: Target) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer whose heartbeat asks nothing meanwhile, which would count."""
    with connect(server, protocol=target.protocol, heartbeat_interval=60) as mux:
        yield mux


def test_a_scrape_shows_the_counters(mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer) -> None:
    scraped = scraping.Scraped(mux)
    gather(*[partial(db.incr, "n")] * 100)
    db.rpush("queue", "a")
    db.blpop(["queue"], 1)
    counters = mux.get_counters()[0].interactive
    own = {"endpoint": f"{server.host}:{server.port}", "connection": "interactive"}
    for name, labels, expected in (
        ("operations_total", {}, 101),
        ("commands_total", {"outcome": "answered"}, 101),
        ("commands_total", {"outcome": "lost"}, 0),
        ("flushes_total", {}, counters.flushes),
        ("reads_total", {}, counters.reads),
        ("bytes_total", {"direction": "sent"}, counters.bytes_sent),
        ("bytes_total", {"direction": "received"}, counters.bytes_received),
        ("connections_opened_total", {}, 1),
        ("pending", {}, 0),
        ("connections", {"state": "used"}, 1),
        ("largest_batch", {}, counters.largest_batch),
        ("command_duration_seconds_count", {}, 101),
        ("command_duration_seconds_bucket", {"le": "+Inf"}, 101),
    ):
        assert scraped.value(f"multiplexer_{name}", **own, **labels) == expected, name
    assert scraped.value("multiplexer_connections", connection="leased", state="idle") == 1
    assert scraped.value("multiplexer_operations_total", connection="leased") == 1
    assert scraped.value("multiplexer_server_up", endpoint=own["endpoint"], role="primary") == 1


def test_buckets_are_those_that_are_counted(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    scraped = scraping.Scraped(mux)
    db.ping()
    latency = mux.get_counters()[0].interactive.latency
    latency.buckets[:] = [0] * 64
    for seconds, count in ((0.0, 2), (100e-6, 3), (100.0, 1)):
        latency.add(seconds, count)
    held = {
        float(sample.labels["le"]): sample.value
        for sample in scraped.families()["multiplexer_command_duration_seconds"].samples
        if sample.name.endswith("_bucket")
    }
    assert [held[bound] for bound in (1e-6, 64e-6, 128e-6, 2**26 / 1e6, float("inf"))] == [2, 2, 5, 5, 6]
    total = scraped.value("multiplexer_command_duration_seconds_sum")
    assert total == pytest.approx(2 * 0.75e-6 + 3 * 96e-6 + 2**27 * 0.75e-6)


def test_what_happens_seldom() -> None:
    with ScriptedServer() as server:
        server.on("GET", Sequence(Close(), Error("LOADING not yet")))
        with connect(server, reconnect_backoff=ConstantBackoff(0.01), heartbeat_interval=60) as mux:
            scraped = scraping.Scraped(mux)
            mux.get_database().get("key")
            assert scraped.value("multiplexer_connections_lost_total", reason="RedisConnectionError") == 1
            assert scraped.value("multiplexer_retries_total", phase="written") == 1
            assert scraped.value("multiplexer_retries_total", phase="answered") == 1
            assert scraped.value("multiplexer_commands_total", outcome="lost") == 1


def test_what_is_no_metric_happens_too(own_server: RealServer) -> None:
    """A command that timed out, and a connection that was handed over."""
    with connect(own_server, heartbeat_interval=60) as mux:
        own_server.pause()
        with pytest.raises(RedisTimeoutError):
            mux.get_database().with_options(timeout=0.05).get("key")
        own_server.resume()
        address = f"{own_server.host}:{own_server.port}"
        mux.get_database().ping()
        mux.move(address)
        assert scraping.Scraped(mux).value("multiplexer_failures_total", connection="interactive") == 1


def test_client_caches(server: RealServer) -> None:
    with connect(server, protocol=3) as mux, connect(server, protocol=3) as other:
        scraped = scraping.Scraped(mux, other)
        assert scraped.value("multiplexer_cache_requests_total", result="hit") == 0
        db, cached = other.get_database(), mux.get_database(cached=True)
        db.set("key", "value")
        for _ in range(3):
            cached.get("key")
        assert scraped.value("multiplexer_cache_requests_total", result="miss") == 1
        assert scraped.value("multiplexer_cache_requests_total", result="hit") == 2
        assert scraped.value("multiplexer_cache_requests_total", result="coalesced") == 0
        assert scraped.value("multiplexer_cache_stored_total") == 1
        assert scraped.value("multiplexer_cache_entries") == 1
        assert scraped.value("multiplexer_cache_bytes") == mux.client_cache.statistics().bytes > 0
        db.set("key", "other")
        until(lambda: scraped.value("multiplexer_cache_removed_total", reason="invalidated") == 1)
        assert scraped.value("multiplexer_cache_entries") == 0
        other.get_database(cached=True).get("key")  # several caches are added up
        assert scraped.value("multiplexer_cache_requests_total", result="miss") == 2


def test_several_multiplexers_are_added_up(server: RealServer) -> None:
    quiet = partial(connect, server, heartbeat_interval=60)
    with quiet() as one, quiet() as other:
        scraped = scraping.Scraped(one)
        scraped.collector.add(other)
        one.get_database().ping()
        gather(*[other.get_database().ping] * 2)
        assert scraped.value("multiplexer_operations_total") == 3
        assert scraped.value("multiplexer_connections", state="used") == 2
        scraped.collector.remove(one)
        assert scraped.value("multiplexer_operations_total") == 2


def test_docs_alerts_and_dashboard_use_the_names_of_a_live_scrape(
    mux: ConnectionMultiplexer, db: Database[bytes]
) -> None:
    db.ping()
    scraped = scraping.Scraped(mux)
    names = scraped.names()
    expressions = scraping.expressions()
    assert len(expressions) > 25
    asked_for = set().union(*map(scraping.names_in, expressions))
    assert asked_for <= names
    assert scraping.documented() == {name for name in names if not name.endswith(("_bucket", "_sum", "_count"))} | {
        "multiplexer_command_duration_seconds"
    }
    # Everything that is shown has its place on the dashboard, or in an alert.
    assert {name for name in names if not name.endswith(("_sum", "_count"))} <= asked_for
    for name, label, value in set().union(*map(scraping.values_asked_for, expressions)):
        known = {
            sample.labels[label]
            for family in scraped.families().values()
            for sample in family.samples
            if sample.name == name
        }
        assert value in known, (name, label, value)
