"""Runs the programs of this folder, each in a process group of its own that does not outlive its test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def run(program: str, *arguments: object, folder: Path, timeout: float = 50.0) -> None:
    """Run ``tests.acceptance.programs.<program>`` and see that it ends well.

    Args:
        program: The module's name.
        arguments: For the program.
        folder: Where it runs, and may write.
        timeout: Seconds after which it and all it has started is killed.

    Raises:
        AssertionError: It failed; the message is what it wrote.
        subprocess.TimeoutExpired: It did not end in time.
    """
    environment = {**os.environ, "PYTHONPATH": str(_ROOT), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", f"tests.acceptance.programs.{program}", *map(str, arguments)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        cwd=folder,
        text=True,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=timeout)
        assert process.returncode == 0, output
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.communicate()
