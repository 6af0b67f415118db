# Generated from tests/asyncio/sentinel/test_commands.py by scripts/generate_blocking.py; change that file instead.
"""The commands of sentinels, as typed methods of a server's handle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from multiplexer.blocking import ConnectionMultiplexer, Server
from multiplexer.errors import CommandDisabledError, ResponseError
from tests.conftest import Target
from tests.servers import SentinelGroup


@contextmanager
def sentinel(group: SentinelGroup, protocol: int = 3, **options: bool) -> Iterator[Server]:
    """A handle on the group's first sentinel."""
    host, port = group.addresses[0]
    mux = ConnectionMultiplexer.connect(f"{host}:{port}", protocol=protocol, **options)
    try:
        yield mux.get_server(f"{host}:{port}")
    finally:
        mux.close()


def test_reading(group: SentinelGroup, target: Target):
    name, primary = group.service, group.primary
    with sentinel(group, target.protocol, allow_admin=True) as server:
        host, port = server.sentinel_get_master_addr_by_name(name)
        assert (host, port) == (b"127.0.0.1", primary.port)
        assert server.sentinel_get_master_addr_by_name("nobody") is None
        state = server.sentinel_master(name)
        assert (state["name"], state["ip"], state["port"]) == (name, "127.0.0.1", primary.port)
        assert (state["num-slaves"], state["num-other-sentinels"], state["is_master"]) == (2, 2, True)
        assert list(server.sentinel_masters()) == [name]
        replicas = server.sentinel_slaves(name)
        assert {replica["port"] for replica in replicas} == {replica.port for replica in group.replicas}
        assert all(replica["is_slave"] and replica["master-port"] == primary.port for replica in replicas)
        others = server.sentinel_sentinels(name)
        assert {other["port"] for other in others} == {other.port for other in group.sentinels[1:]}
        assert all(other["is_sentinel"] for other in others)
        assert server.sentinel_ckquorum(name) is True
        for asking in (server.sentinel_master, server.sentinel_slaves, server.sentinel_sentinels):
            with pytest.raises(ResponseError, match="No such master"):
                asking("nobody")


def test_changing(group: SentinelGroup, target: Target):
    primary = group.primary
    with sentinel(group, target.protocol, allow_admin=True) as server:
        assert server.sentinel_monitor("another", "127.0.0.1", primary.port, 3) is True
        assert server.sentinel_set("another", "parallel-syncs", 2) is True
        assert server.sentinel_master("another")["parallel-syncs"] == 2
        assert server.sentinel_reset("anoth*") == 1
        assert server.sentinel_reset("nothing*") == 0
        with pytest.raises(ResponseError, match="NOQUORUM"):
            server.sentinel_ckquorum("another")
        assert server.sentinel_flushconfig() is True
        assert server.sentinel_remove("another") is True
        with pytest.raises(ResponseError, match="No such master"):
            server.sentinel_remove("another")
        with pytest.raises(ResponseError, match="No such master"):
            server.sentinel_failover("nobody")


def test_a_failover(own_group: SentinelGroup):
    old = own_group.primary
    with sentinel(own_group, allow_admin=True) as server:
        assert server.sentinel_failover(own_group.service) is True
        assert own_group.wait_for_new_primary(old) is not old


def test_changing_needs_permission(group: SentinelGroup):
    with sentinel(group) as server:
        with pytest.raises(CommandDisabledError, match="allowAdmin"):
            server.sentinel_failover(group.service)
