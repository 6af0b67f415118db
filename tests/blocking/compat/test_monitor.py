# Generated from tests/asyncio/compat/test_monitor.py by scripts/generate_blocking.py; change that file instead.
"""The façade's monitor."""

from __future__ import annotations

import pytest

from multiplexer.compat.blocking.client import Redis


def test_commands_as_they_come(client: Redis, other: Redis) -> None:
    with client.monitor() as monitor:
        other.set("k", 'a "quoted" text')
        for command in monitor.listen():
            if command["command"].startswith("SET"):
                break
        assert command["command"] == 'SET k a "quoted" text'
        assert command["db"] == 0
        assert command["client_type"] == "tcp"
        assert command["client_address"] == "127.0.0.1"
        assert int(command["client_port"]) > 0
        assert command["time"] > 0
        other.eval("return redis.call('GET', KEYS[1])", 1, "k")
        while (command := monitor.next_command())["client_type"] != "lua":
            pass
        assert command["command"] == "GET k"
    assert not client.connection_pool._in_use_connections
    assert not any(connection.is_connected for connection in client.connection_pool._available_connections)


def test_refused(client: Redis) -> None:
    monitor = client.monitor()
    client.connection_pool.connection_kwargs["db"] = 10_000
    with pytest.raises(Exception, match="DB index"):
        monitor.__enter__()
    assert not client.connection_pool._in_use_connections
