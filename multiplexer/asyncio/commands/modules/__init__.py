"""The commands of the servers' modules: JSON, search, time series, and the Bloom family.

Each module has a group of its own, which is imported when it is first asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ....core.types import AnyStr
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
        from .bloom import BloomCommands

        return BloomCommands(self)

    def cf(self) -> CuckooCommands[AnyStr]:
        """Return the commands on Cuckoo filters."""
        from .cuckoo import CuckooCommands

        return CuckooCommands(self)

    def cms(self) -> CountMinSketchCommands[AnyStr]:
        """Return the commands on Count-Min sketches."""
        from .count_min_sketch import CountMinSketchCommands

        return CountMinSketchCommands(self)

    def ft(self, index_name: str = "idx") -> SearchCommands[AnyStr]:
        """Return the commands of the search engine, on one index."""
        from .search import SearchCommands

        return SearchCommands(self, index_name)

    def json(self, encoder: Any = None, decoder: Any = None) -> JsonCommands[AnyStr]:
        """Return the commands on JSON documents.

        Args:
            encoder: Has a method ``encode`` that makes text of a value; by default a ``json.JSONEncoder``.
            decoder: Has a method ``decode`` that makes a value of text; by default a ``json.JSONDecoder``.
        """
        from .json import JsonCommands

        return JsonCommands(self, encoder, decoder)

    def tdigest(self) -> TDigestCommands[AnyStr]:
        """Return the commands on t-digests."""
        from .t_digest import TDigestCommands

        return TDigestCommands(self)

    def topk(self) -> TopKCommands[AnyStr]:
        """Return the commands on lists of the most frequent items."""
        from .top_k import TopKCommands

        return TopKCommands(self)

    def ts(self) -> TimeSeriesCommands[AnyStr]:
        """Return the commands on time series."""
        from .time_series import TimeSeriesCommands

        return TimeSeriesCommands(self)
