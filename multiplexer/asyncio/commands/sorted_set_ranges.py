"""Commands that return members of a sorted set: of a range, at random, or all of them little by little."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any, Literal, overload

from ...core.commands.arguments import at_most_one, bad_argument, flag_words, not_negative, number, scan_options
from ...core.commands.command_table import COMMANDS
from ...core.results.common import scan_page
from ...core.results.sorted_sets import scored_page, scored_with, unless_missing
from ...core.types import AnyStr, Encodable, Key, Pattern, Pending
from .sorted_set_surface import LexBound, Score, ScoreBound, SortedSetSurface, score_bounds

_ZRANDMEMBER = COMMANDS["ZRANDMEMBER"]
_ZRANGE = COMMANDS["ZRANGE"]
_ZRANGEBYLEX = COMMANDS["ZRANGEBYLEX"]
_ZRANGEBYSCORE = COMMANDS["ZRANGEBYSCORE"]
_ZRANGESTORE = COMMANDS["ZRANGESTORE"]
_ZREVRANGE = COMMANDS["ZREVRANGE"]
_ZREVRANGEBYLEX = COMMANDS["ZREVRANGEBYLEX"]
_ZREVRANGEBYSCORE = COMMANDS["ZREVRANGEBYSCORE"]
_ZSCAN = COMMANDS["ZSCAN"]


class SortedSetRangeCommands(SortedSetSurface[AnyStr]):
    """Typed methods for the members of a sorted set.

    Where a method takes ``score_cast_func``, that is called with each score as a float.
    """

    __slots__ = ()

    # -- ranges -------------------------------------------------------------------------------------------------

    @overload
    def zrange(
        self,
        name: Key,
        start: Encodable,
        end: Encodable,
        desc: bool = False,
        withscores: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
        xx: Literal[False] = False,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def zrange(
        self,
        name: Key,
        start: Encodable,
        end: Encodable,
        desc: bool = False,
        *,
        withscores: Literal[True],
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
        xx: Literal[False] = False,
    ) -> Pending[list[tuple[AnyStr, float]]]: ...

    @overload
    def zrange(
        self,
        name: Key,
        start: Encodable,
        end: Encodable,
        desc: bool = False,
        *,
        withscores: Literal[True],
        score_cast_func: Callable[[float], Score],
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
        xx: Literal[False] = False,
    ) -> Pending[list[tuple[AnyStr, Score]]]: ...

    @overload
    def zrange(
        self,
        name: Key,
        start: Encodable,
        end: Encodable,
        desc: bool = False,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
        xx: Literal[False] = False,
    ) -> Pending[list[AnyStr]] | Pending[list[tuple[AnyStr, Any]]]: ...

    @overload
    def zrange(
        self,
        name: Key,
        start: Encodable,
        end: Encodable,
        desc: bool = False,
        withscores: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
        *,
        xx: Literal[True],
    ) -> Pending[list[AnyStr] | None]: ...

    @overload
    def zrange(
        self,
        name: Key,
        start: Encodable,
        end: Encodable,
        desc: bool = False,
        *,
        withscores: Literal[True],
        score_cast_func: Callable[[float], Any] = float,
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
        xx: Literal[True],
    ) -> Pending[list[tuple[AnyStr, Any]] | None]: ...

    def zrange(
        self,
        name: Key,
        start: Encodable,
        end: Encodable,
        desc: bool = False,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
        byscore: bool = False,
        bylex: bool = False,
        offset: int | None = None,
        num: int | None = None,
        xx: bool = False,
    ) -> Pending[Any]:
        """Return the members in a range of ranks, scores or names, in ascending order.

        Redis command: ZRANGE

        Args:
            name: The sorted set.
            start: Where the range begins: a rank, with ``byscore`` a score, with ``bylex`` a name such as ``"[a"``.
            end: The last of the range.
            desc: In descending order; ``start`` is then the higher end of a range of scores or names.
            withscores: Return pairs of member and score.
            score_cast_func: What to make of each score.
            byscore: The range is one of scores.
            bylex: The range is one of names, where all members have the same score.
            offset: How many members of a range of scores or names to leave out first.
            num: How many to return at most, all where it is negative.
            xx: Return None where there is no such sorted set, instead of no members (Valkey 9.2).

        Raises:
            DataError: Options contradict each other, only one of ``offset`` and ``num`` was given, or a bound is NaN.
        """
        if bylex and withscores:
            raise bad_argument("ZRANGE", "withscores and bylex contradict each other")
        words: tuple[Encodable, ...] = (
            "ZRANGE",
            name,
            *_range_words("ZRANGE", start, end, desc, byscore, bylex, offset, num),
        )
        if not xx:
            return self._members(_ZRANGE, words, withscores, score_cast_func)
        if not withscores:
            return self._execute(_ZRANGE, (*words, "XX"))
        convert = unless_missing(scored_with(self._score_cast(score_cast_func)))
        return self._execute(_ZRANGE, (*words, "XX", "WITHSCORES"), convert)

    def zrangestore(
        self,
        dest: Key,
        name: Key,
        start: Encodable,
        end: Encodable,
        byscore: bool = False,
        bylex: bool = False,
        desc: bool = False,
        offset: int | None = None,
        num: int | None = None,
    ) -> Pending[int]:
        """Store the members in a range as the sorted set ``dest``; else as :meth:`zrange`.

        Redis command: ZRANGESTORE

        Returns:
            How many members were stored.

        Raises:
            DataError: Options contradict each other, only one of ``offset`` and ``num`` was given, or a bound is NaN.
        """
        words: tuple[Encodable, ...] = _range_words("ZRANGESTORE", start, end, desc, byscore, bylex, offset, num)
        return self._execute(_ZRANGESTORE, ("ZRANGESTORE", dest, name, *words))

    @overload
    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: Literal[True],
    ) -> Pending[list[tuple[AnyStr, float]]]: ...

    @overload
    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: Literal[True],
        score_cast_func: Callable[[float], Score],
    ) -> Pending[list[tuple[AnyStr, Score]]]: ...

    @overload
    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: bool,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[AnyStr]] | Pending[list[tuple[AnyStr, Any]]]: ...

    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[Any]:
        """Return the members in a range of ranks, in descending order of scores.

        Redis command: ZREVRANGE

        Args:
            name: The sorted set.
            start: The first rank, 0 for the highest score.
            end: The last rank.
            withscores: Return pairs of member and score.
            score_cast_func: What to make of each score.
        """
        return self._members(_ZREVRANGE, ("ZREVRANGE", name, start, end), withscores, score_cast_func)

    @overload
    def zrangebyscore(
        self,
        name: Key,
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        withscores: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def zrangebyscore(
        self,
        name: Key,
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: Literal[True],
    ) -> Pending[list[tuple[AnyStr, float]]]: ...

    @overload
    def zrangebyscore(
        self,
        name: Key,
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: Literal[True],
        score_cast_func: Callable[[float], Score],
    ) -> Pending[list[tuple[AnyStr, Score]]]: ...

    @overload
    def zrangebyscore(
        self,
        name: Key,
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[AnyStr]] | Pending[list[tuple[AnyStr, Any]]]: ...

    def zrangebyscore(
        self,
        name: Key,
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[Any]:
        """Return the members whose score is from ``min`` to ``max``, in ascending order.

        Redis command: ZRANGEBYSCORE

        Args:
            name: The sorted set.
            min: The lowest score.
            max: The highest score.
            start: How many of these members to leave out first.
            num: How many to return at most, all where it is negative.
            withscores: Return pairs of member and score.
            score_cast_func: What to make of each score.

        Raises:
            DataError: Only one of ``start`` and ``num`` was given, ``start`` is negative, or a bound is NaN.
        """
        bounds: tuple[ScoreBound, ...] = score_bounds("ZRANGEBYSCORE", min=min, max=max)
        words = ("ZRANGEBYSCORE", name, *bounds, *_limit("ZRANGEBYSCORE", "start", start, num))
        return self._members(_ZRANGEBYSCORE, words, withscores, score_cast_func)

    @overload
    def zrevrangebyscore(
        self,
        name: Key,
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        withscores: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[AnyStr]]: ...

    @overload
    def zrevrangebyscore(
        self,
        name: Key,
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: Literal[True],
    ) -> Pending[list[tuple[AnyStr, float]]]: ...

    @overload
    def zrevrangebyscore(
        self,
        name: Key,
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        *,
        withscores: Literal[True],
        score_cast_func: Callable[[float], Score],
    ) -> Pending[list[tuple[AnyStr, Score]]]: ...

    @overload
    def zrevrangebyscore(
        self,
        name: Key,
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[list[AnyStr]] | Pending[list[tuple[AnyStr, Any]]]: ...

    def zrevrangebyscore(
        self,
        name: Key,
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Pending[Any]:
        """Return the members whose score is from ``min`` to ``max``, in descending order.

        Redis command: ZREVRANGEBYSCORE

        Args:
            name: The sorted set.
            max: The highest score.
            min: The lowest score.
            start: How many of these members to leave out first.
            num: How many to return at most, all where it is negative.
            withscores: Return pairs of member and score.
            score_cast_func: What to make of each score.

        Raises:
            DataError: Only one of ``start`` and ``num`` was given, ``start`` is negative, or a bound is NaN.
        """
        bounds: tuple[ScoreBound, ...] = score_bounds("ZREVRANGEBYSCORE", max=max, min=min)
        words = ("ZREVRANGEBYSCORE", name, *bounds, *_limit("ZREVRANGEBYSCORE", "start", start, num))
        return self._members(_ZREVRANGEBYSCORE, words, withscores, score_cast_func)

    def zrangebylex(
        self, name: Key, min: LexBound, max: LexBound, start: int | None = None, num: int | None = None
    ) -> Pending[list[AnyStr]]:
        """Return the members from ``min`` to ``max``, where all have the same score, in ascending order.

        Redis command: ZRANGEBYLEX

        Args:
            name: The sorted set.
            min: The first name, such as ``"[a"``.
            max: The last name, such as ``"(b"``.
            start: How many of these members to leave out first.
            num: How many to return at most, all where it is negative.

        Raises:
            DataError: Only one of ``start`` and ``num`` was given, or ``start`` is negative.
        """
        limit: tuple[Encodable, ...] = _limit("ZRANGEBYLEX", "start", start, num)
        return self._execute(_ZRANGEBYLEX, ("ZRANGEBYLEX", name, min, max, *limit))

    def zrevrangebylex(
        self, name: Key, max: LexBound, min: LexBound, start: int | None = None, num: int | None = None
    ) -> Pending[list[AnyStr]]:
        """Return the members from ``min`` to ``max``, where all have the same score, in descending order.

        Redis command: ZREVRANGEBYLEX

        Args:
            name: The sorted set.
            max: The last name, such as ``"(b"``.
            min: The first name, such as ``"[a"``.
            start: How many of these members to leave out first.
            num: How many to return at most, all where it is negative.

        Raises:
            DataError: Only one of ``start`` and ``num`` was given, or ``start`` is negative.
        """
        limit: tuple[Encodable, ...] = _limit("ZREVRANGEBYLEX", "start", start, num)
        return self._execute(_ZREVRANGEBYLEX, ("ZREVRANGEBYLEX", name, max, min, *limit))

    @overload
    def zrandmember(
        self, key: Key, count: None = None, withscores: Literal[False] = False
    ) -> Pending[AnyStr | None]: ...

    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[False] = False) -> Pending[list[AnyStr]]: ...

    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[True]) -> Pending[list[tuple[AnyStr, float]]]: ...

    @overload
    def zrandmember(
        self, key: Key, count: int, withscores: bool
    ) -> Pending[list[AnyStr]] | Pending[list[tuple[AnyStr, float]]]: ...

    def zrandmember(self, key: Key, count: int | None = None, withscores: bool = False) -> Pending[Any]:
        """Return members picked at random.

        Redis command: ZRANDMEMBER

        Args:
            key: The sorted set.
            count: How many different members; below zero, that many (its absolute value) of which some may repeat.
            withscores: Return pairs of member and score. Needs ``count``.

        Returns:
            Without ``count``, one member or None; with it, a list.

        Raises:
            DataError: ``withscores`` was given without ``count``.
        """
        if count is None:
            if withscores:
                raise bad_argument("ZRANDMEMBER", "withscores needs count")
            return self._execute(_ZRANDMEMBER, ("ZRANDMEMBER", key))
        return self._members(_ZRANDMEMBER, ("ZRANDMEMBER", key, count), withscores)

    # -- scanning -----------------------------------------------------------------------------------------------

    @overload
    def zscan(
        self, name: Key, cursor: int = 0, match: Pattern | None = None, count: int | None = None
    ) -> Pending[tuple[int, list[tuple[AnyStr, float]]]]: ...

    @overload
    def zscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        *,
        score_cast_func: Callable[[float], Score],
    ) -> Pending[tuple[int, list[tuple[AnyStr, Score]]]]: ...

    @overload
    def zscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        *,
        no_scores: Literal[True],
    ) -> Pending[tuple[int, list[AnyStr]]]: ...

    def zscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        score_cast_func: Callable[[float], Any] = float,
        no_scores: bool = False,
    ) -> Pending[Any]:
        """Return one page of the members of a sorted set.

        Redis command: ZSCAN

        Args:
            name: The sorted set.
            cursor: 0 at first, then what the page before said.
            match: Only members that match this pattern.
            count: About how many members to look at.
            score_cast_func: What to make of each score.
            no_scores: Return members alone (Valkey 9).

        Returns:
            The cursor for the next page (0 after the last), and pairs of member and score, or members.

        Raises:
            DataError: ``count`` is below one.
        """
        words: tuple[Encodable, ...] = (
            "ZSCAN",
            name,
            not_negative("ZSCAN", "cursor", cursor),
            *scan_options("ZSCAN", match, count),
        )
        if no_scores:
            return self._execute(_ZSCAN, (*words, "NOSCORES"), scan_page)
        return self._execute(_ZSCAN, words, scored_page(self._score_cast(score_cast_func)))

    @overload
    def zscan_iter(
        self, name: Key, match: Pattern | None = None, count: int | None = None
    ) -> AsyncIterator[tuple[AnyStr, float]]: ...

    @overload
    def zscan_iter(
        self,
        name: Key,
        match: Pattern | None = None,
        count: int | None = None,
        *,
        score_cast_func: Callable[[float], Score],
    ) -> AsyncIterator[tuple[AnyStr, Score]]: ...

    @overload
    def zscan_iter(
        self, name: Key, match: Pattern | None = None, count: int | None = None, *, no_scores: Literal[True]
    ) -> AsyncIterator[AnyStr]: ...

    async def zscan_iter(
        self,
        name: Key,
        match: Pattern | None = None,
        count: int | None = None,
        score_cast_func: Callable[[float], Any] = float,
        no_scores: bool = False,
    ) -> AsyncIterator[Any]:
        """Go through all members of a sorted set, a page at a time; one that changes meanwhile may come twice.

        Redis command: ZSCAN

        Args:
            name: The sorted set.
            match: Only members that match this pattern.
            count: About how many members to look at for one page.
            score_cast_func: What to make of each score.
            no_scores: Yield members alone (Valkey 9).

        Yields:
            Pairs of member and score, or members.

        Raises:
            DataError: ``count`` is below one.
        """
        cursor = 0
        page: list[Any]
        while True:
            if no_scores:
                cursor, page = await self.zscan(name, cursor, match, count, no_scores=True)
            else:
                cursor, page = await self.zscan(name, cursor, match, count, score_cast_func=score_cast_func)
            for item in page:
                yield item
            if not cursor:
                return


def _limit(command: str, argument: str, offset: int | None, num: int | None) -> tuple[Encodable, ...]:
    """The words that cut a range short; ``argument`` is what the method calls ``offset``."""
    if offset is None and num is None:
        return ()
    if offset is None or num is None:
        raise bad_argument(command, f"{argument} and num must be given together")
    return ("LIMIT", not_negative(command, argument, offset), num)


def _range_words(
    command: str,
    start: Encodable,
    end: Encodable,
    desc: bool,
    byscore: bool,
    bylex: bool,
    offset: int | None,
    num: int | None,
) -> tuple[Encodable, ...]:
    """What ZRANGE and ZRANGESTORE have in common."""
    if not (desc or byscore or bylex) and offset is num is None:
        return (number(command, "start", start), number(command, "end", end))
    at_most_one(command, byscore=byscore, bylex=bylex)
    limit = _limit(command, "offset", offset, num)
    if limit and not (byscore or bylex):
        raise bad_argument(command, "offset and num need byscore or bylex")
    flags = flag_words(byscore=byscore, bylex=bylex, rev=desc)
    return (number(command, "start", start), number(command, "end", end), *flags, *limit)
