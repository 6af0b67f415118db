"""Commands on sorted sets: changing them, waiting for a member, and what is asked of single members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, overload

from ...core.commands.arguments import (
    AnyField,
    at_most_one,
    bad_argument,
    block_seconds,
    flag_words,
    non_empty,
    not_negative,
    number,
    positive,
    some_keys,
)
from ...core.commands.command import Command
from ...core.commands.command_table import COMMANDS
from ...core.results.common import to_float, to_float_or_none
from ...core.results.sorted_sets import popped_from_key, popped_member, rank_with_score, scored, scores
from ...core.types import AnyStr, Encodable, Key, Pending
from .sorted_set_surface import LexBound, ScoreBound, SortedSetSurface, numbered_keys, score_bounds

_BZMPOP = COMMANDS["BZMPOP"]
_BZPOPMAX = COMMANDS["BZPOPMAX"]
_BZPOPMIN = COMMANDS["BZPOPMIN"]
_ZADD = COMMANDS["ZADD"]
_ZCARD = COMMANDS["ZCARD"]
_ZCOUNT = COMMANDS["ZCOUNT"]
_ZINCRBY = COMMANDS["ZINCRBY"]
_ZLEXCOUNT = COMMANDS["ZLEXCOUNT"]
_ZMPOP = COMMANDS["ZMPOP"]
_ZMSCORE = COMMANDS["ZMSCORE"]
_ZPOPMAX = COMMANDS["ZPOPMAX"]
_ZPOPMIN = COMMANDS["ZPOPMIN"]
_ZRANK = COMMANDS["ZRANK"]
_ZREM = COMMANDS["ZREM"]
_ZREMRANGEBYLEX = COMMANDS["ZREMRANGEBYLEX"]
_ZREMRANGEBYRANK = COMMANDS["ZREMRANGEBYRANK"]
_ZREMRANGEBYSCORE = COMMANDS["ZREMRANGEBYSCORE"]
_ZREVRANK = COMMANDS["ZREVRANK"]
_ZSCORE = COMMANDS["ZSCORE"]


class SortedSetCommands(SortedSetSurface[AnyStr]):
    """Typed methods for sorted sets; those that return many members are in :class:`SortedSetRangeCommands`."""

    __slots__ = ()

    # -- adding and removing ------------------------------------------------------------------------------------

    @overload
    def zadd(
        self,
        name: Key,
        mapping: Mapping[AnyField, Encodable],
        nx: bool = False,
        xx: bool = False,
        ch: bool = False,
        incr: Literal[False] = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Pending[int]: ...

    @overload
    def zadd(
        self,
        name: Key,
        mapping: Mapping[AnyField, Encodable],
        nx: bool = False,
        xx: bool = False,
        ch: bool = False,
        *,
        incr: Literal[True],
        gt: bool = False,
        lt: bool = False,
    ) -> Pending[float | None]: ...

    @overload
    def zadd(
        self,
        name: Key,
        mapping: Mapping[AnyField, Encodable],
        nx: bool = False,
        xx: bool = False,
        ch: bool = False,
        incr: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Pending[int] | Pending[float | None]: ...

    def zadd(
        self,
        name: Key,
        mapping: Mapping[AnyField, Encodable],
        nx: bool = False,
        xx: bool = False,
        ch: bool = False,
        incr: bool = False,
        gt: bool = False,
        lt: bool = False,
    ) -> Pending[Any]:
        """Add members, or change their scores.

        Redis command: ZADD

        Args:
            name: The sorted set.
            mapping: Scores by member.
            nx: Only add members, change no score.
            xx: Only change scores, add no member.
            ch: Count changed members too.
            incr: Add to the score of the one member instead of setting it.
            gt: Change a score only where the new one is greater.
            lt: Change a score only where the new one is less.

        Returns:
            How many members were added; with ``incr`` the new score, or None where a condition was not met.

        Raises:
            DataError: ``mapping`` is empty, has more than one member with ``incr``, or a score that is NaN; or
                the conditions contradict each other.
        """
        words: list[Encodable] = ["ZADD", name]
        if nx or xx or ch or incr or gt or lt:
            at_most_one("ZADD", nx=nx, xx=xx)
            at_most_one("ZADD", nx=nx, gt=gt, lt=lt)
            if incr and len(mapping) != 1:
                raise bad_argument("ZADD", "incr needs a mapping of exactly one member")
            words += flag_words(nx=nx, xx=xx, gt=gt, lt=lt, ch=ch, incr=incr)
        for member, score in non_empty("ZADD", "mapping", mapping).items():
            if score != score:
                raise bad_argument("ZADD", "a score must be a number, not NaN")
            words += (score, member)
        return self._execute(_ZADD, tuple(words), to_float_or_none if incr else None)

    def zincrby(self, name: Key, amount: float, value: Encodable) -> Pending[float]:
        """Add ``amount`` to the score of member ``value``; return the sum.

        Redis command: ZINCRBY

        Raises:
            DataError: ``amount`` is NaN.
        """
        return self._execute(_ZINCRBY, ("ZINCRBY", name, number("ZINCRBY", "amount", amount), value), to_float)

    def zrem(self, name: Key, *values: Encodable) -> Pending[int]:
        """Remove members; return how many existed.

        Redis command: ZREM

        Raises:
            DataError: No member was given.
        """
        return self._execute(_ZREM, ("ZREM", name, *non_empty("ZREM", "values", values)))

    def zremrangebyrank(self, name: Key, min: int, max: int) -> Pending[int]:
        """Remove the members whose rank is from ``min`` to ``max``; return how many.

        Redis command: ZREMRANGEBYRANK
        """
        return self._execute(_ZREMRANGEBYRANK, ("ZREMRANGEBYRANK", name, min, max))

    def zremrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound) -> Pending[int]:
        """Remove the members whose score is from ``min`` to ``max``; return how many.

        Redis command: ZREMRANGEBYSCORE

        Raises:
            DataError: A bound is NaN.
        """
        bounds: tuple[ScoreBound, ...] = score_bounds("ZREMRANGEBYSCORE", min=min, max=max)
        return self._execute(_ZREMRANGEBYSCORE, ("ZREMRANGEBYSCORE", name, *bounds))

    def zremrangebylex(self, name: Key, min: LexBound, max: LexBound) -> Pending[int]:
        """Remove the members from ``min`` to ``max``, where all have the same score; return how many.

        Redis command: ZREMRANGEBYLEX
        """
        return self._execute(_ZREMRANGEBYLEX, ("ZREMRANGEBYLEX", name, min, max))

    def zpopmax(self, name: Key, count: int | None = None) -> Pending[list[tuple[AnyStr, float]]]:
        """Remove and return the members with the highest scores, with these scores.

        Redis command: ZPOPMAX

        Args:
            name: The sorted set.
            count: How many at most; one by default.

        Raises:
            DataError: ``count`` is negative.
        """
        return self._execute(_ZPOPMAX, ("ZPOPMAX", name, *_pop_count("ZPOPMAX", count)), scored)

    def zpopmin(self, name: Key, count: int | None = None) -> Pending[list[tuple[AnyStr, float]]]:
        """Remove and return the members with the lowest scores, with these scores.

        Redis command: ZPOPMIN

        Args:
            name: The sorted set.
            count: How many at most; one by default.

        Raises:
            DataError: ``count`` is negative.
        """
        return self._execute(_ZPOPMIN, ("ZPOPMIN", name, *_pop_count("ZPOPMIN", count)), scored)

    def zmpop(
        self, num_keys: int, keys: Sequence[Key], min: bool = False, max: bool = False, count: int = 1
    ) -> Pending[tuple[AnyStr, list[tuple[AnyStr, float]]] | None]:
        """Remove and return members of the first of several sorted sets that is not empty.

        Redis command: ZMPOP

        Args:
            num_keys: How many ``keys`` there are.
            keys: The sorted sets.
            min: Take members with the lowest scores.
            max: Take members with the highest scores.
            count: How many members at most.

        Returns:
            The sorted set's key and its members with their scores, or None where all are empty.

        Raises:
            DataError: ``num_keys`` is not the number of keys, there are none, ``count`` is below one, or not
                exactly one of ``min`` and ``max`` was given.
        """
        words: tuple[Encodable, ...] = _popping("ZMPOP", "num_keys", num_keys, keys, min, max, count)
        return self._execute(_ZMPOP, ("ZMPOP", *words), popped_from_key)

    # -- waiting for a member -----------------------------------------------------------------------------------

    def bzpopmax(
        self, keys: Key | Iterable[Key], timeout: float | None = 0
    ) -> Pending[tuple[AnyStr, AnyStr, float] | None]:
        """Remove the member with the highest score from the first sorted set that has any, waiting until there is one.

        It waits on a connection of its own, so that nobody else waits with it.

        Redis command: BZPOPMAX

        Args:
            keys: The sorted sets, or one of them.
            timeout: How many seconds to wait; 0 or None for ever.

        Returns:
            The key, the member and its score, or None where none came in time.

        Raises:
            DataError: There is no key, or ``timeout`` is negative.
        """
        return self._execute(_BZPOPMAX, _waiting(_BZPOPMAX, keys, timeout), popped_member)

    def bzpopmin(
        self, keys: Key | Iterable[Key], timeout: float | None = 0
    ) -> Pending[tuple[AnyStr, AnyStr, float] | None]:
        """Remove the member with the lowest score from the first sorted set that has any, waiting until there is one.

        It waits on a connection of its own, so that nobody else waits with it.

        Redis command: BZPOPMIN

        Args:
            keys: The sorted sets, or one of them.
            timeout: How many seconds to wait; 0 or None for ever.

        Returns:
            The key, the member and its score, or None where none came in time.

        Raises:
            DataError: There is no key, or ``timeout`` is negative.
        """
        return self._execute(_BZPOPMIN, _waiting(_BZPOPMIN, keys, timeout), popped_member)

    def bzmpop(
        self,
        timeout: float | None,
        numkeys: int,
        keys: Sequence[Key],
        min: bool = False,
        max: bool = False,
        count: int = 1,
    ) -> Pending[tuple[AnyStr, list[tuple[AnyStr, float]]] | None]:
        """As :meth:`zmpop`, waiting until one of the sorted sets has a member.

        It waits on a connection of its own, so that nobody else waits with it.

        Redis command: BZMPOP

        Args:
            timeout: How many seconds to wait; 0 or None for ever.
            numkeys: How many ``keys`` there are.
            keys: The sorted sets.
            min: Take members with the lowest scores.
            max: Take members with the highest scores.
            count: How many members at most.

        Returns:
            The sorted set's key and its members with their scores, or None where none came in time.

        Raises:
            DataError: ``timeout`` is negative, ``numkeys`` is not the number of keys, there are none, ``count`` is
                below one, or not exactly one of ``min`` and ``max`` was given.
        """
        wait = block_seconds("BZMPOP", timeout)
        words: tuple[Encodable, ...] = _popping("BZMPOP", "numkeys", numkeys, keys, min, max, count)
        return self._execute(_BZMPOP, ("BZMPOP", wait, *words), popped_from_key)

    # -- counting, scores and ranks -----------------------------------------------------------------------------

    def zcard(self, name: Key) -> Pending[int]:
        """Return the number of members.

        Redis command: ZCARD
        """
        return self._execute(_ZCARD, ("ZCARD", name))

    def zcount(self, name: Key, min: ScoreBound, max: ScoreBound) -> Pending[int]:
        """Return the number of members whose score is from ``min`` to ``max``.

        Redis command: ZCOUNT

        Raises:
            DataError: A bound is NaN.
        """
        return self._execute(_ZCOUNT, ("ZCOUNT", name, *score_bounds("ZCOUNT", min=min, max=max)))

    def zlexcount(self, name: Key, min: LexBound, max: LexBound) -> Pending[int]:
        """Return the number of members from ``min`` to ``max``, where all have the same score.

        Redis command: ZLEXCOUNT
        """
        return self._execute(_ZLEXCOUNT, ("ZLEXCOUNT", name, min, max))

    def zscore(self, name: Key, value: Encodable) -> Pending[float | None]:
        """Return the score of member ``value``, or None where it does not exist.

        Redis command: ZSCORE
        """
        return self._execute(_ZSCORE, ("ZSCORE", name, value), to_float_or_none)

    def zmscore(self, key: Key, members: Iterable[Encodable]) -> Pending[list[float | None]]:
        """Return the scores of several members, None for each that does not exist.

        Redis command: ZMSCORE

        Raises:
            DataError: No member was given.
        """
        return self._execute(_ZMSCORE, ("ZMSCORE", key, *non_empty("ZMSCORE", "members", tuple(members))), scores)

    @overload
    def zrank(
        self,
        name: Key,
        value: Encodable,
        withscore: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[int | None]: ...

    @overload
    def zrank(
        self,
        name: Key,
        value: Encodable,
        withscore: Literal[True],
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[Any] | None]: ...

    @overload
    def zrank(
        self,
        name: Key,
        value: Encodable,
        withscore: bool,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[int | list[Any] | None]: ...

    def zrank(
        self,
        name: Key,
        value: Encodable,
        withscore: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[Any]:
        """Return the rank of member ``value``, 0 for the one with the lowest score.

        Redis command: ZRANK

        Args:
            name: The sorted set.
            value: The member.
            withscore: Return the score too (Redis 7.2).
            score_cast_func: What to make of the score.

        Returns:
            The rank, or with ``withscore`` a list of rank and score; None where the member does not exist.
        """
        if withscore:
            convert = rank_with_score(self._score_cast(score_cast_func))
            return self._execute(_ZRANK, ("ZRANK", name, value, "WITHSCORE"), convert)
        return self._execute(_ZRANK, ("ZRANK", name, value))

    @overload
    def zrevrank(
        self,
        name: Key,
        value: Encodable,
        withscore: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[int | None]: ...

    @overload
    def zrevrank(
        self,
        name: Key,
        value: Encodable,
        withscore: Literal[True],
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[Any] | None]: ...

    @overload
    def zrevrank(
        self,
        name: Key,
        value: Encodable,
        withscore: bool,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[int | list[Any] | None]: ...

    def zrevrank(
        self,
        name: Key,
        value: Encodable,
        withscore: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[Any]:
        """Return the rank of member ``value``, 0 for the one with the highest score.

        Redis command: ZREVRANK

        Args:
            name: The sorted set.
            value: The member.
            withscore: Return the score too (Redis 7.2).
            score_cast_func: What to make of the score.

        Returns:
            The rank, or with ``withscore`` a list of rank and score; None where the member does not exist.
        """
        if withscore:
            convert = rank_with_score(self._score_cast(score_cast_func))
            return self._execute(_ZREVRANK, ("ZREVRANK", name, value, "WITHSCORE"), convert)
        return self._execute(_ZREVRANK, ("ZREVRANK", name, value))


def _waiting(command: Command, keys: Key | Iterable[Key], timeout: float | None) -> tuple[Encodable, ...]:
    """A command that waits for the first of several sorted sets."""
    name = command.name
    return (name, *some_keys(name, keys), block_seconds(name, timeout))


def _popping(
    command: str, argument: str, number: int, keys: Sequence[Key], min: bool, max: bool, count: int
) -> tuple[Encodable, ...]:
    """What ZMPOP and BZMPOP have in common; ``argument`` is what the method calls the number of keys."""
    if bool(min) == bool(max):
        raise bad_argument(command, "one of min and max must be given, and not both")
    names = numbered_keys(command, argument, number, keys)
    return (*names, "MIN" if min else "MAX", "COUNT", positive(command, "count", count))


def _pop_count(command: str, count: int | None) -> tuple[int, ...]:
    return () if count is None else (not_negative(command, "count", count),)
