"""The multiplexer through sentinels: discovery, and all that is well."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from multiplexer import ReadFrom
from multiplexer.asyncio import ConnectionMultiplexer
from multiplexer.embedded import free_port
from multiplexer.errors import (
    AuthenticationError,
    DataError,
    MasterNotFoundError,
    RedisConnectionError,
    RedisTimeoutError,
)
from tests.asyncio._world import spawn, until
from tests.conftest import Target
from tests.servers import Certificates, RealServer, ScriptedSentinel, SentinelGroup, require_kind

SERVICE = "mymaster"


def seeds(*sentinels: Any) -> str:
    return ",".join(f"{sentinel.host}:{sentinel.port}" for sentinel in sentinels)


@asynccontextmanager
async def through(*sentinels: Any, **options: Any) -> AsyncIterator[ConnectionMultiplexer]:
    """A multiplexer through some sentinels."""
    mux = await ConnectionMultiplexer.connect(f"{seeds(*sentinels)},serviceName={SERVICE}", **options)
    try:
        yield mux
    finally:
        await mux.aclose()


async def received(sentinel: ScriptedSentinel, command: str, count: int) -> None:
    """Wait until a sentinel has received a command so many times."""
    await until(lambda: len(sentinel.commands(command)) >= count)


def roles(mux: ConnectionMultiplexer) -> dict[int, str]:
    """Return role by port of the servers that are connected."""
    return {
        int(server["endpoint"].rpartition(":")[2]): server["role"]
        for server in mux.get_status()["servers"]
        if server["interactive"]["state"] == "established"
    }


def roles_of(group: SentinelGroup) -> dict[int, str]:
    return {member.port: "primary" if member is group.primary else "replica" for member in group.members}


async def test_primary_and_replicas_are_found(group: SentinelGroup, target: Target):
    async with through(*group.sentinels, protocol=target.protocol) as mux:
        db = mux.get_database()
        assert await db.set("k", "v") is True
        assert group.primary.command("GET", "k") == b"v"
        await until(lambda: roles(mux) == roles_of(group))
        assert {server.endpoint for server in mux.get_servers()} == {
            f"{host}:{port}" for host, port in group.server_addresses
        }
        assert mux.get_server(f"127.0.0.1:{group.primary.port}") is not None


async def test_one_sentinel_leads_to_the_others(group: SentinelGroup, target: Target):
    async with through(group.sentinels[0], protocol=target.protocol) as mux:
        ports = {sentinel.port for sentinel in group.sentinels}
        await until(
            lambda: (
                {
                    int(sentinel["endpoint"].rpartition(":")[2])
                    for sentinel in mux.get_status()["sentinels"]
                    if sentinel["connected"] and sentinel["error"] is None
                }
                == ports
            )
        )


async def test_url(group: SentinelGroup):
    hosts = seeds(*group.sentinels)
    mux = await ConnectionMultiplexer.connect(f"sentinel://{hosts}/{SERVICE}/3")
    async with mux:
        await mux.get_database().set("k", "v")
        assert group.primary.info("keyspace")["db3"].startswith("keys=1,")


async def test_reads_from_replicas(group: SentinelGroup, target: Target):
    async with through(*group.sentinels, protocol=target.protocol, read_from=ReadFrom.REPLICA) as mux:
        db = mux.get_database()
        await db.set("k", "v")
        for replica in group.replicas:
            replica.command("CONFIG", "RESETSTAT")
        assert await until(lambda: db.get("k")) == b"v"
        assert await until(lambda: db.get("k")) == b"v"
        read = ["cmdstat_get" in replica.info("commandstats") for replica in group.replicas]
        assert read == [True, True]


async def test_dead_sentinels_are_passed_over(group: SentinelGroup):
    class Dead:
        host = "127.0.0.1"

        def __init__(self) -> None:
            self.port = free_port()

    async with through(Dead(), group.sentinels[2], Dead()) as mux:
        assert await mux.get_database().set("k", "v") is True


async def test_a_service_nobody_knows(group: SentinelGroup):
    configuration = f"{seeds(*group.sentinels)},serviceName=nobody,abortConnect=true"
    with pytest.raises(MasterNotFoundError, match=r"'nobody'.*unknown"):
        await ConnectionMultiplexer.connect(configuration)
    mux = await ConnectionMultiplexer.connect(
        f"{seeds(*group.sentinels)},serviceName=nobody", timeout=0.3, heartbeat_interval=0.05
    )
    async with mux:
        assert not mux.is_connected
        with pytest.raises(RedisTimeoutError, match=r"(?s)to nobody.*is unknown") as caught:
            await mux.get_database().get("k")
        assert not caught.value.was_sent
    mux = await ConnectionMultiplexer.connect(f"{seeds(*group.sentinels)},serviceName=nobody,backlogPolicy=failFast")
    async with mux:
        with pytest.raises(RedisConnectionError, match=r"(?s)nobody is disconnected.*is unknown"):
            await mux.get_database().get("k")


async def test_no_sentinel_at_all():
    port = free_port()
    with pytest.raises(MasterNotFoundError, match=f"127.0.0.1:{port}"):
        await ConnectionMultiplexer.connect(f"127.0.0.1:{port},serviceName=mymaster,abortConnect=true,connectRetry=1")


@pytest.mark.parametrize("policy", ["queue", "lease"])
async def test_commands_wait_until_a_primary_is_found(server: RealServer, target: Target, policy: str):
    server.command("RPUSH", "list", "a")
    with ScriptedSentinel() as sentinel:
        async with through(sentinel, protocol=target.protocol, config_check_seconds=1) as mux:
            db = mux.get_database()
            waiting = spawn(db.incr, "n") if policy == "queue" else spawn(db.blpop, "list", 1)
            batch = db.pipeline()
            batch.set("k", "v")
            batch.get("k")
            together = spawn(batch.execute)
            await received(sentinel, "SENTINEL", 8)
            assert not waiting.done()
            sentinel.primary = server.address
            assert await waiting.result() in (1, (b"list", b"a"))
            assert await together.result() == [True, b"v"]


async def test_credentials_of_servers_and_sentinels():
    with SentinelGroup(
        replicas=1,
        sentinels=2,
        username="app",
        password="secret",
        sentinel_username="watcher",
        sentinel_password="other",
    ) as group:
        theirs = {"sentinel_user": "watcher", "sentinel_password": "other"}
        async with through(*group.sentinels, user="app", password="secret", **theirs) as mux:
            assert await mux.get_database().set("k", "v") is True
            assert (await mux.get_database().client_info())["user"] == "app"
            await until(lambda: len(roles(mux)) == 2)
        with pytest.raises(MasterNotFoundError, match="NOAUTH"):
            async with through(*group.sentinels, user="app", password="secret", abort_connect=True):
                pass
        with pytest.raises(AuthenticationError):
            async with through(*group.sentinels, user="app", password="wrong", abort_connect=True, **theirs):
                pass


async def test_tls(certificates: Certificates):
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        monitor = ["tls-replication yes", f"sentinel monitor {SERVICE} 127.0.0.1 {server.tls_port} 1"]
        with RealServer.start("redis", tls=certificates, config=monitor, arguments=["--sentinel"]) as sentinel:
            mux = await ConnectionMultiplexer.connect(
                f"127.0.0.1:{sentinel.tls_port},serviceName={SERVICE},ssl=true", ssl_ca_file=str(certificates.ca)
            )
            async with mux:
                assert await mux.get_database().set("k", "v") is True


class TestLies:
    async def test_a_later_epoch_and_a_replica(self, group: SentinelGroup):
        replica = group.replicas[0]
        with ScriptedSentinel(replica.address, epoch=99, replicas=[group.primary.address]) as liar:
            async with through(liar, *group.sentinels) as mux:
                db = mux.get_database()
                for number in range(20):
                    assert await db.set("k", number) is True
                await until(lambda: roles(mux) == roles_of(group))

    async def test_a_later_epoch_and_nobody(self, group: SentinelGroup):
        with ScriptedSentinel(("127.0.0.1", free_port()), epoch=99) as liar:
            async with through(liar, *group.sentinels) as mux:
                assert await mux.get_database().set("k", "v") is True

    async def test_a_sentinel_that_was_cut_off(self, group: SentinelGroup):
        stale = group.replicas[1]
        with ScriptedSentinel(stale.address, replicas=[group.primary.address]) as liar:
            async with through(liar, *group.sentinels) as mux:
                for number in range(20):
                    assert await mux.get_database().set("k", number) is True

    async def test_a_lie_of_a_sentinel_that_is_found(self, group: SentinelGroup):
        primary, replica = group.primary, group.replicas[0]
        with ScriptedSentinel(replica.address, epoch=99) as liar, ScriptedSentinel(primary.address) as honest:
            honest.others = [(liar.host, liar.port)]
            async with through(honest) as mux:
                await received(liar, "SENTINEL", 4)
                for number in range(20):
                    assert await mux.get_database().set("k", number) is True


@pytest.fixture
def pair(target: Target) -> Iterator[tuple[RealServer, RealServer]]:
    """Two servers that have nothing to do with each other."""
    require_kind(target.kind)
    with RealServer.start(target.kind) as one, RealServer.start(target.kind) as two:  # type: ignore[arg-type]
        yield one, two


async def switch(sentinel: ScriptedSentinel, after: RealServer) -> None:
    """Let a sentinel make another server the primary, and announce it."""
    await received(sentinel, "SUBSCRIBE", 8)
    before = sentinel.primary
    assert before is not None
    sentinel.primary, sentinel.epoch = after.address, sentinel.epoch + 1
    sentinel.announce("+switch-master", " ".join(map(str, (SERVICE, *before, *after.address))))


class TestChanges:
    """Of what a scripted sentinel says."""

    async def test_another_primary_is_announced(self, pair: tuple[RealServer, RealServer], target: Target):
        before, after = pair
        with ScriptedSentinel(before.address) as sentinel:
            async with through(sentinel, protocol=target.protocol) as mux:
                changes: list[Any] = []
                mux.configuration_changed.add(changes.append)
                db = mux.get_database()
                await db.set("k", "before")
                await switch(sentinel, after)
                await until(lambda: list(roles(mux)) == [after.port])
                await db.set("k", "after")
                assert after.command("GET", "k") == b"after"
                assert before.command("GET", "k") == b"before"
                await until(lambda: any(change.changes == ("primary",) for change in changes))

    async def test_what_waits_for_a_server_that_was_demoted(self, pair: tuple[RealServer, RealServer], target: Target):
        before, after = pair
        with ScriptedSentinel(before.address, replicas=[after.address]) as sentinel:
            async with through(sentinel, protocol=target.protocol) as mux:
                db = mux.get_database()
                await db.set("k", "v")
                before.kill()
                await until(lambda: before.port not in roles(mux))
                calls = [spawn(db.incr, "n"), spawn(db.strlen, "nothing"), spawn(db.blpop, "nothing", 0.1)]
                pinned = spawn(mux.get_server(f"127.0.0.1:{before.port}").ping)
                sentinel.replicas = [before.address]  # it is not taken for dead yet
                await switch(sentinel, after)
                assert [await call.result() for call in calls] == [1, 0, None]
                assert not pinned.done()
                before.restart()
                assert await pinned.result() is True

    async def test_what_finds_room_late_at_a_server_that_was_demoted(self, pair: tuple[RealServer, RealServer]):
        """It was meant for that server when it began to wait for room there, and what waited there has left."""
        before, after = pair
        with ScriptedSentinel(before.address, replicas=[after.address]) as sentinel:
            async with through(sentinel, max_pending=1, heartbeat_interval=0.1, async_timeout=20) as mux:
                db = mux.get_database()
                await db.set("k", "v")
                before.kill()
                await until(lambda: before.port not in roles(mux))
                calls = [spawn(db.incr, "n") for _ in range(4)]
                await until(lambda: mux.get_counters()[0].interactive.responses_awaiting_async_completion == 3)
                sentinel.replicas = [before.address]
                await switch(sentinel, after)
                assert sorted([await call.result() for call in calls]) == [1, 2, 3, 4]

    async def test_replicas_come_and_go(self, group: SentinelGroup):
        first, second = group.replicas
        with ScriptedSentinel(group.primary.address, replicas=[first.address]) as sentinel:
            async with through(sentinel) as mux:
                await until(lambda: len(roles(mux)) == 2)
                await received(sentinel, "SUBSCRIBE", 8)
                sentinel.replicas = [second.address]
                about = f"slave x 127.0.0.1 {second.port} @ {SERVICE} 127.0.0.1 {group.primary.port}"
                assert await mux.get_server(f"127.0.0.1:{first.port}").ping() is True
                sentinel.announce("+slave", about)
                await until(lambda: roles(mux) == {group.primary.port: "primary", second.port: "replica"})
                with pytest.raises(DataError, match="not a server"):
                    mux.get_server(f"127.0.0.1:{first.port}")
                sentinel.replicas = [first.address, second.address]
                sentinel.announce("-sdown", about)
                await until(lambda: len(roles(mux)) == 3)
                assert await mux.get_server(f"127.0.0.1:{first.port}").ping() is True

    async def test_subscriptions_follow(self, pair: tuple[RealServer, RealServer], target: Target):
        before, after = pair
        with ScriptedSentinel(before.address) as sentinel:
            async with through(sentinel, protocol=target.protocol) as mux:
                heard: list[bytes] = []
                await mux.get_subscriber().subscribe("news", handler=lambda message: heard.append(message.data))
                before.command("PUBLISH", "news", "one")
                await until(lambda: heard == [b"one"])
                await switch(sentinel, after)
                await until(lambda: after.command("PUBLISH", "news", "two") == 1)
                await until(lambda: heard == [b"one", b"two"])
