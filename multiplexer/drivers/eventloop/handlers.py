"""Calls the handlers of subscriptions and events: in order for each, and none waits for another's."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import TYPE_CHECKING, Any

from ...core.logging import logger
from ...core.pubsub.overflow import Overflow
from .queue import Queue

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Protocol

    class RunsTasks(Protocol):
        """What is asked of a driver: its loop, and tasks of it."""

        @property
        def loop(self) -> asyncio.AbstractEventLoop: ...
        def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]: ...


#: Messages that are handled in one turn of the loop, where the handler is no coroutine function.
_TURN = 64


class HandlerQueue(Queue):
    """Ordered and bounded, and emptied by a handler. After :meth:`close` what is left is still handled."""

    def __init__(
        self,
        driver: RunsTasks,
        handle: Callable[[Any], Any],
        ended: Callable[[], None],
        size: int,
        overflow: Overflow,
    ) -> None:
        """Make a queue.

        Args:
            driver: Whose loop calls the handler.
            handle: Called with each item, in order; what it returns is awaited, if that is possible, before the next.
            ended: Called once the queue is closed and empty, where there was anything to handle.
            size: As for :class:`Queue`.
            overflow: As for :class:`Queue`.
        """
        super().__init__(size, overflow)
        self._driver = driver
        self._handle = handle
        self._ended = ended
        self._runs = False

    def put(self, item: Any) -> None:
        """Add an item, and see that it is handled."""
        if self._closed:
            return
        super().put(item)
        if not self._runs:
            self._runs = True
            self._turn_soon()

    def _turn_soon(self) -> None:
        self._driver.loop.call_soon(self._turn, context=Context())

    def _turn(self) -> None:
        """Handle what there is: until something has to be awaited, or others should have their turn."""
        for _ in range(_TURN):
            if not self._items:
                break
            try:
                result = self._handle(self._items.popleft())
            except Exception:
                logger().exception("a handler raised")
                continue
            except BaseException:
                self._turn_soon()  # Ctrl-C, or sys.exit(): it ends the loop and not the subscription
                raise
            if inspect.isawaitable(result):
                self._driver.spawn(guarded(result)).add_done_callback(self._handled, context=Context())
                return
        if self._items:
            self._turn_soon()
            return
        self._runs = False
        if self._closed:
            self._ended()

    def _handled(self, task: asyncio.Task[None]) -> None:
        if task.cancelled() and task.cancelling():
            # All tasks are cancelled because the loop ends, say: no new one is started for what is left.
            self._runs = False
        else:
            self._turn()


async def guarded(result: Awaitable[Any]) -> None:
    """Await what a handler returned; what it raises is logged."""
    try:
        await result
    except Exception:
        logger().exception("a handler raised")
