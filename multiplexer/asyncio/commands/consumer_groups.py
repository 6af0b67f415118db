"""Commands on the consumer groups of streams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, overload

from ...core.commands.arguments import AnyField, at_most_one, choice, non_empty, not_negative
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
    pending_entries,
    pending_summary,
)
from ...core.types import AnyStr, Encodable, Key, Pending
from .streams import ReferencePolicy, StreamId, count_words, id_words, policy_words, read_limits, stream_words
from .surface import CommandSurface

_XACK = COMMANDS["XACK"]
_XACKDEL = COMMANDS["XACKDEL"]
_XAUTOCLAIM = COMMANDS["XAUTOCLAIM"]
_XCLAIM = COMMANDS["XCLAIM"]
_XGROUP_CREATE = COMMANDS["XGROUP CREATE"]
_XGROUP_CREATECONSUMER = COMMANDS["XGROUP CREATECONSUMER"]
_XGROUP_DELCONSUMER = COMMANDS["XGROUP DELCONSUMER"]
_XGROUP_DESTROY = COMMANDS["XGROUP DESTROY"]
_XGROUP_SETID = COMMANDS["XGROUP SETID"]
_XINFO_CONSUMERS = COMMANDS["XINFO CONSUMERS"]
_XINFO_GROUPS = COMMANDS["XINFO GROUPS"]
_XNACK = COMMANDS["XNACK"]
_XPENDING = COMMANDS["XPENDING"]
_XREADGROUP = COMMANDS["XREADGROUP"]

_text_keyed_list = list_of(text_keyed)


class ConsumerGroupCommands(CommandSurface[AnyStr]):
    """Typed methods for consumer groups of streams. Idle times are in milliseconds, as on the server."""

    __slots__ = ()

    @overload
    def xreadgroup(
        self,
        groupname: Key,
        consumername: Key,
        streams: Mapping[AnyField, StreamId],
        count: int | None = ...,
        block: int | None = ...,
        noack: bool = ...,
        claim_min_idle_time: None = ...,
        max_count: int | None = ...,
        max_size: int | None = ...,
    ) -> Pending[list[tuple[AnyStr, list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]]]: ...

    @overload
    def xreadgroup(
        self,
        groupname: Key,
        consumername: Key,
        streams: Mapping[AnyField, StreamId],
        count: int | None = ...,
        block: int | None = ...,
        noack: bool = ...,
        claim_min_idle_time: int | None = ...,
        max_count: int | None = ...,
        max_size: int | None = ...,
    ) -> Pending[list[tuple[AnyStr, list[Any]]]]: ...

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
    ) -> Pending[list[tuple[AnyStr, list[Any]]]]:
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
            ``claim_min_idle_time`` idle time and number of deliveries follow these two. For type checkers the lists
            of two are tuples, or nobody could take them apart.

        Raises:
            DataError: ``streams`` is empty, a limit is below one, or ``block`` is negative.
        """
        words: list[Encodable] = ["XREADGROUP", "GROUP", groupname, consumername]
        words += read_limits("XREADGROUP", count, max_count, max_size, block)
        if noack:
            words.append("NOACK")
        convert = by_stream
        if claim_min_idle_time is not None:
            words += ("CLAIM", not_negative("XREADGROUP", "claim_min_idle_time", claim_min_idle_time))
            convert = claimed_by_stream
        return self._execute(_XREADGROUP, (*words, *stream_words("XREADGROUP", streams)), convert)

    def xack(self, name: Key, groupname: Key, *ids: StreamId) -> Pending[int]:
        """Acknowledge entries; return how many were waiting for that.

        Redis command: XACK

        Raises:
            DataError: No id was given.
        """
        return self._execute(_XACK, ("XACK", name, groupname, *non_empty("XACK", "ids", ids)))

    def xackdel(
        self, name: Key, groupname: Key, *ids: StreamId, ref_policy: ReferencePolicy = "KEEPREF"
    ) -> Pending[list[int]]:
        """Acknowledge entries and remove them.

        Redis command: XACKDEL (Redis 8.2)

        Returns:
            For each id 1 (both done), -1 (no such entry) or 2 (acknowledged, but kept for other groups).

        Raises:
            DataError: No id was given, or ``ref_policy`` is unknown.
        """
        words = ("XACKDEL", name, groupname, *policy_words("XACKDEL", ref_policy), *id_words("XACKDEL", ids))
        return self._execute(_XACKDEL, words)

    def xnack(
        self,
        name: Key,
        groupname: Key,
        mode: Literal["SILENT", "FAIL", "FATAL"],
        *ids: StreamId,
        retrycount: int | None = None,
        force: bool = False,
    ) -> Pending[int]:
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
        words += id_words("XNACK", ids)
        if retrycount is not None:
            words += ("RETRYCOUNT", not_negative("XNACK", "retrycount", retrycount))
        if force:
            words.append("FORCE")
        return self._execute(_XNACK, tuple(words))

    def xpending(self, name: Key, groupname: Key) -> Pending[PendingSummary[AnyStr]]:
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
    ) -> Pending[list[PendingEntry[AnyStr]]]:
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
    ) -> Pending[list[tuple[AnyStr, dict[AnyStr, AnyStr]]]]: ...

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
    ) -> Pending[list[AnyStr]]: ...

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
    ) -> Pending[list[tuple[AnyStr, dict[AnyStr, AnyStr]]]] | Pending[list[AnyStr]]: ...

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
    ) -> Pending[Any]:
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
    ) -> Pending[list[Any]]: ...

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
    ) -> Pending[list[AnyStr]]: ...

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
    ) -> Pending[list[Any]]: ...

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

        Returns:
            A list of the id to go on with (``0-0`` at the end), the claimed entries as pairs of id and fields, and
            the ids of entries that no longer exist. With ``justid``, the claimed entries' ids.

        Raises:
            DataError: ``min_idle_time`` is negative or ``count`` is below one.
        """
        idle = not_negative("XAUTOCLAIM", "min_idle_time", min_idle_time)
        words: list[Encodable] = ["XAUTOCLAIM", name, groupname, consumername, idle, start_id]
        words += count_words("XAUTOCLAIM", count)
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
    ) -> Pending[bool]:
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

    def xgroup_setid(self, name: Key, groupname: Key, id: StreamId, entries_read: int | None = None) -> Pending[bool]:
        """Set the last id a group is taken to have read, and how many entries.

        Redis command: XGROUP SETID
        """
        words = ("XGROUP", "SETID", name, groupname, id, *_entries_read(entries_read))
        return self._execute(_XGROUP_SETID, words, ok)

    def xgroup_destroy(self, name: Key, groupname: Key) -> Pending[bool]:
        """Remove a consumer group; return whether there was one.

        Redis command: XGROUP DESTROY
        """
        return self._execute(_XGROUP_DESTROY, ("XGROUP", "DESTROY", name, groupname), to_bool)

    def xgroup_createconsumer(self, name: Key, groupname: Key, consumername: Key) -> Pending[int]:
        """Make a consumer; return 1, or 0 where it exists.

        Redis command: XGROUP CREATECONSUMER
        """
        words = ("XGROUP", "CREATECONSUMER", name, groupname, consumername)
        return self._execute(_XGROUP_CREATECONSUMER, words)

    def xgroup_delconsumer(self, name: Key, groupname: Key, consumername: Key) -> Pending[int]:
        """Remove a consumer; return how many entries it had not acknowledged.

        Redis command: XGROUP DELCONSUMER
        """
        words = ("XGROUP", "DELCONSUMER", name, groupname, consumername)
        return self._execute(_XGROUP_DELCONSUMER, words)

    def xinfo_groups(self, name: Key) -> Pending[list[dict[str, Any]]]:
        """Return what the server says about each consumer group of a stream.

        Redis command: XINFO GROUPS
        """
        return self._execute(_XINFO_GROUPS, ("XINFO", "GROUPS", name), _text_keyed_list)

    def xinfo_consumers(self, name: Key, groupname: Key) -> Pending[list[dict[str, Any]]]:
        """Return what the server says about each consumer of a group.

        Redis command: XINFO CONSUMERS
        """
        return self._execute(_XINFO_CONSUMERS, ("XINFO", "CONSUMERS", name, groupname), _text_keyed_list)


def _entries_read(number: int | None) -> tuple[Encodable, ...]:
    return () if number is None else ("ENTRIESREAD", number)
