# Generated from multiplexer/asyncio/commands/modules/__init__.py by scripts/generate_blocking.py; change that file instead.
"""The commands of the servers' modules: JSON, search, time series, and the Bloom family.

Each module has a group of its own, which is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....core.types import AnyStr
from ....importing import importing
from ..surface import CommandSurface

if TYPE_CHECKING:
    from .bloom import BloomCommands
    from .count_min_sketch import CountMinSketchCommands
    from .cuckoo import CuckooCommands
    from .json import JsonCommands
    from .search import SearchCommands
    from .t_digest import TDigestCommands
    from .time_series import TimeSeriesCommands
    from .top_k import TopKCommands


class ModuleCommands(CommandSurface[AnyStr]):
    """The modules' groups of commands, in redis-py's names."""

    __slots__ = ()

    def bf(self) -> BloomCommands[AnyStr]:
        """Return the commands on Bloom filters."""
        with importing:
            from .bloom import BloomCommands

        return BloomCommands(self)

    def cf(self) -> CuckooCommands[AnyStr]:
        """Return the commands on Cuckoo filters."""
        with importing:
            from .cuckoo import CuckooCommands

        return CuckooCommands(self)

    def cms(self) -> CountMinSketchCommands[AnyStr]:
        """Return the commands on Count-Min sketches."""
        with importing:
            from .count_min_sketch import CountMinSketchCommands

        return CountMinSketchCommands(self)

    def ft(self, index_name: str = "idx") -> SearchCommands[AnyStr]:
        """Return the commands of the search engine, on one index."""
        with importing:
            from .search import SearchCommands

        return SearchCommands(self, index_name)

    def json(self, encoder: Any = None, decoder: Any = None) -> JsonCommands[AnyStr]:
        """Return the commands on JSON documents.

        Args:
            encoder: Has a method ``encode`` that makes text of a value; by default a ``json.JSONEncoder``.
            decoder: Has a method ``decode`` that makes a value of text; by default a ``json.JSONDecoder``.
        """
        with importing:
            from .json import JsonCommands

        return JsonCommands(self, encoder, decoder)

    def tdigest(self) -> TDigestCommands[AnyStr]:
        """Return the commands on t-digests."""
        with importing:
            from .t_digest import TDigestCommands

        return TDigestCommands(self)

    def topk(self) -> TopKCommands[AnyStr]:
        """Return the commands on lists of the most frequent items."""
        with importing:
            from .top_k import TopKCommands

        return TopKCommands(self)

    def ts(self) -> TimeSeriesCommands[AnyStr]:
        """Return the commands on time series."""
        with importing:
            from .time_series import TimeSeriesCommands

        return TimeSeriesCommands(self)
