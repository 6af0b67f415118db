"""What happens while callers are at work: to the network, to the server, and to this process."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from random import Random

import hiredis

from tests.chance import seeded
from tests.servers import FaultProxy, RealServer
from tests.truth import workload

from .recording import History


@dataclass
class Stage:
    """What can be hurt.

    Attributes:
        proxy: The network.
        server: The server behind it.
    """

    proxy: FaultProxy
    server: RealServer

    @contextmanager
    def suffering(self, faults: Sequence[Fault], history: History, calls: int, name: object) -> Iterator[None]:
        """Let faults happen, one after the other, while the block runs; in the end all is well again.

        Args:
            faults: In this order.
            history: Where calls are written down.
            calls: How many there will be.
            name: What chance follows from.
        """
        chance = seeded(name)
        try:
            with afflicted([partial(fault, self, chance) for fault in faults], history, calls):
                yield
        finally:
            self.proxy.restore()
            self.proxy.accept()


Fault = Callable[[Stage, Random], None]


def _of_the_network(fault: workload.Fault) -> Fault:
    def apply(stage: Stage, chance: Random) -> None:
        fault(stage.proxy, chance)

    apply.__name__ = fault.__name__
    return apply


def delay(stage: Stage, chance: Random) -> None:
    """Let everything arrive later for a while."""
    stage.proxy.delay(0.005, jitter=0.01)
    time.sleep(0.03)
    stage.proxy.restore()


def dribble(stage: Stage, chance: Random) -> None:
    """Deliver bytes one by one for a while."""
    stage.proxy.dribble(direction=chance.choice(("to_server", "to_client")))
    time.sleep(0.02)
    stage.proxy.restore()


def client_kill(stage: Stage, chance: Random) -> None:
    """Have the server end every connection."""
    stage.server.command("CLIENT", "KILL", "TYPE", "normal")


def client_pause(stage: Stage, chance: Random) -> None:
    """Have the server put off all commands, or all writes."""
    stage.server.command("CLIENT", "PAUSE", 30, chance.choice(("ALL", "WRITE")))


def server_hangs(stage: Stage, chance: Random) -> None:
    """Stop the server's process for a while."""
    stage.server.pause()
    time.sleep(0.03)
    stage.server.resume()


def process_held(stage: Stage, chance: Random) -> None:
    """Let nothing else run in this process for a while: neither its event loop nor another thread."""
    sum(range(1_000_000))  # within the interpreter all the time, which so never gives way


def fork(stage: Stage, chance: Random) -> None:
    """Fork; the child ends at once."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # of a fork in a process with threads, which is what is tried
        pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)


def server_dies(stage: Stage, chance: Random) -> None:
    """Kill the server, which keeps what it has acknowledged, and start it again."""
    stage.server.kill()
    stage.server.restart()


#: Those that leave the server as it was.
FAULTS: tuple[Fault, ...] = (
    *map(_of_the_network, workload.FAULTS),
    delay,
    dribble,
    client_kill,
    client_pause,
    server_hangs,
    process_held,
    fork,
)
#: Directives of a server that loses nothing it has acknowledged when it is killed.
LOSES_NOTHING = ("appendonly yes", "appendfsync always")


@contextmanager
def afflicted(faults: Sequence[Callable[[], object]], history: History, calls: int) -> Iterator[None]:
    """Let things happen, each when its share of the calls has ended."""
    over = threading.Event()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            for number, fault in enumerate(faults, 1):
                while history.begun < calls * number / (len(faults) + 1):
                    if over.wait(0.001):
                        return
                fault()
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="faults", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)
    assert not thread.is_alive(), "a fault never ends"
    assert not failures, failures


def server_time(server: RealServer) -> float:
    """Return the server's clock in seconds, or 0 where it cannot be asked just now."""
    try:
        seconds, micros = server.command("TIME")
    except (OSError, hiredis.ReplyError):
        return 0.0
    return int(seconds) + int(micros) / 1e6
