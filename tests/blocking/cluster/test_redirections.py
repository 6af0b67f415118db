# Generated from tests/asyncio/cluster/test_redirections.py by scripts/generate_blocking.py; change that file instead.
"""Servers that point elsewhere: a slot that has moved, one that is on its way, and pointers that lead nowhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest

from multiplexer import CommandFlags, ReadFrom
from multiplexer.blocking import ConnectionMultiplexer
from multiplexer.core.cluster import resending
from multiplexer.core.cluster.guide import ClusterGuide
from multiplexer.core.cluster.topology import Topology
from multiplexer.core.cluster.watch import CALM
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.errors import (
    AskError,
    ClusterDownError,
    MovedError,
    RedisConnectionError,
    RedisTimeoutError,
    TryAgainError,
)
from tests.blocking._world import gather, spawn, until
from tests.blocking.cluster.conftest import Connect
from tests.servers import Close, Error, RealCluster, RealServer, ScriptedServer, Sequence, Shard, ask, moved

A = slot_of(b"a")


@contextmanager
def scripted(count: int = 2) -> Iterator[list[ScriptedServer]]:
    """Servers that share the slots of a cluster evenly, without replicas."""
    with ExitStack() as stack:
        servers = [stack.enter_context(ScriptedServer()) for _ in range(count)]
        bounds = [number * 16384 // count for number in range(count + 1)]
        shards = [Shard([(bounds[number], bounds[number + 1] - 1)], [server]) for number, server in enumerate(servers)]
        for server in servers:
            server.behaviour.cluster = shards
        yield servers


def address(server: Any) -> str:
    return f"{server.host}:{server.port}"


def topology(mux: ConnectionMultiplexer) -> Topology:
    topology = mux._coordinator.guide.topology
    assert topology is not None
    return topology


# -- on a real cluster


def test_a_slot_that_has_moved_is_followed_once(connect: Connect, own_cluster: RealCluster) -> None:
    mux = connect(own_cluster.nodes[0].address)
    db = mux.get_database()
    db.set("a", 1)
    told: list[Any] = []
    mux.hash_slot_moved += told.append
    source = own_cluster.owner("a")
    target = next(node for node in own_cluster.primaries() if node is not source)
    own_cluster.migrate_slot(A, target)
    assert db.incr("a") == 2
    assert db.incr("a") == 3
    until(lambda: told)
    assert len(told) == 1
    assert (told[0].slot, told[0].old_endpoint, told[0].new_endpoint) == (A, source.address, target.address)
    # The next description of the cluster says the same.
    until(lambda: str(topology(mux).primary_of(A)) == target.address)
    own_cluster.migrate_slot(A, source)
    with pytest.raises(MovedError, match=f"MOVED {A} {source.address}"):
        db.with_options(flags=CommandFlags.NO_REDIRECT).get("a")
    with pytest.raises(MovedError):
        mux.get_server(target.address).execute("GET", "a")
    assert db.with_options(read_from=ReadFrom.REPLICA).get("a") in (b"3", None)
    batch = db.batch()
    for _ in range(5):
        batch.incr("a")
    assert batch.execute() == [4, 5, 6, 7, 8]


def test_a_slot_on_its_way(connect: Connect, own_cluster: RealCluster) -> None:
    """Keys that have left are asked for where the slot goes; new ones are made there."""
    mux = connect(own_cluster.nodes[0].address)
    db = mux.get_database()
    db.mset({"{a}1": 1, "{a}2": 2, "{a}n": 5})
    db.rpush("{a}list", "x", "y")
    target = next(node for node in own_cluster.primaries() if node is not own_cluster.owner("a"))
    with own_cluster.migrating(A, target) as source:
        source.command("MIGRATE", target.host, target.port, "", 0, 5000, "KEYS", "{a}2", "{a}n", "{a}list")
        assert gather(partial(db.get, "{a}1"), partial(db.get, "{a}2")) == [b"1", b"2"]
        assert db.set("{a}new", "x")
        assert db.get("{a}new") == b"x"
        assert db.lpop("{a}list") == b"x"
        assert db.blpop("{a}list", timeout=1) == (b"{a}list", b"y")
        large = b"y" * 50_000
        db.set("{a}large", large)
        assert db.get("{a}large") == large
        batch = db.batch()
        for _ in range(3):
            batch.incr("{a}n")
            batch.get("{a}1")
            batch.set("k", "v")
        assert batch.execute() == [6, b"1", True, 7, b"1", True, 8, b"1", True]
        pipeline = db.pipeline()
        pipeline.incr("{a}n").get("{a}n")
        assert pipeline.execute() == [9, b"9"]
        once = db.with_options(flags=CommandFlags.NO_REDIRECT)
        with pytest.raises(AskError, match=f"ASK {A} {target.address}"):
            once.get("{a}2")
        forgetful = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
        retried = sum(each.interactive.retried for each in mux.get_counters())
        forgetful.incr("{a}n")

        def counted() -> bool:
            return db.get("{a}n") == b"10"

        until(counted)
        assert sum(each.interactive.retried for each in mux.get_counters()) > retried
        # Keys on both sides: neither server can do it before the rest has followed.
        with pytest.raises((TryAgainError, RedisTimeoutError)):
            db.with_options(timeout=0.3).mget("{a}1", "{a}2")
        waiting = spawn(db.mget, "{a}1", "{a}2")
        own_cluster.move_keys(A, source, target)
        assert waiting.result() == [b"1", b"2"]
    assert db.mget("{a}1", "{a}2", "{a}n") == [b"1", b"2", b"10"]


def test_a_server_that_is_in_no_cluster_among_the_seeds(
    connect: Connect, own_cluster: RealCluster, own_server: RealServer
) -> None:
    mux = connect(f"{own_cluster.nodes[0].address},{own_server.host}:{own_server.port}")
    db = mux.get_database()
    for number in range(20):
        db.set(f"k{number}", number)
    until(lambda: len(mux.get_servers()) == 6)
    assert own_server.command("DBSIZE") == 0


# -- scripted


def test_a_loop_of_redirections_ends(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resending, "MOST_REDIRECTIONS", 8)
    with scripted() as (first, second):
        first.on("GET", moved(A, second))
        second.on("GET", moved(A, first))
        mux = connect(address(first))
        with pytest.raises(MovedError, match="servers point to one another, 8 times"):
            mux.get_database().with_options(timeout=20.0).get("a")


def test_moved_to_nobody_knows_where(connect: Connect) -> None:
    """The other servers may know: whoever is refused waits until they were asked, and fails once time is up."""
    with scripted() as (first, second):
        mux = connect(address(first), config_check_seconds=0)
        db = mux.get_database()
        gather(partial(db.get, "a"), partial(db.get, "b"))
        second.on("GET", Error(f"MOVED {A} ?:0"))
        second.on("INCR", Error(f"MOVED {A} :0"))
        first.on("GET", b"there")
        first.on("INCR", 7)
        with pytest.raises((MovedError, RedisTimeoutError), match=r"that one is reached|timed out"):
            db.with_options(timeout=0.5).get("a")
        batch = db.batch()
        batch.get("a")
        batch.incr("a")
        other = db.batch()
        other.get("a")
        other.get("b")
        calls = [partial(db.get, "a"), partial(db.incr, "a"), batch.execute, other.execute]
        waiting = [spawn(call) for call in calls]
        until(lambda: sum(_named(second, b"GET", b"INCR")) > 20)
        first.behaviour.cluster = second.behaviour.cluster = [Shard([(0, 16383)], [first])]
        assert [task.result() for task in waiting] == [b"there", 7, [b"there", 7], [b"there", b"there"]]


def _named(server: ScriptedServer, *names: bytes) -> list[bool]:
    return [received.args[0] in names for connection in server.connections for received in connection.received]


def test_moved_to_the_same_address_connects_anew(connect: Connect) -> None:
    """Another server may answer at that address by now: behind a balancer, say."""
    with scripted() as (first, second):
        mux = connect(address(first))
        db = mux.get_database()
        db.set("a", "v")
        before = len(second.connections)
        second.on("GET", Sequence(moved(A, second)))
        assert gather(*[partial(db.get, "a")] * 20) == [b"v"] * 20
        assert len(second.connections) + second.connections[-1].id > before
        until(lambda: any(connection.id > before for connection in second.connections))
        assert db.get("a") == b"v"


def test_a_pointer_without_a_host_means_the_host_that_gave_it(connect: Connect) -> None:
    with scripted() as (first, second):
        mux = connect(address(first))
        second.on("GET", Sequence(Error(f"MOVED {A} :{first.port}")))
        first.on("GET", b"there")
        assert mux.get_database().get("a") == b"there"


def test_a_redirection_is_inside_of_one_span_and_counted(connect: Connect) -> None:
    exporting = pytest.importorskip("tests.telemetry.exporting", reason="opentelemetry-sdk is not installed")
    with scripted() as (first, second):
        mux = connect(address(first))
        exported = exporting.Exported()
        exported.instrument(mux, spans=True)
        second.on("GET", Sequence(moved(A, first)))
        first.on("GET", b"there")
        assert mux.get_database().get("a") == b"there"
        [span] = exported.spans()
        assert (span.attributes["server.port"], span.attributes["network.peer.port"]) == (second.port, first.port)
        assert span.attributes["redis.client.operation.retry_attempts"] == 1
        assert "error.type" not in span.attributes
        assert exported.value("multiplexer.redirects", kind="MOVED", port=second.port) == 1
        assert exported.value("multiplexer.topology.refreshes") >= 1
        assert exported.value("multiplexer.server.up") == 2


def test_ask_is_answered_by_asking_and_the_command_as_one_unit(connect: Connect) -> None:
    with scripted() as (first, second):
        mux = connect(address(first))
        db = mux.get_database()
        db.get("b")  # so that others use the connection, too
        second.on("GET", ask(A, first))
        first.on("GET", lambda connection, args: b"asked" if _before(connection, 1) == b"ASKING" else moved(A, second))
        replies = gather(*[partial(db.get, "a")] * 10, *[partial(db.ping)] * 10)
        assert replies[:10] == [b"asked"] * 10


def _before(connection: Any, back: int) -> bytes:
    return bytes(connection.received[-1 - back].args[0].upper())


def test_what_the_cluster_is_not_ready_for_is_tried_again(connect: Connect) -> None:
    with scripted() as (first, second):
        mux = connect(address(first))
        db = mux.get_database()
        down = Error("CLUSTERDOWN The cluster is down")
        second.on("INCR", Sequence(down, down, Error("TRYAGAIN Multiple keys request during rehashing of slot"), 7))
        assert db.incr("a") == 7
        second.on("GET", down)
        with pytest.raises((ClusterDownError, RedisTimeoutError)):  # the latest attempt may be under way by then
            db.with_options(timeout=0.3).get("a")


def test_a_slot_nobody_serves(connect: Connect) -> None:
    with scripted() as (first, second):
        first.behaviour.cluster = second.behaviour.cluster = [Shard([(0, 8191)], [first])]
        mux = connect(address(first))
        db = mux.get_database()
        assert db.get("b") is None
        with pytest.raises((ClusterDownError, RedisTimeoutError), match=r"Hash slot not served|timed out"):
            db.with_options(timeout=0.3).get("a")


def test_a_refresh_is_one_at_a_time_and_not_too_often(connect: Connect) -> None:
    with scripted() as (first, second):
        mux = connect(address(first))
        db = mux.get_database()
        second.on("GET", moved(A, first))
        first.on("GET", b"there")
        before = _asked(first, second)
        guide = mux._coordinator.guide
        assert isinstance(guide, ClusterGuide)
        began = time.monotonic()

        def asked() -> bool:
            gather(*[partial(db.get, "a")] * 10)
            guide.routes.correct(A, mux._coordinator.servers[1])  # as if it were forgotten again
            return _asked(first, second) > before

        until(asked)
        most = (time.monotonic() - began) / CALM + 1
        assert _asked(first, second) - before <= most


def _asked(*servers: ScriptedServer) -> int:
    names = [
        received.args[:2] for server in servers for connection in server.connections for received in connection.received
    ]
    return names.count((b"CLUSTER", b"SLOTS"))


def test_addresses_are_remapped(connect: Connect) -> None:
    """As behind NAT: what servers announce is not where they are reached."""
    with scripted() as (first, second):
        outside = {("10.9.9.9", 1): (first.host, first.port), ("10.9.9.9", 2): (second.host, second.port)}
        slots = [[0, 8191, ["10.9.9.9", 1, "a", []]], [8192, 16383, ["10.9.9.9", 2, "b", []]]]
        for server in (first, second):
            server.on("CLUSTER SLOTS", slots)
        mux = connect(address(first), address_remap=lambda place: outside.get(place, place))
        db = mux.get_database()
        db.set("a", "v")
        assert db.get("a") == b"v"
        second.on("GET", Error(f"MOVED {A} 10.9.9.9:1"))
        first.on("GET", b"there")
        assert db.get("a") == b"there"


def test_host_names(connect: Connect) -> None:
    with scripted() as (first, second):
        slots = [
            [0, 8191, ["localhost", first.port, "a", ["ip", "127.0.0.1"]]],
            [8192, 16383, [None, second.port, "b", []]],
        ]
        for server in (first, second):
            server.on("CLUSTER SLOTS", slots)
        mux = connect(address(first))
        db = mux.get_database()
        db.set("a", "v")
        db.set("b", "w")
        assert gather(partial(db.get, "a"), partial(db.get, "b")) == [b"v", b"w"]
        assert f"localhost:{first.port}" in {server.endpoint for server in mux.get_servers()}


@pytest.mark.parametrize("forbidden", [["SLOTS"], ["SLOTS", "SHARDS"], ["INFO"]])
def test_what_is_forbidden_is_found_out_otherwise(connect: Connect, forbidden: list[str]) -> None:
    with scripted() as (first, second):
        for server in (first, second):
            for word in forbidden:
                server.on(f"CLUSTER {word}", Error("NOPERM this user has no permissions"))
        mux = connect(address(first))
        mux.get_database().set("a", "v")
        assert topology(mux).covered == 16384
        assert mux.get_database().get("a") == b"v"


def test_where_nothing_may_be_asked_pointers_are_followed(connect: Connect) -> None:
    with scripted() as (first, second):
        for server in (first, second):
            server.on("CLUSTER", Error("NOPERM this user has no permissions"))
        mux = connect(f"{address(first)},{address(second)}")
        db = mux.get_database()
        for key in "abcdef":
            db.set(key, key)
        assert [db.get(key) for key in "abcdef"] == [key.encode() for key in "abcdef"]


def test_a_member_that_hangs_is_not_asked_for_ever(connect: Connect) -> None:
    with scripted(3) as (first, second, third):
        mux = connect(address(first), config_check_seconds=0.3)
        gather(*[partial(mux.get_database().get, key) for key in "abcdefgh"])
        for server in (first, second):
            server.on("CLUSTER SLOTS", lambda connection, args: None)
        first.on("CLUSTER INFO", Close())
        before = _asked(third)
        until(lambda: _asked(third) > before + 1)


def test_no_server_at_all(connect: Connect) -> None:
    with ScriptedServer() as server:
        server.behaviour.cluster = []
        mux = connect(address(server))
        db = mux.get_database().with_options(timeout=0.3)

        def told() -> bool:
            with pytest.raises((ClusterDownError, RedisConnectionError, RedisTimeoutError)) as caught:
                db.get("a")
            return "no server of the cluster serves any slot" in str(caught.value)

        until(told)  # while it is asked once more it may say so itself, in other words
