"""``dashboard``: the command around the page."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Run

Start = Callable[..., subprocess.Popen[str]]


def told(process: subprocess.Popen[str]) -> tuple[str, int]:
    """Return the line a dashboard prints, and the port it names."""
    assert process.stdout is not None
    line = process.stdout.readline()
    return line, int(line.rpartition(":")[2].partition("/")[0])


@pytest.mark.serial
def test_ctrl_c_ends_it_at_once_whatever_pages_are_open(start: Start, tmp_path: Path) -> None:
    """Within 0.2 s; on a machine that is too busy for that, within what another interpreter takes to begin and end."""
    times, bare = [], []
    for _ in range(5):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", "import click, uvicorn"], check=True)
        bare.append(time.monotonic() - began)
        process = start("dashboard", "--attach", str(tmp_path / "*.sock"), "--port", "0")
        line, port = told(process)
        assert line == f"Dashboard of {tmp_path / '*.sock'}: http://127.0.0.1:{port}/\n"
        pages = [http.client.HTTPConnection("127.0.0.1", port, timeout=10) for _ in range(3)]
        for page in pages:
            page.request("GET", "/events")
            assert page.getresponse().readline() == b"event: history\n"
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=10)
        times.append(time.monotonic() - began)
        assert (process.returncode, errors) == (130, "")
        for page in pages:
            page.close()
    assert min(times) < max(0.2, min(bare))


def test_the_token_is_told_once_where_it_was_made(start: Start) -> None:
    line, port = told(start("dashboard", "--attach", "no.sock", "--port", "0", "--host", "0.0.0.0"))
    token = line.rstrip("\n").partition("?token=")[2]
    assert len(token) >= 32
    given = "given-by-somebody-himself"
    process = start(
        *("dashboard", "--attach", "no.sock", "--port", "0", "--host", "0.0.0.0"), MULTIPLEXER_DASHBOARD_TOKEN=given
    )
    line, port = told(process)
    assert line == f"Dashboard of no.sock: http://0.0.0.0:{port}/\n"
    page = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    page.request("GET", f"/?token={given}")
    assert page.getresponse().status == 303
    page.close()
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=10)
    assert given not in output + errors


def test_what_is_wrong_is_said(run: Run) -> None:
    result = run("dashboard")
    assert result.exit_code == 2
    assert "Missing option '--attach'" in result.stderr
    result = run("dashboard", "--attach", "no.sock", "--token", "short")
    assert result.exit_code == 1
    assert result.stderr == "Error: dashboard: a token has 16 characters at least\n"


def test_what_is_missing_is_named_with_the_extra(tmp_path: Path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(\"No module named 'uvicorn'\", name='uvicorn')")
    result = subprocess.run(
        [sys.executable, "-m", "multiplexer", "dashboard", "--attach", "no.sock"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path), *sys.path))},
    )
    assert result.returncode == 1
    assert result.stderr == 'Error: the dashboard needs uvicorn: pip install "redis-multiplexer[dashboard]"\n'
