"""What the commands on sorted sets have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ...core.commands.arguments import bad_argument, number, some_keys, whole_number
from ...core.commands.command import Command
from ...core.results.sorted_sets import scored_with
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

#: What a caller's own conversion makes of a score.
Score = TypeVar("Score")
#: An end of a range of scores: a number, ``"-inf"``, ``"+inf"``, or ``"(1.5"`` to leave that score out.
ScoreBound = float | str | bytes
#: An end of a range of members: ``"[a"`` including it, ``"(a"`` without it, ``"-"`` or ``"+"``.
LexBound = str | bytes


class SortedSetSurface(CommandSurface[AnyStr]):
    """What the groups of methods for sorted sets stand on."""

    __slots__ = ()

    def _members(
        self,
        command: Command,
        words: tuple[Encodable, ...],
        withscores: bool,
        cast: Callable[[float], Any] = float,
    ) -> Pending[Any]:
        if withscores:
            return self._execute(command, (*words, "WITHSCORES"), scored_with(self._score_cast(cast)))
        return self._execute(command, words)

    def _score_cast(self, cast: Callable[[float], Any]) -> Callable[[float], Any]:
        """Return what is called with scores where a caller asked for ``cast``."""
        return cast


def score_bounds(command: str, **bounds: ScoreBound) -> tuple[ScoreBound, ...]:
    """Both ends of a range of scores, in the order given."""
    return tuple(number(command, argument, bound) for argument, bound in bounds.items())


def numbered_keys(command: str, argument: str, count: int, keys: Sequence[Key]) -> tuple[Encodable, ...]:
    """The number of keys and the keys, where the caller passes both."""
    names = some_keys(command, keys)
    if whole_number(count) != len(names):
        raise bad_argument(command, f"{argument} is {count!r} for {len(names)} keys")
    return (count, *names)
