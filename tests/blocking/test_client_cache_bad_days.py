# Generated from tests/asyncio/test_client_cache_bad_days.py by scripts/generate_blocking.py; change that file instead.
"""What servers do to kept replies on bad days, and what shows that the checks of them can fail."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.core.cache.tracking import Tracking
from tests.servers import RealServer

from ._world import gather, sleep, until
from .connecting import connect

KEYS = ("k0", "k1", "k2", "k3")
#: Counts keys up in turn until it has done so often enough; a process of its own.
WRITER = """
import socket, sys
port, times = int(sys.argv[1]), int(sys.argv[2])
with socket.create_connection(("127.0.0.1", port)) as connection:
    for number in range(times):
        connection.sendall(b"INCR k%d\\r\\n" % (number % 4))
        connection.recv(100)
"""
TIMES = 600


@pytest.fixture
def mux(own_server: RealServer) -> Iterator[ConnectionMultiplexer]:
    """A multiplexer on a server of the test's own."""
    with connect(own_server, protocol=3, heartbeat_interval=60.0) as mux:
        yield mux


@pytest.fixture
def db(mux: ConnectionMultiplexer) -> Database[bytes]:
    """A handle that keeps replies."""
    db = mux.get_database(cached=True)
    db.ping()
    return db


def reads(db: Database[Any], key: str, value: Any) -> None:
    """Wait until a key reads as it should."""

    def as_it_should() -> bool:
        return bool(db.get(key) == value)

    until(as_it_should, timeout=5)


def test_what_is_evicted_for_want_of_memory(
    mux: ConnectionMultiplexer, db: Database[bytes], own_server: RealServer
) -> None:
    for number in range(50):
        db.set(f"k{number}", b"v" * 8000)
    for number in range(50):
        assert db.get(f"k{number}") is not None
    own_server.command("CONFIG", "SET", "maxmemory-policy", "allkeys-random")
    used = int(own_server.command("INFO", "memory").split(b"used_memory:")[1].split()[0])
    own_server.command("CONFIG", "SET", "maxmemory", used - 100_000)
    until(lambda: own_server.command("DBSIZE") < 50)
    own_server.command("CONFIG", "SET", "maxmemory", 0)

    def agrees() -> bool:
        here = [db.get(f"k{number}") is not None for number in range(50)]
        return here == [own_server.command("EXISTS", f"k{number}") == 1 for number in range(50)]

    until(agrees)
    assert mux.client_cache.statistics().invalidated > 0


def test_a_server_that_remembers_few_keys(
    mux: ConnectionMultiplexer, db: Database[bytes], own_server: RealServer
) -> None:
    """What it can no longer remember it says has changed."""
    own_server.command("CONFIG", "SET", "tracking-table-max-keys", 10)
    for number in range(40):
        db.set(f"k{number}", "old")
    for number in range(40):
        assert db.get(f"k{number}") == b"old"
    until(lambda: mux.client_cache.statistics().entries <= 20)  # it forgets now and then, not at once
    for number in range(40):
        own_server.command("SET", f"k{number}", "new")
    for number in range(40):
        reads(db, f"k{number}", b"new")


def test_a_script_that_writes_keys_it_has_not_named(
    mux: ConnectionMultiplexer, db: Database[bytes], own_server: RealServer
) -> None:
    """Nobody can know them from its words; the server's word comes right behind its reply."""
    db.set("key:1", "old")
    for number in range(5):
        db.get("key:1")
        db.eval("return redis.call('SET', 'key' .. ':1', ARGV[1])", 0, number)
        reads(db, "key:1", b"%d" % number)
        db.get("key:1")
        own_server.command("EVAL", "return redis.call('SET', 'key' .. ':1', 'theirs')", 0)
        reads(db, "key:1", b"theirs")


def start_writer(port: int) -> subprocess.Popen[bytes]:
    """Have another process count up."""
    return subprocess.Popen([sys.executable, "-S", "-c", WRITER, str(port), str(TIMES)])


def check(db: Database[bytes], plain: Database[bytes], port: int) -> list[tuple[str, int, int]]:
    """Read while another process and this one count up; return the reads that were older than what was known.

    A read is too old below what a call that had returned before it has said of the key: one's own INCR, or a read.
    """
    known = dict.fromkeys(KEYS, 0)
    old: list[tuple[str, int, int]] = []
    writer = start_writer(port)

    def count_up() -> None:
        while writer.poll() is None:
            for key in KEYS:
                known[key] = max(known[key], plain.incr(key))
            sleep(0.001)

    def read(key: str) -> None:
        while writer.poll() is None:
            least = known[key]
            found = int(db.get(key) or 0)
            if found < least:
                old.append((key, least, found))
            known[key] = max(known[key], found)
            sleep(0)

    gather(count_up, *[partial(read, key) for key in KEYS])
    assert writer.returncode == 0
    return old


def agree(db: Database[bytes], own_server: RealServer) -> bool:
    """Whether all reads agree with the server once it has answered something that was asked after the last write.

    Its word of that write comes before this answer, over the same connection.
    """
    told = [own_server.command("GET", key) for key in KEYS]
    db.ping()
    return [db.get(key) for key in KEYS] == told


def test_another_process_writes_as_fast_as_it_can(
    mux: ConnectionMultiplexer, db: Database[bytes], own_server: RealServer
) -> None:
    assert check(db, mux.get_database(), own_server.port) == []
    assert agree(db, own_server)
    statistics = mux.client_cache.statistics()
    assert statistics.hits > 0
    assert statistics.invalidated > 0


def test_an_application_that_asks_for_nothing_else_hears_of_it(
    db: Database[bytes], own_server: RealServer
) -> None:
    """All its reads are answered here, so it is for somebody else to read what the server says: within 200 ms."""
    took = []
    for number in range(10):
        own_server.command("SET", "k0", number)
        began = time.monotonic()
        reads(db, "k0", b"%d" % number)
        took.append(time.monotonic() - began)
    assert sorted(took)[5] < 0.2, took  # most of them: the machine may be held up


def _deaf(tracking: Tracking, names: list[bytes] | None) -> None:
    """Take no notice of what a server says."""


def _careless(tracking: Tracking, message: Any) -> None:
    """Take no notice of what is written here."""


def test_the_check_fails_where_invalidation_is_broken(
    mux: ConnectionMultiplexer, db: Database[bytes], own_server: RealServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tracking, "invalidated", _deaf)
    monkeypatch.setattr(Tracking, "sent", _careless)
    assert check(db, mux.get_database(), own_server.port) != []
    assert not agree(db, own_server)
