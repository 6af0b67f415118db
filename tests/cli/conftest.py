"""Fixtures: a server to talk to, and the command line in this process and in one of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from multiplexer.cli import main
from tests.servers import RealServer

PASSWORD = "a-secret-nobody-sees"

#: Neither the configuration nor the size of a terminal is taken from where the tests run.
_PLAIN = {"MULTIPLEXER_CONFIGURATION": None, "COLUMNS": None, "LINES": None}

Run = Callable[..., Result]


def rows(shown: str) -> list[list[str]]:
    """Return the rows of the tables in what was shown, those of their cells that are not empty."""
    return [re.split(r"\s{2,}", line.strip()) for line in shown.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def guarded_server() -> Iterator[RealServer]:
    """A server that wants :data:`PASSWORD`."""
    with RealServer.start("valkey", password=PASSWORD) as server:
        yield server


@pytest.fixture
def address(guarded_server: RealServer) -> str:
    """Connection string of that server, with the password."""
    return f"{guarded_server.host}:{guarded_server.port},password={PASSWORD}"


@pytest.fixture
def run() -> Run:
    """Run a command in this process."""

    def run(*arguments: str, env: dict[str, str] | None = None) -> Result:
        return CliRunner().invoke(main, arguments, env={**_PLAIN, **(env or {})})

    return run


@pytest.fixture
def start() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command line in a process of its own; what still runs is killed in the end."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **env: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "multiplexer", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", **env},
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()
