"""What histories are taken of: callers, servers, and what happens to both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any

from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.core.commands.hash_slots import slot_of
from multiplexer.retry import FullJitterBackoff
from tests.asyncio._world import gather
from tests.asyncio.truth.history.clients import STEPS, Clients
from tests.chance import seeded
from tests.servers import FaultProxy, RealCluster, RealServer, SentinelGroup
from tests.servers.real import Kind
from tests.truth.history.faults import FAULTS, LOSES_NOTHING, Fault, Stage, afflicted, server_dies
from tests.truth.history.models import FORGET
from tests.truth.history.recording import History

QUICK: dict[str, Any] = {
    "timeout": 1.0,
    "connect_timeout": 1.0,
    "heartbeat_interval": 0.1,
    "reconnect_backoff": FullJitterBackoff(cap=0.05, base=0.005),
}
#: Options of a multiplexer that bring its commands to the server in other ways.
WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "stripes-and-leases": {"connections_per_endpoint": 3, "lease_above": 1000},
    "high-integrity": {"high_integrity": True},
    "bounded": {"max_pending": 4, "auto_pipeline": False},
}


@asynccontextmanager
async def connected(endpoints: str, protocol: int, **changes: Any) -> AsyncIterator[ConnectionMultiplexer]:
    """Connect for as long as the block runs."""
    mux = await ConnectionMultiplexer.connect(endpoints, protocol=protocol, **{**QUICK, **changes})
    async with mux:
        yield mux


async def one_server(
    server: RealServer, protocol: int, way: dict[str, Any], name: str, callers: int = 8, calls: int = 25, most: int = 5
) -> History:
    """Callers of an empty server, and a choice of all faults that leave it as it was."""
    faults = seeded(name).sample(FAULTS, most)
    return await _through_a_proxy(server, protocol, way, name, faults, callers, calls)


async def dying_server(
    kind: Kind, protocol: int, name: str, callers: int = 8, calls: int = 20, deaths: int = 2
) -> History:
    """Callers of a server that is killed and comes back, and keeps what it has acknowledged."""
    with RealServer.start(kind, config=LOSES_NOTHING) as server:
        return await _through_a_proxy(server, protocol, {}, name, [server_dies] * deaths, callers, calls)


async def _through_a_proxy(
    server: RealServer, protocol: int, way: dict[str, Any], name: str, faults: list[Fault], callers: int, calls: int
) -> History:
    with FaultProxy(server.host, server.port) as proxy:
        async with connected(f"{proxy.host}:{proxy.port}", protocol, **way) as mux:
            clients = Clients(mux.get_database(), server, name)
            steps = (*STEPS, Clients.compare) if server.kind == "valkey" else STEPS
            with Stage(proxy, server).suffering(faults, clients.history, callers * calls, name):
                await clients.work(callers, calls, steps)
    clients.check()
    return clients.history


async def moving_slots(
    cluster: RealCluster, protocol: int, name: str, callers: int = 6, calls: int = 25, failovers: bool = False
) -> History:
    """Callers of one slot of an empty cluster, which moves to another primary and back, or whose replica takes over."""
    home, away, *_ = cluster.primaries()
    tag = f"{{{cluster.key_of(home)}}}"
    slot = slot_of(tag.encode())
    happens = [partial(cluster.migrate_slot, slot, away), partial(cluster.migrate_slot, slot, home)]
    if failovers:
        [replica] = cluster.replicas_of(home)
        happens += [partial(cluster.failover, replica), partial(cluster.failover, home)]
    async with connected(cluster.seeds, protocol, timeout=10.0) as mux:
        clients = Clients(mux.get_database(), home, name, tag, contiguous=False)
        with afflicted(happens, clients.history, callers * calls):
            await clients.work(callers, calls, STEPS)
    if not failovers and cluster.owner(slot) is not home:
        cluster.migrate_slot(slot, home)  # the calls had ended before
    clients.check()
    return clients.history


async def losing_failover(group: SentinelGroup, protocol: int, name: str, callers: int = 6, calls: int = 40) -> History:
    """Callers of an empty group whose sentinels make a replica the primary, which may lack the latest writes."""
    keys = ["register:0", "register:1", "register:2", "counter:0", "counter:1", "list:0", "set:0"]
    steps = (Clients.register, Clients.count, Clients.append, Clients.member)

    async with connected(group.configuration, protocol, timeout=30.0) as mux:
        clients = Clients(mux.get_database(), group.primary, name)

        def fail_over() -> None:
            with clients.history.event(FORGET, keys):
                group.failover()

        with afflicted([fail_over], clients.history, callers * calls):
            await clients.work(callers, calls, steps)
    clients.check()
    return clients.history


async def one_replica(group: SentinelGroup, protocol: int, name: str, readers: int = 3, calls: int = 40) -> History:
    """A writer, and readers of one replica: it lags behind, but never goes back, nor ahead of what was written."""
    replica, chance = group.replicas[0], seeded(name)
    history, told = History(), [[0] for _ in range(readers)]
    async with connected(group.configuration, protocol, timeout=5.0) as mux:
        db, server = mux.get_database(), mux.get_server(replica.endpoint)

        async def write() -> None:
            for number in range(1, calls + 1):
                with history.call("writer", "set", "counter:0", number) as call:
                    call.result = await db.set("counter:0", number)

        async def read(reader: int) -> None:
            for _ in range(calls):
                with history.call(f"reader{reader}", "get", "counter:0") as call:
                    call.result = int(await server.execute("GET", "counter:0") or 0)
                    told[reader].append(call.result)

        with afflicted(_ends_of_connections(group, chance), history, (readers + 1) * calls):
            await gather(write, *[partial(read, reader) for reader in range(readers)])
    writes = [each for each in history.operations if each.kind == "set"]
    for each in history.operations:
        ahead = max((write.argument for write in writes if write.invoked < each.ended), default=0)
        assert each.kind == "set" or not each.known or each.result <= ahead, f"{name}: {each} was not written yet"
    assert all(later >= earlier for values in told for earlier, later in pairwise(values)), f"{name}: {told}"
    return history


def _ends_of_connections(group: SentinelGroup, chance: Random) -> list[Any]:
    members = [group.primary, *group.replicas[:1]]
    return [partial(chance.choice(members).command, "CLIENT", "KILL", "TYPE", "normal") for _ in range(3)]
