"""Commands about replication: a server's part in it, and waiting until writes have arrived."""

from __future__ import annotations

from typing import Any

from ...core.commands.arguments import at_most_one, bad_argument, block_milliseconds, not_negative, positive
from ...core.commands.command_table import COMMANDS
from ...core.results.common import always_true, ok
from ...core.types import AnyStr, Encodable, Pending
from .surface import CommandSurface

_FAILOVER = COMMANDS["FAILOVER"]
_REPLICAOF = COMMANDS["REPLICAOF"]
_ROLE = COMMANDS["ROLE"]
_SLAVEOF = COMMANDS["SLAVEOF"]
_WAIT = COMMANDS["WAIT"]
_WAITAOF = COMMANDS["WAITAOF"]


class ReplicationCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands that set up replication, and those that wait for it."""

    __slots__ = ()

    def failover(
        self,
        to: tuple[str, int] | None = None,
        force: bool = False,
        abort: bool = False,
        timeout: int | None = None,
    ) -> Pending[bool]:
        """Have the server, a primary, change parts with one of its replicas; returns when that has begun.

        Redis command: FAILOVER

        Args:
            to: Host and port of the replica; any by default.
            force: Do not wait longer than ``timeout`` for the replica to catch up: promote it then.
            abort: Call off a change that is under way.
            timeout: How many milliseconds to wait for the replica to catch up.

        Raises:
            DataError: ``force`` without ``to`` and ``timeout``, ``abort`` with anything else, or ``timeout`` is
                below one.
            ResponseError: The server has no replica, or a change is under way already.
        """
        at_most_one("FAILOVER", to=to, abort=abort)
        at_most_one("FAILOVER", timeout=timeout, abort=abort)
        if force and (to is None or timeout is None):
            raise bad_argument("FAILOVER", "force needs to and timeout")
        words: list[Encodable] = ["FAILOVER"]
        if to is not None:
            words.append("TO")
            words += to
            if force:
                words.append("FORCE")
        if abort:
            words.append("ABORT")
        if timeout is not None:
            words += ("TIMEOUT", positive("FAILOVER", "timeout", timeout))
        return self._execute(_FAILOVER, tuple(words), ok)

    def replicaof(self, *args: Encodable) -> Pending[bool]:
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

    def role(self) -> Pending[list[Any]]:
        """Return the server's part in replication as a list that begins with its name.

        Redis command: ROLE
        """
        return self._execute(_ROLE, ("ROLE",))

    def slaveof(self, host: str | None = None, port: int | None = None) -> Pending[bool]:
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

    def wait(self, num_replicas: int, timeout: int | None) -> Pending[int]:
        """Wait until replicas have received the writes that came before; return how many have.

        It answers for every write to the server whose reply has come, and waits on a connection of its own, so that
        nobody else waits with it.

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

    def waitaof(self, num_local: int, num_replicas: int, timeout: int | None) -> Pending[list[int]]:
        """Wait until the writes that came before are on disk, in the append-only files; else as :meth:`wait`.

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
