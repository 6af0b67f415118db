"""What drivers and the core ask of each other.

A driver's bridges tell their :class:`Listener` what happens to them, and have a :class:`Connector` that makes their
connections; a :class:`CoordinatedDriver` makes and removes bridges, and does things later. What the core asks of a
bridge itself are the abstract methods of :class:`~.physical_bridge.PhysicalBridge`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from ..configuration import EndPoint
    from ..errors import RedisError
    from .diagnosis.events import EventQueue
    from .handshake.handshake import Introduction
    from .handshake.server_facts import ServerFacts
    from .message import ForgottenMessage, Message
    from .resending import Resend

#: What a driver has for bridges; each derives from ``PhysicalBridge``.
Bridge = TypeVar("Bridge")
Told = TypeVar("Told", contravariant=True)
#: What a driver makes for a bridge: a ``PhysicalConnection``.
Made = TypeVar("Made", contravariant=True)


class Connector(Protocol):
    """Connects one bridge, again and again."""

    def start(self) -> None:
        """See that there will be a connection, in the background, unless there is one or an attempt is under way."""

    def hand_over(self, handover: Handover[Any]) -> None:
        """Make another connection beside the one there is, in the background, and have it take its place."""


class Handover(Protocol[Made]):
    """How one connection takes the place of another; see :mod:`.maintenance.handover`. A driver runs it."""

    @property
    def address(self) -> EndPoint:
        """Where the new one leads."""

    def done(self, error: Exception | None) -> None:
        """It is over, or has failed; called without a lock."""

    def check(self, facts: ServerFacts) -> None:
        """Check whom the new connection has reached; raises RedisError where it will not do."""

    def until_idle(self, clock: Callable[[], float]) -> Iterator[float]:
        """Yield how many seconds to wait until the old one may be replaced; raises RedisError where it never may."""

    def is_due(self) -> bool:
        """Whether the old one may still be replaced; asked where nobody else can change that."""

    def take(self, connection: Made, facts: ServerFacts, now: float) -> None:
        """Replace it, where nobody reads from it or writes to it, under the driver's lock."""

    def abandon(self) -> None:
        """Let the old one go on."""


class Listener(Protocol[Told]):
    """Called by bridges, in whichever thread something happened; must return at once and never raise."""

    def introduction(self, bridge: Told) -> Introduction:
        """Return what the handshake of a new connection shall say."""

    def established(self, bridge: Told, facts: ServerFacts) -> None:
        """A connection is up; nothing of the user's was sent on it yet."""

    def restored(self, bridge: Told) -> None:
        """The connection announced by :meth:`established` takes commands."""

    def connect_failed(self, bridge: Told, error: BaseException) -> None:
        """An attempt to connect failed; there will be another."""

    def lost(self, bridge: Told, error: BaseException) -> None:
        """An established connection broke."""

    def left_to_parent(self, bridge: Told) -> None:
        """This is the child of a fork, and the connection was left to the parent."""

    def pushed(self, bridge: Told, push: list[Any]) -> None:
        """An out-of-band message arrived."""

    def resend(self, bridge: Told, message: Message, error: RedisError) -> Resend[Any] | None:
        """Return how to send a refused message once more, or None where that cannot help."""

    def target(self, bridge: Told, message: Message) -> Any:
        """Return the bridge a message belongs on by now; raises RedisError where there is none."""

    def belongs_elsewhere(self, bridge: Told, message: Message) -> bool:
        """Return whether a message that waits at one bridge, or comes there, belongs on another by now."""

    def beyond(self) -> str:
        """Return why no deployment of the group this is one of can be used; empty where one can, or there is none."""

    def timed_out(self, bridge: Told, error: RedisError) -> None:
        """A command's deadline passed."""

    def forgotten_failed(self, bridge: Told, message: ForgottenMessage, error: RedisError) -> None:
        """A fire-and-forget command failed."""


class CoordinatedDriver(Protocol[Bridge]):
    """What a driver does for a coordinator."""

    @property
    def closed(self) -> bool:
        """Whether it was closed: what was to be done later is not done any more."""

    @property
    def lock(self) -> AbstractContextManager[object]:
        """Guards what several threads of the core change; may be entered again by the thread that has it."""

    def make_bridge(self, endpoint: EndPoint, kind: str, listener: Listener[Any]) -> Bridge:
        """Make a bridge; it connects when told to or first used."""

    def make_waiting_room(self, endpoint: EndPoint, listener: Listener[Any]) -> Bridge:
        """Make a bridge that leads nowhere, for messages whose server is not known yet."""

    def remove_bridge(self, bridge: Bridge, error: RedisError) -> None:
        """Close a bridge and forget it; what is in flight fails with ``error``."""

    def make_queue(self, handler: Callable[[Any], object]) -> EventQueue:
        """Make a queue of what a handler of the user's is to be called with, where nothing waits for it."""

    def later(self, seconds: float, call: Callable[..., object], *args: object) -> None:
        """Call something of the package's own in so many seconds."""

    def run(self, slices: Iterator[object]) -> None:
        """Do something that takes long, letting others have their turn between its slices."""

    def hear(self, bridge: Bridge) -> None:
        """See that pushes are read soon after they arrive, also while nobody waits for a reply."""

    def notify(self) -> None:
        """Say that something has changed that somebody may wait for."""
