"""The command line on a terminal."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from select import select


def on_a_terminal(
    *arguments: str, until: Callable[[str], bool] | None = None, timeout: float = 30.0
) -> tuple[str, int]:
    """Run the command line on a terminal of its own, of 160 columns.

    Args:
        arguments: Its arguments.
        until: Tells from everything it has shown whether to press Ctrl-C; None to let it end by itself.
        timeout: Seconds it may take.

    Returns:
        What it has shown, and its exit code.

    Raises:
        TimeoutError: It took too long.
    """
    terminal, other_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "multiplexer", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=other_end,
        stderr=other_end,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "160", "LINES": "50"},
    )
    os.close(other_end)
    shown = b""
    deadline = time.monotonic() + timeout
    try:
        while True:
            if not select([terminal], [], [], max(deadline - time.monotonic(), 0))[0]:
                raise TimeoutError(shown.decode())
            try:
                data = os.read(terminal, 65536)
            except OSError:  # it has ended
                break
            if not data:
                break
            shown += data
            if until is not None and until(shown.decode(errors="replace")):
                until = None
                process.send_signal(signal.SIGINT)
        return shown.decode(errors="replace"), process.wait(max(deadline - time.monotonic(), 1))
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()
        os.close(terminal)
