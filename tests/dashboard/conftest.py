"""Fixtures: dashboards, streams of their events, and applications to look at."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from multiplexer.dashboard.serving import Dashboard
from tests.servers import RealServer

ROOT = Path(__file__).resolve().parent.parent.parent


def port_of(dashboard: Dashboard) -> int:
    """Return a dashboard's port."""
    return int(dashboard.address.rstrip("/").rpartition(":")[2])


class Stream:
    """What a page is sent."""

    def __init__(self, port: int, process: str = "", headers: dict[str, str] | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.connection.request("GET", f"/events?process={process}", headers=headers or {})
        self._response = self.connection.getresponse()
        assert self._response.status == 200
        assert self._response.headers["Content-Type"].startswith("text/event-stream")
        self.said = ""

    def take(self) -> tuple[str, Any]:
        """Wait for an event."""
        lines = []
        while (line := self._response.readline().decode()) != "\n":
            assert line, "the stream has ended"
            lines.append(line)
        self.said += "".join(lines)
        (event, name), (data, content) = (line.rstrip("\n").split(": ", 1) for line in lines)
        assert (event, data) == ("event", "data")
        return name, json.loads(content)

    def until(self, condition: Callable[[Any], object], timeout: float = 20) -> Any:
        """Return the first state of which something is true."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            name, content = self.take()
            if name == "state" and condition(content):
                return content
        raise AssertionError("it was never so")

    def close(self) -> None:
        """Leave."""
        self._response.close()
        self.connection.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """What is left in the end, in reverse order."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture(scope="module")
def server() -> Iterator[RealServer]:
    """A server that stays."""
    with RealServer.start("valkey") as server:
        yield server


@pytest.fixture
def show(stack: ExitStack, tmp_path: Path) -> Callable[..., Dashboard]:
    """Start a dashboard; by default of every socket in the test's folder, on a free port."""

    def show(*patterns: str, **options: Any) -> Dashboard:
        dashboard = Dashboard(patterns or (str(tmp_path / "*.sock"),), **{"port": 0, **options})
        stack.callback(dashboard.close)
        dashboard.start()
        return dashboard

    return show


@pytest.fixture
def stream(stack: ExitStack) -> Callable[..., Stream]:
    """Open a stream of a dashboard's events."""

    def stream(dashboard: Dashboard, process: str = "", **headers: str) -> Stream:
        opened = Stream(port_of(dashboard), process, headers)
        stack.callback(opened.close)
        return opened

    return stream


@pytest.fixture
def application(stack: ExitStack) -> Callable[..., subprocess.Popen[str]]:
    """Start an application under load; it ends when its input does."""

    def application(configuration: str, where: Path, pause: float = 0.01) -> subprocess.Popen[str]:
        words = ["-m", "tests.dashboard.load", configuration, str(where), str(pause)]
        process = stack.enter_context(_running([sys.executable, *words]))
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    return application


@contextmanager
def _running(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()
