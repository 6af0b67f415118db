"""Goes through all keys of a cluster slot by slot, whoever serves a slot by then."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from ..configuration import ReadFrom
from ..core.commands.hash_slots import SLOT_COUNT, key_bytes, slot_of
from ..core.types import AnyStr, Pattern
from .batch import Batch

if TYPE_CHECKING:
    from .handle import Handle

#: What a server must have for it.
CLUSTERSCAN = "CLUSTERSCAN"
_BEGIN = _END = "0"


class _Lane:
    """A stretch of slots that is gone through beside others.

    Attributes:
        end: The first slot behind it.
        cursor: With which to go on.
    """

    __slots__ = ("cursor", "end")

    def __init__(self, end: int) -> None:
        self.end = end
        self.cursor = _BEGIN

    @property
    def is_over(self) -> bool:
        """Whether there is nothing left of it: a cursor's hash tag lies in the slot it goes on with."""
        return self.cursor == _END or slot_of(self.cursor.encode()) >= self.end


async def scan_cluster(
    handle: Handle[AnyStr], match: Pattern | None, count: int | None, _type: str | None
) -> AsyncIterator[list[AnyStr]]:
    """Go through the keys of all slots, several stretches of slots side by side; yield them in lists.

    A server goes on where a cursor says, from slot to slot, and refers to the next server where it has no more. A slot
    that moves takes its cursors along: MOVED is followed with the same one, and where it does not fit the new server's
    table, that one begins the slot anew. So keys may come up twice, and none that stays is missed.

    Redis command: CLUSTERSCAN

    Args:
        handle: Whose keys.
        match: Only keys that match this pattern.
        count: About how much work a server does in one call.
        _type: Only keys that hold this kind of value.

    Raises:
        RedisError: A server could not be asked, or refused.
    """
    # A replica's table is another one, which no cursor of the primary's fits.
    handle = handle._view(handle._options.replace(read_from=ReadFrom.PRIMARY))
    prefix = handle.key_prefix
    number = len(handle._strategy.covering())
    bounds = [SLOT_COUNT * index // number for index in range(number + 1)]
    lanes = [_Lane(end) for end in bounds[1:]]
    batch: Batch[Any] = Batch(handle)
    for first in bounds[:-1]:
        batch.clusterscan(_BEGIN, match, count, _type, first)  # which tells the cursor that this slot begins with
    pages = await batch.execute()
    while True:
        for lane, (cursor, keys) in zip(lanes, pages, strict=True):
            lane.cursor = cursor
            found = [
                key for key in keys if slot_of(prefix + key_bytes(key)) < lane.end
            ]  # the others are the next one's
            if found:
                yield found
        lanes = [lane for lane in lanes if not lane.is_over]
        if not lanes:
            return
        batch = Batch(handle)
        for lane in lanes:
            batch.clusterscan(lane.cursor, match, count, _type)
        pages = await batch.execute()


def can_scan(handle: Handle[Any]) -> bool:
    """Whether all primaries of a cluster are known to have what it takes."""
    strategy = handle._strategy
    return strategy.splits and all(bridge.server.features.supports(CLUSTERSCAN) for bridge in strategy.covering())
