"""The commands on vector sets, and their options."""

from __future__ import annotations

from enum import Enum

from ....asyncio.commands.vector_sets import VectorSet as AsyncVectorSetCommands
from ....blocking.commands.vector_sets import VectorSet as VectorSetCommands


class QuantizationOptions(Enum):
    """How a vector set keeps its vectors: whole, a bit for each component, or a byte."""

    NOQUANT = "NOQUANT"
    BIN = "BIN"
    Q8 = "Q8"


__all__ = ["AsyncVectorSetCommands", "QuantizationOptions", "VectorSetCommands"]
