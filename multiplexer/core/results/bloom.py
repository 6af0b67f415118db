"""Results of the commands on Bloom and Cuckoo filters, sketches, lists of the most frequent, and t-digests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from ..types import Reply
from .common import text, text_keyed


def to_int(reply: int) -> int:
    """RESP2's integer or RESP3's boolean as 0 or 1."""
    return int(reply)


def to_ints(reply: list[Reply]) -> list[Any]:
    """An array of RESP2's integers or RESP3's booleans as ints; what is neither, such as an error, as it is."""
    return [int(item) if isinstance(item, bool) else item for item in reply]


def inserted(reply: list[Reply]) -> list[Any]:
    """What became of items added in any case: 1, or -1 where there was no room, for which RESP3 has false."""
    return [(1 if item else -1) if isinstance(item, bool) else item for item in reply]


def dump_chunk(reply: list[Any]) -> tuple[int, bytes | None]:
    """One piece of a dump: the number to go on with, and the data."""
    cursor, data = reply
    return int(cursor), data


@dataclass(frozen=True, slots=True)
class _Info:
    """What a server tells about a key of a module, with the names redis-py gives it, by attribute and by item."""

    _names: ClassVar[dict[str, str]]

    @classmethod
    def from_reply(cls, reply: Reply) -> Self:
        """Make it of a reply in its RESP2 or RESP3 shape; what the server does not tell is None."""
        told = text_keyed(reply)
        return cls(**{name: _number(told.get(label)) for name, label in cls._names.items()})

    def get(self, item: str) -> Any:
        """Return a field by name, None where there is none of that name."""
        return getattr(self, item, None)

    def __getitem__(self, item: str) -> Any:
        if item not in self._names:
            raise KeyError(item)
        return getattr(self, item)


def _number(value: Reply) -> Reply:
    """Text for a number, as RESP2 has for doubles, as the number."""
    value = text(value)
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value


@dataclass(frozen=True, slots=True)
class BloomInfo(_Info):
    """A Bloom filter.

    Attributes:
        capacity: How many items it is made for.
        size: Bytes of memory.
        filterNum: Layers.
        insertedNum: Distinct items added.
        expansionRate: How many times larger each further layer is; None where it does not grow.
    """

    capacity: int
    size: int
    filterNum: int
    insertedNum: int
    expansionRate: int | None

    _names: ClassVar[dict[str, str]] = {
        "capacity": "Capacity",
        "size": "Size",
        "filterNum": "Number of filters",
        "insertedNum": "Number of items inserted",
        "expansionRate": "Expansion rate",
    }


@dataclass(frozen=True, slots=True)
class CuckooInfo(_Info):
    """A Cuckoo filter.

    Attributes:
        size: Bytes of memory.
        bucketNum: Buckets.
        filterNum: Layers.
        insertedNum: Items added.
        deletedNum: Items deleted.
        bucketSize: Items in each bucket.
        expansionRate: How many times larger each further layer is.
        maxIteration: How often items are moved about before a layer counts as full.
    """

    size: int
    bucketNum: int
    filterNum: int
    insertedNum: int
    deletedNum: int
    bucketSize: int
    expansionRate: int
    maxIteration: int

    _names: ClassVar[dict[str, str]] = {
        "size": "Size",
        "bucketNum": "Number of buckets",
        "filterNum": "Number of filters",
        "insertedNum": "Number of items inserted",
        "deletedNum": "Number of items deleted",
        "bucketSize": "Bucket size",
        "expansionRate": "Expansion rate",
        "maxIteration": "Max iterations",
    }


@dataclass(frozen=True, slots=True)
class CountMinSketchInfo(_Info):
    """A Count-Min sketch: counters in each row, rows, and the sum of all that was counted."""

    width: int
    depth: int
    count: int

    _names: ClassVar[dict[str, str]] = {"width": "width", "depth": "depth", "count": "count"}


@dataclass(frozen=True, slots=True)
class TopKInfo(_Info):
    """A list of the most frequent items: how many it keeps, and what it was created with."""

    k: int
    width: int
    depth: int
    decay: float

    _names: ClassVar[dict[str, str]] = {"k": "k", "width": "width", "depth": "depth", "decay": "decay"}


@dataclass(frozen=True, slots=True)
class TDigestInfo(_Info):
    """A t-digest.

    Attributes:
        compression: What it was created with.
        capacity: Nodes there is room for.
        merged_nodes: Nodes that hold numbers already merged.
        unmerged_nodes: Nodes that are still to be merged.
        merged_weight: Numbers in merged nodes.
        unmerged_weight: Numbers in the others.
        total_compressions: How often nodes were merged.
        memory_usage: Bytes of memory.
    """

    compression: int
    capacity: int
    merged_nodes: int
    unmerged_nodes: int
    merged_weight: float
    unmerged_weight: float
    total_compressions: int
    memory_usage: int

    _names: ClassVar[dict[str, str]] = {
        "compression": "Compression",
        "capacity": "Capacity",
        "merged_nodes": "Merged nodes",
        "unmerged_nodes": "Unmerged nodes",
        "merged_weight": "Merged weight",
        "unmerged_weight": "Unmerged weight",
        "total_compressions": "Total compressions",
        "memory_usage": "Memory usage",
    }
