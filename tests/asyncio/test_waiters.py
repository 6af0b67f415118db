# asyncio only
"""Who waits for a reply is told as a future tells it, but for one call of the loop for all whom one read concerns."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from functools import partial
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import WrongTypeError
from tests.servers import Hold, RealServer, ScriptedServer

NAME: contextvars.ContextVar[str] = contextvars.ContextVar("NAME", default="nobody")


class CountingLoop(asyncio.SelectorEventLoop):
    """Counts what it is asked to call soon."""

    calls = 0

    def call_soon(self, callback: Any, *args: Any, context: Any = None) -> asyncio.Handle:
        self.calls += 1
        return super().call_soon(callback, *args, context=context)


def test_all_are_told_by_few_calls_of_the_loop(own_server: RealServer) -> None:
    loop = CountingLoop()

    async def caller(db: Database[bytes], turns: int) -> None:
        for _ in range(turns):
            await db.incr("n")

    async def use() -> None:
        async with await ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}") as mux:
            db = mux.get_database()
            tasks = [asyncio.create_task(caller(db, 20)) for _ in range(100)]
            await asyncio.sleep(0)
            before = loop.calls
            await asyncio.wait(tasks)
            assert await db.get("n") == b"2000"
            assert loop.calls - before < 1000, "one by one it were more than two thousand"

    try:
        loop.run_until_complete(use())
    finally:
        loop.close()


async def test_several_are_told_in_order_each_in_its_context(db: Database[bytes]) -> None:
    told: list[tuple[str, str, Any]] = []

    def tell(who: str, message: asyncio.Future[Any]) -> None:
        told.append((who, NAME.get(), message.result()))

    await db.set("k", "v")
    message: Any = db.get("k")
    NAME.set("first")
    message.add_done_callback(partial(tell, "one"))
    NAME.set("second")
    message.add_done_callback(partial(tell, "two"))
    own = contextvars.copy_context()
    own.run(NAME.set, "own")
    message.add_done_callback(partial(tell, "three"), context=own)
    NAME.set("last")
    assert told == []
    assert await message == b"v"
    assert told == [("one", "first", b"v"), ("two", "second", b"v"), ("three", "own", b"v")]
    message.add_done_callback(partial(tell, "late"))
    assert len(told) == 3, "in the loop's next turn, as always"
    await asyncio.sleep(0)
    assert told[3:] == [("late", "last", b"v")]


@pytest.mark.parametrize("others", [0, 1])
async def test_who_does_not_want_to_know_any_more(db: Database[bytes], others: int) -> None:
    told: list[Any] = []
    message: Any = db.get("k")
    message.add_done_callback(told.append)
    if others:
        message.add_done_callback(lambda message: None)
    assert message.remove_done_callback(told.append) == 1
    assert message.remove_done_callback(told.append) == 0
    assert await message is None
    assert told == []


async def test_replies_and_errors_of_one_read_are_told_in_their_order(db: Database[bytes]) -> None:
    await db.set("k", "v")
    order: list[int] = []

    async def caller(number: int) -> None:
        try:
            await (db.lpush("k", "x") if number % 3 == 1 else db.get("k"))
        except WrongTypeError:
            pass
        order.append(number)

    await asyncio.gather(*map(caller, range(30)))
    assert order == list(range(30))


async def test_who_is_told_may_cancel_others_and_ask_again(db: Database[bytes]) -> None:
    results: list[Any] = []

    async def caller(number: int) -> None:
        results.append(await db.incr("n"))
        if number == 0:
            for task in tasks[1:5]:
                task.cancel()
            results.append(await db.incr("n"))

    tasks = [asyncio.create_task(caller(number)) for number in range(10)]
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(outcome, asyncio.CancelledError) for outcome in outcomes] == [False, *[True] * 4, *[False] * 5]
    assert sorted(results) == [1, 6, 7, 8, 9, 10, 11]


async def test_cancelling_tells_the_waiter() -> None:
    with ScriptedServer() as server:
        server.on("GET", Hold(threading.Event()))
        async with await ConnectionMultiplexer.connect(f"127.0.0.1:{server.port}") as mux:
            await _is_told_of_cancelling(mux.get_database().get("k"))


async def _is_told_of_cancelling(message: Any) -> None:
    told: list[Any] = []
    message.add_done_callback(told.append)
    await asyncio.sleep(0)
    assert message.cancel()
    assert not message.cancel()
    await asyncio.sleep(0)
    assert told == [message]
    with pytest.raises(asyncio.CancelledError):
        await message


async def test_a_callback_that_fails_is_reported_and_harms_nobody(db: Database[bytes]) -> None:
    reported: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda loop, context: reported.append(context))

    def fail(message: object) -> None:
        raise ZeroDivisionError("of its own")

    messages: list[Any] = [db.incr("n") for _ in range(5)]
    messages[1].add_done_callback(fail)
    assert await asyncio.gather(*messages) == [1, 2, 3, 4, 5]
    (context,) = reported
    assert isinstance(context["exception"], ZeroDivisionError)
    assert "Exception in callback" in context["message"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_ctrl_c_in_one_leaves_the_others_to_the_next_turn(own_server: RealServer, error: type[BaseException]) -> None:
    loop = asyncio.new_event_loop()
    told: list[int] = []

    async def caller(db: Database[bytes], number: int) -> None:
        await db.incr("n")
        told.append(number)

    async def use(mux: ConnectionMultiplexer) -> None:
        db = mux.get_database()
        tasks = [asyncio.create_task(caller(db, number)) for number in range(10)]
        await asyncio.sleep(0)
        message: Any = db.incr("n")
        message.add_done_callback(interrupt)
        await asyncio.wait(tasks)

    def interrupt(message: object) -> None:
        raise error

    mux = loop.run_until_complete(ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}"))
    try:
        task = loop.create_task(use(mux))
        with pytest.raises(error):
            loop.run_until_complete(task)
        loop.run_until_complete(asyncio.wait_for(task, 10))
        assert sorted(told) == list(range(10))
    finally:
        loop.run_until_complete(mux.aclose())
        loop.close()
