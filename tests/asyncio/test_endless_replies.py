"""A server that sends and sends: deadlines hold, and the connection is given up although it is not silent."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import ProtocolError, RedisConnectionError, RedisTimeoutError
from tests.servers import ScriptedServer

from ._world import until
from .connecting import connect
from .lateness import holds_deadline

LONGEST = 0.2


def endless(begin: bytes, more: bytes, pause: float = 0.0) -> Callable[..., Any]:
    """Make a reply that goes on until the client hangs up."""

    def reply(connection: Any, args: Any) -> None:
        connection.send(begin)
        while True:
            connection.send(more)
            time.sleep(pause)

    return reply


ENDLESS = {
    "announced": endless(b"*2\r\n*100000000000\r\n", b":1\r\n", 0.02),
    "value": endless(b"$2999999\r\n", b"x" * 16384, 0.005),
    "line": endless(b"+", b"x" * 16384, 0.005),
    "trickle": endless(b"$1000\r\n", b"x", 0.02),
    "attributes": endless(b"", b"|1\r\n+a\r\n:1\r\n" * 1000, 0.001),
    "attribute": endless(b"|100000000\r\n", (b"$4000\r\n" + b"x" * 4000 + b"\r\n") * 16, 0.001),
    "pushes": endless(b"", b">2\r\n+some\r\n+thing\r\n" * 100, 0.001),
    "elements": endless(b"*1000000\r\n", b":1\r\n", 0.02),
    "many elements": endless(b"*900000\r\n", b":1000000000000000\r\n" * 900, 0.005),
}

#: What takes a processor for itself, and is late by whatever else wants that.
FLOODS = {"attributes": pytest.mark.serial}

OF_RESP3 = ("attribute", "attributes", "pushes")


@pytest.mark.parametrize("parser", ["hiredis", "python"])
@pytest.mark.parametrize("kind", [pytest.param(kind, marks=FLOODS.get(kind, ())) for kind in ENDLESS])
async def test_deadlines_hold_and_the_connection_ends(kind: str, parser: Any) -> None:
    with ScriptedServer() as server:
        protocol = 2 if parser == "python" and kind not in OF_RESP3 else 3
        options = {"protocol": protocol, "parser": parser, "max_reply_bytes": 3_000_000, "timeout": LONGEST}
        async with await connect(server, heartbeat_interval=0.05, connect_timeout=5, **options) as mux:
            server.on("INCR", ENDLESS[kind])

            caught: list[BaseException] = []

            async def call() -> None:
                with pytest.raises((RedisTimeoutError, RedisConnectionError)) as failed:
                    await mux.get_database().incr("n")
                caught.append(failed.value)

            await holds_deadline(call, LONGEST)
            assert caught[0].was_sent  # type: ignore[attr-defined]
            await until(lambda: server.accepted >= 2)
            assert await until(lambda: succeeds(mux))


async def succeeds(mux: ConnectionMultiplexer) -> bool:
    """Say whether the next command is answered."""
    try:
        return await mux.get_database().with_options(timeout=5).get("key") is None
    except RedisConnectionError:
        return False  # it was behind one that never ends


@pytest.mark.parametrize("kind", ["value", "line", "attribute", "many elements"])
async def test_a_borrowed_connection_takes_no_more_than_a_shared_one(kind: str) -> None:
    """It need not wait for its deadline either."""
    with ScriptedServer() as server:
        server.on("BLPOP", ENDLESS[kind])
        async with await connect(server, max_reply_bytes=200_000, connect_timeout=5, async_timeout=5) as mux:
            with pytest.raises(ProtocolError, match="max_reply_bytes=200000"):
                await mux.get_database().blpop("list", 60)
            server.on("BLPOP", lambda connection, args: [b"list", b"value"])
            assert await mux.get_database().blpop("list", 60) == (b"list", b"value")
