"""Which keys a command may write, and which such writes are under way elsewhere.

For most commands the table says. A script may write keys it did not name, and of an unknown command nobody knows where
its keys are: there every word counts as one. What changes whole databases is said by None.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any

from ..commands.command import Command
from ..message import ANSWERED, Message
from ..resending import commands_of
from ..types import Payload

Names = tuple[bytes, ...] | None


def names_written(command: Command, payload: Payload) -> Names:
    """Return the keys that what was packed may write, or None for all there are.

    Args:
        command: Its entry of the command table; a unit's is of its own making.
        payload: What is sent.
    """
    names: list[bytes] = []
    for each, words in commands_of(command, payload):
        if not each.changes:
            continue
        if not each.write:
            names += words[1:]
        elif each.key_specs:
            names += [words[place] for place in each.key_positions(words)]
        else:
            return None
    return tuple(names)


class Fence:
    """A write under way over another connection than the one that would fetch its keys.

    Which of the two comes first nobody knows before the write is answered: what is fetched meanwhile is not kept, and
    nobody joins the fetch.
    """

    __slots__ = ("_message", "_names", "_where", "ended")

    def __init__(self, names: Names, where: Any, message: Message | None) -> None:
        """Make a fence.

        Args:
            names: The keys, None for all.
            where: The connection's tracking; None for a connection that is not tracked.
            message: What is written; None where the fence is ended by hand.
        """
        self._names: tuple[bytes | None, ...] = (None,) if names is None else tuple(dict.fromkeys(names))
        self._where = where
        self._message = message
        self.ended = False

    @property
    def names(self) -> Iterable[bytes | None]:
        """The keys; one that is None stands for all."""
        return self._names

    def is_over(self) -> bool:
        """Whether it was answered, or its connection is lost."""
        message = self._message
        if message is not None and (message.phase >= ANSWERED or self._where.over):
            self.ended = True
            self._message = None
        return self.ended

    def stands_before(self, where: Any) -> bool:
        """Whether what is fetched over this connection now may come before the write."""
        return self._where is not where and not self.is_over()


class Fences:
    """All fences of one multiplexer; under the cache's lock."""

    def __init__(self) -> None:
        self._by_name: dict[bytes | None, list[Fence]] = {}
        self._passing: deque[Fence] = deque()

    def __len__(self) -> int:
        """Return how many are over by themselves, and were not taken away."""
        return len(self._passing)

    def add(self, fence: Fence) -> None:
        """Put up a fence, which :meth:`remove` takes away."""
        for name in fence.names:
            self._by_name.setdefault(name, []).append(fence)

    def add_until_answered(self, fence: Fence) -> None:
        """Put up a fence that is over by itself; others that are over are taken away on the occasion."""
        self.prune()
        self._passing.append(fence)
        self.add(fence)

    def remove(self, fence: Fence) -> None:
        """Take a fence away."""
        fence.ended = True
        for name in fence.names:
            left = [each for each in self._by_name[name] if each is not fence]
            if left:
                self._by_name[name] = left
            else:
                del self._by_name[name]

    def stand_before(self, names: Iterable[bytes], where: Any) -> bool:
        """Whether a write of one of these keys is under way elsewhere."""
        by_name = self._by_name
        if not by_name:
            return False
        return any(fence.stands_before(where) for name in (*names, None) for fence in by_name.get(name, ()))

    def prune(self) -> None:
        """Take away those that are over by themselves, as far as they are the oldest."""
        while self._passing and self._passing[0].is_over():
            self.remove(self._passing.popleft())
