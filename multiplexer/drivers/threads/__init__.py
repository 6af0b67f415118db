"""The threads driver: sockets, leader and followers."""

from .bridge import ThreadBridge as Bridge
from .driver import Driver, loop_registry
from .executor import Executor
from .message import ThreadMessage as Message
from .queue import Queue

__all__ = ["Bridge", "Driver", "Executor", "Message", "Queue", "loop_registry"]
