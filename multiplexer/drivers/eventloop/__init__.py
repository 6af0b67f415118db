"""The event-loop driver: one BufferedProtocol a connection, no task a command."""

from .bridge import EventLoopBridge as Bridge
from .driver import Driver
from .executor import Executor

__all__ = ["Bridge", "Driver", "Executor"]
