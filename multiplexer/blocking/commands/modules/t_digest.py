# Generated from multiplexer/asyncio/commands/modules/t_digest.py by scripts/generate_blocking.py; change that file instead.
"""Commands on t-digests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ....core.commands.arguments import bad_argument, non_empty, not_negative, number
from ....core.commands.command import Command
from ....core.commands.command_table import COMMANDS
from ....core.results.bloom import TDigestInfo
from ....core.results.common import ok, to_float, to_floats
from ....core.types import AnyStr, Encodable, Key
from .group import ModuleGroup

if TYPE_CHECKING:
    from ..chained import ChainedTDigestCommands

_ADD = COMMANDS["TDIGEST.ADD"]
_BYRANK = COMMANDS["TDIGEST.BYRANK"]
_BYREVRANK = COMMANDS["TDIGEST.BYREVRANK"]
_CDF = COMMANDS["TDIGEST.CDF"]
_CREATE = COMMANDS["TDIGEST.CREATE"]
_INFO = COMMANDS["TDIGEST.INFO"]
_MAX = COMMANDS["TDIGEST.MAX"]
_MERGE = COMMANDS["TDIGEST.MERGE"]
_MIN = COMMANDS["TDIGEST.MIN"]
_QUANTILE = COMMANDS["TDIGEST.QUANTILE"]
_RANK = COMMANDS["TDIGEST.RANK"]
_RESET = COMMANDS["TDIGEST.RESET"]
_REVRANK = COMMANDS["TDIGEST.REVRANK"]
_TRIMMED_MEAN = COMMANDS["TDIGEST.TRIMMED_MEAN"]


def _numbers(command: Command, argument: str, values: Sequence[float]) -> Sequence[float]:
    for value in non_empty(command.name, argument, values):
        number(command.name, argument, value)
    return values


class TDigestCommands(ModuleGroup[AnyStr]):
    """Typed methods for the TDIGEST group: estimates of quantiles of many numbers."""

    __slots__ = ()

    if TYPE_CHECKING:

        def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> ChainedTDigestCommands[AnyStr]: ...

    def create(self, key: Key, compression: int = 100) -> bool:
        """Create a digest.

        Redis command: TDIGEST.CREATE

        Args:
            key: The key.
            compression: The higher, the more exact and the larger.

        Raises:
            DataError: ``compression`` is negative.
        """
        not_negative("TDIGEST.CREATE", "compression", compression)
        return self._execute(_CREATE, ("TDIGEST.CREATE", key, "COMPRESSION", compression), ok)

    def reset(self, key: Key) -> AnyStr:
        """Forget all numbers; returns ``OK``.

        Redis command: TDIGEST.RESET
        """
        return self._execute(_RESET, ("TDIGEST.RESET", key))

    def add(self, key: Key, values: Sequence[float]) -> AnyStr:
        """Add numbers; returns ``OK``.

        Redis command: TDIGEST.ADD

        Raises:
            DataError: There is no number, or one is NaN.
        """
        return self._execute(_ADD, ("TDIGEST.ADD", key, *_numbers(_ADD, "values", values)))

    def merge(
        self,
        destination_key: Key,
        num_keys: int,
        *keys: Key,
        compression: int | None = None,
        override: bool = False,
    ) -> AnyStr:
        """Add the numbers of other digests to one, which is created where it does not exist; returns ``OK``.

        Redis command: TDIGEST.MERGE

        Args:
            destination_key: Where they go.
            num_keys: How many keys there are.
            keys: The other digests' keys.
            compression: That of the result; by default the highest among them.
            override: Forget what was in the destination.

        Raises:
            DataError: There is no key, or not ``num_keys`` of them, or ``compression`` is negative.
        """
        if len(non_empty("TDIGEST.MERGE", "keys", keys)) != num_keys:
            raise bad_argument("TDIGEST.MERGE", f"num_keys is {num_keys}, but there are {len(keys)} keys")
        words: list[Encodable] = ["TDIGEST.MERGE", destination_key, num_keys, *keys]
        if compression is not None:
            words += ("COMPRESSION", not_negative("TDIGEST.MERGE", "compression", compression))
        if override:
            words.append("OVERRIDE")
        return self._execute(_MERGE, tuple(words))

    def min(self, key: Key) -> float:
        """Return the smallest number, NaN where there is none.

        Redis command: TDIGEST.MIN
        """
        return self._execute(_MIN, ("TDIGEST.MIN", key), to_float)

    def max(self, key: Key) -> float:
        """Return the largest number, NaN where there is none.

        Redis command: TDIGEST.MAX
        """
        return self._execute(_MAX, ("TDIGEST.MAX", key), to_float)

    def quantile(self, key: Key, quantile: float, *quantiles: float) -> list[float]:
        """Estimate below which number each share, between 0 and 1, of the numbers lies.

        Redis command: TDIGEST.QUANTILE

        Raises:
            DataError: A share is NaN.
        """
        shares: Sequence[float] = _numbers(_QUANTILE, "quantile", (quantile, *quantiles))
        return self._execute(_QUANTILE, ("TDIGEST.QUANTILE", key, *shares), to_floats)

    def cdf(self, key: Key, value: float, *values: float) -> list[float]:
        """Estimate which share, between 0 and 1, of the numbers is not above each value.

        Redis command: TDIGEST.CDF

        Raises:
            DataError: A value is NaN.
        """
        return self._execute(_CDF, ("TDIGEST.CDF", key, *_numbers(_CDF, "value", (value, *values))), to_floats)

    def rank(self, key: Key, value: float, *values: float) -> list[int]:
        """Estimate how many numbers are below each value: -1 for one below all, -2 where there are no numbers.

        Redis command: TDIGEST.RANK

        Raises:
            DataError: A value is NaN.
        """
        return self._execute(_RANK, ("TDIGEST.RANK", key, *_numbers(_RANK, "value", (value, *values))))

    def revrank(self, key: Key, value: float, *values: float) -> list[int]:
        """Estimate how many numbers are above each value: -1 for one above all, -2 where there are no numbers.

        Redis command: TDIGEST.REVRANK

        Raises:
            DataError: A value is NaN.
        """
        return self._execute(_REVRANK, ("TDIGEST.REVRANK", key, *_numbers(_REVRANK, "value", (value, *values))))

    def byrank(self, key: Key, rank: int, *ranks: int) -> list[float]:
        """Estimate the number at each rank from the smallest on, which is 0; ``inf`` beyond the largest.

        Redis command: TDIGEST.BYRANK

        Raises:
            DataError: A rank is negative.
        """
        return self._by_rank(_BYRANK, key, (rank, *ranks))

    def byrevrank(self, key: Key, rank: int, *ranks: int) -> list[float]:
        """Estimate the number at each rank from the largest on, which is 0; ``-inf`` beyond the smallest.

        Redis command: TDIGEST.BYREVRANK

        Raises:
            DataError: A rank is negative.
        """
        return self._by_rank(_BYREVRANK, key, (rank, *ranks))

    def _by_rank(self, command: Command, key: Key, ranks: Sequence[int]) -> list[float]:
        for rank in ranks:
            not_negative(command.name, "rank", rank)
        return self._execute(command, (command.name, key, *ranks), to_floats)

    def trimmed_mean(self, key: Key, low_cut_quantile: float, high_cut_quantile: float) -> float:
        """Estimate the mean of the numbers between two quantiles.

        Redis command: TDIGEST.TRIMMED_MEAN

        Args:
            key: The key.
            low_cut_quantile: The share, between 0 and 1, of small numbers to leave out.
            high_cut_quantile: The share from which on large numbers are left out.

        Raises:
            DataError: A quantile is NaN.
        """
        number("TDIGEST.TRIMMED_MEAN", "low_cut_quantile", low_cut_quantile)
        number("TDIGEST.TRIMMED_MEAN", "high_cut_quantile", high_cut_quantile)
        words = ("TDIGEST.TRIMMED_MEAN", key, low_cut_quantile, high_cut_quantile)
        return self._execute(_TRIMMED_MEAN, words, to_float)

    def info(self, key: Key) -> TDigestInfo:
        """Return what there is to know about a digest.

        Redis command: TDIGEST.INFO
        """
        return self._execute(_INFO, ("TDIGEST.INFO", key), TDigestInfo.from_reply)
