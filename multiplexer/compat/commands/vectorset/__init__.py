"""What ``client.vset()`` returns."""

from __future__ import annotations

from ....asyncio.commands.vector_sets import VectorSet as AsyncVectorSet
from ....blocking.commands.vector_sets import VectorSet

__all__ = ["AsyncVectorSet", "VectorSet"]
