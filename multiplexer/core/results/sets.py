"""Results of the commands on sets."""

from __future__ import annotations

from collections.abc import Callable

#: ``SISMEMBER``: the integers 0 and 1 as a bool; -1, which says that there is no set, as None.
membership: Callable[[int], bool | None] = {0: False, 1: True, -1: None}.get


def memberships(reply: list[int]) -> list[bool | None]:
    """``SMISMEMBER``: each as :func:`membership`."""
    return list(map(membership, reply))
