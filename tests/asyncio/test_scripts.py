"""Scripts and libraries load themselves: once, after a flush, a restart, and inside of batches and transactions."""

from __future__ import annotations

import threading
from functools import partial
from time import monotonic
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.core.call_options import CommandFlags
from multiplexer.core.commands.conditions import Condition
from multiplexer.errors import CommandDisabledError, DataError, ExecAbortError, RedisTimeoutError, ResponseError
from tests.conftest import Target
from tests.servers import Delay, Error, Hold, RealServer, ScriptedServer

from ._world import gather, until
from .connecting import connect

_COUNT = "return redis.call('INCRBY', KEYS[1], ARGV[1])"
_LIBRARY = """#!lua name=counting
redis.register_function('count', function(keys, args) return redis.call('INCRBY', keys[1], args[1]) end)
redis.register_function{function_name='look', callback=function(keys) return redis.call('GET', keys[1]) end,
    flags={'no-writes'}}
"""


def _calls(server: RealServer, command: str) -> int:
    stats = server.command("INFO", "commandstats").decode()
    lines = [line for line in stats.splitlines() if line.startswith(f"cmdstat_{command}:")]
    return int(lines[0].split("calls=")[1].split(",")[0]) if lines else 0


async def test_a_script_loads_itself_once(db: Database[bytes], server: RealServer) -> None:
    server.command("SCRIPT", "FLUSH")
    server.command("CONFIG", "RESETSTAT")
    script = db.register_script(_COUNT, returns=int)
    assert [await script(keys=["n"], args=[2]) for _ in range(5)] == [2, 4, 6, 8, 10]
    assert script.sha == server.command("SCRIPT", "LOAD", _COUNT).decode()
    assert (_calls(server, "eval"), _calls(server, "evalsha")) == (1, 4)
    # Who registers it anew does not load it anew.
    assert await db.register_script(_COUNT)(["n"], [1]) == 11
    assert await db.execute("INCR", "n", returns=int) == 12
    assert (_calls(server, "eval"), _calls(server, "evalsha")) == (1, 5)


async def test_a_script_that_was_flushed_is_loaded_again(db: Database[bytes], server: RealServer) -> None:
    script = db.register_script(_COUNT)
    assert await script(["n"], [1]) == 1
    server.command("SCRIPT", "FLUSH")
    assert await script(["n"], [1]) == 2
    server.command("CONFIG", "RESETSTAT")
    assert await script(["n"], [1]) == 3
    assert (_calls(server, "eval"), _calls(server, "evalsha")) == (0, 1)


async def test_many_callers_at_once(db: Database[bytes], server: RealServer) -> None:
    script = db.register_script(_COUNT)
    await script(["n"], [0])
    server.command("SCRIPT", "FLUSH")
    results = await gather(*[partial(script, ["n"], [1])] * 50)
    assert sorted(results) == list(range(1, 51))


async def test_a_restarted_server_is_known_to_know_nothing(own_server: RealServer, target: Target) -> None:
    async with await connect(own_server, protocol=target.protocol) as mux:
        script = mux.get_database().register_script("return {KEYS[1], ARGV[1]}")
        for _ in range(2):
            assert await script(["k"], ["a"]) == [b"k", b"a"]
        own_server.restart()
        await until(lambda: mux.get_counters()[0].interactive.socket_count == 2 and mux.is_connected)
        assert await script(["k"], ["a"]) == [b"k", b"a"]
        assert _calls(own_server, "evalsha") == 0  # not even tried: the run id is another


async def test_read_only_scripts(db: Database[bytes], server: RealServer) -> None:
    server.command("SCRIPT", "FLUSH")
    await db.set("k", "v")
    script = db.register_script("return redis.call('GET', KEYS[1])", read_only=True)
    server.command("CONFIG", "RESETSTAT")
    assert [await script(["k"]) for _ in range(2)] == [b"v", b"v"]
    assert (_calls(server, "eval_ro"), _calls(server, "evalsha_ro")) == (1, 1)
    writes = db.register_script(_COUNT, read_only=True)
    with pytest.raises(ResponseError, match=r"[Ww]rite commands are not allowed"):
        await writes(["n"], [1])


async def test_views(db: Database[bytes], db_str: Database[str], server: RealServer) -> None:
    script = db.register_script("redis.call('SET', KEYS[1], ARGV[1]) return ARGV[1]")
    assert await script(["k"], ["x"]) == b"x"
    assert await script(["k"], ["y"], client=db_str) == "y"
    assert await script(["k"], ["z"], client=db.with_options(key_prefix="app:")) == b"z"
    assert server.command("GET", "app:k") == b"z"
    assert await db.get("k") == b"y"
    forgetting = db.with_options(flags=CommandFlags.FIRE_AND_FORGET)
    for number in range(2):
        server.command("SCRIPT", "FLUSH")
        await script(["k"], [number], client=forgetting)
        await until(partial(_is, db, "k", b"%d" % number))


async def _is(db: Database[bytes], key: str, value: bytes) -> bool:
    return await db.get(key) == value


async def test_in_a_batch(db: Database[bytes], server: RealServer) -> None:
    script = db.register_script(_COUNT)
    for _ in range(2):
        server.command("SCRIPT", "FLUSH")
        await db.set("n", 1)
        batch = db.batch()
        before: Any = batch.set("before", 1)
        counted: Any = script(["n"], [5], client=batch)
        text: Any = batch.get("n")
        again: Any = script(["n"], [5], client=batch)
        assert await batch.execute() == [True, 6, b"6", 11]
        assert [each.result() for each in (before, counted, text, again)] == [True, 6, b"6", 11]


@pytest.mark.parametrize("transaction", [True, False])
async def test_in_a_pipeline(db: Database[bytes], server: RealServer, transaction: bool) -> None:
    script = db.register_script(_COUNT)
    for _ in range(2):
        server.command("SCRIPT", "FLUSH")
        await db.set("n", 1)
        async with db.pipeline(transaction=transaction) as pipe:
            pipe.set("before", 1)
            assert await script(["n"], [5], client=pipe) is pipe  # awaited, as users of redis-py do ...
            script(["n"], [1], client=pipe)  # ... or not
            pipe.get("n")
            assert await pipe.execute() == [True, 6, 7, b"7"]
            pipe.get("n")
            assert await pipe.execute() == [b"7"]


async def test_while_watching(db: Database[bytes], server: RealServer) -> None:
    script = db.register_script(_COUNT)
    server.command("SCRIPT", "FLUSH")
    async with db.watch("n") as pipe:
        assert await script(["m"], [5], client=pipe) == 5  # sent at once, until multi()
        server.command("SCRIPT", "FLUSH")
        pipe.multi()
        pipe.incr("n")
        script(["n"], [1], client=pipe)
        assert await pipe.execute() == [1, 2]


async def test_in_a_transaction_with_conditions(db: Database[bytes], server: RealServer) -> None:
    script = db.register_script(_COUNT)
    for number in (2, 4):
        server.command("SCRIPT", "FLUSH")
        transaction = db.transaction().require(Condition.key_not_exists("closed"))
        transaction.incr("n")
        script(["n"], [1], client=transaction)
        result = await transaction.execute()
        assert result.committed
        assert result.results == [number - 1, number]


async def test_a_flush_between_two_transactions_costs_no_effect(db: Database[bytes], server: RealServer) -> None:
    script = db.register_script(_COUNT)
    for number in range(1, 6):
        pipe = db.pipeline()
        pipe.incr("other")
        script(["n"], [1], client=pipe)
        assert await pipe.execute() == [number, number]
        server.command("SCRIPT", "FLUSH")


@pytest.mark.parametrize("transaction", [True, False])
async def test_a_script_that_cannot_be_compiled_is_refused_before_the_rest_is_sent(
    db: Database[bytes], transaction: bool
) -> None:
    pipe = db.pipeline(transaction=transaction)
    pipe.set("k", 1)
    db.register_script("this is no Lua")([], [], client=pipe)
    with pytest.raises(ResponseError, match="compiling"):
        await pipe.execute()
    assert await db.get("k") is None


async def test_a_transaction_that_is_refused_while_the_server_queues_it(db: Database[bytes]) -> None:
    script = db.register_script(_COUNT)
    pipe = db.pipeline()
    script(["n"], [1], client=pipe)
    pipe.execute_command("GET")
    with pytest.raises(ExecAbortError):
        await pipe.execute()
    assert await db.get("n") is None


async def test_errors_of_scripts_are_no_reason_to_run_them_again(db: Database[bytes]) -> None:
    script = db.register_script("redis.call('INCR', KEYS[1]) return redis.error_reply('NOSCRIPT of the script itself')")
    for number in range(1, 4):
        with pytest.raises(ResponseError, match="itself"):
            await script(["n"])
        assert await db.get("n") == b"%d" % number


async def test_one_deadline_for_both_attempts() -> None:
    with ScriptedServer() as server:
        async with await connect(server, timeout=1.0, protocol=2) as mux:
            script = mux.get_database().register_script("return 1")
            server.on("EVAL", 1)
            assert await script() == 1
            server.on("EVALSHA", Delay(0.7, Error("NOSCRIPT No matching script. Please use EVAL.")))
            server.on("EVAL", Hold(threading.Event()))
            started = monotonic()
            with pytest.raises(RedisTimeoutError, match="EVAL "):
                await script()
            assert monotonic() - started < 1.5  # with a deadline each it would be 1.7


async def test_bad_arguments(db: Database[bytes]) -> None:
    for source in ("", b"  ", None, 1, ["return 1"]):
        with pytest.raises(DataError, match="register_script"):
            db.register_script(source)  # type: ignore[arg-type]
    script = db.register_script("return 1")
    for keys, args in (("key", []), ([], "args")):
        with pytest.raises(DataError, match="lists"):
            await script(keys, args)
    with pytest.raises(DataError):
        await script([None], [])  # type: ignore[list-item]


async def test_libraries(db: Database[bytes], db_str: Database[str], server: RealServer) -> None:
    server.command("FUNCTION", "FLUSH")
    library = db.register_library(_LIBRARY)
    assert library.name == "counting"
    assert await library.fcall("count", ["n"], [2]) == 2
    assert await library.fcall_ro("look", ["n"]) == b"2"
    server.command("FUNCTION", "FLUSH")
    assert await db_str.register_library(_LIBRARY).fcall_ro("look", ["n"]) == "2"
    await library.load()
    with pytest.raises(ResponseError, match="not found"):
        await library.fcall("no such function", ["n"])
    with pytest.raises(DataError, match="name=mylibrary"):
        db.register_library("return 1")


async def test_a_library_is_loaded_only_where_that_is_allowed(server: RealServer, target: Target) -> None:
    server.command("FUNCTION", "FLUSH")
    async with await ConnectionMultiplexer.connect(f"{server.host}:{server.port}", protocol=target.protocol) as mux:
        library = mux.get_database().register_library(_LIBRARY)
        with pytest.raises(CommandDisabledError, match="allowAdmin"):
            await library.fcall("count", ["n"], [2])
        server.command("FUNCTION", "LOAD", _LIBRARY)
        assert await library.fcall("count", ["n"], [2]) == 2
    server.command("FUNCTION", "FLUSH")
