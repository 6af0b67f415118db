"""bench.paced measures latency from when a request was to begin."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bench.loops import KEYS, VALUES
from bench.pace import LARGE_KEY, LARGE_SIZE, percentiles, warm_up
from bench.paced import PacedError, ask, main
from multiplexer.embedded import EmbeddedServer

RATE, SECONDS = 500, 1.0
#: Seconds that the server does nothing.
PAUSE = 0.3


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedServer]:
    with EmbeddedServer.start() as server:
        for key, value in zip(KEYS, VALUES, strict=True):
            server.command("SET", key, value)
        server.command("SET", LARGE_KEY, "x" * LARGE_SIZE)
        yield server


def gets(server: EmbeddedServer) -> int:
    """Return how many GETs the server has answered."""
    (line,) = [line for line in server.command("INFO", "commandstats").splitlines() if "cmdstat_get:" in str(line)] or [
        ""
    ]
    return int(str(line).partition("calls=")[2].partition(",")[0] or 0)


@pytest.mark.parametrize("world", ["asyncio", "blocking"])
def test_who_is_held_up_counts_however_few_asked(server: EmbeddedServer, world: str) -> None:
    """A server that pauses holds up all that were to begin meanwhile, and not only who asked when it did."""
    before, told = gets(server), {}

    def measure() -> None:
        told.update(ask("multiplexer", world, server.port, server.pid, SECONDS, RATE))

    thread = threading.Thread(target=measure)
    thread.start()
    while thread.is_alive() and gets(server) - before < RATE * warm_up(SECONDS) * 1.5:
        time.sleep(0.005)
    server.command("CLIENT", "PAUSE", int(PAUSE * 1000))
    thread.join()
    assert told["count"] == pytest.approx(RATE * SECONDS, abs=64)
    # A tenth of all were to begin in the first half of the pause at least.
    assert told["p99"] > PAUSE / 2
    assert told["p50"] <= told["p99"] <= told["p999"]
    assert told["cpu"]["client"] > 0
    assert told["cpu"]["server"] >= 0


def test_only_the_small_ones_are_measured(server: EmbeddedServer) -> None:
    told = ask("multiplexer", "asyncio", server.port, server.pid, 0.5, RATE, "among")
    assert told["count"] == 248, "those from 250 to 499, but for 300 and 400"


def test_a_client_that_fails(server: EmbeddedServer) -> None:
    server.command("SET", "bench:0000", "something else")
    try:
        with pytest.raises(PacedError, match=r"multiplexer: .*WrongReplyError"):
            ask("multiplexer", "asyncio", server.port, server.pid, 0.2, RATE)
    finally:
        server.command("SET", KEYS[0], VALUES[0])


def test_percentiles() -> None:
    taken = [number / 1000 for number in range(1000, -1, -1)]
    assert percentiles(taken) == {"count": 1001, "p50": 0.5, "p99": 0.99, "p999": 0.999}


def test_its_report(tmp_path: Path) -> None:
    file, plot = tmp_path / "figures.json", tmp_path / "latency"
    arguments = ["--clients", "multiplexer,nobody-has-it", "--seconds", "0.1", "--json", str(file), "--plot", str(plot)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 2, "a client of that name is not known"
    done = CliRunner().invoke(main, ["--clients", "multiplexer", *arguments[2:]])
    assert not done.exit_code, done.output
    figures: list[dict[str, Any]] = json.loads(file.read_text())
    assert [figure["load"] for figure in figures] == [0.2, 0.5, 0.8] * 2 + [None] * 4
    assert {figure["work"] for figure in figures[6:]} == {
        "tasks, 2 ms away",
        "tasks, 10 ms away",
        "tasks, 1 % of 1 MiB among them",
        "tasks, 1 % of 1 MiB apart",
    }
    assert [figure["p50"] >= least for figure, least in zip(figures[6:8], (2, 10), strict=True)] == [True, True]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["figures.json", "latency-dark.png", "latency-light.png"]
