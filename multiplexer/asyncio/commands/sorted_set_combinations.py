"""Commands that make one sorted set of several: unions, intersections, differences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, overload

from ...core.commands.arguments import AnyField, choice, flatten, non_empty, not_negative, number, some_keys
from ...core.commands.command_table import COMMANDS
from ...core.types import AnyStr, Encodable, Key, Pending
from .sorted_set_surface import Score, SortedSetSurface, numbered_keys

_ZDIFF = COMMANDS["ZDIFF"]
_ZDIFFSTORE = COMMANDS["ZDIFFSTORE"]
_ZINTER = COMMANDS["ZINTER"]
_ZINTERCARD = COMMANDS["ZINTERCARD"]
_ZINTERSTORE = COMMANDS["ZINTERSTORE"]
_ZUNION = COMMANDS["ZUNION"]
_ZUNIONSTORE = COMMANDS["ZUNIONSTORE"]


class SortedSetCombinationCommands(SortedSetSurface[AnyStr]):
    """Typed methods for several sorted sets at once.

    Where a method takes ``score_cast_func``, that is called with each score as a float.
    """

    __slots__ = ()

    @overload
    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        *,
        withscores: Literal[True],
    ) -> Pending[list[tuple[AnyStr, float]]]: ...

    @overload
    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        *,
        withscores: Literal[True],
        score_cast_func: Callable[[float], Score],
    ) -> Pending[list[tuple[AnyStr, Score]]]: ...

    @overload
    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[AnyStr]] | Pending[list[tuple[AnyStr, Any]]]: ...

    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[Any]:
        """Return the members that are in any of several sorted sets.

        Redis command: ZUNION

        Args:
            keys: The sorted sets; with a mapping, each by what its scores are multiplied with.
            aggregate: What becomes of a member's scores: ``"SUM"`` (the default), ``"MIN"`` or ``"MAX"``.
            withscores: Return pairs of member and score.
            score_cast_func: What to make of each score.

        Raises:
            DataError: There are no keys, a weight is NaN, or ``aggregate`` is none of the above.
        """
        return self._members(_ZUNION, ("ZUNION", *_combined("ZUNION", keys, aggregate)), withscores, score_cast_func)

    @overload
    def zinter(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: Literal[False] = False,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def zinter(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        *,
        withscores: Literal[True],
    ) -> Pending[list[tuple[AnyStr, float]]]: ...

    @overload
    def zinter(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: bool = False,
    ) -> Pending[list[AnyStr]] | Pending[list[tuple[AnyStr, Any]]]: ...

    def zinter(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: bool = False,
    ) -> Pending[Any]:
        """Return the members that are in all of several sorted sets.

        Redis command: ZINTER

        Args:
            keys: The sorted sets; with a mapping, each by what its scores are multiplied with.
            aggregate: What becomes of a member's scores: ``"SUM"`` (the default), ``"MIN"`` or ``"MAX"``.
            withscores: Return pairs of member and score.

        Raises:
            DataError: There are no keys, a weight is NaN, or ``aggregate`` is none of the above.
        """
        return self._members(_ZINTER, ("ZINTER", *_combined("ZINTER", keys, aggregate)), withscores)

    @overload
    def zdiff(
        self,
        keys: Iterable[Key],
        withscores: Literal[False] = False,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def zdiff(
        self,
        keys: Iterable[Key],
        withscores: Literal[True],
    ) -> Pending[list[tuple[AnyStr, float]]]: ...

    @overload
    def zdiff(
        self,
        keys: Iterable[Key],
        withscores: bool,
    ) -> Pending[list[AnyStr]] | Pending[list[tuple[AnyStr, Any]]]: ...

    def zdiff(
        self,
        keys: Iterable[Key],
        withscores: bool = False,
    ) -> Pending[Any]:
        """Return the members of the first of several sorted sets that are in none of the others.

        Redis command: ZDIFF

        Args:
            keys: The sorted sets.
            withscores: Return pairs of member and score.

        Raises:
            DataError: There are no keys.
        """
        names: tuple[Key, ...] = some_keys("ZDIFF", keys)
        return self._members(_ZDIFF, ("ZDIFF", len(names), *names), withscores)

    def zunionstore(
        self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None = None
    ) -> Pending[int]:
        """Store the members that are in any of several sorted sets as the sorted set ``dest``.

        Redis command: ZUNIONSTORE

        Args:
            dest: The sorted set to make.
            keys: The sorted sets; with a mapping, each by what its scores are multiplied with.
            aggregate: What becomes of a member's scores: ``"SUM"`` (the default), ``"MIN"`` or ``"MAX"``.

        Returns:
            How many members were stored.

        Raises:
            DataError: There are no keys, a weight is NaN, or ``aggregate`` is none of the above.
        """
        return self._execute(_ZUNIONSTORE, ("ZUNIONSTORE", dest, *_combined("ZUNIONSTORE", keys, aggregate)))

    def zinterstore(
        self, dest: Key, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None = None
    ) -> Pending[int]:
        """Store the members that are in all of several sorted sets as the sorted set ``dest``.

        Redis command: ZINTERSTORE

        Args:
            dest: The sorted set to make.
            keys: The sorted sets; with a mapping, each by what its scores are multiplied with.
            aggregate: What becomes of a member's scores: ``"SUM"`` (the default), ``"MIN"`` or ``"MAX"``.

        Returns:
            How many members were stored.

        Raises:
            DataError: There are no keys, a weight is NaN, or ``aggregate`` is none of the above.
        """
        return self._execute(_ZINTERSTORE, ("ZINTERSTORE", dest, *_combined("ZINTERSTORE", keys, aggregate)))

    def zdiffstore(self, dest: Key, keys: Iterable[Key]) -> Pending[int]:
        """Store the members of the first sorted set that are in none of the others; return how many.

        Redis command: ZDIFFSTORE

        Raises:
            DataError: There are no keys.
        """
        names: tuple[Key, ...] = some_keys("ZDIFFSTORE", keys)
        return self._execute(_ZDIFFSTORE, ("ZDIFFSTORE", dest, len(names), *names))

    def zintercard(self, numkeys: int, keys: Sequence[Key], limit: int = 0) -> Pending[int]:
        """Return how many members are in all of several sorted sets.

        Redis command: ZINTERCARD

        Args:
            numkeys: How many ``keys`` there are.
            keys: The sorted sets.
            limit: Stop counting there; 0 counts all.

        Raises:
            DataError: ``numkeys`` is not the number of keys, there are none, or ``limit`` is negative.
        """
        words: tuple[Encodable, ...] = ("ZINTERCARD", *numbered_keys("ZINTERCARD", "numkeys", numkeys, keys))
        return self._execute(_ZINTERCARD, (*words, "LIMIT", not_negative("ZINTERCARD", "limit", limit)))


def _combined(
    command: str, keys: Iterable[Key] | Mapping[AnyField, float], aggregate: str | None
) -> tuple[Encodable, ...]:
    """What the commands that join several sorted sets have in common: keys, weights and aggregation."""
    names: tuple[Encodable, ...] = non_empty(command, "keys", flatten(keys))
    words: list[Encodable] = [len(names), *names]
    if isinstance(keys, Mapping):
        words += ("WEIGHTS", *(number(command, "weight", weight) for weight in keys.values()))
    if aggregate is not None:
        words += ("AGGREGATE", choice(command, "aggregate", aggregate, ("SUM", "MIN", "MAX", "COUNT")))
    return tuple(words)
