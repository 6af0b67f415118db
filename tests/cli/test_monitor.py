"""``monitor``: rates of servers, and the commands they get."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from multiplexer import ConnectionMultiplexer
from multiplexer.embedded import free_port
from tests.servers import RealServer, Twemproxy

from .conftest import PASSWORD, Run, rows
from .terminal import on_a_terminal

Start = Callable[..., "subprocess.Popen[str]"]


@contextmanager
def busy(address: str) -> Iterator[None]:
    """Have a server do something meanwhile."""
    ended = threading.Event()

    def work() -> None:
        with ConnectionMultiplexer.connect(address) as mux:
            while not ended.wait(0.001):
                mux.get_database().set("busy key", "a value with\nlines")

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def test_rates(run: Run, address: str, guarded_server: RealServer) -> None:
    with busy(address):
        result = run("monitor", address, "--every", "0.2", "--count", "2", "--json")
    assert result.exit_code == 0
    looks = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(looks) == 2
    for look in looks:
        [server] = look["servers"]
        assert server["endpoint"] == f"127.0.0.1:{guarded_server.port}"
        assert server["role"] == "primary"
        assert server["operations"] > 0
        assert server["bytes_in"] > 0
        assert server["clients"] >= 2
        assert 0 < server["p50"] <= server["p99"]
        assert server["backlog"] == server["leases"] == 0
    assert PASSWORD not in result.output


def test_tables(run: Run, address: str, guarded_server: RealServer) -> None:
    result = run("monitor", address, "-e", "0.05", "-n", "2")
    assert result.exit_code == 0
    assert result.output.count("Servers at") == 2
    for fact in (
        f"127.0.0.1:{guarded_server.port}",
        "primary",
        "ops/s",
        "memory",
        "MiB",
        "p99 ms",
        "backlog",
        "leases",
    ):
        assert fact in result.output


def test_a_server_that_is_down_beside_one_that_is_not(run: Run, address: str) -> None:
    away = f"127.0.0.1:{free_port()}"
    result = run("monitor", f"{away},{address}", "-t", "0.3", "-e", "0.05", "-n", "1")
    assert result.exit_code == 0
    assert [row[1] for row in rows(result.output) if row[0] == away] == ["down"]
    [reason] = [line for line in result.output.splitlines() if line.startswith(f"{away}: ")]
    assert "ConnectionRefusedError" in reason


@pytest.mark.parametrize("more", [(), ("--json",), ("--commands",)])
def test_no_server_can_be_reached(run: Run, more: tuple[str, ...]) -> None:
    configuration = f"127.0.0.1:{free_port()}"
    result = run("monitor", configuration, *more)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == run("ping", configuration).stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_proxy_tells_nothing_of_itself(run: Run) -> None:
    with RealServer.start("valkey") as server, Twemproxy([server]) as proxy:
        result = run("monitor", f"127.0.0.1:{proxy.port},proxy=twemproxy", "-e", "0.05", "-n", "1", "--json")
        [found] = json.loads(result.stdout)["servers"]
        assert found["p50"] > 0
        assert "operations" not in found
        result = run("monitor", f"127.0.0.1:{proxy.port},proxy=twemproxy", "--commands")
        assert result.exit_code == 1
        assert "MONITOR cannot be sent: Twemproxy" in result.stderr


@pytest.mark.timeout(60)
def test_on_a_terminal_it_refreshes(address: str) -> None:
    shown, code = on_a_terminal("monitor", address, "-e", "0.05", until=lambda text: text.count("Servers at") > 2)
    assert code == 130
    assert "\x1b[?1049h" in shown


def test_it_goes_on_until_interrupted(start: Start, address: str) -> None:
    process = start("monitor", address, "--every", "0.05", "--json")
    assert process.stdout is not None
    for _ in range(3):
        assert json.loads(process.stdout.readline())["servers"]
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors == ""


def test_commands(start: Start, address: str, guarded_server: RealServer) -> None:
    with busy(address):
        process = start("monitor", address, "--commands", "--count", "3")
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    lines = output.splitlines()
    assert len(lines) == 3
    assert f"127.0.0.1:{guarded_server.port} [0 127.0.0.1:" in lines[-1]
    assert r"'SET' 'busy key' 'a value with\nlines'" in output


def test_commands_as_json_of_one_server(start: Start, address: str) -> None:
    endpoint = address.partition(",")[0]
    with busy(address):
        process = start("monitor", address, "--commands", "--json", "--server", endpoint)
        assert process.stdout is not None
        while True:
            command = json.loads(process.stdout.readline())
            if command["words"][0] == "SET":
                break
    assert command["words"] == ["SET", "busy key", "a value with\nlines"]
    assert command["server"] == endpoint
    assert command["database"] == 0
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors == ""


def test_a_long_word_is_shortened(start: Start, address: str) -> None:
    process = start("monitor", address, "--commands")
    assert process.stdout is not None
    with busy(address):
        assert process.stdout.readline()  # it listens
    with ConnectionMultiplexer.connect(address) as mux:
        mux.get_database().set("long", "x" * 5000)
    while "'long'" not in (line := process.stdout.readline()):
        assert line
    assert "... (5,000)" in line
    assert len(line) < 300


def test_wrong_options(run: Run, address: str) -> None:
    result = run("monitor", address, "--server", "elsewhere:1")
    assert result.exit_code == 2
    assert "--server goes with --commands" in result.stderr
    result = run("monitor", address, "--server", "elsewhere:1", "--commands")
    assert result.exit_code == 1
    assert "elsewhere:1 is not a server of this multiplexer" in result.stderr
