"""``status --attach``: what a running application's own multiplexer does."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from multiplexer import ConnectionMultiplexer
from multiplexer.cli.common import make_console
from multiplexer.cli.last_minute import Figures, LastMinute, curve
from tests.servers import RealServer

from .conftest import PASSWORD, Run, rows

#: Sends commands until its input ends.
APPLICATION = """
import sys, threading
from multiplexer import ConnectionMultiplexer

mux = ConnectionMultiplexer.connect(sys.argv[1])
mux.serve_status(sys.argv[2])
db = mux.get_database()
over = threading.Event()
said = []

def work():
    while not over.wait(0.002):
        db.incr("n")
        if not said:
            said.append(print("ready", flush=True))

thread = threading.Thread(target=work)
thread.start()
sys.stdin.read()
over.set()
thread.join()
mux.close()
"""


@pytest.fixture
def where(tmp_path: Path) -> str:
    """Path of an application's socket."""
    return str(tmp_path / "app.sock")


@pytest.fixture
def application(address: str, where: str) -> Iterator[subprocess.Popen[str]]:
    """An application at work."""
    process = subprocess.Popen(
        [sys.executable, "-c", APPLICATION, address, where], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    if process.poll() is None:
        process.communicate(timeout=10)


def test_it_is_the_applications_own(run: Run, application: subprocess.Popen[str], where: str) -> None:
    views = [json.loads(run("status", "--attach", where, "--json").output) for _ in range(2)]
    assert {view["pid"] for view in views} == {application.pid}
    counts = [view["status"]["servers"][0]["interactive"]["operation_count"] for view in views]
    assert counts[1] > counts[0] > 0
    assert PASSWORD not in str(views)
    result = run("status", "--attach", where)
    assert result.exit_code == 0
    for fact in (f"process {application.pid}", "Servers", "Connections", "Counters"):
        assert fact in result.output
    assert "Last minute" not in result.output


def test_watching_shows_the_last_minute(
    start: Callable[..., subprocess.Popen[str]], application: subprocess.Popen[str], where: str
) -> None:
    process = start("status", "--attach", where, "--watch", "0.1")
    assert process.stdout is not None
    while True:
        line = process.stdout.readline()
        assert line, "it ended"
        cells = line.split()
        if len(cells) == 4 and cells[0] == "operations/s" and len(cells[3]) > 2:
            break
    assert int(cells[1].replace(",", "")) > 0
    assert "█" in cells[3]
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert (process.returncode, errors) == (130, "")


def test_an_application_that_ends_is_told_of(
    start: Callable[..., subprocess.Popen[str]], application: subprocess.Popen[str], where: str
) -> None:
    process = start("status", "--attach", where, "--watch", "0.05", "--json")
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["pid"] == application.pid
    application.communicate(timeout=10)
    _, errors = process.communicate(timeout=10)
    assert process.returncode == 1
    assert errors == f"Error: the application at {where} has ended\n"


def test_nobody_is_there(run: Run, where: str) -> None:
    result = run("status", "--attach", where)
    assert result.exit_code == 1
    assert result.stderr == f"Error: nobody shows anything at {where}: No such file or directory\n"


def test_an_application_without_a_server(run: Run, where: str, own_server: RealServer) -> None:
    with ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}", timeout=0.5) as mux:
        mux.serve_status(where)
        own_server.kill()
        while mux.is_connected:
            time.sleep(0.001)
        result = run("status", "--attach", where)
    assert result.exit_code == 1
    assert "Connections" in result.output
    assert "established" not in result.output


@pytest.mark.parametrize("more", [("--cache",), ("--export", "state.zip"), ("--member", "a=localhost")])
def test_an_application_is_only_looked_at(more: tuple[str, ...], run: Run, where: str) -> None:
    result = run("status", "--attach", where, *more)
    assert result.exit_code == 1
    assert "an application is only looked at" in result.stderr


def test_figures_of_a_minute() -> None:
    history = LastMinute()
    for second in range(100):
        history.note(Figures(second, second * 10, second // 50, 0, 1, second * 1024, 0, second, 0.001))
    console = make_console()
    with console.capture() as capture:
        console.print(history.table())
    found = {name: cells for name, *cells in rows(capture.get())}
    assert found["operations/s"] == ["10", "10", "█" * 30]
    assert found["failed/s"][:2] == ["0", "1"]
    assert found["out/s"][:2] == ["1.0 KiB", "1.0 KiB"]
    assert found["pending"][:2] == ["99", "99"]
    assert found["p99"][0] == "1.000 ms"
    history.note(Figures(100, 0, 0, 0, 0, 0, 0, 0, 0.0))  # counted anew: there is no rate yet
    with console.capture() as capture:
        console.print(history.table())
    assert "operations/s" not in capture.get()
    assert "pending" in capture.get()


def test_curves() -> None:
    assert curve([]) == ""
    assert curve([0, 0]) == "▁▁"
    assert curve([0, 1, 2, 4]) == "▁▃▄█" or curve([0, 1, 2, 4]) == "▁▃▅█"
    assert len(curve([1.0] * 100)) == 30
