"""The commands' classes and their options, where programs import them from."""

from __future__ import annotations

from enum import Enum

from ...asyncio.commands import DataCommands as AsyncCoreCommands
from ...blocking.commands import DataCommands as CoreCommands
from ..asyncio.scripting import Script as AsyncScript
from ..blocking.scripting import Script


class DataPersistOptions(Enum):
    """Of MSETEX: only if none of the keys exists, or only if all do."""

    NX = "NX"
    XX = "XX"


class HashDataPersistOptions(Enum):
    """Of HSETEX: only if none of the fields exists, or only if all do."""

    FNX = "FNX"
    FXX = "FXX"


class HotkeysMetricsTypes(Enum):
    """What HOTKEYS measures: processor time, or bytes on the network."""

    CPU = "CPU"
    NET = "NET"


class ArrayAggregateOperations(Enum):
    """What AROP makes of an array's elements."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    AND = "AND"
    OR = "OR"
    XOR = "XOR"
    MATCH = "MATCH"
    USED = "USED"


class ArrayPredicateType(Enum):
    """How ARGREP compares elements."""

    EXACT = "EXACT"
    MATCH = "MATCH"
    GLOB = "GLOB"
    RE = "RE"


class ArrayPredicateCombinator(Enum):
    """Whether all comparisons of ARGREP must hold, or one."""

    AND = "AND"
    OR = "OR"


__all__ = [
    "ArrayAggregateOperations",
    "ArrayPredicateCombinator",
    "ArrayPredicateType",
    "AsyncCoreCommands",
    "AsyncScript",
    "CoreCommands",
    "DataPersistOptions",
    "HashDataPersistOptions",
    "HotkeysMetricsTypes",
    "Script",
]
