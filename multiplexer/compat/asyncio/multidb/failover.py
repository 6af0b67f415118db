# asyncio only
"""redis-py's names of ``failover``."""

from __future__ import annotations

from ...multidb import failover as _failover
from ...multidb.failover import *

__all__ = [*_failover.__all__]
