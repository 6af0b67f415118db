"""Commands on time series."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from typing import Any

from ....core.commands.arguments import at_most_one, bad_argument, flag_words, non_empty, not_negative, number
from ....core.commands.command import Command
from ....core.commands.command_table import COMMANDS
from ....core.results import time_series as results
from ....core.results.common import ok, to_set
from ....core.types import AnyStr, Encodable, Key
from .group import ModuleGroup

_ADD = COMMANDS["TS.ADD"]
_ALTER = COMMANDS["TS.ALTER"]
_CREATE = COMMANDS["TS.CREATE"]
_CREATERULE = COMMANDS["TS.CREATERULE"]
_DECRBY = COMMANDS["TS.DECRBY"]
_DEL = COMMANDS["TS.DEL"]
_DELETERULE = COMMANDS["TS.DELETERULE"]
_GET = COMMANDS["TS.GET"]
_INCRBY = COMMANDS["TS.INCRBY"]
_INFO = COMMANDS["TS.INFO"]
_MADD = COMMANDS["TS.MADD"]
_MGET = COMMANDS["TS.MGET"]
_MRANGE = COMMANDS["TS.MRANGE"]
_MREVRANGE = COMMANDS["TS.MREVRANGE"]
_NRANGE = COMMANDS["TS.NRANGE"]
_NREVRANGE = COMMANDS["TS.NREVRANGE"]
_QUERYINDEX = COMMANDS["TS.QUERYINDEX"]
_QUERYLABELS = COMMANDS["TS.QUERYLABELS"]
_RANGE = COMMANDS["TS.RANGE"]
_READ = COMMANDS["TS.READ"]
_REVRANGE = COMMANDS["TS.REVRANGE"]

#: A time in milliseconds since 1970; ``"-"`` is the first, ``"+"`` the last, ``"*"`` now.
Timestamp = int | str
#: One function that makes one number of many, such as ``"avg"``, or several.
Aggregation = str | Sequence[str]


class TimeSeriesCommands(ModuleGroup[AnyStr]):
    """Typed methods for the TS group. Times and spans are in milliseconds."""

    __slots__ = ()

    # -- series ------------------------------------------------------------------------------------------------------

    def create(
        self,
        key: Key,
        retention_msecs: int | None = None,
        uncompressed: bool | None = False,
        labels: Mapping[str, str] | None = None,
        chunk_size: int | None = None,
        duplicate_policy: str | None = None,
        ignore_max_time_diff: int | None = None,
        ignore_max_val_diff: float | None = None,
    ) -> Awaitable[bool]:
        """Create a series.

        Redis command: TS.CREATE

        Args:
            key: The key.
            retention_msecs: How long samples are kept, compared with the newest; 0 means for ever.
            uncompressed: Whether samples are stored as they are.
            labels: Names and values that filters look at.
            chunk_size: Bytes of memory taken at a time.
            duplicate_policy: What becomes of a second sample at the same time: ``block``, ``first``, ``last``,
                ``min``, ``max`` or ``sum``.
            ignore_max_time_diff: A sample counts as a repetition of the last one that is no further off than this
            ignore_max_val_diff: … and whose value is not further off than this; it is left out.

        Raises:
            DataError: Options make no sense, or only one of the last two is given.
        """
        words: list[Encodable] = _series_options(
            _CREATE,
            retention_msecs,
            uncompressed,
            labels,
            chunk_size,
            duplicate_policy,
            ignore_max_time_diff,
            ignore_max_val_diff,
        )
        return self._execute(_CREATE, ("TS.CREATE", key, *words), ok)

    def alter(
        self,
        key: Key,
        retention_msecs: int | None = None,
        labels: Mapping[str, str] | None = None,
        chunk_size: int | None = None,
        duplicate_policy: str | None = None,
        ignore_max_time_diff: int | None = None,
        ignore_max_val_diff: float | None = None,
    ) -> Awaitable[bool]:
        """Change the options of a series; what is not given stays as it is.

        Redis command: TS.ALTER

        Args:
            key: The key.
            retention_msecs: As in :meth:`create`.
            labels: All labels from now on; an empty mapping takes them away.
            chunk_size: As in :meth:`create`.
            duplicate_policy: As in :meth:`create`.
            ignore_max_time_diff: As in :meth:`create`.
            ignore_max_val_diff: As in :meth:`create`.

        Raises:
            DataError: Options make no sense.
        """
        words: list[Encodable] = _series_options(
            _ALTER,
            retention_msecs,
            False,
            labels,
            chunk_size,
            duplicate_policy,
            ignore_max_time_diff,
            ignore_max_val_diff,
        )
        if labels is not None and not labels:
            words.append("LABELS")
        return self._execute(_ALTER, ("TS.ALTER", key, *words), ok)

    def createrule(
        self,
        source_key: Key,
        dest_key: Key,
        aggregation_type: str,
        bucket_size_msec: int,
        align_timestamp: int | None = None,
    ) -> Awaitable[bool]:
        """Have the server write aggregates of one series into another, which must exist.

        Redis command: TS.CREATERULE

        Args:
            source_key: The series that is added to.
            dest_key: Where the aggregates go.
            aggregation_type: The function, such as ``avg``.
            bucket_size_msec: The span of time each aggregate is of.
            align_timestamp: A time at which a span begins.

        Raises:
            DataError: The span is negative.
        """
        words: list[Encodable] = ["TS.CREATERULE", source_key, dest_key, "AGGREGATION", aggregation_type]
        words.append(not_negative("TS.CREATERULE", "bucket_size_msec", bucket_size_msec))
        if align_timestamp is not None:
            words.append(align_timestamp)
        return self._execute(_CREATERULE, tuple(words), ok)

    def deleterule(self, source_key: Key, dest_key: Key) -> Awaitable[bool]:
        """Undo :meth:`createrule`.

        Redis command: TS.DELETERULE
        """
        return self._execute(_DELETERULE, ("TS.DELETERULE", source_key, dest_key), ok)

    def info(self, key: Key) -> Awaitable[results.TimeSeriesInfo]:
        """Return what there is to know about a series.

        Redis command: TS.INFO
        """
        return self._execute(_INFO, ("TS.INFO", key), results.TimeSeriesInfo)

    # -- adding and deleting -----------------------------------------------------------------------------------------

    def add(
        self,
        key: Key,
        timestamp: Timestamp,
        value: float | str,
        retention_msecs: int | None = None,
        uncompressed: bool | None = False,
        labels: Mapping[str, str] | None = None,
        chunk_size: int | None = None,
        duplicate_policy: str | None = None,
        ignore_max_time_diff: int | None = None,
        ignore_max_val_diff: float | None = None,
        on_duplicate: str | None = None,
    ) -> Awaitable[int]:
        """Add a sample; the series is created, with the options given, where it does not exist.

        Redis command: TS.ADD

        Args:
            key: The key.
            timestamp: Its time; ``"*"`` for the server's.
            value: Its value.
            retention_msecs: As in :meth:`create`.
            uncompressed: As in :meth:`create`.
            labels: As in :meth:`create`.
            chunk_size: As in :meth:`create`.
            duplicate_policy: As in :meth:`create`.
            ignore_max_time_diff: As in :meth:`create`.
            ignore_max_val_diff: As in :meth:`create`.
            on_duplicate: What to do if there is one at that time, whatever the series' own policy.

        Returns:
            The sample's time.

        Raises:
            DataError: Options make no sense.
        """
        words: list[Encodable] = _series_options(
            _ADD,
            retention_msecs,
            uncompressed,
            labels,
            chunk_size,
            duplicate_policy,
            ignore_max_time_diff,
            ignore_max_val_diff,
        )
        if on_duplicate is not None:
            words += ("ON_DUPLICATE", on_duplicate)
        return self._execute(_ADD, ("TS.ADD", key, timestamp, value, *words))

    def madd(self, ktv_tuples: Iterable[tuple[Key, Timestamp, float | str]]) -> Awaitable[list[Any]]:
        """Add samples to several series, given as tuples of key, time and value.

        Redis command: TS.MADD

        Returns:
            Each sample's time; an error in the place of one that was not added.

        Raises:
            DataError: There is none.
        """
        words: list[Encodable] = ["TS.MADD"]
        for key, timestamp, value in non_empty("TS.MADD", "ktv_tuples", list(ktv_tuples)):
            words += (key, timestamp, value)
        return self._execute(_MADD, tuple(words))

    def incrby(
        self,
        key: Key,
        value: float,
        timestamp: Timestamp | None = None,
        retention_msecs: int | None = None,
        uncompressed: bool | None = False,
        labels: Mapping[str, str] | None = None,
        chunk_size: int | None = None,
        duplicate_policy: str | None = None,
        ignore_max_time_diff: int | None = None,
        ignore_max_val_diff: float | None = None,
    ) -> Awaitable[int]:
        """Add a sample that is ``value`` above the newest; the series is created where it does not exist.

        Redis command: TS.INCRBY

        Args:
            key: The key.
            value: How much to add.
            timestamp: The sample's time; by default the server's. It must not be before the newest's.
            retention_msecs: As in :meth:`create`.
            uncompressed: As in :meth:`create`.
            labels: As in :meth:`create`.
            chunk_size: As in :meth:`create`.
            duplicate_policy: As in :meth:`create`.
            ignore_max_time_diff: As in :meth:`create`.
            ignore_max_val_diff: As in :meth:`create`.

        Returns:
            The sample's time.

        Raises:
            DataError: ``value`` is NaN, or options make no sense.
        """
        words: list[Encodable] = _series_options(
            _INCRBY,
            retention_msecs,
            uncompressed,
            labels,
            chunk_size,
            duplicate_policy,
            ignore_max_time_diff,
            ignore_max_val_diff,
        )
        return self._count(_INCRBY, key, value, timestamp, words)

    def decrby(
        self,
        key: Key,
        value: float,
        timestamp: Timestamp | None = None,
        retention_msecs: int | None = None,
        uncompressed: bool | None = False,
        labels: Mapping[str, str] | None = None,
        chunk_size: int | None = None,
        duplicate_policy: str | None = None,
        ignore_max_time_diff: int | None = None,
        ignore_max_val_diff: float | None = None,
    ) -> Awaitable[int]:
        """Add a sample that is ``value`` below the newest; otherwise as :meth:`incrby`.

        Redis command: TS.DECRBY
        """
        words: list[Encodable] = _series_options(
            _DECRBY,
            retention_msecs,
            uncompressed,
            labels,
            chunk_size,
            duplicate_policy,
            ignore_max_time_diff,
            ignore_max_val_diff,
        )
        return self._count(_DECRBY, key, value, timestamp, words)

    def delete(self, key: Key, from_time: Timestamp, to_time: Timestamp) -> Awaitable[int]:
        """Delete samples from one time to another, both included; return how many.

        Redis command: TS.DEL
        """
        return self._execute(_DEL, ("TS.DEL", key, from_time, to_time))

    # -- reading one series ------------------------------------------------------------------------------------------

    def get(self, key: Key, latest: bool | None = False) -> Awaitable[tuple[int, float] | None]:
        """Return the newest sample, None where there is none.

        Redis command: TS.GET

        Args:
            key: The key.
            latest: Of a series of aggregates, also the one whose span is not over.
        """
        return self._execute(_GET, ("TS.GET", key, *flag_words(latest=bool(latest))), results.newest)

    def range(
        self,
        key: Key,
        from_time: Timestamp,
        to_time: Timestamp,
        count: int | None = None,
        aggregation_type: Aggregation | None = None,
        bucket_size_msec: int | None = 0,
        filter_by_ts: Sequence[int] | None = None,
        filter_by_min_value: float | None = None,
        filter_by_max_value: float | None = None,
        align: Timestamp | None = None,
        latest: bool | None = False,
        bucket_timestamp: str | None = None,
        empty: bool | None = False,
    ) -> Awaitable[list[tuple[Any, ...]]]:
        """Return samples from one time to another, both included, the oldest first.

        Redis command: TS.RANGE

        Args:
            key: The key.
            from_time: The first time; ``"-"`` for that of the oldest sample.
            to_time: The last time; ``"+"`` for that of the newest sample.
            count: How many at most.
            aggregation_type: Return what this function makes of each span; of several functions, each one's result.
            bucket_size_msec: The span's length.
            filter_by_ts: Only samples at these times.
            filter_by_min_value: Only those not below this value, which needs
            filter_by_max_value: … and not above this one.
            align: Where a span begins: a time, or ``"-"`` or ``"+"`` for the first or last one asked for.
            latest: Of a series of aggregates, also the one whose span is not over.
            bucket_timestamp: The time given for a span: ``"-"`` its begin, ``"+"`` its end, ``"~"`` its middle.
            empty: Also for spans without samples.

        Returns:
            Tuples of time and value; with several functions, of time and values.

        Raises:
            DataError: Options make no sense.
        """
        words: list[Encodable] = _range_options(
            _RANGE,
            count=count,
            aggregation=_joined(aggregation_type),
            bucket_size_msec=bucket_size_msec,
            filter_by_ts=filter_by_ts,
            filter_by_min_value=filter_by_min_value,
            filter_by_max_value=filter_by_max_value,
            align=align,
            latest=latest,
            bucket_timestamp=bucket_timestamp,
            empty=empty,
        )
        return self._execute(_RANGE, ("TS.RANGE", key, from_time, to_time, *words), results.samples)

    def revrange(
        self,
        key: Key,
        from_time: Timestamp,
        to_time: Timestamp,
        count: int | None = None,
        aggregation_type: Aggregation | None = None,
        bucket_size_msec: int | None = 0,
        filter_by_ts: Sequence[int] | None = None,
        filter_by_min_value: float | None = None,
        filter_by_max_value: float | None = None,
        align: Timestamp | None = None,
        latest: bool | None = False,
        bucket_timestamp: str | None = None,
        empty: bool | None = False,
    ) -> Awaitable[list[tuple[Any, ...]]]:
        """As :meth:`range`, the newest sample first.

        Redis command: TS.REVRANGE
        """
        words: list[Encodable] = _range_options(
            _REVRANGE,
            count=count,
            aggregation=_joined(aggregation_type),
            bucket_size_msec=bucket_size_msec,
            filter_by_ts=filter_by_ts,
            filter_by_min_value=filter_by_min_value,
            filter_by_max_value=filter_by_max_value,
            align=align,
            latest=latest,
            bucket_timestamp=bucket_timestamp,
            empty=empty,
        )
        return self._execute(_REVRANGE, ("TS.REVRANGE", key, from_time, to_time, *words), results.samples)

    def read(
        self,
        key: Key,
        timestamp: Timestamp,
        block_milliseconds: int | None = None,
        block_min_count: int | None = None,
        max_count: int | None = None,
    ) -> Awaitable[list[list[Any]]]:
        """Return samples newer than ``timestamp``, waiting for them if need be.

        Redis command: TS.READ (Redis 8.8)

        Args:
            key: The key.
            timestamp: A time.
            block_milliseconds: How long to wait at most, 0 for ever.
            block_min_count: How many samples to wait for; one by default.
            max_count: How many to return at most.

        Returns:
            Lists of time and value.

        Raises:
            DataError: A number is negative, or ``block_min_count`` is given without ``block_milliseconds``.
        """
        words: list[Encodable] = ["TS.READ", key, timestamp]
        if block_milliseconds is not None:
            words += ("BLOCK", not_negative("TS.READ", "block_milliseconds", block_milliseconds))
            words.append(1 if block_min_count is None else not_negative("TS.READ", "block_min_count", block_min_count))
        elif block_min_count is not None:
            raise bad_argument("TS.READ", "block_min_count needs block_milliseconds")
        if max_count is not None:
            words += ("MAX_COUNT", not_negative("TS.READ", "max_count", max_count))
        return self._execute(_READ, tuple(words), results.sample_lists)

    # -- reading several series --------------------------------------------------------------------------------------

    def mget(
        self,
        filters: Sequence[str],
        with_labels: bool | None = False,
        select_labels: Sequence[str] | None = None,
        latest: bool | None = False,
    ) -> Awaitable[list[dict[str, list[Any]]]]:
        """Return the newest sample of every series that filters choose.

        Redis command: TS.MGET

        Args:
            filters: Filters such as ``"sensor=2"``; all of them must hold.
            with_labels: Return each series' labels.
            select_labels: Return these labels.
            latest: Of series of aggregates, also the one whose span is not over.

        Returns:
            For each series, in the order of their keys, a dict from its key to its labels, time and value.

        Raises:
            DataError: There is no filter, or options contradict each other.
        """
        words: list[Encodable] = ["TS.MGET", *flag_words(latest=bool(latest))]
        words += _label_options(_MGET, with_labels, select_labels)
        words += ("FILTER", *non_empty("TS.MGET", "filters", filters))
        return self._execute(_MGET, tuple(words), results.newest_by_key)

    def mrange(
        self,
        from_time: Timestamp,
        to_time: Timestamp,
        filters: Sequence[str],
        count: int | None = None,
        aggregation_type: Aggregation | None = None,
        bucket_size_msec: int | None = 0,
        with_labels: bool | None = False,
        filter_by_ts: Sequence[int] | None = None,
        filter_by_min_value: float | None = None,
        filter_by_max_value: float | None = None,
        groupby: str | None = None,
        reduce: str | None = None,
        select_labels: Sequence[str] | None = None,
        align: Timestamp | None = None,
        latest: bool | None = False,
        bucket_timestamp: str | None = None,
        empty: bool | None = False,
        exclude_empty: bool | None = False,
    ) -> Awaitable[list[dict[str, list[Any]]]]:
        """Return samples, the oldest first, of every series that filters choose.

        Redis command: TS.MRANGE

        Args:
            from_time: As in :meth:`range`.
            to_time: As in :meth:`range`.
            filters: Filters such as ``"sensor=2"``; all of them must hold.
            count: As in :meth:`range`, for each series.
            aggregation_type: As in :meth:`range`.
            bucket_size_msec: As in :meth:`range`.
            with_labels: Return each series' labels.
            filter_by_ts: As in :meth:`range`.
            filter_by_min_value: As in :meth:`range`.
            filter_by_max_value: As in :meth:`range`.
            groupby: Make one series of all that have the same value of this label, which needs
            reduce: … a function that makes one sample of those at the same time.
            select_labels: Return these labels.
            align: As in :meth:`range`.
            latest: As in :meth:`range`.
            bucket_timestamp: As in :meth:`range`.
            empty: As in :meth:`range`.
            exclude_empty: Leave out series without samples (Redis 8.8).

        Returns:
            For each series, in the order of their keys, a dict from its key to its labels and samples.

        Raises:
            DataError: There is no filter, or options make no sense.
        """
        return self._range_of_many(
            _MRANGE, from_time, to_time, filters, groupby, reduce, with_labels, select_labels, exclude_empty,
            count=count, aggregation=_joined(aggregation_type), bucket_size_msec=bucket_size_msec,
            filter_by_ts=filter_by_ts, filter_by_min_value=filter_by_min_value,
            filter_by_max_value=filter_by_max_value, align=align, latest=latest,
            bucket_timestamp=bucket_timestamp, empty=empty,
        )  # fmt: skip

    def mrevrange(
        self,
        from_time: Timestamp,
        to_time: Timestamp,
        filters: Sequence[str],
        count: int | None = None,
        aggregation_type: Aggregation | None = None,
        bucket_size_msec: int | None = 0,
        with_labels: bool | None = False,
        filter_by_ts: Sequence[int] | None = None,
        filter_by_min_value: float | None = None,
        filter_by_max_value: float | None = None,
        groupby: str | None = None,
        reduce: str | None = None,
        select_labels: Sequence[str] | None = None,
        align: Timestamp | None = None,
        latest: bool | None = False,
        bucket_timestamp: str | None = None,
        empty: bool | None = False,
        exclude_empty: bool | None = False,
    ) -> Awaitable[list[dict[str, list[Any]]]]:
        """As :meth:`mrange`, the newest sample first.

        Redis command: TS.MREVRANGE
        """
        return self._range_of_many(
            _MREVRANGE, from_time, to_time, filters, groupby, reduce, with_labels, select_labels, exclude_empty,
            count=count, aggregation=_joined(aggregation_type), bucket_size_msec=bucket_size_msec,
            filter_by_ts=filter_by_ts, filter_by_min_value=filter_by_min_value,
            filter_by_max_value=filter_by_max_value, align=align, latest=latest,
            bucket_timestamp=bucket_timestamp, empty=empty,
        )  # fmt: skip

    def nrange(
        self,
        keys: Sequence[Key],
        from_time: Timestamp,
        to_time: Timestamp,
        count: int | None = None,
        aggregators: Aggregation | None = None,
        bucket_size_msec: int | None = 0,
        filter_by_ts: Sequence[int] | None = None,
        filter_by_min_value: float | None = None,
        filter_by_max_value: float | None = None,
        align: Timestamp | None = None,
        latest: bool | None = False,
        bucket_timestamp: str | None = None,
        empty: bool | None = False,
    ) -> Awaitable[list[list[Any]]]:
        """Return the samples of several series side by side, the oldest first.

        Redis command: TS.NRANGE (Redis 8.8)

        Args:
            keys: The keys.
            from_time: As in :meth:`range`.
            to_time: As in :meth:`range`.
            count: As in :meth:`range`.
            aggregators: One function for each key, or several with commas between them.
            bucket_size_msec: As in :meth:`range`.
            filter_by_ts: As in :meth:`range`.
            filter_by_min_value: As in :meth:`range`.
            filter_by_max_value: As in :meth:`range`.
            align: As in :meth:`range`.
            latest: As in :meth:`range`.
            bucket_timestamp: As in :meth:`range`.
            empty: As in :meth:`range`.

        Returns:
            Lists of a time and the list of each series' value at that time, NaN where it has none.

        Raises:
            DataError: There is no key, not one function for each, or options make no sense.
        """
        return self._range_side_by_side(
            _NRANGE, keys, from_time, to_time, aggregators,
            count=count, bucket_size_msec=bucket_size_msec, filter_by_ts=filter_by_ts,
            filter_by_min_value=filter_by_min_value, filter_by_max_value=filter_by_max_value,
            align=align, latest=latest, bucket_timestamp=bucket_timestamp, empty=empty,
        )  # fmt: skip

    def nrevrange(
        self,
        keys: Sequence[Key],
        from_time: Timestamp,
        to_time: Timestamp,
        count: int | None = None,
        aggregators: Aggregation | None = None,
        bucket_size_msec: int | None = 0,
        filter_by_ts: Sequence[int] | None = None,
        filter_by_min_value: float | None = None,
        filter_by_max_value: float | None = None,
        align: Timestamp | None = None,
        latest: bool | None = False,
        bucket_timestamp: str | None = None,
        empty: bool | None = False,
    ) -> Awaitable[list[list[Any]]]:
        """As :meth:`nrange`, the newest sample first.

        Redis command: TS.NREVRANGE (Redis 8.8)
        """
        return self._range_side_by_side(
            _NREVRANGE, keys, from_time, to_time, aggregators,
            count=count, bucket_size_msec=bucket_size_msec, filter_by_ts=filter_by_ts,
            filter_by_min_value=filter_by_min_value, filter_by_max_value=filter_by_max_value,
            align=align, latest=latest, bucket_timestamp=bucket_timestamp, empty=empty,
        )  # fmt: skip

    def queryindex(self, filters: Sequence[str]) -> Awaitable[list[str]]:
        """Return the keys of all series that filters choose.

        Redis command: TS.QUERYINDEX

        Raises:
            DataError: There is no filter.
        """
        words: tuple[Encodable, ...] = ("TS.QUERYINDEX", *non_empty("TS.QUERYINDEX", "filters", filters))
        return self._execute(_QUERYINDEX, words, results.keys)

    def querylabels(self, label: str | None = None, filters: Iterable[str] | None = None) -> Awaitable[set[AnyStr]]:
        """Return the names of all labels, or all values of one.

        Redis command: TS.QUERYLABELS (Redis 8.8)

        Args:
            label: The label whose values are wanted.
            filters: Only of the series that these choose.
        """
        words: list[Encodable] = ["TS.QUERYLABELS", *(("LABELS",) if label is None else ("VALUES", label))]
        if filters is not None:
            chosen: list[str] = list(filters)
            words += ("FILTER", *non_empty("TS.QUERYLABELS", "filters", chosen))
        return self._execute(_QUERYLABELS, tuple(words), to_set)

    # -- helpers -----------------------------------------------------------------------------------------------------

    def _count(
        self, command: Command, key: Key, value: float, timestamp: Timestamp | None, options: list[Encodable]
    ) -> Awaitable[int]:
        words: list[Encodable] = [command.name, key, number(command.name, "value", value)]
        if timestamp is not None:
            words += ("TIMESTAMP", timestamp)
        return self._execute(command, (*words, *options))

    def _range_of_many(
        self,
        command: Command,
        from_time: Timestamp,
        to_time: Timestamp,
        filters: Sequence[str],
        groupby: str | None,
        reduce: str | None,
        with_labels: bool | None,
        select_labels: Sequence[str] | None,
        exclude_empty: bool | None,
        **options: Any,
    ) -> Awaitable[list[dict[str, list[Any]]]]:
        if (groupby is None) is not (reduce is None):
            raise bad_argument(command.name, "groupby and reduce need each other")
        words: list[Encodable] = [command.name, from_time, to_time]
        words += _range_options(command, labels=_label_options(command, with_labels, select_labels), **options)
        words += flag_words(excludeempty=bool(exclude_empty))
        words += ("FILTER", *non_empty(command.name, "filters", filters))
        if groupby is not None and reduce is not None:
            words += ("GROUPBY", groupby, "REDUCE", reduce.upper())
        return self._execute(command, tuple(words), results.samples_by_key)

    def _range_side_by_side(
        self,
        command: Command,
        keys: Sequence[Key],
        from_time: Timestamp,
        to_time: Timestamp,
        aggregators: Aggregation | None,
        **options: Any,
    ) -> Awaitable[list[list[Any]]]:
        functions: tuple[str, ...] = (aggregators,) if isinstance(aggregators, str) else tuple(aggregators or ())
        if len(non_empty(command.name, "keys", keys)) != len(functions) and functions:
            raise bad_argument(command.name, "there must be one of aggregators for each of keys")
        words: list[Encodable] = _range_options(command, aggregation=functions, **options)
        return self._execute(
            command, (command.name, len(keys), *keys, from_time, to_time, *words), results.side_by_side
        )


def _series_options(
    command: Command,
    retention_msecs: int | None,
    uncompressed: bool | None,
    labels: Mapping[str, str] | None,
    chunk_size: int | None,
    duplicate_policy: str | None,
    ignore_max_time_diff: int | None,
    ignore_max_val_diff: float | None,
) -> list[Encodable]:
    """The words of the options that all commands have that may create a series."""
    words: list[Encodable] = []
    if retention_msecs is not None:
        words += ("RETENTION", not_negative(command.name, "retention_msecs", retention_msecs))
    if uncompressed:
        words += ("ENCODING", "UNCOMPRESSED")
    if chunk_size is not None:
        words += ("CHUNK_SIZE", not_negative(command.name, "chunk_size", chunk_size))
    if duplicate_policy is not None:
        words += ("DUPLICATE_POLICY", duplicate_policy)
    if labels:
        words.append("LABELS")
        for name, value in labels.items():
            words += (name, value)
    if (ignore_max_time_diff is None) is not (ignore_max_val_diff is None):
        raise bad_argument(command.name, "ignore_max_time_diff and ignore_max_val_diff need each other")
    if ignore_max_time_diff is not None and ignore_max_val_diff is not None:
        words += ("IGNORE", not_negative(command.name, "ignore_max_time_diff", ignore_max_time_diff))
        words.append(number(command.name, "ignore_max_val_diff", ignore_max_val_diff))
    return words


def _range_options(
    command: Command,
    *,
    count: int | None,
    aggregation: Sequence[str],
    bucket_size_msec: int | None,
    filter_by_ts: Sequence[int] | None,
    filter_by_min_value: float | None,
    filter_by_max_value: float | None,
    align: Timestamp | None,
    latest: bool | None,
    bucket_timestamp: str | None,
    empty: bool | None,
    labels: Sequence[Encodable] = (),
) -> list[Encodable]:
    """The words of the options that all commands have that return samples of a span of time."""
    name = command.name
    words: list[Encodable] = [*flag_words(latest=bool(latest))]
    if filter_by_ts:
        words += ("FILTER_BY_TS", *filter_by_ts)
    if (filter_by_min_value is None) is not (filter_by_max_value is None):
        raise bad_argument(name, "filter_by_min_value and filter_by_max_value need each other")
    if filter_by_min_value is not None and filter_by_max_value is not None:
        words += ("FILTER_BY_VALUE", number(name, "filter_by_min_value", filter_by_min_value))
        words.append(number(name, "filter_by_max_value", filter_by_max_value))
    words += labels
    if count is not None:
        words += ("COUNT", not_negative(name, "count", count))
    if align is not None:
        words += ("ALIGN", align)
    if aggregation:
        words += ("AGGREGATION", *aggregation, not_negative(name, "bucket_size_msec", bucket_size_msec or 0))
    if bucket_timestamp is not None:
        words += ("BUCKETTIMESTAMP", bucket_timestamp)
    words += flag_words(empty=bool(empty))
    return words


def _joined(aggregation: Aggregation | None) -> tuple[str, ...]:
    """One word for one function or several."""
    if not aggregation:
        return ()
    return (aggregation,) if isinstance(aggregation, str) else (",".join(aggregation),)


def _label_options(
    command: Command, with_labels: bool | None, select_labels: Sequence[str] | None
) -> tuple[Encodable, ...]:
    at_most_one(command.name, with_labels=with_labels, select_labels=select_labels or None)
    if with_labels:
        return ("WITHLABELS",)
    return ("SELECTED_LABELS", *select_labels) if select_labels else ()
