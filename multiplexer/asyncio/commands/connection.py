"""Commands about connections: the own one and other clients'.

What would change the shared connection for everybody (CLIENT REPLY, CLIENT SETNAME, SELECT, …) has no method here;
``execute`` refuses it and says what to use instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...core.commands.arguments import at_most_one, bad_argument, choice, flatten, not_negative
from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok
from ...core.results.server import client_info, clients, killed, pong, tracking
from ...core.types import AnyStr, Encodable, Pending
from .surface import CommandSurface

_CLIENT_GETNAME = COMMANDS["CLIENT GETNAME"]
_CLIENT_GETREDIR = COMMANDS["CLIENT GETREDIR"]
_CLIENT_ID = COMMANDS["CLIENT ID"]
_CLIENT_INFO = COMMANDS["CLIENT INFO"]
_CLIENT_KILL = COMMANDS["CLIENT KILL"]
_CLIENT_LIST = COMMANDS["CLIENT LIST"]
_CLIENT_PAUSE = COMMANDS["CLIENT PAUSE"]
_CLIENT_TRACKINGINFO = COMMANDS["CLIENT TRACKINGINFO"]
_CLIENT_UNBLOCK = COMMANDS["CLIENT UNBLOCK"]
_CLIENT_UNPAUSE = COMMANDS["CLIENT UNPAUSE"]
_ECHO = COMMANDS["ECHO"]
_PING = COMMANDS["PING"]

_CLIENT_TYPES = ("NORMAL", "MASTER", "PRIMARY", "SLAVE", "REPLICA", "PUBSUB")


class ConnectionCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the connection group that are safe on a shared connection."""

    __slots__ = ()

    def client_getname(self) -> Pending[str | None]:
        """Return the connection's name, None (or an empty text under RESP2 on older servers) where it has none.

        Redis command: CLIENT GETNAME
        """
        return self._execute(_CLIENT_GETNAME, ("CLIENT", "GETNAME"), decode=True)

    def client_getredir(self) -> Pending[int]:
        """Return the id of the client that tracking notices go to: -1 without tracking, 0 for this one.

        Redis command: CLIENT GETREDIR
        """
        return self._execute(_CLIENT_GETREDIR, ("CLIENT", "GETREDIR"))

    def client_id(self) -> Pending[int]:
        """Return the number of the connection, which the server never gives again.

        Redis command: CLIENT ID
        """
        return self._execute(_CLIENT_ID, ("CLIENT", "ID"))

    def client_info(self) -> Pending[dict[str, str | int]]:
        """Return what the server knows about this connection, numbers as ints.

        Redis command: CLIENT INFO
        """
        return self._execute(_CLIENT_INFO, ("CLIENT", "INFO"), client_info, decode=False)

    def client_kill(self, address: str) -> Pending[bool | int]:
        """Close the connection of the client at ``address`` (``host:port``).

        Redis command: CLIENT KILL

        Raises:
            ResponseError: There is no such client.
        """
        return self._execute(_CLIENT_KILL, ("CLIENT", "KILL", address), killed)

    def client_kill_filter(
        self,
        _id: int | str | None = None,
        _type: str | None = None,
        addr: str | None = None,
        skipme: bool | None = None,
        laddr: str | None = None,
        user: str | None = None,
        maxage: int | None = None,
        filters: Mapping[str, Encodable] | None = None,
    ) -> Pending[int]:
        """Close the connections of all clients that meet every condition given.

        Redis command: CLIENT KILL

        Args:
            _id: The client of this number.
            _type: Clients of this kind: ``"normal"``, ``"master"``, ``"primary"``, ``"slave"``, ``"replica"``,
                ``"pubsub"``.
            addr: The client at this address (``host:port``).
            skipme: Whether to spare this connection (the server does unless told otherwise).
            laddr: Clients connected to this address of the server.
            user: Clients of this user.
            maxage: Clients connected for at least so many seconds (Redis 7.4, Valkey 8).
            filters: Further conditions under the server's names, such as ``{"lib-name": "x", "not-user": "me"}``
                (Valkey 9).

        Returns:
            How many were closed.

        Raises:
            DataError: No condition is given, or ``_type`` is unknown.
        """
        words: list[Encodable] = []
        not_negative("CLIENT KILL", "maxage", maxage)
        if _type is not None:
            words += ("TYPE", choice("CLIENT KILL", "_type", _type, _CLIENT_TYPES))
        if skipme is not None:
            words += ("SKIPME", "YES" if skipme else "NO")
        for name, value in (("ID", _id), ("ADDR", addr), ("LADDR", laddr), ("USER", user), ("MAXAGE", maxage)):
            if value is not None:
                words += (name, value)
        words += _filters(filters)
        if not words:
            raise bad_argument("CLIENT KILL", "a filter must be given")
        return self._execute(_CLIENT_KILL, ("CLIENT", "KILL", *words))

    def client_list(
        self,
        _type: str | None = None,
        client_id: Encodable | Iterable[Encodable] = (),
        filters: Mapping[str, Encodable] | None = None,
    ) -> Pending[list[dict[str, str]]]:
        """Return what the server knows about all clients, or some.

        Redis command: CLIENT LIST

        Args:
            _type: Clients of this kind only: ``"normal"``, ``"master"``, ``"primary"``, ``"slave"``, ``"replica"``,
                ``"pubsub"``.
            client_id: The clients of these numbers only.
            filters: Further conditions under the server's names, such as ``{"lib-name": "x", "not-user": "me"}``
                (Valkey 9).

        Raises:
            DataError: ``_type`` is unknown, or both are given.
        """
        numbers: tuple[Encodable, ...] = flatten(client_id)
        at_most_one("CLIENT LIST", _type=_type, client_id=numbers or None)
        words: list[Encodable] = ["CLIENT", "LIST"]
        if _type is not None:
            words += ("TYPE", choice("CLIENT LIST", "_type", _type, _CLIENT_TYPES))
        if numbers:
            words += ("ID", *numbers)
        words += _filters(filters)
        return self._execute(_CLIENT_LIST, tuple(words), clients, decode=False)

    def client_pause(self, timeout: int, all: bool = True) -> Pending[bool]:
        """Hold up the commands of all clients for a while.

        Redis command: CLIENT PAUSE

        Args:
            timeout: Milliseconds.
            all: Every command; otherwise only those that write.

        Raises:
            DataError: ``timeout`` is negative.
        """
        not_negative("CLIENT PAUSE", "timeout", timeout)
        return self._execute(_CLIENT_PAUSE, ("CLIENT", "PAUSE", timeout, "ALL" if all else "WRITE"), ok)

    def client_trackinginfo(self) -> Pending[dict[str, Any]]:
        """Return how the server tracks what this connection reads: ``flags``, ``redirect`` and ``prefixes``, as text.

        Redis command: CLIENT TRACKINGINFO
        """
        return self._execute(_CLIENT_TRACKINGINFO, ("CLIENT", "TRACKINGINFO"), tracking)

    def client_unblock(self, client_id: int, error: bool = False) -> Pending[bool]:
        """Release a client that waits in a blocking command.

        Redis command: CLIENT UNBLOCK

        Args:
            client_id: The client's number.
            error: Let it fail; otherwise as if its time had run out.

        Returns:
            Whether it was blocked.
        """
        words: tuple[Encodable, ...] = ("CLIENT", "UNBLOCK", client_id)
        return self._execute(_CLIENT_UNBLOCK, (*words, "ERROR") if error else words, bool)

    def client_unpause(self) -> Pending[bool]:
        """End what :meth:`client_pause` began.

        Redis command: CLIENT UNPAUSE
        """
        return self._execute(_CLIENT_UNPAUSE, ("CLIENT", "UNPAUSE"), ok)

    def echo(self, value: Encodable) -> Pending[AnyStr]:
        """Return ``value`` as the server sent it back.

        Redis command: ECHO
        """
        return self._execute(_ECHO, ("ECHO", value))

    def ping(self) -> Pending[bool]:
        """Return True when the server answers.

        Redis command: PING
        """
        return self._execute(_PING, ("PING",), pong)


def _filters(filters: Mapping[str, Encodable] | None) -> list[Encodable]:
    """Conditions by name, as words."""
    return [word for name, value in (filters or {}).items() for word in (name.upper(), value)]
