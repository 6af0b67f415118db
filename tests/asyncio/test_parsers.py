"""The parser in Python against real servers: the same results as hiredis, in the multiplexer and in pools."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from multiplexer.errors import ConfigurationError, DataError, ProtocolError, ResponseError
from multiplexer.pools import HiredisRespSerializer, PythonRespSerializer
from multiplexer.pools.asyncio import Connection, ConnectionPool, DefaultParser, HiredisParser, PythonParser
from tests.conftest import Target
from tests.servers import DEFAULT, Many, Push, Raw, RealServer, ScriptedServer

from ._world import gather, until
from .connecting import connect

#: What ``DEBUG PROTOCOL`` answers with; ``attrib`` has an attribute before it, which is dropped.
KINDS = ["string", "integer", "double", "null", "array", "set", "map", "attrib", "bignum", "verbatim", "true", "false"]


async def _every_kind(db: Any) -> list[Any]:
    """Fill a database, and return replies of all kinds."""
    large = bytes(range(256)) * 1000
    await db.set("large", large)
    await db.hset("hash", mapping={"a": 1, "b": "é"})
    await db.zadd("scores", {"one": 1, "tiny": 5e-324, "most": float("inf")})
    await db.rpush("list", *range(1000))
    await db.sadd("set", "member")
    await db.xadd("stream", {"field": "value"}, id="1-1")
    batch = db.batch()
    batch.get("large")
    batch.incr("hash")
    batch.lrange("list", 0, -1)
    return [
        *await gather(*[partial(db.get, "large")] * 3, partial(db.hgetall, "hash"), partial(db.lrange, "list", 0, -1)),
        await db.get("missing"),
        await db.zrange("scores", 0, -1, withscores=True),
        await db.smembers("set"),
        await db.xrange("stream"),
        [repr(each) for each in await batch.execute(raise_on_error=False)],
        *[await db.execute("DEBUG", "PROTOCOL", kind) for kind in KINDS],
    ]


async def test_the_multiplexer_gives_the_same_results(server: RealServer, target: Target) -> None:
    found = []
    for parser in ("hiredis", "python"):
        server.command("FLUSHALL")
        async with await connect(server, parser=parser, protocol=target.protocol, allow_admin=True) as mux:
            for decode in (False, True):
                db = mux.get_database(decode=decode)
                if decode:  # the large value is no text
                    found[-1].append(await db.hgetall("hash"))
                else:
                    found.append(await _every_kind(db))
            with pytest.raises(ResponseError, match="WRONGTYPE"):
                await mux.get_database().incr("hash")
    assert repr(found[0]) == repr(found[1])


async def test_pushes_and_publications(server: RealServer, target: Target) -> None:
    async with await connect(server, parser="python", protocol=target.protocol) as mux:
        news = await mux.get_subscriber().subscribe("news")
        db = mux.get_database()
        for number in range(10):
            assert await gather(partial(db.publish, "news", number), partial(db.incr, "n"))
        assert [(await news.get(5)).data for _ in range(10)] == [b"%d" % number for number in range(10)]


async def test_garbage_ends_the_connection() -> None:
    with ScriptedServer() as server:
        server.on("GETDEL", Raw(b"$-7\r\n"))
        server.on("GET", Many(Push("weather", "rain", 3), DEFAULT))
        async with await connect(server, parser="python", protocol=3) as mux:
            db = mux.get_database()
            await db.set("key", "value")
            assert await db.get("key") == b"value"
            with pytest.raises(ProtocolError, match="not RESP"):
                await db.getdel("key")
            await until(lambda: mux.is_connected)
            assert await db.get("key") == b"value"


async def test_pools_give_the_same_results(server: RealServer, target: Target) -> None:
    found: list[list[Any]] = []
    for parser in (HiredisParser, PythonParser):
        pool = ConnectionPool(host=server.host, port=server.port, protocol=target.protocol, parser_class=parser)
        connection = await pool.get_connection()
        replies: list[Any] = []
        commands = [("SET", "large", bytes(300_000)), ("GET", "large"), ("HSET", "h", "a", 1), ("HGETALL", "h")]
        for command in [*commands, *[("DEBUG", "PROTOCOL", kind) for kind in KINDS]]:
            await connection.send_command(*command)
            replies.append(await connection.read_response())
        await connection.send_command("INCR", "h")
        with pytest.raises(ResponseError, match="WRONGTYPE"):
            await connection.read_response()
        assert connection.is_reusable()
        await pool.release(connection)
        await pool.disconnect()
        found.append(replies)
        server.command("FLUSHALL")
    assert repr(found[0]) == repr(found[1])


async def test_a_parser_for_each_connection(server: RealServer) -> None:
    assert DefaultParser is HiredisParser
    connection = Connection(host=server.host, port=server.port, parser_class=PythonParser)
    await connection.connect()
    await connection.send_command("ECHO", "x" * 100_000)  # far more than is read at once
    assert await connection.read_response() == b"x" * 100_000
    assert not connection.has_unread()
    await connection.send_packed_command(connection.pack_commands([("PING",), ("PING",)]))
    assert await connection.read_response() == b"PONG"
    assert connection.has_unread()
    await connection.disconnect()


@pytest.mark.parametrize("packer", [PythonRespSerializer, HiredisRespSerializer])
async def test_serializers(server: RealServer, packer: Any) -> None:
    connection = Connection(host=server.host, port=server.port, command_packer=packer())
    await connection.send_command("CONFIG GET", "maxmemory")
    assert await connection.read_response()
    for value in ("é", b"\r\n", 5, 1.5, "x" * 100_000):
        await connection.send_command("ECHO", value)
        expected = value if isinstance(value, bytes) else str(value).encode()
        assert await connection.read_response() == expected
    with pytest.raises(DataError):
        await connection.send_command("ECHO", None)
    await connection.disconnect()


def test_large_values_are_chunks_of_their_own() -> None:
    value = b"x" * 7000
    assert PythonRespSerializer(6000).pack("SET", "k", value) == [
        b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$7000\r\n",
        value,
        b"\r\n",
    ]
    encoded = PythonRespSerializer(6000, lambda value: str(value).encode("latin-1")).pack("SET", "é", 1)
    assert encoded == [b"*3\r\n$3\r\nSET\r\n$1\r\n\xe9\r\n$1\r\n1\r\n"]


async def test_without_hiredis(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multiplexer.core.wire.resp.hiredis", None)
    monkeypatch.setattr("multiplexer.pools.serializers.hiredis", None)
    with pytest.raises(ConfigurationError, match="parser: hiredis"):
        await connect(server, parser="hiredis")
    with pytest.raises(ConfigurationError, match="HiredisRespSerializer"):
        HiredisRespSerializer()
    with pytest.raises(ConfigurationError, match="parser: hiredis"):
        HiredisParser()
