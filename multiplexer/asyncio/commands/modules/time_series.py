"""Commands on time series: making and describing them, adding and deleting samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ....core.commands.arguments import bad_argument, non_empty, not_negative, number
from ....core.commands.command import Command
from ....core.commands.command_table import COMMANDS
from ....core.results import time_series as results
from ....core.results.common import ok
from ....core.types import AnyStr, Encodable, Key, Pending
from .time_series_samples import TimeSeriesSampleCommands, Timestamp

if TYPE_CHECKING:
    from ..chained import ChainedTimeSeriesCommands

_ADD = COMMANDS["TS.ADD"]
_ALTER = COMMANDS["TS.ALTER"]
_CREATE = COMMANDS["TS.CREATE"]
_CREATERULE = COMMANDS["TS.CREATERULE"]
_DECRBY = COMMANDS["TS.DECRBY"]
_DEL = COMMANDS["TS.DEL"]
_DELETERULE = COMMANDS["TS.DELETERULE"]
_INCRBY = COMMANDS["TS.INCRBY"]
_INFO = COMMANDS["TS.INFO"]
_MADD = COMMANDS["TS.MADD"]


class TimeSeriesCommands(TimeSeriesSampleCommands[AnyStr]):
    """Typed methods for the TS group. Times and spans are in milliseconds."""

    __slots__ = ()

    if TYPE_CHECKING:

        def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedTimeSeriesCommands[AnyStr]: ...

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
    ) -> Pending[bool]:
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
    ) -> Pending[bool]:
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
    ) -> Pending[bool]:
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

    def deleterule(self, source_key: Key, dest_key: Key) -> Pending[bool]:
        """Undo :meth:`createrule`.

        Redis command: TS.DELETERULE
        """
        return self._execute(_DELETERULE, ("TS.DELETERULE", source_key, dest_key), ok)

    def info(self, key: Key) -> Pending[results.TimeSeriesInfo]:
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
    ) -> Pending[int]:
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
        words: list[Encodable] = [] if on_duplicate is None else ["ON_DUPLICATE", on_duplicate]
        words += _series_options(
            _ADD,
            retention_msecs,
            uncompressed,
            labels,
            chunk_size,
            duplicate_policy,
            ignore_max_time_diff,
            ignore_max_val_diff,
        )
        return self._execute(_ADD, ("TS.ADD", key, timestamp, value, *words))

    def madd(self, ktv_tuples: Iterable[tuple[Key, Timestamp, float | str]]) -> Pending[list[Any]]:
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
    ) -> Pending[int]:
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
    ) -> Pending[int]:
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

    def delete(self, key: Key, from_time: Timestamp, to_time: Timestamp) -> Pending[int]:
        """Delete samples from one time to another, both included; return how many.

        Redis command: TS.DEL
        """
        return self._execute(_DEL, ("TS.DEL", key, from_time, to_time))

    def _count(
        self, command: Command, key: Key, value: float, timestamp: Timestamp | None, options: list[Encodable]
    ) -> Pending[int]:
        words: list[Encodable] = [command.name, key, number(command.name, "value", value)]
        if timestamp is not None:
            words += ("TIMESTAMP", timestamp)
        return self._execute(command, (*words, *options))


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
    if (ignore_max_time_diff is None) is not (ignore_max_val_diff is None):
        raise bad_argument(command.name, "ignore_max_time_diff and ignore_max_val_diff need each other")
    if ignore_max_time_diff is not None and ignore_max_val_diff is not None:
        words += ("IGNORE", not_negative(command.name, "ignore_max_time_diff", ignore_max_time_diff))
        words.append(number(command.name, "ignore_max_val_diff", ignore_max_val_diff))
    if labels:  # last, as the server takes all words that follow for labels
        words += ("LABELS", *(word for label in labels.items() for word in label))
    return words
