"""What a connection does whose server tells it of changes.

A connection becomes one by a change of its class, so those that are not tracked have nothing of it on their way. It
does three things more than others:

* CLIENT CACHING YES goes right before each fetch, as ASKING does before a command that was redirected;
* each write drops its keys before its bytes go out. On one connection whatever is fetched later comes after the write,
  so there is nothing left to do when the reply comes, or does not come;
* an invalidation is taken in its turn among the replies.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

from ..call_options import ANY_DATABASE, database_of
from ..commands.command_table import COMMANDS
from ..message import InternalMessage, Message
from ..physical_connection import BATCH_LIMIT, PhysicalConnection
from ..wire.resp import pack
from .store import Epoch

if TYPE_CHECKING:
    from ..physical_bridge import PhysicalBridge

_CACHING = COMMANDS["CLIENT CACHING"]


class Concerned(Protocol):
    """Who is told of changes: what is asked of a cache."""

    def slot_of(self, name: bytes) -> int:
        """Return the slot of a key, where slots decide who serves it."""

    def write_sent(self, message: Message, tracking: Tracking) -> None:
        """A write is about to go out."""

    def invalidated(self, names: list[bytes] | None, tracking: Tracking) -> None:
        """The server says that keys were written; None stands for all."""


class Tracking:
    """What is known of one connection that is told of changes.

    Attributes:
        bridge: Whose connection it is.
        optin: What is put before each fetch; empty where the server says of every change.
        asked: Whether the server was asked to say of changes.
        over: Whether it does so no longer.
    """

    __slots__ = ("_cache", "_epochs", "asked", "bridge", "optin", "over")

    def __init__(self, cache: Concerned, bridge: PhysicalBridge, optin: bytes) -> None:
        self._cache = cache
        self._epochs: dict[int, Epoch] = {}
        self.bridge = bridge
        self.optin = optin
        self.asked = False
        self.over = False

    def epoch(self, slot: int) -> Epoch | None:
        """Return the time in which changes of a slot's keys are heard of; None where they are not."""
        if self.over or not self.asked:
            return None
        epoch = self._epochs.get(slot)
        if epoch is None or epoch.over:
            epoch = self._epochs[slot] = Epoch()
        return epoch

    def slots(self) -> tuple[int, ...]:
        """Return the slots something is kept of."""
        return tuple(self._epochs)

    def end_slot(self, slot: int) -> None:
        """Nothing that was fetched of a slot counts any more."""
        epoch = self._epochs.pop(slot, None)
        if epoch is not None:
            epoch.over = True

    def renew(self) -> None:
        """Nothing that was fetched over the connection counts any more; what is fetched from now on does."""
        for slot in self.slots():
            self.end_slot(slot)

    def end(self) -> None:
        """The server says of no changes any more."""
        self.over = True
        self.renew()

    def sent(self, message: Message) -> None:
        """A command is about to be written that may change something."""
        self._cache.write_sent(message, self)

    def invalidated(self, names: list[bytes] | None) -> None:
        """The server says that keys were written; None stands for all."""
        self._cache.invalidated(names, self)

    def begin(self, message: Any) -> None:
        """A fetch is about to be written."""
        flight = message.flight
        flight.bridge = self.bridge
        flight.epoch = self.epoch(self._cache.slot_of(flight.names[0]))


class TrackingConnection(PhysicalConnection):
    """A connection whose server tells of changes; others become one, so it must have the same slots."""

    __slots__ = ()

    def take(self, backlog: deque[Message], now: float, most: int = BATCH_LIMIT) -> list[bytes]:
        buffers = super().take(backlog, now, most)
        if buffers:
            self._look_at_taken(now)
        return buffers

    def _look_at_taken(self, now: float) -> None:
        """Look for writes among what was just taken: the last of `sent`.

        The reader takes from the other end meanwhile, which changes no place counted from this one. What was taken
        before at the same time is looked at once more, which does no harm.
        """
        sent, place = self.sent, -1
        try:
            while (message := sent[place]).sent_at == now:
                if message.command.changes:
                    self.tracking.sent(message)
                place -= 1
        except IndexError:
            pass  # there are no others

    def put(self, message: Message, now: float) -> bool:
        if not super().put(message, now):
            return False
        if message.command.changes:
            self.tracking.sent(message)
        return True

    def _lead_in(self, message: Message, small: list[bytes], now: float) -> bool:
        """Have the server remember that the reply to a message is kept, and say when it changes."""
        database = database_of(message.options)
        if database != self.database and not self._select(database, message, small, now):
            return False
        tracking = self.tracking
        tracking.begin(message)
        if tracking.optin:
            flight = message.flight  # type: ignore[attr-defined]
            caching = InternalMessage(_CACHING, tracking.optin, ANY_DATABASE, flight.led_in)
            self.put_before(caching, tracking.optin, small, now)
        return True

    def _push(self, push: list[Any], head: Message | None) -> None:
        if push[0] == b"invalidate":
            self.tracking.invalidated(push[1])
        super()._push(push, head)

    def drain(self) -> list[Message]:
        self.tracking.end()  # before anybody is told that the connection is lost
        return super().drain()


def caching_yes(name: str) -> bytes:
    """Return CLIENT CACHING YES, packed.

    Args:
        name: What the server calls CLIENT.
    """
    return pack((name, "CACHING", "YES"))  # type: ignore[return-value]
