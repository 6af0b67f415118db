"""The threads driver: sockets, leader and followers."""

from .bridge import ThreadBridge as Bridge
from .driver import Driver
from .executor import Executor

__all__ = ["Bridge", "Driver", "Executor"]
