"""What servers tell about Bloom filters and their kin."""

from __future__ import annotations

from ....core.results.bloom import BloomInfo as BFInfo
from ....core.results.bloom import CountMinSketchInfo as CMSInfo
from ....core.results.bloom import CuckooInfo as CFInfo
from ....core.results.bloom import TDigestInfo, TopKInfo

__all__ = ["BFInfo", "CFInfo", "CMSInfo", "TDigestInfo", "TopKInfo"]
