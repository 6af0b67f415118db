from __future__ import annotations

import socket
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hiredis
import pytest

from tests.servers import (
    DEFAULT,
    OK,
    Close,
    Delay,
    Error,
    Hold,
    Many,
    Pieces,
    Push,
    Raw,
    ScriptedServer,
    Sequence,
    Shard,
    Silence,
    Simple,
    moved,
    slot_of,
)

from .client import Client


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def client(server: ScriptedServer) -> Iterator[Client]:
    with Client((server.host, server.port)) as connected:
        yield connected


# --- usual behaviour


def test_handshake(client: Client):
    hello = client.ask("HELLO", 3, "SETNAME", "me")
    assert hello[b"proto"] == 3
    assert hello[b"server"] == b"redis"
    assert client.ask("CLIENT", "GETNAME") == b"me"
    assert client.ask("CLIENT", "SETINFO", "LIB-NAME", "x") == b"OK"
    assert client.ask("CLIENT", "ID") == 1
    assert client.ask("ECHO", "tracer") == b"tracer"
    assert client.ask("PING") == b"PONG"
    assert client.ask("ROLE") == [b"master", 0, []]
    assert client.ask("CONFIG", "GET", "time*") == {b"timeout": b"0"}
    assert b"run_id:" in client.ask("INFO", "server")
    assert "cluster support disabled" in str(client.ask("CLUSTER", "NODES"))
    assert "unknown command" in str(client.ask("NONSENSE"))


def test_resp2_until_hello(client: Client):
    assert client.ask("CONFIG", "GET", "timeout") == [b"timeout", b"0"]


def test_store(client: Client):
    assert client.ask("SET", "k", "v") == b"OK"
    assert client.ask("SET", "k", "w", "NX") is None
    assert client.ask("GET", "k") == b"v"
    assert client.ask("INCR", "n") == 1
    assert client.ask("INCRBY", "n", 5) == 6
    assert client.ask("MGET", "k", "n", "none") == [b"v", b"6", None]
    assert client.ask("SELECT", 1) == b"OK"
    assert client.ask("GET", "k") is None
    assert "out of range" in str(client.ask("SELECT", 99))
    client.ask("SELECT", 0)
    assert client.ask("DEL", "k", "none") == 1
    assert "not an integer" in str([client.ask("SET", "n", "x"), client.ask("INCR", "n")][1])
    assert "wrong number" in str(client.ask("GET"))


def test_increments_are_atomic(server: ScriptedServer):
    def count() -> None:
        with Client((server.host, server.port)) as own:
            for _ in range(200):
                own.ask("INCR", "n")

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.behaviour.databases[0][b"n"] == b"800"


def test_transactions(client: Client):
    assert client.ask("MULTI") == b"OK"
    assert client.ask("INCR", "n") == b"QUEUED"
    assert client.ask("GET", "n") == b"QUEUED"
    assert client.ask("EXEC") == [1, b"1"]
    assert "without MULTI" in str(client.ask("EXEC"))


def test_password():
    with ScriptedServer(password="secret") as server, Client((server.host, server.port)) as client:
        assert "NOAUTH" in str(client.ask("PING"))
        assert "NOAUTH" in str(client.ask("HELLO", 3))
        assert "WRONGPASS" in str(client.ask("AUTH", "wrong"))
        assert "WRONGPASS" in str(client.ask("HELLO", 3, "AUTH", "default", "wrong"))
        assert client.ask("HELLO", 3, "AUTH", "default", "secret")[b"proto"] == 3
        assert client.ask("RESET") == b"RESET"
        assert client.ask("AUTH", "default", "secret") == b"OK"
        assert client.ask("PING") == b"PONG"


def test_a_server_without_resp3():
    with ScriptedServer(resp3=False) as server, Client((server.host, server.port)) as client:
        assert "unknown command 'HELLO'" in str(client.ask("HELLO", 3))
        assert client.ask("PING") == b"PONG"


def test_a_replica_refuses_writes():
    with ScriptedServer(role="slave") as server, Client((server.host, server.port)) as client:
        assert str(client.ask("SET", "k", "v")).startswith("READONLY")
        assert client.ask("GET", "k") is None
        assert client.ask("ROLE")[0] == b"slave"


def test_cluster():
    with ScriptedServer() as first, ScriptedServer() as second, Client((first.host, first.port)) as client:
        shards = [Shard([(0, 8191)], [first]), Shard([(8192, 16383)], [second])]
        first.behaviour.cluster = second.behaviour.cluster = shards
        assert slot_of(b"foo") == slot_of(b"x{foo}y") == 12182
        assert str(client.ask("GET", "foo")) == f"MOVED 12182 127.0.0.1:{second.port}"
        assert client.ask("SET", "bar", "v") == b"OK"  # slot 5061
        assert [entry[:2] for entry in client.ask("CLUSTER", "SLOTS")] == [[0, 8191], [8192, 16383]]
        assert f"{second.port}@".encode() in client.ask("CLUSTER", "NODES")
        assert len(client.ask("CLUSTER", "SHARDS")) == 2


def test_subscriptions(server: ScriptedServer, client: Client):
    client.ask("HELLO", 3)
    assert client.ask("SUBSCRIBE", "a", "b") == [b"subscribe", b"a", 1]
    assert client.read() == [b"subscribe", b"b", 2]
    with Client((server.host, server.port)) as other:
        assert other.ask("PUBLISH", "a", "text") == 1
    message = client.read()
    assert isinstance(message, hiredis.PushNotification)
    assert message == [b"message", b"a", b"text"]
    assert client.ask("UNSUBSCRIBE", "a") == [b"unsubscribe", b"a", 1]


# --- input


def test_input_in_single_bytes(server: ScriptedServer, client: Client):
    for byte in hiredis.pack_command(("SET", "k", b"\r\n\x00")):
        client.socket.sendall(bytes([byte]))
    assert client.read() == b"OK"
    assert server.commands("SET") == [(b"SET", b"k", b"\r\n\x00")]


def test_pipelined_input(server: ScriptedServer, client: Client):
    client.socket.sendall(b"".join(hiredis.pack_command(("INCR", "n")) for _ in range(1000)))
    assert [client.read() for _ in range(1000)] == list(range(1, 1001))
    assert len(server.received) == 1000


def test_garbage_from_the_client_ends_the_connection(client: Client):
    client.socket.sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert str(client.read()).startswith("ERR Protocol error")
    with pytest.raises(EOFError):
        client.read()


# --- the script


def test_override_by_command_and_subcommand(server: ScriptedServer, client: Client):
    server.on("get", b"scripted")
    server.on("CLIENT SETNAME", Error("ERR no"))
    assert client.ask("GET", "k") == b"scripted"
    assert str(client.ask("CLIENT", "SETNAME", "x")) == "ERR no"
    assert client.ask("CLIENT", "ID") == 1
    server.off("GET")
    assert client.ask("GET", "k") is None
    server.on("*", Simple("ANY"))
    assert client.ask("PING") == b"ANY"
    server.off()
    assert client.ask("PING") == b"PONG"


def test_callable_and_default(server: ScriptedServer, client: Client):
    server.on("GET", lambda connection, args: args[1] if args[1] != b"k" else DEFAULT)
    assert client.ask("GET", "x") == b"x"
    assert client.ask("GET", "k") is None


def test_sequence_then_the_usual(server: ScriptedServer, client: Client):
    server.on("SET", Sequence(Error("READONLY once"), moved(1, server)))
    assert str(client.ask("SET", "k", "v")) == "READONLY once"
    assert str(client.ask("SET", "k", "v")) == f"MOVED 1 127.0.0.1:{server.port}"
    assert client.ask("SET", "k", "v") == b"OK"


def test_close_after_some_bytes(server: ScriptedServer, client: Client):
    server.on("GET", Close(b"value", after_bytes=6))
    client.ask("SET", "k", "v")
    client.send("GET", "k")
    client.send("GET", "never answered")
    assert client.rest() == b"$5\r\nva"
    server.wait_for(lambda s: not s.connections)


def test_close_after_the_reply_and_without_one(server: ScriptedServer, client: Client):
    server.on("GET", Close(b"v"))
    client.send("GET", "k")
    assert client.rest() == b"$1\r\nv\r\n"
    server.on("GET", Close())
    with Client((server.host, server.port)) as other:
        other.send("GET", "k")
        assert other.rest() == b""


def test_close_by_reset(server: ScriptedServer, client: Client):
    server.on("GET", Close(reset=True))
    client.send("GET", "k")
    with pytest.raises(ConnectionResetError):
        client.read()


def test_delay_keeps_the_order(server: ScriptedServer, client: Client):
    server.on("GET", Delay(0.5, b"late"))
    began = time.monotonic()
    client.send("PING")
    client.send("GET", "k")
    client.send("PING")
    assert client.read() == b"PONG"
    assert time.monotonic() - began < 0.5
    assert [client.read(), client.read()] == [b"late", b"PONG"]
    assert time.monotonic() - began >= 0.5


def test_hold_until_an_event(server: ScriptedServer, client: Client):
    event = threading.Event()
    server.on("GET", Hold(event, b"now"))
    client.send("GET", "k")
    server.wait_for_command("GET")
    client.socket.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.read()
    event.set()
    client.socket.settimeout(5)
    assert client.read() == b"now"


def test_silence(server: ScriptedServer, client: Client):
    server.on("GET", Silence())
    client.send("GET", "k")
    assert client.ask("PING") == b"PONG"


def test_unknown_push_garbage_and_too_many_replies(server: ScriptedServer, client: Client):
    client.ask("HELLO", 3)
    server.on("GET", Many(Push("novelty", 1), b"v", b"one too many", Raw(b"garbage\r\n")))
    assert client.ask("GET", "k") == [b"novelty", 1]
    assert [client.read(), client.read()] == [b"v", b"one too many"]
    with pytest.raises(hiredis.ProtocolError):
        client.read()


def test_refusal_at_accept(server: ScriptedServer):
    server.on_connect(Close(Error("ERR max number of clients reached")))
    with Client((server.host, server.port)) as client:
        client.send("PING")
        assert client.rest() == b"-ERR max number of clients reached\r\n"


# --- what happened, and what a test does


def test_records(server: ScriptedServer, client: Client):
    before = time.monotonic()
    with Client((server.host, server.port)) as other:
        other.ask("PING")
        client.ask("SET", "k", "v")
        assert [connection.id for connection in server.connections] == [1, 2]
    first, second = server.received
    assert (first.name, first.connection.id) == ("PING", 2)
    assert second.args == (b"SET", b"k", b"v")
    assert before <= first.time <= second.time <= time.monotonic()
    assert server.connections[0].commands("SET") == server.commands("SET")
    server.wait_for(lambda s: len(s.connections) == 1)
    assert server.accepted == 2
    server.clear()
    assert server.received == []


def test_wait_for(server: ScriptedServer, client: Client):
    timer = threading.Timer(0.03, lambda: client.send("GET", "k"))
    timer.start()
    assert server.wait_for_command("GET") == [(b"GET", b"k")]
    timer.join()
    with pytest.raises(TimeoutError, match="GET"):
        server.wait_for_command("GET", count=2, timeout=0.02)


def test_push_to_all(server: ScriptedServer, client: Client):
    client.ask("HELLO", 3)
    with Client((server.host, server.port)) as other:
        other.ask("PING")
        server.push("invalidate", ["k"])
        assert client.read() == other.read() == [b"invalidate", [b"k"]]


@pytest.mark.parametrize("reset", [False, True])
@pytest.mark.parametrize("busy", [None, Delay(60), Hold(threading.Event())])
def test_close_connections_whatever_they_do(server: ScriptedServer, client: Client, reset: bool, busy: object):
    if busy is not None:
        server.on("GET", busy)
        client.send("GET", "k")
        server.wait_for_command("GET")
    client.ask("PING") if busy is None else None
    began = time.monotonic()
    server.close_connections(reset=reset)
    with pytest.raises(ConnectionResetError if reset else EOFError):
        client.read()
    assert time.monotonic() - began < 1
    assert server.connections == []


def test_close_a_connection_whose_client_does_not_read(server: ScriptedServer, client: Client):
    server.on("GET", b"x" * 50_000_000)
    client.send("GET", "k")
    client.socket.recv(1)
    began = time.monotonic()
    server.close_connections(reset=True)
    assert time.monotonic() - began < 1
    with pytest.raises(ConnectionResetError):
        client.rest()


def test_stop_and_start_listening(server: ScriptedServer, client: Client):
    server.stop_listening()
    server.stop_listening()
    with pytest.raises(ConnectionRefusedError):
        Client((server.host, server.port))
    assert client.ask("PING") == b"PONG"
    server.start_listening()
    with Client((server.host, server.port)) as other:
        assert other.ask("PING") == b"PONG"


def test_unix_socket(tmp_path: Path):
    path = tmp_path / "socket"
    with ScriptedServer(unixsocket=path) as server, Client(str(path)) as client:
        assert client.ask("PING") == b"PONG"
        server.on("PING", Close(OK))
        client.send("PING")
        assert client.rest() == b"+OK\r\n"
    assert not path.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what the other side has read")
def test_pieces_wait_until_the_one_before_was_read(tmp_path: Path):
    with ScriptedServer(unixsocket=tmp_path / "socket") as server:
        server.on("GET", Pieces(b"$5\r\n", b"he", b"llo\r\n"))
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(tmp_path / "socket"))
            sock.sendall(hiredis.pack_command(("GET", "k")) * 2)
            for _ in range(2):
                assert sock.recv(1) == b"$"  # what is left of a piece is not joined by the next one
                assert [sock.recv(100) for _ in range(3)] == [b"5\r\n", b"he", b"llo\r\n"]


def test_nothing_is_left_behind():
    before = threading.active_count()
    with ScriptedServer() as server:
        server.on("GET", Close())
        clients = [Client((server.host, server.port)) for _ in range(5)]
        clients[0].send("GET", "k")  # this one is closed by the server, and never closed by the client
        assert clients[0].rest() == b""
    for client in clients:
        client.socket.close()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port))
