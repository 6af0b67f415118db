"""What the shared lane does otherwise than the multiplexer: it must look like a pool of connections."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.client import Redis
from multiplexer.compat.asyncio.connection import Connection
from multiplexer.errors import RedisConnectionError, RedisTimeoutError
from tests.servers import FaultProxy, RealServer

from .._world import until


async def test_what_is_about_one_connection_takes_one_of_the_pools(options: dict[str, Any], other: Redis) -> None:
    """As on a pool that shares none, where any connection may be the one."""
    async with Redis(**options, decode_responses=True, multiplexed=True) as client:
        shared = await client.client_id()
        assert await client.client_getname() is None
        assert await client.client_setname("mine") is True
        assert await client.client_getname() == "mine"
        assert await client.execute_command("CLIENT", "GETNAME") == "mine"
        mine = [each for each in await client.client_list() if each["name"] == "mine"]
        assert [int(each["id"]) for each in mine] != [shared]
        assert await other.client_kill(mine[0]["addr"]) is True
        await until(lambda: not client.connection_pool._in_use_connections)
        assert await client.client_getname() is None  # on another one
        assert await client.quit() is True
        assert await client.reset() == "RESET"
        assert await client.client_setname("again") is True
        assert await client.client_id() == shared


async def test_it_takes_a_lent_one_of_somebody_elses_multiplexer(options: dict[str, Any]) -> None:
    async with (
        await ConnectionMultiplexer.connect(f"{options['host']}:{options['port']}") as mux,
        Redis(multiplexer=mux) as client,
    ):
        assert await client.client_setname("lent") is True
        assert await client.client_getname() == "lent"
        assert not mux._leases.lent


async def test_a_connection_that_is_put_there_is_used(options: dict[str, Any], multiplexed: bool) -> None:
    """redis-py's clients use what stands in ``connection``, whoever put it there."""
    connection = Connection(**options)
    client: Any = Redis(**options, multiplexed=multiplexed)
    try:
        await connection.connect()
        client.connection = connection
        await client.client_setname("put")
        number = await client.client_id()
        assert await client.client_id() == number == connection.client_id
        client.connection = None
        assert await client.client_id() != number
    finally:
        await client.aclose()
        await connection.disconnect()


async def test_a_server_that_was_never_there(multiplexed: bool) -> None:
    """A ConnectionError in redis-py's words, whatever the connection would have been."""
    with FaultProxy("127.0.0.1", 1) as proxy:
        proxy.refuse()
        settings = {"host": proxy.host, "port": proxy.port, "socket_timeout": 0.2, "retry": None}
        async with Redis(**settings, multiplexed=multiplexed) as client:
            words = rf"^Error 111 connecting to {proxy.host}:{proxy.port}\. Connection refused\."
            for call in (lambda: client.get("k"), lambda: client.pipeline().get("k").execute()):
                with pytest.raises(RedisConnectionError, match=words) as raised:
                    await call()
                assert isinstance(raised.value.__cause__, ConnectionRefusedError)
                assert not raised.value.was_sent


async def test_a_server_that_goes_away_and_one_that_does_not_answer(server: RealServer, target: Any) -> None:
    """Where there is a connection and no reply it is a matter of time."""
    with FaultProxy(server.host, server.port) as proxy:
        settings = {"host": proxy.host, "port": proxy.port, "protocol": target.protocol, "socket_timeout": 0.2}
        async with Redis(**settings, multiplexed=True) as client:
            await client.set("k", 1)
            proxy.black_hole("to_client")
            with pytest.raises(RedisTimeoutError) as late:
                await client.get("k")
            assert late.value.was_sent
            proxy.refuse()
            proxy.reset()
            mux = await client.connection_pool.get_multiplexer()
            await until(lambda: not mux.is_connected)
            with pytest.raises(RedisConnectionError) as away:
                await client.get("k")
            assert not away.value.was_sent
