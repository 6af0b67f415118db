"""Figures of a long run, taken again and again, and whether what should stay the same did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import combinations
from statistics import median

from multiplexer.core.connection_counters import ConnectionCounters, LatencyHistogram

#: What may have grown from the beginning to the end of a run, however long, and is no leak: caches that fill, the C
#: library's ways with memory, connections that wait for the next lease.
TOLERANCES = {"memory": 8 * 2**20, "objects": 5000, "descriptors": 10, "threads": 3}
#: The first part of a run, one in so many, in which what is made on first use is made.
_WARMING_UP = 4
#: Fewest figures that say anything about a slope.
FEWEST = 6
#: Commands of one handshake at most: they are answered, and not counted as operations.
_HANDSHAKE = 16


@dataclass(frozen=True, slots=True)
class Figures:
    """What was so at one time, while nobody was calling.

    Attributes:
        seconds: Since the beginning of the run.
        rate: Calls a second since the figures before.
        unknown: Calls of unknown outcome among them.
        median, worst: Bounds of the 50th and the 99.9th percentile of the time from write to reply, in seconds.
        memory: Bytes this process occupies.
        objects: Objects the garbage collector knows of.
        descriptors: Open files and sockets.
        threads: Threads of the package.
        sockets: Sockets the multiplexer has opened so far.
        clients: Connections the server has of it.
    """

    seconds: float
    rate: float
    unknown: int
    median: float
    worst: float
    memory: int
    objects: int
    descriptors: int
    threads: int
    sockets: int
    clients: int

    def row(self) -> str:
        """Return it as a row of a table in Markdown."""
        cells = (
            f"{self.seconds:.0f} s",
            f"{self.rate:.0f}/s",
            f"{self.unknown}",
            f"{self.median * 1000:.1f} ms",
            f"{self.worst * 1000:.0f} ms",
            f"{self.memory / 2**20:.1f} MiB",
            *(f"{getattr(self, name)}" for name in ("objects", "descriptors", "threads", "sockets", "clients")),
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


def growth(taken: Sequence[Figures]) -> list[str]:
    """Say what has grown over a run that should not have.

    Returns:
        A sentence each; none where the run is too short to say.
    """
    steady = taken[len(taken) // _WARMING_UP :]
    if len(steady) < FEWEST:
        return []
    complaints = []
    for name, most in TOLERANCES.items():
        values = [getattr(figures, name) for figures in steady]
        grown = slope(values) * (len(values) - 1)
        if grown > most:
            complaints.append(f"{name} grew by {grown:.0f} from {values[0]}, of which {most} would be no sign")
    return complaints


def unbalanced(counters: ConnectionCounters) -> str | None:
    """Say which commands the counters of a connection at rest have lost or made up, or return None."""
    answered = counters.completed_synchronously + counters.completed_asynchronously
    if counters.total_outstanding:
        return f"{counters.total_outstanding} outstanding, though nobody is calling: {counters}"
    missing = counters.operation_count - answered
    if missing > counters.failed + counters.retried:
        return f"{missing} commands were written and neither answered nor failed: {counters}"
    if -missing > _HANDSHAKE * counters.socket_count:
        return f"{-missing} replies more than commands: {counters}"
    return None


def since(now: LatencyHistogram, before: Sequence[int]) -> LatencyHistogram:
    """Return what was counted since the buckets were as they were before."""
    part = LatencyHistogram()
    part.buckets = [later - earlier for later, earlier in zip(now.buckets, before, strict=True)]
    return part
