"""Ctrl-C ends what goes on until then: with 130, hardly later than a bare process, and though a server is silent."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from tests.servers import RealServer

pytestmark = pytest.mark.serial

Start = Callable[..., "subprocess.Popen[str]"]

#: Sleeps often, as a signal that comes just before it sleeps is seen after.
BARE = """
import time
print(flush=True)
while True:
    time.sleep(0.01)
"""

#: Seconds it may take longer than a process that only sleeps.
BOUND = 0.2
#: How often it may, as the machine may have been busy just then; what waits for a server does so each time.
ATTEMPTS = 3

WATCHING = {
    "status": ("status", "--watch", "0.05"),
    "status in lines": ("status", "--watch", "0.05", "--json"),
    "topology": ("topology", "--watch", "0.05"),
    "monitor": ("monitor", "--every", "0.05"),
}


def interrupt(process: subprocess.Popen[str]) -> float:
    """Press Ctrl-C; return the seconds from there to the end of the process."""
    pressed = time.perf_counter()
    process.send_signal(signal.SIGINT)
    process.communicate()  # reads, or it could not end where nobody takes what it has to say; and looks all the time
    return time.perf_counter() - pressed


def bare() -> float:
    """Return the seconds that a process without anything needs to end."""
    with subprocess.Popen(
        [sys.executable, "-c", BARE],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "\n"
        return interrupt(process)


@pytest.mark.parametrize("silent", [False, True], ids=["answers", "silent"])
@pytest.mark.parametrize("command", WATCHING.values(), ids=WATCHING)
def test_ctrl_c(start: Start, own_server: RealServer, command: tuple[str, ...], silent: bool) -> None:
    name, *options = command
    beyond = []
    for _ in range(ATTEMPTS):
        process = start(name, f"127.0.0.1:{own_server.port}", *options)
        assert process.stdout is not None
        assert process.stdout.readline()
        if silent:
            own_server.pause()
        try:
            took = interrupt(process)
        finally:
            own_server.resume()
        assert process.returncode == 130
        beyond.append(took - bare())
        if beyond[-1] < BOUND:
            return
    pytest.fail(f"seconds beyond those of a bare process: {beyond}")
