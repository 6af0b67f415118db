# Generated from tests/asyncio/test_shifted_replies.py by scripts/generate_blocking.py; change that file instead.
"""A reply that is lost on the way shifts those behind it: the connection ends within two heartbeats."""

from __future__ import annotations

import time

import pytest

from multiplexer import ConnectionEvent
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.errors import ProtocolError, RedisTimeoutError
from tests.servers import DEFAULT, Error, ScriptedServer, Sequence, Silence
from tests.servers.wire import Raw

from ._world import sleep, until
from .connecting import connect

PULSE = {"heartbeat_interval": 0.05}


def failures(mux: ConnectionMultiplexer) -> list[ConnectionEvent]:
    """Collect the connections that fail from now on."""
    failed: list[ConnectionEvent] = []
    mux.connection_failed += failed.append
    return failed


def test_a_lone_caller_whose_reply_is_lost_learns_that_and_nobody_gets_anothers() -> None:
    with ScriptedServer() as server:
        with connect(server, timeout=20, **PULSE) as mux:
            db = mux.get_database()
            server.on("SET", Sequence(Silence()))
            began = time.monotonic()
            with pytest.raises(ProtocolError, match=r"SET was sent and may have been applied: .*a reply is missing"):
                db.set("key", 1)
            assert time.monotonic() - began < 5
            assert db.get("other") is None
            assert server.accepted == 2


def test_what_only_reads_is_asked_again() -> None:
    with ScriptedServer() as server:
        with connect(server, timeout=20, **PULSE) as mux:
            db = mux.get_database()
            db.set("key", "mine")
            server.on("GET", Sequence(Silence()))
            assert db.get("key") == b"mine"
            assert server.accepted == 2


@pytest.mark.parametrize("argument", ["echoed", "ignored", "refused"])
def test_where_echo_is_forbidden_ping_does_or_nothing_is_asked(argument: str) -> None:
    """A user, or a proxy, that knows no ECHO."""
    with ScriptedServer() as server:
        server.on("ECHO", Error("NOPERM this user has no permissions to run the 'echo' command"))
        answers = {"echoed": DEFAULT, "ignored": Raw(b"+PONG\r\n"), "refused": Error("ERR wrong number of arguments")}
        with connect(server, timeout=0.5, **PULSE) as mux:
            db = mux.get_database()
            patient = db.with_options(timeout=10)
            server.on("PING", answers[argument])

            def asked() -> bool:
                patient.get("key")
                return any(len(args) == 2 for args in server.commands("PING"))

            until(asked)
            sleep(0.2)
            server.on("SET", Sequence(Silence()))
            with pytest.raises((ProtocolError, RedisTimeoutError)) as caught:
                db.set("key", 1)
            assert isinstance(caught.value, ProtocolError) is (argument == "echoed")
            until(lambda: server.accepted == 2)  # if nothing is asked, once four timeouts were silent
            assert patient.get("other") is None


@pytest.mark.parametrize("protocol", [2, 3])
def test_a_connection_that_only_subscribes(protocol: int) -> None:
    with ScriptedServer() as server:
        with connect(server, protocol=protocol, timeout=20, **PULSE) as mux:
            server.on("SUBSCRIBE", Sequence(Silence()))
            failed = failures(mux)
            subscription = mux.get_subscriber().subscribe("channel")
            assert len(failed) == 1
            assert isinstance(failed[0].error, ProtocolError)
            until(lambda: any(len(args) == 2 for c in server.connections for args in c.commands("PING")))
            carrier = next(c for c in server.connections if c.subscriptions)
            carrier.push("message", "channel", "text")
            assert subscription.get(5).data == b"text"
            assert len(failed) == 1


def test_an_idle_connection_is_not_asked() -> None:
    with ScriptedServer() as server:
        with connect(server, **PULSE) as mux:
            mux.get_database().get("key")
            until(lambda: len(server.commands("ECHO")) == 2)  # the tracer, and one for the traffic
            sleep(0.3)
            assert len(server.commands("ECHO")) == 2


def test_nothing_that_was_asked_of_a_lost_connection_waits_for_the_next() -> None:
    """Under threads nobody hears of the end of an idle connection before the heartbeat writes."""
    with ScriptedServer() as server:
        with connect(server, heartbeat_interval=0.2) as mux:
            mux.get_database().get("key")
            server.stop_listening()
            server.close_connections()
            until(lambda: not mux.is_connected)
            sleep(0.5)
            assert mux.get_counters()[0].interactive.pending_unsent_items == 0
