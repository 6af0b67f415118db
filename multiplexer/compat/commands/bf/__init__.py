"""What ``client.bf()``, ``cf()``, ``cms()``, ``topk()`` and ``tdigest()`` return."""

from __future__ import annotations

from ...asyncio.module_groups import BFBloom as AsyncBFBloom
from ...asyncio.module_groups import CFBloom as AsyncCFBloom
from ...asyncio.module_groups import CMSBloom as AsyncCMSBloom
from ...asyncio.module_groups import TDigestBloom as AsyncTDigestBloom
from ...asyncio.module_groups import TOPKBloom as AsyncTOPKBloom
from ...blocking.module_groups import BFBloom, CFBloom, CMSBloom, TDigestBloom, TOPKBloom

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
