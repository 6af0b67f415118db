"""``status``: tables, JSON, refreshing, exporting."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from multiplexer import ConnectionMultiplexer
from multiplexer.cli.common import make_console
from multiplexer.cli.status import conditions, tables
from multiplexer.embedded import free_port
from tests.servers import RealServer

from .conftest import PASSWORD, Run, rows


def test_tables_show_servers_connections_and_counters(run: Run, address: str, guarded_server: RealServer) -> None:
    result = run("status", address)
    assert result.exit_code == 0
    for title in ("Servers", "Connections", "Counters"):
        assert title in result.output
    for fact in (f"127.0.0.1:{guarded_server.port}", "primary", "valkey", "standalone", "established", "operations"):
        assert fact in result.output
    assert PASSWORD not in result.output


def test_both_connections_are_shown(guarded_server: RealServer, address: str) -> None:
    with ConnectionMultiplexer.connect(address, protocol=2) as mux:
        mux.get_subscriber().subscribe("news")
        console = make_console()
        with console.capture() as capture:
            console.print(tables(mux.get_status()))
    assert capture.get().count("subscription") >= 2
    assert capture.get().count("established") == 2


def test_the_cache_is_shown_where_there_is_one(run: Run, address: str, guarded_server: RealServer) -> None:
    assert "Client cache" not in run("status", address).output
    shown = run("status", address, "--cache").output
    assert ["connections told of changes", "1"] in rows(shown)
    assert "nothing is kept" not in shown
    assert "speaks RESP2" in run("status", f"{address},protocol=2", "--cache").output
    with ConnectionMultiplexer.connect(address, protocol=3) as mux:
        db = mux.get_database(cached=True)
        for _ in range(3):
            db.get("key")
        console = make_console()
        with console.capture() as capture:
            console.print(tables(mux.get_status()))
    assert "66.7%" in capture.get()


def test_what_is_done_to_a_server_is_shown(guarded_server: RealServer, address: str) -> None:
    with ConnectionMultiplexer.connect(address) as mux:
        status = mux.get_status()
    [server] = status["servers"]
    assert [str(line) for line in conditions(status)] == []
    server["under_way"], server["circuit_breaker"] = ["MIGRATING 7"], "open"
    server["interactive"]["address"] = "elsewhere:1"
    assert [str(line) for line in conditions(status)] == [
        f"{server['endpoint']}: during MIGRATING 7, its circuit breaker is open, reached at elsewhere:1"
    ]


def test_a_group_is_shown(run: Run, address: str, guarded_server: RealServer) -> None:
    away = f"127.0.0.1:{free_port()}"
    result = run("status", "--member", f"east={address}", "--member", f"west={away}", "-t", "1")
    assert result.exit_code == 0
    assert [row[:3] for row in rows(result.output) if row[0] == "east"] == [["east", "used", "well"]]
    assert [row[-2] for row in rows(result.output) if row[0] == "west"] == ["0 of 1 connected"]
    assert "ConnectionRefusedError" in result.output
    assert PASSWORD not in result.output
    shown = json.loads(run("status", "--member", f"east={address}", "--json").stdout)
    assert shown["active"] == "east"
    assert run("status", "--member", f"west={away}", "-t", "0.5").exit_code == 1
    assert "NAME=CONFIGURATION" in run("status", "--member", "east").output


def test_json_is_the_status(run: Run, address: str, guarded_server: RealServer) -> None:
    result = run("status", address, "--json")
    assert result.exit_code == 0
    status = json.loads(result.stdout)
    assert status["servers"][0]["interactive"]["state"] == "established"
    assert status["servers"][0]["endpoint"] == f"127.0.0.1:{guarded_server.port}"
    assert PASSWORD not in result.output


@pytest.mark.parametrize("option", [(), ("--json",)])
def test_no_server_is_shown_and_is_an_error(run: Run, option: tuple[str, ...]) -> None:
    result = run("status", f"127.0.0.1:{free_port()},password={PASSWORD}", *option)
    assert result.exit_code == 1
    assert "disconnected" in result.output
    assert "ConnectionRefusedError" in result.output
    assert PASSWORD not in result.output


def test_an_address_in_brackets_is_no_markup(run: Run) -> None:
    result = run("status", f"[::1]:{free_port()},name=[red]", "-t", "0.5")
    assert "[::1]:" in result.output
    assert "[red]" in result.output


def test_export(run: Run, address: str, tmp_path: Path, guarded_server: RealServer) -> None:
    path = tmp_path / "state.zip"
    result = run("status", address, "--export", str(path))
    assert result.exit_code == 0
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        contents = {name: archive.read(name).decode() for name in archive.namelist()}
    folder = f"127.0.0.1_{guarded_server.port}"
    assert set(contents) == {"status.json"} | {
        f"{folder}/{name}" for name in ("info.txt", "config.json", "clients.txt", "nodes.txt")
    }
    assert "run_id" in contents[f"{folder}/info.txt"]
    assert json.loads(contents[f"{folder}/config.json"])["requirepass"] == "***"
    assert not any(PASSWORD in content for content in contents.values())


def test_export_to_nowhere(run: Run, address: str, tmp_path: Path) -> None:
    result = run("status", address, "--export", str(tmp_path / "missing" / "state.zip"))
    assert result.exit_code == 1
    assert "No such file" in result.stderr


def test_watching_refreshes_until_interrupted(
    start: Callable[..., subprocess.Popen[str]], address: str, guarded_server: RealServer
) -> None:
    process = start("status", address, "--watch", "0.05", "--json")
    assert process.stdout is not None
    for _ in range(3):
        status = json.loads(process.stdout.readline())
        assert status["servers"][0]["interactive"]["state"] == "established"
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 130
    assert errors == ""


def test_watching_shows_tables_again(start: Callable[..., subprocess.Popen[str]], address: str) -> None:
    process = start("status", address, "--watch", "0.05")
    assert process.stdout is not None
    seen = 0
    while seen < 2:
        line = process.stdout.readline()
        assert line, "it ended"
        seen += "Counters" in line
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=10)
    assert process.returncode == 130
