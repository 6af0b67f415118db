# Generated from multiplexer/asyncio/commands/modules/bloom.py by scripts/generate_blocking.py; change that file instead.
"""Commands on Bloom filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ....core.commands.arguments import flag_words, non_empty, not_negative, number
from ....core.commands.command_table import COMMANDS
from ....core.results.bloom import BloomInfo, dump_chunk, to_int, to_ints
from ....core.results.common import ok
from ....core.types import AnyStr, Encodable, Key
from .group import ModuleGroup

if TYPE_CHECKING:
    from ..chained import ChainedBloomCommands

_ADD = COMMANDS["BF.ADD"]
_CARD = COMMANDS["BF.CARD"]
_EXISTS = COMMANDS["BF.EXISTS"]
_INFO = COMMANDS["BF.INFO"]
_INSERT = COMMANDS["BF.INSERT"]
_LOADCHUNK = COMMANDS["BF.LOADCHUNK"]
_MADD = COMMANDS["BF.MADD"]
_MEXISTS = COMMANDS["BF.MEXISTS"]
_RESERVE = COMMANDS["BF.RESERVE"]
_SCANDUMP = COMMANDS["BF.SCANDUMP"]


class BloomCommands(ModuleGroup[AnyStr]):
    """Typed methods for the BF group: sets that answer "certainly not" or "probably"."""

    __slots__ = ()

    if TYPE_CHECKING:

        def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedBloomCommands[AnyStr]: ...

    def create(
        self,
        key: Key,
        errorRate: float,
        capacity: int,
        expansion: int | None = None,
        noScale: bool | None = None,
    ) -> bool:
        """Create a filter.

        Redis command: BF.RESERVE

        Args:
            key: The key.
            errorRate: Probability, between 0 and 1, of saying yes to what was never added.
            capacity: How many items it is made for.
            expansion: How many times larger each further layer is, once it is full.
            noScale: Let adding fail instead, once it is full.

        Raises:
            DataError: ``errorRate`` is NaN, or ``capacity`` is negative.
        """
        words: list[Encodable] = ["BF.RESERVE", key, number("BF.RESERVE", "errorRate", errorRate)]
        words.append(not_negative("BF.RESERVE", "capacity", capacity))
        if expansion is not None:
            words += ("EXPANSION", not_negative("BF.RESERVE", "expansion", expansion))
        words += flag_words(nonscaling=bool(noScale))
        return self._execute(_RESERVE, tuple(words), ok)

    reserve = create

    def add(self, key: Key, item: Encodable) -> int:
        """Add an item; the filter is created where it does not exist.

        Redis command: BF.ADD

        Returns:
            1 if it is new, 0 if it was probably there.
        """
        return self._execute(_ADD, ("BF.ADD", key, item), to_int)

    def madd(self, key: Key, *items: Encodable) -> list[int]:
        """Add several items; the filter is created where it does not exist.

        Redis command: BF.MADD

        Returns:
            For each item 1 if it is new, 0 if it was probably there. An error stands in the place of the first one
            that there is no room for, and nothing for those after it.

        Raises:
            DataError: There is no item.
        """
        return self._execute(_MADD, ("BF.MADD", key, *non_empty("BF.MADD", "items", items)), to_ints)

    def insert(
        self,
        key: Key,
        items: Sequence[Encodable],
        capacity: int | None = None,
        error: float | None = None,
        noCreate: bool | None = None,
        expansion: int | None = None,
        noScale: bool | None = None,
    ) -> list[int]:
        """Add several items to a filter that is created, if need be, with the options given.

        Redis command: BF.INSERT

        Args:
            key: The key.
            items: What to add.
            capacity: How many items a new filter is made for.
            error: A new filter's probability, between 0 and 1, of a wrong yes.
            noCreate: Fail where the filter does not exist.
            expansion: How many times larger each further layer of a new filter is.
            noScale: Let adding fail once a new filter is full.

        Returns:
            As :meth:`madd`.

        Raises:
            DataError: There is no item, or an option makes no sense.
        """
        words: list[Encodable] = ["BF.INSERT", key]
        if capacity is not None:
            words += ("CAPACITY", not_negative("BF.INSERT", "capacity", capacity))
        if error is not None:
            words += ("ERROR", number("BF.INSERT", "error", error))
        if expansion is not None:
            words += ("EXPANSION", not_negative("BF.INSERT", "expansion", expansion))
        words += flag_words(nocreate=bool(noCreate), nonscaling=bool(noScale))
        words += ("ITEMS", *non_empty("BF.INSERT", "items", items))
        return self._execute(_INSERT, tuple(words), to_ints)

    def exists(self, key: Key, item: Encodable) -> int:
        """Tell whether an item was added: 1 means probably, 0 means certainly not.

        Redis command: BF.EXISTS
        """
        return self._execute(_EXISTS, ("BF.EXISTS", key, item), to_int)

    def mexists(self, key: Key, *items: Encodable) -> list[int]:
        """As :meth:`exists`, for several items.

        Redis command: BF.MEXISTS

        Raises:
            DataError: There is no item.
        """
        return self._execute(_MEXISTS, ("BF.MEXISTS", key, *non_empty("BF.MEXISTS", "items", items)), to_ints)

    def scandump(self, key: Key, iter: int) -> tuple[int, bytes | None]:
        """Return one piece of a filter, for :meth:`loadchunk`.

        Redis command: BF.SCANDUMP

        Args:
            key: The key.
            iter: 0 at first, then the number the call before returned.

        Returns:
            The number to go on with (0 at the end) and the piece, always in bytes.
        """
        return self._execute(_SCANDUMP, ("BF.SCANDUMP", key, iter), dump_chunk, decode=False)

    def loadchunk(self, key: Key, iter: int, data: bytes) -> AnyStr:
        """Restore one piece that :meth:`scandump` returned.

        Redis command: BF.LOADCHUNK

        Returns:
            ``OK``.
        """
        return self._execute(_LOADCHUNK, ("BF.LOADCHUNK", key, iter, data))

    def info(self, key: Key) -> BloomInfo:
        """Return what there is to know about a filter.

        Redis command: BF.INFO
        """
        return self._execute(_INFO, ("BF.INFO", key), BloomInfo.from_reply)

    def card(self, key: Key) -> int:
        """Return how many distinct items were added, 0 where the filter does not exist.

        Redis command: BF.CARD
        """
        return self._execute(_CARD, ("BF.CARD", key))
