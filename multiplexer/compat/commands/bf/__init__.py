"""What ``client.bf()``, ``cf()``, ``cms()``, ``topk()`` and ``tdigest()`` return."""

from __future__ import annotations

from ....asyncio.commands.modules.bloom import BloomCommands as AsyncBFBloom
from ....asyncio.commands.modules.count_min_sketch import CountMinSketchCommands as AsyncCMSBloom
from ....asyncio.commands.modules.cuckoo import CuckooCommands as AsyncCFBloom
from ....asyncio.commands.modules.t_digest import TDigestCommands as AsyncTDigestBloom
from ....asyncio.commands.modules.top_k import TopKCommands as AsyncTOPKBloom
from ....blocking.commands.modules.bloom import BloomCommands as BFBloom
from ....blocking.commands.modules.count_min_sketch import CountMinSketchCommands as CMSBloom
from ....blocking.commands.modules.cuckoo import CuckooCommands as CFBloom
from ....blocking.commands.modules.t_digest import TDigestCommands as TDigestBloom
from ....blocking.commands.modules.top_k import TopKCommands as TOPKBloom

__all__ = [
    "AsyncBFBloom",
    "AsyncCFBloom",
    "AsyncCMSBloom",
    "AsyncTDigestBloom",
    "AsyncTOPKBloom",
    "BFBloom",
    "CFBloom",
    "CMSBloom",
    "TDigestBloom",
    "TOPKBloom",
]
