"""What goes on beside the callers, for tasks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import Context
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .driver import Driver

#: Something that happens, and that can be waited for.
Flag = asyncio.Event
#: Attributes of which every thread has its own; all tasks are in one.
PerThread = SimpleNamespace


def start(driver: Driver, name: str, work: Callable[..., Coroutine[Any, Any, None]], *args: Any) -> None:
    """Do some work in a task of its own; it ends by itself once the driver is closed."""
    driver.spawn(work(*args), Context()).set_name(name)
