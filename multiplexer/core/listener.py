"""What a bridge tells its multiplexer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from .message import Message

if TYPE_CHECKING:
    from ..errors import RedisError
    from .handshake.handshake import Introduction
    from .handshake.server_facts import ServerFacts
    from .physical_bridge import PhysicalBridge
    from .rerouting import Resend


class Listener(Protocol):
    """Called by bridges, in whichever thread something happened; must return at once and never raise."""

    def introduction(self, bridge: PhysicalBridge) -> Introduction:
        """Return what the handshake of a new connection shall say."""

    def established(self, bridge: PhysicalBridge, facts: ServerFacts) -> None:
        """A connection is up; nothing of the user's was sent on it yet."""

    def restored(self, bridge: PhysicalBridge) -> None:
        """The connection announced by :meth:`established` takes commands."""

    def connect_failed(self, bridge: PhysicalBridge, error: BaseException) -> None:
        """An attempt to connect failed; there will be another."""

    def lost(self, bridge: PhysicalBridge, error: BaseException) -> None:
        """An established connection broke."""

    def forgotten(self, bridge: PhysicalBridge) -> None:
        """This is the child of a fork, and the connection was left to the parent."""

    def pushed(self, bridge: PhysicalBridge, push: list[Any]) -> None:
        """An out-of-band message arrived."""

    def refused(self, bridge: PhysicalBridge, error: RedisError) -> None:
        """A reply said that the server's role or state is not what was thought."""

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> Resend | None:
        """Return how to send a refused message once more, or None where that cannot help."""

    def target(self, bridge: PhysicalBridge, message: Message) -> Any:
        """Return the bridge a message belongs on by now; raises RedisError where there is none."""

    def timed_out(self, bridge: PhysicalBridge, error: RedisError) -> None:
        """A command's deadline passed."""

    def forgotten_failed(self, message: Message, error: RedisError) -> None:
        """A fire-and-forget command failed."""
