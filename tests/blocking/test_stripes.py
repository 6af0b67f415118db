# Generated from tests/asyncio/test_stripes.py by scripts/generate_blocking.py; change that file instead.
"""Several connections to one server, each key always on the same one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from multiplexer.blocking import ConnectionMultiplexer
from tests.blocking._world import WORLD, gather, until
from tests.conftest import Target
from tests.servers import RealServer


@pytest.fixture
def mux(server: RealServer, target: Target) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer with three connections to the server."""
    mux = ConnectionMultiplexer.connect(
        f"{server.host}:{server.port},connectionsPerEndpoint=3", protocol=target.protocol, name="striped"
    )
    yield mux
    mux.close()


def test_all_connections_are_used(mux: ConnectionMultiplexer, server: RealServer) -> None:
    db = mux.get_database()
    gather(*[partial(db.set, f"k{number}", number) for number in range(100)])
    assert gather(*[partial(db.get, f"k{number}") for number in range(100)]) == [
        b"%d" % number for number in range(100)
    ]

    def used() -> bool:
        mine = [client for client in server.clients() if client["name"] == "striped"]
        return len(mine) == 3 and all(client["cmd"] in ("get", "set") for client in mine)

    until(used)
    [counters] = mux.get_counters()
    assert counters.interactive.socket_count == 3
    assert counters.interactive.operation_count >= 200


def test_commands_on_a_key_keep_their_order(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    if WORLD == "asyncio":
        gather(*[partial(db.rpush, f"list{number % 5}", number) for number in range(200)])
    else:
        for number in range(200):
            db.rpush(f"list{number % 5}", number)
    for which in range(5):
        assert db.lrange(f"list{which}", 0, -1) == [b"%d" % number for number in range(which, 200, 5)]


def test_everything_else(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    assert db.ping()
    assert db.mset({"a": 1, "b": 2})
    assert db.mget("a", "b") == [b"1", b"2"]
    assert db.dbsize() == 2
    prefixed = db.with_options(key_prefix="p:")
    prefixed.set("a", 3)
    assert prefixed.get("a") == b"3"
    pipeline = db.pipeline()
    pipeline.incr("a").incr("b").get("a")
    assert pipeline.execute() == [2, 3, b"2"]
    batch = db.batch()
    batch.ping()
    batch.incr("n")
    assert batch.execute() == [True, 1]
    subscription = mux.get_subscriber().subscribe("news")
    db.publish("news", "hello")
    assert subscription.get(5).data == b"hello"
    assert mux.get_server().ping()
