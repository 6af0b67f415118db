"""What a multiplexer asks about how its servers belong together.

There is one guide for each kind of topology: ``group/guide.py`` for servers that belong together by configuration
alone, ``sentinel/guide.py`` for those that sentinels name, and ``cluster/guide.py`` for a cluster. The coordinator
tells its guide what happens and asks it what to do; nobody asks which kind it is. What only one kind has, the others
answer with what comes closest: outside a cluster no topology is known and no server owns a slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from .physical_bridge import PhysicalBridge

if TYPE_CHECKING:
    from ..configuration import ConfigurationOptions
    from ..errors import RedisError
    from .cluster.topology import Topology
    from .handshake.server_facts import ServerFacts
    from .message import Message
    from .resending import Resend
    from .server_endpoint import ServerEndPoint

Bridge = TypeVar("Bridge", bound=PhysicalBridge)


class Guide(Protocol[Bridge]):
    """Knows how the servers of a multiplexer belong together; called wherever something happened, and never waits."""

    @property
    def authority(self) -> str:
        """Who decides which server is the primary, and how to have another one; empty where that is anybody's."""

    @property
    def topology(self) -> Topology | None:
        """Which server serves which slots; None outside a cluster, and while it is not known."""

    @property
    def refreshes(self) -> int:
        """How often somebody was asked who serves which slots; 0 outside a cluster."""

    @property
    def primaries(self) -> tuple[ServerEndPoint[Bridge], ...]:
        """Every primary that is known; in a cluster each has keys of its own."""

    def owner(self, name: bytes) -> ServerEndPoint[Bridge] | None:
        """Return the server of the slot of a key or shard channel; None where no server owns it."""

    # -- connecting ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin: see that there will be connections, and that commands go where they belong."""

    def has_tried(self, rounds: int) -> bool:
        """Whether there is nothing more to wait for when connecting.

        Args:
            rounds: How many attempts to make.
        """

    def failure(self) -> BaseException | None:
        """Return why no server is connected."""

    @property
    def has_heard_all(self) -> bool:
        """Whether every server is connected or was tried in vain: until then one may not be what it seems."""

    @property
    def is_settled(self) -> bool:
        """Whether everything is known that commands are routed by, as far as anybody tells."""

    # -- what happens ----------------------------------------------------------------------------------

    def established(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """A connection is up; nothing of the user's was sent on it yet."""

    def restored(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """The connection announced by :meth:`established` takes commands."""

    def connect_failed(self, bridge: PhysicalBridge) -> None:
        """An attempt to connect failed."""

    def lost(self, server: ServerEndPoint[Bridge], bridge: PhysicalBridge) -> None:
        """An established connection broke."""

    def forget(self) -> None:
        """This is the child of a fork: what was asked or scheduled was left to the parent."""

    def learn(self, server: ServerEndPoint[Bridge], facts: ServerFacts) -> Sequence[str]:
        """Take what a server says of itself, corrected where others know better; return what of it is news."""

    def resend(self, bridge: PhysicalBridge, message: Message, error: RedisError) -> Resend[Bridge] | None:
        """Return how to send a refused message once more, or None where that cannot help."""

    def doubt(self) -> None:
        """Something may not be as it was: ask whoever knows."""

    def beat(self, now: float) -> None:
        """Ask where that is due; called at each heartbeat."""

    def reconfigure(self, options: ConfigurationOptions) -> None:
        """Take other options."""

    def status(self) -> dict[str, Any]:
        """Return what is known beyond the servers themselves, as plain values by the name of their kind."""
