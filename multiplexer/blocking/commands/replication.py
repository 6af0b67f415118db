# Generated from multiplexer/asyncio/commands/replication.py by scripts/generate_blocking.py; change that file instead.
"""Commands about replication: a server's part in it, and waiting until writes have arrived."""

from __future__ import annotations

from typing import Any

from ...core.arguments import bad_argument, block_milliseconds, not_negative
from ...core.command_table import COMMANDS
from ...core.results.common import always_true
from ...core.types import AnyStr, Encodable
from .surface import CommandSurface

_REPLICAOF = COMMANDS["REPLICAOF"]
_ROLE = COMMANDS["ROLE"]
_SLAVEOF = COMMANDS["SLAVEOF"]
_WAIT = COMMANDS["WAIT"]
_WAITAOF = COMMANDS["WAITAOF"]


class ReplicationCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands that set up replication, and those that wait for it."""

    __slots__ = ()

    def replicaof(self, *args: Encodable) -> bool:
        """Make the server a replica of another, or a primary.

        Redis command: REPLICAOF

        Args:
            args: Host and port, or ``"NO", "ONE"``.

        Raises:
            DataError: There are not two.
        """
        if len(args) != 2:
            raise bad_argument("REPLICAOF", "args must be host and port, or NO and ONE")
        return self._execute(_REPLICAOF, ("REPLICAOF", *args), always_true)

    def role(self) -> list[Any]:
        """Return the server's part in replication as a list that begins with its name.

        Redis command: ROLE
        """
        return self._execute(_ROLE, ("ROLE",))

    def slaveof(self, host: str | None = None, port: int | None = None) -> bool:
        """Make the server a replica of another; without arguments, a primary. The old name of :meth:`replicaof`.

        Redis command: SLAVEOF

        Raises:
            DataError: Only one of ``host`` and ``port`` is given.
        """
        if host is None and port is None:
            return self._execute(_SLAVEOF, ("SLAVEOF", "NO", "ONE"), always_true)
        if host is None or port is None:
            raise bad_argument("SLAVEOF", "host and port must both be given, or neither")
        return self._execute(_SLAVEOF, ("SLAVEOF", host, port), always_true)

    def wait(self, num_replicas: int, timeout: int | None) -> int:
        """Wait until replicas have received the writes that came before; return how many have.

        Redis command: WAIT

        Args:
            num_replicas: How many replicas must have them.
            timeout: How many milliseconds to wait; 0 or None for ever.

        Returns:
            The number of replicas that have them, which may be less than asked for when the time is up.

        Raises:
            DataError: A number is negative.
        """
        replicas = not_negative("WAIT", "num_replicas", num_replicas)
        return self._execute(_WAIT, ("WAIT", replicas, block_milliseconds("WAIT", "timeout", timeout)))

    def waitaof(self, num_local: int, num_replicas: int, timeout: int | None) -> list[int]:
        """Wait until the writes that came before are on disk, in the append-only files.

        Redis command: WAITAOF (Redis 7.2)

        Args:
            num_local: 1 to wait for the server itself, 0 not to.
            num_replicas: How many replicas must have them on disk.
            timeout: How many milliseconds to wait; 0 or None for ever.

        Returns:
            Whether the server has them on disk (1 or 0), and how many replicas have.

        Raises:
            DataError: A number is negative.
            ResponseError: The server keeps no append-only file.
        """
        words = (
            "WAITAOF",
            not_negative("WAITAOF", "num_local", num_local),
            not_negative("WAITAOF", "num_replicas", num_replicas),
            block_milliseconds("WAITAOF", "timeout", timeout),
        )
        return self._execute(_WAITAOF, words)
