"""The commands on time series."""

from __future__ import annotations

from ....asyncio.commands.modules.time_series import TimeSeriesCommands as AsyncTimeSeriesCommands
from ....blocking.commands.modules.time_series import TimeSeriesCommands

__all__ = ["AsyncTimeSeriesCommands", "TimeSeriesCommands"]
