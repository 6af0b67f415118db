"""What becomes of messages for a subscriber who does not keep up."""

from __future__ import annotations

from collections import deque
from enum import Enum
from typing import TypeVar

_Item = TypeVar("_Item")


class Overflow(Enum):
    """What a full queue does with one more message."""

    DROP_OLDEST = "drop_oldest"
    """It forgets the oldest."""

    DROP_NEWEST = "drop_newest"
    """It does not take the new one."""

    CLOSE = "close"
    """It closes: the subscriber takes what is there and then learns that the subscription has ended."""


def make_room(items: deque[_Item], overflow: Overflow) -> bool:
    """Make room for one more item; return whether it may be added."""
    if overflow is Overflow.DROP_OLDEST:
        try:
            items.popleft()
        except IndexError:  # the subscriber has just taken it
            pass
        return True
    return False
