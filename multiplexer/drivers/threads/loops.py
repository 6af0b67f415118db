"""What belongs to one event loop each in asyncio, and to the process here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_multiplexers: dict[Any, Any] = {}


def loop_registry() -> dict[Any, Any]:
    """Return the process's multiplexers by configuration."""
    return _multiplexers


def forget_closed_loops(by_loop: dict[Any, Any]) -> None:
    """There are none here."""


def close_with_loop(close: Callable[[], None]) -> None:
    """The process needs no closing: its threads are daemons, and its sockets end with it."""
