"""Servers found through sentinels, under redis-py's names."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
import pytest_asyncio

from multiplexer.compat.asyncio.client import Redis
from multiplexer.compat.asyncio.sentinel import (
    MasterNotFoundError,
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
    SlaveNotFoundError,
)
from multiplexer.embedded import free_port
from multiplexer.errors import ConfigurationError, ReadOnlyError, RedisConnectionError, RedisError, ResponseError
from tests.asyncio._world import until
from tests.conftest import Target
from tests.servers import Certificates, RealServer, ScriptedSentinel, SentinelGroup, require_kind

SERVICE = "mymaster"

one_kind = pytest.mark.parametrize("own_group", ["valkey"], indirect=True)


@pytest_asyncio.fixture
async def sentinel(group: SentinelGroup, target: Target) -> AsyncIterator[Sentinel]:
    """The sentinels of the shared group."""
    async with Sentinel(group.addresses, protocol=target.unnamed_protocol) as sentinel:
        yield sentinel


def port_of(sentinel: Any) -> int:
    return int(sentinel.connection_pool.connection_kwargs["port"])


async def eventually(call: Any) -> Any:
    """Make a call again until it succeeds."""

    async def attempt() -> Any:
        try:
            return True, await call()
        except RedisError:
            return None

    _, result = await until(attempt, timeout=30)
    return result


class TestDiscovery:
    async def test_primary_and_replicas(self, group: SentinelGroup, sentinel: Sentinel):
        assert await sentinel.discover_master(SERVICE) == group.primary.address
        replicas = {replica.address for replica in group.replicas}
        assert set(await sentinel.discover_slaves(SERVICE)) == replicas
        assert set(await sentinel.discover_replicas(SERVICE)) == replicas

    async def test_an_unknown_service(self, sentinel: Sentinel):
        with pytest.raises(MasterNotFoundError, match="No master found for 'nobody'"):
            await sentinel.discover_master("nobody")
        assert await sentinel.discover_slaves("nobody") == []
        with pytest.raises(MasterNotFoundError):
            await sentinel.master_for("nobody").get("k")
        with pytest.raises(SlaveNotFoundError, match="No slave found for 'nobody'"):
            await sentinel.slave_for("nobody").get("k")

    async def test_dead_sentinels_are_passed_over(self, group: SentinelGroup):
        dead = [("127.0.0.1", free_port()) for _ in range(2)]
        async with Sentinel([*dead, *group.addresses]) as sentinel:
            assert await sentinel.discover_master(SERVICE) == group.primary.address
            # The one that knew is asked first from now on.
            assert [port_of(each) for each in sentinel.sentinels][:3] == [
                group.sentinels[0].port,
                *(port for _, port in dead),
            ]
            assert len(sentinel.sentinels) == 5
            assert len(await sentinel.discover_slaves(SERVICE)) == 2

    async def test_all_sentinels_dead(self):
        port = free_port()
        async with Sentinel([("127.0.0.1", port)]) as sentinel:
            with pytest.raises(MasterNotFoundError, match=f"No master found for 'mymaster' : 127.0.0.1:{port} - "):
                await sentinel.discover_master(SERVICE)
            assert await sentinel.discover_slaves(SERVICE) == []

    @pytest.mark.parametrize("multiplexed", [False, True], ids=["own", "shared"])
    async def test_nobody_is_found_by_the_name_of_what_was_looked_for(self, multiplexed: bool):
        dead = ("127.0.0.1", free_port())
        async with Sentinel([dead], socket_timeout=0.3, multiplexed=multiplexed) as sentinel:
            for made, error in ((sentinel.master_for, MasterNotFoundError), (sentinel.slave_for, SlaveNotFoundError)):
                async with made(SERVICE) as client:
                    with pytest.raises(error):
                        await client.get("k")
                    with pytest.raises(error):
                        await client.pipeline(transaction=False).get("k").execute()

    @one_kind
    async def test_a_hung_sentinel(self, own_group: SentinelGroup):
        own_group.sentinels[0].pause()
        async with Sentinel(own_group.addresses, socket_timeout=0.3) as sentinel:
            assert await sentinel.discover_master(SERVICE) == own_group.primary.address
            assert port_of(sentinel.sentinels[0]) == own_group.sentinels[1].port
        own_group.sentinels[0].resume()

    async def test_a_sentinel_that_knows_too_few_others(self, group: SentinelGroup):
        async with Sentinel(group.addresses, min_other_sentinels=2) as sentinel:
            assert await sentinel.discover_master(SERVICE) == group.primary.address
        async with Sentinel(group.addresses, min_other_sentinels=3) as sentinel:
            with pytest.raises(MasterNotFoundError):
                await sentinel.discover_master(SERVICE)

    async def test_another_host_for_the_primary(self, group: SentinelGroup):
        async with Sentinel(group.addresses, force_master_ip="localhost") as sentinel:
            assert await sentinel.discover_master(SERVICE) == ("localhost", group.primary.port)
            async with sentinel.master_for(SERVICE) as client:
                assert await client.ping()

    @pytest.mark.parametrize("flags", ["master,s_down", "master,o_down", "slave"])
    async def test_a_primary_that_is_down_is_not_named(self, flags: str):
        with ScriptedSentinel(("127.0.0.1", 1)) as scripted:
            scripted.flags = flags
            async with Sentinel([(scripted.host, scripted.port)]) as sentinel:
                with pytest.raises(MasterNotFoundError):
                    await sentinel.discover_master(SERVICE)

    async def test_filters(self):
        sentinel = Sentinel([])
        up = {"ip": "h", "port": 1, "is_odown": False, "is_sdown": False}
        assert sentinel.filter_slaves([up, up | {"is_sdown": True}, up | {"is_odown": True}]) == [("h", 1)]
        assert sentinel.filter_replicas([up]) == [("h", 1)]
        state = up | {"is_master": True, "num-other-sentinels": 0}
        assert sentinel.check_master_state(state, SERVICE)
        assert not sentinel.check_master_state(state | {"is_sdown": True}, SERVICE)


class TestClients:
    async def test_the_primary(self, group: SentinelGroup, sentinel: Sentinel):
        async with sentinel.master_for(SERVICE) as client:
            assert isinstance(client, Redis)
            pool = client.connection_pool
            assert isinstance(pool, SentinelConnectionPool)
            assert pool.master_address is None  # nothing was sent yet
            assert await client.set("k", "v") is True
            assert await client.get("k") == b"v"
            assert pool.master_address == group.primary.address
            assert await pool.get_master_address() == group.primary.address

    async def test_the_replicas_in_turn(self, group: SentinelGroup, sentinel: Sentinel):
        group.primary.command("SET", "k", "v")
        async with sentinel.slave_for(SERVICE) as client:
            assert await until(partial(client.get, "k")) == b"v"
            with pytest.raises(ReadOnlyError):
                await client.set("k", "w")
            pool = client.connection_pool
            connections = [await pool.get_connection() for _ in range(4)]
            ports = [connection.port for connection in connections]
            assert ports[0] != ports[1]
            assert set(ports) == {replica.port for replica in group.replicas}
            for connection in connections:
                await pool.release(connection)

    async def test_going_through_the_replicas(self, group: SentinelGroup, sentinel: Sentinel):
        pool = sentinel.replica_for(SERVICE).connection_pool
        seen: list[Any] = []

        async def go_through() -> None:
            async for address in pool.rotate_slaves():
                seen.append(address)

        with pytest.raises(SlaveNotFoundError):
            await go_through()
        assert set(seen[:2]) == {replica.address for replica in group.replicas}
        assert seen[2:] == [group.primary.address]
        async for address in pool.rotate_replicas():
            assert address == seen[0]  # two further on
            break

    async def test_the_primary_for_want_of_replicas(self, server: RealServer):
        dead = ("127.0.0.1", free_port())
        with ScriptedSentinel(server.address, replicas=[dead]) as scripted:
            async with Sentinel([(scripted.host, scripted.port)]) as sentinel, sentinel.slave_for(SERVICE) as client:
                assert await client.set("k", "v") is True

    async def test_options(self, group: SentinelGroup):
        async with Sentinel(group.addresses, db=2, decode_responses=True, client_name="mine") as sentinel:
            async with sentinel.master_for(SERVICE) as client:
                await client.set("k", "v")
                assert await client.get("k") == "v"
                assert await client.client_getname() == "mine"
                assert (await client.client_info())["db"] == 2
            async with sentinel.master_for(SERVICE, db=3, max_connections=1) as client:
                assert await client.get("k") is None
                assert client.connection_pool.max_connections == 1

    async def test_names(self, group: SentinelGroup, sentinel: Sentinel):
        addresses = ",".join(f"{host}:{port}" for host, port in group.addresses)
        assert f"Sentinel(sentinels=[{addresses}])>" in repr(sentinel)
        async with sentinel.master_for(SERVICE) as client:
            assert "SentinelConnectionPool(service=mymaster(master))>" in repr(client)
            connection = await client.connection_pool.get_connection()
            assert f"service=mymaster,host=127.0.0.1,port={group.primary.port}" in repr(connection)
            await connection.disconnect()
            assert "service=mymaster,db=0" in repr(connection)
            await client.connection_pool.release(connection)
        assert "SentinelConnectionPool(service=mymaster(slave))>" in repr(sentinel.slave_for(SERVICE))

    @pytest.mark.parametrize("is_master", [True, False])
    async def test_a_check_of_each_connection(self, server: RealServer, is_master: bool):
        with ScriptedSentinel(server.address, replicas=[server.address]) as scripted:
            async with Sentinel([(scripted.host, scripted.port)]) as sentinel:
                pool = SentinelConnectionPool(SERVICE, sentinel, is_master=is_master, check_connection=True)
                connection = await pool.get_connection()
                assert connection.is_connected
                await pool.release(connection)
                await pool.aclose()

    async def test_over_a_shared_connection(self, group: SentinelGroup, sentinel: Sentinel):
        async with sentinel.master_for(SERVICE, multiplexed=True) as client:
            assert await client.set("k", "v") is True
            async with client.pipeline() as pipeline:
                assert await pipeline.get("k").incr("n").execute() == [b"v", 1]
            assert client.connection_pool.created_connections == 0
        async with sentinel.slave_for(SERVICE, multiplexed=True) as client:
            for replica in group.replicas:
                replica.command("CONFIG", "RESETSTAT")
            assert await until(partial(client.get, "k")) == b"v"
            assert any("cmdstat_get" in replica.info("commandstats") for replica in group.replicas)
        with pytest.raises(ConfigurationError, match="TLS"):
            sentinel.master_for(SERVICE, multiplexed=True, ssl=True)

    async def test_tls(self, certificates: Certificates):
        require_kind("redis", tls=True)
        with (
            RealServer.start("redis", tls=certificates) as server,
            ScriptedSentinel(("localhost", server.tls_port)) as scripted,
        ):
            options: dict[str, Any] = {"ssl": True, "ssl_ca_certs": str(certificates.ca)}
            async with (
                Sentinel([(scripted.host, scripted.port)], **options) as sentinel,
                sentinel.master_for(SERVICE) as client,
            ):
                assert await client.set("k", "v") is True
                assert client.connection_pool.connection_class is SentinelManagedSSLConnection

    async def test_credentials_of_servers_and_sentinels(self):
        credentials = {"username": "app", "password": "secret"}
        watcher = {"username": "watcher", "password": "other"}
        with SentinelGroup(
            replicas=1, sentinels=1, sentinel_username="watcher", sentinel_password="other", **credentials
        ) as group:
            async with Sentinel(group.addresses, sentinel_kwargs=watcher, **credentials) as sentinel:
                async with sentinel.master_for(SERVICE) as client:
                    assert (await client.client_info())["user"] == "app"
                async with sentinel.slave_for(SERVICE) as client:
                    assert await client.get("k") is None
            async with Sentinel(group.addresses, sentinel_kwargs=credentials, **watcher) as sentinel:
                with pytest.raises(MasterNotFoundError, match="WRONGPASS"):
                    await sentinel.discover_master(SERVICE)
            async with Sentinel(group.addresses, **credentials) as sentinel:  # the servers' are not the sentinels'
                with pytest.raises(MasterNotFoundError, match="NOAUTH"):
                    await sentinel.discover_master(SERVICE)


class TestPool:
    async def test_ownership(self, group: SentinelGroup, sentinel: Sentinel):
        pool = SentinelConnectionPool(SERVICE, sentinel)
        connection = await pool.get_connection()
        assert pool.owns_connection(connection)
        pool.master_address = ("127.0.0.1", 1)
        assert not pool.owns_connection(connection)
        await pool.release(connection)
        assert not connection.is_connected  # it led to a server that is the primary no longer
        connection = await pool.get_connection()
        assert connection.is_connected
        assert pool.master_address == group.primary.address
        await pool.release(connection)
        assert connection.is_connected
        await pool.aclose()

    async def test_starting_anew(self, sentinel: Sentinel):
        pool = SentinelConnectionPool(SERVICE, sentinel)
        connection = await pool.get_connection()
        pool.reset()
        assert pool.master_address is None
        assert pool.created_connections == 0
        await pool.release(connection)
        assert not connection.is_connected
        await pool.aclose()

    async def test_another_primary_closes_idle_connections(self, shared_servers: dict[str, RealServer]):
        before, after = RealServer.start(), RealServer.start()
        with before, after, ScriptedSentinel(before.address) as scripted:
            async with Sentinel([(scripted.host, scripted.port)]) as sentinel:
                pool = SentinelConnectionPool(SERVICE, sentinel)
                idle, used = await pool.get_connection(), await pool.get_connection()
                await pool.release(idle)
                scripted.primary = after.address
                assert await pool.get_master_address() == after.address
                assert not idle.is_connected
                assert used.is_connected  # who holds it may want the reply that is due
                await pool.release(used)
                assert not used.is_connected
                connection = await pool.get_connection()
                assert connection.port == after.port
                await pool.release(connection)
                await pool.aclose()


class TestLies:
    async def test_a_sentinel_that_names_a_replica(self, group: SentinelGroup):
        with ScriptedSentinel(group.replicas[0].address) as liar:
            async with Sentinel([(liar.host, liar.port), *group.addresses]) as sentinel:
                async with sentinel.master_for(SERVICE) as client:
                    assert await client.set("k", "v") is True
                    assert client.connection_pool.master_address == group.primary.address
                assert port_of(sentinel.sentinels[0]) == group.sentinels[0].port

    async def test_a_sentinel_that_names_nobody_alive(self, group: SentinelGroup):
        with ScriptedSentinel(("127.0.0.1", free_port())) as liar:
            sentinels = [(liar.host, liar.port), *group.addresses]
            async with Sentinel(sentinels) as sentinel, sentinel.master_for(SERVICE) as client:
                assert await client.set("k", "v") is True

    async def test_all_lie(self, group: SentinelGroup):
        replica = group.replicas[0]
        with ScriptedSentinel(replica.address) as one, ScriptedSentinel(replica.address) as two:
            async with Sentinel([(one.host, one.port), (two.host, two.port)]) as sentinel:
                connection = SentinelManagedConnection(SentinelConnectionPool(SERVICE, sentinel))
                with pytest.raises(RedisConnectionError, match=f"127.0.0.1:{replica.port} is no primary of 'mymaster'"):
                    await connection.connect()
                assert not connection.is_connected


async def test_a_connection_that_outlives_its_client(sentinel: Sentinel):
    client = sentinel.master_for(SERVICE)
    connection = await client.connection_pool.get_connection()
    await connection.disconnect()
    await client.aclose()
    del client
    gc.collect()
    await connection.connect()
    await connection.send_command("PING")
    assert await connection.read_response() == b"PONG"
    await connection.connection_pool.release(connection)
    await connection.disconnect()


class TestFailover:
    @one_kind
    async def test_a_connection_to_a_demoted_primary(self, own_group: SentinelGroup):
        async with Sentinel(own_group.addresses) as sentinel:
            pool = SentinelConnectionPool(SERVICE, sentinel)
            with RealServer.start() as server, ScriptedSentinel(server.address) as scripted:
                sentinel.sentinels = [Redis(host=scripted.host, port=scripted.port), *sentinel.sentinels]
                connection = await pool.get_connection()
                server.command("REPLICAOF", *own_group.primary.address)
                scripted.primary = own_group.primary.address
                await connection.send_command("SET", "k", "v")
                with pytest.raises(RedisConnectionError, match="The previous master is now a slave") as caught:
                    await connection.read_response()
                assert caught.value.phase == "answered"
                assert not connection.is_connected
                await connection.send_command("SET", "k", "v")
                assert await connection.read_response() == b"OK"
                assert connection.port == own_group.primary.port
                await pool.release(connection)
                await pool.aclose()

    async def test_a_manual_failover(self, own_group: SentinelGroup):
        async with Sentinel(own_group.addresses) as sentinel, sentinel.master_for(SERVICE) as client:
            assert await client.set("k", 1) is True
            new = own_group.failover()
            await eventually(partial(client.set, "k", 2))
            assert client.connection_pool.master_address == new.address
            assert new.command("GET", "k") == b"2"

    @pytest.mark.parametrize("how", ["kill", "pause"])
    async def test_the_primary_is_lost(self, own_group: SentinelGroup, how: str):
        old = own_group.primary
        async with (
            Sentinel(own_group.addresses, socket_timeout=0.5) as sentinel,
            sentinel.master_for(SERVICE) as primary,
            sentinel.slave_for(SERVICE) as replica,
        ):
            assert await primary.set("k", 1) is True
            assert await until(partial(replica.get, "k")) == b"1"
            getattr(old, how)()
            with pytest.raises(RedisError):
                await primary.set("k", 2)
            await eventually(partial(primary.set, "k", 3))
            new = own_group.primary
            assert new is not old
            assert new.command("GET", "k") == b"3"
            assert await eventually(partial(replica.get, "k")) in (b"1", b"3")
            old.restart()

    @one_kind
    async def test_half_the_sentinels_are_dead(self, own_group: SentinelGroup):
        own_group.sentinels[0].kill()
        async with Sentinel(own_group.addresses) as sentinel, sentinel.master_for(SERVICE) as client:
            assert await client.set("k", 1) is True
            old = own_group.primary
            old.kill()
            await eventually(partial(client.set, "k", 2))
            assert own_group.primary is not old


class TestAskingAllSentinels:
    async def test_any_command(self, sentinel: Sentinel):
        assert await sentinel.execute_command("PING") is True
        assert await sentinel.execute_command("PING", once=True) is True
        assert await sentinel.execute_command("PING", return_responses=True) == [True] * 3
        assert await sentinel.execute_command("PING", once=True, return_responses=True) == [True]
        with pytest.raises(ResponseError):
            await sentinel.execute_command("GET", "k")

    async def test_typed_commands(self, group: SentinelGroup, sentinel: Sentinel):
        assert await sentinel.sentinel_master(SERVICE) is True
        states = await sentinel.sentinel_master(SERVICE, return_responses=True)
        assert [state["port"] for state in states] == [group.primary.port] * 3
        assert await sentinel.sentinel_get_master_addr_by_name(SERVICE) is True
        assert await sentinel.sentinel_get_master_addr_by_name("nobody") is False
        addresses = await sentinel.sentinel_get_master_addr_by_name(SERVICE, return_responses=True)
        assert addresses == [(b"127.0.0.1", group.primary.port)]  # of one of them, as in redis-py
        others = await sentinel.sentinel_sentinels(SERVICE, return_responses=True)
        assert [len(states) for states in others] == [2, 2, 2]
        assert await sentinel.sentinel_sentinels(SERVICE) is True
        assert await sentinel.sentinel_masters() is True
        assert await sentinel.sentinel_slaves(SERVICE) is True
        assert await sentinel.sentinel_ckquorum(SERVICE) is True
        assert await sentinel.sentinel_set(SERVICE, "parallel-syncs", 2) is True
        assert await sentinel.sentinel_flushconfig() is True
        with pytest.raises(ResponseError, match="No such master"):
            await sentinel.sentinel_master("nobody")


class Stubborn(Redis):
    """A client that cannot be closed without an error."""

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        await super().aclose(close_connection_pool)
        self.is_closed = True
        raise RedisConnectionError(f"not at port {port_of(self)}")


class SentinelOfStubborn(Sentinel):
    """One whose clients are of a class of its own."""

    def make_client(self, **options: Any) -> Redis:
        return Stubborn(**options)


async def test_closing_goes_on_where_a_client_raises() -> None:
    sentinel = SentinelOfStubborn([("127.0.0.1", 1), ("127.0.0.1", 2)])
    with pytest.raises(RedisConnectionError, match="port 1"):
        await sentinel.aclose()
    assert [client.is_closed for client in sentinel.sentinels] == [True, True]


class Deaf:
    """Somebody's own client of a sentinel, which nobody hears."""

    def __init__(self, **options: Any) -> None:
        pass

    async def sentinel_masters(self) -> dict[str, Any]:
        raise RedisConnectionError("nobody")


class SentinelOfDeaf(Sentinel):
    """One whose clients have no more than what it asks of them."""

    def make_client(self, **options: Any) -> Deaf:
        return Deaf(**options)


async def test_clients_of_a_class_of_ones_own_need_no_pool() -> None:
    sentinel = SentinelOfDeaf([("one", 1), ("two", "2")], socket_timeout=0.1)  # type: ignore[list-item]
    with pytest.raises(MasterNotFoundError, match=r"Deaf.*nobody"):
        await sentinel.discover_master("service")
    assert [str(endpoint) for endpoint in sentinel.endpoints()] == ["one:1", "two:2"]
    async with sentinel.master_for("service", multiplexed=True) as client:
        assert client.connection_pool.is_multiplexed
