"""Commands whose arguments redis-py takes, or refuses, otherwise than the multiplexer's handles do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from ...asyncio.commands import DataCommands
from ...asyncio.commands.streams import StreamId
from ...core.commands.arguments import AnyField, Expiry
from ...core.types import Encodable, Key, Pending
from ...errors import DataError
from ..machinery.helpers import deprecated_function
from ..machinery.options_of_calls import TAKES_OPTIONS, takes_options
from .commands import ConnectionStateCommands

_CLIENT_TYPES = ("normal", "master", "slave", "replica", "pubsub", "primary")


class RedisCommands(ConnectionStateCommands, DataCommands[Any]):
    """A client's commands in redis-py's form.

    Words that handles look at before anything is sent are left to the server here, which may know more of them than
    they do.
    """

    # -- left to the server ----------------------------------------------------------------------------

    def bitcount(
        self, key: Key, start: int | None = None, end: int | None = None, mode: str | None = None
    ) -> Pending[int]:
        """Count the bits that are set.

        Redis command: BITCOUNT

        Args:
            key: The string's key.
            start: First byte (or bit) of a range, negative from the end.
            end: Last byte (or bit) of the range, included.
            mode: What the range counts: ``"BYTE"`` or ``"BIT"``.

        Raises:
            DataError: Only one of ``start`` and ``end`` is given.
            ResponseError: The server does not know the mode.
        """
        if (start is None) != (end is None):
            raise DataError("BITCOUNT: start and end must both be given, or neither")
        return self._sent("BITCOUNT", key, *_given(start, end, mode))

    def bitpos(
        self, key: Key, bit: int, start: int | None = None, end: int | None = None, mode: str | None = None
    ) -> Pending[int]:
        """Return the position of the first bit that is ``bit``, -1 where there is none.

        Redis command: BITPOS

        Args:
            key: The string's key.
            bit: 0 or 1.
            start: First byte (or bit) to look at, negative from the end.
            end: Last byte (or bit) to look at.
            mode: What the range counts: ``"BYTE"`` or ``"BIT"``.

        Raises:
            DataError: ``bit`` is neither 0 nor 1, or ``end`` is given without ``start``.
            ResponseError: The server does not know the mode.
        """
        if bit not in (0, 1):
            raise DataError("BITPOS: bit must be 0 or 1")
        if start is None and end is not None:
            raise DataError("BITPOS: end needs start")
        return self._sent("BITPOS", key, bit, *_given(start, end, mode))

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
        **kwargs: Any,
    ) -> Pending[int]:
        """Close the connections of all clients that meet every condition given; return how many were closed.

        Redis command: CLIENT KILL

        Args:
            _id: The client of this number.
            _type: Clients of this kind: ``"normal"``, ``"master"``, ``"slave"``, ``"replica"``, ``"pubsub"``.
            addr: The client at this address (``host:port``).
            skipme: Whether to spare this connection (the server does unless told otherwise).
            laddr: Clients connected to this address of the server.
            user: Clients of this user.
            maxage: Clients connected for at least so many seconds.
            filters: Further conditions under the server's names.
            kwargs: Options of :meth:`execute_command`.

        Raises:
            DataError: No condition is given, ``_type`` is unknown, or ``skipme`` is no bool.
        """
        words: list[Any] = []
        if _type is not None:
            if str(_type).lower() not in _CLIENT_TYPES:
                raise DataError(f"CLIENT KILL: _type must be one of {', '.join(_CLIENT_TYPES)}, not {_type!r}")
            words += (b"TYPE", _type)
        if skipme is not None:
            if not isinstance(skipme, bool):
                raise DataError(f"CLIENT KILL: skipme must be a bool, not {skipme!r}")
            words += (b"SKIPME", b"YES" if skipme else b"NO")
        named = ((b"ID", _id), (b"ADDR", addr), (b"LADDR", laddr), (b"USER", user), (b"MAXAGE", maxage))
        for name, value in (*named, *((name.upper(), value) for name, value in (filters or {}).items())):
            if value is not None:
                words += (name, value)
        if not words:
            raise DataError("CLIENT KILL: a filter must be given")
        return self._sent("CLIENT KILL", *words, **kwargs)

    def command_list(
        self, module: str | None = None, category: str | None = None, pattern: str | None = None
    ) -> Pending[list[Any]]:
        """Return the names of all commands, or of some.

        Redis command: COMMAND LIST

        Args:
            module: Those of this module.
            category: Those of this category of the access control list.
            pattern: Those that match this pattern.

        Raises:
            ResponseError: More than one is given.
        """
        filters = (("MODULE", module), ("ACLCAT", category), ("PATTERN", pattern))
        words = [word for name, value in filters if value is not None for word in (name, value)]
        return self._sent("COMMAND LIST", *(("FILTERBY", *words) if words else ()))

    def lcs(
        self,
        key1: Key,
        key2: Key,
        len: bool | None = False,
        idx: bool | None = False,
        minmatchlen: int | None = 0,
        withmatchlen: bool | None = False,
    ) -> Pending[Any]:
        """Find the longest common subsequence of two strings.

        Redis command: LCS

        Args:
            key1: The first string's key.
            key2: The second string's key.
            len: Return the length only.
            idx: Return where the pieces lie in both strings.
            minmatchlen: With ``idx``, leave out pieces that are shorter.
            withmatchlen: With ``idx``, give the length of each piece too.

        Raises:
            ResponseError: Both ``len`` and ``idx`` are given.
        """
        flags = (("LEN", len), ("IDX", idx), ("WITHMATCHLEN", withmatchlen))
        words: list[Any] = [word for word, wanted in flags if wanted]
        if minmatchlen:
            words += ("MINMATCHLEN", minmatchlen)
        return self._sent("LCS", key1, key2, *words)

    def lmpop(self, num_keys: int, *args: Key, direction: str, count: int | None = 1) -> Pending[list[Any] | None]:
        """Take elements off the first of several lists that has any.

        Redis command: LMPOP

        Args:
            num_keys: How many keys there are.
            args: The lists' keys.
            direction: Which end to take from: ``"LEFT"`` or ``"RIGHT"``.
            count: How many at most.

        Returns:
            A list of the key and the list of elements, or None where all are empty.
        """
        return self._sent("LMPOP", num_keys, *args, direction, *(() if count is None else ("COUNT", count)))

    def replicaof(self, *args: Encodable, **kwargs: Any) -> Pending[Any]:
        """Make the server a replica of another, or a primary.

        Redis command: REPLICAOF

        Args:
            args: Host and port, or ``"NO", "ONE"``.
            kwargs: Options of :meth:`execute_command`.
        """
        return self._sent("REPLICAOF", *args, **kwargs)

    # -- numbers that must be some ---------------------------------------------------------------------

    def xautoclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        start_id: StreamId = "0-0",
        count: int | None = None,
        justid: bool = False,
    ) -> Pending[Any]:
        """Make a consumer the owner of whatever others got and did not acknowledge in time.

        Redis command: XAUTOCLAIM

        Args:
            name: The stream.
            groupname: The group.
            consumername: The new owner.
            min_idle_time: Only entries delivered at least this many milliseconds ago.
            start_id: The id to begin with.
            count: How many entries to look at; 100 by default.
            justid: Return ids only, and count no delivery.

        Raises:
            DataError: ``min_idle_time`` is negative or ``count`` is below one.
            ValueError: One of them is text that is no number.
        """
        _look_at(min_idle_time, count)
        return super().xautoclaim(name, groupname, consumername, min_idle_time, start_id, count, justid)

    def xpending_range(
        self,
        name: Key,
        groupname: Key,
        min: StreamId | None,
        max: StreamId | None,
        count: int | None,
        consumername: Key | None = None,
        idle: int | None = None,
    ) -> Pending[Any]:
        """Return entries that a group has not acknowledged; without ``min``, ``max`` and ``count`` a summary.

        Redis command: XPENDING

        Args:
            name: The stream.
            groupname: The group.
            min: The lowest id; ``"-"`` is the lowest there is.
            max: The highest id; ``"+"`` is the highest there is.
            count: How many entries at most.
            consumername: Only entries of this consumer.
            idle: Only entries delivered at least this many milliseconds ago.

        Raises:
            DataError: A number is negative, or one of ``min``, ``max`` and ``count`` is missing.
            ValueError: A number is text that is none.
        """
        if min is None and max is None and count is None and idle is None and consumername is None:
            return self.xpending(name, groupname)
        if min is None or max is None or count is None:
            raise DataError("XPENDING: min, max and count must be given, or none of them")
        _look_at(count, idle)
        return super().xpending_range(name, groupname, min, max, count, consumername or None, idle)

    # -- sentinels' own --------------------------------------------------------------------------------

    def sentinel_get_master_addr_by_name(self, service_name: str, return_responses: bool = False) -> Pending[Any]:
        """Return the address of a service's primary.

        Redis command: SENTINEL GET-MASTER-ADDR-BY-NAME

        Args:
            service_name: The service.
            return_responses: Of meaning to :class:`Sentinel`, which asks several.
        """
        return super().sentinel_get_master_addr_by_name(service_name)

    def sentinel_master(self, service_name: str, return_responses: bool = False) -> Pending[Any]:
        """Return what a sentinel knows of a service's primary; arguments as above.

        Redis command: SENTINEL MASTER
        """
        return super().sentinel_master(service_name)

    def sentinel_sentinels(self, service_name: str, return_responses: bool = False) -> Pending[Any]:
        """Return what a sentinel knows of a service's other sentinels; arguments as above.

        Redis command: SENTINEL SENTINELS
        """
        return super().sentinel_sentinels(service_name)

    # -- deprecated ------------------------------------------------------------------------------------

    @deprecated_function(version="4.0.0", reason="Use 'hset' instead.")
    def hmset(self, name: Key, mapping: Mapping[AnyField, Encodable]) -> Pending[bool]:
        """Set several fields; :meth:`hset` does the same and tells how many were new.

        Redis command: HMSET

        Raises:
            DataError: ``mapping`` is empty.
        """
        return super().hmset(name, mapping)

    @deprecated_function(version="2.6.12", reason="Use 'set' instead.")
    def setex(self, name: Key, time: Expiry, value: Encodable) -> Pending[bool]:
        """Set ``name`` to ``value`` for ``time`` seconds.

        Redis command: SETEX
        """
        return super().setex(name, time, value)

    # -- not here, nor in redis-py ---------------------------------------------------------------------

    def debug_segfault(self, **kwargs: Any) -> NoReturn:
        """Raise NotImplementedError: nobody should."""
        raise NotImplementedError("DEBUG SEGFAULT has no method")

    def memory_help(self, **kwargs: Any) -> NoReturn:
        """Raise NotImplementedError: it is for people."""
        raise NotImplementedError("MEMORY HELP has no method")

    def script_debug(self, *args: Any) -> NoReturn:
        """Raise NotImplementedError: it takes a conversation."""
        raise NotImplementedError("SCRIPT DEBUG has no method")


for _name in TAKES_OPTIONS:
    setattr(RedisCommands, _name, takes_options(getattr(RedisCommands, _name)))


def _given(*words: Any) -> tuple[Any, ...]:
    return tuple([word for word in words if word is not None])


def _look_at(*numbers: Any) -> None:
    """Refuse text that is no number.

    Raises:
        ValueError: It is none.
    """
    for number in numbers:
        if isinstance(number, str | bytes):
            int(number)
