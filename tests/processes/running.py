"""Runs programs of this folder in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

_ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    """How a program ended.

    Attributes:
        code: Its exit code; negative for a signal.
        output: What it wrote to its standard output.
        errors: What it wrote to its standard error output.
        ending: Seconds between its last line of output and its end.
    """

    code: int
    output: list[str]
    errors: str
    ending: float

    @property
    def report(self) -> Any:
        """The last line of its output, which is JSON."""
        assert self.output, self.errors
        return json.loads(self.output[-1])


def run(program: str, *arguments: object, strict: bool = False, timeout: float = 50.0) -> Outcome:
    """Run ``tests.processes.programs.<program>``.

    Args:
        program: The module's name.
        arguments: For the program.
        strict: Whether Python's development mode is on and every warning is an error.
        timeout: Seconds after which it is killed.

    Raises:
        subprocess.TimeoutExpired: It did not end in time.
    """
    flags = ["-X", "dev", "-W", "error"] if strict else []
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, *flags, "-m", f"tests.processes.programs.{program}", *map(str, arguments)]
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    )
    assert process.stdout is not None
    try:
        output = []
        said = time.monotonic()
        # Children of a fork share the pipe; the programs wait for theirs.
        for line in process.stdout:
            output.append(line.rstrip("\n"))
            said = time.monotonic()
        code = process.wait(timeout)
        ending = time.monotonic() - said
        assert process.stderr is not None
        return Outcome(code, output, process.stderr.read(), ending)
    finally:
        process.kill()
        process.communicate()
