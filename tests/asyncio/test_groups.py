"""A primary and its replicas without sentinels: roles are found out, changed and agreed upon."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from multiplexer import ReadFrom
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.compat.asyncio.client import Redis
from multiplexer.core.group.guide import GroupGuide
from multiplexer.errors import CommandDisabledError, DataError, ReadOnlyError
from multiplexer.pools.asyncio import ConnectionPool
from tests.asyncio._world import gather, spawn, until
from tests.asyncio.pools.using import ask_pool
from tests.servers import FaultProxy, RealServer
from tests.truth.ledger import Ledger

QUICK: dict[str, Any] = {"heartbeat_interval": 0.1, "timeout": 8.0, "allow_admin": True}


@pytest.fixture
def servers() -> Iterator[list[RealServer]]:
    """A primary and two replicas that are in step with it."""
    with ExitStack() as stack:
        config = {"repl-diskless-sync-delay": 0, "repl-ping-replica-period": 1}
        made = [stack.enter_context(RealServer.start("valkey", config=config)) for _ in range(3)]
        for replica in made[1:]:
            follow(replica, made[0])
        yield made


def follow(replica: RealServer, primary: RealServer) -> None:
    replica.command("REPLICAOF", primary.host, primary.port)


def is_in_step(replica: RealServer) -> bool:
    role = replica.command("ROLE")
    return role[0] == b"slave" and role[3] == b"connected"


def address(server: RealServer) -> str:
    return f"{server.host}:{server.port}"


@pytest_asyncio.fixture
async def muxes(servers: list[RealServer]) -> AsyncIterator[list[ConnectionMultiplexer]]:
    """Two multiplexers on the group, which name its servers in different orders."""
    await until(lambda: all(map(is_in_step, servers[1:])))
    async with AsyncExitStack() as stack:
        made = []
        for order in (servers, servers[::-1]):
            mux = await ConnectionMultiplexer.connect(",".join(map(address, order)), **QUICK)
            made.append(await stack.enter_async_context(mux))
        for mux in made:
            await until(lambda mux=mux: all(server.role != "unknown" for server in mux._coordinator.servers))
        yield made


async def test_roles_are_found_out(muxes: list[ConnectionMultiplexer], servers: list[RealServer]) -> None:
    for mux in muxes:
        db = mux.get_database()
        await db.incr("n")
        servers[0].command("WAIT", 2, 5000)
        for server in servers:
            server.command("CONFIG", "RESETSTAT")
        for _ in range(10):
            assert await db.with_options(read_from=ReadFrom.REPLICA).get("n")
        for replica in servers[1:]:
            assert replica.info("commandstats")["cmdstat_get"].startswith("calls=5,")


async def test_a_server_is_made_the_primary(muxes: list[ConnectionMultiplexer], servers: list[RealServer]) -> None:
    """Writes follow it, in every client that listens; the others replicate it."""
    first, second = muxes
    broadcasts: list[Any] = []
    second.configuration_changed_broadcast += broadcasts.append
    await second.get_subscriber().subscribe("anything")
    await first.get_database().set("k", 1)
    servers[0].command("WAIT", 2, 5000)
    await first.make_primary(address(servers[1]))
    assert servers[1].command("ROLE")[0] == b"master"
    await until(lambda: all(map(is_in_step, (servers[0], servers[2]))))
    for server in (servers[0], servers[2]):
        assert int(server.command("ROLE")[2]) == servers[1].port
    for mux in muxes:
        assert await mux.get_database().incr("k")
    assert servers[1].command("GET", "k") == b"3"
    assert servers[1].command("GET", "__Booksleeve_TieBreak") == address(servers[1]).encode()
    await until(lambda: broadcasts)
    assert broadcasts[0].endpoint == address(servers[1])
    assert await first.publish_reconfigure() >= 1
    await until(lambda: any(event.endpoint == "*" for event in broadcasts))


async def test_writes_wait_while_nobody_is_primary(
    muxes: list[ConnectionMultiplexer], servers: list[RealServer]
) -> None:
    """The primary is killed and a replica promoted by hand: what waited for the one goes to the other."""
    db = muxes[0].get_database()
    ledger = Ledger("n", 8.0)
    with ledger.call("c", 0):
        await db.incr("n")
    servers[0].command("WAIT", 2, 5000)
    servers[0].kill()
    await until(lambda: not muxes[0].get_server(address(servers[0])).is_connected)
    waiting = [spawn(db.incr, "n") for _ in range(5)]
    servers[1].command("REPLICAOF", "NO", "ONE")
    assert sorted([await task.result() for task in waiting]) == [2, 3, 4, 5, 6]
    assert servers[1].command("GET", "n") == b"6"


async def test_a_replica_promoted_by_hand_is_found_by_the_first_write(
    servers: list[RealServer],
) -> None:
    """The primary before answers, and says that it is none: neither heartbeat nor check has to come."""
    old, new = servers[:2]
    async with await ConnectionMultiplexer.connect(
        f"{address(old)},{address(new)}", **{**QUICK, "heartbeat_interval": 30, "config_check_seconds": 0}
    ) as mux:
        await until(lambda: is_in_step(new))
        await until(lambda: all(server.role != "unknown" for server in mux._coordinator.servers))
        db = mux.get_database()
        assert await db.incr("n") == 1
        old.command("WAIT", 2, 5000)
        new.command("REPLICAOF", "NO", "ONE")
        follow(old, new)
        assert await db.incr("n") == 2
        assert new.command("GET", "n") == b"2"


@pytest.mark.parametrize("votes", [0, 1, 2])
async def test_of_two_primaries_the_tie_breaker_decides(servers: list[RealServer], votes: int) -> None:
    for server in servers:
        server.command("REPLICAOF", "NO", "ONE")
    chosen = servers[2] if votes else servers[0]
    for server in servers[1 : 1 + votes]:
        server.command("SET", "__Booksleeve_TieBreak", address(chosen))
    for order in (servers, [*servers[:1], *servers[:0:-1]]):
        async with await ConnectionMultiplexer.connect(",".join(map(address, order)), **QUICK) as mux:
            guide = mux._coordinator.guide
            assert isinstance(guide, GroupGuide)
            election = guide.election
            await until(lambda election=election: election.elected is not None)  # type: ignore[misc]
            await until(lambda election=election: str(election.elected.endpoint) == address(chosen))  # type: ignore[misc]
            await mux.get_database().incr("n")
    assert chosen.command("GET", "n") == b"2"


async def test_who_may_not_and_where_not(servers: list[RealServer]) -> None:
    async with await ConnectionMultiplexer.connect(",".join(map(address, servers))) as mux:
        with pytest.raises(CommandDisabledError, match="allowAdmin"):
            await mux.make_primary(address(servers[1]))
        with pytest.raises(DataError, match="not a server of this multiplexer"):
            await mux.make_primary("elsewhere:1")
    assert servers[0].command("ROLE")[0] == b"master"


# -- one name for whoever is the primary


@pytest.fixture
def name(servers: list[RealServer]) -> Iterator[FaultProxy]:
    """A name that leads to the first server, until a test has it lead to another for new connections."""
    with FaultProxy(servers[0].host, servers[0].port) as proxy:
        yield proxy


def demote(servers: list[RealServer], name: FaultProxy) -> None:
    """Make another server the primary; the one before stays, and answers whoever is connected to it."""
    old, new, _ = servers
    new.command("REPLICAOF", "NO", "ONE")
    follow(old, new)
    name.target = (new.host, new.port)


async def test_a_name_that_leads_to_the_new_primary(servers: list[RealServer], name: FaultProxy) -> None:
    async with await ConnectionMultiplexer.connect(f"{name.host}:{name.port}", config_check_seconds=0, **QUICK) as mux:
        db = mux.get_database()
        await db.set("before", 1)
        demote(servers, name)

        async def is_written() -> bool:
            try:
                return await db.set("after", 2)
            except ReadOnlyError:
                return False

        await until(is_written)
        assert servers[1].command("GET", "after") == b"2"
        assert await gather(*[partial(db.incr, "n")] * 10) == list(range(1, 11))
        assert name.connections == 2


async def test_a_lease_of_a_name_that_leads_to_the_new_primary(servers: list[RealServer], name: FaultProxy) -> None:
    async with await ConnectionMultiplexer.connect(f"{name.host}:{name.port}", config_check_seconds=0, **QUICK) as mux:
        db = mux.get_database()
        waiting = [spawn(db.blpop, "list", 5) for _ in range(6)]  # more connections than there are attempts
        await until(lambda: name.connections == 7)
        await db.rpush("list", *"abcdef")
        assert sorted([(await task.result())[1] for task in waiting]) == [b"%c" % letter for letter in b"abcdef"]
        demote(servers, name)
        servers[1].command("RPUSH", "list", "g")

        async def popped() -> Any:
            try:
                return await db.blpop("list", 1)
            except ReadOnlyError:
                return None

        assert await until(popped) == (b"list", b"g")


async def test_a_pool_of_a_name_that_leads_to_the_new_primary(servers: list[RealServer], name: FaultProxy) -> None:
    async with ConnectionPool(host=name.host, port=name.port) as pool:
        await ask_pool(pool, "SET", "before", 1)
        demote(servers, name)
        with pytest.raises(ReadOnlyError):
            await ask_pool(pool, "SET", "after", 1)
        assert await ask_pool(pool, "SET", "after", 2) == b"OK"
        assert servers[1].command("GET", "after") == b"2"


async def test_a_client_of_a_name_that_leads_to_the_new_primary(servers: list[RealServer], name: FaultProxy) -> None:
    async with Redis(host=name.host, port=name.port) as client:
        await client.set("before", 1)
        demote(servers, name)
        pipeline = client.pipeline(transaction=False)
        pipeline.set("after", 1)
        pipeline.get("before")
        assert isinstance((await pipeline.execute(raise_on_error=False))[0], ReadOnlyError)
        assert await client.set("after", 2)
        assert servers[1].command("GET", "after") == b"2"


async def test_a_client_that_keeps_to_one_connection(servers: list[RealServer], name: FaultProxy) -> None:
    async with Redis(host=name.host, port=name.port, single_connection_client=True) as client:
        other = client.client()
        for each in (client, other):
            await each.set("before", 1)
        demote(servers, name)
        for each in (client, other):
            with pytest.raises(ReadOnlyError):
                await each.set("after", 1)
            assert await each.set("after", 2)
        assert servers[1].command("GET", "after") == b"2"
        await other.aclose()


async def test_a_watch_does_not_go_on_unnoticed_on_another_connection(
    servers: list[RealServer], name: FaultProxy
) -> None:
    """The one connection is kept to until the transaction has ended."""
    async with Redis(host=name.host, port=name.port, single_connection_client=True) as client:
        await client.execute_command("WATCH", "watched")
        demote(servers, name)
        with pytest.raises(ReadOnlyError):
            await client.set("after", 1)
        assert name.connections == 1
        assert await client.execute_command("MULTI")
        assert await client.execute_command("GET", "watched") == b"QUEUED"
        await client.execute_command("EXEC")
        assert await client.set("after", 2)
        assert name.connections == 2
        assert servers[1].command("GET", "after") == b"2"
