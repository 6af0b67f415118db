"""What ``client.ts()`` returns."""

from __future__ import annotations

from ....asyncio.commands.modules.time_series import TimeSeriesCommands as AsyncTimeSeries
from ....blocking.commands.modules.time_series import TimeSeriesCommands as TimeSeries

__all__ = ["AsyncTimeSeries", "TimeSeries"]
