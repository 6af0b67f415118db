from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Iterator

import hiredis
import pytest

from tests.servers import FaultProxy, Many, Push, RealServer, ScriptedServer, available_kinds

from .client import Client

VALUE = b"0123456789"  # $10\r\n0123456789\r\n: 17 bytes on the wire


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    with RealServer.start(available_kinds()[0]) as running:
        yield running


@pytest.fixture
def proxy(server: RealServer) -> Iterator[FaultProxy]:
    server.command("FLUSHALL")
    server.command("SET", "k", VALUE)
    with FaultProxy(server.host, server.port) as running:
        yield running


@pytest.fixture
def client(proxy: FaultProxy) -> Iterator[Client]:
    with Client((proxy.host, proxy.port)) as connected:
        yield connected


def another(proxy: FaultProxy) -> Client:
    return Client((proxy.host, proxy.port))


def is_silent(client: Client, seconds: float = 0.05) -> bool:
    readable, _, _ = select.select([client.socket], [], [], seconds)
    return not readable


def test_pass_through_and_counters(proxy: FaultProxy, client: Client):
    assert client.ask("GET", "k") == VALUE
    assert client.ask("PING") == b"PONG"
    assert proxy.connections == 1
    assert proxy.to_server.bytes == len(hiredis.pack_command(("GET", "k")) + hiredis.pack_command(("PING",)))
    assert proxy.to_client.bytes == 17 + 7
    assert proxy.to_server.items == proxy.to_client.items == 2
    with another(proxy) as other:
        other.ask("PING")
        assert [link.number for link in proxy.links] == [1, 2]
    proxy.wait_for(lambda p: len(p.links) == 1)
    assert proxy.connections == 2


def test_large_values_and_back_pressure(proxy: FaultProxy, client: Client):
    value = bytes(range(256)) * 80_000
    assert client.ask("SET", "big", value) == b"OK"
    for _ in range(3):
        client.send("GET", "big")
    assert all(client.read() == value for _ in range(3))


def test_it_is_fast_enough(proxy: FaultProxy, client: Client):
    batch = b"".join(hiredis.pack_command(("GET", "k")) for _ in range(100))
    began = time.process_time()  # of the client and of the proxy, whatever else the machine does
    for _ in range(100):
        client.socket.sendall(batch)
        for _ in range(100):
            client.read()
    assert time.process_time() - began < 0.5  # 10,000 commands: 20,000 a second


def test_end_of_either_side_is_passed_on(proxy: FaultProxy, client: Client):
    client.ask("PING")
    client.socket.shutdown(socket.SHUT_WR)
    assert client.rest() == b""
    proxy.wait_for(lambda p: not p.links)
    with another(proxy) as other:
        other.send("QUIT")
        assert other.rest() == b"+OK\r\n"


def test_reset_of_either_side_is_passed_on():
    with ScriptedServer() as server, FaultProxy(server.host, server.port) as proxy, another(proxy) as client:
        client.ask("PING")
        server.close_connections(reset=True)
        with pytest.raises(ConnectionResetError):
            client.read()
        proxy.wait_for(lambda p: not p.links)


def test_server_that_is_not_there():
    with ScriptedServer() as gone:
        pass
    with FaultProxy(gone.host, gone.port) as proxy:
        # The proxy may have reset the connection before connect() looks at it, so either of the two may raise.
        with pytest.raises(ConnectionResetError), another(proxy) as client:
            client.read()
        proxy.wait_for(lambda p: not p.links)


def test_another_target(proxy: FaultProxy):
    with ScriptedServer() as other:
        proxy.target = (other.host, other.port)
        with another(proxy) as client:
            client.ask("PING")
        assert other.commands() == [(b"PING",)]


@pytest.mark.parametrize("direction", ["to_server", "to_client", "both"])
def test_delay(proxy: FaultProxy, client: Client, direction: str):
    client.ask("PING")
    proxy.delay(0.1, direction=direction)
    began = time.monotonic()
    assert client.ask("PING") == b"PONG"
    took = time.monotonic() - began
    assert took >= (0.2 if direction == "both" else 0.1)
    proxy.delay(10, direction=direction)
    proxy.restore()
    began = time.monotonic()
    assert client.ask("PING") == b"PONG"
    assert time.monotonic() - began < 5


def test_delay_is_latency_not_a_queue(proxy: FaultProxy, client: Client):
    proxy.delay(0.05, direction="to_server")
    began = time.monotonic()
    for number in range(20):
        client.send("INCR", "n")
        assert is_silent(client, 0.001) or number
    assert [client.read() for _ in range(20)] == list(range(1, 21))
    assert time.monotonic() - began < 0.5  # one after the other they would take a second


def test_jitter_keeps_the_order(proxy: FaultProxy, client: Client):
    proxy.delay(0.0, jitter=0.01)
    for _ in range(30):
        client.send("INCR", "n")
    assert [client.read() for _ in range(30)] == list(range(1, 31))


def test_black_hole_and_restore(proxy: FaultProxy, client: Client, server: RealServer):
    client.ask("PING")
    proxy.black_hole()
    client.send("INCR", "n")
    with another(proxy) as other:
        other.send("PING")
        assert is_silent(client)
        assert is_silent(other, 0)
        assert server.command("GET", "n") is None
        proxy.restore()
        assert client.read() == 1
        assert other.read() == b"PONG"


def test_black_hole_one_way(proxy: FaultProxy, client: Client, server: RealServer):
    proxy.black_hole("to_client")
    client.send("INCR", "n")
    assert is_silent(client)
    assert server.command("GET", "n") == b"1"
    proxy.restore("to_client")
    assert client.read() == 1


def test_black_hole_swallows_the_end_too(proxy: FaultProxy, client: Client, server: RealServer):
    client.ask("CLIENT", "SETNAME", "mine")
    proxy.black_hole()
    client.socket.close()
    time.sleep(0.02)
    assert [known["name"] for known in server.clients()] == ["mine"]
    proxy.restore()
    proxy.wait_for(lambda p: not p.links and not server.clients())


def test_stall_fills_the_senders_buffers(proxy: FaultProxy, client: Client):
    client.ask("PING")
    proxy.stall("to_server")
    client.socket.settimeout(0.1)
    data = hiredis.pack_command(("SET", "big", bytes(30_000_000)))
    sent = 0

    def fill() -> None:
        nonlocal sent
        while True:
            sent += client.socket.send(data[sent:])

    with pytest.raises(TimeoutError):
        fill()
    proxy.restore()
    client.socket.settimeout(5)
    client.socket.sendall(data[sent:])
    assert client.read() == b"OK"


def test_dribble(proxy: FaultProxy, client: Client):
    proxy.dribble(pause=0.0005, direction="to_client")
    client.send("GET", "k")
    chunks = []
    while sum(map(len, chunks)) < 17:
        chunks.append(client.socket.recv(100))
    assert b"".join(chunks) == b"$10\r\n0123456789\r\n"
    assert len(chunks) > 8
    proxy.restore()
    assert client.ask("GET", "k") == VALUE


def test_limited_chunks_both_ways(proxy: FaultProxy, client: Client):
    proxy.limit(7)
    for number in range(50):
        client.send("SET", f"key:{number}", b"x" * number)
        client.send("GET", f"key:{number}")
    assert [client.read() for _ in range(100)] == [part for n in range(50) for part in (b"OK", b"x" * n)]


@pytest.mark.parametrize("reset", [False, True])
def test_end_all_connections(proxy: FaultProxy, client: Client, server: RealServer, reset: bool):
    with another(proxy) as other:
        for each in (client, other):
            each.ask("PING")
        proxy.reset() if reset else proxy.close_all()
        for each in (client, other):
            with pytest.raises(ConnectionResetError if reset else EOFError):
                each.read()
        # Only the clients' half is missing after an orderly end.
    client.socket.close()
    proxy.wait_for(lambda p: not p.links and not server.clients())


def test_end_one_connection(proxy: FaultProxy, client: Client):
    with another(proxy) as other:
        client.ask("PING")
        other.ask("PING")
        proxy.links[1].reset()
        with pytest.raises(ConnectionResetError):
            other.read()
        proxy.wait_for(lambda p: len(p.links) == 1)
        proxy.links[0].close()
        with pytest.raises(EOFError):
            client.read()


def test_half_close_to_the_client(proxy: FaultProxy, client: Client, server: RealServer):
    client.ask("PING")
    proxy.half_close("to_client")
    assert client.rest() == b""
    client.send("INCR", "n")
    proxy.wait_for(lambda p: server.command("GET", "n") == b"1")
    assert len(proxy.links) == 1


def test_half_close_to_the_server():
    with ScriptedServer() as server, FaultProxy(server.host, server.port) as proxy, another(proxy) as client:
        client.ask("PING")
        proxy.half_close("to_server")
        server.wait_for(lambda s: not s.connections)
        assert client.rest() == b""


def test_refuse_and_accept(proxy: FaultProxy, client: Client):
    client.ask("PING")
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        another(proxy)
    assert client.ask("PING") == b"PONG"
    proxy.accept()
    proxy.accept()
    with another(proxy) as other:
        assert other.ask("PING") == b"PONG"


# --- cuts


@pytest.mark.parametrize("size", [0, 1, 4, 5, 10, 16, 17, 1000])
@pytest.mark.parametrize("items", [0, 2])
@pytest.mark.parametrize("dribbled", [False, True])
def test_cut_in_a_reply(proxy: FaultProxy, client: Client, items: int, size: int, dribbled: bool):
    client.ask("PING")
    if dribbled:
        proxy.dribble(direction="to_client")
    proxy.cut(after_items=items, after_bytes=size)
    for _ in range(5):
        client.send("GET", "k")
    reply = b"$10\r\n0123456789\r\n"
    assert client.rest() == reply * items + reply[:size]
    assert proxy.injected["cut"] == 1
    with another(proxy) as other:
        assert other.ask("GET", "k") == VALUE


def test_cut_in_a_reply_that_comes_in_parts():
    # The server itself sends piecemeal, so the boundaries are found across chunks.
    with (
        ScriptedServer() as server,
        FaultProxy(server.host, server.port) as back,
        FaultProxy(back.host, back.port) as front,
        another(front) as client,
    ):
        back.dribble(pause=0.0002, direction="to_client")
        server.on("GET", [VALUE, {"a": 1}])
        front.cut(after_items=1, after_bytes=20)
        client.send("GET", "k")
        client.send("GET", "k")
        whole = b"*2\r\n$10\r\n0123456789\r\n*2\r\n$1\r\na\r\n:1\r\n"
        assert client.rest() == whole + whole[:20]


def test_pushes_are_not_counted():
    with ScriptedServer() as server, FaultProxy(server.host, server.port) as proxy, another(proxy) as client:
        client.ask("HELLO", 3)
        server.on("GET", Many(Push("novelty"), b"v"))
        proxy.cut(after_items=1, after_bytes=2)
        client.send("GET", "k")
        client.send("GET", "k")
        push, reply = b">1\r\n$7\r\nnovelty\r\n", b"$1\r\nv\r\n"
        assert client.rest() == push + reply + push + reply[:2]


def test_cut_in_a_request(proxy: FaultProxy, client: Client, server: RealServer):
    proxy.cut(after_items=1, after_bytes=8, direction="to_server")
    client.socket.sendall(hiredis.pack_command(("INCR", "n")) * 3)
    assert client.rest() in (b"", b":1\r\n")  # the reply may or may not be faster than the cut
    proxy.wait_for(lambda p: server.command("GET", "n") == b"1")


def test_cut_by_reset_and_more_than_once(proxy: FaultProxy):
    proxy.cut(after_items=1, reset=True, times=2)
    for _ in range(2):
        with another(proxy) as client:
            assert client.ask("PING") == b"PONG"
            client.send("PING")
            with pytest.raises(ConnectionResetError):
                client.read()
    with another(proxy) as client:
        assert [client.ask("PING") for _ in range(3)] == [b"PONG"] * 3


def test_restore_disarms_a_cut(proxy: FaultProxy, client: Client):
    proxy.cut()
    proxy.restore()
    assert client.ask("PING") == b"PONG"


# --- chaos


def ordeal(proxy: FaultProxy, rounds: int) -> list[int]:
    """Return how many replies each of several connections got before its end; every one must be right."""
    survived = []
    for _ in range(rounds):
        number = 0
        try:
            with another(proxy) as client:
                for number in range(40):
                    assert client.ask("ECHO", str(number)) == str(number).encode()
        except (EOFError, ConnectionError):
            pass
        survived.append(number)
    return survived


def test_chaos_follows_from_its_seed(proxy: FaultProxy, server: RealServer):
    settings = {"reset": 0.02, "cut": 0.02, "delay": 0.02, "split": 0.3, "refuse": 0.1, "longest": 0.002}
    proxy.chaos(7, **settings)
    first = ordeal(proxy, 20)
    assert min(first) < 39
    assert set(proxy.injected) == {"reset", "cut", "delay", "split", "refuse"}
    with FaultProxy(server.host, server.port) as again:
        again.chaos(7, **settings)
        assert ordeal(again, 20) == first
    with FaultProxy(server.host, server.port) as other:
        other.chaos(8, **settings)
        assert ordeal(other, 20) != first
    proxy.restore()
    assert ordeal(proxy, 2) == [39, 39]


def test_nothing_is_left_behind(server: RealServer):
    before = threading.active_count()
    with FaultProxy(server.host, server.port) as proxy:
        clients = [another(proxy) for _ in range(5)]
        clients[0].ask("PING")
        proxy.black_hole()
        clients[1].send("PING")
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        another(proxy)
    for client in clients:
        client.socket.close()
    proxy.close()


def test_swallow_loses_one_whole_reply(proxy: FaultProxy, client: Client):
    proxy.swallow()
    client.send("ECHO", "lost")
    proxy.wait_for(lambda p: p.injected["swallow"] == 1)
    assert client.ask("ECHO", "next") == b"next"
