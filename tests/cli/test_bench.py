"""``bench``: results that add up, and nothing left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from multiplexer.cli.generator import Latencies
from multiplexer.embedded import free_port
from tests.servers import RealServer

from .conftest import PASSWORD, Run
from .terminal import on_a_terminal

PNG = b"\x89PNG\r\n"


def test_table(run: Run, address: str, guarded_server: RealServer) -> None:
    result = run("bench", address, "-s", "0.3", "--threads", "2", "--tasks", "4", "--size", "2048", "--reads", "50")
    assert result.exit_code == 0, result.output
    for fact in ("50% reads, values of 2.0 KiB, 1,000 keys", "2 threads", "4 tasks", "reads", "writes", "p99.9", "max"):
        assert fact in result.output
    assert PASSWORD not in result.output
    assert guarded_server.command("DBSIZE") == 0  # nothing is left


def test_results_add_up(run: Run, address: str, guarded_server: RealServer) -> None:
    guarded_server.command("CONFIG", "RESETSTAT")
    result = run("bench", address, "-s", "0.4", "-T", "2", "-a", "3", "-k", "10", "--json")
    assert result.exit_code == 0, result.output
    values = json.loads(result.stdout)
    assert [each["callers"] for each in values["runs"]] == ["2 threads", "3 tasks"]
    calls = {"get": 0, "set": 0}
    for each in values["runs"]:
        assert each["failed"] == 0
        assert 0.4 <= each["seconds"] < 5
        assert each["operations"] == sum(latency["count"] for latency in each["latency"].values()) > 0
        calls["get"] += each["latency"]["reads"]["count"]
        calls["set"] += each["latency"]["writes"]["count"]
        for latency in each["latency"].values():
            assert 0 < latency["p50"] <= latency["p90"] <= latency["p99"] <= latency["p99.9"] <= latency["max"]
        percentiles = [(point["percent"], point["seconds"]) for point in each["percentiles"]]
        assert percentiles[0][0] == 50
        assert percentiles == sorted(percentiles)
        assert percentiles[-1][1] <= max(latency["max"] for latency in each["latency"].values())
        assert len(each["timeline"]) >= 3
        assert each["timeline"][0]["operations_per_second"] > 0
    stats = guarded_server.info("commandstats")
    for name, count in calls.items():
        assert f"calls={count}," in stats[f"cmdstat_{name}"]
    assert 0.6 < calls["get"] / (calls["get"] + calls["set"]) < 0.95  # 80 percent of many


def test_what_was_read_is_kept_where_wanted(run: Run, address: str, guarded_server: RealServer) -> None:
    guarded_server.command("CONFIG", "RESETSTAT")
    result = run("bench", address, "-s", "0.2", "-T", "2", "-a", "2", "-k", "10", "--reads", "99", "--cached", "--json")
    assert result.exit_code == 0, result.output
    values = json.loads(result.stdout)
    assert values["cached"] is True
    reads = sum(each["latency"]["reads"]["count"] for each in values["runs"])
    told = guarded_server.command("INFO", "commandstats").decode()
    asked = int(told.split("cmdstat_get:calls=")[1].split(",")[0])
    assert asked < reads / 2


def test_one_kind_of_callers(run: Run, address: str) -> None:
    result = run("bench", address, "-s", "0.1", "-T", "0", "-a", "2")
    assert result.exit_code == 0
    assert "threads" not in result.output
    result = run("bench", address, "-T", "0", "-a", "0")
    assert result.exit_code == 2
    assert "there is nobody to call" in result.stderr


@pytest.mark.parametrize("option", ["--threads", "--tasks"])
def test_nobody_there(run: Run, option: str) -> None:
    other = {"--threads": "--tasks", "--tasks": "--threads"}[option]
    result = run("bench", f"127.0.0.1:{free_port()}", option, "1", other, "0", "-s", "60", "-t", "0.5")
    assert result.exit_code == 1
    assert "Error: " in result.stderr
    assert "no server could be reached" in result.stderr


def test_calls_that_fail_are_told(run: Run, address: str, guarded_server: RealServer) -> None:
    guarded_server.command("CONFIG", "SET", "maxmemory", "1")
    try:
        result = run("bench", address, "-s", "0.1", "-T", "1", "-a", "1", "-r", "0", "--json")
        assert result.exit_code == 1
        runs = json.loads(result.stdout)["runs"]
        assert all(each["failed"] > 0 and each["operations"] == 0 for each in runs)
        assert "OutOfMemoryError" in runs[0]["errors"][0]
        result = run("bench", address, "-s", "0.1", "-T", "1", "-a", "0", "-r", "0")
        assert "calls failed" in result.stderr
        assert "OutOfMemoryError" in result.stderr
    finally:
        guarded_server.command("CONFIG", "SET", "maxmemory", "0")


def test_plot(run: Run, address: str, tmp_path: Path) -> None:
    path = tmp_path / "load.png"
    result = run("bench", address, "-s", "0.3", "-T", "1", "-a", "1", "--plot", str(path))
    assert result.exit_code == 0, result.output
    assert path.read_bytes().startswith(PNG)
    assert f"wrote {path}" in result.stderr
    result = run("bench", address, "-s", "0.1", "-T", "1", "-a", "0", "--plot", str(tmp_path / "none" / "load.png"))
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_a_plot_without_matplotlib_is_refused_first(tmp_path: Path, address: str) -> None:
    (tmp_path / "matplotlib.py").write_text(
        "raise ModuleNotFoundError(\"No module named 'matplotlib'\", name='matplotlib')"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path))}
    result = subprocess.run(
        [sys.executable, "-m", "multiplexer", "bench", address, "-s", "60", "--plot", "load.png"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert result.returncode == 1
    assert 'pip install "redis-multiplexer[plot]"' in result.stderr


@pytest.mark.timeout(60)
def test_a_bar_on_a_terminal(address: str) -> None:
    shown, code = on_a_terminal("bench", address, "-s", "0.5", "-T", "1", "-a", "1")
    assert code == 0
    assert "%" in shown
    assert "1 tasks" in shown


def test_interrupted(start: Callable[..., subprocess.Popen[str]], address: str, guarded_server: RealServer) -> None:
    process = start("bench", address, "-s", "60", "-T", "1", "-a", "0", "-r", "0")
    while guarded_server.command("DBSIZE") == 0:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert errors == ""
    assert guarded_server.command("DBSIZE") == 0


def test_percentiles_are_close() -> None:
    latencies = Latencies()
    for number in range(1, 1001):
        latencies.add(number / 1e4)
    assert latencies.count == 1000
    for percent, exact in ((50, 0.05), (99, 0.099), (100, 0.1)):
        assert exact <= latencies.percentile(percent) <= exact * 1.05
    assert Latencies().percentile(50) == 0
    assert latencies.since(latencies).count == 0
