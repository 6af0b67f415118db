"""Consumers whose processes are killed, interrupted, or fork: every entry is handled at least once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.servers import RealServer

from .running import run

_ROOT = Path(__file__).parents[2]
ENTRIES = 300


def _fill(server: RealServer, count: int) -> None:
    for number in range(count):
        server.command("XADD", "orders", "*", "n", number)


def _pending(server: RealServer) -> int:
    count: int = server.command("XPENDING", "orders", "packers")[0]
    return count


@pytest.mark.parametrize("world", ["threads", "tasks"])
def test_consumers_that_are_killed(own_server: RealServer, world: str, tmp_path: Path) -> None:
    _fill(own_server, ENTRIES)
    handled: Counter[str] = Counter()
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "tests.processes.programs.consuming", str(own_server.port), world]
    for wanted in (40, 40, ENTRIES):  # the first two are killed in the middle
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
            try:
                assert process.stdout is not None
                before = handled.total()
                for line in process.stdout:
                    handled[line.strip()] += 1
                    if len(handled) == ENTRIES or handled.total() - before == wanted:
                        break
                if len(handled) == ENTRIES:
                    deadline = time.monotonic() + 20
                    while _pending(own_server) and time.monotonic() < deadline:
                        time.sleep(0.02)
            finally:
                process.kill()
                # What it said between the last look and its end counts as well.
                handled.update(line.strip() for line in process.stdout or ())
    assert sorted(map(int, handled)) == list(range(ENTRIES))
    assert _pending(own_server) == 0
    # Few are handled twice: those that had been handled and not acknowledged when a process was killed, and what came
    # between the handler's word and its return.
    assert handled.total() < ENTRIES + 3 * 20


@pytest.mark.parametrize("how", ["interrupted", "terminated"])
def test_consumers_that_are_interrupted(own_server: RealServer, how: str) -> None:
    _fill(own_server, 5)
    outcome = run("consuming", own_server.port, how)
    assert (outcome.code, outcome.errors) == (0, "")
    assert _pending(own_server) == 4


@pytest.mark.parametrize("how", ["twice_interrupted", "forking"])
def test_consumers_that_wait_for_nobody(own_server: RealServer, how: str) -> None:
    _fill(own_server, 5)
    outcome = run("consuming", own_server.port, how)
    assert (outcome.code, outcome.errors) == (0, "")
