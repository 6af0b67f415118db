"""Events of a multiplexer, and what their handlers are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, Self, TypeVar

Args = TypeVar("Args")


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
        kind: The announcement's first word.
        details: The rest of it.
    """

    endpoint: str
    kind: str
    details: tuple[Any, ...]


class Event(Generic[Args]):
    """Handlers of one kind of event: ``mux.connection_failed += handler``, or :meth:`add` and :meth:`remove`.

    Handlers run one after the other outside every lock and never where replies are read; what one raises is
    logged. In asyncio a handler may be a coroutine function.
    """

    __slots__ = ("_call_later", "_handlers", "name")

    def __init__(self, name: str, call_later: Callable[..., None]) -> None:
        self.name = name
        self._call_later = call_later
        self._handlers: tuple[Callable[[Args], Any], ...] = ()

    def add(self, handler: Callable[[Args], object]) -> None:
        """Call ``handler`` from now on.

        Raises:
            TypeError: It cannot be called.
        """
        if not callable(handler):
            raise TypeError(f"{self.name}: handler must be callable, not {type(handler).__name__}")
        self._handlers = (*self._handlers, handler)

    def remove(self, handler: Callable[[Args], object]) -> None:
        """Call ``handler`` no longer; nothing happens where it was not added."""
        self._handlers = tuple(other for other in self._handlers if other != handler)

    def __iadd__(self, handler: Callable[[Args], object]) -> Self:
        self.add(handler)
        return self

    def __isub__(self, handler: Callable[[Args], object]) -> Self:
        self.remove(handler)
        return self

    def fire(self, args: Args) -> None:
        """Have every handler called soon."""
        for handler in self._handlers:
            self._call_later(handler, args)
