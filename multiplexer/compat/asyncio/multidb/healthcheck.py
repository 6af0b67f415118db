# asyncio only
"""redis-py's names of ``healthcheck``."""

from __future__ import annotations

from ...multidb import healthcheck as _healthcheck
from ...multidb.healthcheck import *

__all__ = [*_healthcheck.__all__]
