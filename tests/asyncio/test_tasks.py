# asyncio only
"""What a command's method returns counts as a coroutine, for whoever wants one to make a task of."""

from __future__ import annotations

import asyncio
import gc
import inspect
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from multiplexer import CommandFlags
from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import ResponseError, WrongTypeError
from tests.servers import Hold, ScriptedServer

from ._world import until


async def test_create_task(db: Database[bytes]) -> None:
    await db.set("a", 1)
    await db.rpush("list", "x")
    assert await asyncio.create_task(db.get("a")) == b"1"
    assert await asyncio.create_task(db.blpop("list", 5)) == (b"list", b"x")  # on a connection of its own
    assert await asyncio.create_task(db.with_options(flags=CommandFlags.FIRE_AND_FORGET).set("b", 2)) is None
    assert await asyncio.create_task(db.execute("GET", "a")) == b"1"
    assert await asyncio.create_task(db.mget("a", "b")) == [b"1", b"2"]
    cached = db.with_options(cached=True)
    for _ in range(2):  # asked for, and then at hand
        assert await asyncio.create_task(cached.get("a")) == b"1"
    reply = db.get("a")
    assert await reply == b"1"
    assert await asyncio.create_task(reply) == b"1"  # made of what has come by then
    with pytest.raises(WrongTypeError):
        await asyncio.create_task(db.lpush("a", "x"))
    failed = db.lpush("a", "x")
    with pytest.raises(WrongTypeError):
        await failed
    with pytest.raises(WrongTypeError):
        await asyncio.create_task(failed)


async def test_a_task_group(db: Database[bytes]) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(db.incr("n")) for _ in range(100)]
    assert sorted(task.result() for task in tasks) == list(range(1, 101))

    async def one_fails() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(db.blpop("empty", 0))
            group.create_task(db.lpush("n", "x"))

    with pytest.raises(ExceptionGroup) as caught:
        await one_fails()
    assert [type(error) for error in caught.value.exceptions] == [WrongTypeError]


async def test_what_asks_for_a_coroutine(db: Database[bytes]) -> None:
    calls: list[Any] = [
        db.get("a"),
        db.blpop("list", 0.01),
        db.with_options(flags=CommandFlags.FIRE_AND_FORGET).get("a"),
    ]
    for call in calls:
        assert asyncio.iscoroutine(call)
        assert isinstance(call, Coroutine)
        assert inspect.isawaitable(call)
        assert asyncio.isfuture(call)  # gather() and wait_for() need no task for it
        assert asyncio.ensure_future(call) is call
        await call


async def test_cancelling_the_task() -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("GET", Hold(held))
        async with await ConnectionMultiplexer.connect(f"{server.host}:{server.port}") as mux:
            db = mux.get_database()
            call = db.get("a")
            task = asyncio.create_task(call)
            await until(lambda: server.commands("GET"))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert call.cancelled()  # type: ignore[attr-defined]
            unheard = db.get("b")
            task = asyncio.create_task(unheard)
            task.cancel()  # before it has run at all
            with pytest.raises(asyncio.CancelledError):
                await task
            assert unheard.cancelled()  # type: ignore[attr-defined]
            given_up = db.get("c")
            given_up.close()
            assert given_up.cancelled()  # type: ignore[attr-defined]
            with pytest.raises(ZeroDivisionError):
                db.get("d").throw(ZeroDivisionError, ZeroDivisionError("text"), None)
            with pytest.raises(ZeroDivisionError):
                db.get("d").throw(ZeroDivisionError)
            held.set()


async def test_an_error_holds_no_task_in_a_circle(db: Database[bytes]) -> None:
    await db.set("a", 1)
    gc.collect()
    gc.disable()
    try:
        for _ in range(50):
            with pytest.raises(ResponseError):
                await asyncio.create_task(db.lpush("a", "x"))
        await asyncio.sleep(0)
        assert sum(type(thing).__name__ == "TaskMessage" for thing in gc.get_objects()) < 10
    finally:
        gc.enable()


async def test_a_task_can_be_shown(db: Database[bytes]) -> None:
    task = asyncio.create_task(db.get("a"))
    assert "TaskMessage" in repr(task)
    assert task.get_stack() == []
    await task
