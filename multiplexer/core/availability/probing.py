"""A probe of several connections at once."""

from __future__ import annotations

from collections.abc import Callable

from ...errors import RedisError


def once_answered(count: int, then: Callable[[bool], None]) -> Callable[[object], None]:
    """Return what takes the reply of each of so many connections, and then says whether all were good."""
    left = count
    good = True

    def answered(reply: object) -> None:
        nonlocal left, good
        left -= 1
        good = good and not isinstance(reply, RedisError)
        if not left:
            then(good)

    return answered
