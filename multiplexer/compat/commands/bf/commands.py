"""The commands on Bloom filters and their kin."""

from __future__ import annotations

from ....asyncio.commands.modules.bloom import BloomCommands as AsyncBFCommands
from ....asyncio.commands.modules.count_min_sketch import CountMinSketchCommands as AsyncCMSCommands
from ....asyncio.commands.modules.cuckoo import CuckooCommands as AsyncCFCommands
from ....asyncio.commands.modules.t_digest import TDigestCommands as AsyncTDigestCommands
from ....asyncio.commands.modules.top_k import TopKCommands as AsyncTOPKCommands
from ....blocking.commands.modules.bloom import BloomCommands as BFCommands
from ....blocking.commands.modules.count_min_sketch import CountMinSketchCommands as CMSCommands
from ....blocking.commands.modules.cuckoo import CuckooCommands as CFCommands
from ....blocking.commands.modules.t_digest import TDigestCommands
from ....blocking.commands.modules.top_k import TopKCommands as TOPKCommands

__all__ = [
    "AsyncBFCommands",
    "AsyncCFCommands",
    "AsyncCMSCommands",
    "AsyncTDigestCommands",
    "AsyncTOPKCommands",
    "BFCommands",
    "CFCommands",
    "CMSCommands",
    "TDigestCommands",
    "TOPKCommands",
]
