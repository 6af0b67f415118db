"""Watching the commands of a server."""

from __future__ import annotations

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.core.results.monitor import MonitoredCommand, parse_monitor_line
from multiplexer.errors import CommandDisabledError, MultiplexerClosedError, ProtocolError, RedisTimeoutError
from tests.servers import RealServer

from ._world import spawn, until
from .connecting import connect


async def test_commands_are_seen(mux: ConnectionMultiplexer, server: RealServer) -> None:
    db = mux.get_database()
    awkward = b'quote " backslash \\ line\r\n \x00\xff end'
    async with mux.get_server().monitor() as monitor:
        await db.set("key", awkward)
        command = await monitor.next_command(5)
        assert command.words == (b"SET", b"key", awkward)
        assert command.database == 0
        assert command.client.startswith("127.0.0.1:")
        assert command.time > 1e9
        await db.eval("return redis.call('get', KEYS[1])", 1, "key")
        seen = []
        async for command in monitor:
            seen.append((command.client == "lua", command.words[0].lower()))
            if len(seen) == 2:
                break
        assert seen == [(False, b"eval"), (True, b"get")]
        with pytest.raises(RedisTimeoutError):
            await monitor.next_command(0.01)
        await db.get("key")  # the shared connection is what it was
        assert (await monitor.next_command(5)).words == (b"GET", b"key")
    with pytest.raises(CommandDisabledError):
        await monitor.next_command()
    await until(lambda: all("O" not in client["flags"] for client in server.clients()))


async def test_closing_the_multiplexer_ends_it(server: RealServer) -> None:
    mux = await connect(server)
    async with mux.get_server().monitor() as monitor:

        async def watch() -> None:
            async for _ in monitor:
                pass

        waiting = spawn(watch)
        await mux.aclose()
        with pytest.raises(MultiplexerClosedError):
            await waiting.result()


def test_lines() -> None:
    line = b'1700000000.250000 [3 unix:/run/redis.sock] "SET" "a\\"b" "\\x01\\n"'
    expected = MonitoredCommand(1700000000.25, 3, "unix:/run/redis.sock", (b"SET", b'a"b', b"\x01\n"))
    assert parse_monitor_line(line) == expected
    with pytest.raises(ProtocolError):
        parse_monitor_line(b"OK")
