"""Views of a handle with other settings, results in bytes and text, and arguments that cannot be sent."""

from __future__ import annotations

import threading
import time
from functools import partial
from typing import Any

import pytest

from multiplexer import CommandFlags, ReadFrom
from multiplexer.asyncio import ConnectionMultiplexer, Database
from multiplexer.errors import CommandDisabledError, DataError, RedisTimeoutError
from multiplexer.retry import ConstantBackoff
from tests.servers import Hold, ScriptedServer

from ._world import gather
from .connecting import connect

# -- views -------------------------------------------------------------------------------------------------


async def test_a_view_leaves_its_handle_alone(db: Database[bytes]) -> None:
    text = db.with_options(decode=True)
    await db.set("key", "wert")
    assert await text.get("key") == "wert"
    assert await db.get("key") == b"wert"
    assert await text.with_options(decode=False).get("key") == b"wert"
    assert await text.with_options(timeout=3).get("key") == "wert"  # the rest stays as it was
    assert text.database == db.database


async def test_the_timeout_of_a_view() -> None:
    with ScriptedServer() as server:
        server.on("GET", Hold(threading.Event()))
        async with await connect(server, timeout=2) as mux:
            began = time.monotonic()
            with pytest.raises(RedisTimeoutError):
                await mux.get_database().with_options(timeout=0.1).get("key")
            assert 0.09 < time.monotonic() - began < 1.5
            server.close_connections()  # or closing would wait for the reply


async def test_a_key_prefix_nests_and_confines(db: Database[bytes]) -> None:
    app = db.with_options(key_prefix="app:")
    user = app.with_options(key_prefix=b"user:")
    await user.set("name", "x")
    await app.mset({"a": 1, "b": 2})
    assert sorted(await db.keys()) == [b"app:a", b"app:b", b"app:user:name"]
    assert await user.get("name") == b"x"
    assert await app.mget("a", "b") == [b"1", b"2"]
    assert await user.exists("name", "a") == 1
    assert await app.delete("a", "b", "user:name") == 3
    await app.rpush("list", "x")
    assert await app.lrange("list", 0, -1) == [b"x"]
    assert await app.ping()
    batch = user.batch()
    batch.set("in-batch", 1)
    await batch.execute()
    assert await db.get("app:user:in-batch") == b"1"


async def test_what_sees_every_key_cannot_be_confined(db: Database[bytes]) -> None:
    app = db.with_options(key_prefix="app:")
    for call in (app.dbsize, app.randomkey, partial(app.execute, "SWAPDB", 0, 1)):
        with pytest.raises(DataError, match="cannot be confined"):
            await call()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"timeout": 0}, "timeout"),
        ({"timeout": "1"}, "timeout"),
        ({"timeout": True}, "timeout"),
        ({"flags": 1}, "flags"),
        ({"retry": 3}, "retry"),
        ({"read_from": "replica"}, "read_from"),
        ({"key_prefix": 1}, "key_prefix"),
    ],
)
async def test_settings_that_make_no_sense(db: Database[bytes], changes: dict[str, Any], named: str) -> None:
    with pytest.raises(DataError, match=named):
        db.with_options(**changes)
    with pytest.raises(TypeError):
        db.with_options(nonsense=1)  # type: ignore[call-overload]


async def test_every_setting_at_once(db: Database[bytes]) -> None:
    view = db.with_options(
        timeout=2,
        read_from=ReadFrom.PRIMARY,
        flags=CommandFlags.NO_RETRY | CommandFlags.NO_REDIRECT,
        decode=True,
        retry=ConstantBackoff(0.1),
        key_prefix="p:",
    )
    await view.set("key", "value")
    assert await view.get("key") == "value"
    assert await view.with_options(timeout=None, read_from=None, retry=None).get("key") == "value"


# -- bytes and text ----------------------------------------------------------------------------------------


async def test_bytes_and_text_share_a_connection(db: Database[bytes], db_str: Database[str]) -> None:
    await db.hset("hash", mapping={"ä": "ö"})

    async def work(index: int) -> bool:
        expected = ({b"\xc3\xa4": b"\xc3\xb6"}, {"ä": "ö"})[index % 2]
        return await (db, db_str)[index % 2].hgetall("hash") == expected

    assert await gather(*[partial(work, index) for index in range(50)]) == [True] * 50


async def test_a_value_that_is_no_text_hurts_only_its_caller(db: Database[bytes], db_str: Database[str]) -> None:
    await db.set("binary", b"\xff\xfe")
    await db.set("text", "ä")

    async def read(index: int) -> str | None:
        try:
            return await db_str.get("binary" if index % 3 == 0 else "text")
        except UnicodeDecodeError:
            return "refused"

    results = await gather(*[partial(read, index) for index in range(60)])
    assert results == ["refused" if index % 3 == 0 else "ä" for index in range(60)]
    assert await db.get("binary") == b"\xff\xfe"
    assert await db_str.execute("GET", "binary", decode=False) == b"\xff\xfe"
    batch = db_str.batch()
    batch.get("text")
    batch.get("binary")
    first, second = await batch.execute(raise_on_error=False)
    assert first == "ä"
    assert isinstance(second, UnicodeDecodeError)


# -- arguments ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (None, "NoneType"),
        (True, "bool"),
        ([1], "list"),
        ({"a": 1}, "dict"),
        ({1}, "set"),
        ((1,), "tuple"),
        (object(), "object"),
        ("\ud800", "not valid text"),
    ],
)
async def test_arguments_that_cannot_be_sent(mux: ConnectionMultiplexer, value: Any, what: str) -> None:
    db = mux.get_database()
    await db.ping()
    before = mux.get_counters()[0].interactive.bytes_sent
    with pytest.raises(DataError, match=f"SET: argument 2 is.*{what}") as caught:
        await db.set("key", value)
    assert (caught.value.command, caught.value.phase, caught.value.was_sent) == ("SET", "created", False)
    with pytest.raises(DataError, match="ECHO: argument 1"):
        await db.execute("ECHO", value)
    assert mux.get_counters()[0].interactive.bytes_sent == before
    assert mux.get_counters()[0].total_outstanding == 0
    assert await db.exists("key") == 0


async def test_others_notice_nothing_of_a_bad_argument(db: Database[bytes]) -> None:
    async def work(index: int) -> str:
        try:
            await db.set(f"key-{index}", None if index % 2 else index)  # type: ignore[arg-type]
        except DataError:
            return "refused"
        return str(await db.get(f"key-{index}"))

    results = await gather(*[partial(work, index) for index in range(60)])
    assert results == ["refused" if index % 2 else f"b'{index}'" for index in range(60)]


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (b"\x00\xff", b"\x00\xff"),
        ("größe", "größe".encode()),
        (12, b"12"),
        (-1.5, b"-1.5"),
        (0.1, b"0.1"),
        (1e300, b"1e+300"),
        (float("inf"), b"inf"),
        (10**30, b"1" + b"0" * 30),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"abc")[1:], b"bc"),
        ("", b""),
        (b"", b""),
    ],
)
async def test_arguments_that_can_be_sent(db: Database[bytes], value: Any, stored: bytes) -> None:
    await db.set("key", value)
    assert await db.get("key") == stored
    batch = db.batch()
    batch.set(value, "x") if value else batch.set("y", value)
    assert await batch.execute() == [True]


async def test_a_buffer_may_be_changed_after_the_call(db: Database[bytes]) -> None:
    for size in (10, 100_000):
        buffer = bytearray(b"a" * size)
        call = partial(db.set, "key", buffer)
        await call()
        buffer[:] = b"b" * size
        assert await db.get("key") == b"a" * size


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("SELECT", 1), "get_database"),
        (("SUBSCRIBE", "c"), "subscri"),
        (("MONITOR",), "MONITOR"),
        (("MULTI",), "MULTI"),
        (("EXEC",), "EXEC"),
        (("WATCH", "k"), "WATCH"),
        (("AUTH", "p"), "AUTH"),
        (("HELLO", 3), "HELLO"),
        (("CLIENT", "REPLY", "OFF"), "CLIENT REPLY"),
        (("client reply off",), "CLIENT REPLY"),
        (("QUIT",), "QUIT"),
        (("RESET",), "RESET"),
        (("FLUSHALL",), "allowAdmin"),
        (("CONFIG", "SET", "maxmemory", 0), "allowAdmin"),
        (("SHUTDOWN",), "allowAdmin"),
    ],
)
async def test_commands_that_are_refused(words: tuple[Any, ...], names: str) -> None:
    with ScriptedServer() as server:
        async with await connect(server) as mux:
            server.clear()
            for form in (words, (str(words[0]).lower(), *words[1:]), (str(words[0]).encode(), *words[1:])):
                with pytest.raises(CommandDisabledError, match=names) as caught:
                    await mux.get_database().execute(*form)
                assert not caught.value.was_sent
            assert server.commands() == []
            assert await mux.get_database().ping()


@pytest.mark.parametrize("words", [(), ("",), (" ",), (None,), (1,), (b"",)])
async def test_no_command_at_all(db: Database[bytes], words: tuple[Any, ...]) -> None:
    with pytest.raises(DataError):
        await db.execute(*words)


async def test_commands_nobody_knows_reach_the_server() -> None:
    with ScriptedServer() as server:
        server.on("FROB", [1, "x"])
        async with await connect(server) as mux:
            assert await mux.get_database().execute("frob", "a", b"\x00", 1) == [1, b"x"]
            assert server.commands("FROB") == [(b"frob", b"a", b"\x00", b"1")]
