# Generated from tests/asyncio/test_circuit_breaker.py by scripts/generate_blocking.py; change that file instead.
"""The circuit breaker of a single multiplexer: where most fails, the rest fails at once, and nothing is sent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import CircuitOpenError, ConfigurationError, RedisTimeoutError, ResponseError
from multiplexer.retry import ConstantBackoff
from tests.servers import FaultProxy, RealServer

from ._world import gather, spawn, until

QUICK: dict[str, Any] = {"heartbeat_interval": 0.05, "reconnect_backoff": ConstantBackoff(0.02), "timeout": 20.0}


@pytest.fixture
def proxy(shared_servers: dict[str, RealServer]) -> Iterator[FaultProxy]:
    """The network before a server with nothing in it."""
    server = next(iter(shared_servers.values()))
    server.command("FLUSHALL")
    with FaultProxy(server.host, server.port) as made:
        yield made


def connect(proxy: FaultProxy, **changes: Any) -> ConnectionMultiplexer:
    options = {"circuit_breaker": True, **QUICK, **changes}
    return ConnectionMultiplexer.connect(f"{proxy.host}:{proxy.port}", **options)


def state(mux: ConnectionMultiplexer) -> str:
    found: str = mux.get_status()["servers"][0]["circuit_breaker"]
    return found


def fail(db: Database[bytes], times: int) -> None:
    def time_out() -> None:
        with pytest.raises(RedisTimeoutError):
            db.with_options(timeout=0.1).get("key")

    gather(*[time_out] * times)


def fail_until_open(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    """Have calls fail until the breaker opens: on a busy machine those of one go may take more than its two seconds."""

    def time_out() -> None:
        with suppress(RedisTimeoutError, CircuitOpenError):
            db.with_options(timeout=0.1).get("key")

    def is_open() -> bool:
        if state(mux) == "closed":
            gather(*[time_out] * 40)
        return state(mux) == "open"

    until(is_open, timeout=30.0)


def test_it_opens_where_most_fails_and_closes_once_probes_are_answered(proxy: FaultProxy) -> None:
    with connect(proxy) as mux:
        db = mux.get_database()
        assert db.set("key", "value")
        proxy.black_hole("to_client")
        fail_until_open(mux, db)
        sent = mux.get_counters()[0].interactive.operation_count
        began = time.monotonic()
        with pytest.raises(CircuitOpenError, match="too many of its latest commands failed") as caught:
            db.set("key", "other")
        assert time.monotonic() - began < 1
        assert caught.value.was_sent is False
        assert mux.get_counters()[0].interactive.operation_count - sent <= 2  # probes
        assert mux.health().state == "down"
        assert "circuit breaker is open" in str(mux.health())
        proxy.restore()
        until(lambda: state(mux) == "closed")
        assert db.get("key") == b"value"
        assert mux.health().state == "ready"


def test_it_opens_where_no_connection_can_be_made(proxy: FaultProxy) -> None:
    with connect(proxy) as mux:
        db = mux.get_database()
        assert db.set("key", "value")
        proxy.refuse()
        proxy.reset()
        waiting = spawn(partial(db.get, "key"))  # in the backlog, as the policy has it
        with pytest.raises(CircuitOpenError, match="connections were not made"):
            waiting.result()
        with pytest.raises(CircuitOpenError):
            db.blpop("queue", 1)
        proxy.accept()
        until(lambda: state(mux) == "closed")
        assert db.get("key") == b"value"


def test_what_a_server_refuses_is_no_failure(proxy: FaultProxy) -> None:
    with connect(proxy) as mux:
        db = mux.get_database()
        db.set("text", "value")

        def err() -> None:
            with pytest.raises(ResponseError):
                db.lpush("text", "x")

        for _ in range(4):
            gather(*[err] * 10)
        answered = mux.get_counters()[0].interactive.answered
        until(lambda: mux.get_counters()[0].interactive.answered >= answered)
        assert state(mux) == "closed"
        assert db.get("text") == b"value"


def test_few_failures_say_nothing(proxy: FaultProxy) -> None:
    with connect(proxy) as mux:
        db = mux.get_database()
        proxy.black_hole("to_client")
        fail(db, 10)
        assert state(mux) == "closed"
        proxy.restore()
        assert db.set("key", "value")


def test_nobody_has_one_who_does_not_ask(proxy: FaultProxy) -> None:
    with connect(proxy, circuit_breaker=False) as mux:
        db = mux.get_database()
        proxy.black_hole("to_client")
        fail(db, 25)
        waiting = spawn(partial(db.set, "key", "value"))
        proxy.restore()
        assert waiting.result()
        with pytest.raises(ConfigurationError, match="circuit_breaker: cannot be changed while running"):
            mux.reconfigure(circuit_breaker=True)


@pytest.mark.parametrize("options", [{"connections_per_endpoint": 3}, {"high_integrity": True}], ids=str)
def test_other_kinds_of_connections(proxy: FaultProxy, options: dict[str, Any]) -> None:
    with connect(proxy, **options) as mux:
        db = mux.get_database()
        assert db.set("key", "value")
        proxy.black_hole("to_client")
        fail_until_open(mux, db)
        forgetful = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
        for number in range(6):
            with pytest.raises(CircuitOpenError):
                forgetful.set(f"key:{number}", "value")
        mux.reconfigure(timeout=10.0)
        with pytest.raises(CircuitOpenError):
            db.get("key")
        proxy.restore()
        until(lambda: state(mux) == "closed")
        assert db.get("key") == b"value"
