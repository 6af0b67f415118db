"""``demo``: ends well within its time, without a terminal and on one."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from multiplexer.cli.common import make_console
from multiplexer.cli.demo import Demo
from multiplexer.cli.load import Tally, ThreadWorld
from multiplexer.configuration import ConfigurationOptions
from multiplexer.errors import RedisConnectionError
from tests.servers import RealServer


def row(output: str, name: str) -> list[int]:
    """Return a row's numbers, for threads and for tasks."""
    line = next(line for line in output.splitlines() if name in line)
    return [int(cell.replace(",", "")) for cell in re.findall(r"(?<=\s{2})[\d,]+(?=\s|$)", line)]


@pytest.mark.timeout(120)
def test_without_a_terminal(start: Callable[..., subprocess.Popen[str]]) -> None:
    process = start("demo", "--seconds", "3")
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, output + errors
    assert errors == ""
    assert "\x1b" not in output
    for act in ("16 threads over one connection", "128 tasks over one connection", "is killed", "is started again"):
        assert f"== {act}" in output or act in output
    assert "Everything as promised." in output
    assert all(number > 100 for number in row(output, "commands answered"))
    # One before and one after; between them, perhaps, one to a server that was still loading.
    assert all(2 <= number <= 5 for number in row(output, "sockets opened"))
    for name in ("failed although", "belonged to another", "contradict"):
        assert row(output, name) == [0, 0]
    # The counters, in the log: while the server was away, and at the end.
    assert len(re.findall(r"INFO +multiplexer\.demo: 16 threads: .* interactive: ops=\d+", output)) == 2
    assert len(re.findall(r"INFO +multiplexer\.demo: 128 tasks: .* interactive: ops=\d+", output)) == 2
    away = re.search(r"multiplexer\.demo: 128 tasks: .* unsent=(\d+)", output)
    assert away is not None
    assert int(away[1]) == 128
    assert re.search(r"WARNING multiplexer: \S+ \(interactive\) failed", output)


@pytest.mark.timeout(120)
def test_on_a_terminal() -> None:
    terminal, other_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "multiplexer", "demo", "-s", "2"],
        stdin=subprocess.DEVNULL,
        stdout=other_end,
        stderr=other_end,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "120"},
    )
    os.close(other_end)
    output = b""
    try:
        while data := os.read(terminal, 65536):
            output += data
    except OSError:  # the other end was closed
        pass
    finally:
        os.close(terminal)
    assert process.wait(30) == 0, output.decode()
    assert b"\x1b[" in output  # something was drawn over
    assert b"callers waiting" in output
    assert b"Everything as promised." in output


def test_a_tally_notices_what_is_wrong() -> None:
    tally = Tally("key")
    tally.echoed(b"one", b"one")
    tally.incremented(1)
    assert tally.wrong == 0
    tally.echoed(b"one", b"two")
    assert tally.wrong == 1
    tally.incremented(3)  # nobody else counts, and no command of its own has an unknown fate
    assert tally.wrong == 2


def test_a_tally_allows_for_unknown_fates_only() -> None:
    tally = Tally("key")
    lost = RedisConnectionError("lost")
    lost.phase = "written"
    tally.failed(lost)
    tally.incremented(2)
    assert (tally.unknown, tally.refused, tally.wrong) == (1, 0, 0)
    unsent = RedisConnectionError("not sent")
    unsent.phase = "queued"
    tally.failed(unsent)
    assert (tally.unknown, tally.refused) == (1, 1)


def test_counts_that_contradict_their_callers_are_noticed(own_server: RealServer) -> None:
    world = ThreadWorld(ConfigurationOptions.parse(f"{own_server.host}:{own_server.port}"), 2)
    world.tallies[0].acknowledged = 1
    world.tallies[1].acknowledged = 0
    assert world.miscounted() == 1
    own_server.command("INCR", world.tallies[0].key)
    assert world.miscounted() == 0
    own_server.command("INCR", world.tallies[1].key)
    assert world.miscounted() == 1
    console = make_console()
    with console.capture() as capture:
        good = Demo(console, own_server, [world], 1)._summarise(True)  # type: ignore[arg-type]
    world.close()
    assert not good
    assert "NOT as promised" in capture.get()
