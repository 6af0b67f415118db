# Generated from tests/asyncio/truth/test_units.py by scripts/generate_blocking.py; change that file instead.
"""Batches and transactions travel whole: nothing comes between, and a transaction is all or nothing."""

from __future__ import annotations

import time
from functools import partial

import pytest

from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import ExecAbortError, RedisConnectionError, RedisError, RedisTimeoutError
from tests.blocking._world import gather, until
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import Ledger
from tests.truth.workload import cut_reply, cut_request, reset, settle, trouble

SIZE = 5
SECONDS = 0.3


def transact(db: Database[bytes], token: bytes) -> list[object]:
    """Append a token to a list so many times, in one transaction."""
    pipeline = db.pipeline()
    for _ in range(SIZE):
        pipeline.rpush("units", token)
    return pipeline.execute()


def batch(db: Database[bytes], token: bytes) -> list[object]:
    """Append a token to a list so many times, in one batch."""
    unit = db.batch()
    for _ in range(SIZE):
        unit.rpush("units", token)
    return unit.execute()


def runs(applied: list[bytes]) -> list[tuple[bytes, int]]:
    """Say how often each token follows itself."""
    found: list[tuple[bytes, int]] = []
    for token in applied:
        if found and found[-1][0] == token:
            found[-1] = (token, found[-1][1] + 1)
        else:
            found.append((token, 1))
    return found


@pytest.mark.parametrize("send", [transact, batch], ids=lambda send: send.__name__)
def test_nothing_comes_between_the_parts_of_a_unit(db: Database[bytes], server: RealServer, send: object) -> None:
    assert callable(send)

    def work(caller: int) -> None:
        for number in range(20):
            lengths = send(db, f"{caller}/{number}".encode())
            assert lengths == list(range(lengths[0], lengths[0] + SIZE)), "the replies are its own"
            assert db.echo(f"{caller}") == f"{caller}".encode()

    gather(*[partial(work, caller) for caller in range(12)])
    found = runs(server.command("LRANGE", "units", 0, -1))
    assert len(found) == 240
    assert {length for _, length in found} == {SIZE}


@pytest.mark.parametrize("fault", [reset, cut_reply, cut_request], ids=lambda fault: fault.__name__)
@pytest.mark.parametrize("flags", [CommandFlags.NONE, CommandFlags.RETRY_WRITES], ids=["once", "retry-writes"])
def test_a_transaction_is_all_or_nothing_and_never_sent_twice(
    db: Database[bytes], proxy: FaultProxy, server: RealServer, fault: object, flags: CommandFlags
) -> None:
    assert callable(fault)
    ledger = Ledger("units", 2.0)
    handle = db.with_options(flags=flags)
    end = time.monotonic() + SECONDS

    def work(caller: str) -> None:
        number = 0
        while time.monotonic() < end:
            with ledger.call(caller, number) as token:
                transact(handle, token)
            number += 1

    with trouble(proxy, (fault,), f"units/{fault.__name__}"):
        gather(*[partial(work, f"c{n}") for n in range(12)])
    settle(server, proxy)
    found = runs(server.command("LRANGE", "units", 0, -1))
    assert {length for _, length in found} == {SIZE}
    ledger.check([token for token, _ in found])
    assert ledger.acknowledged


@pytest.mark.parametrize("after_items", range(SIZE + 2))
def test_a_transaction_whose_replies_are_cut_short_fails_as_a_whole(
    calm: Database[bytes], proxy: FaultProxy, server: RealServer, after_items: int
) -> None:
    """It has one outcome, that of EXEC, however many of its commands were acknowledged as queued."""
    proxy.cut(after_items=after_items, after_bytes=1)
    with pytest.raises(RedisConnectionError) as caught:
        transact(calm, b"t")
    assert caught.value.was_sent
    assert calm.ping()
    assert server.command("LLEN", "units") == SIZE


def test_a_transaction_of_which_a_part_was_sent_is_not_applied(
    calm: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    proxy.cut(after_items=SIZE, after_bytes=3, direction="to_server")
    with pytest.raises(RedisConnectionError):
        transact(calm, b"t")
    assert calm.ping()
    assert server.command("LLEN", "units") == 0


def test_a_batch_of_reads_is_sent_again_whole(calm: Database[bytes], proxy: FaultProxy) -> None:
    for number in range(SIZE):
        calm.set(f"k{number}", number)
    for after_items in range(SIZE):
        unit = calm.batch()
        for number in range(SIZE):
            unit.get(f"k{number}")
        proxy.cut(after_items=after_items, after_bytes=1)
        assert unit.execute() == [b"%d" % number for number in range(SIZE)]


def test_a_batch_with_a_write_is_not_sent_again(
    calm: Database[bytes], proxy: FaultProxy, server: RealServer
) -> None:
    unit = calm.batch()
    unit.get("k")
    unit.incr("n")
    unit.get("k")
    proxy.cut(after_items=2, after_bytes=1)
    with pytest.raises(RedisConnectionError) as caught:
        unit.execute()
    assert caught.value.was_sent
    assert calm.ping()
    assert server.command("GET", "n") == b"1"


def test_a_unit_that_was_not_sent_in_time_is_never_sent(
    mux: ConnectionMultiplexer, proxy: FaultProxy, server: RealServer
) -> None:
    hasty = mux.get_database().with_options(timeout=0.15)
    proxy.refuse()
    proxy.reset()
    until(lambda: not mux.is_connected)

    def fail(send: object, token: bytes) -> RedisError:
        assert callable(send)
        with pytest.raises(RedisTimeoutError) as caught:
            send(hasty, token)
        return caught.value

    errors = gather(*[partial(fail, transact, b"t"), partial(fail, batch, b"b")] * 4)
    assert not any(error.was_sent for error in errors)
    proxy.accept()
    assert transact(mux.get_database(), b"later") == list(range(1, SIZE + 1))
    assert server.command("LRANGE", "units", 0, -1) == [b"later"] * SIZE


def test_a_unit_that_times_out_keeps_its_places(db: Database[bytes], proxy: FaultProxy) -> None:
    """Its replies arrive later, all of them, and are nobody else's."""
    hasty = db.with_options(timeout=0.05)
    proxy.delay(0.1)

    def late(number: int) -> None:
        with pytest.raises(RedisTimeoutError) as caught:
            (transact if number % 2 else batch)(hasty, b"t")
        assert caught.value.was_sent

    def patient(number: int) -> None:
        assert db.echo(f"{number}") == f"{number}".encode()

    gather(*[partial(late, n) for n in range(8)], *[partial(patient, n) for n in range(8)])
    proxy.restore()
    assert db.echo("end") == b"end"
    assert proxy.connections == 1


def test_an_aborted_transaction_leaves_the_replies_in_line(db: Database[bytes], server: RealServer) -> None:
    def abort(number: int) -> None:
        pipeline = db.pipeline()
        pipeline.rpush("units", "never")
        pipeline.execute_command("SET", "too few")
        with pytest.raises(ExecAbortError):
            pipeline.execute()

    def work(number: int) -> None:
        assert db.echo(f"{number}") == f"{number}".encode()
        assert transact(db, b"t")

    gather(*[partial(abort, n) for n in range(10)], *[partial(work, n) for n in range(10)])
    assert set(server.command("LRANGE", "units", 0, -1)) == {b"t"}
