"""The event-loop driver: one BufferedProtocol a connection, no task a command."""

from .bridge import EventLoopBridge as Bridge
from .driver import Driver
from .executor import Executor
from .handlers import HandlerQueue
from .loops import close_with_loop, loop_registry, sharing
from .message import TaskMessage as Message
from .queue import Queue

__all__ = [
    "Bridge",
    "Driver",
    "Executor",
    "HandlerQueue",
    "Message",
    "Queue",
    "close_with_loop",
    "loop_registry",
    "sharing",
]
