"""Values that one of several processes makes for all, and that another makes where it dies."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from multiplexer import ConnectionMultiplexer
from tests.servers import RealServer

from .running import run


def test_one_of_several_processes_makes_a_value(own_server: RealServer) -> None:
    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(lambda _: run("value_loading", own_server.port, "count"), range(3)))
    assert [(outcome.code, outcome.errors, outcome.report) for outcome in outcomes] == [(0, "", "1")] * 3
    assert own_server.command("GET", "calls") == b"1"


def test_a_process_that_dies_holds_nobody_up_for_longer_than_its_token_lives(own_server: RealServer) -> None:
    words = [sys.executable, "-u", "-m", "tests.processes.programs.value_loading", str(own_server.port), "hang"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "loading\n"
        process.kill()
    assert 0 < own_server.command("PTTL", "value") <= 30_000
    own_server.command("PEXPIRE", "value", 50)
    with ConnectionMultiplexer.connect(f"127.0.0.1:{own_server.port}", protocol=3) as mux:
        db = mux.get_database(cached=True)
        assert db.get_or_load("value", loader=lambda: "made", ttl=60, load_timeout=30) == b"made"
