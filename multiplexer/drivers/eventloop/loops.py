"""What belongs to one event loop each, and ends with it."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import nullcontext
from typing import Any

from ...snapshots import snapshot
from .waiting import running_loop

# Keyed by the loop itself: what is kept here holds its loop anyway, so that a weak key would live as long. Entries go
# when their loop ends, or is found closed.
_multiplexers: dict[asyncio.AbstractEventLoop, dict[Any, Any]] = {}
_closers: dict[asyncio.AbstractEventLoop, _Closer] = {}
#: Stands for a lock: each loop has a registry of its own.
sharing = nullcontext()


def loop_registry() -> dict[Any, Any]:
    """Return the running loop's multiplexers by configuration.

    Raises:
        RuntimeError: No event loop is running, or one of trio's.
    """
    forget_closed_loops(_multiplexers)
    return _multiplexers.setdefault(running_loop(), {})


def forget_closed_loops(by_loop: dict[Any, Any]) -> None:
    """Drop entries whose loop was closed without being asked to end its asynchronous generators."""
    for loop in [loop for loop in snapshot(by_loop) if loop.is_closed()]:
        by_loop.pop(loop, None)


class _Closer:
    """What is to be closed with one loop, each as long as nobody else has let go of it.

    Nothing tells of the end of a loop. But whoever ends one properly, as ``asyncio.run`` does, has its asynchronous
    generators come to their ends first. There is one for each loop: it lives as long as that does.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.methods: set[weakref.WeakMethod[Callable[[], Awaitable[None]]]] = set()
        self.end = self._until_the_end(loop)

    def add(self, close: Callable[[], Awaitable[None]]) -> None:
        """Call a method in the end, unless its object is forgotten before."""
        self.methods.add(weakref.WeakMethod(close, self.methods.discard))

    async def _until_the_end(self, loop: asyncio.AbstractEventLoop) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            methods = [
                method() for method in snapshot(self.methods)
            ]  # first: the registry may be all that keeps their objects
            _multiplexers.pop(loop, None)
            _closers.pop(loop, None)
            outcomes = await asyncio.gather(*[close() for close in methods if close], return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome


async def close_with_loop(close: Callable[[], Awaitable[None]]) -> None:
    """Have a method called when the running loop ends, unless its object is forgotten before."""
    loop = asyncio.get_running_loop()
    forget_closed_loops(_closers)
    closer = _closers.get(loop)
    if closer is not None:
        closer.add(close)
        return
    closer = _closers[loop] = _Closer(loop)
    closer.add(close)
    await anext(closer.end)
