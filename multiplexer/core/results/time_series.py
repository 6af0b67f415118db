"""Results of the commands on time series."""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from ..shapes import as_list
from ..types import Elements, Number, Reply
from .common import text, text_dict, text_keyed, texts

#: What is said of several series: RESP3's mapping from their keys, or RESP2's array whose elements begin with them.
Series = dict[Any, Any] | list[Any] | None


def newest(reply: list[Number] | None) -> tuple[int, float] | None:
    """A sample as a tuple of time and value, None for an empty array or nil."""
    return _sample(reply) if reply else None


def samples(reply: list[list[Number]] | None) -> list[tuple[Any, ...]]:
    """Samples as tuples of time and value, or of time and several values."""
    return [_sample(item) for item in reply or ()]


def sample_lists(reply: list[list[Number]] | None) -> list[list[Any]]:
    """Samples as lists of time and value."""
    return [[item[0], *map(float, item[1:])] for item in reply or ()]


def side_by_side(reply: list[list[Any]] | None) -> list[list[Any]]:
    """Samples as lists of a time and the list of each series' value, or of several, at that time."""
    return [[time, [_floats(value) for value in values]] for time, values in reply or ()]


def newest_by_key(reply: Series) -> list[dict[str, list[Any]]]:
    """For each series a dict from its key to its labels and its newest sample, in the order of the keys."""
    found: dict[str, list[Any]] = {}
    for key, (labels, sample) in _by_key(reply):
        found[text(key)] = [_labels(labels), *(newest(sample) or (None, None))]
    return [{key: found[key]} for key in sorted(found)]


def samples_by_key(reply: Series, *, chosen: Container[str] | None = None) -> list[dict[str, list[Any]]]:
    """For each series a dict from its key to its labels and samples, in the order of the keys.

    Args:
        reply: The reply.
        chosen: The labels that were asked for, None for all.
    """
    found: dict[str, list[Any]] = {}
    for key, (labels, *origin, values) in _by_key(reply):
        told = {name: word for name, word in _origin(origin).items() if chosen is None or name in chosen}
        found[text(key)] = [{**_labels(labels), **told}, samples(values)]
    return [{key: found[key]} for key in sorted(found)]


def keys(reply: Elements) -> list[str]:
    """Keys, from an array or a set, as a list of text."""
    return texts(reply)


class TimeSeriesInfo:
    """What a server tells about a series; by attribute, and by item, there by the server's names (``memoryUsage``) too.

    Attributes:
        total_samples: How many samples there are.
        memory_usage: Bytes of memory.
        first_timestamp: Time of the oldest sample.
        last_timestamp: Time of the newest sample.
        retention_msecs: How long samples are kept, 0 for ever.
        chunk_count: How many chunks there are.
        chunk_size: Bytes of a chunk.
        duplicate_policy: What becomes of a second sample at the same time, None for the server's default.
        labels: Names and values of its labels.
        source_key: The series this one holds aggregates of, or None.
        rules: Series that hold aggregates of this one: lists of key, span, function and alignment.
        chunk_type: ``compressed`` or ``uncompressed``.
        ignore_max_time_diff: Samples that are no further off than this …
        ignore_max_val_diff: … and whose value is no further off than this count as repetitions.
        more: All else the server tells, by its own names.
    """

    __slots__ = (
        "chunk_count",
        "chunk_size",
        "chunk_type",
        "duplicate_policy",
        "first_timestamp",
        "ignore_max_time_diff",
        "ignore_max_val_diff",
        "labels",
        "last_timestamp",
        "memory_usage",
        "more",
        "retention_msecs",
        "rules",
        "source_key",
        "total_samples",
    )

    def __init__(self, reply: Reply) -> None:
        told = text_keyed(reply)
        self.total_samples: int | None = told.pop("totalSamples", None)
        self.memory_usage: int | None = told.pop("memoryUsage", None)
        self.first_timestamp: int | None = told.pop("firstTimestamp", None)
        self.last_timestamp: int | None = told.pop("lastTimestamp", None)
        self.retention_msecs: int | None = told.pop("retentionTime", None)
        self.chunk_count: int | None = told.pop("chunkCount", None)
        self.chunk_size: int | None = told.pop("chunkSize", None)
        self.chunk_type: str | None = text(told.pop("chunkType", None))
        self.duplicate_policy: str | None = text(told.pop("duplicatePolicy", None))
        self.labels: dict[str, str] = _labels(told.pop("labels", None))
        self.source_key: str | None = text(told.pop("sourceKey", None))
        self.rules: list[list[Any]] = _rules(told.pop("rules", None))
        self.ignore_max_time_diff: int | None = told.pop("ignoreMaxTimeDiff", None)
        difference = told.pop("ignoreMaxValDiff", None)
        self.ignore_max_val_diff: float | None = None if difference is None else float(difference)
        self.more: dict[str, Any] = told

    def __repr__(self) -> str:
        return f"<TimeSeriesInfo of {self.total_samples} samples>"

    def get(self, item: str) -> Any:
        """Return a field by name, None where there is none of that name."""
        return getattr(self, _OWN_NAMES.get(item, item), None)

    def __getitem__(self, item: str) -> Any:
        name = _OWN_NAMES.get(item, item)
        if name not in self.__slots__:
            raise KeyError(item)
        return getattr(self, name)


#: The server's names of fields.
_OWN_NAMES = {
    "chunkCount": "chunk_count",
    "chunkSize": "chunk_size",
    "chunkType": "chunk_type",
    "duplicatePolicy": "duplicate_policy",
    "firstTimestamp": "first_timestamp",
    "ignoreMaxTimeDiff": "ignore_max_time_diff",
    "ignoreMaxValDiff": "ignore_max_val_diff",
    "lastTimestamp": "last_timestamp",
    "memoryUsage": "memory_usage",
    "retentionTime": "retention_msecs",
    "sourceKey": "source_key",
    "totalSamples": "total_samples",
}


def _sample(item: list[Number]) -> tuple[Any, ...]:
    return (item[0], *map(float, item[1:]))


def _floats(value: list[Number] | Number) -> list[float] | float:
    return list(map(float, value)) if isinstance(value, list) else float(value)


def _labels(reply: Reply) -> dict[str, Any]:
    return text_dict(reply)


def _origin(parts: list[Reply]) -> dict[str, str]:
    """The labels by which RESP2 says what series a group was made of, from the parts RESP3 always has for it."""
    told = {name: texts(words) for part in parts for name, words in text_keyed(part).items()}
    if not told.get("reducers"):
        return {}
    return {"__reducer__": told["reducers"][0], "__source__": ",".join(told.get("sources", ()))}


def _rules(reply: Reply) -> list[list[Any]]:
    if isinstance(reply, dict):
        return [[text(key), *map(text, as_list(rule))] for key, rule in reply.items()]
    return [] if reply is None else [list(map(text, as_list(rule))) for rule in as_list(reply)]


def _by_key(reply: Series) -> list[tuple[Any, Any]]:
    """Each series' key and the rest of what is said of it."""
    if isinstance(reply, dict):
        return list(reply.items())
    return [(item[0], item[1:]) for item in reply or ()]
