"""Health checks that are written for asyncio, in a blocking program, as redis-py has them."""

from __future__ import annotations

from typing import Any

import pytest

from multiplexer import compat
from multiplexer.compat import asyncio as asyncio_compat
from multiplexer.compat.asyncio.multidb.healthcheck import AbstractHealthCheck, PingHealthCheck
from multiplexer.compat.multidb.circuit import State
from multiplexer.compat.multidb.client import MultiDBClient
from multiplexer.compat.multidb.config import DatabaseConfig, MultiDbConfig
from tests.blocking._world import until
from tests.conftest import Target
from tests.servers import RealCluster, RealServer


class Check(AbstractHealthCheck):
    """Finds databases ill that a key says so of."""

    def __init__(self) -> None:
        super().__init__(3, 0.01, 30)
        self.clients: set[type[Any]] = set()

    async def check_health(self, database: Any, hc_client: Any) -> bool:
        self.clients.add(type(hc_client))
        return await hc_client.get("ill") is None


def client_of(check: Check, *places: tuple[str, int], **changes: Any) -> MultiDBClient:
    given = [DatabaseConfig(1 / n, {"host": host, "port": port}) for n, (host, port) in enumerate(places, 1)]
    checks = [PingHealthCheck(3, 0.01, 30), check]
    return MultiDBClient(MultiDbConfig(given, health_checks=checks, health_check_interval=0.3, **changes))


def test_they_are_given_a_client_of_asyncio(server: RealServer, own_server: RealServer, target: Target) -> None:
    check = Check()
    with client_of(check, (server.host, server.port), (own_server.host, own_server.port)) as client:
        first, second = (database for database, _ in client.get_databases())
        until(lambda: check.clients == {asyncio_compat.Redis})
        first.client.set("ill", 1)
        until(lambda: client.command_executor.active_database is second)
        until(lambda: first.circuit.state is State.OPEN)
        first.client.delete("ill")
        until(lambda: first.circuit.state is State.CLOSED)


def test_and_to_clusters_one_of_clusters(cluster: RealCluster) -> None:
    check = Check()
    node = cluster.nodes[0]
    with client_of(check, (node.host, node.port), client_class=compat.RedisCluster) as client:
        until(lambda: check.clients == {asyncio_compat.RedisCluster})
        assert client.get_databases()[0][0].circuit.state is State.CLOSED


@pytest.mark.parametrize("probes", [0, -1])
def test_there_is_at_least_one_probe(probes: int) -> None:
    with pytest.raises(ValueError, match="health_check_probes must be greater than 0"):
        PingHealthCheck(probes)
