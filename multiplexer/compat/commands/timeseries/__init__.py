"""What ``client.ts()`` returns."""

from __future__ import annotations

from ...asyncio.module_groups import TimeSeries as AsyncTimeSeries
from ...blocking.module_groups import TimeSeries

__all__ = ["AsyncTimeSeries", "TimeSeries"]
