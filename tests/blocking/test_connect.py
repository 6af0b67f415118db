# Generated from tests/asyncio/test_connect.py by scripts/generate_blocking.py; change that file instead.
"""Connecting, closing, and starting while no server is there."""

from __future__ import annotations

import gc
import socket
import threading
import time
from functools import partial

import pytest

from multiplexer import ConfigurationOptions, EndPoint
from multiplexer.blocking import ConnectionMultiplexer, Database
from multiplexer.core.physical_connection import PhysicalConnection
from multiplexer.embedded import free_port
from multiplexer.errors import (
    ConfigurationError,
    DataError,
    MultiplexerClosedError,
    RedisConnectionError,
    RedisTimeoutError,
)
from multiplexer.retry import ConstantBackoff
from tests.conftest import Target
from tests.servers import Hold, RealServer, ScriptedServer

from ._world import gather, spawn, until
from .connecting import connect


@pytest.mark.parametrize("form", ["string", "url", "valkey url", "options"])
def test_connects_by_string_url_and_options(server: RealServer, form: str) -> None:
    address = f"{server.host}:{server.port}"
    configuration: str | ConfigurationOptions = {
        "string": f"{address},defaultDatabase=3,name=caller",
        "url": f"redis://{address}/3?client_name=caller",
        "valkey url": f"valkey://{address}/3?client_name=caller",
        "options": ConfigurationOptions(endpoints=address, default_database=3, name="caller"),
    }[form]
    with ConnectionMultiplexer.connect(configuration) as mux:
        assert mux.is_connected
        db = mux.get_database()
        assert db.database == 3
        assert db.set("key", "value")
    server_side = server.command("DBSIZE"), server.command("INFO", "keyspace")
    assert server_side[0] == 0
    assert b"db3:keys=1" in server_side[1]


def test_what_connects_can_be_entered_at_once(server: RealServer) -> None:
    with ConnectionMultiplexer.connect(f"{server.host}:{server.port}") as mux:
        assert mux.get_database().ping()
    with pytest.raises(MultiplexerClosedError):
        mux.get_database().ping()
    with pytest.raises(ConfigurationError, match="unknown option"):
        with ConnectionMultiplexer.connect("localhost,hots=1"):
            raise AssertionError
    with pytest.raises(ZeroDivisionError):
        with ConnectionMultiplexer.connect(f"{server.host}:{server.port}") as mux:
            raise ZeroDivisionError
    with pytest.raises(MultiplexerClosedError):
        mux.get_database().ping()



def test_without_connect_it_says_what_to_use() -> None:
    with pytest.raises(ConfigurationError, match=r"use ConnectionMultiplexer\.connect\(\)"):
        ConnectionMultiplexer("localhost:6379")  # type: ignore[arg-type]


def test_options_reach_the_server(server: RealServer, target: Target) -> None:
    with connect(server, name="caller", protocol=target.protocol, default_database=2, keep_alive=0) as mux:
        mux.get_database().ping()
        (client,) = [client for client in server.clients() if client["name"] == "caller"]
        assert client["db"] == "2"
        if server.version >= (7, 2):
            assert client["lib-name"] == "multiplexer"
            assert client["resp"] == str(target.protocol)


def test_redis_pys_names_are_understood(server: RealServer) -> None:
    with ConnectionMultiplexer.connect(
        host=server.host, port=server.port, db=2, client_name="me", socket_timeout=3
    ) as mux:
        assert (mux.options.default_database, mux.options.timeout) == (2, 3.0)
        assert mux.get_server().client_info()["name"] == "me"
        mux.reconfigure(socket_timeout=4)
        assert mux.options.timeout == 4.0
        with pytest.raises(ConfigurationError, match=r"^timeout: keyword arguments are seconds"):
            mux.reconfigure(timeout=5000)


def test_named_options_win_over_the_string(server: RealServer) -> None:
    address = f"{server.host}:{server.port},name=one,defaultDatabase=1"
    with ConnectionMultiplexer.connect(address, name="two") as mux:
        assert (mux.options.name, mux.options.default_database) == ("two", 1)


@pytest.mark.parametrize(
    ("configuration", "changes", "part"),
    [
        ("localhost:6379,asyncTimeoutt=1", {}, "asyncTimeout"),
        ("localhost:66000", {}, "endpoint.*port"),
        ("localhost:6379,password=a\nb", {}, "control"),
        ("redis://localhost:port", {}, "port"),
        ("localhost:6379", {"tiemout": 1}, "timeout"),
        ("localhost:6379", {"timeout": 5000}, "5000 milliseconds are timeout=5"),
        ("localhost:6379", {"decode_responses": True}, "get_database.decode=True"),
        ("redis://localhost?max_connections=5", {}, "max_leases"),
        ("localhost:6379,syncTimeout=soon", {}, "syncTimeout"),
        (b"localhost:6379", {}, "bytes"),
        ("localhost:6379,highIntegrity=true,$ECHO=", {}, "high_integrity: needs ECHO"),
        ("localhost:6379,highIntegrity=true,proxy=envoyproxy", {}, "high_integrity: needs ECHO"),
        ("localhost:6379,highIntegrity=true", {"connection_class": PhysicalConnection}, "high_integrity: cannot"),
        ("localhost:6379,parser=c", {}, "parser"),
        ("localhost:6379,readFrom=availabilityZone", {}, "availability_zone"),
    ],
)
def test_a_configuration_that_is_not_understood(configuration: str, changes: dict, part: str) -> None:
    with pytest.raises(ConfigurationError, match=f"(?i){part}"):
        ConnectionMultiplexer.connect(configuration, **changes)


def test_any_number_of_callers_share_one_connection(server: RealServer, target: Target) -> None:
    with connect(server, name="shared", protocol=target.protocol) as mux:
        db = mux.get_database()
        results = gather(*[partial(db.incr, "counter")] * 100)
        assert sorted(results) == list(range(1, 101))
        subscription = mux.get_subscriber().subscribe("channel")
        clients = [client for client in server.clients() if client["name"] == "shared"]
        assert len(clients) == 2  # subscriptions have one of their own
        subscription.unsubscribe()


def test_handles_are_cached(server: RealServer) -> None:
    with connect(server) as mux:
        assert mux.get_database(1) is mux.get_database(1)
        assert mux.get_database() is mux.get_database(0)
        assert mux.get_database(1) is not mux.get_database(2)
        assert mux.get_database(decode=True) is not mux.get_database()
        assert mux.get_subscriber() is mux.get_subscriber()
        address = f"{server.host}:{server.port}"
        handle = mux.get_server(address)
        assert handle is mux.get_server(EndPoint(server.host, server.port))
        assert handle is mux.get_server()
        assert mux.get_servers() == [handle]
        assert (handle.endpoint, handle.is_connected) == (address, True)
        assert address in repr(mux)
        assert "primary established" in repr(mux)


def test_handles_for_what_there_is_not(server: RealServer) -> None:
    with connect(server) as mux:
        with pytest.raises(DataError, match=f"known are {server.host}:{server.port}"):
            mux.get_server("elsewhere:6379")
        for index in (-1, True, "0", 1.0):
            with pytest.raises(DataError, match="index"):
                mux.get_database(index)  # type: ignore[call-overload]


# -- starting ----------------------------------------------------------------------------------------------


def test_starts_while_no_server_is_there_and_serves_as_soon_as_one_is() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        with connect(server) as mux:
            assert not mux.is_connected
            db = mux.get_database()
            call = spawn(db.set, "key", "value")
            until(lambda: mux.get_counters()[0].interactive.pending_unsent_items)
            server.start_listening()
            assert call.result() is True
            assert mux.is_connected
            assert server.commands("SET") == [(b"SET", b"key", b"value")]


def test_abort_connect_says_why_and_leaves_nothing_behind() -> None:
    port = free_port()
    began = time.monotonic()
    with pytest.raises(RedisConnectionError, match=r"(?i)refused|connect call failed"):
        ConnectionMultiplexer.connect(
            f"127.0.0.1:{port},abortConnect=true,connectRetry=2", reconnect_backoff=ConstantBackoff(0.01)
        )
    assert time.monotonic() - began < 2
    until(lambda: not [thread for thread in threading.enumerate() if "connect" in thread.name])


def test_abort_connect_is_content_with_one_server_of_several(server: RealServer) -> None:
    configuration = f"127.0.0.1:{free_port()},{server.host}:{server.port},abortConnect=true"
    with ConnectionMultiplexer.connect(configuration) as mux:
        mux.get_database().set("key", "value")
    assert server.command("GET", "key") == b"value"


def test_a_silent_server_does_not_hold_up_connecting(own_server: RealServer) -> None:
    own_server.pause()
    try:
        began = time.monotonic()
        with pytest.raises(RedisConnectionError, match=r"0\.2|handshake"):
            connect(own_server, connect_timeout=0.2, connect_retry=1, abort_connect=True)
        assert 0.15 < time.monotonic() - began < 2
    finally:
        own_server.resume()


def test_every_address_of_a_name_is_tried(server: RealServer, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = free_port()
    resolved = []

    def resolve(host: str, port: int, *args: object, **kwargs: object) -> list:
        resolved.append(host)
        kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        return [(*kind, ("127.0.0.1", closed)), (*kind, ("127.0.0.1", server.port))]

    with monkeypatch.context() as patched:
        patched.setattr(socket, "getaddrinfo", resolve)
        with ConnectionMultiplexer.connect("two-addresses.example:6379") as mux:
            assert mux.get_database().ping()
            server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            until(lambda: mux.get_counters()[0].interactive.socket_count > 1)
            assert mux.get_database().ping()
            assert len(resolved) > 1  # anew for each connection


def test_sockets_do_not_delay_and_are_probed(server: RealServer) -> None:
    with connect(server, tcp_user_timeout=7.5) as mux:
        mux.get_database().ping()
        sockets = [found for found in gc.get_objects() if isinstance(found, socket.socket) and found.fileno() >= 0]
        (used,) = [found for found in sockets if _peer(found) == (server.host, server.port)]
        assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        assert used.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            assert used.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 7500


def _peer(sock: socket.socket) -> object:
    try:
        return sock.getpeername()
    except OSError:
        return None


def test_one_multiplexer_for_the_running_loop(server: RealServer) -> None:
    configuration = f"{server.host}:{server.port},name=of-the-loop"
    mux = ConnectionMultiplexer.for_running_loop(configuration)
    try:
        assert ConnectionMultiplexer.for_running_loop(configuration) is mux
        other = ConnectionMultiplexer.for_running_loop(configuration + ",defaultDatabase=1")
        assert other is not mux
        other.close()
    finally:
        mux.close()
    again = ConnectionMultiplexer.for_running_loop(configuration)
    assert again is not mux
    assert again.get_database().ping()
    again.close()


def test_whoever_comes_while_the_loops_multiplexer_connects_waits_as_well() -> None:
    answer = threading.Event()
    with ScriptedServer() as server:
        server.on("HELLO", Hold(answer))
        configuration = f"127.0.0.1:{server.port},name=awaited"

        def get() -> bool:
            return ConnectionMultiplexer.for_running_loop(configuration).is_connected

        callers = [spawn(get) for _ in range(3)]
        until(lambda: server.commands("HELLO"))
        assert not any(caller.done() for caller in callers)
        answer.set()
        assert [caller.result() for caller in callers] == [True] * 3
        assert len(server.commands("HELLO")) == 1
        ConnectionMultiplexer.for_running_loop(configuration).close()


def test_all_are_told_where_the_loops_multiplexer_cannot_be_connected() -> None:
    configuration = "127.0.0.1:1,abortConnect=true,connectRetry=1"

    def get() -> str:
        with pytest.raises(RedisConnectionError) as caught:
            ConnectionMultiplexer.for_running_loop(configuration)
        return str(caught.value)

    assert all("no server could be reached" in text for text in gather(get, get, get))
    assert "no server could be reached" in get()  # and it is not kept


# -- closing -----------------------------------------------------------------------------------------------


def test_closing_ends_the_connection_and_may_be_repeated(server: RealServer) -> None:
    mux = connect(server, name="closing")
    db = mux.get_database()
    db.ping()
    mux.close()
    mux.close()
    until(lambda: not [client for client in server.clients() if client["name"] == "closing"])
    with pytest.raises(MultiplexerClosedError, match="PING") as caught:
        db.ping()
    assert caught.value.was_sent is False


def test_closing_lets_replies_arrive_that_are_due() -> None:
    with ScriptedServer() as server:
        held = threading.Event()
        server.on("GET", Hold(held, "late"))
        mux = connect(server)
        db = mux.get_database()
        reply = spawn(db.get, "key")
        until(lambda: server.commands("GET"))
        closing = spawn(mux.close)
        until(lambda: _is_refused(db))  # nothing new is taken meanwhile
        assert not reply.done()
        held.set()
        assert reply.result() == b"late"
        closing.result()


def _is_refused(db: Database[bytes]) -> bool:
    try:
        db.with_options(timeout=0.01).set("late", 1)
    except MultiplexerClosedError as error:
        return not error.was_sent
    except RedisTimeoutError:  # it went behind the reply that is held
        return False
    return False


def test_what_does_not_arrive_while_closing_fails() -> None:
    with ScriptedServer() as server:
        server.on("INCR", Hold(threading.Event()))
        mux = connect(server, timeout=0.3)
        call = spawn(mux.get_database().with_options(timeout=30).incr, "counter")
        until(lambda: server.commands("INCR"))
        began = time.monotonic()
        mux.close()
        assert 0.2 < time.monotonic() - began < 3
        with pytest.raises(MultiplexerClosedError, match="was sent and may have been applied") as caught:
            call.result()
        assert (caught.value.phase, caught.value.was_sent, caught.value.command) == ("written", True, "INCR")


def test_closing_while_disconnected_fails_what_is_queued() -> None:
    with ScriptedServer() as server:
        server.stop_listening()
        mux = connect(server)
        call = spawn(mux.get_database().set, "key", "value")
        until(lambda: mux.get_counters()[0].interactive.pending_unsent_items)
        mux.close()
        with pytest.raises(MultiplexerClosedError) as caught:
            call.result()
        assert caught.value.was_sent is False
