"""Looking through what other threads change meanwhile."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

__all__ = ["snapshot", "snapshot_items"]

_Item = TypeVar("_Item")
_Key = TypeVar("_Key")


def snapshot(shared: Iterable[_Item]) -> list[_Item]:
    """Return what is in a container, while other threads may change it.

    A list is made before it looks at what is to go into it, and from then on makes no object that the collector counts.
    ``tuple`` and comprehensions do: there the collector may begin, and with it finalizers and callbacks that give other
    threads their turn in the middle.

    Args:
        shared: A deque, dict, set or list, or the keys or values of a dict; for pairs see :func:`snapshot_items`.
    """
    return list(shared)


def snapshot_items(shared: dict[_Key, _Item]) -> list[tuple[_Key, _Item]]:
    """Return the pairs of a dict, while other threads may change it."""
    return list(shared.copy().items())  # of itself the pairs would be made while it is looked through
