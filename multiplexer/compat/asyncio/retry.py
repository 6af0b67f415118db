# asyncio only
"""How often to try again, under redis-py's names."""

from __future__ import annotations

from ...retry import AbstractRetry
from ...retry import AsyncRetry as Retry

__all__ = ["AbstractRetry", "Retry"]
