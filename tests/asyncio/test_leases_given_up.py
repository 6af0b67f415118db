"""Connections of callers' own whose server hangs, leaves, or loses its role: nobody waits there for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from multiplexer import CommandFlags
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.errors import RedisConnectionError
from multiplexer.retry import ConstantBackoff
from tests.servers import FaultProxy, RealServer

from ._world import spawn, until
from .connecting import connect

#: Whoever is silent for two seconds is given up, as a machine under load may take some time for an answer.
WATCHFUL: dict[str, Any] = {"keep_alive": 0.1, "timeout": 2.0, "heartbeat_interval": 0.02}


@pytest.fixture
def proxy(server: RealServer) -> Iterator[FaultProxy]:
    """What can swallow everything on its way to the server and back."""
    with FaultProxy(server.host, server.port) as made:
        yield made


def lent(mux: ConnectionMultiplexer) -> int:
    """Return how many commands are under way on connections of their own."""
    return sum(counters.leased.sent_items_awaiting_response for counters in mux.get_counters())


def blocked(server: RealServer) -> int:
    """Return how many clients wait for a list, stream or sorted set."""
    return int(server.command("INFO", "clients").decode().split("blocked_clients:")[1].split()[0])


@pytest.mark.parametrize("protocol", [2, 3])
async def test_a_server_that_hangs_under_who_blocks(server: RealServer, proxy: FaultProxy, protocol: int) -> None:
    async with await connect(proxy, protocol=protocol, **WATCHFUL) as mux:
        popping = spawn(mux.get_database().with_options(timeout=10).blpop, ["queue"], 0)
        await until(lambda: blocked(server) == 1)
        proxy.black_hole()
        with pytest.raises(
            RedisConnectionError, match=r"BLPOP to .*may have been applied.*is silent: .*PING"
        ) as caught:
            await popping.result(20)
        assert (caught.value.phase, caught.value.was_sent) == ("written", True)
        assert lent(mux) == 0


@pytest.mark.parametrize("protocol", [2, 3])
async def test_what_only_reads_goes_on_where_the_server_is_back(
    server: RealServer, proxy: FaultProxy, protocol: int
) -> None:
    async with await connect(proxy, protocol=protocol, **WATCHFUL) as mux:
        db = mux.get_database().with_options(timeout=10)
        reading = spawn(db.xread, {"stream": "0"}, block=0)
        await until(lambda: blocked(server) == 1)
        proxy.black_hole()
        await until(lambda: mux.get_counters()[0].leased.retried == 1)
        proxy.close_all()  # or the server would hear of the first one's end only much later
        proxy.restore()
        await until(lambda: blocked(server) == 1)
        await db.xadd("stream", {"field": "value"})
        assert await reading.result(20)


async def test_what_only_reads_goes_on_where_its_connection_is_lost(server: RealServer) -> None:
    """As it does on the shared connection: a server that has just taken over ends those of who came early, too."""
    async with await connect(server) as mux:
        db = mux.get_database().with_options(timeout=10)
        reading = spawn(db.xread, {"stream": "0"}, block=0)
        popping = spawn(db.blpop, ["queue"], 0)
        await until(lambda: blocked(server) == 2)
        for times in (1, 2, 3):
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await until(lambda times=times: mux.get_counters()[0].leased.retried == times)
            await until(lambda: blocked(server) == 1)
        with pytest.raises(RedisConnectionError, match=r"BLPOP to .*may have been applied"):
            await popping.result(20)
        server.command("XADD", "stream", "*", "field", "value")  # the shared connection may not know of its end yet
        assert await reading.result(20)
        limited = spawn(db.with_options(flags=CommandFlags.NO_RETRY).xread, {"other": "0"}, block=0)
        await until(lambda: blocked(server) == 1)
        server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        with pytest.raises(RedisConnectionError, match=r"XREAD to .*may have been applied"):
            await limited.result(20)


async def test_what_reads_from_now_on_is_not_begun_again(server: RealServer, proxy: FaultProxy) -> None:
    """What is added in between would be left out, and nobody would know."""
    async with await connect(proxy, **WATCHFUL) as mux:
        reading = spawn(mux.get_database().with_options(timeout=10).xread, {"stream": "$"}, block=0)
        await until(lambda: blocked(server) == 1)
        proxy.black_hole()
        with pytest.raises(RedisConnectionError, match="is silent"):
            await reading.result(20)


async def test_a_server_that_hangs_under_a_transaction(proxy: FaultProxy) -> None:
    async with await connect(proxy, **WATCHFUL) as mux:
        async with mux.get_database().with_options(timeout=10).watch("key") as tx:
            proxy.black_hole()
            await until(lambda: not mux.is_connected)
            tx.multi()
            tx.set("key", 1)
            await until(lambda: all(lease.given_up for lease in mux._leases.lent))
            with pytest.raises(RedisConnectionError, match=r"was not sent: its connection was given up") as caught:
                await tx.execute()
            assert caught.value.was_sent is False
        proxy.restore()
        assert not await mux.get_database().with_options(timeout=10).exists("key")


async def test_a_server_that_hangs_under_a_monitor(proxy: FaultProxy) -> None:
    async with await connect(proxy, **WATCHFUL) as mux, mux.get_server().monitor() as monitor:

        async def watch() -> None:
            while True:
                await monitor.next_command()

        watching = spawn(watch)
        proxy.black_hole()
        with pytest.raises(RedisConnectionError, match="is silent"):
            await watching.result(20)


async def test_an_idle_connection_of_a_server_that_hung_is_not_lent_again(
    server: RealServer, proxy: FaultProxy
) -> None:
    """Nor is one on which the server was not heard for as long as the shared one may be silent."""
    async with await connect(proxy, **{**WATCHFUL, "keep_alive": 3}) as mux:
        db = mux.get_database().with_options(timeout=10)
        await db.rpush("queue", *range(3))
        await db.blpop(["queue"], 1)
        proxy.black_hole()
        await until(lambda: not mux.is_connected)
        proxy.restore()
        await db.blpop(["queue"], 1)
        assert mux.get_counters()[0].leased.socket_count == 2
        quiet = spawn(db.blpop, ["nothing"], 3.5)  # held by its borrower all the while, and so not idle
        assert await quiet.result() is None
        await db.blpop(["queue"], 1)
        assert mux.get_counters()[0].leased.socket_count == 2


async def test_a_server_that_leaves(server: RealServer) -> None:
    async with await connect(server, heartbeat_interval=0.02) as mux:
        popping = [spawn(handle.execute, "BLPOP", "queue", 0) for handle in (mux.get_database(), mux.get_server())]
        await until(lambda: blocked(server) == 2)
        mux._coordinator.server_set.retire(mux._coordinator.servers)
        for task in popping:
            with pytest.raises(RedisConnectionError, match="has left"):
                await task.result(20)
        await until(lambda: blocked(server) == 0)
        assert not mux._leases._pools


@pytest.fixture
def pair() -> Iterator[tuple[RealServer, RealServer]]:
    """A primary and its replica."""
    with ExitStack() as stack:
        config = {"repl-diskless-sync-delay": 0, "repl-ping-replica-period": 1}
        primary, replica = (stack.enter_context(RealServer.start("valkey", config=config)) for _ in range(2))
        replica.command("REPLICAOF", primary.host, primary.port)
        yield primary, replica


@pytest.mark.parametrize("protocol", [2, 3])
async def test_a_primary_that_becomes_a_replica_under_who_blocks(
    pair: tuple[RealServer, RealServer], protocol: int
) -> None:
    """It says itself that it gave them nothing: they go on at the new one."""
    old, new = pair
    await until(lambda: new.command("ROLE")[3] == b"connected")
    addresses = f"{old.host}:{old.port},{new.host}:{new.port}"
    patient = {"protocol": protocol, "timeout": 20, "reconnect_backoff": ConstantBackoff(1)}
    async with await ConnectionMultiplexer.connect(addresses, **patient) as mux:
        popping = spawn(mux.get_database().with_options(timeout=10).blpop, ["queue"], 0)
        await until(lambda: blocked(old) == 1)
        old.command("REPLICAOF", new.host, new.port)
        new.command("REPLICAOF", "NO", "ONE")
        await until(lambda: mux.check_roles() or blocked(new) == 1)
        new.command("RPUSH", "queue", "value")
        assert await popping.result(20) == (b"queue", b"value")


async def test_a_primary_that_is_found_to_be_none(pair: tuple[RealServer, RealServer]) -> None:
    """A transaction that watches there is told so, and does not find out only by its EXEC."""
    old, new = pair
    await until(lambda: new.command("ROLE")[3] == b"connected")
    addresses = f"{old.host}:{old.port},{new.host}:{new.port}"
    async with await ConnectionMultiplexer.connect(addresses, heartbeat_interval=0.05, timeout=10) as mux:
        db = mux.get_database()
        async with db.watch("key") as tx:
            new.command("REPLICAOF", "NO", "ONE")
            old.command("REPLICAOF", new.host, new.port)
            mux.check_roles()
            await until(lambda: all(lease.given_up for lease in mux._leases.lent))
            tx.multi()
            tx.set("key", 1)
            with pytest.raises(RedisConnectionError, match=r"is no primary any more|has taken over"):
                await tx.execute()
        assert await db.set("key", 2)
