"""What has changed within the last minute, of states that are taken one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from .common import Status, bridges, count, milliseconds, size
from .tables import Column, FittedTable, Shape, number

#: Seconds that are looked back.
_SECONDS = 60.0
#: Columns of a curve at most.
_WIDTH = 30
_BARS = "▁▂▃▄▅▆▇█"


class Figures(NamedTuple):
    """Sums over all connections, at one moment.

    Attributes:
        at: Seconds since the epoch.
        operations, failed, retried, sockets, sent, received: Counted since the start.
        pending: Commands without an answer.
        slowest: The longest of the connections' 99th percentiles, in seconds.
    """

    at: float
    operations: int
    failed: int
    retried: int
    sockets: int
    sent: int
    received: int
    pending: int
    slowest: float


def connections(status: Status) -> Iterator[Status]:
    """Yield every connection of a multiplexer's state, or of a group's."""
    for member in status.get("members", ()):
        yield from connections(member)
    if "servers" in status:
        yield from (bridge for _, bridge in bridges(status))


def figures(at: float, status: Status) -> Figures:
    """Return the sums of a state that was taken at a time."""
    found = list(connections(status))

    def total(*names: str) -> int:
        return sum(each[name] for each in found for name in names)

    return Figures(
        at,
        total("operation_count"),
        total("failed"),
        total("retried"),
        total("socket_count"),
        total("bytes_sent"),
        total("bytes_received"),
        total("pending_unsent_items", "sent_items_awaiting_response", "responses_awaiting_async_completion"),
        max((each["latency"]["p99"] for each in found), default=0.0),
    )


def curve(values: list[float]) -> str:
    """Return numbers as a line of bars, the latest last; the tallest stands for the largest."""
    shown, most = values[-_WIDTH:], max(values[-_WIDTH:], default=0.0)
    return "".join(_BARS[0] if not most else _BARS[round(value / most * (len(_BARS) - 1))] for value in shown)


class LastMinute:
    """Remembers figures for a minute, and shows what became of them."""

    def __init__(self) -> None:
        self._kept: deque[Figures] = deque()

    def note(self, now: Figures) -> None:
        """Take the latest figures. Smaller counts mean that the counting has begun anew."""
        if self._kept and (now.operations < self._kept[-1].operations or now.at <= self._kept[-1].at):
            self._kept.clear()
        self._kept.append(now)
        while now.at - self._kept[0].at > _SECONDS:
            self._kept.popleft()

    def _rates(self, name: str) -> list[float]:
        return [
            (getattr(after, name) - getattr(before, name)) / (after.at - before.at)
            for before, after in pairwise(self._kept)
        ]

    def table(self) -> FittedTable:
        """Return the figures of now, and how they came there."""
        curves = Column("curve", shape=Shape.END)
        table = FittedTable("Last minute", Column("what"), number("now", 0, 8), number("most", 1, 8), curves)
        rows: list[tuple[str, list[float], Callable[[float], str]]] = [
            *((f"{label}/s", self._rates(name), _rate) for label, name in _COUNTED),
            ("out/s", self._rates("sent"), size),
            ("in/s", self._rates("received"), size),
            ("pending", [float(each.pending) for each in self._kept], lambda value: count(int(value))),
            ("p99", [each.slowest for each in self._kept], milliseconds),
        ]
        for label, values, shown in rows:
            if values:
                table.add_row(label, shown(values[-1]), shown(max(values)), curve(values))
        return table


_COUNTED = (("operations", "operations"), ("failed", "failed"), ("retried", "retried"), ("sockets opened", "sockets"))


def _rate(value: float) -> str:
    return count(round(value)) if value >= 10 or value == round(value) else f"{value:.1f}"
