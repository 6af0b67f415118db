"""What belongs to one event loop each in asyncio, and to the process here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..at_fork import free_in_child
from .primitives import RLock

_multiplexers: dict[Any, Any] = {}
#: Guards what is looked up there and made if need be. Re-entrant for finalizers and signal handlers that do the same.
sharing = free_in_child(RLock())


def loop_registry() -> dict[Any, Any]:
    """Return the process's multiplexers by configuration."""
    return _multiplexers


def forget_closed_loops(by_loop: dict[Any, Any]) -> None:
    """There are none here."""


def close_with_loop(close: Callable[[], None]) -> None:
    """The process needs no closing: its threads are daemons, and its sockets end with it."""
