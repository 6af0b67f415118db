"""The commands of sentinels, as typed methods of a server's handle."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from multiplexer.asyncio import ConnectionMultiplexer, Server
from multiplexer.errors import CommandDisabledError, ResponseError
from tests.conftest import Target
from tests.servers import SentinelGroup


@asynccontextmanager
async def sentinel(group: SentinelGroup, protocol: int = 3, **options: bool) -> AsyncIterator[Server]:
    """A handle on the group's first sentinel."""
    host, port = group.addresses[0]
    mux = await ConnectionMultiplexer.connect(f"{host}:{port}", protocol=protocol, **options)
    try:
        yield mux.get_server(f"{host}:{port}")
    finally:
        await mux.aclose()


async def test_reading(group: SentinelGroup, target: Target):
    name, primary = group.service, group.primary
    async with sentinel(group, target.protocol, allow_admin=True) as server:
        host, port = await server.sentinel_get_master_addr_by_name(name)
        assert (host, port) == (b"127.0.0.1", primary.port)
        assert await server.sentinel_get_master_addr_by_name("nobody") is None
        state = await server.sentinel_master(name)
        assert (state["name"], state["ip"], state["port"]) == (name, "127.0.0.1", primary.port)
        assert (state["num-slaves"], state["num-other-sentinels"], state["is_master"]) == (2, 2, True)
        assert list(await server.sentinel_masters()) == [name]
        replicas = await server.sentinel_slaves(name)
        assert {replica["port"] for replica in replicas} == {replica.port for replica in group.replicas}
        assert all(replica["is_slave"] and replica["master-port"] == primary.port for replica in replicas)
        others = await server.sentinel_sentinels(name)
        assert {other["port"] for other in others} == {other.port for other in group.sentinels[1:]}
        assert all(other["is_sentinel"] for other in others)
        assert await server.sentinel_ckquorum(name) is True
        for asking in (server.sentinel_master, server.sentinel_slaves, server.sentinel_sentinels):
            with pytest.raises(ResponseError, match="No such master"):
                await asking("nobody")


async def test_changing(group: SentinelGroup, target: Target):
    primary = group.primary
    async with sentinel(group, target.protocol, allow_admin=True) as server:
        assert await server.sentinel_monitor("another", "127.0.0.1", primary.port, 3) is True
        assert await server.sentinel_set("another", "parallel-syncs", 2) is True
        assert (await server.sentinel_master("another"))["parallel-syncs"] == 2
        assert await server.sentinel_reset("anoth*") == 1
        assert await server.sentinel_reset("nothing*") == 0
        with pytest.raises(ResponseError, match="NOQUORUM"):
            await server.sentinel_ckquorum("another")
        assert await server.sentinel_flushconfig() is True
        assert await server.sentinel_remove("another") is True
        with pytest.raises(ResponseError, match="No such master"):
            await server.sentinel_remove("another")
        with pytest.raises(ResponseError, match="No such master"):
            await server.sentinel_failover("nobody")


async def test_a_failover(own_group: SentinelGroup):
    old = own_group.primary
    async with sentinel(own_group, allow_admin=True) as server:
        assert await server.sentinel_failover(own_group.service) is True
        assert own_group.wait_for_new_primary(old) is not old


async def test_changing_needs_permission(group: SentinelGroup):
    async with sentinel(group) as server:
        with pytest.raises(CommandDisabledError, match="allowAdmin"):
            await server.sentinel_failover(group.service)
