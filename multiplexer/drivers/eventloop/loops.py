"""What belongs to one event loop each, and ends with it."""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any

# Keyed by the loop itself: what is kept here holds its loop anyway, so that a weak key would live as long. Entries go
# when their loop ends, or is found closed.
_multiplexers: dict[asyncio.AbstractEventLoop, dict[Any, Any]] = {}
_closers: dict[asyncio.AbstractEventLoop, list[AsyncGenerator[None, None]]] = {}


def loop_registry() -> dict[Any, Any]:
    """Return the running loop's multiplexers by configuration.

    Raises:
        RuntimeError: No event loop is running.
    """
    forget_closed_loops(_multiplexers)
    return _multiplexers.setdefault(asyncio.get_running_loop(), {})


def forget_closed_loops(by_loop: dict[Any, Any]) -> None:
    """Drop entries whose loop was closed without being asked to end its asynchronous generators."""
    for loop in [loop for loop in tuple(by_loop) if loop.is_closed()]:
        by_loop.pop(loop, None)


async def close_with_loop(close: Callable[[], Awaitable[None]]) -> None:
    """Have a method called when the running loop ends, unless its object is forgotten before.

    Nothing tells of the end of a loop. But whoever ends one properly, as ``asyncio.run`` does, has its asynchronous
    generators come to their ends first.
    """
    loop = asyncio.get_running_loop()
    forget_closed_loops(_closers)
    closer = _until_the_end(loop, weakref.WeakMethod(close))
    _closers.setdefault(loop, []).append(closer)
    await anext(closer)


async def _until_the_end(
    loop: asyncio.AbstractEventLoop, close: Callable[[], Callable[[], Awaitable[None]] | None]
) -> AsyncGenerator[None, None]:
    try:
        yield
    finally:
        method = close()  # first: the registry may be all that keeps its object
        _multiplexers.pop(loop, None)
        _closers.pop(loop, None)
        if method is not None:
            await method()
