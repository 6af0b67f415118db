"""Commands on lists, those that wait for an element included."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, overload

from ...core.commands.arguments import (
    bad_argument,
    block_seconds,
    choice,
    non_empty,
    not_negative,
    positive,
    some_keys,
    whole_number,
)
from ...core.commands.command import Command
from ...core.commands.command_table import COMMANDS
from ...core.results.common import ok, tuple_or_none
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

_BLMOVE = COMMANDS["BLMOVE"]
_BLMOVEM = COMMANDS["BLMOVEM"]
_BLMPOP = COMMANDS["BLMPOP"]
_BLPOP = COMMANDS["BLPOP"]
_BRPOP = COMMANDS["BRPOP"]
_BRPOPLPUSH = COMMANDS["BRPOPLPUSH"]
_LINDEX = COMMANDS["LINDEX"]
_LINSERT = COMMANDS["LINSERT"]
_LLEN = COMMANDS["LLEN"]
_LMOVE = COMMANDS["LMOVE"]
_LMOVEM = COMMANDS["LMOVEM"]
_LMPOP = COMMANDS["LMPOP"]
_LPOP = COMMANDS["LPOP"]
_LPOS = COMMANDS["LPOS"]
_LPUSH = COMMANDS["LPUSH"]
_LPUSHX = COMMANDS["LPUSHX"]
_LRANGE = COMMANDS["LRANGE"]
_LREM = COMMANDS["LREM"]
_LSET = COMMANDS["LSET"]
_LTRIM = COMMANDS["LTRIM"]
_RPOP = COMMANDS["RPOP"]
_RPOPLPUSH = COMMANDS["RPOPLPUSH"]
_RPUSH = COMMANDS["RPUSH"]
_RPUSHX = COMMANDS["RPUSHX"]

_ENDS = ("LEFT", "RIGHT")


class ListCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the list group.

    Those that wait do so on a connection of their own, so that nobody else waits with them; their ``timeout`` is in
    seconds, and 0 or None waits for ever.
    """

    __slots__ = ()

    def blmove(
        self, first_list: Key, second_list: Key, timeout: float | None, src: str = "LEFT", dest: str = "RIGHT"
    ) -> Pending[AnyStr | None]:
        """As :meth:`lmove`, waiting until there is an element.

        Redis command: BLMOVE

        Args:
            first_list: The list to take from.
            second_list: The list to push onto.
            timeout: How many seconds to wait; 0 or None for ever.
            src: Which end to take from: ``"LEFT"`` or ``"RIGHT"``.
            dest: Which end to push to.

        Returns:
            The element, or None where none came in time.

        Raises:
            DataError: ``timeout`` is negative, or ``src`` or ``dest`` is neither.
        """
        ends: tuple[str, str] = _ends("BLMOVE", src, dest)
        return self._execute(_BLMOVE, ("BLMOVE", first_list, second_list, *ends, block_seconds("BLMOVE", timeout)))

    def blmovem(
        self,
        first_list: Key,
        second_list: Key,
        timeout: float | None,
        src: str = "LEFT",
        dest: str = "RIGHT",
        count: int | None = None,
        mode: Literal["COUNT", "EXACTLY"] | None = None,
        ordering: Literal["OBO", "BULK"] | None = None,
    ) -> Pending[list[AnyStr] | None]:
        """As :meth:`lmovem`, waiting until there are elements enough.

        Redis command: BLMOVEM (Redis 8.10)

        Args:
            first_list: The list to take from.
            second_list: The list to push onto.
            timeout: How many seconds to wait; 0 or None for ever.
            src: Which end to take from: ``"LEFT"`` or ``"RIGHT"``.
            dest: Which end to push to.
            count: How many.
            mode: ``"COUNT"``: at most so many, as without it; ``"EXACTLY"``: so many or none.
            ordering: ``"OBO"``: one by one, or ``"BULK"``: in one piece; needed with ``count``.

        Returns:
            The elements in the order they have in ``second_list``, or None where none came in time.

        Raises:
            DataError: ``timeout`` is negative, a word is unknown, or only some of the last three are given.
        """
        ends: tuple[str, str] = _ends("BLMOVEM", src, dest)
        words: tuple[Encodable, ...] = ("BLMOVEM", first_list, second_list, *ends, block_seconds("BLMOVEM", timeout))
        return self._execute(_BLMOVEM, (*words, *_how_many("BLMOVEM", count, mode, ordering)))

    def blmpop(
        self, timeout: float | None, numkeys: int, *args: Key, direction: str, count: int | None = 1
    ) -> Pending[list[Any] | None]:
        """As :meth:`lmpop`, waiting until one of the lists has an element.

        Redis command: BLMPOP

        Args:
            timeout: How many seconds to wait; 0 or None for ever.
            numkeys: How many keys there are.
            args: The lists' keys.
            direction: Which end to take from: ``"LEFT"`` or ``"RIGHT"``.
            count: How many at most.

        Returns:
            A list of the key and the list of elements, or None where none came in time.

        Raises:
            DataError: ``timeout`` is negative, ``numkeys`` is not the number of keys, there is none, ``direction`` is
                neither, or ``count`` is below one.
        """
        wait = block_seconds("BLMPOP", timeout)
        return self._execute(_BLMPOP, ("BLMPOP", wait, *_popping("BLMPOP", "numkeys", numkeys, args, direction, count)))

    def blpop(self, keys: Key | Iterable[Key], timeout: float | None = 0) -> Pending[tuple[AnyStr, AnyStr] | None]:
        """Take an element off the left end of the first list that has any, waiting until there is one.

        Redis command: BLPOP

        Args:
            keys: The lists' keys, or one key.
            timeout: How many seconds to wait; 0 or None for ever.

        Returns:
            The key and the element, or None where none came in time.

        Raises:
            DataError: There is no key, or ``timeout`` is negative.
        """
        return self._execute(_BLPOP, _waiting(_BLPOP, keys, timeout), tuple_or_none)

    def brpop(self, keys: Key | Iterable[Key], timeout: float | None = 0) -> Pending[tuple[AnyStr, AnyStr] | None]:
        """Take an element off the right end of the first list that has any, waiting until there is one.

        Redis command: BRPOP

        Args:
            keys: The lists' keys, or one key.
            timeout: How many seconds to wait; 0 or None for ever.

        Returns:
            The key and the element, or None where none came in time.

        Raises:
            DataError: There is no key, or ``timeout`` is negative.
        """
        return self._execute(_BRPOP, _waiting(_BRPOP, keys, timeout), tuple_or_none)

    def brpoplpush(self, src: Key, dst: Key, timeout: float | None = 0) -> Pending[AnyStr | None]:
        """As :meth:`rpoplpush`, waiting until there is an element.

        Redis command: BRPOPLPUSH

        Args:
            src: The list to take from.
            dst: The list to push onto.
            timeout: How many seconds to wait; 0 or None for ever.

        Returns:
            The element, or None where none came in time.

        Raises:
            DataError: ``timeout`` is negative.
        """
        return self._execute(_BRPOPLPUSH, ("BRPOPLPUSH", src, dst, block_seconds("BRPOPLPUSH", timeout)))

    def lindex(self, name: Key, index: int) -> Pending[AnyStr | None]:
        """Return the element at ``index``, negative from the end; None where there is none.

        Redis command: LINDEX
        """
        return self._execute(_LINDEX, ("LINDEX", name, index))

    def linsert(self, name: Key, where: str, refvalue: Encodable, value: Encodable) -> Pending[int]:
        """Insert ``value`` beside the first element that equals ``refvalue``.

        Redis command: LINSERT

        Args:
            name: The list's key.
            where: ``"BEFORE"`` or ``"AFTER"``.
            refvalue: The element to look for.
            value: What to insert.

        Returns:
            The new length, -1 where ``refvalue`` was not found, 0 where there is no list.

        Raises:
            DataError: ``where`` is neither.
        """
        side = choice("LINSERT", "where", where, ("BEFORE", "AFTER"))
        return self._execute(_LINSERT, ("LINSERT", name, side, refvalue, value))

    def llen(self, name: Key) -> Pending[int]:
        """Return the length of the list, 0 where there is none.

        Redis command: LLEN
        """
        return self._execute(_LLEN, ("LLEN", name))

    def lmove(
        self, first_list: Key, second_list: Key, src: str = "LEFT", dest: str = "RIGHT"
    ) -> Pending[AnyStr | None]:
        """Take an element off one list and push it onto another.

        Redis command: LMOVE

        Args:
            first_list: The list to take from.
            second_list: The list to push onto.
            src: Which end to take from: ``"LEFT"`` or ``"RIGHT"``.
            dest: Which end to push to.

        Returns:
            The element, or None where there was none.

        Raises:
            DataError: ``src`` or ``dest`` is neither.
        """
        return self._execute(_LMOVE, ("LMOVE", first_list, second_list, *_ends("LMOVE", src, dest)))

    def lmovem(
        self,
        first_list: Key,
        second_list: Key,
        src: str = "LEFT",
        dest: str = "RIGHT",
        count: int | None = None,
        mode: Literal["COUNT", "EXACTLY"] | None = None,
        ordering: Literal["OBO", "BULK"] | None = None,
    ) -> Pending[list[AnyStr] | None]:
        """Take elements off one list and push them onto another.

        Redis command: LMOVEM (Redis 8.10)

        Args:
            first_list: The list to take from.
            second_list: The list to push onto.
            src: Which end to take from: ``"LEFT"`` or ``"RIGHT"``.
            dest: Which end to push to.
            count: How many; one by default.
            mode: ``"COUNT"``: at most so many, as without it; ``"EXACTLY"``: so many or none.
            ordering: ``"OBO"``: one by one, or ``"BULK"``: in one piece; needed with ``count``.

        Returns:
            The elements in the order they have in ``second_list``, or None where none was moved.

        Raises:
            DataError: A word is unknown, or only some of the last three are given.
        """
        words: tuple[Encodable, ...] = ("LMOVEM", first_list, second_list, *_ends("LMOVEM", src, dest))
        return self._execute(_LMOVEM, (*words, *_how_many("LMOVEM", count, mode, ordering)))

    def lmpop(self, num_keys: int, *args: Key, direction: str, count: int | None = 1) -> Pending[list[Any] | None]:
        """Take elements off the first of several lists that has any.

        Redis command: LMPOP

        Args:
            num_keys: How many keys there are.
            args: The lists' keys.
            direction: Which end to take from: ``"LEFT"`` or ``"RIGHT"``.
            count: How many at most.

        Returns:
            A list of the key and the list of elements, or None where all are empty.

        Raises:
            DataError: ``num_keys`` is not the number of keys, there is none, ``direction`` is neither, or ``count``
                is below one.
        """
        return self._execute(_LMPOP, ("LMPOP", *_popping("LMPOP", "num_keys", num_keys, args, direction, count)))

    @overload
    def lpop(self, name: Key, count: None = ...) -> Pending[AnyStr | None]: ...
    @overload
    def lpop(self, name: Key, count: int) -> Pending[list[AnyStr] | None]: ...
    def lpop(self, name: Key, count: int | None = None) -> Pending[AnyStr | None] | Pending[list[AnyStr] | None]:
        """Take elements off the left end.

        Redis command: LPOP

        Args:
            name: The list's key.
            count: How many at most.

        Returns:
            One element; with ``count`` a list of them; None where there is no list.

        Raises:
            DataError: ``count`` is negative.
        """
        if count is None:
            return self._execute(_LPOP, ("LPOP", name))
        return self._execute(_LPOP, ("LPOP", name, not_negative("LPOP", "count", count)))

    @overload
    def lpos(
        self, name: Key, value: Encodable, rank: int | None = ..., count: None = ..., maxlen: int | None = ...
    ) -> Pending[int | None]: ...
    @overload
    def lpos(
        self, name: Key, value: Encodable, rank: int | None = ..., *, count: int, maxlen: int | None = ...
    ) -> Pending[list[int]]: ...
    def lpos(
        self,
        name: Key,
        value: Encodable,
        rank: int | None = None,
        count: int | None = None,
        maxlen: int | None = None,
    ) -> Pending[int | None] | Pending[list[int]]:
        """Find elements that equal ``value``.

        Redis command: LPOS

        Args:
            name: The list's key.
            value: The element to look for.
            rank: Begin with the rank-th match; negative searches from the right end.
            count: Return the positions of so many matches, 0 of all.
            maxlen: Compare so many elements at most, 0 all.

        Returns:
            The position, None where there is none; with ``count`` a list of positions.

        Raises:
            DataError: ``rank`` is 0, or ``count`` or ``maxlen`` is negative.
        """
        words: list[Encodable] = ["LPOS", name, value]
        if rank is not None:
            if rank == 0:
                raise bad_argument("LPOS", "rank must not be 0")
            words += ("RANK", rank)
        if count is not None:
            words += ("COUNT", not_negative("LPOS", "count", count))
        if maxlen is not None:
            words += ("MAXLEN", not_negative("LPOS", "maxlen", maxlen))
        return self._execute(_LPOS, tuple(words))

    def lpush(self, name: Key, *values: Encodable) -> Pending[int]:
        """Push elements onto the left end, one after the other.

        Redis command: LPUSH

        Returns:
            The new length.

        Raises:
            DataError: There is no value.
        """
        return self._execute(_LPUSH, ("LPUSH", name, *non_empty("LPUSH", "values", values)))

    def lpushx(self, name: Key, *values: Encodable) -> Pending[int]:
        """As :meth:`lpush`, if the list exists.

        Redis command: LPUSHX

        Returns:
            The new length, 0 where there is no list.

        Raises:
            DataError: There is no value.
        """
        return self._execute(_LPUSHX, ("LPUSHX", name, *non_empty("LPUSHX", "values", values)))

    def lrange(self, name: Key, start: int, end: int) -> Pending[list[AnyStr]]:
        """Return elements ``start`` to ``end``, both included, negative from the end.

        Redis command: LRANGE
        """
        return self._execute(_LRANGE, ("LRANGE", name, start, end))

    def lrem(self, name: Key, count: int, value: Encodable) -> Pending[int]:
        """Remove elements that equal ``value``.

        Redis command: LREM

        Args:
            name: The list's key.
            count: How many from the left end; from the right end where negative; all where 0.
            value: The element to look for.

        Returns:
            How many were removed.
        """
        return self._execute(_LREM, ("LREM", name, count, value))

    def lset(self, name: Key, index: int, value: Encodable) -> Pending[bool]:
        """Replace the element at ``index``, negative from the end.

        Redis command: LSET

        Raises:
            ResponseError: There is no list, or no such element.
        """
        return self._execute(_LSET, ("LSET", name, index, value), ok)

    def ltrim(self, name: Key, start: int, end: int) -> Pending[bool]:
        """Keep elements ``start`` to ``end`` only, both included, negative from the end.

        Redis command: LTRIM
        """
        return self._execute(_LTRIM, ("LTRIM", name, start, end), ok)

    @overload
    def rpop(self, name: Key, count: None = ...) -> Pending[AnyStr | None]: ...
    @overload
    def rpop(self, name: Key, count: int) -> Pending[list[AnyStr] | None]: ...
    def rpop(self, name: Key, count: int | None = None) -> Pending[AnyStr | None] | Pending[list[AnyStr] | None]:
        """Take elements off the right end.

        Redis command: RPOP

        Args:
            name: The list's key.
            count: How many at most.

        Returns:
            One element; with ``count`` a list of them; None where there is no list.

        Raises:
            DataError: ``count`` is negative.
        """
        if count is None:
            return self._execute(_RPOP, ("RPOP", name))
        return self._execute(_RPOP, ("RPOP", name, not_negative("RPOP", "count", count)))

    def rpoplpush(self, src: Key, dst: Key) -> Pending[AnyStr | None]:
        """Take an element off the right end of ``src`` and push it onto the left end of ``dst``.

        Redis command: RPOPLPUSH
        """
        return self._execute(_RPOPLPUSH, ("RPOPLPUSH", src, dst))

    def rpush(self, name: Key, *values: Encodable) -> Pending[int]:
        """Push elements onto the right end, one after the other.

        Redis command: RPUSH

        Returns:
            The new length.

        Raises:
            DataError: There is no value.
        """
        return self._execute(_RPUSH, ("RPUSH", name, *non_empty("RPUSH", "values", values)))

    def rpushx(self, name: Key, *values: Encodable) -> Pending[int]:
        """As :meth:`rpush`, if the list exists.

        Redis command: RPUSHX

        Returns:
            The new length, 0 where there is no list.

        Raises:
            DataError: There is no value.
        """
        return self._execute(_RPUSHX, ("RPUSHX", name, *non_empty("RPUSHX", "values", values)))


def _ends(command: str, src: str, dest: str) -> tuple[str, str]:
    """Which end to take from, and which end to push to."""
    return choice(command, "src", src, _ENDS), choice(command, "dest", dest, _ENDS)


def _how_many(command: str, count: int | None, mode: str | None, ordering: str | None) -> tuple[Encodable, ...]:
    """How many elements to move, and in what order."""
    if count is None:
        if mode is not None or ordering is not None:
            raise bad_argument(command, "mode and ordering need count")
        return ()
    if ordering is None:
        raise bad_argument(command, "count needs ordering: OBO or BULK")
    limit = choice(command, "mode", mode or "COUNT", ("COUNT", "EXACTLY"))
    return limit, positive(command, "count", count), choice(command, "ordering", ordering, ("OBO", "BULK"))


def _waiting(command: Command, keys: Key | Iterable[Key], timeout: float | None) -> tuple[Encodable, ...]:
    """A command that waits for the first of several lists."""
    name = command.name
    return (name, *some_keys(name, keys), block_seconds(name, timeout))


def _popping(
    command: str, argument: str, number: int, keys: tuple[Key, ...], direction: str, count: int | None
) -> list[Encodable]:
    """What LMPOP and BLMPOP have in common; ``argument`` is what the method calls the number of keys."""
    some_keys(command, keys)
    if whole_number(number) != len(keys):
        raise bad_argument(command, f"{argument} is not the number of keys")
    words: list[Encodable] = [number, *keys, choice(command, "direction", direction, _ENDS)]
    if count is not None and count != 1:
        words += ("COUNT", positive(command, "count", count))
    return words
