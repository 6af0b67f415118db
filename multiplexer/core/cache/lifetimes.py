"""How long a kept reply may live where it must not outlive its keys' own time.

PTTL is asked behind the fetch, over the same connection, and until it is answered the reply is not used. No transaction
is needed: a key that was written in between, or given another time, has had its reply dropped by the server's word, and
what is dropped does not come back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...errors import NoPermissionError, RedisError
from ..call_options import CallOptions, database_of
from ..commands.command_table import COMMANDS
from ..message import InternalMessage
from ..physical_bridge import PhysicalBridge
from ..wire.resp import pack
from .store import Entry

_PTTL = COMMANDS["PTTL"]
#: What PTTL says of a key that is not there; below 0 is also one that never expires.
_ABSENT = -2


class Lifetime:
    """What is being found out about one entry: the time of the first of its keys that expires."""

    __slots__ = ("_asking", "_entry", "_refused", "_until")

    def __init__(self, entry: Entry, until: float, refused: Callable[[RedisError], None]) -> None:
        self._entry = entry
        self._until = until
        self._refused = refused
        self._asking: list[InternalMessage] = []

    def ask(self, bridge: PhysicalBridge, name: str, options: CallOptions) -> None:
        """Ask for the time that each key has left.

        Args:
            bridge: Where the entry was fetched.
            name: What the server calls PTTL.
            options: Under which it was fetched.

        Raises:
            RedisError: The connection is lost or closed.
        """
        names = self._entry.names
        database = CallOptions(database=database_of(options))
        for key in (names,) if isinstance(names, bytes) else names:
            self._asking.append(InternalMessage(_PTTL, pack((name, key)), database, self._learn))
        bridge.post(self._asking)

    def _learn(self, reply: Any) -> None:
        entry = self._entry
        message = self._asking.pop(0)  # they are answered in order
        if not isinstance(reply, int):
            self._until = entry.born
            if isinstance(reply, NoPermissionError):
                self._refused(reply)
        elif reply >= 0:
            # Counted from before it was asked: never too long.
            self._until = min(self._until, message.sent_at + reply / 1000)
        elif reply == _ABSENT and entry.value and entry.value != [None]:
            self._until = entry.born  # it has expired since, which a replica says of nobody
        if not self._asking:
            entry.until = self._until
