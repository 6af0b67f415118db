"""Commands that concern one connection: they make sense on a client that has one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...core.types import Encodable, Key, Pending
from ...errors import DataError


class ConnectionStateCommands:
    """Commands that set or tell the state of the connection they are sent on.

    On a pool any connection may be the one; use them on a client made with ``single_connection_client=True``.
    The multiplexer refuses those that would change the shared connection for everybody.
    """

    def execute_command(self, *args: Any, **options: Any) -> Any:
        """Send a command and return its result."""
        raise NotImplementedError

    def auth(self, password: str, username: str | None = None, **kwargs: Any) -> Pending[bool]:
        """Authenticate the connection.

        Redis command: AUTH
        """
        words: tuple[Encodable, ...] = (password,) if username is None else (username, password)
        return self._sent("AUTH", *words, **kwargs)

    def select(self, index: int, **kwargs: Any) -> Pending[bool]:
        """Select the connection's database.

        Redis command: SELECT
        """
        return self._sent("SELECT", index, **kwargs)

    def client_setname(self, name: str, **kwargs: Any) -> Pending[bool]:
        """Name the connection.

        Redis command: CLIENT SETNAME
        """
        return self._sent("CLIENT SETNAME", name, **kwargs)

    def client_getname(self, **kwargs: Any) -> Pending[str | None]:
        """Return the connection's name, or None.

        Redis command: CLIENT GETNAME
        """
        return self._sent("CLIENT GETNAME", **kwargs)

    def client_setinfo(self, attr: str, value: str, **kwargs: Any) -> Pending[bool]:
        """Tell the server the library's name or version.

        Redis command: CLIENT SETINFO
        """
        return self._sent("CLIENT SETINFO", attr, value, **kwargs)

    def client_reply(self, reply: str, **kwargs: Any) -> Pending[Any]:
        """Set whether the server answers the connection.

        Redis command: CLIENT REPLY
        """
        return self._sent("CLIENT REPLY", reply, **kwargs)

    def client_no_evict(self, mode: str, **kwargs: Any) -> Pending[Any]:
        """Set whether the server spares the connection when it runs out of memory for clients: ``ON`` or ``OFF``.

        Redis command: CLIENT NO-EVICT
        """
        return self._sent("CLIENT NO-EVICT", mode, **kwargs)

    def client_no_touch(self, mode: str, **kwargs: Any) -> Pending[Any]:
        """Set whether what the connection reads stays as unused as it was: ``ON`` or ``OFF``.

        Redis command: CLIENT NO-TOUCH
        """
        return self._sent("CLIENT NO-TOUCH", mode, **kwargs)

    def client_tracking_on(
        self,
        clientid: int | None = None,
        prefix: Sequence[Key] = (),
        bcast: bool = False,
        optin: bool = False,
        optout: bool = False,
        noloop: bool = False,
    ) -> Pending[Any]:
        """Have the server tell when what the connection has read changes; arguments as for :meth:`client_tracking`.

        Redis command: CLIENT TRACKING
        """
        return self.client_tracking(True, clientid, prefix, bcast, optin, optout, noloop)

    def client_tracking_off(
        self,
        clientid: int | None = None,
        prefix: Sequence[Key] = (),
        bcast: bool = False,
        optin: bool = False,
        optout: bool = False,
        noloop: bool = False,
    ) -> Pending[Any]:
        """Take back :meth:`client_tracking_on`.

        Redis command: CLIENT TRACKING
        """
        return self.client_tracking(False, clientid, prefix, bcast, optin, optout, noloop)

    def client_tracking(
        self,
        on: bool = True,
        clientid: int | None = None,
        prefix: Sequence[Key] = (),
        bcast: bool = False,
        optin: bool = False,
        optout: bool = False,
        noloop: bool = False,
        **kwargs: Any,
    ) -> Pending[Any]:
        """Set whether the server tells when what the connection has read changes.

        Redis command: CLIENT TRACKING

        Args:
            on: Whether it does.
            clientid: Tell this client instead.
            prefix: Of keys with one of these beginnings only, together with ``bcast``.
            bcast: Of every key, read or not.
            optin: Of what is read after CLIENT CACHING YES only.
            optout: Of what is read unless after CLIENT CACHING NO.
            noloop: Not of the connection's own changes.

        Raises:
            DataError: ``prefix`` is given without ``bcast``.
        """
        if prefix and not bcast:
            raise DataError("CLIENT TRACKING: prefix can only be used with bcast")
        words: list[Encodable] = ["ON" if on else "OFF"]
        if clientid is not None:
            words += ("REDIRECT", clientid)
        for name in prefix:
            words += ("PREFIX", name)
        options = (("BCAST", bcast), ("OPTIN", optin), ("OPTOUT", optout), ("NOLOOP", noloop))
        words += [word for word, wanted in options if wanted]
        return self._sent("CLIENT TRACKING", *words, **kwargs)

    def hello(self, *args: Encodable, **kwargs: Any) -> Pending[Any]:
        """Change the connection's protocol, or ask for it.

        Redis command: HELLO
        """
        return self._sent("HELLO", *args, **kwargs)

    def quit(self, **kwargs: Any) -> Pending[bool]:
        """Have the server close the connection.

        Redis command: QUIT
        """
        return self._sent("QUIT", **kwargs)

    def reset(self) -> Pending[Any]:
        """Bring the connection back to how it was when it was made.

        Redis command: RESET
        """
        return self._sent("RESET")

    def readonly(self, **kwargs: Any) -> Pending[bool]:
        """Allow reads on the connection to a replica of a cluster.

        Redis command: READONLY
        """
        return self._sent("READONLY", **kwargs)

    def readwrite(self, **kwargs: Any) -> Pending[bool]:
        """Take back :meth:`readonly`.

        Redis command: READWRITE
        """
        return self._sent("READWRITE", **kwargs)

    def _sent(self, *args: Any, **kwargs: Any) -> Pending[Any]:
        reply: Pending[Any] = self.execute_command(*args, **kwargs)
        return reply
