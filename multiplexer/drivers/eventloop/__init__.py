"""The event-loop driver: one BufferedProtocol a connection, no task a command."""

from .bridge import EventLoopBridge as Bridge
from .driver import Driver
from .executor import Executor
from .loops import close_with_loop, loop_registry
from .message import TaskMessage as Message
from .queue import Queue

__all__ = ["Bridge", "Driver", "Executor", "Message", "Queue", "close_with_loop", "loop_registry"]
