# Generated from tests/asyncio/truth/test_replies.py by scripts/generate_blocking.py; change that file instead.
"""Every reply belongs to its request, and every caller's calls are done in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import WrongTypeError
from tests.blocking._world import gather, sleep, spawn
from tests.blocking.truth.conftest import Connect
from tests.conftest import ALL_TARGETS, name_of_target
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import Ledger


def one_of_everything(db: Database[bytes], caller: int, rounds: int) -> None:
    """Ask for replies of every shape and length; each is told by its contents."""
    me = f"caller-{caller}"
    db = db.with_options(timeout=20)  # all of it succeeds, also where the machine is held up
    for number in range(rounds):
        value = f"{me}/{number}".encode()
        assert db.echo(value) == value
        assert db.set(f"{me}:s", value * (1 + number % 50)) is True
        assert db.get(f"{me}:s") == value * (1 + number % 50)
        assert db.get(f"{me}:none/{number}") is None
        assert db.incr(f"{me}:n") == number + 1
        assert db.hset(f"{me}:h", value, number) == 1
        assert db.hget(f"{me}:h", value) == b"%d" % number
        assert db.rpush(f"{me}:l", value) == number + 1
        assert db.lrange(f"{me}:l", -1, -1) == [value]
        assert db.mget([f"{me}:s", f"{me}:none", f"{me}:n"]) == [
            value * (1 + number % 50),
            None,
            b"%d" % (number + 1),
        ]
        with pytest.raises(WrongTypeError):
            db.lpush(f"{me}:s", "no list")
        assert db.zadd(f"{me}:z", {value: number}) == 1
        assert db.zscore(f"{me}:z", value) == float(number)
        assert db.execute("EXISTS", f"{me}:s", f"{me}:none") == 1


def whole(proxy: FaultProxy) -> None:
    """Leave bytes as they are."""


def in_pieces(proxy: FaultProxy) -> None:
    """Tear every reply and request apart."""
    proxy.limit(7)


def byte_by_byte(proxy: FaultProxy) -> None:
    """Send replies one byte at a time."""
    proxy.dribble(direction="to_client")


def delayed(proxy: FaultProxy) -> None:
    """Let everything arrive late, and not evenly."""
    proxy.delay(0.001, jitter=0.003)


def split_at_random(proxy: FaultProxy) -> None:
    """Split and delay whatever passes."""
    proxy.chaos("splits", reset=0, cut=0, delay=0.05, split=0.5, longest=0.005)


@pytest.mark.parametrize("target", ALL_TARGETS, indirect=True, ids=name_of_target)
@pytest.mark.parametrize("network", [whole, in_pieces, split_at_random], ids=lambda n: n.__name__)
def test_replies_of_every_shape_reach_their_callers(
    db: Database[bytes], proxy: FaultProxy, network: Callable[[FaultProxy], None]
) -> None:
    network(proxy)
    gather(*[partial(one_of_everything, db, caller, 10) for caller in range(16)])


@pytest.mark.parametrize("network", [byte_by_byte, delayed], ids=lambda n: n.__name__)
def test_replies_reach_their_callers_over_a_slow_network(
    connect: Connect, proxy: FaultProxy, network: Callable[[FaultProxy], None]
) -> None:
    db = connect(timeout=20.0).get_database()
    network(proxy)
    gather(*[partial(one_of_everything, db, caller, 2) for caller in range(16)])


def test_text_and_bytes_handles_and_databases_share_a_connection(mux: ConnectionMultiplexer) -> None:
    def work(number: int) -> None:
        text = mux.get_database(number % 5, decode=True)
        raw = mux.get_database(number % 5)
        for turn in range(10):
            assert text.set(f"k{number}", f"v{number}/{turn}/{number % 5}") is True
            assert text.get(f"k{number}") == f"v{number}/{turn}/{number % 5}"
            assert raw.get(f"k{number}") == f"v{number}/{turn}/{number % 5}".encode()

    gather(*[partial(work, number) for number in range(20)])
    for number in range(20):
        holders = [index for index in range(5) if mux.get_database(index).exists(f"k{number}")]
        assert holders == [number % 5]


def test_each_callers_writes_are_done_in_the_order_of_its_calls(
    db: Database[bytes], server: RealServer, proxy: FaultProxy
) -> None:
    proxy.chaos("order", reset=0, cut=0, delay=0.05, split=0.3, longest=0.005)
    ledger = Ledger("order")

    def work(caller: str) -> None:
        for number in range(30):
            with ledger.call(caller, number) as token:
                db.rpush("order", token)

    gather(*[partial(work, f"c{n}") for n in range(32)])
    applied = server.command("LRANGE", "order", 0, -1)
    ledger.check(applied)
    assert len(applied) == 32 * 30


def test_calls_nobody_waits_for_are_done_in_order_too(db: Database[bytes], server: RealServer) -> None:
    forgetful = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)

    ledger = Ledger("forgotten")

    def work(caller: str) -> None:
        for number in range(100):
            token = ledger.note(caller, number)
            if number % 7:
                assert forgetful.rpush("order", token) is None
            else:
                db.rpush("order", token)
        db.ping()

    gather(*[partial(work, f"c{n}") for n in range(8)])
    ledger.check(server.command("LRANGE", "order", 0, -1))


def test_a_reply_that_comes_after_its_deadline_is_dropped_and_no_other_is_shifted(
    db: Database[bytes], proxy: FaultProxy
) -> None:
    hasty = db.with_options(timeout=0.05)
    ledger = Ledger("late", longest=0.05)
    db.set("slow", b"slow")
    db.set("quick", b"quick")

    def late(caller: int) -> None:
        for number in range(3):
            with ledger.call(f"late-{caller}", number) as token:
                assert hasty.echo(token) == token

    def patient(caller: int) -> None:
        for number in range(3):
            value = f"patient-{caller}/{number}".encode()
            assert db.echo(value) == value

    proxy.delay(0.1)
    gather(*[partial(late, n) for n in range(8)], *[partial(patient, n) for n in range(8)])
    proxy.restore()
    assert len(ledger.unknown) == 24
    calls: list[Callable[[], object]] = [partial(db.get, "slow"), partial(db.get, "quick")]
    assert gather(*calls * 10) == [b"slow", b"quick"] * 10
    assert proxy.connections == 1


def test_whoever_reads_for_all_leaves_that_to_the_next(connect: Connect, proxy: FaultProxy) -> None:
    """No heartbeat comes to the rescue here: the second caller sleeps when the first has its reply and goes."""
    db = connect(heartbeat_interval=30.0, timeout=3.0).get_database()
    proxy.delay(0.06, direction="to_client")
    for _ in range(5):
        first = spawn(db.echo, "first")
        sleep(0.03)
        second = spawn(db.echo, "second")
        assert first.result() == b"first"
        assert second.result(1.0) == b"second"
