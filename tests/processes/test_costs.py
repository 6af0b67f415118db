"""What a multiplexer costs while nothing happens: wake-ups, memory, time to import."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.servers import RealServer

from .running import run

IDLE = (
    ("blocking", "used"),
    ("blocking", "subscribed"),
    ("blocking", "forgotten"),
    ("asyncio", "used"),
    ("asyncio", "subscribed"),
)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_idle_it_wakes_once_a_second(own_server: RealServer) -> None:
    configuration = f"127.0.0.1:{own_server.port}"
    with ThreadPoolExecutor(len(IDLE)) as pool:  # they only sleep, so they may do it side by side
        outcomes = list(pool.map(lambda idle: run("idling", configuration, *idle), IDLE))
    for idle, outcome in zip(IDLE, outcomes, strict=True):
        # One heartbeat a second; the looks themselves make threads wait for each other a little.
        assert sum(outcome.report["wakings"]) <= outcome.report["seconds"] + 4, (idle, outcome)


@pytest.mark.parametrize("state", ["silent", "gone"])
@pytest.mark.parametrize("world", ["blocking", "asyncio"])
def test_a_queued_command_takes_less_than_700_bytes(own_server: RealServer, world: str, state: str) -> None:
    outcome = run("queueing", f"127.0.0.1:{own_server.port},syncTimeout=30000,asyncTimeout=30000", world, state)
    assert outcome.code == 0, outcome.errors
    assert 100 < outcome.report["bytes"] < 700


def _python(code: str) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30, env=environment)
    return done.stdout


def test_importing_is_cheaper_than_importing_asyncio() -> None:
    """With cached bytecode. A bound in seconds would say as much of the machine; bench/compare.py measures those."""
    code = "import time; began = time.process_time(); import {}; print(time.process_time() - began)"
    ours, theirs = code.format("multiplexer"), code.format("asyncio, ssl, logging")
    _python(ours)  # writes the bytecode
    pairs = [(float(_python(ours)), float(_python(theirs))) for _ in range(12)]
    # The best of some of each, taken in turn: other processes run meanwhile.
    assert min(own for own, _ in pairs) < 2 * min(other for _, other in pairs)


NEEDED_LATER = {
    "asyncio",
    "concurrent.futures",
    "inspect",
    "logging",
    "multiprocessing",
    "multiplexer.blocking.cluster_batch",
    "multiplexer.blocking.connection_group",
    "multiplexer.blocking.loader",
    "multiplexer.blocking.monitor",
    "multiplexer.blocking.pipeline",
    "multiplexer.blocking.promotion",
    "multiplexer.blocking.transaction",
    "multiplexer.core.availability",
    "multiplexer.core.cache.client_cache",
    "multiplexer.core.cluster.guide",
    "multiplexer.core.diagnosis.profiling",
    "multiplexer.core.health",
    "multiplexer.core.sentinel.guide",
    "ssl",
}


def test_importing_takes_nothing_along_that_is_needed_later() -> None:
    loaded = set(_python("import sys, multiplexer; print(*sys.modules)").split())
    assert "multiplexer.blocking.database" in loaded
    assert NEEDED_LATER & loaded == set()


@pytest.mark.parametrize("package", ["multiplexer", "multiplexer.asyncio"])
def test_every_name_is_there_when_it_is_asked_for(package: str) -> None:
    code = f"""
import {package} as package
print(*sorted(set(package.__all__) - set(dir(package))))
from {package} import *
print(*sorted(name for name in package.__all__ if globals()[name] is not getattr(package, name)))
print(package.ConnectionGroup.__name__, getattr(package, "Nonsense", None))
try:
    from {package} import Nonsense
except ImportError:
    print("refused")
"""
    assert _python(code).splitlines() == ["", "", "ConnectionGroup None", "refused"]
