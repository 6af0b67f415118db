# Generated from multiplexer/asyncio/commands/modules/time_series_samples.py by scripts/generate_blocking.py; change that file instead.
"""Commands that return samples of time series, or find series."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from ....core.commands.arguments import at_most_one, bad_argument, flag_words, non_empty, not_negative, number
from ....core.commands.command import Command
from ....core.commands.command_table import COMMANDS
from ....core.results import time_series as results
from ....core.results.common import to_set
from ....core.types import AnyStr, Encodable, Key
from .group import ModuleGroup

_GET = COMMANDS["TS.GET"]
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


class TimeSeriesSampleCommands(ModuleGroup[AnyStr]):
    """Typed methods for the samples of one series or several. Times and spans are in milliseconds."""

    __slots__ = ()

    # -- reading one series ------------------------------------------------------------------------------------------

    def get(self, key: Key, latest: bool | None = False) -> tuple[int, float] | None:
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
    ) -> list[tuple[Any, ...]]:
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
            align: Where a span begins: a time, or ``"-"`` for ``from_time`` or ``"+"`` for ``to_time``, then a number.
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
    ) -> list[tuple[Any, ...]]:
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
    ) -> list[list[Any]]:
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
    ) -> list[dict[str, list[Any]]]:
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
    ) -> list[dict[str, list[Any]]]:
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
    ) -> list[dict[str, list[Any]]]:
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
    ) -> list[list[Any]]:
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
    ) -> list[list[Any]]:
        """As :meth:`nrange`, the newest sample first.

        Redis command: TS.NREVRANGE (Redis 8.8)
        """
        return self._range_side_by_side(
            _NREVRANGE, keys, from_time, to_time, aggregators,
            count=count, bucket_size_msec=bucket_size_msec, filter_by_ts=filter_by_ts,
            filter_by_min_value=filter_by_min_value, filter_by_max_value=filter_by_max_value,
            align=align, latest=latest, bucket_timestamp=bucket_timestamp, empty=empty,
        )  # fmt: skip

    def queryindex(self, filters: Sequence[str]) -> list[str]:
        """Return the keys of all series that filters choose.

        Redis command: TS.QUERYINDEX

        Raises:
            DataError: There is no filter.
        """
        words: tuple[Encodable, ...] = ("TS.QUERYINDEX", *non_empty("TS.QUERYINDEX", "filters", filters))
        return self._execute(_QUERYINDEX, words, results.keys)

    def querylabels(self, label: str | None = None, filters: Iterable[str] | None = None) -> set[AnyStr]:
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
    ) -> list[dict[str, list[Any]]]:
        if (groupby is None) is not (reduce is None):
            raise bad_argument(command.name, "groupby and reduce need each other")
        if groupby is not None and exclude_empty:
            raise bad_argument(command.name, "EXCLUDEEMPTY is not allowed with GROUPBY")
        if groupby is not None and any("," in word for word in options["aggregation"]):
            raise bad_argument(command.name, "GROUPBY is not allowed with several aggregations")
        words: list[Encodable] = [command.name, from_time, to_time]
        words += _range_options(command, labels=_label_options(command, with_labels, select_labels), **options)
        words += flag_words(excludeempty=bool(exclude_empty))
        words += ("FILTER", *non_empty(command.name, "filters", filters))
        if groupby is not None and reduce is not None:
            words += ("GROUPBY", groupby, "REDUCE", reduce.upper())
        convert: Callable[[results.Series], list[dict[str, list[Any]]]] = results.samples_by_key
        if not with_labels:
            convert = partial(results.samples_by_key, chosen=frozenset(select_labels or ()))
        return self._execute(command, tuple(words), convert)

    def _range_side_by_side(
        self,
        command: Command,
        keys: Sequence[Key],
        from_time: Timestamp,
        to_time: Timestamp,
        aggregators: Aggregation | None,
        **options: Any,
    ) -> list[list[Any]]:
        functions: tuple[str, ...] = (aggregators,) if isinstance(aggregators, str) else tuple(aggregators or ())
        if len(non_empty(command.name, "keys", keys)) != len(functions) and functions:
            raise bad_argument(command.name, "there must be one of aggregators for each of keys")
        words: list[Encodable] = _range_options(command, aggregation=functions, **options)
        return self._execute(
            command, (command.name, len(keys), *keys, from_time, to_time, *words), results.side_by_side
        )


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
