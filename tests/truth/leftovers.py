"""What a multiplexer leaves behind: threads, descriptors, tasks, objects, memory."""

from __future__ import annotations

import ctypes
import gc
import os
import threading
import time
from asyncio import Task, all_tasks, get_running_loop
from collections import Counter
from typing import Any, NamedTuple

from multiplexer.core.message import Message
from multiplexer.core.physical_bridge import PhysicalBridge
from multiplexer.core.physical_connection import PhysicalConnection

_OURS = "multiplexer-"


class Leftovers(NamedTuple):
    """A count of what exists now."""

    threads: int
    descriptors: int
    tasks: int
    messages: int
    connections: int
    bridges: int

    def beyond(self, before: Leftovers) -> dict[str, int]:
        """Return what is there now and was not before."""
        return {name: now - then for name, now, then in zip(self._fields, self, before, strict=True) if now > then}


def own_threads() -> list[str]:
    """Return the names of the package's own threads that are alive."""
    # Those whose start was interrupted are listed for ever, though they never lived.
    return [thread.name for thread in threading.enumerate() if thread.name.startswith(_OURS) and thread.is_alive()]


def count() -> Leftovers:
    """Count what exists, garbage excluded."""
    gc.collect()
    kinds = Counter(
        counted
        for kind in map(type, gc.get_objects())
        for counted in (Message, PhysicalConnection, PhysicalBridge)
        if issubclass(kind, counted)
    )
    return Leftovers(
        threads=len(own_threads()),
        descriptors=descriptors(),
        tasks=len(tasks()),
        messages=kinds[Message],
        connections=kinds[PhysicalConnection],
        bridges=kinds[PhysicalBridge],
    )


def tasks() -> set[Task[Any]]:
    """Return the tasks of the running event loop; none where there is no loop."""
    try:
        get_running_loop()
    except RuntimeError:
        return set()
    return all_tasks()


def descriptors() -> int:
    """Count this process's open descriptors."""
    return len(os.listdir("/proc/self/fd"))


def resident() -> int:
    """Return how many bytes of memory this process occupies, without what the C library keeps for the next who asks."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def wait_for_threads(most: int = 0, timeout: float = 5.0) -> None:
    """Wait until no more than so many of the package's threads live.

    Raises:
        AssertionError: They do not end; the message names them.
    """
    deadline = time.monotonic() + timeout
    while len(own_threads()) > most:
        assert time.monotonic() < deadline, f"threads left behind: {own_threads()}"
        time.sleep(0.005)
