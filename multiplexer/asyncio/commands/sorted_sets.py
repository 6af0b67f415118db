"""Commands on sorted sets, those that wait for a member included."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeVar, overload

from ...core.commands.arguments import (
    AnyField,
    at_most_one,
    bad_argument,
    block_seconds,
    choice,
    flag_words,
    flatten,
    non_empty,
    not_negative,
    number,
    positive,
    scan_options,
    some_keys,
)
from ...core.commands.command import Command
from ...core.commands.command_table import COMMANDS
from ...core.results.common import scan_page, to_float, to_float_or_none
from ...core.results.sorted_sets import (
    popped_from_key,
    popped_member,
    rank_with_score,
    scored,
    scored_page,
    scored_with,
    scores,
)
from ...core.types import AnyStr, Encodable, Key, Pattern
from .surface import CommandSurface

#: What a caller's own conversion makes of a score.
Score = TypeVar("Score")
#: An end of a range of scores: a number, ``"-inf"``, ``"+inf"``, or ``"(1.5"`` to leave that score out.
ScoreBound = float | str | bytes
#: An end of a range of members: ``"[a"`` including it, ``"(a"`` without it, ``"-"`` or ``"+"``.
LexBound = str | bytes

_BZMPOP = COMMANDS["BZMPOP"]
_BZPOPMAX = COMMANDS["BZPOPMAX"]
_BZPOPMIN = COMMANDS["BZPOPMIN"]
_ZADD = COMMANDS["ZADD"]
_ZCARD = COMMANDS["ZCARD"]
_ZCOUNT = COMMANDS["ZCOUNT"]
_ZDIFF = COMMANDS["ZDIFF"]
_ZDIFFSTORE = COMMANDS["ZDIFFSTORE"]
_ZINCRBY = COMMANDS["ZINCRBY"]
_ZINTER = COMMANDS["ZINTER"]
_ZINTERCARD = COMMANDS["ZINTERCARD"]
_ZINTERSTORE = COMMANDS["ZINTERSTORE"]
_ZLEXCOUNT = COMMANDS["ZLEXCOUNT"]
_ZMPOP = COMMANDS["ZMPOP"]
_ZMSCORE = COMMANDS["ZMSCORE"]
_ZPOPMAX = COMMANDS["ZPOPMAX"]
_ZPOPMIN = COMMANDS["ZPOPMIN"]
_ZRANDMEMBER = COMMANDS["ZRANDMEMBER"]
_ZRANGE = COMMANDS["ZRANGE"]
_ZRANGEBYLEX = COMMANDS["ZRANGEBYLEX"]
_ZRANGEBYSCORE = COMMANDS["ZRANGEBYSCORE"]
_ZRANGESTORE = COMMANDS["ZRANGESTORE"]
_ZRANK = COMMANDS["ZRANK"]
_ZREM = COMMANDS["ZREM"]
_ZREMRANGEBYLEX = COMMANDS["ZREMRANGEBYLEX"]
_ZREMRANGEBYRANK = COMMANDS["ZREMRANGEBYRANK"]
_ZREMRANGEBYSCORE = COMMANDS["ZREMRANGEBYSCORE"]
_ZREVRANGE = COMMANDS["ZREVRANGE"]
_ZREVRANGEBYLEX = COMMANDS["ZREVRANGEBYLEX"]
_ZREVRANGEBYSCORE = COMMANDS["ZREVRANGEBYSCORE"]
_ZREVRANK = COMMANDS["ZREVRANK"]
_ZSCAN = COMMANDS["ZSCAN"]
_ZSCORE = COMMANDS["ZSCORE"]
_ZUNION = COMMANDS["ZUNION"]
_ZUNIONSTORE = COMMANDS["ZUNIONSTORE"]


class SortedSetCommands(CommandSurface[AnyStr]):
    """Typed methods for sorted sets.

    Where a method takes ``score_cast_func``, that is called with each score as a float.
    """

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
    ) -> Awaitable[int]: ...

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
    ) -> Awaitable[float | None]: ...

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
    ) -> Awaitable[int] | Awaitable[float | None]: ...

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
    ) -> Awaitable[Any]:
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

    def zincrby(self, name: Key, amount: float, value: Encodable) -> Awaitable[float]:
        """Add ``amount`` to the score of member ``value``; return the sum.

        Redis command: ZINCRBY

        Raises:
            DataError: ``amount`` is NaN.
        """
        return self._execute(_ZINCRBY, ("ZINCRBY", name, number("ZINCRBY", "amount", amount), value), to_float)

    def zrem(self, name: Key, *values: Encodable) -> Awaitable[int]:
        """Remove members; return how many existed.

        Redis command: ZREM

        Raises:
            DataError: No member was given.
        """
        return self._execute(_ZREM, ("ZREM", name, *non_empty("ZREM", "values", values)))

    def zremrangebyrank(self, name: Key, min: int, max: int) -> Awaitable[int]:
        """Remove the members whose rank is from ``min`` to ``max``; return how many.

        Redis command: ZREMRANGEBYRANK
        """
        return self._execute(_ZREMRANGEBYRANK, ("ZREMRANGEBYRANK", name, min, max))

    def zremrangebyscore(self, name: Key, min: ScoreBound, max: ScoreBound) -> Awaitable[int]:
        """Remove the members whose score is from ``min`` to ``max``; return how many.

        Redis command: ZREMRANGEBYSCORE

        Raises:
            DataError: A bound is NaN.
        """
        bounds: tuple[ScoreBound, ...] = _score_bounds("ZREMRANGEBYSCORE", min=min, max=max)
        return self._execute(_ZREMRANGEBYSCORE, ("ZREMRANGEBYSCORE", name, *bounds))

    def zremrangebylex(self, name: Key, min: LexBound, max: LexBound) -> Awaitable[int]:
        """Remove the members from ``min`` to ``max``, where all have the same score; return how many.

        Redis command: ZREMRANGEBYLEX
        """
        return self._execute(_ZREMRANGEBYLEX, ("ZREMRANGEBYLEX", name, min, max))

    def zpopmax(self, name: Key, count: int | None = None) -> Awaitable[list[tuple[AnyStr, float]]]:
        """Remove and return the members with the highest scores, with these scores.

        Redis command: ZPOPMAX

        Args:
            name: The sorted set.
            count: How many at most; one by default.

        Raises:
            DataError: ``count`` is negative.
        """
        return self._execute(_ZPOPMAX, ("ZPOPMAX", name, *_pop_count("ZPOPMAX", count)), scored)

    def zpopmin(self, name: Key, count: int | None = None) -> Awaitable[list[tuple[AnyStr, float]]]:
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
    ) -> Awaitable[tuple[AnyStr, list[tuple[AnyStr, float]]] | None]:
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
    ) -> Awaitable[tuple[AnyStr, AnyStr, float] | None]:
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
    ) -> Awaitable[tuple[AnyStr, AnyStr, float] | None]:
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
    ) -> Awaitable[tuple[AnyStr, list[tuple[AnyStr, float]]] | None]:
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

    def zcard(self, name: Key) -> Awaitable[int]:
        """Return the number of members.

        Redis command: ZCARD
        """
        return self._execute(_ZCARD, ("ZCARD", name))

    def zcount(self, name: Key, min: ScoreBound, max: ScoreBound) -> Awaitable[int]:
        """Return the number of members whose score is from ``min`` to ``max``.

        Redis command: ZCOUNT

        Raises:
            DataError: A bound is NaN.
        """
        return self._execute(_ZCOUNT, ("ZCOUNT", name, *_score_bounds("ZCOUNT", min=min, max=max)))

    def zlexcount(self, name: Key, min: LexBound, max: LexBound) -> Awaitable[int]:
        """Return the number of members from ``min`` to ``max``, where all have the same score.

        Redis command: ZLEXCOUNT
        """
        return self._execute(_ZLEXCOUNT, ("ZLEXCOUNT", name, min, max))

    def zscore(self, name: Key, value: Encodable) -> Awaitable[float | None]:
        """Return the score of member ``value``, or None where it does not exist.

        Redis command: ZSCORE
        """
        return self._execute(_ZSCORE, ("ZSCORE", name, value), to_float_or_none)

    def zmscore(self, key: Key, members: Iterable[Encodable]) -> Awaitable[list[float | None]]:
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
    ) -> Awaitable[int | None]: ...

    @overload
    def zrank(
        self,
        name: Key,
        value: Encodable,
        withscore: Literal[True],
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[list[Any] | None]: ...

    @overload
    def zrank(
        self,
        name: Key,
        value: Encodable,
        withscore: bool,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[int | list[Any] | None]: ...

    def zrank(
        self,
        name: Key,
        value: Encodable,
        withscore: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[Any]:
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
            convert = rank_with_score(score_cast_func)
            return self._execute(_ZRANK, ("ZRANK", name, value, "WITHSCORE"), convert)
        return self._execute(_ZRANK, ("ZRANK", name, value))

    @overload
    def zrevrank(
        self,
        name: Key,
        value: Encodable,
        withscore: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[int | None]: ...

    @overload
    def zrevrank(
        self,
        name: Key,
        value: Encodable,
        withscore: Literal[True],
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[list[Any] | None]: ...

    @overload
    def zrevrank(
        self,
        name: Key,
        value: Encodable,
        withscore: bool,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[int | list[Any] | None]: ...

    def zrevrank(
        self,
        name: Key,
        value: Encodable,
        withscore: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[Any]:
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
            convert = rank_with_score(score_cast_func)
            return self._execute(_ZREVRANK, ("ZREVRANK", name, value, "WITHSCORE"), convert)
        return self._execute(_ZREVRANK, ("ZREVRANK", name, value))

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
    ) -> Awaitable[list[AnyStr]]: ...

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
    ) -> Awaitable[list[tuple[AnyStr, float]]]: ...

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
    ) -> Awaitable[list[tuple[AnyStr, Score]]]: ...

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
    ) -> Awaitable[list[AnyStr]] | Awaitable[list[tuple[AnyStr, Any]]]: ...

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
    ) -> Awaitable[Any]:
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

        Raises:
            DataError: Options contradict each other, only one of ``offset`` and ``num`` was given, or a bound is NaN.
        """
        if bylex and withscores:
            raise bad_argument("ZRANGE", "withscores and bylex contradict each other")
        words = ("ZRANGE", name, *_range_words("ZRANGE", start, end, desc, byscore, bylex, offset, num))
        return self._members(_ZRANGE, words, withscores, score_cast_func)

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
    ) -> Awaitable[int]:
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
    ) -> Awaitable[list[AnyStr]]: ...

    @overload
    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: Literal[True],
    ) -> Awaitable[list[tuple[AnyStr, float]]]: ...

    @overload
    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: Literal[True],
        score_cast_func: Callable[[float], Score],
    ) -> Awaitable[list[tuple[AnyStr, Score]]]: ...

    @overload
    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: bool,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[list[AnyStr]] | Awaitable[list[tuple[AnyStr, Any]]]: ...

    def zrevrange(
        self,
        name: Key,
        start: int,
        end: int,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[Any]:
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
    ) -> Awaitable[list[AnyStr]]: ...

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
    ) -> Awaitable[list[tuple[AnyStr, float]]]: ...

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
    ) -> Awaitable[list[tuple[AnyStr, Score]]]: ...

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
    ) -> Awaitable[list[AnyStr]] | Awaitable[list[tuple[AnyStr, Any]]]: ...

    def zrangebyscore(
        self,
        name: Key,
        min: ScoreBound,
        max: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[Any]:
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
        bounds: tuple[ScoreBound, ...] = _score_bounds("ZRANGEBYSCORE", min=min, max=max)
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
    ) -> Awaitable[list[AnyStr]]: ...

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
    ) -> Awaitable[list[tuple[AnyStr, float]]]: ...

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
    ) -> Awaitable[list[tuple[AnyStr, Score]]]: ...

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
    ) -> Awaitable[list[AnyStr]] | Awaitable[list[tuple[AnyStr, Any]]]: ...

    def zrevrangebyscore(
        self,
        name: Key,
        max: ScoreBound,
        min: ScoreBound,
        start: int | None = None,
        num: int | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[Any]:
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
        bounds: tuple[ScoreBound, ...] = _score_bounds("ZREVRANGEBYSCORE", max=max, min=min)
        words = ("ZREVRANGEBYSCORE", name, *bounds, *_limit("ZREVRANGEBYSCORE", "start", start, num))
        return self._members(_ZREVRANGEBYSCORE, words, withscores, score_cast_func)

    def zrangebylex(
        self, name: Key, min: LexBound, max: LexBound, start: int | None = None, num: int | None = None
    ) -> Awaitable[list[AnyStr]]:
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
    ) -> Awaitable[list[AnyStr]]:
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
    ) -> Awaitable[AnyStr | None]: ...

    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[False] = False) -> Awaitable[list[AnyStr]]: ...

    @overload
    def zrandmember(self, key: Key, count: int, withscores: Literal[True]) -> Awaitable[list[tuple[AnyStr, float]]]: ...

    @overload
    def zrandmember(
        self, key: Key, count: int, withscores: bool
    ) -> Awaitable[list[AnyStr]] | Awaitable[list[tuple[AnyStr, float]]]: ...

    def zrandmember(self, key: Key, count: int | None = None, withscores: bool = False) -> Awaitable[Any]:
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

    # -- several sorted sets ------------------------------------------------------------------------------------

    @overload
    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: Literal[False] = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[list[AnyStr]]: ...

    @overload
    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        *,
        withscores: Literal[True],
    ) -> Awaitable[list[tuple[AnyStr, float]]]: ...

    @overload
    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        *,
        withscores: Literal[True],
        score_cast_func: Callable[[float], Score],
    ) -> Awaitable[list[tuple[AnyStr, Score]]]: ...

    @overload
    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[list[AnyStr]] | Awaitable[list[tuple[AnyStr, Any]]]: ...

    def zunion(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: bool = False,
        score_cast_func: Callable[[float], Any] = float,
    ) -> Awaitable[Any]:
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
    ) -> Awaitable[list[AnyStr]]: ...

    @overload
    def zinter(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        *,
        withscores: Literal[True],
    ) -> Awaitable[list[tuple[AnyStr, float]]]: ...

    @overload
    def zinter(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: bool = False,
    ) -> Awaitable[list[AnyStr]] | Awaitable[list[tuple[AnyStr, Any]]]: ...

    def zinter(
        self,
        keys: Iterable[Key] | Mapping[AnyField, float],
        aggregate: str | None = None,
        withscores: bool = False,
    ) -> Awaitable[Any]:
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
    ) -> Awaitable[list[AnyStr]]: ...

    @overload
    def zdiff(
        self,
        keys: Iterable[Key],
        withscores: Literal[True],
    ) -> Awaitable[list[tuple[AnyStr, float]]]: ...

    @overload
    def zdiff(
        self,
        keys: Iterable[Key],
        withscores: bool,
    ) -> Awaitable[list[AnyStr]] | Awaitable[list[tuple[AnyStr, Any]]]: ...

    def zdiff(
        self,
        keys: Iterable[Key],
        withscores: bool = False,
    ) -> Awaitable[Any]:
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
    ) -> Awaitable[int]:
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
    ) -> Awaitable[int]:
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

    def zdiffstore(self, dest: Key, keys: Iterable[Key]) -> Awaitable[int]:
        """Store the members of the first sorted set that are in none of the others; return how many.

        Redis command: ZDIFFSTORE

        Raises:
            DataError: There are no keys.
        """
        names: tuple[Key, ...] = some_keys("ZDIFFSTORE", keys)
        return self._execute(_ZDIFFSTORE, ("ZDIFFSTORE", dest, len(names), *names))

    def zintercard(self, numkeys: int, keys: Sequence[Key], limit: int = 0) -> Awaitable[int]:
        """Return how many members are in all of several sorted sets.

        Redis command: ZINTERCARD

        Args:
            numkeys: How many ``keys`` there are.
            keys: The sorted sets.
            limit: Stop counting there; 0 counts all.

        Raises:
            DataError: ``numkeys`` is not the number of keys, there are none, or ``limit`` is negative.
        """
        words: tuple[Encodable, ...] = ("ZINTERCARD", *_numbered_keys("ZINTERCARD", "numkeys", numkeys, keys))
        return self._execute(_ZINTERCARD, (*words, "LIMIT", not_negative("ZINTERCARD", "limit", limit)))

    # -- scanning -----------------------------------------------------------------------------------------------

    @overload
    def zscan(
        self, name: Key, cursor: int = 0, match: Pattern | None = None, count: int | None = None
    ) -> Awaitable[tuple[int, list[tuple[AnyStr, float]]]]: ...

    @overload
    def zscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        *,
        score_cast_func: Callable[[float], Score],
    ) -> Awaitable[tuple[int, list[tuple[AnyStr, Score]]]]: ...

    @overload
    def zscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        *,
        no_scores: Literal[True],
    ) -> Awaitable[tuple[int, list[AnyStr]]]: ...

    def zscan(
        self,
        name: Key,
        cursor: int = 0,
        match: Pattern | None = None,
        count: int | None = None,
        score_cast_func: Callable[[float], Any] = float,
        no_scores: bool = False,
    ) -> Awaitable[Any]:
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
        return self._execute(_ZSCAN, words, scored_page(score_cast_func))

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

    def _members(
        self,
        command: Command,
        words: tuple[Encodable, ...],
        withscores: bool,
        cast: Callable[[float], Any] = float,
    ) -> Awaitable[Any]:
        if withscores:
            return self._execute(command, (*words, "WITHSCORES"), scored_with(cast))
        return self._execute(command, words)


def _score_bounds(command: str, **bounds: ScoreBound) -> tuple[ScoreBound, ...]:
    """Both ends of a range of scores, in the order given."""
    return tuple(number(command, argument, bound) for argument, bound in bounds.items())


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


def _numbered_keys(command: str, argument: str, count: int, keys: Sequence[Key]) -> tuple[Encodable, ...]:
    """The number of keys and the keys, where the caller passes both."""
    names = some_keys(command, keys)
    if count != len(names):
        raise bad_argument(command, f"{argument} is {count!r} for {len(names)} keys")
    return (count, *names)


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
    names = _numbered_keys(command, argument, number, keys)
    return (*names, "MIN" if min else "MAX", "COUNT", positive(command, "count", count))


def _pop_count(command: str, count: int | None) -> tuple[int, ...]:
    return () if count is None else (not_negative(command, "count", count),)
