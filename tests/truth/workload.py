"""What callers do while the network fails, and how faults are dealt out."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random

from tests.chance import seeded
from tests.servers import FaultProxy, RealServer

#: One thing that happens to the network.
Fault = Callable[[FaultProxy, Random], None]


def reset(proxy: FaultProxy, chance: Random) -> None:
    """End every connection by RST."""
    proxy.reset()


def close(proxy: FaultProxy, chance: Random) -> None:
    """End every connection in an orderly way; what is under way is lost."""
    proxy.close_all()


def cut_reply(proxy: FaultProxy, chance: Random) -> None:
    """End the connection inside a reply."""
    proxy.cut(after_items=chance.randrange(40), after_bytes=chance.randrange(6), reset=chance.random() < 0.5)


def cut_request(proxy: FaultProxy, chance: Random) -> None:
    """End the connection inside a request."""
    items, size = chance.randrange(40), chance.randrange(30)
    proxy.cut(after_items=items, after_bytes=size, direction="to_server", reset=chance.random() < 0.5)


def black_hole(proxy: FaultProxy, chance: Random) -> None:
    """Swallow everything for a while, and then deliver it."""
    proxy.black_hole(chance.choice(("to_server", "to_client", "both")))
    time.sleep(chance.uniform(0.01, 0.1))
    proxy.restore()


def black_hole_then_reset(proxy: FaultProxy, chance: Random) -> None:
    """Swallow everything for a while, and lose it."""
    proxy.black_hole(chance.choice(("to_server", "to_client", "both")))
    time.sleep(chance.uniform(0.01, 0.1))
    proxy.reset()
    proxy.restore()


def half_close_server(proxy: FaultProxy, chance: Random) -> None:
    """Send the end of the stream to the server, whose answers still arrive."""
    proxy.half_close("to_server")


def half_close_client(proxy: FaultProxy, chance: Random) -> None:
    """Send the end of the stream to the client, whose requests still arrive."""
    proxy.half_close("to_client")


def refuse(proxy: FaultProxy, chance: Random) -> None:
    """Reset everything and let nobody connect for a while."""
    proxy.refuse()
    proxy.reset()
    time.sleep(chance.uniform(0.01, 0.1))
    proxy.accept()


FAULTS: tuple[Fault, ...] = (
    reset,
    close,
    cut_reply,
    cut_request,
    black_hole,
    black_hole_then_reset,
    half_close_server,
    half_close_client,
    refuse,
)


@contextmanager
def trouble(proxy: FaultProxy, faults: Sequence[Fault], seed: object, pause: float = 0.04) -> Iterator[list[str]]:
    """Let faults of a seeded choice happen, one after the other, while the block runs; then all is well again.

    Yields:
        The names of those that have happened.
    """
    chance = seeded(seed)
    happened: list[str] = []
    over = threading.Event()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            while not over.wait(chance.uniform(0, 2 * pause)):
                fault = chance.choice(faults)
                happened.append(fault.__name__)
                fault(proxy, chance)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="trouble", daemon=True)
    thread.start()
    try:
        yield happened
    finally:
        over.set()
        thread.join(10)
        proxy.restore()
        proxy.accept()
    assert not failures, failures


def settle(server: RealServer, proxy: FaultProxy, timeout: float = 10.0) -> None:
    """End all connections, and wait until the server has done what it was ever sent over them.

    Raises:
        TimeoutError: It still has one of them.
    """
    proxy.restore()
    latest = server.command("CLIENT", "ID")  # whoever connects from now on has sent nothing that counts
    proxy.close_all()
    deadline = time.monotonic() + timeout
    while old := [client for client in server.clients() if int(client["id"]) < latest]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the server still has {old}")
        time.sleep(0.005)
