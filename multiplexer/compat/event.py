"""Events, who listens to them, and who hands them on.

Clients of the façade dispatch none and take no ``event_dispatcher``. These are for programs that have events of their
own, or that are written against the classes.
"""

from __future__ import annotations

import asyncio
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .credentials import CredentialProvider

__all__ = [
    "AfterAsyncClusterInstantiationEvent",
    "AfterConnectionReleasedEvent",
    "AfterPooledConnectionsInstantiationEvent",
    "AfterPubSubConnectionInstantiationEvent",
    "AfterSingleConnectionInstantiationEvent",
    "AfterSlotsCacheRefreshEvent",
    "AsyncAfterConnectionReleasedEvent",
    "AsyncAfterSlotsCacheRefreshEvent",
    "AsyncEventListenerInterface",
    "AsyncOnCommandsFailEvent",
    "ClientType",
    "EventDispatcher",
    "EventDispatcherInterface",
    "EventException",
    "EventListenerInterface",
    "OnCommandsFailEvent",
]


class EventListenerInterface(ABC):
    """Listens to events."""

    @abstractmethod
    def listen(self, event: Any) -> None:
        """Take an event."""


class AsyncEventListenerInterface(ABC):
    """Listens to events that are dispatched in asyncio."""

    @abstractmethod
    async def listen(self, event: Any) -> None:
        """Take an event."""


#: Listeners by the class of events they listen to.
Listeners = Mapping[type[Any], Sequence[EventListenerInterface | AsyncEventListenerInterface]]


class EventDispatcherInterface(ABC):
    """Hands events on to those who listen."""

    @abstractmethod
    def dispatch(self, event: object) -> None:
        """Hand an event on."""

    @abstractmethod
    async def dispatch_async(self, event: object) -> None:
        """Hand an event on to listeners of asyncio."""

    @abstractmethod
    def register_listeners(self, mappings: Listeners) -> None:
        """Have more listen."""

    @abstractmethod
    def unregister_listeners(self, mappings: Listeners) -> None:
        """Have some listen no longer."""


class EventException(Exception):
    """Something went wrong with an event.

    Attributes:
        exception: What.
        event: The event.
    """

    def __init__(self, exception: Exception, event: object) -> None:
        super().__init__(exception)
        self.exception = exception
        self.event = event


class EventDispatcher(EventDispatcherInterface):
    """Hands an event on to those who listen to its class, in the order in which they came.

    Listeners may register and dispatch themselves: nothing is held while they are called.

    Args:
        event_listeners: Who listens from the beginning.
    """

    def __init__(self, event_listeners: Listeners | None = None) -> None:
        self._lock = threading.Lock()  # changes the table, which readers find whole
        self._listeners: dict[type[Any], tuple[Any, ...]] = {}
        if event_listeners:
            self.register_listeners(event_listeners)

    def dispatch(self, event: object) -> None:
        for listener in self._listeners.get(type(event), ()):
            listener.listen(event)

    async def dispatch_async(self, event: object) -> None:
        for listener in self._listeners.get(type(event), ()):
            await listener.listen(event)

    def register_listeners(self, mappings: Listeners) -> None:
        with self._lock:
            for kind, more in mappings.items():
                known = self._listeners.get(kind, ())
                self._listeners[kind] = (*known, *(each for each in more if each not in known))

    def unregister_listeners(self, mappings: Listeners) -> None:
        with self._lock:
            for kind, gone in mappings.items():
                known = self._listeners.get(kind, ())
                self._listeners[kind] = tuple(each for each in known if all(each is not one for one in gone))


class ClientType(Enum):
    """The world a client is of."""

    SYNC = ("sync",)
    ASYNC = ("async",)


@dataclass(frozen=True, eq=False)
class AfterConnectionReleasedEvent:
    """A connection was given back.

    Attributes:
        connection: Which.
    """

    connection: Any


class AsyncAfterConnectionReleasedEvent(AfterConnectionReleasedEvent):
    """The same in asyncio."""


class AfterSlotsCacheRefreshEvent:
    """A cluster's client knows anew who serves which slot."""


class AsyncAfterSlotsCacheRefreshEvent(AfterSlotsCacheRefreshEvent):
    """The same in asyncio."""


@dataclass(frozen=True, eq=False)
class AfterPooledConnectionsInstantiationEvent:
    """A client has pools.

    Attributes:
        connection_pools: Which.
        client_type: The client's world.
        credential_provider: Whom their connections ask for credentials.
    """

    connection_pools: list[Any]
    client_type: ClientType
    credential_provider: CredentialProvider | None = None


@dataclass(frozen=True, eq=False)
class AfterSingleConnectionInstantiationEvent:
    """A client has a connection for itself.

    Attributes:
        connection: Which.
        client_type: The client's world.
        connection_lock: What whoever uses it holds.
    """

    connection: Any
    client_type: ClientType
    connection_lock: threading.RLock | asyncio.Lock


@dataclass(frozen=True, eq=False)
class AfterPubSubConnectionInstantiationEvent:
    """A subscriber has a connection.

    Attributes:
        pubsub_connection: Which.
        connection_pool: Where it came from.
        client_type: The subscriber's world.
        connection_lock: What whoever uses it holds.
    """

    pubsub_connection: Any
    connection_pool: Any
    client_type: ClientType
    connection_lock: threading.RLock | asyncio.Lock


@dataclass(frozen=True, eq=False)
class AfterAsyncClusterInstantiationEvent:
    """A client of a cluster has nodes.

    Attributes:
        nodes: Which, by name.
        credential_provider: Whom their connections ask for credentials.
    """

    nodes: dict[str, Any]
    credential_provider: CredentialProvider | None = None


@dataclass(frozen=True, eq=False)
class OnCommandsFailEvent:
    """Commands failed.

    Attributes:
        commands: Which.
        exception: Why.
    """

    commands: tuple[Any, ...]
    exception: Exception


class AsyncOnCommandsFailEvent(OnCommandsFailEvent):
    """The same in asyncio."""
