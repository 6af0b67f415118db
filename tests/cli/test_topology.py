"""``topology``: what there is, in tables and JSON, of single servers, groups, clusters and proxies."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator

import pytest

from multiplexer.embedded import free_port
from tests.servers import RealCluster, RealServer, SentinelGroup, Twemproxy

from .conftest import PASSWORD, Run
from .terminal import on_a_terminal


@pytest.fixture(scope="module")
def cluster() -> Iterator[RealCluster]:
    """Three primaries with a replica each."""
    with RealCluster("valkey") as cluster:
        yield cluster


def test_one_server(run: Run, address: str, guarded_server: RealServer) -> None:
    result = run("topology", address)
    assert result.exit_code == 0
    for fact in (f"127.0.0.1:{guarded_server.port}", "primary", "valkey", "ms", "ok"):
        assert fact in result.output
    assert "slots" not in result.output
    assert PASSWORD not in result.output


def test_a_primary_and_its_replica(run: Run) -> None:
    with RealServer.start("valkey") as primary:
        config = [f"replicaof 127.0.0.1 {primary.port}"]
        with RealServer.start("valkey", config=config) as replica:
            result = run("topology", f"127.0.0.1:{replica.port},127.0.0.1:{primary.port}", "--json")
            servers = {server["endpoint"]: server for server in json.loads(result.stdout)["servers"]}
            found = servers[f"127.0.0.1:{replica.port}"]
            assert found["role"] == "replica"
            assert found["primary"] == f"127.0.0.1:{primary.port}"
            assert servers[f"127.0.0.1:{primary.port}"]["role"] == "primary"


def test_a_cluster(run: Run, cluster: RealCluster) -> None:
    address = f"127.0.0.1:{cluster.nodes[0].port}"
    result = run("topology", address, "--json")
    assert result.exit_code == 0
    values = json.loads(result.stdout)
    assert values["cluster"]["slots_served"] == 16_384
    assert {server["endpoint"] for server in values["servers"]} == {f"127.0.0.1:{n.port}" for n in cluster.nodes}
    primaries = {server["endpoint"]: server for server in values["servers"] if server["role"] == "primary"}
    replicas = [server for server in values["servers"] if server["role"] == "replica"]
    assert sum(last + 1 - first for server in primaries.values() for first, last in server["slots"]) == 16_384
    assert {server["primary"] for server in replicas} == set(primaries)
    assert all(server["latency"] > 0 and server["health"] == "ok" for server in values["servers"])
    table = run("topology", address).output
    for fact in ("slots", "0-5460", "replica of", "All slots are served"):
        assert fact in table


def test_a_node_that_is_down_is_named(run: Run) -> None:
    with RealCluster("valkey") as cluster:
        down = cluster.nodes[-1]
        address = f"127.0.0.1:{cluster.nodes[0].port}"
        down.kill()
        result = run("topology", address, "--json", "-t", "1")
        assert result.exit_code == 1
        servers = {server["endpoint"]: server for server in json.loads(result.stdout)["servers"]}
        found = servers[f"127.0.0.1:{down.port}"]
        assert found["health"] != "ok"
        assert found["latency"] is None
        assert sum(server["health"] == "ok" for server in servers.values()) == len(cluster.nodes) - 1


def test_slots_that_nobody_serves(run: Run) -> None:
    with RealServer.start("valkey", config=["cluster-enabled yes"]) as server:
        server.command("CLUSTER", "ADDSLOTSRANGE", "0", "16382")
        result = run("topology", f"127.0.0.1:{server.port}")
        assert result.exit_code == 1
        assert "1 of 16,384 slots are served by nobody" in result.output


def test_sentinels(run: Run) -> None:
    with SentinelGroup("valkey") as group:
        sentinel = group.sentinels[0]
        result = run("topology", f"127.0.0.1:{sentinel.port},serviceName={group.service}")
        assert result.exit_code == 0
        assert "Sentinels" in result.output
        assert f"127.0.0.1:{group.primary.port}" in result.output


def test_a_proxy(run: Run) -> None:
    with RealServer.start("valkey") as server, Twemproxy([server]) as proxy:
        result = run("topology", f"127.0.0.1:{proxy.port},proxy=twemproxy", "--json")
        [found] = json.loads(result.stdout)["servers"]
        assert (found["role"], found["mode"], found["health"]) == ("proxy", "twemproxy", "ok")


def test_nobody_there(run: Run) -> None:
    result = run("topology", f"127.0.0.1:{free_port()}", "-t", "0.5")
    assert result.exit_code == 1
    assert "Connection" in result.output


def test_watching_in_lines(start: Callable[..., subprocess.Popen[str]], address: str) -> None:
    process = start("topology", address, "--watch", "0.05", "--json")
    assert process.stdout is not None
    for _ in range(3):
        assert json.loads(process.stdout.readline())["servers"][0]["health"] == "ok"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors == ""


@pytest.mark.timeout(60)
def test_watching_on_a_terminal(address: str) -> None:
    shown, code = on_a_terminal("topology", address, "--watch", "0.05", until=lambda text: text.count("Topology") > 2)
    assert code == 130
    assert "\x1b[?1049h" in shown  # a screen of its own, that is left again
    assert "\x1b[?1049l" in shown
