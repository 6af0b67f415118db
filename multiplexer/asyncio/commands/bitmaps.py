"""Commands on strings seen as bits."""

from __future__ import annotations

from typing import Any, Generic

from ...core.commands.arguments import bad_argument, choice, non_empty, not_negative
from ...core.commands.command_table import COMMANDS
from ...core.types import AnyStr, Encodable, Key, Pending
from .surface import CommandSurface

_BITCOUNT = COMMANDS["BITCOUNT"]
_BITFIELD = COMMANDS["BITFIELD"]
_BITFIELD_RO = COMMANDS["BITFIELD_RO"]
_BITOP = COMMANDS["BITOP"]
_BITPOS = COMMANDS["BITPOS"]
_GETBIT = COMMANDS["GETBIT"]
_SETBIT = COMMANDS["SETBIT"]

_UNITS = ("BYTE", "BIT")
_OVERFLOWS = ("WRAP", "SAT", "FAIL")
_OPERATIONS = ("AND", "OR", "XOR", "NOT", "DIFF", "DIFF1", "ANDOR", "ONE")

#: Where a field lies: a bit's number, or ``"#n"`` for the n-th field of the width.
BitOffset = int | str


class BitFieldOperation(Generic[AnyStr]):
    """Collects the parts of one BITFIELD; made by :meth:`BitmapCommands.bitfield`.

    Every method returns the object itself, until :meth:`execute` sends what was collected.
    """

    __slots__ = ("_default_overflow", "_key", "_last_overflow", "_surface", "_words")

    def __init__(self, surface: CommandSurface[AnyStr], key: Key, default_overflow: str | None = None) -> None:
        self._surface: CommandSurface[AnyStr] = surface
        self._key = key
        self._default_overflow = "WRAP" if default_overflow is None else _overflow_word(default_overflow)
        self.reset()

    def reset(self) -> None:
        """Forget everything collected so far."""
        self._words: list[Encodable] = []
        self._last_overflow = "WRAP"  # what the server starts with
        self.overflow(self._default_overflow)

    def overflow(self, overflow: str) -> BitFieldOperation[AnyStr]:
        """Say what the increments after this do at the end of their range.

        Args:
            overflow: ``"WRAP"``, ``"SAT"`` or ``"FAIL"`` (the result is None then).

        Raises:
            DataError: It is none of these.
        """
        word = _overflow_word(overflow)
        if word != self._last_overflow:
            self._last_overflow = word
            self._words += ("OVERFLOW", word)
        return self

    def incrby(
        self, fmt: str, offset: BitOffset, increment: int, overflow: str | None = None
    ) -> BitFieldOperation[AnyStr]:
        """Add to a field; the result is its new value.

        Args:
            fmt: The field's type and width, such as ``"u8"`` or ``"i16"``.
            offset: Where it lies.
            increment: What to add.
            overflow: As :meth:`overflow`, for this and the increments after it.

        Raises:
            DataError: ``overflow`` is unknown.
        """
        if overflow is not None:
            self.overflow(overflow)
        self._words += ("INCRBY", fmt, offset, increment)
        return self

    def get(self, fmt: str, offset: BitOffset) -> BitFieldOperation[AnyStr]:
        """Read a field; the result is its value."""
        self._words += ("GET", fmt, offset)
        return self

    def set(self, fmt: str, offset: BitOffset, value: int) -> BitFieldOperation[AnyStr]:
        """Set a field; the result is the value it had before."""
        self._words += ("SET", fmt, offset, value)
        return self

    @property
    def command(self) -> list[Encodable]:
        """The words of the command as collected so far."""
        return ["BITFIELD", self._key, *self._words]

    def execute(self) -> Pending[list[int | None]]:
        """Send what was collected, and start anew.

        Redis command: BITFIELD

        Returns:
            One result for each part, in order.
        """
        words = tuple(self.command)
        self.reset()
        return self._surface._execute(_BITFIELD, words)


class BitmapCommands(CommandSurface[AnyStr]):
    """Typed methods for the commands of the bitmap group."""

    __slots__ = ()

    def bitcount(
        self, key: Key, start: int | None = None, end: int | None = None, mode: str | None = None
    ) -> Pending[int]:
        """Count the bits that are set.

        Redis command: BITCOUNT

        Args:
            key: The string's key.
            start: First byte (or bit) of a range, negative from the end.
            end: Last byte (or bit) of the range, included.
            mode: What the range counts: ``"BYTE"`` or ``"BIT"``.

        Raises:
            DataError: Only one of ``start`` and ``end`` is given, or ``mode`` without them or unknown.
        """
        if (start is None) != (end is None):
            raise bad_argument("BITCOUNT", "start and end must both be given, or neither")
        return self._execute(_BITCOUNT, ("BITCOUNT", key, *_bit_range("BITCOUNT", start, end, mode)))

    def bitfield(self, key: Key, default_overflow: str | None = None) -> BitFieldOperation[AnyStr]:
        """Start a BITFIELD, whose parts are added by the methods of what is returned.

        Args:
            key: The string's key.
            default_overflow: ``"WRAP"`` (as when None), ``"SAT"`` or ``"FAIL"``.

        Raises:
            DataError: ``default_overflow`` is unknown.
        """
        return BitFieldOperation(self, key, default_overflow)

    def bitfield_ro(
        self,
        key: Key,
        encoding: str,
        offset: BitOffset,
        items: list[tuple[str, BitOffset]] | None = None,
    ) -> Pending[list[int]]:
        """Read fields of a string; a replica may answer.

        Redis command: BITFIELD_RO

        Args:
            key: The string's key.
            encoding: The first field's type and width, such as ``"u8"``.
            offset: Where it lies: a bit's number, or ``"#n"`` for the n-th field of that width.
            items: Encoding and offset of further fields.
        """
        words: list[Encodable] = ["BITFIELD_RO", key, "GET", encoding, offset]
        for item_encoding, item_offset in items or ():
            words += ("GET", item_encoding, item_offset)
        return self._execute(_BITFIELD_RO, tuple(words))

    def bitop(self, operation: str, dest: Key, *keys: Key) -> Pending[int]:
        """Combine strings bit by bit and store the result at ``dest``.

        Redis command: BITOP

        Args:
            operation: ``"AND"``, ``"OR"``, ``"XOR"``, ``"NOT"``; with Redis 8.2 also ``"DIFF"``, ``"DIFF1"``,
                ``"ANDOR"`` and ``"ONE"``.
            dest: Where to store the result.
            keys: The strings; exactly one for ``"NOT"``.

        Returns:
            The length of the result in bytes.

        Raises:
            DataError: ``operation`` is unknown, or the number of keys does not fit it.
        """
        word = choice("BITOP", "operation", operation, _OPERATIONS)
        if word == "NOT" and len(keys) != 1:
            raise bad_argument("BITOP", "keys must be exactly one for NOT")
        return self._execute(_BITOP, ("BITOP", word, dest, *non_empty("BITOP", "keys", keys)))

    def bitpos(
        self, key: Key, bit: int, start: int | None = None, end: int | None = None, mode: str | None = None
    ) -> Pending[int]:
        """Return the position of the first bit that is ``bit``, -1 where there is none.

        Redis command: BITPOS

        Args:
            key: The string's key.
            bit: 0 or 1.
            start: First byte (or bit) to look at, negative from the end.
            end: Last byte (or bit) to look at.
            mode: What the range counts: ``"BYTE"`` or ``"BIT"``.

        Raises:
            DataError: ``bit`` is neither 0 nor 1, ``end`` is given without ``start``, or ``mode`` is unknown or given
                without both.
        """
        if bit not in (0, 1):
            raise bad_argument("BITPOS", "bit must be 0 or 1")
        if start is None and end is not None:
            raise bad_argument("BITPOS", "end needs start")
        return self._execute(_BITPOS, ("BITPOS", key, bit, *_bit_range("BITPOS", start, end, mode)))

    def getbit(self, name: Key, offset: int) -> Pending[int]:
        """Return the bit at ``offset``: 0 or 1.

        Redis command: GETBIT

        Raises:
            DataError: ``offset`` is negative.
        """
        return self._execute(_GETBIT, ("GETBIT", name, not_negative("GETBIT", "offset", offset)))

    def setbit(self, name: Key, offset: int, value: int) -> Pending[int]:
        """Set the bit at ``offset`` to 1 if ``value`` is true, else to 0.

        Redis command: SETBIT

        Returns:
            The bit it was before.

        Raises:
            DataError: ``offset`` is negative.
        """
        return self._execute(_SETBIT, ("SETBIT", name, not_negative("SETBIT", "offset", offset), 1 if value else 0))


def _overflow_word(overflow: str) -> str:
    return choice("BITFIELD", "overflow", overflow, _OVERFLOWS)


def _bit_range(command: str, start: int | None, end: int | None, mode: str | None) -> tuple[Any, ...]:
    if mode is None:
        return tuple(bound for bound in (start, end) if bound is not None)
    if start is None or end is None:
        raise bad_argument(command, "mode needs start and end")
    return start, end, choice(command, "mode", mode, _UNITS)
