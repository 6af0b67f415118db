"""What ``client.json()`` returns."""

from __future__ import annotations

from ...asyncio.module_groups import JSON as AsyncJSON
from ...blocking.module_groups import JSON

__all__ = ["JSON", "AsyncJSON"]
