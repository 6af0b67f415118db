"""Runs the programs of this folder, each in a process group of its own that does not outlive its test."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_BOOKS = Path(__file__).parent / "books"


def run(program: str, *arguments: object, folder: Path, timeout: float = 50.0) -> int:
    """Run ``tests.acceptance.programs.<program>`` and see that it ends well, and that its counters add up.

    Args:
        program: The module's name.
        arguments: For the program.
        folder: Where it runs, and may write.
        timeout: Seconds after which it and all it has started is killed.

    Returns:
        Commands that multiplexers sent which were there when their processes ended.

    Raises:
        AssertionError: It failed; the message is what it wrote. Or the counters of one of its processes do not add up.
        subprocess.TimeoutExpired: It did not end in time.
    """
    books = folder / "books"
    books.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, (_ROOT, _BOOKS))),
        "PYTHONUNBUFFERED": "1",
        "MULTIPLEXER_BOOKS": str(books),
    }
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
    reports = [report.read_text(encoding="utf-8").split("\n") for report in books.glob("*.txt")]
    assert not [line for _, *unbalanced in reports for line in unbalanced]
    return sum(int(operations) for operations, *_ in reports)
