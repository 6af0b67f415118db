"""Events of a group, and what their handlers are given."""

from __future__ import annotations

from typing import NamedTuple


class ActiveChanged(NamedTuple):
    """Another member is used from now on.

    Attributes:
        previous: Name of the one that was used until now.
        current: Name of the one that is used from now on.
        reason: Why, in words.
    """

    previous: str
    current: str
    reason: str


class MemberHealthChanged(NamedTuple):
    """A member was given up, or is well again.

    Attributes:
        member: Its name.
        reason: Why it was given up, in words; None where it is well.
    """

    member: str
    reason: str | None
