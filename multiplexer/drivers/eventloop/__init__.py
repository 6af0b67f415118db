"""The event-loop driver: one BufferedProtocol a connection, no task a command."""

from .bridge import EventLoopBridge as Bridge
from .driver import Driver, loop_registry
from .executor import Executor
from .message import TaskMessage as Message
from .queue import Queue

__all__ = ["Bridge", "Driver", "Executor", "Message", "Queue", "loop_registry"]
