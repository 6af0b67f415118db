"""The roles of servers: asked for when they are in doubt, and taken from what servers say of themselves.

A server tells its role when it is connected. After that it is asked again now and then, as soon as a reply says that
it is another one, and each second while a primary was known and none is connected.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from ...errors import RedisError
from ..handshake.conversation import Conversation
from ..handshake.handshake import role_check
from ..handshake.server_facts import ServerFacts
from ..physical_bridge import PhysicalBridge
from ..server_endpoint import ServerEndPoint

if TYPE_CHECKING:
    from ...configuration import ConfigurationOptions
    from ..commands.guard import Guard
    from ..guide import Guide

Bridge = TypeVar("Bridge", bound=PhysicalBridge)

#: However many replies put a server in doubt, it is asked so many times a second at most because of them.
MOST_DOUBTS = 10

if TYPE_CHECKING:

    class Informed(Protocol[Bridge]):
        """Whose servers these are: what is asked of a coordinator."""

        @property
        def options(self) -> ConfigurationOptions: ...
        @property
        def guard(self) -> Guard: ...
        @property
        def guide(self) -> Guide[Bridge]: ...
        @property
        def servers(self) -> tuple[ServerEndPoint[Bridge], ...]: ...
        def changed(self, server: ServerEndPoint[Bridge], changes: Sequence[str]) -> None: ...


class Roles(Generic[Bridge]):
    """Asks the servers of a multiplexer for their roles."""

    def __init__(self, coordinator: Informed[Bridge], clock: Callable[[], float]) -> None:
        self._coordinator = coordinator
        self._clock = clock
        self._had_primary = False

    @property
    def primaries(self) -> tuple[ServerEndPoint[Bridge], ...]:
        """Every server that says it is a primary, connected or not."""
        return tuple(server for server in self._coordinator.servers if server.role == "primary")

    def _is_primary_lost(self) -> bool:
        """Whether a primary was known and none is connected: another server may be made one at any time."""
        return self._had_primary and not any(server.is_connected for server in self.primaries)

    # -- asking ----------------------------------------------------------------------------------------

    def check(self, server: ServerEndPoint[Bridge]) -> None:
        """Ask a server for its role, unless that is under way, it is not connected, or it is a proxy."""
        coordinator = self._coordinator
        if server.checking or not server.is_connected or coordinator.guard.proxy is not None:
            return
        server.checking = True
        server.checked_at = self._clock()

        def done(talk: Conversation[ServerFacts]) -> None:
            server.checking = False
            if talk.result is not None and talk.result.role is not None:
                self._take(server, talk.result)
                server.in_doubt = self._is_primary_lost()

        steps = role_check(coordinator.options.command_map)
        try:
            Conversation(steps, server.interactive.post, done).start()
        except RedisError:
            server.checking = False

    def check_all(self) -> None:
        """Ask all servers."""
        for server in self._coordinator.servers:
            self.check(server)

    def doubt(self, *servers: ServerEndPoint[Bridge]) -> None:
        """A reply said that servers may not be what they were thought to be: ask them at once."""
        now = self._clock()
        for server in servers:
            server.in_doubt = True
            if now - server.doubted_at >= 1 / MOST_DOUBTS:
                server.doubted_at = now
                self.check(server)

    def beat(self, now: float) -> None:
        """Ask the servers for which that is due."""
        for server in self._coordinator.servers:
            if server.check_is_due(now, self._coordinator.options.config_check_seconds):
                self.check(server)

    # -- what happens to servers -----------------------------------------------------------------------

    def established(self, server: ServerEndPoint[Bridge], facts: ServerFacts) -> None:
        """A server is connected, and has said what it is."""
        self._take(server, facts)
        server.in_doubt = server.role != "primary" and self._is_primary_lost()
        server.checking = False  # the replies of a check under way went down with the connection before

    def lost(self) -> None:
        """A server was lost: the roles of the others may change now."""
        for server in self._coordinator.servers:
            server.in_doubt = True

    def _take(self, server: ServerEndPoint[Bridge], facts: ServerFacts) -> None:
        known = server.facts.version is not None
        changes = self._coordinator.guide.learn(server, facts)
        self._had_primary = self._had_primary or server.role == "primary"
        server.checked_at = self._clock()
        if changes and known:
            self._coordinator.changed(server, changes)
