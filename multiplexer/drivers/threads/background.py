"""What goes on beside the callers, for threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .driver import Driver

#: Something that happens, and that can be waited for.
Flag = threading.Event
#: Attributes of which every thread has its own.
PerThread = threading.local


def start(driver: Driver, name: str, work: Callable[..., None], *args: Any) -> None:
    """Do some work in a daemon thread of its own; it ends by itself once the driver is closed."""
    threading.Thread(target=work, args=args, name=name, daemon=True).start()
