# Generated from tests/asyncio/test_leases.py by scripts/generate_blocking.py; change that file instead.
"""Commands that get a connection of their own: what blocks, and what is large."""

from __future__ import annotations

from functools import partial
from time import monotonic

import pytest

from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import (
    CommandDisabledError,
    MultiplexerClosedError,
    RedisConnectionError,
    RedisTimeoutError,
    ResponseError,
    WrongTypeError,
)
from tests.servers import FaultProxy, RealServer

from ._world import spawn, until
from .connecting import connect

BLOCKED = 100


def blocked(server: RealServer) -> int:
    """Return how many clients wait for a list, stream or sorted set."""
    return int(server.command("INFO", "clients").decode().split("blocked_clients:")[1].split()[0])


def lent(mux: ConnectionMultiplexer) -> int:
    """Return how many commands are under way on connections of their own."""
    return sum(counters.leased.sent_items_awaiting_response for counters in mux.get_counters())


def test_a_hundred_blocked_callers_do_not_hold_up_the_shared_connection(
    mux: ConnectionMultiplexer, server: RealServer
) -> None:
    db = mux.get_database()
    waiting = [spawn(db.blpop, ["queue"], 0) for _ in range(BLOCKED)]
    until(lambda: blocked(server) == BLOCKED)
    (shared,) = [client for client in server.clients() if int(client["id"]) == _shared_id(mux)]
    assert "b" not in shared["flags"]
    began = monotonic()
    for index in range(200):
        db.set(f"key-{index % 7}", index)
        assert db.get(f"key-{index % 7}") == b"%d" % index
    assert monotonic() - began < 3
    assert lent(mux) == BLOCKED
    for index in range(BLOCKED):
        db.rpush("queue", index)
    popped = [task.result() for task in waiting]
    assert sorted(int(value) for _, value in popped) == list(range(BLOCKED))  # each once, none lost
    assert lent(mux) == 0
    assert mux.get_counters()[0].interactive.socket_count == 1


def _shared_id(mux: ConnectionMultiplexer) -> int:
    (server,) = mux.get_status()["servers"]
    return int(server["interactive"]["client_id"])


def test_connections_are_used_again(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    for index in range(20):
        db.rpush("queue", index)
        assert db.blpop(["queue"], 1) == (b"queue", b"%d" % index)
    assert mux.get_counters()[0].leased.socket_count == 1


def test_the_time_it_blocks_comes_on_top_of_the_timeout(server: RealServer) -> None:
    with connect(server, timeout=1.0) as mux:
        db = mux.get_database()
        began = monotonic()
        assert db.blpop(["nothing"], 1.2) is None  # the server's own answer, and no timeout of ours
        assert 1.1 < monotonic() - began < 5


def test_execute_takes_the_same_way(db: Database[bytes], server: RealServer) -> None:
    task = spawn(db.execute, "XREAD", "BLOCK", 0, "STREAMS", "stream", "$")
    until(lambda: blocked(server) == 1)
    db.xadd("stream", {"field": "value"})
    assert task.result()
    # Without BLOCK it is a command like any other.
    assert not db.execute("XREAD", "STREAMS", "nothing", "0")


def test_views_hold_on_connections_of_their_own(mux: ConnectionMultiplexer, server: RealServer) -> None:
    view = mux.get_database(3, decode=True).with_options(key_prefix="app:")
    view.rpush("queue", "größe")
    assert view.execute("BLPOP", "queue", 1) == ["queue", "größe"]
    view.rpush("queue", "one")
    assert view.blpop(["queue"], 1) == ("queue", "one")
    server.command("SELECT", 3)
    try:
        assert server.command("EXISTS", "app:queue") == 0
    finally:
        server.command("SELECT", 0)


def test_server_errors_arrive_as_such(db: Database[bytes]) -> None:
    db.set("key", "value")
    with pytest.raises(WrongTypeError) as caught:
        db.blpop(["key"], 1)
    assert (caught.value.command, caught.value.phase) == ("BLPOP", "answered")
    with pytest.raises(ResponseError):
        db.execute("BLPOP", "key", "soon")
    db.delete("key")
    db.rpush("key", "value")
    assert db.blpop(["key"], 1) == (b"key", b"value")


def test_a_batch_refuses_what_blocks(db: Database[bytes]) -> None:
    with pytest.raises(CommandDisabledError, match="BLPOP"):
        db.batch().blpop(["key"], 1)


def test_large_values_travel_on_connections_of_their_own(server: RealServer) -> None:
    with connect(server, lease_above=100_000) as mux:
        db = mux.get_database()
        value = bytes(range(256)) * 1000
        assert db.set("large", value)
        assert db.get("large") == value
        assert db.set("small", value[:50_000])
        counters = mux.get_counters()[0]
        assert counters.leased.operation_count == 1
        assert counters.leased.bytes_sent > len(value)
        # What nobody waits for has no caller to lend a connection to.
        db.with_options(flags=CommandFlags.FIRE_AND_FORGET).set("forgotten", value)
        until(partial(db.exists, "forgotten"))
        assert mux.get_counters()[0].leased.operation_count == 1
        results = db.pipeline().set("batch", value).get("batch").execute()
        assert results[1] == value


def test_waits_for_a_server_that_is_away(own_server: RealServer) -> None:
    with connect(own_server, timeout=20) as mux:
        db = mux.get_database()
        db.ping()
        own_server.kill()
        task = spawn(db.brpop, ["queue"], 0)
        until(lambda: not mux.is_connected)
        own_server.restart()
        until(lambda: blocked(own_server) == 1, timeout=15)
        db.lpush("queue", "value")
        assert task.result() == (b"queue", b"value")


def test_a_server_that_stays_away(own_server: RealServer) -> None:
    with connect(own_server, timeout=0.3) as mux:
        db = mux.get_database()
        db.with_options(timeout=10).ping()
        own_server.kill()
        with pytest.raises(RedisTimeoutError, match="was not sent") as caught:
            db.blpop(["queue"], 0)
        assert caught.value.was_sent is False


def test_fails_fast_where_it_shall(own_server: RealServer) -> None:
    with connect(own_server, backlog_policy="failFast") as mux:
        db = mux.get_database()
        db.ping()
        own_server.kill()
        until(lambda: not mux.is_connected)
        with pytest.raises(RedisConnectionError) as caught:
            db.blpop(["queue"], 0)
        assert caught.value.was_sent is False


def test_a_server_that_is_killed_under_blocked_callers(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        db = mux.get_database()
        tasks = [spawn(db.blpop, ["queue"], 0) for _ in range(20)]
        until(lambda: blocked(own_server) == 20)
        own_server.kill()
        until(lambda: not mux.is_connected)
        for task in tasks:
            with pytest.raises(RedisConnectionError, match="may have been applied") as caught:
                task.result()
            assert caught.value.phase == "written"
        own_server.restart()
        db.rpush("queue", "value")
        assert db.blpop(["queue"], 5) == (b"queue", b"value")


def test_a_silent_server(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, timeout=0.3) as mux:
            db = mux.get_database()
            patient = db.with_options(timeout=10)
            patient.rpush("queue", "value")
            assert patient.blpop(["queue"], 1) == (b"queue", b"value")
            proxy.black_hole()
            began = monotonic()
            with pytest.raises(RedisTimeoutError, match="connection of its own"):
                db.blpop(["queue"], 0.2)
            assert 0.4 < monotonic() - began < 3
            proxy.restore()
            patient.rpush("another", "value")  # the first queue's may go to the call that was given up
            assert patient.blpop(["another"], 5) == (b"another", b"value")


def test_no_more_connections_than_allowed(server: RealServer) -> None:
    with connect(server, max_leases=2, timeout=0.3) as mux:
        db = mux.get_database().with_options(timeout=10)
        tasks = [spawn(db.blpop, ["queue"], 0) for _ in range(2)]
        until(lambda: blocked(server) == 2)
        with pytest.raises(RedisTimeoutError, match=r"was not sent.*all 2 are in use"):
            mux.get_database().blpop(["other"], 1)
        waiting = spawn(db.blpop, ["queue"], 0)
        db.rpush("queue", 1, 2, 3)
        results = [task.result() for task in (*tasks, waiting)]
        assert sorted(value for _, value in results) == [b"1", b"2", b"3"]
        assert mux.get_counters()[0].leased.socket_count == 2


def test_closing_ends_what_blocks(server: RealServer) -> None:
    mux = connect(server)
    db = mux.get_database()
    tasks = [spawn(db.blpop, ["queue"], 0) for _ in range(5)]
    until(lambda: blocked(server) == 5)
    began = monotonic()
    mux.close()
    assert monotonic() - began < 3
    for task in tasks:
        with pytest.raises(MultiplexerClosedError):
            task.result()
    with pytest.raises(MultiplexerClosedError):
        db.blpop(["queue"], 0)
    until(lambda: blocked(server) == 0)


def test_closing_lets_large_values_arrive(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        mux = connect(proxy, lease_above=100_000)
        db = mux.get_database()
        db.set("key", b"x" * 200_000)
        proxy.delay(0.2, direction="to_client")
        task = spawn(db.set, "key", b"y" * 200_000)
        until(lambda: lent(mux) == 1)
        mux.close()
        assert task.result() is True

