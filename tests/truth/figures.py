"""Figures of a long run, taken again and again, and whether what should stay the same did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from statistics import median
from typing import NamedTuple

from multiplexer.core.connection_counters import LatencyHistogram

#: What may have grown from the beginning to the end of a run, however long, and is no leak: caches that fill, the C
#: library's ways with memory, connections that wait for the next lease.
TOLERANCES = {"memory": 8 * 2**20, "objects": 5000, "descriptors": 10, "threads": 3, "tasks": 3, "clients": 3}
#: The first part of a run, one in so many, in which what is made on first use is made.
_WARMING_UP = 4
#: Fewest figures that say anything about a slope.
FEWEST = 6


@dataclass(frozen=True, slots=True)
class Figures:
    """What was so at one time, while nobody was calling.

    Attributes:
        seconds: Since the beginning of the run.
        rate: Calls a second since the figures before.
        unknown: Calls of unknown outcome among them.
        median, tail, worst: Bounds of the 50th, 99th and 99.9th percentile of the time from write to reply, in seconds.
        memory: Bytes this process occupies.
        objects: Objects the garbage collector knows of.
        descriptors: Open files and sockets.
        threads: Threads of the package.
        tasks: Tasks of the event loop, that of the run among them.
        sockets: Sockets the multiplexer has opened so far.
        clients: Connections the server has of it.
    """

    seconds: float
    rate: float
    unknown: int
    median: float
    tail: float
    worst: float
    memory: int
    objects: int
    descriptors: int
    threads: int
    tasks: int
    sockets: int
    clients: int

    def row(self) -> str:
        """Return it as a row of a table in Markdown."""
        counts = ("objects", "descriptors", "threads", "tasks", "sockets", "clients")
        cells = (
            f"{self.seconds:.0f} s",
            f"{self.rate:.0f}/s",
            f"{self.unknown}",
            f"{self.median * 1000:.1f} ms",
            f"{self.tail * 1000:.0f} ms",
            f"{self.worst * 1000:.0f} ms",
            f"{self.memory / 2**20:.1f} MiB",
            *(f"{getattr(self, name)}" for name in counts),
        )
        return f"| {' | '.join(cells)} |"


def header() -> str:
    """Return the head of the table."""
    names = [field.name for field in fields(Figures)]
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def slope(values: Sequence[float]) -> float:
    """Return the median of the slopes between any two values, per place: a few that stand out change nothing."""
    pairs = combinations(enumerate(values), 2)
    return median((later - earlier) / (j - i) for (i, earlier), (j, later) in pairs)


class Trend(NamedTuple):
    """What became of one figure over a run, without its first part.

    Attributes:
        name: Of the figure.
        first, last: What it was.
        grown: By how much it grew, going by its slope.
        most: By how much it may.
    """

    name: str
    first: float
    last: float
    grown: float
    most: float


def trends(taken: Sequence[Figures]) -> list[Trend]:
    """Return what became of each figure that should stay the same; nothing where a run is too short to say."""
    steady = taken[len(taken) // _WARMING_UP :]
    if len(steady) < FEWEST:
        return []
    found = []
    for name, most in TOLERANCES.items():
        values = [getattr(figures, name) for figures in steady]
        found.append(Trend(name, values[0], values[-1], slope(values) * (len(values) - 1), most))
    return found


def growth(taken: Sequence[Figures]) -> list[str]:
    """Say what has grown over a run that should not have.

    Returns:
        A sentence each; none where the run is too short to say.
    """
    return [
        f"{name} grew by {grown:.0f} from {first}, of which {most} would be no sign"
        for name, first, _, grown, most in trends(taken)
        if grown > most
    ]


def since(now: LatencyHistogram, before: Sequence[int]) -> LatencyHistogram:
    """Return what was counted since the buckets were as they were before."""
    part = LatencyHistogram()
    part.buckets = [later - earlier for later, earlier in zip(now.buckets, before, strict=True)]
    return part
