"""Commands on streams; those of their consumer groups are in ``consumer_groups``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, overload

from ...core.commands.arguments import (
    AnyField,
    at_most_one,
    bad_argument,
    block_milliseconds,
    choice,
    flatten_mapping,
    non_empty,
    not_negative,
    positive,
    whole_number,
)
from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok
from ...core.results.streams import by_stream, description, entries, full_description
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

#: The id of an entry, such as ``"1526919030474-55"``, or one of the special ids a command's page names.
StreamId = str | bytes | int
#: What becomes of the references that consumer groups hold to entries which are removed.
ReferencePolicy: TypeAlias = Literal["KEEPREF", "DELREF", "ACKED"]

_POLICIES = ("KEEPREF", "DELREF", "ACKED")


_XADD = COMMANDS["XADD"]
_XCFGSET = COMMANDS["XCFGSET"]
_XDEL = COMMANDS["XDEL"]
_XDELEX = COMMANDS["XDELEX"]
_XINFO_STREAM = COMMANDS["XINFO STREAM"]
_XLEN = COMMANDS["XLEN"]
_XRANGE = COMMANDS["XRANGE"]
_XREAD = COMMANDS["XREAD"]
_XREVRANGE = COMMANDS["XREVRANGE"]
_XSETID = COMMANDS["XSETID"]
_XTRIM = COMMANDS["XTRIM"]


class StreamCommands(CommandSurface[AnyStr]):
    """Typed methods for streams."""

    __slots__ = ()

    # -- adding and removing ------------------------------------------------------------------------------------

    @overload
    def xadd(
        self,
        name: Key,
        fields: Mapping[AnyField, Encodable],
        id: StreamId = "*",
        maxlen: int | None = None,
        approximate: bool = True,
        nomkstream: Literal[False] = False,
        minid: StreamId | None = None,
        limit: int | None = None,
        ref_policy: ReferencePolicy | None = None,
        idmpauto: str | None = None,
        idmp: tuple[str, bytes] | None = None,
    ) -> Pending[AnyStr]: ...

    @overload
    def xadd(
        self,
        name: Key,
        fields: Mapping[AnyField, Encodable],
        id: StreamId = "*",
        maxlen: int | None = None,
        approximate: bool = True,
        nomkstream: bool = False,
        minid: StreamId | None = None,
        limit: int | None = None,
        ref_policy: ReferencePolicy | None = None,
        idmpauto: str | None = None,
        idmp: tuple[str, bytes] | None = None,
    ) -> Pending[AnyStr | None]: ...

    def xadd(
        self,
        name: Key,
        fields: Mapping[AnyField, Encodable],
        id: StreamId = "*",
        maxlen: int | None = None,
        approximate: bool = True,
        nomkstream: bool = False,
        minid: StreamId | None = None,
        limit: int | None = None,
        ref_policy: ReferencePolicy | None = None,
        idmpauto: str | None = None,
        idmp: tuple[str, bytes] | None = None,
    ) -> Pending[Any]:
        """Append an entry.

        Redis command: XADD

        Args:
            name: The stream.
            fields: The entry's fields with their values.
            id: The entry's id; ``"*"`` lets the server make one.
            maxlen: Trim the stream to this many entries.
            approximate: Trim only where that is cheap, leaving a few entries more.
            nomkstream: Do nothing where there is no such stream.
            minid: Trim the stream of entries with lower ids.
            limit: How many entries to trim at most; only with ``approximate``.
            ref_policy: What becomes of groups' references to trimmed entries (Redis 8.2).
            idmpauto: Producer of the entry: the server adds what this producer sent before only once (Redis 8.6).
            idmp: Producer and the entry's own name, which this producer may use only once (Redis 8.6).

        Returns:
            The entry's id, or None where ``nomkstream`` prevented it.

        Raises:
            DataError: ``fields`` is empty, or options contradict each other.
        """
        words: list[Encodable] = ["XADD", name]
        if nomkstream:
            words.append("NOMKSTREAM")
        if ref_policy is not None:
            words += policy_words("XADD", ref_policy)
        if idmpauto is not None or idmp is not None:
            words += _producer(id, idmpauto, idmp)
        if maxlen is not None or minid is not None or limit is not None:
            words += _trim("XADD", maxlen, minid, approximate, limit)
        words.append(id)
        return self._execute(_XADD, (*words, *flatten_mapping("XADD", fields)))

    def xdel(self, name: Key, *ids: StreamId) -> Pending[int]:
        """Remove entries; return how many existed.

        Redis command: XDEL

        Raises:
            DataError: No id was given.
        """
        return self._execute(_XDEL, ("XDEL", name, *non_empty("XDEL", "ids", ids)))

    def xdelex(self, name: Key, *ids: StreamId, ref_policy: ReferencePolicy = "KEEPREF") -> Pending[list[int]]:
        """Remove entries and decide about groups' references to them.

        Redis command: XDELEX (Redis 8.2)

        Returns:
            For each id 1 (removed), -1 (no such entry) or 2 (kept, as it is not acknowledged everywhere).

        Raises:
            DataError: No id was given, or ``ref_policy`` is unknown.
        """
        return self._execute(_XDELEX, ("XDELEX", name, *policy_words("XDELEX", ref_policy), *id_words("XDELEX", ids)))

    def xtrim(
        self,
        name: Key,
        maxlen: int | None = None,
        approximate: bool = True,
        minid: StreamId | None = None,
        limit: int | None = None,
        ref_policy: ReferencePolicy | None = None,
    ) -> Pending[int]:
        """Remove the oldest entries; return how many.

        Redis command: XTRIM

        Args:
            name: The stream.
            maxlen: Trim the stream to this many entries.
            approximate: Trim only where that is cheap, leaving a few entries more.
            minid: Trim the stream of entries with lower ids.
            limit: How many entries to trim at most; only with ``approximate``.
            ref_policy: What becomes of groups' references to trimmed entries (Redis 8.2).

        Raises:
            DataError: Not exactly one of ``maxlen`` and ``minid`` was given, or options contradict each other.
        """
        words: tuple[Encodable, ...] = _trim("XTRIM", maxlen, minid, approximate, limit)
        if not words:
            raise bad_argument("XTRIM", "maxlen or minid must be given")
        return self._execute(_XTRIM, ("XTRIM", name, *words, *policy_words("XTRIM", ref_policy)))

    def xsetid(
        self,
        name: Key,
        last_id: StreamId,
        entries_added: int | None = None,
        max_deleted_id: StreamId | None = None,
    ) -> Pending[bool]:
        """Set a stream's last id, which new entries' ids follow; for replicating a stream by other means.

        Redis command: XSETID

        Args:
            name: The stream.
            last_id: The id.
            entries_added: How many entries were ever added.
            max_deleted_id: The highest id that was ever removed.

        Raises:
            DataError: ``entries_added`` is negative.
        """
        words: list[Encodable] = ["XSETID", name, last_id]
        if entries_added is not None:
            words += ("ENTRIESADDED", not_negative("XSETID", "entries_added", entries_added))
        if max_deleted_id is not None:
            words += ("MAXDELETEDID", max_deleted_id)
        return self._execute(_XSETID, tuple(words), ok)

    def xcfgset(self, name: Key, idmp_duration: int | None = None, idmp_maxsize: int | None = None) -> Pending[bool]:
        """Set how a stream recognises what a producer sent before.

        Redis command: XCFGSET (Redis 8.6)

        Args:
            name: The stream.
            idmp_duration: For how many seconds it remembers.
            idmp_maxsize: How many entries of a producer it remembers.

        Raises:
            DataError: Neither was given, or one is below one.
        """
        words: list[Encodable] = ["XCFGSET", name]
        if idmp_duration is not None:
            words += ("IDMP-DURATION", positive("XCFGSET", "idmp_duration", idmp_duration))
        if idmp_maxsize is not None:
            words += ("IDMP-MAXSIZE", positive("XCFGSET", "idmp_maxsize", idmp_maxsize))
        if len(words) == 2:
            raise bad_argument("XCFGSET", "idmp_duration or idmp_maxsize must be given")
        return self._execute(_XCFGSET, tuple(words), ok)

    # -- reading ------------------------------------------------------------------------------------------------

    def xlen(self, name: Key) -> Pending[int]:
        """Return the number of entries.

        Redis command: XLEN
        """
        return self._execute(_XLEN, ("XLEN", name))

    def xrange(
        self, name: Key, min: StreamId = "-", max: StreamId = "+", count: int | None = None
    ) -> Pending[list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]:
        """Return entries as pairs of id and fields, the oldest first.

        Redis command: XRANGE

        Args:
            name: The stream.
            min: The lowest id; ``"-"`` is the lowest there is, ``"(id"`` leaves that one out.
            max: The highest id; ``"+"`` is the highest there is.
            count: How many entries at most.

        Raises:
            DataError: ``count`` is below one.
        """
        return self._execute(_XRANGE, ("XRANGE", name, min, max, *count_words("XRANGE", count)), entries)

    def xrevrange(
        self, name: Key, max: StreamId = "+", min: StreamId = "-", count: int | None = None
    ) -> Pending[list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]:
        """Return entries as pairs of id and fields, the newest first.

        Redis command: XREVRANGE

        Args:
            name: The stream.
            max: The highest id; ``"+"`` is the highest there is, ``"(id"`` leaves that one out.
            min: The lowest id; ``"-"`` is the lowest there is.
            count: How many entries at most.

        Raises:
            DataError: ``count`` is below one.
        """
        return self._execute(_XREVRANGE, ("XREVRANGE", name, max, min, *count_words("XREVRANGE", count)), entries)

    def xread(
        self,
        streams: Mapping[AnyField, StreamId],
        count: int | None = None,
        block: int | None = None,
        max_count: int | None = None,
        max_size: int | None = None,
    ) -> Pending[list[tuple[AnyStr, list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]]]:
        """Return the entries of several streams that follow a given id each.

        Redis command: XREAD

        Args:
            streams: For each stream the id after which to read.
            count: How many entries of each stream at most.
            block: How many milliseconds to wait for an entry where there is none, 0 for ever; it waits on a connection
                of its own, so that nobody else waits with it.
            max_count: How many entries of all streams together at most (a later Redis 8).
            max_size: About how many bytes of entries at most (a later Redis 8).

        Returns:
            ``[stream, entries]`` for each stream that has any, entries being pairs of id and fields; an empty
            list where none came in time. For type checkers these lists of two are tuples, or nobody could take them
            apart.

        Raises:
            DataError: ``streams`` is empty, a limit is below one, or ``block`` is negative.
        """
        options: tuple[Encodable, ...] = read_limits("XREAD", count, max_count, max_size, block)
        return self._execute(_XREAD, ("XREAD", *options, *stream_words("XREAD", streams)), by_stream)

    # -- looking into -------------------------------------------------------------------------------------------

    def xinfo_stream(self, name: Key, full: bool = False, count: int | None = None) -> Pending[dict[str, Any]]:
        """Return what the server says about a stream, by the server's names such as ``"last-generated-id"``.

        Redis command: XINFO STREAM

        Args:
            name: The stream.
            full: Include the first entries, the groups and their consumers.
            count: How many entries to include, 0 for all; 10 by default. Only with ``full``.

        Raises:
            DataError: ``count`` is negative, or given without ``full``.
        """
        if full:
            options: tuple[Encodable, ...] = (
                () if count is None else ("COUNT", not_negative("XINFO STREAM", "count", count))
            )
            return self._execute(_XINFO_STREAM, ("XINFO", "STREAM", name, "FULL", *options), full_description)
        if count is not None:
            raise bad_argument("XINFO STREAM", "count needs full")
        return self._execute(_XINFO_STREAM, ("XINFO", "STREAM", name), description)


def _producer(id: StreamId, idmpauto: str | None, idmp: tuple[str, bytes] | None) -> tuple[Encodable, ...]:
    """Who sends an entry, so that the server adds it only once."""
    at_most_one("XADD", idmpauto=idmpauto, idmp=idmp)
    if id not in ("*", b"*"):
        raise bad_argument("XADD", "idmpauto and idmp need an id that the server makes")
    return ("IDMPAUTO", idmpauto) if idmpauto is not None else ("IDMP", *(idmp or ()))


def _trim(
    command: str, maxlen: int | None, minid: StreamId | None, approximate: bool, limit: int | None
) -> tuple[Encodable, ...]:
    """The words that trim a stream; none where neither ``maxlen`` nor ``minid`` is given."""
    if maxlen is not None and minid is not None:
        at_most_one(command, maxlen=maxlen, minid=minid)
    if limit is not None and (not approximate or (maxlen is None and minid is None)):
        raise bad_argument(command, "limit needs approximate and either maxlen or minid")
    bound: tuple[Encodable, ...]
    if maxlen is not None:
        bound = ("MAXLEN", "~" if approximate else "=", not_negative(command, "maxlen", maxlen))
    elif minid is not None:
        bound = ("MINID", "~" if approximate else "=", minid)
    else:
        return ()
    return bound if limit is None else (*bound, "LIMIT", not_negative(command, "limit", limit))


def policy_words(command: str, policy: str | None) -> tuple[str, ...]:
    return () if policy is None else (choice(command, "ref_policy", policy, _POLICIES),)


def count_words(command: str, count: int | None) -> tuple[Encodable, ...]:
    return () if count is None else ("COUNT", positive(command, "count", count))


def id_words(command: str, ids: tuple[StreamId, ...]) -> tuple[Encodable, ...]:
    return ("IDS", len(non_empty(command, "ids", ids)), *ids)


def read_limits(
    command: str, count: int | None, max_count: int | None, max_size: int | None, block: int | None
) -> tuple[Encodable, ...]:
    """How much to read, and how long to wait for it."""
    words = count_words(command, count)
    if block is not None:
        words += ("BLOCK", block_milliseconds(command, "block", block))
    if max_count is not None:
        if count is not None and (whole_number(max_count) or 0) < (whole_number(count) or 0):
            raise bad_argument(command, "max_count must not be less than count")
        words += ("MAXCOUNT", positive(command, "max_count", max_count))
    if max_size is not None:
        words += ("MAXSIZE", positive(command, "max_size", max_size))
    return words


def stream_words(command: str, streams: Mapping[AnyField, StreamId]) -> tuple[Encodable, ...]:
    """All streams, then all ids, as the commands want them."""
    return ("STREAMS", *non_empty(command, "streams", streams), *streams.values())
