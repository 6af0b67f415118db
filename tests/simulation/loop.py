"""asyncio's own event loop, whose selector lets time jump instead of waiting, and whose sockets are simulated."""

from __future__ import annotations

import asyncio
import selectors
import socket
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from .clock import CLOCK
from .network import Network
from .sockets import SimulatedPoll, SimulatedSocket

Result = TypeVar("Result")

#: Seconds that a turn of the loop takes: whatever goes on without waiting still comes to an end.
TURN = 1e-6


class Stuck(Exception):
    """Nothing will ever happen, and yet somebody waits."""


class _Selector(selectors._BaseSelectorImpl):  # its registry is what all selectors of Python have
    """Watches simulated sockets, and lets time jump to whatever is next."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._network = network

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        key = super().register(fileobj, events, data)
        self._network.touched.add(key.fd)
        return key

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        network = self._network
        CLOCK.now += TURN
        network.happen()
        ready = self._ready()
        if ready or (timeout is not None and timeout <= 0):
            return ready
        until = None if timeout is None else CLOCK.now - TURN + timeout
        while not ready:
            if not network.due and until is None:
                raise Stuck("nothing will ever happen, and somebody waits")
            if network.due and (until is None or network.due[0][0] <= until):
                CLOCK.now = max(CLOCK.now, network.due[0][0])
                network.happen()
                ready = self._ready()
            else:
                assert until is not None
                CLOCK.now = max(CLOCK.now, until)
                break
        return ready

    def _ready(self) -> list[tuple[selectors.SelectorKey, int]]:
        touched = self._network.touched
        found = []
        for number in sorted(touched):
            key = self._fd_to_key.get(number)
            sock = self._network.by_number.get(number)
            events = 0 if key is None or sock is None else sock.readiness() & key.events
            if key is None or not events:
                touched.discard(number)  # until it changes, or is watched for something else
            else:
                found.append((key, events))
        return found


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time.

    Attributes:
        network: The network.
        complaints: What its exception handler was told.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.complaints: list[str] = []
        super().__init__(_Selector(network))
        self.set_exception_handler(self._complain)

    def _complain(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.complaints.append(f"{context.get('message')}: {context.get('exception')!r}")

    def time(self) -> float:
        return CLOCK.now

    # There is no other thread that could wake it up.

    def _make_self_pipe(self) -> None:
        pass

    def _close_self_pipe(self) -> None:
        pass

    def call_soon_threadsafe(self, callback: Callable[..., Any], *args: Any, context: Any = None) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)

    def timers(self) -> list[asyncio.TimerHandle]:
        """Return the timers that are set and were not cancelled."""
        return [handle for handle in self._scheduled if not handle.cancelled()]  # type: ignore[attr-defined]


class _Helpers:
    """In the place of the package's threads for what cannot be awaited: it takes time, and is done in the loop's."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def submit(self, job: Any) -> None:
        """Have a job done, as soon as whoever is asked answers."""
        network = self._network
        network.after(30.0 if network.silent_names else network.latency() * 2, job.run)


def simulate(network: Network, work: Callable[[SimulatedLoop], Coroutine[Any, Any, Result]]) -> Result:
    """Run something to its end on a network; :func:`.clock.install` comes first.

    Raises:
        Stuck: It waits for what will never happen.
    """
    import select

    from multiplexer.drivers.eventloop import helpers

    SimulatedSocket.network = network
    kept = socket.socket, socket.getaddrinfo, select.poll, helpers._helpers
    socket.socket, socket.getaddrinfo, select.poll = SimulatedSocket, network.getaddrinfo, SimulatedPoll  # type: ignore[misc,assignment]
    helpers._helpers = _Helpers(network)  # type: ignore[assignment]
    loop = SimulatedLoop(network)
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(work(loop))
    finally:
        _end(loop)
        asyncio.set_event_loop(None)
        loop.close()
        socket.socket, socket.getaddrinfo, select.poll, helpers._helpers = kept  # type: ignore[misc]


def _end(loop: SimulatedLoop) -> None:
    """End what is left, as ``asyncio.run`` does; there is something only where the run has failed."""
    left = sorted(asyncio.all_tasks(loop), key=lambda task: task.get_name())
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(_all(left))
    loop.run_until_complete(loop.shutdown_asyncgens())


async def _all(tasks: list[asyncio.Task[Any]]) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
