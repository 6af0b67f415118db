# Generated from tests/asyncio/test_client_cache.py by scripts/generate_blocking.py; change that file instead.
"""Replies that are kept: asked for once, never older than promised, and never anybody's own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from time import monotonic
from typing import Any

import pytest

from multiplexer import CommandFlags, ErrorEvent, Member
from multiplexer.blocking import ConnectionGroup, ConnectionMultiplexer, Database
from multiplexer.errors import DataError, RedisConnectionError, RedisTimeoutError, WrongTypeError
from tests.servers import FaultProxy, RealServer

from ._world import gather, sleep, spawn, until
from .connecting import connect

#: No heartbeat: what it asks would be counted among the commands.
CALM: dict[str, Any] = {"heartbeat_interval": 60.0}


@pytest.fixture
def mux(server: RealServer) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer that speaks RESP3, with admin commands allowed."""
    with connect(server, protocol=3, allow_admin=True, lease_above=100_000, **CALM) as mux:
        yield mux


@pytest.fixture
def db(mux: ConnectionMultiplexer) -> Database[bytes]:
    """A handle that keeps replies."""
    db = mux.get_database(cached=True)
    db.ping()  # behind CLIENT TRACKING
    return db


def sent(mux: ConnectionMultiplexer) -> int:
    """Return how often the server was asked for what could be kept."""
    return mux.client_cache.statistics().misses


def reads(db: Database[Any], key: str, value: Any) -> None:
    """Wait until a key reads as it should."""

    def as_it_should() -> bool:
        return bool(db.get(key) == value)

    until(as_it_should, timeout=5)


def test_what_was_read_once_is_answered_here(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    db.set("k", "v")
    db.hset("h", mapping={"a": 1, "b": 2})
    db.rpush("l", 1, 2, 3)

    def read() -> list[Any]:
        return [
            db.get("k"),
            db.get(b"k"),
            db.hgetall("h"),
            db.lrange("l", 0, -1),
            db.exists("k", "h"),
            db.get("absent"),
            db.strlen("k"),
        ]

    first = read()
    before = sent(mux)
    assert read() == first
    assert sent(mux) == before
    statistics = mux.client_cache.statistics()
    assert (statistics.hits, statistics.misses, statistics.entries) == (8, 6, 6)
    assert statistics.disabled is None
    assert statistics.tracking == 1
    assert 0.57 < statistics.hit_rate < 0.58
    assert repr(db) == "<CachedDatabase 0>"


def test_others_writes_are_heard_of(mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer) -> None:
    for number in range(20):
        server.command("SET", "k", number)
        reads(db, "k", b"%d" % number)
    server.command("DEL", "k")
    reads(db, "k", None)
    server.command("SET", "k", "again")  # what is absent is kept too, until it is there
    reads(db, "k", b"again")
    assert mux.client_cache.statistics().invalidated > 10


def test_what_is_written_here_is_read_at_once(
    mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer
) -> None:
    plain = mux.get_database()
    script = plain.register_script("redis.call('SET', ARGV[1], ARGV[2])")

    def in_batch(value: bytes) -> None:
        batch = plain.batch()
        batch.get("k")
        batch.set("k", value)
        batch.execute()

    def in_transaction(value: bytes) -> None:
        transaction = db.transaction()
        transaction.get("k")
        transaction.set("k", value)
        transaction.execute()

    def watching(value: bytes) -> None:
        with plain.watch("k") as pipeline:
            pipeline.multi()
            pipeline.set("k", value)
            pipeline.execute()

    def in_script(value: bytes) -> None:
        script(args=["k", value])

    def forgotten(value: bytes) -> None:
        plain.with_options(flags=CommandFlags.FIRE_AND_FORGET).set("k", value)

    def renamed(value: bytes) -> None:
        plain.set("other", value)
        plain.rename("other", "k")

    def large(value: bytes) -> None:
        plain.set("k", value.ljust(200_000))  # over a connection of its own

    def from_another_database(value: bytes) -> None:
        mux.get_database(3).set("k", value)
        mux.get_database(3).copy("k", "k", destination_db=0, replace=True)

    ways: list[Callable[[bytes], Any]] = [
        partial(db.set, "k"),
        partial(plain.set, "k"),
        partial(mux.get_database(decode=True).set, "k"),
        in_batch,
        in_transaction,
        watching,
        in_script,
        forgotten,
        renamed,
        large,
        from_another_database,
    ]
    for number in range(5):
        for index, way in enumerate(ways):
            value = b"%d-%d" % (number, index)
            db.get("k")
            db.get("k")
            way(value)
            assert (db.get("k") or b"").strip() == value, way


def test_flushing_and_swapping(mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer) -> None:
    for flush in ("FLUSHDB", "FLUSHALL"):
        db.set("k", "v")
        assert db.get("k") == b"v"
        server.command(flush)
        reads(db, "k", None)
    db.set("k", "v")
    assert db.get("k") == b"v"
    db.execute("FLUSHDB")
    assert db.get("k") is None
    mux.get_database(1).set("k", "one")
    db.execute("SWAPDB", 0, 1)
    assert db.get("k") == b"one"  # one's own, that is: of others' servers tell nobody


def test_databases_have_their_own_values_under_one_name(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    other = mux.get_database(1, cached=True)
    db.set("k", "zero")
    other.set("k", "one")
    for _ in range(2):
        assert (db.get("k"), other.get("k")) == (b"zero", b"one")
    other.set("k", "new")
    assert (db.get("k"), other.get("k")) == (b"zero", b"new")


def test_an_error_is_raised_and_never_kept(db: Database[bytes], server: RealServer) -> None:
    db.rpush("k", 1)
    for _ in range(2):
        with pytest.raises(WrongTypeError):
            db.get("k")
    server.command("DEL", "k")
    server.command("SET", "k", "right")
    assert db.get("k") == b"right"


def test_text_and_bytes_share_what_nobody_can_change(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    text = mux.get_database(decode=True, cached=True)
    db.rpush("l", "a", "ö")
    db.set("k", "ü")
    first = db.lrange("l", 0, -1)
    first.append(b"mine")
    again = db.lrange("l", 0, -1)
    assert again == [b"a", "ö".encode()]
    again.clear()
    before = sent(mux)
    assert text.lrange("l", 0, -1) == ["a", "ö"]
    assert sent(mux) == before
    assert (text.get("k"), db.get("k"), text.get("k")) == ("ü", "ü".encode(), "ü")
    assert sent(mux) == before + 1


def test_mget_asks_for_what_is_not_kept(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    db.mset({"a": "1", "b": "2", "c": "3"})
    db.rpush("list", "x")
    assert db.get("a") == b"1"
    before = sent(mux)
    assert db.mget("a", "b", "absent", "list", "b") == [b"1", b"2", None, None, b"2"]
    assert sent(mux) == before + 1
    assert db.mget(["b", "absent", "a", "list"]) == [b"2", None, b"1", None]
    assert (db.get("b"), mux.get_database(decode=True, cached=True).mget("a", "b")) == (b"2", ["1", "2"])
    assert sent(mux) == before + 1
    with pytest.raises(WrongTypeError):  # MGET's None says less than that
        db.get("list")
    db.mset({"absent": "there", "b": "new"})
    assert db.mget("a", "b", "absent") == [b"1", b"new", b"there"]
    with pytest.raises(DataError):
        db.mget([])


def test_no_reply_is_older_than_asked_for(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    brief = mux.get_database(cached=0.1)
    db.set("k", "v")
    assert brief.get("k") == b"v"
    before = sent(mux)
    sleep(0.15)
    assert db.get("k") == b"v"
    assert sent(mux) == before
    assert brief.get("k") == b"v"
    assert sent(mux) == before + 1
    mux.reconfigure(client_cache_ttl=0.05)
    db.set("k", "v")
    db.get("k")
    sleep(0.1)
    before = sent(mux)
    assert db.get("k") == b"v"
    assert sent(mux) == before + 1


@pytest.mark.parametrize("cached", [0, -1, "yes", None])
def test_ages_that_are_none(mux: ConnectionMultiplexer, cached: Any) -> None:
    with pytest.raises(DataError, match="cached must be True, False or a positive number of seconds"):
        mux.get_database(cached=cached)


def test_views_and_prefixes(mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer) -> None:
    prefixed = db.with_options(key_prefix="p:")
    server.command("SET", "p:k", "mine")
    server.command("SET", "k", "other")
    assert (prefixed.get("k"), db.get("k"), db.get("p:k")) == (b"mine", b"other", b"mine")
    before = sent(mux)
    assert (prefixed.get("k"), prefixed.mget("k", "k")) == (b"mine", [b"mine", b"mine"])
    assert sent(mux) == before
    prefixed.set("k", "new")
    assert (prefixed.get("k"), db.get("p:k"), db.get("k")) == (b"new", b"new", b"other")
    hits, before = mux.client_cache.statistics().hits, sent(mux)
    assert db.with_options(cached=False).get("k") == b"other"
    assert mux.client_cache.statistics().hits == hits
    assert mux.get_database().with_options(cached=True, timeout=3).get("k") == b"other"
    assert (mux.client_cache.statistics().hits, sent(mux)) == (hits + 1, before)


def test_what_is_dropped_by_hand(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    db.set("k", "v")
    db.get("k")
    before = sent(mux)
    mux.client_cache.clear()
    assert db.get("k") == b"v"
    assert sent(mux) == before + 1


@pytest.mark.parametrize("exact", [True, False])
def test_what_expires_at_the_server(server: RealServer, exact: bool) -> None:
    """By default it lives until the server says that it is gone; or else never longer than there."""
    with connect(server, protocol=3, client_cache_exact_ttl=exact) as mux:
        db = mux.get_database(cached=True)
        db.ping()
        server.command("SET", "long", "v", "PX", 100_000)
        db.set("always", "v")

        def hit(key: str) -> bool:
            before = mux.client_cache.statistics().hits
            return db.get(key) is not None and mux.client_cache.statistics().hits > before

        for key in ("long", "always"):
            until(partial(hit, key))
        for _ in range(3):
            server.command("SET", "k", "v", "PX", 100)
            expires = monotonic() + 0.1
            started = monotonic()
            while db.get("k") is not None:
                assert not exact or started < expires
                assert started < expires + 10  # servers delete what has expired ten times a second
                sleep(0.002)
                started = monotonic()


def test_no_more_than_its_bound_is_kept(server: RealServer) -> None:
    with connect(server, protocol=3, client_cache_bytes=20_000, **CALM) as mux:
        db = mux.get_database(cached=True)
        for number in range(40):
            db.set(f"k{number}", "x" * 700)
            db.get(f"k{number}")
        db.set("large", "x" * 2000)
        for _ in range(2):
            assert len(db.get("large") or b"") == 2000
        statistics = mux.client_cache.statistics()
        assert statistics.bytes <= 20_000
        assert statistics.entries == statistics.stored - statistics.evicted
        assert (statistics.stored, statistics.refused) == (40, 2)
        before = sent(mux)
        assert db.get("k39") == b"x" * 700
        assert sent(mux) == before


def test_many_who_ask_at_once_ask_once(server: RealServer) -> None:
    server.command("SET", "k", "v")
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=3, timeout=20, **CALM) as mux:
            db = mux.get_database(cached=True)
            db.ping()
            proxy.black_hole("to_client")
            before = sent(mux)
            tasks = [spawn(db.get, "k") for _ in range(20)]
            until(lambda: mux.client_cache.statistics().coalesced == 19)
            assert not any(task.done() for task in tasks)
            proxy.restore()
            assert [task.result() for task in tasks] == [b"v"] * 20
            assert sent(mux) == before + 1
            assert mux.client_cache.statistics().misses == 1


def test_whoever_joined_is_told_of_errors_and_they_are_not_kept(server: RealServer) -> None:
    server.command("RPUSH", "k", "v")
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=3, timeout=20, **CALM) as mux:
            db = mux.get_database(cached=True)
            db.ping()
            proxy.black_hole("to_client")
            tasks = [spawn(db.get, "k") for _ in range(5)]
            until(lambda: mux.client_cache.statistics().coalesced == 4)
            proxy.restore()
            for task in tasks:
                with pytest.raises(WrongTypeError):
                    task.result()
            server.command("DEL", "k")
            assert db.get("k") is None


def test_whoever_joined_has_a_deadline_of_their_own(server: RealServer) -> None:
    server.command("SET", "k", "v")
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=3, timeout=20, **CALM) as mux:
            db = mux.get_database(cached=True)
            db.ping()
            proxy.black_hole("to_client")
            first = spawn(db.with_options(timeout=0.3).get, "k")
            until(lambda: mux.client_cache.statistics().misses == 1)
            patient = spawn(db.get, "k")
            hasty = spawn(db.with_options(timeout=0.1).get, "k")
            until(lambda: mux.client_cache.statistics().coalesced == 2)
            for task in (hasty, first):
                with pytest.raises(RedisTimeoutError):
                    task.result()
            assert not patient.done()
            proxy.restore()
            assert patient.result() == b"v"  # by the reply that the first did not wait for
            assert db.get("k") == b"v"
            assert mux.client_cache.statistics().misses == 1


def test_what_a_lost_connection_has_brought_is_asked_for_again(server: RealServer) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=3) as mux:
            db = mux.get_database(cached=True)
            db.ping()
            for number in range(3):
                reads(db, "k", None if number == 0 else b"%d" % (number - 1))
                proxy.refuse()
                proxy.reset()
                until(lambda: not mux.is_connected)
                server.command("SET", "k", number)
                proxy.accept()
                assert db.get("k") == b"%d" % number
                # Only once the new connection is tracked is anything kept.
                until(lambda: mux.client_cache.statistics().tracking == 1)


@pytest.mark.parametrize("cut", range(0, 24, 6))
def test_a_connection_cut_between_reply_and_invalidation(server: RealServer, cut: int) -> None:
    server.command("SET", "k", "old")
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=3) as mux:
            db = mux.get_database(cached=True)
            db.ping()
            assert db.get("k") == b"old"
            proxy.cut(after_bytes=cut)
            server.command("SET", "k", "new")
            reads(db, "k", b"new")


def test_a_stalled_invalidation_is_late_and_own_writes_are_not(server: RealServer) -> None:
    server.command("SET", "k", "old")
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, protocol=3, timeout=20) as mux:
            db = mux.get_database(cached=True)
            hasty = db.with_options(timeout=0.2)
            db.ping()
            assert db.get("k") == b"old"
            proxy.black_hole("to_client")
            server.command("SET", "k", "new")
            assert db.get("k") == b"old"  # nobody here can know
            with pytest.raises((RedisTimeoutError, RedisConnectionError)):
                hasty.set("k", "mine")
            with pytest.raises((RedisTimeoutError, RedisConnectionError)):
                hasty.get("k")  # it may have been applied
            proxy.restore()
            reads(db, "k", b"mine")


@pytest.mark.parametrize("setting", [{"protocol": 2}, {"command_map": {"CLIENT": None}}, {"high_integrity": True}])
def test_where_nothing_can_be_kept_everything_works(server: RealServer, setting: dict[str, Any]) -> None:
    with connect(server, **{"protocol": 3, **CALM, **setting}) as mux:
        told: list[ErrorEvent] = []
        mux.error_message += told.append
        db = mux.get_database(cached=True)
        db.set("k", "v")
        before = sent(mux)
        assert (db.get("k"), db.mget("k", "x"), db.strlen("k")) == (b"v", [b"v", None], 1)
        assert sent(mux) == before + 3
        until(lambda: told)
        statistics = mux.client_cache.statistics()
        assert statistics.disabled is not None
        assert statistics.disabled in str(told[0].error)
        assert (statistics.hits, statistics.entries, len(told)) == (0, 0, 1)


def test_a_user_who_may_not_track(server: RealServer) -> None:
    server.command("ACL", "SETUSER", "reader", "on", ">secret", "~*", "+@all", "-client|tracking")
    try:
        with connect(server, protocol=3, user="reader", password="secret") as mux:
            db = mux.get_database(cached=True)
            for _ in range(2):
                assert db.get("k") is None
            until(lambda: "refused CLIENT TRACKING" in str(mux.client_cache.statistics().disabled))
            assert mux.client_cache.statistics().tracking == 0
    finally:
        server.command("ACL", "DELUSER", "reader")


def test_stripes(server: RealServer) -> None:
    with connect(server, protocol=3, connections_per_endpoint=3) as mux:
        db = mux.get_database(cached=True)
        gather(*[partial(mux.get_server().execute, "PING")] * 3)
        keys = [f"k{number}" for number in range(12)]
        for number in range(10):
            db.mset(dict.fromkeys(keys, number))
            assert gather(*[partial(db.get, key) for key in keys]) == [b"%d" % number] * 12
            assert gather(*[partial(db.get, key) for key in keys]) == [b"%d" % number] * 12
        until(lambda: mux.client_cache.statistics().tracking == 3)
        assert mux.client_cache.statistics().hits > 0


def test_readers_never_see_what_was_overwritten_here(mux: ConnectionMultiplexer, server: RealServer) -> None:
    """Several write and read the same keys as fast as they can; a reply may be newer than acknowledged, never older."""
    db, plain = mux.get_database(cached=True), mux.get_database()
    acknowledged = {f"k{number}": 0 for number in range(4)}
    old: list[tuple[str, int, int]] = []
    begun: set[str] = set()

    def write(key: str) -> None:
        until(lambda: len(begun) == len(acknowledged))
        for number in range(1, 40):
            plain.set(key, number)
            acknowledged[key] = number

    def read(key: str) -> None:
        while acknowledged[key] < 39:
            known = acknowledged[key]
            found = int(db.get(key) or 0)
            if found < known:
                old.append((key, known, found))
            begun.add(key)
            sleep(0)

    gather(*[partial(write, key) for key in acknowledged], *[partial(read, key) for key in acknowledged])
    assert old == []
    for key in [*acknowledged] * 2:
        assert db.get(key) == b"39"
    assert mux.client_cache.statistics().hits > 0


def test_fetches_are_profiled_and_hits_are_no_commands(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    with mux.profile() as session:
        for _ in range(3):
            db.get("k")
    [command] = session
    assert (command.command, command.database, command.error) == ("GET", 0, None)


def test_counts_are_shown(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    for _ in range(3):
        db.get("k")
    shown = mux.get_status()["client_cache"]
    assert (shown["hits"], shown["misses"], shown["disabled"]) == (2, 1, None)
    text = str(mux.client_cache.statistics())
    assert text.startswith("client cache: hits=2 misses=1 ")
    assert text.endswith(" hit-rate=0.667")
    disabled = mux.client_cache.statistics()._replace(disabled="no reason")
    assert str(disabled) == "client cache: nothing is kept: no reason"


def test_servers_that_tell_of_every_key(server: RealServer) -> None:
    with connect(
        server, protocol=3, client_cache="broadcast", client_cache_prefixes=["user:", "k"], **CALM
    ) as mux:
        db = mux.get_database(cached=True)
        db.ping()
        for number in range(5):
            server.command("SET", "k", number)
            reads(db, "k", b"%d" % number)
            db.set("user:1", number)
            assert db.get("user:1") == b"%d" % number
            server.command("SET", "other", number)
            assert db.get("other") == b"%d" % number  # nobody would tell of it, so it is not kept
        reads(db, "user:1", b"4")
        hits = mux.client_cache.statistics().hits

        def hit() -> bool:
            assert db.get("k") == b"4"
            return mux.client_cache.statistics().hits > hits

        until(hit)
        assert mux.client_cache.statistics().entries <= 2


def test_others_write_as_fast_as_they_can(
    mux: ConnectionMultiplexer, db: Database[bytes], server: RealServer
) -> None:
    """What is read never goes back, and soon after the last write all of it agrees with the server."""
    keys = [f"k{number}" for number in range(4)]
    seen = dict.fromkeys(keys, 0)

    def write() -> None:
        for number in range(1, 200):
            server.command("SET", keys[number % 4], number)

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        for key in keys:
            found = int(db.get(key) or 0)
            assert found >= seen[key]
            seen[key] = found
        sleep(0)
    for number in range(196, 200):
        reads(db, keys[number % 4], b"%d" % number)
    hits = mux.client_cache.statistics().hits
    assert db.get(keys[0]) == b"196"
    assert mux.client_cache.statistics().hits == hits + 1  # nothing was changed since, so it was kept
    assert mux.client_cache.statistics().invalidated > 0


def test_a_group_of_deployments_keeps_nothing(server: RealServer) -> None:
    """What one of them has said need not hold at another."""
    with ConnectionGroup.connect([Member(f"{server.host}:{server.port}")]) as group:
        with pytest.raises(DataError, match="handles of a group of deployments keep nothing"):
            group.get_database().with_options(cached=True)
        assert group.get_database().with_options(cached=False).get("k") is None
