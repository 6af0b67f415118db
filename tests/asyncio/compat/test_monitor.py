"""The façade's monitor."""

from __future__ import annotations

import pytest

from multiplexer.compat.asyncio.client import Redis


async def test_commands_as_they_come(client: Redis, other: Redis) -> None:
    async with client.monitor() as monitor:
        await other.set("k", 'a "quoted" text')
        async for command in monitor.listen():
            if command["command"].startswith("SET"):
                break
        assert command["command"] == 'SET k a "quoted" text'
        assert command["db"] == 0
        assert command["client_type"] == "tcp"
        assert command["client_address"] == "127.0.0.1"
        assert int(command["client_port"]) > 0
        assert command["time"] > 0
        await other.eval("return redis.call('GET', KEYS[1])", 1, "k")
        while (command := await monitor.next_command())["client_type"] != "lua":
            pass
        assert command["command"] == "GET k"
    assert not client.connection_pool._in_use_connections
    assert not any(connection.is_connected for connection in client.connection_pool._available_connections)


async def test_refused(client: Redis) -> None:
    monitor = client.monitor()
    client.connection_pool.connection_kwargs["db"] = 10_000
    with pytest.raises(Exception, match="DB index"):
        await monitor.__aenter__()
    assert not client.connection_pool._in_use_connections
