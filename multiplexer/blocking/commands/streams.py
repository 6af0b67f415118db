# Generated from multiplexer/asyncio/commands/streams.py by scripts/generate_blocking.py; change that file instead.
"""Commands on streams, their consumer groups included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
)
from ...core.commands.command_table import COMMANDS
from ...core.results.common import list_of, ok, text_keyed, to_bool
from ...core.results.streams import (
    PendingEntry,
    PendingSummary,
    autoclaimed,
    autoclaimed_ids,
    by_stream,
    claimed_by_stream,
    claimed_entries,
    description,
    entries,
    full_description,
    pending_entries,
    pending_summary,
)
from ...core.types import AnyStr, Encodable, Key
from .surface import CommandSurface

#: The id of an entry, such as ``"1526919030474-55"``, or one of the special ids a command's page names.
StreamId = str | bytes | int
#: What becomes of the references that consumer groups hold to entries which are removed.
ReferencePolicy: TypeAlias = Literal["KEEPREF", "DELREF", "ACKED"]

_POLICIES = ("KEEPREF", "DELREF", "ACKED")

_XACK = COMMANDS["XACK"]
_XACKDEL = COMMANDS["XACKDEL"]
_XADD = COMMANDS["XADD"]
_XAUTOCLAIM = COMMANDS["XAUTOCLAIM"]
_XCFGSET = COMMANDS["XCFGSET"]
_XCLAIM = COMMANDS["XCLAIM"]
_XDEL = COMMANDS["XDEL"]
_XDELEX = COMMANDS["XDELEX"]
_XGROUP_CREATE = COMMANDS["XGROUP CREATE"]
_XGROUP_CREATECONSUMER = COMMANDS["XGROUP CREATECONSUMER"]
_XGROUP_DELCONSUMER = COMMANDS["XGROUP DELCONSUMER"]
_XGROUP_DESTROY = COMMANDS["XGROUP DESTROY"]
_XGROUP_SETID = COMMANDS["XGROUP SETID"]
_XINFO_CONSUMERS = COMMANDS["XINFO CONSUMERS"]
_XINFO_GROUPS = COMMANDS["XINFO GROUPS"]
_XINFO_STREAM = COMMANDS["XINFO STREAM"]
_XLEN = COMMANDS["XLEN"]
_XNACK = COMMANDS["XNACK"]
_XPENDING = COMMANDS["XPENDING"]
_XRANGE = COMMANDS["XRANGE"]
_XREAD = COMMANDS["XREAD"]
_XREADGROUP = COMMANDS["XREADGROUP"]
_XREVRANGE = COMMANDS["XREVRANGE"]
_XSETID = COMMANDS["XSETID"]
_XTRIM = COMMANDS["XTRIM"]

_text_keyed_list = list_of(text_keyed)


class StreamCommands(CommandSurface[AnyStr]):
    """Typed methods for streams and consumer groups. Idle times are in milliseconds, as on the server."""

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
    ) -> AnyStr: ...

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
    ) -> AnyStr | None: ...

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
    ) -> Any:
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
            words += _policy("XADD", ref_policy)
        if idmpauto is not None or idmp is not None:
            words += _producer(id, idmpauto, idmp)
        if maxlen is not None or minid is not None or limit is not None:
            words += _trim("XADD", maxlen, minid, approximate, limit)
        words.append(id)
        return self._execute(_XADD, (*words, *flatten_mapping("XADD", fields)))

    def xdel(self, name: Key, *ids: StreamId) -> int:
        """Remove entries; return how many existed.

        Redis command: XDEL

        Raises:
            DataError: No id was given.
        """
        return self._execute(_XDEL, ("XDEL", name, *non_empty("XDEL", "ids", ids)))

    def xdelex(self, name: Key, *ids: StreamId, ref_policy: ReferencePolicy = "KEEPREF") -> list[int]:
        """Remove entries and decide about groups' references to them.

        Redis command: XDELEX (Redis 8.2)

        Returns:
            For each id 1 (removed), -1 (no such entry) or 2 (kept, as it is not acknowledged everywhere).

        Raises:
            DataError: No id was given, or ``ref_policy`` is unknown.
        """
        return self._execute(_XDELEX, ("XDELEX", name, *_policy("XDELEX", ref_policy), *_counted("XDELEX", ids)))

    def xtrim(
        self,
        name: Key,
        maxlen: int | None = None,
        approximate: bool = True,
        minid: StreamId | None = None,
        limit: int | None = None,
        ref_policy: ReferencePolicy | None = None,
    ) -> int:
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
        return self._execute(_XTRIM, ("XTRIM", name, *words, *_policy("XTRIM", ref_policy)))

    def xsetid(
        self,
        name: Key,
        last_id: StreamId,
        entries_added: int | None = None,
        max_deleted_id: StreamId | None = None,
    ) -> bool:
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

    def xcfgset(self, name: Key, idmp_duration: int | None = None, idmp_maxsize: int | None = None) -> bool:
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

    def xlen(self, name: Key) -> int:
        """Return the number of entries.

        Redis command: XLEN
        """
        return self._execute(_XLEN, ("XLEN", name))

    def xrange(
        self, name: Key, min: StreamId = "-", max: StreamId = "+", count: int | None = None
    ) -> list[tuple[AnyStr, dict[AnyStr, AnyStr]]]:
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
        return self._execute(_XRANGE, ("XRANGE", name, min, max, *_count("XRANGE", count)), entries)

    def xrevrange(
        self, name: Key, max: StreamId = "+", min: StreamId = "-", count: int | None = None
    ) -> list[tuple[AnyStr, dict[AnyStr, AnyStr]]]:
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
        return self._execute(_XREVRANGE, ("XREVRANGE", name, max, min, *_count("XREVRANGE", count)), entries)

    def xread(
        self,
        streams: Mapping[AnyField, StreamId],
        count: int | None = None,
        block: int | None = None,
        max_count: int | None = None,
        max_size: int | None = None,
    ) -> list[list[Any]]:
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
            list where none came in time.

        Raises:
            DataError: ``streams`` is empty, a limit is below one, or ``block`` is negative.
        """
        options: tuple[Encodable, ...] = _read_limits("XREAD", count, max_count, max_size, block)
        return self._execute(_XREAD, ("XREAD", *options, *_streams("XREAD", streams)), by_stream)

    # -- consumer groups ----------------------------------------------------------------------------------------

    def xreadgroup(
        self,
        groupname: Key,
        consumername: Key,
        streams: Mapping[AnyField, StreamId],
        count: int | None = None,
        block: int | None = None,
        noack: bool = False,
        claim_min_idle_time: int | None = None,
        max_count: int | None = None,
        max_size: int | None = None,
    ) -> list[list[Any]]:
        """Return entries of several streams as one consumer of a group.

        Redis command: XREADGROUP

        Args:
            groupname: The group.
            consumername: The consumer; it is made where it does not exist.
            streams: For each stream ``">"`` for entries that no consumer got yet, or an id after which to return
                what this consumer got and did not acknowledge.
            count: How many entries of each stream at most.
            block: How many milliseconds to wait for an entry where there is none, 0 for ever; it waits on a connection
                of its own, so that nobody else waits with it.
            noack: Take the entries for acknowledged.
            claim_min_idle_time: Take over entries that another consumer got and did not acknowledge for this many
                milliseconds (Redis 8.4).
            max_count: How many entries of all streams together at most (a later Redis 8).
            max_size: About how many bytes of entries at most (a later Redis 8).

        Returns:
            ``[stream, entries]`` for each stream that has any, entries being pairs of id and fields; with
            ``claim_min_idle_time`` idle time and number of deliveries follow these two.

        Raises:
            DataError: ``streams`` is empty, a limit is below one, or ``block`` is negative.
        """
        words: list[Encodable] = ["XREADGROUP", "GROUP", groupname, consumername]
        words += _read_limits("XREADGROUP", count, max_count, max_size, block)
        if noack:
            words.append("NOACK")
        convert = by_stream
        if claim_min_idle_time is not None:
            words += ("CLAIM", not_negative("XREADGROUP", "claim_min_idle_time", claim_min_idle_time))
            convert = claimed_by_stream
        return self._execute(_XREADGROUP, (*words, *_streams("XREADGROUP", streams)), convert)

    def xack(self, name: Key, groupname: Key, *ids: StreamId) -> int:
        """Acknowledge entries; return how many were waiting for that.

        Redis command: XACK

        Raises:
            DataError: No id was given.
        """
        return self._execute(_XACK, ("XACK", name, groupname, *non_empty("XACK", "ids", ids)))

    def xackdel(
        self, name: Key, groupname: Key, *ids: StreamId, ref_policy: ReferencePolicy = "KEEPREF"
    ) -> list[int]:
        """Acknowledge entries and remove them.

        Redis command: XACKDEL (Redis 8.2)

        Returns:
            For each id 1 (both done), -1 (no such entry) or 2 (acknowledged, but kept for other groups).

        Raises:
            DataError: No id was given, or ``ref_policy`` is unknown.
        """
        words = ("XACKDEL", name, groupname, *_policy("XACKDEL", ref_policy), *_counted("XACKDEL", ids))
        return self._execute(_XACKDEL, words)

    def xnack(
        self,
        name: Key,
        groupname: Key,
        mode: Literal["SILENT", "FAIL", "FATAL"],
        *ids: StreamId,
        retrycount: int | None = None,
        force: bool = False,
    ) -> int:
        """Give entries back to the group, so that another consumer gets them at once; return how many.

        Redis command: XNACK (Redis 8.8)

        Args:
            name: The stream.
            groupname: The group.
            mode: What to count: ``"SILENT"``: the delivery was none; ``"FAIL"``: it was one; ``"FATAL"``: nobody
                shall try again.
            ids: The entries' ids.
            retrycount: Number of deliveries to note down instead.
            force: Also entries that nobody got yet.

        Raises:
            DataError: No id was given, ``mode`` is unknown, or ``retrycount`` is negative.
        """
        words: list[Encodable] = ["XNACK", name, groupname, choice("XNACK", "mode", mode, ("SILENT", "FAIL", "FATAL"))]
        words += _counted("XNACK", ids)
        if retrycount is not None:
            words += ("RETRYCOUNT", not_negative("XNACK", "retrycount", retrycount))
        if force:
            words.append("FORCE")
        return self._execute(_XNACK, tuple(words))

    def xpending(self, name: Key, groupname: Key) -> PendingSummary[AnyStr]:
        """Return how many entries a group has not acknowledged, their lowest and highest id, and whose they are.

        Redis command: XPENDING
        """
        return self._execute(_XPENDING, ("XPENDING", name, groupname), pending_summary)

    def xpending_range(
        self,
        name: Key,
        groupname: Key,
        min: StreamId,
        max: StreamId,
        count: int,
        consumername: Key | None = None,
        idle: int | None = None,
    ) -> list[PendingEntry[AnyStr]]:
        """Return entries that a group has not acknowledged.

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
            DataError: ``count`` or ``idle`` is negative.
        """
        words: list[Encodable] = ["XPENDING", name, groupname]
        if idle is not None:
            words += ("IDLE", not_negative("XPENDING", "idle", idle))
        words += (min, max, not_negative("XPENDING", "count", count))
        if consumername is not None:
            words.append(consumername)
        return self._execute(_XPENDING, tuple(words), pending_entries)

    @overload
    def xclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        message_ids: Iterable[StreamId],
        idle: int | None = None,
        time: int | None = None,
        retrycount: int | None = None,
        force: bool = False,
        justid: Literal[False] = False,
    ) -> list[tuple[AnyStr, dict[AnyStr, AnyStr]]]: ...

    @overload
    def xclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        message_ids: Iterable[StreamId],
        idle: int | None = None,
        time: int | None = None,
        retrycount: int | None = None,
        force: bool = False,
        *,
        justid: Literal[True],
    ) -> list[AnyStr]: ...

    @overload
    def xclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        message_ids: Iterable[StreamId],
        idle: int | None = None,
        time: int | None = None,
        retrycount: int | None = None,
        force: bool = False,
        justid: bool = False,
    ) -> list[tuple[AnyStr, dict[AnyStr, AnyStr]]] | list[AnyStr]: ...

    def xclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        message_ids: Iterable[StreamId],
        idle: int | None = None,
        time: int | None = None,
        retrycount: int | None = None,
        force: bool = False,
        justid: bool = False,
    ) -> Any:
        """Make a consumer the owner of entries that another one got and did not acknowledge.

        Redis command: XCLAIM

        Args:
            name: The stream.
            groupname: The group.
            consumername: The new owner.
            min_idle_time: Only entries delivered at least this many milliseconds ago.
            message_ids: The entries' ids.
            idle: Milliseconds since the last delivery to note down; 0 by default.
            time: The same as a time, in milliseconds since 1970.
            retrycount: Number of deliveries to note down; one more by default.
            force: Also entries that nobody got yet.
            justid: Return ids only, and count no delivery.

        Returns:
            The claimed entries as pairs of id and fields, or with ``justid`` their ids.

        Raises:
            DataError: ``message_ids`` is empty, a number is negative, or both ``idle`` and ``time`` were given.
        """
        at_most_one("XCLAIM", idle=idle, time=time)
        ids: tuple[StreamId, ...] = non_empty("XCLAIM", "message_ids", tuple(message_ids))
        words: list[Encodable] = ["XCLAIM", name, groupname, consumername]
        words += (not_negative("XCLAIM", "min_idle_time", min_idle_time), *ids)
        for argument, value in (("idle", idle), ("time", time), ("retrycount", retrycount)):
            if value is not None:
                words += (argument.upper(), not_negative("XCLAIM", argument, value))
        if force:
            words.append("FORCE")
        if justid:
            return self._execute(_XCLAIM, (*words, "JUSTID"))
        return self._execute(_XCLAIM, tuple(words), claimed_entries)

    @overload
    def xautoclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        start_id: StreamId = "0-0",
        count: int | None = None,
        justid: Literal[False] = False,
    ) -> list[Any]: ...

    @overload
    def xautoclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        start_id: StreamId = "0-0",
        count: int | None = None,
        *,
        justid: Literal[True],
    ) -> list[AnyStr]: ...

    @overload
    def xautoclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        start_id: StreamId = "0-0",
        count: int | None = None,
        justid: bool = False,
    ) -> list[Any]: ...

    def xautoclaim(
        self,
        name: Key,
        groupname: Key,
        consumername: Key,
        min_idle_time: int,
        start_id: StreamId = "0-0",
        count: int | None = None,
        justid: bool = False,
    ) -> Any:
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

        Returns:
            A list of the id to go on with (``0-0`` at the end), the claimed entries as pairs of id and fields, and
            the ids of entries that no longer exist. With ``justid``, the claimed entries' ids.

        Raises:
            DataError: ``min_idle_time`` is negative or ``count`` is below one.
        """
        idle = not_negative("XAUTOCLAIM", "min_idle_time", min_idle_time)
        words: list[Encodable] = ["XAUTOCLAIM", name, groupname, consumername, idle, start_id]
        words += _count("XAUTOCLAIM", count)
        if justid:
            return self._execute(_XAUTOCLAIM, (*words, "JUSTID"), autoclaimed_ids)
        return self._execute(_XAUTOCLAIM, tuple(words), autoclaimed)

    def xgroup_create(
        self,
        name: Key,
        groupname: Key,
        id: StreamId = "$",
        mkstream: bool = False,
        entries_read: int | None = None,
    ) -> bool:
        """Make a consumer group.

        Redis command: XGROUP CREATE

        Args:
            name: The stream.
            groupname: The group.
            id: The last id the group is taken to have read; ``"$"`` is the stream's last one.
            mkstream: Make the stream where it does not exist.
            entries_read: How many entries the group is taken to have read.

        Raises:
            BusyGroupError: There is such a group.
        """
        options: tuple[Encodable, ...] = ("MKSTREAM",) if mkstream else ()
        words = ("XGROUP", "CREATE", name, groupname, id, *options, *_entries_read(entries_read))
        return self._execute(_XGROUP_CREATE, words, ok)

    def xgroup_setid(self, name: Key, groupname: Key, id: StreamId, entries_read: int | None = None) -> bool:
        """Set the last id a group is taken to have read, and how many entries.

        Redis command: XGROUP SETID
        """
        words = ("XGROUP", "SETID", name, groupname, id, *_entries_read(entries_read))
        return self._execute(_XGROUP_SETID, words, ok)

    def xgroup_destroy(self, name: Key, groupname: Key) -> bool:
        """Remove a consumer group; return whether there was one.

        Redis command: XGROUP DESTROY
        """
        return self._execute(_XGROUP_DESTROY, ("XGROUP", "DESTROY", name, groupname), to_bool)

    def xgroup_createconsumer(self, name: Key, groupname: Key, consumername: Key) -> int:
        """Make a consumer; return 1, or 0 where it exists.

        Redis command: XGROUP CREATECONSUMER
        """
        words = ("XGROUP", "CREATECONSUMER", name, groupname, consumername)
        return self._execute(_XGROUP_CREATECONSUMER, words)

    def xgroup_delconsumer(self, name: Key, groupname: Key, consumername: Key) -> int:
        """Remove a consumer; return how many entries it had not acknowledged.

        Redis command: XGROUP DELCONSUMER
        """
        words = ("XGROUP", "DELCONSUMER", name, groupname, consumername)
        return self._execute(_XGROUP_DELCONSUMER, words)

    # -- looking into -------------------------------------------------------------------------------------------

    def xinfo_stream(self, name: Key, full: bool = False, count: int | None = None) -> dict[str, Any]:
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

    def xinfo_groups(self, name: Key) -> list[dict[str, Any]]:
        """Return what the server says about each consumer group of a stream.

        Redis command: XINFO GROUPS
        """
        return self._execute(_XINFO_GROUPS, ("XINFO", "GROUPS", name), _text_keyed_list)

    def xinfo_consumers(self, name: Key, groupname: Key) -> list[dict[str, Any]]:
        """Return what the server says about each consumer of a group.

        Redis command: XINFO CONSUMERS
        """
        return self._execute(_XINFO_CONSUMERS, ("XINFO", "CONSUMERS", name, groupname), _text_keyed_list)


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


def _policy(command: str, policy: str | None) -> tuple[str, ...]:
    return () if policy is None else (choice(command, "ref_policy", policy, _POLICIES),)


def _count(command: str, count: int | None) -> tuple[Encodable, ...]:
    return () if count is None else ("COUNT", positive(command, "count", count))


def _counted(command: str, ids: tuple[StreamId, ...]) -> tuple[Encodable, ...]:
    return ("IDS", len(non_empty(command, "ids", ids)), *ids)


def _entries_read(number: int | None) -> tuple[Encodable, ...]:
    return () if number is None else ("ENTRIESREAD", number)


def _read_limits(
    command: str, count: int | None, max_count: int | None, max_size: int | None, block: int | None
) -> tuple[Encodable, ...]:
    """How much to read, and how long to wait for it."""
    words = _count(command, count)
    if block is not None:
        words += ("BLOCK", block_milliseconds(command, "block", block))
    if max_count is not None:
        words += ("MAXCOUNT", positive(command, "max_count", max_count))
    if max_size is not None:
        words += ("MAXSIZE", positive(command, "max_size", max_size))
    return words


def _streams(command: str, streams: Mapping[AnyField, StreamId]) -> tuple[Encodable, ...]:
    """All streams, then all ids, as the commands want them."""
    return ("STREAMS", *non_empty(command, "streams", streams), *streams.values())
