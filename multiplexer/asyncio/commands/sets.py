"""Commands on sets."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Literal, overload

from ...core.commands.arguments import (
    bad_argument,
    flag_words,
    flatten,
    non_empty,
    not_negative,
    scan_options,
    some_keys,
    whole_number,
)
from ...core.commands.command_table import COMMANDS
from ...core.results.common import scan_page, to_list, to_set
from ...core.results.sets import membership, memberships
from ...core.types import AnyStr, Encodable, Key, Pattern, Pending
from .surface import CommandSurface

_SADD = COMMANDS["SADD"]
_SCARD = COMMANDS["SCARD"]
_SDIFF = COMMANDS["SDIFF"]
_SDIFFCARD = COMMANDS["SDIFFCARD"]
_SDIFFSTORE = COMMANDS["SDIFFSTORE"]
_SINTER = COMMANDS["SINTER"]
_SINTERCARD = COMMANDS["SINTERCARD"]
_SINTERSTORE = COMMANDS["SINTERSTORE"]
_SISMEMBER = COMMANDS["SISMEMBER"]
_SMEMBERS = COMMANDS["SMEMBERS"]
_SMISMEMBER = COMMANDS["SMISMEMBER"]
_SMOVE = COMMANDS["SMOVE"]
_SPOP = COMMANDS["SPOP"]
_SRANDMEMBER = COMMANDS["SRANDMEMBER"]
_SREM = COMMANDS["SREM"]
_SSCAN = COMMANDS["SSCAN"]
_SUNION = COMMANDS["SUNION"]
_SUNIONCARD = COMMANDS["SUNIONCARD"]
_SUNIONSTORE = COMMANDS["SUNIONSTORE"]


class SetCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the set group."""

    __slots__ = ()

    def sadd(self, name: Key, *values: Encodable) -> Pending[int]:
        """Add members.

        Redis command: SADD

        Returns:
            How many of them are new.

        Raises:
            DataError: There is no value.
        """
        return self._execute(_SADD, ("SADD", name, *non_empty("SADD", "values", values)))

    def scard(self, name: Key) -> Pending[int]:
        """Return the number of members.

        Redis command: SCARD
        """
        return self._execute(_SCARD, ("SCARD", name))

    def sdiff(self, keys: Key | Iterable[Key], *args: Key) -> Pending[set[AnyStr]]:
        """Return the members of the first set that are in none of the others.

        Redis command: SDIFF

        Raises:
            DataError: There is no key.
        """
        return self._execute(_SDIFF, ("SDIFF", *some_keys("SDIFF", keys, args)), to_set)

    def sdiffcard(self, numkeys: int, keys: Iterable[Key], limit: int = 0) -> Pending[int]:
        """Count the members of the first set that are in none of the others.

        Redis command: SDIFFCARD (Redis 8.10)

        Args:
            numkeys: How many keys there are.
            keys: The sets' keys.
            limit: Stop counting there; 0 counts all.

        Raises:
            DataError: ``numkeys`` is not the number of keys, there is no key, or ``limit`` is negative.
        """
        return self._execute(_SDIFFCARD, ("SDIFFCARD", *_counted("SDIFFCARD", numkeys, keys, limit)))

    def sdiffstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Pending[int]:
        """Store at ``dest`` the members of the first set that are in none of the others.

        Redis command: SDIFFSTORE

        Returns:
            The number of members stored.

        Raises:
            DataError: There is no key.
        """
        return self._execute(_SDIFFSTORE, ("SDIFFSTORE", dest, *some_keys("SDIFFSTORE", keys, args)))

    def sinter(self, keys: Key | Iterable[Key], *args: Key) -> Pending[set[AnyStr]]:
        """Return the members that are in every set.

        Redis command: SINTER

        Raises:
            DataError: There is no key.
        """
        return self._execute(_SINTER, ("SINTER", *some_keys("SINTER", keys, args)), to_set)

    def sintercard(self, numkeys: int, keys: Iterable[Key], limit: int = 0) -> Pending[int]:
        """Count the members that are in every set.

        Redis command: SINTERCARD

        Args:
            numkeys: How many keys there are.
            keys: The sets' keys.
            limit: Stop counting there; 0 counts all.

        Raises:
            DataError: ``numkeys`` is not the number of keys, there is no key, or ``limit`` is negative.
        """
        return self._execute(_SINTERCARD, ("SINTERCARD", *_counted("SINTERCARD", numkeys, keys, limit)))

    def sinterstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Pending[int]:
        """Store at ``dest`` the members that are in every set.

        Redis command: SINTERSTORE

        Returns:
            The number of members stored.

        Raises:
            DataError: There is no key.
        """
        return self._execute(_SINTERSTORE, ("SINTERSTORE", dest, *some_keys("SINTERSTORE", keys, args)))

    @overload
    def sismember(self, name: Key, value: Encodable, xx: Literal[False] = ...) -> Pending[bool]: ...
    @overload
    def sismember(self, name: Key, value: Encodable, xx: bool) -> Pending[bool | None]: ...
    def sismember(self, name: Key, value: Encodable, xx: bool = False) -> Pending[bool] | Pending[bool | None]:
        """Tell whether ``value`` is a member.

        Redis command: SISMEMBER

        Args:
            name: The set's key.
            value: The member.
            xx: Tell a set that does not exist from one that lacks the member (Valkey 9.2).

        Returns:
            Whether it is one; with ``xx`` None where there is no such set, to which the server says -1.
        """
        return self._execute(_SISMEMBER, ("SISMEMBER", name, value, *flag_words(xx=xx)), membership)

    def smembers(self, name: Key) -> Pending[set[AnyStr]]:
        """Return all members.

        Redis command: SMEMBERS
        """
        return self._execute(_SMEMBERS, ("SMEMBERS", name), to_set)

    def smismember(self, name: Key, values: Encodable | Iterable[Encodable], *args: Encodable) -> Pending[list[bool]]:
        """Tell of each of the values whether it is a member.

        Redis command: SMISMEMBER

        Raises:
            DataError: There is no value.
        """
        members: tuple[Encodable, ...] = non_empty("SMISMEMBER", "values", flatten(values, args))
        return self._execute(_SMISMEMBER, ("SMISMEMBER", name, *members), memberships)

    def smove(self, src: Key, dst: Key, value: Encodable) -> Pending[bool]:
        """Move a member from one set to another.

        Redis command: SMOVE

        Returns:
            Whether it was a member of ``src``.
        """
        return self._execute(_SMOVE, ("SMOVE", src, dst, value), bool)

    @overload
    def spop(self, name: Key, count: None = ...) -> Pending[AnyStr | None]: ...
    @overload
    def spop(self, name: Key, count: int) -> Pending[list[AnyStr]]: ...
    def spop(self, name: Key, count: int | None = None) -> Pending[AnyStr | None] | Pending[list[AnyStr]]:
        """Remove members at random and return them.

        Redis command: SPOP

        Args:
            name: The set's key.
            count: How many at most.

        Returns:
            One member or None; with ``count`` a list.

        Raises:
            DataError: ``count`` is negative.
        """
        if count is None:
            return self._execute(_SPOP, ("SPOP", name))
        return self._execute(_SPOP, ("SPOP", name, not_negative("SPOP", "count", count)), to_list)

    @overload
    def srandmember(self, name: Key, number: None = ...) -> Pending[AnyStr | None]: ...
    @overload
    def srandmember(self, name: Key, number: int) -> Pending[list[AnyStr]]: ...
    def srandmember(self, name: Key, number: int | None = None) -> Pending[AnyStr | None] | Pending[list[AnyStr]]:
        """Return members at random.

        Redis command: SRANDMEMBER

        Args:
            name: The set's key.
            number: How many distinct ones at most; where negative, that many that need not be distinct.

        Returns:
            One member or None; with ``number`` a list.
        """
        if number is None:
            return self._execute(_SRANDMEMBER, ("SRANDMEMBER", name))
        return self._execute(_SRANDMEMBER, ("SRANDMEMBER", name, number), to_list)

    def srem(self, name: Key, *values: Encodable) -> Pending[int]:
        """Remove members.

        Redis command: SREM

        Returns:
            How many of them there were.

        Raises:
            DataError: There is no value.
        """
        return self._execute(_SREM, ("SREM", name, *non_empty("SREM", "values", values)))

    def sscan(
        self, name: Key, cursor: int = 0, match: Pattern | None = None, count: int | None = None
    ) -> Pending[tuple[int, list[AnyStr]]]:
        """Return some members, and the cursor with which to ask for more.

        Redis command: SSCAN

        Args:
            name: The set's key.
            cursor: 0 to begin; afterwards what the call before returned.
            match: Only members that match this pattern.
            count: About how much work the server does in one call.

        Returns:
            The cursor to go on with, which is 0 at the end, and the members.

        Raises:
            DataError: ``cursor`` is negative or ``count`` below one.
        """
        options: list[Encodable] = scan_options("SSCAN", match, count)
        return self._execute(_SSCAN, ("SSCAN", name, not_negative("SSCAN", "cursor", cursor), *options), scan_page)

    async def sscan_iter(
        self, name: Key, match: Pattern | None = None, count: int | None = None
    ) -> AsyncIterator[AnyStr]:
        """Go through the members in as many calls as it takes; some may come up twice while the set changes.

        Redis command: SSCAN

        Args:
            name: The set's key.
            match: Only members that match this pattern.
            count: About how much work the server does in one call.

        Raises:
            DataError: ``count`` is below one.
        """
        cursor = 0
        while True:
            cursor, members = await self.sscan(name, cursor, match, count)
            for member in members:
                yield member
            if not cursor:
                return

    def sunion(self, keys: Key | Iterable[Key], *args: Key) -> Pending[set[AnyStr]]:
        """Return the members that are in any of the sets.

        Redis command: SUNION

        Raises:
            DataError: There is no key.
        """
        return self._execute(_SUNION, ("SUNION", *some_keys("SUNION", keys, args)), to_set)

    def sunioncard(self, numkeys: int, keys: Iterable[Key], limit: int = 0, approx: bool = False) -> Pending[int]:
        """Count the members that are in any of the sets.

        Redis command: SUNIONCARD (Redis 8.10)

        Args:
            numkeys: How many keys there are.
            keys: The sets' keys.
            limit: Stop counting there; 0 counts all.
            approx: Estimate.

        Raises:
            DataError: ``numkeys`` is not the number of keys, there is no key, or ``limit`` is negative.
        """
        options: tuple[str, ...] = ("APPROX",) if approx else ()
        return self._execute(_SUNIONCARD, ("SUNIONCARD", *_counted("SUNIONCARD", numkeys, keys, limit, *options)))

    def sunionstore(self, dest: Key, keys: Key | Iterable[Key], *args: Key) -> Pending[int]:
        """Store at ``dest`` the members that are in any of the sets.

        Redis command: SUNIONSTORE

        Returns:
            The number of members stored.

        Raises:
            DataError: There is no key.
        """
        return self._execute(_SUNIONSTORE, ("SUNIONSTORE", dest, *some_keys("SUNIONSTORE", keys, args)))


def _counted(command: str, numkeys: int, keys: Iterable[Key], limit: int, *options: Encodable) -> tuple[Encodable, ...]:
    """The number of keys, the keys, options and limit of a command that counts."""
    names: tuple[Key, ...] = some_keys(command, keys)
    if whole_number(numkeys) != len(names):
        raise bad_argument(command, "numkeys is not the number of keys")
    return (numkeys, *names, *options, "LIMIT", not_negative(command, "limit", limit))
