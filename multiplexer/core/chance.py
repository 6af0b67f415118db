"""Chance: what keeps many clients from doing the same thing at the same time.

The module it comes from takes long to import, and many programs never need it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..importing import importing

Item = TypeVar("Item")


def fraction(low: float = 0.0, high: float = 1.0) -> float:
    """Return a number from ``low`` to ``high``, each as likely as another."""
    with importing:
        import random

    return random.uniform(low, high)


def one_of(items: Sequence[Item]) -> Item:
    """Return one of some items, each as likely as another."""
    with importing:
        import random

    return random.choice(items)
