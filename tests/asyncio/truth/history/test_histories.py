"""What callers are told through faults could have been told by one server that does one thing at a time."""

from __future__ import annotations

import time

import pytest

from multiplexer.core.physical_connection import PhysicalConnection
from tests.asyncio.truth.conftest import Connect
from tests.asyncio.truth.history.clients import Clients
from tests.asyncio.truth.history.scenes import WAYS, dying_server, moving_slots, one_replica, one_server
from tests.chance import SEED
from tests.conftest import Target
from tests.servers import FaultProxy, RealCluster, RealServer, SentinelGroup
from tests.truth.history.broken import BROKEN
from tests.truth.history.checking import explain

CALLERS = 8
CALLS = 25


@pytest.mark.chance
@pytest.mark.parametrize("way", WAYS)
async def test_histories_are_linearizable(server: RealServer, target: Target, way: str) -> None:
    await one_server(server, target.protocol, WAYS[way], f"{SEED}/{target.kind}/{target.protocol}/{way}")


@pytest.mark.chance
async def test_a_server_that_dies_and_comes_back_with_all_it_said(target: Target) -> None:
    await dying_server(target.kind, target.protocol, f"{SEED}/{target.kind}/dying")


@pytest.mark.chance
async def test_slots_that_move(cluster: RealCluster, target: Target) -> None:
    await moving_slots(cluster, target.protocol, f"{SEED}/{target.kind}/moving")


@pytest.mark.chance
async def test_one_replica_never_goes_back(group: SentinelGroup, target: Target) -> None:
    await one_replica(group, target.protocol, f"{SEED}/{target.kind}/replica")


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.__name__)
async def test_a_broken_client_is_found_within_a_second(
    connect: Connect, proxy: FaultProxy, server: RealServer, broken: type[PhysicalConnection]
) -> None:
    """Nothing happens but that the client is broken; what others use of the machine does not count."""
    mux = await connect(connection_class=broken)
    proxy.delay(0.001, direction="to_client")  # so that several commands are under way
    began = time.process_time()
    found, rounds = None, 0
    while found is None and time.process_time() - began < 1:
        server.command("FLUSHALL")
        clients = Clients(mux.get_database(), server, f"{broken.__name__}/{rounds}")
        await clients.work(CALLERS, CALLS, (Clients.register, Clients.count, Clients.append))
        found, rounds = explain(clients.history), rounds + 1
    assert found is not None
