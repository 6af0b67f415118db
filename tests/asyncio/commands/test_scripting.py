"""Scripts and functions, against real servers."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from multiplexer.errors import DataError, NoScriptError, ResponseError
from tests.servers import RealServer

from .._world import spawn, until
from ..connecting import connect
from .requirements import requires
from .words import Words

SCRIPT = "return {KEYS[1], ARGV[1], 7, false}"
LIBRARY = """#!lua name={name}
redis.register_function('{name}_set', function(keys, args) return redis.call('SET', keys[1], args[1]) end)
redis.register_function{{function_name='{name}_get', callback=function(keys) return redis.call('GET', keys[1]) end,
                         flags={{'no-writes'}}, description='reads'}}
"""

showing_scripts = requires(valkey=(8, 0), redis=None)


@pytest.fixture(autouse=True)
def nothing_kept(server: RealServer) -> None:
    """Scripts and functions outlive FLUSHALL."""
    server.command("SCRIPT", "FLUSH")
    server.command("FUNCTION", "FLUSH")


def digest(script: str) -> str:
    return hashlib.sha1(script.encode()).hexdigest()


async def test_eval(db: Any, db_str: Any) -> None:
    assert await db.eval(SCRIPT, 1, "k", "a") == [b"k", b"a", 7, None]
    assert await db_str.eval(SCRIPT.encode(), 1, "k", 5) == ["k", "5", 7, None]
    assert await db.eval("return redis.call('SET', KEYS[1], ARGV[1])", 1, "k", "v") == b"OK"
    assert await db.get("k") == b"v"
    assert await db.eval_ro("return redis.call('GET', KEYS[1])", 1, "k") == b"v"
    assert await db.eval("return redis.status_reply('fine')", 0) == b"fine"
    assert await db.eval("return {}", 0) == []


async def test_errors_of_scripts(db: Any) -> None:
    with pytest.raises(ResponseError, match="compiling"):
        await db.eval("this is no Lua", 0)
    with pytest.raises(ResponseError, match="mine"):
        await db.eval("return redis.error_reply('ERR mine')", 0)
    with pytest.raises(ResponseError, match="read-only"):
        await db.eval_ro("return redis.call('SET', KEYS[1], 1)", 1, "k")


async def test_evalsha(db: Any) -> None:
    with pytest.raises(NoScriptError):
        await db.evalsha(digest(SCRIPT), 0)
    assert await db.script_load(SCRIPT) == digest(SCRIPT)
    assert await db.evalsha(digest(SCRIPT), 1, "k", "a") == [b"k", b"a", 7, None]
    assert await db.evalsha_ro(digest(SCRIPT).encode(), 1, "k", "a") == [b"k", b"a", 7, None]


async def test_scripts_kept(db: Any) -> None:
    await db.script_load("return 1")
    assert await db.script_exists(digest("return 1"), digest("return 2")) == [True, False]
    for mode in (None, "SYNC", "async"):
        await db.script_load("return 1")
        assert await db.script_flush(mode) is True
        assert await db.script_exists(digest("return 1")) == [False]
    with pytest.raises(ResponseError, match=r"(?i)no scripts in execution"):
        await db.script_kill()


@showing_scripts
async def test_script_show(db: Any, db_str: Any) -> None:
    await db.script_load("return 1")
    assert await db.script_show(digest("return 1")) == b"return 1"
    assert await db_str.script_show(digest("return 1")) == "return 1"
    with pytest.raises(NoScriptError):
        await db.script_show(digest("return 2"))


async def test_ending_a_script(own_server: RealServer) -> None:
    own_server.command("CONFIG", "SET", "busy-reply-threshold", "1")
    async with await connect(own_server, allow_admin=True) as one, await connect(own_server, allow_admin=True) as two:
        running = spawn(one.get_database().eval, "while true do end", 0)

        async def ended() -> bool:
            try:
                return bool(await two.get_database().script_kill())
            except ResponseError:
                return False

        await until(ended)
        with pytest.raises(ResponseError, match=r"(?i)killed"):
            await running.result()


async def test_functions(db: Any, db_str: Any) -> None:
    assert await db.function_load(LIBRARY.format(name="one")) == b"one"
    with pytest.raises(ResponseError, match="already exists"):
        await db.function_load(LIBRARY.format(name="one"))
    assert await db_str.function_load(LIBRARY.format(name="one"), replace=True) == "one"
    assert await db.fcall("one_set", 1, "k", "v") == b"OK"
    assert await db_str.fcall_ro("one_get", 1, "k") == "v"
    with pytest.raises(ResponseError):
        await db.fcall_ro("one_set", 1, "k", "v")
    with pytest.raises(ResponseError, match="not found"):
        await db.fcall("none", 0)


async def test_function_list(db: Any) -> None:
    assert await db.function_list() == []
    await db.function_load(LIBRARY.format(name="one"))
    await db.function_load(LIBRARY.format(name="two"))
    libraries = {entry["library_name"]: entry for entry in await db.function_list(withcode=True)}
    assert sorted(libraries) == ["one", "two"]
    functions = {function["name"]: function for function in libraries["one"]["functions"]}
    assert functions == {
        "one_get": {"name": "one_get", "description": "reads", "flags": ["no-writes"]},
        "one_set": {"name": "one_set", "description": None, "flags": []},
    }
    assert libraries["one"]["engine"] == "LUA"
    assert libraries["one"]["library_code"] == LIBRARY.format(name="one")
    assert [entry["library_name"] for entry in await db.function_list("tw*")] == ["two"]
    assert "library_code" not in (await db.function_list(None))[0]


async def test_moving_functions(db: Any, db_str: Any) -> None:
    await db.function_load(LIBRARY.format(name="one"))
    dump = await db_str.function_dump()
    assert type(dump) is bytes
    assert await db.function_delete("one") is True
    with pytest.raises(ResponseError, match="not found"):
        await db.function_delete("one")
    await db.function_load(LIBRARY.format(name="two"))
    assert await db.function_restore(dump) is True
    assert len(await db.function_list()) == 2
    with pytest.raises(ResponseError, match="already exists"):
        await db.function_restore(dump)
    assert await db.function_restore(dump, "replace") is True
    assert await db.function_restore(dump, "FLUSH") is True
    assert [entry["library_name"] for entry in await db.function_list()] == ["one"]
    assert await db.function_flush() is True
    assert await db.function_flush("async") is True
    assert await db.function_list() == []


async def test_function_stats(db: Any) -> None:
    await db.function_load(LIBRARY.format(name="one"))
    stats = await db.function_stats()
    assert stats["running_script"] is None
    assert stats["engines"]["LUA"] == {"libraries_count": 1, "functions_count": 2}
    with pytest.raises(ResponseError, match=r"(?i)no scripts in execution"):
        await db.function_kill()


async def test_what_runs(own_server: RealServer) -> None:
    own_server.command("CONFIG", "SET", "busy-reply-threshold", "1")
    own_server.command(
        "FUNCTION", "LOAD", "#!lua name=l\nredis.register_function('f', function() while true do end end)"
    )
    async with await connect(own_server, allow_admin=True) as one, await connect(own_server, allow_admin=True) as two:
        running = spawn(one.get_database().fcall, "f", 0, "a")

        async def seen() -> Any:
            return (await two.get_database().function_stats())["running_script"]

        script = await until(seen)
        assert script["name"] == "f"
        assert script["command"] == ["FCALL", "f", "0", "a"]
        assert script["duration_ms"] >= 0
        assert await two.get_database().function_kill() is True
        with pytest.raises(ResponseError, match=r"(?i)killed"):
            await running.result()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda db: db.eval("return 1", 2, "k"), "EVAL: numkeys is 2 for 1 keys and arguments"),
        (lambda db: db.eval_ro("return 1", -1), "EVAL_RO: numkeys is -1"),
        (lambda db: db.evalsha("abc", "k"), "EVALSHA: numkeys is 'k'"),
        (lambda db: db.evalsha_ro("abc", True, "k"), "EVALSHA_RO: numkeys is True"),
        (lambda db: db.fcall("f", 1), "FCALL: numkeys is 1 for 0"),
        (lambda db: db.fcall_ro("f", 1), "FCALL_RO: numkeys is 1 for 0"),
        (lambda db: db.script_exists(), "SCRIPT EXISTS: args must not be empty"),
        (lambda db: db.script_flush("LATER"), "SCRIPT FLUSH: sync_type must be one of SYNC, ASYNC"),
        (lambda db: db.function_flush("LATER"), "FUNCTION FLUSH: mode must be one of SYNC, ASYNC"),
        (lambda db: db.function_restore(b"", "MERGE"), "FUNCTION RESTORE: policy must be one of"),
    ],
)
async def test_bad_input_is_refused_at_once(call: Any, message: str) -> None:
    with pytest.raises(DataError, match=message):
        call(Words())
