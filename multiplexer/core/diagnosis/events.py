"""Events of a multiplexer, and what their handlers are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Self, TypeVar

Args = TypeVar("Args")

#: Events that wait for one handler at most; of more the oldest are lost.
MOST_WAITING = 1024


if TYPE_CHECKING:
    from typing import Protocol

    class EventQueue(Protocol):
        """What one handler is to be called with, in order."""

        def put(self, item: object) -> None:
            """Have the handler called with one more thing soon."""


class ConnectionEvent(NamedTuple):
    """A connection failed or came back.

    Attributes:
        endpoint: The server's address.
        connection_type: ``"interactive"`` or ``"subscription"``.
        error: Why it failed, or None.
    """

    endpoint: str
    connection_type: str
    error: BaseException | None


class ConfigurationEvent(NamedTuple):
    """A server turned out to be, or was announced to be, other than it was.

    Attributes:
        endpoint: The server's address, or the address that was announced.
        changes: Names of the facts that changed.
    """

    endpoint: str
    changes: tuple[str, ...]


class ErrorEvent(NamedTuple):
    """A command that nobody waited for failed.

    Attributes:
        command: Its name.
        error: The error.
    """

    command: str
    error: BaseException


class HashSlotMoved(NamedTuple):
    """A server said that a hash slot lives elsewhere.

    Attributes:
        slot: Number of the slot.
        old_endpoint: Who said so.
        new_endpoint: Where it lives.
    """

    slot: int
    old_endpoint: str
    new_endpoint: str


class ServerMaintenance(NamedTuple):
    """A server announced maintenance.

    Attributes:
        endpoint: The server's address.
        kind: The announcement's first word, such as ``"MOVING"``.
        sequence: Its number, or None. Each connection brings the same one.
        seconds: In how many seconds it is due, or 0.
        target: The new address of a server that moves, or None.
        details: All that came after the first word, as the server sent it.
    """

    endpoint: str
    kind: str
    sequence: int | None
    seconds: float
    target: str | None
    details: tuple[Any, ...]


class Events:
    """All events of a multiplexer. A handler has one queue, whichever of them it hears, and none waits for another."""

    def __init__(self, make_queue: Callable[[Callable[[Any], Any]], EventQueue]) -> None:
        """Make it.

        Args:
            make_queue: Makes the queue of a handler.
        """
        self._make_queue = make_queue
        self.all: list[Event[Any]] = []

    def queue_of(self, handler: Callable[[Any], Any]) -> EventQueue:
        """Return the queue of a handler, made where it hears no event so far."""
        for event in self.all:
            for other, queue in event.handlers:
                if other == handler:
                    return queue
        return self._make_queue(handler)


class Event(Generic[Args]):
    """Handlers of one kind of event: ``mux.connection_failed += handler``, or :meth:`add` and :meth:`remove`.

    A handler is called with one event after the other, outside every lock and never where replies are read; what it
    raises is logged. It waits for no other handler. In asyncio it may be a coroutine function.

    Attributes:
        name: The event's name.
        handlers: The handlers, each with its queue.
    """

    __slots__ = ("_events", "handlers", "name")

    def __init__(self, name: str, events: Events) -> None:
        self.name = name
        self._events = events
        self.handlers: tuple[tuple[Callable[[Args], Any], EventQueue], ...] = ()
        events.all.append(self)

    def add(self, handler: Callable[[Args], object]) -> None:
        """Call ``handler`` from now on.

        Raises:
            TypeError: It cannot be called.
        """
        if not callable(handler):
            raise TypeError(f"{self.name}: handler must be callable, not {type(handler).__name__}")
        self.handlers = (*self.handlers, (handler, self._events.queue_of(handler)))

    def remove(self, handler: Callable[[Args], object]) -> None:
        """Call ``handler`` no longer; nothing happens where it was not added."""
        self.handlers = tuple(entry for entry in self.handlers if entry[0] != handler)

    def __iadd__(self, handler: Callable[[Args], object]) -> Self:
        self.add(handler)
        return self

    def __isub__(self, handler: Callable[[Args], object]) -> Self:
        self.remove(handler)
        return self

    def fire(self, args: Args) -> None:
        """Have every handler called soon."""
        for _, queue in self.handlers:
            queue.put(args)
