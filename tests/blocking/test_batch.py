# Generated from tests/asyncio/test_batch.py by scripts/generate_blocking.py; change that file instead.
"""Batches and pipelines: one contiguous unit, with MULTI and EXEC or without."""

from __future__ import annotations

from functools import partial

import pytest

from multiplexer import CommandFlags
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.errors import (
    CommandDisabledError,
    DataError,
    ExecAbortError,
    MultiplexerClosedError,
    RedisConnectionError,
    RedisError,
    RedisTimeoutError,
    ResponseError,
    WrongTypeError,
)
from tests.servers import Close, FaultProxy, RealServer, ScriptedServer, Sequence

from ._world import gather, spawn, until
from .connecting import connect


def test_a_batch(db: Database[bytes]) -> None:
    batch = db.batch()
    written = batch.set("a", 1)
    read = batch.get("a")
    batch.hset("h", mapping={"x": "1"})
    batch.hgetall("h")
    batch.execute_command("INCR", "a", returns=int)
    assert len(batch) == 5
    with pytest.raises(RedisError, match="not executed"):
        read.result()
    assert batch.execute() == [True, b"1", 1, {b"x": b"1"}, 2]
    assert (written.result(), read.result()) == (True, b"1")
    assert len(batch) == 0
    assert batch.execute() == []


def test_results_in_text(db_str: Database[str]) -> None:
    batch = db_str.batch()
    batch.set("a", "ä")
    batch.get("a")
    batch.dump("a")
    first, second, third = batch.execute()
    assert (first, second, type(third)) == (True, "ä", bytes)
    pipe = db_str.pipeline()
    pipe.get("a").zadd("z", {"m": 1.5}).zrange("z", 0, -1, withscores=True)
    assert pipe.execute() == ["ä", 1, [("m", 1.5)]]


@pytest.mark.parametrize("transaction", [True, False])
def test_a_pipeline(db: Database[bytes], transaction: bool) -> None:
    with db.pipeline(transaction) as pipe:
        chained = pipe.set("a", 1).incr("a").get("a").execute_command("GET", "a")
        assert chained is pipe
        assert (len(pipe), bool(pipe)) == (4, True)
        assert pipe.execute() == [True, 2, b"2", b"2"]
        assert pipe.execute() == []
        pipe.incr("a")
    assert len(pipe) == 0
    assert db.get("a") == b"2"


def test_nothing_comes_between_the_commands_of_a_batch() -> None:
    with ScriptedServer() as server:
        with connect(server) as mux:
            db = mux.get_database()

            def work(index: int) -> None:
                for _ in range(5):
                    batch = db.batch()
                    for number in range(10):
                        batch.set(f"{index}-{number}", 1)
                    batch.execute()
                    db.get("between")

            gather(*[partial(work, index) for index in range(8)])
            keys = [words[1] for words in server.commands() if words[0] in (b"SET", b"GET")]
            positions = [at for at, key in enumerate(keys) if key.endswith(b"-0")]
            assert len(positions) == 40
            for at in positions:
                owner = keys[at].split(b"-")[0]
                assert keys[at : at + 10] == [b"%s-%d" % (owner, number) for number in range(10)]


def test_a_transaction_is_one_unit_on_the_wire() -> None:
    with ScriptedServer() as server:
        with connect(server) as mux:
            db = mux.get_database()
            pipes = [db.pipeline() for _ in range(10)]
            for index, pipe in enumerate(pipes):
                pipe.set(f"key-{index}", index).get(f"key-{index}")
            server.clear()
            results = gather(*[pipe.execute for pipe in pipes])
            assert results == [[True, b"%d" % index] for index in range(10)]
            names = [item.name for item in server.received]
            assert names == ["MULTI", "SET", "GET", "EXEC"] * 10


def test_errors_within(db: Database[bytes]) -> None:
    db.set("text", "x")
    for collector in (db.batch(), db.pipeline(False), db.pipeline(True)):
        collector.set("a", 1)
        failing = collector.lpush("text", "y")
        collector.get("a")
        first, error, last = collector.execute(raise_on_error=False)
        assert (first, last) == (True, b"1")
        assert isinstance(error, WrongTypeError)
        assert (error.command, error.phase) == ("LPUSH", "answered")
        assert failing is not None
        collector.set("b", 1)
        collector.incr("text")
        with pytest.raises(ResponseError, match="not an integer"):
            collector.execute()
        assert db.get("b") == b"1"
        db.delete("b")


def test_a_command_that_is_refused_discards_the_transaction(db: Database[bytes]) -> None:
    pipe = db.pipeline()
    pipe.set("a", 1)
    pipe.execute_command("SET", "only-a-key")
    with pytest.raises(ExecAbortError) as caught:
        pipe.execute()
    assert isinstance(caught.value.__cause__, ResponseError)
    assert "wrong number of arguments" in str(caught.value.__cause__)
    assert db.exists("a") == 0


def test_bad_arguments_are_found_when_they_are_added(db: Database[bytes]) -> None:
    pipe = db.pipeline()
    pipe.set("a", 1)
    with pytest.raises(DataError, match="SET: argument 2"):
        pipe.set("b", None)  # type: ignore[arg-type]
    for refused in ("MULTI", "SELECT", "SUBSCRIBE", "BLPOP"):
        with pytest.raises(CommandDisabledError):
            pipe.execute_command(refused, "list", 0)
    with pytest.raises(DataError):
        pipe.execute_command()
    assert pipe.execute() == [True]


def test_large_batches(db: Database[bytes]) -> None:
    size = 10_000
    for collector in (db.batch(), db.pipeline(False), db.pipeline(True)):
        for index in range(size):
            collector.set(f"key-{index}", index)
        assert collector.execute() == [True] * size
        for index in range(size):
            collector.get(f"key-{index}")
        assert collector.execute() == [b"%d" % index for index in range(size)]


def test_large_values_within(db: Database[bytes]) -> None:
    values = [bytes([index]) * (index * 40_000 + 1) for index in range(20)]
    for transaction in (True, False):
        pipe = db.pipeline(transaction)
        for index, value in enumerate(values):
            pipe.set(f"key-{index}", value)
            pipe.strlen(f"key-{index}")
        for index in range(20):
            pipe.get(f"key-{index}")
        results = pipe.execute()
        assert results[1:40:2] == [len(value) for value in values]
        assert results[40:] == values


def test_a_batch_waits_in_the_backlog_and_expires_unsent(own_server: RealServer) -> None:
    with connect(own_server) as mux:
        db = mux.get_database()
        own_server.kill()
        until(lambda: not mux.is_connected)
        early = db.with_options(timeout=0.1).batch()
        early.set("early", 1)
        early.set("early", 2)
        with pytest.raises(RedisTimeoutError, match="was not sent") as caught:
            early.execute()
        assert not caught.value.was_sent
        late = db.batch()
        late.set("late", 1)
        late.get("late")
        call = spawn(late.execute)
        own_server.restart()
        assert call.result() == [True, b"1"]
        assert db.exists("early") == 0


@pytest.mark.parametrize("transaction", [True, False])
def test_a_connection_that_breaks_within(server: RealServer, transaction: bool) -> None:
    with FaultProxy(server.host, server.port) as proxy:
        with connect(proxy, heartbeat_interval=60) as mux:  # whose question might take the fault
            db = mux.get_database()
            db.ping()
            pipe = db.pipeline(transaction)
            for _ in range(10):
                pipe.incr("n")
            proxy.cut(after_items=4, after_bytes=1)
            with pytest.raises(RedisConnectionError, match="was sent") as caught:
                pipe.execute()
            assert caught.value.was_sent
            until(lambda: mux.is_connected)
            assert db.get("n") == b"10"


def test_a_batch_of_reads_is_sent_again() -> None:
    with ScriptedServer() as server:
        server.on("MGET", Sequence(Close()))
        with connect(server) as mux:
            db = mux.get_database()
            db.set("a", 1)
            batch = db.batch()
            batch.get("a")
            batch.mget("a", "b")
            assert batch.execute() == [b"1", [b"1", None]]
            never = db.with_options(flags=CommandFlags.NO_RETRY).batch()
            server.on("MGET", Sequence(Close()))
            never.mget("a")
            with pytest.raises(RedisConnectionError):
                never.execute()


def test_a_batch_on_another_database(mux: ConnectionMultiplexer, server: RealServer) -> None:
    results = []
    for index in (0, 5, 3, 5):
        pipe = mux.get_database(index).pipeline()
        pipe.set(f"key-{index}", index).dbsize()
        results.append(pipe.execute())
    assert [size for _, size in results] == [1, 1, 1, 1]
    assert b"db5:keys=1" in server.command("INFO", "keyspace")


def test_after_closing(server: RealServer) -> None:
    mux = connect(server)
    batch = mux.get_database().batch()
    batch.get("a")
    mux.close()
    with pytest.raises(MultiplexerClosedError):
        batch.execute()
