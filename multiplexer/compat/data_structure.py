"""A list whose items have weights."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

from ..configuration.hidden import shown

__all__ = ["WeightedList"]

_Item = TypeVar("_Item")


class WeightedList(Generic[_Item]):
    """Items with weights, the heaviest first; of the same weight the oldest first. It can be used by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pairs: list[tuple[_Item, float]] = []

    def add(self, item: _Item, weight: float) -> None:
        """Add an item."""
        with self._lock:
            self._add(item, weight)

    def _add(self, item: _Item, weight: float) -> None:
        at = next((place for place, (_, other) in enumerate(self._pairs) if other < weight), len(self._pairs))
        self._pairs.insert(at, (item, weight))

    def remove(self, item: _Item) -> float:
        """Remove an item and return its weight.

        Raises:
            ValueError: It is not there.
        """
        with self._lock:
            return self._remove(item)

    def _remove(self, item: _Item) -> float:
        for place, (other, weight) in enumerate(self._pairs):
            if other == item:
                del self._pairs[place]
                return weight
        raise ValueError("Item not found")

    def update_weight(self, item: _Item, new_weight: float) -> float:
        """Give an item another weight and return the one it had.

        Raises:
            ValueError: It is not there.
        """
        with self._lock:
            before = self._remove(item)
            self._add(item, new_weight)
            return before

    def get_by_weight_range(self, min_weight: float, max_weight: float) -> list[tuple[_Item, float]]:
        """Return items and weights, of those whose weight is within bounds."""
        return [(item, weight) for item, weight in self if min_weight <= weight <= max_weight]

    def get_top_n(self, n: int) -> list[tuple[_Item, float]]:
        """Return so many of the heaviest items, and their weights."""
        return list(self)[:n]

    def __iter__(self) -> Iterator[tuple[_Item, float]]:
        """Go through items and weights as they were when it began."""
        with self._lock:
            pairs = self._pairs.copy()
        return iter(pairs)

    def __len__(self) -> int:
        return len(self._pairs)

    def __getitem__(self, index: int) -> tuple[_Item, float]:
        return self._pairs[index]

    @shown
    def __repr__(self) -> str:
        return f"<WeightedList {list(self)!r}>"
