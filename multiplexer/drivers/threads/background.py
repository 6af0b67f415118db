"""What goes on beside the callers, for threads."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from .primitives import Event, Thread, local
from .waiting import Latch

if TYPE_CHECKING:
    from .driver import Driver

#: Something that happens, and that can be waited for.
Flag = Event
#: Attributes of which every thread has its own.
PerThread = local


def start(driver: Driver, name: str, work: Callable[..., None], *args: Any) -> None:
    """Do some work in a daemon thread of its own; it ends by itself once the driver is closed."""
    Thread(target=work, args=args, name=name, daemon=True).start()


def in_thread(what: str, call: Callable[[float], None], deadline: float) -> None:
    """Make a call that blocks until a deadline at most: there is no need of another thread here."""
    call(deadline)


class Repeater:
    """Makes a call again and again, in a thread of its own, until it returns False."""

    def __init__(self, interval: float, call: Callable[[], bool]) -> None:
        self._stopped = Latch()
        self._interval = interval
        self._call = call
        self._thread = Thread(target=self._run, name="multiplexer-idle-connections", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stopped.wait(self._interval) and self._call():
            pass

    def stop(self) -> None:
        """Make no further call."""
        self._stopped.open()
