"""Where a pool keeps idle connections unless told otherwise."""

from __future__ import annotations

from typing import Any


class LifoQueue:
    """A queue of :mod:`queue`'s form that hands out what came last; its owner's lock guards it.

    Args:
        maxsize: Most items it holds; 0 for any number.

    Attributes:
        queue: The items, the one that came last at the end.
    """

    def __init__(self, maxsize: int = 0) -> None:
        self.maxsize = maxsize
        self.queue: list[Any] = []

    def put_nowait(self, item: Any) -> None:
        """Add an item."""
        self.queue.append(item)

    def get_nowait(self) -> Any:
        """Remove and return the item that came last.

        Raises:
            IndexError: There is none.
        """
        return self.queue.pop()

    def qsize(self) -> int:
        """Return how many items there are."""
        return len(self.queue)

    def empty(self) -> bool:
        """Whether there are none."""
        return not self.queue

    def full(self) -> bool:
        """Whether there are as many as there may be."""
        return 0 < self.maxsize <= len(self.queue)
