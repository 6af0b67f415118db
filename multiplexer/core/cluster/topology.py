"""Which server serves which hash slots: one immutable snapshot of a cluster, swapped whole.

How a snapshot is made of what a server says is in :mod:`.topology_replies`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Mapping
from typing import Any, NamedTuple, TypeVar

from ...configuration import EndPoint
from ...importing import importing
from ..commands.hash_slots import SLOT_COUNT

Range = tuple[int, int]

Result = TypeVar("Result")

#: So many slots are compared before :func:`comparing` pauses.
SLOTS_PER_SLICE = 4096


class Node(NamedTuple):
    """One member of a cluster.

    Attributes:
        endpoint: Where clients reach it.
        id: Its name in the cluster, forty hexadecimal digits.
        role: ``"primary"`` or ``"replica"``.
        is_healthy: False where the cluster holds it for failed, or it is still loading.
        availability_zone: Where it runs, or None where the cluster does not tell.
    """

    endpoint: EndPoint
    id: str
    role: str
    is_healthy: bool = True
    availability_zone: str | None = None


class Shard(NamedTuple):
    """A primary, its replicas, and what they serve.

    Attributes:
        primary: Address of the primary; None where there is none at present.
        replicas: Addresses of the replicas that the cluster holds for healthy.
        ranges: First and last slot of each range.
    """

    primary: EndPoint | None
    replicas: tuple[EndPoint, ...]
    ranges: tuple[Range, ...]


class Topology:
    """A cluster as one of its members saw it at one moment.

    Attributes:
        nodes: Every member clients can reach, by address.
        shards: The shards, in the order of the reply.
        owners: The shard of every slot, or None where nobody serves it.
        epoch: The cluster's configuration epoch: a lower one is older news.
        is_up: Whether the member said that the cluster is up.
        source: Which command the snapshot was made from.
    """

    __slots__ = ("_ranges", "epoch", "is_up", "nodes", "owners", "shards", "source")

    def __init__(
        self,
        nodes: Mapping[EndPoint, Node],
        shards: tuple[Shard, ...],
        owners: list[Shard | None],
        epoch: int = 0,
        is_up: bool = True,
        source: str = "",
    ) -> None:
        self.nodes = nodes
        self.shards = shards
        self.owners = owners
        self.epoch = epoch
        self.is_up = is_up
        self.source = source
        self._ranges: Any = None

    def __repr__(self) -> str:
        return f"<Topology {len(self.shards)} shards, {len(self.nodes)} nodes, {self.covered} slots>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Topology):
            return NotImplemented
        return self.shards == other.shards and self.nodes == other.nodes

    __hash__ = None  # type: ignore[assignment]

    @property
    def ranges(self) -> Any:
        """The ranges in a ``SortedDict``: first slot to ``(last slot, shard)``. Made when first asked for."""
        if self._ranges is None:
            # Only now: it takes long to import, and not everybody has a cluster.
            with importing:
                from sortedcontainers import SortedDict

            self._ranges = SortedDict((first, (last, shard)) for shard in self.shards for first, last in shard.ranges)
        return self._ranges

    def status(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "epoch": self.epoch,
            "is_up": self.is_up,
            "slots_served": self.covered,
            "shards": [
                {
                    "primary": None if shard.primary is None else str(shard.primary),
                    "replicas": [str(replica) for replica in shard.replicas],
                    "slots": [list(each) for each in shard.ranges],
                }
                for shard in self.shards
            ],
            "nodes": {
                str(node.endpoint): {
                    "id": node.id,
                    "role": node.role,
                    "is_healthy": node.is_healthy,
                    "availability_zone": node.availability_zone,
                }
                for node in self.nodes.values()
            },
        }

    @property
    def covered(self) -> int:
        """How many slots are served."""
        return SLOT_COUNT - self.owners.count(None)

    @property
    def primaries(self) -> list[EndPoint]:
        """Address of every primary that serves slots."""
        return [shard.primary for shard in self.shards if shard.primary is not None and shard.ranges]

    def primary_of(self, slot: int) -> EndPoint | None:
        """Return the address of the primary that serves a slot, or None."""
        shard = self.owners[slot]
        return None if shard is None else shard.primary

    def range_at(self, slot: int) -> tuple[int, int, Shard] | None:
        """Return the range that holds a slot, as first slot, last slot and shard; None where nobody serves it."""
        ranges = self.ranges
        index = ranges.bisect_right(slot) - 1
        if index < 0:
            return None
        first, (last, shard) = ranges.peekitem(index)
        return (first, last, shard) if slot <= last else None

    def gaps(self) -> list[Range]:
        """Return the ranges nobody serves."""
        gaps: list[Range] = []
        next_slot = 0
        for first, (last, shard) in self.ranges.items():
            if shard.primary is None:
                continue
            if first > next_slot:
                gaps.append((next_slot, first - 1))
            next_slot = max(next_slot, last + 1)
        if next_slot < SLOT_COUNT:
            gaps.append((next_slot, SLOT_COUNT - 1))
        return gaps


class TopologyChange(NamedTuple):
    """How one snapshot differs from the one before.

    Attributes:
        added: Addresses that are new.
        removed: Addresses that are gone.
        promoted: Replicas that are primaries now.
        demoted: Primaries that are replicas now.
        moved: How many slots have another primary.
    """

    added: tuple[EndPoint, ...]
    removed: tuple[EndPoint, ...]
    promoted: tuple[EndPoint, ...]
    demoted: tuple[EndPoint, ...]
    moved: int

    def __bool__(self) -> bool:
        return any(self)

    def names(self) -> tuple[str, ...]:
        """Return the names of the parts that are not empty."""
        return tuple(name for name, value in zip(self._fields, self, strict=True) if value)


def compare(old: Topology | None, new: Topology) -> TopologyChange:
    """Return how two snapshots differ; without an old one everything is added."""
    return at_once(comparing(old, new))


def comparing(old: Topology | None, new: Topology) -> Generator[None, None, TopologyChange]:
    """Find out how two snapshots differ, in slices; see :func:`compare`."""
    if old is None:
        return TopologyChange(tuple(new.nodes), (), (), (), new.covered)
    promoted: list[EndPoint] = []
    demoted: list[EndPoint] = []
    for endpoint, node in new.nodes.items():
        before = old.nodes.get(endpoint)
        if before is not None and before.role != node.role:
            (promoted if node.role == "primary" else demoted).append(endpoint)
    added = tuple(endpoint for endpoint in new.nodes if endpoint not in old.nodes)
    removed = tuple(endpoint for endpoint in old.nodes if endpoint not in new.nodes)
    yield
    moved = 0
    if old.shards != new.shards:
        # Shards are few and slots many: each pair of shards is compared once a slice.
        shards = {id(shard): shard for shard in (*old.shards, *new.shards, None)}
        for first in range(0, SLOT_COUNT, SLOTS_PER_SLICE):
            yield
            some = slice(first, first + SLOTS_PER_SLICE)
            for (one, other), count in Counter(
                zip(map(id, old.owners[some]), map(id, new.owners[some]), strict=True)
            ).items():
                moved += count * _have_other_primaries(shards[one], shards[other])
    return TopologyChange(added, removed, tuple(promoted), tuple(demoted), moved)


def _have_other_primaries(one: Shard | None, other: Shard | None) -> bool:
    return (one and one.primary) != (other and other.primary)


def at_once(slices: Generator[None, None, Result]) -> Result:
    """Go through all slices of what was made to pause; return what comes of it."""
    while True:
        try:
            next(slices)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]
