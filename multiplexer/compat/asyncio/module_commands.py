"""Where a client's groups of the modules' commands come from; each is imported when it is first asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...asyncio.commands.modules import ModuleCommands
from ...importing import importing

if TYPE_CHECKING:
    from .module_groups import JSON, BFBloom, CFBloom, CMSBloom, Search, TDigestBloom, TimeSeries, TOPKBloom


class ModuleGroups(ModuleCommands[Any]):
    """The modules' groups of commands, in redis-py's form."""

    __slots__ = ()

    def bf(self) -> BFBloom:
        """Return the commands on Bloom filters."""
        with importing:
            from .module_groups import BFBloom

        return BFBloom(self)

    def cf(self) -> CFBloom:
        """Return the commands on Cuckoo filters."""
        with importing:
            from .module_groups import CFBloom

        return CFBloom(self)

    def cms(self) -> CMSBloom:
        """Return the commands on Count-Min sketches."""
        with importing:
            from .module_groups import CMSBloom

        return CMSBloom(self)

    def ft(self, index_name: str = "idx") -> Search:
        """Return the commands of the search engine, on one index."""
        with importing:
            from .module_groups import Search

        return Search(self, index_name)

    def json(self, encoder: Any = None, decoder: Any = None) -> JSON:
        """Return the commands on JSON documents; see :meth:`ModuleCommands.json`."""
        with importing:
            from .module_groups import JSON

        return JSON(self, encoder, decoder)

    def tdigest(self) -> TDigestBloom:
        """Return the commands on t-digests."""
        with importing:
            from .module_groups import TDigestBloom

        return TDigestBloom(self)

    def topk(self) -> TOPKBloom:
        """Return the commands on lists of the most frequent items."""
        with importing:
            from .module_groups import TOPKBloom

        return TOPKBloom(self)

    def ts(self) -> TimeSeries:
        """Return the commands on time series."""
        with importing:
            from .module_groups import TimeSeries

        return TimeSeries(self)
