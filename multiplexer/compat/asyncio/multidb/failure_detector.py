# asyncio only
"""redis-py's names of ``failure_detector``."""

from __future__ import annotations

from ...multidb import failure_detector as _failure_detector
from ...multidb.failure_detector import *

__all__ = [*_failure_detector.__all__]
