"""What several callers wait for, of whom one sees to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import Protocol

    class Waiting(Protocol):
        """Somebody who has joined."""

        def give(self, value: Any) -> None:
            """Wake them."""


class Joinable:
    """Knows who waits for it."""

    __slots__ = ("_waiting",)

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []

    def join(self, waiting: Waiting) -> None:
        """Have somebody woken at its end; under a lock that is held wherever it is decided that it has come."""
        self._waiting.append(waiting)

    @property
    def joined(self) -> int:
        """How many have joined."""
        return len(self._waiting)

    def wake(self) -> None:
        """Wake those who have joined: it has ended."""
        waiting, self._waiting = self._waiting, []
        for each in waiting:
            each.give(True)
