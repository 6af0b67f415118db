"""Optimistic locking and transactions with conditions, on connections of their own."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer import Condition
from multiplexer.asyncio import ConnectionMultiplexer, Database, Outcome, Pipeline
from multiplexer.errors import DataError, ExecAbortError, RedisConnectionError, RedisError, WatchError, WrongTypeError
from tests.servers import RealServer

from ._world import gather, until
from .connecting import connect


async def test_a_watched_key_that_nobody_changes(db: Database[bytes]) -> None:
    await db.set("stock", 3)
    async with db.watch("stock") as tx:
        left = int(await tx.get("stock") or 0)
        tx.multi()
        tx.set("stock", left - 1)
        tx.get("stock")
        assert len(tx) == 2
        assert await tx.execute() == [True, b"2"]


async def test_a_watched_key_that_another_changes(db: Database[bytes], server: RealServer) -> None:
    await db.set("stock", 3)
    async with db.watch("stock", "other") as tx:
        await tx.get("stock")
        server.command("SET", "stock", 10)
        tx.multi()
        tx.set("stock", 2)
        with pytest.raises(WatchError):
            await tx.execute()
    assert await db.get("stock") == b"10"


async def test_the_shared_connection_does_not_watch(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    async with db.watch("key") as tx:
        await db.set("key", "changed by the same program over the shared connection")
        tx.multi()
        tx.set("key", "late")
        with pytest.raises(WatchError):
            await tx.execute()
    # A transaction of somebody else's, on the shared connection, is not disturbed by it.
    async with db.watch("key"):
        await db.set("key", "changed")
        assert await db.pipeline().set("key", "mine").execute() == [True]
    assert mux.get_counters()[0].leased.socket_count == 1


async def test_a_connection_goes_back_clean(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    async with db.watch("key"):
        pass
    await db.set("key", "changed")
    async with db.watch("another") as tx:  # on the same connection, which watches "key" no longer
        tx.multi()
        tx.set("another", "value")
        assert await tx.execute() == [True]
    assert mux.get_counters()[0].leased.socket_count == 1


async def test_watching_as_redis_py_does(db: Database[bytes]) -> None:
    async with db.pipeline() as pipe:
        await pipe.watch("key")
        assert await pipe.get("key") is None
        pipe.multi()
        pipe.set("key", "value").get("key")
        assert await pipe.execute() == [True, b"value"]
        # Afterwards it is a pipeline like any other.
        pipe.incr("counter")
        assert await pipe.execute() == [1]
        await pipe.watch("key")
        await pipe.watch("counter")
        assert await pipe.unwatch()
        assert await pipe.incr("counter").execute() == [2]


async def test_commands_while_watching(db_str: Database[str]) -> None:
    await db_str.hset("hash", mapping={"field": "größe"})
    view = db_str.with_options(key_prefix="app:")
    async with db_str.watch("hash") as tx:
        assert await tx.hgetall("hash") == {"field": "größe"}
        assert await tx.execute_command("HLEN", "hash") == 1
        with pytest.raises(WrongTypeError):
            await tx.get("hash")
        with pytest.raises(DataError):
            await tx.set("key", "value", nx=True, xx=True)
        tx.multi()
        tx.hget("hash", "field")
        assert await tx.execute() == ["größe"]
    async with view.watch("key") as tx:
        await view.set("key", "changed")
        tx.multi()
        tx.get("key")
        with pytest.raises(WatchError):
            await tx.execute()


async def test_calls_that_make_no_sense(db: Database[bytes]) -> None:
    with pytest.raises(DataError, match="no key"):
        db.watch()
    with pytest.raises(DataError, match="function"):
        db.transaction(None, "key")  # type: ignore[call-overload]
    pipe = db.pipeline()
    with pytest.raises(DataError, match="no key"):
        await pipe.watch()
    pipe.set("key", "value")
    with pytest.raises(DataError, match="before"):
        await pipe.watch("key")
    with pytest.raises(DataError, match="before"):
        pipe.multi()
    await pipe.reset()
    pipe.multi()
    with pytest.raises(DataError, match="begun"):
        pipe.multi()
    with pytest.raises(DataError, match="Condition"):
        db.transaction().require("key")  # type: ignore[arg-type]


async def test_a_refused_command_keeps_everything_from_running(db: Database[bytes]) -> None:
    async with db.watch("key") as tx:
        tx.multi()
        tx.set("key", "value")
        tx.execute_command("SET", "key")
        with pytest.raises(ExecAbortError):
            await tx.execute()
    assert not await db.exists("key")


async def test_errors_in_their_places(db: Database[bytes]) -> None:
    await db.set("key", "value")
    async with db.watch("key") as tx:
        tx.multi()
        tx.lpush("key", 1).get("key")
        first, second = await tx.execute(raise_on_error=False)
        assert isinstance(first, WrongTypeError)
        assert second == b"value"


async def test_an_optimistic_transaction_is_tried_again(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    await db.set("counter", 0)

    async def increment() -> None:
        async def work(tx: Pipeline[bytes]) -> str:
            value = int(await tx.get("counter") or 0)
            tx.multi()
            tx.set("counter", value + 1)
            return "done"

        assert await db.transaction(work, "counter", value_from_callable=True, watch_delay=0.001) == "done"

    await gather(*[increment] * 25)
    assert await db.get("counter") == b"25"


async def test_an_optimistic_transaction_returns_results(db: Database[bytes]) -> None:
    def work(tx: Pipeline[bytes]) -> None:
        tx.multi()
        tx.incr("counter").incr("counter")

    assert await db.transaction(work, "counter") == [1, 2]

    def fail(tx: Pipeline[bytes]) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await db.transaction(fail, "counter")


async def test_a_server_that_is_killed_while_watching(own_server: RealServer) -> None:
    async with await connect(own_server) as mux:
        db = mux.get_database()
        async with db.watch("key") as tx:
            own_server.kill()
            tx.multi()
            tx.set("key", "value")
            with pytest.raises(RedisConnectionError):
                await tx.execute()
        await until(lambda: not mux.is_connected)
        own_server.restart()
        async with db.watch("key") as tx:
            tx.multi()
            tx.set("key", "value")
            assert await tx.execute() == [True]


# -- conditions --------------------------------------------------------------------------------------------------------


async def test_a_transaction_without_conditions(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    tx = db.transaction()
    first: Any = tx.set("key", "value")
    second: Any = tx.get("key")
    result = await tx.execute()
    assert result
    assert result.committed
    assert result.results == [True, b"value"]
    assert (first.result(), second.result()) == (True, b"value")
    assert mux.get_counters()[0].leased.operation_count == 0  # it needs no connection of its own


async def test_conditions_that_hold_and_that_do_not(db: Database[bytes]) -> None:
    tx = db.transaction().require(Condition.key_not_exists("lock"))
    tx.set("lock", "me")
    assert (await tx.execute()).outcome is Outcome.COMMITTED
    condition = Condition.key_not_exists("lock")
    tx = db.transaction().require(Condition.key_exists("lock"), condition)
    queued: Any = tx.set("lock", "you")
    result = await tx.execute()
    assert not result
    assert result.outcome is Outcome.CONDITION_FAILED
    assert result.failed == (condition,)
    assert "lock" in repr(result)
    assert await db.get("lock") == b"me"
    with pytest.raises(RedisError, match="not executed"):
        queued.result()


async def test_a_race_that_is_lost(db: Database[bytes], server: RealServer) -> None:
    class Meddling(Condition):
        """Somebody changes the key right after it was looked at."""

        __slots__ = ()

        def holds(self, reply: Any) -> bool:
            server.command("SET", "key", "theirs")
            return True

    tx = db.transaction().require(Meddling("is meddled with", bool, "EXISTS", "key"))
    tx.set("key", "mine")
    result = await tx.execute()
    assert result.outcome is Outcome.RACE_LOST
    assert not result.results
    assert await db.get("key") == b"theirs"


@pytest.fixture
def filled(server: RealServer) -> None:
    """A key of each kind."""
    server.command("SET", "string", "value")
    server.command("HSET", "hash", "field", "value")
    server.command("RPUSH", "list", "a", "b", "c")
    server.command("SADD", "set", "a", "b")
    server.command("ZADD", "zset", 1, "one", 2, "two", 2, "too")
    server.command("ZADD", "words", 0, "apple", 0, "pear")
    server.command("XADD", "stream", "*", "field", "value")


HOLDING = [
    Condition.key_exists("string"),
    Condition.key_not_exists("nothing"),
    Condition.string_equal("string", "value"),
    Condition.string_equal("nothing", None),
    Condition.string_not_equal("string", b"other"),
    Condition.string_not_equal("string", None),
    Condition.string_length("string", equal=5),
    Condition.string_length("string", greater_than=4),
    Condition.string_length("nothing", less_than=1),
    Condition.hash_exists("hash", "field"),
    Condition.hash_not_exists("hash", "other"),
    Condition.hash_equal("hash", "field", "value"),
    Condition.hash_equal("hash", "other", None),
    Condition.hash_not_equal("hash", "field", 5),
    Condition.hash_length("hash", equal=1),
    Condition.list_index_exists("list", -3),
    Condition.list_index_not_exists("list", 3),
    Condition.list_index_equal("list", 1, "b"),
    Condition.list_index_not_equal("list", 1, "a"),
    Condition.list_length("list", less_than=4),
    Condition.set_contains("set", "a"),
    Condition.set_not_contains("set", "c"),
    Condition.set_length("set", equal=2),
    Condition.sorted_set_contains("zset", "one"),
    Condition.sorted_set_not_contains("zset", "three"),
    Condition.sorted_set_contains_starting("words", "app"),
    Condition.sorted_set_equal("zset", "two", 2),
    Condition.sorted_set_not_equal("zset", "two", 1),
    Condition.sorted_set_not_equal("zset", "three", 1),
    Condition.sorted_set_score_exists("zset", 2),
    Condition.sorted_set_score_exists("zset", 2, 2),
    Condition.sorted_set_score_not_exists("zset", 3),
    Condition.sorted_set_length("zset", equal=3),
    Condition.sorted_set_length("zset", min=1.5, max=9, equal=2),
    Condition.stream_length("stream", greater_than=0),
]

FAILING = [
    Condition.key_exists("nothing"),
    Condition.key_not_exists("string"),
    Condition.string_equal("string", "other"),
    Condition.string_equal("string", None),
    Condition.string_not_equal("string", "value"),
    Condition.string_length("string", equal=4),
    Condition.hash_exists("hash", "other"),
    Condition.hash_not_exists("hash", "field"),
    Condition.hash_equal("hash", "field", "other"),
    Condition.hash_not_equal("hash", "field", "value"),
    Condition.hash_length("hash", greater_than=1),
    Condition.list_index_exists("list", 3),
    Condition.list_index_not_exists("list", 0),
    Condition.list_index_equal("list", 0, "b"),
    Condition.list_index_not_equal("list", 0, "a"),
    Condition.list_length("list", less_than=3),
    Condition.set_contains("set", "c"),
    Condition.set_not_contains("set", "a"),
    Condition.set_length("set", greater_than=2),
    Condition.sorted_set_contains("zset", "three"),
    Condition.sorted_set_not_contains("zset", "one"),
    Condition.sorted_set_contains_starting("words", "b"),
    Condition.sorted_set_equal("zset", "two", 1),
    Condition.sorted_set_equal("zset", "three", 1),
    Condition.sorted_set_not_equal("zset", "two", 2),
    Condition.sorted_set_score_exists("zset", 3),
    Condition.sorted_set_score_exists("zset", 2, 1),
    Condition.sorted_set_score_not_exists("zset", 2),
    Condition.sorted_set_length("zset", min=1.5, equal=3),
    Condition.stream_length("stream", equal=0),
]


@pytest.mark.usefixtures("filled")
async def test_every_condition(db: Database[bytes]) -> None:
    tx = db.transaction().require(*HOLDING)
    tx.incr("counter")
    assert (await tx.execute()).results == [1]
    result = await db.transaction().require(*FAILING).execute()
    assert result.failed == tuple(FAILING)


@pytest.mark.usefixtures("filled")
async def test_a_condition_on_another_kind_of_value(mux: ConnectionMultiplexer, db: Database[bytes]) -> None:
    tx = db.transaction().require(Condition.list_length("string", equal=0))
    tx.set("string", "changed")
    with pytest.raises(WrongTypeError):
        await tx.execute()
    assert await db.get("string") == b"value"
    assert (await db.transaction().require(Condition.key_exists("string")).execute()).committed
    assert mux.get_counters()[0].leased.socket_count == 1


async def test_conditions_within_a_key_prefix(db: Database[bytes]) -> None:
    view = db.with_options(key_prefix="app:")
    await view.set("key", "value")
    tx = view.transaction().require(Condition.string_equal("key", "value"))
    tx.set("key", "other")
    assert await tx.execute()
    assert await db.get("app:key") == b"other"


@pytest.mark.parametrize("wanted", [{}, {"equal": 1, "less_than": 2}, {"about": 3}, {"equal": 1.5}, {"equal": True}])
def test_lengths_to_compare_with(wanted: dict[str, Any]) -> None:
    with pytest.raises(DataError, match="list_length"):
        Condition.list_length("list", **wanted)


def test_a_condition_that_writes() -> None:
    with pytest.raises(DataError, match="read-only"):
        Condition("key grows", bool, "INCR", "key")


async def test_many_at_once_count_exactly(mux: ConnectionMultiplexer) -> None:
    db = mux.get_database()
    await db.set("seats", 10)

    async def book(index: int) -> bool:
        while True:
            left = await db.get("seats")
            if left == b"0":
                return False
            tx = db.transaction().require(Condition.string_equal("seats", left))
            tx.decr("seats")
            tx.rpush("guests", index)
            if await tx.execute():
                return True

    booked = await gather(*[partial(book, index) for index in range(20)])
    assert sum(booked) == 10
    assert await db.llen("guests") == 10
    assert await db.get("seats") == b"0"
