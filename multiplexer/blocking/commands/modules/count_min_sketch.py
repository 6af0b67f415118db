# Generated from multiplexer/asyncio/commands/modules/count_min_sketch.py by scripts/generate_blocking.py; change that file instead.
"""Commands on Count-Min sketches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ....core.commands.arguments import bad_argument, non_empty, not_negative, number
from ....core.commands.command_table import COMMANDS
from ....core.results.bloom import CountMinSketchInfo
from ....core.results.common import ok
from ....core.types import AnyStr, Encodable, Key
from .group import ModuleGroup

if TYPE_CHECKING:
    from ..chained import ChainedCountMinSketchCommands

_INCRBY = COMMANDS["CMS.INCRBY"]
_INFO = COMMANDS["CMS.INFO"]
_INITBYDIM = COMMANDS["CMS.INITBYDIM"]
_INITBYPROB = COMMANDS["CMS.INITBYPROB"]
_MERGE = COMMANDS["CMS.MERGE"]
_QUERY = COMMANDS["CMS.QUERY"]


def in_pairs(command: str, items: Sequence[Encodable], increments: Sequence[Encodable]) -> list[Encodable]:
    """The words ``item increment item increment …`` of two sequences of one length.

    Raises:
        DataError: They are empty, or of different lengths.
    """
    if len(non_empty(command, "items", items)) != len(increments):
        raise bad_argument(command, "items and increments must be of the same length")
    return [word for pair in zip(items, increments, strict=True) for word in pair]


class CountMinSketchCommands(ModuleGroup[AnyStr]):
    """Typed methods for the CMS group: estimates, never too low, of how often items came."""

    __slots__ = ()

    if TYPE_CHECKING:

        def pipeline(
            self, transaction: bool = True, shard_hint: Any = None
        ) -> ChainedCountMinSketchCommands[AnyStr]: ...

    def initbydim(self, key: Key, width: int, depth: int) -> bool:
        """Create a sketch of ``depth`` rows with ``width`` counters each.

        Redis command: CMS.INITBYDIM

        Raises:
            DataError: A number is negative.
        """
        not_negative("CMS.INITBYDIM", "width", width)
        not_negative("CMS.INITBYDIM", "depth", depth)
        return self._execute(_INITBYDIM, ("CMS.INITBYDIM", key, width, depth), ok)

    def initbyprob(self, key: Key, error: float, probability: float) -> bool:
        """Create a sketch that is as large as the errors allowed make it.

        Redis command: CMS.INITBYPROB

        Args:
            key: The key.
            error: How far off an estimate may be, as a share of all that was counted.
            probability: With what probability it may be further off.

        Raises:
            DataError: A number is NaN.
        """
        number("CMS.INITBYPROB", "error", error)
        number("CMS.INITBYPROB", "probability", probability)
        return self._execute(_INITBYPROB, ("CMS.INITBYPROB", key, error, probability), ok)

    def incrby(self, key: Key, items: Sequence[Encodable], increments: Sequence[int]) -> list[int]:
        """Count items: each by the increment at its place.

        Redis command: CMS.INCRBY

        Returns:
            Each item's new count; an error in the place of one that would be too high.

        Raises:
            DataError: There is no item, or not one increment for each.
        """
        return self._execute(_INCRBY, ("CMS.INCRBY", key, *in_pairs("CMS.INCRBY", items, increments)))

    def query(self, key: Key, *items: Encodable) -> list[int]:
        """Return how often each item came, at most.

        Redis command: CMS.QUERY

        Raises:
            DataError: There is no item.
        """
        return self._execute(_QUERY, ("CMS.QUERY", key, *non_empty("CMS.QUERY", "items", items)))

    def merge(self, destKey: Key, numKeys: int, srcKeys: Sequence[Key], weights: Sequence[int] = ()) -> bool:
        """Add sketches of the same size together into one that exists.

        Redis command: CMS.MERGE

        Args:
            destKey: Where the sum goes.
            numKeys: How many keys there are.
            srcKeys: The sketches' keys.
            weights: What to multiply each of them with.

        Raises:
            DataError: There is no key, or a number does not fit.
        """
        if len(non_empty("CMS.MERGE", "srcKeys", srcKeys)) != numKeys:
            raise bad_argument("CMS.MERGE", f"numKeys is {numKeys}, but there are {len(srcKeys)} srcKeys")
        words: list[Encodable] = ["CMS.MERGE", destKey, numKeys, *srcKeys]
        if weights:
            if len(weights) != numKeys:
                raise bad_argument("CMS.MERGE", "there must be one of weights for each of srcKeys")
            words += ("WEIGHTS", *weights)
        return self._execute(_MERGE, tuple(words), ok)

    def info(self, key: Key) -> CountMinSketchInfo:
        """Return what there is to know about a sketch.

        Redis command: CMS.INFO
        """
        return self._execute(_INFO, ("CMS.INFO", key), CountMinSketchInfo.from_reply)
