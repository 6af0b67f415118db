# Generated from multiplexer/asyncio/commands/modules/top_k.py by scripts/generate_blocking.py; change that file instead.
"""Commands on lists of the most frequent items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ....core.commands.arguments import bad_argument, flag_words, non_empty, not_negative, number
from ....core.commands.command_table import COMMANDS
from ....core.results.bloom import TopKInfo, to_ints
from ....core.results.common import ok, to_list
from ....core.types import AnyStr, Encodable, Key
from .count_min_sketch import in_pairs
from .group import ModuleGroup

if TYPE_CHECKING:
    from ..chained import ChainedTopKCommands

_ADD = COMMANDS["TOPK.ADD"]
_COUNT = COMMANDS["TOPK.COUNT"]
_INCRBY = COMMANDS["TOPK.INCRBY"]
_INFO = COMMANDS["TOPK.INFO"]
_LIST = COMMANDS["TOPK.LIST"]
_QUERY = COMMANDS["TOPK.QUERY"]
_RESERVE = COMMANDS["TOPK.RESERVE"]

#: How much an item can be counted at once.
_HIGHEST = 100_000

_T = TypeVar("_T")
#: A list, in a class that has a method of that name.
Items = list[_T]


class TopKCommands(ModuleGroup[AnyStr]):
    """Typed methods for the TOPK group: the ``k`` items that came most often, more or less."""

    __slots__ = ()

    if TYPE_CHECKING:

        def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedTopKCommands[AnyStr]: ...

    def reserve(self, key: Key, k: int, width: int, depth: int, decay: float) -> bool:
        """Create a list.

        Redis command: TOPK.RESERVE

        Args:
            key: The key.
            k: How many items to keep.
            width: Counters in each row.
            depth: Rows.
            decay: Probability, between 0 and 1, of lowering a counter that is taken.

        Raises:
            DataError: A number is negative or NaN.
        """
        for name, value in (("k", k), ("width", width), ("depth", depth)):
            not_negative("TOPK.RESERVE", name, value)
        number("TOPK.RESERVE", "decay", decay)
        return self._execute(_RESERVE, ("TOPK.RESERVE", key, k, width, depth, decay), ok)

    def add(self, key: Key, *items: Encodable) -> Items[AnyStr | None]:
        """Count items, each once.

        Redis command: TOPK.ADD

        Returns:
            For each the item that dropped out of the list for it, or None.

        Raises:
            DataError: There is no item.
        """
        return self._execute(_ADD, ("TOPK.ADD", key, *non_empty("TOPK.ADD", "items", items)), to_list)

    def incrby(self, key: Key, items: Sequence[Encodable], increments: Sequence[int]) -> Items[AnyStr | None]:
        """Count items: each by the increment at its place.

        Redis command: TOPK.INCRBY

        Returns:
            For each the item that dropped out of the list for it, or None.

        Raises:
            DataError: There is no item, or not one increment for each, or one is not from 0 to 100,000.
        """
        # Of one that is not, servers say so in its place, and then leave out the rest of the array they have announced:
        # the next replies, of whomever, would be taken for that.
        if not all(type(increment) is int and 0 <= increment <= _HIGHEST for increment in increments):
            raise bad_argument("TOPK.INCRBY", f"increments must be whole numbers from 0 to {_HIGHEST:,}")
        return self._execute(_INCRBY, ("TOPK.INCRBY", key, *in_pairs("TOPK.INCRBY", items, increments)), to_list)

    def query(self, key: Key, *items: Encodable) -> Items[int]:
        """Tell for each item whether it is in the list: 1 or 0.

        Redis command: TOPK.QUERY

        Raises:
            DataError: There is no item.
        """
        return self._execute(_QUERY, ("TOPK.QUERY", key, *non_empty("TOPK.QUERY", "items", items)), to_ints)

    def count(self, key: Key, *items: Encodable) -> Items[int]:
        """Estimate how often each item came.

        Redis command: TOPK.COUNT (deprecated since Bloom 2.4)

        Raises:
            DataError: There is no item.
        """
        return self._execute(_COUNT, ("TOPK.COUNT", key, *non_empty("TOPK.COUNT", "items", items)))

    def list(self, key: Key, withcount: bool = False) -> Items[AnyStr | int]:
        """Return the items of the list, the most frequent first.

        Redis command: TOPK.LIST

        Args:
            key: The key.
            withcount: Return each item's count after it.
        """
        return self._execute(_LIST, ("TOPK.LIST", key, *flag_words(withcount=withcount)), to_list)

    def info(self, key: Key) -> TopKInfo:
        """Return what there is to know about a list.

        Redis command: TOPK.INFO
        """
        return self._execute(_INFO, ("TOPK.INFO", key), TopKInfo.from_reply)
