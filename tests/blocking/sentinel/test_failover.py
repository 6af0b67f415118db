# Generated from tests/asyncio/sentinel/test_failover.py by scripts/generate_blocking.py; change that file instead.
"""The multiplexer through sentinels while servers and sentinels die, hang and change their roles, under load."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import RedisError
from tests.blocking._world import Task, sleep, spawn, until
from tests.servers import RealServer, SentinelGroup

#: Whatever concerns the sentinels alone is tried with one kind of server.
one_kind = pytest.mark.parametrize("own_group", ["valkey"], indirect=True)

WRITERS = READERS = 3
#: Longer than any failover: no command runs out of time only because the servers take theirs.
TIMEOUT = 30.0
#: How long after the sentinels have agreed commands may take to be answered again, in seconds.
RECOVERY = 1.0


class Load:
    """Writers that count up and readers, until told to stop.

    Attributes:
        acknowledged: Writes that were answered.
        unknown: Writes that failed and may have been applied.
        unexplained: Errors of writes that cannot have been applied, and of reads: there should be none.
        written_at, read_at: When a write and a read were last answered.
    """

    def __init__(self, db: Database[bytes]) -> None:
        self._db = db
        self._going = True
        self.acknowledged = 0
        self.unknown = 0
        self.unexplained: list[RedisError] = []
        self.written_at = self.read_at = 0.0
        self._tasks: list[Task[None]] = []

    def start(self) -> None:
        """Let them work."""
        self._tasks = [spawn(self._write) for _ in range(WRITERS)] + [spawn(self._read) for _ in range(READERS)]

    def stop(self) -> None:
        """Let them end."""
        self._going = False
        for task in self._tasks:
            task.result(TIMEOUT)

    def _write(self) -> None:
        while self._going:
            try:
                self._db.incr("n")
            except RedisError as error:
                if error.was_sent:
                    self.unknown += 1
                else:
                    self.unexplained.append(error)
            else:
                self.acknowledged += 1
                self.written_at = time.monotonic()
            sleep(0.001)

    def _read(self) -> None:
        while self._going:
            try:
                self._db.get("n")
                self.read_at = time.monotonic()
            except RedisError as error:
                self.unexplained.append(error)
            sleep(0.001)

    def recover(self, since: float) -> float:
        """Wait until writes and reads are answered that began after a time; return how long after it that was."""
        # Twice: what was answered first may have begun before.
        for _ in range(2):
            seen = max(since, self.written_at, self.read_at)
            until(lambda seen=seen: min(self.written_at, self.read_at) > seen, timeout=TIMEOUT)  # type: ignore[misc]
        return min(self.written_at, self.read_at) - since


@contextmanager
def load(group: SentinelGroup, *, protocol: int = 3) -> Iterator[Load]:
    """Load on a group through a multiplexer that knows one of its sentinels."""
    host, port = group.addresses[0]
    mux = ConnectionMultiplexer.connect(
        f"{host}:{port},serviceName={group.service}", protocol=protocol, timeout=TIMEOUT
    )
    with mux:
        working = Load(mux.get_database())
        working.start()
        until(lambda: working.acknowledged >= 100)
        until(lambda: len(mux.get_status()["sentinels"]) == len(group.sentinels))
        try:
            yield working
        finally:
            working.stop()


def agreed(group: SentinelGroup, old: RealServer) -> float:
    """Wait until every sentinel that answers names another primary; return when that was."""

    def named() -> set[int | None]:
        return {group.named_by(sentinel) for sentinel in group.sentinels} - {None}

    until(lambda: len(named()) == 1 and old.port not in named(), timeout=TIMEOUT)
    return time.monotonic()


def settled(group: SentinelGroup) -> None:
    until(group.is_settled, timeout=TIMEOUT)


def check(group: SentinelGroup, working: Load) -> None:
    """See that no command was doubled, and that errors were only for what may have been applied."""
    assert working.unexplained == []
    assert int(group.primary.command("GET", "n")) <= working.acknowledged + working.unknown


@pytest.mark.parametrize("protocol", [2, 3])
def test_the_primary_is_killed(own_group: SentinelGroup, protocol: int):
    old = own_group.primary
    with load(own_group, protocol=protocol) as working:
        old.kill()
        assert working.recover(agreed(own_group, old)) < RECOVERY
        own_group.restart(old)
        settled(own_group)
        working.recover(time.monotonic())
    check(own_group, working)


def test_the_primary_hangs(own_group: SentinelGroup):
    old = own_group.primary
    with load(own_group) as working:
        old.pause()
        assert working.recover(agreed(own_group, old)) < RECOVERY
        old.resume()
        settled(own_group)
        working.recover(time.monotonic())
    check(own_group, working)


@one_kind
def test_the_primary_hangs_under_who_blocks(own_group: SentinelGroup):
    """Nothing comes over their connections, so that only what the sentinels say tells them."""
    old = own_group.primary
    host, port = own_group.addresses[0]
    with ConnectionMultiplexer.connect(f"{host}:{port},serviceName={own_group.service}") as mux:
        db = mux.get_database().with_options(timeout=TIMEOUT)
        popping = spawn(db.blpop, ["queue"], 0)
        reading = spawn(db.xread, {"stream": "0"}, block=0)
        until(lambda: "blocked_clients:2" in old.command("INFO", "clients").decode())
        old.pause()
        agreed(own_group, old)
        with pytest.raises(RedisError, match=r"BLPOP to .* may have been applied"):
            popping.result()
        db.xadd("stream", {"field": "value"})
        assert reading.result()
        old.resume()
        settled(own_group)


def test_a_failover_by_hand(own_group: SentinelGroup):
    with load(own_group) as working:
        old = own_group.primary
        until(lambda: own_group.ask_for_failover())
        assert working.recover(agreed(own_group, old)) < RECOVERY
        settled(own_group)
        working.recover(time.monotonic())
    check(own_group, working)


@one_kind
def test_the_seed_sentinel_is_dead(own_group: SentinelGroup):
    old = own_group.primary
    with load(own_group) as working:
        own_group.sentinels[0].kill()
        old.kill()
        assert working.recover(agreed(own_group, old)) < RECOVERY
    check(own_group, working)


@one_kind
def test_a_sentinel_hangs(own_group: SentinelGroup):
    old = own_group.primary
    with load(own_group) as working:
        own_group.sentinels[0].pause()
        old.kill()
        assert working.recover(agreed(own_group, old)) < RECOVERY
        own_group.sentinels[0].resume()
    check(own_group, working)


@one_kind
def test_all_sentinels_die_and_come_back(own_group: SentinelGroup):
    with load(own_group) as working:
        for sentinel in own_group.sentinels:
            sentinel.kill()
        working.recover(time.monotonic())  # the servers are still there
        for sentinel in own_group.sentinels:
            own_group.restart(sentinel)
        old = own_group.primary
        settled(own_group)
        old.kill()
        assert working.recover(agreed(own_group, old)) < RECOVERY
    check(own_group, working)


@one_kind
def test_a_replica_is_lost(own_group: SentinelGroup):
    with load(own_group) as working:
        own_group.replicas[0].kill()
        own_group.replicas[1].pause()
        working.recover(time.monotonic() + 2.0)
        own_group.replicas[1].resume()
        assert working.unknown == 0
    check(own_group, working)
