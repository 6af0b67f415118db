"""Commands that concern one connection: they make sense on a client that has one of its own."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from ...core.types import Encodable


class ConnectionStateCommands:
    """Commands that set or tell the state of the connection they are sent on.

    On a pool any connection may be the one; use them on a client made with ``single_connection_client=True``.
    The multiplexer refuses those that would change the shared connection for everybody.
    """

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command and return its result."""
        raise NotImplementedError

    def auth(self, password: str, username: str | None = None, **kwargs: Any) -> Awaitable[bool]:
        """Authenticate the connection.

        Redis command: AUTH
        """
        words: tuple[Encodable, ...] = (password,) if username is None else (username, password)
        return self._sent("AUTH", *words, **kwargs)

    def select(self, index: int, **kwargs: Any) -> Awaitable[bool]:
        """Select the connection's database.

        Redis command: SELECT
        """
        return self._sent("SELECT", index, **kwargs)

    def client_setname(self, name: str, **kwargs: Any) -> Awaitable[bool]:
        """Name the connection.

        Redis command: CLIENT SETNAME
        """
        return self._sent("CLIENT SETNAME", name, **kwargs)

    def client_setinfo(self, attr: str, value: str, **kwargs: Any) -> Awaitable[bool]:
        """Tell the server the library's name or version.

        Redis command: CLIENT SETINFO
        """
        return self._sent("CLIENT SETINFO", attr, value, **kwargs)

    def client_reply(self, reply: str, **kwargs: Any) -> Awaitable[Any]:
        """Set whether the server answers the connection.

        Redis command: CLIENT REPLY
        """
        return self._sent("CLIENT REPLY", reply, **kwargs)

    def hello(self, *args: Encodable, **kwargs: Any) -> Awaitable[Any]:
        """Change the connection's protocol, or ask for it.

        Redis command: HELLO
        """
        return self._sent("HELLO", *args, **kwargs)

    def quit(self, **kwargs: Any) -> Awaitable[bool]:
        """Have the server close the connection.

        Redis command: QUIT
        """
        return self._sent("QUIT", **kwargs)

    def reset(self) -> Awaitable[Any]:
        """Bring the connection back to how it was when it was made.

        Redis command: RESET
        """
        return self._sent("RESET")

    def readonly(self, **kwargs: Any) -> Awaitable[bool]:
        """Allow reads on the connection to a replica of a cluster.

        Redis command: READONLY
        """
        return self._sent("READONLY", **kwargs)

    def readwrite(self, **kwargs: Any) -> Awaitable[bool]:
        """Take back :meth:`readonly`.

        Redis command: READWRITE
        """
        return self._sent("READWRITE", **kwargs)

    def _sent(self, *args: Any, **kwargs: Any) -> Awaitable[Any]:
        reply: Awaitable[Any] = self.execute_command(*args, **kwargs)
        return reply
