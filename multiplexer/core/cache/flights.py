"""Fetches under way: one for all who ask for the same thing at the same time.

A flight begins before its command is queued and ends when the reply is read, in the order in which the connection gives
replies and invalidations. Two questions are settled there: may somebody join it, and may its reply be kept? Both only
while it is *current*. A write of the application's own makes it so no longer, as it may have been asked before; so the
writer, once answered, begins a new one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ...errors import RedisError
from ..joining import Joinable
from ..wire.resp import pack
from .store import Shelf

if TYPE_CHECKING:
    from ..call_options import CallOptions
    from ..commands.command import Command
    from ..physical_bridge import PhysicalBridge
    from ..types import Payload
    from .store import Epoch


class Wanted(NamedTuple):
    """What a caller asks for, and where it may be kept.

    Attributes:
        shelf: Where the reply is found.
        key: By what.
        command: Entry of the command table.
        args: The command's words, without the handle's key prefix.
        payload: The command as it is sent.
        names: The keys it reads, as they are sent; None where nobody has looked.
        options: The handle's, with the reply kept.
        convert: What is done with the reply, or None.
        spread: Where each value of a list is found by its own key, for MGET; else None.
    """

    shelf: Shelf
    key: bytes
    command: Command
    args: tuple[Any, ...]
    payload: Payload
    names: tuple[bytes, ...] | None
    options: CallOptions
    convert: Callable[[Any], Any] | None
    spread: tuple[Shelf, Shelf] | None = None


class Flight(Joinable):
    """One fetch, which may be joined while it is current.

    Attributes:
        shelf: Where its reply will be kept; None for one that nobody can join and that keeps nothing.
        key: By what it will be found there.
        names: The keys it reads.
        current: Whether it may be joined, and its reply kept.
        epoch: The time in which the server says of changes to what is fetched; None where it does not.
        bridge: Over whose connection it was sent; None before.
        message: What was sent.
        owner: Whose thread or task sees to it.
        reply: The raw reply, once ``answered``.
        error: What came instead, for those who joined; None where they are to ask again by themselves.
        answered: Whether the reply is there.
    """

    __slots__ = (
        "answered",
        "bridge",
        "current",
        "epoch",
        "error",
        "key",
        "message",
        "names",
        "owner",
        "reply",
        "shelf",
    )

    def __init__(self, shelf: Shelf, key: bytes, names: tuple[bytes, ...], owner: Any) -> None:
        super().__init__()
        self.shelf = shelf
        self.key = key
        self.names = names
        self.owner = owner
        self.current = True
        self.epoch: Epoch | None = None
        self.bridge: PhysicalBridge | None = None
        self.message: Any = None
        self.reply: Any = None
        self.error: RedisError | None = None
        self.answered = False

    def led_in(self, reply: Any) -> None:
        """Take the reply to CLIENT CACHING, which comes right before the flight's own."""
        if isinstance(reply, RedisError):
            self.epoch = None

    def kept(self, reply: Any) -> Iterator[tuple[Shelf, bytes, tuple[bytes, ...], Any]]:
        """Yield what is to be kept: where, by what, the keys it is about, and the raw reply."""
        yield self.shelf, self.key, self.names, reply


class ListFlight(Flight):
    """The fetch of several values, each of which is kept by itself.

    What MGET gives for a key that is not there it gives for one with another type too, of which GET says so: so that is
    kept as MGET's own reply for that one key.
    """

    __slots__ = ("_spread",)

    def __init__(
        self, shelf: Shelf, key: bytes, names: tuple[bytes, ...], owner: Any, spread: tuple[Shelf, Shelf]
    ) -> None:
        super().__init__(shelf, key, names, owner)
        self._spread = spread

    def kept(self, reply: Any) -> Iterator[tuple[Shelf, bytes, tuple[bytes, ...], Any]]:
        named, packed = self._spread
        values: Sequence[Any] = reply if isinstance(reply, list) else ()
        for name, value in zip(self.names, values, strict=False):
            if value is None:
                yield packed, packed_mget(name), (name,), [None]
            else:
                yield named, name, (name,), value


def packed_mget(name: bytes) -> bytes:
    """Return MGET of one key, packed."""
    return pack(("MGET", name))  # type: ignore[return-value]
