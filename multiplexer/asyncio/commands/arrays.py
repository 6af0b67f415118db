"""Commands on arrays: values at indexes, with any gaps between them (Redis 8.8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

from ...core.commands.arguments import bad_argument, choice, flatten_mapping, non_empty, not_negative, positive
from ...core.commands.command_table import COMMANDS
from ...core.results.common import text_keyed
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

#: An end of a range of indexes: an index, ``"-"`` for the lowest or ``"+"`` for the highest there is.
ArrayBound: TypeAlias = int | str | bytes
#: How :meth:`ArrayCommands.argrep` compares: equal, containing a text, a glob-style pattern or a regular expression.
ArrayPredicate: TypeAlias = Literal["EXACT", "MATCH", "GLOB", "RE"]
#: What :meth:`ArrayCommands.arop` makes of the values.
ArrayOperation: TypeAlias = Literal["SUM", "MIN", "MAX", "AND", "OR", "XOR", "MATCH", "USED"]

_PREDICATES = ("EXACT", "MATCH", "GLOB", "RE")
_OPERATIONS = ("SUM", "MIN", "MAX", "AND", "OR", "XOR", "MATCH", "USED")

_ARCOUNT = COMMANDS["ARCOUNT"]
_ARDEL = COMMANDS["ARDEL"]
_ARDELRANGE = COMMANDS["ARDELRANGE"]
_ARGET = COMMANDS["ARGET"]
_ARGETRANGE = COMMANDS["ARGETRANGE"]
_ARGREP = COMMANDS["ARGREP"]
_ARINFO = COMMANDS["ARINFO"]
_ARINSERT = COMMANDS["ARINSERT"]
_ARLASTITEMS = COMMANDS["ARLASTITEMS"]
_ARLEN = COMMANDS["ARLEN"]
_ARMGET = COMMANDS["ARMGET"]
_ARMSET = COMMANDS["ARMSET"]
_ARNEXT = COMMANDS["ARNEXT"]
_AROP = COMMANDS["AROP"]
_ARRING = COMMANDS["ARRING"]
_ARSCAN = COMMANDS["ARSCAN"]
_ARSEEK = COMMANDS["ARSEEK"]
_ARSET = COMMANDS["ARSET"]


class ArrayCommands(CommandSurface[AnyStr]):
    """Typed methods for arrays. All of them need Redis 8.8."""

    __slots__ = ()

    def arcount(self, name: Key) -> Pending[int]:
        """Return how many indexes have a value.

        Redis command: ARCOUNT
        """
        return self._execute(_ARCOUNT, ("ARCOUNT", name))

    def ardel(self, name: Key, *indices: int) -> Pending[int]:
        """Remove the values at some indexes; return how many there were.

        Redis command: ARDEL

        Raises:
            DataError: There is no index.
        """
        return self._execute(_ARDEL, ("ARDEL", name, *non_empty("ARDEL", "indices", indices)))

    def ardelrange(self, name: Key, *ranges: tuple[int, int]) -> Pending[int]:
        """Remove the values in ranges of indexes, both ends included; return how many there were.

        Redis command: ARDELRANGE

        Raises:
            DataError: There is no range.
        """
        bounds: list[int] = [
            index for first_and_last in non_empty("ARDELRANGE", "ranges", ranges) for index in first_and_last
        ]
        return self._execute(_ARDELRANGE, ("ARDELRANGE", name, *bounds))

    def arget(self, name: Key, index: int) -> Pending[AnyStr | None]:
        """Return the value at ``index``, or None where there is none.

        Redis command: ARGET
        """
        return self._execute(_ARGET, ("ARGET", name, index))

    def argetrange(self, name: Key, start: int, end: int) -> Pending[list[AnyStr | None]]:
        """Return the values at indexes ``start`` to ``end``, both included, None where there is none.

        Redis command: ARGETRANGE
        """
        return self._execute(_ARGETRANGE, ("ARGETRANGE", name, start, end))

    def argrep(
        self,
        name: Key,
        start: ArrayBound,
        end: ArrayBound,
        predicates: Iterable[tuple[ArrayPredicate, Encodable]],
        combinator: Literal["AND", "OR"] | None = None,
        limit: int | None = None,
        withvalues: bool = False,
        nocase: bool = False,
    ) -> Pending[list[Any]]:
        """Find values.

        Redis command: ARGREP

        Args:
            name: The array.
            start: The first index to look at.
            end: The last index to look at.
            predicates: What a value must be like: pairs of how to compare (``"EXACT"``, ``"MATCH"``: contains,
                ``"GLOB"``, ``"RE"``) and what to compare with.
            combinator: ``"AND"``: all of them; ``"OR"``: any of them, as without it.
            limit: How many values at most.
            withvalues: Return the values too.
            nocase: Take capitals and small letters for equal.

        Returns:
            The indexes, or with ``withvalues`` lists of index and value.

        Raises:
            DataError: There is no predicate, a word is unknown, or ``limit`` is below one.
        """
        words: list[Encodable] = ["ARGREP", name, start, end]
        for kind, operand in non_empty("ARGREP", "predicates", list(predicates)):
            words += (choice("ARGREP", "predicates", kind, _PREDICATES), operand)
        if combinator is not None:
            words.append(choice("ARGREP", "combinator", combinator, ("AND", "OR")))
        if limit is not None:
            words += ("LIMIT", positive("ARGREP", "limit", limit))
        if withvalues:
            words.append("WITHVALUES")
        if nocase:
            words.append("NOCASE")
        return self._execute(_ARGREP, tuple(words))

    def arinfo(self, name: Key, full: bool = False) -> Pending[dict[str, Any]]:
        """Return what the server says about the array, by the server's names such as ``"count"`` and ``"len"``.

        Redis command: ARINFO

        Args:
            name: The array.
            full: Include statistics of its parts.
        """
        return self._execute(_ARINFO, ("ARINFO", name, "FULL") if full else ("ARINFO", name), text_keyed)

    def arinsert(self, name: Key, *values: Encodable) -> Pending[int]:
        """Set values where the last insertion ended; return the index of the last of them.

        Redis command: ARINSERT

        Raises:
            DataError: There is no value.
        """
        return self._execute(_ARINSERT, ("ARINSERT", name, *non_empty("ARINSERT", "values", values)))

    def arlastitems(self, name: Key, count: int, rev: bool = False) -> Pending[list[AnyStr | None]]:
        """Return the values that were inserted last.

        Redis command: ARLASTITEMS

        Args:
            name: The array.
            count: How many at most.
            rev: The newest first.

        Raises:
            DataError: ``count`` is negative.
        """
        words: tuple[Encodable, ...] = ("ARLASTITEMS", name, not_negative("ARLASTITEMS", "count", count))
        return self._execute(_ARLASTITEMS, (*words, "REV") if rev else words)

    def arlen(self, name: Key) -> Pending[int]:
        """Return the highest index that has a value, plus one.

        Redis command: ARLEN
        """
        return self._execute(_ARLEN, ("ARLEN", name))

    def armget(self, name: Key, *indices: int) -> Pending[list[AnyStr | None]]:
        """Return the values at some indexes, None where there is none.

        Redis command: ARMGET

        Raises:
            DataError: There is no index.
        """
        return self._execute(_ARMGET, ("ARMGET", name, *non_empty("ARMGET", "indices", indices)))

    def armset(self, name: Key, mapping: Mapping[int, Encodable]) -> Pending[int]:
        """Set values, given by index; return how many indexes had none before.

        Redis command: ARMSET

        Raises:
            DataError: ``mapping`` is empty.
        """
        return self._execute(_ARMSET, ("ARMSET", name, *flatten_mapping("ARMSET", mapping)))

    def arnext(self, name: Key) -> Pending[int | None]:
        """Return the index where :meth:`arinsert` goes on, or None where there is none left.

        Redis command: ARNEXT
        """
        return self._execute(_ARNEXT, ("ARNEXT", name))

    def arop(
        self,
        name: Key,
        start: ArrayBound,
        end: ArrayBound,
        operation: ArrayOperation,
        value: Encodable | None = None,
    ) -> Pending[AnyStr | int | None]:
        """Make one result of the values in a range.

        Redis command: AROP

        Args:
            name: The array.
            start: The first index.
            end: The last index.
            operation: ``"SUM"``, ``"MIN"``, ``"MAX"``, ``"AND"``, ``"OR"``, ``"XOR"``, ``"MATCH"`` (how many equal
                ``value``) or ``"USED"`` (how many there are).
            value: What to compare with; for ``"MATCH"`` only.

        Returns:
            The result: a number, or the server's text for it; None where there are no values.

        Raises:
            DataError: ``operation`` is unknown, or ``value`` is missing or out of place.
        """
        word = choice("AROP", "operation", operation, _OPERATIONS)
        if (word == "MATCH") != (value is not None):
            raise bad_argument("AROP", "value must be given with MATCH, and only then")
        words: tuple[Encodable, ...] = ("AROP", name, start, end, word)
        return self._execute(_AROP, words if value is None else (*words, value))

    def arring(self, name: Key, size: int, *values: Encodable) -> Pending[int]:
        """Set values as :meth:`arinsert` does, beginning anew after ``size`` of them; return the last one's index.

        Redis command: ARRING

        Raises:
            DataError: There is no value, or ``size`` is below one.
        """
        words = ("ARRING", name, positive("ARRING", "size", size), *non_empty("ARRING", "values", values))
        return self._execute(_ARRING, words)

    def arscan(self, name: Key, start: int, end: int, limit: int | None = None) -> Pending[list[list[Any]]]:
        """Return index and value of each value in a range.

        Redis command: ARSCAN

        Args:
            name: The array.
            start: The first index.
            end: The last index; below ``start`` to go backwards.
            limit: How many at most.

        Raises:
            DataError: ``limit`` is below one.
        """
        words: tuple[Encodable, ...] = ("ARSCAN", name, start, end)
        if limit is not None:
            words += ("LIMIT", positive("ARSCAN", "limit", limit))
        return self._execute(_ARSCAN, words)

    def arseek(self, name: Key, index: int) -> Pending[int]:
        """Set the index where :meth:`arinsert` goes on; return 1, or 0 where there is no such array.

        Redis command: ARSEEK

        Raises:
            DataError: ``index`` is negative.
        """
        return self._execute(_ARSEEK, ("ARSEEK", name, not_negative("ARSEEK", "index", index)))

    def arset(self, name: Key, index: int, *values: Encodable) -> Pending[int]:
        """Set values at ``index`` and those that follow; return how many of these had none before.

        Redis command: ARSET

        Raises:
            DataError: There is no value, or ``index`` is negative.
        """
        words = ("ARSET", name, not_negative("ARSET", "index", index), *non_empty("ARSET", "values", values))
        return self._execute(_ARSET, words)
