# Generated from tests/asyncio/compat/test_sentinel.py by scripts/generate_blocking.py; change that file instead.
"""Servers found through sentinels, under redis-py's names."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from multiplexer.compat.blocking.client import Redis
from multiplexer.compat.blocking.sentinel import (
    MasterNotFoundError,
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
    SlaveNotFoundError,
)
from multiplexer.embedded import free_port
from multiplexer.errors import ConfigurationError, ReadOnlyError, RedisConnectionError, RedisError, ResponseError
from tests.blocking._world import until
from tests.conftest import Target
from tests.servers import Certificates, RealServer, ScriptedSentinel, SentinelGroup, require_kind

SERVICE = "mymaster"

one_kind = pytest.mark.parametrize("own_group", ["valkey"], indirect=True)


@pytest.fixture
def sentinel(group: SentinelGroup, target: Target) -> Iterator[Sentinel]:
    """The sentinels of the shared group."""
    with Sentinel(group.addresses, protocol=target.unnamed_protocol) as sentinel:
        yield sentinel


def port_of(sentinel: Any) -> int:
    return int(sentinel.connection_pool.connection_kwargs["port"])


def eventually(call: Any) -> Any:
    """Make a call again until it succeeds."""

    def attempt() -> Any:
        try:
            return True, call()
        except RedisError:
            return None

    _, result = until(attempt, timeout=30)
    return result


class TestDiscovery:
    def test_primary_and_replicas(self, group: SentinelGroup, sentinel: Sentinel):
        assert sentinel.discover_master(SERVICE) == group.primary.address
        replicas = {replica.address for replica in group.replicas}
        assert set(sentinel.discover_slaves(SERVICE)) == replicas
        assert set(sentinel.discover_replicas(SERVICE)) == replicas

    def test_an_unknown_service(self, sentinel: Sentinel):
        with pytest.raises(MasterNotFoundError, match="No master found for 'nobody'"):
            sentinel.discover_master("nobody")
        assert sentinel.discover_slaves("nobody") == []
        with pytest.raises(MasterNotFoundError):
            sentinel.master_for("nobody").get("k")
        with pytest.raises(SlaveNotFoundError, match="No slave found for 'nobody'"):
            sentinel.slave_for("nobody").get("k")

    def test_dead_sentinels_are_passed_over(self, group: SentinelGroup):
        dead = [("127.0.0.1", free_port()) for _ in range(2)]
        with Sentinel([*dead, *group.addresses]) as sentinel:
            assert sentinel.discover_master(SERVICE) == group.primary.address
            # The one that knew is asked first from now on.
            assert [port_of(each) for each in sentinel.sentinels][:3] == [
                group.sentinels[0].port,
                *(port for _, port in dead),
            ]
            assert len(sentinel.sentinels) == 5
            assert len(sentinel.discover_slaves(SERVICE)) == 2

    def test_all_sentinels_dead(self):
        port = free_port()
        with Sentinel([("127.0.0.1", port)]) as sentinel:
            with pytest.raises(MasterNotFoundError, match=f"No master found for 'mymaster' : 127.0.0.1:{port} - "):
                sentinel.discover_master(SERVICE)
            assert sentinel.discover_slaves(SERVICE) == []

    @pytest.mark.parametrize("multiplexed", [False, True], ids=["own", "shared"])
    def test_nobody_is_found_by_the_name_of_what_was_looked_for(self, multiplexed: bool):
        dead = ("127.0.0.1", free_port())
        with Sentinel([dead], socket_timeout=0.3, multiplexed=multiplexed) as sentinel:
            for made, error in ((sentinel.master_for, MasterNotFoundError), (sentinel.slave_for, SlaveNotFoundError)):
                with made(SERVICE) as client:
                    with pytest.raises(error):
                        client.get("k")
                    with pytest.raises(error):
                        client.pipeline(transaction=False).get("k").execute()

    @one_kind
    def test_a_hung_sentinel(self, own_group: SentinelGroup):
        own_group.sentinels[0].pause()
        with Sentinel(own_group.addresses, socket_timeout=0.3) as sentinel:
            assert sentinel.discover_master(SERVICE) == own_group.primary.address
            assert port_of(sentinel.sentinels[0]) == own_group.sentinels[1].port
        own_group.sentinels[0].resume()

    def test_a_sentinel_that_knows_too_few_others(self, group: SentinelGroup):
        with Sentinel(group.addresses, min_other_sentinels=2) as sentinel:
            assert sentinel.discover_master(SERVICE) == group.primary.address
        with Sentinel(group.addresses, min_other_sentinels=3) as sentinel:
            with pytest.raises(MasterNotFoundError):
                sentinel.discover_master(SERVICE)

    def test_another_host_for_the_primary(self, group: SentinelGroup):
        with Sentinel(group.addresses, force_master_ip="localhost") as sentinel:
            assert sentinel.discover_master(SERVICE) == ("localhost", group.primary.port)
            with sentinel.master_for(SERVICE) as client:
                assert client.ping()

    @pytest.mark.parametrize("flags", ["master,s_down", "master,o_down", "slave"])
    def test_a_primary_that_is_down_is_not_named(self, flags: str):
        with ScriptedSentinel(("127.0.0.1", 1)) as scripted:
            scripted.flags = flags
            with Sentinel([(scripted.host, scripted.port)]) as sentinel:
                with pytest.raises(MasterNotFoundError):
                    sentinel.discover_master(SERVICE)

    def test_filters(self):
        sentinel = Sentinel([])
        up = {"ip": "h", "port": 1, "is_odown": False, "is_sdown": False}
        assert sentinel.filter_slaves([up, up | {"is_sdown": True}, up | {"is_odown": True}]) == [("h", 1)]
        assert sentinel.filter_replicas([up]) == [("h", 1)]
        state = up | {"is_master": True, "num-other-sentinels": 0}
        assert sentinel.check_master_state(state, SERVICE)
        assert not sentinel.check_master_state(state | {"is_sdown": True}, SERVICE)


class TestClients:
    def test_the_primary(self, group: SentinelGroup, sentinel: Sentinel):
        with sentinel.master_for(SERVICE) as client:
            assert isinstance(client, Redis)
            pool = client.connection_pool
            assert isinstance(pool, SentinelConnectionPool)
            assert pool.master_address is None  # nothing was sent yet
            assert client.set("k", "v") is True
            assert client.get("k") == b"v"
            assert pool.master_address == group.primary.address
            assert pool.get_master_address() == group.primary.address

    def test_the_replicas_in_turn(self, group: SentinelGroup, sentinel: Sentinel):
        group.primary.command("SET", "k", "v")
        with sentinel.slave_for(SERVICE) as client:
            assert until(partial(client.get, "k")) == b"v"
            with pytest.raises(ReadOnlyError):
                client.set("k", "w")
            pool = client.connection_pool
            connections = [pool.get_connection() for _ in range(4)]
            ports = [connection.port for connection in connections]
            assert ports[0] != ports[1]
            assert set(ports) == {replica.port for replica in group.replicas}
            for connection in connections:
                pool.release(connection)

    def test_going_through_the_replicas(self, group: SentinelGroup, sentinel: Sentinel):
        pool = sentinel.replica_for(SERVICE).connection_pool
        seen: list[Any] = []

        def go_through() -> None:
            for address in pool.rotate_slaves():
                seen.append(address)

        with pytest.raises(SlaveNotFoundError):
            go_through()
        assert set(seen[:2]) == {replica.address for replica in group.replicas}
        assert seen[2:] == [group.primary.address]
        for address in pool.rotate_replicas():
            assert address == seen[0]  # two further on
            break

    def test_the_primary_for_want_of_replicas(self, server: RealServer):
        dead = ("127.0.0.1", free_port())
        with ScriptedSentinel(server.address, replicas=[dead]) as scripted:
            with Sentinel([(scripted.host, scripted.port)]) as sentinel, sentinel.slave_for(SERVICE) as client:
                assert client.set("k", "v") is True

    def test_options(self, group: SentinelGroup):
        with Sentinel(group.addresses, db=2, decode_responses=True, client_name="mine") as sentinel:
            with sentinel.master_for(SERVICE) as client:
                client.set("k", "v")
                assert client.get("k") == "v"
                assert client.client_getname() == "mine"
                assert client.client_info()["db"] == 2
            with sentinel.master_for(SERVICE, db=3, max_connections=1) as client:
                assert client.get("k") is None
                assert client.connection_pool.max_connections == 1

    def test_names(self, group: SentinelGroup, sentinel: Sentinel):
        addresses = ",".join(f"{host}:{port}" for host, port in group.addresses)
        assert f"Sentinel(sentinels=[{addresses}])>" in repr(sentinel)
        with sentinel.master_for(SERVICE) as client:
            assert "SentinelConnectionPool(service=mymaster(master))>" in repr(client)
            connection = client.connection_pool.get_connection()
            assert f"service=mymaster,host=127.0.0.1,port={group.primary.port}" in repr(connection)
            connection.disconnect()
            assert "service=mymaster,db=0" in repr(connection)
            client.connection_pool.release(connection)
        assert "SentinelConnectionPool(service=mymaster(slave))>" in repr(sentinel.slave_for(SERVICE))

    @pytest.mark.parametrize("is_master", [True, False])
    def test_a_check_of_each_connection(self, server: RealServer, is_master: bool):
        with ScriptedSentinel(server.address, replicas=[server.address]) as scripted:
            with Sentinel([(scripted.host, scripted.port)]) as sentinel:
                pool = SentinelConnectionPool(SERVICE, sentinel, is_master=is_master, check_connection=True)
                connection = pool.get_connection()
                assert connection.is_connected
                pool.release(connection)
                pool.close()

    def test_over_a_shared_connection(self, group: SentinelGroup, sentinel: Sentinel):
        with sentinel.master_for(SERVICE, multiplexed=True) as client:
            assert client.set("k", "v") is True
            with client.pipeline() as pipeline:
                assert pipeline.get("k").incr("n").execute() == [b"v", 1]
            assert client.connection_pool.created_connections == 0
        with sentinel.slave_for(SERVICE, multiplexed=True) as client:
            for replica in group.replicas:
                replica.command("CONFIG", "RESETSTAT")
            assert until(partial(client.get, "k")) == b"v"
            assert any("cmdstat_get" in replica.info("commandstats") for replica in group.replicas)
        with pytest.raises(ConfigurationError, match="TLS"):
            sentinel.master_for(SERVICE, multiplexed=True, ssl=True)

    def test_tls(self, certificates: Certificates):
        require_kind("redis", tls=True)
        with (
            RealServer.start("redis", tls=certificates) as server,
            ScriptedSentinel(("localhost", server.tls_port)) as scripted,
        ):
            options: dict[str, Any] = {"ssl": True, "ssl_ca_certs": str(certificates.ca)}
            with (
                Sentinel([(scripted.host, scripted.port)], **options) as sentinel,
                sentinel.master_for(SERVICE) as client,
            ):
                assert client.set("k", "v") is True
                assert client.connection_pool.connection_class is SentinelManagedSSLConnection

    def test_credentials_of_servers_and_sentinels(self):
        credentials = {"username": "app", "password": "secret"}
        watcher = {"username": "watcher", "password": "other"}
        with SentinelGroup(
            replicas=1, sentinels=1, sentinel_username="watcher", sentinel_password="other", **credentials
        ) as group:
            with Sentinel(group.addresses, sentinel_kwargs=watcher, **credentials) as sentinel:
                with sentinel.master_for(SERVICE) as client:
                    assert client.client_info()["user"] == "app"
                with sentinel.slave_for(SERVICE) as client:
                    assert client.get("k") is None
            with Sentinel(group.addresses, sentinel_kwargs=credentials, **watcher) as sentinel:
                with pytest.raises(MasterNotFoundError, match="WRONGPASS"):
                    sentinel.discover_master(SERVICE)
            with Sentinel(group.addresses, **credentials) as sentinel:  # the servers' are not the sentinels'
                with pytest.raises(MasterNotFoundError, match="NOAUTH"):
                    sentinel.discover_master(SERVICE)


class TestPool:
    def test_ownership(self, group: SentinelGroup, sentinel: Sentinel):
        pool = SentinelConnectionPool(SERVICE, sentinel)
        connection = pool.get_connection()
        assert pool.owns_connection(connection)
        pool.master_address = ("127.0.0.1", 1)
        assert not pool.owns_connection(connection)
        pool.release(connection)
        assert not connection.is_connected  # it led to a server that is the primary no longer
        connection = pool.get_connection()
        assert connection.is_connected
        assert pool.master_address == group.primary.address
        pool.release(connection)
        assert connection.is_connected
        pool.close()

    def test_starting_anew(self, sentinel: Sentinel):
        pool = SentinelConnectionPool(SERVICE, sentinel)
        connection = pool.get_connection()
        pool.reset()
        assert pool.master_address is None
        assert pool.created_connections == 0
        pool.release(connection)
        assert not connection.is_connected
        pool.close()

    def test_another_primary_closes_idle_connections(self, shared_servers: dict[str, RealServer]):
        before, after = RealServer.start(), RealServer.start()
        with before, after, ScriptedSentinel(before.address) as scripted:
            with Sentinel([(scripted.host, scripted.port)]) as sentinel:
                pool = SentinelConnectionPool(SERVICE, sentinel)
                idle, used = pool.get_connection(), pool.get_connection()
                pool.release(idle)
                scripted.primary = after.address
                assert pool.get_master_address() == after.address
                assert not idle.is_connected
                assert used.is_connected  # who holds it may want the reply that is due
                pool.release(used)
                assert not used.is_connected
                connection = pool.get_connection()
                assert connection.port == after.port
                pool.release(connection)
                pool.close()


class TestLies:
    def test_a_sentinel_that_names_a_replica(self, group: SentinelGroup):
        with ScriptedSentinel(group.replicas[0].address) as liar:
            with Sentinel([(liar.host, liar.port), *group.addresses]) as sentinel:
                with sentinel.master_for(SERVICE) as client:
                    assert client.set("k", "v") is True
                    assert client.connection_pool.master_address == group.primary.address
                assert port_of(sentinel.sentinels[0]) == group.sentinels[0].port

    def test_a_sentinel_that_names_nobody_alive(self, group: SentinelGroup):
        with ScriptedSentinel(("127.0.0.1", free_port())) as liar:
            sentinels = [(liar.host, liar.port), *group.addresses]
            with Sentinel(sentinels) as sentinel, sentinel.master_for(SERVICE) as client:
                assert client.set("k", "v") is True

    def test_all_lie(self, group: SentinelGroup):
        replica = group.replicas[0]
        with ScriptedSentinel(replica.address) as one, ScriptedSentinel(replica.address) as two:
            with Sentinel([(one.host, one.port), (two.host, two.port)]) as sentinel:
                connection = SentinelManagedConnection(SentinelConnectionPool(SERVICE, sentinel))
                with pytest.raises(RedisConnectionError, match=f"127.0.0.1:{replica.port} is no primary of 'mymaster'"):
                    connection.connect()
                assert not connection.is_connected


def test_a_connection_that_outlives_its_client(sentinel: Sentinel):
    client = sentinel.master_for(SERVICE)
    connection = client.connection_pool.get_connection()
    connection.disconnect()
    client.close()
    del client
    gc.collect()
    connection.connect()
    connection.send_command("PING")
    assert connection.read_response() == b"PONG"
    connection.connection_pool.release(connection)
    connection.disconnect()


class TestFailover:
    @one_kind
    def test_a_connection_to_a_demoted_primary(self, own_group: SentinelGroup):
        with Sentinel(own_group.addresses) as sentinel:
            pool = SentinelConnectionPool(SERVICE, sentinel)
            with RealServer.start() as server, ScriptedSentinel(server.address) as scripted:
                sentinel.sentinels = [Redis(host=scripted.host, port=scripted.port), *sentinel.sentinels]
                connection = pool.get_connection()
                server.command("REPLICAOF", *own_group.primary.address)
                scripted.primary = own_group.primary.address
                connection.send_command("SET", "k", "v")
                with pytest.raises(RedisConnectionError, match="The previous master is now a slave") as caught:
                    connection.read_response()
                assert caught.value.phase == "answered"
                assert not connection.is_connected
                connection.send_command("SET", "k", "v")
                assert connection.read_response() == b"OK"
                assert connection.port == own_group.primary.port
                pool.release(connection)
                pool.close()

    def test_a_manual_failover(self, own_group: SentinelGroup):
        with Sentinel(own_group.addresses) as sentinel, sentinel.master_for(SERVICE) as client:
            assert client.set("k", 1) is True
            new = own_group.failover()
            eventually(partial(client.set, "k", 2))
            assert client.connection_pool.master_address == new.address
            assert new.command("GET", "k") == b"2"

    @pytest.mark.parametrize("how", ["kill", "pause"])
    def test_the_primary_is_lost(self, own_group: SentinelGroup, how: str):
        old = own_group.primary
        with (
            Sentinel(own_group.addresses, socket_timeout=0.5) as sentinel,
            sentinel.master_for(SERVICE) as primary,
            sentinel.slave_for(SERVICE) as replica,
        ):
            assert primary.set("k", 1) is True
            assert until(partial(replica.get, "k")) == b"1"
            getattr(old, how)()
            with pytest.raises(RedisError):
                primary.set("k", 2)
            eventually(partial(primary.set, "k", 3))
            new = own_group.primary
            assert new is not old
            assert new.command("GET", "k") == b"3"
            assert eventually(partial(replica.get, "k")) in (b"1", b"3")
            old.restart()

    @one_kind
    def test_half_the_sentinels_are_dead(self, own_group: SentinelGroup):
        own_group.sentinels[0].kill()
        with Sentinel(own_group.addresses) as sentinel, sentinel.master_for(SERVICE) as client:
            assert client.set("k", 1) is True
            old = own_group.primary
            old.kill()
            eventually(partial(client.set, "k", 2))
            assert own_group.primary is not old


class TestAskingAllSentinels:
    def test_any_command(self, sentinel: Sentinel):
        assert sentinel.execute_command("PING") is True
        assert sentinel.execute_command("PING", once=True) is True
        assert sentinel.execute_command("PING", return_responses=True) == [True] * 3
        assert sentinel.execute_command("PING", once=True, return_responses=True) == [True]
        with pytest.raises(ResponseError):
            sentinel.execute_command("GET", "k")

    def test_typed_commands(self, group: SentinelGroup, sentinel: Sentinel):
        assert sentinel.sentinel_master(SERVICE) is True
        states = sentinel.sentinel_master(SERVICE, return_responses=True)
        assert [state["port"] for state in states] == [group.primary.port] * 3
        assert sentinel.sentinel_get_master_addr_by_name(SERVICE) is True
        assert sentinel.sentinel_get_master_addr_by_name("nobody") is False
        addresses = sentinel.sentinel_get_master_addr_by_name(SERVICE, return_responses=True)
        assert addresses == [(b"127.0.0.1", group.primary.port)]  # of one of them, as in redis-py
        others = sentinel.sentinel_sentinels(SERVICE, return_responses=True)
        assert [len(states) for states in others] == [2, 2, 2]
        assert sentinel.sentinel_sentinels(SERVICE) is True
        assert sentinel.sentinel_masters() is True
        assert sentinel.sentinel_slaves(SERVICE) is True
        assert sentinel.sentinel_ckquorum(SERVICE) is True
        assert sentinel.sentinel_set(SERVICE, "parallel-syncs", 2) is True
        assert sentinel.sentinel_flushconfig() is True
        with pytest.raises(ResponseError, match="No such master"):
            sentinel.sentinel_master("nobody")


class Stubborn(Redis):
    """A client that cannot be closed without an error."""

    def close(self, close_connection_pool: bool | None = None) -> None:
        super().close(close_connection_pool)
        self.is_closed = True
        raise RedisConnectionError(f"not at port {port_of(self)}")


class SentinelOfStubborn(Sentinel):
    """One whose clients are of a class of its own."""

    def make_client(self, **options: Any) -> Redis:
        return Stubborn(**options)


def test_closing_goes_on_where_a_client_raises() -> None:
    sentinel = SentinelOfStubborn([("127.0.0.1", 1), ("127.0.0.1", 2)])
    with pytest.raises(RedisConnectionError, match="port 1"):
        sentinel.close()
    assert [client.is_closed for client in sentinel.sentinels] == [True, True]


class Deaf:
    """Somebody's own client of a sentinel, which nobody hears."""

    def __init__(self, **options: Any) -> None:
        pass

    def sentinel_masters(self) -> dict[str, Any]:
        raise RedisConnectionError("nobody")


class SentinelOfDeaf(Sentinel):
    """One whose clients have no more than what it asks of them."""

    def make_client(self, **options: Any) -> Deaf:
        return Deaf(**options)


def test_clients_of_a_class_of_ones_own_need_no_pool() -> None:
    sentinel = SentinelOfDeaf([("one", 1), ("two", "2")], socket_timeout=0.1)  # type: ignore[list-item]
    with pytest.raises(MasterNotFoundError, match=r"Deaf.*nobody"):
        sentinel.discover_master("service")
    assert [str(endpoint) for endpoint in sentinel.endpoints()] == ["one:1", "two:2"]
    with sentinel.master_for("service", multiplexed=True) as client:
        assert client.connection_pool.is_multiplexed
